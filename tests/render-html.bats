#!/usr/bin/env bats
# render-attrs --to=html: used in a real browser, compared with the lines.

load helper

# page FILE : makes FILE.html from FILE.attrs and uses it.
page() {
	need chromium chromedriver
	render-attrs --to=html -o "$1.html" "$1.attrs"
	python3 "$TOP/tests/browser/page.py" "$1.html" "$1.attrs" >problems ||
		{ cat problems; return 1; }
	[ ! -s problems ]
}

@test "the page of the bundled example: search, keys, treemap, colours" {
	not_under asan tsan valgrind "the browser is what is tested"
	discover-attrs -o f.attrs "$TOP/examples/orders.ndjson"
	page f
}

@test "the page of 15,000 attributes: under 1 MB, few rows in the document" {
	need_data iglu-schemas.ndjson
	not_under asan tsan valgrind "the browser is what is tested"
	discover-attrs -o f.attrs "$DATA/iglu-schemas.ndjson"
	page f
	[ "$(stat -c %s f.html)" -lt 1000000 ]
}

@test "keys that would end the script, quotes, lone surrogates, empty ones" {
	not_under asan tsan valgrind "the browser is what is tested"
	cat >f <<-'E'
	{"</script><b>":1,"<!--":{"":[{"a b":null}]},"\"q\\":"x","\ud800":1}
	{"</script><b>":"t","<!--":{"":[[1],[]]},"j":"{\"in\":[1,{\"k\":2}]}"}
	E
	discover-attrs -o f.attrs f
	page f
	run ! grep -i '</script><b>' f.html
}

@test "one file, the same bytes again, nothing from elsewhere" {
	discover-attrs -o f.attrs "$TOP/examples/orders.ndjson"
	render-attrs --to=html f.attrs >a.html
	render-attrs --to=html f.attrs >b.html
	cmp a.html b.html
	run ! grep -nE '(src|href)="[^d]' a.html
	grep -q "default-src 'none'" a.html
	status 3 render-attrs --to=html f.attrs >/dev/full
}

@test "no records: a page that says so" {
	: | discover-attrs >f.attrs
	render-attrs --to=html f.attrs >f.html
	grep -q '"rows":\[\]' f.html
}
