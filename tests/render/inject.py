#!/usr/bin/env python3
"""inject.py FIRST ROUNDS -- pairs of random files that differ by known
changes: diff-attrs tells each once, with its class, and nothing else.

A round makes records, changes a random choice of attributes in a copy, one
kind of change each, and compares what diff-attrs says with what was done.
The greatest SchemaVer bump is what schemas of both ask for, for any pair.
Records 0 and 1 have the extremes of all attributes and are changed only where
the change is about extremes.
"""
import copy
import json
import random
import string
import subprocess
import sys

N = 40
WRAPS = [("", lambda r: r), (".w", lambda r: {"w": r}),
         (".l[]", lambda r: {"l": [r]}), (".a.b", lambda r: {"a": {"b": r}})]


def base(rng):
    def text(low, high):
        return "".join(rng.choices(string.ascii_lowercase + "é ",
                                   k=rng.randint(low, high)))
    records = []
    for n in range(N):
        edge = {0: 0, 1: 1}.get(n)
        pick = (lambda low, high: rng.randint(low + 1, high - 1)
                if edge is None else (low, high)[edge])
        records.append({
            "int": pick(100, 899), "prec": pick(10, 99),
            "float": float(f"{pick(10, 99)}.5"),
            "scale": float(f"{pick(10, 99)}.25"),
            "str": text(*((3, 3), (9, 9))[edge] if edge is not None
                        else (4, 8)),
            "date": f"2021-0{rng.randint(1, 9)}-11",
            "word": rng.choice(["alpha-beta", "gamma-epsi"]),
            "gone": {"x": [1], "y": "z"}, "type": pick(1, 9),
            "widen": pick(1, 9), "req": rng.random() < .5,
            "nul": pick(10, 99), "nuls": None if n % 10 == 5 else True,
            "filled": None if n % 10 == 3 else 5, "only": None,
            "items": [7] * (edge + 2 if edge is not None else 2),
            "tags": ["a"], "vals": [True, True], "mix": n if n % 2 else "a",
            "map": {f"k{n}": {"v": 1}}, "json": "plain text 13",
            "obj": 5, "empty": [], "hollow": [], "deep": [[1], [2]]})
        if n % 2:
            records[-1]["opt"] = 1
            records[-1]["part"] = "x"
    return records


def each(records, key, what, chosen=slice(2, None)):
    for r in records[chosen]:
        if key in r:
            r[key] = what(r[key])


def one(rng):
    n = rng.randint(2, N - 1)
    return slice(n, n + 1)


def change(kind, records, rng):
    """Makes the change; (change, class, path, version)."""
    at = one(rng)
    if kind == "added":
        value = rng.choice([1, "x", None, {"a": {"b": 1}}, [{"c": [1]}], []])
        for r in records[at if rng.random() < .5 else slice(None)]:
            r["new"] = value
        return "attribute_added", "additive", ".new", None
    if kind == "removed":
        for r in records:
            del r["gone"]
        return "attribute_removed", "breaking", ".gone", None
    if kind == "type":
        value, version = rng.choice([
            ("x", "str"), (1.5, "float"), (True, "bool"), ({}, "object"),
            ({"a": 1}, "object"), ([1], "array_primitive"),
            ([{"a": [1]}], "array_object"), ([[1]], "array_array")])
        each(records, "type", lambda _: value, at)
        return "version_added", "breaking", ".type", version
    if kind == "lost":
        each(records, "mix", str, slice(None))
        # the length of the strings: two digits now
        return [("version_lost", "patch", ".mix", "int"),
                ("length", "additive", ".mix", "str")]
    if kind == "first type":
        each(records, "only", lambda _: 5, at)
        return "version_added", "additive", ".only", "int"
    if kind == "required":
        for r in records[at]:
            del r["req"]
        return "required_to_optional", "breaking", ".req", None
    if kind == "now required":
        for r in records:
            r["opt"] = 1
        return "optional_to_required", "patch", ".opt", None
    if kind == "presence":
        for r in records[2:12]:
            r.pop("part", None)
        return "presence", "patch", ".part", None
    if kind == "nulls":
        each(records, "nul", lambda _: None, at)
        return "nulls_appeared", "breaking", ".nul", None
    if kind == "null rate":
        each(records, "nuls", lambda _: None, slice(8, 20))
        return "null_rate", "patch", ".nuls", None
    if kind == "nulls gone":
        each(records, "filled", lambda _: 5, slice(None))
        return "nulls_gone", "patch", ".filled", None
    if kind == "format":
        each(records, "date", lambda _: "2021-13-11", at)
        return "format_lost", "breaking", ".date", "str"
    if kind == "format gained":
        each(records, "word", lambda _: "2021-02-11", slice(None))
        return "format_gained", "patch", ".word", "str"
    if kind == "longer":
        each(records, "str", lambda s: s + "0123456789", at)
        return "length", "additive", ".str", "str"
    if kind == "shorter":
        each(records, "str", lambda s: "ab", at)
        return "length", "patch", ".str", "str"
    if kind == "range":
        each(records, "int", lambda _: rng.choice([900, 10, 999]), at)
        return "range", "patch", ".int", "int"
    if kind == "precision":
        each(records, "prec", lambda _: rng.choice([100, -1000, 10 ** 20]), at)
        return "precision", "additive", ".prec", "int"
    if kind == "scale":
        each(records, "scale", lambda _: 50.125, at)
        return "precision", "additive", ".scale", "float"
    if kind == "items":
        each(records, "items", lambda _: [7] * 5, at)
        return "items", "patch", ".items", None
    if kind == "objects":
        each(records, "tags", lambda _: [{"k": {"j": 1}}], at)
        return "version_added", "breaking", ".tags", "array_object"
    if kind == "item type":
        each(records, "vals", lambda _: [True, "x"], at)
        return "version_added", "breaking", ".vals[]", "str"
    if kind == "filled":
        each(records, "empty", lambda _: [], at)
        each(records, "deep", lambda _: [[1], ["x"]], at)
        return "version_added", "breaking", ".deep[][]", "str"
    if kind == "empty array":
        each(records, "obj", lambda _: rng.choice([[], [None]]), at)
        return "arrays_appeared", "breaking", ".obj", None
    if kind == "no array":
        each(records, "hollow", lambda _: "x", slice(None))
        return [("arrays_gone", "patch", ".hollow", None),
                ("version_added", "breaking", ".hollow", "str")]
    if kind == "embedded":
        each(records, "json", lambda _: '{"aa":[1,22]}', at)
        return "attribute_added", "additive", ".json|fromjson", None
    raise AssertionError(kind)


KINDS = ["added", "removed", "type", "lost", "first type", "required",
         "now required", "presence", "nulls", "null rate", "nulls gone",
         "format", "format gained", "longer", "range", "precision", "scale",
         "items", "objects", "item type", "filled", "embedded",
         "empty array", "no array"]


def scan(records, wrap, name):
    with open(name, "w", encoding="utf-8") as file:
        for r in records:
            file.write(json.dumps(wrap(r), ensure_ascii=False) + "\n")
    done = subprocess.run(["discover-attrs", "-q", name], check=True,
                          capture_output=True)
    with open(name + ".attrs", "wb") as file:
        file.write(done.stdout)
    return name + ".attrs"


def diff(*argv):
    done = subprocess.run(["diff-attrs", *argv], capture_output=True,
                          check=False)
    if done.returncode not in (0, 1) or done.stderr:
        sys.exit(f"{argv}: {done.returncode} {done.stderr}")
    return done.returncode, [json.loads(line)
                             for line in done.stdout.splitlines()]


def round_of(seed):
    rng = random.Random(f"inject {seed}")
    old = base(rng)
    now = copy.deepcopy(old)
    prefix, wrap = rng.choice(WRAPS)
    want = []
    kinds = rng.sample(KINDS, rng.choice([1, 1, 2, 5, len(KINDS)]))
    for kind in kinds:
        made = change(kind, now, rng)
        want += made if isinstance(made, list) else [made]
    if rng.random() < .2 and "longer" not in kinds:
        want.append(change("shorter", now, rng))
    # longer strings change nothing else; order of records neither
    a, b = scan(old, wrap, "old.ndjson"), scan(now, wrap, "new.ndjson")
    rc, found = diff("--fail-on=breaking", a, b)
    said = sorted((d["change"], d["class"], d["path"], str(d["version"]))
                  for d in found)
    path = lambda p: (prefix + p)
    wanted = sorted((c, k, path(p), str(v)) for c, k, p, v in want)
    if said != wanted:
        sys.exit(f"seed {seed}: {kinds}\nwanted {wanted}\nsaid   {said}")
    if rc != any(k == "breaking" for _, k, _, _ in want):
        sys.exit(f"seed {seed}: status {rc}")
    check_bump(a, b, found, seed)
    for name in (a, b):
        if diff(name, name)[1]:
            sys.exit(f"seed {seed}: a file differs from itself")
    check_first(found, seed)
    part_of(old, wrap, a, rng, seed)
    pair_of(rng, seed)


def part_of(old, wrap, a, rng, seed):
    """What a part lacks is not gone: it tells nothing with --partial."""
    some = [r for r in old if rng.random() < .5] or old
    part = scan(some, wrap, "part.ndjson")
    found = diff("--partial", "--threshold=100%", a, part)[1]
    if found:
        sys.exit(f"seed {seed}: of a part: {found}")


def value(rng, depth):
    kind = rng.random()
    if depth > 2 or kind < .5:
        return rng.choice([None, 1, 2, -3, 1.5, 2.0, True, "x", "", "abc",
                           "2020-01-02", 10 ** rng.randint(1, 25)])
    if kind < .8:
        return {rng.choice("abcd"): value(rng, depth + 1)
                for _ in range(rng.randint(0, 3))}
    return [value(rng, depth + 1) for _ in range(rng.randint(0, 3))]


def pair_of(rng, seed):
    """Any two small files: the bump alone is known, and that of a part."""
    def some():
        return [{key: value(rng, 1) for key in "pq" if rng.random() < .8}
                for _ in range(rng.randint(1, 3))]
    old = some()
    now = some() if rng.random() < .5 else old + some()
    a = scan(old, lambda r: r, "old.ndjson")
    b = scan(now, lambda r: r, "new.ndjson")
    check_bump(a, b, diff(a, b)[1], f"{seed}, {old} {now}")
    part_of(now, lambda r: r, b, rng, f"{seed}, {now}")


def iglu(attrs, *options):
    return json.loads(subprocess.run(
        ["render-attrs", "-q", "--to=iglu", "--vendor=a", "--name=b", *options,
         attrs], check=True, capture_output=True).stdout)


def check_bump(a, b, found, seed):
    """The greatest of what changes ask for is what the schema asks for, which
    is found out by comparing two schemas."""
    with open("old.json", "w", encoding="utf-8") as file:
        json.dump(iglu(a, "--schema-version=5-5-5"), file)
    raised = iglu(b, "--previous=old.json")["self"]["version"]
    want = {"5-5-5": None, "5-5-6": "ADDITION", "5-6-0": "REVISION",
            "6-0-0": "MODEL"}[raised]
    order = [None, "ADDITION", "REVISION", "MODEL"]
    said = max((d["bump"] for d in found), key=order.index, default=None)
    if said != want:
        sys.exit(f"seed {seed}: {said}, but the schema asks for {want}: "
                 f"{[(d['change'], d['path'], d['bump']) for d in found]}")


def check_first(found, seed):
    """A locator leads to a record of the new file that is unlike the old."""
    with open("new.ndjson", "rb") as file:
        text = file.read()
    for d in found:
        if d["change"] not in ("attribute_added", "version_added"):
            continue
        if "first" not in d and d["new"].get("versions") == []:
            continue  # nulls alone and empty arrays are no version
        at = d["first"]["byte"]
        if d["first"]["source"] != "new.ndjson" or (at and
                                                    text[at - 1:at] != b"\n"):
            sys.exit(f"seed {seed}: {d}")
        record = json.loads(text[at:].split(b"\n")[0])
        if not reaches(record, d["steps"], d["version"]):
            sys.exit(f"seed {seed}: not at {d['first']}: {d}")


TYPES = {str: "str", int: "int", float: "float", bool: "bool",
         dict: "object"}


def reaches(value, steps, version):
    if not steps:
        return (version is None or TYPES.get(type(value)) == version
                or (isinstance(value, list) and version.startswith("array")))
    step, rest = steps[0], steps[1:]
    if step is None:
        return isinstance(value, str) and reaches(json.loads(value), rest,
                                                  version)
    if step == []:
        return isinstance(value, list) and any(
            reaches(item, rest, version) for item in value)
    return isinstance(value, dict) and step in value and reaches(
        value[step], rest, version)


if __name__ == "__main__":
    first, rounds = int(sys.argv[1]), int(sys.argv[2])
    for number in range(first, first + rounds):
        round_of(number)
    print(f"ok {rounds} rounds")
