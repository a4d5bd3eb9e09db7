#!/usr/bin/env bats
# split-batches: workers that fail in every way, and coordinators that are
# killed.  Each with nothing lost and nothing twice.  ROUNDS=50 makes the
# killing longer.

load helper

# Ends what a test has left running: our own children, by process id.
teardown() {
	local pid
	for pid in $(jobs -p); do
		kill -KILL "$pid" 2>/dev/null || true
	done
}

split() {
	local most=60
	[ "${PENSTOCK_CHECK:-plain}" = plain ] || most=600
	timeout $most split-batches "$@"
}

many() {
	seq "$1" | sed 's/.*/{"n":&,"t":"text &"}/'
}

# script NAME : an executable of the text on stdin.
script() {
	{ echo '#!/bin/bash'; cat; } >"$1"
	chmod +x "$1"
}

# gone DIR : no process works in this folder any more, within ten seconds.
gone() {
	local i p
	for i in $(seq 100); do
		p=$(for p in /proc/[0-9]*/cwd; do
			[ "$(readlink "$p")" = "$1" ] && echo "$p"
		done) || true
		[ -z "$p" ] && return
		sleep 0.1
	done
	echo "still running after $i rounds: $p"
	return 1
}

# ---- workers ----

@test "workers killed at random moments" {
	many 2000 >f
	# shellcheck disable=SC2016
	script worker <<-'END'
	if [ $((RANDOM % 3)) = 0 ]; then
		head -c $((RANDOM % 3000))
		kill -9 $$
	fi
	exec cat
	END
	split -n 20 -P4 --retries=100 f -- ./worker | sort | cmp - <(sort f)
	split -k -n 20 -P4 --retries=100 f -- ./worker | cmp - f
	# shellcheck disable=SC2002
	cat f | split -k -n 20 -P4 --retries=100 -- ./worker | cmp - f
}

@test "killed from outside, with its children, in the middle of a batch" {
	many 300 >f
	# shellcheck disable=SC2016
	script worker <<-'END'
	cat
	if mkdir once.$PENSTOCK_BATCH 2>/dev/null; then
		echo $$ >>pids
		sleep 30
	fi
	END
	(
		for _ in $(seq 200); do
			sort -u pids 2>/dev/null | while read -r pid; do
				kill -9 -- "-$pid" 2>/dev/null || true
			done
			sleep 0.05
		done
	) &
	split -k -n 30 -P3 --retries=3 f -- ./worker | cmp - f
	kill %1
}

@test "hung workers end by --timeout, with their children" {
	many 500 >f
	script worker <<-'END'
	cat
	if mkdir hung 2>/dev/null; then
		trap '' TERM
		sleep 100 &
		sleep 100
	fi
	END
	split -k -n 100 -P2 --timeout=1s --retries=1 f -- ./worker | cmp - f
	# nobody survives, nor holds anything open
	run ! pgrep -f "sleep 100$"
}

@test "status 0 without having read everything is a failure" {
	many 100000 >f
	status 3 split -n 50000 -P2 f -- true >out 2>err
	[ ! -s out ]
	grep -q 'unread' err
	status 3 split -n 10000 -P2 f -- head -n 1 >out 2>/dev/null
	[ ! -s out ]
	split -n 10000 -P2 --allow-unread f -- head -n 1 | sort -V >out
	[ "$(wc -l <out)" = 10 ]
	split -n 10 --allow-unread f -- true >out
	[ ! -s out ]
	# read but for a few bytes, which are still in the pipe
	status 3 split -n 10 f -- head -c 20 >out 2>/dev/null
	[ ! -s out ]
}

@test "half a line, then dead: none of it shows" {
	many 1000 >f
	# shellcheck disable=SC2016
	script worker <<-'END'
	if mkdir once.$PENSTOCK_BATCH 2>/dev/null; then
		head -c 777
		exit 9
	fi
	exec cat
	END
	split -k -n 100 -P3 --retries=1 f -- ./worker | cmp - f
}

@test "output over a mebibyte is held too, and forgotten when it fails" {
	many 100 >f
	# shellcheck disable=SC2016
	script worker <<-'END'
	cat >in.$PENSTOCK_BATCH
	seq 400000 | sed "s/^/$PENSTOCK_BATCH /"
	mkdir once.$PENSTOCK_BATCH 2>/dev/null && exit 1
	exit 0
	END
	split -k -n 25 -P2 --retries=1 f -- ./worker >out
	for b in 0 1 2 3; do seq 400000 | sed "s/^/$b /"; done | cmp - out
}

@test "1 poison record in 100,000" {
	need jq
	many 100000 >f
	# 73211 ends the worker, in the middle of its output
	script worker <<-'END'
	sed '/"n":73211,/q9'
	END
	status 1 split -k -n 10000 -P2 --errors=e f -- ./worker >out 2>err
	grep -v '"n":73211,' f | cmp - out
	[ "$(jq -c '[.error,.source,.record,.raw]' e)" = \
'["worker","f",73211,"{\"n\":73211,\"t\":\"text 73211\"}"]' ]
	[ "$(jq .byte e)" = "$(head -n 73210 f | wc -c)" ]
	grep -q 'f:73211: .* status 9' err
	split -k -n 10000 --max-errors=1 f -- ./worker 2>/dev/null | cmp - out
}

@test "more poison than --max-poison ends the run" {
	many 1000 >f
	status 1 split -n 5 -P2 f -- sed '/7"/q9' >out 2>/dev/null
	grep -v '7"' f | sort | cmp - <(sort out)
	status 3 split -n 5 -P2 --max-poison=10 f -- sed '/7"/q9' \
		>out 2>err
	grep -q max-poison err
}

@test "a command that fails on everything is not halved to pieces" {
	many 10000 >f
	script worker <<-'END'
	echo >>runs
	cat >/dev/null
	exit 1
	END
	for n in 100 100000; do
		: >runs
		status 3 split -n $n -P3 f -- ./worker >out 2>err
		[ "$(wc -l <runs)" -le 8 ]
		[ ! -s out ]
		grep -q 'no batch has succeeded' err
	done
}

@test "grep without a match" {
	many 100 >f
	status 3 split -n 10 f -- grep nothing >out 2>/dev/null
	split -n 10 --ok-status=0,1 f -- grep nothing >out
	[ ! -s out ]
	split -n 10 --ok-status=0,1 f -- grep '"n":5' | sort |
		cmp - <(grep '"n":5' f | sort)
	status 3 split -n 10 --ok-status=0,1 f -- sh -c 'cat; exit 2' \
		>out 2>/dev/null
}

@test "a command that does not exist, or cannot be run" {
	many 100 >f
	status 2 split -n 10 f -- ./none >out 2>err
	grep -q 'split-batches: ./none: ' err
	status 2 split -n 10 -o res f -- ./none 2>/dev/null
	[ ! -e res ]
	status 2 split -n 10 f -- /etc/passwd 2>/dev/null
	status 2 split -n 10 f -- sh -c 'cat; not_there_at_all' 2>/dev/null
	[ ! -s out ]
}

@test "--halt: soon finishes what runs, now does not" {
	many 1000 >f
	# shellcheck disable=SC2016
	script worker <<-'END'
	cat
	[ $PENSTOCK_BATCH = 3 ] && exit 4
	sleep 0.3
	END
	status 3 split -n 100 -P3 --halt=soon f -- ./worker >out 2>err
	grep -q 'batch 3 .* status 4' err
	[ "$(wc -l <out)" -ge 300 ]
	[ "$(wc -l <out)" -lt 1000 ]
	run ! grep -q '"n":301,' out
	status 3 split -n 100 -P3 --halt=now f -- ./worker >out 2>/dev/null
	[ $(($(wc -l <out) % 100)) = 0 ]
	gone "$PWD/"
}

@test "the reader of stdout gone: quiet end, no worker left" {
	many 100000 >f
	mkdir w
	rc=0
	(cd w && split -n 100 -P3 ../f -- cat | head -n 1) >out 2>err || rc=$?
	[ "$(wc -l <out)" = 1 ]
	[ ! -s err ]
	gone "$PWD/w"
}

@test "/dev/full, and a full place for held outputs" {
	many 1000 >f
	status 3 split -n 10 -P2 f -- cat >/dev/full 2>err
	grep -q 'No space left' err
	status 3 split f >/dev/full 2>/dev/null
	status 3 split --joblog=/dev/full f -- cat >out 2>/dev/null
	# shellcheck disable=SC2016
	TMPDIR=$PWD/none status 3 split -n 500 f -- \
		sh -c 'cat >/dev/null; seq 400000' >out 2>/dev/null
	[ ! -s out ]
}

@test "persisting workers: one that dies takes the run, unless it is retried" {
	many 20000 >f
	# shellcheck disable=SC2016
	script worker <<-'END'
	if mkdir once 2>/dev/null; then
		head -n 100
		kill -9 $$
	fi
	exec cat
	END
	status 3 split --persist -n 100 -P3 f -- ./worker >out 2>/dev/null
	[ "$(sort out | uniq -d | wc -l)" = 0 ]
	rmdir once
	split --persist -n 100 -P3 --retries=1 f -- ./worker | sort |
		cmp - <(sort f)
	rmdir once
	# all that was there so far was read, but more came
	{ many 100; sleep 0.5; many 100; } | status 3 split --persist -n 100 \
		-P1 -- head -n 100 >out 2>err
	grep -q 'ended before its input did' err
	[ ! -s out ]
	# a pipe cannot be read again
	# shellcheck disable=SC2002
	cat f | status 3 split --persist -n 100 -P3 --retries=1 -- ./worker \
		>out 2>/dev/null
}

# ---- the coordinator ----

@test "TERM: what runs finishes, 75, and --resume does the rest" {
	many 1000 >f
	script worker <<-'END'
	sleep 0.05
	exec cat
	END
	for how in -o stdout; do
		rm -f log out*
		out=(-o out)
		[ $how = stdout ] && out=()
		split-batches -q -k -n 10 -P3 --joblog=log "${out[@]}" f -- \
			./worker >>out.stdout &
		sleep 0.7
		kill -TERM $!
		rc=0
		wait $! || rc=$?
		[ "$rc" = 75 ]
		if [ $how = -o ]; then
			[ ! -e out ]
			cmp out.partial <(head -n "$(wc -l <out.partial)" f)
		fi
		[ "$(wc -l <log)" -gt 1 ]
		[ "$(wc -l <log)" -lt 101 ]
		split -q -k -n 10 -P3 --joblog=log --resume "${out[@]}" f -- \
			./worker >>out.stdout
		[ $how = -o ] || mv out.stdout out
		cmp out f
		[ "$(tail -n +2 log | cut -f1 | sort -n | xargs)" = \
			"$(seq 100 | xargs)" ]
	done
}

@test "TERM and --grace: a worker that does not end is ended" {
	many 100 >f
	mkdir w
	(
		cd w || exit
		exec split-batches -q -n 10 -P2 --grace=300ms ../f -- \
			sh -c 'cat; trap "" TERM; sleep 60; sleep 60'
	) >out &
	sleep 0.5
	kill -TERM $!
	rc=0
	wait $! || rc=$?
	[ "$rc" = 75 ]
	[ ! -s out ]
	gone "$PWD/w"
}

@test "a second signal ends at once, and the workers with it" {
	not_under tsan 'it keeps the second signal back'
	many 100 >f
	mkdir w
	(
		cd w || exit
		exec split-batches -q -n 10 -P2 ../f -- \
			sh -c 'cat; sleep 60; sleep 60'
	) >out &
	sleep 0.4
	kill -TERM $!
	sleep 0.3
	kill -TERM $!
	rc=0
	wait $! || rc=$?
	[ "$rc" = 143 ]
	gone "$PWD/w"
}

@test "--time-limit" {
	many 1000 >f
	status 75 split -q -k -n 10 -P2 --time-limit=500ms f -- \
		sh -c 'sleep 0.1; cat' >out
	cmp out <(head -n "$(wc -l <out)" f)
	[ "$(wc -l <out)" -lt 1000 ]
	split -q -k --time-limit=50s f -- cat | cmp - f
}

# kill_rounds N OPTION... : the coordinator is killed and resumed, until it is
# through; N times over.
kill_rounds() {
	local n=$1 i pid rc
	shift
	for i in $(seq "$n"); do
		rm -rf log out out.partial part-*
		split-batches -q --joblog=log "$@" f -- ./worker \
			2>/dev/null &
		while :; do
			pid=$!
			sleep "0.$(printf %03d $((RANDOM % 120)))"
			kill -KILL $pid 2>/dev/null || true
			rc=0
			wait $pid || rc=$?
			[ $rc = 0 ] && break
			[ $rc = 137 ] || { cat err; return 1; }
			split-batches -q --joblog=log --resume "$@" f -- \
				./worker 2>err &
		done
		check_output
		[ "$(tail -n +2 log | cut -f1 | sort -n | uniq -d)" = '' ]
	done
	[ "$i" = "$n" ]
}

@test "SIGKILL at random moments, then --resume: a file" {
	many 3000 >f
	script worker <<-'END'
	sleep 0.00$((RANDOM % 9))
	exec cat
	END
	check_output() {
		cmp out f
	}
	kill_rounds "${ROUNDS:-4}" -k -n 50 -P3 -o out
	check_output() {
		sort out | cmp - sorted
	}
	sort f >sorted
	kill_rounds "${ROUNDS:-4}" -n 50 -P3 -o out
	kill_rounds "${ROUNDS:-2}" -n 50 -P3 --dispatch=free -o out
}

@test "SIGKILL at random moments, then --resume: batch files" {
	many 3000 >f
	script worker <<-'END'
	sleep 0.00$((RANDOM % 9))
	exec cat
	END
	check_output() {
		cat part-?? | cmp - f
	}
	kill_rounds "${ROUNDS:-4}" -n 50 -P3 --batch-files=part-%02d
}

@test "--resume far behind the beginning, with what was rejected there" {
	many 1200 >f
	split -k -n 3 -P2 -o want f -- cat
	split -k -n 3 -P2 --joblog=log -o out f -- cat
	# as if it had been killed when 330 batches were done
	mv out out.partial
	sed -i 331q log
	for p in 1 3; do
		cp log log.$p
		cp out.partial out$p.partial
		split -k -n 3 -P$p --joblog=log.$p --resume -o out$p f -- cat
		cmp out$p want
	done
	status 1 split -k -n 20 -P2 --joblog=l2 -o o2 --errors=e f -- \
		sed '/"n":333,/q9' 2>/dev/null
	mv o2 o2.partial
	sed -i 30q l2
	status 0 split -k -n 20 -P2 --joblog=l2 -o o2 --errors=e --resume f \
		-- sed '/"n":333,/q9' 2>/dev/null
	grep -v '"n":333,' f | cmp - o2
	[ "$(wc -l <e)" = 1 ]
}

@test "--resume refuses what is another run" {
	many 100 >f
	split -k -n 10 --joblog=log -o out f -- cat
	split -k -n 10 --joblog=log --resume -o out f -- cat
	cmp out f
	status 2 split -k -n 20 --joblog=log --resume -o out f -- cat
	status 2 split -k -n 10 --joblog=log --resume -o out f -- tac
	status 2 split -k -n 10 --joblog=log --resume f -- cat </dev/null \
		>/dev/null
	head -n 50 f >out
	status 2 split -k -n 10 --joblog=log --resume -o out f -- cat
	split -k -n 10 --joblog=log -o out f -- cat
	touch -d '1 hour ago' f
	status 2 split -k -n 10 --joblog=log --resume -o out f -- cat
	cmp out f
	# shellcheck disable=SC2002
	cat f | status 2 split --joblog=l2 --resume -o o2 -- cat
}
