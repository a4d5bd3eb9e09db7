#!/usr/bin/env bats
# Every program, with one of its calls failing: tests/faults/run.py.  Some of
# the calls here; all of them with "make check-faults" (FAULTS=0).
load helper
load console/console

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	not_under asan tsan valgrind "one allocator at a time"
	need python3
	export PYTHONDONTWRITEBYTECODE=1
}

teardown() {
	console_stop
}

# faulty MOST PROGRAM... : what went wrong is shown.
faulty() {
	local most=$1
	shift
	python3 "$TOP/tests/faults/run.py" --most "${FAULTS:-$most}" "$@"
}

@test "what fails makes a program fail: discover-attrs" {
	faulty 30 discover-attrs
}

@test "what fails makes a program fail: split-batches" {
	faulty 30 split-batches
}

@test "what fails makes a program fail: merge-attrs, diff-attrs" {
	faulty 20 merge-attrs diff-attrs
}

@test "what fails makes a program fail: render-attrs" {
	faulty 20 render-attrs
}

@test "what fails makes a program fail: build-lineage, cap-aspect" {
	faulty 20 build-lineage cap-aspect
}

@test "what fails makes a program fail: fetch-structs, fetch-deploys" {
	console_start --schemas 3 --enrichments 1
	faulty 20 fetch-structs fetch-deploys
}
