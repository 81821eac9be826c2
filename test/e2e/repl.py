"""tsk repl: as a script through a pipe, and at a terminal."""
import os
import pty
import select
import stat
import subprocess
import tempfile
import time
from pathlib import Path

from stories import equal


def piped(tool, text, *arguments, files=None):
    """(status, stdout, stderr)"""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (files or {}).items():
            (Path(folder) / name).write_text(content)
        done = subprocess.run([str(tool), "repl", *arguments], cwd=folder, input=text, capture_output=True, text=True, timeout=30,
                              env=dict(os.environ, HOME=folder, LC_ALL="C.UTF-8"))
        assert not (Path(folder) / ".local").exists(), "a script has left a history"
        return done.returncode, done.stdout, done.stderr


def test_expressions_and_keys(tool):
    equal(piped(tool, "1 + 2\nx: 5\nx * port\n$g = 2\n$g + x\nx: 6\nx\n", "app.tsk", files={"app.tsk": "port: 100\n"}),
          (0, "3\n500\n7\n6\n", ""))
    equal(piped(tool, '[server]\nhost: "h"\nserver.host\n"a" + "b"\n# nothing\n\nmissing\n'), (0, '"h"\n"ab"\nnull\n', ""))


def test_more_lines(tool):
    equal(piped(tool, 'list: [1,\n2,\n\n3]\nlist.length\nblock {\n  a: 1\n}\nblock.a\n"""a\n\nb"""\n@if(true,\n 1, 2)\n'),
          (0, '3\n1\n"a\\n\\nb"\n1\n', ""))
    status, out, err = piped(tool, "a: [1\n")
    assert status == 1 and "never closed" in err, err


def test_errors(tool):
    status, out, err = piped(tool, '1 +\n[1] * 2\nkey: [1]]\n2\n')
    equal((status, out), (1, "2\n"))
    for text in ("<expression>:1:4", "E0302", "<repl>:1:9"):
        assert text in err, err
    assert "\x1b" not in err
    status, out, err = piped(tool, "1\n", "missing.tsk")
    equal((status, out), (3, ""))
    status, out, err = piped(tool, "1\n", "bad.tsk", files={"bad.tsk": "a: [1"})
    equal((status, out), (6, ""))


def test_commands(tool):
    files = {"app.tsk": "a: 1\nb: a + 1\n", "other.tsk": "c: 3\n", "bad.tsk": "a: ["}
    status, out, err = piped(tool, ":type a\n:type [1]\n:keys\n:explain b\n:load other.tsk\nc\n:load bad.tsk\nc\nd: 4\n:reload\n:keys\n",
                             "app.tsk", files=files)
    equal(status, 1)
    assert out.startswith("int\nlist\na\nb\nb = 2\n") and out.endswith("3\n3\nc\n"), out
    assert "bad.tsk:1:4" in err
    equal(piped(tool, ':set compact on\n[1, 2]\n:set format yaml\n{a: 1}\n:set\n'), (0, "[1,2]\na: 1\nformat yaml\ncompact on\ntiming off\n", ""))
    for line, text in [(":lod x", "did you mean :load"), (":set format xml", "json, yaml"), (":load", "wants a file"), (":load nope", "nope")]:
        status, out, err = piped(tool, line + "\n2\n")
        equal((status, out), (1, "2\n"))
        assert text in err, err
    equal(piped(tool, ":quit\n1\n"), (0, "", ""))
    assert ":explain" in piped(tool, ":help\n")[1]


class Terminal:
    def __init__(self, tool, folder, *arguments, term="xterm"):
        self.data = ""
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.chdir(folder)
            env = dict(os.environ, HOME=str(folder), TERM=term, LC_ALL="C.UTF-8")
            env.pop("XDG_STATE_HOME", None)
            os.execvpe(str(tool), [str(tool), "repl", *arguments], env)

    def read(self, until, seconds=20):
        """What comes up to this text and with it."""
        end = time.monotonic() + seconds
        while until not in self.data:
            ready = select.select([self.fd], [], [], max(0, end - time.monotonic()))[0]
            assert ready, "%r does not come, only %r" % (until, self.data)
            self.data += os.read(self.fd, 65536).decode("utf-8", "replace")
        cut = self.data.index(until) + len(until)
        found, self.data = self.data[:cut], self.data[cut:]
        return found

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def end(self):
        status = os.waitpid(self.pid, 0)[1]
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status) if hasattr(os, "waitstatus_to_exitcode") else status


def has_editor():
    import ctypes
    try:
        ctypes.CDLL("libedit.so.2")
        return True
    except OSError:
        return False


def test_terminal(tool):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "app.tsk").write_text("server { port: 8000 }\n")
        t = Terminal(tool, folder, "app.tsk")
        assert ":help explains" in t.read("tsk> ")
        t.type("server.port + 1\r")
        t.read("8001")
        t.type("[1,\r")
        t.read("...> ")
        t.type("2]\r")
        t.read("2\r\n]")
        t.type("junk")
        t.read("junk")
        t.type("\x03")
        t.read("tsk> ")
        t.type("40 + 2\r")
        t.read("42")
        if has_editor():
            t.type("serv\t.po\t- 1\r")  # completion of keys
            t.read("7999")
            t.type("@uppe\t(\"a\")\r")  # and of functions
            t.read('"A"')
            t.type(":ty\tserver\r")
            t.read("object")
            t.type("\x1b[A\x1b[A\x1b[A\r")  # the third line before
            t.read("7999")
        t.type("\x04")
        equal(t.end(), 0)
        if not has_editor():
            return
        history = Path(folder) / ".local/state/tusk/repl_history"
        equal(stat.S_IMODE(history.stat().st_mode), 0o600)
        assert "40 + 2\n" in history.read_text()
        t = Terminal(tool, folder)  # the history of the time before
        t.read("tsk> ")
        t.type("\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\r")
        t.read("42")
        t.type(":quit\r")
        equal(t.end(), 0)


def test_plain_terminal(tool):
    with tempfile.TemporaryDirectory() as folder:
        t = Terminal(tool, folder, term="dumb")
        t.read("tsk> ")
        t.type("6 * 7\n")
        t.read("42")
        t.type('f_fujsen: """function () { for (;;) {} }"""\n')
        t.read("tsk> ")
        t.type("f_fujsen()\n")
        time.sleep(0.5)
        t.type("\x03")
        t.read("error")
        t.read("tsk> ")
        t.type("6 * 8\n")
        t.read("48")
        t.type("\x04")
        equal(t.end(), 0)
