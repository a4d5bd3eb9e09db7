"""classes.py FILE... -- every proposal through DataHub's schema classes.

Each must be known to them, with its aspect decoded, valid by their own check,
and give the same JSON value when it is written again.
"""
import copy
import sys

from datahub.emitter.mcp import MetadataChangeProposalWrapper
from datahub.emitter.serialization_helper import pre_json_transform
from datahub.metadata.schema_classes import MetadataChangeProposalClass
from datahub.utilities.urns.urn import guess_entity_type
import mcps


def problem(mcp):
    got = MetadataChangeProposalWrapper.from_obj(copy.deepcopy(mcp))
    if mcp['changeType'] == 'PATCH':
        if not isinstance(got, MetadataChangeProposalClass):
            return 'a PATCH that was taken for an aspect'
        operations = mcps.operations(mcp)
        if not all(o['op'] == 'add' and o['path'].startswith('/')
                   for o in operations):
            return 'an operation that is none'
        return None if got.validate() else 'not valid'
    if not isinstance(got, MetadataChangeProposalWrapper):
        return 'the aspect is not known'
    if not got.validate():
        return 'not valid'
    again = pre_json_transform(got.aspect.to_obj())
    if mcps.text(mcps.canonical(again)) != \
            mcps.text(mcps.canonical(mcps.aspect(mcp))):
        return 'comes back as %s' % mcps.text(again)[:2000]
    return None


def looked_at(mcp, seen):
    """The same aspect of another entity of its type need not be decoded."""
    if guess_entity_type(mcp['entityUrn']) != mcp['entityType']:
        return 'entityType and entityUrn do not agree'
    key = mcps.text([mcp[k] for k in ('entityType', 'aspectName',
                                      'changeType', 'aspect')])
    if key not in seen:
        seen[key] = problem(mcp)
    return seen[key]


def main():
    wrong = count = 0
    seen = {}
    for path in sys.argv[1:]:
        for mcp in mcps.read(path):
            count += 1
            try:
                why = looked_at(mcp, seen)
            except Exception as e:          # whatever their code throws
                why = '%s: %s' % (type(e).__name__, e)
            if why:
                wrong += 1
                if wrong <= 10:
                    print('%s %s: %s\n  %s' % (
                        mcp['entityUrn'], mcp['aspectName'], why,
                        mcps.text(mcp)[:1500]))
    print('%d proposals, %d wrong' % (count, wrong))
    return 1 if wrong or not count else 0


sys.exit(main())
