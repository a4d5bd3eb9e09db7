#!/usr/bin/env python3
"""gms_server.py PORT-FILE POSTED -- an ingestProposalBatch endpoint for tests.

Refuses every third request with 503 or 429; what it takes goes to POSTED, a
body a line.
"""
import http.server
import json
import sys
import threading

lock, count = threading.Lock(), 0


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global count
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with lock:
            count += 1
            status = {0: 503, 1: 200, 2: 200}[count % 3]
            if count % 6 == 0:
                status = 429
            ok = self.path == "/aspects?action=ingestProposalBatch" and \
                self.headers["X-RestLi-Protocol-Version"] == "2.0.0"
            if not ok:
                status = 400
            if status == 200:
                json.loads(body)
                with open(sys.argv[2], "ab") as f:
                    f.write(body.rstrip(b"\n") + b"\n")
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(sys.argv[1], "w") as f:
    f.write(str(server.server_address[1]))
server.serve_forever()
