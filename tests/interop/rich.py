"""rich.py serve|structs [OPTION]... -- the test console's organisation with
enrichments of every kind and destinations that are whole.

serve runs tests/console/server.py with it, structs writes the lines that a
fetch gives; options are theirs, and --warehouse.
"""
import asyncio
import base64
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '../console'))

import options                                          # noqa: E402
import org                                              # noqa: E402

PLAIN = 'iglu:com.snowplowanalytics.snowplow/%s/jsonschema/1-0-0'
MORE = 'iglu:com.snowplowanalytics.snowplow.enrichments/%s/jsonschema/1-0-0'
SCRIPT = '''
function process(event) {
    event.setApp_id(event.getPlatform() + event.getUser_id());
    return [{schema: "iglu:com.acme/scripted/jsonschema/1-0-0", data: {}}];
}
'''
FILE = {'database': 'x.mmdb', 'uri': 'http://example.com'}

CONFIGS = {
    'snowflake': ('Snowflake DB', {'database': 'PROD_DB',
                                   'schema': 'Atomic'}),
    'bigquery': ('bigquery', {'projectId': 'acme-Prod',
                              'datasetId': 'snowplow'}),
    'databricks': ('databricks', {'catalog': 'main', 'schema': 'Atomic'}),
    'redshift': ('redshift', {'database': 'Snow', 'schema': 'atomic'}),
    'postgres': ('postgres', {'database': 'snow', 'schema': 'Atomic'}),
    'unnamed': ('snowflake', {'database': 'DB'}),
}


def json_field(uri, path, field='unstruct_event'):
    return {'json': {'field': field, 'schemaCriterion': uri, 'jsonPath': path}}


def enrichments(uri, path):
    """(name, schema, parameters); one json reference, to ${path} of ${uri}."""
    pojo = {'pojo': {'field': 'user_id'}}
    yield 'ip-lookups', PLAIN % 'ip_lookups', {
        'geo': FILE, 'isp': FILE, 'domain': FILE, 'connectionType': FILE,
        'asn': FILE}
    yield 'ua-parser', PLAIN % 'ua_parser_config', {}
    yield 'yauaa', MORE % 'yauaa_enrichment_config', {}
    yield 'iab', MORE % 'iab_spiders_and_robots_enrichment', {'ipFile': FILE}
    yield 'pii', MORE % 'pii_enrichment_config', {
        'pii': [pojo, json_field(uri, path)],
        'strategy': {'pseudonymize': {'hashFunction': 'SHA-256'}}}
    yield 'pii-legacy', MORE % 'pii_enrichment_config', {
        'pii': {'pojo': [{'field': 'user_id'}, {'field': 'mkt_clickid'}],
                'json': [{'field': 'contexts', 'schemaCriterion': uri,
                          'jsonPath': "$.data.['id', 'name']"}]}}
    yield 'referer', PLAIN % 'referer_parser', {'internalDomains': []}
    yield 'currency', PLAIN % 'currency_conversion_config', {
        'baseCurrency': 'EUR', 'accountType': 'DEVELOPER'}
    yield 'campaign', PLAIN % 'campaign_attribution', {
        'mapping': 'static', 'fields': {'mktMedium': ['utm_medium'],
                                        'mktSource': ['utm_source'],
                                        'mktTerm': [], 'mktContent': [],
                                        'mktCampaign': ['utm_campaign']}}
    yield 'fingerprint', PLAIN % 'event_fingerprint_config', {
        'excludeParameters': ['cv', 'eid', 'nuid', 'stm'],
        'hashAlgorithm': 'MD5'}
    yield 'anon-ip', PLAIN % 'anon_ip', {'anonOctets': 1}
    yield 'asn', MORE % 'asn_lookups', {'bypassPlatforms': ['srv']}
    yield 'bots', MORE % 'bot_detection_enrichment_config', {
        'useYauaa': True, 'useIab': True, 'useAsnLookups': False}
    yield 'cookies', MORE % 'cookie_extractor_config', {'cookies': ['sp']}
    yield 'cross', MORE % 'cross_navigation_config', {}
    yield 'headers', MORE % 'http_header_extractor_config', {
        'headersPattern': 'X-.*'}
    yield 'api', MORE % 'api_request_enrichment_config', {
        'inputs': [dict(pojo, key='u')],
        'outputs': [{'schema': 'iglu:com.acme/answer/jsonschema/1-0-0',
                     'json': {'jsonPath': '$'}}]}
    yield 'sql', MORE % 'sql_query_enrichment_config', {
        'inputs': [dict(pojo, placeholder=1)],
        'output': {'expectedRows': 'AT_MOST_ONE', 'json': {
            'schema': 'iglu:com.acme/row/jsonschema/2-1-0',
            'describes': 'ALL_ROWS', 'propertyNames': 'AS_IS'}}}
    yield 'script', PLAIN % 'javascript_script_config', {
        'script': base64.b64encode(SCRIPT.encode()).decode()}


def legacy_item(n, name, enabled, schema, parameters):
    """As the deprecated endpoint has it."""
    name = name.replace('-', '_')
    return {'id': org.uuid('e', n), 'filename': name + '.json',
            'enabled': enabled, 'lastUpdate': '2025-12-04T12:23:%02dZ' % n,
            'content': {'schema': schema, 'data': {
                'enabled': enabled, 'name': name,
                'vendor': schema[len('iglu:'):].split('/')[0],
                'parameters': parameters}}}


class Rich(org.Org):
    """With ${warehouse}s: names of CONFIGS, one a destination."""
    warehouses = ['snowflake']

    def a_field(self):
        """An event's schema and the path to a field of it."""
        for s in self.structures:
            names = list(s.body.get('properties') or {})
            if names and s.item()['meta']['schemaType'] == 'event':
                return (self.iglu_uri(s.vendor, s.name, s.format, '1-*-*'),
                        '$.' + names[0])
        return 'iglu:com.acme/none/jsonschema/1-*-*', '$.none'

    def enrichments_of(self, pipeline):
        items, all_of_them = list(enrichments(*self.a_field())), []
        for n in range(max(len(items), self.enrichments)):
            name, schema, parameters = items[n % len(items)]
            if n >= len(items):
                name = '%s-%d' % (name, n)
            enabled = n % 19 != 1
            all_of_them.append(
                legacy_item(n, name, enabled, schema, parameters)
                if self.legacy else
                {'name': name, 'enabled': enabled, 'schemaKey': schema,
                 'userData': parameters})
        return all_of_them

    def destinations_list(self):
        found = []
        for n, name in enumerate(self.warehouses):
            kind, config = CONFIGS[name]
            ident = org.uuid('d', n)
            found.append({
                'id': ident, 'pipelineId': org.uuid('pipeline', 0),
                'loaderName': name, 'loaderType': 'streaming',
                'destinationType': kind, 'status': 'ready',
                'createdAt': '2025-01-01T00:00:00Z',
                'target': {'id': ident, 'label': name, 'name': name,
                           'status': 'ready', 'envName': 'prod1',
                           'targetType': kind, 'config': config}})
        return found


def main():
    what = sys.argv.pop(1)
    for arg in [a for a in sys.argv if a.startswith('--warehouses=')]:
        Rich.warehouses = [n for n in arg.split('=')[1].split(',') if n]
        sys.argv.remove(arg)
    org.Org = Rich
    if what == 'serve':
        import server
        asyncio.run(server.main())
    else:
        import expect
        sys.argv.insert(1, what)
        expect.main()


if __name__ == '__main__':
    main()
