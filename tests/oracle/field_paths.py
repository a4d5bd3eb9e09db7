#!/usr/bin/env python3
"""field_paths.py structs SCHEMAS | check SCHEMAS OUTPUT

structs: the schemas (one a line) as structs(5) lines.
check: each field that a plain reading of a schema gives has, in OUTPUT, just
that path and type: properties, arrays of objects and objects in objects, by
their first type that is not null, and nothing else of JSON Schema.  Paths are
unique, and a parent comes before its children.
"""
import json
import sys


def first(kind, otherwise=None):
    if isinstance(kind, list):
        return next((t for t in kind if t != "null"), "string")
    return kind if kind is not None else otherwise


def plain(properties, parent, required):
    for name, p in properties.items():
        if not isinstance(p, dict):
            continue
        kind = first(p.get("type"))
        deep = kind in ("array", "object")
        path = parent + "." + name if parent else (
            "[version=2.0]." + name if deep else name)
        nullable = (name not in required or
                    "null" in p["type"] if isinstance(p.get("type"), list)
                    else name not in required)
        # One of several alternatives can be null; here that is looked at.
        if "oneOf" in p or "anyOf" in p:
            nullable = None
        yield path, nullable
        if kind == "array":
            items = p.get("items", {})
            if isinstance(items, dict) and items.get("type") == "object":
                yield from plain(items.get("properties", {}),
                                 path + ".[type=array]",
                                 items.get("required", []))
        elif kind == "object":
            yield from plain(p.get("properties", {}), path + ".[type=record]",
                             p.get("required", []))


def schemas(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            yield json.loads(line)


def structs(path):
    for s in schemas(path):
        print(json.dumps({"kind": "schema", **s["self"], "from": "iglu",
                          "body": s}))
    print('{"kind":"end","complete":true,"counts":{},"filters":[]}')


def newest(path):
    best = {}
    for s in schemas(path):
        me = s["self"]
        version = tuple(int(x) for x in me["version"].split("-"))
        key = me["vendor"] + "." + me["name"]
        if me["format"] == "jsonschema" and (key not in best or
                                             best[key][0] < version):
            best[key] = version, s
    return {k: s for k, (_, s) in best.items()}


def main():
    if sys.argv[1] == "structs":
        return structs(sys.argv[2])
    have = {}
    with open(sys.argv[3], encoding="utf-8") as f:
        for line in f:
            m = json.loads(line)
            if m["aspectName"] == "schemaMetadata":
                name = m["entityUrn"].split(",")[1]
                have[name] = m["aspect"]["json"]["fields"]
    bad = count = more = 0
    want = newest(sys.argv[2])
    if set(want) - set(have):
        print("missing", set(want) - set(have))
        bad = 1
    for name, s in want.items():
        fields = have.get(name, [])
        paths = [x["fieldPath"] for x in fields]
        expected = list(plain(s.get("properties", {}), "",
                              s.get("required", [])))
        count += len(expected)
        more += len(paths) - len(expected)
        nullable = {x["fieldPath"]: x["nullable"] for x in fields}
        if len(set(paths)) != len(paths):
            print("twice", name)
            bad = 1
        it = iter(paths)
        for path, null in expected:
            if path not in it:       # in this order, others between
                print("not there, or out of order:", name, path)
                bad = 1
                break
            if null is not None and nullable[path] != null:
                print("nullable:", name, path, nullable[path])
                bad = 1
        for i, path in enumerate(paths):
            if ".[type=" in path:
                parent = path[:path.rindex(".[type=")]
                while parent.endswith("[type=array]"):
                    parent = parent[:parent.rindex(".[type=")]
                if parent not in paths[:i]:
                    print("no parent before", name, path)
                    bad = 1
    print(len(want), "schemas,", count, "fields, and", more, "more")
    return bad or not count


sys.exit(main())
