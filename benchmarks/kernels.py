"""The kernels of functions: tsk js against node --jitless, node, and luajit -joff.

Whole processes are measured.  The time of an empty script is measured in the same rounds and taken off, so that the
ratios compare the running of programs and not the starting of engines.
"""
import math
import os
import shutil
import subprocess
from pathlib import Path
from statistics import median, quantiles

FOLDER = Path(__file__).resolve().parent / "kernels"
ENGINES = ("tsk", "jitless", "node", "luajit")
BARS = {"jitless": 2.0, "luajit": 0.7}
FLOOR = 0.7  # of node --jitless, for each kernel
MEMORY = 0.4  # of node's peak


class Kernels:
    def __init__(self, tsk, startup_bench, data):
        self.tsk, self.startup_bench, self.data = str(tsk), str(startup_bench), data
        self.node, self.luajit = shutil.which("node"), shutil.which("luajit")

    def command(self, engine, name):
        script = FOLDER / name if name else self.data / "empty"
        if engine == "luajit":
            return [self.luajit, "-joff", str(script) + ".lua"]
        return {"tsk": [self.tsk, "js"], "jitless": [self.node, "--jitless"], "node": [self.node]}[engine] + [str(script) + ".js"]

    def engines(self, name):
        return [e for e in ENGINES if e != "luajit" or not name or (FOLDER / (name + ".lua")).exists()]

    def answer(self, engine, name):
        """What the kernel writes; console.log is standard error in tsk, and node warns there."""
        done = subprocess.run(self.command(engine, name), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
        return (done.stderr if engine == "tsk" else done.stdout).decode()

    def sample(self, engine, name):
        """(seconds, KiB)"""
        found = subprocess.run([self.startup_bench, "1"] + self.command(engine, name), stdout=subprocess.PIPE, check=True).stdout.split()
        return float(found[0]) / 1e6, int(found[3])

    def measure(self, name, rounds):
        """{engine: ([seconds of each round], peak KiB)}"""
        times, peaks = {e: [] for e in self.engines(name)}, {}
        for number in range(rounds):
            for engine in list(times)[:: -1 if number % 2 else 1]:
                seconds, peak = self.sample(engine, name)
                times[engine].append(seconds)
                peaks[engine] = max(peak, peaks.get(engine, 0))
        return {e: (times[e], peaks[e]) for e in times}


def ratio(found, starts, other):
    """How many times as long the other one runs: the median of the rounds, as both meet the same weather in each."""
    each = [max(theirs - starts[other], 1e-6) / max(mine - starts["tsk"], 1e-6) for mine, theirs in zip(found["tsk"][0], found[other][0])]
    low, _, high = quantiles(each, n=4) if len(each) > 1 else each * 3
    return median(each), "%.0f%%" % ((high - low) / median(each) * 100)


def mean(numbers):
    return math.exp(sum(map(math.log, numbers)) / len(numbers))


def verdict(number, bar, at_most=False):
    return "ok" if (number <= bar if at_most else number >= bar) else "LOST"


def run(tsk, startup_bench, data, table, rounds, only):
    kernels = Kernels(tsk, startup_bench, data)
    data.mkdir(parents=True, exist_ok=True)
    for name in ("empty.js", "empty.lua"):
        (data / name).write_text("")
    names = [name for name in sorted(path.stem for path in FOLDER.glob("*.js")) if not only or name in only]
    print("kernels: whole processes less the time of an empty script, in turn, median of %d rounds; ratios above 1 are ours\n" % rounds)
    empty = kernels.measure("", max(rounds, 9))
    starts = {engine: median(times) for engine, (times, _) in empty.items()}
    lines, memory, ratios, wrong = [], [], {e: [] for e in ENGINES[1:]}, []
    for name in names:
        answers = {kernels.answer(engine, name) for engine in kernels.engines(name)}
        if len(answers) != 1:
            wrong.append(name)
        found = kernels.measure(name, rounds)
        row = [name, "%.3f s" % (median(found["tsk"][0]) - starts["tsk"])]
        for other in ENGINES[1:]:
            if other not in found:
                row += ["", ""]
                continue
            number, spread = ratio(found, starts, other)
            ratios[other].append(number)
            row += ["%.2f" % number, spread]
        row.append(verdict(ratios["jitless"][-1], FLOOR))
        lines.append(row)
        share = found["tsk"][1] / found["node"][1]
        memory.append((name, "%.1f MiB" % (found["tsk"][1] / 1024), "%.1f MiB" % (found["node"][1] / 1024), "%.0f%%" % (share * 100),
                       verdict(share, MEMORY, at_most=True)))
    means = ["geometric mean", ""]
    for other in ENGINES[1:]:
        means += ["%.2f" % mean(ratios[other]), verdict(mean(ratios[other]), BARS[other]) if other in BARS else ""] if ratios[other] else ["", ""]
    table(("kernel", "tsk", "jitless/tsk", "spread", "node/tsk", "spread", "luajit/tsk", "spread", "at least 0.70 of jitless"), lines + [means + [""]])
    print("bars of the means: 2.00 against node --jitless, 0.70 against luajit -joff; node with its compilers is for information")
    print("an empty script: %s\n" % ", ".join("%s %.1f ms" % (engine, seconds * 1e3) for engine, seconds in starts.items()))
    table(("peak memory of", "tsk", "node", "tsk/node", "at most 40%"), memory)
    for name in wrong:
        print("%s: the engines do NOT agree on the result" % name)
