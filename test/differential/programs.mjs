// Programs of the subset against Node: generated from a grammar, run by both, compared line by line.
//
//   node test/differential/programs.mjs TSK [--count N] [--seed N] [--batch N] [--keep FOLDER] [--option OPTION]
//
// Every program is a function that reports what it computes; a batch of them is one script.  What differs is made
// smaller by leaving out lines while it still differs, and printed.  The exit status is 1 when anything differs.
//
// Left out of the comparison, because the standard leaves it to the engine: the texts of errors that the engine throws,
// functions of the locale, Date.parse of free text, how deep a program may recurse.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';

const options = { count: 2000, seed: 1, batch: 100, keep: '', option: '', shrink: 1 };
const tool = process.argv[2];
for (let i = 3; i + 1 < process.argv.length; i += 2) {
  const name = process.argv[i].slice(2), value = process.argv[i + 1];
  options[name] = typeof options[name] === 'number' ? Number(value) : value;
}

// ---- random choices: a seed names a program --------------------------------------------------------------------

let state;
function reseed(seed) {
  state = (seed * 2654435761 + 0x9e3779b9) >>> 0 || 1;
  for (let i = 0; i < 8; i++) next();
}
function next() {
  state ^= state << 13; state >>>= 0;
  state ^= state >>> 17;
  state ^= state << 5; state >>>= 0;
  return state;
}
const below = n => next() % n;
const chance = percent => below(100) < percent;
const pick = list => list[below(list.length)];

// ---- the grammar -----------------------------------------------------------------------------------------------

let scopes, names, loops, labels, depth, inFunction, budget, classes;

const fresh = prefix => prefix + names++;
const visible = kind => scopes.flat().filter(v => !kind || v.kind === kind);
const declare = (name, kind) => { scopes[scopes.length - 1].push({ name, kind }); return name; };
const settable = () => scopes.flat().filter(v => v.kind === 'let' || v.kind === 'var');

function scoped(body) {
  scopes.push([]);
  const result = body();
  scopes.pop();
  return result;
}

const numbers = ['0', '1', '2', '-1', '3', '7', '10', '0.5', '-0', '1.5', '100', '255', '2147483647', '-2147483648', '4294967295', '1e21',
  '1e-7', '0.1', 'NaN', 'Infinity', '-Infinity', '9007199254740993', '123456789', '0x1F', '0b101', '1_000'];
const strings = ["''", "'a'", "'abc'", "'0'", "'12'", "'-1.5'", "' x '", "'é'", "'😀z'", "'a,b,c'", "'aXbX'", '"q\\n"', "'\\u0000'", "'length'", "'x1'",
  "'0x10'", "'1e3'", "'Infinity'", "'a long text that is more than a few units'"];
const keys = ['a', 'b', 'c', 'x', 'y', 'length', 'k0', 'k1', 'toString', 'valueOf', 'constructor', 'name'];
const plainKeys = ['a', 'b', 'c', 'x', 'y', 'k0', 'k1'];

function literal() {
  switch (below(9)) {
    case 0: case 1: case 2: return pick(numbers);
    case 3: case 4: return pick(strings);
    case 5: return pick(['true', 'false', 'null', 'undefined']);
    case 6: return String(below(1000) - 500);
    case 7: return String((below(20000) - 10000) / 16);
    default: return '[]';
  }
}

function variable() {
  const all = visible();
  return all.length ? pick(all).name : literal();
}

const binary = ['+', '+', '+', '-', '*', '/', '%', '**', '&', '|', '^', '<<', '>>', '>>>', '<', '>', '<=', '>=', '==', '!=', '===', '!==', '==', '==='];

function expression() {
  if (--budget < 0 || depth > 5) return chance(60) ? variable() : literal();
  depth++;
  const e = expressionOf(below(44));
  depth--;
  return e;
}

const list = (n, f = expression) => Array.from({ length: n }, () => f()).join(', ');

function expressionOf(kind) {
  switch (kind) {
    case 0: case 1: case 2: case 3: return literal();
    case 4: case 5: case 6: case 7: case 8: return variable();
    case 9: case 10: case 11: case 12: case 13: {
      const op = pick(binary), left = expression();
      return `(${op === '**' ? `(${left})` : left} ${op} ${expression()})`;
    }
    case 14: return `(${expression()} ${pick(['&&', '||'])} ${expression()})`;
    case 15: return `(${expression()} ?? ${expression()})`;
    case 16: return `(${expression()} ? ${expression()} : ${expression()})`;
    case 17: return `(${pick(['!', '-', '+', '~', 'typeof ', 'void '])}${expression()})`;
    case 18: return `[${Array.from({ length: below(4) }, () => chance(10) ? '' : chance(12) ? `...iter(${expression()})` : expression()).join(', ')}]`;
    case 19: case 20: return objectLiteral();
    case 21: return `get(${expression()}, ${chance(60) ? `'${pick(keys)}'` : expression()})`;
    case 22: return `obj(${expression()}).${pick(keys)}`;
    case 23: return `obj(${expression()})?.${pick(plainKeys)}${chance(40) ? `?.${pick(plainKeys)}` : ''}`;
    case 24: return `obj(${expression()})[${expression()}]`;
    case 25: return functionExpression();
    case 26: case 27: return `call(${expression()}${chance(60) ? `, ${list(1 + below(2))}` : ''})`;
    case 28: return assignment();
    case 29: return update();
    case 30: return `\`${chance(50) ? 't' : ''}\${text(${expression()})}${chance(50) ? `-\${text(${expression()})}` : ''}\``;
    case 31: return arrayMethod();
    case 32: return stringMethod();
    case 33: return mathCall();
    case 34: return pick([`JSON.stringify(${expression()})`, `Object.keys(obj(${expression()}))`, `Object.entries(obj(${expression()})).length`,
      `Array.isArray(${expression()})`, `Number(num(${expression()}))`, `String(text(${expression()}))`, `parseInt(text(${expression()}), ${pick(['10', '16', '2', 'undefined'])})`,
      `Object.assign({}, obj(${expression()}), obj(${expression()}))`, `Number.isInteger(${expression()})`, `parseFloat(text(${expression()}))`,
      `Object.is(${expression()}, ${expression()})`, `new Set(arr(${expression()})).size`, `Object.freeze(obj(${expression()}))`,
      `[...new Map(Object.entries(obj(${expression()}))).keys()]`, `Array.from({length: ${below(4)}}, (v, i) => i)`]);
    case 35: return `(${expression()}, ${expression()})`;
    case 36: return `(${chance(50) ? `'${pick(keys)}'` : literal()} in obj(${expression()}))`;
    case 37: return `(obj(${expression()}) instanceof ${pick(['Object', 'Array', 'Function', ...classes])})`;
    case 38: return `delete obj(${expression()})${chance(50) ? `.${pick(plainKeys)}` : `[${literal()}]`}`;
    case 39: return classes.length ? `new ${pick(classes)}(${list(below(3))})` : literal();
    case 40: return classes.length ? `new ${pick(classes)}(${list(below(2))}).${pick(['m', 'm2', 'get1', 'f0', 'f1'])}${chance(60) ? `(${list(below(2))})` : ''}` : variable();
    case 41: return `((${chance(50) ? 'q' : '...q'}) => ${scoped(() => { declare('q', 'let'); return expression(); })})(${list(below(3))})`;
    case 42: return pick([`/a|b/.test(text(${expression()}))`, `text(${expression()}).replace(/[a-c]/g, '<$&>')`, `text(${expression()}).split(/[,x]/)`,
      `text(${expression()}).match(/\\d+/g)`, `(/(\\w)(\\d)?/.exec(text(${expression()})) ?? [])[1]`]);
    default: return `conv(${expression()})`;
  }
}

function objectLiteral() {
  const parts = Array.from({ length: below(4) }, () => {
    switch (below(10)) {
      case 0: return `get ${pick(plainKeys)}() { ${logged('g')} return ${literal()}; }`;
      case 1: return `set ${pick(plainKeys)}(v) { ${logged('s')} }`;
      case 2: return `[${chance(50) ? `'k' + ${below(3)}` : literal()}]: ${expression()}`;
      case 3: return `...obj(${expression()})`;
      case 4: return `${pick(plainKeys)}(p) { return ${scoped(() => { declare('p', 'let'); return pick(['this', 'p', 'this.a', expression()]); })}; }`;
      case 5: return chance(20) ? `valueOf() { ${logged('v')} return ${literal()}; }` : `${below(4)}: ${expression()}`;
      case 6: return chance(30) ? `toString() { ${logged('t')} return ${pick(strings)}; }` : `'${pick(plainKeys)}': ${expression()}`;
      default: return `${pick(plainKeys)}: ${expression()}`;
    }
  });
  return `({${parts.join(', ')}})`;
}

const logged = what => `log('${what}${below(100)}');`;

function parameters() {
  const count = below(4), out = [];
  for (let i = 0; i < count; i++) {
    const name = fresh('p');
    switch (below(8)) {
      case 0: out.push(`${declare(name, 'let')} = ${expression()}`); break;
      case 1: out.push(`{a: ${declare(name, 'let')}, ...${declare(fresh('p'), 'let')}} = {}`); break;
      case 2: out.push(`[${declare(name, 'let')} = ${literal()}] = []`); break;
      default: out.push(declare(name, 'let'));
    }
  }
  if (chance(15)) out.push(`...${declare(fresh('p'), 'let')}`);
  return out.join(', ');
}

function functionBody(lines) {
  const outer = [loops, labels, inFunction];
  loops = 0; labels = []; inFunction = true;
  const body = scoped(() => block(1 + below(3)));
  [loops, labels, inFunction] = outer;
  lines.push(...body);
}

function functionExpression() {
  return scoped(() => {
    if (chance(60)) return `(${parameters()}) => ${chance(70) ? `(${expression()})` : `{ return ${expression()}; }`}`;
    return `function ${chance(30) ? declare(fresh('f'), 'self') : ''}(${parameters()}) { return ${pick([expression(), 'arguments.length', 'this === undefined'])}; }`;
  });
}

function assignment() {
  const targets = settable();
  if (!targets.length || chance(35))
    return `(obj(${variable()})${chance(60) ? `.${pick(plainKeys)}` : `[${expression()}]`} ${pick(['=', '=', '+=', '-=', '??=', '||=', '&&='])} ${expression()})`;
  const name = pick(targets).name;
  return `(${name} ${pick(['=', '=', '=', '+=', '-=', '*=', '%=', '|=', '>>>=', '??=', '||=', '&&='])} ${expression()})`;
}

function update() {
  const targets = settable(), op = pick(['++', '--']);
  const target = targets.length && chance(70) ? pick(targets).name : `obj(${variable()}).${pick(plainKeys)}`;
  return chance(50) ? `(${target}${op})` : `(${op}${target})`;
}

function callback(count) {
  return scoped(() => {
    const args = ['u', 'w', 'i'].slice(0, count);
    args.forEach(a => declare(a, 'let'));
    return `(${args.join(', ')}) => ${chance(12) ? `{ ${logged('cb')} return ${expression()}; }` : `(${expression()})`}`;
  });
}

function arrayMethod() {
  const a = `arr(${expression()})`;
  switch (below(22)) {
    case 0: return `${a}.map(${callback(2)})`;
    case 1: return `${a}.filter(${callback(1)})`;
    case 2: return `${a}.reduce(${callback(2)}, ${expression()})`;
    case 3: return `${a}.slice(${list(below(3))})`;
    case 4: return `${a}.concat(${list(below(3))})`;
    case 5: return `${a}.join(${chance(50) ? pick(strings) : ''})`;
    case 6: return `${a}.indexOf(${expression()})`;
    case 7: return `${a}.includes(${expression()})`;
    case 8: return `${a}.push(${list(below(3))})`;
    case 9: return `${a}.${pick(['pop', 'shift', 'reverse', 'flat', 'toReversed'])}()`;
    case 10: return `${a}.splice(${list(1 + below(3))})`;
    case 11: return `${a}.sort()`;
    case 12: return `${a}.toSorted((u, w) => num(u) - num(w))`;
    case 13: return `${a}.${pick(['find', 'findIndex', 'some', 'every', 'findLast', 'flatMap'])}(${callback(1)})`;
    case 14: return `${a}.at(${expression()})`;
    case 15: return `${a}.fill(${list(1 + below(2))})`;
    case 16: return `${a}.unshift(${list(below(3))})`;
    case 17: return `[...${a}.${pick(['keys', 'entries', 'values'])}()]`;
    case 18: return `${a}.lastIndexOf(${expression()})`;
    case 19: return `${a}.with(${below(3)}, ${expression()})`;
    case 20: return `${a}.copyWithin(${list(1 + below(3))})`;
    default: return `${a}.length`;
  }
}

function stringMethod() {
  const s = `text(${expression()})`;
  switch (below(16)) {
    case 0: return `${s}.slice(${list(below(3))})`;
    case 1: return `${s}.split(${pick(strings)})`;
    case 2: return `${s}.indexOf(text(${expression()}))`;
    case 3: return `${s}.charCodeAt(${expression()})`;
    case 4: return `${s}.${pick(['toUpperCase', 'toLowerCase', 'trim', 'toString', 'trimEnd'])}()`;
    case 5: return `${s}.repeat(${below(4)})`;
    case 6: return `${s}.padStart(${below(12)}, ${pick(strings)})`;
    case 7: return `${s}.replace(${pick(strings)}, ${chance(50) ? pick(strings) : '(m, i) => m + i'})`;
    case 8: return `${s}.substring(${list(below(3))})`;
    case 9: return `${s}.${pick(['includes', 'startsWith', 'endsWith'])}(text(${expression()}))`;
    case 10: return `[...${s}]`;
    case 11: return `${s}.at(${expression()})`;
    case 12: return `${s}.localeCompare === undefined`;
    case 13: return `${s}.replaceAll(${pick(strings)}, ${pick(strings)})`;
    case 14: return `${s}.concat(${list(below(2))})`;
    default: return `${s}.length`;
  }
}

function mathCall() {
  const f = pick(['abs', 'floor', 'ceil', 'round', 'trunc', 'sign', 'sqrt', 'max', 'min', 'sin', 'exp', 'log', 'pow', 'imul', 'clz32', 'fround', 'hypot', 'cbrt', 'atan2']);
  return `Math.${f}(${list(1 + below(2), () => `num(${expression()})`)})`;
}

// ---- statements: lines ---------------------------------------------------------------------------------------------

function block(count) {
  const lines = [];
  for (let i = 0; i < count; i++) statement(lines);
  return lines;
}

function nested(lines, head, tail = '}') {
  lines.push(head);
  lines.push(...scoped(() => block(1 + below(3))));
  lines.push(tail);
}

function statement(lines) {
  if (--budget < 0 || depth > 4) { lines.push(`log(${variable()});`); return; }
  depth++;
  statementOf(below(36), lines);
  depth--;
}

function loop(lines, head, turns, tail = '}') {
  loops++;
  const label = chance(15) ? fresh('l') : '';
  if (label) labels.push(label);
  lines.push(`${label ? label + ': ' : ''}${head}`);
  lines.push(`if (++${turns} > 7) break;`);
  lines.push(...scoped(() => block(1 + below(3))));
  lines.push(tail);
  if (label) labels.pop();
  loops--;
}

function statementOf(kind, lines) {
  switch (kind) {
    case 0: case 1: case 2: case 3: {
      const value = expression();
      lines.push(`let ${declare(fresh('v'), 'let')} = ${value};`);
      break;
    }
    case 4: { const value = expression(); lines.push(`const ${declare(fresh('c'), 'const')} = ${value};`); break; }
    case 5: { const value = expression(); lines.push(`var ${declare(fresh('r'), 'var')} = ${value};`); break; }
    case 6: case 7: case 8: lines.push(`log(${expression()});`); break;
    case 9: case 10: case 11: lines.push(`${assignment()};`); break;
    case 12: lines.push(`${update()};`); break;
    case 13: case 14: nested(lines, `if (${expression()}) {`, chance(40) ? '} else {' : '}');
      if (lines[lines.length - 1] === '} else {') { lines.push(...scoped(() => block(1 + below(2)))); lines.push('}'); }
      break;
    case 15: case 16: scoped(() => {
      const i = fresh('i'), start = below(3), end = below(6);
      const turns = fresh('n');
      lines.push(`let ${turns} = 0;`);
      const head = `for (let ${i} = ${start}; ${i} < ${end}; ${i}++) {`;
      declare(i, 'let');
      loop(lines, head, turns);
    }); break;
    case 17: scoped(() => {
      const turns = fresh('n'), of = `iter(${expression()})`;
      lines.push(`let ${turns} = 0;`);
      const x = fresh('x');
      const head = chance(70) ? `for (const ${x} of ${of}) {` : `for (let [${x}] of iter([[${expression()}], [${expression()}]])) {`;
      declare(x, 'const');
      loop(lines, head, turns);
    }); break;
    case 18: scoped(() => {
      const turns = fresh('n'), object = `obj(${expression()})`, x = fresh('x');
      lines.push(`let ${turns} = 0;`);
      declare(x, 'const');
      loop(lines, `for (const ${x} in ${object}) {`, turns);
    }); break;
    case 19: { const turns = fresh('n'); lines.push(`let ${turns} = 0;`); loop(lines, `while (${expression()}) {`, turns); break; }
    case 20: { const turns = fresh('n'); lines.push(`let ${turns} = 0;`); loop(lines, 'do {', turns, `} while (${expression()});`); break; }
    case 21: case 22: tryStatement(lines); break;
    case 23: lines.push(`throw ${pick([expression(), `new Error(text(${expression()}))`, `new RangeError('r${below(9)}')`])};`.replace(/^/, chance(70) ? `if (${expression()}) ` : '')); break;
    case 24: if (loops) lines.push(`if (${expression()}) ${pick(['break', 'continue'])}${labels.length && chance(40) ? ' ' + pick(labels) : ''};`); break;
    case 25: if (inFunction) lines.push(`${chance(70) ? `if (${expression()}) ` : ''}return ${expression()};`); break;
    case 26: case 27: functionStatement(lines); break;
    case 28: switchStatement(lines); break;
    case 29: { const names = [fresh('d'), fresh('d')], value = expression();
      lines.push(`let {${pick(plainKeys)}: ${names[0]} = ${literal()}, ...${names[1]}} = obj(${value});`);
      names.forEach(n => declare(n, 'let')); break; }
    case 30: { const names = [fresh('d'), fresh('d')], value = expression();
      lines.push(`let [${names[0]}, ${chance(50) ? '...' : ''}${names[1]}] = iter(${value});`);
      names.forEach(n => declare(n, 'let')); break; }
    case 31: { const targets = settable(); if (targets.length > 1) lines.push(`[${pick(targets).name}, ${pick(targets).name} = ${expression()}] = iter(${expression()});`); break; }
    case 32: if (depth < 4) classStatement(lines); break;
    case 33: nested(lines, '{'); break;
    case 34: { const label = fresh('l'); lines.push(`${label}: {`); lines.push(...scoped(() => block(1 + below(2)))); lines.push(`if (${expression()}) break ${label};`);
      lines.push(...scoped(() => block(1))); lines.push('}'); break; }
    default: lines.push(`${expression()};`.replace(/^(\{|function|class|let)/, '0, $1'));
  }
}

function tryStatement(lines) {
  nested(lines, 'try {', '');
  lines.pop();
  const kind = below(3);
  if (kind !== 1) {
    const e = fresh('e');
    lines.push(`} catch (${e}) {`);
    lines.push(`log(${e});`);
    scoped(() => { declare(e, 'let'); lines.push(...block(below(2))); });
  }
  if (kind !== 0) {
    lines.push('} finally {');
    lines.push(...scoped(() => block(1 + below(2))));
  }
  lines.push('}');
}

function switchStatement(lines) {
  lines.push(`switch (${expression()}) {`);
  scopes.push([]);
  const cases = 1 + below(3), otherwise = below(5);
  for (let i = 0; i < cases; i++) {
    lines.push(i === otherwise ? 'default: {' : `case ${chance(60) ? literal() : expression()}: {`);
    lines.push(...scoped(() => block(below(3))));
    lines.push('}');
    if (chance(60)) lines.push('break;');
  }
  scopes.pop();
  lines.push('}');
}

function functionStatement(lines) {
  const name = fresh('f');
  declare(name, 'function');
  scoped(() => {
    lines.push(`function ${name}(${parameters()}) {`);
    lines.push('if (++calls > 60) return 0;');
    functionBody(lines);
    lines.push('}');
  });
}

function classStatement(lines) {
  const name = fresh('C'), parent = classes.length && chance(40) ? pick(classes) : '';
  lines.push(`class ${name}${parent ? ` extends ${parent}` : ''} {`);
  const secret = chance(40);
  if (secret) lines.push(`#s = ${literal()};`);
  if (chance(60)) lines.push(`f0 = ${expression()};`);
  if (chance(30)) lines.push(`static f1 = ${literal()};`);
  if (chance(50)) {
    lines.push('constructor(p, q) {');
    scoped(() => {
      declare('p', 'let'); declare('q', 'let');
      if (parent) lines.push(`super(${list(below(2), () => chance(50) ? 'p' : literal())});`);
      lines.push(`this.f1 = ${expression()};`);
      lines.push('}');
    });
  }
  scoped(() => {
    declare('p', 'let');
    lines.push(`m(p) { return ${pick(['this.f0', expression(), 'p', secret ? 'this.#s' : 'this.f1', parent ? 'super.m?.(p)' : 'this.m2?.(p)'])}; }`);
    if (chance(40)) lines.push(`get get1() { ${logged('get')} return ${pick(['this.f0', literal()])}; }`);
    if (chance(30)) lines.push(`static m2(p) { return ${expression()}; }`);
    if (secret) lines.push(`m2(p) { this.#s = p; return this.#s; }`);
  });
  lines.push('}');
  declare(name, 'class');
  if (scopes.length === 1) classes.push(name);
}

function program(seed) {
  reseed(seed);
  scopes = [[]]; names = 0; loops = 0; labels = []; depth = 0; inFunction = true; budget = 60 + below(200); classes = [];
  const lines = block(3 + below(8));
  for (const v of scopes[0]) lines.push(`log(${v.name});`);
  return lines;
}

// ---- what programs call -----------------------------------------------------------------------------------------------

const prelude = `'use strict';
let out = '', calls = 0, logs = 0;
function show(v, depth = 0) {
  switch (typeof v) {
    case 'number': return Object.is(v, -0) ? '-0' : String(v);
    case 'string': return JSON.stringify(v.length > 60 ? v.slice(0, 60) + v.length : v);
    case 'function': return 'function ' + v.name + '/' + v.length;
    case 'symbol': return v.toString();
    case 'object': break;
    default: return String(v);
  }
  if (v === null) return 'null';
  if (depth > 2) return '...';
  if (v instanceof Error) return errorText(v);
  let text = Array.isArray(v) ? 'array' + v.length : v instanceof Map || v instanceof Set ? 'collection' + v.size : '';
  let n = 0;
  for (const k of Reflect.ownKeys(v)) {
    if (++n > 12) { text += '...'; break; }
    const d = Object.getOwnPropertyDescriptor(v, k);
    text += ' ' + String(k) + (d.get || d.set ? '=accessor' : '=' + show(d.value, depth + 1));
  }
  return '{' + text + '}';
}
const thrown = new WeakLikeSet();
function WeakLikeSet() { this.list = []; }
function errorText(e) { return e.name + (/^(r\\d|[^A-Z]*)$/.test(e.message) && !engine(e) ? ':' + e.message : ''); }
function engine(e) { return e.constructor !== Error && !/^r\\d$/.test(e.message); }
function log(v) { if (++logs < 200) out += show(v) + ';'; }
function obj(v) { return v !== null && (typeof v === 'object' || typeof v === 'function') ? v : { a: v, b: [v], x: 1 }; }
function arr(v) { return Array.isArray(v) ? v.length > 40 ? v.slice(0, 40) : v : [v, 1, 'z']; }
function iter(v) {
  if (typeof v === 'string' || Array.isArray(v)) return v.length > 40 ? v.slice(0, 40) : v;
  let i = 0;
  return { [Symbol.iterator]() { return { next() { return { value: i, done: i++ > 2 }; }, return() { log('closed'); return {}; } }; } };
}
function text(v) { return typeof v === 'symbol' ? 's' : typeof v === 'string' ? v.slice(0, 200) : typeof v === 'object' || typeof v === 'function' ? typeof v : String(v); }
function num(v) { return typeof v === 'symbol' ? 1 : typeof v === 'object' || typeof v === 'function' ? 3 : Number(v); }
function call(f, ...args) { if (++calls > 60) return 0; return typeof f === 'function' && !/^class/.test(Function.prototype.toString.call(f)) ? f(...args) : f; }
function get(o, k) { return o === null || o === undefined || typeof k === 'symbol' ? k : o[typeof k === 'object' || typeof k === 'function' ? 'a' : k]; }
function conv(v) { return { valueOf() { log('valueOf'); return typeof v === 'object' ? 4 : v; }, toString() { log('toString'); return 'conv'; } }; }
function run(name, f) {
  out = ''; calls = 0; logs = 0;
  try { out += '=' + show(f()); } catch (e) { out += 'throws ' + show(e); }
  print(name + ' ' + out);
}
`.replace("const thrown = new WeakLikeSet();\nfunction WeakLikeSet() { this.list = []; }\n", '');

const script = programs => prelude + programs.map(p => `run(${p.seed}, function () {\n${p.lines.join('\n')}\n});`).join('\n') + '\n';

// ---- running ------------------------------------------------------------------------------------------------------------

function byNode(text) {
  const lines = [], context = createContext({ print: line => lines.push(String(line)), __proto__: null });
  try {
    new Script(text).runInContext(context, { timeout: 20000 });
  } catch (e) {
    lines.push('stopped: ' + (e && e.name));
  }
  return lines;
}

const folder = mkdtempSync(join(tmpdir(), 'programs-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function byTusk(text) {
  const file = join(folder, 'batch.js');
  writeFileSync(file, text);
  const args = ['js', ...(options.option ? [options.option] : []), file];
  const result = spawnSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60000 });
  const lines = result.stdout.split('\n').slice(0, -1);
  if (result.status !== 0) lines.push('stopped: ' + (result.signal ?? result.stderr.slice(0, 300)));
  return lines;
}

function parses(lines) {
  try { new Script(script([{ seed: 0, lines }])); return true; } catch { return false; }
}

function differs(lines) {
  const text = script([{ seed: 0, lines }]);
  return byNode(text).join('\n') !== byTusk(text).join('\n');
}

// Leaves out runs of lines, long ones first.
function shrink(lines) {
  for (let size = Math.ceil(lines.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at + size <= lines.length;) {
      const shorter = [...lines.slice(0, at), ...lines.slice(at + size)];
      if (parses(shorter) && differs(shorter)) lines = shorter;
      else at++;
    }
  }
  return lines;
}

function report(p) {
  const lines = options.shrink ? shrink(p.lines) : p.lines, text = script([{ seed: p.seed, lines }]);
  console.log(`seed ${p.seed}:\n${lines.join('\n')}\n  node: ${byNode(text).join('\n  ')}\n  tusk: ${byTusk(text).join('\n  ')}\n`);
  if (!options.keep) return;
  mkdirSync(options.keep, { recursive: true });
  writeFileSync(join(options.keep, `${p.seed}.js`), text);
}

let compared = 0, different = 0;
for (let first = options.seed; first < options.seed + options.count && different < 10; first += options.batch) {
  const programs = [];
  for (let seed = first; seed < Math.min(first + options.batch, options.seed + options.count); seed++) {
    const lines = program(seed);
    if (parses(lines)) programs.push({ seed, lines });
  }
  const text = script(programs), node = byNode(text), tusk = byTusk(text);
  compared += programs.length;
  if (node.join('\n') === tusk.join('\n')) continue;
  for (const p of programs) {
    if (different >= 10 || !differs(p.lines)) continue;
    different++;
    report(p);
  }
}
console.log(`${compared} programs compared, ${different} different`);
process.exit(different || !compared ? 1 : 0);
