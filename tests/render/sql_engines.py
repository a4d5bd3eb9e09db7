"""sql_engines.py -- databases that run what render-attrs --to=sql says.

Each is made with the name of a file of records, which become the table raw, and
has

	execute(sql)	runs statements
	row(sql)	the only row of a query, as texts; None for NULL
	length, items, text	templates: characters of {} (a string), items of
			{} (a native array), its strings in one (or None)
	quote		around identifiers
	whole		takes floats such as 1.0 for ints
	never_null	has no NULL for a native array
	embedded	gets what is in embedded JSON
"""
import os
import re
import subprocess
import sys
import tempfile


def records(name):
    with open(name, encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file if line.strip()]


def texts(values):
    return [None if v is None else str(v) for v in values]


class Engine:
    length, items, text = "length({})", "len({})", "array_to_string({}, '')"
    quote, whole, never_null = '"', False, False
    embedded, kinds = True, ("table", "view")

    def statements(self, sql):
        return [s for s in sql.split(";\n") if s.strip()]


class DuckDB(Engine):
    def __init__(self, name):
        import duckdb
        self.connection = duckdb.connect()
        self.connection.execute("CREATE TABLE raw (j JSON)")
        self.connection.executemany("INSERT INTO raw VALUES (?)",
                                    [[line] for line in records(name)])

    def execute(self, sql):
        self.connection.execute(sql)

    def row(self, sql):
        return texts(self.connection.execute(sql).fetchone())


class Postgres(Engine):
    """By psql, with PGHOST and so on in the environment."""
    items = "cardinality({})"

    def __init__(self, name):
        self.psql("DROP SCHEMA public CASCADE; CREATE SCHEMA public; "
                  "CREATE TABLE raw (j json)")
        lines = [line.replace("\\", "\\\\").replace("\t", "\\t")
                 for line in records(name)]
        self.psql("COPY raw FROM STDIN;\n" + "\n".join(lines) + "\n\\.\n")

    def psql(self, text):
        done = subprocess.run(
            ["psql", "-qXAt", "-F", "\x1f", "-P", "null=\x1e", "-v",
             "ON_ERROR_STOP=1", "-f", "-"], input=text, text=True,
            capture_output=True, check=False)
        if done.returncode:
            sys.exit(f"{done.stderr[:2000]}\n{text[:1000]}")
        return done.stdout

    execute = psql

    def row(self, sql):
        return [None if v == "\x1e" else v for v in
                self.psql(sql).rstrip("\n").split("\x1f")]


class ClickHouse(Engine):
    """In this process, by chdb."""
    length, items = "char_length({})", "length({})"
    text = "arrayStringConcat(arrayMap(x -> ifNull(x, ''), {}))"
    quote, whole, never_null = "`", True, True
    session = None

    def __init__(self, name):
        from chdb import session
        if not ClickHouse.session:
            ClickHouse.session = session.Session()
        self.ask = ClickHouse.session.query
        for limit in ("max_query_size", "max_ast_elements",
                      "max_expanded_ast_elements"):
            self.ask(f"SET {limit} = {10 ** 8}")
        self.ask("DROP DATABASE IF EXISTS d")
        self.ask("CREATE DATABASE d")
        self.ask("USE d")
        self.ask("CREATE TABLE raw (j String) ENGINE = Memory")
        self.ask("INSERT INTO raw SELECT line FROM "
                 f"file('{os.path.abspath(name)}', LineAsString) "
                 "WHERE trim(line) != ''")

    def execute(self, sql):
        for statement in self.statements(sql):
            # a MergeTree is some files a column: too many for 8,000 of them
            self.ask(statement.replace(" MergeTree ORDER BY tuple()", " Memory")
                     if statement.count("\n") > 1000 else statement)

    def row(self, sql):
        line = str(self.ask(sql, "TabSeparatedRaw")).rstrip("\n")
        return [None if v == "\\N" else v for v in line.split("\t")]


class Databricks(Engine):
    """Spark, which has Databricks' SQL; views are temporary, as its catalogue
    without Delta replaces no tables, and has no views over temporary ones."""
    items, text = "size({})", "array_join({}, '')"
    quote, whole, kinds = "`", True, ("view",)
    spark = None

    def __init__(self, name):
        if not Databricks.spark:
            Databricks.spark = self.start()
        frame = self.spark.createDataFrame([(r,) for r in records(name)],
                                           "value string")
        frame.selectExpr("parse_json(value) AS j").createOrReplaceTempView(
            "raw")

    @staticmethod
    def start():
        from pyspark.sql import SparkSession
        options = {"ui.enabled": "false", "driver.bindAddress": "127.0.0.1",
                   "driver.host": "127.0.0.1", "sql.shuffle.partitions": "1",
                   "sql.codegen.wholeStage": "false",
                   "sql.warehouse.dir": tempfile.mkdtemp(dir="."),
                   "log.level": "ERROR"}
        builder = SparkSession.builder.master("local[1]")
        for key, value in options.items():
            builder = builder.config(f"spark.{key}", value)
        return builder.getOrCreate()

    def execute(self, sql):
        for statement in self.statements(sql):
            self.spark.sql(statement.replace(
                "CREATE OR REPLACE VIEW", "CREATE OR REPLACE TEMPORARY VIEW"))

    def row(self, sql):
        return texts(self.spark.sql(sql).first())


class Snowflake(Engine):
    """fakesnow, with what it lacks: TYPEOF of a VARIANT, layouts of times.  It
    does not get what is in JSON that it has parsed: [] on what is no column
    stays DuckDB's."""
    embedded = False
    whole, items, text = True, "array_size({})", None
    LACKS = """CREATE OR REPLACE MACRO snowflake_typeof(v) AS
	CASE json_type(v) WHEN 'NULL' THEN 'NULL_VALUE'
	WHEN 'BIGINT' THEN 'INTEGER' WHEN 'UBIGINT' THEN 'INTEGER'
	WHEN 'DOUBLE' THEN CASE
	WHEN CAST(v AS DOUBLE) = floor(CAST(v AS DOUBLE)) THEN 'INTEGER'
	ELSE 'DECIMAL' END ELSE json_type(v) END;
	CREATE OR REPLACE MACRO layout(f) AS list_reduce([['YYYY', '%Y'],
	['MM', '%m'], ['DD', '%d'], ['MON', '%b'], ['DY', '%a'],
	['HH24', '%H'], ['MI', '%M'], ['SS', '%S'], ['TZHTZM', '%z']],
	(f, p) -> [replace(f[1], p[1], p[2])], [f])[1];
	CREATE OR REPLACE MACRO snowflake_timestamp_tz(v, f) AS
	CAST(try_strptime(v, layout(f)) AS TIMESTAMPTZ);
	CREATE OR REPLACE MACRO snowflake_timestamp_ntz(v, f) AS
	CAST(try_strptime(v, layout(f)) AS TIMESTAMP);
	CREATE OR REPLACE MACRO snowflake_date(v, f) AS
	CAST(try_strptime(v, layout(f)) AS DATE)"""

    def __init__(self, name):
        import warnings
        warnings.simplefilter("ignore")
        import fakesnow
        import snowflake.connector
        self.patch = fakesnow.patch()
        self.patch.__enter__()
        connection = snowflake.connector.connect(database="d", schema="s")
        connection._duck_conn.execute(self.LACKS)
        self.cursor = connection.cursor()
        self.cursor.execute("CREATE TABLE raw (j VARIANT)")
        for record in records(name):
            self.cursor.execute("INSERT INTO raw SELECT PARSE_JSON(%s)",
                                (record,))

    def execute(self, sql):
        for statement in self.statements(sql):
            statement = re.sub(r"\bTYPEOF\(", "SNOWFLAKE_TYPEOF(", statement)
            self.cursor.execute(re.sub(
                r"\bTRY_TO_(DATE|TIMESTAMP_N?TZ)"
                r"(\((?:[^()]|\([^()]*\))*?, '[^']*'\))", r"SNOWFLAKE_\1\2",
                statement))

    def row(self, sql):
        return texts(self.cursor.execute(sql).fetchone())


ENGINES = {"duckdb": DuckDB, "postgres": Postgres, "clickhouse": ClickHouse,
           "databricks": Databricks, "snowflake": Snowflake}
