#!/bin/sh
# slurm.sh FOLDER N FILE... -- the attributes of FILEs, by an array of N Slurm
# tasks, into FOLDER/all.attrs.
#
# FOLDER and FILEs are on a file system that all nodes share.  A task that runs
# out of time leaves a valid partial; the same command once more submits only
# what is missing and goes on where they stopped.  OPTIONS are given to each
# discover-attrs, SBATCH_TIMELIMIT is Slurm's own.
#
#	slurm.sh /shared/scan 64 /shared/events/*.ndjson
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1 n=$2
shift 2
mkdir -p "$folder"

todo='' i=1
while [ "$i" -le "$n" ]; do
	ls "$folder/range-$i".*.attrs >/dev/null 2>&1 || todo=$todo,$i
	i=$((i + 1))
done

after=''
if [ -n "$todo" ]; then
	job=$(sbatch --parsable --array="${todo#,}" \
		--output="$folder/%A_%a.log" \
		"$here/slurm-range.sh" "$folder" "$n" "$@")
	echo "ranges${todo#,}: job $job" | tr , ' '
	after="--dependency=afterok:$job --kill-on-invalid-dep=yes"
fi
# Of a range that was stopped there are several pieces; all are added up.
merge="find '$folder' -name 'range-*.attrs' -print0 -o \
	-name 'range-*.attrs.partial' -print0 |
	merge-attrs --files0-from=- -o '$folder/all.attrs'"
# shellcheck disable=SC2086 # two options, or none
job=$(sbatch --parsable $after --job-name=merge-attrs \
	--output="$folder/%j.log" --wrap "$merge")
echo "merge: job $job"
