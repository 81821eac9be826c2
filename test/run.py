#!/usr/bin/env python3
"""Runs every test of the project; ./tools/dev test builds what it needs and calls it.

    test/run.py [FILTER] [--update] [--list] [--tsk PATH] [--fuzz-seconds N]

FILTER selects the tests whose name holds it.  --update writes what tsk says now into the expectations of golden,
cli and docs tests.  The last line is "N passed, N failed".

  unit/NAME       build/asan/unit/test_*: Criterion, each of its tests counts
  golden/PATH     test/golden/PATH.tsk beside what `tsk run` makes of it:
                    .json or .out  standard output     .err   `exit N`, then standard error
                    .args          further arguments, or a whole command that starts with `tsk `
                    .env           NAME=value lines
                  test/golden/PATH.ir beside .out does the same for `tsk ir`
  cli/FILE/NAME   test/cli/*.test, see read_cli
  docs/FILE:LINE  the examples in docs/*.md and README.md, see read_document
  library/TABLE   test/library/*.js, with Node's answers as expectation
  stress/TABLE    the same with a collection at every allocation, or at one of 499
  limits/LINE     test/limits.txt: what takes long in C ends soon after a limit of time
  e2e/FILE/NAME   functions test_NAME(tool) of test/e2e/*.py: servers and terminals, which more than one command is needed for
  differential/.. generated programs, numbers, regular expressions; compared with Node
  native/..       generated programs as native code, with guards that fail at random; compared with Node
  mutation/N      the same finds each planted bug of runtime/base/mutation.h, in the build with all of them
  roundtrip/...   data -> TuskLang text -> data
  style/...       tsk fmt: generated sources, and all that are here, keep values and comments; again changes nothing
  set/...         tsk set: what is set is there afterwards, and nothing else has changed
  convert/...     tsk convert: generated data through the formats and back
  alloc/FILE      every allocation of a run fails once: of the examples, of test/alloc/*.js and of a call
  replay/NAME     test/fuzz/corpus through the fuzz targets, with the address sanitizer
  fuzz/NAME       libFuzzer for a short while; --fuzz-seconds 3600 for a longer one
  builtins/...    the table of built-in functions: names of the guides, examples, folding, docs/builtins.md
  house/...       rules: layers, exported symbols, mapped libraries, documentation that is complete

Golden, cli and docs tests run twice: with the address sanitizer's build and with the release build.
Python 3.9 or later, standard library only.
"""
import argparse
import concurrent.futures
import difflib
import importlib.util
import json
import os
import random
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import traceback
from pathlib import Path

import sources

TOP = Path(__file__).resolve().parent.parent
ASAN = TOP / "build/asan"
RELEASE = TOP / "build"
FUZZ = TOP / "build/fuzz"
TSAN = TOP / "build/tsan"
CHECKED = TOP / "build/checked"
TIME_LIMIT = 120
NOW = "1769860800"  # 2026-01-31 12:00:00 UTC


def environment(tool, home, extra=None):
    """What a test sees of the world: the same on every machine."""
    env = {
        "PATH": "%s:/usr/local/bin:/usr/bin:/bin" % tool.parent,
        "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC", "TSK_NOW": NOW,
        "ASAN_OPTIONS": "detect_leaks=1:allocator_may_return_null=1",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    }
    env.update(extra or {})
    return env


def execute(command, cwd, env, stdin=b"", limit=TIME_LIMIT):
    """(status, stdout, stderr) of a list or, through bash, of a text."""
    shell = isinstance(command, str)
    try:
        done = subprocess.run(["bash", "-c", command] if shell else command, cwd=cwd, env=env, input=stdin,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=limit)
    except subprocess.TimeoutExpired:
        return 124, "", "no end after %d s" % limit
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def execute_measured(command, cwd, env, limit=TIME_LIMIT):
    """(status, what it says on both streams, its use of resources)"""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=out, stderr=out)
        timer = threading.Timer(limit, process.kill)
        timer.start()
        _, process.returncode, usage = os.wait4(process.pid, 0)
        timer.cancel()
        out.seek(0)
        return process.returncode, out.read().decode("utf-8", "replace"), usage


def has_module(build):
    """Was native code built there?"""
    return (build / "lib/libtusk-jit.so").exists()


def difference(what, expected, got):
    """A diff, or "" when a line `...` in the expectation stands for any lines, and all others agree."""
    if matches(expected.splitlines(), got.splitlines()):
        return ""
    lines = difflib.unified_diff(expected.splitlines(), got.splitlines(), "expected " + what, "got", lineterm="", n=2)
    return "\n".join(lines) + "\n"


def matches(expected, got):
    if "..." not in expected:
        return expected == got
    cut = expected.index("...")
    if got[:cut] != expected[:cut]:
        return False
    rest = expected[cut + 1:]
    if not rest:
        return True
    return any(matches(rest, got[i:]) for i in range(cut, len(got) + 1))


class Test:
    """`run(tool)` gives "" or says what is wrong; `tools` are the builds of tsk it is run with."""

    def __init__(self, name, run, tools=(None,), update=None):
        self.name, self.run, self.tools, self.update = name, run, tools, update

    def __call__(self):
        """(passed, failed, text)"""
        for tool in self.tools:
            try:
                result = self.run(tool)
            except Exception as error:  # a test that cannot be run has failed
                result = "%s: %s" % (type(error).__name__, error)
            if isinstance(result, tuple):
                return result
            if result:
                return 0, 1, ("with %s\n" % tool.relative_to(TOP) if tool and tool.is_relative_to(TOP) else "") + result
        return 1, 0, ""


# ---- golden ------------------------------------------------------------------------------------------------


def golden_command(source, tool):
    args = source.with_suffix(".args")
    words = shlex.split(args.read_text(), comments=True) if args.exists() else []
    if words and words[0] == "tsk":
        return [str(tool)] + words[1:]
    return [str(tool), "ir" if source.suffix == ".ir" else "run", source.name] + words


def golden_environment(source, tool, home):
    extra = {}
    env = source.with_suffix(".env")
    if env.exists():
        for line in env.read_text().splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.partition("=")
                extra[name] = value
    return environment(tool, home, extra)


def golden_expectations(source):
    """(file of stdout or None, file of stderr or None)"""
    out = next((source.with_suffix(s) for s in (".json", ".out") if source.with_suffix(s).exists()), None)
    err = source.with_suffix(".err")
    return out, err if err.exists() else None


def golden_run(source, tool):
    with tempfile.TemporaryDirectory() as home:
        return execute(golden_command(source, tool), source.parent, golden_environment(source, tool, home))


def golden_check(source, tool):
    out, err = golden_expectations(source)
    status, stdout, stderr = golden_run(source, tool)
    wanted_status, wanted_stderr = 0, ""
    if err:
        first, _, wanted_stderr = err.read_text().partition("\n")
        wanted_status = int(first.split()[1])
    text = difference("stdout", out.read_text() if out else "", stdout) + difference("stderr", wanted_stderr, stderr)
    if status != wanted_status:
        text += "exit status %d instead of %d\n" % (status, wanted_status)
    return text


def golden_update(source, tool):
    out, err = golden_expectations(source)
    status, stdout, stderr = golden_run(source, tool)
    if out and status == 0:
        out.write_text(stdout)
    elif out:
        out.unlink()
    elif stdout:
        source.with_suffix(".json").write_text(stdout)
    if status or stderr:
        source.with_suffix(".err").write_text("exit %d\n%s" % (status, stderr))
    elif err:
        err.unlink()


def golden_tests(tools):
    root = TOP / "test/golden"
    for source in sorted(list(root.rglob("*.tsk")) + list(root.rglob("*.ir"))):
        if golden_expectations(source) == (None, None):
            continue  # something that another file includes
        name = "golden/" + str(source.relative_to(root).with_suffix(""))
        yield Test(name, lambda tool, s=source: golden_check(s, tool), tools, lambda tool, s=source: golden_update(s, tool))


# ---- command lines -----------------------------------------------------------------------------------------


class Command:
    """A `$` line and what is expected after it: output, `! ` lines of stderr, `[exit N]`."""

    def __init__(self, text, first_line):
        self.text, self.first, self.expected = text, first_line, []

    def result(self, cwd, env):
        status, stdout, stderr = execute(self.text, cwd, env)
        lines = stdout.splitlines() + ["! " + line if line else "!" for line in stderr.splitlines()]
        return lines + (["[exit %d]" % status] if status else [])


def run_commands(commands, files, tool):
    text = ""
    with tempfile.TemporaryDirectory() as folder:
        for path, content in files.items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)
        (Path(folder) / ".home").mkdir()
        for command in commands:
            got = command.result(folder, environment(tool, Path(folder) / ".home"))
            command.got = got
            text += difference("$ " + command.text, "\n".join(command.expected), "\n".join(got))
    return text


def rewrite(path, commands):
    """Puts what the commands said in place of what was expected of them."""
    lines = path.read_text().split("\n")
    for command in sorted(commands, key=lambda c: -c.first):
        if not matches(command.expected, command.got):
            lines[command.first:command.first + len(command.expected)] = command.got
    path.write_text("\n".join(lines))


def read_cli(path):
    """Yields (name, files, commands).  The file's parts:

        # comments, up to the first part
        --- file NAME        its text, up to the next part; seen by all tests after it
        --- test NAME        commands `$ ...` (run by bash) and what they print
    """
    files, name, commands, current, content = {}, None, [], None, None
    for number, line in enumerate(path.read_text().split("\n"), 1):
        part = re.match(r"--- (file|test) (.*)", line)
        if part:
            if commands:
                yield name, dict(files), commands
            commands, current, content = [], None, None
            name = part[2] if part[1] == "test" else None
            if part[1] == "file":
                content = part[2]
                files[content] = ""
        elif content is not None:
            files[content] += line + "\n"
        elif name is not None and line.startswith("$ "):
            current = Command(line[2:], number)
            commands.append(current)
        elif current and line:
            current.expected.append(line)
        else:
            current = None  # an empty line ends an expectation
    if commands:
        yield name, dict(files), commands


def with_module(path, tools):
    """Some tests are of native code: builds without LLVM do not run them."""
    if path.stem not in ("tskc", "jit", "jit_config", "jit_cache", "jit_seen", "jit_gdb"):
        return tools
    if path.stem == "jit_gdb" and not shutil.which("gdb"):
        print("cli/jit_gdb is left out: there is no gdb", file=sys.stderr)
        return ()
    return tuple(tool for tool in tools if has_module(tool.parent.parent))


def cli_tests(all_tools):
    for path in sorted((TOP / "test/cli").glob("*.test")):
        tools = with_module(path, all_tools)
        if not tools:
            continue
        for name, files, commands in read_cli(path):
            def update(tool, p=path, f=files, c=commands):
                run_commands(c, f, tool)
                rewrite(p, c)
            yield Test("cli/%s/%s" % (path.stem, name), lambda tool, f=files, c=commands: run_commands(c, f, tool), tools, update)


# ---- documentation -----------------------------------------------------------------------------------------


class Example:
    """A block of TuskLang and the block after it that says what comes of it."""

    def __init__(self, path, line, name, source, files):
        self.path, self.line, self.name, self.source, self.files = path, line, name, source, files
        self.kind, self.expected, self.first = None, "", 0

    def run(self, tool):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in dict(self.files, **{self.name: self.source}).items():
                target = Path(folder) / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(content)
            return execute([str(tool), "run", self.name], folder, environment(tool, folder))

    def check(self, tool):
        status, stdout, stderr = self.run(tool)
        if self.kind == "error":
            if status == 0:
                return "an error was expected, but it printed\n" + stdout
            return difference("stderr", self.expected, stderr)
        text = difference("stdout", self.expected, stdout)
        return text + ("exit status %d\n%s" % (status, stderr) if status else "")

    def update(self, tool):
        status, stdout, stderr = self.run(tool)
        lines = self.path.read_text().split("\n")
        got = (stderr if self.kind == "error" else stdout).splitlines()
        old = self.expected.splitlines()
        if not matches(old, got):
            lines[self.first:self.first + len(old)] = got
            self.path.write_text("\n".join(lines))


def read_document(path):
    """Examples in Markdown, by the word after the fence:

        tsk [NAME]    a configuration; a NAME makes it a file that later examples of the same section can use
        js [NAME]     the same of a script
        json, output  directly after it: what `tsk run`, or `tsk js`, prints
        error         directly after it: what it prints to standard error
        console       commands `$ tsk ...` with what they print, run beside the files of the section

    Sections are headings of the first two levels.
    """
    files, example, script, block, lines = {}, None, None, None, path.read_text().split("\n")
    for number, line in enumerate(lines):
        if block is None:
            fence = re.match(r"```(\w+) ?(\S*)\s*$", line)
            if fence:
                block, argument, start = fence[1], fence[2], number + 1
                script = script if block == "output" else None
            elif line.startswith("```"):
                block, argument, start = "", "", number + 1
            elif re.match(r"##? ", line):
                files, example = {}, None
            continue
        if not line.startswith("```"):
            continue
        text = "".join(part + "\n" for part in lines[start:number])
        if block == "tsk":
            example = Example(path, start, argument or "example.tsk", text, dict(files))
            files[argument or "example.tsk"] = text
        elif block == "js":
            script, example = argument or "example.js", None
            files[script] = text
        elif block == "output" and script:
            yield read_console(path, start, "$ tsk js " + script + "\n" + text, dict(files))
            script = None
        elif block in ("json", "output", "error") and example:
            example.kind, example.expected, example.first = block, text, start
            yield example
            example = None
        elif block == "console":
            yield read_console(path, start, text, dict(files))
        block = None


def read_console(path, start, text, files):
    commands = []
    for number, line in enumerate(text.split("\n")[:-1], start + 1):
        if line.startswith("$ "):
            commands.append(Command(line[2:], number))
        elif commands:
            commands[-1].expected.append(line)
    for command in commands:  # blank lines between commands are layout
        while command.expected and not command.expected[-1]:
            command.expected.pop()

    def update(tool):
        run_commands(commands, files, tool)
        rewrite(path, commands)
    return Test("docs/%s:%d" % (path.name, start), lambda tool: run_commands(commands, files, tool), None, update)


def docs_tests(tools):
    for path in sorted((TOP / "docs").glob("*.md")) + [TOP / "README.md"]:
        if not path.exists():
            continue
        for found in read_document(path):
            if isinstance(found, Example):
                found = Test("docs/%s:%d" % (path.name, found.line), found.check, None, found.update)
            found.tools = tools
            yield found


# ---- whole stories -----------------------------------------------------------------------------------------


def e2e_run(function, tool):
    try:
        function(tool)
    except AssertionError as error:
        return "".join(traceback.format_exception(type(error), error, error.__traceback__))[-3000:]
    return ""


def e2e_tests(tools):
    for path in sorted((TOP / "test/e2e").glob("*.py")):
        spec = importlib.util.spec_from_file_location("e2e_" + path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for name, function in vars(module).items():
            if name.startswith("test_"):
                yield Test("e2e/%s/%s" % (path.stem, name[5:].replace("_", "-")), lambda tool, f=function: e2e_run(f, tool), tools)


# ---- tables of library cases ---------------------------------------------------------------------------------


def library_node(table):
    """What Node prints for a table."""
    text = "".join(path.read_text() for path in (table.with_name("prelude.js"), table))
    status, stdout, stderr = execute("node - 2>&1", table.parent, environment(Path("node"), "/nonexistent"), text.encode())
    if status:
        raise ValueError("node: exit status %d\n%s" % (status, stdout))
    return stdout


def library_check(table, tool, extra=None, options=""):
    with tempfile.TemporaryDirectory() as home:
        status, stdout, stderr = execute("%s js %s prelude.js %s 2>&1" % (shlex.quote(str(tool)), options, table.name), table.parent,
                                         environment(tool, home, extra))
    text = difference("(Node)", table.with_suffix(".expected").read_text(), stdout)
    return text + ("exit status %d\n%s" % (status, stderr) if status or stderr else "")


def library_tests(tools):
    for table in sorted((TOP / "test/library").glob("*.js")):
        if table.name != "prelude.js":
            yield Test("library/" + table.stem, lambda tool, t=table: library_check(t, tool), tools,
                       lambda tool, t=table: t.with_suffix(".expected").write_text(library_node(t)))


# The kernels of the benchmarks, so small that a collection at every allocation is soon done.
SMALL_KERNELS = {
    "binary_trees": {"max = 14": "max = 6"},
    "closures": {"round < 900": "round < 2", "i < 1000": "i < 60"},
    "fib": {"fib(34)": "fib(11)"},
    "json_round_trip": {"i < 300": "i < 8", "round < 900": "round < 3", "% 300": "% 8"},
    "map_filter_reduce": {"i < 2000": "i < 30", "round < 1200": "round < 3"},
    "matrix_product": {"n = 200": "n = 7"},
    "nbody": {"i < 120000": "i < 30"},
    "property_mono": {"i < 4000000": "i < 400"},
    "property_poly": {"i < 3600000": "i < 400"},
    "queens": {"n <= 11": "n <= 5"},
    "richards": {"schedule(300000)": "schedule(300)"},
    "sieve": {"round < 6": "round < 2", "sieve(1000000)": "sieve(200)"},
    "sort": {"i < 240000": "i < 120"},
    "spectral_norm": {"norm(340)": "norm(6)"},
    "string_building": {"round < 50": "round < 2", "i < 20000": "i < 120", "i < 5000": "i < 60"},
    "word_count": {"i < 40000": "i < 80", "round < 14": "round < 2"},
}


def stress_kernels(tool, options):
    text = ""
    with tempfile.TemporaryDirectory() as home:
        script = Path(home) / "kernel.js"
        for name, changes in SMALL_KERNELS.items():
            source = (TOP / "benchmarks/kernels" / (name + ".js")).read_text()
            for old, new in changes.items():
                assert old in source, "%s has no '%s'" % (name, old)
                source = source.replace(old, new)
            script.write_text(source)
            wanted = execute(["node", str(script)], home, dict(os.environ))[1]
            status, _, got = execute([str(tool), "js"] + options.split() + [str(script)], home,
                                     environment(tool, home, {"TSK_GC_STRESS": "1"}))
            if status or got != wanted or not wanted:
                text += "%s: exit status %d\n%s" % (name, status, difference("(Node)", wanted, got))
    return text


def stress_tests():
    """Tables that reach much of the library and are done soon, the others with a collection at one of many allocations; in
    native code the first, kernels and generated programs."""
    tool = CHECKED / "bin/tsk"
    ways = {"": ""}
    if has_module(CHECKED):
        ways.update({"native-": "--jit=threshold=1 --no-code-cache"})
        for name, options in (("always", "--jit=always"), ("seen", "--jit=threshold=1"), ("exits", "--jit=threshold=1 --stress-exits=5")):
            options += " --no-code-cache"
            yield Test("stress/kernels-" + name, lambda t, o=options: stress_kernels(tool, o))
            yield Test("stress/programs-" + name, lambda t, o=options: against_node(
                ["programs.mjs", str(tool), "--count", "40", "--seed", "700000", "--batch", "10", "--option", o],
                extra={"TSK_GC_STRESS": "1"}))
    often = ("array_make", "collections", "errors", "group_by", "json", "lang_class", "object_static", "regexp_exec", "string_grow")
    for table in sorted((TOP / "test/library").glob("*.js")):
        if table.stem not in often + ("prelude",):
            every = "99991" if table.stem == "recursion" else "499"  # each collection reads its deep stacks
            yield Test("stress/" + table.stem, lambda t, f=table, e=every: library_check(f, tool, {"TSK_GC_STRESS": e}))
    for way, options in ways.items():
        for name in often:
            if way and name == "string_grow":
                continue  # long, and of texts
            table = TOP / "test/library" / (name + ".js")
            yield Test("stress/" + way + name, lambda t, f=table, o=options: library_check(f, tool, {"TSK_GC_STRESS": "1"}, o))


# ---- limits ----------------------------------------------------------------------------------------------------


def read_limits(path):
    """Yields (line, script, answer); the script prints the value of its last expression, or the name of its error."""
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        text, _, answer = line.rpartition(" => ")
        before, _, last = text.rpartition("; ")
        if not text.endswith((";", "}")):
            text = "%s; print(%s)" % (before, last)
        yield number, "try { %s } catch (e) { print(e.name) }\n" % text, answer


def limit_check(script, answer, tool):
    """Time of the processor counts, so that other work on the machine does not."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.js"
        file.write_text(script)
        status, said, usage = execute_measured([str(tool), "js", "--max-time", "200ms", str(file)], folder, environment(tool, folder))
    used = usage.ru_utime + usage.ru_stime
    stopped = status and "evaluation takes longer than 200 ms" in said
    text = "" if stopped or (answer != "-" and said == answer + "\n") else "it says\n%s" % said[:1000]
    if used > 3:  # 200 ms, and the making of texts of up to 512 MiB beside other tests
        text += "it takes %.2f s\n" % used
    return text and "%s%s" % (script, text)


def limits_tests(tool):
    for number, script, answer in read_limits(TOP / "test/limits.txt"):
        yield Test("limits/%d" % number, lambda t, s=script, a=answer: limit_check(s, a, t), (tool,))


# ---- generated cases against Node ----------------------------------------------------------------------------------


def against_node(arguments, limit=600, extra=None):
    script, *rest = arguments
    status, stdout, stderr = execute(["node", str(TOP / "test/differential" / script)] + rest, TOP, dict(os.environ, **(extra or {})),
                                     limit=limit)
    return "" if status == 0 else "exit status %d\n%s%s" % (status, stdout[-6000:], stderr[-2000:])


def differential_tests(tool):
    workers = ASAN / "differential"
    yield Test("differential/programs", lambda t: against_node(["programs.mjs", str(tool), "--count", "20000", "--jobs", "2"]))
    yield Test("differential/refused", lambda t: against_node(["refused.mjs", str(workers / "syntax_worker"), "--count", "20000"]))
    yield Test("differential/numbers", lambda t: against_node(["numbers.mjs", str(workers / "numbers_worker"), "--count", "20000"]))
    yield Test("differential/regex", lambda t: against_node(["regex.mjs", str(workers / "regex_worker"), "--count", "20000"]))


def native_tests(tool):
    """The same with native code: of everything at once, by what was seen, and with exits where nothing was wrong."""
    ways = {"always": "--jit=always", "seen": "--jit=threshold=1", "exits": "--jit=threshold=1 --stress-exits=7",
            "early-exits": "--jit=always --stress-exits=11"}
    for number, (name, option) in enumerate(ways.items()):
        yield Test("native/" + name, lambda t, o=option, n=number: against_node(
            ["programs.mjs", str(tool), "--count", "100", "--seed", str(100000 * (n + 1)), "--batch", "10", "--jobs", "2", "--option", o]))
    if has_module(tool.parent.parent):
        yield Test("native/ahead", lambda t: against_node(
            ["programs.mjs", str(tool), "--count", "20", "--seed", "900000", "--batch", "10", "--shrink", "0", "--ahead", str(tool.parent / "tskc")]))
        yield Test("native/jitdump", check_jitdump, (tool,))
        yield Test("native/freeing", check_freeing, (tool,))


def read_jitdump(content):
    """{name of a function: (its code, {(file, line)})}, from what perf reads; an exception when it is none."""
    magic, version, size, machine, _, _, _, _ = struct.unpack_from("=6I2Q", content)
    assert (magic, version, size, machine) == (0x4A695444, 1, 40, 62), "header"
    at, lines, functions = size, {}, {}
    while at < len(content):
        kind, size, _ = struct.unpack_from("=2IQ", content, at)
        body = content[at + 16:at + size]
        assert len(body) == size - 16, "the last record is cut off"
        if kind == 0:
            _, _, _, address, code_size, _ = struct.unpack_from("=2I4Q", body)
            name, code = body[40:].split(b"\0", 1)
            assert len(code) == code_size > 0, "size of the code"
            functions[name.decode()] = code, lines.pop(address, set())
        elif kind == 2:
            address, count = struct.unpack_from("=2Q", body)
            rest = body[16:]
            for _ in range(count):
                where, line, _ = struct.unpack_from("=Q2I", rest)
                file, rest = rest[16:].split(b"\0", 1)
                assert where >= address, "a line of other code"
                lines.setdefault(address, set()).add((file.decode(), line))
            assert not rest, "more lines than are counted"
        at += size
    return functions


def check_jitdump(tool):
    script = "function half(n) {\n  return n * 0.5;\n}\nlet s = 0;\nfor (let i = 0; i < 5; i++) s += half(i);\nprint(s);\n"
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "work.js").write_text(script)
        world = environment(tool, home, {"TSK_PERF_DUMP": "1", "TMPDIR": home})
        status, stdout, stderr = execute([str(tool), "js", "--jit=always", "work.js"], home, world)
        dumps = list(Path(home).glob("jit-*.dump"))
        if status or stdout != "5\n" or stderr or len(dumps) != 1:
            return "exit status %d, %d dumps\n%s%s" % (status, len(dumps), stdout, stderr)
        if dumps[0].stat().st_mode & 0o777 != 0o600:
            return "others can read the dump\n"
        functions = read_jitdump(dumps[0].read_bytes())
    lines = functions.get("half", (b"", set()))[1]
    return "" if ("work.js", 2) in lines and all(0 <= line <= 3 for _, line in lines) else "half: %r of %r\n" % (lines, list(functions))


def check_freeing(tool):
    """Ten functions that fight for the room of one: made or loaded, and dropped, thousands of times with flat memory."""
    functions = "".join("const f%d = x => x * %d.5 + %d;\n" % (i, i + 1, i) for i in range(10))
    script = functions + "const all = [%s];\nlet s = 0;\nfor (let i = 0; i < %%d; i++) s += all[i %%%% 10](i);\nprint(s > 0);\n" % \
        ", ".join("f%d" % i for i in range(10))
    command = [str(tool), "js", "--jit=threshold=1", "--jit-only=2-11", "--jit-max-code=8K", "--jit-stats", "work.js"]
    with tempfile.TemporaryDirectory() as home:
        world = environment(tool, home, {"TSK_CACHE_DIR": home + "/code"})

        def rounds(calls, *options):
            """(peak of memory in KiB, pieces taken back)"""
            (Path(home) / "work.js").write_text(script % calls)
            status, text, usage = execute_measured(command + list(options), home, world, 600)
            found = re.search(r"taken back: (\d+) pieces, of which (\d+) are freed", text)
            assert status == 0 and "true" in text and found and found[1] == found[2], text
            return usage.ru_maxrss, int(found[1])

        rounds(100)  # what the others find
        few, many = rounds(1000), rounds(22000)
        compiled_few, compiled = rounds(200, "--no-code-cache"), rounds(1500, "--no-code-cache")
    text = "" if many[1] > 10000 and compiled[1] > 300 else "too few: %d, %d\n" % (many[1], compiled[1])
    for one, other in ((few, many), (compiled_few, compiled)):
        if other[0] > one[0] + 1024:
            text += "%d pieces: %d KiB, %d pieces: %d KiB\n" % (one[1], one[0], other[1], other[0])
    return text


def mutations():
    """{number: what the planted bug is}"""
    table = (TOP / "runtime/base/mutation.h").read_text()
    return {int(number): text for number, text in re.findall(r'M\((\d+), \w+, "(.*?)"\)', table)}


def mutation_found(number, tool, text):
    """Generated programs differ from Node's where, and only where, there is a bug."""
    command = ["node", str(TOP / "test/differential/programs.mjs"), str(tool), "--count", "2000" if number else "400", "--show", "1",
               "--shrink", "0"]
    status, stdout, stderr = execute(command, TOP, dict(os.environ, TSK_MUTATION=str(number)), limit=300)
    found = re.search(r"(\d+) programs compared, (\d+) different\n$", stdout)
    if not found:
        return "exit status %d\n%s%s" % (status, stdout, stderr)
    if number and found[2] == "0":
        return "not found by %s programs: %s" % (found[1], text)
    return "" if number or found[2] == "0" else stdout


def mutation_tests():
    tool = CHECKED / "bin/tsk"
    for number, text in [(0, "no bug")] + sorted(mutations().items()):
        yield Test("mutation/%d" % number, lambda t, n=number, s=text: mutation_found(n, tool, s))


# ---- round trips -------------------------------------------------------------------------------------------

TEXTS = ["", "a", "null", "true", "Yes", "off", "12", "-1.5", "1e5", "0x1f", "8000-9000", "a b", " a ", "a\nb", "a\n\nb\n", "\t", "it's",
         'say "x"', "\\", "\\n", "a\\", "$x", "${x}", "{$x}", "@env(\"A\")", "#c", "a # b", "// c", "http://x", "a: b", "a = b",
         "[x]", "{", "}", "<", ">", ";", ",", "-", "- a", "é", "日本", "😀", "\u200b", "\x01", "\x7f", "\ufeff", '"""', "'''", "<<A", "~",
         "function f() {}", "(x) => x", "1_000", "x ? y : z", "a + b", "a.b", "nil", "undefined", "Infinity", "%", "`"]


def random_value(rng, depth):
    kind = rng.randrange(10 if depth else 7)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind == 1:
        return rng.choice([0, 1, -1, 2147483647, -2147483648, 2147483648, 9223372036854775807, -9223372036854775808, rng.randrange(-10**9, 10**9)])
    if kind == 2:
        return rng.choice([0.5, -0.25, 1e300, 5e-324, 1.7976931348623157e308, 0.1, 123456.789, rng.uniform(-1000, 1000)])
    if kind < 7:
        return rng.choice(TEXTS) if rng.randrange(3) else "".join(rng.choice(TEXTS) for _ in range(3))
    if kind < 8:
        return [random_value(rng, depth - 1) for _ in range(rng.randrange(5))]
    return random_object(rng, depth - 1)


def random_object(rng, depth):
    keys = ["a", "key", "a-b", "a b", "", "1", "true", "if", "$g", "a.b", "x:y", "é", "-", "#", '"', "\n", "@", "null", "'", "["]
    return {rng.choice(keys) + str(rng.randrange(30)) * rng.randrange(2): random_value(rng, depth) for _ in range(rng.randrange(6))}


def same(a, b):
    """Equal in value, type and order of keys."""
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float) or isinstance(b, float):
        return not isinstance(a, (bool, str, type(None))) and not isinstance(b, (bool, str, type(None))) and float(a) == float(b)
    return type(a) is type(b) and a == b


def reread(tool, text, folder, step):
    path = Path(folder) / "x.tsk"
    path.write_text(text)
    env = environment(tool, folder)
    status, stdout, stderr = execute([str(tool), "run", "x.tsk"], folder, env)
    if status:
        raise ValueError("%s: exit status %d\n%s\n%s" % (step, status, stderr, text))
    value = json.loads(stdout)
    status, text, stderr = execute([str(tool), "run", "--format", "tsk", "x.tsk"], folder, env)
    if status:
        raise ValueError("%s as TuskLang: exit status %d\n%s" % (step, status, stderr))
    return value, text


def roundtrip_random(tool, seed):
    """JSON is TuskLang, but for `$` and `{` in strings, which are escaped here."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(8):
            value = random_object(rng, 4)
            # A key that starts with `$` is a global and stays one; the rest of the text is data.
            text = json.dumps(value, ensure_ascii=bool(rng.randrange(2)), indent=rng.choice([None, 2])).replace("$", "\\u0024")
            read, again = reread(tool, text, folder, "JSON")
            if not same(value, read):
                return "read from JSON:\n%s\nexpected %r\ngot      %r" % (text, value, read)
            second, _ = reread(tool, again, folder, "TuskLang")
            if not same(value, second):
                return "written as:\n%s\nexpected %r\ngot      %r" % (again, value, second)
    return ""


def roundtrip_golden(tool, source):
    with tempfile.TemporaryDirectory() as home:
        env = golden_environment(source, tool, home)
        command = [str(tool), "run", source.name, "--format", "tsk"]
        status, text, stderr = execute(command, source.parent, env)
        if status:
            return "exit status %d\n%s" % (status, stderr)
        value = json.loads(source.with_suffix(".json").read_text())
        second, _ = reread(tool, text, home, "TuskLang")
        return "" if same(value, second) else "written as:\n%s\nexpected %r\ngot      %r" % (text, value, second)


def roundtrip_tests(tools):
    for seed in range(1, 13):
        yield Test("roundtrip/random-%d" % seed, lambda tool, s=seed: roundtrip_random(tool, s), tools[-1:])
    root = TOP / "test/golden"
    for source in sorted(root.rglob("*.tsk")):
        out, err = golden_expectations(source)
        text = source.read_text("utf-8", "replace")
        if out and out.suffix == ".json" and not err and not source.with_suffix(".args").exists() and "#!api" not in text:
            name = "roundtrip/" + str(source.relative_to(root).with_suffix(""))
            yield Test(name, lambda tool, s=source: roundtrip_golden(tool, s), tools[-1:])


# ---- formats ---------------------------------------------------------------------------------------------------


def without_null(value):
    if isinstance(value, dict):
        return {key: without_null(item) for key, item in value.items() if item is not None}
    return [without_null(item) for item in value if item is not None] if isinstance(value, list) else value


def convert_random(tool, seed):
    """Through every format that keeps kinds, in any order, data stays what it is; env keeps texts."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as home:
        env = environment(tool, home)
        for n in range(6):
            with_toml = bool(rng.randrange(2))
            value = random_object(rng, 4)
            if with_toml:
                value = without_null(value)
            chain = ["json", "tsk", "yaml"] + ["toml"] * with_toml
            rng.shuffle(chain)
            chain = ["json"] + chain + ["json"]
            (Path(home) / "0.json").write_text(json.dumps(value))
            for i in range(1, len(chain)):
                status, _, stderr = execute([str(tool), "convert", "%d.%s" % (i - 1, chain[i - 1]), "-o", "%d.%s" % (i, chain[i])], home, env)
                if status:
                    return "%s: %s\n%s" % (" ".join(chain[:i + 1]), json.dumps(value), stderr)
            got = json.loads((Path(home) / ("%d.json" % (len(chain) - 1))).read_text())
            if not same(value, got):
                return "%s\nexpected %r\ngot      %r" % (" ".join(chain), value, got)
            texts = {"K%d_%s" % (i, rng.choice("ABC")): rng.choice(["", "a b", "it's", 'q"q', "x$y", "#1", "a\\b", "l1\nl2", "é"]) for i in range(6)}
            (Path(home) / "e.json").write_text(json.dumps(texts))
            for a, b in (("e.json", "e.env"), ("e.env", "f.json")):
                status, _, stderr = execute([str(tool), "convert", a, "-o", b], home, env)
                if status:
                    return "%s to %s: %s\n%s" % (a, b, texts, stderr)
            if json.loads((Path(home) / "f.json").read_text()) != texts:
                return "env: expected %r\n%s" % (texts, (Path(home) / "e.env").read_text())
    return ""


def convert_tests(tools):
    for seed in range(1, 9):
        yield Test("convert/random-%d" % seed, lambda tool, s=seed: convert_random(tool, s), tools[-1:])


# ---- the one style ---------------------------------------------------------------------------------------------


def formatted(tool, text, home, name):
    """The text in the one style, or what is wrong with that."""
    status, once, stderr = execute([str(tool), "fmt", "-"], home, environment(tool, home), stdin=text.encode())
    if status:
        return "", "%s: exit status %d\n%s" % (name, status, stderr)
    status, twice, stderr = execute([str(tool), "fmt", "-"], home, environment(tool, home), stdin=once.encode())
    if status or twice != once:
        return "", "%s: formatting it again: exit status %d\n%s" % (name, status, stderr or difference(name, once, twice))
    return once, ""


def style_random(tool, seed):
    with tempfile.TemporaryDirectory() as home:
        run = lambda text: execute([str(tool), "run", "-"], home, environment(tool, home), stdin=text.encode())
        for n in range(seed * 1000, seed * 1000 + 25):
            source = sources.Source(n)
            status, value, stderr = run(source.text)
            if status:
                return "source %d is not valid\n%s" % (n, stderr)
            text, problem = formatted(tool, source.text, home, "source %d" % n)
            if problem:
                return problem
            if run(text)[1] != value:
                return difference("the value of source %d" % n, value, run(text)[1]) + text
            if re.findall(r"k\d+k", text) != re.findall(r"k\d+k", source.text):
                return "source %d: comments changed\n%s" % (n, text)
            if [line for line in text.split("\n") if line != line.rstrip() and line != " b  "]: # which is in a string
                return "source %d: a blank ends a line\n%s" % (n, text)
    return ""


def style_file(tool, source):
    """The same arguments give the same output for the file as for what is made of it."""
    with tempfile.TemporaryDirectory() as home:
        text, problem = formatted(tool, source.read_bytes().decode(), home, source.name)
        if problem:
            return problem
        env = golden_environment(source, tool, home)
        there = Path(home) / "there"
        shutil.copytree(source.parent, there)
        (there / source.name).write_text(text, newline="")
        before = execute([str(tool), "run", source.name], source.parent, env)
        after = execute([str(tool), "run", source.name], there, env)
        return difference("its value", before[1], after[1])


# ---- values that are set -----------------------------------------------------------------------------------------


def leaves(value, path=""):
    """Paths of what is no object and no list, as `tsk get` takes them."""
    if isinstance(value, dict):
        for key, item in value.items():
            plain = re.fullmatch(r"\$?[A-Za-z_][\w-]*", key)
            yield from leaves(item, path + ("." if path else "") + (key if plain else '"%s"' % key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from leaves(item, "%s[%d]" % (path, i))
    else:
        yield path


def set_random(tool, seed):
    """Set, then get, is the value; a value on one line changes one line; what is added and removed leaves the text as it was."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as home:
        env = environment(tool, home)
        call = lambda *arguments: execute([str(tool), *arguments], home, env)
        file = Path(home) / "x.tsk"
        for n in range(seed * 1000, seed * 1000 + 8):
            text = sources.Source(n).text
            file.write_text(text, newline="")
            raw = json.loads(call("parse", "--raw", "x.tsk")[1])
            paths = list(leaves(raw))
            for path in rng.sample(paths, min(4, len(paths))) + ["brand.new", "%s_2" % (paths or ["a"])[0].split("[")[0].strip('"')]:
                if '"' in path and path.endswith("_2"):
                    continue
                file.write_text(text, newline="")
                value = rng.choice([5, -2.5, "word", "two words", "it's \"x\" ${y}", True, None, [1, "a"], {"k": 1}])
                word = value if isinstance(value, str) else json.dumps(value)
                what = "source %d: %s := %s\n" % (n, path, word)
                status, _, stderr = call("set", "x.tsk", path, "--", word)
                if "on the way to it is no block" in stderr:  # a range, written as one
                    continue
                if status:
                    return what + stderr + text
                got = call("get", "x.tsk", path, "--json", "--compact")
                if got[0] or json.loads(got[1]) != value:
                    return what + "got %s%s" % (got[1], got[2]) + file.read_bytes().decode()
                before, after = text.split("\n"), file.read_bytes().decode().split("\n")
                changed = [tag for tag in difflib.SequenceMatcher(None, before, after, False).get_opcodes() if tag[0] != "equal"]
                if len(changed) > 1:
                    return what + "%d places changed\n" % len(changed) + "\n".join(after)
                if path in paths and len(before) == len(after) and changed and changed[0][2] - changed[0][1] > 1:
                    return what + "more than one line changed\n" + "\n".join(after)
                if path not in paths and not path.startswith("brand"):
                    status, _, stderr = call("set", "--delete", "x.tsk", path)
                    if status or file.read_bytes().decode().rstrip("\r\n") != text.rstrip("\r\n"):
                        return what + "removing it again: exit status %d %s\n%s" % (status, stderr, file.read_bytes().decode())
    return ""


def set_tests(tools):
    for seed in range(1, 9):
        yield Test("set/random-%d" % seed, lambda tool, s=seed: set_random(tool, s), tools[-1:])


def style_tests(tools):
    for seed in range(1, 13):
        yield Test("style/random-%d" % seed, lambda tool, s=seed: style_random(tool, s), tools[-1:])
    for root in (TOP / "examples", TOP / "test/golden"):
        for source in sorted(root.rglob("*.tsk")):
            if "errors" not in source.parts and not source.with_suffix(".err").exists():
                name = "style/" + str(source.relative_to(root.parent).with_suffix(""))
                yield Test(name, lambda tool, s=source: style_file(tool, s), tools[-1:])


# ---- allocation failures, unit tests, fuzzing ----------------------------------------------------------------


def failing_allocations(tool, arguments, quick=5000):
    """Fails the 1st, the 2nd, ... allocation and all after it, until the run gets through; from `quick` on every 7th."""
    with tempfile.TemporaryDirectory() as home:
        command = [str(tool)] + arguments
        status, expected, stderr = execute(command, TOP, environment(tool, home))
        if status:
            return "exit status %d without a failing allocation\n%s" % (status, stderr)
        for n in [*range(1, quick), *range(quick, 5000, 7)]:
            status, stdout, stderr = execute(command, TOP, environment(tool, home, {"TSK_FAIL_ALLOC": str(n)}))
            if status == 0 and stdout == expected:
                return "" if n > 1 else "no allocation was counted: is TUSK_FAIL_ALLOC on in this build?"
            if status == 0:
                return "allocation %d fails, the status is 0 and the output wrong:\n%s" % (n, stdout)
            if status < 0 or status >= 23 or "Sanitizer" in stderr:
                return "allocation %d fails: exit status %d\n%s" % (n, status, stderr)
        return "still failing after 5000 allocations"


def alloc_tests():
    tool = ASAN / "bin/tsk"
    for source in sorted((TOP / "examples").glob("*.tsk")):
        yield Test("alloc/" + source.name, lambda t, s=source: failing_allocations(t, ["run", str(s)]), (tool,))
    for source in sorted((TOP / "test/alloc").glob("*.js")):
        yield Test("alloc/" + source.name, lambda t, s=source: failing_allocations(t, ["js", str(s)], 200), (tool,))
    call = ["call", "examples/functions.tsk", "pricing.quote", '[{"sku": "tea", "price": 4.5, "count": 12}]', '"gold"']
    yield Test("alloc/call", lambda t: failing_allocations(t, call, 200), (tool,))


def unit_run(binary):
    with tempfile.TemporaryDirectory() as home:
        status, stdout, stderr = execute([str(binary), "-j2"], TOP, environment(binary, home), limit=300)
    text = stdout + stderr
    found = re.search(r"Tested: (\d+) \| Passing: (\d+) \| Failing: (\d+) \| Crashing: (\d+)", text)
    if not found:
        return 0, 1, "exit status %d\n%s" % (status, text)
    passed, failed = int(found[2]), int(found[3]) + int(found[4])
    if status and not failed:
        failed = 1
    return passed, failed, text if failed else ""


def unit_tests():
    for binary in sorted((ASAN / "unit").glob("test_*")):
        yield Test("unit/" + binary.name[5:], lambda tool, b=binary: unit_run(b))


def fuzz_inputs(name):
    """The kept corpus; what else is written in the language is a seed too."""
    folders = [TOP / "test/fuzz/corpus" / ("parse" if name == "source" else name)]
    if name in ("parse", "source"):
        folders += [TOP / "examples", TOP / "test/golden"]
    return [folder for folder in folders if folder.is_dir()]


def replay(name):
    target = ASAN / "fuzz" / ("fuzz_" + name)
    files = [str(path) for folder in fuzz_inputs(name) for path in sorted(folder.rglob("*")) if path.is_file()]
    with tempfile.TemporaryDirectory() as home:
        status, stdout, stderr = execute([str(target)] + files, home, environment(target, home))
    return "" if status == 0 else "exit status %d\n%s%s" % (status, stdout, stderr)


def fuzz(name, seconds):
    target = FUZZ / "fuzz" / ("fuzz_" + name)
    if not target.exists():
        return "%s is not built" % target.relative_to(TOP)
    artifacts = FUZZ / "artifacts"
    artifacts.mkdir(exist_ok=True)
    words = TOP / "test/fuzz" / (name + ".dict")
    dictionary = ["-dict=%s" % words] if words.exists() else []
    with tempfile.TemporaryDirectory() as found:
        command = [str(target), "-max_total_time=%d" % seconds, "-timeout=10", "-rss_limit_mb=2560", "-max_len=4096", "-detect_leaks=0",
                   "-print_final_stats=1",
                   "-artifact_prefix=%s/" % artifacts] + dictionary + [found] + [str(folder) for folder in fuzz_inputs(name)]
        # One program lives as long as the process and keeps every expression; leaks are looked for by the replay group.
        world = environment(target, found, {"ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1"})
        status, stdout, stderr = execute(command, found, world, limit=seconds + 120)
    return "" if status == 0 else "exit status %d\n%s" % (status, stderr[-6000:])


def fuzz_tests(seconds):
    for path in sorted((TOP / "test/fuzz").glob("fuzz_*.c")):
        name = path.stem[5:]
        yield Test("replay/" + name, lambda tool, n=name: replay(n))
        if seconds:
            yield Test("fuzz/" + name, lambda tool, n=name: fuzz(n, seconds))


# ---- threads ---------------------------------------------------------------------------------------------------


def threads_run(name, *arguments):
    """Functions of one program called from many threads, under the thread sanitizer."""
    program = TSAN / "bin" / name
    command = ["setarch", "-R", str(program)] + list(arguments)  # it knows no other layouts of memory
    with tempfile.TemporaryDirectory() as home:
        status, stdout, stderr = execute(command, home, environment(program, home, {"TSAN_OPTIONS": "halt_on_error=0:exitcode=66"}),
                                         limit=300)
    return "" if status == 0 else "exit status %d\n%s%s" % (status, stdout, stderr)


def threads_tests():
    yield Test("threads/functions", lambda tool: threads_run("threads", str(TOP / "examples/functions.tsk")))
    if not has_module(TSAN):
        return
    for way in ("on", "threshold", "room"):
        yield Test("threads/native-" + way, lambda tool, w=way: threads_run("native_threads", str(TOP / "test/threads/native.tsk"), w))


# ---- built-in functions ------------------------------------------------------------------------------------------

BUILTINS = TOP / "test/builtins"


def builtin_rows():
    """(number, signature, summary, example, result) of ir/tables/builtins.def."""
    text = r'"((?:[^"\\]|\\.)*)"'
    found = re.findall(r"^B\((\w+),\s*%s,\s*%s,\s*%s,\s*%s\)" % (text, text, text, text), (TOP / "ir/tables/builtins.def").read_text(), re.M)
    return [(row[0],) + tuple(json.loads('"%s"' % part) for part in row[1:]) for row in found]


def operator_rows():
    """{number: (name, effect, special)} of ir/tables/operators.def."""
    found = re.findall(r'^X\((\w+), "(\w+)", -?\d+, -?\d+, (\w+), [^,]+, (\w+)\)', (TOP / "ir/tables/operators.def").read_text(), re.M)
    return {number: (name, effect, function == "tsk_op_special") for number, name, effect, function in found}


def guide_names():
    """Names of test/builtins/names.txt, as a configuration writes them."""
    for line in (BUILTINS / "names.txt").read_text().splitlines():
        line = line.split("#")[0].strip()
        space = re.match(r"(\w+): (.*)", line)
        if line and not line.startswith("["):
            yield from (("%s.%s" % (space[1], name)) for name in space[2].split()) if space else line.split()


def evaluate_lines(tool, lines, command=("run", "--compact", "--keep-going")):
    with tempfile.TemporaryDirectory(prefix="tusk-") as folder:
        for file in (BUILTINS / "files").iterdir():
            (Path(folder) / file.name).write_bytes(file.read_bytes())
        (Path(folder) / "all.tsk").write_text("".join("k%d: %s\n" % line for line in enumerate(lines)))
        return execute([str(tool), *command, "all.tsk"], folder, environment(tool, folder))


def check_builtin_rows(tool):
    rows, operators = builtin_rows(), operator_rows()
    documented = {row[0] for row in rows}
    text = "".join("%s has no row in builtins.def\n" % number for number in operators if number not in documented)
    return text + "".join("%s is no operator\n" % number for number in documented if number not in operators)


def check_builtin_names(tool):
    names = [name for name in guide_names() if name != "php"] # that one is refused already when a file is read
    spelled = [form(name) for name in names for form in (str, str.upper, lambda n: n.replace("_", ""), lambda n: n if "." in n else "_".join(n))]
    status, stdout, stderr = evaluate_lines(tool, ["@%s()" % name for name in spelled] + ["@no_such_name()"],
                                            ("validate", "--max-errors", "100000"))
    text = stdout + stderr
    unknown = set(re.findall(r"no operator is called `([^`]+)`", text))
    return "".join("%s is unknown\n" % name for name in sorted(unknown - {"no_such_name"})) + (
        "" if "no_such_name" in unknown else "unknown names are not found:\n%s" % text[:2000])


def compare_examples(tool, rows, lines):
    status, stdout, stderr = evaluate_lines(tool, lines)
    if not stdout:
        return stderr
    values = json.loads(stdout)
    return stderr + "".join("%s\n  is %s\n  not %s\n" % (line, json.dumps(values["k%d" % i]), row[4])
                            for i, (row, line) in enumerate(zip(rows, lines)) if values["k%d" % i] != json.loads(row[4]))


def check_builtin_examples(tool):
    rows = builtin_rows()
    return compare_examples(tool, rows, [row[3] for row in rows])


def check_builtin_examples_at(tool):
    rows = [row for row in builtin_rows() if re.match(r"\w+\(", row[3])]
    return compare_examples(tool, rows, ["@" + row[3] for row in rows])


def check_builtin_folding(tool):
    """Pure operators with constant arguments leave nothing to do at run time."""
    operators = operator_rows()
    rows = [row for row in builtin_rows() if operators[row[0]][1] == "PURE" and not operators[row[0]][2] and re.match(r"@?\w+\(", row[3])
            and not re.search(r"=>|\?\?|_file|\w\('tea\.|jwt|hash_password|crypt", row[3])]
    status, stdout, stderr = evaluate_lines(tool, [row[3] for row in rows], ("ir",))
    left = set(re.findall(r"^func @?k(\d+)\b(?:(?!^func|\n\}).)*?\b(?:op|method)\b", stdout, re.M | re.S))
    return stderr + ("" if rows else "no rows\n") + "".join("%s is not folded\n" % rows[int(i)][3] for i in sorted(left, key=int))


def builtin_help(tool):
    return execute([str(tool), "help", "--builtins", "--markdown"], TOP, environment(tool, TOP))[1]


def check_builtin_help(tool):
    return difference("docs/builtins.md", (TOP / "docs/builtins.md").read_text(), builtin_help(tool))


def update_builtin_help(tool):
    (TOP / "docs/builtins.md").write_text(builtin_help(tool))


def builtin_tests(tools):
    release = (tools[-1],)
    yield Test("builtins/rows", check_builtin_rows)
    yield Test("builtins/help", check_builtin_help, release, update_builtin_help)
    for name, check in (("names", check_builtin_names), ("examples", check_builtin_examples), ("examples-at", check_builtin_examples_at),
                        ("folding", check_builtin_folding)):
        yield Test("builtins/" + name, check, release)


# ---- rules of the house ----------------------------------------------------------------------------------------


def check_layers(tool):
    status, stdout, stderr = execute([str(TOP / "tools/check-layers")], TOP, dict(os.environ))
    return stdout + stderr if status else ""


def check_exports(tool):
    status, stdout, stderr = execute(["nm", "-D", "--defined-only", str(RELEASE / "lib/libtusk.so")], TOP, dict(os.environ))
    names = [line.split()[-1].split("@")[0] for line in stdout.splitlines()]
    wrong = [name for name in names if not name.startswith(("tusk_", "__jit_debug_")) and name != "TUSK_1"]
    declared = set(re.findall(r"\b(tusk_\w+)\(", re.sub(r"/\*.*?\*/", "", (TOP / "runtime/include/tusk/tusk.h").read_text(), flags=re.S)))
    missing = sorted(declared - set(names))
    text = "exported, but not public: %s\n" % ", ".join(wrong) if wrong else ""
    return text + ("declared in tusk.h, but not exported: %s\n" % ", ".join(missing) if missing else "") + (stderr if status else "")


def check_needed(tool):
    """tsk maps libc and nothing else."""
    status, stdout, stderr = execute(["readelf", "-d", str(RELEASE / "bin/tsk")], TOP, dict(os.environ))
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", stdout)
    needed = [name for name in needed if not name.startswith("ld-linux")]  # the loader, mapped in any case
    return "" if status == 0 and needed == ["libc.so.6"] else "needed: %s\n%s" % (", ".join(needed), stderr)


def check_error_codes(tool):
    table = dict((int(number), name) for name, number in re.findall(r"^X\((\w+), (\d+)", (TOP / "runtime/base/errors.def").read_text(), re.M))
    documented = [int(number) for number in re.findall(r"^## E(\d{4})", (TOP / "docs/errors.md").read_text(), re.M)]
    text = "".join("docs/errors.md has no section E%04d (%s)\n" % (n, table[n]) for n in sorted(set(table) - set(documented)))
    text += "".join("docs/errors.md has a section E%04d, which is no code\n" % n for n in sorted(set(documented) - set(table)))
    return text + ("the sections are not in order\n" if documented != sorted(documented) else "")


def check_cli_help(tool):
    status, stdout, stderr = execute([str(tool), "help", "--markdown"], TOP, environment(tool, TOP))
    return difference("docs/cli.md", (TOP / "docs/cli.md").read_text(), stdout)


def update_cli_help(tool):
    (TOP / "docs/cli.md").write_text(execute([str(tool), "help", "--markdown"], TOP, environment(tool, TOP))[1])


def check_embedding(tool):
    """The example of the README, linked with the shared library."""
    program = ASAN / "examples/embed"
    with tempfile.TemporaryDirectory() as home:
        status, stdout, stderr = execute([str(program), str(TOP / "examples/shop.tsk")], TOP, environment(program, home))
    return "" if status == 0 and stdout else "exit status %d\n%s%s" % (status, stdout, stderr)


def check_compiled(tool):
    """The example with a compiled configuration, as this build makes it and as somebody else would with an installed Tusk."""
    program = TOP / "build/release/examples/compiled/server"
    expected = "prices at http://localhost:8080\n10 cost 118.75\n100 cost 1187.5\n1000 cost 11875\nSOLD!\n"
    with tempfile.TemporaryDirectory() as home:
        env = dict(environment(program, home), LD_LIBRARY_PATH=home + "/there/lib")
        commands = [[str(program)],
                    ["cmake", "--install", str(TOP / "build/release"), "--prefix", home + "/there"],
                    ["cmake", "-S", str(TOP / "examples/compiled"), "-B", home + "/b", "-DCMAKE_PREFIX_PATH=" + home + "/there"],
                    ["cmake", "--build", home + "/b"],
                    [home + "/b/server"]]
        for command in commands:
            status, stdout, stderr = execute(command, home, env)
            if status or (command[0].endswith("server") and stdout != expected):
                return "%s: exit status %d\n%s%s" % (" ".join(command), status, stdout, stderr)
    return ""


def house_tests(tools):
    release = (RELEASE / "bin/tsk",)
    yield Test("house/layers", check_layers)
    yield Test("house/exports", check_exports)
    yield Test("house/needed-libraries", check_needed)
    yield Test("house/error-codes", check_error_codes)
    yield Test("house/command-line-help", check_cli_help, release, update_cli_help)
    yield Test("house/embedding", check_embedding)
    yield Test("house/compiled-configuration", check_compiled)


# ---- all of them -------------------------------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser(description="runs the tests")
    parser.add_argument("filter", nargs="?", default="")
    parser.add_argument("--update", action="store_true", help="write what tsk says now into the expectations")
    parser.add_argument("--list", action="store_true", help="print the names only")
    parser.add_argument("--tsk", help="run golden, cli and docs tests with this binary only")
    parser.add_argument("--fuzz-seconds", type=int, default=15)
    options = parser.parse_args()

    tools = (ASAN / "bin/tsk", RELEASE / "bin/tsk")
    if options.tsk:
        tools = (Path(options.tsk).resolve(),)
    groups = [house_tests(tools), builtin_tests(tools), unit_tests(), golden_tests(tools), cli_tests(tools), docs_tests(tools), e2e_tests(tools), library_tests(tools),
              limits_tests(tools[-1]),
              differential_tests(tools[-1]), native_tests(tools[-1]), mutation_tests(), stress_tests(), roundtrip_tests(tools), style_tests(tools), set_tests(tools), convert_tests(tools),
              alloc_tests(),
              fuzz_tests(options.fuzz_seconds),
              threads_tests()]
    tests = [test for group in groups for test in group if options.filter in test.name]

    if options.list:
        print("\n".join(test.name for test in tests))
        return 0
    if options.update:
        # Backwards, so that an update moves no line that another one is going to look for.
        for test in reversed(tests):
            if test.update:
                test.update(test.tools[-1])
        return 0

    passed = failed = 0
    counts = {}
    with concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        for test, (good, bad, text) in zip(tests, pool.map(lambda test: test(), tests)):
            passed, failed = passed + good, failed + bad
            group = test.name.split("/")[0]
            counts[group] = counts.get(group, 0) + good
            if bad:
                print("FAIL %s\n%s" % (test.name, "".join("    %s\n" % line for line in text.splitlines()[:60])), flush=True)
    for group, count in counts.items():
        print("%-10s %5d passed" % (group, count))
    if not tests:
        print("no test has '%s' in its name" % options.filter)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not tests else 0


if __name__ == "__main__":
    sys.exit(main())
