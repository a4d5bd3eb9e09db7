#!/usr/bin/env python3
"""jqpaths.py -- what discover-attrs calls a path, jq takes as one.

    jqpaths.py files FILE...        paths and counts of these files
    jqpaths.py random FIRST ROUNDS  of random records

Every path without a map step or a lone surrogate has to compile in jq and,
given a document made from the attribute's steps, to reach the value in it.
And the number of values that an exact selector, made from the steps too, finds
in the records is the attribute's count.  jq 1.6 keeps one of several equal
keys, goes 256 levels deep and reads some things that are no JSON: random
records in which that would matter are left out of the count.
"""
import json
import os
import random
import subprocess
import sys

import gen
import programs
import strict
from programs import Differs, run

sys.setrecursionlimit(1000000)
CHUNK = 100  # attributes in one jq program
DEEP = 100
LINES = ["discover-attrs", "-q", "--input=lines", "--max-keys=0"]


def jq(argv, text):
    done = subprocess.run(["jq", *argv], input=text, capture_output=True,
                          check=False)
    if done.returncode:
        raise Differs(f"jq {' '.join(argv)[:300]}: {done.stderr[-300:]!r}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def has_lone(steps):
    return any(isinstance(step, str) and strict.lone_surrogates(step)
               for step in steps)


def witness(steps, value):
    """The smallest document that has ${value} where the steps lead."""
    for step in reversed(steps):
        if step is None:
            value = json.dumps(value)
        else:
            value = [value] if step == [] else {step: value}
    return value


def check_paths(attributes):
    """Compiles them all and follows each to its own value."""
    usable = [a for a in attributes if {} not in a["steps"]
              and not has_lone(a["steps"]) and len(a["steps"]) <= DEEP]
    for at in range(0, len(usable), CHUNK):
        chunk = usable[at:at + CHUNK]
        program = ",".join(f"[.[{i}]|{a['path']}]" for i, a in enumerate(chunk))
        made = [witness(a["steps"], {"value": i}) for i, a in enumerate(chunk)]
        found = jq(["-c", program], json.dumps(made).encode())
        for i, a in enumerate(chunk):
            if found[i] != [{"value": i}]:
                raise Differs(f"{a['path']} gave {found[i]} in {made[i]}")
    return len(usable)


def selector(steps):
    """jq's exact selection of an attribute's values."""
    out = "."
    for step in steps:
        if step is None:
            out += ("|strings|(try fromjson catch empty)"
                    '|select(type == "object" or type == "array")')
        elif step == []:
            out += "|arrays|.[]"
        else:
            key = json.dumps(step).replace("\x7f", "\\u007f")
            out += f"|objects|select(has({key}))|.[{key}]"
    return out


def check_counts(attributes, records):
    for at in range(0, len(attributes), CHUNK):
        chunk = attributes[at:at + CHUNK]
        counted = ",".join(f".[{i}] + ([$r|{selector(a['steps'])}]|length)"
                           for i, a in enumerate(chunk))
        zeros = json.dumps([0] * len(chunk))
        found = jq(["-nc", f"reduce inputs as $r ({zeros}; [{counted}])"],
                   records)[0]
        for a, n in zip(chunk, found):
            if n != a["count"]:
                raise Differs(f"{a['path']}: {a['count']} counted, jq has {n}")


def simple(value, depth=0):
    """Does jq 1.6 see the same in it as we do?"""
    kind, _, _, content = value
    if depth > DEEP:
        return False
    if kind == "array":
        return all(simple(item, depth + 1) for item in content)
    if kind == "object":
        keys = [key for key, _ in content]
        return (len(set(keys)) == len(keys)
                and not any(map(strict.lone_surrogates, keys))
                and all(simple(item, depth + 1) for _, item in content))
    if kind == "str":
        if strict.lone_surrogates(content):
            return False
        # also where jq alone takes blanks for such (a no-break space)
        if content.strip()[:1] in ("{", "["):
            try:
                return simple(strict.parse(content.encode(), 1000), depth + 20)
            except strict.Fault:
                return False
    return True


def attributes_of(text):
    return [json.loads(line) for line in text.splitlines()[1:]]


def random_round(seed):
    rng = random.Random(f"jqpaths {seed}")
    _, good, _ = gen.generate(seed + 200000, rng.choice([5, 20]), plain=True)
    attributes = attributes_of(run(LINES, good))
    check_paths(rng.sample(attributes, min(len(attributes), 1000)))
    records = b"".join(
        line + b"\n" for line in good.split(b"\n") if line.strip(strict.BLANK)
        and simple(strict.parse(line.strip(strict.BLANK), 1000)))
    attributes = attributes_of(run(LINES + ["--max-embedded=4"], records))
    attributes = [a for a in attributes
                  if a["steps"].count(None) < 4 and not has_lone(a["steps"])]
    check_counts(rng.sample(attributes, min(len(attributes), 200)), records)


def files(names):
    rng = random.Random(1)
    for name in names:
        with open(name, "rb") as file:
            records = file.read()
        attributes = attributes_of(run(["discover-attrs", "-q", name]))
        paths = check_paths(attributes)
        some = rng.sample(attributes, min(len(attributes), 400))
        check_counts(some, records)
        print(f"ok {os.path.basename(name)}: {paths} paths, "
              f"{len(some)} counts")


def main(what, *rest):
    if what == "files":
        try:
            return files(rest)
        except Differs as why:
            return str(why)
    return programs.rounds(random_round, range(
        int(rest[0]), int(rest[0]) + int(rest[1])), "jq paths")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
