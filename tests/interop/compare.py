"""compare.py THEIRS OURS DIFFERENCES [some] -- aspect by aspect.

THEIRS is the connector's output, OURS that of build-lineage
--compat=upstream.  The proposals of each entity and aspect must be the same
JSON values, in lists that have no order as sets.  DIFFERENCES says what may
differ and why: lines of "WHO URN ASPECT MEMBER: reason", where WHO is theirs
(only they have it), ours, or both, the others are shell patterns, and MEMBER
is a path in the aspect ("*" for all of it).  Every line must be
needed, but with "some".
"""
import collections
import fnmatch
import re
import sys

import mcps


SPEC = re.compile('event_spec\\.[^,]*,')


def any_spec(aspect):
    """The connector takes a source that it does not know from the event spec
    that happens to be the first of a set; which one says nothing."""
    for group in aspect.get('fineGrainedLineages', []):
        urns = group.get('upstreams', [])
        names = collections.Counter(u.rpartition(',')[2] for u in urns)
        if max(names.values(), default=0) > 1 or len(urns) == 1:
            group['upstreams'] = [
                u if names[u.rpartition(',')[2]] > 1 else
                SPEC.sub('event_spec.ANY,', u) for u in urns]
    return aspect


class Rules:
    def __init__(self, path):
        self.rules, self.used = [], collections.Counter()
        with open(path, encoding='utf-8') as f:
            for line in f:
                if line.strip() and not line.startswith('#'):
                    words = line.partition(': ')[0].split()
                    assert len(words) == 4, line
                    self.rules.append(tuple(words))

    def allow(self, *words):
        for rule in self.rules:
            if all(map(fnmatch.fnmatchcase, words, rule)):
                self.used[rule] += 1
                return True
        return False

    def unused(self):
        return [r for r in self.rules if not self.used[r]]


def by_key(found):
    out = collections.defaultdict(list)
    for m in found:
        out[m['entityType'], m['entityUrn'], m['aspectName']].append(
            mcps.canonical(any_spec(mcps.aspect(m))))
    return out


def paths(a, b, at=''):
    """Where two values differ; items of lists by their number."""
    if isinstance(a, dict) and isinstance(b, dict):
        for k in sorted(set(a) | set(b)):
            if k not in a or k not in b:
                yield at + '.' + k, a.get(k), b.get(k)
            else:
                yield from paths(a[k], b[k], at + '.' + k)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, pair in enumerate(zip(a, b)):
            yield from paths(*pair, '%s.%d' % (at, i))
    elif mcps.text(a) != mcps.text(b):
        yield at or '.', a, b


def main():
    theirs, ours = (by_key(mcps.read(p)) for p in sys.argv[1:3])
    rules, bad, same = Rules(sys.argv[3]), collections.Counter(), 0

    def tell(who, key, path, a=None, b=None):
        path = re.sub(r'\.\d+', '.N', path)
        if rules.allow(who, key[1], key[2], path):
            return
        kind = (who, key[0], key[2], path)
        bad[kind] += 1
        if bad[kind] <= 1 and len(bad) <= 40:
            print('%s %s: %s\n  theirs %s\n  ours   %s' % (
                who, ' '.join(key), path, mcps.text(a)[:600],
                mcps.text(b)[:600]))

    for key in sorted(set(theirs) | set(ours)):
        a, b = theirs.get(key), ours.get(key)
        if not b:
            tell('theirs', key, '*', a)
        elif not a:
            tell('ours', key, '*', None, b)
        else:
            # What is written again counts by its last writing, as in DataHub.
            differ = list(paths(a[-1], b[-1]))
            same += not differ
            for path, x, y in differ:
                tell('both', key, path, x, y)
    unused = [] if 'some' in sys.argv[4:] else rules.unused()
    for rule in unused:
        print('not needed: %s' % ' '.join(rule))
    print('%d aspects of theirs, %d of ours, %d the same; %d kinds of '
          'differences without a reason' % (len(theirs), len(ours), same,
                                            len(bad)))
    return 1 if bad or unused or not same else 0


sys.exit(main())
