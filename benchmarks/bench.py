#!/usr/bin/env python3
"""Runs the benchmarks and prints their tables; ./tools/dev bench builds what it needs and calls it.

    bench.py [NAME...] [--generator PATH] [--seed N] [--rounds N] [--only KERNEL...]

Names: parse, memory, startup, scaling, lookup, call, kernels, jit, pauses, serve.  --rounds is for kernels, jit and serve, --only for the first two.  --generator takes another program with the options of gen.py
(--shape realistic --seed --size --out --json) for the realistic files; scaling always uses our own shapes.
"""
import argparse
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import kernels
import native
import serve

TOP = Path(__file__).resolve().parent.parent
BIN = TOP / "build/release/benchmarks"
TSK = TOP / "build/bin/tsk"
DATA = TOP / "build/bench-data"
SIZES = (("1 KB", 1000), ("100 KB", 100000), ("1 MB", 1000000), ("10 MB", 10000000))


class Bench:
    def __init__(self, options):
        self.generator, self.seed, self.rounds, self.only = options.generator, options.seed, options.rounds, options.only

    def realistic(self, size):
        """(FILE.tsk, FILE.json)"""
        return self.generate(self.generator, "realistic", "--size", size)

    def shape(self, shape, n):
        return self.generate(TOP / "benchmarks/gen.py", shape, "--n", n)

    def generate(self, generator, shape, option, n):
        DATA.mkdir(parents=True, exist_ok=True)
        stem = DATA / ("%s-%s-%d-%d" % (Path(generator).resolve().parent.name, shape, n, self.seed))
        tsk, data = stem.with_suffix(".tsk"), stem.with_suffix(".json")
        if not data.exists() or data.stat().st_mtime < Path(generator).stat().st_mtime:
            run([sys.executable, str(generator), "--shape", shape, option, str(n), "--seed", str(self.seed), "--out", str(tsk), "--json", str(data)])
        return tsk, data


def run(command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def rows(text):
    """{name: (median, lower quartile, upper quartile)}"""
    return {line.split()[0]: tuple(map(float, line.split()[1:])) for line in text.splitlines()}


def spread(row):
    return "%.1f%%" % ((row[2] - row[1]) / row[0] * 100)


def duration(ns):
    for unit, factor in (("ns", 1), ("us", 1e3), ("ms", 1e6)):
        if ns < factor * 1000:
            return "%.*f %s" % (2 if ns < factor * 10 else 1, ns / factor, unit)
    return "%.2f s" % (ns / 1e9)


def table(head, lines):
    widths = [max(len(str(row[i])) for row in [head] + lines) for i in range(len(head))]
    print("  ".join(cell.ljust(width) for cell, width in zip(head, widths)).rstrip())
    print("  ".join("-" * width for width in widths))
    for row in lines:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
    print()


def verdict(ratio, bar):
    return "ok" if ratio <= bar else "LOST"


def agrees(tsk, data):
    """Measuring makes sense only if what was read is what was written."""
    def numbers(value):  # 1.0 and 1 are one number in JSON
        if isinstance(value, dict):
            return {key: numbers(item) for key, item in value.items()}
        if isinstance(value, list):
            return [numbers(item) for item in value]
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return numbers(json.loads(run([TSK, "run", "--compact", tsk]))) == numbers(json.loads(data.read_text()))


def parse(bench):
    print("parse: source text to a document ready for look-ups, and its release; samples in turn, median of 30\n")
    lines = []
    for name, size in SIZES:
        tsk, data = bench.realistic(size)
        if not agrees(tsk, data):
            print("%s: the values are WRONG" % tsk.name)
        found = rows(run([BIN / "parse_bench", "compare", tsk, data]))
        mine = found["tusk"]
        for other, bar in (("rapidjson", 1.0), ("cjson", 1.0)):
            ratio = mine[0] / found[other][0]
            lines.append((name, other, duration(mine[0]), duration(found[other][0]), "%.2f" % ratio, spread(mine), spread(found[other]),
                          "%.0f MB/s" % (tsk.stat().st_size / mine[0] * 1e3), verdict(ratio, bar)))
    table(("size", "against", "tusk", "other", "tusk/other", "spread", "other's", "tusk reads", "at most 1.00"), lines)


def peak_kib(command):
    """Peak resident memory; the helper starts the command with vfork, so what this program uses does not count."""
    return int(run([BIN / "startup_bench", "1"] + command).split()[3])


def memory(bench):
    print("memory: peak of a process that holds the 10 MB document\n")
    tsk, data = bench.realistic(10000000)
    lines = []
    for name, command, bar in (("tusk", [BIN / "parse_bench", "hold", "tusk", tsk], 45), ("tsk run", [TSK, "run", tsk], 45),
                               ("tsk get", [TSK, "get", tsk, "stage", "--default", "-"], 45),
                               ("rapidjson", [BIN / "parse_bench", "hold", "rapidjson", data], None),
                               ("cjson", [BIN / "parse_bench", "hold", "cjson", data], None)):
        peak = peak_kib(command) / 1024
        lines.append((name, "%.1f MiB" % ((data if "json" in name else tsk).stat().st_size / 1048576),
                      "%.1f MiB" % peak, verdict(peak, bar) if bar else ""))
    table(("who", "file", "peak", "at most 45 MiB"), lines)


def startup(bench):
    print("startup: whole processes, from vfork to wait4; 1 KB of configuration; in turn, median of 500\n")
    tsk, _ = bench.realistic(1000)
    commands = (("empty program", [BIN / "empty"]), ("tsk run", [TSK, "run", tsk]), ("tsk get", [TSK, "get", tsk, "stage", "--default", "-"]),
                ("tsk version", [TSK, "version"]))
    words = []
    for _, command in commands:
        words += command + ["--"]
    found = [tuple(map(float, line.split())) for line in run([BIN / "startup_bench", "500"] + words).splitlines()]
    floor, lines = found[0][0], []
    for (name, _), row in zip(commands, found):
        ratio = row[0] / floor
        lines.append((name, "%.0f us" % row[0], "%.2f" % ratio, spread(row), "%.1f MiB" % (row[3] / 1024),
                      "" if name == "empty program" else "%s, %s" % (verdict(ratio, 2), verdict(row[3] / 1024, 6))))
    table(("process", "time", "/empty", "spread", "peak", "at most 2.00, 6 MiB"), lines)
    trace = subprocess.run([str(TSK), "run", str(tsk)], env=dict(os.environ, LD_TRACE_LOADED_OBJECTS="1"), stdout=subprocess.PIPE, check=True)
    names = [line.split()[0].decode() for line in trace.stdout.splitlines()]
    print("mapped: %s\n" % ", ".join(Path(name).name for name in names))


def scaling(bench):
    print("scaling: exponent of the time between the smaller and the larger; 1 is linear; keys are computed too\n")
    lines = []

    def row(name, small, large):
        times = [rows(run([BIN / "parse_bench", "alone", "--evaluate", path]))["tusk"][0] for path in (small, large)]
        sizes = [path.stat().st_size for path in (small, large)]
        exponent = math.log(times[1] / times[0]) / math.log(sizes[1] / sizes[0])
        lines.append((name, "%.1f KB" % (sizes[0] / 1e3), duration(times[0]), "%.1f MB" % (sizes[1] / 1e6), duration(times[1]),
                      "%.3f" % exponent, verdict(exponent, 1.05)))

    row("realistic", bench.realistic(100000)[0], bench.realistic(10000000)[0])
    for name, shape, small, large in (("100,000 sections", "sections", 1000, 100000), ("400,000 keys in one", "keys", 4000, 400000),
                                      ("100,000 parts added", "concat", 1000, 100000), ("a 10 MB string", "string", 100000, 10000000)):
        row(name, bench.shape(shape, small)[0], bench.shape(shape, large)[0])
    table(("shape", "small", "time", "large", "time", "exponent", "at most 1.050"), lines)


def paths_of(value, prefix, found):
    for key, item in value.items():
        if isinstance(item, dict):
            paths_of(item, prefix + key + ".", found)
        else:
            found.append(prefix + key)


def lookup(bench):
    print("lookup: one call of tusk_get with a dotted path, in a loaded document; one computed key\n")
    lines = []
    for name, size in SIZES[1:]:
        tsk, data = bench.realistic(size)
        found = []
        paths_of({key: value for key, value in json.loads(data.read_text()).items() if isinstance(value, dict)}, "", found)
        chosen = found[:: max(1, len(found) // 256)][:256]
        row = rows(run([BIN / "lookup_bench", tsk] + chosen))["lookup"]
        lines.append(("256 paths, " + name, "%.1f ns" % row[0], spread(row), verdict(row[0], 30), "at most 30"))
    tsk, data = bench.realistic(1000)
    found = []
    paths_of({key: value for key, value in json.loads(data.read_text()).items() if isinstance(value, dict)}, "", found)
    row = rows(run([BIN / "lookup_bench", tsk, found[0]]))["lookup"]
    lines.append(("1 path, 1 KB", "%.1f ns" % row[0], spread(row), verdict(row[0], 30), "at most 30"))
    thunks = rows(run([BIN / "lookup_bench", "--thunks", "10000"]))
    beyond = thunks["thunk"][0] - thunks["clock"][0]
    lines.append(("computed key, first time", "%.1f ns" % thunks["thunk"][0], spread(thunks["thunk"]), verdict(beyond, 200),
                  "at most 200 beyond the clock's %.0f" % thunks["clock"][0]))
    lines.append(("computed key, again", "%.1f ns" % thunks["again"][0], spread(thunks["again"]), "", ""))
    table(("what", "time", "spread", "", ""), lines)


def functions(bench):
    kernels.run(TSK, BIN / "startup_bench", DATA, table, bench.rounds, bench.only)


def jit(bench):
    native.run(TSK, DATA, table, bench.rounds, bench.only)


def call(bench):
    print("call: a small function of a configuration from C, by a prepared handle, interpreted; limit 50 ns\n")
    print(run([BIN / "call_bench", "1"]))


def requests(bench):
    print("serve: a small #!api rule over loopback, 64 connections")
    serve.run(TSK, bench.rounds)


def pauses(bench):
    print("pauses: minor collections and steps of full ones, in processor time; functions with 64 MiB alive; 10,000 calls\n")
    folder = TOP / "benchmarks/pauses"

    def measure(*names):
        return [list(map(float, line.split())) for line in run([BIN / "pause_bench"] + [folder / (name + ".js") for name in names]).splitlines()]

    (count, middle, high, longest, live, _, *parts), = measure("live")
    table(("pauses", "live", "median", "p99.9", "longest", "p99.9 at most 2 ms"),
          [("%d" % count, "%.1f MiB" % (live / 1048576), "%.0f us" % middle, "%.0f us" % high, "%.0f us" % longest, verdict(high, 2000))])
    table(("longest spent in a pause on", "clearing", "tracing", "roots", "weak cells", "sweeping"), [("", *("%.0f us" % part for part in parts))])
    _, first, rest = measure("call", "first", "rest")
    table(("reserved after 1,000 calls", "after 10,000", "at most 1.10"),
          [("%.2f MiB" % (first[5] / 1048576), "%.2f MiB" % (rest[5] / 1048576), verdict(rest[5] / first[5], 1.1))])


def main():
    benches = {"parse": parse, "memory": memory, "startup": startup, "scaling": scaling, "lookup": lookup, "call": call, "kernels": functions, "jit": jit, "pauses": pauses, "serve": requests}
    parser = argparse.ArgumentParser(description="runs the benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(benches))
    parser.add_argument("--generator", default=TOP / "benchmarks/gen.py")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="*", metavar="KERNEL", default=[])
    options = parser.parse_args()
    for name in options.names:
        if name not in benches:
            parser.error("there is no benchmark '%s'; there are: %s" % (name, ", ".join(benches)))
    for name in options.names or benches:
        benches[name](Bench(options))


if __name__ == "__main__":
    main()
