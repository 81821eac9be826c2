"""tsk serve, as clients see it: routing, answers, limits, clients that are slow or wrong, edits, signals.

Each test_* gets the path of a tsk and raises AssertionError when something is not as it should be."""
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from stories import equal, until

FILES = {
    "hello.tsk": '#!api\nname: @request.query.name || "world"\nresponse: { hello: name }\n',
    "users/index.tsk": '#!api\n#!methods: GET, POST\n#!cache: 5m\n'
                       '@request.method == "POST" ? @json({ made: @request.json.name }, 201) : @json(["Ann", "Bob"])\n',
    "users/one.tsk": '#!api\n#!route: /people/first\n@json({ error: "gone" }, 410)\n',
    "page.tsk": '#!api\n@render("<h1>{{title}}</h1>", { title: "Tea" })\n',
    "go.tsk": '#!api\n@redirect("/hello?name=x", 303)\n',
    "text.tsk": '#!api\nresult: "plain"\n',
    "document.tsk": '#!api\n$hidden: 1\nshown: 2\n',
    "echo.tsk": "#!api\nresponse: @request\n",
    "fails.tsk": "#!api\nresponse: @int(@request.query.n)\n",
    "forever.tsk": '#!api\nspin_fujsen: """function () { for (;;) {} }"""\nresponse: spin_fujsen()\n',
    "reads.tsk": '#!api\nresponse: { text: @file("note.txt"), more: included }\n@include "part.tsk"\n',
    "part.tsk": 'included: "one"\n',
    "note.txt": "first",
    "secret.tsk": "password: 1\n",
    "function.tsk": '#!api\ntwice_fujsen: """(n) => n * 2"""\nresponse: { twice: twice_fujsen(@request.query.n) }\n',
    "peanut.tsk": 'app: "shop"\napi_key: "hush"\n',
    ".hidden.tsk": "#!api\nresponse: 1\n",
}


class Server:
    """A tsk serve of FILES in a folder of its own."""

    def __init__(self, tool, *options, files=FILES, place=".", env=None):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        for name, text in files.items():
            self.write(name, text)
        self.log = open(self.root / ".log", "w+")
        self.process = subprocess.Popen([str(tool), "serve", place, "0", "--json", *options], cwd=self.root, stdout=subprocess.PIPE,
                                        stderr=self.log, env=dict(os.environ, HOME=self.folder.name, **(env or {})))
        line = self.process.stdout.readline()
        self.port = json.loads(line)["port"] if line else None

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def replace(self, name, text):
        """As editors do."""
        path = self.root / (name + ".new")
        path.write_text(text)
        path.rename(self.root / name)

    def said(self):
        self.log.flush()
        return (self.root / ".log").read_text()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.status = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.status = self.process.wait()
        self.process.stdout.close()
        self.log.seek(0)
        text = self.log.read()
        self.log.close()
        self.folder.cleanup()
        assert error[0] or ("Sanitizer" not in text and self.status == 0), "ended with %s\n%s" % (self.status, text)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, path, method="GET", body=None, headers=None):
        """(status, headers by small name, body)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        got = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        connection.close()
        return got

    def json(self, path, *more, **named):
        return json.loads(self.ask(path, *more, **named)[2])

    def raw(self, data, pieces=None):
        """Everything that comes back until the server closes."""
        with self.connect() as s:
            for piece in pieces or [data]:
                s.sendall(piece)
                if pieces:
                    time.sleep(0.02)
            s.shutdown(socket.SHUT_WR)
            return read_all(s)

    def becomes(self, path, wanted, seconds=15):
        """Waits until the answer is this value."""
        until(lambda: self.json(path) == wanted,
              lambda: "%s is still %s instead of %s\n%s" % (path, self.json(path), wanted, self.said()), seconds)

    def memory(self):
        """What it holds, in KiB."""
        with open("/proc/%d/status" % self.process.pid) as lines:
            return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def read_all(s):
    data = b""
    try:
        while True:
            piece = s.recv(65536)
            if not piece:
                return data
            data += piece
    except ConnectionResetError:
        return data


def test_routes(tool):
    with Server(tool) as server:
        for path, status, body in [("/hello", 200, {"hello": "world"}), ("/hello.tsk?name=a%20b+c", 200, {"hello": "a b c"}),
                                   ("/users", 200, ["Ann", "Bob"]), ("/users/", 200, ["Ann", "Bob"]),
                                   ("/users/index.tsk", 200, ["Ann", "Bob"]), ("/users/one", 410, {"error": "gone"}),
                                   ("/people/first", 410, {"error": "gone"}), ("/%68ello", 200, {"hello": "world"}),
                                   ("/document", 200, {"shown": 2}), ("/function?n=21", 200, {"twice": 42})]:
            got = server.ask(path)
            equal((path, got[0], json.loads(got[2])), (path, status, body))
        for path, status in [("/nothing", 404), ("/secret", 400), ("/secret.tsk", 400), ("/note.txt", 404), ("/.hidden", 404),
                             ("/../hello", 400), ("/%2e%2e/hello", 400), ("/a%00", 400), ("/a%zz", 400), ("/users//", 404)]:
            got = server.ask(path)
            equal((path, got[0]), (path, status))
            error = json.loads(got[2])
            equal((error["error"], error["status"], sorted(error)), (True, status, ["error", "message", "status", "timestamp"]))


def test_answers(tool):
    with Server(tool) as server:
        for path, kind, body in [("/page", "text/html; charset=utf-8", b"<h1>Tea</h1>"), ("/text", "text/plain; charset=utf-8", b"plain"),
                                 ("/hello", "application/json", b'{"hello":"world"}'),
                                 ("/document", "application/json", b'{\n  "shown": 2\n}')]:
            got = server.ask(path)
            equal((path, got[1]["content-type"], got[2], got[1]["content-length"]), (path, kind, body, str(len(body))))
            equal(got[1]["access-control-allow-origin"], "*")
        got = server.ask("/go")
        equal((got[0], got[1]["location"], got[2]), (303, "/hello?name=x", b""))
        got = server.ask("/users", "POST", '{"name": "Zed"}', {"Content-Type": "application/json"})
        equal((got[0], json.loads(got[2])), (201, {"made": "Zed"}))
        equal(server.ask("/users")[1]["cache-control"], "max-age=300")
        got = server.ask("/users", "DELETE")
        equal((got[0], got[1]["allow"]), (405, "GET, HEAD, POST, OPTIONS"))
        got = server.ask("/users", "OPTIONS")
        equal((got[0], got[1]["allow"], got[2]), (200, "GET, HEAD, POST, OPTIONS", b""))
        got = server.ask("/hello", "HEAD")
        equal((got[0], got[1]["content-length"], got[2]), (200, "17", b""))
        equal(server.ask("/hello", "BREW")[0], 501)


def test_request(tool):
    with Server(tool) as server:
        form = {"Content-Type": "application/x-www-form-urlencoded", "X-Two": "b", "Cookie": "a=1; theme=dark", "User-Agent": "me"}
        r = server.json("/echo?x=1&list[]=a&list[]=b&%C3%A9=%E2%82%AC&bad=%FF", "POST", "y=2&x=3", form)
        equal(r["method"], "POST")
        equal(r["path"], "/echo")
        equal(r["query"], {"x": "1", "list": ["a", "b"], "é": "€", "bad": "�"})
        equal(r["params"], {"x": "3", "list": ["a", "b"], "é": "€", "bad": "�", "y": "2"})
        equal(r["body"], "y=2&x=3")
        equal((r["headers"]["x-two"], r["headers"]["content-length"]), ("b", "7"))
        equal(r["cookies"], {"a": "1", "theme": "dark"})
        equal((r["ip"], r["user_agent"], r["json"]), ("127.0.0.1", "me", None))
        assert abs(r["timestamp"] - time.time()) < 60
        r = server.json("/echo", "POST", '{"a": [1]}', {"Content-Type": "application/vnd.x+json; charset=utf-8"})
        equal(r["json"], {"a": [1]})
        equal(server.json("/echo", "POST", "{", {"Content-Type": "application/json"})["json"], None)


def test_failures(tool):
    with Server(tool, "--max-time", "300ms") as server:
        got = server.ask("/fails?n=x")
        equal(got[0], 500)
        assert "fails.tsk:2:11: error[" in json.loads(got[2])["message"], got
        equal(server.ask("/fails?n=3")[::2], (200, b"3"))
        start = time.monotonic()
        equal(server.ask("/forever")[0], 500)
        assert time.monotonic() - start < 10
        status = server.json("/api/status")
        equal(sorted(p["file"] for p in status["problems"]), ["fails.tsk", "forever.tsk"])
        equal(status["failures"], 2)
        assert "fails.tsk:2:11" in server.said()


def test_builtin_endpoints(tool):
    with Server(tool) as server:
        status = server.json("/api/status")
        equal((status["status"], status["port"], status["problems"]), ("running", server.port, []))
        assert status["uptime"] >= 0 and abs(status["timestamp"] - time.time()) < 60
        equal(server.json("/api/parse", "POST", json.dumps({"content": "a: 1 + 2\n[b]\nc: a * 2"})),
              {"success": True, "result": {"a": 3, "b": {"c": 6}}})
        for content in ["a: [1", 'a: @env("HOME")', 'a: @file("/etc/passwd")', '@include "/etc/passwd"', 'a: @file.write("x", "y")']:
            got = server.ask("/api/parse", "POST", json.dumps({"content": content}))
            answer = json.loads(got[2])
            equal((content, got[0], answer["success"], "error" in answer), (content, 400, False, True))
        loop = {"content": 'f_fujsen: """function () { for (;;) {} }"""\na: f_fujsen()'}
        equal(server.ask("/api/parse", "POST", json.dumps(loop))[0], 400)
        equal(server.ask("/api/parse", "POST", "[]")[0], 400)
        equal(server.ask("/api/parse")[0], 405)
        got = server.ask("/api/config")
        equal(json.loads(got[2]), {"success": True, "config": {"app": "shop", "api_key": "•••"}})
        assert "access-control-allow-origin" not in got[1], "pages of other origins could read the configuration"
        assert b"/users" in server.ask("/")[2]


def test_one_file(tool):
    with Server(tool, place="hello.tsk") as server:
        equal(server.json("/"), {"hello": "world"})
        equal(server.json("/any/path?name=x"), {"hello": "x"})
        equal(server.json("/api/status")["rules"], 1)


def test_keep_alive_and_pipelining(tool):
    with Server(tool) as server, server.connect() as s:
        one = b"GET /hello?name=%d HTTP/1.1\r\nHost: x\r\n\r\n"
        s.sendall(b"".join(one % i for i in range(500)))
        s.sendall(b"GET /text HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /never HTTP/1.1\r\n\r\n")
        data = read_all(s)
        equal(data.count(b"HTTP/1.1 200 OK"), 501)
        for i in (0, 1, 499):
            assert b'{"hello":"%d"}' % i in data
        assert data.endswith(b"\r\n\r\nplain"), data[-200:]
        assert b"Connection: keep-alive" in server.raw(b"GET /text HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
        assert b"Connection: close" in server.raw(b"GET /text HTTP/1.0\r\n\r\n")


def test_bodies_in_pieces(tool):
    with Server(tool) as server:
        head = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        body = b"3;note=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n"
        for pieces in ([head + body], [head, body], [bytes([b]) for b in head[-30:] + body]):
            if len(pieces) > 2:
                pieces = [head[:-30]] + pieces
            data = server.raw(None, pieces)
            assert b'"body":"abc0123456789"' in data, data
        data = server.raw(None, [b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n", b"Connection: close\r\n\r\nab", b"cd", b"ef"])
        assert b'"body":"abcdef"' in data, data
        with server.connect() as s:
            s.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
            equal(s.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            s.sendall(b"ok")
            assert b'"body":"ok"' in read_all(s)


MALFORMED = [
    (b"hello\r\n\r\n", 400), (b"\x16\x03\x01\x02\x00", 400), (b"GET / HTTP/1.1\nHost: x\n\n", 400), (b"GET /\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\n\r\n", 400), (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505), (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    (b"GET / HTTX/1.1\r\nHost: x\r\n\r\n", 400), (b"GET hello HTTP/1.1\r\nHost: x\r\n\r\n", 400), (b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400), (b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400), (b"GET / HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nbad\r\n\r\n", 400), (b"GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400), (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1 1\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501), (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab", 400),
    (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 400),
    (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", 413),
    (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", 413), (b"GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", 417),
    (b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414), (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 20000 + b"\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: 1\r\n" * 200 + b"\r\n", 431), (b"GET /#a HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET http:// HTTP/1.1\r\nHost: x\r\n\r\n", 400),
]


def test_malformed(tool):
    with Server(tool) as server:
        for data, status in MALFORMED:
            got = server.raw(data)
            assert got.startswith(b"HTTP/1.1 %d " % status), (data[:80], status, got[:200])
            assert b"Connection: close" in got
        for data, body in [(b"\r\n\r\nGET /text HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"plain"),
                           (b"GET http://x/text HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"plain"),
                           (b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"")]:
            got = server.raw(data)
            assert got.startswith(b"HTTP/1.1 200 ") and got.endswith(b"\r\n\r\n" + body), (data, got)
        rng = random.Random(5)
        for _ in range(150):
            data = bytearray(rng.choice(MALFORMED)[0][:300] + b"GET /text HTTP/1.1\r\nHost: x\r\n\r\n")
            for _ in range(rng.randrange(1, 6)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            server.raw(bytes(data))
        equal(server.ask("/text")[2], b"plain")


def test_limits(tool):
    with Server(tool, "--max-body", "1K", "--max-connections", "20") as server:
        equal(server.ask("/echo", "POST", "x" * 1024)[0], 200)
        equal(server.ask("/echo", "POST", "x" * 1025)[0], 413)
        held = [server.connect() for _ in range(20)]
        time.sleep(0.3)
        with server.connect() as s:
            s.settimeout(10)
            assert s.recv(100).startswith(b"HTTP/1.1 503"), "the 21st connection is not turned away"
        for s in held:
            s.close()
        time.sleep(0.3)
        equal(server.ask("/text")[2], b"plain")


def test_slow_clients(tool):
    with Server(tool, "--timeout", "1s", "--idle", "2s") as server:
        lorries = [server.connect() for _ in range(30)]
        for s in lorries:
            s.sendall(b"GET /hello HTTP/1.1\r\nHost: x\r\n")
        idle, start, closed = server.connect(), time.monotonic(), []
        body = server.connect()
        body.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab")
        for s in lorries:
            s.settimeout(0.02)
        while len(closed) < len(lorries):
            assert time.monotonic() - start < 8, "a head that comes byte by byte is waited for"
            equal(server.ask("/text")[2], b"plain")
            for s in lorries:
                if s in closed:
                    continue
                try:
                    s.sendall(b"A")
                    if s.recv(1000).startswith(b"HTTP/1.1 408"):
                        closed.append(s)
                except TimeoutError:
                    continue
                except OSError:
                    closed.append(s)
        assert time.monotonic() - start > 0.8
        idle.settimeout(10)
        equal(idle.recv(10), b"")
        body.settimeout(10)
        assert body.recv(100).startswith(b"HTTP/1.1 408")
        # A client that does not take its answers
        with server.connect() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.settimeout(0.5)
            one = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n" + b"x" * 20000
            try:
                for _ in range(2000):
                    s.sendall(one)
            except OSError:
                pass
            equal(server.ask("/text")[2], b"plain")
        for s in lorries + [idle, body]:
            s.close()


def test_many_idle_connections(tool):
    with Server(tool) as server:
        import resource
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        count = min(10000, hard - 200 if hard != resource.RLIM_INFINITY else 10000)
        held = [server.connect() for _ in range(count)]
        until(lambda: server.json("/api/status")["connections"] >= count, lambda: server.json("/api/status"), 20)
        start = time.monotonic()
        for _ in range(50):
            equal(server.ask("/text")[2], b"plain")
        assert time.monotonic() - start < 10
        rss = server.memory()
        assert "asan" in str(tool) or rss < 40000, "%d idle connections take %d KiB" % (count, rss)
        for s in held:
            s.close()


def test_edits(tool):
    with Server(tool) as server:
        equal(server.json("/hello"), {"hello": "world"})
        server.replace("hello.tsk", "#!api\nresponse: { hello: 2 }\n")
        server.becomes("/hello", {"hello": 2})
        server.write("hello.tsk", "#!api\nresponse: { hello: [2 }\n")
        until(lambda: server.json("/api/status")["problems"], "the broken edit is not in the status")
        problem = server.json("/api/status")["problems"][0]
        equal((problem["file"], problem["serving"]), ("hello.tsk", "the last good version"))
        assert "hello.tsk:2:" in problem["error"] and "hello.tsk:2:" in server.said()
        equal(server.json("/hello"), {"hello": 2})
        server.write("hello.tsk", "#!api\nresponse: { hello: 3 }\n")
        server.becomes("/hello", {"hello": 3})
        equal(server.json("/api/status")["problems"], [])
        # what it includes, what it reads, and files that come and go
        equal(server.json("/reads"), {"text": "first", "more": "one"})
        server.replace("part.tsk", 'included: "two"\n')
        server.becomes("/reads", {"text": "first", "more": "two"})
        time.sleep(0.7)
        server.replace("note.txt", "second")
        server.becomes("/reads", {"text": "second", "more": "two"})
        equal(server.ask("/new/rule")[0], 404)
        server.write("new/rule.tsk", "#!api\nresponse: { new: true }\n")
        until(lambda: server.ask("/new/rule")[0] == 200, "a new file is not served")
        (server.root / "text.tsk").unlink()
        until(lambda: server.ask("/text")[0] == 404, "a file that is gone is still served")


def test_edits_under_load(tool):
    """Every answer is that of one version, and none is missing."""
    with Server(tool) as server:
        with server.connect() as s:
            for version in range(25):
                server.replace("hello.tsk", "#!api\na: %d\nb: a\nresponse: { v: [a, b] }\n" % version)
                for _ in range(20):
                    s.sendall(b"GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
                    data = s.recv(65536).decode()
                    assert data.startswith("HTTP/1.1 200"), data
                    v = json.loads(data.split("\r\n\r\n", 1)[1])
                    assert "hello" in v or v["v"][0] == v["v"][1], v
        server.becomes("/hello", {"v": [24, 24]})


def test_signals(tool):
    with Server(tool) as server:
        server.process.send_signal(signal.SIGHUP)
        until(lambda: "hello.tsk is served as it is now" in server.said(), "SIGHUP does not look at the files again")
        equal(server.json("/hello"), {"hello": "world"})
        begun, idle = server.connect(), server.connect()
        begun.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
        time.sleep(0.3)
        server.process.terminate()
        equal(idle.recv(10), b"")
        begun.sendall(b"cd")
        data = read_all(begun)
        assert b'"body":"abcd"' in data and b"Connection: close" in data, data
        equal(server.process.wait(15), 0)
        begun.close()
        idle.close()
    with Server(tool, "--max-time", "60s") as server, server.connect() as s:
        s.sendall(b"GET /forever HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.5)
        start = time.monotonic()
        server.process.terminate()
        equal(server.process.wait(30), 0)
        assert 5 < time.monotonic() - start < 25


def test_usage(tool):
    def run(*arguments, files=FILES):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                if "/" not in name:
                    (Path(folder) / name).write_text(text)
            done = subprocess.run([str(tool), "serve", *arguments], cwd=folder, capture_output=True, text=True, timeout=20)
            return done.returncode, done.stderr
    equal(run("missing")[0], 3)
    equal(run("70000")[0], 2)
    equal(run("a", "b")[0], 2)
    equal(run("80", "81")[0], 2)
    equal(run("--host", "example.invalid", "0")[0], 2)
    equal(run("--timeout", "soon")[0], 2)
    equal(run("--workers", "0")[0], 2)
    status, said = run("secret.tsk", "0")
    assert status == 6 and "#!api" in said, said
    status, said = run("bad.tsk", "0", files={"bad.tsk": "#!api\na: [1\n"})
    assert status == 6 and "bad.tsk:2:" in said, said
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        status, said = run(str(s.getsockname()[1]))
        assert status == 5 and "cannot listen" in said, said


def test_other_machines(tool):
    """By an address of this one that is not loopback."""
    addresses = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
    address = next((a for a in addresses if "." in a), None)
    with Server(tool, "--host", "0.0.0.0") as server:
        equal(server.ask("/api/config")[0], 200)
        if not address:
            return
        for path, method, status in [("/api/config", "GET", 403), ("/api/parse", "POST", 403), ("/api/status", "GET", 200), ("/text", "GET", 200)]:
            connection = http.client.HTTPConnection(address, server.port, timeout=20)
            connection.request(method, path, "{}" if method == "POST" else None)
            equal((path, connection.getresponse().status), (path, status))
            connection.close()


def test_memory_of_slow_bodies(tool):
    """Bodies that never end must not take more memory than the server has set aside for them."""
    with Server(tool, "--max-body", "8M") as server:
        held, piece = [], b"x" * (4 << 20)
        for _ in range(70):
            s = server.connect()
            s.settimeout(2)
            held.append(s)
            try:
                s.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n" + piece)
            except OSError:
                continue
        equal(server.ask("/text")[2], b"plain")
        rss = server.memory()
        assert "asan" in str(tool) or rss < 400000, "%d KiB" % rss
        for s in held:
            s.close()
        until(lambda: server.json("/api/status")["connections"] <= 1, "connections stay", 10)
        equal(server.ask("/echo", "POST", b"x" * 1000000)[0], 200)


def test_example(tool):
    def ask(request):
        example = Path(__file__).resolve().parent.parent.parent / "examples/api"
        done = subprocess.run([str(tool), "serve", str(example), "--try", request], capture_output=True, text=True, timeout=20)
        head, body = done.stdout.split("\n\n", 1)
        return int(head.split()[1]), json.loads(body), done.returncode
    equal(ask("GET /tea?name=mint"), (200, {"teas": [{"name": "mint", "price": 2.5}]}, 0))
    equal(ask("GET /tea?name=gold"), (404, {"error": "no such tea"}, 1))
    equal(ask('POST /tea {"name": "rooibos", "price": 3}'), (201, {"name": "rooibos", "price": 3}, 0))


def test_grants(tool):
    files = {"env.tsk": '#!api\nresponse: { v: @env("SECRET_OF_TEST", "none") }\n', "write.tsk": '#!api\nresponse: @file.write("out.txt", "x")\n'}
    with Server(tool, files=files, env={"SECRET_OF_TEST": "seen"}) as server:
        equal(server.json("/env"), {"v": "seen"})
        equal(server.ask("/write")[0], 500)
        assert not (server.root / "out.txt").exists()
    with Server(tool, "--deny-env", "--allow-write=.", files=files, env={"SECRET_OF_TEST": "seen"}) as server:
        equal(server.ask("/env")[0], 500)
        equal(server.ask("/write")[0], 200)
        equal((server.root / "out.txt").read_text(), "x")
    with Server(tool, "--host", "0.0.0.0", files={"fails.tsk": FILES["fails.tsk"]}) as server:
        equal(server.json("/fails?n=x")["message"], "Internal Server Error")
