#!/usr/bin/env python3
"""cap_guard.py FILE -- runs DataHub's own aspect size guard over proposals.

Fails when it changes one of them in more than the order of the groups of an
upstreamLineage, or when an aspect is over the limit by its measure.
"""
import json
import sys
from types import SimpleNamespace

from datahub.emitter.mcp import MetadataChangeProposalWrapper
from datahub.emitter.rest_emitter import INGEST_MAX_PAYLOAD_BYTES
from datahub.emitter.serialization_helper import pre_json_transform
from datahub.ingestion.api.workunit import MetadataWorkUnit
from datahub.ingestion.workunit_processors import ensure_aspect_size as guard

report = SimpleNamespace(warning=lambda **k: print("guard:", k["context"]))
context = SimpleNamespace(source_report=report)
g = guard.EnsureAspectSizeProcessor.__new__(guard.EnsureAspectSizeProcessor)
g.ctx, g.report = context, guard.EnsureAspectSizeProcessorReport()
g.payload_constraint = INGEST_MAX_PAYLOAD_BYTES
g.schema_size_constraint = int(g.payload_constraint * 0.985)


def plain(aspect):
    o = pre_json_transform(aspect.to_obj())
    if o.get("fineGrainedLineages"):
        o["fineGrainedLineages"] = sorted(map(json.dumps,
                                              o["fineGrainedLineages"]))
    return o


wrong = n = 0
for line in open(sys.argv[1]):
    m = MetadataChangeProposalWrapper.from_obj(json.loads(line))
    before = plain(m.aspect)
    size = len(json.dumps(pre_json_transform(m.aspect.to_obj())))
    for _ in g.process([MetadataWorkUnit(id="x", mcp=m)]):
        pass
    n += 1
    if plain(m.aspect) != before or size >= INGEST_MAX_PAYLOAD_BYTES:
        wrong += 1
        print("changed by the guard, or too long:", m.aspectName, size)
print(n, "aspects,", wrong, "wrong")
sys.exit(wrong != 0 or not n)
