#!/usr/bin/env bats
# render-attrs --to=sql: run in DuckDB, ClickHouse, PostgreSQL and fakesnow,
# parsed for all; tests/long/sql-long.bats runs Databricks'.

load helper
load render/helper
load render/postgres
load render/odd

teardown() {
	stop_postgres
}

@test "DuckDB: rows and values are those of the statistics" {
	need_data tweets.ndjson github-events.ndjson amazon-cellphones.ndjson
	not_under valgrind asan tsan "the database is what takes the time"
	need_python duckdb
	odd
	"$PY" "$TOP/tests/render/sql_check.py" duckdb odd.ndjson \
		"$DATA"/{tweets,github-events,amazon-cellphones}.ndjson
}

@test "ClickHouse: rows and values are those of the statistics" {
	need_data tweets.ndjson github-events.ndjson amazon-cellphones.ndjson
	not_under valgrind asan tsan "the database is what takes the time"
	need_python chdb
	odd
	"$PY" "$TOP/tests/render/sql_check.py" clickhouse odd.ndjson \
		"$DATA"/{tweets,github-events,amazon-cellphones}.ndjson
}

@test "Snowflake, as far as fakesnow goes: rows and values too" {
	need_data tweets.ndjson github-events.ndjson amazon-cellphones.ndjson
	not_under valgrind asan tsan "the database is what takes the time"
	need_python 'snowflake-connector-python<4' fakesnow
	odd
	"$PY" "$TOP/tests/render/sql_check.py" snowflake odd.ndjson \
		"$DATA"/{tweets,github-events,amazon-cellphones}.ndjson
}

@test "keys have the same names in all tables, whatever else has them" {
	not_under valgrind asan tsan "the database is what takes the time"
	need_python duckdb
	printf '{"a b":1,"a_b":%d,"A_b":3,"x":[{"y":[{"a_b":5}]}]}\n' 1 2 >f
	SQL_OPTIONS='--key=.a_b' "$PY" "$TOP/tests/render/sql_check.py" \
		duckdb f
	SQL_OPTIONS='--key=.A_b --key=.a_b' \
		"$PY" "$TOP/tests/render/sql_check.py" duckdb f
}

@test "PostgreSQL: rows and values are those of the statistics" {
	need python3
	need_data tweets.ndjson github-events.ndjson amazon-cellphones.ndjson
	not_under valgrind asan tsan "the database is what takes the time"
	start_postgres
	odd
	python3 "$TOP/tests/render/sql_check.py" postgres odd.ndjson \
		"$DATA"/{tweets,github-events,amazon-cellphones}.ndjson
}

@test "all dialects and kinds are understood by sqlglot, broken ones not" {
	need_data tweets.ndjson
	not_under valgrind asan tsan "the parser is what takes the time"
	need_python sqlglot
	odd
	discover-attrs -q "$DATA/tweets.ndjson" >tweets.attrs
	for d in snowflake bigquery databricks redshift clickhouse duckdb \
		postgres; do
		for f in odd tweets; do
			render-attrs --to=sql --dialect=$d $f.attrs >sql
			"$PY" "$TOP/tests/render/sql_parse.py" $d sql
		done
		render-attrs --to=sql --dialect=$d --kind=table odd.attrs >sql
		"$PY" "$TOP/tests/render/sql_parse.py" $d sql
	done
	render-attrs --to=sql --dialect=snowflake --kind=dynamic-table \
		--warehouse=w --target-lag='5 minutes' odd.attrs >sql
	"$PY" "$TOP/tests/render/sql_parse.py" snowflake sql
	grep -q "DYNAMIC TABLE \"records\" TARGET_LAG = '5 minutes' WAREHOUSE = w" \
		sql
}

@test "types come from the statistics" {
	odd
	render-attrs --to=sql --dialect=snowflake odd.attrs >sql
	grep -q 'AS NUMBER(21, 0)) END AS "n_int"' sql
	grep -q 'AS NUMBER(5, 3)) END AS "f_float"' sql
	grep -q 'AS DOUBLE) END AS "e_float"' sql
	grep -q 'AS VARCHAR(20)) END AS "when_str"' sql
	grep -q 'TRY_CAST(.* AS TIMESTAMP_TZ) END AS "when_timestamp"' sql
	grep -q 'TRY_CAST(.* AS TIMESTAMP_NTZ) END AS "loc_timestamp"' sql
	grep -q 'TRY_TO_DATE(.*AS "day_date"' sql
	grep -qF "'DY MON DD HH24:MI:SS TZHTZM YYYY') END AS \"tw_timestamp\"" sql
	grep -qF "'MM/DD/YYYY') END AS \"us_date\"" sql
	run ! grep -q two_date sql # day or month first: nobody knows
	for d in 'bigquery %m/%d/%Y' 'databricks M/d/yyyy' 'duckdb %m/%d/%Y' \
		'clickhouse %c/%e/%Y'; do
		render-attrs --to=sql --dialect=${d% *} odd.attrs |
			grep 'AS .us_date' | grep -qF "'${d#* }'"
	done
	render-attrs --to=sql --dialect=redshift odd.attrs |
		grep -q 'TRY_CAST(.* AS TIMESTAMPTZ) END AS "when_timestamp"'
	discover-attrs -q --private odd.ndjson |
		render-attrs --to=sql --dialect=snowflake |
		grep -q 'AS NUMBER(38, 0)) END AS "n_int"'
	render-attrs --to=sql --dialect=redshift odd.attrs |
		grep -q 'AS VARCHAR(80)) END AS "when_str"'
}

@test "names are unique by the rule of the page" {
	long=$(printf 'k%.0s' {1..80})
	printf '{"a b":1,"a_b":2,"A-B":3,"":4,"%sx":5,"%sy":6}\n' \
		"$long" "$long" >f
	discover-attrs -q f | render-attrs --to=sql --dialect=duckdb |
		grep -o 'AS "[^"]*" /\*' | cut -d '"' -f 2 >names
	cut -c 1-20 names | head -n 4 >some
	printf '%s\n' a_b_int a_b_int_2 A_B_int_3 __int | diff - some
	awk 'length > 63 { exit 1 }' names
	[ "$(tr A-Z a-z <names | sort -u | wc -l)" = 6 ]
}

@test "keys: given, proposed, refused" {
	printf '%s\n' '{"n":1,"user_id":"a","x":[{"y":1}]}' \
		'{"n":1,"user_id":"b","x":[]}' >f
	discover-attrs -q f >f.attrs
	sql() {
		render-attrs --to=sql --dialect=duckdb "$@" f.attrs
	}
	sql | head -n 1 | grep -q '^-- key: \.user_id, proposed'
	sql | grep -q '^  "user_id_str", "x_index",$'
	sql --key=.n --key=.user_id |
		grep -q '^  "n_int", "user_id_str", "x_index",$'
	sql --key=.n --key=.n | grep -q '^  "n_int", "x_index",$'
	status 2 sql --key=.nope
	status 2 sql --key=.x
	status 2 sql --key='.x[].y'
	# counted: nearly all values are different, or it is none
	for i in {1..50}; do
		echo "{\"id\":$((i % 3)),\"code\":\"c$i\",\"x\":[{\"y\":1}]}"
	done >f
	discover-attrs -q --stats=full f >f.attrs
	sql | head -n 1 | grep -q '^-- key: \.code, proposed'
	discover-attrs -q <<<'{"x":[{"y":1}]}' >f.attrs
	sql | grep -q '^-- key: none was found'
}

@test "a table that the warehouse would not take is told" {
	for i in {1..1601}; do printf '%s"k%d":1' "$c" "$i"; c=,; done |
		sed 's/.*/{&}/' >f
	discover-attrs -q f >f.attrs
	render-attrs --to=sql --dialect=postgres f.attrs >sql 2>err
	grep -qF 'records has 1601 columns, and no table of PostgreSQL has more than 1600 (' err
	render-attrs --to=sql --dialect=duckdb f.attrs >sql 2>err
	[ ! -s err ]
	render-attrs --to=sql --dialect=postgres --exclude=.k7 f.attrs >sql \
		2>err
	[ ! -s err ]
}

@test "sql: what is refused" {
	odd
	status 2 render-attrs --to=sql odd.attrs
	status 2 render-attrs --to=sql --dialect=nope odd.attrs
	status 2 render-attrs --to=sql --dialect=duckdb --kind=dynamic-table \
		--warehouse=w odd.attrs
	status 2 render-attrs --to=sql --dialect=snowflake \
		--kind=dynamic-table odd.attrs
	status 2 render-attrs --to=sql --dialect=duckdb --rename=s/a/b/ \
		odd.attrs
	status 2 render-attrs --to=tree --dialect=duckdb odd.attrs
	render-attrs --to=sql --dialect=duckdb --source=db.events --column=c \
		--table=t odd.attrs >sql
	grep -q '^CREATE OR REPLACE VIEW "t_o_rders" AS$' sql
	grep -qF '"c" AS v FROM db.events' sql
}
