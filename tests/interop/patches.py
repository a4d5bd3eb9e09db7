"""patches.py MCPS -- PATCH proposals of upstreamLineage against DataHub's own
patch builder: the same edges, built there, give the same operations.
"""
import json
import re
import sys

from datahub.metadata.schema_classes import (
    AuditStampClass, FineGrainedLineageClass, UpstreamClass)
from datahub.specific.dataset import DatasetPatchBuilder
import mcps

POINTER = re.compile(r'~[01]')


def parts(path):
    """The names of a JSON Pointer (RFC 6901)."""
    return [POINTER.sub(lambda m: '~/'[int(m.group()[1])], p)
            for p in path.split('/')[1:]]


def built(urn, operations):
    builder = DatasetPatchBuilder(urn)
    for o in operations:
        kind, *names = parts(o['path'])
        if kind == 'upstreams':
            value = dict(o['value'])
            stamp = AuditStampClass(**value.pop('auditStamp'))
            builder.add_upstream_lineage(UpstreamClass(auditStamp=stamp,
                                                       **value))
        else:
            builder.add_fine_grained_lineage(FineGrainedLineageClass(
                upstreamType='FIELD_SET', downstreamType='FIELD_SET',
                upstreams=[names[3]], downstreams=[names[1]],
                transformOperation=None if names[0] == 'NONE' else names[0]))
    return [json.loads(m.aspect.value) for m in builder.build()]


def main():
    wrong = count = 0
    for mcp in mcps.read(sys.argv[1]):
        if mcp['changeType'] != 'PATCH':
            continue
        count += 1
        have = mcps.aspect(mcp)
        want = built(mcp['entityUrn'], have)
        if [mcps.text(o) for o in want[0]] != [mcps.text(o) for o in have]:
            wrong += 1
            print(mcp['entityUrn'], mcps.text(have)[:800],
                  mcps.text(want)[:800])
    print('%d patches, %d wrong' % (count, wrong))
    return 1 if wrong or not count else 0


sys.exit(main())
