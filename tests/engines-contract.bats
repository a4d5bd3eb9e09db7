#!/usr/bin/env bats
# What engines that run programs on many machines rely on, without the engines:
# examples/engines/ and engine-*.bats have these.

load helper

export PYTHONDONTWRITEBYTECODE=1

contract() {
	python3 "$TOP/tests/engines/contract.py" "$@"
}

# Records of all kinds, bad ones among them.
records() {
	for ((i = 0; i < ${1:-300}; i++)); do
		case $((i % 7)) in
		0) echo "{\"id\":$i,\"a\":{\"k$((i % 9))\":[$i,\"x\"]}}" ;;
		1) echo "{\"id\":\"$i\",\"tab\":\"\\t\\u0001 \",\"z\":null}" ;;
		2) echo "{\"e\":\"{\\\"in\\\":[$i,2.50]}\",	\"id\":$i.5}" ;;
		3) echo "[$i,{\"ä\":true}]" ;;
		4) echo "{\"id\":$i" ;;
		5) echo ;;
		6) echo "{\"id\":{\"attrs\":[]},\"scan\":{\"format\":1}}" ;;
		esac
	done
}

@test "stdout has the result and nothing else" {
	records >data
	status 1 discover-attrs --progress=always --report=- --max-errors=0 \
		data >out 2>said
	grep -q elapsed_seconds said
	jq -e 'has("scan") or has("path")' out >kinds
	[ "$(sort kinds | uniq -c)" = "$(printf '%7d true' "$(wc -l <out)")" ]
	merge-attrs --progress=always --report=- out >sum 2>said
	cmp out sum
	# nor does the pipe's other end matter
	discover-attrs <data 2>/dev/null | merge-attrs >one
	discover-attrs --progress=always <data 2>/dev/null >two
	cmp one two
}

@test "--hadoop: one key and value on stdout, counters on stderr" {
	records 70 >data
	discover-attrs -q --no-first data >want 2>/dev/null
	discover-attrs -q --hadoop <data >out 2>said
	[ "$(wc -l <out)" = 1 ]
	[ "$(cut -f1 out)" = attrs ]
	# the value is what there is without, with tabs for line ends
	cut -f2- out | tr '\t' '\n' | cmp - want
	grep ^reporter: said >counters
	cat >expected <<-C
	reporter:counter:Penstock,records,50
	reporter:counter:Penstock,bytes,$(head -n1 want | jq .scan.bytes)
	reporter:counter:Penstock,rejected,10
	reporter:counter:Penstock,blank,10
	C
	diff expected counters
	grep -v ^reporter: said | grep -v '^discover-attrs: ' >rest || true
	[ ! -s rest ]
	# all that reads results reads it
	merge-attrs out | cmp - want
	merge-attrs --hadoop out out 2>said || status 2 merge-attrs out out
	cat out out | merge-attrs --hadoop 2>said >twice
	[ "$(cat said)" = 'reporter:counter:Penstock,results merged,2' ]
	[ "$(cut -f2 twice | jq .scan.records)" = 100 ]
	cmp <(render-attrs out) <(render-attrs want)
	diff-attrs out want
	cat want out want | merge-attrs | head -n1 | jq -e '.scan.records == 150'
}

@test "--hadoop: a line that is longer than what is read at a time" {
	python3 - >wide <<-'P'
	import json
	for i in range(4):
	    print(json.dumps({f"key number {i} {k}": k for k in range(2000)}))
	P
	discover-attrs -q --hadoop wide >out 2>/dev/null
	[ "$(wc -c <out)" -gt 4000000 ]
	cat out out | merge-attrs >got
	cat wide wide | discover-attrs -q --no-first | cmp - got
}

@test "an empty partition gives a valid result that changes nothing" {
	records >data
	for options in '' --no-first '--no-first --stats=full --values=2' \
		--hadoop; do
		# shellcheck disable=SC2086 # words
		{
			discover-attrs -q $options </dev/null >nothing
			discover-attrs -q $options data >part
		} 2>/dev/null
		merge-attrs part >want
		cat nothing part | merge-attrs | cmp - want
		cat part nothing nothing | merge-attrs | cmp - want
	done
	merge-attrs </dev/null >nothing
	cat nothing want | merge-attrs | cmp - want
	discover-attrs -q --range=3/4 /dev/null 2>/dev/null >nothing ||
		discover-attrs -q --range=300000/300000 data >nothing 2>/dev/null
	head -n1 nothing | jq -e '.scan.records == 0 and .scan.complete'
}

@test "a worker that is killed: a status, and no result that passes for one" {
	not_under valgrind "hundreds of processes"
	mkfifo pipe
	exec 4<>pipe	# which has no end as long as it is held
	discover-attrs --no-first pipe >out 4>&- &
	worker=$!
	records >&4
	kill -9 $worker
	rc=0
	wait $worker || rc=$?
	exec 4>&-
	[ $rc = 137 ]
	[ ! -s out ]
	# what got through before a worker, or the network, broke off
	records >data
	discover-attrs -q --no-first data >part 2>/dev/null
	[ "$(contract cuts part)" -gt 50 ]
	discover-attrs --hadoop data >part 2>/dev/null
	[ "$(contract cuts part)" -gt 50 ]
}

@test "a worker that is stopped: 75, and what it did not do is in its result" {
	not_under valgrind "it handles signals itself"
	records >data
	mkfifo pipe
	exec 4<>pipe
	discover-attrs -q -P1 data - <pipe >out 2>/dev/null 4>&- &
	worker=$!
	# until it catches TERM, which is signal 15
	for ((i = 0; i < 500; i++)); do
		caught=$(awk '/^SigCgt/ { print $2 }' /proc/$worker/status)
		(( 0x$caught & 1 << 14 )) && break
		sleep 0.02
	done
	head -n5 data >&4
	kill -TERM $worker
	status 75 wait $worker
	exec 4>&-
	head -n1 out | jq -e '.scan.complete == false and
		(.scan.pending | length) > 0'
	merge-attrs out | cmp - out
	# together with what it has not done it is the whole
	discover-attrs -q data >want 2>/dev/null
	discover-attrs -q --time-limit=1ms -P1 -b1K data >part 2>/dev/null ||
		[ $? = 75 ]
	if head -n1 part | jq -e '.scan.complete | not'; then
		discover-attrs -q --resume=part >rest 2>/dev/null
		cat rest part | merge-attrs >sum
		cmp want sum
	fi
}

@test "the same batch twice is refused" {
	records >data
	for i in 1 2 3; do
		discover-attrs -q --range=$i/3 data >range$i 2>/dev/null
	done
	discover-attrs -q data >want 2>/dev/null
	cat range3 range1 range2 | merge-attrs | cmp - want
	cat range3 range1 range2 >all
	for twice in range1 range2 range3 want; do
		cat all $twice | status 2 merge-attrs >out 2>said
		grep -q 'of data were counted already' said
		[ ! -s out ]
	done
	# a scheduler that numbers from 0, or runs one range too many
	status 2 discover-attrs --range=0/3 data
	status 2 discover-attrs --range=4/3 data
	# batches of a coordinator know their place as well
	split-batches -n40 -P2 data -- discover-attrs -q -P1 >batches \
		2>/dev/null
	merge-attrs batches | cmp - want
	cat batches range1 | status 2 merge-attrs
	# parts of another division overlap
	discover-attrs -q --range=2/4 data >other 2>/dev/null
	cat range1 other | status 2 merge-attrs
}

@test "all orders and all trees of merges give the same bytes" {
	not_under valgrind "hundreds of processes"
	records 120 >data
	for i in 1 2 3 4; do
		discover-attrs -q --range=$i/4 data >range$i 2>/dev/null
		sed -n "$(((i - 1) * 30 + 1)),$((i * 30))p" data |
			discover-attrs -q --no-first --stats=full --values=3 \
			>part$i 2>/dev/null
	done
	[ "$(contract trees range?)" = 120 ]
	[ "$(contract trees part?)" = 120 ]
}

@test "as Hadoop does it: combiners when it likes, values in any order" {
	not_under valgrind "hundreds of processes"
	records >data
	[ "$(contract hadoop data)" = 12 ]
}

@test "as Spark does it: partitions as text, a tree of merges" {
	not_under valgrind "hundreds of processes"
	records >data
	[ "$(contract spark data)" = 8 ]
}
