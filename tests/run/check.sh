#!/bin/bash
# check.sh [plain|asan|tsan|valgrind] -- runs the tests with the programs in
# $B and ends with what was skipped and "N passed, N failed, N skipped".
# A passed test is a line, a failed one is shown in full.  STRICT=1: a skipped
# test is a failure.  TESTS="a b": only tests/a.bats and so on; those of
# tests/long run only so.  TEST_JOBS=N: so many files at a time (as many as there
# are cores); what each says stays together, in an order that is always the same.
set -u
cd "$(dirname "$0")/../.." || exit 2
mode=${1:-plain}
case ${B:=build} in /*) ;; *) B=$PWD/$B ;; esac
export B PENSTOCK_CHECK=$mode
. tests/run/jobs.bash
jobs_init "${TEST_JOBS:-$(nproc)}"

# A job shows what became of a test, and keeps it where it is counted.
pass() {
	echo pass >>"$JOBS_DIR/$JOB.said"
	echo "ok   $1"
}

fail() {
	echo fail >>"$JOBS_DIR/$JOB.said"
	echo "FAIL $1"
}

skip() {
	echo "skip $1" >>"$JOBS_DIR/$JOB.said"
	echo "skip $1"
}

# one NAME COMMAND... : the command's output is shown when it fails.
one() {
	local name=$1 text
	shift
	if text=$("$@" 2>&1); then
		pass "$name"
	else
		fail "$name"
		printf '%s\n' "$text"
	fi
}

# A unit test says "skip: why" for what it could not do, "ok NAME: N checks" at
# the end.
unit() {
	local name=$1 text last rc
	text=$("${under[@]}" "$B/unit/$name" 2>&1)
	rc=$?
	while IFS= read -r line; do
		skip "unit $name: ${line#skip: }"
	done < <(grep '^skip: ' <<<"$text")
	last=${text##*$'\n'}
	if [ $rc = 0 ]; then
		pass "unit ${last#ok }"
	else
		fail "unit $name (status $rc)"
		printf '%s\n' "$text"
	fi
}

# The lines of TAP that bats prints, as they come.  What follows a "not ok" as
# comment is why.
bats_file() {
	local name=${1##*/} line seen=0 planned='' said
	name=${name%.bats}
	said=$(mktemp)
	while IFS= read -r line; do
		case $line in
		1..*) planned=${line#1..} ;;
		"not ok "*) fail "$name: ${line#not ok * }"; seen=$((seen + 1)) ;;
		"ok "*" # skip"*)
			line=${line#ok * }
			skip "$name: ${line/ \# skip/:}"
			seen=$((seen + 1)) ;;
		"ok "*) pass "$name: ${line#ok * }"; seen=$((seen + 1)) ;;
		*) printf '%s\n' "$line" ;;
		esac
	done < <(bats --formatter tap "$1" 2>"$said" </dev/null)
	if [ "$seen" != "$planned" ]; then
		fail "$name: $seen tests of ${planned:-?} came to an end"
		cat "$said"
	fi
	rm -f "$said"
}

under=()
BIN=$B/bin
case $mode in
plain) ;;
asan)
	# No status that a program has by itself.
	export ASAN_OPTIONS=allocator_may_return_null=1:exitcode=99
	export UBSAN_OPTIONS=print_stacktrace=1:exitcode=99 ;;
tsan)
	export TSAN_OPTIONS=allocator_may_return_null=1:exitcode=99 ;;
valgrind)
	# valgrind 3.19 does not know AVX-512.
	export PENSTOCK_KERNEL=avx2
	under=(valgrind -q --error-exitcode=99 --leak-check=full
		--errors-for-leak-kinds=definite)
	BIN=$B/under
	mkdir -p "$BIN"
	for program in "$B"/bin/*; do
		[ -x "$program" ] || continue
		printf '#!/bin/sh\nexec %s "%s" "$@"\n' "${under[*]}" \
			"$program" >"$BIN/${program##*/}"
		chmod +x "$BIN/${program##*/}"
	done ;;
*) echo "check.sh: unknown mode '$mode'" >&2; exit 2 ;;
esac
export BIN

# weight NAME : of the files that take longest, which are started first.
weight() {
	case $1 in
	interop | oracle | render-sql | split-batches-faults) echo 3 ;;
	engine-* | render-html | merge-law | http-faults) echo 2 ;;
	*-faults | build-lineage* | render-*) echo 1 ;;
	*) echo 0 ;;
	esac
}

for source in tests/unit/*.c; do
	[ -e "$source" ] || continue
	source=${source##*/}
	jobs_add 0 unit "${source%.c}"
done
for source in tests/fuzz/fuzz_*.c; do
	[ -e "$source" ] || continue
	name=${source##*/}
	name=${name%.c}
	jobs_add 0 one "corpus $name" "${under[@]}" "$B/fuzz/$name" \
		"tests/fuzz/corpus/${name#fuzz_}"
done
for file in tests/*.bats; do
	[ -e "$file" ] || continue
	name=${file##*/}
	name=${name%.bats}
	case " ${TESTS:-$name} " in
	*" $name "*) jobs_add "$(weight "$name")" bats_file "$file" ;;
	esac
done
for name in ${TESTS:-}; do
	[ ! -e "tests/long/$name.bats" ] ||
		jobs_add 0 bats_file "tests/long/$name.bats"
done
if [ "$mode" = plain ] && [ -z "${TESTS:-}" ]; then
	for pair in headers:make man:mandoc shell:shellcheck; do
		target=${pair%:*} needed=${pair#*:}
		if command -v "$needed" >/dev/null; then
			jobs_add 0 one "check-$target" "${MAKE:-make}" -s \
				B="$B" "check-$target"
		else
			jobs_add 0 skip "check-$target: no $needed"
		fi
	done
fi
jobs_run

# said WORD : what all jobs said of it, in their order.
said() {
	local i
	for ((i = 0; i < ${#jobs_lines[@]}; i++)); do
		cat "$JOBS_DIR/$i.said" 2>/dev/null ||
			echo "fail"	# a job that came to no result
	done | grep "^$1"
}
passed=$(said pass | wc -l) failed=$(said fail | wc -l)
skipped=$(said skip | wc -l)

if [ "$skipped" != 0 ]; then
	echo
	echo "$skipped skipped:"
	said skip | sed 's/^skip/ /'
fi
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && { [ "${STRICT:-0}" != 1 ] || [ "$skipped" = 0 ]; }
