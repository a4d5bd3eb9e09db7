#!/usr/bin/env python3
"""Compare the library's expressions with the real jq, on random input.

    expr_fuzz.py EXPRTOOL [-n ROUNDS] [--seed N]

Each round makes records (nested, oddly spaced, with escapes, duplicate keys
and numbers that a double holds exactly) and three sorts of trials:

    values   expressions of the plain subset: same value, or error, as jq
    soup     random tokens: what the library takes for plain, jq compiles and
             evaluates in the same way
    order    each record against each other

Prints the seed and the first differences; exits 1 where there are some.
"""
import argparse
import json
import random
import re
import subprocess
import sys
import tempfile

KEYS = ["a", "b", "c", "odd key", "", 'q"k', "é", "\U0001f600", "a\\b", "not",
        "items", "x\ny", "and"]
STRINGS = ["", "a", "b", "aa", "A", "é", "\uffff", "\U00010000", "\ue000",
           "a\nb", 'q"', "\\", "\\\"", "\u0000", "{", "]", "a,b:c", "\x7f",
           "1", "null", "{[\\\"", "x" * 70]
NUMBERS = ["0", "-0", "1", "-1", "1.0", "10e-1", "1e0", "0.5", "5e-1", "2",
           "100", "1e2", "1E+2", "12.25", "-3.5", "4503599627370496", "0.0",
           "0e5", "7", "70e-1"]


def blank(r):
    return r.choice(["", "", "", "", " ", "  ", "\t", " \t ", "\r"])


def text_of(r, s):
    """A JSON string for s, each character in a random one of its forms."""
    out = []
    for c in s:
        forms = []
        n = ord(c)
        if n >= 0x20 and c not in '"\\':
            forms += [c] * 6
        if n > 0xffff:
            n -= 0x10000
            forms.append("\\u%04x\\u%04X" % (0xd800 + (n >> 10),
                                             0xdc00 + (n & 0x3ff)))
        else:
            forms.append("\\u%04x" % n)
        short = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\n": "\\n",
                 "\t": "\\t", "\b": "\\b", "\f": "\\f", "\r": "\\r"}
        if c in short:
            forms += [short[c]] * 3
        out.append(r.choice(forms))
    return '"' + "".join(out) + '"'


def value(r, depth):
    kind = r.random()
    if depth <= 0 or kind < 0.45:
        return r.choice([
            lambda: r.choice(NUMBERS), lambda: r.choice(NUMBERS),
            lambda: text_of(r, r.choice(STRINGS)),
            lambda: text_of(r, r.choice(STRINGS) + r.choice(STRINGS)),
            lambda: "true", lambda: "false", lambda: "null"])()
    n = r.choice([0, 1, 1, 2, 2, 3, 5, 20 if depth < 3 else 4])
    items = []
    for _ in range(n):
        item = blank(r) + value(r, depth - 1) + blank(r)
        if kind >= 0.65:
            key = r.choice(KEYS[:3] if r.random() < 0.6 else KEYS)
            item = blank(r) + text_of(r, key) + blank(r) + ":" + item
        items.append(item)
    inside = ",".join(items) or blank(r)
    return "{" + inside + "}" if kind >= 0.65 else "[" + inside + "]"


def record(r):
    if r.random() < 0.1:
        return blank(r) + value(r, 2) + blank(r)
    members = []
    for _ in range(r.randrange(12)):
        key = r.choice(KEYS[:3] if r.random() < 0.6 else KEYS)
        members.append(blank(r) + text_of(r, key) + blank(r) + ":" + blank(r) +
                       value(r, r.randrange(5)) + blank(r))
    return "{" + ",".join(members) + "}"


def path(r):
    if r.random() < 0.1:
        return "."
    out = ""
    for i in range(r.choice([1, 1, 1, 2, 2, 3])):
        dot = "." if not i else ""
        kind = r.random()
        if kind < 0.7:
            key = r.choice(KEYS[:3] if r.random() < 0.7 else KEYS)
            if key.isascii() and key.isalpha() and r.random() < 0.7:
                out += "." + key
            elif r.random() < 0.5:
                out += "." + r.choice(["", " "]) + text_of(r, key)
            else:
                out += dot + "[" + r.choice(["", " ", "\t"]) + text_of(r, key) + "]"
        else:
            out += dot + "[%d]" % r.choice([0, 0, 1, 2, -1, -2, 7, -9])
    return out


def literal(r):
    return r.choice([
        lambda: r.choice(NUMBERS), lambda: text_of(r, r.choice(STRINGS)),
        lambda: r.choice(["true", "false", "null", "[]", "{}", "$since"])])()


def expression(r, depth=2):
    kind = r.random()
    if depth <= 0 or kind < 0.5:
        a, b = path(r), literal(r) if r.random() < 0.85 else path(r)
        if r.random() < 0.2:
            return a
        if r.random() < 0.3:
            a, b = b, a
        op = r.choice(["==", "!=", "<", "<=", ">", ">="])
        gap = r.choice(["", " ", "  "])
        return a + gap + op + r.choice(["", " "]) + b
    if kind < 0.65:
        return "(" + expression(r, depth - 1) + ")|not"
    if kind < 0.8:
        return "(" + expression(r, depth - 1) + ")"
    # "|" binds loosely, so that only a pipe in brackets can be an operand.
    parts = [expression(r, depth - 1) for _ in range(2)]
    parts = ["(" + p + ")" if "|" in p else p for p in parts]
    return r.choice([" and ", " or "]).join(parts)


TOKENS = [".a", ".b", ".", "..", '."c"', '"a"', "[0]", "[-1]", '["a"]', "[",
          "]", "(", ")", "(", ")", " and ", " or ", "|not", "not", "|", "==",
          "!=", "<", "<=", ">", ">=", "=", "1", "-1", "01", "1.", ".5", "2e1",
          "true", "false", "null", "$since", "?", " ", " ", ",", "//", "-",
          "[]", "{}", ":", "a", "and", "$", "#", "\\", '"', "[1:]", "::a", "@", "\r", "\t"]


def soup(r):
    """Random tokens; no number that jq would round may come together."""
    while True:
        s = "".join(r.choice(TOKENS) for _ in range(r.randint(1, 9)))
        if not re.search(r"[0-9]{4}|e[0-9]{2}", s):
            return s


class Trial:
    def __init__(self, tool, directory):
        self.tool = tool
        self.directory = directory
        self.failed = 0

    def differ(self, *what):
        self.failed += 1
        if self.failed <= 10:
            print(*(str(w)[:400] for w in what), sep="\n    ")

    def file(self, name, lines):
        name = self.directory + "/" + name
        with open(name, "w", newline="\n") as f:
            f.writelines(line + "\n" for line in lines)
        return name

    def run(self, *argv):
        done = subprocess.run(argv, stdout=subprocess.PIPE, text=True,
                              encoding="utf-8", errors="surrogateescape",
                              check=True, stdin=subprocess.DEVNULL)
        return done.stdout.split("\n")[:-1]

    def jq(self, expressions, records, since):
        """Per record a list: [value] or null, for each expression."""
        program = "".join("def f%d: %s\n;" % x
                          for x in enumerate(expressions))
        program += "[" + ",".join("(try [f%d] catch null)" % i
                                  for i in range(len(expressions))) + "]"
        lines = self.run("jq", "-c", "--argjson", "since", since,
                         "-f", self.file("program", [program]), records)
        return [json.loads(line) for line in lines]

    def ours(self, expressions, records, since):
        lines = self.run(self.tool, "-s", since,
                         self.file("expressions", expressions), records)
        with open(records, encoding="utf-8", newline="\n") as f:
            count = len(f.readlines())
        per = []
        for i, expression in enumerate(expressions):
            part = lines[i * (count + 1):(i + 1) * (count + 1)]
            if part[0] != "plain":
                self.differ("not plain: " + expression, part[0])
                return None
            per.append([self.one(p) for p in part[1:]])
        if lines[-1] != "inexact 0":
            self.differ("plain, but " + lines[-1])
        return [list(x) for x in zip(*per)]

    def one(self, line):
        head, tail = line.rsplit("\t", 1)
        if head == "error":
            return None
        try:
            got = json.loads(head)
        except ValueError:
            self.differ("not JSON: " + line)
            return None
        if (tail == "1") != (got is not None and got is not False):
            self.differ("truth of " + line)
        return [got]

    def compare(self, expressions, records, since):
        theirs = self.jq(expressions, records, since)
        ours = self.ours(expressions, records, since)
        if ours is None or theirs == ours and \
           json.dumps(theirs).count("true") == json.dumps(ours).count("true"):
            return len(theirs) * len(expressions)
        with open(records, encoding="utf-8", newline="\n") as f:
            texts = f.read().split("\n")
        for text, a, b in zip(texts, theirs, ours):
            for expression, x, y in zip(expressions, a, b):
                if json.dumps(x) != json.dumps(y) and x != y or \
                   isinstance(x, list) and type(x[0]) is bool and \
                   type(y[0]) is not bool:
                    self.differ(expression, text, "jq   %s" % x,
                                "ours %s" % y, "since %s" % since)
        return 0

    def order(self, records):
        program = """[inputs] as $r | $r[] as $a | [$r[] as $b |
            if $a < $b then "<" elif $a == $b then "=" else ">" end] | add"""
        theirs = self.run("jq", "-nr", program, records)
        ours = self.run(self.tool, "-o", records)
        for i, (a, b) in enumerate(zip(theirs, ours)):
            if a != b:
                self.differ("order of record %d" % (i + 1), a, b)
        if len(theirs) != len(ours):
            self.differ("orders: %d and %d" % (len(theirs), len(ours)))
        return len(theirs) ** 2


def one_round(trial, r):
    # Few records with much in common, for the order to have work.
    texts = [record(r) for _ in range(40)]
    values = [value(r, 2) for _ in range(60)]
    since = value(r, r.randrange(3))
    records = trial.file("records", texts)
    done = trial.compare([expression(r) for _ in range(60)], records, since)
    lines = sorted({soup(r) for _ in range(6000)})
    kinds = trial.run(trial.tool, "-p", trial.file("soup", lines))
    plain = [x for x, kind in zip(lines, kinds) if kind == "plain"]
    done += trial.compare(plain[:200], records, since)
    return done + trial.order(trial.file("values", values + texts[:20]))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("tool")
    p.add_argument("-n", type=int, default=3, metavar="ROUNDS")
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    done = 0
    with tempfile.TemporaryDirectory() as directory:
        trial = Trial(args.tool, directory)
        for i in range(args.n):
            try:
                done += one_round(trial, random.Random(args.seed + i))
            except subprocess.CalledProcessError as e:
                trial.differ(str(e))
            if trial.failed:
                print("seed %d" % (args.seed + i))
                break
    print("%d comparisons, %d differ" % (done, trial.failed))
    return trial.failed > 0


if __name__ == "__main__":
    sys.exit(main())
