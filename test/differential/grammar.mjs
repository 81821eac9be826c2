// The grammar of generated programs: statements, classes, functions, destructuring, scopes.  The expressions and the
// statements that need no scope of their own are in tables.mjs.
import { below, chance, expand, list, make, pick, reseed, templates } from './tree.mjs';
import { scenes } from './scenes.mjs';
import * as tables from './tables.mjs';

const expressionTables = {
  any: templates('e', tables.anyExpressions),
  number: templates('e', tables.numberExpressions),
  string: templates('e', tables.stringExpressions),
  array: templates('e', tables.arrayExpressions),
  other: templates('e', tables.booleanishExpressions),
  hot: templates('e', tables.hotExpressions),
};
const statementTable = templates('s', tables.statements), changeTable = templates('e', tables.changes), sceneTable = templates('s', scenes);
const regexTable = templates('e', tables.regexes);

const E = (strings, ...values) => make('e', weave(strings, values));
const S = (strings, ...values) => make('s', weave(strings, values));
const X = (strings, ...values) => make('x', weave(strings, values));
function weave(strings, values) {
  const parts = [];
  strings.forEach((text, i) => {
    if (text) parts.push(text);
    if (i < values.length && values[i] !== '') parts.push(values[i]);
  });
  return parts;
}
const lines = items => list(items, '\n');

// ---- scopes ----------------------------------------------------------------------------------------------------

let scopes, names, loops, labels, depth, budget, strange;

const fresh = prefix => prefix + names++;
function declare(name, kind) {
  scopes[scopes.length - 1].push({ name, kind });
  return name;
}
function scoped(body) {
  scopes.push([]);
  const result = body();
  scopes.pop();
  return result;
}
const visible = kinds => scopes.flat().filter(v => !kinds || kinds.includes(v.kind));
function variable() {
  const all = visible();
  return all.length ? all[all.length - 1 - Math.min(below(all.length), below(all.length))].name : literal();
}
const settable = () => visible(['let', 'var']);
function className() {
  const all = visible(['class']);
  return all.length && chance(75) ? pick(all).name : pick(['Base', 'Base', 'Derived', 'Object', 'Set', 'Map', 'Error']);
}

// ---- expressions -----------------------------------------------------------------------------------------------

function literal() {
  switch (below(9)) {
    case 0: case 1: case 2: return pick(tables.numbers);
    case 3: case 4: return pick(tables.strings);
    case 5: return pick(['true', 'false', 'null', 'undefined', 'sym']);
    case 6: return String(below(1000) - 500);
    case 7: return String((below(20000) - 10000) / 16);
    default: return '[]';
  }
}

// A number whose bits, or digits, are random.
function randomNumber() {
  if (chance(50)) return `${chance(50) ? '-' : ''}${below(1000000)}.${below(1000000)}e${below(60) - 30}`;
  const bits = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < 8; i += 2) bits.setUint16(i, below(65536));
  return String(bits.getFloat64(0));
}

const spent = () => --budget < 0 || depth > 5;
function deeper(body) {
  depth++;
  const result = body();
  depth--;
  return result;
}
const fill = table => expand(pick(table), hole);

function expression() {
  if (spent()) return E`${chance(65) ? variable() : literal()}`;
  return deeper(() => {
    switch (below(20)) {
      case 0: case 1: return E`${literal()}`;
      case 2: case 3: case 4: return E`${variable()}`;
      case 5: return E`[${list(Array.from({ length: below(4) }, () => chance(8) ? '' : chance(12) ? E`...${iterable()}` : expression()))}]`;
      case 6: return objectLiteral();
      case 7: return functionExpression();
      case 8: return fill(expressionTables.number);
      case 9: return fill(expressionTables.string);
      case 10: return fill(expressionTables.array);
      case 11: return fill(expressionTables.other);
      case 12: return destructuringExpression();
      default: return fill(expressionTables.any);
    }
  });
}

function typed(leaf, table, wrap) {
  if (spent()) return E`${leaf()}`;
  return deeper(() => chance(35) ? E`${wrap}(${expression()})` : chance(40) ? E`${leaf()}` : fill(expressionTables[table]));
}
const number = () => typed(() => chance(80) ? pick(tables.numbers) : `num(${variable()})`, 'number', 'num');
const string = () => {
  const e = typed(() => chance(70) ? pick(tables.strings) : `text(${variable()})`, 'string', 'text');
  return e.parts.length > 1 && !String(e.parts[0]).startsWith('text(') ? E`text(${e})` : e;
};
const array = () => {
  const leaf = () => pick(['[1, 2, 3]', '[0.5, 1, -0]', "['a', 'b']", '[1, , 3]', '[]', "[1, 'a', null, undefined, NaN]", '[3, 1, 2, 10, 20]', '[[1, 2], [3]]', `arr(${variable()})`, `arr(${variable()})`]);
  const e = typed(leaf, 'array', 'arr');
  return e.parts.length > 1 && !String(e.parts[0]).startsWith('arr(') ? E`arr(${e})` : e;
};
function object() {
  if (spent()) return E`obj(${variable()})`;
  return deeper(() => pick([() => E`obj(${expression()})`, () => E`obj(${variable()})`, () => E`obj(${variable()})`, objectLiteral, array,
    () => E`new ${className()}(${expression()})`, () => E`Object.create(${object()})`])());
}
function iterable() {
  return pick([() => E`iter(${expression()})`, array, () => E`iter(${variable()})`, () => E`broken(${String(below(7))})`, string,
    () => E`arr(${variable()})`, map])();
}
const map = () => spent() ? E`new Map([[1, 2]])` : deeper(() => pick([() => E`new Map(Object.entries(${object()}))`, () => E`new Map([[${expression()}, ${expression()}], [1, ${literal()}]])`,
  () => E`mapOf(${variable()})`])());
const set = () => spent() ? E`new Set([1])` : deeper(() => pick([() => E`new Set(${iterable()})`, () => E`new Set(${array()})`, () => E`setOf(${variable()})`])());
const typedArray = () => E`new ${pick(['Int32Array', 'Uint8Array', 'Float64Array'])}(${pick([() => String(below(5)), () => array(), () => '[1, 2.5, -3, 300]'])()})`;
const date = () => pick([() => E`new Date(${String((below(4000000) - 1000000) * 1000003)})`, () => E`new Date(${number()})`,
  () => E`new Date(${String(1900 + below(200))}, ${small()}${chance(70) ? X`, ${small()}, ${small()}` : ''})`, () => E`new Date(${pick(["'2024-02-29'", "'2024-03-31T02:30:00'", "'1999-12-31T23:59:59.999Z'", "'x'"])})`])();
const small = () => chance(75) ? E`${pick(['0', '1', '2', '3', '-1', '4', '7', '1.5', '-2', '40', 'undefined', 'NaN', 'Infinity'])}` : number();
const key = () => chance(80) ? E`${pick(tables.keys)}` : expression();
const property = () => pick(tables.properties);
const logged = what => `log('${what}${below(100)}');`;

const descriptor = () => {
  const flags = Array.from({ length: below(3) }, () => `${pick(['writable', 'enumerable', 'configurable'])}: ${pick(['true', 'false'])}`);
  switch (below(6)) {
    case 0: return E`{get() { ${logged('g')} return ${expression()}; }, ${list([...flags.filter(f => f[0] !== 'w')])}}`;
    case 1: return E`{get: undefined, set(v) { ${logged('s')} }}`;
    case 2: return E`{${list(flags)}}`;
    case 3: return expression();
    default: return E`{${list([X`value: ${expression()}`, ...flags])}}`;
  }
};

function objectLiteral() {
  if (spent()) return E`({${list([`a: ${literal()}`, `b: ${variable()}`])}})`;
  const member = () => {
    const kind = below(14), p = pick(['a', 'b', 'c', 'x', 'y', 'k0', 'k1', 'length', 'name', ...(kind > 1 ? tables.plainProperties : [])]);
    switch (kind) {
      case 0: return X`get ${p}() { ${logged('g')} return ${method(expression)}; }`;
      case 1: return X`set ${p}(v) { ${logged('s')} }`;
      case 2: return X`[${key()}]: ${expression()}`;
      case 3: return X`${'...'}${chance(70) ? object() : expression()}`;
      case 4: return X`${p}(p) { return ${scoped(() => { declare('p', 'let'); return method(() => pick([() => 'this', () => 'p', () => 'this.a', expression, () => E`super.${property()}`])()); })}; }`;
      case 5: return chance(25) ? X`valueOf() { ${logged('v')} return ${literal()}; }` : X`${String(below(4))}: ${expression()}`;
      case 6: return chance(30) ? X`toString() { ${logged('t')} return ${pick(tables.strings)}; }` : X`'${p}': ${expression()}`;
      case 7: return chance(40) ? X`__proto__: ${object()}` : X`${p}: ${functionExpression()}`;
      case 8: return chance(20) ? X`[Symbol.toPrimitive](h) { log(h); return ${literal()}; }` : chance(20) ? X`[Symbol.toStringTag]: ${string()}` : X`${p}: ${variable()}`;
      case 9: { const all = visible(); return all.length ? pick(all).name : X`${p}: 1`; }
      default: return X`${p}: ${expression()}`;
    }
  };
  const all = Array.from({ length: below(4) }, member), starts = text => m => typeof m !== 'string' && String(m.parts[0]).startsWith(text);
  // Two prototypes are an error; beside a spread this Node defines accessors too late.
  const proto = all.find(starts('__proto__:')), spread = all.some(starts('...'));
  const members = all.filter(m => (!starts('__proto__:')(m) || m === proto) && !(spread && (starts('get ')(m) || starts('set ')(m))));
  return E`({${list(members)}})`;
}

// Code inside a method: no loop around it can be left.
function method(body) {
  const outer = [loops, labels];
  loops = 0; labels = [];
  const result = body();
  [loops, labels] = outer;
  return result;
}

// A destructuring pattern whose targets are made by `target`.
function pattern(target, level = 0) {
  const leaf = () => level < 2 && chance(22) ? pattern(target, level + 1) : target();
  const fallback = () => chance(30) ? X` = ${chance(60) ? literal() : expression()}` : '';
  if (chance(50)) {
    const items = Array.from({ length: below(4) }, () => chance(12) ? '' : X`${leaf()}${fallback()}`);
    if (chance(25)) items.push(X`...${leaf()}`);
    return X`[${list(items)}]`;
  }
  // What a rest leaves out is never a getter: this Node would call it again.
  const rest = chance(25), keyOf = () => rest ? pick(tables.plainProperties) : chance(70) ? property() : E`[${key()}]`;
  const items = Array.from({ length: below(4) }, () => X`${keyOf()}: ${leaf()}${fallback()}`);
  if (rest) items.push(X`...${target()}`);
  return X`{${list(items)}}`;
}
const source = () => pick([() => E`iter(${expression()})`, () => E`obj(${expression()})`, array, objectLiteral, expression, map])();
function destructuringExpression() {
  const targets = settable();
  if (!targets.length) return E`${literal()}`;
  const target = () => chance(70) ? pick(targets).name : E`obj(${variable()}).${property()}`;
  return E`(${pattern(target)} = ${source()})`;
}

function parameters() {
  const items = Array.from({ length: below(4) }, () => {
    switch (below(8)) {
      case 0: { const value = expression(); return X`${declare(fresh('p'), 'let')} = ${value}`; }
      case 1: return X`${pattern(() => declare(fresh('p'), 'let'), 1)} = ${chance(50) ? '[]' : source()}`;
      case 2: return X`[${declare(fresh('p'), 'let')} = ${literal()}] = []`;
      default: return declare(fresh('p'), 'let');
    }
  });
  if (chance(12)) items.push(X`...${declare(fresh('p'), 'let')}`);
  return list(items);
}

// The statements of a function.
function body(count) {
  return method(() => lines(scoped(() => block(count))));
}

function functionExpression() {
  if (spent()) return E`(() => ${variable()})`;
  return deeper(() => scoped(() => {
    const kind = below(10);
    if (kind < 5) return E`((${parameters()}) => ${chance(70) ? E`(${expression()})` : X`{ return ${expression()}; }`})`;
    if (kind === 5 && depth < 4) return E`((${parameters()}) => { if (++calls > 60) return 0;\n${body(1 + below(2))} })`;
    return E`(function ${chance(30) ? declare(fresh('f'), 'self') : ''}(${parameters()}) { return ${pick([expression, expression, () => 'arguments.length', () => 'this === undefined', () => 'this'])()}; })`;
  }));
}

function callback() {
  return scoped(() => {
    const count = 1 + below(3), args = ['u', 'w', 'i'].slice(0, count);
    args.forEach(a => declare(a, 'let'));
    const value = chance(25) ? arithmetic() : expression();
    return E`(${list(args)}) => ${chance(15) ? X`{ ${logged('cb')} return ${value}; }` : E`(${value})`}`;
  });
}
const arithmetic = () => E`${pick(['u + w', 'num(u) * 2', 'num(u) - num(w)', 'u', 'w', "text(u) + text(w)", 'num(u) > 1', '[u, w]'])}`;

// Keys of what is read and written are no objects: Node converts those twice.
const plainKey = () => E`${pick(tables.keys)}`;
function assignable(keyOf = plainKey) {
  const targets = settable();
  if (targets.length && chance(60)) return pick(targets).name;
  return X`${object()}${chance(60) ? '.' + property() : X`[${keyOf()}]`}`;
}

function hole(letter, names) {
  switch (letter) {
    case '#': return fresh('v');
    case 'e': return expression();
    case 'v': return variable();
    case 'l': return literal();
    case 'n': return number();
    case 'i': return small();
    case 'j': return pick(['0', '1', '2', '3', '5', '2', '3', '-1', '2.5', "'2'", 'NaN', '17']);
    case 's': return string();
    case 'a': return array();
    case 'o': return object();
    case 'k': return key();
    case 'p': return property();
    case 'f': return callback();
    case 'F': return functionExpression();
    case 'r': return fill(regexTable);
    case 'd': return date();
    case 'm': return map();
    case 'M': return set();
    case 't': return typedArray();
    case 'y': return E`${pick(['sym', 'Symbol.iterator', "Symbol('local')", "Symbol.for('shared')", 'Symbol()'])}`;
    case 'c': return className();
    case 'I': return iterable();
    case 'x': return assignable();
    case 'X': return assignable(key);
    case 'q': return arithmetic();
    case 'D': return descriptor();
    case 'C': return make('s', [expand(pick(changeTable), hole, names)]);
    case 'h': return hot();
    case 'H': return hotLoop();
    case 'N': return randomNumber();
    case 'B': return String(below(7));
    default: throw new Error('no hole $' + letter);
  }
}

// ---- hot loops: arithmetic that is run often enough to be compiled and to overflow ----------------------------------

function hot() {
  if (--budget < 0 || depth > 8) return E`${pick(tables.hotNames)}`;
  return deeper(() => chance(45) ? E`${pick(tables.hotNames)}` : fill(expressionTables.hot));
}
function hotLoop() {
  const f = fresh('h'), outer = depth;
  depth = 5;
  const target = () => pick(['s', 't', 's', 'p', 'q']);
  const step = () => {
    switch (below(9)) {
      case 0: return S`${target()} ${pick(['+=', '-=', '*=', '|=', '^=', '>>=', '<<=', '>>>=', '%='])} ${hot()};`;
      case 1: return S`if (${hot()} ${pick(['<', '>', '===', '!==', '<=', '=='])} ${hot()}) { ${target()} = ${hot()}; }`;
      case 2: return S`${target()}${pick(['++', '--'])};`;
      case 3: return S`xs[${pick(['i', 's', 'p', '(i + 1)'])} & 3] = ${hot()};`;
      case 4: return S`ob.${pick(['a', 'b'])} = ${hot()};`;
      case 5: return S`if (i === ${String(below(60))}) ${pick(['break', 'continue', 's = 0.5', "t = ''", 'xs = [1.5, 2]', "ob = {b: 1, a: 2}", 'xs = [, 1, 2]', 's = undefined', 's = -0', 'p = {valueOf() { return 2; }}', 'xs.length = 2', 'delete ob.a', "xs['x'] = 1", 'ob.c = 1', "s = 'z'", 't = true', 's = 2147483647', 't = -2147483648'])};`;
      default: return S`${target()} = ${hot()};`;
    }
  };
  const turns = pick(['8', '40', '70', '300']);
  // Texts would double with every turn.
  const cut = "if (typeof s === 'string' && s.length > 99) s = s.length; if (typeof t === 'string' && t.length > 99) t = t.length; if (typeof p === 'string' && p.length > 99) p = 1; if (typeof q === 'string' && q.length > 99) q = 1;";
  const arrays = () => pick(['[1, 2, 3, 4]', '[0.5, 1, 2, 3]', "[1, 'a', 2, null]", '[]', 'new Int32Array(4)', 'new Float64Array(4)', 'new Uint8Array([1, 2, 3, 255])', '[2147483647, -2147483648, 0, -1]', '[1, , 3]']);
  const objects = () => pick(['{a: 1, b: 2}', '{b: 1, a: 0.5}', '{a: 1}', '{a: 2147483647, b: -1, c: 0}', "{a: 'a', b: 1}", '{get a() { return 3; }, b: 1}', 'Object.create({a: 1, b: 2})']);
  const values = () => pick(['0', '1', '-1', '2147483647', '-2147483648', '0.5', '-0', '1073741824', 'NaN', '1e10', "'a'", "'5'", 'undefined', 'null', 'true', '3', '65536']);
  const calls = Array.from({ length: 2 + below(3) }, () => S`log(attempt(() => ${f}(${values()}, ${values()}, ${arrays()}, ${objects()})));`);
  const code = X`const ${f} = (p, q, xs, ob) => {\nlet s = ${values()}, t = ${values()};\nfor (let i = 0; i < ${turns}; i++) {\n${lines(Array.from({ length: 1 + below(5) }, step))}\n${S`${cut}`}\n}\nreturn [s, t, p, q, xs, ob];\n};\n${lines(calls)}`;
  depth = outer;
  return code;
}

// ---- statements ------------------------------------------------------------------------------------------------

function block(count) {
  const out = [];
  for (let i = 0; i < count; i++) out.push(statement());
  return out;
}
const braces = (count = 1 + below(3)) => lines(scoped(() => block(count)));

function statement() {
  if (strange && strange.after-- === 0) return expand(pick(strange.table), hole);
  if (--budget < 0 || depth > 4) return S`log(${variable()});`;
  return deeper(() => statementOf(below(48)));
}

function loop(head, tail = '}') {
  loops++;
  const label = chance(20) ? fresh('l') : '';
  if (label) labels.push(label);
  const result = S`${label ? label + ': ' : ''}${head}\nif (tick()) break;\n${braces()}\n${tail}`;
  if (label) labels.pop();
  loops--;
  return result;
}

function statementOf(kind) {
  switch (kind) {
    case 0: case 1: case 2: case 3: {
      const value = expression();
      return S`let ${declare(fresh('v'), 'let')} = ${value};`;
    }
    case 4: { const value = expression(); return S`const ${declare(fresh('c'), 'const')} = ${value};`; }
    case 5: { const value = expression(); return S`var ${declare(fresh('r'), 'var')} = ${value};`; }
    case 6: case 7: case 8: return S`log(${expression()});`;
    case 9: case 10: case 11: return S`log(attempt(() => ${expression()}));`;
    case 12: return S`${assignable(key)} = ${expression()};`;
    case 13: return S`${assignable()} ${pick(['+=', '-=', '??='])} ${expression()};`;
    case 14: case 15: return S`if (${expression()}) {\n${braces()}\n}${chance(40) ? X` else {\n${braces()}\n}` : ''}`;
    case 16: case 17: return scoped(() => {
      const i = declare(fresh('i'), 'let');
      return loop(X`for (let ${i} = ${String(below(3))}; ${i} < ${String(below(6))}; ${i}++) {`);
    });
    case 18: return scoped(() => {
      const of = iterable(), item = fresh('x');
      if (chance(60)) return loop(X`for (const ${declare(item, 'const')} of ${of}) {`);
      if (chance(30)) { const targets = settable(); if (targets.length) return loop(X`for (${pick(targets).name} of ${of}) {`); }
      return loop(X`for (${pick(['let', 'const', 'var'])} ${pattern(() => declare(fresh('x'), 'const'), 1)} of ${chance(50) ? E`[${object()}, ${array()}]` : of}) {`);
    });
    case 19: return scoped(() => {
      const head = object();
      return loop(X`for (${pick(['const', 'let', 'var'])} ${declare(fresh('x'), 'const')} in ${head}) {`);
    });
    case 20: return loop(X`while (${expression()}) {`);
    case 21: return loop('do {', X`} while (${expression()});`);
    case 22: case 23: case 24: return tryStatement();
    case 25: return S`${chance(75) ? X`if (${expression()}) ` : ''}throw ${pick([expression, () => E`new Error('§' + text(${expression()}))`, () => `new RangeError('§${below(9)}')`, () => `new Derived('§d')`])()};`;
    case 26: if (loops) return S`${chance(75) ? X`if (${expression()}) ` : ''}${pick(['break', 'continue'])}${labels.length && chance(40) ? ' ' + pick(labels) : ''};`; return S`log(${expression()});`;
    case 27: return S`${chance(75) ? X`if (${expression()}) ` : ''}return ${expression()};`;
    case 28: case 29: return functionStatement();
    case 30: return switchStatement();
    case 31: case 32: { const value = source(); return S`${pick(['let', 'var', 'let'])} ${pattern(() => declare(fresh('d'), 'let'))} = ${value};`; }
    case 33: return S`${destructuringExpression()};`;
    case 34: case 35: return depth < 4 ? classStatement() : S`log(${expression()});`;
    case 36: return S`{\n${braces()}\n}`;
    case 37: { const label = fresh('l'); return S`${label}: {\n${braces(1 + below(2))}\nif (${expression()}) break ${label};\n${braces(1)}\n}`; }
    case 38: return S`0, ${expression()};`;
    case 39: { const targets = settable(); return targets.length ? S`${pick(targets).name}${pick(['++', '--', ' += 1', ' |= 0'])};` : S`;`; }
    default: return expand(pick(chance(25) ? sceneTable : statementTable), hole);
  }
}

function tryStatement() {
  const kind = below(3), main = X`try {\n${braces()}\n}`;
  const handler = kind === 1 ? '' : chance(15) ? X` catch {\n${braces(1)}\n}` : scoped(() => {
    const e = fresh('e');
    declare(e, 'let');
    return X` catch (${e}) {\nlog(seen(${e}));\n${lines(block(below(2)))}\n}`;
  });
  return S`${main}${handler}${kind === 0 ? '' : X` finally {\n${braces(1 + below(2))}\n}`}`;
}

function switchStatement() {
  const value = expression();
  return scoped(() => {
    const cases = 1 + below(3), otherwise = below(5);
    const items = Array.from({ length: cases }, (unused, i) =>
      S`${i === otherwise ? 'default' : E`case ${chance(60) ? literal() : expression()}`}: {\n${braces(below(3))}\n}${chance(60) ? '\nbreak;' : ''}`.parts);
    return S`switch (${value}) {\n${lines(items.map(parts => make('x', parts)))}\n}`;
  });
}

function functionStatement() {
  const name = fresh('f');
  declare(name, 'function');
  return scoped(() => S`function ${name}(${parameters()}) {\nif (++calls > 60) return 0;\n${body(1 + below(3))}\n}`);
}

function classStatement() {
  const name = fresh('C'), parents = visible(['class']);
  const parent = chance(50) ? parents.length && chance(60) ? pick(parents).name : pick(['Base', 'Derived', 'Array', 'Error', 'Map', 'Set', 'Object', 'null', 'obj', 'class {}', 'call']) : '';
  const secret = chance(50), members = [];
  const body = value => method(() => scoped(() => { declare('p', 'let'); return value(); }));
  const inside = () => pick([() => 'this.f0', expression, expression, () => 'p', () => secret ? 'this.#s' : 'this.f1', () => 'super.m?.(p)', () => 'this.m2?.(p)', () => E`super.${property()}`, () => secret ? '#s in obj(p)' : 'this',
    () => secret ? E`(this.#s ${pick(['=', '+=', '??=', '&&='])} ${expression()})` : E`(super.${property()} = ${expression()})`, () => secret ? 'this.#t(p)' : 'new.target', () => secret ? 'this.#u' : 'this.constructor.name', () => secret ? E`obj(${expression()}).#s` : 'p'])();
  if (secret) members.push(X`#s = ${body(literal)};`, X`#t(p) { ${logged('t')} return ${body(inside)}; }`, X`get #u() { return ${body(() => pick(['this.#s', '1', "'u'"]))}; }`);
  if (chance(60)) members.push(X`f0 = ${method(expression)};`);
  if (chance(30)) members.push(X`static f1 = ${method(literal)};`);
  if (chance(20)) members.push(X`[${key()}] = ${method(expression)};`);
  if (chance(15)) members.push(X`static #p = ${method(expression)}; static s1() { return this.#p; }`);
  if (chance(15)) members.push(X`static {\n${method(() => lines(scoped(() => [S`log(this.name);`, S`this.s1 = ${expression()};`])))}\n}`);
  if (chance(50)) {
    const early = parent && chance(15) ? X`${S`log(attempt(() => this));`}\n` : '';
    members.push(method(() => scoped(() => {
      declare('p', 'let'); declare('q', 'let');
      const passed = list(Array.from({ length: below(3) }, () => chance(50) ? 'p' : expression()));
      const call = parent && chance(90) ? pick([() => S`super(${passed});`, () => S`super(${passed});`, () => S`log(super(${passed}));`, () => S`attempt(() => super(${passed}));`])() : '';
      return X`constructor(p, q) {\n${early}${call}\n${S`this.f1 = ${expression()};`}\n${chance(10) ? S`return ${expression()};` : ''}\n}`;
    })));
  }
  members.push(X`m(p) { return ${body(inside)}; }`);
  if (chance(40)) members.push(X`get get1() { ${logged('get')} return ${body(inside)}; }`);
  if (chance(20)) members.push(X`set get1(p) { ${logged('set')} this.f0 = ${body(inside)}; }`);
  if (chance(30)) members.push(X`static m2(p) { return ${body(() => pick([expression, () => 'this.name', () => 'super.name', () => 'new this(p)'])())}; }`);
  if (chance(30)) members.push(X`m2(p) { ${logged('m2')} return ${body(inside)}; }`);
  if (chance(12)) members.push(X`toString() { return ${body(() => pick(tables.strings))}; }`);
  if (chance(8)) members.push(X`static [Symbol.hasInstance](p) { log('has'); return ${body(expression)}; }`);
  if (chance(10)) members.push(X`[Symbol.iterator]() { return iter(${body(expression)})[Symbol.iterator](); }`);
  const statement = S`class ${name}${parent ? ` extends ${parent}` : ''} {\n${lines(members)}\n}`;
  declare(name, 'class');
  return statement;
}

// The tree of a program.
export function program(seed) {
  reseed(seed);
  strange = null;
  return whole();
}

// The same with one statement of another table.
export function planted(seed, table) {
  reseed(seed);
  strange = { table, after: below(12) };
  const tree = whole();
  return strange.after < 0 ? tree : lines([tree, expand(pick(table), hole)]);
}

function whole() {
  scopes = [[]]; names = 0; loops = 0; labels = []; depth = 0; budget = 50 + below(200);
  const statements = block(3 + below(8));
  for (const v of scopes[0]) statements.push(S`log(${v.name});`);
  return lines(statements);
}
