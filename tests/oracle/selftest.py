#!/usr/bin/env python3
"""selftest.py -- the oracle's own parts against values known from elsewhere.

Published test vectors, the tables of attr(5) and error(5), small cases worked
out by hand, and the standard library where it can tell.
"""
import decimal
import fractions
import random
import sys

import extra
import lines
import looks
import numtext
import strict
from tree import DECODED, ITEM, MAP

sys.setrecursionlimit(1000000)
checks = 0


def want(value, got, what):
    global checks
    checks += 1
    if value != got:
        sys.exit(f"wrong: {what}: {got!r} instead of {value!r}")


def siphash():
    """Appendix A of "SipHash: a fast short-input PRF"."""
    key = [int.from_bytes(bytes(range(i, i + 8)), "little") for i in (0, 8)]
    want(0xA129CA6149BE45E5, extra.siphash(bytes(range(15)), *key), "SipHash")
    want(0x726FDB47DD0E0E31, extra.siphash(b"", *key), "SipHash of nothing")


def numbers():
    for line in """100 3 0|-0 1 0|1.50 3 2|0.050 2 3|0.0 1 1|1e-5 1 5
1.5e1 2 0|-12.50e-3 4 5|0.05 1 2|1e-99999999999 1 2147483647""".replace(
            "\n", "|").split("|"):
        text, digits, scale = line.split()
        want(int(digits), numtext.digits(text), f"digits of {text}")
        want(int(scale), numtext.scale(text), f"decimals of {text}")
    rng = random.Random(1)
    texts = [rng.choice(["", "-"])
             + str(rng.randint(0, 10 ** rng.randint(0, 25)))
             + rng.choice(["", "", f".{rng.randint(0, 999):03}"])
             + rng.choice(["", "", f"e{rng.randint(-30, 30)}"])
             for _ in range(3000)]
    for a, b in zip(texts, texts[1:]):
        exact = [fractions.Fraction(decimal.Decimal(x)) for x in (a, b)]
        want((exact[0] > exact[1]) - (exact[0] < exact[1]),
             numtext.compare(a, b), f"order of {a} and {b}")
        want(min(65, int(abs(exact[0])).bit_length()), numtext.bucket(a),
             f"bucket of {a}")
    for few, many in ("0", "-0"), ("1.0", "1.00"), ("1.0", "1e0"), ("1", "1"):
        for side in -1, 1:
            want(few, numtext.kept(few, many, side), f"{few} or {many}")
            want(few, numtext.kept(many, few, side), f"{many} or {few}")
    want("1e99999999999999999999",
         numtext.kept("1e99999999999999999999", "9e999", 1), "a huge exponent")


def paths():
    table = {
        ".": (), ".[]": (ITEM,), ".[][]": (ITEM, ITEM),
        ".[].id": (ITEM, (4, "id")),
        ".orders[].sku": ((4, "orders"), ITEM, (4, "sku")),
        '."odd key"."a\\"b"': ((4, "odd key"), (4, 'a"b')), '.""': ((4, ""),),
        ".payload|fromjson": ((4, "payload"), DECODED),
        ".payload|fromjson|.user.id":
            ((4, "payload"), DECODED, (4, "user"), (4, "id")),
        ".payload|fromjson|.[]": ((4, "payload"), DECODED, ITEM),
        ".|fromjson": (DECODED,), ".{}": (MAP,),
        ".|fromjson|.[].a": (DECODED, ITEM, (4, "a")),
        ".dyn{}.x": ((4, "dyn"), MAP, (4, "x")), ".{}.x": (MAP, (4, "x")),
        ".dyn{}[]": ((4, "dyn"), MAP, ITEM),
        ".a|fromjson|.{}": ((4, "a"), DECODED, MAP),
        '."\\ud800\\u007f"': ((4, "\ud800\x7f"),),
        '."\\\\(x)"': ((4, "\\(x)"),),
    }
    for text, steps in table.items():
        want(text, lines.path(steps), "a path")
        want(steps, lines.parse_path(text), f"steps of {text}")


def faults():
    """Text, class and column of the fault."""
    deep = b"[" * 1001 + b"]" * 1001
    for text, error, column in (
            (b'{"a":1 "b":2}', "json", 8), (b'{"a" 1}', "json", 6),
            (b'{"a"::1}', "json", 6), (b'{"a":1,}', "json", 8),
            (b"[1,,2]", "json", 4), (b"{a:1}", "json", 2),
            (b'{"a":1', "json", 7), (b'"abc', "json", 5), (b"[1}", "json", 3),
            (b"1 2", "json", 3), (b"NaN", "json", 1), (b"01", "json", 2),
            (b"+1", "json", 1), (b".5", "json", 1), (b"1.", "json", 3),
            (b"1e", "json", 3), (b"0x1", "json", 2), (b'"\\x"', "json", 3),
            (b'"\\u12g4"', "json", 6), (b'["a"\\]', "json", 5),
            (b'["a"\\"]', "json", 5), (b'"a\x01"', "json", 3),
            (b'"\x00"', "json", 2), (b"nulx", "json", 4), (b"", "json", 1),
            (b'"\xff"', "utf8", 2), (b'["\xe2\x82"]', "utf8", 3),
            (b'"\xed\xa0\x80"', "utf8", 2), (b"[1,\xff]", "utf8", 4),
            (b'[1 "\xff"]', "json", 4), (b"\xc3\xa9", "json", 1),
            (b'"\xf4\x90\x80\x80"', "utf8", 2), (b'"\xc0\x80"', "utf8", 2),
            (b"\xef\xbb\xbf1", "json", 1), (deep, "depth", 1001)):
        try:
            strict.parse(text, 1000)
            want(error, "accepted", repr(text[:20]))
        except strict.Fault as fault:
            want((error, column), (fault.error, fault.at + 1), repr(text[:20]))


def values():
    for text, value in (
            (rb'"\ud83d\ude00"', "\U0001f600"), (rb'"\ud800"', "\ud800"),
            (rb'"\ude00\ud83d"', "\ude00\ud83d"), (rb'"\u0041\/"', "A/"),
            (rb'"\ud800\ud83d\ude00"', "\ud800\U0001f600"),
            (b'"\x7f"', "\x7f"), (rb'"\\u0041"', "\\u0041")):
        want(value, strict.parse(text, 0)[3], repr(text))
    want(("array", 1, 9, [("array", 2, 4, []), ("number", 6, 7, "1")]),
         strict.parse(b' [[], 1 ] ', 2), "positions")


def formats():
    for text, names in (
            ("01/02/2023", "MM/DD/YYYY DD/MM/YYYY"), ("2023-02-30", ""),
            ("2024-02-29", "date"), ("1900-02-29", ""), ("12", "integer-string "
             "number-string"), ("1e5", "number-string"), ("", ""), (" 1", ""),
            ("23:59:60Z", "time"), ("15:59:60-08:00", "time"),
            ("16:59:60-08:00", ""), ("2023-01-01T10:00:00.25Z", "date-time"),
            ("Yes", "boolean-string"), ("a@b.co", "email"), ("a@b", ""),
            ("http://x", "uri"), ("mailto:x", "uri"), ("x:y", ""),
            ("::1", "ipv6"), ("1.2.3.4", "ipv4"), ("1.2.3.04", "")):
        found = looks.of_string(text.encode())
        want(names.split(), list(found), f"formats of {text!r}")
    for text, name in (("631151999", ()), ("631152000", ("epoch-s",)),
                       ("4102444799", ("epoch-s",)), ("4102444800", ()),
                       ("631152000000", ("epoch-ms",)), ("-631152000", ())):
        want(name, looks.of_int(text), f"formats of {text}")


def distinct():
    """Within five standard errors; the registers' two forms."""
    for n in 0, 1, 2, 10, 100, 600, 5000, 100000:
        some = extra.Extra(extra.Wanted(full=True))
        for i in range(n):
            h = extra.xxh3_64(b"%d" % i)
            rank = 53 - (h & (1 << 52) - 1).bit_length()
            some.registers[h >> 52] = max(some.registers[h >> 52], rank)
        want(True, abs(some.estimate() - n) <= 0.08 * n, f"distinct of {n}")
        used = sum(map(bool, some.registers))
        want(3 * used if used < 512 else 4096, len(some.registers_text()),
             f"registers of {n}")


def main():
    for test in (siphash, numbers, paths, faults, values, formats, distinct):
        test()
    print(f"ok oracle: {checks} checks")


if __name__ == "__main__":
    main()
