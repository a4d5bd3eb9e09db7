#!/usr/bin/env python3
"""schema_check.py [--once] FILE... -- every record of each FILE is valid under
the schema that render-attrs makes of its scan, with and without --ranges and
--closed (--once: only without); one with another type, or without a required
key, is not.

Validity is the library jsonschema's, with its checker of formats.  Strings
under a contentSchema are decoded and validated here.
"""
import copy
import json
import subprocess
import sys

import jsonschema

VALIDATOR = jsonschema.Draft202012Validator
sys.setrecursionlimit(100000)


def render(name, *options):
    attributes = subprocess.run(["discover-attrs", "-q", name], check=True,
                                capture_output=True).stdout
    done = subprocess.run(["render-attrs", *options], check=True,
                          input=attributes, capture_output=True)
    return json.loads(done.stdout)


def records_of(name):
    with open(name, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def validator(schema):
    return VALIDATOR(schema, format_checker=VALIDATOR.FORMAT_CHECKER)


def embedded(schema, value, found):
    """All (contentSchema, decoded value) in a valid value."""
    if isinstance(value, dict):
        for key, item in value.items():
            below = schema.get("properties", {}).get(
                key, schema.get("additionalProperties"))
            if isinstance(below, dict):
                embedded(below, item, found)
    elif isinstance(value, list) and "items" in schema:
        for item in value:
            embedded(schema["items"], item, found)
    elif isinstance(value, str):
        always = "contentSchema" in schema
        content = schema if always else schema.get("anyOf", [{}])[0]
        if "contentSchema" not in content:
            return
        try:
            decoded = json.loads(value)
            if not isinstance(decoded, (dict, list)):
                raise ValueError
        except ValueError:
            if always:
                sys.exit(f"not JSON, but said to be: {value[:100]}")
            return
        found.append((content["contentSchema"], decoded))
        embedded(content["contentSchema"], decoded, found)


def check(name, *options):
    schema = render(name, "--to=json-schema", *options)
    VALIDATOR.check_schema(schema)
    valid = validator(schema)
    records = records_of(name)
    found = []
    for n, record in enumerate(records):
        for error in valid.iter_errors(record):
            sys.exit(f"{name}:{n + 1} {options}: {error.message[:300]}")
        embedded(schema, record, found)
    for content, value in found:
        for error in validator(content).iter_errors(value):
            sys.exit(f"{name} {options}, embedded: {error.message[:300]}")
    return valid, records, len(found)


def breakages(schema, record):
    """Copies of a record that are wrong in one place each."""
    for key in schema.get("required", []):
        if key in record:
            without = copy.copy(record)
            del without[key]
            yield without
    for key, below in schema.get("properties", {}).items():
        types = below.get("type")
        types = types if isinstance(types, list) else [types]
        for kind, value in (("string", "x"), ("boolean", True),
                            ("null", None), ("object", {}), ("array", []),
                            ("integer", 1), ("number", 0.5)):
            if kind not in types and not (kind == "integer" and
                                          "number" in types):
                yield {**record, key: value}


def main(names):
    once = names[0] == "--once"
    for name in names[once:]:
        valid, records, inside = check(name)
        if isinstance(records[0], dict):
            wrong = list(breakages(valid.schema, records[0]))
            for record in wrong:
                if valid.is_valid(record):
                    sys.exit(f"{name}: valid: {json.dumps(record)[:300]}")
            if not wrong:
                sys.exit(f"{name}: nothing to break")
        if not once:
            check(name, "--ranges", "--closed")
        print(f"ok {len(records)} records, {inside} embedded")


if __name__ == "__main__":
    main(sys.argv[1:])
