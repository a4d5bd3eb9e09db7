"""The small runs in which run.py makes calls fail."""
import gzip
import os
import subprocess

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..')
RECORDS = b''.join(
    b'{"id":%d,"name":"n%d","at":"2024-01-%02dT00:00:00Z","tags":["a",%d],'
    b'"in":"{\\"x\\":%d}"}\n' % (i, i % 7, i % 28 + 1, i, i)
    for i in range(60))


def plain(text):
    return text


def in_any_order(text):
    return sorted(text.splitlines())


class Case:
    def __init__(self, name, *args, input=b'', files=None, outputs=(),
                 status=0, finding=False, env=None, look=plain):
        self.name = ' '.join((name,) + args)
        self.program, self.args, self.input = name, list(args), input
        self.files, self.outputs = files or {}, outputs
        self.status, self.finding = status, finding
        self.env, self.look = env or {}, look
        self.libjq = any('length' in a for a in args)

    def prepare(self, folder):
        for name, data in self.files.items():
            with open(os.path.join(folder, name), 'wb') as f:
                f.write(data)


def made(*command, input=b''):
    """What a program makes when nothing fails."""
    return subprocess.run(
        (os.path.join(os.environ['BIN'], command[0]),) + command[1:],
        input=input, stdout=subprocess.PIPE, check=True).stdout


def discover():
    files = {'a': RECORDS, 'b.gz': gzip.compress(RECORDS)}
    yield Case('discover-attrs', '-q', '-P1', input=RECORDS)
    yield Case('discover-attrs', '-q', '-P2', '-o', 'o', '--report=r',
               '--stats=full', '--where=.id > 3', 'a', 'b.gz', files=files,
               outputs=('o',))
    yield Case('discover-attrs', '-q', '-P2', '--where=.name | length > 1',
               '--errors=e', 'a', files=files)


def split():
    files = {'a': RECORDS}
    yield Case('split-batches', '-q', '-k', '-P2', '-n', '20', 'a', '--',
               'cat', files=files)
    yield Case('split-batches', '-q', '-P1', '-n', '20', '--state=s',
               '--joblog=j', '-o', 'o', 'a', '--', 'cat', files=files,
               outputs=('o',))
    yield Case('split-batches', '-q', '-n', '30', '--batch-files=p%d', 'a',
               files=files, outputs=('p0', 'p1'))
    yield Case('split-batches', '-q', '--order-by=.id', '-o', 'o', '-n', '20',
               'a', files=files, outputs=('o',))


def merge():
    part = made('discover-attrs', '-q', '--no-first', input=RECORDS)
    files = {'a': part, 'b': part}
    yield Case('merge-attrs', 'a', 'b', files=files)
    yield Case('merge-attrs', '-o', 'o', 'a', 'b', files=files,
               outputs=('o',))


def diff():
    files = {'a': made('discover-attrs', '-q', input=RECORDS),
             'b': made('discover-attrs', '-q', input=RECORDS[:800] +
                       b'\n{"id":"x"}\n')}
    yield Case('diff-attrs', 'a', 'b', files=files)
    yield Case('diff-attrs', '--to=text', '-o', 'o', 'a', 'b', files=files,
               outputs=('o',))


def render():
    files = {'a': made('discover-attrs', '-q', input=RECORDS)}
    for form in (['html'], ['json-schema'], ['sql', '--dialect=postgres'],
                 ['tree']):
        yield Case('render-attrs', '--to=' + form[0], *form[1:], '-o', 'o',
                   'a', files=files, outputs=('o',))


def organization():
    return subprocess.run(
        ['python3', os.path.join(TOP, 'tests/oracle/organization.py'),
         '--schemas=3', '--enrichments=2'], stdout=subprocess.PIPE,
        check=True).stdout


def lineage():
    files = {'a': organization()}
    yield Case('build-lineage', '-q', '-o', 'o', 'a', files=files,
               outputs=('o',))
    yield Case('build-lineage', '-q', '--report=r', input=files['a'])


def cap():
    files = {'a': made('build-lineage', '-q', input=organization())}
    yield Case('cap-aspect', '-q', '--max-inputs=1', '--receipts=r', '-o', 'o',
               'a', files=files, outputs=('o',))
    yield Case('cap-aspect', '-q', '--array', input=files['a'])


# What fails is not tried again, and a library that misses an event of its own
# is not waited for a minute.
BRIEFLY = ('-q', '--retries=0', '--timeout=2s')


def structs():
    yield Case('fetch-structs', *BRIEFLY, '-o', 'o', outputs=('o',),
               finding=True)
    yield Case('fetch-structs', *BRIEFLY, '--cache=c', finding=True)


def deploys():
    objects = made('fetch-structs', '-q')
    yield Case('fetch-deploys', *BRIEFLY, '-P2', '-o', 'o', 'a',
               files={'a': objects}, outputs=('o',), finding=True)
    yield Case('fetch-deploys', *BRIEFLY, '--cache=c', input=objects,
               finding=True)


ALL = {'discover-attrs': discover, 'split-batches': split,
       'merge-attrs': merge, 'diff-attrs': diff, 'render-attrs': render,
       'build-lineage': lineage, 'cap-aspect': cap,
       'fetch-structs': structs, 'fetch-deploys': deploys}


def of(programs):
    for program in programs:
        yield from ALL[program]()
