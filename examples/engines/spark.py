#!/usr/bin/env python3
"""The attributes of files, by Apache Spark.

    spark-submit spark.py records OUT INPUT [OPTION...]
    spark-submit spark.py ranges N OUT FILE...

records: Spark reads INPUT (a path, a pattern, an URL that Hadoop knows) and
pipes each partition through discover-attrs.  The result is that of
"cat INPUT | discover-attrs --no-first OPTION...".  Spark decodes text: what is
not UTF-8 arrives mended, and is not rejected.

ranges: for FILEs that all nodes see.  N tasks read a range each, and nothing
but results goes through Spark.  The result is that of "discover-attrs FILE...",
places and all.

discover-attrs and merge-attrs are in the PATH of all nodes.  A worker that
fails, is killed or is stopped early fails its task: no part is lost unseen.
"""
import os
import shlex
import subprocess
import sys

from pyspark.sql import SparkSession

TEXT = "org.apache.hadoop.mapreduce.lib.input.TextInputFormat"


def run(command, data=b""):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE,
                          check=True).stdout


def merge(a, b):
    return run(["merge-attrs"], a + b)


def records(sc, pattern, options):
    # Only "\n" ends a record: Spark's own textFile() cuts at "\r" too.
    lines = sc.newAPIHadoopFile(
        pattern, TEXT, "org.apache.hadoop.io.LongWritable",
        "org.apache.hadoop.io.Text",
        conf={"textinputformat.record.delimiter": "\n"}).values()
    command = ["discover-attrs", "-q", "-P1", "--no-first", *options]
    # checkCode: without it Spark takes what a worker wrote before it died.
    # The environment of a piped command is empty but for this.
    partials = lines.pipe(shlex.join(command), checkCode=True,
                          env={"PATH": os.environ["PATH"]})
    return partials.glom().map(
        lambda part: "".join(line + "\n" for line in part).encode())


def ranges(sc, n, files):
    command = ["discover-attrs", "-q", "-P1"]
    return sc.parallelize(range(1, n + 1), n).map(
        lambda i: run([*command, f"--range={i}/{n}", *files]))


def main():
    how, *args = sys.argv[1:]
    sc = SparkSession.builder.appName("discover-attrs").getOrCreate() \
        .sparkContext
    if how == "records":
        out, pattern, *options = args
        partials = records(sc, pattern, options)
    elif how == "ranges":
        n, out, *files = args
        partials = ranges(sc, int(n), files)
    else:
        sys.exit(__doc__)
    # In a tree, on the nodes; the driver gets the last few.
    result = partials.treeReduce(merge)
    with open(out, "wb") as f:
        f.write(result)


if __name__ == "__main__":
    main()
