#!/usr/bin/env python3
"""scan.py BUILD -- measures the scan; called by run.sh.

Programs of a group run in turn, RUNS times over; a figure is the median of
wall times with reading, process start and end.  Memory is the largest resident
set of any run.  A first round that nobody counts warms the page cache.
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
ONLY = os.environ.get("ONLY", "").split()
DA, MA = f"{BUILD}/bin/discover-attrs", f"{BUILD}/bin/merge-attrs"
DATA = f"{BUILD}/bench"
lines = []


def say(text=""):
    print(text, flush=True)
    lines.append(text)


def once(argv, stdin=None):
    t = time.perf_counter()
    with open(os.devnull, "wb") as null:
        p = subprocess.Popen(argv, stdout=null, stderr=null,
                             stdin=open(stdin) if stdin else subprocess.DEVNULL)
        _, status, usage = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode:
        sys.exit(f"bench: {' '.join(argv)} ended with {p.returncode}")
    return time.perf_counter() - t, usage.ru_maxrss


def compare(commands, runs=None):
    """Medians of wall seconds and largest memory, by name, in turn."""
    times = {k: [] for k in commands}
    memory = dict.fromkeys(commands, 0)
    for i in range((runs or RUNS) + 1):
        for name, argv in commands.items():
            s, kib = once(argv)
            if i:
                times[name].append(s)
            memory[name] = max(memory[name], kib)
    return {k: statistics.median(v) for k, v in times.items()}, memory


def megabytes(path):
    return os.path.getsize(path) / 1e6


def pin(*argv):
    return ["taskset", "-c", "1", *argv]


def part(name):
    return not ONLY or name in ONLY


def against_simdjson():
    say("discover-attrs -P1 against peer_simdjson, both on one core, 200 MB")
    say(f"  {'file':14} {'ours s':>8} {'peer s':>8} {'ratio':>6} {'asked':>6}"
        f" {'GB/s':>6}")
    for f, asked in (("tweets", 3), ("github-events", 3), ("iglu-schemas", 2)):
        path = f"{DATA}/{f}.200M"
        t, _ = compare({"ours": pin(DA, "-q", "-P1", path),
                        "peer": pin(f"{DATA}/peer_simdjson", path)})
        say(f"  {f:14} {t['ours']:8.3f} {t['peer']:8.3f}"
            f" {t['peer'] / t['ours']:6.2f} {asked:6.2f}"
            f" {megabytes(path) / t['ours'] / 1e3:6.2f}")


def threads():
    say("discover-attrs -P2 against -P1, and memory (asked: 1.80, 48 MiB)")
    for f in ("tweets", "github-events"):
        for size in ("200M",) if QUICK else ("200M", "2G"):
            path = f"{DATA}/{f}.{size}"
            t, m = compare({"one": [DA, "-q", "-P1", path],
                            "two": [DA, "-q", "-P2", path]})
            say(f"  {f:14} {size:>4}: {t['one']:.3f} s, {t['two']:.3f} s,"
                f" {t['one'] / t['two']:.2f} times; -P2 peak"
                f" {m['two'] / 1024:.1f} MiB")


def against_duckdb():
    if not os.path.isdir(f"{DATA}/node_modules") or not shutil.which("node"):
        say("DuckDB: not installed here, not measured")
        return
    say("discover-attrs -P2 against DuckDB json_group_structure (asked: 40)")
    for f in ("tweets", "github-events"):
        path, ours, peer = f"{DATA}/{f}.200M", [], []
        for _ in range(3):
            ours.append(once([DA, "-q", "-P2", path])[0])
            text = subprocess.run(["node", "peer_duckdb.mjs", path], cwd=DATA,
                                  capture_output=True, text=True, check=True)
            peer.append(float(text.stdout.split()[0]))
        a, b = statistics.median(ours), statistics.median(peer)
        say(f"  {f:14} {a:.3f} s, {b:.3f} s, {b / a:.0f} times")


def against_jq():
    path = f"{DATA}/tweets.20M"
    if not os.path.exists(path):
        with open(f"{DATA}/tweets.200M", "rb") as i, open(path, "wb") as o:
            o.write(i.read(20_000_000).rpartition(b"\n")[0] + b"\n")
    say("discover-attrs -P1 against jq 'paths' on 20 MB of tweets")
    t, _ = compare({"ours": [DA, "-q", "-P1", path],
                    "jq": ["jq", "-c", "paths", path]}, 3)
    say(f"  {t['ours']:.3f} s, {t['jq']:.3f} s, {t['jq'] / t['ours']:.0f} times")


def gzip():
    say("gzip, -P2 against inflating alone (asked: at most 1.15)")
    for f in ("tweets", "github-events"):
        path = f"{DATA}/{f}.200M.gz"
        if not os.path.exists(path):
            subprocess.run(f"gzip -6 <{DATA}/{f}.200M >{path}", shell=True,
                           check=True)
        t, _ = compare({"scan": [DA, "-q", "-P2", path],
                        "inflate": [f"{BUILD}/helpers/inflate_only", path]})
        say(f"  {f:14} {t['scan']:.3f} s, {t['inflate']:.3f} s,"
            f" {t['scan'] / t['inflate']:.2f} times")


def full():
    say("--stats=full against the default (asked: under 2.5)")
    for f in ("tweets", "github-events", "iglu-schemas"):
        path = f"{DATA}/{f}.200M"
        t, _ = compare({"basic": [DA, "-q", "-P1", path],
                        "full": [DA, "-q", "-P1", "--stats=full", path]})
        say(f"  {f:14} {t['basic']:.3f} s, {t['full']:.3f} s,"
            f" {t['full'] / t['basic']:.2f} times")


def merge():
    path = f"{DATA}/iglu-schemas.200M"
    names = [f"{DATA}/part{i:03}.attrs" for i in range(100)]
    for i, name in enumerate(names):
        if not os.path.exists(name):
            subprocess.run([DA, "-q", f"--range={i + 1}/100", "-o", name, path],
                           check=True)
    size = sum(map(megabytes, names))
    t, m = compare({"merge": [MA, "-q", *names]})
    say("merge-attrs of 100 partials of 15,000 attributes (asked: 500 MB/s)")
    say(f"  {size:.0f} MB in {t['merge']:.2f} s, {size / t['merge']:.0f} MB/s,"
        f" peak {m['merge'] / 1024:.0f} MiB")


def machine():
    model = [l.split(":")[1].strip() for l in open("/proc/cpuinfo")
             if l.startswith("model name")]
    return f"{len(model)} x {model[0]}" if model else "unknown"


say(f"machine: {machine()}; medians of {RUNS} alternating runs")
for name, measure in (("scan", against_simdjson), ("threads", threads),
                      ("duckdb", against_duckdb), ("jq", against_jq),
                      ("gzip", gzip), ("full", full), ("merge", merge)):
    if part(name):
        measure()
with open(f"{DATA}/table.txt", "w") as out:
    out.write("\n".join(lines) + "\n")
