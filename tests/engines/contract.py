#!/usr/bin/env python3
"""What engines do with programs, without the engines.

    contract.py trees PARTIAL...      all orders and trees of merges
    contract.py cuts PARTIAL          a partial that ends anywhere
    contract.py hadoop FILE           mappers, combiners, a shuffle, a reducer
    contract.py spark FILE            pipes read as text, a tree of merges

Prints how many results were compared with the expected one.
"""
import itertools
import random
import subprocess
import sys


def run(command, data=b"", status=0):
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    assert done.returncode == status, (command, done)
    return done.stdout


def merge(*parts, options=()):
    return run(["merge-attrs", *options], b"".join(parts))


def trees(leaves):
    """All binary trees over these leaves in this order."""
    if len(leaves) == 1:
        yield leaves[0]
    for i in range(1, len(leaves)):
        for left in trees(leaves[:i]):
            for right in trees(leaves[i:]):
                yield left, right


def fold(tree, known):
    """Merges a tree; what was merged before is looked up."""
    if isinstance(tree, bytes):
        return tree
    if tree not in known:
        known[tree] = merge(*(fold(t, known) for t in tree))
    return known[tree]


def all_trees(names):
    parts = [open(name, "rb").read() for name in names]
    want = merge(*parts)
    known = {}
    n = 0
    for order in itertools.permutations(parts):
        for tree in trees(order):
            assert fold(tree, known) == want, tree
            n += 1
    return n


def cuts(name):
    """A prefix is nothing, or all but the last newline, or is refused."""
    whole = open(name, "rb").read()
    want = merge(whole)
    places = {1, 2, 7, len(whole) - 2} | {
        i + k for i, c in enumerate(whole) if c in b"\n\t" for k in (0, 1, 2)}
    n = 0
    for place in sorted(places):
        if place >= len(whole) - 1:
            continue
        done = subprocess.run(["merge-attrs"], input=whole[:place],
                              capture_output=True, check=False)
        assert done.returncode in (2, 3) and not done.stdout, (place, done)
        n += 1
    assert merge(whole[:-1]) == want
    return n


def partitions(rng, data, n):
    """The records of data in n files of any size, empty ones too."""
    lines = data.splitlines(keepends=True)
    at = sorted(rng.randrange(len(lines) + 1) for _ in range(n - 1))
    return [b"".join(lines[a:b])
            for a, b in zip([0, *at], [*at, len(lines)])] + [b""]


def hadoop(name):
    data = open(name, "rb").read()
    want = run(["discover-attrs", "-q", "--no-first"], data)
    rng = random.Random(1)
    for n in range(1, 13):
        mapped = [run(["discover-attrs", "-q", "-P1", "--hadoop"], part)
                  for part in partitions(rng, data, n)]
        for out in mapped:
            assert out.count(b"\n") == 1 and out.endswith(b"\n")
            assert out.split(b"\t")[0] == b"attrs"
        rng.shuffle(mapped)
        # combiners run never, once or several times over any of the lines
        while rng.random() < 0.7:
            k = rng.randrange(1, len(mapped) + 1)
            mapped[:k] = [merge(*mapped[:k], options=["--hadoop"])]
        # the shuffle: by key, in any order of values
        lines = sorted(mapped, key=lambda line: line.split(b"\t", 1)[0])
        reduced = merge(*lines, options=["--hadoop"])
        # TextOutputFormat writes key, tab, value
        key, value = reduced.split(b"\t", 1)
        assert merge(key + b"\t" + value) == want
    return n


def spark(name):
    data = open(name, "rb").read()
    want = run(["discover-attrs", "-q", "--no-first"], data)
    rng = random.Random(2)
    for n in range(1, 9):
        parts = []
        for part in partitions(rng, data, n):
            out = run(["discover-attrs", "-q", "-P1", "--no-first"], part)
            lines = [line.decode() for line in out.splitlines()]
            parts.append("".join(line + "\n" for line in lines).encode())
        while len(parts) > 1:
            k = rng.randrange(2, len(parts) + 1)
            rng.shuffle(parts)
            parts[:k] = [merge(*parts[:k])]
        assert parts[0] == want
    return n


how = {"trees": all_trees, "cuts": lambda names: cuts(*names),
       "hadoop": lambda names: hadoop(*names),
       "spark": lambda names: spark(*names)}
print(how[sys.argv[1]](sys.argv[2:]))
