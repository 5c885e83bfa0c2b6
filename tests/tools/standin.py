#!/usr/bin/python3
"""Stands in for every process of the suite in tests of the tools: takes the same flags, answers on the same ports.

It runs under the name sifa-<process>. Files beside it steer it: `die-<process>` makes it fail at start, `deaf-<process>`
makes it ignore SIGTERM."""

import json
import os
import signal
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NAME = os.path.basename(sys.argv[0]).removeprefix("sifa-")
HERE = os.path.dirname(os.path.abspath(sys.argv[0]))
FLAGS = dict(argument.removeprefix("--").split("=", 1) for argument in sys.argv[1:])


def told_to(word):
    return os.path.exists(os.path.join(HERE, f"{word}-{NAME}"))


def log(level, event):
    print(json.dumps({"level": level, "event": event}), file=sys.stderr, flush=True)


def sql(text):
    with open(FLAGS["mysql_password_file"], encoding="utf-8") as file:
        secret = file.read()
    return subprocess.run(["mariadb", "--no-defaults", "--socket=" + FLAGS["mysql"].removeprefix("unix:"),
                           "--user=" + FLAGS["mysql_user"], "--password=" + secret, FLAGS["mysql_database"]],
                          input=text, text=True, capture_output=True, check=False)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):  # pylint: disable=invalid-name
        if self.path == "/metrics":
            peers = (peer.split("=")[0] for peer in FLAGS["peers"].split(",") if "=" in peer)
            self.answer(200, '# HELP calls x\ncalls{method="A",code="OK"} 3\ncalls{method="B",code="OK"} 4 123\n'
                        + "".join(f'sifa_gateway_backend_state{{peer="{peer}"}} 2\n' for peer in peers))
        else:
            self.answer(200, "ready\n" if self.path == "/readyz" else "ok")

    def do_POST(self):  # pylint: disable=invalid-name
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/v1/identity/sessions":
            self.answer(200, json.dumps({"accessToken": "token-of-" + json.loads(body)["account"], "expiresIn": 300}))
        elif self.path == "/v1/refuse":
            violation = {"fieldViolations": [{"field": "parties"}]}
            self.answer(400, json.dumps({"code": 3, "message": "至少两方当事人", "details": [{"reason": "TOO_FEW"}, violation]}))
        else:
            self.answer(200, json.dumps({"you": self.headers.get("Authorization"), "sent": json.loads(body)}))


def serve(address, tls=None):
    host, port = address.split(":")
    server = ThreadingHTTPServer((host, int(port)), Handler)
    server.daemon_threads = True
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(tls, "cert.pem"), os.path.join(tls, "key.pem"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main():
    if "migrate" in FLAGS:
        result = sql("CREATE TABLE IF NOT EXISTS object (id INT PRIMARY KEY);"
                     "CREATE TABLE IF NOT EXISTS journal (id INT PRIMARY KEY);"
                     "CREATE TABLE IF NOT EXISTS journal_seal (id INT PRIMARY KEY);")
        print(result.stdout, result.stderr)
        sys.exit(result.returncode)
    if "grants" in FLAGS:
        name, _, host = FLAGS["grants"].partition("@")
        result = sql("".join(f"GRANT SELECT, INSERT{more} ON `{FLAGS['mysql_database']}`.{table} TO '{name}'@'{host}';"
                             for table, more in (("object", ", UPDATE, DELETE"), ("journal", ""), ("journal_seal", ""))))
        print(result.stdout, result.stderr)
        sys.exit(result.returncode)
    if told_to("die"):
        log("error", "REASON_TO_DIE")
        sys.exit(3)
    if "mysql" in FLAGS and sql("REPLACE INTO object VALUES (1)").returncode != 0:
        log("error", "DATABASE_UNAVAILABLE")
        sys.exit(1)
    if told_to("deaf"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # pylint: disable=protected-access
    serve(FLAGS["listen"], FLAGS["tls"])
    serve(FLAGS["inner"])
    threading.Event().wait()


if __name__ == "__main__":
    main()
