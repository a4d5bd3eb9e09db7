"""An organisation for the tests' Console: the same for the same settings.

Every object is kept as the text that a correct client hands on (no white space
between tokens).  The server puts white space in before it sends it, and
expect.py compares with what was kept; so the expected bytes do not come from
the programs under test.
"""
import hashlib
import json
import os
import re

ORG = '92ef6ada-1101-4982-b627-45cadfd955a2'
HEAD = 'http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/' \
       'schema/jsonschema/1-0-0#'
CENTRAL = ('com.snowplowanalytics.snowplow', 'web_page', 'jsonschema', '1-0-0')
PRIVATE = ('com.private', 'only_in_iglu', 'jsonschema', '2-0-1')
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[-+.0-9A-Za-z]+|[][{}:,]')


class Raw(str):
    """Text that is JSON already."""


def text(value):
    """Compact JSON; Raw values stay as they are."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return '{%s}' % ','.join(
            (k if isinstance(k, Raw) else json.dumps(k, ensure_ascii=False)) +
            ':' + text(v) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return '[%s]' % ','.join(map(text, value))
    return json.dumps(value, ensure_ascii=False)


BLANKS = ('', ' ', '\n  ', '', '\t', ' \r\n', '', '')


def spread(compact):
    """The same JSON with white space between its tokens."""
    out = []
    for n, match in enumerate(TOKEN.finditer(compact)):
        out.append(BLANKS[n * 7 % 8])
        out.append(match.group())
    return ''.join(out) + '\n'


def digest(*parts):
    return hashlib.sha256('-'.join(map(str, parts)).encode()).hexdigest()


def uuid(*parts):
    h = digest(*parts)
    return '-'.join((h[:8], h[8:12], h[12:16], h[16:20], h[20:32]))


def real_schemas(path):
    """The newest of each vendor, name and format, where the file is there."""
    found = {}
    if not path or not os.path.exists(path):
        return []
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            body = json.loads(line)
            own = body['self']
            key = own['vendor'], own['name'], own['format']
            found[key] = body, line.strip()
    return list(found.items())


def made_up(i):
    key = 'com.acme%d' % (i % 17), 'thing_%d' % i, 'jsonschema'
    body = {'$schema': HEAD, 'description': 'Thing %d' % i,
            'self': {'vendor': key[0], 'name': key[1], 'format': key[2],
                     'version': '1-0-0'}, 'type': 'object',
            'properties': {'p%d' % k: {'type': 'string', 'maxLength': 10 + k}
                           for k in range(3 + i % 20)},
            'additionalProperties': False}
    return key, body


class Structure:
    """One data structure: its versions, oldest first, and deployments."""

    def __init__(self, org, i, key, body):
        self.org, self.i = org, i
        self.vendor, self.name, self.format = key
        self.body = body
        self.hash = digest(ORG, *key)
        last = 1 + i % org.versions if org.versions > 1 else 1
        self.versions = ['1-0-%d' % v if v < 10 else '1-%d-0' % (v - 8)
                         for v in range(last)]
        if i < org.older and len(self.versions) < 2:
            self.versions.append('1-0-1')
        self.latest = self.versions[-1]
        self.prod = self.versions[-2] if i < org.older else self.latest

    def schema(self, version):
        """The body's text; older versions lack properties."""
        body = dict(self.body)
        body['self'] = dict(body['self'], version=version)
        missing = len(self.versions) - 1 - self.versions.index(version)
        if missing and isinstance(body.get('properties'), dict):
            kept = list(body['properties'].items())
            body['properties'] = dict(kept[:max(0, len(kept) - missing)])
        if self.i % 10 == 3:
            body['x-odd'] = Raw('{"n":[1.50,-0,1e5,12345678901234567890],'
                                '"s":"\\u00e9\\/\\ud83d\\ude00"}')
        return text(body)

    def deployment(self, version, env, n):
        item = {'version': version, 'patchLevel': 0,
                'contentHash': digest(self.hash, version), 'env': env,
                'ts': '20%02d-%02d-%02dT%02d:00:00Z' % (
                    15 + n // 8064, n // 672 % 12 + 1, n // 24 % 28 + 1,
                    n % 24),
                'message': None, 'initiator': 'Tamás Németh'}
        if n % 3 == 1:
            item['message'] = 'line one\nand "two"'
        if n % 5 == 2:
            item['initiatorId'] = uuid('user', n % 4)
        if n % 11 == 4:
            item['unknown'] = Raw('[1.0,{"kind":"x\\u0041"}]')
        return text(item)

    def current(self):
        return [self.deployment(self.prod, 'PROD', 7000),
                self.deployment(self.latest, 'DEV', 7001)]

    def history(self):
        """All deployments, the newest first."""
        count = self.org.long if self.i == 1 and self.org.long else \
            self.org.deployments
        out = [self.deployment(self.latest, 'DEV', 7001),
               self.deployment(self.prod, 'PROD', 7000)]
        for n in range(count - 2, 0, -1):
            version = self.versions[n % len(self.versions)]
            out.append(self.deployment(version, ('PROD', 'DEV')[n % 2], n))
        return out[:max(count, 0)]

    def item(self, current=True):
        kind = ('event', 'entity', None)[self.i % 9 % 4 % 3]
        item = {'hash': self.hash, 'organizationId': ORG,
                'vendor': self.vendor, 'name': self.name,
                'format': self.format,
                'description': (None, '', 'Größe, 尺寸')[self.i % 3],
                'meta': {'hidden': self.i % 12 == 5, 'schemaType': kind,
                         'customData': {}}}
        if self.i % 10 == 1:
            item['kind'] = 'theirs'
            item['versions'] = Raw('[ "1-0-0" ]'.replace(' ', ''))
            item['api_from'] = 1
            item['pipelineId'] = 'not ours here'
        if self.i % 10 == 2:
            item[Raw('"n\\u00e9w"')] = Raw('{"deep":[[],{},0.10]}')
        item['deployments'] = [Raw(d) for d in self.current()]
        return item


class Org:
    """Settings are attributes of ${o}; see server.py's options."""

    def __init__(self, o):
        for name, value in vars(o).items():
            setattr(self, name, value)
        real = real_schemas(o.iglu_schemas)
        self.structures = []
        for i in range(o.schemas):
            key, body = (real[i][0], real[i][1][0]) if i < len(real) \
                else made_up(i)
            self.structures.append(Structure(self, i, key, body))
        self.by_hash = {s.hash: s for s in self.structures}
        self.by_name = {(s.vendor, s.name, s.format): s
                        for s in self.structures}

    def organization(self):
        return {'id': ORG, 'name': 'Acrylic', 'domain': 'example.com',
                'defaultVendor': 'com.acme', 'tier': 'ASCENT', 'tags': ['sso'],
                'source': {'name': 'snowflake', 'metadata': {}},
                'cloud': {'provider': 'aws', 'accounts': []}}

    def event_specs(self):
        for e in range(self.event_specs_n):
            yield self.event_spec(e)

    def iglu_uri(self, *parts):
        return 'iglu:' + '/'.join(parts)

    def event_spec(self, e):
        s = self.structures[e % len(self.structures)]
        t = self.structures[e * 3 % len(self.structures)]
        version = s.versions[0] if e < self.named_older else s.latest
        item = {'id': uuid('spec', e), 'version': 1, 'name': 'Spec %d' % e,
                'description': None, 'status': 'published',
                'event': {'source': self.iglu_uri(
                    s.vendor, s.name, s.format, version), 'schema': None},
                'entities': {'tracked': [{'source': self.iglu_uri(
                    t.vendor, t.name, t.format, t.latest),
                    'minCardinality': 0, 'maxCardinality': None}],
                    'enriched': []},
                'triggers': [], 'dataProductId': self.plan_id(e % 2)}
        if self.central and e % 5 == 0:
            item['entities']['tracked'].append(
                {'source': self.iglu_uri(*CENTRAL)})
        if self.private and e % 7 == 0:
            item['entities']['enriched'].append(
                {'source': self.iglu_uri(*PRIVATE)})
        if e % 4 == 3:
            item['eventSchemas'] = [{'vendor': t.vendor, 'name': t.name,
                                     'version': t.latest}]
        if e % 6 == 1:
            item['from'] = Raw('{"api":1.0}')
        return item

    def plan_id(self, p):
        return 'plan-%d' % p

    def plans_list(self):
        return [{'id': self.plan_id(p), 'name': 'Plan %d' % p,
                 'organizationId': ORG, 'status': 'draft', 'owner': None,
                 'eventSpecs': [{'id': uuid('spec', p), 'url': 'u'}],
                 'sourceApplications': ['app-0']} for p in range(self.plans)]

    def models(self, plan):
        return [{'id': 'model-%s-%d' % (plan, m), 'organizationId': ORG,
                 'dataProductId': plan, 'name': 'Model', 'tableName': 't',
                 'trackingPlanId': 'theirs'} for m in range(self.models_n)]

    def apps(self):
        return [{'id': 'app-%d' % a, 'name': 'App', 'appIds': []}
                for a in range(self.apps_n)]

    def pipelines_list(self):
        return [{'id': uuid('pipeline', p), 'name': 'Default',
                 'status': 'ready', 'label': ('prod', 'qa')[p % 2],
                 'workspaceId': uuid('w', p),
                 'config': {'collectorEndpoints': ['c.example.com'],
                            'enrichAtomicFieldsLimits': {}}}
                for p in range(self.pipelines)]

    def enrichments_of(self, pipeline):
        if self.legacy:
            return [{'id': uuid('e', pipeline, n),
                     'filename': 'e%d.json' % n, 'enabled': n % 2 == 0,
                     'lastUpdate': '2025-12-04T12:23:30Z',
                     'content': {'schema': 'iglu:com.acme/e/jsonschema/1-0-0',
                                 'data': {'parameters': {'n': n}}}}
                    for n in range(self.enrichments)]
        return [{'name': 'enrichment-%d' % n, 'enabled': n % 2 == 0,
                 'schemaKey': 'iglu:com.snowplowanalytics.snowplow/anon_ip/'
                              'jsonschema/1-0-%d' % n,
                 'userData': {'anonOctets': n, 'x': Raw('1.10')},
                 'pipelineId': 'theirs' if n % 3 == 1 else None}
                for n in range(self.enrichments)]

    def destinations_list(self):
        return [{'id': uuid('d', d), 'pipelineId': uuid('pipeline', d),
                 'loaderName': 'snowflake', 'destinationType': 'snowflakedb',
                 'status': 'ready', 'target': {'config': {'database': 'DB'}}}
                for d in range(self.destinations)]

    def users_list(self):
        return [{'id': uuid('user', u), 'email': 'u%d@example.com' % u,
                 'name': 'User %d' % u, 'filters': [], 'kind': u}
                for u in range(self.users)]

    def extra_schema(self, key):
        """Bodies that the Console has not: Iglu Central's and a private one."""
        return text({'$schema': HEAD, 'self': dict(zip(
            ('vendor', 'name', 'format', 'version'), key)),
            'type': 'object', 'properties': {'id': {'type': 'string'}}})
