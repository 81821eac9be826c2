"""Requests a second of `tsk serve`, and of Node's http with the same rule: wrk over loopback, two threads, in turn.

What a request costs the server's processors is read from /proc beside it: that depends least on neighbours, and on a machine where wrk
takes its share of the same processors it says more than the rate."""
import os
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

RULE = '#!api\nname: @request.query.name || "world"\nresponse: { hello: name, method: @request.method }\n'
FUNCTION = '#!api\ngreet_fujsen: """(name) => ({ hello: name.toUpperCase() })"""\nresponse: greet_fujsen(@request.query.name || "world")\n'
NODE = """
const cluster = require('cluster'), http = require('http');
if (cluster.isPrimary) for (let i = 0; i < +process.argv[3]; i++) cluster.fork();
else http.createServer((request, response) => {
    const name = new URL(request.url, 'http://x').searchParams.get('name') || 'world';
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end(JSON.stringify({ hello: name, method: request.method }));
}).listen(+process.argv[2], '127.0.0.1');
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def processor_seconds(pid):
    """(user, system) of a process and of its children."""
    ticks, user, system = os.sysconf("SC_CLK_TCK"), 0, 0
    children = Path("/proc/%d/task/%d/children" % (pid, pid)).read_text().split()
    for p in [pid] + [int(c) for c in children]:
        fields = Path("/proc/%d/stat" % p).read_text().rsplit(")", 1)[1].split()
        user, system = user + int(fields[11]), system + int(fields[12])
    return user / ticks, system / ticks


def wait_until_it_answers(port, process):
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server does not answer")


def measure(port, path, pid, connections, seconds):
    """(requests a second, p50 in ms, p99 in ms, user us, system us of a request)"""
    before = processor_seconds(pid)
    text = subprocess.run(["wrk", "-t2", "-c%d" % connections, "-d%ds" % seconds, "--latency", "http://127.0.0.1:%d%s" % (port, path)],
                          stdout=subprocess.PIPE, check=True, text=True).stdout
    after = processor_seconds(pid)
    if "Non-2xx" in text:
        raise SystemExit(text)
    def latency(name):
        value, unit = re.search(r"%s%%\s+([\d.]+)(us|ms|s)" % name, text).groups()
        return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    count = int(re.search(r"(\d+) requests in", text)[1])
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), latency(50), latency(99),
            (after[0] - before[0]) / count * 1e6, (after[1] - before[1]) / count * 1e6)


def run(tsk, rounds=5, seconds=5, connections=64):
    workers = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("hello.tsk", RULE), ("function.tsk", FUNCTION), ("node.js", NODE)):
            (Path(folder) / name).write_text(text)
        contenders = [("tsk serve", [str(tsk), "serve", "-q"], "/hello?name=Ann"), ("tsk serve, a function", None, "/function?name=Ann")]
        if shutil.which("node"):
            contenders.append(("node http", ["node", "node.js"], "/hello?name=Ann"))
        servers, results = {}, {name: [] for name, _, _ in contenders}
        try:
            for name, command, _ in contenders:
                port = free_port()
                if not command:
                    servers[name] = servers["tsk serve"]
                    continue
                extra = [str(port), str(workers)] if command[0] == "node" else [str(port)]
                process = subprocess.Popen(command + extra, cwd=folder)
                servers[name] = (process, port)
                wait_until_it_answers(port, process)
            for number in range(rounds):
                for name, _, path in contenders if number % 2 == 0 else contenders[::-1]:
                    process, port = servers[name]
                    results[name].append(measure(port, path, process.pid, connections, seconds))
        finally:
            for process, _ in servers.values():
                process.terminate()
                process.wait()
    print("\n%d connections, %d processors shared with wrk, medians of %d rounds of %d s\n" % (connections, workers, rounds, seconds))
    print("| server | requests/s | p50 ms | p99 ms | user µs | system µs |\n|---|---|---|---|---|---|")
    for name, _, _ in contenders:
        print("| %s | %.0f | %.2f | %.2f | %.1f | %.1f |" % ((name,) + tuple(statistics.median(column) for column in zip(*results[name]))))
    if "node http" in results:
        ratio = statistics.median(a[0] / b[0] for a, b in zip(results["tsk serve"], results["node http"]))
        print("\n%.2f times as many requests as Node; the bar is 50000 a second with p99 of 5 ms, on two processors that nobody else uses" % ratio)
