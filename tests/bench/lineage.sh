#!/bin/bash
# lineage.sh FOLDER -- organizations of the review's sizes (and one of 10,000
# data structures) through build-lineage, and through cap-aspect behind it:
# time of the whole pipe, CPU and memory of each.  RUNS=5; QUICK=1: 3 runs, no
# 10,000.  Programs are in FOLDER/bin, inputs are kept in FOLDER/bench.
set -eu
B=$1
cd "$(dirname "$0")/../.."
mkdir -p "$B/bench"
sizes='small:50:5 medium:500:25 large:2000:100'
[ "${QUICK:-}" ] || sizes="$sizes huge:10000:200"
for size in $sizes; do
	IFS=: read -r name schemas enrichments <<<"$size"
	file=$B/bench/organization.$name
	[ -s "$file" ] || python3 tests/oracle/organization.py \
		--schemas="$schemas" --enrichments="$enrichments" --versions \
		>"$file"
done
exec python3 tests/bench/lineage.py "$B" "${RUNS:-${QUICK:+3}}" \
	"$(for s in $sizes; do echo "${s%%:*}"; done)"
