#!/usr/bin/env python3
"""compare.py -- discover-attrs against the oracle, byte for byte.

    compare.py files FILE...        each file, as it is
    compare.py random FIRST ROUNDS  random files, good records and bad ones
    compare.py forms FIRST ROUNDS   the same records in other forms

Every kernel of this machine, one thread and two, small batches, options drawn
from the seed.  A seed that fails leaves its files and says how it was run.
"""
import gzip
import json
import os
import random
import shutil
import subprocess
import sys

import attrs_oracle
import damage
import gen
import lines
import programs
from programs import Differs, run, same

sys.setrecursionlimit(1000000)
KEY_FILE = "sample.key"


def expected(argv, sources):
    """(attribute lines, error lines) of the oracle for [(name, data)]."""
    options = attrs_oracle.parse_args(argv)
    scan = attrs_oracle.Scan(options)
    for name, data in sources:
        scan.source(name, data)
    return b"".join(scan.output()), list(scan.error_lines()), scan


def errors_same(want, text, what):
    """Error lines are the same but for the wording."""
    def known(line):
        members = json.loads(line)
        names = ["error", "source", "record", "byte", "column", "raw",
                 "raw_base64"]
        if members["error"] == "size":
            names = names[:4]
        return {name: members[name] for name in names if name in members}

    wanted, got = ([known(line) for line in side]
                   for side in (want, text.splitlines()))
    if wanted != got:
        pairs = [p for p in zip(wanted, got) if p[0] != p[1]]
        raise Differs(f"{what}: error lines: {len(wanted)} wanted, {len(got)} "
                      f"got; {str(pairs[:1])[:800]}")


def some_paths(rng, sources):
    """Paths of objects, for --map."""
    _, _, scan = expected([], sources)
    found = []

    def walk(node, steps):
        if "object" in node.versions:
            found.append(lines.path(steps))
        for step, child in node.children.items():
            walk(child, steps + (step,))

    walk(scan.observer.root, ())
    return rng.sample(found, min(len(found), rng.randint(1, 3)))


def draw_options(rng, sources):
    roll = rng.randrange(9)
    if roll == 0:
        return ["--stats=full", "--values=3", "--samples=4"]
    if roll == 1:
        with open(KEY_FILE, "wb") as file:
            file.write(rng.randbytes(rng.randint(16, 300)))
        os.chmod(KEY_FILE, 0o600)
        return ["--samples=2", "--sample-key-file=" + KEY_FILE, "--private"]
    if roll == 2:
        return ["--values=300", "--samples=300", "--unmasked", "--no-first"]
    if roll == 3:
        return [f"--max-keys={rng.choice([1, 2, 3, 5, 9, 20])}"]
    if roll == 4:
        return ["--map=" + path for path in some_paths(rng, sources)]
    if roll == 5:
        return ["--stats=full", f"--max-keys={rng.choice([1, 4])}",
                *("--map=" + path for path in some_paths(rng, sources))]
    if roll == 6:
        return [f"--max-depth={rng.choice([0, 1, 2, 3, 5, 8])}",
                f"--max-embedded={rng.choice([0, 1, 2])}",
                f"--max-record={rng.choice([100, 2000, 1 << 20])}"]
    return []


def cut_up(rng, data):
    """The data as one to three sources, in files or as a pipe."""
    pieces = data.splitlines(keepends=True) if b"\r" not in data else [data]
    if rng.random() < 0.7 or len(pieces) < 3:
        return [(b"f.ndjson", data)]
    at = sorted(rng.sample(range(len(pieces)), 2))
    names = rng.sample([b"a", b"b", b"c.ndjson", b"\xc3\xa9", b"a b", b"B",
                        b"x\xff\xc3"], 3)
    return [(names[0], b"".join(pieces[:at[0]])),
            (names[1], b"".join(pieces[at[0]:at[1]])),
            (names[2], b"".join(pieces[at[1]:]))]


def packed(rng, data):
    """The data as it is, or compressed in one to three members."""
    roll = rng.random()
    if roll < 0.8 or not data:
        return data
    cuts = sorted(rng.randrange(len(data)) for _ in range(rng.randrange(3)))
    parts = [data[a:b] for a, b in zip([0] + cuts, cuts + [len(data)])]
    if roll < 0.9 or not shutil.which("zstd"):
        return b"".join(map(gzip.compress, parts))
    return b"".join(
        subprocess.run(["zstd", "-qc"], input=part, check=True,
                       capture_output=True).stdout for part in parts)


def plans(rng, kernels):
    for kernel in kernels:
        yield kernel, ["-P1"]
        batch = rng.choice([1, 64, 1000, 4096, 70000])
        yield kernel, ["-P2", "--oversubscribe", f"--batch-bytes={batch}"]


def check_sources(rng, sources, options, kernels, form="--input=lines"):
    """All plans on these sources against the oracle."""
    names = [os.fsdecode(name) for name, _ in sources]
    want, want_errors, _ = expected(options, sources)
    with open("want", "wb") as file:
        file.write(want)
    for name, (_, data) in zip(names, sources):
        with open(name, "wb") as file:
            file.write(packed(rng, data))
    for kernel, plan in plans(rng, kernels):
        argv = ["discover-attrs", "-q", form, "--errors=errors", *plan,
                *options, "--", *names]
        what = f"PENSTOCK_KERNEL={kernel} {' '.join(argv)}"
        same(want, run(argv, kernel=kernel), what)
        with open("errors", "rb") as file:
            errors_same(want_errors, file.read(), what)


def check_pipe(data, options, kernel):
    want, _, _ = expected(options, [(attrs_oracle.STDIN, data)])
    same(want, run(["discover-attrs", "-q", "--input=lines", *options],
                   stdin=data, kernel=kernel), "from a pipe")


def random_round(seed):
    rng = random.Random(f"compare {seed}")
    kernels = KERNELS
    data, good, bad = gen.generate(seed, rng.choice([3, 25, 60]),
                                   rng.choice([0, 0.05, 0.3]))
    sources = cut_up(rng, data)
    options = draw_options(rng, sources)
    check_sources(rng, sources, options, kernels)
    if rng.random() < 0.3:
        check_pipe(data, options, rng.choice(kernels))
    if bad:  # what the bad ones left: nothing
        alone = run(["discover-attrs", "-q", "--input=lines", "--no-first"],
                    stdin=good)
        with_bad = run(["discover-attrs", "-q", "--input=lines", "--no-first"],
                       stdin=data)
        same(alone.replace(b'"rejected":0', b'"rejected":%d' % bad, 1),
             with_bad, "good records alone, and with bad ones between")


def spread(rng, record):
    """The record over several lines: line ends for blanks between tokens."""
    return b"".join(
        bytes(rng.choice(b" \n\n\t") if c == 0x20 else c for c in token)
        if token[:1] in b" \t" else token for token in damage.tokens(record))


def in_form(rng, form, records):
    if form == "seq":
        return b"".join(b"\x1e" + spread(rng, r) + b"\n" for r in records)
    if form == "array":
        gap = rng.choice([b"\n", b"\n  ", b" ", b""])
        return b"[" + gap + (b"," + gap).join(
            spread(rng, r) for r in records) + gap + b"]\n"
    out = b""
    for record in records:
        apart = (b" ", b"\n", b"\r\n\n")
        joined = out[-1:] in b"}]" and record[:1] in b"{["
        out += rng.choice(apart + ((b"",) if joined else ())) + spread(
            rng, record)
    return out + rng.choice([b"", b"\n"])


def forms_round(seed):
    rng = random.Random(f"forms {seed}")
    _, good, _ = gen.generate(seed, 30, plain=True)
    records = [line.strip() for line in good.split(b"\n") if line.strip()]
    options = ["--no-first"]
    want, _, _ = expected(options, [(b"x", b"\n".join(records))])
    for form in "json", "array", "seq":
        data = in_form(rng, form, records)
        with open(form, "wb") as file:
            file.write(packed(rng, data))
        for kernel, plan in plans(rng, KERNELS[-1:]):
            argv = ["discover-attrs", "-q", "--input=" + form, *plan, *options]
            same(want, run(argv + [form], kernel=kernel),
                 " ".join(argv + [form]))
            same(want, run(argv, stdin=data, kernel=kernel),
                 " ".join(argv) + f" <{form}")


def files(names):
    rng = random.Random(1)
    for name in names:
        with open(name, "rb") as file:
            data = file.read()
        for options in [], ["--stats=full", "--values=5", "--samples=5"]:
            want, _, _ = expected(options, [(os.fsencode(name), data)])
            for kernel, plan in plans(rng, KERNELS):
                argv = ["discover-attrs", "-q", *plan, *options, name]
                same(want, run(argv, kernel=kernel),
                     f"PENSTOCK_KERNEL={kernel} {' '.join(argv)}")
        print(f"ok {os.path.basename(name)}")


def main(what, *rest):
    global KERNELS
    KERNELS, missing = programs.kernels()
    print("kernels:", *KERNELS, *(f"(not {name})" for name in missing))
    if what == "files":
        try:
            return files(rest)
        except Differs as why:
            return str(why)
    first, count = int(rest[0]), int(rest[1])
    work = {"random": random_round, "forms": forms_round}[what]
    return programs.rounds(work, range(first, first + count), what)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
