"""ingest.py IN OUT -- datahub ingest from its file source to its file sink;
what comes out must be what went in, system metadata apart.

ingest.py connector URL OUT [KEY=VALUE...] -- the connector's run against the
Console at URL; KEYs with dots are members of its configuration.
"""
import json
import sys

from datahub.ingestion.run.pipeline import Pipeline
import mcps


def run(source, out):
    pipeline = Pipeline.create({
        'run_id': 'interop', 'source': source,
        'sink': {'type': 'file', 'config': {'filename': out}}})
    pipeline.run()
    pipeline.raise_from_status()


def without_metadata(mcp):
    return mcps.text(dict(
        {k: v for k, v in mcp.items() if k != 'systemMetadata'},
        aspect=mcps.canonical(mcps.aspect(mcp))))


def file_to_file(path, out):
    run({'type': 'file', 'config': {'path': path}}, out)
    before = [without_metadata(m) for m in mcps.read(path)]
    after = [without_metadata(m) for m in mcps.read(out)]
    wrong = [i for i, pair in enumerate(zip(before, after))
             if pair[0] != pair[1]]
    for i in wrong[:3]:
        print('was %s\nis  %s' % (before[i][:1500], after[i][:1500]))
    print('%d in, %d out, %d others' % (len(before), len(after), len(wrong)))
    return 1 if wrong or not before or len(before) != len(after) else 0


def connector(url, out, settings):
    config = {'bdp_connection': {
        'organization_id': '92ef6ada-1101-4982-b627-45cadfd955a2',
        'api_key_id': 'penstock-test-key-id',
        'api_key': 'penstock-test-secret-key-0123456789',
        'console_api_url': url + '/api/msc/v1'}, 'iglu_central_url': url + '/central'}
    for setting in settings:
        key, _, value = setting.partition('=')
        *parents, last = key.split('.')
        inner = config
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = json.loads(value)
    run({'type': 'snowplow', 'config': config}, out)
    print('%d proposals' % len(mcps.read(out)))
    return 0


if sys.argv[1] == 'connector':
    sys.exit(connector(sys.argv[2], sys.argv[3], sys.argv[4:]))
sys.exit(file_to_file(*sys.argv[1:3]))
