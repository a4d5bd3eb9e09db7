"""paint.py PAGE [RUNS] -- opens a page in a new Chromium, RUNS times (5), and
prints the milliseconds from the start of loading to the first contents on the
screen (first-contentful-paint): least and median, and the bytes of the page."""
import os
import statistics
import sys
import time

from driver import Browser

PAINT = ("return performance.getEntriesByName('first-contentful-paint')[0]"
         "?.startTime ?? null;")


def paint(page):
    with Browser() as browser:
        browser.open(page)
        for _ in range(200):
            found = browser.run(PAINT)
            if found is not None:
                return found
            time.sleep(0.02)
    sys.exit(f"{page}: nothing was shown")


def main(page, runs=5):
    found = [paint(page) for _ in range(int(runs))]
    print(f"{min(found):.0f} {statistics.median(found):.0f} "
          f"{os.path.getsize(page)}")


main(*sys.argv[1:])
