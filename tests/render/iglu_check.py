#!/usr/bin/env python3
"""iglu_check.py METASCHEMAS FILE... -- the Iglu schema of each FILE's scan is
valid under Iglu's own metaschema (the record of METASCHEMAS, Iglu Central's
schemas, that is named so), and every record is valid under it."""
import json
import subprocess
import sys

import jsonschema

sys.setrecursionlimit(100000)


def metaschema(name):
    with open(name, encoding="utf-8") as file:
        for line in file:
            schema = json.loads(line)
            mine = schema.get("self", {})
            if (mine.get("vendor") == "com.snowplowanalytics.self-desc"
                    and mine.get("name") == "schema"):
                schema["$schema"] = "http://json-schema.org/draft-04/schema#"
                return schema
    sys.exit(f"no metaschema in {name}")


def main(meta, *names):
    meta = jsonschema.Draft4Validator(metaschema(meta))
    for name in names:
        attributes = subprocess.run(["discover-attrs", "-q", name], check=True,
                                    capture_output=True).stdout
        schema = json.loads(subprocess.run(
            ["render-attrs", "--to=iglu", "--vendor=com.acme", "--name=x_y"],
            check=True, input=attributes, capture_output=True).stdout)
        meta.validate(schema)
        if meta.is_valid({**schema, "self": {}}):
            sys.exit("the metaschema takes anything")
        schema["$schema"] = "http://json-schema.org/draft-04/schema#"
        jsonschema.Draft4Validator.check_schema(schema)
        valid = jsonschema.Draft4Validator(schema)
        with open(name, encoding="utf-8") as file:
            for n, line in enumerate(file):
                for error in valid.iter_errors(json.loads(line)):
                    sys.exit(f"{name}:{n + 1}: {error.message[:300]}")
        print(f"ok {n + 1} records")


if __name__ == "__main__":
    main(*sys.argv[1:])
