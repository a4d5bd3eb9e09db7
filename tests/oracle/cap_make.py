#!/usr/bin/env python3
"""cap_make.py KIND [ARGUMENT...] -- proposals for the tests of cap-aspect.

jobs N [SPECS GROUPS]   N dataJobInputOutput aspects, each output field from all
                        event specs, as Snowplow's enrichments have it
small N                 N small aspects of several kinds
random SEED N           N random ones, odd in every way that is allowed
grid INPUTS COLUMNS     one job: each column of each input to a column
upstreams N COLUMNS     one upstreamLineage
schema N                one schemaMetadata of N fields
"""
import json
import random
import sys

PLATFORM = "urn:li:dataPlatform:snowplow"
TABLE = "urn:li:dataset:(urn:li:dataPlatform:snowflake,db.atomic.events,PROD)"


def dataset(name):
    return "urn:li:dataset:(%s,%s,PROD)" % (PLATFORM, name)


def field(urn, path):
    return "urn:li:schemaField:(%s,%s)" % (urn, path)


def mcp(kind, urn, name, aspect, **more):
    return {"entityType": kind, "entityUrn": urn, "changeType": "UPSERT",
            "aspectName": name, "aspect": {"json": aspect}, **more}


def job_urn(name):
    return "urn:li:dataJob:(urn:li:dataFlow:(snowplow,p,PROD),%s)" % name


def group(ups, downs, **more):
    return {"upstreamType": "FIELD_SET", "upstreams": ups,
            "downstreamType": "FIELD_SET", "downstreams": downs, **more}


def job(name, inputs, outputs, groups, **more):
    return mcp("dataJob", job_urn(name), "dataJobInputOutput",
               {"inputDatasets": inputs, "outputDatasets": outputs,
                "fineGrainedLineages": groups, **more})


def jobs(n, specs=500, groups=16):
    for i in range(int(n)):
        urns = [dataset("event_spec.%08x-%04d" % (i * 2654435761 % 2**32, s))
                for s in range(int(specs))]
        ups = [field(u, "useragent") for u in urns]
        yield job("yauaa%d" % i, urns, [TABLE], [
            group(ups, [field(TABLE, "br_%d" % g)],
                  transformOperation="DERIVED", confidenceScore=1.0)
            for g in range(int(groups))])


def small(n):
    for i in range(int(n)):
        urn = dataset("com.acme.schema_%d" % i)
        yield mcp("dataset", urn, "status", {"removed": False})
        yield mcp("dataset", urn, "container",
                  {"container": "urn:li:container:%032x" % (i % 7)})
        yield mcp("dataset", urn, "datasetProperties",
                  {"name": "schema_%d" % i, "description": "Ein Text " * 20,
                   "customProperties": {"vendor": "com.acme", "n": str(i)}})
        yield mcp("dataset", urn, "upstreamLineage", {
            "upstreams": [{"auditStamp": {"time": 0, "actor": "urn:li:corpuser"
                                          ":unknown"},
                           "dataset": dataset("x.y%d" % i),
                           "type": "TRANSFORMED"}],
            "fineGrainedLineages": [
                group([field(dataset("x.y%d" % i), "f%d" % k)],
                      [field(urn, "f%d" % k)], confidenceScore=1.0)
                for k in range(10)]})


def grid(inputs, columns):
    urns = [dataset("v%d.t%02d" % (i % 5, i)) for i in range(int(inputs))]
    yield job("grid", urns, [TABLE], [
        group([field(u, "c%d" % c) for u in urns], [field(TABLE, "c%d" % c)])
        for c in range(int(columns))])


def upstreams(n, columns):
    urn = dataset("here")
    urns = [dataset("up.t%d" % i) for i in range(int(n))]
    yield mcp("dataset", urn, "upstreamLineage", {
        "upstreams": [{"dataset": u, "type": "TRANSFORMED"} for u in urns],
        "fineGrainedLineages": [
            group([field(u, "c%d" % c)], [field(urn, "c%d" % c)])
            for u in urns for c in range(int(columns))]})


def schema(n):
    yield mcp("dataset", dataset("wide"), "schemaMetadata", {
        "schemaName": "wide", "platform": PLATFORM, "version": 0, "hash": "",
        "platformSchema": {"com.linkedin.schema.OtherSchema":
                           {"rawSchema": "x" * 3000}},
        "fields": [{"fieldPath": ("a.[type=record].b" if i % 3 else "top") +
                    "%d" % i, "nullable": True, "description": "é" * (i % 7),
                    "type": {"type": {"com.linkedin.schema.StringType": {}}},
                    "nativeDataType": "string", "recursive": False,
                    "isPartOfKey": False} for i in range(int(n))]})


TEXTS = ["", "a", "é", "\u20ac", "\U0001f600", "\x7f", "\n\t", '"\\', "/", "x" * 9,
         "\ud800", "\0", "a.b", "0123456789abcdef"]


def text(r):
    return "".join(r.choice(TEXTS) for _ in range(r.randrange(4)))


def value(r, depth=0):
    k = r.randrange(9 if depth < 4 else 6)
    if k < 2:
        return text(r)
    if k == 2:
        return r.choice([0, -1, 1.5, 10**20, True, False])
    if k < 5:
        return None
    if k < 7:
        return r.randrange(1000)
    if k == 7:
        return [value(r, depth + 1) for _ in range(r.randrange(4))]
    return {text(r): value(r, depth + 1) for _ in range(r.randrange(4))}


def random_job(r, i):
    urns = [dataset(r.choice(["é", "a.b", "a.c", "d"]) + ".%d" % k)
            for k in range(r.randrange(1, 30))]
    paths = ["p", "q.r", "ö", "[version=2.0].x"]
    kind = r.randrange(2)
    me = dataset("me")
    groups = []
    for _ in range(r.randrange(12)):
        ups = [field(r.choice(urns), r.choice(paths))
               for _ in range(r.randrange(5))]
        downs = [field(TABLE if kind else me, "c%d" % r.randrange(4))
                 for _ in range(r.randrange(1, 3))]
        more = {}
        if r.random() < .5:
            more["confidenceScore"] = r.choice([1.0, 1, 0.5, None])
        if r.random() < .5:
            more["transformOperation"] = r.choice(["NONE", "X", None])
        if r.random() < .2:
            more["query"] = "urn:li:query:%d" % r.randrange(2)
        groups.append(group(ups, downs, **more))
        if r.random() < .2:
            groups.append(json.loads(json.dumps(groups[-1])))
    if kind:
        more = {"x": value(r)}
        if r.random() < .5:
            more["inputDatasetEdges"] = [
                {"destinationUrn": r.choice(urns), "created": value(r)}
                for _ in range(r.randrange(4))]
        return job("r%d" % i, [r.choice(urns) for _ in urns] +
                   urns[:r.randrange(len(urns))], [TABLE], groups, **more)
    ups = []
    for u in urns:
        ups.append({"dataset": u, "type": "COPY"})
        if r.random() < .5:
            ups[-1]["auditStamp"] = {"time": 0, "actor": "a"}
    return mcp("dataset", me, "upstreamLineage",
               {"upstreams": ups, "fineGrainedLineages": groups,
                "z": value(r)})


def random_lines(seed, n):
    r = random.Random(int(seed))
    for i in range(int(n)):
        if r.random() < .3:
            m = mcp("dataset", dataset("é%d" % i), "other", value(r))
            if m["aspect"]["json"] is None:
                m["aspect"]["json"] = {}
        else:
            m = random_job(r, i)
        if r.random() < .2:
            m["aspect"] = {"value": json.dumps(m["aspect"]["json"]),
                           "contentType": "application/json"}
        yield m


def main():
    kind, arguments = sys.argv[1], sys.argv[2:]
    make = {"jobs": jobs, "small": small, "grid": grid, "schema": schema,
            "upstreams": upstreams, "random": random_lines}[kind]
    for i, m in enumerate(make(*arguments)):
        # raw and escaped text, compact and not
        line = json.dumps(m, ensure_ascii=i % 2 == 0 or kind != "random",
                          separators=(",", ":") if i % 3 else None)
        sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass")
                                if "\ud800" not in line else
                                json.dumps(m).encode())
        sys.stdout.buffer.write(b"\n")


main()
