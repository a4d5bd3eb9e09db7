#!/usr/bin/env python3
"""gen.py -- random records, one a line, the same for the same seed.

    gen.py [--damage] [--plain] SEED [RECORDS] >FILE

What a file looks like (shapes, keys, white space, line ends, how wild it is)
is drawn from the seed.  --damage puts bad records between the good ones, see
damage.py.  --plain leaves out blank lines, byte order mark and \\r, so that
the records can be put into other forms.
"""
import random
import sys

import damage

WORDS = """id name text user type url created_at value geo tags items count
    payload data meta and or not if then else def null true reduce import
    __loc__ _x A9""".split()
ODD_KEYS = ["", " ", "a b", "a.b", "9a", "a-b", '"', "\\", "\\(x)", "\\(", "$x",
            "\x00", "\x01\x1f", "\x7f", "\n", "\t\"", "é", "漢字", "😀",
            "a\u2028b", "\ud800", "x\udc00", "\udc00\ud800", "\U0010ffff",
            "k" * 30, "k" * 31, "k" * 32, "k" * 33, "é" * 16, "j" * 63,
            "l" * 64, "m" * 301, "n" * 1000, "a\"b", "[]", "{}", "@base64"]
TEXTS = ["a", "word", "two words", "é", "naïve", "漢字かな", "😀",
         "😀😀 x", "\u00a0", "\u2028", "\x7f", "/", "\\", '"', "\n", "\r\n", "\t", "\b\f",
         "\x00", "\x1b[0m", "ﬁ", "e\u0301", "\uffff", "\U0010ffff",
         "\u07ff", "\u0800", "\ud7ff", "\ue000"]
LONE = ["\ud800", "\udbff", "\udc00", "\udfff", "\udc00\ud800", "x\ud83d",
        "\ud83dx", "\ude00"]
HINTS = """2023-02-28|2023-02-29|2024-02-29|1900-02-29|2000-02-29|2023-13-01
0000-01-01|01/02/2023|1/2/2023|31/12/2023|12/31/2023|13/13/2023|02-30-2023
28-02-2023|31.12.2022|31-Dec-2022|31-dec-2022|20230228|20230229|18991231
12:30|12:30:59|24:00:00|12:30:59.123456789|12:30:59.1234567890|12:30:59Z
23:59:60Z|23:58:60Z|15:59:60-08:00|12:30:59+05:30|12:30:59+24:00|12:30:59z
2023-02-28T12:30|2023-02-28T12:30:59|2023-02-28T12:30:59.5
2023-02-28T12:30:59Z|2023-02-28t12:30:59.25+01:00|2023-02-30T12:30:59Z
2023-02-28 12:30:59|2023-02-28 12:30:59.1|2023-02-28 12:30:59Z
2023-02-28 12:30:59+0100|2023-02-28 12:30:59 +0100|2023-02-28 12:30:59.1+01:00
2/8/2023 12:30:59|02/28/2023 12:30:59|02-28-2023 12:30:59|2023/02/28
20230228T123059|20230228T123059Z|20230228T123059+0100|2023-02-28 12:30
Sun Aug 31 00:29:15 +0000 2014|Mon Aug 31 00:29:15 +0000 2014
Sun, 06 Nov 1994 08:49:37 GMT|sun, 06 nov 1994 08:49:37 GMT
Sun, 6 Nov 1994 08:49:37 +0000|Sun, 06 Nov 1994 08:49:37 -0800
123e4567-e89b-12d3-a456-426614174000|123E4567-E89B-12D3-A456-42661417400G
123e4567e89b12d3a456426614174000|a@b.co|a@b|a.b@c.d.ef|.a@b.co|a..b@c.de
a@-b.co|a@b-.co|a@b.c|a@b.c0|a@b.0c|"a b"@c.de|first.last+tag@sub.example.org
http://example.com|http://|http:///x|https://u:p@h:80/p?q#f|http://h:8x/
http://[::1]:8080/|http://[::g]/|http://a b|http://a/%zz|http://a/%41|a:b
mailto:a@b.co|urn:isbn:1|tel:+1|iglu:com.acme/x/jsonschema/1-0-0|x://y|http://é
http://a#b#c|ftp://h|MAILTO:x|data:,x|javascript:x|1.2.3.4|256.1.1.1|01.2.3.4
1.2.3|1.2.3.4.5|::|::1|1::|1:2:3:4:5:6:7:8|1:2:3:4:5:6:7::|1:2:3:4:5:6:7:8:9
::ffff:1.2.3.4|1:2:3:4:5:6:1.2.3.4|1::2::3|12345::|fe80::1%eth0|:1|1:
0|-0|12|-12|007|+1|1.5|1e5|-1.5E-3|.5|5.|1e|0x10|NaN|true|FALSE|yes|No|on|OFF
y|t|1 |null|{|[|{}|[]|[1]|{"a":1}|[1,]| [1] |{"a":1}x|[nan]""".replace(
    "\n", "|").split("|")
NUMBERS = """0 -0 1 -1 7 10 42 100 255 256 999999999999999999
    1000000000000000000 9223372036854775807 9223372036854775808 -9223372036854775808
    -9223372036854775809 18446744073709551615 18446744073709551616
    631151999 631152000 1409444955 4102444799 4102444800 631152000000
    4102444799999 4102444800000 0.0 -0.0 1.0 1.00 1e0 1E0 10e-1 0.1e1 1.50 0.5
    0.05 0.050 1e5 1E+5 1e-5 1e400 -1e400 1e-400 1e99999999999999999999
    -1e99999999999999999999 1e-99999999999999999999 0e5 0e99999999999999999999
    123456789012345678901234567890 -123456789012345678901234567890
    0.1234567890123456789012345678901 3.141592653589793 2.5e-7
    100000000000000000000e-20 1e2147483647 1e-2147483648 1.5e-2147483647
    99999999999999999999.5 2e19""".split()


class Maker:
    def __init__(self, seed, plain=False):
        self.rng = rng = random.Random(seed)
        self.plain = plain
        self.wild = rng.choice([0.02, 0.1, 0.3])  # how often off the template
        self.escapes = rng.choice([0, 0.02, 0.2])
        self.space = rng.choice(["", "", " ", "mixed"])
        self.newline = "\n" if plain else rng.choice(["\n", "\n", "\r\n"])
        self.keys = rng.sample(WORDS, rng.randint(3, 12)) + rng.sample(
            ODD_KEYS, rng.choice([0, 3, 12]))
        self.keys += [f"{rng.choice(WORDS)}{i}"
                      for i in range(rng.choice([0, 0, 20, 400]))]
        self.left = 0  # values that this record may still get
        self.inside = 0  # levels of embedding around what is being made
        self.long_strings = rng.choice([0, 0, 1, 2])
        self.templates = [self.template(rng.randint(1, 4))
                          for _ in range(rng.randint(1, 3))]

    def chance(self, p):
        return self.rng.random() < p

    # shapes

    def template(self, depth):
        kind = self.rng.choice(["object"] * 5 + ["array"] + ["scalar"] * 4)
        if depth == 0 or (kind == "scalar" and depth < 3):
            return "scalar", self.rng.choices(
                ["int", "float", "str", "hint", "bool", "null", "embedded"],
                [4, 2, 5, 3, 1, 1, 0.3], k=self.rng.randint(1, 2))
        if kind == "array":
            return "array", self.template(depth - 1), self.rng.choice([0, 2, 9])
        if kind == "object" and self.chance(0.1):
            return "dynamic", self.template(depth - 1)
        many = self.rng.choice([1, 3, 6, len(self.keys) if depth < 3 else 9])
        if depth > 1:
            many = min(many, 40)
        keys = self.rng.sample(self.keys, min(many, len(self.keys)))
        return "object", [(key, self.template(depth - 1),
                           self.rng.choice([1, 1, 0.9, 0.3])) for key in keys]

    def instance(self, template, depth=0):
        self.left -= 1
        if self.left < 0:
            return "1"
        if depth and self.chance(self.wild / 4):
            return self.anything(depth)
        kind, what = template[:2]
        if kind == "scalar":
            return self.scalar(self.rng.choice(what), depth)
        if kind == "array":
            return self.array([self.instance(what, depth + 1) for _ in
                               range(self.rng.randint(0, template[2]))])
        if kind == "dynamic":
            return self.object(
                [(f"u{self.rng.randrange(500)}", self.instance(what, depth + 1))
                 for _ in range(self.rng.randint(0, 6))])
        members = [(key, self.instance(inner, depth + 1))
                   for key, inner, share in what if self.chance(share)]
        if self.chance(self.wild / 2):
            self.rng.shuffle(members)
        if members and self.chance(self.wild / 2):
            key, value = self.rng.choice(members)
            members.append((key, self.rng.choice([value, "1", "null", '""'])))
        return self.object(members)

    def anything(self, depth=0):
        self.left -= 1
        kinds = ["int", "float", "str", "hint", "bool", "null", "embedded"]
        if depth < 8 and self.left > 0:
            kinds += ["array", "object"] * (3 if depth < 3 else 1)
        kind = self.rng.choice(kinds)
        many = self.rng.choice([0, 1, 2, 3, 5])
        if kind == "array":
            return self.array([self.anything(depth + 1) for _ in range(many)])
        if kind == "object":
            return self.object([(self.rng.choice(self.keys + ODD_KEYS[:5]),
                                 self.anything(depth + 1))
                                for _ in range(many)])
        return self.scalar(kind, depth)

    # texts

    def gap(self):
        if self.space != "mixed":
            return ""
        return self.rng.choice(["", "", "", " ", "  ", "\t", " " * 70])

    def array(self, items):
        comma = "," + (" " if self.space == " " else "")
        return "[" + self.gap() + comma.join(
            self.gap() + item + self.gap() for item in items) + "]"

    def object(self, members):
        colon = ": " if self.space == " " else ":"
        return "{" + self.array([self.quote(key) + self.gap() + colon
                                 + self.gap() + value
                                 for key, value in members])[1:-1] + "}"

    def quote(self, text):
        out = []
        for c in text:
            code = ord(c)
            short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f",
                     "\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(c)
            if short and (self.inside or self.chance(0.9)):
                out.append(short)
            elif (code < 0x20 or short or 0xD800 <= code < 0xE000
                  or (not self.inside and self.chance(self.escapes))):
                units = c.encode("utf-16-be", "surrogatepass")
                form = self.rng.choice(["\\u%04x", "\\u%04X"])
                out += [form % int.from_bytes(units[i:i + 2], "big")
                        for i in range(0, len(units), 2)]
            else:
                out.append("\\/" if c == "/" and self.chance(0.2) else c)
        return '"' + "".join(out) + '"'

    def text(self):
        roll = self.rng.random()
        if self.inside > 1:
            return self.rng.choice(TEXTS)
        if roll < 0.1:
            return ""
        if roll < 0.12:
            return self.rng.choice(TEXTS + LONE)
        if roll < 0.12 + self.wild / 30 and self.long_strings:
            self.long_strings -= 1
            n = self.rng.choice([1000, 16000, 70000, 140000])
            return (self.rng.choice(TEXTS) * n)[:n]
        if roll < 0.3:
            n = self.rng.choice([56, 60, 62, 63, 64, 65, 66, 120, 127, 128, 250,
                                 255, 256, 257, 258])
            return self.rng.choice("abc") * n
        words = TEXTS[:4] * 4 + TEXTS
        if self.chance(self.wild):
            words = words + LONE
        return "".join(self.rng.choice(words)
                       for _ in range(self.rng.randint(1, 8)))

    def hint(self):
        text = self.rng.choice(HINTS)
        if self.chance(0.1) and text:
            at = self.rng.randrange(len(text))
            text = text[:at] + self.rng.choice("0a: .é") + text[at + 1:]
        return text

    def number(self, is_float):
        roll = self.rng.random()
        if roll < 0.4:
            text = self.rng.choice(NUMBERS)
        elif roll < 0.41:
            n = self.rng.choice([4000, 4093, 4094, 4095, 4096, 4097, 5000])
            text = self.rng.choice("123456789") * n
        else:
            most = 10 ** self.rng.randint(1, 20)
            text = str(self.rng.randint(-10 ** 4, most))
        if is_float != any(c in text for c in ".eE"):
            if is_float:
                return text + self.rng.choice(
                    [".0", ".25", "e1", "E-3", ".5e2"])
            return str(self.rng.randint(-1000, 1000))
        return text

    def embedded(self, depth):
        """A string with JSON in it, to some levels; escapes make the text
        nearly twice as long at each, so the inner ones are small."""
        roll = self.rng.random()
        self.inside += 1
        if roll < 0.01:
            n = self.rng.choice([500, 990, 999, 1000, 1001])
            text = "[" * n + "]" * n
        elif self.inside > 2:
            text = self.rng.choice(["[]", "{}", "[1,null]", '{"a":{"b":2}}'])
        elif roll < 0.25:
            text = self.instance(self.rng.choice(self.templates), 4)
        else:
            text = self.anything(5)
        if self.chance(0.4) and self.inside < self.rng.choice([2, 3, 4, 9]):
            inner = self.embedded(depth)
            text = self.object([(self.rng.choice(self.keys), inner)])
        self.inside -= 1
        if self.chance(0.15):
            at = self.rng.randrange(len(text) + 1)
            text = text[:at] + self.rng.choice([",", "x", '"', "]"]) + text[at:]
        lead = self.rng.choice(["", "", "", " ", "\n", "\r\n\t", "\u00a0"])
        return self.quote(lead + text + self.rng.choice(["", "", " ", "\n"]))

    def scalar(self, kind, depth):
        if kind in ("int", "float"):
            return self.number(kind == "float")
        if kind == "embedded" and self.inside < 10:
            return self.embedded(depth)
        if kind == "bool":
            return self.rng.choice(["true", "false"])
        if kind == "null":
            return "null"
        return self.quote(self.hint() if kind == "hint" else self.text())

    # records

    def record(self):
        """The text of one record, blanks around it."""
        roll = self.rng.random()
        self.left = self.rng.choice([30, 100, 300])
        if roll < self.wild / 3:
            text = self.anything()
        elif roll < self.wild / 3 + 0.002:
            n = self.rng.choice([65, 500, 999, 1000])
            text = "[" * n + self.anything(9)[:0] + "]" * n
        elif roll < self.wild / 3 + 0.003:
            text = self.object([(f"c{i}", self.scalar("int", 1))
                                for i in range(self.rng.choice([300, 3000]))])
        else:
            text = self.instance(self.rng.choice(self.templates))
        if not self.plain and self.chance(0.1):
            lead = " " * self.rng.randint(0, 70)
            text = self.gap() + lead + text + self.gap()
        return text.encode()

    def lines(self, records, damaged):
        """(line, is_good); blank lines are good."""
        if not self.plain and self.chance(0.1):
            yield b"\xef\xbb\xbf", True
        for i in range(records):
            end = self.newline.encode()
            if i == records - 1 and not self.plain and self.chance(0.3):
                end = b""
            if not self.plain and self.chance(0.03):
                yield self.rng.choice([b"", b" ", b"\t \r", b" " * 64,
                                       b" " * 120]) + b"\n", True
            if damaged and self.chance(damaged):
                bad = damage.spoil(self.rng, self.record(),
                                   self.rng.randint(0, 66))
                yield bad + b"\n", False
            yield self.record() + end, True


def generate(seed, records=40, damaged=0.0, plain=False):
    """(all bytes, the good lines' bytes, number of bad records)"""
    lines = list(Maker(seed, plain).lines(records, damaged))
    return (b"".join(line for line, _ in lines),
            b"".join(line for line, good in lines if good),
            sum(not good for _, good in lines))


def main(argv):
    flags = [a for a in argv if a.startswith("--")]
    numbers = [int(a) for a in argv if not a.startswith("--")]
    seed, records = (numbers + [40])[:2]
    sys.stdout.buffer.write(generate(
        seed, records, 0.3 if "--damage" in flags else 0.0,
        "--plain" in flags)[0])


if __name__ == "__main__":
    main(sys.argv[1:])
