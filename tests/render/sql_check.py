#!/usr/bin/env python3
"""sql_check.py duckdb|postgres FILE... -- runs what render-attrs --to=sql says
on the records, and compares the rows of every table and the values of every
column with the statistics of discover-attrs: counts, minima and maxima, sums
of lengths; and every row of an array finds its parent.

postgres: by psql, with PGHOST and so on in the environment.
"""
import decimal
import json
import os
import re
import subprocess
import sys

IDENT = re.compile(r' AS ("(?:[^"]|"")*") /\* (.*?) (as [a-z]+|[a-z_]+) \*/,?$')


def run(*argv, text=None):
    return subprocess.run(argv, input=text, capture_output=True, check=True,
                          text=True).stdout


class DuckDB:
    def __init__(self, name):
        import duckdb
        self.connection = duckdb.connect()
        self.connection.execute("CREATE TABLE raw (j JSON)")
        with open(name, encoding="utf-8") as file:
            rows = [[line] for line in file if line.strip()]
        self.connection.executemany("INSERT INTO raw VALUES (?)", rows)

    def execute(self, sql):
        self.connection.execute(sql)

    def row(self, sql):
        return [None if v is None else str(v)
                for v in self.connection.execute(sql).fetchone()]


class Postgres:
    def __init__(self, name):
        self.psql("DROP SCHEMA public CASCADE; CREATE SCHEMA public; "
                  "CREATE TABLE raw (j json)")
        with open(name, encoding="utf-8") as file:
            lines = [line.rstrip("\n").replace("\\", "\\\\")
                     .replace("\t", "\\t") for line in file if line.strip()]
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


def tables_of(sql):
    """(path, name, key columns, [(column, path, version)]) of each table."""
    for text in re.split(r"(?m)^-- (?=\.)", sql)[1:]:
        path, rest = text.split("\n", 1)
        name = re.search(r'(?:VIEW|TABLE) ("(?:[^"]|"")*")', rest)[1]
        body = rest.split("\nSELECT\n", 1)[1]
        columns, keys = [], []
        for line in body.split("\n"):
            match = IDENT.search(line)
            if match:
                columns.append(match.groups())
            elif not columns and line.startswith('  "'):
                keys = line.strip(" ,").split(", ")
        yield path, name, keys, columns


def expected_rows(attributes, path, records):
    return (records if path == "."
            else attributes[path]["versions"]["object"]["count"])


def same(a, b):
    """Equal numbers; a double's text may be another one of the same value."""
    return (decimal.Decimal(a) == decimal.Decimal(b)
            or float(a) == float(b) and "." in b)


def wanted_of(column, attribute, version):
    """(expression, wanted) for all that is checked of a column."""
    if version.startswith("as "):
        yield (f"count({column})",
               max(attribute["versions"]["str"]["formats"].values()))
        return
    v = attribute["versions"][version]
    yield f"count({column})", v["count"]
    if version == "int" or (version == "float" and not v["exponent"]):
        yield f"min({column})", v["min"]
        yield f"max({column})", v["max"]
    if version == "str":
        yield f"sum(length({column}))", v["chars"]["sum"]
    if version == "bool":
        yield f"sum(CASE WHEN {column} THEN 1 ELSE 0 END)", v["true"]


def check_table(engine, attributes, records, table, by_path):
    path, name, _, columns = table
    rows = expected_rows(attributes, path, records)
    wanted = [("count(*)", rows)]
    for column, origin, version in columns:
        wanted += wanted_of(column, attributes[origin], version)
    for at in range(0, len(wanted), 300):
        some = wanted[at:at + 300]
        found = engine.row(
            f"SELECT {', '.join(e for e, _ in some)} FROM {name}")
        for (expression, want), value in zip(some, found):
            if value is None or not same(value, str(want)):
                sys.exit(f"{name}: {expression} is {value}, not {want}")
    for shorter in range(len(path) - 1, 0, -1):
        parent = by_path.get(path[:shorter])
        if parent:
            check_parent(engine, table, parent, rows)
            break
    return len(columns)


def check_parent(engine, table, parent, rows):
    _, name, keys, _ = table
    shared = (parent[2] if parent[0] != "." else
              [k for k in keys if not re.search(r'_index\d*"$', k)])
    if not shared:
        return
    on = " AND ".join(f"a.{k} = b.{k}" for k in shared)
    joined, = engine.row(
        f"SELECT count(*) FROM {name} AS a JOIN {parent[1]} AS b ON {on}")
    if int(joined) != rows:
        sys.exit(f"{name}: {rows} rows, {joined} with their parent")


def check(dialect, name, kind):
    attrs = run("discover-attrs", "-q", name)
    lines = [json.loads(line) for line in attrs.splitlines()]
    attributes = {a["path"]: a for a in lines[1:]}
    sql = run("render-attrs", "--to=sql", f"--dialect={dialect}",
              f"--kind={kind}", *os.environ.get("SQL_OPTIONS", "").split(),
              text=attrs)
    engine = DuckDB(name) if dialect == "duckdb" else Postgres(name)
    engine.execute(sql)
    tables = list(tables_of(sql))
    by_path = {t[0]: t for t in tables}
    columns = sum(check_table(engine, attributes, lines[0]["scan"]["records"],
                              t, by_path) for t in tables)
    print(f"ok {os.path.basename(name)}: {len(tables)} tables, "
          f"{columns} columns")


if __name__ == "__main__":
    for file_name in sys.argv[2:]:
        check(sys.argv[1], file_name, "table")
    check(sys.argv[1], sys.argv[2], "view")
