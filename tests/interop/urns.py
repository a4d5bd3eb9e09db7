"""urns.py STRUCTS MCPS [INSTANCE] [ENV] -- URNs by DataHub's own builders.

For each object of the organisation, what mce_builder and the connector's
container keys make of it must be among the URNs that were written; and every
URN written must parse.
"""
import json
import sys

from datahub.emitter import mce_builder
from datahub.ingestion.source.snowplow.builders.container_keys import (
    SnowplowOrganizationKey, SnowplowTrackingPlanKey)
from datahub.metadata.urns import Urn
import mcps


def dataset(name, instance, env):
    return mce_builder.make_dataset_urn_with_platform_instance(
        'snowplow', name, instance, env)


def wanted(objects, instance, env):
    org = next(o['id'] for o in objects if o['kind'] == 'organization')
    common = dict(organization_id=org, platform='snowplow', instance=instance,
                  env=env)
    yield SnowplowOrganizationKey(**common).as_urn()
    yield dataset('atomic_event', instance, env)
    flows = {}
    for o in objects:
        kind = o['kind']
        if kind == 'event_spec':
            yield dataset('event_spec.' + o['id'], instance, env)
        elif kind == 'tracking_plan':
            yield SnowplowTrackingPlanKey(plan_id=o['id'], **common).as_urn()
        elif kind == 'pipeline':
            flows[o['id']] = mce_builder.make_data_flow_urn(
                'snowplow', o['id'], env, instance)
            yield flows[o['id']]
            yield mce_builder.make_data_job_urn_with_flow(
                flows[o['id']], 'collector')
        elif kind == 'enrichment' and o.get('enabled', True):
            yield mce_builder.make_data_job_urn_with_flow(
                flows[o['pipelineId']], o.get('id') or o['name'])
        elif kind == 'data_structure' and not o['meta']['hidden'] and \
                o['meta']['schemaType']:
            yield dataset('%s.%s' % (o['vendor'], o['name']), instance, env)


def field_urns(value):
    if isinstance(value, dict):
        for v in value.values():
            yield from field_urns(v)
    elif isinstance(value, list):
        for v in value:
            yield from field_urns(v)
    elif isinstance(value, str) and value.startswith('urn:li:schemaField:'):
        yield value


def main():
    with open(sys.argv[1], encoding='utf-8') as f:
        objects = [json.loads(line) for line in f]
    written = mcps.read(sys.argv[2])
    instance = sys.argv[3] if len(sys.argv) > 3 and sys.argv[3] else None
    env = sys.argv[4] if len(sys.argv) > 4 else 'PROD'
    have = {m['entityUrn'] for m in written}
    wrong = [urn for urn in wanted(objects, instance, env) if urn not in have]
    fields = {u for m in written for u in field_urns(mcps.aspect(m))}
    # Parsing is slow: of many fields a part, evenly.
    some = sorted(fields)[::1 + len(fields) // 5000]
    for urn in sorted(have.union(some)):
        try:
            if str(Urn.from_string(urn)) != urn:
                wrong.append('parsed to another: ' + urn)
        except Exception as e:              # whatever their code throws
            wrong.append('%s: %s' % (urn, e))
    for urn in wrong[:10]:
        print(urn)
    print('%d URNs, %d fields, %d wrong' % (len(have), len(fields),
                                            len(wrong)))
    return 1 if wrong else 0


sys.exit(main())
