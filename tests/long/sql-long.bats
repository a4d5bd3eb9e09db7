#!/usr/bin/env bats
# render-attrs --to=sql: what takes databases long; make check-sql.

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

@test "ClickHouse: the tables of 15,000 attributes" {
	not_under valgrind asan tsan "the database is what takes the time"
	need_data iglu-schemas.ndjson
	need_python chdb
	odd
	"$PY" "$TOP/tests/render/sql_check.py" clickhouse odd.ndjson \
		"$DATA/iglu-schemas.ndjson"
}
