#!/usr/bin/env bats
# GNU parallel: examples/engines/parallel.sh and parallel-ranges.sh, here and
# over ssh to two "hosts", which are an sshd that is started here.

load helper
load engines/sshd

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	not_under asan tsan valgrind "it is the engine that is tried here"
	need parallel python3
	export HOME=$BATS_FILE_TMPDIR	# where parallel keeps what it measured
	examples=$TOP/examples/engines
	for ((i = 0; i < 3000; i++)); do
		printf '{"id":%d,"a":{"k%d":[%d,"x"]}}\n' $i $((i % 9)) $i
		((i % 500)) || printf '{"bad":\n\n'
	done >a.ndjson
}

# parallel's --sshlogin calls $PARALLEL_SSH
need_sshd() {
	need ssh ssh-keygen
	[ -x /usr/sbin/sshd ] || skip "no sshd"
	sshd_start "$PWD/sshd" >why || skip "no sshd here: $(tail -n 1 why)"
	export PARALLEL_SSH=$PWD/sshd/ssh HOSTS=2/one,2/two
}

teardown() {
	[ ! -e sshd/pid ] || sshd_stop "$PWD/sshd"
}

# A discover-attrs that dies by signal at its second start.
deadly() {
	mkdir deadly
	cat >deadly/discover-attrs <<-S
	#!/bin/sh
	mkdir "$PWD/first" 2>/dev/null || {
		mkdir "$PWD/second" 2>/dev/null && kill -9 \$\$
	}
	exec "$BIN/discover-attrs" "\$@"
	S
	chmod +x deadly/discover-attrs
	PATH=$PWD/deadly:$PATH
}

@test "--pipepart: the bytes of one run" {
	"$examples/parallel.sh" a.ndjson --stats=full >got
	discover-attrs -q --no-first --stats=full a.ndjson 2>/dev/null >want
	cmp want got
	: >empty
	"$examples/parallel.sh" empty >got
	discover-attrs -q --no-first empty | cmp - got
}

@test "--pipepart: a worker that is killed is noticed, and nothing is written" {
	deadly
	run ! "$examples/parallel.sh" a.ndjson >got
	[ -d second ]
	[ ! -s got ]
}

@test "ranges: the bytes of one run, places and all" {
	gzip <a.ndjson >b.ndjson.gz
	cp a.ndjson "it's a name"
	"$examples/parallel-ranges.sh" 7 a.ndjson b.ndjson.gz "it's a name" \
		>got 2>/dev/null
	discover-attrs -q a.ndjson b.ndjson.gz "it's a name" 2>/dev/null |
		cmp - got
}

@test "ranges: a worker that is killed is tried again, once and for all" {
	deadly
	JOBLOG=log "$examples/parallel-ranges.sh" 5 a.ndjson >got 2>/dev/null
	[ -d second ]
	discover-attrs -q a.ndjson 2>/dev/null | cmp - got
	# once more, no range is scanned again
	rm -r first second
	JOBLOG=log "$examples/parallel-ranges.sh" 5 a.ndjson | cmp - got
	[ ! -e first ]
}

@test "--sshlogin: records go out, results come back" {
	need_sshd
	"$examples/parallel.sh" a.ndjson 2>/dev/null >got
	discover-attrs -q --no-first a.ndjson 2>/dev/null | cmp - got
	[ "$(grep -c 'Accepted publickey' sshd/log)" -gt 2 ]
}

@test "--sshlogin: ranges of files that all hosts see" {
	need_sshd
	JOBLOG=log "$examples/parallel-ranges.sh" 6 "$PWD/a.ndjson" \
		2>/dev/null >got
	discover-attrs -q "$PWD/a.ndjson" 2>/dev/null | cmp - got
	[ "$(cut -f2 log | tail -n+2 | sort -u | wc -l)" = 2 ]
}
