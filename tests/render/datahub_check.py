#!/usr/bin/env python3
"""datahub_check.py FILE... -- DataHub's own classes (acryl-datahub) take the
proposals of each FILE's scan as valid; field paths are of version 2, all
different, and begin with the path of the field they are in."""
import json
import re
import subprocess
import sys

from datahub.emitter.mcp import MetadataChangeProposalWrapper
from datahub.emitter.serialization_helper import post_json_transform
from datahub.metadata.schema_classes import (DatasetProfileClass,
                                             SchemaMetadataClass)

URN = "urn:li:dataset:(urn:li:dataPlatform:file,a.b,PROD)"
PATH = re.compile(r"\[version=2\.0\](\.\[type=[a-z]+\]|\.[^.\[]*)*")


def check(name):
    attributes = subprocess.run(["discover-attrs", "-q", name], check=True,
                                capture_output=True).stdout
    lines = [json.loads(line) for line in attributes.splitlines()[1:]]
    keys = [a for a in lines if a["steps"] and isinstance(a["steps"][-1], str)]
    text = subprocess.run(
        ["render-attrs", "--to=datahub", f"--urn={URN}",
         "--timestamp=1700000000000"], check=True, input=attributes,
        capture_output=True).stdout
    found = []
    for line, kind in zip(text.splitlines(), (SchemaMetadataClass,
                                              DatasetProfileClass),
                          strict=True):
        proposal = json.loads(line)
        aspect = kind.from_obj(post_json_transform(proposal["aspect"]["json"]))
        mcp = MetadataChangeProposalWrapper(
            entityUrn=proposal["entityUrn"], aspect=aspect)
        if not aspect.validate() or not mcp.validate():
            sys.exit(f"{name}: not valid: {line[:300]}")
        if mcp.aspectName != proposal["aspectName"]:
            sys.exit(f"{mcp.aspectName} is not {proposal['aspectName']}")
        found.append(aspect)
    schema, profile = found
    paths = [f.fieldPath for f in schema.fields]
    if paths != [f.fieldPath for f in profile.fieldProfiles]:
        sys.exit("two lists of paths")
    if len(set(paths)) != len(keys) or len(paths) != len(keys):
        twice = [p for p in paths if paths.count(p) > 1]
        sys.exit(f"{len(paths)} paths of {len(keys)} keys; {twice[:5]}")
    for path, key in zip(paths, keys):
        if not PATH.fullmatch(path):
            sys.exit(f"no path of version 2: {path}")
        nulls = profile.fieldProfiles[paths.index(path)].nullCount
        if key["level"] == 0 and "[]" not in key["path"]:
            wanted = (json.loads(attributes.splitlines()[1])["count"]
                      - key["count"] + key["nulls"])
            if nulls != wanted:
                sys.exit(f"{path}: {nulls} nulls, not {wanted}")
    if not schema.platform == "urn:li:dataPlatform:file" or \
            schema.schemaName != "a.b":
        sys.exit("wrong names")
    print(f"ok {len(paths)} fields")


if __name__ == "__main__":
    for file_name in sys.argv[1:]:
        check(file_name)
