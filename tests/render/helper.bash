# shellcheck shell=bash
# For the tests of render-attrs: Python libraries that Debian 12 lacks, or has
# too old, in a virtual environment below $FETCHED.

# python_package NAME : it is in the environment of $PY; else why not.
python_package() {
	local venv=$FETCHED/venv
	[ ! -e "$venv/.has-$1" ] || return 0
	if [ ! -x "$PY" ] && ! python3 -m venv "$venv" >/dev/null 2>&1; then
		rm -rf "$venv"
		echo "no virtual environment (python3-venv)"
		return 1
	fi
	if ! "$PY" -m pip install -q --disable-pip-version-check --retries 1 \
		--timeout 15 "$1" >/dev/null 2>&1; then
		echo "cannot install $1"
		return 1
	fi
	touch "$venv/.has-$1"
}

# need_python PACKAGE... : $PY has them; skips where they cannot be installed.
need_python() {
	local name
	PY=$FETCHED/venv/bin/python
	export PY
	need python3
	# One at a time: files of tests run side by side.
	mkdir -p "$FETCHED"
	exec 9>"$FETCHED/venv.lock"
	flock 9
	for name; do
		unless_failed "$name" python_package "$name"
	done
	exec 9>&-
}

# need_npm : $NODE_MODULES has the packages of npm.sh; skips where they cannot
# be installed.
need_npm() {
	unless_failed npm "$TOP/tests/render/npm.sh" "$FETCHED/npm"
	export NODE_MODULES=$FETCHED/npm/node_modules
}
