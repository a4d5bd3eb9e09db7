#!/usr/bin/env bats
# Apache Spark: examples/engines/spark.py, in one process and in a cluster of
# two workers.

load ../helper
load ../render/helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	not_under asan tsan valgrind "it is the engine that is tried here"
	need java
	need_python pyspark
	export PYSPARK_PYTHON=$PY SPARK_LOCAL_IP=127.0.0.1
	export SPARK_LOCAL_DIRS=$PWD/spark SPARK_WORKER_DIR=$PWD/work
	mkdir in
	for ((i = 0; i < 3000; i++)); do
		printf '{"id":%d,"a":{"k%d":[%d,"x"]},"s":"ä\\t\\u0001"}\n' $i \
			$((i % 9)) $i
	done | tee in/a.ndjson | gzip >in/b.ndjson.gz
	printf '{"bad":\n\n{"a":\r1,\t"b":2}\r\n{"last":1}' >in/c.ndjson
	: >in/empty.ndjson
}

# submit MASTER ARG... : the log goes to ./said
submit() {
	local master=$1
	shift
	"${PY%/*}/spark-submit" --master "$master" --driver-memory 512m \
		--conf spark.ui.enabled=false \
		--conf spark.executor.memory=512m \
		"$TOP/examples/engines/spark.py" "$@" 2>said
}

@test "pipe and tree of merges: the bytes of one run" {
	submit 'local[2]' records got "$PWD/in/*" --stats=full --values=3 ||
		{ tail said; false; }
	(cat in/a.ndjson; zcat in/b.ndjson.gz; cat in/c.ndjson) |
		discover-attrs -q --no-first --stats=full --values=3 >want \
		2>/dev/null
	cmp want got
}

@test "ranges on two workers: the bytes of one run, places and all" {
	submit 'local-cluster[2,1,512]' ranges 7 got "$PWD"/in/* ||
		{ tail said; false; }
	discover-attrs -q "$PWD"/in/* 2>/dev/null | cmp - got
}

@test "a worker that is killed: the job fails, and there is no result" {
	mkdir deadly
	cat >deadly/discover-attrs <<-S
	#!/bin/sh
	mkdir "$PWD/first" 2>/dev/null || {
		"$BIN/discover-attrs" "\$@"
		kill -9 \$\$
	}
	exec "$BIN/discover-attrs" "\$@"
	S
	chmod +x deadly/discover-attrs
	PATH=$PWD/deadly:$PATH
	run ! submit 'local[2]' records got "$PWD/in/*"
	grep -q 'Pipe function' said
	[ ! -e got ]
}
