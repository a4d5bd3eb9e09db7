#!/usr/bin/env python3
"""run.py [--most N] PROGRAM... -- makes each call of a small run fail in turn.

$B/faults/failing.so, preloaded, fails the first, second, ... call of malloc,
read, write, and so on.  Without a failure the run has an outcome; with one it
has either the same, or a status that says so: never the good status with
another output, never a crash, never a hang, never half a file under the name
of the whole one, never silence.  --most N: about N failures a run at most,
spread over all calls; without it, every one.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile

import cases

TIMEOUT = 10
B = os.environ['B']
LIBRARY = os.path.join(B, 'faults/failing.so')


class Outcome:
    def __init__(self, status, out, said, files):
        self.status, self.out, self.said = status, out, said
        self.files = files


def contents(folder):
    """What a user finds: no partial, no leftover of a run."""
    found = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, 'rb') as f:
                found[name] = f.read()
    return found


def run(case, work, **env):
    """Status None: it was still running after TIMEOUT seconds."""
    folder = tempfile.mkdtemp(dir=work)
    case.prepare(folder)
    before = contents(folder)
    p = subprocess.Popen(
        [os.path.join(os.environ['BIN'], case.program)] + case.args,
        cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
        env=dict(os.environ, LD_PRELOAD=LIBRARY, **case.env, **env))
    try:
        out, said = p.communicate(case.input, timeout=TIMEOUT)
        status = p.returncode
    except subprocess.TimeoutExpired:
        os.killpg(p.pid, signal.SIGKILL)
        out, said = p.communicate()
        status = None
    files = contents(folder)
    for name, data in before.items():
        if files.get(name) == data and name not in case.outputs:
            del files[name]
    shutil.rmtree(folder)
    return Outcome(status, out, said, files)


def count(case, work):
    file = os.path.join(work, 'count')
    good = run(case, work, FAIL_COUNT=file)
    with open(file) as f:
        calls = [(n, int(c)) for n, c in (line.split() for line in f)]
    os.unlink(file)
    return good, [(n, c) for n, c in calls if c]


def wrong(case, good, got, call, mute):
    """What is wrong about an outcome, or None.  mute: nothing can be said."""
    if got.status is None:
        return 'still running after %d s' % TIMEOUT
    if got.status == -signal.SIGSEGV and case.libjq and call in (
            'malloc', 'calloc', 'realloc'):
        return None     # libjq uses what it got without a look
    if got.status < 0:
        return 'ended by signal %d' % -got.status
    if got.status not in (0, 1, 2, 3, 75):
        return 'status %d' % got.status
    if got.status == good.status:
        if case.look(got.out) != case.look(good.out):
            return 'status %d, another output' % got.status
        for name in case.outputs:
            if got.files.get(name) != good.files.get(name):
                return 'status %d, another %s' % (got.status, name)
        return None
    if got.status == 0:
        return 'status 0 instead of %d' % good.status
    if got.status == 1 and not case.finding:
        return 'status 1, as if all had been read'
    if not got.said and not mute:
        return 'status %d without a message' % got.status
    for name in case.outputs:
        text = got.files.get(name)
        if text and got.status == 1 and b'"complete":false' in text:
            continue    # the end line of structs(5)
        if text is not None and text != good.files.get(name):
            return 'status %d, and %s looks whole' % (got.status, name)
    return None


def places(calls, most):
    """(NAME, N) of the calls that shall fail."""
    for name, n in calls:
        share = max(6, most // len(calls)) if most else n
        step = max(1, -(-n // share))
        yield from ((name, at) for at in range(1, n + 1, step))


def try_case(case, work, most):
    tried, faults = 0, []
    good, calls = count(case, work)
    if good.status != case.status:
        sys.exit('%s: status %s without a failure: %s' % (
            case.name, good.status, good.said.decode(errors='replace')))
    for name, at in places(calls, most):
        for more in ({}, {'FAIL_MORE': '1'}):
            got = run(case, work, FAIL_CALL=name, FAIL_AT=str(at), **more)
            why = wrong(case, good, got, name, more and name == 'write')
            tried += 1
            if why:
                faults.append('%s: %s %d%s: %s\n    %s' % (
                    case.name, name, at, ' and later' if more else '', why,
                    got.said[-300:].decode(errors='replace').strip()))
    return tried, faults


def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('--most', type=int, default=0, metavar='N')
    p.add_argument('program', nargs='+')
    args = p.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        for case in cases.of(args.program):
            tried, faults = try_case(case, work, args.most)
            print('%s: %d failures tried, %d wrong' % (
                case.name, tried, len(faults)))
            for fault in faults:
                print('  ' + fault)
            failed += len(faults)
            sys.stdout.flush()
    sys.exit(1 if failed else 0)


main()
