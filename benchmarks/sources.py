#!/usr/bin/env python3
"""Time and memory of the commands that change sources, on 10 MB each.

    benchmarks/sources.py [TSK]        build/bin/tsk unless another one is named

A row: what was done, seconds of the processor, peak memory, and that as a multiple of the file's size.  The texts are made
here: `settings` has sections of plain values, `expressions` little else than what is computed, `data` is one JSON object."""
import os
import random
import sys
import tempfile
from pathlib import Path

SIZE = 10 << 20


def settings(rng):
    i = 0
    while True:
        i += 1
        if i % 20 == 0:
            yield "\n[section_%d]" % i
        yield rng.choice(['key_%d: "value of %d"', "count_%d = %d", "# about %d and %d", "list_%d: [1,2, %d]", "flag_%d:  true # %d"]) % (i, i)


def expressions(rng):
    for i in range(1 << 30):
        yield rng.choice(['e%d: (n1 + %d)*  @max(1,2) > 3 ? "a"+"b" : [1,2,{x:1}]', "b%d { a: %d, b: 2 }", "n%d = %d"]) % (i, i)


def data():
    items, size = [], 0
    while size < SIZE:
        i = len(items)
        items.append('{"id": %d, "name": "item %d", "tags": ["a", "b"], "share": %r}' % (i, i, i / 7))
        size += len(items[-1]) + 2
    return '{"items": [%s]}\n' % ", ".join(items)


def text_of(lines):
    parts, size = [], 0
    for line in lines:
        parts.append(line)
        size += len(line) + 1
        if size >= SIZE:
            return "\n".join(parts) + "\n"


def measure(command):
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit("%s: status %d" % (" ".join(command), status))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def main():
    tool = str(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "build/bin/tsk").resolve())
    texts = {"settings": text_of(settings(random.Random(1))), "expressions": text_of(expressions(random.Random(1))), "data": data()}
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "x.tsk")
        for name, text in texts.items():
            key = "items[7].name" if name == "data" else "brand.new"
            for what in (["fmt", file], ["fmt", "--check", file], ["set", file, key, "5"]):
                if what[:2] != ["fmt", "--check"]:
                    Path(file).write_text(text)
                seconds, peak = measure([tool] + what)
                print("%-12s %-12s %6.2f s %7.1f MB %5.1fx" % (name, " ".join(what[:-1] if what[0] == "fmt" else what[:1]), seconds, peak / 1e6, peak / len(text)))


if __name__ == "__main__":
    main()
