# shellcheck shell=bash
# A Slurm of one node: munged, slurmctld and slurmd with configuration, ports
# and folders of their own, as whoever runs the tests.
#
# slurm_start FOLDER : starts it and sets SLURM_CONF; says why when it cannot.
# slurm_stop FOLDER  : ends what slurm_start started there.

# free_ports N : N ports on loopback that nobody has.
free_ports() {
	python3 - "$1" <<-'P'
	import socket, sys
	held = [socket.socket() for _ in range(int(sys.argv[1]))]
	for s in held:
	    s.bind(("127.0.0.1", 0))
	print(*(s.getsockname()[1] for s in held))
	P
}

slurm_conf() {
	local dir=$1 host=$2 user ctl node
	user=$(id -un)
	read -r ctl node < <(free_ports 2)
	cat <<-C
	ClusterName=penstock
	SlurmctldHost=$host(127.0.0.1)
	SlurmctldPort=$ctl
	SlurmdPort=$node
	SlurmUser=$user
	SlurmdUser=$user
	AuthType=auth/munge
	AuthInfo=socket=$dir/munge.socket
	CryptoType=crypto/munge
	StateSaveLocation=$dir/state
	SlurmdSpoolDir=$dir/spool
	SlurmctldPidFile=$dir/slurmctld.pid
	SlurmdPidFile=$dir/slurmd.pid
	SlurmctldLogFile=$dir/slurmctld.log
	SlurmdLogFile=$dir/slurmd.log
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	JobAcctGatherType=jobacct_gather/none
	AccountingStorageType=accounting_storage/none
	JobCompType=jobcomp/none
	MpiDefault=none
	SwitchType=switch/none
	MailProg=/bin/true
	ReturnToService=2
	PropagateResourceLimits=NONE
	SelectType=select/cons_tres
	SelectTypeParameters=CR_CPU
	SlurmdParameters=config_overrides
	SchedulerParameters=batch_sched_delay=0,sched_interval=1
	KillWait=5
	NodeName=one NodeHostname=$host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
	PartitionName=all Nodes=one Default=YES MaxTime=INFINITE State=UP
	C
}

slurm_start() {
	local dir=$1 i host
	host=$(hostname -s)
	mkdir -p "$dir/state" "$dir/spool"
	chmod 700 "$dir"
	export SLURM_CONF=$dir/slurm.conf PATH=$PATH:/usr/sbin:/sbin
	slurm_conf "$dir" "$host" >"$SLURM_CONF"
	(umask 077; head -c 128 /dev/urandom >"$dir/munge.key")
	# bats waits for all that holds its descriptor 3
	munged --force --socket="$dir/munge.socket" --key-file="$dir/munge.key" \
		--log-file="$dir/munged.log" --pid-file="$dir/munged.pid" \
		--seed-file="$dir/munged.seed" >"$dir/munged.out" 2>&1 3>&- || {
		cat "$dir/munged.out"
		return 1
	}
	slurmctld -D -c -f "$SLURM_CONF" >"$dir/slurmctld.out" 2>&1 3>&- &
	echo $! >"$dir/pids"
	slurmd -D -c -N one -f "$SLURM_CONF" >"$dir/slurmd.out" 2>&1 3>&- &
	echo $! >>"$dir/pids"
	for ((i = 0; i < 150; i++)); do
		[ "$(sinfo -h -o %T 2>/dev/null)" = idle ] && return
		sleep 0.1
	done
	tail -n 5 "$dir"/*.out "$dir"/*.log
	return 1
}

slurm_stop() {
	local dir=$1 pid
	scancel --quiet --me 2>/dev/null
	while read -r pid; do
		kill "$pid" 2>/dev/null
	done <"$dir/pids"
	while read -r pid; do
		tail --pid="$pid" -f /dev/null
	done <"$dir/pids"
	munged --stop --socket="$dir/munge.socket" >/dev/null 2>&1
}
