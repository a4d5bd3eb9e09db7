"""Attributes and their statistics (attr(5)): observing, adding up, folding."""
import numtext
import looks
import strict
from extra import Extra, utf8

ITEM, MAP, DECODED = (1, ""), (2, ""), (3, "")  # steps; a key is (4, KEY)
LONG_NUMBER = 4096


def key_step(key):
    return 4, key


class Range:
    """Minimum, maximum and sum."""

    def __init__(self):
        self.min = self.max = None
        self.sum = 0

    def add(self, other):
        if other.min is not None:
            self.observe(other.min, 0)
            self.observe(other.max, other.sum)

    def observe(self, value, amount=None):
        self.min = value if self.min is None else min(self.min, value)
        self.max = value if self.max is None else max(self.max, value)
        self.sum += value if amount is None else amount


class Version:
    """Any version; ${first} is (source, byte), by the bytes of the name."""

    def __init__(self):
        self.count = 0
        self.first = None

    def met(self, place):
        self.count += 1
        if self.first is None or place < self.first:
            self.first = place

    def add(self, other):
        self.count += other.count
        if self.first is None or (other.first and other.first < self.first):
            self.first = other.first


class Bool(Version):
    def __init__(self):
        super().__init__()
        self.true = 0

    def add(self, other):
        super().add(other)
        self.true += other.true


class Object(Version):
    def __init__(self):
        super().__init__()
        self.keys = Range()

    def add(self, other):
        super().add(other)
        self.keys.add(other.keys)


class WithText(Version):
    """Strings and numbers: formats and what is asked for."""

    def __init__(self, wanted):
        super().__init__()
        self.formats = {}
        self.extra = Extra(wanted) if wanted else None

    def looks(self, names):
        for name in names:
            self.formats[name] = self.formats.get(name, 0) + 1

    def add(self, other):
        super().add(other)
        for name, count in other.formats.items():
            self.formats[name] = self.formats.get(name, 0) + count
        if self.extra:
            self.extra.add(other.extra)


class Str(WithText):
    def __init__(self, wanted):
        super().__init__(wanted)
        self.empty = 0
        self.chars = Range()
        self.embedded = {"object": 0, "array": 0}

    def observe(self, text):
        self.empty += not text
        self.chars.observe(len(text))
        self.looks(looks.of_string(utf8(text)))
        if self.extra:
            self.extra.observe(text, False)

    def add(self, other):
        super().add(other)
        self.empty += other.empty
        self.chars.add(other.chars)
        for kind in self.embedded:
            self.embedded[kind] += other.embedded[kind]


class Number(WithText):
    def __init__(self, wanted):
        super().__init__(wanted)
        self.min = self.max = None
        self.digits = self.scale = self.exponent = 0

    def observe(self, text):
        self.min = numtext.kept(self.min, text, -1)
        self.max = numtext.kept(self.max, text, 1)
        self.digits = max(self.digits, numtext.digits(text))
        self.scale = max(self.scale, numtext.scale(text))
        self.exponent += "e" in text.lower()
        if numtext.is_int(text):
            self.looks(looks.of_int(text))
        if self.extra:
            self.extra.observe(text, True)

    def add(self, other):
        super().add(other)
        self.min = numtext.kept(self.min, other.min, -1)
        self.max = numtext.kept(self.max, other.max, 1)
        self.digits = max(self.digits, other.digits)
        self.scale = max(self.scale, other.scale)
        self.exponent += other.exponent


VERSIONS = {
    "str": Str, "int": Number, "float": Number, "bool": Bool,
    "object": Object, "array_primitive": Version, "array_object": Version,
    "array_array": Version,
}


class Node:
    """One attribute."""

    def __init__(self):
        self.children = {}
        self.versions = {}
        self.order = None
        self.count = self.duplicates = self.nulls = self.bytes = 0
        self.empty_arrays = 0
        self.items = Range()

    def child(self, step):
        return self.children.setdefault(step, Node())

    def version(self, name, wanted):
        if name not in self.versions:
            kind = VERSIONS[name]
            self.versions[name] = (kind(wanted) if issubclass(kind, WithText)
                                   else kind())
        return self.versions[name]

    def stand(self, order):
        self.order = order if self.order is None else min(self.order, order)

    def add(self, other, wanted):
        """Adds ${other} and all below it."""
        for name in "count", "duplicates", "nulls", "bytes", "empty_arrays":
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.order is not None:
            self.stand(other.order)
        self.items.add(other.items)
        for name, version in other.versions.items():
            self.version(name, wanted).add(version)
        for step, child in other.children.items():
            self.child(step).add(child, wanted)

    def fold(self, max_keys, paths, wanted):
        """Treats wide objects as maps, here and below; ${paths}: what is
        left of the steps of each --map from here on."""
        keys = [step for step in self.children if step[0] == 4]
        folded = keys and (() in paths or 0 < max_keys < len(keys))
        if folded:
            sum_of_all = self.child(MAP)
            for step in keys:
                sum_of_all.add(self.children.pop(step), wanted)
            sum_of_all.order = 0
        for step, child in self.children.items():
            child.fold(max_keys, {
                path[1:] for path in paths if path and (
                    path[0] == step
                    or (folded and step == MAP and path[0][0] == 4))}, wanted)


class Observer:
    """Puts the values of records into a tree."""

    def __init__(self, wanted, max_depth=1000, max_embedded=8):
        self.root = Node()
        self.root.order = 0
        self.wanted = wanted
        self.max_depth, self.max_embedded = max_depth, max_embedded
        self.duplicate_keys = self.lone_surrogates = self.long_numbers = 0
        self.place = None

    def record(self, value, place):
        self.place = place
        self.value(self.root, value, 0, 0)

    def value(self, node, value, depth, level):
        """${depth}: containers around it; ${level}: of embedding."""
        kind, start, end, content = value
        node.count += 1
        node.bytes += end - start
        if kind == "null":
            node.nulls += 1
        elif kind in ("true", "false"):
            version = self.met(node, "bool")
            version.true += kind == "true"
        elif kind == "number":
            self.number(node, content)
        elif kind == "str":
            self.string(node, content, depth, level)
        elif kind == "array":
            self.array(node, content, depth + 1, level)
        else:
            self.object(node, content, depth + 1, level)

    def met(self, node, name):
        version = node.version(name, self.wanted)
        version.met(self.place)
        return version

    def number(self, node, text):
        version = self.met(node, "int" if numtext.is_int(text) else "float")
        if len(text) > LONG_NUMBER:
            self.long_numbers += 1
        else:
            version.observe(text)

    def string(self, node, text, depth, level):
        version = self.met(node, "str")
        version.observe(text)
        lone = strict.lone_surrogates(text)
        self.lone_surrogates += lone
        if (lone or level >= self.max_embedded
                or text.lstrip(" \t\r\n")[:1] not in ("{", "[")):
            return
        try:
            inner = strict.parse(text.encode(), self.max_depth - depth)
        except strict.Fault:
            return
        version.embedded[inner[0]] += 1
        child = node.child(DECODED)
        child.stand(0)
        self.value(child, inner, depth, level + 1)

    def array(self, node, items, depth, level):
        node.items.observe(len(items))
        kinds = {"array_" + {"object": "object", "array": "array"}.get(
            item[0], "primitive") for item in items if item[0] != "null"}
        node.empty_arrays += not kinds
        for kind in kinds:
            self.met(node, kind)
        for item in items:
            child = node.child(ITEM)
            child.stand(0)
            self.value(child, item, depth, level)

    def object(self, node, members, depth, level):
        self.met(node, "object").keys.observe(len(members))
        seen = set()
        for position, (key, value) in enumerate(members):
            child = node.child(key_step(key))
            child.stand(position)
            self.lone_surrogates += strict.lone_surrogates(key)
            if key in seen:
                child.duplicates += 1
                self.duplicate_keys += 1
            seen.add(key)
            self.value(child, value, depth, level)
