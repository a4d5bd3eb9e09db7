#!/usr/bin/env bats
# render-attrs --to=sql --dialect=databricks, run under Spark: make check-sql.

load ../helper
load ../render/helper
load ../render/odd

@test "Databricks, under Spark: rows and values are those of the statistics" {
	not_under valgrind asan tsan "the database is what takes the time"
	need java
	need_data tweets.ndjson github-events.ndjson amazon-cellphones.ndjson
	need_python pyspark
	odd
	"$PY" "$TOP/tests/render/sql_check.py" databricks odd.ndjson \
		"$DATA"/{tweets,github-events,amazon-cellphones}.ndjson
}
