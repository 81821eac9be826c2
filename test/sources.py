"""Generated sources: every construct of the language, written as untidily as it allows.

What its keys are, tsk says; its comments are numbered, so that a test can look for them."""
import random

WORDS = "amber cache depot edge field graph host index job key lake mode node order page queue rate slot task user".split()


class Source:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.noted = 0 # comments so far; each holds its number between two k
        self.numbers = []  # names of root keys with numbers, written above
        self.count = 0
        self.eol = self.rng.choice(["\n", "\n", "\n", "\r\n"])
        lines = []
        if self.rng.random() < 0.1:
            lines.append("#!/usr/bin/env tsk")
        self.statements(lines, 0, 6 + self.rng.randrange(8), True)
        for _ in range(self.rng.randrange(4)):
            lines += self.blank_lines() + [self.end("[%s%s]" % (self.name(), self.rng.choice(["", "." + self.name(), ' . "x y"'])))]
            self.statements(lines, 0, 1 + self.rng.randrange(5))
        text = self.eol.join(lines) + self.rng.choice(["", self.eol, self.eol * 3])
        self.text = self.rng.choice(["", "", "", "\ufeff"]) + text

    # ---- small things

    def pick(self, *choices):
        return self.rng.choice(choices)

    def blank(self):
        return self.pick("", "", " ", " ", "  ", "\t")

    def name(self):
        self.count += 1
        return "%s%s%d" % (self.pick(*WORDS), self.pick("_", "-", ""), self.count)

    def comment(self):
        self.noted += 1
        return self.pick("# %s", "#%s", "// %s", "/* %s */", "# %s {[('\"") % ("k%dk" % self.noted)

    def end(self, line):
        """What may follow a statement on its line."""
        roll = self.rng.random()
        if roll < 0.12:
            return line + self.pick(" ", "   ", "\t") + self.comment()
        if roll < 0.2:
            return line + self.pick(";", " ;", ";;")
        return line + self.pick("", "", "  ", "\t")

    def blank_lines(self):
        return self.pick([], [], [""], ["", "  ", ""])

    def line_break(self, columns):
        """Within brackets."""
        if self.rng.random() > 0.15:
            return self.blank()
        note = self.rng.random() < 0.3
        text = " " + self.comment() if note else self.blank()
        return text + self.eol + " " * self.rng.randrange(columns + 9)

    # ---- expressions: of numbers, texts, truth

    def around(self, operator):
        return self.blank() + operator + self.blank()

    def number(self, depth):
        roll = self.rng.randrange(12 if depth > 0 else 4)
        if roll < 3 or (roll == 3 and not self.numbers):
            return self.pick("0", "7", "42", "3.25", "0x1F", "1_000", "6e2")
        if roll == 3:
            return self.pick(*self.numbers)
        a, b = self.number(depth - 1), self.number(depth - 1)
        if roll < 8:
            return a + self.pick(" ", "  ") + self.pick("+", "-", "*") + self.pick(" ", "\t") + b
        if roll == 8:
            return "(" + self.blank() + a + self.around("+") + " " + b + self.blank() + ")"
        if roll == 9:
            return "@max(" + self.line_break(4) + a + self.blank() + "," + self.line_break(4) + b + self.blank() + ")"
        if roll == 10:
            return "[" + self.blank() + a + self.blank() + "," + self.blank() + b + self.blank() + "][" + self.blank() + self.pick("0", "1", "-1") + "]"
        return self.pick("-", "- ", "(int)", "(float) ") + "(" + a + ")"

    def text_value(self, depth):
        roll = self.rng.randrange(9 if depth > 0 else 3)
        if roll < 3:
            return self.pick('"a b"', "'raw  # no'", '"x{y}"', '"\\n\\"q\\""', '"${1  +2}!"', '""', '"//"', '"é☃"')
        if roll == 3:
            return self.text_value(depth - 1) + self.around("+") + self.text_value(depth - 1)
        if roll == 4:
            return "@upper(" + self.blank() + self.text_value(depth - 1) + self.blank() + ")" + self.pick("", ".length", ".lower( )", '[0 :1]')
        if roll == 5:
            return self.truth(depth - 1) + " ?" + self.blank() + self.text_value(depth - 1) + " :" + self.blank() + self.text_value(depth - 1)
        if roll == 6:
            return "@if(" + self.truth(depth - 1) + "," + self.line_break(0) + self.text_value(depth - 1) + self.blank() + ",'z' )"
        if roll == 7:
            return "null" + self.around("??") + self.text_value(depth - 1)
        return "@switch( 7 {" + self.blank() + "7:" + self.blank() + '"s",' + self.blank() + 'default :"o"})'

    def truth(self, depth):
        if depth <= 0 or self.rng.random() < 0.3:
            return self.pick("true", "false", "1 > 2", '"a"=="b"')
        a, b = self.number(depth - 1), self.number(depth - 1)
        return self.pick("(" + a + ")" + self.around(self.pick("<", ">=", "==", "!=", "&&", "||")) + "(" + b + ")",
                         "!" + self.blank() + "(" + a + " > " + b + ")", "not (" + a + ")", "1 in [1 , 2]")

    def container(self, depth, columns):
        """In brackets; items may stand on lines of their own."""
        items, many = [], self.rng.random() < 0.5
        listing = self.rng.random() < 0.5
        for _ in range(self.rng.randrange(4)):
            item = self.inline(depth - 1, columns + 4)
            items.append(item if listing else self.name() + self.pick(":", " : ", " = ", ":  ") + item)
        if not many:
            inside = self.pick(", ", ",", " ,").join(items)
            if items and self.rng.random() < 0.2:
                inside += ","
        else:
            inside = self.eol
            for i, item in enumerate(items):
                glued = i + 1 < len(items) and items[i + 1][0] == "-"  # it would be subtracted from this one
                inside += "\t" * self.rng.randrange(2) + " " * self.rng.randrange(columns + 6) + item + self.pick("" if not glued else ",", ",", " ,")
                inside += self.pick("", "", " " + self.comment().replace("/*", "#").replace("*/", "")) + self.eol + self.pick("", "", self.eol)
            inside += " " * self.rng.randrange(6)
        return ("[%s%s]" if listing else "{%s%s}") % (self.blank() if not many else "", inside)

    def inline(self, depth, columns):
        roll = self.rng.randrange(8)
        if roll < 2:
            return self.number(depth)
        if roll < 4:
            return self.text_value(depth)
        if roll == 4 and depth > 0:
            return self.container(depth, columns)
        return self.pick("true", "off", "null", "word", "two words", "1.2.3")

    def function(self):
        return self.pick('"""\n  (a) => {\n      // `${ a }`\n    return a  +1;\n  }\n"""', '"(x)=>x*2"', "'''function f( a ) { return a }'''").replace("\n", self.eol)

    def value(self, columns):
        roll = self.rng.randrange(16)
        if roll < 3:
            return self.number(2)
        if roll < 6:
            return self.text_value(2)
        if roll == 6:
            return self.truth(2)
        if roll < 9:
            return self.container(2, columns)
        if roll == 9:
            return self.function()
        if roll == 10:
            return self.pick('"""\n  a\n b  \n\t"""', "<<END\n x  ${1}\nEND", '"two\n  lines"', "'a\n b'").replace("\n", self.eol)
        if roll == 11:
            return self.pick("free  or paid", "John  -  Smith", "a/b", "http://x.org/a", "1.2.3", "30s", "level", "not  found", "@frob( 1,2 )", "what( 'x' )")
        if roll == 12:
            return self.pick("8000-9000", "2024-01-15", "-7", "1e3", "0b11", "yes", "nil", "-0")
        if roll == 13:
            return "(a ,b)" + self.around("=>") + " a+ b"
        if roll == 14:
            return self.number(1) + self.pick(" +", " *") + self.eol + " " * (columns + 1 + self.rng.randrange(9)) + self.number(1)
        return self.truth(1) + self.eol + " " * (columns + 1) + "?" + " " + self.number(1) + self.eol + " " * (columns + 3) + ": " + self.number(1)

    # ---- statements

    def separator(self):
        return self.pick(":", ": ", " : ", " = ", "= ", " =", ":\t")

    def key(self):
        name = self.name()
        return self.pick(name, name, name, '"%s x"' % name, "$" + name, name + ".in." + self.name(), '%s."y z"' % name)

    def statements(self, lines, columns, count, root=False):
        for _ in range(count):
            lines += self.blank_lines()
            if self.rng.random() < 0.2:
                lines.append(" " * self.rng.randrange(columns + 3) + self.comment())
            self.statement(lines, columns, root)

    def statement(self, lines, columns, root):
        pad, roll = " " * columns, self.rng.randrange(14)
        deeper = columns + self.pick(1, 2, 4, 8)
        if roll == 0:
            block = []
            self.statements(block, columns + self.rng.randrange(5), 1 + self.rng.randrange(3))
            lines.append(self.end_open(pad + self.name() + self.pick("", " ", "  ", ": ") + "{"))
            lines += block + [self.end(pad + "}")]
        elif roll == 1:
            inside = self.pick(", ", ",", "; ").join("%s%s%s" % (self.name(), self.pick(":", ": "), self.pick("1", '"a"', "word", "true")) for _ in range(self.rng.randrange(4)))
            lines.append(self.end(pad + self.name() + self.pick("", " ") + "{" + self.blank() + inside + self.blank() + "}"))
        elif roll == 2:
            lines.append(self.end_open(pad + self.name() + self.pick(" ", "") + ">"))
            self.statements(lines, columns + self.rng.randrange(5), 1 + self.rng.randrange(2))
            lines.append(pad + "<")
        elif roll == 3:
            lines.append(self.end_open(pad + self.name() + ":"))
            self.statements(lines, deeper, 1 + self.rng.randrange(3))
        elif roll == 4:
            lines.append(self.end_open(pad + self.name() + ":"))
            self.items(lines, self.pick(columns, deeper))
        elif roll == 5 and root:
            name = self.name().replace("-", "_")
            lines.append(self.end(pad + name + self.separator() + self.pick("3", "4.5")))
            self.numbers.append(name)
        elif roll == 6 and root:
            lines.append(pad + self.pick("#port: 80", "#! description  some   text ", "#cache-ttl:5m"))
        elif roll == 7:
            lines.append(self.end(pad + self.name() + self.pick(":", " :")))
            lines.append(pad + self.name() + " = 1")
        else:
            value = self.value(columns)
            lines.append(self.end(pad + self.key() + self.separator() + value))

    def end_open(self, line):
        return line + (" " + self.comment() if self.rng.random() < 0.15 else self.pick("", "", " "))

    def items(self, lines, columns):
        for _ in range(1 + self.rng.randrange(3)):
            pad, roll = " " * columns + "-" + self.pick(" ", "  ", "   "), self.rng.randrange(5)
            if roll == 0:
                lines.append(self.end(pad + self.name() + ": " + self.pick("1", '"a"', "[1,2]")))
                lines.append(self.end(" " * len(pad) + self.name() + ":" + self.blank() + "2"))
            elif roll == 1:
                lines.append(pad + "- 1")
                lines.append(" " * len(pad) + "-  2")
            elif roll == 2:
                lines.append(pad + self.container(1, len(pad)))
            else:
                lines.append(self.end(pad + self.pick("word", "12", '"q"', "two words", "1+ 2", "-3")))


if __name__ == "__main__":
    import sys
    sys.stdout.write(Source(int(sys.argv[1])).text)
