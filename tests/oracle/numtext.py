"""Numbers as text: exact order, digits, decimals, magnitude (attr(5)).

Never a float, and never a power of ten that the text does not spell out: a
number is its sign, its significant digits and the place of its point.
"""
import re
import sys

PARTS = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([-+]?[0-9]+))?")
SCALE_MAX = 2147483647

sys.set_int_max_str_digits(0)


def is_int(text):
    return not any(c in text for c in ".eE")


def parts(text):
    sign, whole, fraction, exponent = PARTS.fullmatch(text).groups()
    return sign, whole, fraction or "", int(exponent or 0)


def reduced(text):
    """(sign, point, digits): 0.DIGITS * 10^point, no zeros at either end;
    zero is (0, 0, "")."""
    sign, whole, fraction, exponent = parts(text)
    digits = whole + fraction
    point = len(whole) + exponent
    stripped = digits.lstrip("0")
    if not stripped:
        return 0, 0, ""
    point -= len(digits) - len(stripped)
    return -1 if sign else 1, point, stripped.rstrip("0")


def compare(a, b):
    sign_a, *a = reduced(a)
    sign_b, *b = reduced(b)
    if sign_a != sign_b:
        return -1 if sign_a < sign_b else 1
    return 0 if a == b else sign_a * (-1 if a < b else 1)


def kept(old, new, want):
    """Of two texts the minimum (${want} -1) or maximum (1) of attr(5)."""
    if old is None or new is None:
        return new if old is None else old
    order = compare(new, old) * want
    if order == 0:
        order = 1 if (len(new), new) < (len(old), old) else -1
    return new if order > 0 else old


def digits(text):
    _, whole, fraction, _ = parts(text)
    return max(1, len((whole + fraction).lstrip("0")))


def scale(text):
    _, _, fraction, exponent = parts(text)
    return min(SCALE_MAX, max(0, len(fraction) - exponent))


def bucket(text):
    """Of the histogram: bits of the whole part of the magnitude."""
    sign, point, figures = reduced(text)
    if not sign or point <= 0:
        return 0
    if point > 20:
        return 65
    return min(65, int(figures[:point].ljust(point, "0")).bit_length())
