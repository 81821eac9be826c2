// Number: properties, conversion, and its texts.
for (const key of ['isFinite', 'isInteger', 'isNaN', 'isSafeInteger', 'parseFloat', 'parseInt']) checkFunction(Number, key);
for (const key of ['toExponential', 'toFixed', 'toLocaleString', 'toPrecision', 'toString', 'valueOf']) checkFunction(Number.prototype, key);
for (const key of ['EPSILON', 'MAX_SAFE_INTEGER', 'MAX_VALUE', 'MIN_SAFE_INTEGER', 'MIN_VALUE', 'NEGATIVE_INFINITY', 'NaN', 'POSITIVE_INFINITY', 'prototype', 'length', 'name'])
  check(key, () => { const d = Object.getOwnPropertyDescriptor(Number, key); return [typeof d.value === 'number' ? d.value : typeof d.value, d.writable, d.enumerable, d.configurable]; });
for (const key of ['NaN', 'Infinity', 'undefined']) check('global ' + key, () => { const d = Object.getOwnPropertyDescriptor(globalThis, key); return [d.value, d.writable, d.enumerable, d.configurable]; });
check('same functions', () => [Number.parseFloat === parseFloat, Number.parseInt === parseInt, Number.isNaN === isNaN]);
check('prototype', () => [typeof Number.prototype, Object.prototype.toString.call(Number.prototype), Number.prototype.valueOf(), Object.is(Number.prototype + 0, 0)]);
const values = [0, -0, 1, -1, 0.5, -1.5, 1.25, 1.45, 1.005, 0.000001, 0.0000001, 1e20, 1e21, 123456789012345680000, 1e-7, 123.456, -123.456, 0.1, 1 / 3, 5e-324, 1.7976931348623157e308, NaN, Infinity, -Infinity, 25, 255, 4294967296, 9007199254740993, 1e100, 10.235, 8.345, 1000000000000000128, 0.00001, 99.99, 999999.5, 1234.5678, 2 ** 31, 0.5e-6, 1.1e-10, 35, 36, 1e23, 4.35, -0.000001, 123e-20];
check('toString', () => values.map(v => String(v)));
for (const radix of [2, 3, 7, 8, 10, 16, 20, 32, 36]) check('toString ' + radix, () => values.map(v => v.toString(radix)));
for (const digits of [undefined, 0, 1, 2, 3, 5, 10, 20, 21, 50, 100]) {
  check('toFixed ' + digits, () => values.map(v => v.toFixed(digits)));
  check('toExponential ' + digits, () => values.map(v => v.toExponential(digits)));
  check('toPrecision ' + digits, () => values.map(v => digits === 0 ? '' : v.toPrecision(digits)));
}
for (const v of [NaN, 1e21, 5, Infinity, 0]) for (const a of [-1, 0, 101, NaN, Infinity, '3', null, undefined, 1.9, -0.9, {}, true]) {
  check(`toFixed ${v} ${a}`, () => v.toFixed(a));
  check(`toExponential ${v} ${a}`, () => v.toExponential(a));
  check(`toPrecision ${v} ${a}`, () => v.toPrecision(a));
  check(`toString ${v} ${a}`, () => v.toString(a));
}
for (const key of ['toExponential', 'toFixed', 'toPrecision', 'toString', 'valueOf', 'toLocaleString']) {
  for (const receiver of [undefined, null, '1', true, {}, [], Symbol(), new String('1'), new Boolean(true)]) check(`${key}: receiver ${typeof receiver} ${receiver === null}`, () => Number.prototype[key].call(receiver));
  check(key + ': object', () => Number.prototype[key].call(new Number(12.5)));
  check(key + ': receiver first', () => { const log = []; try { Number.prototype[key].call('x', argument(log, 'digits', 2)); } catch (e) { log.push(e.name); } return log; });
  check(key + ': argument is converted', () => { const log = []; (12.5)[key](argument(log, 'digits', 2)); return key === 'toLocaleString' ? [] : log; });
  check(key + ': symbol', () => key === 'toLocaleString' ? '' : (12.5)[key](Symbol()));
  check(key + ': no constructor', () => new Number.prototype[key]());
}
check('toLocaleString', () => values.filter(v => Math.abs(v) < 1e21 || v !== v).map(v => v.toLocaleString()));
check('toLocaleString: huge', () => [1e21, 1.5e22, -1e25, 123456789e20, 1.7976931348623157e308, Infinity, -Infinity].map(v => v.toLocaleString()));
const texts = ['', ' ', '\n1\t', '0', '-0', '+0', '1', '01', '1.', '.1', '.', '-.5', '+.5e1', '1e', '1e+', '1e5', '1E-5', '1e1000', '-1e1000', '1e-1000', 'Infinity', '-Infinity', '+Infinity', 'infinity', 'Infinityx', 'INFINITY', 'NaN', '0x10', '0X1f', '-0x10', '+0x10', '0x', '0xg', '0b101', '0B2', '0b', '0o17', '0O8', '017', '08', '1_000', '1n', '\u00a01\ufeff', '1\u180e', '\u2028 1\u2029', '\u0085', '1 2', '--1', '+-1', '1e5.5', '.e1', 'e1', '١', '１', '1,000', '0.0000001', '123456789012345678901234567890', '0x1fffffffffffff1', '0b11111111111111111111111111111111111111111111111111111111111111', '2.2250738585072011e-308', '2.4703282292062327e-324', '2.4703282292062328e-324', '1.7976931348623159e308', '9007199254740993', '9007199254740992.5', '1e23', '8.5e22', '0.1e-400', '0e9999', '1'.repeat(400), '0.' + '0'.repeat(400) + '1e401', '5e-324', '\0' + '1', '1\0', 'null', 'true', '$1', '0x1.8', '0x1p3'];
for (const t of texts) check('Number ' + show(t.slice(0, 40)), () => [Number(t), parseFloat(t), parseInt(t), +t]);
for (const v of [undefined, null, true, false, [], [1], [1, 2], {}, () => {}, new Date(5), '12', new Number(3), Symbol(), { valueOf: () => '0x11' }, { toString: () => '7' }, { [Symbol.toPrimitive]: () => true }, { [Symbol.toPrimitive]: () => ({}) }, { valueOf: () => ({}), toString: () => ({}) }])
  check('Number of ' + typeof v + (v && v.constructor ? v.constructor.name : v === null), () => [Number(v), Number.isInteger(v), Number.isFinite(v)]);
check('Number()', () => [Number(), new Number(), new Number('5'), Object.prototype.toString.call(new Number(1)), new Number(-0)]);
check('subclass', () => { class N extends Number { twice() { return this * 2; } } const n = new N(21); return [n.twice(), n instanceof Number, n.toFixed(1)]; });
check('is', () => values.concat([2 ** 53, 2 ** 53 - 1, -(2 ** 53), -(2 ** 53) + 1, '1', null]).map(v => [Number.isFinite(v), Number.isInteger(v), Number.isNaN(v), Number.isSafeInteger(v)].map(Number).join('')).join());
check('isNaN, isFinite', () => ['x', '', null, undefined, {}, [], '5', NaN, Infinity, new Date(NaN)].map(v => [isNaN(v), isFinite(v)]));
check('isNaN symbol', () => isNaN(Symbol()));
check('isFinite symbol', () => isFinite(Symbol()));
for (const key of ['isNaN', 'isFinite', 'parseInt', 'parseFloat', 'encodeURI', 'encodeURIComponent', 'decodeURI', 'decodeURIComponent', 'escape', 'unescape']) { checkFunction(globalThis, key); check(key + ': no constructor', () => new globalThis[key]('1')); }
const radixes = [undefined, 0, 1, 2, 8, 10, 16, 36, 37, -1, NaN, Infinity, 4294967298, '16', null, 16.9, -4294967286];
for (const t of ['11', '0x11', 'zz', '-0x1F', '  +12abc', '0b11', '9', '', '-', '0x', '123456789012345678901234567890', '0.5', '1e3', '-0', '\u00a0\ufeff12', '7f', '1'.repeat(60), '9007199254740993', '100000000000000000000000', 'ffffffffffffffffff'])
  check('parseInt ' + show(t.slice(0, 30)), () => radixes.map(r => parseInt(t, r)));
check('parseInt: order', () => { const log = []; parseInt(argument(log, 'text', '1'), argument(log, 'radix', 10)); return log; });
check('parseInt: numbers', () => [parseInt(-0), parseInt(1e21), parseInt(1e-7), parseInt(0.00001), parseInt(null, 36), parseInt(4.7, 10), parseInt(Infinity, 36), parseInt([12, 3])]);
check('parseInt: symbol', () => parseInt(Symbol()));
check('parseInt: radix symbol', () => parseInt('1', Symbol()));
check('literals', () => [0x1F, 0b101, 0o17, 1e3, .5, 5., 1_000_000, 0.1e-1, 0xffffffffffffffff, 9007199254740993, 1e400, 2e-400, 0.1 + 0.2, 1_0.0_1e1_0]);
