#!/usr/bin/env python3
"""A scripted client of `tsk lsp`: asks what an editor asks and compares the answers.

    test/e2e/lsp.py TSK LINES     how long answers take in a document of that many lines, and what the server computed for one
"""
import json
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Client:
    def __init__(self, tool):
        self.process = subprocess.Popen([tool, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.buffer, self.number, self.published = b"", 0, {}

    def send_raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        text = json.dumps(message).encode()
        self.send_raw(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))

    def notify(self, method, params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def read(self, limit=20):
        """The next message; what is published is kept and given too."""
        end = time.monotonic() + limit
        while True:
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if found:
                length = int(head.split(b":")[1])
                if len(rest) >= length:
                    self.buffer = rest[length:]
                    message = json.loads(rest[:length])
                    if message.get("method") == "textDocument/publishDiagnostics":
                        self.published[message["params"]["uri"]] = message["params"]["diagnostics"]
                    return message
            if not select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("no answer")
            piece = os.read(self.process.stdout.fileno(), 1 << 20)
            if not piece:
                raise EOFError("the server ended")
            self.buffer += piece

    def request(self, method, params):
        self.number += 1
        self.send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        while True:
            message = self.read()
            if message.get("id") == self.number:
                return message.get("result", message.get("error"))

    def diagnostics(self, uri):
        while True:
            message = self.read()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                return message["params"]["diagnostics"]

    def open(self, uri, text):
        self.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "tsk", "version": 1, "text": text}})
        return self.diagnostics(uri)

    def at(self, uri, line, character, **more):
        return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}, **more}

    def end(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(10)


def check(what, got, expected):
    assert got == expected, "%s: expected %s, got %s" % (what, json.dumps(expected, ensure_ascii=False), json.dumps(got, ensure_ascii=False))


def labels(answer):
    return [item["label"] for item in answer["items"]]


def span(place):
    return [place["start"]["line"], place["start"]["character"], place["end"]["line"], place["end"]["character"]]


BASE = """# shared
host: "localhost"
tax_fujsen: "(n) => n * rate"
rate: 0.2
"""

MAIN = """@include "base.tsk"
$stage: "test"
name: "Käse 😀 ${host}"
debug: yes
[server]
port: 8000 + 80
url: "http://${host}:${port}/${$stage}"
next: server.port + 1
due: tax(100)
bad: prot + 1
"""


def session(tool, folder):
    base, main = folder / "base.tsk", folder / "main.tsk"
    base.write_text(BASE)
    main.write_text(MAIN)
    uri, base_uri = main.as_uri(), base.as_uri()
    c = Client(tool)
    init = c.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    check("capabilities", sorted(k for k in init["capabilities"] if k.endswith("Provider")),
          ["codeActionProvider", "completionProvider", "definitionProvider", "documentFormattingProvider",
           "documentSymbolProvider", "hoverProvider", "referencesProvider", "renameProvider"])
    c.notify("initialized", {})

    found = c.open(uri, MAIN)
    check("diagnostics", [(d["code"], span(d["range"])) for d in found],
          [("E0914", [3, 7, 3, 10]), ("E0203", [9, 5, 9, 9])])

    # an edit in the middle of a line, behind a character of two UTF-16 units
    c.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [
        {"range": {"start": {"line": 2, "character": 14}, "end": {"line": 2, "character": 14}}, "text": "${nothing + 1}"}]})
    found = c.diagnostics(uri)
    check("UTF-16", [span(d["range"]) for d in found if d["range"]["start"]["line"] == 2], [[2, 16, 2, 23]])
    c.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": 3}, "contentChanges": [
        {"range": {"start": {"line": 2, "character": 14}, "end": {"line": 2, "character": 28}}, "text": ""}]})
    c.diagnostics(uri)

    check("hover", c.request("textDocument/hover", c.at(uri, 6, 24))["contents"]["value"].split("\n")[1], "server.port = 8080")
    check("hover of the key", c.request("textDocument/hover", c.at(uri, 6, 1))["contents"]["value"].split("\n")[1],
          'server.url = "http://localhost:8080/test"')
    check("hover of an operator", c.request("textDocument/hover", c.at(uri, 0, 3)), None)
    check("definition", c.request("textDocument/definition", c.at(uri, 7, 14))["range"]["start"], {"line": 5, "character": 0})
    other = c.request("textDocument/definition", c.at(uri, 6, 16))
    check("definition in an included file", (other["uri"], span(other["range"])), (base_uri, [1, 0, 1, 4]))
    check("definition of an include", c.request("textDocument/definition", c.at(uri, 0, 12))["uri"], base_uri)
    function = c.request("textDocument/definition", c.at(uri, 8, 6))
    check("definition of a function", (function["uri"], span(function["range"])), (base_uri, [2, 0, 2, 10]))

    places = c.request("textDocument/references", c.at(uri, 5, 1, context={"includeDeclaration": True}))
    check("references", sorted(span(p["range"]) for p in places), [[5, 0, 5, 4], [6, 23, 6, 27], [7, 13, 7, 17]])
    places = c.request("textDocument/references", c.at(uri, 6, 16, context={"includeDeclaration": False}))
    check("references to another file", sorted(span(p["range"]) for p in places), [[2, 17, 2, 21], [6, 15, 6, 19]])

    edit = c.request("textDocument/rename", c.at(uri, 7, 14, newName="listen"))["changes"]
    check("rename", [(span(e["range"]), e["newText"]) for e in edit[uri]],
          [([5, 0, 5, 4], "listen"), ([6, 23, 6, 27], "listen"), ([7, 13, 7, 17], "listen")])
    edit = c.request("textDocument/rename", c.at(uri, 1, 2, newName="phase"))["changes"]
    check("rename of a global", [e["newText"] for e in edit[uri]], ["$phase", "$phase"])
    edit = c.request("textDocument/rename", c.at(uri, 8, 6, newName="vat"))["changes"]
    check("rename across files", sorted((u.rsplit("/", 1)[1], e["newText"]) for u in edit for e in edit[u]),
          [("base.tsk", "vat_fujsen"), ("main.tsk", "vat")])
    check("rename refuses", c.request("textDocument/rename", c.at(uri, 7, 14, newName="a b"))["code"], -32803)

    check("symbols", [(s["name"], [x["name"] for x in s.get("children", [])])
                      for s in c.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})],
          [("$stage", []), ("name", []), ("debug", []), ("server", ["port", "url", "next", "due", "bad"])])

    actions = c.request("textDocument/codeAction", {"textDocument": {"uri": uri}, "context": {"diagnostics": []},
                                                    "range": {"start": {"line": 3, "character": 7}, "end": {"line": 3, "character": 7}}})
    check("actions", [(a["kind"], a["edit"]["changes"][uri][0]["newText"]) for a in actions],
          [("quickfix", "true"), ("source.fixAll", "true")])

    text = MAIN.replace("bad: prot + 1\n", "bad: ser\nx: @bas\ny: $st\nz: server.\n")
    c.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": 4}, "contentChanges": [{"text": text}]})
    c.diagnostics(uri)
    check("completion of a key", "server" in labels(c.request("textDocument/completion", c.at(uri, 9, 8))), True)
    check("completion of an operator", "base64_encode" in labels(c.request("textDocument/completion", c.at(uri, 10, 7))), True)
    check("completion of a global", labels(c.request("textDocument/completion", c.at(uri, 11, 6))), ["stage"])
    check("completion of a member", labels(c.request("textDocument/completion", c.at(uri, 12, 10)))[:3], ["port", "url", "next"])

    # a broken text keeps the answers of the last good one
    c.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": 5}, "contentChanges": [{"text": MAIN + "list: [1,\n"}]})
    check("a broken text", [d["severity"] for d in c.diagnostics(uri)][-1], 1)
    check("answers meanwhile", c.request("textDocument/hover", c.at(uri, 5, 1))["contents"]["value"].split("\n")[1], "server.port = 8080")

    c.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": 6}, "contentChanges": [{"text": "a   :1\nb: 2\n"}]})
    c.diagnostics(uri)
    edits = c.request("textDocument/formatting", {"textDocument": {"uri": uri}, "options": {"tabSize": 2, "insertSpaces": True}})
    check("formatting", [(span(e["range"]), e["newText"]) for e in edits], [([0, 0, 1, 0], "a: 1\n")])

    # what makes no sense is answered and does no harm
    c.send_raw(b"Content-Length: 9\r\n\r\n{broken: ")
    check("no JSON", c.read()["error"]["code"], -32700)
    c.send_raw(b"Content-Length: 2\r\n\r\n{}")
    check("no method", c.read()["error"]["code"], -32600)
    c.send_raw(b"Content-Length: 3\r\n\r\n[1]")
    check("a list", c.read()["error"]["code"], -32600)
    check("unknown method", c.request("textDocument/moon", {})["code"], -32601)
    check("unknown document", c.request("textDocument/hover", c.at("file:///no.tsk", 0, 0))["code"], -32803)
    check("far away", c.request("textDocument/hover", c.at(uri, 1 << 30, 1 << 30)), None)
    check("negative", c.request("textDocument/hover", c.at(uri, -5, -5)) is not Ellipsis, True)
    c.notify("textDocument/didChange", {"textDocument": {"uri": uri}, "contentChanges": [{"range": 5, "text": "k: 1\n"}, 7, {}]})
    c.diagnostics(uri)
    c.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    check("closing", c.diagnostics(uri), [])
    check("exit status", c.end(), 0)


def times(tool, lines, folder):
    """Milliseconds: median and worst."""
    text, uri = ["$stage: \"test\"", "host: \"localhost\""], (folder / "long.tsk").as_uri()
    for i in range(lines // 8):
        text += ["[section%d]" % i, "name = \"service %d\"" % i, "port = %d" % (i % 60000), "url = \"http://${host}:${port}/\"",
                 "total = port * 2 + 1", "ok = port == 80 ? \"a\" : \"b\"", "limits { rate: %d, burst: 20 }" % i, "tags = [\"a\", \"b\"]"]
    c = Client(tool)
    c.request("initialize", {"capabilities": {}})
    c.open(uri, "\n".join(text) + "\n")
    middle = len(text) // 16 * 8 + 2 + 3

    def used():
        fields = Path("/proc/%d/stat" % c.process.pid).read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def measure(what, ask, count=50):
        taken, before = [], used()
        for i in range(count):
            start = time.perf_counter()
            ask(i)
            taken.append((time.perf_counter() - start) * 1000)
        print("%-28s median %7.2f ms, worst %7.2f ms; %6.2f ms of the processor"
              % (what, statistics.median(taken), max(taken), (used() - before) / count))

    def key(i):
        c.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": i}, "contentChanges": [
            {"range": {"start": {"line": middle, "character": 7}, "end": {"line": middle, "character": 7}}, "text": "x"}]})
        c.diagnostics(uri)

    def after_key(method, *place):
        def ask(i):
            c.request(method, c.at(uri, *place))
        return ask
    print("%d lines" % len(text))
    measure("keystroke to diagnostics", key)
    def complete(i):
        c.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": i}, "contentChanges": [
            {"range": {"start": {"line": middle, "character": 7}, "end": {"line": middle, "character": 7}}, "text": "y"}]})
        c.request("textDocument/completion", c.at(uri, middle, 8))
    measure("keystroke and completion", complete)
    measure("completion", after_key("textDocument/completion", middle, 8))
    measure("completion of operators", after_key("textDocument/completion", middle + 1, 8))
    measure("hover", after_key("textDocument/hover", middle + 1, 9))
    measure("definition", after_key("textDocument/definition", middle + 1, 9))
    measure("symbols", lambda i: c.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}}), 5)
    c.end()


def test_session(tool):
    with tempfile.TemporaryDirectory() as folder:
        session(str(tool), Path(folder))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        times(sys.argv[1], int(sys.argv[2]), Path(folder))
