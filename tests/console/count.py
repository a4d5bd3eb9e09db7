#!/usr/bin/env python3
"""count.py LOG [REGEX] -- how many requests arrived at server.py.

Token requests count only where REGEX matches them.
"""
import json
import re
import sys

TOKEN = 'credentials/v3/token'


def arrivals(path):
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            event = json.loads(line)
            if event['event'] == 'in':
                yield event


def main():
    pattern = sys.argv[2] if len(sys.argv) > 2 and sys.argv[2] else None
    print(sum(1 for e in arrivals(sys.argv[1])
              if (re.search(pattern, e['target']) if pattern
                  else TOKEN not in e['target'])))


if __name__ == '__main__':
    main()
