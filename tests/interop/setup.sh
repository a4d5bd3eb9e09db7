#!/bin/sh
# setup.sh FOLDER [MORE] -- a virtual environment with the pinned client of
# DataHub in FOLDER, which it makes once.  Status 0: it is there.  77: it cannot
# be had here, with the reason on stdout.  MORE, which a test asks for that needs
# it, is
#	jsonpatch	RFC 6902 in Python, beside the client
#	legacy		FOLDER/legacy: the last release whose connector reads
#			enrichments from the endpoint that is deprecated, to be
#			put before the client in PYTHONPATH; its own
#			dependencies are the client's
set -u
PIN=1.7.0
LEGACY=1.6.0
JSONPATCH=1.33
TIME=${INTEROP_TIME:-420}	# seconds for the installation
folder=$1
more=${2:-client}
mark=$folder/ready-$PIN
log=$folder.log
umask 022

no() {
	echo "$1"
	exit 77
}

# pip ARGUMENT... : installs, or says what could not be.
pip() {
	timeout "$TIME" "$folder/bin/python" -m pip install --quiet \
		--no-input --disable-pip-version-check --retries 1 \
		--timeout 20 "$@" >>"$log" 2>&1 ||
		no "could not be installed: $* ($(tail -1 "$log"))"
}

client() {
	if [ -e "$mark" ] &&
		"$folder/bin/python" -c 'import datahub' 2>/dev/null; then
		return
	fi
	command -v python3 >/dev/null || no "no python3"
	rm -rf "$folder"
	mkdir -p "$(dirname "$folder")"
	timeout 120 python3 -m venv "$folder" >"$log" 2>&1 ||
		no "python3 -m venv does not work (python3-venv)"
	pip "acryl-datahub[snowplow,testing-utils]==$PIN"
	"$folder/bin/python" -c 'import datahub' >>"$log" 2>&1 ||
		no "acryl-datahub $PIN does not start ($(tail -1 "$log"))"
	: >"$mark"
}

# once NAME ARGUMENT... : pip's ARGUMENTs, unless NAME is there.
once() {
	[ ! -e "$folder/ready-$1" ] || return 0
	mark=$folder/ready-$1
	shift
	pip "$@"
	: >"$mark"
}

# One at a time: files of tests run side by side.
mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9
client
case $more in
jsonpatch) once "jsonpatch-$JSONPATCH" "jsonpatch==$JSONPATCH" ;;
legacy) once "legacy-$LEGACY" --no-deps --upgrade --target "$folder/legacy" \
	"acryl-datahub==$LEGACY" ;;
esac
exit 0
