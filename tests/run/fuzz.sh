#!/bin/sh
# fuzz.sh PROGRAM... -- runs each libFuzzer program for FUZZ_TIME seconds (60).
# New inputs go to a folder beside the program; the corpus stays as it is.
# A crash is left there too, and ends the run with status 1.
set -u
cd "$(dirname "$0")/../.." || exit 2
for program in "$@"; do
	name=${program##*/fuzz_}
	found=$program.found
	corpus=tests/fuzz/corpus/$name
	mkdir -p "$found"
	[ -d "$corpus" ] || corpus=
	echo "fuzzing $name for ${FUZZ_TIME:=60} s"
	"$program" -max_total_time="$FUZZ_TIME" -timeout=10 -verbosity=0 -print_funcs=0 \
		-artifact_prefix="$found/" -print_final_stats=1 \
		"$found" ${corpus:+"$corpus"} || exit 1
done
