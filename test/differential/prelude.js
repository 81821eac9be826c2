'use strict';
// What generated programs call.  Programs may replace methods of built-ins for a while: what is needed to report values is
// kept here.
const kept = {
  ownKeys: Reflect.ownKeys, descriptor: Object.getOwnPropertyDescriptor, isArray: Array.isArray, stringify: JSON.stringify, is: Object.is, proto: Object.getPrototypeOf,
  frozen: Object.isFrozen, extensible: Object.isExtensible, define: Object.defineProperty, String, Map, Set, Date, RegExp, Error,
  typed: [Int32Array, Uint8Array, Float64Array], source: Function.prototype.toString, call: Function.prototype.call, symbolText: Symbol.prototype.toString,
};
const uncurried = f => kept.call.bind(f);
const mapEach = uncurried(Map.prototype.forEach), setEach = uncurried(Set.prototype.forEach), dateTime = uncurried(Date.prototype.getTime), sourceOf = uncurried(kept.source),
  slice = uncurried(String.prototype.slice), symbolText = uncurried(kept.symbolText), regexText = uncurried(RegExp.prototype.toString), isProto = uncurried(Object.prototype.isPrototypeOf),
  indexOf = uncurried(String.prototype.indexOf), startsWith = uncurried(String.prototype.startsWith), test = uncurried(RegExp.prototype.test), replaceAll = uncurried(String.prototype.replaceAll), arraySlice = uncurried(Array.prototype.slice), stringIterator = uncurried(String.prototype[Symbol.iterator]);
for (const name of ['toString', 'toTimeString']) { // names of zones are the engine's
  const plain = uncurried(Date.prototype[name]);
  Object.defineProperty(Date.prototype, name, { value: { [name]() { return slice(plain(this) + ' (', 0, indexOf(plain(this) + ' (', ' (')); } }[name], writable: true, configurable: true });
}
delete Error.stackTraceLimit; // V8's, and visible to for-in
const sym = Symbol('sym');
let out = '', calls = 0, logs = 0, ticks = 0;
class Base {
  f0 = 1;
  constructor(p, q) { this.a = p; this.q = q; }
  m(p) { return [this.a, p]; }
  get get1() { return this.f0; }
  set get1(v) { this.f0 = v; }
  static m2(p) { return p; }
}
class Derived extends Error {
  get name() { return 'Derived'; }
  m2(p) { return this.message + typeof p; }
}
const intrinsics = new Map();
for (const name of ['Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'Date', 'RegExp', 'Map', 'Set', 'Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError',
  'URIError', 'AggregateError', 'Int32Array', 'Uint8Array', 'Float64Array', 'ArrayBuffer', 'Math', 'JSON', 'Reflect', 'console', 'globalThis']) {
  intrinsics.set(globalThis[name], name);
  if (globalThis[name]?.prototype) intrinsics.set(globalThis[name].prototype, name + '.prototype');
}
for (const [name, of] of [['array', [][Symbol.iterator]()], ['map', new Map().keys()], ['set', new Set().keys()], ['string', ''[Symbol.iterator]()], ['regexp', ''.matchAll(/a/g)], ['typed', Int32Array]]) {
  intrinsics.set(Object.getPrototypeOf(of), name);
  intrinsics.set(Object.getPrototypeOf(of).prototype, name + '.prototype');
}
const intrinsicName = uncurried(Map.prototype.get);
function isA(c, v) { return isProto(c.prototype, v); }
function show(v, depth = 0) {
  switch (typeof v) {
    case 'number': return v === 0 && 1 / v < 0 ? '-0' : kept.String(v);
    case 'string': if (indexOf(v, '\n    at ') >= 0) return 'trace'; return kept.stringify(v.length > 60 ? slice(v, 0, 60) + v.length : v);
    case 'function': return functionText(v, depth);
    case 'symbol': return symbolText(v);
    case 'object': break;
    default: return kept.String(v);
  }
  if (v === null) return 'null';
  if (intrinsicName(intrinsics, v)) return intrinsicName(intrinsics, v);
  if (depth > 2) return '...';
  if (isA(kept.Error, v)) return errorText(v, depth);
  let text = kept.isArray(v) ? 'array' + v.length : '';
  const proto = kept.proto(v);
  if (proto === null) text += 'bare';
  else {
    const c = kept.descriptor(proto, 'constructor');
    if (c && typeof c.value === 'function' && c.value !== Object && !kept.isArray(v)) text += slice(show(kept.descriptor(c.value, 'name')?.value), 0, 20);
  }
  if (!kept.extensible(v)) text += kept.frozen(v) && !kept.isArray(v) ? ' frozen' : ' closed'; // V8 finds an empty array frozen whose length is not
  try {
    if (isA(kept.Map, v)) mapEach(v, (w, k) => { text += ' ' + show(k, depth + 1) + '=>' + show(w, depth + 1); });
    else if (isA(kept.Set, v)) setEach(v, w => { text += ' ' + show(w, depth + 1); });
    else if (isA(kept.Date, v)) text += ' ' + show(dateTime(v));
    else if (isA(kept.RegExp, v)) text += ' ' + regexText(v);
  } catch { text += ' fake'; }
  return '{' + text + own(v, depth) + '}';
}
function own(v, depth) {
  const keys = kept.ownKeys(v);
  let text = '';
  for (let i = 0; i < keys.length; i++) {
    if (i > 12) { text += '...' + keys.length; break; }
    const d = kept.descriptor(v, keys[i]), k = typeof keys[i] === 'symbol' ? symbolText(keys[i]) : keys[i].length > 40 ? 'long' + keys[i].length : keys[i];
    if (!d) continue;
    text += ' ' + k + (d.enumerable ? '' : '~') + (d.configurable ? '' : '!') + (d.get || d.set ? '=accessor' : (d.writable ? '=' : ':') + (keys[i] === 'stack' && !d.enumerable ? 'trace' : show(d.value, depth + 1)));
  }
  return text;
}
function functionText(f, depth) {
  if (intrinsicName(intrinsics, f)) return intrinsicName(intrinsics, f);
  if (f === call || f === obj || f === arr || f === log || depth > 1) return 'function';
  return '{function' + own(f, depth + 1) + '}';
}
// The texts of errors that the engine throws are its own; those that programs make begin with §.
function errorText(e, depth) {
  const m = kept.descriptor(e, 'message'), name = e.name;
  return (typeof name === 'string' ? name : show(name, depth + 1)) + (m && typeof m.value === 'string' && startsWith(m.value, '§') ? m.value : '') + (kept.descriptor(e, 'cause') ? ' cause' + show(e.cause, depth + 1) : '');
}
function seen(e) {
  if (typeof e === 'object' && e !== null && isA(kept.Error, e)) {
    const m = kept.descriptor(e, 'message');
    if (m && typeof m.value === 'string' && !startsWith(m.value, '§') && m.configurable) kept.define(e, 'message', { value: 'engine' });
  }
  return e;
}
function log(v) { if (++logs < 200) out += show(v) + ';'; }
function attempt(f) {
  if (++calls > 90) return 0;
  try { return f(); } catch (e) { return seen(e); }
}
function tick() { return ++ticks > 9 && ticks % 7 !== 0 || ticks > 150; }
function obj(v) { return v !== null && (typeof v === 'object' || typeof v === 'function') ? v : { a: v, b: [v], x: 1 }; }
function arr(v) { return kept.isArray(v) ? v.length > 40 ? arraySlice(v, 0, 40) : v : [v, 1, 'z']; }
function iter(v) {
  if (typeof v === 'string' || kept.isArray(v)) return v.length > 40 ? v.slice(0, 40) : v;
  let i = 0;
  return { [Symbol.iterator]() { return { next() { return { value: i === 1 ? v : i, done: i++ > 2 }; }, return() { log('closed'); return {}; } }; } };
}
// Iterators that do not keep the rules.
function broken(kind) {
  let i = 0;
  return { [Symbol.iterator]() {
    log('iterator');
    if (kind === 0) return 1;
    return {
      get next() { log('next'); return kind === 1 ? undefined : () => { if (kind === 2) throw new RangeError('§next'); return kind === 3 ? 1 : { get done() { log('done'); return i++ > 1; }, get value() { if (kind === 4) throw new RangeError('§value'); return i; } }; }; },
      get return() { log('return'); if (kind === 5) throw new RangeError('§return'); return kind === 6 ? () => { throw new RangeError('§returned'); } : kind === 4 ? undefined : v => { log(v); return kind === 3 ? 1 : {}; }; },
    };
  } };
}
function mapOf(v) { return v instanceof kept.Map ? v : new kept.Map([['a', v], [v, 1]]); }
function setOf(v) { return v instanceof kept.Set ? v : new kept.Set(['a', v, 1]); }
function text(v) { return typeof v === 'symbol' ? 's' : typeof v === 'string' ? slice(v, 0, 200) : typeof v === 'object' || typeof v === 'function' ? typeof v : kept.String(v); }
function num(v) { return typeof v === 'symbol' ? 1 : typeof v === 'object' || typeof v === 'function' ? 3 : +v; }
function call(f, ...args) { if (++calls > 60) return 0; return typeof f === 'function' && !startsWith(sourceOf(f), 'class') ? f(...args) : f; }
function get(o, k) { return o === null || o === undefined || typeof k === 'symbol' ? k : o[typeof k === 'object' || typeof k === 'function' ? 'a' : k]; }
function conv(v) { return { valueOf() { log('valueOf'); return typeof v === 'object' ? 4 : v; }, toString() { log('toString'); return 'conv'; } }; }
function prim(v) { return { [Symbol.toPrimitive](hint) { log(hint); return v; } }; }
function tag(parts, ...values) { return [parts, parts.raw, values, kept.frozen(parts)]; }
function compare(u, w) { // a total order
  const a = typeof u === 'number' ? u : NaN, b = typeof w === 'number' ? w : NaN;
  if (a === a && b === b) return a < b ? -1 : a > b ? 1 : 0;
  if (a === a || b === b) return a === a ? -1 : 1;
  const s = typeof u + text(u), t = typeof w + text(w);
  return s < t ? -1 : s > t ? 1 : 0;
}
function dateText(d) { return dateTime(d) !== dateTime(d) ? 'invalid' : String(d); }
function rope(s, n) {
  let r = '';
  for (let i = 0; i < n && i < 20; i++) r = i % 3 ? r + s : s + r;
  return r;
}
// Runs f while a property of a built-in is another.
function patched(o, k, d, f) {
  const before = kept.descriptor(o, k);
  try { kept.define(o, k, d); } catch (e) { return seen(e); }
  try { return f(); } catch (e) { return seen(e); } finally {
    delete o[k];
    if (before) kept.define(o, k, before);
  }
}
const alone = /[\ud800-\udfff]/u, replaceEach = uncurried(RegExp.prototype[Symbol.replace]);
function replaceAlone(s) { return test(alone, s) ? replaceEach(/[\ud800-\udfff]/gu, s, '\ufffd') : s; }
function run(name, f) {
  out = ''; calls = 0; logs = 0; ticks = 0;
  try { out += '=' + show(f()); } catch (e) { out += 'throws ' + show(e); }
  print(name + ' ' + replaceAll(replaceAll(replaceAlone(out), '\n', '\\n'), '\r', '\\r'));
}
