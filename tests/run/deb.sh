#!/bin/bash
# deb.sh build|check FOLDER -- a Debian package of the checkout's tracked files.
# build: leaves it in FOLDER.  check: builds it a second time in another place,
# with other times, umask, locale, home and number of jobs, and compares; asks
# lintian; looks for hardening; then installs it, as root, runs its autopkgtest
# and takes it away again.
set -eu
cd "$(dirname "$0")/../.."
what=$1
mkdir -p "$2"
out=$(realpath "$2")
log=$out/build.log

# The tracked files as they are now.
sources() {
	local file
	if [ -e .git ]; then
		git ls-files -z
	else
		find . -path ./build -prune -o -type f -print0
	fi | while IFS= read -r -d '' file; do
		[ ! -e "$file" ] || printf '%s\0' "$file"
	done | tar -c --null -f "$out/files.tar" -T -
}

# unpack FOLDER : in FOLDER, which was not there before.
unpack() {
	rm -rf "$1"
	mkdir -p "$1"
	tar -x -f "$out/files.tar" -C "$1"
}

# build FOLDER [VARIABLE=VALUE...] : packages beside FOLDER.
build() {
	local folder=$1
	shift
	if ! (cd "$folder" && env -u CFLAGS -u LDFLAGS -u MAKEFLAGS \
		-u MAKELEVEL -u B "$@" dpkg-buildpackage -us -uc) \
		>"$log" 2>&1; then
		tail -n 40 "$log" >&2
		echo "deb.sh: dpkg-buildpackage failed in $folder ($log)" >&2
		exit 1
	fi
}

first() {
	sources
	unpack "$out/penstock"
	build "$out/penstock"
	(cd "$out" && ls -l ./*.deb)
}

second() {
	local dir=$out/elsewhere/deeper
	rm -rf "$dir"
	unpack "$dir/other-name"
	find "$dir" -exec touch -d '2001-02-03 04:05:06' {} +
	(umask 077 && build "$dir/other-name" TZ=Pacific/Auckland LC_ALL=C \
		HOME=/nonexistent USER=somebody DEB_BUILD_OPTIONS=parallel=1)
	for deb in "$out"/*.deb; do
		if ! cmp "$deb" "$dir/${deb##*/}"; then
			diffoscope "$deb" "$dir/${deb##*/}" | head -n 100
			echo "deb.sh: not the same bytes" >&2
			exit 1
		fi
		echo "same bytes again: ${deb##*/}"
	done
}

complaints() {
	# A first package closes no bug.
	lintian --allow-root --info --fail-on error,warning \
		--suppress-tags initial-upload-closes-no-bugs \
		"$out"/penstock_*.changes
	echo "lintian: clean"
}

hardened() {
	local dir=$out/unpacked program
	rm -rf "$dir"
	dpkg-deb -x "$out"/penstock_*_"$(dpkg --print-architecture)".deb "$dir"
	for program in "$dir"/usr/bin/*; do
		hardening-check --nocfprotection "$program" >"$log" ||
			{ cat "$log"; exit 1; }
		if readelf -S "$program" | grep -q '\.debug_'; then
			echo "deb.sh: not stripped: $program" >&2
			exit 1
		fi
		stat -c '%s %n' "$program" | sed "s|$dir||"
	done
	echo "hardening: PIE, bindnow, relro, fortified, stack protected; stripped"
}

# The tests of the package, on this machine.
installed() {
	local rc=0 was
	if [ "$(id -u)" != 0 ]; then
		echo "skip: autopkgtest on this machine needs root"
		return
	fi
	was=$(dpkg-query -W -f='${db:Status-Status}' penstock 2>/dev/null) || was=
	rm -rf "$out/autopkgtest"
	# named one by one, and from an empty folder: by itself it would take
	# the folder it stands in for the source, all that was built included
	mkdir -p "$out/empty"
	(cd "$out/empty" && autopkgtest --output-dir="$out/autopkgtest" \
		--no-built-binaries "$out"/penstock_*.dsc "$out"/penstock_*.deb \
		-- null) >"$log" 2>&1 || rc=$?
	[ "$was" = installed ] || apt-get purge -y penstock >/dev/null 2>&1 ||
		echo "deb.sh: could not take penstock away again" >&2
	[ "$rc" = 0 ] || tail -n 40 "$log"
	cat "$out/autopkgtest/summary"
	return "$rc"
}

first
[ "$what" = build ] || { second; complaints; hardened; installed; }
