"""tsk run --watch and tsk get --watch."""
import os
import select
import subprocess
import tempfile
import time
from pathlib import Path


class Watching:
    def __init__(self, tool, *arguments, files):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        for name, text in files.items():
            (self.root / name).write_text(text)
        self.process = subprocess.Popen([str(tool), *arguments], cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=dict(os.environ, HOME=self.folder.name))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()
        self.folder.cleanup()

    def replace(self, name, text):
        (self.root / "new").write_text(text)
        (self.root / "new").rename(self.root / name)

    def read(self, stream, until, seconds=15):
        """What comes until a text is in it."""
        data, end = "", time.monotonic() + seconds
        while until not in data:
            ready = select.select([stream], [], [], max(0, end - time.monotonic()))[0]
            assert ready, "%r does not come, only %r" % (until, data)
            piece = os.read(stream.fileno(), 65536).decode()
            assert piece, "it ended after %r" % data
            data += piece
        return data

    def quiet(self, stream, seconds=0.5):
        assert not select.select([stream], [], [], seconds)[0], os.read(stream.fileno(), 65536)


def test_run(tool):
    files = {"app.tsk": 'a: 1\n@include "part.tsk"\nnote: @file("note.txt")\n', "part.tsk": "b: 2\n", "note.txt": "x"}
    with Watching(tool, "run", "app.tsk", "--compact", "--watch", files=files) as w:
        out = w.process.stdout
        w.read(out, '{"a":1,"b":2,"note":"x"}\n')
        w.replace("part.tsk", "b: 3\n")
        w.read(out, '{"a":1,"b":3,"note":"x"}\n')
        w.replace("note.txt", "y")
        w.read(out, '{"a":1,"b":3,"note":"y"}\n')
        w.replace("app.tsk", 'a: 1 # another comment\n@include "part.tsk"\nnote: @file("note.txt")\n')
        w.quiet(out)  # the answer is the same
        w.replace("app.tsk", "a: [1\n")
        assert "app.tsk:1:4" in w.read(w.process.stderr, "never closed")
        w.quiet(out)
        w.replace("app.tsk", 'a: 5\n@include "later.tsk"\n')
        w.read(w.process.stderr, "later.tsk")
        w.replace("later.tsk", "c: 6\n")
        w.read(out, '{"a":5,"c":6}\n')
        (w.root / "app.tsk").unlink()
        w.read(w.process.stderr, "does not exist")
        w.replace("app.tsk", "a: 7\n")
        w.read(out, '{"a":7}\n')


def test_get(tool):
    with Watching(tool, "get", "app.tsk", "a", "--watch", files={"app.tsk": "a: 1\n"}) as w:
        w.read(w.process.stdout, "1\n")
        w.replace("app.tsk", "b: 1\n")
        w.read(w.process.stderr, "Key not found: a")
        w.replace("app.tsk", "a: 2\n")
        w.read(w.process.stdout, "2\n")


def test_peanuts(tool):
    with Watching(tool, "get", "a", "--watch", files={"peanut.tsk": "a: 1\n"}) as w:
        w.read(w.process.stdout, "1\n")
        w.replace("peanu.tsk", "a: 2\n")  # comes before peanut.tsk
        w.read(w.process.stdout, "2\n")


def test_standard_input(tool):
    done = subprocess.run([str(tool), "run", "-", "--watch"], input=b"a: 1", capture_output=True, timeout=20)
    assert done.returncode == 2, done
