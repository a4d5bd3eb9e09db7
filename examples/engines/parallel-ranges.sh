#!/bin/sh
# parallel-ranges.sh N FILE... -- the attributes of FILEs by GNU parallel, in
# N ranges.  HOSTS="8/one,8/two": on these hosts, over ssh, which see the FILEs
# under the same names (NFS, Lustre, a mounted bucket).
#
# Nothing but results goes over the network.  Each range knows its place, so the
# result is that of  discover-attrs FILE...  to the last byte, and merge-attrs
# would refuse a range that came twice.  JOBLOG=FILE keeps a log; the same
# command with JOBLOG once more does only what failed.
#
#	HOSTS=8/one,8/two parallel-ranges.sh 64 /shared/*.ndjson >all.attrs
set -eu
n=$1
shift
parts=${JOBLOG:+$JOBLOG.parts}
if [ -z "$parts" ]; then
	parts=$(mktemp -d)
	trap 'rm -rf "$parts"' EXIT
fi
mkdir -p "$parts"

# --results keeps what each wrote in a file of its own, called by its number.
parallel ${HOSTS:+--sshlogin "$HOSTS"} --retries 3 --halt soon,fail=1 \
	${JOBLOG:+--joblog "$JOBLOG" --resume-failed} \
	--results "$parts/{1}" --quote \
	discover-attrs -q -P1 --range="{1}/$n" "$@" \
	::: $(seq "$n") >/dev/null
find "$parts" -type f -name '*[0-9]' -print0 | merge-attrs --files0-from=-
