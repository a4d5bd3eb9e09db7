#!/usr/bin/env python3
"""render.py B -- render-attrs and diff-attrs on the 15,000 attributes of Iglu
Central's schemas: every format's time (least and median of RUNS, and least of
processor time, which is what a machine with nothing else to do takes) and
memory, against 0.2 s and 64 MiB.  Memory is at most what is shown: this
program's own is counted where it is more.  The page of --to=html is opened in
Chromium, whose first paint is to come within a second.  A line each, added to
B/bench/table.txt."""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time

LIMIT_SECONDS, LIMIT_KIB, LIMIT_PAINT, LIMIT_PAGE = 0.2, 64 * 1024, 1000, 10**6
OPTIONS = {"iglu": ["--vendor=com.acme", "--name=x"],
           "sql": ["--dialect=snowflake"],
           "datahub": ["--timestamp=1", "--urn=urn:li:dataset:"
                       "(urn:li:dataPlatform:file,x,PROD)"]}


def formats(render):
    text = subprocess.run([render, "--to=?"], capture_output=True, text=True,
                          check=False).stderr
    return text.split("none of ")[1].strip().split("|")


def measure(argv):
    start = time.monotonic()
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 2):
        sys.exit(f"{argv}: {status}")
    return (time.monotonic() - start, usage.ru_maxrss,
            os.waitstatus_to_exitcode(status),
            usage.ru_utime + usage.ru_stime)


def first_paint(render, attrs, build):
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        return "html, first paint      no Chromium here\n"
    page = os.path.join(build, "bench", "iglu.html")
    subprocess.run([render, "--to=html", "-o", page, attrs], check=True)
    script = os.path.join(os.path.dirname(__file__), "..", "browser",
                          "paint.py")
    least, median, size = map(int, subprocess.run(
        [sys.executable, script, page, os.environ.get("RUNS", "5")],
        check=True, capture_output=True, text=True).stdout.split())
    verdict = ("" if median < LIMIT_PAINT and size < LIMIT_PAGE
               else "  over the limit")
    return (f"{'html, first paint':22} {least / 1000:6.3f} s least, "
            f"{median / 1000:6.3f} s median, {size} bytes{verdict}\n")


def main(build):
    shared = os.environ.get("PENSTOCK_SHARED", "../shared")
    data = os.path.join(shared, "data", "iglu-schemas.ndjson")
    attrs = os.path.join(build, "bench", "iglu.attrs")
    tools = os.path.join(build, "bin")
    with open(attrs, "wb") as file:
        subprocess.run([f"{tools}/discover-attrs", "-q", data], stdout=file,
                       check=True)
    render = f"{tools}/render-attrs"
    runs = [(f"render {name}", [render, f"--to={name}",
                                *OPTIONS.get(name, []), attrs])
            for name in formats(render)]
    runs.append(("diff-attrs", [f"{tools}/diff-attrs", attrs, attrs]))
    lines = []
    for name, argv in runs:
        found = [measure(argv) for _ in range(int(os.environ.get("RUNS", 5)))]
        if found[0][2]:
            lines.append(f"{name:22} refused at this size\n")
            continue
        least = min(f[0] for f in found)
        median = statistics.median(f[0] for f in found)
        most = max(f[1] for f in found)
        cpu = min(f[3] for f in found)
        verdict = ("" if cpu < LIMIT_SECONDS and most < LIMIT_KIB
                   else "  over the limit")
        lines.append(
            f"{name:22} {least:6.3f} s least, {median:6.3f} s median, "
            f"{cpu:6.3f} s processor, {most / 1024:5.1f} MiB{verdict}\n")
    lines.append(first_paint(render, attrs, build))
    sys.stdout.writelines(lines)
    with open(os.path.join(build, "bench", "table.txt"), "a",
              encoding="utf-8") as file:
        file.writelines(lines)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main(sys.argv[1])
