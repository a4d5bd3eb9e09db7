#!/bin/sh
# hadoop.sh INPUT FOLDER [OPTION...] -- the attributes of INPUT by Hadoop
# Streaming, on stdout; FOLDER is where Hadoop leaves its result.
#
# discover-attrs and merge-attrs are in the PATH of all nodes (or send them
# along: -files).  The result is that of
# "cat INPUT | discover-attrs --no-first OPTION...".  Rejected records are in
# the job's counters.
#
#	hadoop.sh '/logs/2026/*' /tmp/scan --stats=full >all.attrs
set -eu
input=$1 folder=$2
shift 2

# Only a newline ends a record: by itself Hadoop cuts at "\r" too.
newline='
'
# Words of OPTIONs have neither spaces nor quotes: Hadoop takes lines apart.
${STREAMING:-mapred streaming} \
	-D mapreduce.job.name=discover-attrs \
	-D mapreduce.job.reduces=1 \
	-D textinputformat.record.delimiter="$newline" \
	-input "$input" -output "$folder" \
	-mapper "discover-attrs -q -P1 --hadoop $*" \
	-combiner "merge-attrs --hadoop" \
	-reducer "merge-attrs --hadoop" >&2

# One line of key and value; merge-attrs takes it apart.
part=$(mktemp)
trap 'rm -f "$part"' EXIT
${HDFS:-hdfs dfs} -cat "$folder/part-*" >"$part"
merge-attrs "$part"
