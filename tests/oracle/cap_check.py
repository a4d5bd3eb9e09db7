#!/usr/bin/env python3
"""cap_check.py OPTIONS INPUT OUTPUT -- what cap-aspect should have written.

OPTIONS is JSON: {"policy", "fold", "bytes", "inputs", "outputs", "fine",
"fields", "total"}.  A second implementation of cap-aspect(1) for lineage, from
the page's words and with plain loops: every line is compared, and what is wrong
is printed.  XXH3 is libxxhash's own.
"""
import ctypes
import json
import sys

XXH3 = ctypes.CDLL("libxxhash.so.0").XXH3_64bits
XXH3.argtypes, XXH3.restype = [ctypes.c_char_p, ctypes.c_size_t], ctypes.c_uint64

GROUP = ("urn:li:dataset:(urn:li:dataPlatform:snowplow,atomic_event,PROD)")


def key(text):
    return text.encode("utf-8", "surrogatepass")


def no_nulls(v):
    if isinstance(v, dict):
        return {k: no_nulls(x) for k, x in v.items() if x is not None}
    if isinstance(v, list):
        return [no_nulls(x) for x in v]
    return v


def size(aspect):
    n = len(json.dumps(no_nulls(aspect)))
    n += sum(63 for u in aspect.get("upstreams") or []
             if u.get("auditStamp") is None)
    n += sum(24 for f in aspect.get("fineGrainedLineages") or []
             if f.get("confidenceScore") is None)
    return n


def dataset_of(urn):
    head = "urn:li:schemaField:("
    if not urn.startswith(head) or "," not in urn:
        return urn
    return urn[len(head):urn.rindex(",")]


def unique(items):
    seen, out = set(), []
    for x in items:
        k = json.dumps(x)
        if k not in seen:
            seen.add(k)
            out.append(x)
    return out


class Lineage:
    def __init__(self, name, aspect):
        self.job = name == "dataJobInputOutput"
        self.aspect = aspect = {k: v for k, v in aspect.items()
                                if v is not None}
        self.groups = aspect.get("fineGrainedLineages", [])
        self.inputs = unique(
            aspect.get("inputDatasets", []) +
            [e["destinationUrn"] for e in aspect.get("inputDatasetEdges", [])]
            if self.job else [u["dataset"] for u in aspect["upstreams"]])
        self.outputs = unique(
            aspect.get("outputDatasets", []) +
            [e["destinationUrn"] for e in aspect.get("outputDatasetEdges", [])]
            if self.job else [])

    def edges(self):
        return sum(len(g.get("upstreams") or []) *
                   len(g.get("downstreams") or []) for g in self.groups)

    def widest(self):
        return max([len(g.get("upstreams") or []) for g in self.groups] + [0])

    def over(self, o):
        def passes(n, limit):
            return limit and n > limit
        return (o["bytes"] and size(self.aspect) >= o["bytes"] or
                passes(len(self.inputs), o["inputs"]) or
                passes(len(self.outputs), o["outputs"]) or
                passes(self.edges(), o["fine"]) or
                passes(self.widest(), o["fields"]) or
                passes(len(self.inputs) + len(self.outputs) + self.edges(),
                       o["total"]))


def fold_key(g, downs):
    score = g.get("confidenceScore")
    rest = {k: v for k, v in g.items()
            if v is not None and k not in (
                "upstreams", "downstreams", "confidenceScore",
                "transformOperation", "upstreamType", "downstreamType")}
    return json.dumps([
        g.get("upstreamType"), g.get("downstreamType"),
        g.get("transformOperation") or "NONE",
        float(1 if score is None else score),
        sorted(set(g.get("upstreams") or []), key=key), rest,
        sorted(set(g.get("downstreams") or []), key=key) if downs else 0],
        sort_keys=True)


def fold(name, aspect, really):
    """Duplicates go; then equal groups become one."""
    aspect = dict(aspect)
    for k in ("inputDatasets", "inputDatasetEdges", "outputDatasets",
              "outputDatasetEdges", "upstreams", "inputDatasetFields",
              "outputDatasetFields"):
        if aspect.get(k):
            aspect[k] = unique(aspect[k])
    groups, by_key = [], {}
    for downs in (True, False) if really else (True,):
        source = aspect.get("fineGrainedLineages") or []
        groups, by_key = [], {}
        for g in source:
            g = dict(g)
            for k in ("upstreams", "downstreams"):
                if g.get(k):
                    g[k] = unique(g[k])
            k = fold_key(g, downs)
            if k in by_key:
                first = by_key[k]
                first["downstreams"] = unique(
                    (first.get("downstreams") or []) +
                    (g.get("downstreams") or []))
            else:
                by_key[k] = g
                groups.append(g)
        if source:
            aspect["fineGrainedLineages"] = groups
    return aspect


def stratum(urn, containers):
    if urn in containers:
        return key(containers[urn])
    head = "urn:li:dataset:("
    name = urn
    if urn.startswith(head):
        name = urn[urn.index(",") + 1:urn.rindex(",")]
    return key(name[:name.rindex(".")]) if "." in name else b""


def rank(urns, containers):
    urns = sorted(urns, key=key)
    ends = []
    while urns and len(ends) < 20:
        ends.append(urns.pop(0 if len(ends) % 2 == 0 else -1))
    strata = {}
    for u in urns:
        strata.setdefault(stratum(u, containers), []).append(u)
    for s in strata.values():
        s.sort(key=lambda u: (XXH3(key(u), len(key(u))), key(u)))
    turn = 0
    while any(len(s) > turn for s in strata.values()):
        ends += [strata[s][turn] for s in sorted(strata)
                 if len(strata[s]) > turn]
        turn += 1
    return ends


def pick(l, keep_in, keep_out, keep_fields, group_ok=lambda i: True):
    """The aspect with what the three functions keep."""
    a = {}
    for k, v in l.aspect.items():
        if k in ("inputDatasets", "inputDatasetFields"):
            v = [u for u in v if keep_in(dataset_of(u))]
        elif k == "inputDatasetEdges":
            v = [e for e in v if keep_in(e["destinationUrn"])]
        elif k == "upstreams":
            v = [e for e in v if keep_in(e["dataset"])]
        elif k in ("outputDatasets", "outputDatasetFields"):
            v = [u for u in v if keep_out(dataset_of(u))]
        elif k == "outputDatasetEdges":
            v = [e for e in v if keep_out(e["destinationUrn"])]
        elif k == "fineGrainedLineages":
            groups = []
            for i, g in enumerate(v):
                h = dict(g)
                ups, downs = g.get("upstreams") or [], g.get("downstreams") or []
                nu = [u for u in ups if keep_fields(dataset_of(u))]
                nd = [d for d in downs if dataset_of(d) not in l.outputs or
                      keep_out(dataset_of(d))]
                if not group_ok(i) or (ups and not nu) or (downs and not nd):
                    continue
                if g.get("upstreams"):
                    h["upstreams"] = nu
                if g.get("downstreams"):
                    h["downstreams"] = nd
                groups.append(h)
            if v and not groups:
                continue
            v = groups
        a[k] = v
    for k in ("inputDatasets", "outputDatasets") if l.job else ("upstreams",):
        a.setdefault(k, [])
    return a


def fits(name, a, o, n_in, n_out):
    l = Lineage(name, a)
    passes = lambda n, limit: limit and n > limit
    return not (o["bytes"] and size(a) >= o["bytes"] or
                passes(l.edges(), o["fine"]) or
                passes(l.widest(), o["fields"]) or
                passes(n_in + n_out + l.edges(), o["total"]))


def cut_by_rank(name, l, o, containers):
    outs = l.outputs
    if o["outputs"] and len(outs) > o["outputs"]:
        outs = rank(outs, containers)[:o["outputs"]]
    order = rank(l.inputs, containers)
    others = unique([dataset_of(u) for g in l.groups
                     for u in g.get("upstreams") or []])
    order += rank([u for u in others if u not in order], containers)
    n = len(l.inputs)
    if o["policy"] == "fields":
        n = 0
    elif o["inputs"]:
        n = min(n, o["inputs"])
    allowed = n if n < len(l.inputs) and o["policy"] != "fields" \
        else len(order) + 1
    place = {u: i for i, u in enumerate(order)}
    inputs = set(l.inputs)
    limits = dict(o)
    if not l.job:
        limits["bytes"] = 0

    def at(n, m):
        return pick(
            l, lambda u: place[u] < n if u in inputs else True,
            lambda u: u in outs or u not in l.outputs,
            lambda u: place[u] < m,
            lambda i: l.groups[i].get("upstreams") or m == len(order) + 1)

    for m in range(allowed, -1, -1):
        a = at(n, m)
        if fits(name, a, limits, n, len(outs)):
            if m < allowed and m < len(order) and not Lineage(name, a).edges():
                return None	# part of a dataset's edges: checked elsewhere
            return a
    for n in range(n, -1, -1):
        a = at(n, 0)
        if fits(name, a, limits, n, len(outs)):
            return a
    return None


def first_upstreams(a, o):
    """The guard's order: upstreams, then groups of three types."""
    def with_parts(ups, groups):
        b = dict(a, upstreams=ups)
        if a.get("fineGrainedLineages"):
            b.pop("fineGrainedLineages")
        if groups:
            b["fineGrainedLineages"] = [
                g for i, g in enumerate(a["fineGrainedLineages"])
                if i in groups]
        return b

    def short(b):
        return not o["bytes"] or size(b) < o["bytes"]

    ups = []
    for u in a["upstreams"]:
        if not short(with_parts(ups + [u], [])):
            return with_parts(ups, [])
        ups.append(u)
    types = ["DATASET", "FIELD_SET", "NONE"]
    groups, all_groups = [], a.get("fineGrainedLineages") or []
    for i, g in sorted(enumerate(all_groups), key=lambda x: (
            types.index(x[1].get("upstreamType")), x[0])):
        b = with_parts(ups, groups + [i])
        if not short(b) or Lineage("upstreamLineage", b).over(
                dict(o, bytes=0, inputs=0)):
            break
        groups.append(i)
    return with_parts(ups, groups)


def truncate_job(name, l, o):
    """Inputs, outputs, groups as written; the first misfit ends it."""
    n = min(len(l.inputs), o["inputs"] or len(l.inputs))
    k = min(len(l.outputs), o["outputs"] or len(l.outputs))
    if o["total"]:
        n = min(n, max(0, o["total"] - k))

    def at(n, k, groups):
        ins, outs = l.inputs[:n], l.outputs[:k]
        return pick(l, lambda u: u in ins or u not in l.inputs,
                    lambda u: u in outs or u not in l.outputs,
                    lambda u: True, lambda i: i in groups)

    def longest(limit, make):
        for x in range(limit, -1, -1):
            if not o["bytes"] or size(make(x)) < o["bytes"]:
                return x
        return 0

    most = longest(n, lambda x: at(x, 0, []))
    if most < n:
        return at(most, 0, [])
    if longest(k, lambda x: at(n, x, [])) < k:
        return at(n, longest(k, lambda x: at(n, x, [])), [])
    groups = []
    others = [d for d in l.inputs[n:]]
    for i, g in enumerate(l.groups):
        ups = [dataset_of(u) for u in g.get("upstreams") or []]
        downs = [dataset_of(u) for u in g.get("downstreams") or []]
        if any(u in others for u in ups) or \
                n < len(l.inputs) and any(u not in l.inputs for u in ups) or \
                any(d in l.outputs[k:] for d in downs):
            break
        if not fits(name, at(n, k, groups + [i]), o, n, k):
            break
        groups.append(i)
    return at(n, k, groups)


def expected(name, aspect, o, containers):
    """The aspect that should come out; None: this cannot say."""
    if o["policy"] == "all":
        o = dict(o, inputs=0, outputs=0, fine=0, fields=0, total=0)
    l = Lineage(name, aspect)
    if not l.over(o):
        return aspect
    really = o["fold"] == "all" or (o["fold"] == "jobs" and l.job)
    aspect = {k: v for k, v in fold(name, aspect, really).items()
              if v is not None}
    for k in ("inputDatasets", "outputDatasets") if l.job else ("upstreams",):
        aspect.setdefault(k, [])
    l = Lineage(name, aspect)
    if not l.over(o):
        return aspect
    if o["policy"] == "group":
        a = pick(l, lambda u: False, lambda u: True, lambda u: False,
                 lambda i: False)
        if l.job and a.get("inputDatasetEdges") is not None and \
                l.aspect["inputDatasetEdges"]:
            a["inputDatasetEdges"] = [{"destinationUrn": GROUP}]
        if l.job and (l.aspect.get("inputDatasets") or
                      not l.aspect.get("inputDatasetEdges")):
            a["inputDatasets"] = [GROUP]
        if not l.job:
            a["upstreams"] = [{"dataset": GROUP, "type": "TRANSFORMED"}]
        return a
    if o["policy"] == "truncate":
        if l.job:
            return truncate_job(name, l, o)
        n = min(o["inputs"] or len(l.inputs), o["total"] or len(l.inputs))
        ins = l.inputs[:n]
        a = pick(l, lambda u: u in ins, lambda u: True, lambda u: u in ins or
                 len(ins) == len(l.inputs))
        return first_upstreams(a, o)
    a = cut_by_rank(name, l, o, containers)
    if a is not None and not l.job and o["bytes"] and size(a) >= o["bytes"]:
        a = first_upstreams(a, o)
    return a


def inner(m):
    a = m["aspect"]
    return a["json"] if "json" in a else json.loads(a["value"])


def edge_set(a):
    return {(g.get("transformOperation") or "NONE", g.get("query"),
             float(1 if g.get("confidenceScore") is None
                   else g["confidenceScore"]), u, d)
            for g in a.get("fineGrainedLineages") or []
            for u in g.get("upstreams") or []
            for d in g.get("downstreams") or []}


def main():
    o = {"policy": "sample", "fold": "jobs", "bytes": 15728640, "inputs": 50,
         "outputs": 0, "fine": 1000, "fields": 200, "total": 0}
    o.update(json.loads(sys.argv[1]))
    before = open(sys.argv[2], "rb").read().split(b"\n")
    after = open(sys.argv[3], "rb").read().split(b"\n")
    containers, wrong, checked, changed = {}, 0, 0, 0
    if len(before) != len(after):
        sys.exit("%d lines became %d" % (len(before) - 1, len(after) - 1))
    for i, (b, a) in enumerate(zip(before, after)):
        if not b:
            continue
        mb, ma = json.loads(b), json.loads(a)
        name = mb["aspectName"]
        if name == "container":
            containers[mb["entityUrn"]] = inner(mb)["container"]
        if name not in ("dataJobInputOutput", "upstreamLineage"):
            if b != a:
                wrong += 1
                print("line %d: changed for no reason" % (i + 1))
            continue
        want = expected(name, inner(mb), o, containers)
        if want is inner(mb) or want == inner(mb) and a == b:
            checked += 1
            continue
        got = inner(ma)
        if want is None:
            extra = edge_set(got) - edge_set(inner(mb))
            if extra:
                wrong += 1
                print("line %d: edges from nowhere: %s" % (i + 1, extra))
            continue
        checked += 1
        changed += 1
        # members that are null may go
        if {k: v for k, v in got.items() if v is not None} != want:
            wrong += 1
            if wrong <= 3:
                print("line %d:\n got %s\nwant %s" % (
                    i + 1, json.dumps(got)[:3000], json.dumps(want)[:3000]))
        if json.dumps(dict(mb, aspect=0)) != json.dumps(dict(ma, aspect=0)):
            wrong += 1
            print("line %d: other members changed" % (i + 1))
    print("%d checked, %d of them changed, %d wrong" % (checked, changed,
                                                        wrong))
    sys.exit(wrong != 0 or not checked)


main()
