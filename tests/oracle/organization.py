#!/usr/bin/env python3
"""organization.py [--schemas=N] [--enrichments=N] [--seed=N] ...: an
organization of any size as structs(5) lines.

The same arguments give the same bytes.  Options:
  --schemas=50       data structures; as many event specifications
  --enrichments=5    over all pipelines
  --pipelines=1
  --seed=1
  --versions         each data structure has a history and all bodies
  --real=FILE        bodies from FILE (one schema a line), renamed
  --permute=SEED     the same lines in another order (the end line stays last)
"""
import argparse
import json
import random
import sys
import uuid

TYPES = ["string", "integer", "number", "boolean", ["string", "null"],
         ["integer", "null"]]
WORDS = ("user item order page cart price email token amount phone name kind "
         "source target length width height colour status reason").split()
PEOPLE = ["Ada Lovelace", "bob.wilson@example.com", "Tamás Németh",
          "Registry bootstrapping"]
ENRICHMENTS = [
    ("ip_lookups", {"geo": {"database": "GeoLite2-City.mmdb", "uri": "x"}}),
    ("campaign_attribution", {"mapping": "static", "fields": {
        "mktMedium": ["utm_medium"], "mktSource": ["utm_source"]}}),
    ("yauaa_enrichment_config", {"cacheSize": 1000}),
    ("referer_parser", {"internalDomains": []}),
    ("event_fingerprint_config", {"excludeParameters": ["stm"],
                                  "hashAlgorithm": "MD5"}),
    ("ua_parser_config", {"uri": "x", "database": "y"}),
    ("currency_conversion_config", {"accountType": "DEVELOPER",
                                    "baseCurrency": "EUR"}),
]


def names(rng, n):
    picked = []
    while len(picked) < n:
        name = "_".join(rng.sample(WORDS, 2))
        if name not in picked:
            picked.append(name)
    return picked


def body(rng, depth=0):
    properties = {}
    for name in names(rng, rng.randint(3, 14) if not depth else 3):
        kind = rng.random()
        if kind < 0.1 and depth < 2:
            p = {"type": "object", **body(rng, depth + 1)}
        elif kind < 0.2 and depth < 2:
            p = {"type": "array", "items": {"type": "object",
                                            **body(rng, depth + 1)}}
        else:
            p = {"type": rng.choice(TYPES)}
        if rng.random() < 0.7:
            p["description"] = "The %s of it" % name.replace("_", " ")
        properties[name] = p
    required = sorted(rng.sample(sorted(properties), 2))
    return {"properties": properties, "required": required}


def schema(rng, vendor, name, version, real):
    if real:
        b = dict(rng.choice(real))
    else:
        b = {"description": "Schema of %s" % name, "type": "object",
             **body(rng), "additionalProperties": False}
    b["self"] = {"vendor": vendor, "name": name, "format": "jsonschema",
                 "version": version}
    return b


def deployment(rng, version, env, day):
    return {"version": version, "patchLevel": 0, "contentHash": "0" * 64,
            "env": env, "ts": "2024-%02d-%02dT10:00:00Z" %
            (day // 28 % 12 + 1, day % 28 + 1), "message": None,
            "initiator": rng.choice(PEOPLE)}


def structures(rng, args, real):
    for i in range(args.schemas):
        vendor = "com.acme.team%d" % (i % 7) if i % 3 else "org.example"
        name = "%s_%04d" % ("_".join(rng.sample(WORDS, 2)), i)
        entity = i % 4 == 3
        x = {"kind": "data_structure", "hash": "%064x" % rng.getrandbits(256),
             "organizationId": "org-1", "vendor": vendor, "name": name,
             "format": "jsonschema", "description": None,
             "meta": {"hidden": False,
                      "schemaType": "entity" if entity else "event",
                      "customData": {"team": "t%d" % (i % 5)}}}
        final = schema(rng, vendor, name, "1-0-%d" % (2 if args.versions
                                                      else 0), real)
        version = final["self"]["version"]
        x["deployments"] = [deployment(rng, version, env, i + 60)
                            for env in ("PROD", "DEV")]
        if args.versions:
            x["history"] = [deployment(rng, "1-0-%d" % v, env, i + 20 * v)
                            for v in range(3) for env in ("DEV", "PROD")]
            x["versions"] = {}
            for v in range(3):
                old = json.loads(json.dumps(final))
                old["self"]["version"] = "1-0-%d" % v
                for extra in list(old.get("properties", {}))[v + 2:]:
                    if v < 2:
                        del old["properties"][extra]
                x["versions"]["1-0-%d" % v] = old
        yield x, final, entity


def organization(args):
    rng = random.Random(args.seed)
    real = []
    if args.real:
        with open(args.real, encoding="utf-8") as f:
            real = [json.loads(line) for line in f]
    uid = lambda: str(uuid.UUID(int=rng.getrandbits(128)))
    yield {"kind": "organization", "id": "org-1", "name": "Example"}
    made = list(structures(rng, args, real))
    for x, _, _ in made:
        yield x
    for x, final, _ in made:
        s = final["self"]
        yield {"kind": "schema", **s, "from": "console", "body": final}
    events = [m for m in made if not m[2]] or made
    entities = [m for m in made if m[2]]
    specs = []
    uri = lambda m: "iglu:%s/%s/jsonschema/%s" % (
        m[0]["vendor"], m[0]["name"], m[1]["self"]["version"])
    for i in range(args.schemas):
        tracked = rng.sample(entities, min(2, len(entities)))
        specs.append({
            "kind": "event_spec", "id": uid(), "name": "Spec %d" % i,
            "status": rng.choice(["published", "draft"]),
            "event": {"source": uri(events[i % len(events)])},
            "entities": {"tracked": [{"source": uri(m)} for m in tracked]},
            "createdAt": "2024-01-01T00:00:00Z", "updatedAt": None})
    yield from specs
    for i in range(max(1, args.schemas // 50)):
        yield {"kind": "tracking_plan", "id": "plan-%d" % i,
               "name": "Plan %d" % i, "owner": "owner%d@example.com" % i,
               "status": "published",
               "eventSpecs": [{"id": s["id"]} for s in specs[i::50]]}
    flows = [uid() for _ in range(args.pipelines)]
    for i, flow in enumerate(flows):
        yield {"kind": "pipeline", "id": flow, "name": "Pipeline %d" % i,
               "status": "ready", "label": ["prod", "dev"][i % 2],
               "config": {"collectorEndpoints": ["c%d.example.com" % i]}}
    for i in range(args.enrichments):
        key, data = ENRICHMENTS[i % len(ENRICHMENTS)]
        yield {"kind": "enrichment", "pipelineId": flows[i % len(flows)],
               "name": "%s-%d" % (key, i), "enabled": i % 11 != 10,
               "schemaKey": "iglu:com.snowplowanalytics.snowplow/%s/jsonschema"
               "/1-0-0" % key, "userData": data}
    for i, flow in enumerate(flows):
        yield {"kind": "destination", "id": "dest-%d" % i, "pipelineId": flow,
               "destinationType": "snowflake", "loaderType": "snowflake",
               "target": {"config": {"database": "DB%d" % i,
                                     "schema": "ATOMIC"}}}
    yield {"kind": "user", "id": "u1", "email": "ada@example.com",
           "name": "Ada Lovelace"}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--schemas", type=int, default=50)
    p.add_argument("--enrichments", type=int, default=5)
    p.add_argument("--pipelines", type=int, default=1)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--versions", action="store_true")
    p.add_argument("--real")
    p.add_argument("--permute", type=int)
    args = p.parse_args()
    lines = [json.dumps(x, separators=(",", ":"), ensure_ascii=False)
             for x in organization(args)]
    if args.permute is not None:
        random.Random(args.permute).shuffle(lines)
    lines.append('{"kind":"end","complete":true,"counts":{},"filters":[]}')
    sys.stdout.write("\n".join(lines) + "\n")


main()
