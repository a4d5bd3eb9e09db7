#!/usr/bin/env python3
"""server.py -- a Snowplow Console, an Iglu server and Iglu Central, for tests.

HTTP/1.1 on a loopback port.  The organisation is org.py's; what goes wrong is
said by --faults (faults.py).  --log gets a JSON line for each request when it
arrives and another when its answer has been written, with CLOCK_MONOTONIC in
nanoseconds.  --ready gets the port once it listens.  Ends with TERM, or when
the process that started it is gone.
"""
import asyncio
import hashlib
import json
import os
import signal
import socket
import struct
import sys
import time
import zlib
from email.utils import formatdate

import options
from answers import BASE, Answers, Nothing
from faults import Faults
from org import Org

KEY_ID = 'penstock-test-key-id'
KEY = 'penstock-test-secret-key-0123456789'
IGLU_KEY = '6f9619ff-8b86-d011-b42d-00c04fc964ff'
TOKEN_PATH = BASE + '/credentials/v3/token'
REASONS = {200: 'OK', 302: 'Found', 304: 'Not Modified', 400: 'Bad Request',
           401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found',
           405: 'Method Not Allowed', 429: 'Too Many Requests',
           500: 'Internal Server Error', 502: 'Bad Gateway',
           503: 'Service Unavailable', 504: 'Gateway Timeout'}


class Request:
    def __init__(self, head):
        lines = head.decode('latin-1').split('\r\n')
        self.method, self.target, self.version = lines[0].split(' ')
        self.path = self.target.partition('?')[0]
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(':')
            self.headers[name.lower()] = value.strip()


class Answer:
    def __init__(self, status, body=b'', headers=None):
        self.status, self.body = status, body
        self.headers = headers or {}
        self.end = 'whole'      # reset cut stall drop never
        self.delay = 0.0

    def pack(self, close):
        headers = {'Content-Type': 'application/json',
                   'Content-Length': len(self.body), **self.headers}
        if close:
            headers['Connection'] = 'close'
        if self.status == 304:
            del headers['Content-Length'], headers['Content-Type']
        head = 'HTTP/1.1 %d %s\r\n' % (self.status,
                                       REASONS.get(self.status, 'Status'))
        head += ''.join('%s: %s\r\n' % h for h in headers.items()) + '\r\n'
        body = b'' if self.status == 304 else self.body
        return head.encode('latin-1'), body


def told(status, message, headers=None):
    return Answer(status, json.dumps({'message': message}).encode(), headers)


class Console:
    """What all connections share."""

    def __init__(self, o):
        self.o = o
        self.answers = Answers(Org(o))
        self.faults = Faults.read(o.faults, o.seed)
        self.log = open(o.log, 'a', buffering=1) if o.log else None
        self.count = self.tokens = self.conns = self.active = 0
        self.begin = 0.0
        self.given = {}     # token: [when, uses]
        self.level, self.level_time = float(o.burst), 0.0

    def note(self, **fields):
        if self.log:
            self.log.write(json.dumps(fields) + '\n')

    def token(self, request):
        h = request.headers
        if request.method != 'GET':
            return told(405, 'GET alone')
        if h.get('x-api-key-id') != KEY_ID or h.get('x-api-key') != KEY:
            return told(401, 'Invalid API credentials')
        self.tokens += 1
        token = 'tok%d.penstock-test-token' % self.tokens
        self.given['Bearer ' + token] = [time.monotonic(), 0]
        return Answer(200, json.dumps(
            {'accessToken': token,
             'expiresAt': '2099-01-01T00:00:00'}).encode())

    def token_good(self, request):
        o = self.o
        given = self.given.get(request.headers.get('authorization'))
        if not given:
            return False
        given[1] += 1
        if o.token_uses and given[1] > o.token_uses:
            return False
        return not (o.token_life and
                    time.monotonic() - given[0] > o.token_life)

    def refused(self, request):
        """An answer that comes before the right one, or None."""
        if request.path.startswith('/iglu/'):
            if self.o.iglu_key and request.headers.get('apikey') != IGLU_KEY:
                return told(404, 'Not found')
            return None
        if not request.path.startswith(BASE):
            return None
        if not self.token_good(request):
            return told(401, 'Token expired')
        for part in self.o.deny:
            if part in request.path:
                return told(403, 'Forbidden')
        return None

    def over_rate(self):
        o = self.o
        if not o.rate:
            return None
        now = time.monotonic()
        self.level = min(float(o.burst), self.level +
                         (now - (self.level_time or now)) * o.rate)
        self.level_time = now
        if self.level >= 1:
            self.level -= 1
            return None
        return told(429, 'Too many', {'Retry-After': o.retry_after})

    def right(self, request):
        try:
            body = self.answers.get(request.target)
        except Nothing:
            return told(404, 'Not found')
        headers = {}
        if not self.o.no_etag:
            tag = '"%s"' % hashlib.sha1(body).hexdigest()[:20]
            headers['ETag'] = tag
            if request.headers.get('if-none-match') == tag:
                return Answer(304, b'', headers)
        if self.o.gzip and 'gzip' in request.headers.get('accept-encoding', ''):
            packer = zlib.compressobj(1, zlib.DEFLATED, 31)
            body = packer.compress(body) + packer.flush()
            headers['Content-Encoding'] = 'gzip'
        return Answer(200, body, headers)

    def spoil(self, rule, answer):
        """The answer after a rule of faults.py."""
        do = rule['do']
        if do == 'status':
            headers = dict(rule.get('headers', {}))
            if 'retry_after' in rule:
                after = rule['retry_after']
                headers['Retry-After'] = formatdate(
                    time.time() + after, usegmt=True) \
                    if rule.get('date') else after
            return told(rule['status'], 'by schedule', headers)
        if do == 'redirect':
            return Answer(rule.get('status', 302), b'',
                          {'Location': rule['location']})
        if do in ('reset', 'cut', 'stall', 'drop', 'never'):
            answer.end = do
        elif do == 'short':
            answer.body = answer.body[:len(answer.body) // 2]
        elif do == 'garbage':
            answer.body = b'{"data":[1,2,}' + answer.body
        elif do == 'html':
            answer = Answer(200, b'<html>Sign in</html>',
                            {'Content-Type': 'text/html'})
        elif do == 'empty':
            answer = Answer(200)
        answer.headers.update(rule.get('headers', {}))
        return answer

    def answer(self, request):
        now = time.monotonic()
        self.begin = self.begin or now
        rule = self.faults.choose(request.target, now - self.begin)
        answer = self.over_rate()
        if not answer:
            answer = self.token(request) if request.path == TOKEN_PATH else \
                self.refused(request) or self.right(request)
        answer.delay = self.o.latency
        if rule:
            delay = answer.delay + rule.get('seconds', 0)
            answer = self.spoil(rule, answer)
            answer.delay = delay
        return answer, rule


class Connection(asyncio.Protocol):
    def __init__(self, console):
        self.console, self.pending = console, b''
        self.timer = self.request = self.transport = None
        self.number = 0

    def connection_made(self, transport):
        self.transport = transport
        self.console.conns += 1
        self.number = self.console.conns

    def connection_lost(self, exc):
        if self.timer:
            self.timer.cancel()
        if self.request:
            self.ended(0, 'gone')

    def data_received(self, data):
        self.pending += data
        if not self.request and b'\r\n\r\n' in self.pending:
            self.take()

    def take(self):
        head, _, self.pending = self.pending.partition(b'\r\n\r\n')
        c = self.console
        c.count += 1
        c.active += 1
        self.id = c.count
        self.request = r = Request(head)
        c.note(event='in', n=self.id, t=time.monotonic_ns(), target=r.target,
               method=r.method, conn=self.number, active=c.active,
               conditional='if-none-match' in r.headers,
               agent=r.headers.get('user-agent'),
               key='x-api-key' in r.headers or 'apikey' in r.headers,
               bearer='authorization' in r.headers)
        answer, rule = c.answer(r)
        self.rule = rule['do'] if rule else None
        if answer.delay:
            self.timer = asyncio.get_running_loop().call_later(
                answer.delay, self.send, answer)
        else:
            self.send(answer)

    def send(self, answer):
        self.timer = None
        close = self.request.headers.get('connection') == 'close'
        head, body = answer.pack(close)
        if answer.end == 'never':
            return
        if answer.end != 'whole':
            if answer.end != 'drop':
                self.transport.write(head + body[:len(body) // 2])
            if answer.end == 'stall':
                return
            self.ended(answer.status, answer.end)
            if answer.end == 'reset':
                self.transport.get_extra_info('socket').setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack('ii', 1, 0))
                # What is written must have left before the reset.
                asyncio.get_running_loop().call_later(
                    0.01, self.transport.abort)
            else:
                self.transport.close()
            return
        self.transport.write(head + body)
        self.ended(answer.status, answer.end, len(body))
        if close:
            self.transport.close()
        elif b'\r\n\r\n' in self.pending:
            self.take()

    def ended(self, status, end, size=0):
        c = self.console
        c.active -= 1
        c.note(event='out', n=self.id, t=time.monotonic_ns(),
               target=self.request.target, status=status, end=end,
               bytes=size, fault=self.rule)
        self.request = None


def parse():
    p = options.parser(__doc__.split('\n', maxsplit=1)[0])
    add = p.add_argument
    add('--port', type=int, default=0)
    add('--ready', metavar='FILE', help='gets the port')
    add('--log', metavar='FILE')
    add('--latency', type=float, default=0.0, metavar='SECONDS')
    add('--faults', metavar='JSON', help='or @FILE; see faults.py')
    add('--seed', default='1')
    add('--token-life', type=float, default=0, metavar='SECONDS')
    add('--token-uses', type=int, default=0, metavar='N',
        help='a token is good for so many requests')
    add('--deny', action='append', default=[], metavar='PART',
        help='403 for paths with this in them')
    add('--iglu-key', action='store_true', help='Iglu wants its key')
    add('--rate', type=float, default=0, help='requests a second, else 429')
    add('--burst', type=int, default=1)
    add('--retry-after', type=int, default=1)
    add('--no-etag', action='store_true')
    add('--gzip', action='store_true')
    add('--compact', dest='spread', action='store_false',
        help='no white space in JSON')
    add('--wrapped-pages', action='store_true',
        help='deployments as {"data":[]} in pages too')
    add('--fixtures', metavar='FOLDER', help='answers of others')
    add('--fixture-structures', metavar='NAME',
        default='data_structures_response_real.json')
    return p.parse_args()


async def orphan(parent, stop):
    while os.getppid() == parent:
        await asyncio.sleep(0.5)
    stop.set()


async def main():
    o = parse()
    console = Console(o)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(lambda: Connection(console),
                                      '127.0.0.1', o.port, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    if o.ready:
        with open(o.ready + '.new', 'w', encoding='ascii') as f:
            f.write('%d\n' % port)
        os.rename(o.ready + '.new', o.ready)
    watch = asyncio.ensure_future(orphan(os.getppid(), stop))
    await stop.wait()
    watch.cancel()
    server.close()


if __name__ == '__main__':
    sys.exit(asyncio.run(main()))
