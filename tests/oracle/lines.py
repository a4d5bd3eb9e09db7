"""Attribute lines, written as attr(5) says, byte for byte."""
import json
import os
import re

import looks
from extra import utf8
from tree import DECODED, ITEM, MAP, VERSIONS

LEFT_RAW = re.compile("[\x7f\ud800-\udfff]")  # by json.dumps
BARE = re.compile("[A-Za-z_][A-Za-z0-9_]*")
FORMAT_ORDER = ([name for name, _ in looks.STRING_FORMATS]
                + ["epoch-s", "epoch-ms"])


def write(value):
    """Any of our own values; objects in their own order."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return LEFT_RAW.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def path(steps):
    out, fresh = ".", True  # fresh: behind a dot of its own
    for kind, key in steps:
        if kind == ITEM[0]:
            out += "[]"
        elif kind == MAP[0]:
            out += "{}"
        elif kind == DECODED[0]:
            out += "|fromjson"
            fresh = None
            continue
        else:
            name = key if BARE.fullmatch(key) else write(key)
            if fresh is None:
                out += "|." + name
            else:
                out += name if fresh else "." + name
            fresh = False
            continue
        if fresh is None:
            out = out[:-2] + "|." + out[-2:]
        fresh = False
    return out


def parse_path(text):
    """The steps of a path; ValueError where it is none."""
    import strict
    steps, at = [], 1
    token = re.compile(
        r'(\[\])|(\{\})|(\|fromjson(?:\|\.(?=[\[{"A-Za-z_]))?)'
        r'|\.?(?:([A-Za-z_][A-Za-z0-9_]*)|"((?:[^"\\]|\\.)*)")')
    if text[:1] != ".":
        raise ValueError(text)
    while at < len(text):
        m = token.match(text, at)
        if not m:
            raise ValueError(text)
        item, map_, decoded, bare, quoted = m.groups()
        steps.append(ITEM if item else MAP if map_ else DECODED if decoded
                     else (4, bare if quoted is None
                           else strict.unescape(quoted.encode())))
        at = m.end()
    return tuple(steps)


def last(steps, kinds):
    """Index of the last step of these kinds, or None."""
    return max((i for i, step in enumerate(steps) if step[0] in kinds),
               default=None)


def number_members(version, name, options):
    if not options.private:
        yield "min", version.min
        yield "max", version.max
    yield "digits", version.digits
    if name == "float":
        yield "scale", version.scale
        yield "exponent", version.exponent


def version_members(version, name, options):
    """What an active version has between count and first."""
    if name == "str":
        yield "empty", version.empty
        yield "chars", {"min": version.chars.min, "max": version.chars.max,
                        "sum": version.chars.sum}
    if name in ("int", "float"):
        yield from number_members(version, name, options)
    if name in ("str", "int", "float"):
        yield "formats", {f: version.formats[f] for f in FORMAT_ORDER
                          if f in version.formats}
    if name == "str":
        yield "embedded", version.embedded
    if name == "bool":
        yield "true", version.true
    if name == "object":
        yield "keys", {"min": version.keys.min, "max": version.keys.max}
    if getattr(version, "extra", None):
        yield from version.extra.members()


def versions(node, name, options):
    out = {}
    for kind in VERSIONS:
        version = node.versions.get(kind)
        if kind == "array_array" and not version:
            continue
        members = {"name": f"{name}_{kind}" if name else kind,
                   "active": bool(version),
                   "count": version.count if version else 0}
        if version:
            members.update(version_members(version, kind, options))
            if not options.no_first:
                source, byte = version.first
                members["first"] = {"source": os.fsdecode(source),
                                    "byte": byte}
        out[kind] = members
    return out


STEP_TEXT = {ITEM[0]: [], MAP[0]: {}, DECODED[0]: None}


def attribute(node, steps, options):
    """One attribute line, without its line feed."""
    key = last(steps, (4,))
    name = "" if key is None else steps[key][1]
    around, array = last(steps, (4, MAP[0])), last(steps, (ITEM[0],))
    line = {
        "path": path(steps),
        "steps": [STEP_TEXT.get(kind, text) for kind, text in steps],
        "name": name,
        "level": sum(step[0] in (4, MAP[0]) for step in steps) - 1,
        "order": node.order,
        "parent_object": None if around is None else path(steps[:around]),
        "parent_array": None if array is None else path(steps[:array]),
        "count": node.count,
    }
    if node.duplicates:
        line["duplicates"] = node.duplicates
    line["nulls"] = node.nulls
    if node.empty_arrays:
        line["empty_arrays"] = node.empty_arrays
    line["bytes"] = node.bytes
    if node.items.min is not None:
        line["items"] = {"min": node.items.min, "max": node.items.max,
                         "sum": node.items.sum}
    line["versions"] = versions(node, name, options)
    return write(line)


def attributes(root, options):
    """All lines, depth first."""
    waiting = [((), root)]
    while waiting:
        steps, node = waiting.pop()
        if node.count:
            yield attribute(node, steps, options)
        waiting += [(steps + (step,), child) for step, child in sorted(
            node.children.items(), reverse=True,
            key=lambda item: (item[0][0], item[1].order, utf8(item[0][1])))]
