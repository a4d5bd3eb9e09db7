#!/usr/bin/env python3
"""structs_golden.py FOLDER: structs(5) lines of the API answers in FOLDER.

The answers are those that DataHub's golden metadata events were made from
(reference/snowplow/fixtures).  Enrichments are of the deprecated shape, as the
golden files have them; event specifications get the entity that the golden
lineage shows.
"""
import json
import os
import sys


def load(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as f:
        return json.load(f)


def legacy(like, uid, name, schema, parameters):
    item = {k: v for k, v in like.items() if k != "_note"}
    item.update(id=uid, filename=name + ".json")
    item["content"] = {"schema": schema, "data": {
        "enabled": True, "name": name,
        "vendor": "com.snowplowanalytics.snowplow", "parameters": parameters}}
    return item


def main():
    folder = sys.argv[1]
    out = [{"kind": "organization", "id": "test-org-uuid", "name": None}]
    for x in load(folder, "data_structures_with_ownership.json"):
        x["history"] = x["deployments"]
        out.append({"kind": "data_structure", **x})
    for x in load(folder, "event_specifications_response.json")["data"]:
        if x["id"] == "evt-spec-product-interaction":
            x["entities"] = {"tracked": [
                {"source": "iglu:com.acme/user_context/jsonschema/1-0-0"}]}
        out.append({"kind": "event_spec", **x})
    for x in load(folder, "pipelines_response.json")["pipelines"]:
        out.append({"kind": "pipeline", **x})
    flow = out[-1]["id"]
    like = load(folder, "legacy_enrichment_item.json")
    new = {x["name"]: x for x in load(folder, "enrichments_response.json")}
    items = [{k: v for k, v in like.items() if k != "_note"}]
    fingerprint = new["event-fingerprint"]
    items.append(legacy(like, "5c4c8c1b-92cd-4b69-9b13-817facd47a83",
                        "event_fingerprint_config", fingerprint["schemaKey"],
                        fingerprint["userData"]))
    for x in items:
        out.append({"kind": "enrichment", "pipelineId": flow, **x})
    for x in load(folder, "mock_users_and_token.json")["users"]:
        out.append({"kind": "user", **x})
    out.append({"kind": "end", "complete": True, "counts": {}, "filters": []})
    for x in out:
        print(json.dumps(x, separators=(",", ":"), ensure_ascii=False))


main()
