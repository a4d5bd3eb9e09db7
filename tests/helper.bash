# shellcheck shell=bash
# What the bats files share: "load helper".
#
# $TOP   the checkout          $BIN  the programs, first in PATH
# $DATA  data of others, which may be missing: need_data
# $FETCHED  what tests install from elsewhere: once, for all kinds of builds

bats_require_minimum_version 1.5.0

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case ${B:=build} in /*) ;; *) B=$TOP/$B ;; esac
: "${BIN:=$B/bin}" "${FETCHED:=$TOP/build}"
DATA=$(realpath -m "${PENSTOCK_SHARED:-$TOP/../shared}")/data
PATH=$BIN:$PATH
LC_ALL=C.UTF-8
export TOP B BIN DATA FETCHED PATH LC_ALL
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

# unless_failed NAME COMMAND... : skips with what it says when it fails.  Where
# it failed for one test of the file, it is not tried again for the next.
unless_failed() {
	local why=$BATS_RUN_TMPDIR/cannot-$1
	shift
	if [ ! -e "$why" ]; then
		"$@" >"$why.now" && return
		mv "$why.now" "$why"
	fi
	skip "$(cat "$why")"
}

# need_datahub : $DATAHUB is a Python with DataHub's own client; skips where it
# cannot be installed.
need_datahub() {
	DATAHUB=$FETCHED/interop/venv/bin/python
	export DATAHUB DATAHUB_TELEMETRY_ENABLED=false PYTHONWARNINGS=ignore
	unless_failed datahub "$TOP/tests/interop/setup.sh" \
		"$FETCHED/interop/venv"
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
