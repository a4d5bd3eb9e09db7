"""What the Console, the Iglu server and Iglu Central answer to a path."""
import json
import os
import re
from urllib.parse import parse_qs, unquote

from org import CENTRAL, ORG, PRIVATE, spread, text

BASE = '/api/msc/v1/organizations/' + ORG


class Nothing(Exception):
    """404."""


class Answers:
    def __init__(self, org):
        self.org = org
        self.kept = {}
        o = org
        self.fixed = {
            '': lambda: text(o.organization()),
            '/data-structures/v1/schemas/versions': self.latest,
            '/event-specs/v1': lambda: self.wrapped(o.event_specs()),
            '/data-products/v2': self.plans,
            '/source-apps/v1': lambda: self.wrapped(o.apps()),
            '/pipelines/v1': lambda: text({'pipelines': o.pipelines_list()}),
            '/destinations/v3': lambda: text(o.destinations_list()),
            '/users': lambda: text(o.users_list())}
        if o.fixtures:
            self.fixtures(o.fixtures)

    def fixtures(self, folder):
        """Answers of others instead of ours, as they stand in the files."""
        def show(name):
            with open(os.path.join(folder, name), encoding='utf-8') as f:
                return f.read()

        for path, name in (
                ('', 'organization_response.json'),
                ('/event-specs/v1', 'event_specifications_response.json'),
                ('/data-products/v2', 'tracking_plans_response.json'),
                ('/pipelines/v1', 'pipelines_response.json')):
            self.fixed[path] = lambda name=name: show(name)
        self.fixed['/users'] = lambda: json.dumps(
            json.loads(show('mock_users_and_token.json'))['users'])
        self.structures = lambda query: show(self.org.fixture_structures)
        self.enrichments = lambda pipeline, legacy: self.enrichment_fixture(
            legacy, show)

    def enrichment_fixture(self, legacy, show):
        if legacy != self.org.legacy:
            raise Nothing
        if legacy:
            return '[%s]' % show('legacy_enrichment_item.json')
        return show('enrichments_response.json')

    def wrapped(self, items):
        return text({'data': list(items), 'includes': [], 'errors': []})

    def plans(self):
        return text({'data': self.org.plans_list(), 'includes':
                     {'owners': [], 'eventSpecs': [{'id': 'not this'}]},
                     'errors': [], 'metadata': None})

    def latest(self):
        return '[%s]' % ','.join(s.schema(s.latest)
                                 for s in self.org.structures)

    @staticmethod
    def page(items, query):
        start = int(query.get('from', ['0'])[0])
        size = int(query.get('size', ['1000000000'])[0])
        return items[start:start + size]

    def structures(self, query):
        items = self.page(self.org.structures, query)
        return '[%s]' % ','.join(text(s.item()) for s in items)

    def deployments(self, one, query):
        s = self.org.by_hash.get(one)
        if not s:
            raise Nothing
        if 'from' not in query and 'size' not in query:
            return '{"data":[%s]}' % ','.join(s.current())
        out = '[%s]' % ','.join(self.page(s.history(), query))
        return '{"data":%s}' % out if self.org.wrapped_pages else out

    def version(self, one, version):
        s = self.org.by_hash.get(one)
        if not s or version not in s.versions:
            raise Nothing
        return s.schema(version)

    def enrichments(self, pipeline, legacy):
        known = [p['id'] for p in self.org.pipelines_list()]
        if legacy != self.org.legacy or pipeline not in known:
            raise Nothing
        return text(self.org.enrichments_of(pipeline))

    def console(self, path, query):
        if path in self.fixed:
            return self.fixed[path]()
        if path == '/data-structures/v1':
            return self.structures(query)
        for pattern, answer in (
                ('/data-structures/v1/([^/]+)/deployments',
                 lambda h: self.deployments(h, query)),
                ('/data-structures/v1/([^/]+)/versions/([^/]+)', self.version),
                ('/data-products/v2/([^/]+)/data-models/v1',
                 lambda p: text(self.org.models(p))),
                ('/pipelines/v1/([^/]+)/enrichments',
                 lambda p: self.enrichments(p, False)),
                ('/resources/v1/pipelines/([^/]+)/configuration/enrichments',
                 lambda p: self.enrichments(p, True))):
            match = re.fullmatch(pattern, path)
            if match:
                return answer(*map(unquote, match.groups()))
        raise Nothing

    def iglu(self, path, query):
        if not path.strip('/'):
            bodies = [s.schema(v) for s in self.org.structures
                      for v in s.versions]
            if query.get('repr') == ['canonical']:
                return '[%s]' % ','.join(bodies)
            return json.dumps(['iglu:' + '/'.join(
                (s.vendor, s.name, s.format, v))
                for s in self.org.structures for v in s.versions])
        key = tuple(path.strip('/').split('/'))
        if self.org.private and key == PRIVATE:
            return self.org.extra_schema(key)
        s = self.org.by_name.get(key[:3])
        if not s or len(key) != 4 or key[3] not in s.versions:
            raise Nothing
        return s.schema(key[3])

    def central(self, path):
        key = tuple(path.strip('/').split('/'))
        if self.org.central and key == CENTRAL:
            return self.org.extra_schema(key)
        raise Nothing

    def make(self, path, query):
        if path == BASE or path.startswith(BASE + '/'):
            out = self.console(path[len(BASE):], query)
        elif path.startswith('/iglu/api/schemas'):
            out = self.iglu(path[len('/iglu/api/schemas'):], query)
        elif path.startswith('/central/schemas/'):
            out = self.central(path[len('/central/schemas'):])
        else:
            raise Nothing
        return (spread(out) if self.org.spread else out).encode()

    def get(self, target):
        """The body for path?query; raises Nothing.  Small ones are kept."""
        if target not in self.kept:
            path, _, query = target.partition('?')
            body = self.make(path, parse_qs(query))
            if len(self.kept) > 5000:
                self.kept.clear()
            self.kept[target] = body
        return self.kept[target]
