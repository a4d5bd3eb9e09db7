# shellcheck shell=bash
# For the tests of render-attrs: Python libraries that Debian 12 lacks, or has
# too old, in a virtual environment below $B.

# need_python PACKAGE... : $PY has them; skips where they cannot be installed.
need_python() {
	local venv=$B/venv name
	PY=$venv/bin/python
	export PY
	need python3
	# One at a time: files of tests run side by side.
	mkdir -p "$B"
	exec 9>"$venv.lock"
	flock 9
	if [ ! -x "$PY" ] && ! python3 -m venv "$venv" 2>/dev/null; then
		rm -rf "$venv"
		skip "no virtual environment (python3-venv)"
	fi
	for name; do
		[ -e "$venv/.has-$name" ] && continue
		"$PY" -m pip install -q --disable-pip-version-check \
			--retries 1 --timeout 15 "$name" \
			>/dev/null 2>&1 || skip "cannot install $name"
		touch "$venv/.has-$name"
	done
	exec 9>&-
}

# need_npm : $NODE_MODULES has the packages of npm.sh; skips where they cannot
# be installed.
need_npm() {
	local why
	why=$("$TOP/tests/render/npm.sh" "$B/npm") || skip "$why"
	export NODE_MODULES=$B/npm/node_modules
}
