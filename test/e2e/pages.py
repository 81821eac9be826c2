"""Completion and man pages, which are made from the table of commands."""
import shutil
import subprocess
import tempfile
from pathlib import Path

from stories import equal


def output(*command, **more):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=60, **more)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


def completed(tool, folder, line):
    """What bash offers at the end of the line."""
    words = line.split(" ")
    script = ('source <("%s" completion bash)\ncompopt() { :; }\nCOMP_WORDS=("$@")\nCOMP_CWORD=$(($# - 1))\n_tsk\n'
              'printf "%%s\\n" "${COMPREPLY[@]}"' % tool)
    return sorted(w for w in output("bash", "-c", script, "bash", tool, *words[1:], cwd=folder).split("\n") if w)


def test_bash(tool):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "app.tsk").write_text("server { host: 'a'\n port: 1 }\nname: 'x'\n")
        (Path(folder) / "peanut.tsk").write_text("theme: 'dark'\ntheory: 1\n")
        (Path(folder) / "with blank.tsk").write_text("")
        equal(completed(tool, folder, "tsk ver"), ["version"])
        assert {"run", "get", "serve", "repl", "completion"} <= set(completed(tool, folder, "tsk "))
        equal(completed(tool, folder, "tsk run --form"), ["--format"])
        equal(completed(tool, folder, "tsk run --format t"), ["table", "tsk"])
        equal(completed(tool, folder, "tsk run a"), ["app.tsk"])
        equal(completed(tool, folder, "tsk run w"), ["with blank.tsk"])
        equal(completed(tool, folder, "tsk get app.tsk se"), ["server"])
        equal(completed(tool, folder, "tsk get app.tsk server."), ["server.host", "server.port"])
        equal(completed(tool, folder, "tsk get --format json app.tsk server.p"), ["server.port"])
        equal(completed(tool, folder, "tsk get the"), ["theme", "theory"])
        equal(completed(tool, folder, "tsk get missing.tsk se"), [])
        equal(completed(tool, folder, "tsk cache c"), ["clear"])
        equal(completed(tool, folder, "tsk completion f"), ["fish"])
        equal(completed(tool, folder, "tsk help expl"), ["explain"])
        equal(completed(tool, folder, "tsk nothing x"), [])


def test_syntax(tool):
    with tempfile.TemporaryDirectory() as folder:
        for shell in ("bash", "zsh", "fish"):
            script = Path(folder) / shell
            script.write_text(output(tool, "completion", shell))
            if shutil.which(shell):
                output(shell, "-n", script)
        # every command and option is in all of them
        table = output(tool, "help")
        for command in [line.split()[0] for line in table.split("Commands:\n")[1].split("\n\n")[0].splitlines()]:
            for shell in ("bash", "zsh", "fish"):
                assert command in (Path(folder) / shell).read_text(), (command, shell)


def test_usage(tool):
    for arguments, text in [(["completion", "tcsh"], "bash, zsh or fish"), (["completion"], "wants"), (["completion", "bash", "x"], "too much")]:
        done = subprocess.run([str(tool)] + arguments, capture_output=True, text=True, timeout=60)
        assert done.returncode == 2 and text in done.stderr, done


def test_man_pages(tool):
    table = output(tool, "help")
    commands = [line.split()[0] for line in table.split("Commands:\n")[1].split("\n\n")[0].splitlines()]
    page = output(tool, "help", "--man")
    for command in commands:
        assert "tsk\\-%s" % command in page, command
    with tempfile.TemporaryDirectory() as folder:
        for command in [None] + commands:
            path = Path(folder) / "page.1"
            path.write_text(output(tool, "help", "--man", *([command] if command else [])))
            if not shutil.which("groff"):
                continue
            done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-z", str(path)], capture_output=True, text=True, timeout=60)
            equal((command, done.returncode, done.stderr), (command, 0, ""))
