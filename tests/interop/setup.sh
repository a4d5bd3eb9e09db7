#!/bin/sh
# setup.sh FOLDER -- a virtual environment with the pinned client of DataHub in
# FOLDER, which it makes once.  Status 0: it is there.  77: it cannot be had
# here, with the reason on stdout.
set -u
PIN=1.7.0
TIME=${INTEROP_TIME:-420}	# seconds for the installation
folder=$1
mark=$folder/ready-$PIN
umask 022

no() {
	echo "$1"
	exit 77
}

if [ -e "$mark" ] && "$folder/bin/python" -c 'import datahub' 2>/dev/null; then
	exit 0
fi
command -v python3 >/dev/null || no "no python3"
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
log=$folder.log
timeout 120 python3 -m venv "$folder" >"$log" 2>&1 ||
	no "python3 -m venv does not work (python3-venv)"
timeout "$TIME" "$folder/bin/python" -m pip install --quiet --no-input \
	--disable-pip-version-check --retries 1 --timeout 20 \
	"acryl-datahub[snowplow,testing-utils]==$PIN" >>"$log" 2>&1 ||
	no "acryl-datahub $PIN could not be installed ($(tail -1 "$log"))"
"$folder/bin/python" -c 'import datahub' >>"$log" 2>&1 ||
	no "acryl-datahub $PIN does not start ($(tail -1 "$log"))"
: >"$mark"
