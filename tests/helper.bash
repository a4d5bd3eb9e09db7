# shellcheck shell=bash
# What the bats files share: "load helper".
#
# $TOP   the checkout          $BIN  the programs, first in PATH
# $DATA  data of others, which may be missing: need_data

bats_require_minimum_version 1.5.0

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case ${B:=build} in /*) ;; *) B=$TOP/$B ;; esac
: "${BIN:=$B/bin}"
DATA=$(realpath -m "${PENSTOCK_SHARED:-$TOP/../shared}")/data
PATH=$BIN:$PATH
LC_ALL=C.UTF-8
export TOP B BIN DATA PATH LC_ALL
unset PENSTOCK_BATCH PENSTOCK_INDEX_FD POSIXLY_CORRECT

# Every test starts in an empty folder of its own.
setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# need_data NAME... : skips where these files of $DATA are missing.
need_data() {
	local name
	for name; do
		[ -r "$DATA/$name" ] || skip "no $name (PENSTOCK_SHARED/data)"
	done
}

# need NAME... : skips where these commands are missing.
need() {
	local name
	for name; do
		command -v "$name" >/dev/null || skip "no $name"
	done
}

# not_under MODE... WHY : skips in these modes of check.sh (asan tsan valgrind).
not_under() {
	local why=${*: -1} mode
	for mode in "${@:1:$#-1}"; do
		[ "${PENSTOCK_CHECK:-plain}" != "$mode" ] ||
			skip "not under $mode: $why"
	done
}

# need_datahub : $DATAHUB is a Python with DataHub's own client; skips where it
# cannot be installed.
need_datahub() {
	local why
	DATAHUB=$B/interop/venv/bin/python
	export DATAHUB DATAHUB_TELEMETRY_ENABLED=false PYTHONWARNINGS=ignore
	why=$("$TOP/tests/interop/setup.sh" "$B/interop/venv") || skip "$why"
}

# status N COMMAND... : runs it and insists on its exit status.
status() {
	local want=$1 rc=0
	shift
	"$@" || rc=$?
	[ "$rc" = "$want" ] && return
	echo "exit status $rc instead of $want: $*"
	return 1
}
