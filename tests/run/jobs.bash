# shellcheck shell=bash
# Commands of this shell, several at a time, shown as if one came after the
# other.  Each job's output goes to a file of its own and is printed when it and
# all that were added before it have ended; they may be started in another order.
#
#	jobs_init N		at most N at a time; sets $JOBS_DIR
#	jobs_add WEIGHT COMMAND...	a function or program; heavier ones start first
#	jobs_run		runs them all; a job knows its $JOB
#
# Every job is a process group of its own ("set -m"): one in the background of a
# plain script has SIGINT ignored, and so would the programs have that it tests.

jobs_init() {
	jobs_most=$1
	JOBS_DIR=$(mktemp -d) || exit 2
	jobs_lines=() jobs_order=()
	mkfifo "$JOBS_DIR/ends" || exit 2
	exec {jobs_ends}<>"$JOBS_DIR/ends"
	declare -gA jobs_of=()		# process group: job
	trap 'rm -rf "$JOBS_DIR"' EXIT
	trap 'jobs_stop; exit 130' INT
	trap 'jobs_stop; exit 143' TERM
}

jobs_stop() {
	local group
	for group in "${!jobs_of[@]}"; do
		kill -TERM -- "-$group" 2>/dev/null
	done
}

jobs_add() {
	local weight=$1
	shift
	jobs_order+=("$weight ${#jobs_lines[@]}")
	jobs_lines+=("$(printf '%q ' "$@")")
}

# What the next jobs in line have said, as far as they have ended.
jobs_show() {
	while [ -e "$JOBS_DIR/$jobs_shown.end" ]; do
		cat "$JOBS_DIR/$jobs_shown.out"
		jobs_shown=$((jobs_shown + 1))
	done
}

# Until one has ended.  Its number comes through a pipe; a job that was killed
# before it could write there is looked for.
jobs_wait() {
	local group ended=''
	read -r -t 5 ended <&"$jobs_ends"
	for group in "${!jobs_of[@]}"; do
		if [ "${jobs_of[$group]}" != "$ended" ]; then
			kill -0 "$group" 2>/dev/null && continue
			: >"$JOBS_DIR/${jobs_of[$group]}.end"
		fi
		unset "jobs_of[$group]"
	done
	jobs_show
}

# The shell around the job says that it has ended, however it did.
jobs_start() {
	set -m
	(
		(
			JOB=$1
			export JOB
			eval "${jobs_lines[$1]}"
		) >"$JOBS_DIR/$1.out" 2>&1 </dev/null {jobs_ends}>&-
		: >"$JOBS_DIR/$1.end"
		echo "$1" >&"$jobs_ends"
	) &
	jobs_of[$!]=$1
	set +m
}

jobs_run() {
	local job
	jobs_shown=0
	while read -r _ job; do
		while [ "${#jobs_of[@]}" -ge "$jobs_most" ]; do
			jobs_wait
		done
		jobs_start "$job"
	done < <(printf '%s\n' "${jobs_order[@]}" | sort -k1,1nr -k2,2n)
	while [ ${#jobs_of[@]} != 0 ]; do
		jobs_wait
	done
	jobs_show
}
