#!/usr/bin/env python3
"""expect.py structs|deploys [OPTION]... -- what the programs must write.

With the options that the organisation of server.py has: every line of
fetch-structs, or of fetch-structs | fetch-deploys, byte for byte.  Written
after structs(5), from the organisation's own objects, without asking a server.
"""
import sys

import options
from org import CENTRAL, PRIVATE, Org, Raw, text

OURS = {'kind', 'from', 'body', 'history', 'versions', 'fetch_error'}
PARENTS = {'enrichment': 'pipelineId', 'data_model': 'trackingPlanId'}
KINDS = ('organization', 'data_structure', 'schema', 'event_spec',
         'tracking_plan', 'data_model', 'source_app', 'pipeline',
         'enrichment', 'destination', 'user')


def line(kind, item, parent=None, after=None):
    out = {'kind': kind}
    ours = OURS | {PARENTS.get(kind, 'kind')}
    if parent is not None:
        out[PARENTS[kind]] = parent
    for key, value in item.items():
        bare = key
        while bare.startswith('api_'):
            bare = bare[4:]
        out['api_' + key if bare in ours else key] = value
    out.update(after or {})
    return text(out)


def schema(key, source, body):
    out = dict(zip(('kind', 'vendor', 'name', 'format', 'version'),
                   ('schema',) + tuple(key)))
    out['from'], out['body'] = source, Raw(body)
    return text(out)


def named(spec):
    """The versions that an event specification names, in order."""
    found = [spec['event']['source']]
    found += [e['source'] for e in spec['entities']['tracked']]
    found += [e['source'] for e in spec['entities']['enriched']]
    keys = [tuple(uri[len('iglu:'):].split('/')) for uri in found]
    return keys + [(e['vendor'], e['name'], 'jsonschema', e['version'])
                   for e in spec.get('eventSchemas', [])]


def schemas(org):
    have = set()
    for s in org.structures:
        key = (s.vendor, s.name, s.format, s.latest)
        have.add(key)
        yield schema(key, 'console', s.schema(s.latest))
    more = [(s.vendor, s.name, s.format, v) for s in org.structures
            for v in (s.prod, s.latest)]
    for spec in org.event_specs():
        more += named(spec)
    for key in more:
        if key in have:
            continue
        have.add(key)
        if key in (CENTRAL, PRIVATE):
            yield schema(key, 'iglu' if key == PRIVATE else 'iglu-central',
                         org.extra_schema(key))
        else:
            s = org.by_name[key[:3]]
            yield schema(key, 'console', s.schema(key[3]))


def structures(org, history, versions):
    for s in org.structures:
        after = {}
        if history:
            after['history'] = Raw('[%s]' % ','.join(s.history()))
        if versions:
            used = {Raw(d) for d in s.history()}
            used = [v for v in s.versions
                    if any('"version":"%s"' % v in d for d in used)]
            after['versions'] = {v: Raw(s.schema(v)) for v in used}
        yield line('data_structure', s.item(), after=after)


def lines(org, history=False, versions=False):
    yield line('organization', org.organization())
    yield from structures(org, history, versions)
    yield from schemas(org)
    for spec in org.event_specs():
        yield line('event_spec', spec)
    for plan in org.plans_list():
        yield line('tracking_plan', plan)
    for plan in org.plans_list():
        for model in org.models(plan['id']):
            yield line('data_model', model, plan['id'])
    for app in org.apps():
        yield line('source_app', app)
    for pipeline in org.pipelines_list():
        yield line('pipeline', pipeline)
    for pipeline in org.pipelines_list():
        for item in org.enrichments_of(pipeline['id']):
            yield line('enrichment', item, pipeline['id'])
    for item in org.destinations_list():
        yield line('destination', item)
    for item in org.users_list():
        yield line('user', item)


def main():
    p = options.parser('What the programs must write.')
    p.add_argument('what', choices=('structs', 'deploys', 'versions'))
    o = p.parse_args()
    counts = dict.fromkeys(KINDS, 0)
    for out in lines(Org(o), o.what != 'structs', o.what == 'versions'):
        counts[out.split('"', 4)[3]] += 1
        sys.stdout.write(out + '\n')
    counts['fetch_error'] = 0
    print(text({'kind': 'end', 'complete': True, 'counts': counts,
                'filters': []}))


if __name__ == '__main__':
    main()
