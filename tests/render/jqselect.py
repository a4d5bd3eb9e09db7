#!/usr/bin/env python3
"""jqselect.py FILE... -- runs every selector of render-attrs --to=jq in jq on
the records of each FILE and compares the number of values with the counts of
discover-attrs.

A selector is its parent's and one step more, so jq is given them in a program
of that shape: P|(1, (S|2)) says 1 for each value that P selects and 2 for each
that P|S does.
"""
import collections
import json
import os
import subprocess
import sys

CHUNK = 300


def run(*argv, text=None):
    return subprocess.run(argv, input=text, capture_output=True,
                          check=True).stdout


def nested(selectors, parents, chosen):
    """A program that says the number of each chosen selector's values."""
    needed = set(chosen)
    for i in chosen:
        while parents[i] is not None and parents[i] not in needed:
            i = parents[i]
            needed.add(i)
    below = collections.defaultdict(list)
    for i in sorted(needed):
        below[parents[i]].append(i)

    def text(i):
        start = len(selectors[parents[i]]) + 1 if parents[i] is not None else 0
        parts = ([str(i)] if i in chosen else []) + [
            text(k) for k in below[i]]
        return f"({selectors[i][start:]}|({','.join(parts)}))"
    return text(0)


def check(name):
    with open(name, "rb") as file:
        records = file.read()
    attributes = run("discover-attrs", "-q", name)
    wanted = [json.loads(line) for line in attributes.splitlines()[1:]]
    lines = run("render-attrs", "--to=jq", text=attributes).decode()
    lines = lines.rstrip("\n").split("\n")
    if len(lines) != len(wanted):
        return f"{len(lines)} selectors of {len(wanted)} attributes"
    selectors, parents, places = [], [], {}
    for i, (line, attribute) in enumerate(zip(lines, wanted)):
        selector, comment = line.split("\t# ", 1)
        if comment != attribute["path"]:
            return f"{comment} instead of {attribute['path']}"
        steps = [json.dumps(step) for step in attribute["steps"]]
        places[tuple(steps)] = i
        selectors.append(selector)
        parents.append(places[tuple(steps[:-1])] if steps else None)
        if steps and not selector.startswith(selectors[parents[i]] + "|"):
            return f"{selector} does not begin with its parent's"
    found = collections.Counter()
    for at in range(0, len(selectors), CHUNK):
        chosen = set(range(at, min(at + CHUNK, len(selectors))))
        found.update(run("jq", nested(selectors, parents, chosen),
                         text=records).split())
    for i, a in enumerate(wanted):
        if found[str(i).encode()] != a["count"] - a.get("duplicates", 0):
            return (f"{a['path']}: {a['count']} counted, "
                    f"{found[str(i).encode()]} by {selectors[i]}")
    print(f"ok {os.path.basename(name)}: {len(lines)} selectors")
    return None


if __name__ == "__main__":
    for file_name in sys.argv[1:]:
        why = check(file_name)
        if why:
            sys.exit(f"{file_name}: {why}")
