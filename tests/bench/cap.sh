#!/bin/bash
# cap.sh -- cap-aspect against the Python guard: untouched aspects, aspects that
# are cut, one of 100 MB; alternating runs, medians, MB/s of input and memory.
# Needs $BIN (run.sh); RUNS=5.
set -eu
cd "$(dirname "$0")/../.." || exit 2
B=$(cd "${BIN%/bin}" && pwd)
work=$B/bench
mkdir -p "$work"
make() {
	[ -s "$work/$1" ] || python3 tests/oracle/cap_make.py "${@:2}" \
		>"$work/$1"
}
make cap.small small 60000
make cap.jobs jobs 100 2000 16
make cap.huge jobs 1 40000 22

# once NAME FILE COMMAND... : a line "NAME FILE MB/s MB"
once() {
	local name=$1 file=$2 seconds kb
	shift 2
	read -r seconds kb < <({ /usr/bin/time -f '%e %M' "$@" "$work/$file" \
		>/dev/null; } 2>&1 | tail -n 1)
	awk -v n="$name" -v f="$file" -v s="$seconds" -v k="$kb" \
		-v b="$(stat -c %s "$work/$file")" \
		'BEGIN { if (s < .01) s = .01
		printf "%s %s %.0f %.0f\n", n, f, b / s / 1e6, k / 1024 }'
}

for _ in $(seq "${RUNS:-5}"); do
	for file in cap.small cap.jobs cap.huge; do
		once cap-aspect-P1 $file "$BIN/cap-aspect" -q -P1
		once cap-aspect $file "$BIN/cap-aspect" -q
	done
done >"$work/cap.runs"
for file in cap.small cap.jobs cap.huge; do
	once python-guard $file python3 tests/bench/cap_guard.py
done >>"$work/cap.runs"
{
	printf '%-12s %-16s %10s %8s\n' file program MB/s MiB
	for file in cap.small cap.jobs cap.huge; do
		for program in cap-aspect-P1 cap-aspect python-guard; do
			awk -v p=$program -v f=$file \
				'$1 == p && $2 == f { print $3, $4 }' \
				"$work/cap.runs" | sort -n | awk \
				-v p=$program -v f=$file '{ a[NR] = $1; m = $2 }
				END { printf "%-12s %-16s %10d %8d\n", f, p,
				a[int((NR + 1) / 2)], m }'
		done
	done
} | tee "$work/cap.txt"
