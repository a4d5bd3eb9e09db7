#!/usr/bin/env python3
"""split.py BUILD -- measures fan-out; called by run.sh (ONLY=split for it alone).

As scan.py: programs in turn, RUNS times, medians of wall times; the table is
added to the one of the scan.
"""
import os
import shutil
import statistics
import subprocess
import sys
import time

BUILD = sys.argv[1]
QUICK = bool(os.environ.get("QUICK"))
RUNS = int(os.environ.get("RUNS", 3 if QUICK else 5))
DATA = f"{BUILD}/bench"
os.environ["PATH"] = f"{BUILD}/bin:" + os.environ["PATH"]
SINK = "sh -c 'cat >/dev/null'"
lines = []


def say(text=""):
    print(text, flush=True)
    lines.append(text)


def once(command):
    t = time.perf_counter()
    p = subprocess.run(["bash", "-c", "set -o pipefail; " + command],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=600, check=False)
    if p.returncode:
        sys.exit(f"bench: {command} ended with {p.returncode}")
    return time.perf_counter() - t


def compare(commands):
    times = {k: [] for k in commands}
    for i in range(RUNS + 1):
        for name, command in commands.items():
            s = once(command)
            if i:
                times[name].append(s)
    return {k: statistics.median(v) for k, v in times.items()}


def table(title, path, commands, asked):
    """Our first command against the others; asked: times as fast as which."""
    say(title)
    t = compare(commands)
    ours, size = next(iter(t)), os.path.getsize(path) / 1e9
    for name, s in t.items():
        ratio = "" if name == ours else f"{s / t[ours]:8.2f}"
        want = f"{asked[name]:8.2f}" if name in asked else ""
        say(f"  {name:38} {s:8.3f} s {size / s:7.2f} GB/s{ratio:>8}{want}")


def grown():
    path = f"{DATA}/tweets.400M"
    if not os.path.exists(path):
        with open(path + ".tmp", "wb") as out:
            for _ in range(2):
                with open(f"{DATA}/tweets.200M", "rb") as part:
                    shutil.copyfileobj(part, out)
        os.rename(path + ".tmp", path)
    return path


def fan_out():
    f = grown()
    peers = {
        "split-batches --persist":
            f"split-batches --persist -P2 {f} -- {SINK}",
        "split -n r/2 --filter":
            f"split -n r/2 --filter='cat >/dev/null' {f}",
    }
    if shutil.which("parallel"):
        peers["parallel --pipe --round-robin"] = (
            f"parallel --pipe --round-robin -j2 'cat >/dev/null' <{f}")
    table("400 MB of tweets to two workers that discard it (times as fast; "
          "asked)", f, peers, {"split -n r/2 --filter": 1,
                               "parallel --pipe --round-robin": 4})
    peers = {"split-batches": f"split-batches -P2 {f} -- {SINK}"}
    if shutil.which("parallel"):
        peers["parallel --pipe -N1000"] = (
            f"parallel --pipe -N1000 -j2 'cat >/dev/null' <{f}")
    table("the same, a process for each 1000 records", f, peers,
          {"parallel --pipe -N1000": 3})
    table("the same from a pipe, persisting", f, {
        "split-batches --persist":
            f"cat {f} | split-batches --persist -P2 -- {SINK}",
        "split -n r/2 --filter":
            f"cat {f} | split -n r/2 --filter='cat >/dev/null' -"}, {})


def scan():
    size = "200M" if QUICK else "2G"
    for name in ("tweets", "github-events"):
        f = f"{DATA}/{name}.{size}"
        if not os.path.exists(f):
            continue
        table(f"{size} of {name}: in batches, added up (asked: the threads "
              "at least 0.67 times as fast)", f, {
                  "split-batches | merge-attrs":
                      "split-batches -P2 -b 64M -n 1000000 "
                      f"{f} -- discover-attrs -q -P1 | merge-attrs",
                  "discover-attrs -P2": f"discover-attrs -q -P2 {f}"},
              {"discover-attrs -P2": 0.67})


def order():
    """10 million records by a key, within 256 MiB; one process, no workers."""
    n = 1_000_000 if QUICK else 10_000_000
    path = f"{DATA}/small.{n}"
    if not os.path.exists(path):
        x = 1
        with open(path + ".tmp", "w", encoding="ascii") as out:
            for _ in range(n):
                x = x * 6364136223846793005 + 1442695040888963407 & 2**64 - 1
                out.write('{"k":%d}\n' % (x >> 24))
        os.rename(path + ".tmp", path)
    t = time.perf_counter()
    with open(os.devnull, "wb") as null:
        p = subprocess.Popen(["split-batches", "-q", "--order-by=.k",
                              "--max-memory=256M", path], stdout=null)
        _, status, used = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode:
        sys.exit(f"bench: --order-by ended with {p.returncode}")
    say(f"--order-by over {n} records, --max-memory=256M (asked: within it): "
        f"{time.perf_counter() - t:.1f} s, peak {used.ru_maxrss / 1024:.0f} "
        "MiB")


fan_out()
scan()
order()
with open(f"{DATA}/table.txt", "a", encoding="utf-8") as out:
    out.write("\n".join(lines) + "\n")
