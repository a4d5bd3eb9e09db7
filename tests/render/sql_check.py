#!/usr/bin/env python3
"""sql_check.py DIALECT FILE... -- runs what render-attrs --to=sql says on the
records, in the database that sql_engines.py has for the dialect, and compares
the rows of every table and the values of every column with the statistics of
discover-attrs: counts, minima and maxima, sums of lengths, items of arrays; and
every row of an array finds its parent.
"""
import decimal
import json
import os
import re
import subprocess
import sys

from sql_engines import ENGINES

IDENT = re.compile(r' AS (["`]\w*["`]) /\* (.*?) (as [a-z]+|[a-z_]+) \*/,?$')
SCALARS = ("str", "int", "float", "bool", "object")


def run(*argv, text=None):
    return subprocess.run(argv, input=text, capture_output=True, check=True,
                          text=True).stdout


def tables_of(sql):
    """(path, name, key columns, [(column, path, version)]) of each table."""
    for text in re.split(r"(?m)^-- (?=\.)", sql)[1:]:
        path, rest = text.split("\n", 1)
        name = re.search(r'(?:VIEW|TABLE) (["`]\w*["`])', rest)[1]
        body = rest.split("\nSELECT\n", 1)[1]
        columns, keys = [], []
        for line in body.split("\n"):
            match = IDENT.search(line)
            if match:
                columns.append(match.groups())
            elif not columns and line[:3] in ('  "', "  `"):
                keys = line.strip(" ,").split(", ")
        yield path, name, keys, columns


def expected_rows(attributes, path, records):
    return (records if path == "."
            else attributes[path]["versions"]["object"]["count"])


def same(a, b):
    """Equal numbers; a double's text may be another one of the same value."""
    return (decimal.Decimal(a) == decimal.Decimal(b)
            or float(a) == float(b) and "." in b)


def native_items(attributes, attribute):
    """The type of items where all are of one, and the array is no other: what
    the page says is a native array."""
    active = {t for t, v in attribute["versions"].items() if v["active"]}
    items = attributes.get(attribute["path"] + "[]",
                           attributes.get(attribute["path"] + "|.[]"))
    if not items or {t for t in active if t.startswith("array")} != {
            "array_primitive"}:
        return None
    kinds = [t for t, v in items["versions"].items() if v["active"]]
    return (kinds[0], items) if len(kinds) == 1 and kinds[0] in SCALARS[:4] \
        else None


def wanted_of_arrays(engine, column, attributes, attribute):
    native = native_items(attributes, attribute)
    others = sum(attribute["versions"][v].get("count", 0) for v in SCALARS)
    if not native or not engine.never_null:
        yield (f"count({column})",
               attribute["count"] - attribute["nulls"] - others)
    if not native:
        return
    yield f"sum({engine.items.format(column)})", attribute["items"]["sum"]
    kind, items = native
    if kind == "str" and engine.text:
        text = engine.length.format(engine.text.format(column))
        yield f"sum({text})", items["versions"]["str"]["chars"]["sum"]


def wanted_of(engine, column, attributes, attribute, version):
    """(expression, wanted) for all that is checked of a column."""
    versions = attribute["versions"]
    if version.startswith("as "):
        yield (f"count({column})", max(versions["str"]["formats"].values()))
        return
    if version.startswith("array"):
        yield from wanted_of_arrays(engine, column, attributes, attribute)
        return
    v = versions[version]
    if engine.whole and version in ("int", "float") and \
            versions["int"]["active"] and versions["float"]["active"]:
        if version == "int":    # with the column behind, which is the floats
            yield (f"count({column}) + count("
                   f"{column[:-4]}float{column[-1]})",
                   v["count"] + versions["float"]["count"])
        return
    yield f"count({column})", v["count"]
    if version == "int" or (version == "float" and not v["exponent"]):
        yield f"min({column})", v["min"]
        yield f"max({column})", v["max"]
    if version == "str":
        yield f"sum({engine.length.format(column)})", v["chars"]["sum"]
    if version == "bool":
        yield f"sum(CASE WHEN {column} THEN 1 ELSE 0 END)", v["true"]


def check_table(engine, attributes, records, table, by_path):
    path, name, _, columns = table
    rows = expected_rows(attributes, path, records)
    wanted = [("count(*)", rows)]
    if not engine.embedded:
        columns = [c for c in columns if "fromjson" not in c[1]]
    for column, origin, version in columns:
        wanted += wanted_of(engine, column, attributes,
                            attributes[origin], version)
    for at in range(0, len(wanted), 300):
        some = wanted[at:at + 300]
        found = engine.row(
            f"SELECT {', '.join(e for e, _ in some)} FROM {name}")
        for (expression, want), value in zip(some, found):
            if value is None or not same(value, str(want)):
                sys.exit(f"{name}: {expression} is {value}, not {want}")
    for shorter in range(len(path) - 1, 0, -1):
        parent = by_path.get(path[:shorter])
        if parent and by_path["key"]:
            check_parent(engine, table, parent, rows)
            break
    return len(columns)


def check_parent(engine, table, parent, rows):
    _, name, keys, _ = table
    shared = (parent[2] if parent[0] != "." else
              [k for k in keys if not re.search(r'_index\d*["`]$', k)])
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
    engine = ENGINES[dialect](name)
    engine.execute(sql)
    tables = [t for t in tables_of(sql)
              if engine.embedded or "fromjson" not in t[0]]
    by_path = {t[0]: t for t in tables}
    by_path["key"] = not sql.startswith("-- key: none")
    columns = sum(check_table(engine, attributes, lines[0]["scan"]["records"],
                              t, by_path) for t in tables)
    print(f"ok {os.path.basename(name)}: {len(tables)} tables, "
          f"{columns} columns")


def main(dialect, names):
    kinds = ENGINES[dialect].kinds
    for name in names:
        check(dialect, name, kinds[0])
    if len(kinds) > 1:
        check(dialect, names[0], kinds[1])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
