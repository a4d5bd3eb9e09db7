#!/usr/bin/env bats
# discover-attrs as a worker: PENSTOCK_INDEX_FD says where its bytes come from.

load helper

# Two files with damage, blanks, odd ends of lines, embedded JSON, new
# attributes late.
files() {
	python3 - <<'EOF'
import random
random.seed(7)
for name, n, end in (("b.ndjson", 300, ""), ("a.ndjson", 200, "\n")):
    lines = []
    for i in range(n):
        r = random.random()
        if r < 0.05: lines.append('{"bad":%d,' % i)
        elif r < 0.1: lines.append(random.choice(["", "  ", "\t"]))
        elif r < 0.2: lines.append('{"s":"{\\"e%d\\":[%d]}","n":null}' % (i % 9, i))
        elif r < 0.25: lines.append('\ufeff{"bom":1}')
        else: lines.append('{"id":%d,"k%d":{"x":[%d.5,true,"t"]}}' % (i * 7919 % n, i % 23, i))
    open(name, "w").write("\n".join(lines) + end)
EOF
}

# deal WAY : cuts a.ndjson and b.ndjson into in.N with index.N.
# WAY: batches (each of one source), one (all in one stream), mixed (records of
# both in any order, some to each worker), pipe.
deal() {
	rm -f in.* index.*
	python3 - "$1" <<'EOF'
import json, random, sys
random.seed(3)
way = sys.argv[1]
rows = []
for name in ("b.ndjson", "a.ndjson"):
    at, record = 0, 1
    for line in open(name, "rb").read().splitlines(keepends=True):
        count = 1 if line.strip(b" \t\r\n") else 0
        rows.append((name, record, at, line, count))
        at += len(line); record += count
def write(i, rows):
    runs, data = [], b""
    for name, record, at, line, count in rows:
        length = len(line)
        if not line.endswith(b"\n"): line += b"\n"
        data += line
        last = runs[-1] if runs else None
        if last and last["source"] == name and last["to"] == at:
            last["length"] += len(line); last["to"] += length
        else:
            runs.append({"source": name, "record": record, "byte": at,
                         "length": len(line), "from": at, "to": at + length})
    with open("index.%d" % i, "w") as f:
        for r in runs:
            if r["to"] == r["byte"] + r["length"]:
                del r["from"], r["to"]
            if way == "pipe": r["stream"] = True
            f.write(json.dumps(r, separators=(",", ":")) + "\n")
    open("in.%d" % i, "wb").write(data)
if way == "batches":
    i = 0
    for name in ("b.ndjson", "a.ndjson"):
        mine = [r for r in rows if r[0] == name]
        while mine:
            n = random.randint(1, 60)
            write(i, mine[:n]); mine = mine[n:]; i += 1
elif way in ("one", "pipe"):
    write(0, rows)
else:
    random.shuffle(rows)
    for i in range(7): write(i, rows[i::7])
EOF
}

# Every in.N through a worker of its own: out.N, err.N, say.N.
work() {
	local i
	for i in in.*; do
		i=${i#in.}
		PENSTOCK_INDEX_FD=9 discover-attrs -q --errors="err.$i" "$@" \
			9<"index.$i" <"in.$i" >"out.$i" 2>"say.$i"
	done
}

@test "the parts of files, dealt in any way, give what the whole gives" {
	files
	discover-attrs -q --errors=want.err a.ndjson b.ndjson >want 2>/dev/null
	for way in batches one mixed; do
		for p in 1 2; do
			deal $way
			work -P $p -b 700
			merge-attrs out.* | cmp - want
			cat err.* | LC_ALL=C sort >got.err
			LC_ALL=C sort want.err | diff - got.err
			rm -f out.* err.*
		done
	done
}

@test "messages name the file, the record and the place" {
	printf '{"a":1}\n{"a":\n{"b":2}\n' >in
	echo '{"source":"x y.ndjson","record":41,"byte":7000,"length":22}' >index
	PENSTOCK_INDEX_FD=5 discover-attrs -P1 5<index <in 2>say >out
	grep -q '^discover-attrs: x y.ndjson:42: ' say
	[ "$(head -n 1 out | jq -c .scan.sources)" = \
		'[{"source":"x y.ndjson","ranges":[[7000,7022]]}]' ]
	[ "$(grep '"path":".b"' out | jq -c .versions.int.first)" = \
		'{"source":"x y.ndjson","byte":7014}' ]
}

@test "a pipe's places make no ranges" {
	printf '{"a":1}\n{"b":2}\n' >in
	echo '{"source":"<stdin>","record":5,"byte":800,"length":16,"stream":true}' >index
	PENSTOCK_INDEX_FD=5 discover-attrs -P1 5<index <in >out
	[ "$(head -n 1 out | jq -c .scan.sources)" = "$(discover-attrs <in | head -n 1 | jq -c .scan.sources)" ]
	[ "$(grep '"path":".b"' out | jq -c .versions.int.first.byte)" = 808 ]
}

@test "where the lengths do not fit, all is as without an index" {
	files
	deal batches
	for i in 0 1 2; do
		# longer, shorter, and other records
		for filter in 'sed s/id/identity/' 'sed 1d' 'head -n 1' 'cat in.3'; do
			$filter "in.$i" >mine
			discover-attrs -P1 -q --errors=want.err <mine >want 2>/dev/null
			PENSTOCK_INDEX_FD=5 discover-attrs -P1 --errors=got.err \
				5<"index.$i" <mine >got 2>say
			cmp got want
			cmp got.err want.err
			grep -q 'PENSTOCK_INDEX_FD does not fit' say
		done
	done
}

@test "an index that is none, or is not open, is warned of" {
	printf '{"a":1}\n' >in
	discover-attrs <in >want
	PENSTOCK_INDEX_FD=77 discover-attrs <in 2>say | cmp - want
	grep -q 'PENSTOCK_INDEX_FD=77 is no open file' say
	PENSTOCK_INDEX_FD=x discover-attrs <in 2>say | cmp - want
	grep -q 'PENSTOCK_INDEX_FD=x is no open file' say
	for line in '' 'no json' '[]' '{"source":"a"}' '{"source":5,"length":8}' \
		'{"source":"a","byte":-1,"length":8}' \
		'{"source":"a","byte":0,"length":8'; do
		printf '%s' "$line" >index
		PENSTOCK_INDEX_FD=5 discover-attrs 5<index <in 2>say | cmp - want
		grep -q 'does not fit' say
	done
}

@test "files named beside it are read as ever; an index for nothing is fine" {
	printf '{"a":1}\n' >in
	discover-attrs in >want
	echo '{"source":"a","byte":0,"length":8}' >index
	PENSTOCK_INDEX_FD=5 discover-attrs in 5<index 2>say | cmp - want
	[ ! -s say ]
	: >none
	PENSTOCK_INDEX_FD=5 discover-attrs 5<none </dev/null 2>say >out
	[ ! -s say ]
	discover-attrs </dev/null | cmp - out
}

@test "a beginning that looks like a packed file or a byte order mark is a record" {
	printf '\037\213junk\n{"a":1}\n' >in
	echo '{"source":"f","record":1,"byte":100,"length":15}' >index
	PENSTOCK_INDEX_FD=5 discover-attrs -q --errors=err 5<index <in >out 2>say
	[ "$(head -n 1 out | jq -c '.scan|[.records,.rejected]')" = '[1,1]' ]
	printf '\357\273\277{"a":1}\n{"b":1}\n' >in
	echo '{"source":"f","record":1,"byte":100,"length":19}' >index
	PENSTOCK_INDEX_FD=5 discover-attrs -q --errors=err 5<index <in >out 2>say
	[ "$(head -n 1 out | jq -c '.scan|[.records,.rejected]')" = '[1,1]' ]
}

@test "a limit, and a stop, leave the rest of the runs pending" {
	files
	deal one
	PENSTOCK_INDEX_FD=5 discover-attrs -P1 -q --limit=7 5<index.0 <in.0 >out 2>/dev/null
	[ "$(head -n 1 out | jq -c '.scan|[.records+.rejected,.complete]')" = \
		'[7,true]' ]
	status 75 env PENSTOCK_INDEX_FD=5 discover-attrs -P1 -q \
		--time-limit=1ms 5<index.0 < <(sleep 0.2; cat in.0) >out 2>/dev/null
	[ "$(head -n 1 out | jq -c '[.scan.pending[]|[.source,.from,.to]]')" = \
		"[[\"a.ndjson\",0,$(stat -c %s a.ndjson)],[\"b.ndjson\",0,$(stat -c %s b.ndjson)]]" ]
}
