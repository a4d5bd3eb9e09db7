#!/usr/bin/env bats
# Slurm: examples/engines/slurm.sh on a cluster of one node that is started
# here, with its own configuration, ports, folders and key.

load helper
load engines/slurm

SLOW='-b1K --where=[range(env.SPIN|tonumber)]|length>0'

setup_file() {
	local name
	export SLURM_FOLDER=$BATS_FILE_TMPDIR/slurm WHY=''
	for name in munged slurmctld slurmd sbatch; do
		PATH=$PATH:/usr/sbin command -v $name >/dev/null ||
			WHY="no $name"
	done
	[ "${PENSTOCK_CHECK:-plain}" = plain ] ||
		WHY="not under $PENSTOCK_CHECK: it is the engine that is tried"
	[ -z "$WHY" ] || return 0
	mkdir -p "$SLURM_FOLDER"
	slurm_start "$SLURM_FOLDER" >&2 || return
	submit_limited
}

teardown_file() {
	[ -n "$WHY" ] || slurm_stop "$SLURM_FOLDER"
}

setup() {
	[ -z "$WHY" ] || skip "$WHY"
	cd "$BATS_TEST_TMPDIR" || return
}

# The job whose time is short is started first: Slurm looks at the time limits
# of jobs each half minute.  libjq takes as long for a record as $SPIN says; the
# expression is the same when a later job goes on with less.  To burn no time
# until then the scan is halted.
submit_limited() {
	local job
	mkdir -p "$BATS_FILE_TMPDIR/limited"
	cd "$BATS_FILE_TMPDIR/limited" || return
	for ((i = 0; i < 1000; i++)); do
		printf '{"id":%d,"even":[%d],"k%d":"x"}\n' $i $((i % 2)) \
			$((i % 7))
	done >data.ndjson
	SPIN=200000 OPTIONS=$SLOW \
		SBATCH_TIMELIMIT=1 SBATCH_SIGNAL=B:TERM@59 \
		"$TOP/examples/engines/slurm.sh" scan 1 \
		"$PWD/data.ndjson" >said
	job=$(sed -n '1s/.*: job //p' said)
	for ((i = 0; i < 150; i++)); do
		pid=$(scontrol listpids "$job" 2>/dev/null |
			awk 'NR > 1 { print $1 }')
		is_scanning "$pid" && break
		sleep 0.1
	done
	echo "$pid" >pid
	# unless Slurm was faster
	kill -STOP "$pid" 2>/dev/null || true
}

# Is the process discover-attrs, and has it had 0.2 seconds of a processor?
is_scanning() {
	local stat
	read -r -a stat 2>/dev/null <"/proc/$1/stat" || return
	[ "${stat[1]}" = '(discover-attrs)' ] &&
		[ "${stat[13]}" -ge $(($(getconf CLK_TCK) / 5)) ]
}

# Lets the scan go on once Slurm has sent it TERM (signal 15), unless Slurm has
# done that too.
release_limited() {
	local pid pending i
	pid=$(cat pid)
	for ((i = 0; i < 900; i++)); do
		pending=$(awk '/^ShdPnd/ { print $2 }' "/proc/$pid/status") ||
			return 0
		(( (0x$pending >> 14 & 1) == 0 )) || break
		sleep 0.1
	done 2>/dev/null
	kill -CONT "$pid"
}

# Waits until the queue has none of the jobs that the script in $1 named.
wait_for() {
	local jobs
	jobs=$(grep -o '[0-9]*$' "$1" | paste -sd,)
	for ((i = 0; i < 1200; i++)); do
		[ -n "$(squeue -h -t all -j "$jobs" -o %T |
			grep -vE 'COMPLETED|FAILED|CANCELLED|TIMEOUT')" ] ||
			return 0
		sleep 0.1
	done
	squeue -t all
	return 1
}

@test "an array of ranges and a merge that waits for it: one result" {
	for ((i = 0; i < 2000; i++)); do
		printf '{"id":%d,"a":{"k%d":[%d,"x"]}}\n' $i $((i % 9)) $i
	done >a.ndjson
	gzip <a.ndjson >b.ndjson.gz
	"$TOP/examples/engines/slurm.sh" scan 5 "$PWD/a.ndjson" \
		"$PWD/b.ndjson.gz" >said
	wait_for said
	discover-attrs -q "$PWD/a.ndjson" "$PWD/b.ndjson.gz" >want
	cmp want scan/all.attrs
	# the work was in five places
	[ "$(ls scan/range-*.attrs | wc -l)" = 5 ]
	# once more, there is nothing left to scan
	"$TOP/examples/engines/slurm.sh" scan 5 "$PWD/a.ndjson" \
		"$PWD/b.ndjson.gz" >again
	[ "$(wc -l <again)" = 1 ]
	wait_for again
	cmp want scan/all.attrs
}

@test "a task that fails: the merge does not run, and nothing is there" {
	printf '{"a":1}\n' >a.ndjson
	"$TOP/examples/engines/slurm.sh" scan 2 "$PWD/a.ndjson" \
		"$PWD/missing.ndjson" >said
	wait_for said
	[ ! -e scan/all.attrs ]
	grep -q missing.ndjson scan/*.log
}

@test "out of time: a partial, status 75; the next job goes on where it stopped" {
	cd "$BATS_FILE_TMPDIR/limited"
	release_limited
	wait_for said
	[ ! -e scan/all.attrs ]
	scontrol show job "$(sed -n '1s/.*: job //p' said)" >shown
	grep -q 'ExitCode=75:0' shown
	head -n1 scan/range-1.*.partial |
		jq -e '.scan.complete == false and
			(.scan.pending | length) > 0'
	SPIN=1 OPTIONS=$SLOW "$TOP/examples/engines/slurm.sh" scan 1 \
		"$PWD/data.ndjson" >rest
	wait_for rest
	# shellcheck disable=SC2086 # two options
	SPIN=1 discover-attrs -q $SLOW "$PWD/data.ndjson" >want
	cmp want scan/all.attrs
}
