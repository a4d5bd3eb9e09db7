#!/usr/bin/env bats
# cap-aspect: limits, folding, policies, against tests/oracle/cap_check.py.
load helper

make() {
	python3 "$TOP/tests/oracle/cap_make.py" "$@"
}

# check JSON FILE OPTION... : what it makes of FILE is what the oracle says.
check() {
	local json=$1 file=$2
	shift 2
	cap-aspect -q --oversize=pass "$@" "$file" >"$file.out"
	python3 "$TOP/tests/oracle/cap_check.py" "$json" "$file" "$file.out"
}

# one aspect of $1 inputs with $2 columns each, and what came out of it
counts() {
	jq -r '.aspect.json | [(.inputDatasets + .upstreams | length),
		([.fineGrainedLineages[]? | (.upstreams | length) *
		(.downstreams | length)] | add // 0)] | @tsv' "$1"
}

@test "a proposal within limits passes byte for byte" {
	make small 300 >in
	make random 7 100 >>in
	printf '  {"entityType":"a","entityUrn":"u","changeType":"UPSERT","aspectName":"n" , "aspect":{"json":{"x":1.50}}}\t\r\n' >>in
	printf '{"entityType":"a","entityUrn":"u","changeType":"DELETE"}' >>in
	cap-aspect in >out
	{ cat in; echo; } | cmp - out
	[ -z "$(cap-aspect </dev/null)" ]
}

@test "inputs: at the limit and one beyond" {
	make grid 50 3 >at
	make grid 51 3 >beyond
	cap-aspect -q at | cmp - at
	cap-aspect -q beyond >out
	[ "$(counts out)" = "50	150" ]
	cap-aspect -q --max-inputs=51 beyond | cmp - beyond
	cap-aspect -q --max-inputs=0 beyond | cmp - beyond
	make upstreams 51 2 >up
	[ "$(cap-aspect -q up | counts /dev/stdin)" = "50	100" ]
}

@test "field edges: at the limit and one beyond; fields of one lineage" {
	make grid 10 100 >at
	cap-aspect -q at | cmp - at
	[ "$(cap-aspect -q --max-fine-grained=999 at |
		counts /dev/stdin)" = "10	900" ]
	make grid 20 4 >wide
	cap-aspect -q --max-fields=20 wide | cmp - wide
	[ "$(cap-aspect -q --max-fields=19 wide |
		counts /dev/stdin)" = "20	76" ]
	cap-aspect -q --max-total-edges=101 wide | cmp - wide
	[ "$(cap-aspect -q --max-total-edges=100 wide |
		counts /dev/stdin)" = "20	76" ]
}

@test "outputs: their limit takes their field edges with them" {
	jq -cn '{entityType:"dataJob",entityUrn:"u",changeType:"UPSERT",
		aspectName:"dataJobInputOutput",aspect:{json:{inputDatasets:["i"],
		outputDatasets:["b","a","c"],fineGrainedLineages:["a","b","c"]|
		map({upstreams:["urn:li:schemaField:(i,f)"],
		downstreams:["urn:li:schemaField:(\(.),g)"]})}}}
		| .aspect.json.fineGrainedLineages |= map(.)' >in
	sed -i 's/\["b","a","c"\],"fine/["b","a","c"],"fine/' in
	cap-aspect -q --max-outputs=3 in | cmp - in
	cap-aspect -q --max-outputs=2 in >out
	[ "$(jq -c .aspect.json.outputDatasets out)" = '["a","c"]' ]
	[ "$(jq -c '[.aspect.json.fineGrainedLineages[].downstreams[]]' out)" = \
		'["urn:li:schemaField:(a,g)","urn:li:schemaField:(c,g)"]' ]
}

@test "limits collide: 50 inputs x 40 columns" {
	make grid 50 40 >in
	check '{}' in
	[ "$(counts in.out)" = "50	1000" ]
	check '{"inputs":30,"fine":1000,"fields":20}' in --max-inputs=30 \
		--max-fields=20
	[ "$(counts in.out)" = "30	800" ]
	for bytes in 20000 40000 60000; do
		check "{\"bytes\":$bytes}" in --max-bytes=$bytes
		check "{\"bytes\":$bytes,\"policy\":\"all\"}" in \
			--max-bytes=$bytes --policy=all
	done
}

@test "bytes: less than the limit, in Python's measure, is kept" {
	make grid 20 10 >in
	size=$(python3 -c 'import json,sys
a=json.load(open("in"))["aspect"]["json"]
print(len(json.dumps(a)) + 24*len(a["fineGrainedLineages"]))')
	cap-aspect -q --max-bytes=$((size + 1)) in | cmp - in
	cap-aspect -q --max-bytes="$size" --receipts=r in >out
	[ "$(jq -c '.bytes[0]' r)" = "$size" ]
	[ "$(jq .action r)" = '"cut"' ]
	[ "$(jq '.bytes[1] < .bytes[0]' r)" = true ]
}

@test "every policy, over random aspects, is what the oracle says" {
	for seed in 11 12; do
		make random $seed 120 >in
		check '{"inputs":5,"fine":8}' in --max-inputs=5 \
			--max-fine-grained=8
		check '{"inputs":3,"fine":4,"fields":2,"total":8}' in \
			--max-inputs=3 --max-fine-grained=4 --max-fields=2 \
			--max-total-edges=8
		check '{"inputs":4,"fine":6,"bytes":1200}' in --max-inputs=4 \
			--max-fine-grained=6 --max-bytes=1200
		check '{"policy":"fields","inputs":4,"fine":6}' in \
			--max-inputs=4 --max-fine-grained=6 --policy=fields
		check '{"policy":"group","inputs":4,"fine":6}' in \
			--max-inputs=4 --max-fine-grained=6 --policy=group
		check '{"policy":"all","inputs":4,"bytes":1500}' in \
			--max-inputs=4 --policy=all --max-bytes=1500
		check '{"policy":"truncate","inputs":9,"fine":9,"bytes":2000}' \
			in --max-inputs=9 --max-fine-grained=9 \
			--policy=truncate --max-bytes=2000
		check '{"policy":"truncate","total":5}' in --policy=truncate \
			--max-total-edges=5
	done
}

@test "each policy: at its limits nothing changes, one beyond it does" {
	make grid 7 5 >in
	size=$(python3 -c 'import json
a=json.load(open("in"))["aspect"]["json"]
print(len(json.dumps(a)) + 24*len(a["fineGrainedLineages"]))')
	local limits=(max-inputs:inputs:7 max-fine-grained:fine:35
		max-fields:fields:7 max-total-edges:total:43
		max-bytes:bytes:$((size + 1)))
	for policy in sample fields group truncate all; do
		for limit in "${limits[@]}"; do
			IFS=: read -r option name n <<<"$limit"
			cap-aspect -q --policy=$policy --$option=$n in |
				cmp - in
			check "{\"policy\":\"$policy\",\"$name\":$((n - 1))}" in \
				--policy=$policy --$option=$((n - 1))
			case $policy:$name in
			all:bytes | [!a]*) run ! cmp -s in in.out ;;
			*) cmp in in.out ;;
			esac
		done
	done
	# two outputs
	jq -c '.aspect.json.outputDatasets += ["urn:li:dataset:(p,z,PROD)"]' in \
		>two
	for policy in sample fields group truncate; do
		cap-aspect -q --policy=$policy --max-outputs=2 two | cmp - two
		cap-aspect -q --policy=$policy --max-outputs=1 two >out
		[ "$(jq '.aspect.json.outputDatasets | length' out)" = 1 ]
	done
}

@test "folding keeps the set of edges" {
	make jobs 2 40 16 >in
	make random 5 150 >>in
	for fold in jobs all none; do
		check "{\"fold\":\"$fold\",\"bytes\":900,\"inputs\":0,\"fine\":0}" \
			in --fold=$fold --max-bytes=900 --max-inputs=0 \
			--max-fine-grained=0
	done
	# no limit but bytes, and folding is enough: no edge is lost
	cap-aspect -q --max-inputs=0 --max-fine-grained=0 --max-fields=0 \
		--max-bytes=50000 --receipts=r in >out
	[ "$(jq -s 'map(select(.action == "fold")) | length' r)" = 2 ]
	python3 - <<-'END'
	import json
	def edges(line):
	    a = json.loads(line)["aspect"]["json"]
	    return {(u, d) for g in a["fineGrainedLineages"]
	            for u in g["upstreams"] for d in g["downstreams"]}
	for b, a in list(zip(open("in"), open("out")))[:2]:
	    assert a != b and edges(a) == edges(b) and len(edges(a)) == 640
	END
}

@test "strata are the containers seen earlier in the stream" {
	make grid 60 1 >job
	# nothing known: by name; then every third one in a container
	jq -r '.aspect.json.inputDatasets[]' job | awk 'NR % 3 == 0 {
		printf "{\"entityType\":\"dataset\",\"entityUrn\":\"%s\",\"changeType\":\"UPSERT\",\"aspectName\":\"container\",\"aspect\":{\"json\":{\"container\":\"urn:li:container:%d\"}}}\n", $0, NR % 2}' >containers
	cat containers job >after
	cat job containers >before
	for f in after before; do
		check '{"inputs":30}' $f --max-inputs=30
	done
	run ! cmp -s <(tail -n 1 after.out) <(head -n 1 before.out)
	# a batch for every few lines, and threads: the same bytes
	for _ in 1 2 3; do cat before after; done >in
	cap-aspect -q -P1 --max-inputs=30 in >want
	cap-aspect -q -P4 --oversubscribe --max-inputs=30 in | cmp - want
}

@test "one URN more changes at most one kept" {
	python3 - <<-'END'
	import json, random, subprocess
	r = random.Random(3)
	def line(urns):
	    return json.dumps({"entityType": "dataJob", "entityUrn": "u",
	        "changeType": "UPSERT", "aspectName": "dataJobInputOutput",
	        "aspect": {"json": {"inputDatasets": urns,
	                            "outputDatasets": []}}}) + "\n"
	def urn():
	    return "urn:li:dataset:(urn:li:dataPlatform:x,s%d.%x,PROD)" % (
	        r.randrange(6), r.randrange(10**9))
	lists = []
	urns = [urn() for _ in range(51)]
	for _ in range(300):
	    lists.append(list(urns))
	    urns.insert(r.randrange(len(urns) + 1), urn())
	out = subprocess.run(["cap-aspect", "-q"], check=True, text=True,
	    input="".join(map(line, lists)), stdout=subprocess.PIPE).stdout
	kept = [set(json.loads(l)["aspect"]["json"]["inputDatasets"])
	        for l in out.splitlines()]
	assert all(len(k) == 50 for k in kept)
	assert max(len(a - b) for a, b in zip(kept, kept[1:])) == 1
	END
}

@test "one dataset wider than the limit keeps what fits" {
	make upstreams 1 1200 >in
	cap-aspect -q in >out
	[ "$(counts out)" = "1	1000" ]
	make grid 1 30 >in
	[ "$(cap-aspect -q --max-fine-grained=7 in |
		counts /dev/stdin)" = "1	7" ]
}

@test "sizes are Python's for random values" {
	python3 - <<-'END'
	import json, random, subprocess, sys
	sys.path.insert(0, "")
	r = random.Random(5)
	parts = ["", "k", "é", "€", "\U0001f600", "\x7f", "\n", '"', "\\", "\ud800",
	         "0123456789abcdef", "\0", " ", "\u2028"]
	def value(d=0):
	    k = r.randrange(8 if d < 5 else 5)
	    if k < 2:
	        return "".join(r.choice(parts) for _ in range(r.randrange(9)))
	    if k < 5:
	        return r.choice([None, True, 0, -7, 1.5, 10**30, 123456])
	    if k == 5:
	        return [value(d + 1) for _ in range(r.randrange(5))]
	    return {r.choice(parts) + str(i): value(d + 1)
	            for i in range(r.randrange(5))}
	def no_nulls(v):
	    if isinstance(v, dict):
	        return {k: no_nulls(x) for k, x in v.items() if x is not None}
	    return [no_nulls(x) for x in v] if isinstance(v, list) else v
	want, lines = [], []
	for i in range(2000):
	    v = {"v": value()}
	    want.append(len(json.dumps(no_nulls(v))))
	    raw = json.dumps(v, ensure_ascii=bool(i & 1),
	                     indent=None, separators=(",", ":") if i & 2 else None)
	    try:
	        raw.encode()
	    except UnicodeEncodeError:
	        raw = json.dumps(v)
	    if i & 4:
	        raw = raw.replace("/", "\\/").replace("k", "\\u006b")
	    lines.append('{"entityType":"e","entityUrn":"u","changeType":"UPSERT",'
	                 '"aspectName":"n","aspect":{"json":%s}}\n' % raw)
	# every one is over one byte, and its receipt has the size
	subprocess.run(["cap-aspect", "-q", "--max-bytes=1", "--oversize=drop",
	                "--receipts=r"], input="".join(lines).encode(), check=True)
	got = [json.loads(l)["bytes"][0] for l in open("r")]
	assert got == want, [(g, w) for g, w in zip(got, want) if g != w][:5]
	END
}

@test "-P changes nothing: output, errors, receipts, messages" {
	{ make random 21 200; make small 500; echo '{"bad'; make jobs 20 60
	  make small 500; } >in
	opts=(--max-inputs=7 --max-fine-grained=20 --max-bytes=3000)
	status 1 cap-aspect -P1 "${opts[@]}" --errors=e1 --receipts=r1 in \
		>o1 2>m1
	status 1 cap-aspect -P3 --oversubscribe "${opts[@]}" --errors=e3 \
		--receipts=r3 in >o3 2>m3
	cmp o1 o3
	cmp e1 e3
	cmp r1 r3
	cmp m1 m3
	for kernel in portable avx2; do
		PENSTOCK_KERNEL=$kernel status 1 cap-aspect "${opts[@]}" in \
			>o 2>m || grep -q 'cannot run' m
		grep -q 'cannot run' m || cmp o o1
	done
}
