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

# once NAME FILE COMMAND... : a line "NAME FILE MB/s MB/cpu-s MiB"
once() {
	local name=$1 file=$2 seconds user system kb
	shift 2
	read -r seconds user system kb < <({ /usr/bin/time -f '%e %U %S %M' "$@" "$work/$file" \
		>/dev/null; } 2>&1 | tail -n 1)
	awk -v n="$name" -v f="$file" -v s="$seconds" -v k="$kb" \
		-v b="$(stat -c %s "$work/$file")" -v c="$user $system" \
		'BEGIN { split(c, x, " "); cpu = x[1] + x[2] + .001; s += .001
		printf "%s %s %.0f %.0f %.0f\n", n, f, b / s / 1e6,
			b / cpu / 1e6, k / 1024 }'
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
	printf '%-12s %-16s %8s %10s %8s\n' file program MB/s MB/cpu-s MiB
	for file in cap.small cap.jobs cap.huge; do
		for program in cap-aspect-P1 cap-aspect python-guard; do
			awk -v p=$program -v f=$file \
				'$1 == p && $2 == f { print $3, $4, $5 }' \
				"$work/cap.runs" | sort -n | awk \
				-v p=$program -v f=$file '{ a[NR] = $1
				c[NR] = $2; m = $3 }
				END { i = int((NR + 1) / 2)
				printf "%-12s %-16s %8d %10d %8d\n", f, p,
				a[i], c[i], m }'
		done
	done
} | tee "$work/cap.txt"
