#!/usr/bin/env python3
"""sql_parse.py DIALECT SQL -- sqlglot reads the text in this dialect, and knows
every statement: none is a Command, which is what it makes of what it does not
understand.  The text with one bracket less has to fail."""
import logging
import sys

import sqlglot
from sqlglot import exp

sys.setrecursionlimit(100000)
logging.disable(logging.CRITICAL)


def parse(text, dialect):
    return [s for s in sqlglot.parse(text, dialect=dialect,
                                     error_level=sqlglot.ErrorLevel.RAISE)
            if s is not None]


def main(dialect, name):
    with open(name, encoding="utf-8") as file:
        text = file.read()
    statements = parse(text, dialect)
    for s in statements:
        command = s.find(exp.Command)
        if command:
            sys.exit(f"{dialect}: not understood: {command.sql()[:300]}")
    at = text.rindex(")")
    for broken in (text[:at] + text[at + 1:],
                   text.replace("SELECT", "SELECT SELECT FROM", 1)):
        try:
            if not any(s.find(exp.Command) for s in parse(broken, dialect)):
                sys.exit(f"{dialect}: takes a broken text")
        except sqlglot.errors.SqlglotError:
            pass
    print(f"ok {dialect}: {len(statements)} statements")


if __name__ == "__main__":
    main(*sys.argv[1:])
