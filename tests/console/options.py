"""The settings of an organisation, for server.py and expect.py."""
import argparse
import os


def shared():
    here = os.path.dirname(os.path.abspath(__file__))
    top = os.environ.get('PENSTOCK_SHARED',
                         os.path.join(here, '../../../shared'))
    return os.path.join(top, 'data/iglu-schemas.ndjson')


def parser(what):
    p = argparse.ArgumentParser(description=what)
    add = p.add_argument
    number = dict(type=int, metavar='N')
    add('--schemas', default=20, help='data structures', **number)
    add('--versions', default=3, help='most versions of one', **number)
    add('--older', default=0, help='so many have deployed a version that is '
        'not the latest', **number)
    add('--deployments', default=5, help='history of each', **number)
    add('--long', default=0, help='history of the second one', **number)
    add('--event-specs', dest='event_specs_n', default=6, **number)
    add('--named-older', default=0, help='so many event specs name the oldest '
        'version', **number)
    add('--central', action='store_true', help='some name a schema of Iglu '
        'Central')
    add('--private', action='store_true', help='some name a schema that only '
        'the Iglu server has')
    add('--plans', default=2, **number)
    add('--models', dest='models_n', default=2, help='of each plan', **number)
    add('--apps', dest='apps_n', default=2, **number)
    add('--pipelines', default=2, **number)
    add('--enrichments', default=3, help='of each pipeline', **number)
    add('--legacy', action='store_true', help='only the deprecated endpoint '
        'for enrichments')
    add('--destinations', default=1, **number)
    add('--users', default=4, **number)
    add('--iglu-schemas', default=shared(), metavar='FILE',
        help='real schemas; generated ones where it is missing')
    return p
