// Texts that are no program: both engines must refuse them, and must take what is one.
//
//   node test/differential/refused.mjs WORKER [--count N] [--seed N] [--show N]
//
// WORKER is the program made from syntax_worker.c.  Programs are generated as in programs.mjs, then spoiled: most get a
// statement that is an early error of strict code (early.mjs), others lose, gain, repeat or swap a few tokens, which leaves
// some of them valid.  Nothing is run.  What the subset refuses by intention is not asked of Node.  Texts that only one
// engine takes are made smaller and printed; the exit status is 1 then.
import { spawnSync } from 'node:child_process';
import { Script } from 'node:vm';
import { early, outermost } from './early.mjs';
import { planted, program } from './grammar.mjs';
import { below, chance, pick, render, reseed } from './tree.mjs';

const options = { count: 20000, seed: 1, show: 10 };
for (let i = 3; i + 1 < process.argv.length; i += 2) options[process.argv[i].slice(2)] = Number(process.argv[i + 1]);

// ---- both sides: true when the text is taken --------------------------------------------------------------------

function byTusk(texts) {
  const parts = texts.flatMap(text => {
    const bytes = Buffer.from(text), size = Buffer.alloc(4);
    size.writeUInt32LE(bytes.length);
    return [size, bytes];
  });
  const result = spawnSync(process.argv[2], [], { input: Buffer.concat(parts), encoding: 'utf8', maxBuffer: 1 << 28 });
  const lines = result.stdout.split('\n').slice(0, -1);
  if (lines.length === texts.length) return lines;
  console.log(`the worker stopped (${result.signal ?? result.status}) at\n${texts[lines.length]}\n${result.stderr}`);
  process.exit(1);
}

function byNode(text) {
  try { new Script(text); return true; } catch (e) {
    if (!(e instanceof SyntaxError)) throw e;
    return false;
  }
}

// What the engines disagree about: the text, or null.  "unsupported" is refused by intention.
const disagree = (text, line) => !line.startsWith('unsupported') && (line === 'taken') !== byNode(text) && !excused(text, line);

// This Node throws when it runs `f() = 1`; the standard refuses the text in strict code.  Deep nesting has a limit of ours.
const excused = (text, line) => /left-hand side|assign/i.test(line) && /\)\s*(?:[-+*/%&|^<>?]*=|\+\+|--|of|in)|(?:\+\+|--)[^;]*\)/.test(text) && byNode(text);

// ---- making texts -------------------------------------------------------------------------------------------------

const inside = text => `'use strict'; (function () {\n${text}\n})`;
const tokens = text => text.match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[\w$\u0080-\uffff]+|=>|\.\.\.|\?\.|\?\?=?|\*\*=?|&&=?|\|\|=?|[-+]{2}|>>>?=?|<<=?|[=!]==?|[-+*/%&|^<>]=|\s+|[^]/g) ?? [];
const extra = ['(', ')', '[', ']', '{', '}', ',', ';', ':', '=', '=>', '...', '?', '?.', '.', '++', '--', '**', '??', '||', '!', '/', '`', '${', '#', '#s', '\n', 'a', 'let', 'const', 'var', 'function', 'class', 'static', 'get', 'set', 'of', 'in',
  'new', 'super', 'this', 'return', 'break', 'continue', 'default', 'case', 'extends', 'delete', 'typeof', 'for', 'if', 'else', 'try', 'catch', 'finally', 'throw', 'do', 'while', 'switch', 'new.target', 'arguments', 'eval', 'constructor', 'prototype', '__proto__', '0', '1', '010', "'a'", 'yield', 'enum', 'interface', '\\u0061', '-', '=', '/a/g', 'await', 'with', 'debugger'];

function mutated(text) {
  const all = tokens(text);
  for (let n = 1 + below(3); n > 0 && all.length; n--) {
    const at = below(all.length), other = below(all.length);
    switch (below(6)) {
      case 0: all.splice(at, 1); break;
      case 1: all.splice(at, 0, pick(extra), ' '); break;
      case 2: all[at] = pick(extra); break;
      case 3: all.splice(at, 0, all[at]); break;
      case 4: [all[at], all[other]] = [all[other], all[at]]; break;
      default: all.splice(at, 0, all[other], chance(50) ? ' ' : '');
    }
  }
  return all.join('');
}

// [text, where it is from]
function made(seed) {
  if (seed % 8 === 0) {
    reseed(seed);
    return ["'use strict';\n" + pick(outermost), 'outermost'];
  }
  if (seed % 2) return [inside(render(planted(seed, early)).replaceAll('¶', '\n')), 'planted'];
  const text = render(program(seed));
  return [inside(mutated(text)), 'mutated'];
}

// Takes pieces of the text away while the engines still disagree.
function smaller(text) {
  let all = tokens(text);
  for (let width = all.length >> 1; width >= 1; width = width > 1 ? width >> 1 : 0)
    for (let again = true; again;) {
      again = false;
      const tries = [];
      for (let at = 0; at < all.length; at += width) tries.push([...all.slice(0, at), ...all.slice(at + width)]);
      const lines = byTusk(tries.map(t => t.join(''))), found = tries.findIndex((t, i) => disagree(t.join(''), lines[i]));
      if (found >= 0) { all = tries[found]; again = true; }
    }
  return all.join('');
}

// ---- running ------------------------------------------------------------------------------------------------------

let compared = 0, refused = 0, different = 0;
for (let first = options.seed; first < options.seed + options.count && different < options.show; first += 500) {
  const texts = [];
  for (let seed = first; seed < Math.min(first + 500, options.seed + options.count); seed++) texts.push(made(seed));
  const lines = byTusk(texts.map(t => t[0]));
  for (let i = 0; i < texts.length; i++) {
    const [text, from] = texts[i]; // where it stands, an early error can be none: "else" behind "if"
    compared++;
    if (lines[i] !== 'taken') refused++;
    if (!disagree(text, lines[i])) continue;
    if (++different > options.show) break;
    const least = smaller(text);
    console.log(`seed ${first + i} (${from}):\n${least}\n  node: ${byNode(least) ? 'taken' : 'refused'}\n  tusk: ${byTusk([least])[0]}\n`);
  }
}
console.log(`${compared} texts compared, ${refused} refused, ${different} different`);
process.exit(different || !refused ? 1 : 0);
