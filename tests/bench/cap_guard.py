#!/usr/bin/env python3
"""cap_guard.py [FILE] -- what DataHub's aspect size guard does to proposals, in
Python, for comparison with cap-aspect: each aspect is read and measured; an
upstreamLineage over the limit is cut, and a dataJobInputOutput (which the guard
does not know) by the same rule.
"""
import json
import sys

LIMIT = 15 * 1024 * 1024


def no_nulls(v):
    if isinstance(v, dict):
        return {k: no_nulls(x) for k, x in v.items() if x is not None}
    if isinstance(v, list):
        return [no_nulls(x) for x in v]
    return v


def size(v):
    return len(json.dumps(no_nulls(v)))


def cut(aspect):
    total, stop = 0, False
    for name in ("upstreams", "inputDatasets", "outputDatasets",
                 "fineGrainedLineages"):
        kept = []
        for item in aspect.get(name) or []:
            total += size(item)
            if stop or total >= LIMIT:
                stop = True
                break
            kept.append(item)
        if name in aspect:
            aspect[name] = kept


with open(sys.argv[1], "rb") if len(sys.argv) > 1 else sys.stdin.buffer as f:
    for line in f:
        m = json.loads(line)
        aspect = m["aspect"]["json"]
        if size(aspect) >= LIMIT and m["aspectName"] in (
                "upstreamLineage", "dataJobInputOutput"):
            cut(aspect)
        sys.stdout.write(json.dumps(m) + "\n")
