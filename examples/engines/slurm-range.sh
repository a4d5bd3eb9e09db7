#!/bin/sh
#SBATCH --job-name=discover-attrs
#SBATCH --cpus-per-task=1
#SBATCH --time=60
#SBATCH --signal=B:TERM@120
# slurm-range.sh FOLDER N FILE... -- one task of slurm.sh: the range of FILEs
# that is numbered like the task, or what an earlier try left of it.
#
# "exec": the TERM that Slurm sends two minutes before the end goes to the
# process of this script, which is discover-attrs by then.  It writes what it
# has and ends with 75, which is no success: the merge does not start.
set -eu
folder=$1 n=$2
shift 2
i=$SLURM_ARRAY_TASK_ID
out=$folder/range-$i.$SLURM_ARRAY_JOB_ID.attrs

# shellcheck disable=SC2086 # OPTIONS are words
if ls "$folder/range-$i".*.partial >/dev/null 2>&1; then
	merge-attrs -o "$folder/sofar-$i" "$folder/range-$i".*.partial
	exec discover-attrs -q -P "$SLURM_CPUS_PER_TASK" ${OPTIONS:-} \
		--resume="$folder/sofar-$i" -o "$out"
fi
# shellcheck disable=SC2086
exec discover-attrs -q -P "$SLURM_CPUS_PER_TASK" ${OPTIONS:-} \
	--range="$i/$n" -o "$out" "$@"
