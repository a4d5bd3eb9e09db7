#!/usr/bin/env python3
"""organisation.py FOLDER PART -- one part of organisation.sh.

review   the review's organisation: requests and time, and of a second run
latency  1000 deployments at 200 ms each: the time from the first request to
         the last byte, as the server logs them, over the sum of the server's
         own times divided by P; beside it a pool of threads with requests
memory   10,000 data structures, a slow answer at the head
static   10,000 answers from nginx's files: requests a second and CPU of the
         client a request, against curl --parallel and the pool of threads
"""
import importlib.util
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

BIN = os.path.join(sys.argv[1], 'bin')
LOG, FRONT, CA = (os.environ.get(n) for n in ('LOG', 'FRONT', 'CA'))
CONSOLE, ORG = os.environ['CONSOLE'], os.environ['ORG_ID']
API = '/api/msc/v1/organizations/%s/data-structures/v1/%s/deployments' \
      '?from=0&size=1000'
TOKEN = '/api/msc/v1/organizations/%s/credentials/v3/token' % ORG
ANSWERS = 2000 if os.environ.get('QUICK') else 10000
POOL = '''
import sys, threading, requests
from concurrent.futures import ThreadPoolExecutor
base, ca, procs = sys.argv[1], sys.argv[2] or True, int(sys.argv[3])
session = requests.Session()
session.mount('https://', requests.adapters.HTTPAdapter(pool_maxsize=procs))
session.mount('http://', requests.adapters.HTTPAdapter(pool_maxsize=procs))
token = session.get(base + sys.argv[4], verify=ca, headers={
    'X-API-Key-ID': 'penstock-test-key-id', 'X-API-Key': sys.argv[5]})
head = {'Authorization': 'Bearer ' + token.json()['accessToken']}
def get(url):
    session.get(url, headers=head, verify=ca).json()
with ThreadPoolExecutor(procs) as pool:
    list(pool.map(get, sys.stdin.read().split()))
'''


# curl's meter ignores -s with --parallel; ours are quiet, and say what is wrong.
ERRORS = open(os.path.join(sys.argv[1], 'bench', 'organisation.err'), 'w',
              encoding='utf-8')
HAVE_REQUESTS = importlib.util.find_spec('requests') is not None


def say(what, text):
    print('%-38s %s' % (what, text), flush=True)


def run(command, stdin=None, host=None):
    """Seconds, CPU seconds and peak memory of a command that must succeed."""
    env = dict(os.environ)
    if host:
        env['SNOWPLOW_CONSOLE_HOST'] = host
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    with open(stdin or os.devnull, 'rb') as f:
        subprocess.run(command, stdin=f, env=env, check=True,
                       stdout=subprocess.DEVNULL, stderr=ERRORS)
    took = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, (after.ru_utime + after.ru_stime -
                  before.ru_utime - before.ru_stime)


def tool(name, *options):
    return [os.path.join(BIN, name), '-q', *options]


def events(match='deployments'):
    with open(LOG, encoding='utf-8') as lines:
        return [e for e in map(json.loads, lines) if match in e['target']]


def arrivals():
    return sum(e['event'] == 'in' and 'token' not in e['target']
               for e in events(''))


def forget():
    with open(LOG, 'w', encoding='utf-8'):
        pass


def ratio(procs):
    """Time over the sum of the server's own times divided by P."""
    came = {e['n']: e['t'] for e in events() if e['event'] == 'in'}
    gone = {e['n']: e['t'] for e in events() if e['event'] == 'out'}
    own = sum(gone[n] - came[n] for n in gone)
    took = max(gone.values()) - min(came.values())
    return took / (own / procs)


def fetch_all(folder):
    return run(['sh', '-c', '"$0"/fetch-structs --cache="$1" | '
                '"$0"/fetch-deploys -P10 --cache="$1" -q', BIN, folder])


def review():
    folder = tempfile.mkdtemp()
    took, _ = fetch_all(folder)
    say('1000 schemas, 50 enrichments', '%d requests, %.2f s' %
        (arrivals(), took))
    forget()
    took, _ = fetch_all(folder)
    say('  the second run, fresh cache', '%d requests, %.2f s' %
        (arrivals(), took))
    shutil.rmtree(folder)


def urls(base, path):
    with open(path + '.urls', 'w', encoding='ascii') as out, \
            open(path, encoding='utf-8') as lines:
        for line in lines:
            if '"hash":"' in line:
                out.write(base + API % (ORG, json.loads(line)['hash']) + '\n')
    return path + '.urls'


def structs(path):
    with open(path, 'wb') as out:
        subprocess.run(tool('fetch-structs', 'data_structure'), stdout=out,
                       check=True)
    return path


def pool(base, ca, procs):
    return [sys.executable, '-c', POOL, base, ca, str(procs), TOKEN,
            os.environ['SECRET']]


def latency():
    path = structs(tempfile.mktemp())
    for procs, host, options in ((10, CONSOLE, []),
                                 (100, FRONT, ['--cacert=' + CA])):
        forget()
        _, cpu = run(tool('fetch-deploys', '-P%d' % procs, path, *options),
                     host=host)
        say('1000 deployments at 200 ms, -P%d' % procs,
            '%.3f times the least, %.0f us of CPU a request' %
            (ratio(procs), cpu * 1e3))
        if not HAVE_REQUESTS:
            continue
        forget()
        _, cpu = run(pool(host, CA if host == FRONT else '', procs),
                     urls(host, path))
        say('  a pool of %d threads, requests' % procs,
            '%.3f times, %.0f us' % (ratio(procs), cpu * 1e3))


def memory():
    path, report = tempfile.mktemp(), tempfile.mktemp()
    for command in (tool('fetch-structs', '-o', path, '--report', report),
                    tool('fetch-deploys', '--report', report, path)):
        run(command)
        with open(report, encoding='utf-8') as f:
            r = json.load(f)
        say('%d lines, %s' % (r['records'], os.path.basename(command[0])),
            '%.1f MiB, %.1f s' % (r['max_rss_bytes'] / 2 ** 20,
                                  r['elapsed_seconds']))


def static():
    folder = os.path.join(os.path.dirname(CA), 'static')
    path = tempfile.mktemp()
    os.mkdir(folder)
    deployment = json.dumps([{'version': '1-0-0', 'env': 'PROD',
                              'ts': '2025-01-01T00:00:00Z'}] * 5)
    with open(path, 'w', encoding='ascii') as out:
        for i in range(ANSWERS):
            name = '%064x' % (i + 1)
            with open(os.path.join(folder, name + '.json'), 'w',
                      encoding='ascii') as f:
                f.write(deployment)
            out.write('{"kind":"data_structure","hash":"%s"}\n' % name)
    host = FRONT + '/static'
    curls = path + '.curl'
    with open(urls(host, path), encoding='ascii') as f, \
            open(curls, 'w', encoding='ascii') as out:
        for url in f.read().split():
            out.write('url = "%s"\noutput = /dev/null\n' % url)
    commands = (
        ('fetch-deploys -P100', tool('fetch-deploys', '-P100', path,
                                     '--cacert=' + CA), None),
        ('curl --parallel', ['curl', '-s', '--parallel', '--parallel-max',
                             '100', '--cacert', CA, '-K', curls], None),
        ('a pool of 100 threads, requests', pool(host, CA, 100),
         urls(host, path)))
    for _ in range(3):
        for name, command, stdin in commands[:3 if HAVE_REQUESTS else 2]:
            took, cpu = run(command, stdin, host)
            say('%d static answers, %s' % (ANSWERS, name),
                '%6.0f a second, %4.0f us of CPU' %
                (ANSWERS / took, cpu * 1e6 / ANSWERS))


if __name__ == '__main__':
    {'review': review, 'latency': latency, 'memory': memory,
     'static': static}[sys.argv[2]]()
