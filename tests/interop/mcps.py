"""Reading what the programs write, for the scripts beside."""
import json

UNORDERED = ('inputDatasets', 'outputDatasets', 'upstreams', 'downstreams',
             'tags', 'properties', 'owners', 'fineGrainedLineages')


def read(path):
    """The proposals of lines or of an array."""
    with open(path, encoding='utf-8') as f:
        text = f.read()
    if text.lstrip().startswith('['):
        return json.loads(text)
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def aspect(mcp):
    """The aspect's JSON value, from both forms."""
    got = mcp['aspect']
    return got['json'] if 'json' in got else json.loads(got['value'])


def operations(mcp):
    """Of a PATCH, with keys or without."""
    got = aspect(mcp)
    return got['patch'] if isinstance(got, dict) else got


def canonical(value, key=None):
    """Nulls left out; lists whose order says nothing sorted."""
    if isinstance(value, dict):
        return {k: canonical(v, k) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        items = [canonical(v) for v in value]
        if key in UNORDERED:
            items.sort(key=text)
        return items
    return value


def text(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
