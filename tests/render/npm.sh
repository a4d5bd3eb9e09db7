#!/bin/sh
# npm.sh FOLDER -- the JavaScript packages that the tests of render-attrs run,
# in FOLDER/node_modules, which it makes once.  Status 0: they are there.  77:
# they cannot be had here, with the reason on stdout.
set -u
# The newest that Debian 12's node (18) runs.
WANTED='typescript@5 ajv@8 ajv-formats@3 mermaid@11'
folder=$1
mark=$folder/ready-$(echo "$WANTED" | tr -c 'a-z0-9\n' -)

no() {
	echo "$1"
	exit 77
}

# One at a time: files of tests run side by side.
mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9
[ -e "$mark" ] && exit 0
command -v node >/dev/null || no "no node"
command -v npm >/dev/null || no "no npm"
rm -rf "$folder"
mkdir -p "$folder"
# shellcheck disable=SC2086 # a word a package
(cd "$folder" && timeout 300 npm install --silent --no-save --no-fund \
	--no-audit --ignore-scripts $WANTED) >"$folder.log" 2>&1 ||
	no "npm cannot install $WANTED ($(tail -n 1 "$folder.log"))"
: >"$mark"
