#!/usr/bin/env bats
# Input that means ill.
load helper

# ESC [ 2 J, the C1 form of it, a right-to-left
# override, isolates, a line separator, an Arabic letter mark, BEL, DEL.
NASTY=$'\e[2J\u009b2J\u202e\u2066\u2069\u2028\u061c\u200f\a\x7f'

# clean FILE : nothing in it that moves a terminal.
clean() {
	python3 - "$1" <<-'END'
	import sys
	text = open(sys.argv[1], encoding='utf-8').read().replace('\n', '')
	bad = [c for c in text if ord(c) < 32 or 127 <= ord(c) < 160 or
	       c in '\u061c\u200e\u200f' or '\u2028' <= c <= '\u202e' or
	       '\u2066' <= c <= '\u2069']
	sys.exit(repr(bad) if bad else 0)
	END
}

@test "names of files and members cannot move the terminal" {
	python3 - "$NASTY" <<-'END' >"bad$NASTY"
	import json, sys
	print(json.dumps({sys.argv[1]: {'x' + sys.argv[1]: 1}}))
	print('{' + sys.argv[1])
	END
	discover-attrs "bad$NASTY" >attrs 2>said
	[ -s said ]
	clean said
	discover-attrs "none$NASTY" 2>said >none || true
	[ -s said ]
	clean said
	for program in merge-attrs render-attrs build-lineage cap-aspect; do
		run -3 --separate-stderr "$program" "none$NASTY"
		# shellcheck disable=SC2154 # by run
		printf '%s\n' "$stderr" >said
		clean said
	done
	render-attrs attrs >tree
	clean tree
	render-attrs --to=summary attrs >tree
	clean tree
}

# peak COMMAND... : the most memory that it held, in KiB.
peak() {
	/usr/bin/env python3 - "$@" <<-'END'
	import os, resource, sys
	pid = os.spawnvp(os.P_NOWAIT, sys.argv[1], sys.argv[1:])
	if os.waitpid(pid, 0)[1]:
	    sys.exit('failed')
	print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
	END
}

@test "what unpacks to a thousand times its size takes no memory" {
	not_under asan tsan valgrind "memory is measured"
	need zstd
	yes '{"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}' |
		head -c 200M | head -n -1 >big
	gzip -9 -c big >big.gz
	zstd -q -19 --long=20 -c big >big.zst
	rm big
	for file in big.gz big.zst; do
		[ "$(peak discover-attrs -q -P1 -o out "$file")" -lt 65536 ]
	done
	# one line of it: refused where it is longer than records may be
	head -c 200M /dev/zero | tr '\0' '[' | gzip -9 >line.gz
	[ "$(peak discover-attrs -q -P1 --max-record=1M -o out line.gz \
		2>/dev/null)" -lt 65536 ]
	[ "$(head -n 1 out | jq .scan.rejected)" = 1 ]
}

@test "output is the same whatever the seed of the hash" {
	python3 -c 'print("{" + ",".join("\"k%d\":%d" % (i * 7919, i)
		for i in range(50000)) + "}")' >flood
	for i in 1 2 3; do
		discover-attrs -q flood | md5sum
	done | uniq | wc -l >n
	[ "$(cat n)" = 1 ]
}

@test "links that lie in the way are not written through" {
	echo mine >victim
	echo '{"a":1}' >in
	# -o: the link is replaced or followed on purpose, the temporary
	# name is never one that another has laid
	for i in 0 1 2; do
		ln -s victim "out.$$-$i.tmp"
	done
	discover-attrs -q -o out in
	[ "$(cat victim)" = mine ]
	[ ! -L out ]
	jq -e . out >/dev/null
	ln -s victim state.tmp
	split-batches -q --state=state in >/dev/null
	[ "$(cat victim)" = mine ]
	[ -f state ]
}

@test "deep records, and JSON in JSON in JSON, end at the limits" {
	python3 - <<-'END' >in
	import json
	print('[' * 100000 + ']' * 100000)
	text = '{"a":1}'
	for _ in range(14):
	    text = json.dumps({'a': text})
	print(text)
	END
	discover-attrs -q in >out 2>said
	[ "$(head -n 1 out | jq -c '[.scan.records,.scan.rejected]')" = '[1,1]' ]
	[ "$(tail -n +2 out | jq '[.steps[] | select(. == null)] | length' |
		sort -n | tail -n 1)" = 8 ]
}

@test "the filters need no network" {
	unshare -rn true 2>/dev/null || skip "no name spaces for users here"
	echo '{"a":[1,"x"]}' >in
	unshare -rn bash -e <<-'END'
	split-batches -P2 in -- discover-attrs -q --no-first | merge-attrs >sum
	diff-attrs sum sum >drift
	render-attrs sum >tree
	cap-aspect </dev/null >capped
	END
	discover-attrs -q --no-first <in | cmp - sum
}

@test "the unit of examples/systemd is one" {
	need systemd-analyze
	sed 's,discover-attrs,/bin/true,' \
		"$TOP/examples/systemd/penstock-scan.service" >some.service
	run systemd-analyze verify ./some.service
	run ! grep -iE 'some.service.*(unknown|invalid|failed to parse)' \
		<<<"$output"
}
