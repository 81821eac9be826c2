"""tsk cache memcached, against a server of memcached's text protocol that stands here, and against the real one where it is installed."""
import os
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager

from stories import equal, until


@contextmanager
def stand_in(answers):
    """A server that gives the answers to the lines it gets; anything else is ERROR."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked = []

    def serve():
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            try:
                talk(connection)
            except OSError:
                pass  # it has heard enough

    def talk(connection):
        with connection, connection.makefile("rb") as lines:
            for line in lines:
                line = line.decode().strip()
                asked.append(line)
                reply = next((a for q, a in answers if line.startswith(q)), "ERROR\r\n")
                if reply is None:
                    break
                connection.sendall(reply.replace("KEY", line.split()[1] if " " in line else "").encode())

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1], asked
    finally:
        listener.close()


def run(tool, *arguments, env=None):
    done = subprocess.run([str(tool), "cache", "memcached", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
                          env=dict(os.environ, **(env or {})))
    return done.returncode, done.stdout, done.stderr


GOOD = [("stats", "STAT pid 7\r\nSTAT version 1.6\r\nEND\r\n"), ("flush_all", "OK\r\n"), ("set ", ""), ("hello world", "STORED\r\n"),
        ("get ", "VALUE KEY 0 11\r\nhello world\r\nEND\r\n"), ("delete ", "DELETED\r\n")]


def test_actions(tool):
    with stand_in(GOOD) as (port, asked):
        at = ("--host", "127.0.0.1", "--port", str(port))
        equal(run(tool, "status", *at), (0, "connected\n", ""))
        equal(run(tool, "stats", *at), (0, "%-30s 7\n%-30s 1.6\n" % ("pid", "version"), ""))
        equal(run(tool, "stats", *at, "--json"), (0, '{\n  "pid": "7",\n  "version": "1.6"\n}\n', ""))
        equal(run(tool, "flush", *at), (0, "everything is forgotten\n", ""))
        equal(run(tool, "test", env={"MEMCACHED_HOST": "127.0.0.1", "MEMCACHED_PORT": str(port)})[:2],
              (0, "a value was stored, read and deleted\n"))
        assert "flush_all" in asked and any(line.startswith("delete tsk_test_") for line in asked), asked


def test_failures(tool):
    with socket.socket() as s:  # a port that nobody listens at
        s.bind(("127.0.0.1", 0))
        status, out, err = run(tool, "status", "--host", "127.0.0.1", "--port", str(s.getsockname()[1]))
        assert (status, out) == (5, "") and "does not answer" in err, (status, err)
    equal(run(tool, "status", "--host", "does.not.exist.invalid")[0], 5)
    for answers in ([("stats", None)], [("stats", "STAT pid 7\r\nnonsense\r\n")], [("stats", "x" * 20000)]):
        with stand_in(answers) as (port, asked):
            status, out, err = run(tool, "stats", "--host", "127.0.0.1", "--port", str(port))
            equal((status, out), (5, ""))
    with stand_in([("set ", ""), ("hello", "SERVER_ERROR out of memory\r\n")]) as (port, asked):
        equal(run(tool, "test", "--host", "127.0.0.1", "--port", str(port))[0], 5)
    with stand_in([]) as (port, asked):
        equal(run(tool, "flush", "--host", "127.0.0.1", "--port", str(port))[0], 1)
    equal(run(tool, "restart")[0], 2)
    equal(run(tool)[0], 2)


def test_real_server(tool):
    if not shutil.which("memcached"):
        return
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    server = subprocess.Popen(["memcached", "-l", "127.0.0.1", "-p", str(port)] + user)
    try:
        at = ("--host", "127.0.0.1", "--port", str(port))
        until(lambda: not run(tool, "status", *at)[0], "memcached does not answer", 10)
        equal(run(tool, "test", *at)[0], 0)
        assert "curr_items" in run(tool, "stats", *at)[1]
        equal(run(tool, "flush", *at)[0], 0)
    finally:
        server.terminate()
        server.wait()
