#!/bin/sh
# needs.sh GROUP... -- sees to it that the Debian packages of the groups are
# there: installs what is missing as root or through sudo, else prints the line
# to run and exits 2.  On other systems it names what is needed and goes on.
# Groups: build demo check spark hadoop valgrind fuzz bench deb check-deb readme.
# Plain sh and dpkg: on a fresh machine there is nothing else yet.
set -eu

packages() {
	case $1 in
	build) echo gcc make libc6-dev zlib1g-dev libjq-dev libxxhash-dev \
		libzstd-dev libisal-dev libcurl4-openssl-dev libssl-dev \
		libyaml-dev node-d3-hierarchy ;;
	demo) echo jq ;;
	check) echo bash bash-completion bats jq mandoc man-db python3 \
		python3-venv zstd gzip libyajl-dev \
		shellcheck zsh fish util-linux procps coreutils diffutils \
		nginx openssl parallel postgresql graphviz \
		chromium chromium-driver nodejs npm \
		openssh-client openssh-server munge slurmctld slurmd \
		slurm-client ;;
	spark) echo openjdk-17-jre-headless ;;
	hadoop) echo openjdk-17-jre-headless maven ;;
	valgrind) echo valgrind libc6-dbg ;;
	fuzz) echo clang libclang-rt-dev libyajl-dev ;;
	bench) echo g++ libsimdjson-dev jq python3 zstd gzip util-linux time \
		nginx-light openssl parallel curl python3-requests \
		chromium chromium-driver ;;
	deb) echo build-essential git dpkg-dev debhelper fakeroot jq ;;
	check-deb) echo lintian autopkgtest devscripts diffoscope-minimal \
		man-db zsh fish jq ;;
	readme) echo debootstrap git ;;
	*) echo "needs.sh: unknown group '$1'" >&2; return 2 ;;
	esac
}

# Node's own package brings npm along, and does not bear Debian's.
is_there() {
	[ "$1" = npm ] && command -v npm >/dev/null && return
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = \
		installed ]
}

wanted=''
for group in "$@"; do
	list=$(packages "$group")
	wanted="$wanted $list"
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	echo "needs.sh: no Debian here; needed, by the names they have there:"
	echo "  $wanted"
	exit 0
fi >&2

missing=''
for package in $wanted; do
	case " $missing " in *" $package "*) continue ;; esac
	is_there "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

line="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
	as_root=''
elif sudo -n true 2>/dev/null; then
	as_root='sudo -n'
else
	echo "needs.sh: packages are missing; run this, then try again:" >&2
	echo "  sudo apt-get update && sudo $line" >&2
	exit 2
fi

# What apt has to say is shown only when it fails.
log=$(mktemp)
policy=/usr/sbin/policy-rc.d denied=''
trap 'rm -f "$log"; [ -z "$denied" ] || $as_root rm -f "$policy"' EXIT
trap 'exit 2' HUP INT TERM
apt() {
	$as_root env DEBIAN_FRONTEND=noninteractive "$@" >>"$log" 2>&1
}

# Tests start the servers that they need themselves: none shall run because its
# package came (sshd, Slurm's and PostgreSQL's daemons, nginx).
if [ ! -e $policy ]; then
	denied=1
	printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null &&
		$as_root chmod 755 $policy || true
fi

# A fresh machine has no package lists; an old one has stale ones.
echo "needs.sh: installing$missing" >&2
if ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; then
	apt apt-get -q update || true
fi
# shellcheck disable=SC2086 # one word a package
if ! apt $line -q; then
	apt apt-get -q update || true
	apt $line -q || {
		cat "$log"
		echo "needs.sh: could not install; try by hand:"
		echo "  apt-get update && $line"
		exit 2
	} >&2
fi
