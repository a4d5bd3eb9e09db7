#!/usr/bin/env python3
"""tree_check.py WIDTH ATTRS TREE -- no line of the tree is wider than WIDTH,
and the lines shown and folded are all attributes.  Widths are Unicode's, by
unicodedata; the two lines at the end and the head may be longer."""
import json
import re
import sys
import unicodedata


def cells(text):
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


width = int(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    attributes = [json.loads(line) for line in file][1:]
with open(sys.argv[3], encoding="utf-8") as file:
    lines = file.read().split("\n")[:-1]
rows = [line for line in lines[2:] if re.search(r"%  *\d+( |$)", line)]
floor = 20 + 8 + 5 + 6 + 9 + 4   # the columns that are always there
for line in rows:
    if cells(line) > max(width, floor):
        sys.exit(f"{cells(line)} cells: {line}")
folded = 0
for line in lines:
    match = re.match(r"folded: (\d+) attributes", line)
    folded = int(match[1]) if match else folded
if len(rows) + folded != len(attributes):
    sys.exit(f"{len(rows)} rows, {folded} folded, {len(attributes)} attributes")
if folded:
    more = sum(int(m) for m in re.findall(r"… (\d+) more", "\n".join(lines)))
    below = sum(int(m) for m in re.findall(r"\+(\d+) below", "\n".join(lines)))
    if more + below > folded:
        sys.exit(f"{more} + {below} of {folded}")
    if len(rows) > 121:
        sys.exit(f"{len(rows)} rows")
