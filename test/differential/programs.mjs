// Programs of the subset against Node: generated from a grammar, run by both, compared line by line.
//
//   node test/differential/programs.mjs TSK [--count N] [--seed N] [--jobs N] [--batch N] [--keep FOLDER]
//                                           [--option OPTIONS] [--shrink 0] [--show N] [--ahead TSKC]
//
// With --ahead each batch is a function of a configuration that TSKC makes a program of; TSK is not called then.
//
//   tree.mjs       trees of text, templates, random choices          prelude.js   what programs call
//   grammar.mjs    statements, classes, functions, destructuring     shrink.mjs   makes what differs smaller
//   tables.mjs     expressions of the language and the library
//   scenes.mjs     statements about one feature each
//
// Every program is a function that reports what it computes; a batch of them is one script in one time zone.  What differs
// is made smaller while it still differs, and printed.  A million programs: --count 1000000 --jobs 2.  The exit status is
// 1 when anything differs.
//
// Left out, because the standard leaves it to the engine or because the subset refuses it:
//  - texts of errors that the engine throws, and the property `stack`
//  - functions of the locale, names of time zones, Date.parse of free text
//  - how deep a program may recurse; the clock; random numbers
//  - how often and in which order sort calls its comparator, and what comes of one that contradicts itself; sort of a string
//  - accessors in a literal behind a spread, an indent of JSON below 1, iterators of Object.fromEntries that
//    throw, getters that an object rest leaves out, subclasses of RegExp with a getter of flags, an array that
//    gets shorter while the arguments of fill are converted: there Node 20 is not what the standard says
//  - code made from text: eval and Function throw EvalError, as they do in a Node that forbids them
//  - the order of the properties of built-in objects; structuredClone (Node's contexts have none)
//  - generators, async, modules, with, BigInt, Proxy, weak collections (compile errors, or names that do not exist)
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, Script } from 'node:vm';
import { program } from './grammar.mjs';
import { shrink } from './shrink.mjs';
import { list, make, render } from './tree.mjs';

const options = { count: 2000, seed: 1, jobs: 1, batch: 200, keep: '', option: '', shrink: 1, show: 10, ahead: '' };
const tool = process.argv[2];
for (let i = 3; i + 1 < process.argv.length; i += 2) {
  const name = process.argv[i].slice(2), value = process.argv[i + 1];
  options[name] = typeof options[name] === 'number' ? Number(value) : value;
}
const zones = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Europe/Berlin', 'Pacific/Apia', 'America/St_Johns', 'Africa/Casablanca'];

const prelude = readFileSync(new URL('prelude.js', import.meta.url), 'utf8');
const script = texts => prelude + texts.map((text, i) => `run(${i}, function () {\n${text}\n});\n`).join('');

// What an older Node does not have is left out.
const newer = 'toSorted toReversed toSpliced with findLast findLastIndex isWellFormed toWellFormed'.split(' ').filter(name => !(name in Array.prototype) && !(name in String.prototype));
const missing = newer.length ? new RegExp(`\\.(${newer.join('|')})\\(`) : null;

function valid(text) {
  if (missing?.test(text)) return false;
  try { new Script(`'use strict'; (function () {\n${text}\n})`); return true; } catch { return false; }
}

// ---- running: a line for each program ----------------------------------------------------------------------------

// What both engines print, one entry a program; an engine that stops begins anew behind the program that stopped it.
function complete(texts, once) {
  const out = [];
  while (out.length < texts.length) {
    const { lines, stopped } = once(texts.slice(out.length));
    const whole = lines.slice(0, texts.length - out.length);
    out.push(...whole.map(line => line.slice(line.indexOf(' ') + 1)));
    if (out.length < texts.length) out.push(stopped === slow ? slow : 'stopped: ' + stopped);
  }
  return out;
}

const slow = 'takes too long'; // not compared
function byNode(texts) {
  return complete(texts, part => {
    const lines = [], context = createContext({ print: line => lines.push(String(line)), __proto__: null }, { codeGeneration: { strings: false, wasm: false } });
    let stopped = 'early';
    try { new Script(script(part)).runInContext(context, { timeout: 8000 }); } catch (e) { stopped = e?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? slow : e?.name; }
    return { lines, stopped };
  });
}

const folder = mkdtempSync(join(tmpdir(), 'programs-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const environment = () => ({ ...process.env, TZ: process.env.TZ });
function byProgram(texts) {
  const file = join(folder, 'app.tsk'), app = join(folder, 'app');
  return complete(texts, part => {
    const body = `() => {\nconst lines = [], print = line => { lines.push(line); };\n${script(part)}return lines.join('\\n');\n}`;
    writeFileSync(file, `[all]\nrun: """\n${body}\n"""\nout: all.run()\n`);
    const made = spawnSync(options.ahead, ['-O1', '--cpu', 'native', file, '-o', app], { encoding: 'utf8', timeout: 600000 });
    if (made.status) return { lines: [], stopped: made.stderr.slice(0, 400) };
    const result = spawnSync(app, ['--get', 'all.out'], { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60000, env: environment() });
    return { lines: result.stdout.split('\n').slice(0, -1), stopped: result.signal ?? result.stderr.slice(0, 400) };
  });
}

function byTusk(texts, limit = options.option ? 240000 : 60000) {
  if (options.ahead) return byProgram(texts);
  return complete(texts, part => {
    const file = join(folder, 'batch.js');
    writeFileSync(file, script(part));
    const result = spawnSync(tool, ['js', ...options.option.split(' ').filter(Boolean), file], { encoding: 'utf8', maxBuffer: 1 << 28, timeout: limit, env: environment() });
    return { lines: result.stdout.split('\n').slice(0, -1), stopped: result.signal ?? result.stderr.slice(0, 400) };
  });
}

const unequal = (node, tusk) => node.map((line, i) => i).filter(i => node[i] !== tusk[i] && node[i] !== slow);
function differing(texts) {
  const node = byNode(texts), tusk = byTusk(texts, options.option ? 60000 : 5000);
  return unequal(node, tusk);
}

function report(seed, tree) {
  const smaller = options.shrink && differing([render(tree)]).length ? shrink(tree, valid, differing) : tree, text = render(smaller).replace(/\n\s*\n+/g, '\n');
  console.log(`seed ${seed} (${process.env.TZ}):\n${text}\n  node: ${byNode([text])}\n  tusk: ${byTusk([text])}\n`);
  if (!options.keep) return;
  mkdirSync(options.keep, { recursive: true });
  writeFileSync(join(options.keep, `${seed}.js`), script([text]));
}

let compared = 0, different = 0;
function batch(first, end) {
  process.env.TZ = zones[Math.floor(first / options.batch) % zones.length];
  const seeds = [], trees = [], texts = [];
  for (let seed = first; seed < end; seed++) {
    const tree = program(seed), text = render(tree);
    if (!valid(text)) continue;
    seeds.push(seed); trees.push(tree); texts.push(text);
  }
  const node = byNode(texts), tusk = byTusk(texts);
  compared += texts.length;
  const wrong = unequal(node, tusk);
  if (!wrong.length) return;
  const alone = wrong.filter(i => differing([texts[i]]).length);
  different += alone.length || 1;
  // A program can leave built-ins behind that the next ones stumble over: these make one program then.
  if (alone.length) for (const i of alone.slice(0, Math.max(0, options.show - different + alone.length))) report(seeds[i], trees[i]);
  else report(seeds[wrong[0]], list(trees.slice(0, wrong[0] + 1).map((tree, i) =>
    i === wrong[0] ? tree : make('s', ['attempt(function () {\n', tree, '\n});\nlogs = calls = ticks = 0;\n'])), '\n'));
}

// ---- several processes --------------------------------------------------------------------------------------------

async function divided() {
  const share = Math.ceil(options.count / options.jobs / options.batch) * options.batch, parts = [];
  for (let job = 0; job * share < options.count; job++) {
    const args = [fileURLToPath(import.meta.url), tool];
    for (const [name, value] of Object.entries({ ...options, jobs: 1, seed: options.seed + job * share, count: Math.min(share, options.count - job * share) }))
      if (value !== '') args.push('--' + name, String(value));
    parts.push(new Promise(resolve => {
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.on('data', data => { text += data; });
      child.on('close', () => {
        const found = /(\d+) programs compared, (\d+) different\n$/.exec(text);
        process.stdout.write(text.replace(/\d+ programs compared.*\n$/, ''));
        resolve(found ? [Number(found[1]), Number(found[2])] : [0, 1]);
      });
    }));
  }
  for (const [some, wrong] of await Promise.all(parts)) { compared += some; different += wrong; }
}

if (options.jobs > 1) await divided();
else for (let first = options.seed; first < options.seed + options.count && different < options.show; first += options.batch)
  batch(first, Math.min(first + options.batch, options.seed + options.count));
console.log(`${compared} programs compared, ${different} different`);
process.exit(different || !compared ? 1 : 0);
