"""apply.py WHOLE SPLIT -- the PATCHes of cap-aspect --split and --annotate,
applied to what a store has after the proposals before them.

Patches are applied by the package jsonpatch (RFC 6902).  What DataHub's server
does around it is written down here after its templates
(entity-registry/.../patch/template: DataJobInputOutputTemplate,
UpstreamLineageTemplate, FineGrainedLineageTemplateHelper): arrays become maps
by their keys, paths are made where they are missing, and an aspect that has a
group of several downstream fields is refused.  In the end, each lineage must
have the datasets and field edges that it has in WHOLE.

apply.py people MCPS -- the PATCHes of build-lineage --patch, applied to aspects
that people have edited: theirs must stay, ours be there once.
"""
import copy
import sys

import jsonpatch
import mcps

EDGES = {'dataJobInputOutput': {'inputDatasetEdges': 'destinationUrn',
                                'outputDatasetEdges': 'destinationUrn',
                                'inputDatajobEdges': 'destinationUrn'},
         'upstreamLineage': {'upstreams': 'dataset'}}


def to_map(groups):
    out = {}
    for g in groups:
        if len(g.get('downstreams') or ()) != 1:
            raise ValueError('GMS refuses a group with other than one '
                             'downstream')
        query = out.setdefault(g.get('transformOperation') or 'NONE', {}) \
            .setdefault(g['downstreams'][0], {}) \
            .setdefault(g.get('query') or 'NONE', {})
        for urn in g.get('upstreams') or ():
            query[urn] = {'confidenceScore': g.get('confidenceScore', 1.0),
                          'upstreamType': g['upstreamType'],
                          'downstreamType': g['downstreamType']}
    return out


def to_groups(operations):
    out = []
    for operation, downs in operations.items():
        for down, queries in downs.items():
            for query, ups in queries.items():
                if ups:     # GMS loses a group without upstreams
                    out.append({
                        'transformOperation': operation, 'query': query,
                        'downstreamType': 'FIELD_SET',
                        'downstreams': [down], 'upstreams': list(ups),
                        'upstreamType': {u.get('upstreamType', 'FIELD_SET')
                                         for u in ups.values()}.pop(),
                        'confidenceScore': min(u['confidenceScore']
                                               for u in ups.values())})
    return out


def make_parents(value, path):
    for part in path.split('/')[1:-1]:
        value = value.setdefault(part.replace('~1', '/').replace('~0', '~'),
                                 {})


def patched(name, aspect, operations):
    aspect = copy.deepcopy(aspect)
    maps = EDGES.get(name, {})
    for member, key in maps.items():
        aspect[member] = {e[key]: e for e in aspect.get(member) or ()}
    if maps:
        aspect['fineGrainedLineages'] = to_map(
            aspect.get('fineGrainedLineages') or ())
    for operation in operations:
        make_parents(aspect, operation['path'])
    aspect = jsonpatch.apply_patch(aspect, operations)
    for member in maps:
        aspect[member] = list(aspect[member].values())
    if maps:
        aspect['fineGrainedLineages'] = to_groups(
            aspect['fineGrainedLineages'])
    return aspect


def said(aspect):
    """What a lineage says: datasets of each side, and field edges."""
    ins = set(aspect.get('inputDatasets') or ())
    ins |= {e['destinationUrn'] for e in aspect.get('inputDatasetEdges') or ()}
    ins |= {e['dataset'] for e in aspect.get('upstreams') or ()}
    outs = set(aspect.get('outputDatasets') or ())
    outs |= {e['destinationUrn']
             for e in aspect.get('outputDatasetEdges') or ()}
    edges = {(g.get('transformOperation') or 'NONE', g.get('query') or 'NONE',
              float(g.get('confidenceScore', 1.0)), g['upstreamType'], u, d)
             for g in aspect.get('fineGrainedLineages') or ()
             for u in g.get('upstreams') or () for d in g['downstreams']}
    return ins, outs, edges


def keyed_map(items, keys):
    """ArrayMergingTemplate.arrayFieldToMap()."""
    out = {}
    for item in items:
        at = out
        for key in keys:
            value = item
            for part in key.split('\u241f'):
                value = (value or {}).get(part)
            at = at.setdefault(value or '', {})
        at.update(item)
    return out


def keyed_items(value, depth):
    if not depth:
        return [value]
    return [item for v in value.values() for item in keyed_items(v, depth - 1)]


def keyed_patch(aspect, patch):
    """GenericPatchTemplate: arrays by the keys that the patch names."""
    aspect = copy.deepcopy(aspect)
    keys = patch['arrayPrimaryKeys']
    for member, names in keys.items():
        aspect[member] = keyed_map(aspect[member], names)
    for operation in patch['patch']:
        make_parents(aspect, operation['path'])
    aspect = jsonpatch.apply_patch(aspect, patch['patch'])
    for member, names in keys.items():
        aspect[member] = keyed_items(aspect[member], len(names))
    return aspect


def people(path):
    wrong = count = 0
    ours = {'ownership': 'owners', 'globalTags': 'tags'}
    for m in mcps.read(path):
        if m['changeType'] != 'PATCH' or m['aspectName'] not in ours:
            continue
        patch, member = mcps.aspect(m), ours[m['aspectName']]
        added = [o['value'] for o in patch['patch']]
        who = added[0].get('owner')
        theirs = [{'tag': 'urn:li:tag:theirs'},
                  dict(added[0], attribution={'source': 'urn:li:x'})] \
            if not who else [
                {'owner': who, 'type': 'CUSTOM', 'typeUrn': 'urn:li:a'},
                {'owner': who, 'type': 'CUSTOM', 'typeUrn': 'urn:li:b'},
                {'owner': 'urn:li:corpuser:x', 'type': added[0]['type']}]
        for before in (theirs, theirs + added):
            after = keyed_patch({member: before}, patch)[member]
            have = sorted(map(mcps.text, after))
            count += 1
            wrong += have != sorted(map(mcps.text, theirs + added))
    print('%d aspects of people patched, %d wrong' % (count, wrong))
    return 1 if wrong or not count else 0


def main():
    whole = {(m['entityUrn'], m['aspectName']): mcps.aspect(m)
             for m in mcps.read(sys.argv[1])}
    store, count, notes = {}, 0, 0
    for m in mcps.read(sys.argv[2]):
        key = m['entityUrn'], m['aspectName']
        if m['changeType'] != 'PATCH':
            store[key] = mcps.aspect(m)
            continue
        count += 1
        store[key] = patched(m['aspectName'], store.get(key, {}),
                             mcps.aspect(m))
    wrong = [k for k in whole
             if said(store[k]) != said(whole[k]) and k[1] in EDGES]
    for (urn, name), aspect in store.items():
        note = [k for k in aspect.get('customProperties', {})
                if k.startswith('penstock.capped.')]
        notes += len(note)
        rest = dict(aspect.get('customProperties', {}))
        for k in note:
            del rest[k]
        if note and (urn, name) in whole and \
                (whole[urn, name].get('customProperties') or {}) != rest:
            wrong.append((urn, name))
    for key in wrong[:5]:
        print(key)
        for a, b in zip(said(store[key]), said(whole[key])):
            print('  too many: %s\n  missing: %s' % (list(a - b)[:3],
                                                    list(b - a)[:3]))
    print('%d aspects, %d patches applied, %d notes, %d wrong' % (
        len(whole), count, notes, len(wrong)))
    return 1 if wrong or not count or not notes else 0


sys.exit(people(sys.argv[2]) if sys.argv[1] == 'people' else main())
