"""patches.py MCPS ASPECT... -- PATCH proposals against DataHub's own patch
builder: the same edges, owners and tags, built there, give the same operations.
There must be some of each ASPECT.
"""
import json
import re
import sys

from datahub.metadata.schema_classes import (
    AuditStampClass, FineGrainedLineageClass, OwnerClass, OwnershipSourceClass,
    TagAssociationClass, UpstreamClass)
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


def built_others(urn, aspect, operations):
    """ownership and globalTags, with the keys they are found by."""
    builder = DatasetPatchBuilder(urn)
    for o in operations:
        value = dict(o['value'])
        if aspect == 'ownership':
            source = OwnershipSourceClass(**value.pop('source'))
            builder.add_owner(OwnerClass(source=source, **value))
        else:
            builder.add_tag(TagAssociationClass(**value))
    return [json.loads(m.aspect.value) for m in builder.build()]


def main():
    wrong = count = 0
    kinds = set()
    for mcp in mcps.read(sys.argv[1]):
        if mcp['changeType'] != 'PATCH':
            continue
        count += 1
        kinds.add(mcp['aspectName'])
        have = mcps.aspect(mcp)
        if mcp['aspectName'] == 'upstreamLineage':
            want = built(mcp['entityUrn'], have)
        else:
            want = built_others(mcp['entityUrn'], mcp['aspectName'],
                                mcps.operations(mcp))
        if mcps.text(want[0]) != mcps.text(have):
            wrong += 1
            print(mcp['entityUrn'], mcps.text(have)[:800],
                  mcps.text(want)[:800])
    print('%d patches of %s, %d wrong' % (count, sorted(kinds), wrong))
    return 1 if wrong or kinds != set(sys.argv[2:]) else 0


sys.exit(main())
