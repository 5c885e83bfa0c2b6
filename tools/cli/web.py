"""A small HTTPS client for the gateway: JSON in and out, NDJSON both ways, one kept connection for each thread."""

import http.client
import json
import socket
import ssl
import threading
import urllib.parse


class Response:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def ok(self):
        return 200 <= self.status < 300

    @property
    def json(self):
        return json.loads(self.body) if self.body else None

    @property
    def lines(self):
        """The objects of an NDJSON body."""
        return [json.loads(line) for line in self.body.splitlines() if line.strip()]

    @property
    def reason(self):
        """ErrorInfo.reason of a google.rpc.Status, or None."""
        return next((d["reason"] for d in self._details() if "reason" in d), None)

    @property
    def fields(self):
        """The fields that a refusal names."""
        return [v.get("field") for d in self._details() for v in d.get("fieldViolations", ())]

    def _details(self):
        try:
            body = self.json
        except ValueError:
            return []
        if not isinstance(body, dict):
            return []
        return body.get("error", body).get("details", []) if isinstance(body.get("error", body), dict) else []

    def __repr__(self):
        return f"<{self.status} {self.body[:500].decode('utf-8', 'replace')}>"


class RequestFailed(AssertionError):
    """An answer other than 2xx where only success is any use."""

    def __init__(self, method, path, response):
        super().__init__(f"{method} {path}: {response!r}")
        self.response = response


class Client:
    """Calls the gateway as one caller. Thread-safe: every thread has its own connection. Of several gateways, `url` a list, a
    thread keeps to one and goes to the next where that takes no connection.

    A request whose connection broke before any answer is sent again on a new connection only where that cannot do it
    twice: GET, or a request with an Idempotency-Key. Otherwise the ConnectionError is the caller's to settle. `source`: the
    address to call from."""

    def __init__(self, url, ca, token=None, timeout=30, source=None):
        parts = [urllib.parse.urlsplit(one) for one in ([url] if isinstance(url, str) else url)]
        self._gateways = [(p.hostname, p.port) for p in parts]
        self._first = 0  # where a thread without a connection begins
        self._context = ssl.create_default_context(cafile=str(ca))
        self._token = token  # text, or a function that returns one
        self._timeout = timeout
        self._source = (source, 0) if source else None
        self._local = threading.local()

    def get(self, path, **query):
        return self.request("GET", path, query=query)

    def post(self, path, body=None, **options):
        return self.request("POST", path, body={} if body is None else body, **options)

    def act(self, path, body=None, **options):
        """The answer to an act "/v1/…/{id}:verb" on its object as it is now: the etag is read first, unless `body` has one."""
        body = body or {}
        if "etag" in body:
            return self.post(path, body, **options)
        for _ in range(5):
            now = self.request("GET", path.rpartition(":")[0])
            seen = now.json["etag"] if now.ok else "0"  # the act itself says why it cannot be
            answer = self.post(path, {**body, "etag": seen}, **options)
            if answer.reason != "ETAG_STALE":
                break
        return answer

    def must_act(self, path, body=None, **options):
        """The JSON of an act that has to succeed."""
        response = self.act(path, body, **options)
        if not response.ok:
            raise RequestFailed("POST", path, response)
        return response.json

    def put(self, path, body, **options):
        return self.request("PUT", path, body=body, **options)

    def patch(self, path, body, **options):
        return self.request("PATCH", path, body=body, **options)

    def delete(self, path, **query):
        return self.request("DELETE", path, query=query)

    def must(self, method, path, body=None, **options):
        """The JSON of a 2xx answer; anything else raises RequestFailed."""
        response = self.request(method, path, body=body, **options)
        if not response.ok:
            raise RequestFailed(method, path, response)
        return response.json

    def post_lines(self, path, objects, **options):
        """Uploads objects as an NDJSON stream."""
        data = "".join(json.dumps(o, ensure_ascii=False) + "\n" for o in objects).encode()
        return self.request("POST", path, data=data, content_type="application/x-ndjson", **options)

    def request(self, method, path, *, query=None, body=None, data=None, content_type="application/json",
                headers=None, idempotency_key=None, timeout=None):
        """`body` is sent as JSON; `data` (bytes, or an iterable of bytes sent in chunks) as it is."""
        if query:
            pairs = [(k, v) for k, vs in query.items() if vs is not None for v in (vs if isinstance(vs, list) else [vs])]
            path += "?" + urllib.parse.urlencode([(k, _query_text(v)) for k, v in pairs])
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
        sent = {"Accept": "application/json"}
        if data is not None:
            sent["Content-Type"] = content_type
        token = self._token() if callable(self._token) else self._token
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if idempotency_key:
            sent["Idempotency-Key"] = idempotency_key
        sent |= headers or {}
        repeatable = (method == "GET" or idempotency_key is not None) and (data is None or isinstance(data, bytes))
        for attempt in (1, 2):
            kept = self._has_connection()
            try:
                return self._send(method, path, data, sent, timeout)
            except (ConnectionError, http.client.BadStatusLine, ssl.SSLEOFError) as error:
                self.close()
                if not (kept and repeatable and attempt == 1):
                    raise ConnectionError(f"{method} {path}: {error!r}") from error
            except Exception:
                self.close()
                raise
        raise AssertionError("unreachable")

    def stream(self, path, *, timeout=None, **query):
        """Yields the objects of an NDJSON answer as they come. `timeout` bounds the wait for each."""
        if query:
            path += "?" + urllib.parse.urlencode({k: _query_text(v) for k, v in query.items()})
        connection = self._connect(timeout or self._timeout)
        try:
            token = self._token() if callable(self._token) else self._token
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
            answer = connection.getresponse()
            if answer.status != 200:
                raise RequestFailed("GET", path, Response(answer.status, answer.headers, answer.read()))
            for line in answer:
                if line.strip():
                    yield json.loads(line)
        finally:
            connection.close()

    def close(self):
        """Closes this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _has_connection(self):
        return getattr(self._local, "connection", None) is not None

    def _connect(self, timeout):
        for left in reversed(range(len(self._gateways))):
            host, port = self._gateways[self._first % len(self._gateways)]
            connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=self._context, source_address=self._source)
            try:
                connection.connect()
                break
            except (ConnectionError, ssl.SSLEOFError):
                self._first += 1
                if left == 0:
                    raise
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _send(self, method, path, data, headers, timeout):
        if not self._has_connection():
            self._local.connection = self._connect(self._timeout)
        connection = self._local.connection
        connection.sock.settimeout(timeout or self._timeout)
        connection.request(method, path, body=data, headers=headers)
        answer = connection.getresponse()
        response = Response(answer.status, answer.headers, answer.read())
        if answer.will_close:
            self.close()
        return response


def _query_text(value):
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
