#!/usr/bin/env python3
"""Writes the same configuration as TuskLang and as JSON, the same bytes for the same arguments on every machine.

    gen.py --shape realistic --size 100000 --seed 1 --out a.tsk --json a.json
    gen.py --shape sections --n 100000 --out b.tsk

Shapes: realistic (services with globals, references, conditions, blocks, lists and comments), and one construct
many times: sections, keys, concat, string, nested.  No parser is asked: text and value come from the same decision.
"""
import argparse
import json
import sys

NOUNS = ("account basket billing cart catalog checkout courier coupon customer delivery discount email export feed gift image "
         "import inventory invoice label ledger locale login media menu newsletter notice order page parcel payment price "
         "product profile receipt refund report review search session shelf shipping stock store supplier tariff ticket "
         "tracking user vendor voucher warehouse webhook wishlist").split()
TRAITS = ("active allowed base batch burst cold daily default delay depth fast first hot idle interval last limit local lower main "
          "max min mode next offset primary quota rate ratio remote retry safe secondary shared size slow soft step strict target "
          "timeout total upper weight window").split()
WORDS = ("Keep the order until the customer confirms it and send one mail only when a parcel leaves or returns to our store in "
         "time so that nobody waits longer than a day").split()
ENVIRONMENTS = ("production", "staging", "development")


class Dice:
    """xorshift64*, so that the bytes do not depend on the version of Python."""

    def __init__(self, seed):
        self.state = (seed * 2654435761 + 88172645463325252) % 2 ** 64 or 1
        for _ in range(8):
            self.roll(2)

    def roll(self, n):
        s = self.state
        s ^= s >> 12
        s ^= s << 25 & 2 ** 64 - 1
        s ^= s >> 27
        self.state = s
        return (s * 2685821657736338717 % 2 ** 64 >> 11) % n

    def pick(self, items):
        return items[self.roll(len(items))]


class Realistic:
    def __init__(self, seed, size):
        self.dice, self.size, self.written = Dice(seed), size, 0
        self.lines, self.root = [], {}
        self.globals = {"stage": self.dice.pick(ENVIRONMENTS), "brand": "teashop", "zone": "eu-%d" % (1 + self.dice.roll(4))}

    def line(self, text=""):
        self.lines.append(text)
        self.written += len(text) + 1

    def name(self, taken):
        while True:
            name = "%s_%s" % (self.dice.pick(NOUNS), self.dice.pick(TRAITS))
            if self.dice.roll(5) == 0:
                name += "_%d" % self.dice.roll(100)
            if name not in taken:
                return name

    def string(self):
        dice, kind = self.dice, self.dice.roll(6)
        if kind == 0:
            return "https://%s.example.com/%s/%d" % (dice.pick(NOUNS), dice.pick(NOUNS), dice.roll(1000))
        if kind == 1:
            return "/srv/%s/%s-%d.db" % (dice.pick(NOUNS), dice.pick(TRAITS), dice.roll(100))
        if kind == 2:
            return "%032x" % (dice.roll(2 ** 53) * 2 ** 64 + dice.roll(2 ** 53))
        start = dice.roll(len(WORDS) - 12)
        return " ".join(WORDS[start:start + 1 + dice.roll(12)])

    def number(self):
        dice, kind = self.dice, self.dice.roll(4)
        if kind == 0:
            text = "%d.%d" % (dice.roll(500), 1 + dice.roll(99))
            return text, float(text)
        value = (dice.roll(10), dice.roll(70000), dice.roll(10 ** 8) - 10 ** 6)[kind - 1]
        return str(value), value

    def scalar(self):
        kind = self.dice.roll(12)
        if kind < 5:
            text = self.string()
            return '"%s"' % text, text
        if kind < 10:
            return self.number()
        value = bool(self.dice.roll(2))
        return str(value).lower(), value

    def value(self, local):
        dice, kind = self.dice, self.dice.roll(100)
        if kind < 72:
            return self.scalar()
        if kind < 80:
            items = [self.number() if dice.roll(2) else ('"%s"' % w, w) for w in (dice.pick(NOUNS) for _ in range(1 + dice.roll(8)))]
            return "[" + ", ".join(t for t, _ in items) + "]", [v for _, v in items]
        if kind < 82:
            low = 1024 + dice.roll(20000)
            return "%d-%d" % (low, low + 99), {"min": low, "max": low + 99, "type": "range"}
        if kind < 83:
            return "null", None
        if kind < 88:
            name = dice.pick(sorted(self.globals))
            return "$" + name, self.globals[name]
        if kind < 92:
            name, part = dice.pick(sorted(self.globals)), dice.pick(NOUNS)
            return '$%s + "/%s"' % (name, part), "%s/%s" % (self.globals[name], part)
        if kind < 95:
            (yes, one), (no, other), stage = self.scalar(), self.scalar(), dice.pick(ENVIRONMENTS)
            return '$stage == "%s" ? %s : %s' % (stage, yes, no), one if self.globals["stage"] == stage else other
        if kind < 98 and local:
            name = dice.pick(local)
            return name[0], name[1]
        word = dice.pick(("redis", "round_robin", "gzip", "least_recent"))
        return word, word

    def keys(self, target, count, indent):
        local = []
        for _ in range(count):
            if self.written >= self.size and target:
                break
            name = self.name(target)
            text, value = self.value(local)
            self.line("%s%s%s%s" % ("  " * indent, name, (" = ", ": ")[self.dice.roll(4) > 0], text))
            target[name] = value
            if value is not None and not isinstance(value, (list, dict)):
                local.append((name, value))

    def block(self, target, indent):
        name, inner, braces = self.name(target), {}, self.dice.roll(2)
        self.line("%s%s %s" % ("  " * indent, name, "{" if braces else ">"))
        self.keys(inner, 2 + self.dice.roll(5), indent + 1)
        if indent < 3 and self.written < self.size and self.dice.roll(3) == 0:
            self.block(inner, indent + 1)
        self.line("  " * indent + ("}" if braces else "<"))
        target[name] = inner

    def make(self):
        self.line("# The services of a shop, made by gen.py")
        for name, value in self.globals.items():
            self.line('$%s: "%s"' % (name, value))
            self.root["$" + name] = value
        while self.written < self.size:
            self.line()
            for _ in range(self.dice.roll(3)):
                start = self.dice.roll(len(WORDS) - 9)
                self.line("# " + " ".join(WORDS[start:start + 9]))
            name = "%s_%d" % (self.dice.pick(NOUNS), len(self.root))
            section = self.root[name] = {}
            self.line("[%s]" % name)
            self.keys(section, 3 + self.dice.roll(9), 0)
            if self.written < self.size and self.dice.roll(2):
                self.block(section, 0)
        return self.lines, self.root


def sections(n):
    return [line for i in range(n) for line in ("[part_%d]" % i, "id = %d" % i)], {"part_%d" % i: {"id": i} for i in range(n)}


def keys(n):
    return ["[all]"] + ['entry_%d: "number %d"' % (i, i) for i in range(n)], {"all": {"entry_%d" % i: "number %d" % i for i in range(n)}}


def concat(n):
    return ['$piece: "ab"', "whole: " + " + ".join(["$piece"] * n)], {"$piece": "ab", "whole": "ab" * n}


def string(n):
    text = ("All work is done in order, and then once more. " * (n // 47 + 1))[:n]
    return ['text: "%s"' % text], {"text": text}


def nested(n):
    value = 1
    for _ in range(n):
        value = [value]
    return ["value: " + "[" * n + "1" + "]" * n], {"value": value}


def main():
    parser = argparse.ArgumentParser(description="writes a configuration as TuskLang and as JSON")
    parser.add_argument("--shape", default="realistic", choices=["realistic", "sections", "keys", "concat", "string", "nested"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=100000, help="bytes at least, of realistic")
    parser.add_argument("--n", type=int, default=1000, help="how many, or how long, of the other shapes")
    parser.add_argument("--out", required=True)
    parser.add_argument("--json")
    options = parser.parse_args()
    if options.shape == "realistic":
        lines, value = Realistic(options.seed, options.size).make()
    else:
        lines, value = globals()[options.shape](options.n)
    with open(options.out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    if options.json:
        sys.setrecursionlimit(1000000)
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(value, file, separators=(",", ":"), ensure_ascii=False)


if __name__ == "__main__":
    main()
