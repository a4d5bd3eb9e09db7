#!/usr/bin/env bats
# Hadoop Streaming: examples/engines/hadoop.sh with Hadoop's own jar, its jobs
# in one process ("local").

load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	not_under asan tsan valgrind "it is the engine that is tried here"
	need java
	need_jars
	mkdir conf
	cat >conf/log4j.properties <<-'L'
	log4j.rootLogger=INFO,err
	log4j.appender.err=org.apache.log4j.ConsoleAppender
	log4j.appender.err.target=System.err
	log4j.appender.err.layout=org.apache.log4j.PatternLayout
	log4j.appender.err.layout.ConversionPattern=%p %m%n
	L
	settings >conf/core-site.xml
	local java="java -Xmx512m -cp $PWD/conf:$jars/*"
	export STREAMING="$java org.apache.hadoop.streaming.HadoopStreaming"
	export HDFS="$java org.apache.hadoop.fs.FsShell"
	set -f	# of "jars/*" Java makes the list
}

# $jars: Hadoop's, from Maven's repository; once.
need_jars() {
	jars=$B/hadoop
	[ ! -e "$jars/ready" ] || return 0
	need mvn
	rm -rf "$jars"
	mkdir -p "$jars"
	timeout 500 mvn -B -q -f "$TOP/tests/engines/hadoop.xml" \
		dependency:copy-dependencies -DincludeScope=runtime \
		-DoutputDirectory="$jars" >"$B/hadoop.log" 2>&1 ||
		skip "Hadoop's jars cannot be had ($(grep -m1 ERROR \
			"$B/hadoop.log"))"
	: >"$jars/ready"
}

# One process; blocks that are smaller than the files, so that these are split.
settings() {
	local setting
	echo '<configuration>'
	for setting in mapreduce.framework.name=local fs.defaultFS=file:/// \
		hadoop.tmp.dir="$PWD/tmp" fs.local.block.size=20000; do
		echo "<property><name>${setting%%=*}</name>"
		echo "<value>${setting#*=}</value></property>"
	done
	echo '</configuration>'
}

data() {
	mkdir in
	for ((i = 0; i < 3000; i++)); do
		printf '{"id":%d,"a":{"k%d":[%d,"x"]},"s":"ä\\t\\u0001"}\n' $i \
			$((i % 9)) $i
	done | tee in/a.ndjson | gzip >in/b.ndjson.gz
	# what a reader of text could trip over, and no newline at the end
	printf '{"bad":\n\n{"u":"\xff"}\r\n{"a":\r1,\t"b":2}\n{"last":1}' \
		>in/c.ndjson
	(cat in/a.ndjson; zcat in/b.ndjson.gz; cat in/c.ndjson) >all
}

# counter NAME : what it came to in all of the job, in ./said
counter() {
	sed -n "s/^[[:space:]]*$1=//p" said | tail -n 1
}

@test "mappers, combiners, a reducer: the bytes of one run, and counters" {
	data
	bash -f "$TOP/examples/engines/hadoop.sh" "$PWD/in" "$PWD/out" \
		--stats=full --values=3 >got 2>said || { tail -n 30 said; false; }
	discover-attrs -q --no-first --stats=full --values=3 all >want \
		2>/dev/null
	cmp want got
	[ "$(counter records)" = 6002 ]
	[ "$(counter rejected)" = 2 ]
	[ "$(counter blank)" = 1 ]
	[ "$(counter bytes)" = "$(head -n1 want | jq .scan.bytes)" ]
	# a mapper gives one: there were more than files
	[ "$(counter 'Map output records')" -gt 3 ]
}

@test "a mapper that is killed: the job fails, and there is no result" {
	data
	mkdir deadly
	cat >deadly/discover-attrs <<-S
	#!/bin/sh
	mkdir "$PWD/first" 2>/dev/null || kill -9 \$\$
	exec "$BIN/discover-attrs" "\$@"
	S
	chmod +x deadly/discover-attrs
	PATH=$PWD/deadly:$PATH run ! bash -f \
		"$TOP/examples/engines/hadoop.sh" "$PWD/in" "$PWD/out"
	[[ $output == *"subprocess failed with code 137"* ]]
	[ ! -e out/_SUCCESS ]
}
