"""The kernels of functions with native code: warm against node, and whole runs with native code on and off.

Warm: the kernel is a function that one process calls again and again; some samples are discarded, the others kept, and
processes of both engines take turns.  Cold: whole processes, in turn.
"""
import math
import shutil
import subprocess
import time
from pathlib import Path
from statistics import median, quantiles

FOLDER = Path(__file__).resolve().parent / "kernels"
DISCARDED, KEPT, PROCESSES = 5, 30, 3
WARM_BAR, NUMERIC_BAR = 0.8, 1.0
NUMERIC = {"fannkuch", "fib", "mandelbrot", "matrix_product", "nbody", "queens", "sieve", "spectral_norm"}
WORSE, WORSE_MS = 0.02, 0.3  # what a cold run may lose

DRIVER = """
function kernel(console) {
%s
}
const silent = { log() {} };
for (let i = 0; i < %d; i++) {
    const begin = Date.now();
    kernel(silent);
    console.log(Date.now() - begin);
}
"""


def spread(samples):
    low, _, high = quantiles(samples, n=4)
    return "%.0f%%" % ((high - low) / max(median(samples), 1e-9) * 100)


def mean(numbers):
    return math.exp(sum(map(math.log, numbers)) / len(numbers)) if numbers else float("nan")


def samples_of(command, engine):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
    lines = (done.stderr if engine == "tsk" else done.stdout).split()
    return [max(float(line), 0.5) for line in lines][DISCARDED:]  # the clock has milliseconds


def warm(tsk, node, name, folder, kept):
    script = folder / (name + ".js")
    script.write_text(DRIVER % ((FOLDER / (name + ".js")).read_text(), DISCARDED + -(-kept // PROCESSES)))
    commands = {"tsk": [tsk, "js", "--jit=on", "--no-code-cache", str(script)], "node": [node, str(script)]}
    found = {engine: [] for engine in commands}
    for number in range(PROCESSES):
        for engine in list(commands)[:: -1 if number % 2 else 1]:
            found[engine] += samples_of(commands[engine], engine)
    return found


def once(command):
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begin) * 1e3


def cold(tsk, name, rounds):
    script = str(FOLDER / (name + ".js"))
    found = {"off": [], "on": []}
    for number in range(rounds):
        for mode in list(found)[:: -1 if number % 2 else 1]:
            found[mode].append(once([tsk, "js", "--jit=" + mode, "--no-code-cache", script]))
    return found


def run(tsk, data, table, rounds, only, kept=KEPT):
    node, folder = shutil.which("node"), data / "native"
    folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in sorted(path.stem for path in FOLDER.glob("*.js")) if not only or name in only]
    print("warm: %d samples in %d processes after %d discarded each; whole runs: %d rounds; medians\n" % (kept, PROCESSES, DISCARDED, rounds))
    lines, ratios, numeric = [], [], []
    for name in names:
        inside, whole = warm(str(tsk), node, name, folder, kept), cold(str(tsk), name, rounds)
        ratio = median(inside["node"]) / median(inside["tsk"])
        ratios.append(ratio)
        if name in NUMERIC:
            numeric.append(ratio)
        off, on = median(whole["off"]), median(whole["on"])
        lost = on - off > max(off * WORSE, WORSE_MS)
        lines.append([name, "%.1f ms" % median(inside["tsk"]), spread(inside["tsk"]), "%.1f ms" % median(inside["node"]), spread(inside["node"]),
                      "%.2f" % ratio, "%.0f ms" % off, "%.0f ms" % on, "%.2f" % (off / on), "LOST" if lost else "ok"])
    table(("kernel", "warm tsk", "spread", "warm node", "spread", "node/tsk", "cold off", "cold on", "off/on", "never worse"), lines)
    print("geometric means, warm: all %.2f (bar %.2f), numeric %.2f (bar %.2f)" % (mean(ratios), WARM_BAR, mean(numeric), NUMERIC_BAR))
