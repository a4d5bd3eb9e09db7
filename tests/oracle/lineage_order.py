#!/usr/bin/env python3
"""lineage_order.py OUTPUT: sections in order, URNs by bytes, aspects once."""
import json
import sys

JOB_KIND = {"collector": 12, "loader": 13}


def section(m, subtypes):
    kind, aspect, urn = m["entityType"], m["aspectName"], m["entityUrn"]
    if kind == "structuredProperty":
        return 0 if aspect == "propertyDefinition" else 15
    if kind == "schemaField":
        if aspect == "status":
            return 14
        return None        # with its dataset
    if kind == "tag":
        return 16
    if kind == "container":
        return {"Database": 1, "Schema": 2,
                "snowplow_tracking_plan": 4}[subtypes[urn]]
    if kind == "dataFlow":
        return 10
    if kind == "dataJob":
        job = urn.rsplit(",", 1)[1][:-1]
        return JOB_KIND.get(job, 11)
    if subtypes[urn] == "atomic_event":
        return 3
    if subtypes[urn] == "snowplow_event_spec":
        late = aspect in ("schemaMetadata", "upstreamLineage")
        return 8 if late else 6
    return 5 if urn not in standard else 7


standard = set()
records, subtypes = [], {}
with open(sys.argv[1], encoding="utf-8") as f:
    for line in f:
        m = json.loads(line)
        records.append(m)
        if m["aspectName"] == "subTypes":
            subtypes[m["entityUrn"]] = m["aspect"]["json"]["typeNames"][0]
        if "iglu_central" in line:
            standard.add(m["entityUrn"])
seen, bad, last = set(), 0, (-1, b"")
for m in records:
    key = m["entityUrn"], m["aspectName"]
    if key in seen:
        print("twice:", key)
        bad = 1
    seen.add(key)
    where = section(m, subtypes)
    if where is None:
        continue
    place = where, m["entityUrn"].encode()
    if place < last:
        print("out of order:", key, "after", last)
        bad = 1
    last = place
for kind in {m["entityType"] for m in records}:
    described = {u for u, a in seen if a == "status"}
    for m in records:
        if m["entityUrn"] not in described and m["entityType"] != "tag":
            print("no status:", m["entityUrn"])
            bad = 1
sys.exit(bad)
