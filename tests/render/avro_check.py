#!/usr/bin/env python3
"""avro_check.py FILE... -- Avro's own library and fastavro take the schema of
each FILE's scan; every record encodes with the one, and decodes with the other
to what it was.  Of a very large schema's records it is every eighth, as each
has all its fields."""
import io
import json
import subprocess
import sys

import avro.io
import avro.schema
import fastavro

sys.setrecursionlimit(100000)


def kind_of(schema):
    return schema["type"] if isinstance(schema, dict) else schema


def convert(union, value):
    """The record as the schema calls its fields; ints that no long holds are
    texts there."""
    kinds = {kind_of(s): s for s in union}
    if isinstance(value, dict) and "record" in kinds:
        fields = {f["key"]: f for f in kinds["record"]["fields"]}
        made = {f["name"]: convert(f["type"], value[k]) if k in value else None
                for k, f in fields.items()}
        if set(value) - set(fields):
            sys.exit(f"no field for {set(value) - set(fields)}")
        return made
    if isinstance(value, dict):
        return {k: convert(kinds["map"]["values"], v)
                for k, v in value.items()}
    if isinstance(value, list):
        items = kinds["array"]["items"]
        items = items if isinstance(items, list) else [items]
        return [convert(items, item) for item in value]
    if (isinstance(value, int) and not isinstance(value, bool)
            and "long" not in kinds):
        return str(value)
    return value


def check(name):
    attributes = subprocess.run(["discover-attrs", "-q", name], check=True,
                                capture_output=True).stdout
    text = subprocess.run(["render-attrs", "--to=avro", "--name=Row"],
                          check=True, input=attributes,
                          capture_output=True).stdout
    union = json.loads(text)
    schema = fastavro.parse_schema(json.loads(text))
    writer = avro.io.DatumWriter(avro.schema.parse(text.decode()))
    n, step = 0, 8 if len(text) > 500000 else 1
    with open(name, encoding="utf-8") as file:
        for n, line in enumerate(file, 1):
            if n % step:
                continue
            record = convert(union, json.loads(line))
            out = io.BytesIO()
            fastavro.schemaless_writer(out, schema, record, strict=True)
            out.seek(0)
            if fastavro.schemaless_reader(out, schema) != record:
                sys.exit(f"{name}:{n}: not the same again")
            out = io.BytesIO()
            writer.write(record, avro.io.BinaryEncoder(out))
            out.seek(0)
            if fastavro.schemaless_reader(out, schema) != record:
                sys.exit(f"{name}:{n}: Avro's own writes something else")
    try:
        fastavro.schemaless_writer(io.BytesIO(), schema, object())
        sys.exit("it takes anything")
    except (ValueError, TypeError):
        pass
    print(f"ok {n} records")


if __name__ == "__main__":
    for file_name in sys.argv[1:]:
        check(file_name)
