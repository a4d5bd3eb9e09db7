/*
 * sql_dialect -- how each warehouse says what render_sql needs.
 *
 * Sources: the manuals of the warehouses, as far as texts could be run:
 * DuckDB's and PostgreSQL's are, the others' are parsed by the tests.
 */
#include "json/num.h"
#include "attrs/sql_dialect.h"

#define VIEW "CREATE OR REPLACE VIEW $v AS"
#define TABLE "CREATE TABLE $v AS"
#define INT_TEXT "'^-?[0-9]+$'"

const struct sql_dialect sql_dialects[SQL_COUNT] = {
	[SQL_SNOWFLAKE] = {
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
		.date = "TRY_TO_DATE($v)", .timestamp = "TRY_TO_TIMESTAMP($v)",
		.string_type = "VARCHAR(", .decimal_type = "NUMBER(",
		.double_type = "DOUBLE", .string_max = 16777216,
		.digits_max = 38, .view = VIEW, .table = TABLE
	},
	[SQL_BIGQUERY] = {
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
		.date = "SAFE_CAST($v AS DATE)",
		.timestamp = "SAFE_CAST($v AS TIMESTAMP)",
		.string_type = "STRING(",
		.decimal_type = "BIGNUMERIC(", .double_type = "FLOAT64",
		.string_max = 9000000000000000000, .digits_max = 38,
		.view = VIEW, .table = "CREATE OR REPLACE TABLE $v AS"
	},
	[SQL_DATABRICKS] = {
		.quote = '`', .key = KEY_BRACKET, .get = "VARIANT_GET($v, $k)",
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
		.date = "TRY_CAST($v AS DATE)",
		.timestamp = "TRY_CAST($v AS TIMESTAMP)",
		.string_type = "STRING", .decimal_type = "DECIMAL(",
		.double_type = "DOUBLE", .digits_max = 38, .view = VIEW,
		.table = "CREATE OR REPLACE TABLE $v AS"
	},
	[SQL_REDSHIFT] = {
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
		.date = "TRY_CAST($v AS DATE)",
		.timestamp = "TRY_CAST($v AS TIMESTAMP)",
		/* in bytes of UTF-8 */
		.string_type = "VARCHAR(",
		.decimal_type = "DECIMAL(",
		.double_type = "DOUBLE PRECISION", .string_max = 65535,
		.digits_max = 38, .view = VIEW, .table = TABLE,
		.prelude = "SET enable_case_sensitive_identifier TO true;\n"
	},
	[SQL_POSTGRES] = {
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
		.date = "penstock_timestamp($v)::date",
		.timestamp = "penstock_timestamp($v)",
		.string_type = "varchar(",
		.decimal_type = "numeric(",
		.double_type = "double precision", .string_max = 10485760,
		.digits_max = 1000, .view = VIEW, .table = TABLE,
		.prelude =
		"CREATE OR REPLACE FUNCTION penstock_json(text) RETURNS json\n"
		"LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1::json;\n"
		"EXCEPTION WHEN others THEN RETURN NULL; END $$;\n"
		"CREATE OR REPLACE FUNCTION penstock_timestamp(text) "
		"RETURNS timestamptz\n"
		"LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN $1::timestamptz;\n"
		"EXCEPTION WHEN others THEN RETURN NULL; END $$;\n"
	},
	[SQL_DUCKDB] = {
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
		.date = "TRY_CAST($v AS DATE)",
		.timestamp = "TRY_CAST($v AS TIMESTAMPTZ)",
		.string_type = "VARCHAR", .decimal_type = "DECIMAL(",
		.double_type = "DOUBLE", .digits_max = 38, .view = VIEW,
		.table = "CREATE OR REPLACE TABLE $v AS"
	},
	[SQL_CLICKHOUSE] = {
		.quote = '`', .key = KEY_BACKSLASH,
		.get = "JSONExtractRaw($v, $k)",
		.is = {"JSONType($v) = 'String'",
		       "JSONType($v) IN ('Int64', 'UInt64')",
		       "JSONType($v) = 'Double'", "JSONType($v) = 'Bool'",
		       "JSONType($v) = 'Object'", "JSONType($v) = 'Array'",
		       NULL, NULL},
		.text = "JSONExtractString($v)", .number = "$v",
		.cast = "CAST($v AS Nullable($t))", .boolean = "$v = 'true'",
		.parse = "if(JSONType($v) = 'String', "
			 "JSONExtractString($v), '')",
		.items = "JSONExtractArrayRaw($v)",
		.explode = "SELECT $cv, n - 1 AS $i FROM $e ARRAY JOIN "
			   "$e.items AS v, arrayEnumerate($e.items) AS n",
		.date = "toDateOrNull($v)",
		.timestamp = "parseDateTime64BestEffortOrNull($v)",
		.string_type = "String", .decimal_type = "Decimal(",
		.double_type = "Float64", .digits_max = 76, .view = VIEW,
		.table = "CREATE TABLE $v ENGINE = MergeTree ORDER BY tuple() "
			 "AS"
	}
};

void sql_fill(struct buf *b, const char *template, const struct sql_arg *args)
{
	for (const char *s = template; *s; s++) {
		const struct sql_arg *a = args;

		while (*s == '$' && a->letter && a->letter != s[1])
			a++;
		if (*s != '$' || !a->letter) {
			buf_addc(b, *s);
			continue;
		}
		buf_add(b, a->s, a->len);
		s++;
	}
}

static void add_doubled(struct buf *b, char quote, const char *s, size_t len)
{
	buf_addc(b, quote);
	for (size_t i = 0; i < len; i++) {
		if (s[i] == quote)
			buf_addc(b, quote);
		buf_addc(b, s[i]);
	}
	buf_addc(b, quote);
}

/* A string where a backslash escapes. */
static void add_escaped(struct buf *b, const char *s, size_t len)
{
	buf_addc(b, '\'');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\n') {
			buf_adds(b, "\\n");
			continue;
		}
		if (s[i] == '\'' || s[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, s[i]);
	}
	buf_addc(b, '\'');
}

void sql_ident(struct buf *b, const struct sql_dialect *d, const char *s,
	       size_t len)
{
	add_doubled(b, d->quote, s, len);
}

/* RFC 6901 */
static void add_pointer(struct buf *b, const char *s, size_t len)
{
	struct buf p = {0};

	buf_addc(&p, '/');
	for (size_t i = 0; i < len; i++)
		if (s[i] == '~' || s[i] == '/')
			buf_adds(&p, s[i] == '~' ? "~0" : "~1");
		else
			buf_addc(&p, s[i]);
	add_doubled(b, '\'', p.s, p.len);
	buf_release(&p);
}

static void add_bracket(struct buf *b, const char *s, size_t len)
{
	struct buf p = {0};

	buf_adds(&p, "$[\"");
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"' || s[i] == '\\')
			buf_addc(&p, '\\');
		buf_addc(&p, s[i]);
	}
	buf_adds(&p, "\"]");
	add_escaped(b, p.s, p.len);
	buf_release(&p);
}

void sql_key(struct buf *b, const struct sql_dialect *d, const char *s,
	     size_t len)
{
	switch (d->key) {
	case KEY_STANDARD:
		add_doubled(b, '\'', s, len);
		break;
	case KEY_BACKSLASH:
		add_escaped(b, s, len);
		break;
	case KEY_POINTER:
		add_pointer(b, s, len);
		break;
	case KEY_IDENT:
		add_doubled(b, '"', s, len);
		break;
	case KEY_BRACKET:
		add_bracket(b, s, len);
		break;
	}
}

static void string_type(struct buf *b, const struct sql_dialect *d,
			uint64_t chars)
{
	if (d == &sql_dialects[SQL_REDSHIFT])
		chars = 4 * chars;
	if (!chars)
		chars = 1;
	if (chars > d->string_max)
		chars = d->string_max;
	buf_adds(b, d->string_type);
	if (strchr(d->string_type, '('))
		buf_addf(b, "%llu)", (unsigned long long)chars);
}

static void decimal_type(struct buf *b, const struct sql_dialect *d,
			 uint32_t precision, uint32_t scale)
{
	buf_adds(b, d->decimal_type);
	buf_addf(b, "%u, %u)", precision, scale);
}

void sql_type(struct buf *b, const struct sql_dialect *d,
	      const struct facts *f, enum version v)
{
	uint32_t whole, scale;
	bool known;

	if (v == VERSION_STR) {
		string_type(b, d, f->str->chars_max);
		return;
	}
	known = facts_decimal(f, v, &whole, &scale);
	if (known && whole + scale <= d->digits_max &&
	    !(v == VERSION_FLOAT && d == &sql_dialects[SQL_DUCKDB] &&
	      whole + scale > 15))
		decimal_type(b, d, whole + scale, scale);
	else if (v == VERSION_FLOAT)
		buf_adds(b, d->double_type);
	else if (!known)
		decimal_type(b, d, 38, 0);
	else
		string_type(b, d, whole + 1UL);
}
