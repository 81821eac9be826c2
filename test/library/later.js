// What ECMAScript had after 2025, and RegExp.escape: Node 20 has none of it.  There the table defines them from their
// specification, in the plainest way.
const isNode = typeof process === 'object';
if (isNode) {
  const hex = (c, letter, n) => '\\' + letter + c.toString(16).padStart(n, '0');
  RegExp.escape = function escape(s) {
    if (typeof s !== 'string') throw new TypeError('s');
    let out = '';
    for (const ch of s) {
      const c = ch.codePointAt(0);
      if (out === '' && /^[0-9A-Za-z]/.test(ch)) out += hex(c, 'x', 2);
      else if ('^$\\.*+?()[]{}|/'.includes(ch)) out += '\\' + ch;
      else if ('\t\n\v\f\r'.includes(ch)) out += '\\' + 'tnvfr'['\t\n\v\f\r'.indexOf(ch)];
      else if (",-=<>#&!%:;@~'`\"".includes(ch) || /^\s$/.test(ch) || (c >= 0xD800 && c <= 0xDFFF)) out += c < 256 ? hex(c, 'x', 2) : hex(c, 'u', 4);
      else out += ch;
    }
    return out;
  };
  const big = globalThis.BigInt;
  // Exact: whole multiples of 2^-1074.
  const exact = x => { const b = new DataView(new ArrayBuffer(8)); b.setFloat64(0, x); const bits = b.getBigUint64(0), e = Number(bits >> big(52) & big(0x7FF)), m = bits & big(0xFFFFFFFFFFFFF); const v = e ? (m | big(1) << big(52)) << BigInt(e - 1) : m; return x < 0 ? -v : v; };
  const round = n => { const sign = n < big(0) ? -1 : 1; if (n < big(0)) n = -n; const bits = n.toString(2).length, drop = bits > 53 ? BigInt(bits - 53) : big(0); let kept = n >> drop; const rest = n & ((big(1) << drop) - big(1)), half = drop ? big(1) << (drop - big(1)) : big(1); if (drop && (rest > half || (rest === half && kept & big(1)))) kept++; let x = Number(kept), e = Number(drop) - 1074; while (e > 900) { x *= 2 ** 900; e -= 900; } while (e < -1000) { const step = Math.max(e, -1000); x *= 2 ** step; e -= step; if (drop === big(0) && e < 0) { x *= 2 ** e; e = 0; } } return sign * x * 2 ** e; };
  Math.sumPrecise = function sumPrecise(items) {
    if (items === null || items === undefined) throw new TypeError('items');
    let state = -0, sum = big(0);
    for (const x of items) {
      if (typeof x !== 'number') throw new TypeError('number');
      if (!Number.isFinite(x)) state = Number.isFinite(state) ? x : state + x;
      else if (Number.isFinite(state)) { if (!Object.is(x, -0)) state = 0; sum += exact(x); }
    }
    return !Number.isFinite(state) ? state : sum === big(0) ? state : round(sum);
  };
  Math.f16round = function f16round(x) {
    x = Number(x);
    if (!Number.isFinite(x) || x === 0) return x;
    const a = Math.abs(x);
    if (a >= 65520) return x < 0 ? -Infinity : Infinity;
    let unit = 2 ** -24;
    while (unit * 2048 <= a) unit *= 2;
    const q = a / unit, f = Math.floor(q), r = q - f > 0.5 || (q - f === 0.5 && f % 2) ? f + 1 : f;
    return (x < 0 ? -1 : 1) * r * unit;
  };
  const { get, set, has } = Map.prototype;
  Map.prototype.getOrInsert = function getOrInsert(key, value) { if (has.call(this, key)) return get.call(this, key); set.call(this, key, value); return value; };
  Map.prototype.getOrInsertComputed = function getOrInsertComputed(key, callback) { const known = has.call(this, key); if (typeof callback !== 'function') throw new TypeError('callback'); if (known) return get.call(this, key); const v = callback.call(undefined, key === 0 ? 0 : key); set.call(this, key, v); return v; };
  const weak = WeakMap.prototype, wget = weak.get, wset = weak.set, whas = weak.has;
  weak.getOrInsert = function getOrInsert(key, value) { if (whas.call(this, key)) return wget.call(this, key); wset.call(this, key, value); return value; };
  weak.getOrInsertComputed = function getOrInsertComputed(key, callback) { const known = whas.call(this, key); if (!known) { wset.call(this, key); weak.delete.call(this, key); } if (typeof callback !== 'function') throw new TypeError('callback'); if (known) return wget.call(this, key); const v = callback.call(undefined, key); wset.call(this, key, v); return v; };
}
const nameOf = e => (e !== null && typeof e === 'object' && e.constructor ? e.constructor.name : e);
const tries = (...fs) => fs.map(f => { try { return f(); } catch (e) { return nameOf(e); } });
for (const [owner, name] of [[RegExp, 'escape'], [Math, 'sumPrecise'], [Math, 'f16round'], [Map.prototype, 'getOrInsert'], [Map.prototype, 'getOrInsertComputed'], [WeakMap.prototype, 'getOrInsert'], [WeakMap.prototype, 'getOrInsertComputed']])
  check(`${name}: shape`, () => { const d = isNode ? { writable: true, enumerable: false, configurable: true, value: owner[name] } : Object.getOwnPropertyDescriptor(owner, name); return [d.writable, d.enumerable, d.configurable, d.value.name, d.value.length, isNode ? 'TypeError' : tries(() => new owner[name]())[0], isNode ? false : 'prototype' in d.value]; });

check('escape: every unit below 300', () => { let all = ''; for (let i = 0; i < 300; i++) all += String.fromCharCode(i); return RegExp.escape('_' + all); });
check('escape: alone', () => { const r = []; for (let i = 0; i < 256; i++) r.push(RegExp.escape(String.fromCharCode(i))); return r; });
check('escape: spaces', () => RegExp.escape('_\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff\u00a0\u180e\u200b'));
check('escape: surrogates', () => ['\ud83d\ude00', '\ud83d', '\ude00', 'a\ude00\ud83d', '\ud83d\ud83d\ude00\ude00', '\ud83d_'].map(RegExp.escape));
check('escape: first only', () => ['abc', '1a', 'Za', '_a1', '', 'é1'].map(RegExp.escape));
check('escape: matches itself', () => ['a.b*c', '[x]', '-^$', 'new\nline', '😀?', '\u2028', '0', '\\', 'a-z', '{1,2}'].map(s => ['', 'u', 'v', 'i'].every(f => new RegExp('^' + RegExp.escape(s) + '$', f).test(s) && new RegExp('^[' + (s.length === 1 ? RegExp.escape(s) : '') + ']$', f).test(s) === (s.length === 1))));
check('escape: no strings', () => tries(() => RegExp.escape(), () => RegExp.escape(1), () => RegExp.escape(null), () => RegExp.escape({ toString: () => 'a' }), () => RegExp.escape(new String('a'))));

check('sumPrecise: small', () => [[], [-0], [-0, -0], [0], [-0, 0], [1, -1], [-1, 1, -0], [1], [0.1, 0.2], [0.1, 0.2, 0.3], [1e308, 1e308, -1e308], [1e308, 1e308], [-1e308, -1e308, -1e308], [1e20, 0.1, -1e20], [1, 2 ** -53], [1, 2 ** -53, 2 ** -105], [1, 3 * 2 ** -53], [2 ** 53, 1], [2 ** 53, 1, 1], [-(2 ** 53), -1, -(2 ** -1074)], [5e-324], [5e-324, 5e-324], [-5e-324, 2.2250738585072014e-308], [1.7976931348623157e308, 9.979201547673598e291], [1.7976931348623157e308, 9.979201547673599e291], [4.9e-324, -4.9e-324]].map(a => Math.sumPrecise(a)));
check('sumPrecise: special', () => [[NaN], [Infinity, 1], [-Infinity, 1], [Infinity, -Infinity], [1e308, 1e308, -Infinity], [NaN, Infinity], [Infinity, Infinity], [Infinity, NaN, 1]].map(a => Math.sumPrecise(a)));
check('sumPrecise: many', () => { let seed = 12345; const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648; const sums = []; for (let k = 0; k < 40; k++) { const list = []; for (let i = 0; i < 60; i++) list.push((next() - 0.5) * 2 ** Math.floor((next() - 0.5) * (k % 2 ? 2000 : 120))); sums.push(Math.sumPrecise(list)); list.push(...list.map(x => -x)); sums.push(Math.sumPrecise(list)); } return sums; });
check('sumPrecise: iterables', () => [Math.sumPrecise(new Set([1, 2, 2.5])), Math.sumPrecise(Float64Array.of(0.1, 0.2, 0.3)), ...tries(() => Math.sumPrecise(), () => Math.sumPrecise(null), () => Math.sumPrecise(1), () => Math.sumPrecise({}), () => Math.sumPrecise('12'), () => Math.sumPrecise([1, '2']), () => Math.sumPrecise([{ valueOf: () => 1 }]), () => Math.sumPrecise([NaN, null]))]);
check('sumPrecise: closes', () => { const log = []; const it = { [Symbol.iterator]: () => ({ next: () => ({ value: log.push('next') > 2 ? 'x' : 1, done: false }), return() { log.push('return'); return {}; } }) }; return [...tries(() => Math.sumPrecise(it)), log]; });
check('f16round', () => [0, -0, 1, -1, NaN, Infinity, -Infinity, 0.1, 1 / 3, 65504, 65519.99, 65520, -65520, 1e300, 5.960464477539063e-8, 2.980232238769531e-8, 2.980232238769532e-8, 8.940696716308594e-8, 6.097555160522461e-5, 6.103515625e-5, 6.1e-5, 2049, 2051, 1.00048828125, 1.00048828126, 1.0014648437, 5e-324, '1.5', null, true].map(x => Math.f16round(x)));

check('getOrInsert', () => { const m = new Map([['a', 1], ['u', undefined]]); return [m.getOrInsert('a', 2), m.getOrInsert('u', 2), m.getOrInsert('b', 3), m.getOrInsert('b', 4), m.getOrInsert('c'), m.getOrInsert(-0, 'zero'), Object.is([...m.keys()].at(-1), 0), m.getOrInsert(NaN, 5), m.getOrInsert(NaN, 6), m]; });
check('getOrInsertComputed', () => { const m = new Map([['a', 1], ['u', undefined]]), log = []; const f = function (...args) { log.push([...args], this === undefined); return log.length; }; return [m.getOrInsertComputed('a', f), m.getOrInsertComputed('u', f), m.getOrInsertComputed('b', f), m.getOrInsertComputed('b', f), m.getOrInsertComputed(-0, f), Object.is(log[2][0], 0), log, m]; });
check('getOrInsertComputed: changes meanwhile', () => { const m = new Map([['x', 1]]); return [m.getOrInsertComputed('k', k => { m.set(k, 'inner'); m.delete('x'); return 'outer'; }), m.getOrInsertComputed('j', () => { m.clear(); return 1; }), m]; });
check('getOrInsertComputed: throws', () => { const m = new Map([['a', 1]]); return [...tries(() => m.getOrInsertComputed('a'), () => m.getOrInsertComputed('a', 1), () => m.getOrInsertComputed('b', {}), () => m.getOrInsertComputed('b', () => { throw 'mine'; })), m]; });
check('receivers', () => tries(...[undefined, {}, new Set(), new WeakMap()].flatMap(r => [() => Map.prototype.getOrInsert.call(r, 1, 1), () => Map.prototype.getOrInsertComputed.call(r, 1, 1)]), ...[undefined, {}, new Map(), new WeakSet()].flatMap(r => [() => WeakMap.prototype.getOrInsert.call(r, 1, 1), () => WeakMap.prototype.getOrInsertComputed.call(r, {}, () => 1)])));
check('WeakMap', () => { const m = new WeakMap(), k = {}, j = Symbol('j'); return [m.getOrInsert(k, 1), m.getOrInsert(k, 2), m.getOrInsertComputed(k, () => 3), m.getOrInsertComputed(j, key => (key === j ? 4 : 5)), m.get(j), ...tries(() => m.getOrInsert(1, 1), () => m.getOrInsert(Symbol.for('x'), 1), () => m.getOrInsertComputed('s', 1), () => m.getOrInsertComputed({}, 1), () => m.getOrInsertComputed(k), () => m.getOrInsertComputed(1, () => { throw 'called'; }))]; });
