#!/usr/bin/env python3
"""lineage.py FOLDER RUNS "SIZES": the table of lineage.sh."""
import os
import statistics
import subprocess
import sys
import time


def pipe(stages, source):
    """Seconds of the whole, then (CPU seconds, MiB) of each stage."""
    start = time.monotonic()
    children, upstream = [], open(source, "rb")
    for i, argv in enumerate(stages):
        last = i == len(stages) - 1
        child = subprocess.Popen(
            argv, stdin=upstream,
            stdout=subprocess.DEVNULL if last else subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        upstream.close()
        upstream = child.stdout
        children.append(child)
    used = []
    for child in children:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1):
            sys.exit("%s: status %d" % (child.args[0], child.returncode))
        used.append((usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    return time.monotonic() - start, used


def main():
    folder, runs, sizes = sys.argv[1], int(sys.argv[2] or 5), sys.argv[3]
    build = os.path.join(folder, "bin/build-lineage")
    cap = os.path.join(folder, "bin/cap-aspect")
    stages = [[build]] + ([[cap]] if os.access(cap, os.X_OK) else [])
    print("%-8s %9s  %s" % ("size", "seconds", "".join(
        "%-28s" % (os.path.basename(s[0]) + " CPU s, MiB") for s in stages)))
    for size in sizes.split():
        source = os.path.join(folder, "bench", "organization." + size)
        taken = [pipe(stages, source) for _ in range(runs)]
        line = "%-8s %9.2f  " % (size,
                                 statistics.median(t for t, _ in taken))
        for i in range(len(stages)):
            line += "%-28s" % ("%.2f, %.0f" % (
                statistics.median(u[i][0] for _, u in taken),
                max(u[i][1] for _, u in taken)))
        print(line.rstrip(), flush=True)


main()
