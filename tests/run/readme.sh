#!/bin/bash
# readme.sh here|fresh [LOG] -- runs the shell commands of README.md, in their
# order and in one shell, and ends with how many did what they should.
#
# here: in a temporary folder with a copy of the checkout, with the programs of
# $B/bin; what builds or tests or installs is left out.
# fresh: the checkout is cloned into a new Debian 12 (debootstrap, as root), by
# a new user who may use sudo; README_ROOT=FOLDER is a Debian to copy instead,
# TESTS is passed on to "make check".  README_ONLY=PATTERN: no commands but
# those that match (a shell pattern).
#
# Commands that cannot be run there are told apart by left_out below.
set -eu
cd "$(dirname "$0")/../.."
TOP=$PWD
case ${B:=build} in /*) ;; *) B=$PWD/$B ;; esac

# left_out COMMAND : says why it is not run, if so.
left_out() {
	case $1 in
	*fetch-structs*|*'--gms='*|*post-gms*)
		echo "needs credentials of an organisation" ;;
	ssh\ *|*' ssh '*|HOSTS=*) echo "needs other hosts" ;;
	slurm.sh*|hadoop.sh*|spark-submit*|kubectl*|parallel\ *)
		echo "needs an engine; tests/engines runs it" ;;
	*'> capped.json'*|*mcps.json*) echo "needs what was fetched" ;;
	*"git clone"*) echo "done already" ;;
	*"make bench"*) echo "takes long" ;;
	esac
	[ "$mode" = here ] || return 0
	case $1 in
	make*|sudo*|apt*) echo "builds or installs; only in a fresh Debian" ;;
	esac
}

# expected COMMAND : its exit status; what a finding is has 1.
expected() {
	case $1 in
	*--fail-on=breaking*) echo 1 ;;
	*) echo 0 ;;
	esac
}

# Prints each command of the blocks marked "sh", ended by a NUL: as many lines
# as it takes to be complete.
commands() {
	awk '/^```/ { on = /^```sh$/; next } on' README.md | {
		local command='' line
		while IFS= read -r line; do
			command+=$line$'\n'
			case $line in
			*\\|*'|'|*'&&') continue ;;
			esac
			bash -n <<<"$command" 2>/dev/null || continue
			# comments and empty lines are none
			[ -z "$(sed '/^[[:space:]]*\(#.*\)\{0,1\}$/d' \
				<<<"$command")" ] ||
				printf '%s\0' "${command%$'\n'}"
			command=''
		done
		[ -z "$command" ] || printf '%s\0' "$command"
	}
}

# Prints the script that runs them all.
script() {
	local command why
	echo 'passed=0 failed=0 left=0'
	while IFS= read -r -d '' command; do
		# shellcheck disable=SC2053 # a pattern
		[[ $command == ${README_ONLY:-*} ]] || continue
		printf 'printf "%%s\\n" %q\n' "\$ $command"
		why=$(left_out "$command")
		if [ -n "$why" ]; then
			printf 'echo %q; left=$((left + 1))\n' \
				"  (not run: ${why%%$'\n'*})"
			continue
		fi
		printf '{ %s\n} </dev/null 2>&1; rc=$?\n' "$command"
		printf 'if [ $rc = %s ]; then passed=$((passed + 1))\n' \
			"$(expected "$command")"
		printf 'else failed=$((failed + 1)); echo "FAILED: status $rc"; fi\n'
	done < <(commands)
	cat <<'END'
echo
echo "README.md: $passed commands did what they say, $failed failed, $left not run"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
END
}

here() {
	local dir rc=0
	dir=$(mktemp -d)
	mkdir "$dir/penstock"
	cp -R README.md examples man "$dir/penstock"
	script >"$dir/script"
	(cd "$dir/penstock" && mkdir -p build && ln -s "$B/bin" build/bin &&
		HOME=$dir bash "$dir/script") || rc=$?
	rm -rf "$dir"
	return "$rc"
}

# What is mounted for the run goes away with it.
enter() {
	unshare --mount --pid --fork --kill-child sh -eu -c '
		root=$1
		shift
		mount --make-rprivate /
		mount --rbind /dev "$root/dev"
		mount -t proc proc "$root/proc"
		mount -t tmpfs tmpfs "$root/run"
		mkdir -p "$root/run/lock"
		exec chroot "$root" "$@"' sh "$@"
}

fresh() {
	local root=$B/readme/root user=newcomer rc=0
	if [ "$(id -u)" != 0 ]; then
		echo "readme.sh: a fresh Debian needs root" >&2
		return 2
	fi
	rm -rf --one-file-system "$root"
	mkdir -p "$root"
	if [ -n "${README_ROOT:-}" ]; then
		cp -a "$README_ROOT/." "$root"
	else
		debootstrap --variant=minbase bookworm "$root" \
			>"$B/readme/debootstrap.log"
	fi
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
	printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
	enter "$root" sh -eu -c "
		export DEBIAN_FRONTEND=noninteractive
		apt-get -q update
		apt-get -q install -y --no-install-recommends git sudo \
			ca-certificates
		useradd -m -s /bin/bash $user
		echo '$user ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/$user" \
		>"$B/readme/prepare.log" 2>&1
	git clone -q --no-hardlinks "$TOP" "$root/home/$user/penstock"
	script >"$root/home/$user/script"
	enter "$root" chown -R "$user:$user" "/home/$user"
	enter "$root" sudo -u "$user" -i env TESTS="${TESTS:-}" \
		bash -c 'cd penstock && exec bash ../script' || rc=$?
	rm -rf --one-file-system "$root"
	return "$rc"
}

mode=${1:-here}
case $mode in
here|fresh) "$mode" ;;
*) echo "usage: readme.sh here|fresh" >&2; exit 2 ;;
esac
