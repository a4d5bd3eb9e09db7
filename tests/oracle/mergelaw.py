#!/usr/bin/env python3
"""mergelaw.py -- parts that are added up give what one run gives.

    mergelaw.py FIRST ROUNDS

For random files and options: ranges of files, files one by one, records dealt
out at random, batches of any size, runs stopped and resumed; merged in random
order and in random trees.  Always the bytes of one plain run.
"""
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import compare
import gen
import programs
from programs import Differs, run, same, start

sys.setrecursionlimit(1000000)
LINES = ["-q", "--input=lines"]
BOM = b"\xef\xbb\xbf"


class Round:
    def __init__(self, seed):
        self.rng = random.Random(f"mergelaw {seed}")
        self.made = 0

    def keep(self, text):
        """A new file with ${text}; its name."""
        self.made += 1
        name = f"part{self.made}"
        with open(name, "wb") as file:
            file.write(text)
        return name

    def scan(self, options, names, more=()):
        plan = self.rng.choice([["-P1"], ["-P2", "--oversubscribe"]])
        batch = self.rng.choice([1, 100, 5000, 1 << 19])
        return run(["discover-attrs", *LINES, *plan, f"--batch-bytes={batch}",
                    *options, *more, "--", *names])

    def merge(self, names):
        """Merged in a random tree; files, or all through a pipe."""
        names = list(names)
        while len(names) > 1 or self.rng.random() < 0.2:
            some = self.rng.sample(names, self.rng.randint(1, len(names)))
            names = [name for name in names if name not in some]
            if self.rng.random() < 0.3:
                text = b"".join(map(read, some))
                names.append(self.keep(run(["merge-attrs", "-q"], text)))
            else:
                names.append(self.keep(run(["merge-attrs", "-q", *some])))
        return read(names[0])

    def ranges(self, options, names, want):
        n = self.rng.choice([1, 2, 3, 7, 20])
        parts = [self.keep(self.scan(options, names, [f"--range={i + 1}/{n}"]))
                 for i in range(n)]
        same(want, self.merge(parts), f"{n} ranges of {names} {options}")

    def one_by_one(self, options, names, want):
        parts = [self.keep(self.scan(options, [name])) for name in names]
        parts.append(self.keep(run(["discover-attrs", *LINES, *options])))
        same(want, self.merge(parts), f"one by one {names} {options}")

    def dealt(self, options, data):
        """Records in any order in any files; only without places."""
        options = [o for o in options if o != "--no-first"] + ["--no-first"]
        records = [line + b"\n"
                   for line in data.removeprefix(BOM).split(b"\n")]
        if records[-1] == b"\n":
            records.pop()
        want = self.scan(options, [self.keep(b"".join(records))])
        self.rng.shuffle(records)
        n = self.rng.randint(1, 6)
        hands = [[] for _ in range(n)]
        for record in records:
            self.rng.choice(hands).append(record)
        parts = [self.keep(self.scan(options, [self.keep(b"".join(hand))]))
                 for hand in hands]
        same(want, self.merge(parts), f"dealt out to {n} {options}")

    def stopped(self, options, names, want):
        """Stopped again and again; every part is valid, their sum is all."""
        parts, more = [], []
        for _ in range(200):
            # a millisecond each: some batches, how many is chance
            argv = ["discover-attrs", *LINES, "-P1", "--batch-bytes=1",
                    *options, *more]
            last = len(parts) > self.rng.choice([2, 5, 9])
            limit = [] if last else ["--time-limit=1ms"]
            done = start(argv + limit + (names if not more else []))
            if done.returncode not in (0, 75):
                raise Differs(f"{argv}: status {done.returncode}: "
                              f"{done.stderr[-300:]!r}")
            parts.append(self.keep(done.stdout))
            if done.returncode == 0:
                break
            # The sum of all says what is left; where there are ranges, the
            # last part does so too.
            rest = parts[-1]
            if "--no-first" in options or self.rng.random() < 0.5:
                rest = self.keep(run(["merge-attrs", "-q", *parts]))
            more = ["--resume=" + rest]
        same(want, self.merge(parts),
             f"stopped {len(parts) - 1} times {names} {options}")
        return len(parts) - 1


    def stopped_pipe(self, options, data):
        """TERM while a pipe is being read; then the same data once more."""
        argv = [os.path.join(programs.BIN, "discover-attrs"), *LINES, "-P1",
                *options]
        want = run(["discover-attrs", *argv[1:]], data)
        cut = self.rng.randint(0, min(len(data), 60000))
        with subprocess.Popen(argv + ["--batch-bytes=100"],
                              stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as child:
            child.stdin.write(data[:cut])
            child.stdin.flush()
            time.sleep(self.rng.choice([0.001, 0.05]))
            child.send_signal(signal.SIGTERM)
            text = child.stdout.read()
            child.stdin.close()
        if child.returncode == -signal.SIGTERM:
            return  # it had not even begun
        if child.returncode != 75:
            raise Differs(f"TERM on a pipe: status {child.returncode}")
        parts = [self.keep(text)]
        parts.append(self.keep(run(
            ["discover-attrs", *argv[1:], "--resume=" + parts[0]], data)))
        same(want, self.merge(parts), f"pipe of {len(data)} bytes stopped "
             f"after {cut} {options}")


def read(name):
    with open(name, "rb") as file:
        return file.read()


def widest(data):
    """How many keys the objects have, for --max-keys at its limits."""
    _, _, scan = compare.expected([], [(b"x", data)])
    found = set()

    def walk(node):
        found.add(sum(step[0] == 4 for step in node.children))
        for child in node.children.values():
            walk(child)

    walk(scan.observer.root)
    return sorted(found - {0}) or [1]


def draw_options(rng, sources):
    if rng.random() < 0.4:
        wide = rng.choice(widest(b"".join(data for _, data in sources)))
        more = ["--stats=full"] if rng.random() < 0.3 else []
        return [f"--max-keys={max(1, wide + rng.choice([-1, 0, 1]))}"] + more
    return compare.draw_options(rng, sources)


def law_round(seed):
    this = Round(seed)
    rng = this.rng
    data, _, _ = gen.generate(seed + 100000, rng.choice([3, 20, 40]),
                              rng.choice([0, 0, 0.2]))
    sources = compare.cut_up(rng, data)
    if len(sources) == 1 and rng.random() < 0.5:
        sources.append((b"again", data))
    options = draw_options(rng, sources)
    names = [os.fsdecode(name) for name, _ in sources]
    for name, (_, text) in zip(names, sources):
        with open(name, "wb") as file:
            file.write(text)
    want = run(["discover-attrs", *LINES, "-P1", *options, "--", *names])
    same(want, run(["merge-attrs", "-q"], want), f"merged alone {options}")
    this.ranges(options, names, want)
    this.one_by_one(options, names, want)
    this.dealt(options, data)
    this.stopped(options, names, want)
    if rng.random() < 0.3:
        this.stopped_pipe(options, data)


def main(first, rounds):
    if not shutil.which(os.path.join(programs.BIN, "merge-attrs")):
        sys.exit("no merge-attrs")
    return programs.rounds(
        law_round, range(int(first), int(first) + int(rounds)), "merge law")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
