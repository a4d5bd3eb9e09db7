"""columnnames.py HELPER -- the naming rules of Snowplow's loaders against
Python's regular expressions, on random names.

The expressions are those of the analytics SDK and of schema-ddl; Python's re
and Java's agree on all of them.
"""
import random
import re
import subprocess
import sys

ALPHABET = "aaabzAABCZ0019_-.x "
FAR = ALPHABET + "éßñ\u212a\u0130日😀"


def sdk(name):
    name = re.sub(r"[.\-]", "_", name)
    return lower(re.sub(r"([^A-Z_])([A-Z])", r"\1_\2", name))


def ddl(name):
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return lower(name.replace("-", "_"))


def lower(name):
    """ASCII alone: the rest is compared where it is replaced anyway."""
    return "".join(c.lower() if c.isascii() else c for c in name)


def plain(name):
    return re.sub("[^A-Za-z0-9_]", "_", ddl(name).lower())


def bigquery(name):
    name = plain(name)
    return "_" + name if re.match("[^A-Za-z_]", name) else name


def databricks(name):
    name = plain(name)
    return "_" + name if re.match("[0-9]", name) else name


RULES = {
    "sdk": sdk, "ddl": ddl, "bigquery": bigquery, "databricks": databricks,
    "redshift": ddl, "snowflake": lambda name: name,
}


def main():
    chance = random.Random(20240501)
    cases = []
    for i in range(20000):
        letters = FAR if i % 4 == 0 else ALPHABET
        name = "".join(chance.choice(letters)
                       for _ in range(chance.randrange(12)))
        cases.append((chance.choice(sorted(RULES)), name))
    text = "".join(f"{rule} {name}\n" for rule, name in cases)
    said = subprocess.run([sys.argv[1]], input=text.encode(),
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    lines = said.split("\n")
    assert lines.pop() == "" and len(lines) == len(cases), len(lines)
    wrong = [(rule, name, RULES[rule](name), line)
             for (rule, name), line in zip(cases, lines)
             if RULES[rule](name) != line]
    for case in wrong[:10]:
        print("rule %s of %r: wanted %r, was %r" % case)
    print(f"{len(cases)} names, {len(wrong)} wrong")
    return 1 if wrong else 0


sys.exit(main())
