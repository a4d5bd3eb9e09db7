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
# Commands that cannot be run there are told apart by left_out below.  Where the
# README shows what a command says, that is compared.
set -eu
cd "$(dirname "$0")/../.."
TOP=$PWD only='*' log=/dev/null
case ${B:=build} in /*) ;; *) B=$PWD/$B ;; esac

# What the generated script starts with.
prelude() {
# left_out COMMAND : says why it is not run, if so.
left_out() {
	case $1 in
	*fetch-structs*|*mcps.json*)
		[ -n "${SNOWPLOW_CONSOLE_API_KEY:-}" ] ||
			echo "needs credentials of an organisation" ;;
	'ssh '*|*' ssh '*|HOSTS=*) echo "needs other hosts" ;;
	slurm.sh*|hadoop.sh*|spark-submit*|kubectl*)
		echo "needs an engine; its own tests run it" ;;
	'parallel '*)
		command -v parallel >/dev/null || echo "no parallel here" ;;
	'make bench'*) echo "takes long" ;;
	make*|sudo*|apt*)
		[ "$mode" != here ] ||
			echo "builds or installs; only in a fresh Debian" ;;
	esac
}

# expected COMMAND : its exit status; a finding has 1.
expected() {
	case $1 in
	*--fail-on=breaking*) echo 1 ;;
	build-lineage*) echo '[01]' ;;	# as the organisation is
	*) echo 0 ;;
	esac
}

# try COMMAND [OUTPUT] : in this shell, as a later command may need it.
try() {
	local why said=$log rc fault=''
	# shellcheck disable=SC2053 # a pattern
	[[ $1 == $only ]] || return 0
	printf '$ %s\n' "$1"
	why=$(left_out "$1")
	if [ -n "$why" ]; then
		left=$((left + 1))
		echo "(not run: ${why%%$'\n'*})"
		return
	fi
	(exit "$last")
	eval "$1" </dev/null >"$said" 2>&1
	rc=$?
	last=$rc
	cat "$said"
	# shellcheck disable=SC2053 # a pattern
	[[ $rc == $(expected "$1") ]] || fault="status $rc"
	[ $# = 1 ] || printf '%s' "$2" | diff - "$said" ||
		fault="not what README.md shows"
	if [ -n "$fault" ]; then
		failed=$((failed + 1))
		echo "FAILED: $fault"
	else
		passed=$((passed + 1))
	fi
}
	printf 'mode=%q only=%q\n' "$mode" "${README_ONLY:-*}"
	declare -f left_out expected try
	cat <<'END'
set -o pipefail
log=$(mktemp)
passed=0 failed=0 left=0 last=0
END
}

finale() {
	cat <<'END'
rm -f "$log"
echo
echo "README.md: $passed commands did what they should, $failed failed, $left not run"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
END
}

# The lines of a block marked "sh": a command has as many as it takes to be
# complete.
sh_line() {
	command+=$1$'\n'
	case $1 in
	*\\|*'|'|*'&&') return ;;
	esac
	bash -n <<<"$command" 2>/dev/null || return 0
	# not only comments and empty lines
	if grep -qv '^[[:space:]]*\(#.*\)\{0,1\}$' <<<"${command%$'\n'}"; then
		printf 'try %q\n' "${command%$'\n'}"
	fi
	command=''
}

# Those of one marked "console": a command, and what it says.
console_line() {
	case $1 in
	'$ '*) console_end; command=${1#'$ '} ;;
	*) output+=$1$'\n' ;;
	esac
}
console_end() {
	[ -z "$command" ] || printf 'try %q %q\n' "$command" "$output"
	command='' output=''
}

# Prints the script that runs them all.
script() {
	local line kind='' command='' output=''
	prelude
	while IFS= read -r line; do
		case $kind,$line in
		console,'```') console_end; kind='' ;;
		*,'```') kind='' ;;
		,'```'*) kind=${line#'```'} ;;
		sh,*) sh_line "$line" ;;
		console,*) console_line "$line" ;;
		esac
	done <README.md
	finale
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
	# it is thrown away: no need to wait for the disk
	echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
	printf '127.0.0.1 localhost %s\n::1 localhost\n' "$(hostname)" >"$root/etc/hosts"
	enter "$root" sh -eu -c "
		export DEBIAN_FRONTEND=noninteractive
		apt-get -q update
		apt-get -q install -y --no-install-recommends git make sudo \
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
