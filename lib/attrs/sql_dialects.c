/*
 * sql_dialects -- the table of sql_dialect.h.
 *
 * Sources: the manuals of the warehouses.  DuckDB's, PostgreSQL's, ClickHouse's
 * and Databricks' (under Spark) texts are run by the tests, Snowflake's under
 * fakesnow, the others' are parsed.
 */
#include "attrs/sql_dialect.h"

#define VIEW "CREATE OR REPLACE VIEW $v AS"
#define TABLE "CREATE TABLE $v AS"
#define INT_TEXT "'^-?[0-9]+$'"

const struct sql_dialect sql_dialects[SQL_COUNT] = {
	[SQL_SNOWFLAKE] = {
		.name = "Snowflake",
		.quote = '"', .key = KEY_BACKSLASH, .get = "$v[$k]",
		.is = {"TYPEOF($v) = 'VARCHAR'", "TYPEOF($v) = 'INTEGER'",
		       "TYPEOF($v) IN ('DECIMAL', 'DOUBLE')",
		       "TYPEOF($v) = 'BOOLEAN'", "TYPEOF($v) = 'OBJECT'",
		       "TYPEOF($v) = 'ARRAY'", NULL, NULL},
		.text = "$v::VARCHAR", .number = "$v",
		.cast = "CAST($v AS $t)", .boolean = "CAST($v AS BOOLEAN)",
		.parse = "IFF(TYPEOF($v) = 'VARCHAR', "
			 "TRY_PARSE_JSON($v::VARCHAR), NULL)",
		.items = "IFF(TYPEOF($v) = 'ARRAY', $v, NULL)",
		.explode = "SELECT $cf.value AS v, f.index AS $i FROM $e, "
			   "LATERAL FLATTEN(INPUT => $e.items) AS f",
		/* its arrays with a type are not for dynamic tables */
		.array = "CAST($v AS ARRAY)",
		.number_is = "TYPEOF($v) IN ('INTEGER', 'DECIMAL', 'DOUBLE')",
		.date = "TRY_TO_DATE($v)", .local = "TRY_CAST($v AS TIMESTAMP_NTZ)",
		.zoned = "TRY_CAST($v AS TIMESTAMP_TZ)", .layouts = LAYOUT_MODEL,
		.date_as = "TRY_TO_DATE($v, $f)",
		.local_as = "TRY_TO_TIMESTAMP_NTZ($v, $f)",
		.zoned_as = "TRY_TO_TIMESTAMP_TZ($v, $f)",
		.bool_type = "BOOLEAN",
		.string_type = "VARCHAR(", .decimal_type = "NUMBER(",
		.double_type = "DOUBLE", .string_max = 16777216,
		.digits_max = 38, .view = VIEW, .table = TABLE
	},
	[SQL_BIGQUERY] = {
		.name = "BigQuery",
		.quote = '`', .key = KEY_BACKSLASH, .get = "$v[$k]",
		.is = {"JSON_TYPE($v) = 'string'",
		       "JSON_TYPE($v) = 'number' AND "
		       "REGEXP_CONTAINS(TO_JSON_STRING($v), " INT_TEXT ")",
		       "JSON_TYPE($v) = 'number' AND NOT "
		       "REGEXP_CONTAINS(TO_JSON_STRING($v), " INT_TEXT ")",
		       "JSON_TYPE($v) = 'boolean'", "JSON_TYPE($v) = 'object'",
		       "JSON_TYPE($v) = 'array'", NULL, NULL},
		.text = "JSON_VALUE($v)", .number = "JSON_VALUE($v)",
		.cast = "CAST($v AS $t)", .boolean = "BOOL($v)",
		.parse = "IF(JSON_TYPE($v) = 'string', "
			 "SAFE.PARSE_JSON(JSON_VALUE($v)), NULL)",
		.items = "JSON_QUERY_ARRAY($v)",
		.explode = "SELECT $cv, $i FROM $e CROSS JOIN "
			   "UNNEST($e.items) AS v WITH OFFSET AS $i",
		.array = "ARRAY(SELECT CAST(JSON_VALUE(x) AS $t) FROM "
			 "UNNEST(JSON_QUERY_ARRAY($v)) AS x WITH OFFSET AS n "
			 "ORDER BY n)", .array_no_nulls = true,
		.date = "SAFE_CAST($v AS DATE)",
		.local = "SAFE_CAST($v AS DATETIME)",
		.zoned = "SAFE_CAST($v AS TIMESTAMP)", .layouts = LAYOUT_C,
		.date_as = "SAFE.PARSE_DATE($f, $v)",
		.local_as = "SAFE.PARSE_DATETIME($f, $v)",
		.zoned_as = "SAFE.PARSE_TIMESTAMP($f, $v)",
		.bool_type = "BOOL",
		.string_type = "STRING(",
		.decimal_type = "BIGNUMERIC(", .double_type = "FLOAT64",
		.string_max = 9000000000000000000, .digits_max = 38,
		.columns_max = 10000, .view = VIEW, .table = "CREATE OR REPLACE TABLE $v AS"
	},
	[SQL_DATABRICKS] = {
		.name = "Databricks",
		.quote = '`', .key = KEY_BRACKET, .get = "VARIANT_GET($v, $k)",
		.get_odd = "CASE WHEN SCHEMA_OF_VARIANT($v) LIKE 'OBJECT%' "
			   "THEN CAST($v AS MAP<STRING, VARIANT>)[$k] END",
		.is = {"SCHEMA_OF_VARIANT($v) = 'STRING'",
		       "SCHEMA_OF_VARIANT($v) RLIKE "
		       "'^(BIGINT|DECIMAL[(][0-9]+,0[)])$'",
		       "SCHEMA_OF_VARIANT($v) RLIKE "
		       "'^(DOUBLE|FLOAT|DECIMAL[(][0-9]+,[1-9][0-9]*[)])$'",
		       "SCHEMA_OF_VARIANT($v) = 'BOOLEAN'",
		       "SCHEMA_OF_VARIANT($v) LIKE 'OBJECT%'",
		       "SCHEMA_OF_VARIANT($v) LIKE 'ARRAY%'", NULL, NULL},
		.text = "CAST($v AS STRING)", .number = "$v",
		.cast = "CAST($v AS $t)", .boolean = "CAST($v AS BOOLEAN)",
		.parse = "CASE WHEN SCHEMA_OF_VARIANT($v) = 'STRING' THEN "
			 "TRY_PARSE_JSON(CAST($v AS STRING)) END",
		.items = "CASE WHEN SCHEMA_OF_VARIANT($v) LIKE 'ARRAY%' "
			 "THEN $v END",
		.explode = "SELECT $cf.value AS v, f.pos AS $i FROM $e, "
			   "LATERAL VARIANT_EXPLODE($e.items) AS f",
		.array = "CAST($v AS ARRAY<$t>)",
		.number_is = "SCHEMA_OF_VARIANT($v) RLIKE "
			     "'^(BIGINT|DOUBLE|FLOAT|DECIMAL.*)$'",
		.date = "TRY_CAST($v AS DATE)",
		.local = "TRY_CAST($v AS TIMESTAMP_NTZ)",
		.zoned = "TRY_CAST($v AS TIMESTAMP)", .layouts = LAYOUT_JAVA,
		.date_as = "CAST(TRY_TO_TIMESTAMP($v, $f) AS DATE)",
		.local_as = "CAST(TRY_TO_TIMESTAMP($v, $f) AS TIMESTAMP_NTZ)",
		.zoned_as = "TRY_TO_TIMESTAMP($v, $f)",
		.bool_type = "BOOLEAN", .string_type = "STRING", .decimal_type = "DECIMAL(",
		.double_type = "DOUBLE", .digits_max = 38, .view = VIEW,
		.table = "CREATE OR REPLACE TABLE $v AS"
	},
	[SQL_REDSHIFT] = {
		.name = "Redshift",
		.quote = '"', .key = KEY_IDENT, .get = "$v.$k",
		.is = {"JSON_TYPEOF($v) = 'string'",
		       "JSON_TYPEOF($v) = 'number' AND IS_INTEGER($v)",
		       "JSON_TYPEOF($v) = 'number' AND NOT IS_INTEGER($v)",
		       "JSON_TYPEOF($v) = 'boolean'",
		       "JSON_TYPEOF($v) = 'object'",
		       "JSON_TYPEOF($v) = 'array'", NULL, NULL},
		.text = "$v::VARCHAR", .number = "$v",
		.cast = "CAST($v AS $t)", .boolean = "CAST($v AS BOOLEAN)",
		.parse = "CASE WHEN JSON_TYPEOF($v) = 'string' AND "
			 "CAN_JSON_PARSE($v::VARCHAR) THEN "
			 "JSON_PARSE($v::VARCHAR) END",
		.items = "CASE WHEN JSON_TYPEOF($v) = 'array' THEN $v END",
		.explode = "SELECT $cf AS v, n AS $i FROM $e, "
			   "$e.items AS f AT n",
		.number_is = "JSON_TYPEOF($v) = 'number'",
		.date = "TRY_CAST($v AS DATE)",
		.local = "TRY_CAST($v AS TIMESTAMP)",
		.zoned = "TRY_CAST($v AS TIMESTAMPTZ)",
		.bool_type = "BOOLEAN",
		/* in bytes of UTF-8 */
		.string_type = "VARCHAR(",
		.decimal_type = "DECIMAL(",
		.double_type = "DOUBLE PRECISION", .string_max = 65535,
		.digits_max = 38, .columns_max = 1600, .view = VIEW,
		.table = TABLE,
		.prelude = "SET enable_case_sensitive_identifier TO true;\n"
	},
	[SQL_POSTGRES] = {
		.name = "PostgreSQL",
		.quote = '"', .key = KEY_STANDARD, .get = "($v->$k)",
		.is = {"json_typeof($v) = 'string'",
		       "json_typeof($v) = 'number' AND "
		       "$v::text ~ " INT_TEXT,
		       "json_typeof($v) = 'number' AND "
		       "$v::text !~ " INT_TEXT,
		       "json_typeof($v) = 'boolean'",
		       "json_typeof($v) = 'object'",
		       "json_typeof($v) = 'array'", NULL, NULL},
		.text = "($v#>>'{}')", .number = "($v#>>'{}')",
		.cast = "CAST($v AS $t)", .boolean = "($v#>>'{}')::boolean",
		.parse = "CASE WHEN json_typeof($v) = 'string' THEN "
			 "penstock_json($v#>>'{}') END",
		.items = "CASE WHEN json_typeof($v) = 'array' THEN $v "
			 "ELSE '[]'::json END",
		.explode = "SELECT $cf.v, f.n - 1 AS $i FROM $e CROSS JOIN "
			   "LATERAL json_array_elements($e.items) "
			   "WITH ORDINALITY AS f(v, n)",
		.array = "ARRAY(SELECT CAST(f.x AS $t) FROM "
			 "json_array_elements_text($v) "
			 "WITH ORDINALITY AS f(x, n) ORDER BY f.n)",
		.date = "penstock_local($v)::date",
		.local = "penstock_local($v)",
		.zoned = "penstock_zoned($v)", .layouts = LAYOUT_MODEL,
		.date_as = "penstock_as($v, $f)::date",
		.local_as = "penstock_as($v, $f)::timestamp",
		.zoned_as = "penstock_as($v, $f)", .bool_type = "boolean",
		.string_type = "varchar(",
		.decimal_type = "numeric(",
		.double_type = "double precision", .string_max = 10485760,
		.digits_max = 1000, .columns_max = 1600, .view = VIEW,
		.table = TABLE,
		.prelude =
		"CREATE OR REPLACE FUNCTION penstock_json(text) RETURNS json\n"
		"LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1::json;\n"
		"EXCEPTION WHEN others THEN RETURN NULL; END $$;\n"
		"CREATE OR REPLACE FUNCTION penstock_local(text) "
		"RETURNS timestamp\n"
		"LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN $1::timestamp;\n"
		"EXCEPTION WHEN others THEN RETURN NULL; END $$;\n"
		"CREATE OR REPLACE FUNCTION penstock_zoned(text) "
		"RETURNS timestamptz\n"
		"LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN $1::timestamptz;\n"
		"EXCEPTION WHEN others THEN RETURN NULL; END $$;\n"
		"CREATE OR REPLACE FUNCTION penstock_as(text, text) "
		"RETURNS timestamptz\n"
		"LANGUAGE plpgsql STABLE AS $$ BEGIN "
		"RETURN to_timestamp(nullif($1, ''), $2);\n"
		"EXCEPTION WHEN others THEN RETURN NULL; END $$;\n"
	},
	[SQL_DUCKDB] = {
		.name = "DuckDB",
		.quote = '"', .key = KEY_POINTER, .get = "($v->$k)",
		.is = {"json_type($v) = 'VARCHAR'",
		       /* it calls large ints DOUBLE, but keeps their digits */
		       "json_type($v) IN ('BIGINT', 'UBIGINT', 'DOUBLE') AND "
		       "regexp_full_match($v->>'$', '-?[0-9]+')",
		       "json_type($v) = 'DOUBLE' AND NOT "
		       "regexp_full_match($v->>'$', '-?[0-9]+')",
		       "json_type($v) = 'BOOLEAN'",
		       "json_type($v) = 'OBJECT'", "json_type($v) = 'ARRAY'",
		       NULL, NULL},
		.text = "($v->>'$')", .number = "($v->>'$')",
		.cast = "CAST($v AS $t)",
		.boolean = "CAST(($v->>'$') AS BOOLEAN)",
		.parse = "CASE WHEN json_type($v) = 'VARCHAR' AND "
			 "json_valid($v->>'$') THEN CAST($v->>'$' AS JSON) END",
		.items = "CASE WHEN json_type($v) = 'ARRAY' THEN "
			 "($v->'$[*]') END",
		.explode = "SELECT $cunnest($e.items) AS v, "
			   "generate_subscripts($e.items, 1) - 1 AS $i FROM $e",
		.array = "CAST(($v->>'$[*]') AS $t[])",
		.date = "TRY_CAST($v AS DATE)",
		.local = "TRY_CAST($v AS TIMESTAMP)",
		.zoned = "TRY_CAST($v AS TIMESTAMPTZ)", .layouts = LAYOUT_C,
		.date_as = "CAST(TRY_STRPTIME($v, $f) AS DATE)",
		.local_as = "TRY_STRPTIME($v, $f)",
		.zoned_as = "TRY_STRPTIME($v, $f)", .bool_type = "BOOLEAN",
		.string_type = "VARCHAR", .decimal_type = "DECIMAL(",
		.double_type = "DOUBLE", .digits_max = 38, .view = VIEW,
		.table = "CREATE OR REPLACE TABLE $v AS"
	},
	[SQL_CLICKHOUSE] = {
		.name = "ClickHouse",
		.quote = '`', .key = KEY_BACKSLASH,
		.get = "JSONExtractRaw($v, $k)",
		.is = {"JSONType($v) = 'String'",
		       "JSONType($v) IN ('Int64', 'UInt64')",
		       "JSONType($v) = 'Double'", "JSONType($v) = 'Bool'",
		       "JSONType($v) = 'Object'", "JSONType($v) = 'Array'",
		       NULL, NULL},
		.text = "JSONExtractString($v)", 
		.number = "trim(BOTH '\"' FROM $v)",
		.cast = "CAST($v AS Nullable($t))", .boolean = "$v = 'true'",
		.parse = "if(JSONType($v) = 'String', "
			 "JSONExtractString($v), '')",
		.items = "JSONExtractArrayRaw($v)",
		.explode = "SELECT $cv, n - 1 AS $i FROM $e ARRAY JOIN "
			   "$e.items AS v, arrayEnumerate($e.items) AS n",
		.array = "arrayMap(x -> CAST(if(x = 'null', NULL, "
			 "trim(BOTH '\"' FROM x)) AS Nullable($t)), "
			 "JSONExtractArrayRaw($v))",
		.array_text = "arrayMap(x -> if(x = 'null', NULL, "
			      "JSONExtractString(x)), JSONExtractArrayRaw($v))",
		.array_never_null = true,
		.number_is = "JSONType($v) IN ('Int64', 'UInt64', 'Double')",
		/* it calls ints of more than 64 bits strings */
		.huge_is = "JSONType($v) = 'String' AND "
			   "match(JSONExtractString($v), '^-?[0-9]{19,}$')",
		.date = "toDate32OrNull($v)",
		.local = "parseDateTime64BestEffortOrNull($v, 6, 'UTC')",
		.zoned = "parseDateTime64BestEffortOrNull($v, 6, 'UTC')",
		.layouts = LAYOUT_MYSQL,
		.date_as = "toDate32(parseDateTime64OrNull($v, $f, 'UTC'))",
		.local_as = "parseDateTime64OrNull($v, $f, 'UTC')",
		.zoned_as = "parseDateTime64OrNull($v, $f, 'UTC')",
		.bool_type = "Bool",
		.string_type = "String", .decimal_type = "Decimal(",
		.double_type = "Float64", .digits_max = 76, .view = VIEW,
		.table = "CREATE TABLE $v ENGINE = MergeTree ORDER BY tuple() "
			 "AS"
	}
};
