#!/bin/sh
# parallel.sh FILE [OPTION...] -- the attributes of FILE by GNU parallel, with
# a discover-attrs for each core.  HOSTS="8/one,8/two": there, over ssh (the
# numbers are how many at once), with FILE on this machine only.  FILE is not
# compressed.
#
# parallel hands out records without their place, hence --no-first: the result
# is that of  discover-attrs --no-first FILE.  It is added up only after all
# workers have succeeded, as a part that is missing would not be noticed later.
#
#	HOSTS=8/one,8/two parallel.sh big.ndjson --stats=full >big.attrs
set -eu
file=$1
shift
parts=$(mktemp)
trap 'rm -f "$parts"' EXIT

# Ten parts for each worker, so that none is waited for long.  No --retries:
# with --pipepart parallel 20221122 gives another part to the second try, and
# the first one is lost.
parallel --pipepart -a "$file" --block -10 ${HOSTS:+--sshlogin "$HOSTS"} \
	--halt now,fail=1 discover-attrs -q -P1 --no-first "$@" >"$parts"
# for FILE of nothing, from which no worker is started: the empty result
[ -s "$parts" ] || discover-attrs -q --no-first "$@" "$file" >"$parts"
merge-attrs "$parts"
