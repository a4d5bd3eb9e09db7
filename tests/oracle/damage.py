"""Bad records: a good one, spoiled in one of the ways of error(5)."""
import re

import strict

TOKEN = re.compile(
    rb'"(?:[^"\\]|\\.)*"|[-0-9.eE+]+|[a-z]+|[][{},:]|[ \t\r\n]+', re.DOTALL)

BAD_UTF8 = [b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xc3",
            b"\xe0\x80\x80", b"\xe0\x9f\xbf", b"\xe2\x82", b"\xe2", b"\xed\xa0\x80",
            b"\xed\xbf\xbf", b"\xf0\x80\x80\x80", b"\xf0\x8f\xbf\xbf",
            b"\xf0\x9f\x98", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xff",
            b"\xfe", b"\xf8\x88\x80\x80\x80", b"\xc3(", b"\xe2(\xa1"]
BAD_SCALARS = [b"NaN", b"Infinity", b"-Infinity", b"nan", b"01", b"-01", b"00",
               b"1.", b".5", b"-.5", b"+1", b"1e", b"1e+", b"1.e5", b"-",
               b"--1",
               b"0x10", b"1_000", b"True", b"None", b"nul", b"nulll", b"tru",
               b"truee", b"undefined", b"'a'", b"1.5.2", b"1e5.5", b"1 2",
               b"\xc2\xa01", b"\x0c1", b"\x0b", b"/*c*/1", b"1//c", b"\\1",
               b"-a", b"1a", b"00.5", b"\xef\xbb\xbf1", b"1\x00", b"\x00"]
BAD_ESCAPES = [b"\\x", b"\\a", b"\\'", b"\\0", b"\\u", b"\\u1", b"\\u123",
               b"\\u12G4", b"\\u 123", b"\\U0041", b"\\u00\\u0041", b"\\\x01",
               b"\\ ", b"\\uD83", b"\\ud83d\\u", b"\\ud83d\\ude0"]
WHOLE = [b'["a"\\"]', b'{"a":1]', b"[1}", b"]", b"}", b",", b":", b"[", b"{",
         b'"', b"\\", b'[1,2', b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,',
         b'{,}', b"[,]", b'{"a"}', b'{"a",1}', b'{1:2}', b"{a:1}", b"1 1",
         b"{}{}", b"[][]", b'"a""b"', b"{} x", b"[1]]", b"{}}", b"[" * 1001
         + b"]" * 1001, b"[" * 2000, b'{"a":' * 1001 + b"1" + b"}" * 1001,
         b"\xef\xbb\xbf{}", b"\x1e{}", b"\xff\xfe{\x00}\x00", b"[1,,2]", b"-",
         b'"a\\"', b'"\\u"', b"\x00", b"tru", b"n", b'["a",]', b'{"a":1,}',
         b'{"a":1 "b":2}', b'{"a"::1}', b'{"a":1::2}', b"[1:2]", b'["a" "b"]']


def tokens(text):
    return TOKEN.findall(text)


def at_token(rng, parts, wanted):
    places = [i for i, part in enumerate(parts) if part[:1] in wanted]
    return rng.choice(places) if places else None


def replaced(rng, parts, wanted, new):
    """One token of those that begin with ${wanted}, changed by new(token)."""
    i = at_token(rng, parts, wanted)
    if i is None:
        return None
    return b"".join(parts[:i] + [new(parts[i])] + parts[i + 1:])


def in_string(rng, parts, what):
    def insert(token):
        at = rng.randint(1, len(token) - 1)
        while token[:at].endswith(b"\\") or token[at:at + 1] > b"\x7f":
            at -= 1
        return token[:max(at, 1)] + what + token[max(at, 1):]
    return replaced(rng, parts, [b'"'], insert)


SCALAR = [bytes([c]) for c in b'-0123456789tfn"']

WAYS = {
    "missing comma": lambda r, p, t: replaced(r, p, [b","], lambda _: b" "),
    "stray comma": lambda r, p, t: replaced(r, p, [b","], lambda _: b",,"),
    "stray colon": lambda r, p, t: replaced(r, p, [b":"], lambda _: b"::"),
    "colon for comma": lambda r, p, t: replaced(r, p, [b","], lambda _: b":"),
    "missing colon": lambda r, p, t: replaced(r, p, [b":"], lambda _: b" "),
    "trailing comma": lambda r, p, t: replaced(
        r, p, [b"]", b"}"], lambda x: b"," + x),
    "unclosed string": lambda r, p, t: replaced(
        r, p, [b'"'], lambda x: x[:-1]),
    "unopened string": lambda r, p, t: replaced(r, p, [b'"'], lambda x: x[1:]),
    "control": lambda r, p, t: in_string(
        r, p, bytes([r.choice([c for c in range(32) if c != 10])])),
    "escape": lambda r, p, t: in_string(r, p, r.choice(BAD_ESCAPES)),
    "utf8": lambda r, p, t: in_string(r, p, r.choice(BAD_UTF8)),
    "utf8 outside": lambda r, p, t: replaced(
        r, p, SCALAR, lambda x: r.choice(BAD_UTF8) + x),
    "scalar": lambda r, p, t: replaced(
        r, p, SCALAR, lambda _: r.choice(BAD_SCALARS)),
    "bracket": lambda r, p, t: replaced(
        r, p, [b"]", b"}", b"[", b"{"],
        lambda x: r.choice([b"", x + x, {b"]": b"}", b"}": b"]", b"[": b"{",
                                         b"{": b"["}[x]])),
    "backslash outside": lambda r, p, t: replaced(
        r, p, SCALAR + [b",", b":"], lambda x: r.choice(
            [b"\\" + x, x + b"\\", b'\\"' + x, x + b'\\"'])),
    "nul": lambda r, p, t: (lambda at: t[:at] + b"\0" + t[at:])(
        r.randint(0, len(t))),
    "truncated": lambda r, p, t: t[:r.randint(1, max(1, len(t) - 1))],
    "two values": lambda r, p, t: t + r.choice([b" ", b"", b"\t"]) + t,
    "stray byte": lambda r, p, t: (
        lambda at: t[:at] + bytes([r.choice([c for c in range(256)
                                             if c not in b" \t\r\n"])])
        + t[at:])(r.randint(0, len(t))),
    "lost byte": lambda r, p, t: (lambda at: t[:at] + t[at + 1:])(
        r.randrange(max(1, len(t)))),
    "too deep": lambda r, p, t: b"[" * 1001 + t + b"]" * 1001,
    "whole": lambda r, p, t: r.choice(WHOLE),
}


def is_good(text):
    try:
        strict.parse(text, 1000)
        return True
    except strict.Fault:
        return False


def spoil(rng, record, lead=0):
    """A bad record on one line, with ${lead} blanks before it."""
    text = record.strip(strict.BLANK)
    while True:
        way = WAYS[rng.choice(sorted(WAYS))]
        bad = way(rng, tokens(text), text)
        if bad and b"\n" not in bad and bad.strip(strict.BLANK):
            if not is_good(bad.strip(strict.BLANK)):
                return b" " * lead + bad
