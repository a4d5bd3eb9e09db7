#!/usr/bin/env bats
# split-batches: order, calls, plan, and what is refused before any worker.

load helper

# a.ndjson and b.ndjson: 3000 and 900 records, equal keys, blank lines, damage,
# no last line end.
files() {
	python3 - <<'EOF'
import random
random.seed(11)
for name, n, end in (("a.ndjson", 3000, "\n"), ("b.ndjson", 900, "")):
    lines = []
    for i in range(n):
        lines.append('{"id":%d,"t":"x%d","k%d":[%d,{"y":1.5}]}' % (
            random.randrange(2000), i, i % 7, i))
        if random.random() < 0.02: lines.append(" ")
        if i in (17, 501): lines[-1] = '{"id":%d,' % i
    open(name, "w").write("\n".join(lines) + end)
EOF
}

# A command that leaves a mark when it runs.
marker() {
	printf '#!/bin/sh\n: >>mark\ncat\n' >worker
	chmod +x worker
}

# refused TEXT OPTION... : exit 2 with TEXT in the message, no worker started.
refused() {
	local text=$1
	shift
	rm -f mark
	status 2 split-batches "$@" -- ./worker >out 2>say
	[ ! -e mark ]
	[ ! -s out ]
	[ "$(wc -l <say)" = 1 ]
	grep -qF -- "$text" say || { cat say; return 1; }
}

# ---- order ----

@test "the order is that of jq, ties as they come" {
	python3 - >in <<'EOF'
import json, random
random.seed(1)
def value(depth=0):
    return random.choice([
        lambda: None, lambda: True, lambda: False,
        lambda: random.randrange(-50, 50), lambda: random.random() * 10,
        lambda: random.choice(["", "a", "ab", "\u00e9", "\U0001f600", "\uffff"]),
        lambda: [value(depth + 1) for _ in range(random.randrange(3))] if depth < 2 else 0,
        lambda: {k: value(depth + 1) for k in random.sample("abc", random.randrange(3))} if depth < 2 else 0,
    ])()
for i in range(2000):
    print(json.dumps({"k": value(), "j": random.randrange(4), "i": i},
                     ensure_ascii=random.random() < 0.5))
EOF
	for by in .k .j '.j,.k' '.k,.j' '[.j,.k]' '.none' '.k|type' '-.j'; do
		split-batches --order-by="$by" in | jq -c .i >got
		jq -s "sort_by($by)[].i" in >want
		cmp got want || { echo "by $by"; return 1; }
	done
}

@test "numbers of any size are in exact order" {
	python3 - <<'EOF'
import random
from decimal import Decimal, getcontext
getcontext().prec = 2000
random.seed(4)
rows = []
for i in range(3000):
    n = str(random.randrange(10 ** random.randrange(1, 30)))
    if random.random() < .5: n += "." + str(random.randrange(10 ** random.randrange(1, 12)))
    if random.random() < .4: n += "e%d" % random.randrange(-40, 40)
    if random.random() < .3: n = "-" + n
    rows.append((n, i))
for n in ("9007199254740992", "9007199254740993", "9007199254740993.0",
          "0.9007199254740993e16", "9007199254740994"):
    rows.append((n, len(rows)))
random.shuffle(rows)
open("in", "w").write("".join('{"n":%s,"i":%d}\n' % r for r in rows))
rows.sort(key=lambda r: Decimal(r[0]))
open("want", "w").write("".join('%d\n' % r[1] for r in rows))
EOF
	split-batches --order-by=.n in | jq .i | cmp - want
}

@test "with little memory the index goes to disk, and nothing changes" {
	python3 - >in <<'EOF'
import random
random.seed(2)
for i in range(150000):
    print('{"k":"key %d","i":%d}' % (random.randrange(5000), i))
EOF
	split-batches --order-by=.k in >want
	split-batches --order-by=.k --max-memory=3M in >got
	cmp got want
	# shellcheck disable=SC2002
	cat in | split-batches --order-by=.k --max-memory=3M >got
	cmp got want
	gzip -c in >in.gz
	split-batches --order-by=.k --max-memory=3M in.gz | cmp - want
	cut -d, -f1 want | LC_ALL=C sort -c
}

@test "damaged records and those without a key come first, and all come" {
	files
	split-batches --order-by=.id a.ndjson b.ndjson >out 2>say
	grep -q '^split-batches: 4 records could not be judged' say
	[ "$(grep -c '"t"' out)" = 3896 ]
	head -n 90 out | grep -c '[0-9],$' | grep -qx 4
	cat a.ndjson b.ndjson | wc -w >words
	wc -w <out | cmp - words
}

# ---- the merge law ----

@test "order and calls: merge-attrs gives what discover-attrs gives" {
	files
	discover-attrs -q a.ndjson b.ndjson >want 2>/dev/null
	for args in '--order-by=.id -n 100' '--order-by=.t -n 7 -P 3' \
		'--order-by=.id,.t --calls=4 --rows=1000 -n 300' \
		'--order-by=.id --calls=2 --rows=1950 -n 70 --persist' \
		'--order-by=.id --calls=3 --rows=1300 -k --dispatch=free' \
		'--calls=1 --rows=3900'; do
		# shellcheck disable=SC2086
		split-batches -q $args a.ndjson b.ndjson -- \
			discover-attrs -q -P1 2>/dev/null | merge-attrs >got
		cmp got want || { echo "$args"; return 1; }
	done
}

@test "each call alone, as a job of its own, adds up to the same" {
	files
	discover-attrs -q a.ndjson b.ndjson >want 2>/dev/null
	for k in 1 2 3 4; do
		split-batches -q --order-by=.id --calls=4 --rows=1000 --call=$k \
			-n 90 a.ndjson b.ndjson -- discover-attrs -q -P1 \
			>part.$k 2>/dev/null
	done
	merge-attrs part.* | cmp - want
	split-batches -q --order-by=.id --calls=4 --rows=1000 a.ndjson b.ndjson \
		>all 2>/dev/null
	for k in 1 2 3 4; do
		split-batches -q --order-by=.id --calls=4 --rows=1000 --call=$k \
			a.ndjson b.ndjson 2>/dev/null
	done | cmp - all
}

@test "over a pipe, and over json, array and packed input" {
	files
	grep -v ',$' a.ndjson | grep . | grep -v '^ ' >good
	discover-attrs -q --no-first good >want
	jq -s . good >good.array
	jq . good >good.json
	gzip -c good >good.gz
	for f in good good.gz; do
		# shellcheck disable=SC2002
		cat $f | split-batches --order-by=.id --calls=3 --rows=1000 \
			-- discover-attrs -P1 --no-first | merge-attrs | cmp - want
	done
	discover-attrs -q good.gz >want
	split-batches --order-by=.id -n 99 good.gz -- discover-attrs -P1 |
		merge-attrs | cmp - want
	for f in good.array good.json; do
		discover-attrs -q $f >want
		split-batches --order-by=.id -n 99 $f -- discover-attrs -P1 |
			merge-attrs | cmp - want
	done
}

@test "batches keep their numbers from call to call, and batch files too" {
	files
	split-batches -q --order-by=.id --calls=2 --rows=2000 -n 1000 -k \
		a.ndjson b.ndjson -- sh -c 'cat >/dev/null; echo $PENSTOCK_BATCH' \
		>out 2>/dev/null
	seq 0 3 | cmp - out
	split-batches -q --order-by=.id --calls=2 --rows=2000 -n 1000 \
		--batch-files='part-%03d' a.ndjson b.ndjson 2>/dev/null
	[ "$(echo part-*)" = 'part-000 part-001 part-002 part-003' ]
	split-batches -q --order-by=.id a.ndjson b.ndjson 2>/dev/null >all
	cat part-* | cmp - all
}

@test "--limit takes the first in the order, --where before it" {
	seq 100 | sed 's/.*/{"n":&}/' >in
	split-batches --order-by='-.n' --limit=3 in | jq .n | tr '\n' ' ' >got
	[ "$(cat got)" = '100 99 98 ' ]
	split-batches --order-by='-.n' --limit=3 --where='.n < 50' in |
		jq .n | tr '\n' ' ' >got
	[ "$(cat got)" = '49 48 47 ' ]
	split-batches --order-by=.n --where='.n > 10' --where-first --calls=9 \
		--rows=10 -n 5 in -- jq .n >got
	seq 11 100 | cmp - <(sort -n got)
}

@test "standard input that is a file is ordered where it stands" {
	seq 100 | sed 's/.*/{"n":&}/' >in
	{ read -r _ && split-batches --order-by='-.n' && cat; } <in >got
	sed 1d in | tac | cmp - got
	split-batches --order-by='-.n' - <in | tac | cmp - in
}

@test "--where: any batches, any workers, any order give one result" {
	files
	split-batches -q --where='.id > 700' -n 100000 -P1 a.ndjson b.ndjson \
		-- discover-attrs -q -P1 2>/dev/null | merge-attrs >want
	for args in '-n 30 -P3' '--persist -n 99' '-n 50 --order-by=.t' \
		'--where-first --order-by=.id --calls=2 --rows=1400 -n 77'; do
		# shellcheck disable=SC2086
		split-batches -q --where='.id > 700' $args a.ndjson b.ndjson \
			-- discover-attrs -q -P1 2>/dev/null | merge-attrs >got
		cmp got want || { echo "$args"; return 1; }
	done
	# and the records are those that discover-attrs selects
	discover-attrs -q --where='.id > 700' a.ndjson b.ndjson 2>/dev/null |
		head -n 1 | jq -c '.scan|[.records,.rejected,.blank,.sources]' >one
	head -n 1 want | jq -c '.scan|[.records,.rejected,.blank,.sources]' |
		cmp - one
}

@test "more files than can be open at once" {
	for i in $(seq 300); do
		echo "{\"n\":$(( (i * 7919) % 300 ))}" >"f$i"
	done
	(ulimit -n 100 && split-batches --order-by=.n f*) | jq .n >got
	seq 0 299 | cmp - got
	discover-attrs f* >want
	(ulimit -n 100 && split-batches --order-by=.n -n 20 f* -- \
		discover-attrs -P1) | merge-attrs | cmp - want
}

# ---- what is refused ----

@test "settings of calls that do not go together" {
	files
	marker
	refused '--calls=4 needs --order-by=EXPR' --calls=4 a.ndjson
	refused '--calls=4 needs --order-by=EXPR' --calls=4 --rows=1000 a.ndjson
	refused '--calls=4 needs --rows=R' --calls=4 --order-by=.id a.ndjson
	refused '--calls=4 refuses --where=.id > 5 (--where-first' --calls=4 \
		--order-by=.id --rows=1000 --where='.id > 5' a.ndjson
	refused '--where-first needs --where' --where-first a.ndjson
	refused '--rows needs --calls' --rows=5 a.ndjson
	refused '--call needs --calls' --call=1 a.ndjson
	refused '--call=5: there are 4 calls' --call=5 --calls=4 --order-by=.id \
		--rows=1000 a.ndjson
	refused '--calls' --calls=0 a.ndjson
	refused '--order-by=.id,: an empty expression' --order-by=.id, a.ndjson
	refused 'syntax error' --order-by='.[' a.ndjson
}

@test "numbers of records that do not fit, with those that would" {
	files
	marker
	grep -v ',$' a.ndjson | grep '"t"' | head -n 2900 >good
	refused 'reach 2800 of 2900 records (give --calls=5, or --rows=725)' \
		--calls=4 --rows=700 --order-by=.id good
	refused 'there are only 2900 records (give at most --rows=2900)' \
		--calls=4 --rows=2901 --order-by=.id good
	refused 'the last call would be empty, 2 hold all 2900 records (give --calls=2, or --rows=725)' \
		--calls=4 --rows=2000 --order-by=.id good
	refused 'there are no records' --calls=2 --rows=1 --order-by=.id /dev/null
	refused 'reach 7 of 2900' --calls=1 --rows=7 good
	head -n 5 good >five
	# 3 x 2 = 6: with four calls no number of rows fits five records
	refused 'the last call would be empty, 3 hold all 5 records (give --calls=3)' \
		--calls=4 --rows=2 --order-by=.id five
	status 0 split-batches --calls=3 --rows=2 --order-by=.id five -- ./worker >out
	[ -e mark ]
	cmp <(sort five) <(sort out)
	refused 'only 4 records' --calls=2 --rows=5 --order-by=.id --limit=4 good
}

@test "memory: what cannot fit is refused with what would, and planned" {
	marker
	seq 5000 | sed 's/.*/{"n":&,"pad":"0123456789012345678901234567890123456789"}/' >in
	refused 'but --max-memory is 100K (give -n' -P2 -n 1000 --max-memory=100K in
	n=$(sed -n 's/.*give -n \([0-9]*\).*/\1/p' say)
	status 0 split-batches -P2 -n "$n" --max-memory=100K in -- cat >out
	cmp in <(sort -t: -k2n out)
	refused 'but --max-memory is 100K' -P2 -n $((n + 1)) --max-memory=100K in
	split-batches -P2 -n 1000 --max-memory=100K --plan in |
		head -n 1 | jq -c .plan.memory >got
	avg=$(jq .average_record got)
	[ "$avg" -ge 55 ] && [ "$avg" -le 70 ]
	[ "$(jq .estimate got)" = $((avg * 1000 * 2 * 2)) ]
	[ "$(jq -c '[.limit,.fits]' got)" = '[102400,false]' ]
	split-batches -P2 --plan in | head -n 1 | jq -e '.plan.memory.fits' >/dev/null
	refused 'give -b' -P4 --max-memory=100K < <(cat in)
	head -c 100000 /dev/zero | tr '\0' x | sed 's/.*/"&"/' >long
	refused 'but --max-memory is 100K (give fewer workers' -P2 --max-memory=100K long
}

# ---- the plan ----

@test "--plan prints the calls and runs nothing" {
	files
	marker
	split-batches --order-by=.id --calls=4 --rows=1000 -n 300 --plan \
		a.ndjson b.ndjson -- ./worker >plan 2>/dev/null
	[ ! -e mark ]
	[ "$(wc -l <plan)" = 5 ]
	[ "$(sed 1d plan | jq -c '[.call,.from,.to,.batches]' | tr -d '\n')" = \
		'[1,0,1000,4][2,1000,2000,4][3,2000,3000,4][4,3000,3900,3]' ]
	head -n 1 plan | jq -e '.plan.records == 3900 and .plan.time_limit_ms == 3600000'
	[ "$(head -n 1 plan | jq -c '.plan.inputs[]|[.source,.size]' | tr -d '\n')" = \
		"[\"a.ndjson\",$(stat -c %s a.ndjson)][\"b.ndjson\",$(stat -c %s b.ndjson)]" ]
	split-batches --plan a.ndjson -o plan2
	[ "$(wc -l <plan2)" = 2 ]
}

@test "a call by a plan refuses other files and settings" {
	files
	marker
	set -- --order-by=.id --calls=4 --rows=1000 a.ndjson b.ndjson
	split-batches "$@" --plan >plan 2>/dev/null
	status 0 split-batches -q "$@" --plan=plan --call=4 -- ./worker >out 2>/dev/null
	[ "$(grep -c '"t"' out)" = 900 ]
	refused 'order_by is ".t" now, ".id" in the plan' --order-by=.t --calls=4 \
		--rows=1000 --plan=plan --call=4 a.ndjson b.ndjson
	refused 'calls is 5 now, 4 in the plan' --order-by=.id --calls=5 \
		--rows=1000 --plan=plan --call=4 a.ndjson b.ndjson
	refused 'an input is nothing now, {"source":"b.ndjson"' --order-by=.id \
		--calls=4 --rows=1000 --plan=plan --call=4 a.ndjson
	touch -d '2001-01-01' a.ndjson
	refused 'an input is {"source":"a.ndjson"' "$@" --plan=plan --call=4
	files
	touch -d '2001-01-01' a.ndjson b.ndjson
	split-batches "$@" --plan >plan 2>/dev/null
	echo '{}' >>b.ndjson
	touch -d '2001-01-01' b.ndjson
	refused '"size":' "$@" --plan=plan --call=4
	echo '{"call":1}' >noplan
	refused 'noplan: is no plan' "$@" --plan=noplan --call=4
	refused 'nofile: No such file' "$@" --plan=nofile --call=4
	refused 'want a file' "$@" --plan=
}

# ---- time ----

@test "a call that takes too long ends the run with 75, calls done stay done" {
	seq 40 | sed 's/.*/{"n":&}/' >in
	printf '#!/bin/sh\nread -r x; echo "$x"; cat\ncase $x in *:31}) sleep 60;; esac\n' >worker
	chmod +x worker
	status 75 split-batches -P1 -q --order-by=.n --calls=4 --rows=10 -n 10 \
		--time-limit=2s --grace=100ms in -- ./worker >out
	head -n 30 in | cmp - out
}

@test "a run that was stopped in a call is resumed there" {
	seq 40 | sed 's/.*/{"n":&}/' >in
	printf '#!/bin/sh\nread -r x; echo "$x"; cat\ncase $x in *:31}) [ -e go ] || sleep 60;; esac\n' >worker
	chmod +x worker
	set -- -P1 -q --order-by=.n --calls=4 --rows=10 -n 5 --joblog=log -o out
	status 75 split-batches "$@" --time-limit=2s --grace=100ms in -- ./worker
	: >go
	status 0 split-batches "$@" --resume in -- ./worker
	cmp in out
	[ "$(cut -f1 log | sed 1d | sort -n | tr '\n' ' ')" = '1 2 3 4 5 6 7 8 ' ]
	rm go
	status 2 split-batches "$@" --calls=5 --resume in -- ./worker
}

@test "TERM while the order is still being looked at ends with 75, no worker" {
	mkfifo pipe
	exec 8<>pipe
	split-batches --order-by=.n pipe -- sh -c ': >mark; cat' >out 2>say 8>&- &
	pid=$!
	echo '{"n":1}' >&8
	for _ in $(seq 100); do
		! readlink /proc/$pid/fd/* | grep -q "$PWD/pipe" || break
		sleep 0.1
	done
	kill -TERM $pid
	rc=0
	wait $pid || rc=$?
	exec 8>&-
	[ "$rc" = 75 ]
	[ ! -e mark ] && [ ! -s out ]
}

# ---- temporary files ----

@test "SIGKILL leaves no file behind" {
	mkdir tmp
	mkfifo pipe
	seq 300000 | sed 's/.*/{"n":&}/' >in
	TMPDIR=$PWD/tmp split-batches --order-by=.n --max-memory=3M <pipe >out &
	pid=$!
	exec 8>pipe
	cat in >&8
	# all was taken and the spool is open: the pipe is empty
	readlink /proc/$pid/fd/* | grep -q "$PWD/tmp"
	kill -KILL $pid
	exec 8>&-
	wait $pid || [ $? = 137 ]
	[ -z "$(ls -A tmp)" ]
}

@test "a full disk under the spool or the index is exit 3" {
	[ "$(id -u)" = 0 ] || skip "not root: no small file system"
	mkdir tmp
	mount -t tmpfs -o size=1m none tmp 2>/dev/null || skip "no mount here"
	seq 200000 | sed 's/.*/{"n":&}/' >in
	rc=0
	# shellcheck disable=SC2002
	cat in | TMPDIR=$PWD/tmp split-batches --order-by=.n -- cat >out 2>say || rc=$?
	rc2=0
	TMPDIR=$PWD/tmp split-batches --order-by=.n --max-memory=2M in -- cat \
		>out2 2>say2 || rc2=$?
	umount tmp
	[ "$rc" = 3 ]
	[ "$rc2" = 3 ]
	[ ! -s out ] && [ ! -s out2 ]
	grep -q 'tmp: cannot write a temporary file: No space left on device (TMPDIR' say
	grep -q 'cannot write a temporary file' say2
}

@test "a file that shrinks while its order is used is exit 3" {
	seq 2000 | sed 's/.*/{"n":&}/' >in
	printf '#!/bin/sh\ncat\n: >in\n' >worker
	chmod +x worker
	status 3 split-batches -q -P1 --order-by='-.n' -n 100 in -- ./worker >out 2>say
	grep -q 'became shorter' say
}
