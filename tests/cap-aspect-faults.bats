#!/usr/bin/env bats
# cap-aspect: bad lines, the guard's aspects, receipts, PATCHes, forms, faults.
load helper

make() {
	python3 "$TOP/tests/oracle/cap_make.py" "$@"
}

teardown() {
	[ -z "${server:-}" ] || kill "$server"
}

mcp() {
	printf '{"entityType":"dataset","entityUrn":"%s","changeType":"UPSERT","aspectName":"%s","aspect":{"json":%s}}\n' "$1" "$2" "$3"
}

@test "bad lines are rejects, the rest goes on" {
	make small 3 >good
	{
		sed -n 1,4p good
		echo '{"entityType":"a","entityUrn":"u"'
		echo '[1]'
		echo '17'
		echo '{"entityUrn":"u","changeType":"UPSERT","aspectName":"n"}'
		echo '{"entityType":"a","changeType":"UPSERT","aspectName":"n"}'
		echo '{"entityType":"a","entityUrn":"u","aspectName":"n"}'
		echo '{"entityType":"a","entityUrn":"u","changeType":"UPSERT","aspect":{"json":{}}}'
		echo '{"entityType":"a","entityUrn":"u","changeType":"UPSERT","aspectName":"n","aspect":{"x":{}}}'
		echo '{"entityType":"a","entityUrn":"u","changeType":"UPSERT","aspectName":"n","aspect":[]}'
		echo '{"entityType":"a","entityUrn":"u","changeType":"UPSERT","aspectName":"n","aspect":{"value":"{\"a\":}"}}'
		echo '{"proposedSnapshot":{}}'
		printf '{"a":"\xff"}\n\n   \n'
		sed -n '5,$p' good
	} >in
	status 1 cap-aspect --errors=bad in >out 2>said
	cmp out good
	[ "$(jq .record bad | tr '\n' ' ')" = "5 6 7 8 9 10 11 12 13 14 15 16 " ]
	[ "$(jq -r .error bad | sort | uniq -c | tr -s ' ' | tr '\n' ';')" = \
		" 11 json; 1 utf8;" ]
	grep -q '^cap-aspect: in:5: .*column 34' said
	grep -q '2 more rejected' said
	cap-aspect -q --max-errors=12 in 2>/dev/null | cmp - good
	# each of them alone: the same
	while IFS= read -r line; do
		status 1 cap-aspect <<<"$line" >/dev/null 2>&1
	done < <(jq -r 'select(has("raw")) | .raw' bad)
}

@test "lineage that is none is a reject" {
	for aspect in '{"inputDatasets":[1],"outputDatasets":[]}' \
		'{"inputDatasets":"x","fineGrainedLineages":[{"upstreams":{}}]}' \
		'{"inputDatasetEdges":[{}]}' '{"fineGrainedLineages":[[]]}' '[]'; do
		mcp u dataJobInputOutput "$aspect" >in
		status 1 cap-aspect --max-bytes=1 in >out 2>said
		[ ! -s out ]
		grep -q 'in:1:' said
	done
}

@test "an aspect that cannot be cut: error, drop, pass" {
	mcp a other '{"x":"0123456789"}' >in
	mcp b other '{}' >>in
	cap-aspect -q --max-bytes=20 in | cmp - in
	status 1 cap-aspect --max-bytes=19 --errors=e in >out 2>said
	cmp out <(tail -n 1 in)
	[ "$(jq -c '[.error,.record]' e)" = '["size",1]' ]
	grep -q 'oversize' said
	cap-aspect -q --max-bytes=19 --oversize=drop --report=r in |
		cmp - <(tail -n 1 in)
	[ "$(jq .aspects_dropped r)" = 1 ]
	cap-aspect -q --max-bytes=19 --oversize=pass in | cmp - in
	# a PATCH is measured and never cut
	echo '{"entityType":"dataJob","entityUrn":"u","changeType":"PATCH","aspectName":"dataJobInputOutput","aspect":{"value":"[{\"op\":\"add\"}]","contentType":"application/json-patch+json"}}' >patch
	cap-aspect -q patch | cmp - patch
	status 1 cap-aspect -q --max-bytes=15 patch 2>/dev/null
}

@test "schemaMetadata: raw text first, then the deepest fields" {
	make schema 60 >in
	size=$(python3 -c 'import json;print(len(json.dumps(json.load(open("in"))["aspect"]["json"])))')
	cap-aspect -q --max-bytes=$(((size + 1) * 1000 / 985 + 1)) in | cmp - in
	cap-aspect -q --max-bytes=$((size * 1000 / 985 - 5)) in >out
	[ "$(jq -c '.aspect.json | [(.fields | length), (.platformSchema |
		.[].rawSchema)]' out)" = '[60,""]' ]
	cap-aspect -q --max-bytes=8K in >out
	python3 - <<-'END'
	import json, re
	a = json.loads(open("out").read())["aspect"]["json"]
	b = json.loads(open("in").read())["aspect"]["json"]
	limit = int(8192 * 0.985)
	def depth(f):
	    return len([t for t in re.sub(r"\[[^]]*]", "", f["fieldPath"])
	                .split(".") if t])
	order = sorted(b["fields"], key=depth)
	n = len(a["fields"])
	assert a["fields"] == order[:n] and 0 < n < len(order)
	assert len(json.dumps(a)) < limit
	a["fields"].append(order[n])
	assert len(json.dumps(a)) >= limit
	END
}

@test "queries, views, profiles, subjects" {
	python3 - <<-'END' >in
	import json
	def mcp(name, aspect):
	    print(json.dumps({"entityType": "query", "entityUrn": "u",
	        "changeType": "UPSERT", "aspectName": name,
	        "aspect": {"json": aspect}}, ensure_ascii=False))
	mcp("queryProperties", {"statement": {"value": "ab\n\u00e9\"\U0001f600" * 300,
	    "language": "SQL"}, "name": "n", "description": "d"})
	mcp("queryProperties", {"statement": {"value": "x", "language": "SQL"},
	    "name": "n" * 3000, "description": "d"})
	mcp("viewProperties", {"materialized": False, "viewLogic": "x" * 500,
	    "formattedViewLogic": "\u00e9" * 900, "viewLanguage": "SQL"})
	mcp("viewProperties", {"viewLogic": "x" * 5000, "formattedViewLogic": "y",
	    "materialized": False, "viewLanguage": "SQL"})
	mcp("datasetProfile", {"fieldProfiles": [{"fieldPath": str(i),
	    "sampleValues": ["v" * (100 * i)] * 3} for i in range(8)]})
	mcp("querySubjects", {"subjects": [{"entity":
	    "urn:li:%s:%d" % ("schemaField" if i % 2 else "dataset", i)}
	    for i in range(100)]})
	END
	cap-aspect -q --max-bytes=1900 in >out
	python3 - <<-'END'
	import json
	out = [json.loads(l)["aspect"]["json"] for l in open("out")]
	full = [json.loads(l)["aspect"]["json"] for l in open("in")]
	for a in out:
	    assert len(json.dumps(a)) < 1900, len(json.dumps(a))
	text = full[0]["statement"]["value"]
	def cut(n):
	    return text[:n] + ("... [original value was %d bytes and truncated "
	                       "to %d bytes]" % (len(text), n))
	kept = [n for n in range(len(text)) if cut(n) == out[0]["statement"]["value"]]
	assert len(kept) == 1
	longer = dict(full[0], statement=dict(full[0]["statement"],
	                                      value=cut(kept[0] + 1)))
	assert len(json.dumps(longer)) >= 1900
	assert "name" not in out[1] and "description" not in out[1]
	assert out[1]["statement"]["value"].startswith("... [original value was 1 ")
	assert out[2]["viewLogic"] == "x" * 500
	assert out[2]["formattedViewLogic"].startswith("\u00e9\u00e9")
	assert out[2]["formattedViewLogic"].endswith(" chars]")
	assert out[3]["formattedViewLogic"] == \
	    "[removed due to size - original was 1 chars]"
	assert out[3]["viewLogic"].startswith("xxx")
	assert [len(f["sampleValues"]) for f in out[4]["fieldProfiles"]] == \
	    [3, 3, 3, 0, 0, 0, 0, 0]
	want = sorted(full[5]["subjects"], key=lambda s: "schemaField" in s["entity"])
	n = len(out[5]["subjects"])
	assert out[5]["subjects"] == want[:n] and 0 < n < 100
	assert len(json.dumps({"subjects": want[:n + 1]})) >= 1900
	END
}

@test "DataHub's own guard finds nothing left to cut" {
	not_under asan tsan valgrind "the client is what takes the time"
	need_datahub
	make schema 40000 >in
	make upstreams 40 4000 >>in
	make jobs 1 2000 16 >>in
	cap-aspect -q --policy=all --max-bytes=4000000 in >out
	run ! cmp -s in out
	DATAHUB_REST_EMITTER_BATCH_MAX_PAYLOAD_BYTES=4000000 "$DATAHUB" \
		"$TOP/tests/oracle/cap_guard.py" out
}

@test "receipts give the input back byte for byte" {
	{ make random 31 150; make small 50; make jobs 3 80; make grid 60 2
	  mcp z other "{\"x\":\"$(printf %04000d 7)\"}"
	  make small 5; printf '%s\r\n' "$(make grid 61 1)"; } >in
	opts=(-q --max-inputs=7 --max-fine-grained=20 --max-bytes=3000
		--oversize=drop)
	for more in '' --annotate --split "--annotate --split" --array; do
		# shellcheck disable=SC2086 # words
		cap-aspect "${opts[@]}" $more --receipts=r in >out
		cap-aspect --restore=r out >back
		cmp back in
	done
	[ "$(jq -s 'length > 50' r)" = true ]
	# what was rejected comes back from the receipts, too
	status 1 cap-aspect "${opts[@]}" --oversize=error --receipts=r in \
		>out 2>said
	cap-aspect --restore=r out | cmp - in
	python3 - <<-'END'
	import base64, hashlib, json
	before = [l.rstrip(b"\n") for l in open("in", "rb")]
	for r in map(json.loads, open("r")):
	    assert r["sha256"][0] == hashlib.sha256(
	        before[r["record"] - 1]).hexdigest()
	END
}

@test "restore refuses lines that were edited" {
	{ make small 2; make jobs 3 80; make small 2; } >in
	cap-aspect -q --receipts=r in >out
	sed '10s/DERIVED/OTHER/' out >edited
	status 1 cap-aspect --restore=r --errors=e edited >back 2>said
	cmp back <(sed 10d in)
	[ "$(jq .record e)" = 10 ]
	grep -q 'edited:10: edited since' said
	# lines taken out before it: still found, still refused
	sed 1,3d edited >moved
	status 1 cap-aspect --restore=r moved 2>said | cmp - <(sed '1,3d; 10d' in)
	sed 1,3d out | cap-aspect --restore=r | cmp - <(sed 1,3d in)
	# and a line that is gone is told
	status 1 cap-aspect --restore=r <(sed 9d out) 2>said >back
	grep -q '1 receipts have no line' said
	# damaged receipts
	sed 's/"before":"..../"before":"AAAA/' r >bad
	status 3 cap-aspect --restore=bad out >back 2>said
	status 2 cap-aspect --restore=in out 2>said
	status 3 cap-aspect --restore=missing out 2>said
}

@test "--annotate says what was cut, in a PATCH" {
	make grid 60 1 >in
	make upstreams 60 1 >>in
	cap-aspect -q --annotate in >out
	[ "$(jq -r '[.changeType,.aspectName]|@csv' out)" = \
'"UPSERT","dataJobInputOutput"
"PATCH","dataJobInfo"
"UPSERT","upstreamLineage"
"PATCH","datasetProperties"' ]
	[ "$(sed -n 2p out | jq -r '.aspect.value|fromjson|.[0]|
		[.op,.path,(.value|test("50 of 60 inputs, 50 of 60 field"))]|
		@csv')" = '"add","/customProperties/penstock.capped.dataJobInputOutput",true' ]
}

@test "--split: the capped aspect and its PATCHes are the whole" {
	make grid 60 30 >in
	make upstreams 60 30 >>in
	make upstreams 1 1500 >>in
	# folded already: a group a downstream, as GMS wants it
	make jobs 1 60 12 | cap-aspect -q --policy=all --max-bytes=50K >folded
	[ "$(jq '.aspect.json.fineGrainedLineages | length' folded)" = 1 ]
	cat folded >>in
	cap-aspect -q --split in >out
	python3 - <<-'END'
	import json
	def edges(a):
	    return {(u, d) for g in a.get("fineGrainedLineages", [])
	            for u in g["upstreams"] for d in g["downstreams"]}
	def inputs(a):
	    return set(a.get("inputDatasets", [])) | {
	        u["dataset"] for u in a.get("upstreams", [])}
	wholes = [json.loads(l)["aspect"]["json"] for l in open("in")]
	got, n = [], 0
	for m in map(json.loads, open("out")):
	    if m["changeType"] == "UPSERT":
	        a = m["aspect"]["json"]
	        assert all(len(g["downstreams"]) == 1
	                   for g in a["fineGrainedLineages"])
	        got.append([inputs(a), edges(a)])
	        continue
	    assert m["aspect"]["contentType"] == "application/json-patch+json"
	    ops = json.loads(m["aspect"]["value"])
	    assert 0 < len(ops) <= 1000
	    n += 1
	    for op in ops:
	        parts = op["path"].split("/")[1:]
	        parts = [p.replace("~1", "/").replace("~0", "~") for p in parts]
	        assert op["op"] == "add"
	        if parts[0] == "fineGrainedLineages":
	            edge = (parts[4], parts[2])
	            assert edge not in got[-1][1]
	            assert parts[1] in ("NONE", "DERIVED") and parts[3] == "NONE"
	            assert op["value"] == {"confidenceScore": 1.0}
	            got[-1][1].add(edge)
	        else:
	            assert parts[0] in ("inputDatasetEdges", "upstreams")
	            assert parts[1] not in got[-1][0]
	            got[-1][0].add(parts[1])
	assert n >= 3
	assert got == [[inputs(a), edges(a)] for a in wholes]
	END
	# the whole is over --max-bytes: cut, not split
	cap-aspect --split --max-bytes=100K in 2>said | jq -r .changeType | uniq |
		grep -qv PATCH
	grep -q 'not split' said
	for policy in group fields; do
		status 2 cap-aspect --split --policy=$policy in 2>/dev/null
	done
}

@test "forms: array in and out, several lines, values, batches" {
	make random 41 60 >in
	make grid 51 2 >>in
	cap-aspect -q in >want
	cap-aspect -q --array in | python3 -c 'import json, sys
assert json.load(sys.stdin) == [json.loads(l) for l in open("want")]'
	# an array on many lines: white space between tokens goes
	python3 -c 'import json
print(json.dumps([json.loads(l) for l in open("in")], indent=4))' >pretty
	python3 -c 'import json
for l in open("in"): print(json.dumps(json.loads(l), separators=(",",":")))' \
		>compact
	cap-aspect -q pretty >got
	cmp got <(cap-aspect -q compact)
	run ! grep -q '": ' <(grep -v '\\": ' got)
	cap-aspect -q --gms=batch in >bodies
	python3 - <<-'END'
	import json
	want = []
	for m in map(json.loads, open("want")):
	    a = m["aspect"]
	    m["aspect"] = json.loads(a["value"]) if "value" in a else a["json"]
	    want.append(m)
	got = []
	for b in map(json.loads, open("bodies")):
	    assert set(b) == {"proposals", "async"}
	    assert 0 < len(b["proposals"]) <= 200
	    for m in b["proposals"]:
	        assert m["aspect"]["contentType"] == "application/json"
	        m["aspect"] = json.loads(m["aspect"]["value"])
	        got.append(m)
	assert got == want
	END
	[ "$(cap-aspect --array </dev/null)" = "$(printf '[\n]')" ]
}

@test "an aspect of 100 MB" {
	not_under tsan valgrind "too slow"
	make jobs 1 40000 22 >in
	[ "$(stat -c %s in)" -gt 90000000 ]
	cap-aspect -q -P1 --report=r --receipts=rec in >out
	[ "$(jq -c '.aspect.json.inputDatasets | length' out)" = 50 ]
	[ "$(jq -c '[.aspects_over_10mb, .aspects_cut]' r)" = '[1,1]' ]
	if [ "${PENSTOCK_CHECK:-plain}" = plain ]; then
		cap-aspect -q -P1 --report=r in >/dev/null
		[ "$(jq '.max_rss_bytes < 400000000' r)" = true ]
	fi
	cap-aspect --restore=rec out | cmp - in
	# folding alone is enough for 15 MiB
	cap-aspect -q --policy=all -P2 --oversubscribe in |
		jq -c '.aspect.json | [(.inputDatasets | length),
		(.fineGrainedLineages | length)]' >got
	[ "$(cat got)" = '[40000,1]' ]
}

@test "memory: at most four times the P largest aspects" {
	not_under asan tsan valgrind "their memory is another"
	# Most of a field edge's URNs stand once: the worst there is.
	make grid 2000 90 >one
	cat one one one one one one >in
	each=$(wc -c <one)
	[ "$each" -gt 15000000 ]
	for procs in 1 2 3; do
		cap-aspect -q -P$procs --oversubscribe --report=r in >out
		[ "$(wc -l <out)" = 6 ]
		jq -e --argjson most $((4 * procs * each)) \
			'.max_rss_bytes < $most' r ||
			{ jq .max_rss_bytes r; false; }
	done
}

@test "warnings and report" {
	make jobs 1 200 10 >in
	make grid 2 1 >>in
	cap-aspect --report=r in 2>said >out
	grep -q '200 inputs (more than 100), 2000 field edges (more than 1000)' \
		said
	[ "$(grep -c 'more than' said)" = 1 ]
	[ "$(jq -c '[.records,.aspects_cut,.inputs_dropped,.edges_dropped,
		.edges_folded,.warnings]' r)" = '[2,1,150,1500,1800,1]' ]
	[ "$(jq .max_aspect_size_bytes r)" = "$(python3 -c 'import json
print(len(json.dumps(json.loads(open("in").readline())["aspect"]["json"])))')" ]
	# field edges of a dataset that is no input
	tail -n 1 in | jq -c '.aspect.json.inputDatasets |= .[1:]' | cap-aspect --max-bytes=100 --policy=all \
		--oversize=pass 2>said >out
	grep -q '1 upstream fields of datasets that are no inputs' said
}

@test "usage, files and signals" {
	make small 5 >in
	status 2 cap-aspect --nonsense 2>/dev/null
	status 2 cap-aspect --max-bytes=x in 2>/dev/null
	status 2 cap-aspect --policy=x in 2>/dev/null
	status 2 cap-aspect --group-urn=x in 2>/dev/null
	status 2 cap-aspect --array --gms=batch in 2>/dev/null
	status 2 cap-aspect --restore=r --receipts=s in 2>/dev/null
	status 3 cap-aspect missing 2>/dev/null
	status 3 cap-aspect in >/dev/full 2>/dev/null
	status 3 cap-aspect --receipts=/dev/full --max-bytes=1 \
		--oversize=drop in 2>/dev/null
	cap-aspect --max-bytes=kafka -o out in
	cmp in out
	gzip -k in
	cap-aspect in.gz | cmp - in
	printf 'in\0in.gz\0' | cap-aspect --files0-from=- | cmp - <(cat in in)
	cap-aspect --help | grep -q 'restore=r.ndjson'
	# TERM: on to the end of the input
	(sleep 1; cat in) | cap-aspect >out &
	sleep 0.4
	kill -TERM $!
	wait $!
	cmp in out
}

@test "examples/post-gms.sh posts every proposal, with retries" {
	need curl
	not_under valgrind "too slow"
	make small 400 >in
	make grid 60 3 >>in
	python3 "$TOP/tests/helpers/gms_server.py" port posted &
	server=$!
	for _ in $(seq 50); do [ -s port ] && break; sleep 0.1; done
	cap-aspect -q --gms=batch in |
		RETRIES=4 WAIT=0 "$TOP/examples/post-gms.sh" \
		"http://127.0.0.1:$(cat port)"
	cap-aspect -q in | jq -r '[.entityUrn,.aspectName]|@tsv' | sort >want
	jq -r '.proposals[]|[.entityUrn,.aspectName]|@tsv' posted | sort >got
	cmp want got
}
