#!/usr/bin/env python3
"""attrs_oracle -- what discover-attrs must write, computed another way.

    attrs_oracle.py [OPTION...] [FILE...]

Written from attr(5) and error(5) alone, in plain Python, slowly, with nothing
clever.  Reads records one a line (also from gzip), prints the scan line and
the attribute lines.  Options are those of discover-attrs(1); --errors writes
error lines without the reason.  --cross-check lets the json module read every
record too and stops where it understands another thing.
"""
import argparse
import base64
import gzip
import os
import sys

import lines
import strict
from extra import Wanted
from tree import Observer

DEFAULTS = {"max_record": 64 << 20, "max_depth": 1000, "max_embedded": 8,
            "max_keys": 10000}
BOM = b"\xef\xbb\xbf"
STDIN = b"<stdin>"


class Scan:
    def __init__(self, options):
        key = None
        if options.sample_key_file:
            with open(options.sample_key_file, "rb") as file:
                key = file.read()
        self.options = options
        self.wanted = Wanted(options.stats == "full", options.values,
                             options.samples, options.unmasked, key)
        self.observer = Observer(self.wanted, options.max_depth,
                                 options.max_embedded)
        self.records = self.bytes = self.rejected = self.blank = 0
        self.sources, self.errors = [], []

    def source(self, name, data):
        """All records of one source; ${name} in bytes."""
        at = len(BOM) if data.startswith(BOM) else 0
        number = 0
        while at < len(data):
            end = data.find(b"\n", at)
            end = len(data) if end < 0 else end
            number += self.line(name, data, at, end, number + 1)
            at = end + 1
        if data:
            self.sources.append((name, len(data)))

    def line(self, name, data, at, end, number):
        """Returns 1 for a record, 0 for a blank line."""
        line, most = data[at:end], self.options.max_record
        text = line.strip(strict.BLANK)
        byte = at + len(line) - len(line.lstrip(strict.BLANK))
        long = len(line) - (line[-1:] == b"\r" and end < len(data)) > most
        if long and not line[:most].strip(strict.BLANK):
            byte = at
        if not text and not long:
            self.blank += 1
            return 0
        try:
            if long:
                raise strict.Fault("size", None)
            value = strict.parse(text, self.options.max_depth)
        except strict.Fault as fault:
            self.rejected += 1
            self.errors.append((name, byte, number, fault, text))
            return 1
        if self.options.cross_check and not strict.same_as_json(text, value):
            sys.exit(f"the json module differs at byte {byte}")
        self.records += 1
        self.bytes += len(text)
        self.observer.record(value, (name, byte))
        return 1

    def option_members(self):
        o = self.options
        members = {name: getattr(o, name) for name, default in DEFAULTS.items()
                   if getattr(o, name) != default}
        if o.map:
            members["map"] = sorted(
                {lines.path(lines.parse_path(path)) for path in o.map},
                key=lambda path: path.encode("utf-8", "surrogatepass"))
        if o.stats:
            members["stats"] = "full"
        for name in "values", "samples":
            if getattr(o, name):
                members[name] = getattr(o, name)
        if o.unmasked:
            members["unmasked"] = True
        if self.wanted.key:
            members["sample_key"] = self.wanted.key_name()
        for name in "private", "no_first":
            if getattr(o, name):
                members[name] = True
        return members

    def output(self):
        o, seen = self.options, self.observer
        seen.root.fold(o.max_keys, {lines.parse_path(p) for p in o.map},
                       self.wanted)
        attributes = list(lines.attributes(seen.root, o))
        sources = [] if o.no_first else [
            {"source": os.fsdecode(name),
             "ranges": [] if name == STDIN else [[0, size]]}
            for name, size in sorted(self.sources)]
        scan = {"format": 1, "options": self.option_members(),
                "attributes": len(attributes), "records": self.records,
                "bytes": self.bytes, "rejected": self.rejected,
                "blank": self.blank, "duplicate_keys": seen.duplicate_keys,
                "lone_surrogates": seen.lone_surrogates,
                "long_numbers": seen.long_numbers, "complete": True,
                "pending": [], "sources": sources}
        for line in [lines.write({"scan": scan})] + attributes:
            yield line.encode() + b"\n"

    def error_lines(self):
        for name, byte, number, fault, text in sorted(
                self.errors, key=lambda error: error[:2]):
            line = {"error": fault.error, "source": os.fsdecode(name),
                    "record": number, "byte": byte}
            if fault.error == "size":
                pass
            elif fault.error == "utf8" or not valid(text):
                line["column"] = fault.at + 1
                line["raw_base64"] = base64.b64encode(text).decode()
            else:
                line["column"] = fault.at + 1
                line["raw"] = text.decode()
            yield lines.write(line).encode() + b"\n"


def valid(text):
    try:
        text.decode()
        return True
    except UnicodeDecodeError:
        return False


def size(text):
    unit = {"K": 10, "M": 20, "G": 30, "T": 40}.get(text[-1:].upper())
    return int(text[:-1]) << unit if unit else int(text)


def parse_args(argv):
    parser = argparse.ArgumentParser(usage=__doc__)
    for name, default in DEFAULTS.items():
        parser.add_argument("--" + name.replace("_", "-"), type=size,
                            default=default)
    for name in "values", "samples":
        parser.add_argument("--" + name, type=int, default=0)
    for name in "unmasked", "private", "no-first", "cross-check":
        parser.add_argument("--" + name, action="store_true")
    parser.add_argument("--map", action="append", default=[])
    parser.add_argument("--stats", choices=["full"])
    parser.add_argument("--sample-key-file")
    parser.add_argument("--errors")
    parser.add_argument("--source-prefix", default="")
    parser.add_argument("files", nargs="*")
    return parser.parse_args(argv)


def read(name):
    with open(name, "rb") as file:
        data = file.read()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def main(argv):
    options = parse_args(argv)
    sys.setrecursionlimit(1000000)
    scan = Scan(options)
    for name in options.files:
        scan.source(os.fsencode(options.source_prefix + name), read(name))
    if not options.files:
        scan.source(STDIN, sys.stdin.buffer.read())
    sys.stdout.buffer.writelines(scan.output())
    if options.errors:
        with open(options.errors, "wb") as file:
            file.writelines(scan.error_lines())


if __name__ == "__main__":
    main(sys.argv[1:])
