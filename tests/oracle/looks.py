"""Formats: what a string or an integer looks like (attr(5), FORMATS)."""
import datetime
import functools
import re

MONTHS = b"jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = b"mon tue wed thu fri sat sun".split()
TWO_24 = rb"(?:[01][0-9]|2[0-3])"
TWO_60 = rb"[0-5][0-9]"

# Element of a layout -> expression; the longest name is tried first.
ELEMENTS = {
    "TZH:TZM": rb"(?:[-+]" + TWO_24 + b":" + TWO_60 + b"|Z)",
    "TZHTZM": rb"[-+]" + TWO_24 + TWO_60,
    "YYYY": rb"(?P<year>[0-9]{4})", "HH24": TWO_24,
    "MON": rb"(?P<mon>[A-Za-z]{3})", "MM": rb"(?P<month>[0-9]{2})",
    "DD": rb"(?P<day>[0-9]{2})", "DY": rb"(?P<dy>[A-Za-z]{3})",
    "MI": TWO_60, "SS": TWO_60, "FF": rb"[0-9]{1,9}",
}
LOOSE = {"MM": rb"(?P<month>[0-9]{2}|[1-9])", "DD": rb"(?P<day>[0-9]{2}|[1-9])"}
TOKEN = re.compile("|".join(sorted(ELEMENTS, key=len, reverse=True)) + "|.")


def layout(text, loose=(), tail=b""):
    expression = b"".join(
        LOOSE[token] if token in loose
        else ELEMENTS.get(token, re.escape(token).encode())
        for token in TOKEN.findall(text))
    return re.compile(expression + tail)


def real_date(m):
    """Do the elements that the match ${m} has make a date?"""
    parts = m.groupdict()
    if "year" not in parts:
        return True
    month = parts.get("month")
    if month is None:
        name = parts["mon"].lower()
        if name not in MONTHS:
            return False
        month = MONTHS.index(name) + 1
    try:
        date = datetime.date(int(parts["year"]), int(month), int(parts["day"]))
    except ValueError:
        return False
    return "dy" not in parts or parts["dy"].lower() == DAYS[date.weekday()]


def by_layout(name, **kind):
    expression = layout(name, **kind)

    def matches(text):
        m = expression.fullmatch(text)
        return bool(m) and real_date(m)
    return matches


TIME = re.compile(
    rb"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
    rb"(?:[Zz]|([-+])([0-9]{2}):([0-9]{2}))")


def time(text):
    m = TIME.fullmatch(text)
    if not m:
        return False
    hour, minute, second = (int(m[i]) for i in (1, 2, 3))
    off_hour, off_minute = int(m[5] or 0), int(m[6] or 0)
    if hour > 23 or minute > 59 or off_hour > 23 or off_minute > 59:
        return False
    offset = (off_hour * 60 + off_minute) * (-1 if m[4] == b"-" else 1)
    utc = (hour * 60 + minute - offset) % 1440
    return second < 60 or (second == 60 and utc == 1439)


date = by_layout("YYYY-MM-DD")
plain_http = by_layout("DY, DD MON YYYY HH24:MI:SS GMT")


def date_time(text):
    return text[10:11] in (b"T", b"t") and date(text[:10]) and time(text[11:])


def http_date(text):
    return (plain_http(text) and text[:3] == text[:3].capitalize()
            and text[8:11] == text[8:11].capitalize())


def yyyymmdd(text):
    return compact(text) and 1900 <= int(text[:4]) <= 2099


compact = by_layout("YYYYMMDD")
UUID = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
LOCAL = re.compile(rb"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
LABEL = re.compile(rb"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def email(text):
    local, at, domain = text.partition(b"@")
    labels = domain.split(b".")
    return (bool(at) and len(text) <= 254 and bool(LOCAL.fullmatch(local))
            and b".." not in b"." + local + b"." and len(labels) > 1
            and all(LABEL.fullmatch(label) for label in labels)
            and len(labels[-1]) > 1 and labels[-1][:1].isalpha())


def ipv4(text):
    parts = text.split(b".")
    return len(parts) == 4 and all(
        re.fullmatch(rb"0|[1-9][0-9]{0,2}", part) and int(part) < 256
        for part in parts)


def groups(text):
    """How many groups of an IPv6 address ${text} has, None if it is wrong."""
    if not text:
        return 0
    parts = text.split(b":")
    if all(re.fullmatch(rb"[0-9a-fA-F]{1,4}", part) for part in parts):
        return len(parts)
    return None


def ipv6(text):
    head, colon, last = text.rpartition(b":")
    if b"." in last:
        if not colon or not ipv4(last):
            return False
        text = head + b":0:0"
    before, gap, after = text.partition(b"::")
    n, m = groups(before), groups(after)
    if n is None or m is None or b"::" in after:
        return False
    return n + m < 8 if gap else n == 8


SCHEME = re.compile(rb"([A-Za-z][A-Za-z0-9+.-]{1,31}):(.+)", re.DOTALL)
URI_REST = re.compile(
    rb"(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")
OPAQUE = set(b"""cid data geo iglu magnet mailto mid news sip sips tag tel urn
    xmpp""".split())


def uri(text):
    m = SCHEME.fullmatch(text)
    if not m or m[2].count(b"#") > 1:
        return False
    rest = m[2]
    if not rest.startswith(b"//"):
        return m[1].lower() in OPAQUE and bool(URI_REST.fullmatch(rest))
    if len(rest) < 3:
        return False
    end = re.compile(rb"[/?#]|\Z").search(rest, 2).start()
    authority = rest[2:end]
    if authority.startswith(b"["):
        inner, bracket, port = authority[1:].partition(b"]")
        if not bracket or not ipv6(inner):
            return False
        return (bool(re.fullmatch(rb"(?::[0-9]*)?", port))
                and bool(URI_REST.fullmatch(rest[end:])))
    if not URI_REST.fullmatch(rest) or authority.count(b"@") > 1:
        return False
    host, colon, port = authority.rpartition(b"@")[2].partition(b":")
    return not colon or bool(re.fullmatch(rb"[0-9]*", port))


INTEGER = re.compile(rb"-?(?:0|[1-9][0-9]*)")
NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
BOOLEAN = re.compile(rb"true|false|yes|no|on|off", re.IGNORECASE)
BOTH = {"loose": ("MM", "DD")}

STRING_FORMATS = [
    ("date", date), ("time", time), ("date-time", date_time),
    ("http-date", http_date),
    ("YYYY/MM/DD", by_layout("YYYY/MM/DD")),
    ("MM/DD/YYYY", by_layout("MM/DD/YYYY", **BOTH)),
    ("DD/MM/YYYY", by_layout("DD/MM/YYYY", **BOTH)),
    *((name, by_layout(name)) for name in (
        "MM-DD-YYYY", "DD-MM-YYYY", "DD.MM.YYYY", "DD-MON-YYYY")),
    ("YYYYMMDD", yyyymmdd),
    *((name, by_layout(name)) for name in (
        "HH24:MI:SS.FF", "HH24:MI:SS", "HH24:MI",
        "YYYY-MM-DDTHH24:MI:SS.FF", "YYYY-MM-DDTHH24:MI:SS",
        "YYYY-MM-DDTHH24:MI", "YYYY-MM-DD HH24:MI:SS.FFTZH:TZM",
        "YYYY-MM-DD HH24:MI:SSTZH:TZM", "YYYY-MM-DD HH24:MI:SS TZHTZM",
        "YYYY-MM-DD HH24:MI:SS.FF", "YYYY-MM-DD HH24:MI:SS",
        "YYYY-MM-DD HH24:MI")),
    *((name, by_layout(name, **BOTH)) for name in (
        "MM/DD/YYYY HH24:MI:SS", "DD/MM/YYYY HH24:MI:SS")),
    ("MM-DD-YYYY HH24:MI:SS", by_layout("MM-DD-YYYY HH24:MI:SS")),
    ("YYYYMMDDTHH24MISS", by_layout(
        "YYYYMMDDTHH24MISS",
        tail=b"(?:Z|" + ELEMENTS["TZHTZM"] + b")?")),
    ("DY, DD MON YYYY HH24:MI:SS TZHTZM", by_layout(
        "DY, DD MON YYYY HH24:MI:SS TZHTZM", loose=("DD",))),
    ("DY MON DD HH24:MI:SS TZHTZM YYYY", by_layout(
        "DY MON DD HH24:MI:SS TZHTZM YYYY")),
    ("uuid", UUID.fullmatch), ("email", email), ("uri", uri),
    ("ipv4", ipv4), ("ipv6", ipv6),
    ("integer-string", lambda s: len(s) <= 64 and INTEGER.fullmatch(s)),
    ("number-string", lambda s: len(s) <= 64 and NUMBER.fullmatch(s)),
    ("boolean-string", BOOLEAN.fullmatch),
]


@functools.lru_cache(maxsize=65536)
def of_string(text):
    """Names of the formats that ${text} (unescaped bytes) matches, in order."""
    return tuple(name for name, matches in STRING_FORMATS if matches(text))


def of_int(text):
    if len(text) > 13:
        return ()
    value = int(text)
    return (("epoch-s",) if 631152000 <= value <= 4102444799 else
            ("epoch-ms",) if 631152000000 <= value <= 4102444799999 else ())
