"""oddconfigs.py COUNT -- enrichment lines whose configurations were damaged:
a good one of each kind, in which some value is another one.
"""
import base64
import json
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                '../interop'))
import rich                                             # noqa: E402

VALUES = [None, True, 0, -1.5e300, '', 'x', 'iglu:', 'iglu:a/b/c/1-0-0',
          'iglu:com.acme/checkout/jsonschema/1-*-*', '$', '$.', '$..a', '$[',
          "$['", "$.a['b','c'].d[*]", '$.a[?(@.b)]', '\u2400', '\ud83d\ude00',
          'a\u0000b', [], {}, [[]], [{}], {'pojo': {}}, {'json': {}},
          {'pojo': {'field': 'user_id'}}, 'app_id', 'contexts',
          base64.b64encode(b'event.getApp_id(); "iglu:"').decode(),
          base64.b64encode(b'/* .set "schema: \'iglu:').decode(), '====']


def places(value, out):
    """Every container and key in ${value}."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        out.append((value, key))
        if isinstance(inner, (dict, list)):
            places(inner, out)
    return out


def main():
    chance = random.Random(7)
    good = list(rich.enrichments('iglu:com.acme/checkout/jsonschema/1-*-*',
                                 '$.customer.email'))
    for i in range(int(sys.argv[1])):
        name, schema, parameters = chance.choice(good)
        parameters = {'p': json.loads(json.dumps(parameters))}
        for _ in range(chance.randrange(1, 4)):
            where, key = chance.choice(places(parameters, []))
            where[key] = json.loads(json.dumps(chance.choice(VALUES)))
        print(json.dumps({'kind': 'enrichment', 'pipelineId': 'pipe-1',
                          'name': '%s-%d' % (name, i), 'enabled': True,
                          'schemaKey': schema,
                          'userData': parameters['p']}))


main()
