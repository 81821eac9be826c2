// Math: properties, special values, conversion of arguments.
const later = ['f16round', 'sumPrecise']; // see later.js
const methods = Object.getOwnPropertyNames(Math).filter(k => typeof Math[k] === 'function' && !later.includes(k)).sort();
for (const key of methods) checkFunction(Math, key);
for (const key of ['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2', Symbol.toStringTag]) check(String(key), () => { const d = Object.getOwnPropertyDescriptor(Math, key); return [d.value, d.writable, d.enumerable, d.configurable]; });
check('keys', () => Reflect.ownKeys(Math).map(String).filter(k => !later.includes(k)).sort());
check('object', () => [typeof Math, Object.prototype.toString.call(Math), Object.getPrototypeOf(Math) === Object.prototype, Object.isExtensible(Math)]);
check('called', () => Math());
check('constructed', () => new Math());
const special = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 0.49999999999999994, -0.49999999999999994, 4503599627370495.5, 4503599627370497, 9007199254740991, 9007199254740992, 2147483647.5, 2147483648, -2147483648.5, 4294967295, 4294967296, 1e300, -1e300, 5e-324, -5e-324, 1.7976931348623157e308, 1e-10, 709.7, 710, -745, -746, Infinity, -Infinity, NaN, Math.PI, Math.PI / 2, 1e22, 0.7, 2, 3, 8, 10, 100, 1e5, 3.4028235677973366e38, 3.4028235e38, 1.401298464324817e-45, 7.006492321624085e-46, 1e-40];
for (const key of methods.filter(k => k !== 'random')) {
  const f = Math[key];
  if (f.length === 1) check(key, () => special.map(v => f(v)));
  else check(key + ': pairs', () => { const out = []; for (const a of special) for (const b of special) out.push(f(a, b)); return out; });
  check(key + ': no argument', () => f());
  check(key + ': converted', () => [undefined, null, true, '', '12', 'x', [], [3], {}, { valueOf: () => 2 }].map(v => f(v)));
  check(key + ': symbol', () => f(Symbol()));
  check(key + ': order', () => { const log = []; f(argument(log, 'a', 1), argument(log, 'b', NaN), argument(log, 'c', 2)); return log; });
  check(key + ': thrown', () => { const log = []; try { f({ valueOf() { throw 'first'; } }, argument(log, 'b', 1)); } catch (e) { log.push(e); } return log; });
  check(key + ': no constructor', () => new f(1));
}
check('max and min', () => [Math.max(), Math.min(), Math.max(0, -0), Math.max(-0, 0), Math.min(0, -0), Math.min(-0, 0), Math.max(1, 'x'), Math.max(...Array.from({ length: 1000 }, (_, i) => i % 997))]);
check('hypot', () => [Math.hypot(), Math.hypot(-0), Math.hypot(3, 4), Math.hypot(1e300, 1e300), Math.hypot(1e-300, 1e-300), Math.hypot(NaN, Infinity), Math.hypot(1, 2, 3, 4, 5), Math.hypot(-3), Math.hypot(Infinity, NaN), Math.hypot(NaN, 1), Math.hypot(0.1, 0.2, 0.3), Math.hypot('3', [4])]);
check('atan2', () => [[0, 0], [-0, 0], [0, -0], [-0, -0], [1, 0], [-1, 0], [0, 1], [0, -1], [Infinity, Infinity], [-Infinity, -Infinity], [1, Infinity], [1, -Infinity]].map(([y, x]) => Math.atan2(y, x)));
check('pow', () => [[NaN, 0], [0, 0], [1, Infinity], [-1, Infinity], [-1, 0.5], [2, 0.5], [-8, 1 / 3], [0, -1], [-0, -1], [-0, -2], [-0, 3], [10, 308], [10, -5], [1.1, 10], [0.5, Infinity], [-Infinity, 3], [-Infinity, -3], [2, 1024], [2, -1074], [2, -1075], [-2, 3], [-2, 0.1], [1.0000001, 1e7], [10, 21], [3, 40]].map(([a, b]) => [Math.pow(a, b), a ** b]));
check('random', () => { let ok = true; for (let i = 0; i < 1000; i++) { const r = Math.random(); ok = ok && r >= 0 && r < 1; } return [ok, new Set(Array.from({ length: 100 }, () => Math.random())).size]; });
check('imul', () => [Math.imul(2 ** 31, 2), Math.imul(0xffffffff, 5), Math.imul(-5, 12), Math.imul(2 ** 32 + 3, 4), Math.imul(0.9, 5), Math.imul(NaN, 4)]);
check('clz32', () => [0, 1, -1, 0.5, 2 ** 31, 2 ** 32, 2 ** 33 + 1, NaN, Infinity, 255].map(v => Math.clz32(v)));
