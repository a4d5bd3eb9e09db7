"""A strict JSON parser that knows where its values stand.

Written for the oracle, from RFC 8259 and error(5).  The standard library's
json module gives no positions, lets NaN, control characters and other things
pass, and recurses; it is used only to check the values made here.

A value is a tuple (kind, start, end, content): offsets into the text, and

    "object"  list of (key, value), as written    "str"    text
    "array"   list of values                      "number" text as written
    "true" "false" "null"  None

Text is str; a lone surrogate stays one code point.
"""
import json
import re

BLANK = b" \t\r\n"
BLANKS = re.compile(rb"[ \t\r\n]*")
# The inside of a string.  Nothing stands behind it, so it never goes back; a
# possessive repeat would say so, but Python 3.11.2 (Debian 12) gets that wrong.
INSIDE = re.compile(
    rb'(?:[^"\\\x00-\x1f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
WORDS = {b"t": (b"true", "true"), b"f": (b"false", "false"),
         b"n": (b"null", "null")}
ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u([0-9a-fA-F]{4})|(.))")
PLAIN = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n",
         "r": "\r", "t": "\t"}


class Fault(Exception):
    """The text is refused: class of error(5), offset of the first bad byte."""

    def __init__(self, error, at):
        super().__init__(f"{error} at {at}")
        self.error, self.at = error, at


def unescape(raw):
    """The text between the quotes ${raw}, valid bytes."""
    def one(m):
        high, low, unit, letter = m.groups()
        if high:
            return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10)
                       + (int(low, 16) & 0x3FF))
        return chr(int(unit, 16)) if unit else PLAIN[letter]

    text = raw.decode()
    return ESCAPE.sub(one, text) if "\\" in text else text


def lone_surrogates(text):
    return sum("\ud800" <= c <= "\udfff" for c in text)


def string_fault(text, at):
    """Where a string that INSIDE left at ${at} goes wrong."""
    if text[at:at + 1] != b"\\":
        return at  # a control character, or the end
    at += 1
    if text[at:at + 1] == b"u":
        at += 1
        while text[at:at + 1] and text[at:at + 1] in b"0123456789abcdefABCDEF":
            at += 1
    return at


def number_fault(text, at):
    """Where a number that begins at ${at} and is none goes wrong, or None."""
    m = re.compile(rb"-?").match(text, at)
    m = re.compile(rb"0|[1-9][0-9]*|").match(text, m.end())
    if not m[0] or (m[0] == b"0" and text[m.end():m.end() + 1].isdigit()):
        return m.end()
    for part in rb"\.", rb"[eE][-+]?":
        head = re.compile(part).match(text, m.end())
        if head:
            m = re.compile(rb"[0-9]*").match(text, head.end())
            if not m[0]:
                return m.end()
    return None


class Parser:
    def __init__(self, text, max_depth):
        self.text, self.at, self.max_depth = text, 0, max_depth
        self.stack = []  # [kind, start, content, key] of open containers

    def byte(self):
        return self.text[self.at:self.at + 1]

    def skip(self):
        self.at = BLANKS.match(self.text, self.at).end()

    def fail(self, at=None):
        raise Fault("json", self.at if at is None else at)

    def string(self):
        start = self.at + 1
        end = INSIDE.match(self.text, start).end()
        if self.text[end:end + 1] != b'"':
            self.fail(string_fault(self.text, end))
        self.at = end + 1
        # decoded even where bad UTF-8 stands: parse() looks at that before
        return self.text[start:end]

    def scalar(self):
        start, first = self.at, self.byte()
        if first == b'"':
            return "str", start, self.at, self.string()
        if first in WORDS:
            word, kind = WORDS[first]
            for i, letter in enumerate(word):
                if self.text[start + i:start + i + 1] != bytes([letter]):
                    self.fail(start + i)
            self.at += len(word)
            return kind, start, self.at, None
        if not first or first not in b"-0123456789":
            self.fail()
        bad = number_fault(self.text, start)
        if bad is not None:
            self.fail(bad)
        self.at = NUMBER.match(self.text, start).end()
        return "number", start, self.at, self.text[start:self.at]

    def member(self):
        """A key and its colon, into the open object."""
        if self.byte() != b'"':
            self.fail()
        self.stack[-1][3] = self.string()
        self.skip()
        if self.byte() != b":":
            self.fail()
        self.at += 1
        self.skip()

    def opened(self):
        """Behind a bracket; True when the container is closed at once."""
        kind = "object" if self.byte() == b"{" else "array"
        if len(self.stack) >= self.max_depth:
            raise Fault("depth", self.at)
        self.stack.append([kind, self.at, [], None])
        self.at += 1
        self.skip()
        if self.byte() == (b"}" if kind == "object" else b"]"):
            return True
        if kind == "object":
            self.member()
        return False

    def closed(self):
        """At its bracket; the container as a value."""
        kind, start, content, _ = self.stack.pop()
        self.at += 1
        return kind, start, self.at, content

    def put(self, value):
        """Into the open container; True when it goes on behind a comma."""
        kind, _, content, key = self.stack[-1]
        content.append(value if kind == "array" else (key, value))
        self.skip()
        if self.byte() == b",":
            self.at += 1
            self.skip()
            if kind == "object":
                self.member()
            return True
        if self.byte() != (b"]" if kind == "array" else b"}"):
            self.fail()
        return False

    def run(self):
        self.skip()
        while True:
            if self.byte() and self.byte() in b"{[":
                if not self.opened():
                    continue
                value = self.closed()
            else:
                start = self.at
                kind, _, _, content = self.scalar()
                value = kind, start, self.at, content
            while self.stack:
                if self.put(value):
                    break
                value = self.closed()
            else:
                break
        self.skip()
        if self.at != len(self.text):
            self.fail()
        return value


def decoded(value):
    """Strings and keys from bytes to text, numbers to str."""
    kind, start, end, content = value
    if kind == "str":
        content = unescape(content)
    elif kind == "number":
        content = content.decode()
    elif kind == "array":
        content = [decoded(item) for item in content]
    elif kind == "object":
        content = [(unescape(key), decoded(item)) for key, item in content]
    return kind, start, end, content


def parse(text, max_depth):
    """The one value in ${text} (bytes), or Fault: the first by position."""
    bad = len(text) + 1
    try:
        text.decode()
    except UnicodeDecodeError as fault:
        bad = fault.start
    try:
        value = Parser(text, max_depth).run()
    except Fault as fault:
        if fault.at < bad:
            raise
    if bad <= len(text):
        raise Fault("utf8", bad)
    return decoded(value)


def same_as_json(text, value):
    """Does the json module read ${text} the same way?  Its own way to go
    deep is recursion, so texts that are too deep for it are taken as read."""
    def plain(value):
        kind, _, _, content = value
        if kind == "object":
            return "object", [(key, plain(item)) for key, item in content]
        if kind == "array":
            return [plain(item) for item in content]
        if kind == "number":
            is_int = not any(c in content for c in ".eE")
            return "int" if is_int else "float", content
        return content if kind == "str" else {
            "true": True, "false": False, "null": None}[kind]

    try:
        other = json.loads(
            text.decode(), object_pairs_hook=lambda pairs: ("object", pairs),
            parse_int=lambda s: ("int", s), parse_float=lambda s: ("float", s))
        return other == plain(value)
    except RecursionError:
        return True
