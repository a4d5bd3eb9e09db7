#!/usr/bin/env python3
"""arrivals.py -- what the log of tests/console/server.py says about manners.

arrivals.py rate R B LOG...    in any window of t seconds at most R*t + B + 1
                               arrivals (all processes together)
arrivals.py pause SECONDS LOG  after a 429 nothing arrives from 100 ms later to
                               SECONDS later; at least one 429 was given
arrivals.py most LOG           the most requests under way at once
arrivals.py conns LOG          connections that were made
"""
import json
import sys


def events(names):
    for name in names:
        with open(name, encoding='utf-8') as lines:
            for line in lines:
                yield json.loads(line)


def rate(r, b, names):
    times = sorted(e['t'] / 1e9 for e in events(names) if e['event'] == 'in')
    worst = 0.0
    for i, start in enumerate(times):
        for j in range(i, len(times)):
            over = j - i + 1 - (r * (times[j] - start) + b + 1)
            worst = max(worst, over)
    if worst > 1e-6:
        sys.exit('%.2f arrivals too many in a window' % worst)
    print(len(times), 'arrivals')


def pause(seconds, names):
    log = list(events(names))
    refused = [e['t'] for e in log if e['event'] == 'out' and
               e['status'] == 429]
    if not refused:
        sys.exit('no 429 in the log')
    for t in refused:
        for e in log:
            after = (e['t'] - t) / 1e9
            if e['event'] == 'in' and 0.1 < after < seconds:
                sys.exit('an arrival %.3f s after a 429' % after)
    print(len(refused), 'refused')


def main():
    what, args = sys.argv[1], sys.argv[2:]
    if what == 'rate':
        rate(float(args[0]), float(args[1]), args[2:])
    elif what == 'pause':
        pause(float(args[0]), args[1:])
    elif what == 'most':
        print(max(e['active'] for e in events(args) if e['event'] == 'in'))
    elif what == 'conns':
        print(len({e['conn'] for e in events(args) if e['event'] == 'in'}))


if __name__ == '__main__':
    main()
