# shellcheck shell=bash
# An sshd on loopback with keys, configuration and port of its own.
#
# sshd_start FOLDER : starts it; then "$FOLDER/ssh" HOST COMMAND reaches it, as
#	whoever runs the tests, whatever HOST is.  Says why when it cannot.
# sshd_stop FOLDER  : ends it.

sshd_conf() {
	local dir=$1 port=$2
	cat <<-C
	Port $port
	ListenAddress 127.0.0.1
	HostKey $dir/host_key
	AuthorizedKeysFile $dir/user_key.pub
	PidFile $dir/sshd.pid
	StrictModes no
	UsePAM no
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	PermitRootLogin prohibit-password
	MaxStartups 100
	MaxSessions 100
	SetEnv PATH=$PATH LC_ALL=C.UTF-8
	C
}

ssh_command() {
	local dir=$1 port=$2
	cat <<-C
	#!/bin/sh
	exec ssh -F none -p $port -i $dir/user_key -o BatchMode=yes \\
		-o HostName=127.0.0.1 -o StrictHostKeyChecking=accept-new \\
		-o UserKnownHostsFile=$dir/known -o LogLevel=ERROR "\$@"
	C
}

sshd_start() {
	local dir=$1 port i
	local sshd=/usr/sbin/sshd
	mkdir -p "$dir"
	# where sshd, as root, puts its unprivileged half
	[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
	port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	ssh-keygen -q -t ed25519 -N '' -f "$dir/host_key"
	ssh-keygen -q -t ed25519 -N '' -f "$dir/user_key"
	sshd_conf "$dir" "$port" >"$dir/sshd_config"
	ssh_command "$dir" "$port" >"$dir/ssh"
	chmod +x "$dir/ssh"
	$sshd -D -e -f "$dir/sshd_config" >"$dir/log" 2>&1 3>&- &
	echo $! >"$dir/pid"
	for ((i = 0; i < 100; i++)); do
		"$dir/ssh" one true 2>"$dir/said" && return
		# gone, or it lets us in and there is no shell
		kill -0 "$(cat "$dir/pid")" 2>/dev/null || break
		! grep -q Accepted "$dir/log" || break
		sleep 0.1
	done
	tail -n 5 "$dir/log" "$dir/said"
	return 1
}

sshd_stop() {
	local pid
	pid=$(cat "$1/pid")
	kill "$pid" 2>/dev/null
	tail --pid="$pid" -f /dev/null
}
