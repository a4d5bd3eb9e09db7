"""guard.py FILE [changes] -- DataHub's aspect-size guard over the proposals.

It must leave each as it is, but for the order of groups, which the client
itself changes; with "changes" it must cut at least one.
"""
import copy
import sys

from datahub.emitter.mcp import MetadataChangeProposalWrapper
from datahub.emitter.serialization_helper import pre_json_transform
from datahub.ingestion.api.common import PipelineContext
from datahub.ingestion.api.source import SourceReport
from datahub.ingestion.api.workunit import MetadataWorkUnit
from datahub.ingestion.workunit_processors import ensure_aspect_size as guard
import mcps


class Context:
    """What the guard asks of its context: somewhere to warn."""

    def __init__(self):
        self.source_report = SourceReport()
        self.pipeline_context = PipelineContext(run_id='interop')


def main():
    processor = guard.EnsureAspectSizeProcessor(Context())
    changed = count = 0
    for mcp in mcps.read(sys.argv[1]):
        if mcp['changeType'] == 'PATCH':
            continue
        got = MetadataChangeProposalWrapper.from_obj(copy.deepcopy(mcp))
        list(processor.process([MetadataWorkUnit(id=str(count), mcp=got)]))
        count += 1
        after = pre_json_transform(got.aspect.to_obj())
        if mcps.text(mcps.canonical(after)) != \
                mcps.text(mcps.canonical(mcps.aspect(mcp))):
            changed += 1
            print('changed: %s %s' % (mcp['entityUrn'], mcp['aspectName']))
    print('%d aspects, %d changed' % (count, changed))
    return 0 if count and bool(changed) == ('changes' in sys.argv[2:]) else 1


sys.exit(main())
