// Typed arrays of every type: conversion of elements, construction, indices, methods; ArrayBuffer and DataView.
const types = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
const TA = Object.getPrototypeOf(Int8Array), P = TA.prototype;
const nameOf = e => (e && e.constructor ? e.constructor.name : e);
const tries = (...fs) => fs.map(f => { try { return f(); } catch (e) { return nameOf(e); } });
const values = [0, -0, 1, -1, 0.5, 1.5, 2.5, -0.5, 127, 128, 255, 256, 255.5, 254.5, 32768, 65536, 2147483647, 2147483648, 4294967295, 4294967296, -2147483649, 1e10, 1e20, 1e300, -1e300, 3.4e38, 3.5e38, 1e-46, 1.401298464324817e-45, 0.1, NaN, Infinity, -Infinity, '12', '', 'x', null, undefined, true, [7], {}];
for (const T of types) {
  check(`${T.name}: conversion`, () => Array.from(new T(values)));
  check(`${T.name}: stored one by one`, () => { const a = new T(1); return values.map(v => { a[0] = v; return a[0]; }); });
  check(`${T.name}: construction`, () => [new T(), new T(2), new T([1, 2]), new T(new Set([1, 2])), new T({ length: 2, 1: 5 }), new T(new Float64Array([1.5, -1])), new T('2'), new T(null), new T(true), new T(1.9), new T(undefined), new T([1, , 3])]);
  check(`${T.name}: bad lengths`, () => tries(() => new T(-1), () => new T(2 ** 53), () => new T(Symbol()), () => new T(-0.5).length, () => T(1), () => new T(Infinity)));
  check(`${T.name}: on a buffer`, () => { const b = new ArrayBuffer(16), n = T.BYTES_PER_ELEMENT; return tries(() => new T(b).length, () => new T(b, n).length, () => new T(b, 8, 1).length, () => new T(b, 1).length, () => new T(b, 8, 100).length, () => new T(b, 16).length, () => new T(b, 24).length, () => new T(b, -1).length, () => new T(new ArrayBuffer(9)).length, () => new T(b, undefined, undefined).length, () => new T(b, 0, 0).length, () => new T(b, '8', '1').byteOffset); });
  check(`${T.name}: shared bytes`, () => { const b = new ArrayBuffer(8), a = new T(b); a[0] = 1; a[a.length - 1] = -3; return [...new Uint8Array(b)]; });
  check(`${T.name}: properties`, () => { const a = new T(new ArrayBuffer(24), 8, 1); return [a.length, a.byteLength, a.byteOffset, a.buffer.byteLength, a[Symbol.toStringTag], String(a), Object.prototype.toString.call(a), T.BYTES_PER_ELEMENT, a.BYTES_PER_ELEMENT, T.name, T.length]; });
  check(`${T.name}: from and of`, () => [T.from([1, 2, 3]), T.from({ length: 2, 0: 7 }), T.from('123'), T.from([1, 2], x => x * 2), T.of(1, 2, 3), T.of()]);
  check(`${T.name}: sort`, () => [new T([3, 1, 2]).sort(), new T([5, 1, 40]).sort((a, b) => b - a), new T([-0, 0, NaN, -1, Infinity, 2]).sort(), new T([3, 1, 2]).toSorted()]);
  check(`${T.name}: keys of the object`, () => { const a = new T([5, 6]); a.extra = 1; return [Object.keys(a), Reflect.ownKeys(a), Object.getOwnPropertyDescriptor(a, 0), Object.entries(a)]; });
  check(`${T.name}: JSON`, () => JSON.stringify({ a: new T([1, 2]) }));
}
const make = () => new Float64Array([1, 2, 3, 4, 5]);
check('at', () => [make().at(0), make().at(-1), make().at(9), make().at('1'), make().at(-Infinity)]);
check('with', () => [make().with(0, 9), make().with(-1, '9'), ...tries(() => make().with(5, 0), () => make().with(-6, 0), () => make().with(0, Symbol()))]);
check('with: converts before it looks at the range', () => { const log = []; try { make().with(argument(log, 'index', 9), argument(log, 'value', 1)); } catch (e) { log.push(nameOf(e)); } return log.sort(); });
check('fill', () => [make().fill(7), make().fill(7, 1, 3), make().fill(7, -2), make().fill('8'), make().fill(), ...tries(() => make().fill(Symbol()))]);
check('fill: order', () => { const log = []; make().fill(argument(log, 'value', 1), argument(log, 'start', 0), argument(log, 'end', 1)); return log; });
check('set', () => { const a = make(); a.set([9, 8], 1); a.set(new Uint8Array([7]), 4); a.set('6'); a.set({ length: 1, 0: '5' }, 3); a.set([], 5); return a; });
check('set: bad', () => tries(() => make().set([1], -1), () => make().set([1], 5), () => make().set([1, 2, 3, 4, 5, 6]), () => make().set(null), () => make().set(5), () => make().set([1], Infinity), () => make().set([1], NaN)));
check('set: overlapping', () => { const b = new ArrayBuffer(8), a = new Uint8Array(b); a.set([1, 2, 3, 4, 5, 6, 7, 8]); a.set(a.subarray(0, 6), 2); const c = [...a]; new Uint16Array(b).set(new Uint8Array(b, 0, 4)); return [c, [...a]]; });
check('set: partly done when a value throws', () => { const a = make(); try { a.set([9, { valueOf() { throw 'mine'; } }, 7]); } catch (e) { return [e, a]; } });
check('slice', () => [make().slice(1, 3), make().slice(-2), make().slice(3, 1), make().slice(), make().slice(undefined, -1)]);
check('subarray', () => { const a = make(), s = a.subarray(1, 4); s[0] = 99; return [s, a, s.byteOffset, s.buffer === a.buffer, a.subarray(9), a.subarray(-2), a.subarray(4, 2)]; });
check('copyWithin', () => [make().copyWithin(0, 3), make().copyWithin(1, 0, 3), make().copyWithin(-2, 0), make().copyWithin(9, 0), make().copyWithin(0, 9)]);
check('reverse and toReversed', () => { const a = make(), b = a.toReversed(); return [a.reverse() === a, a, b]; });
check('searching', () => { const a = new Float64Array([1, NaN, 3, 1, -0]); return [a.includes(NaN), a.indexOf(NaN), a.indexOf(1, 1), a.lastIndexOf(1), a.lastIndexOf(1, -3), a.includes(0), a.indexOf('1'), a.includes(1, 4), a.indexOf(1, -9), a.lastIndexOf(3, undefined), a.indexOf(undefined), a.includes(undefined)]; });
check('join', () => [make().join(), make().join('-'), make().join(undefined), make().join(''), new Float32Array([0.1, 1.5, -0, NaN]).join(), make().toString()]);
check('toLocaleString asks the numbers', () => { const old = Number.prototype.toLocaleString; Number.prototype.toLocaleString = function () { return '<' + this + '>'; }; try { return new Uint8Array([1, 2]).toLocaleString(); } finally { Number.prototype.toLocaleString = old; } });
check('callbacks', () => { const a = make(), seen = []; a.forEach(function (v, i, t) { seen.push(v, i, t === a, this.k); }, { k: 'k' }); return [seen.slice(0, 4), a.map(v => v * 2), a.filter(v => v % 2), a.some(v => v > 4), a.every(v => v > 0), a.find(v => v > 2), a.findIndex(v => v > 2), a.findLast(v => v < 4), a.findLastIndex(v => v > 9), a.reduce((x, y) => x + y), a.reduceRight((x, y) => x + '' + y), a.reduce((x, y) => x + y, 'z')]; });
check('callbacks: not a function', () => ['forEach', 'map', 'filter', 'some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex', 'reduce', 'reduceRight', 'sort', 'toSorted'].map(n => tries(() => make()[n]({}))[0]));
check('reduce of nothing', () => tries(() => new Uint8Array().reduce(() => 0), () => new Uint8Array().reduce(() => 0, 5)));
check('methods on something else', () => ['at', 'fill', 'set', 'slice', 'subarray', 'copyWithin', 'reverse', 'includes', 'join', 'map', 'sort', 'keys', 'values', 'entries', 'toSorted', 'with', 'toLocaleString'].map(n => tries(() => P[n].call([1], () => 0))[0]));
check('getters on something else', () => ['buffer', 'byteLength', 'byteOffset', 'length'].map(n => tries(() => P[n])[0]).concat([P[Symbol.toStringTag], Object.getOwnPropertyDescriptor(P, Symbol.toStringTag).get.call(5)]));
check('iterators', () => [[...make().keys()], [...make().entries()][1], [...make()], make().values()[Symbol.toStringTag]]);
check('sort: comparator', () => [make().sort((a, b) => b - a), make().sort(() => NaN), ...tries(() => make().sort(null), () => make().sort(undefined).length, () => make().sort(() => { throw 1; }))]);
check('indices that are none', () => { const a = make(); a[9] = 1; a[-1] = 1; a['1.5'] = 1; a['-0'] = 1; a['01'] = 'named'; a.Infinity = 1; a.NaN = 1; return [Object.keys(a), a[9], a[-1], '9' in a, '-0' in a, '4' in a, 'Infinity' in a]; });
check('indices that are none convert the value', () => { const log = []; make()[9] = argument(log, 'v', 1); make()['-0'] = argument(log, 'w', 1); return log; });
check('indices are not inherited', () => { const o = Object.create(make()); return [o[0], o[9], 0 in o, 9 in o]; });
check('receiver elsewhere', () => { const a = make(), o = {}; return [Reflect.set(a, 0, 7, o), Reflect.set(a, 9, 7, o), a[0], Object.keys(o), Reflect.set(Object.create(a), 0, 8), a[0]]; });
check('delete', () => [Reflect.deleteProperty(make(), 0), Reflect.deleteProperty(make(), 9), Reflect.deleteProperty(make(), '-0'), Reflect.deleteProperty(make(), 'x')]);
check('defineProperty', () => { const a = make(); return [Reflect.defineProperty(a, 0, { value: 9 }), Reflect.defineProperty(a, 0, { value: 8, configurable: false }), Reflect.defineProperty(a, 0, { enumerable: false }), Reflect.defineProperty(a, 0, { writable: false }), Reflect.defineProperty(a, 0, { get() {} }), Reflect.defineProperty(a, 9, { value: 1 }), Reflect.defineProperty(a, '-0', { value: 1 }), Reflect.defineProperty(a, 0, { value: 7, configurable: true, enumerable: true, writable: true }), a[0], Reflect.defineProperty(a, 'x', { value: 1 })]; });
check('freeze and seal', () => tries(() => Object.freeze(make()), () => Object.freeze(new Uint8Array(0)), () => Object.isFrozen(Object.preventExtensions(make()))));
check('species', () => { const log = []; class T extends Float64Array { constructor(...a) { super(...a); log.push(a.map(v => typeof v)); } } const t = new T([1, 2, 3]); return [t.map(v => v) instanceof T, t.slice(1) instanceof T, t.filter(v => v > 1).length, t.subarray(1) instanceof T, t.toSorted() instanceof T, t.with(0, 1) instanceof T, log]; });
check('species: other type', () => { const a = make(); a.constructor = { [Symbol.species]: Int32Array }; return [a.map(v => v + 0.5), a.slice(0, 2), a.filter(v => v > 3)]; });
check('species: too small, no typed array', () => { const a = make(); const with_ = S => { a.constructor = { [Symbol.species]: S }; return a; }; return tries(() => with_(function () { return new Uint8Array(1); }).map(v => v), () => with_(Array).slice(0), () => with_(null).slice(0, 1), () => with_(() => {}).slice(0)); });
check('from: this', () => tries(() => TA.from([1]), () => TA.from.call(Array, [1]), () => TA.from.call({}, [1]), () => TA.of.call(Array, 1), () => new TA(), () => TA()));
check('from: iterator order', () => { const log = []; const o = { get [Symbol.iterator]() { log.push('get'); return function () { log.push('call'); return [1, 2][Symbol.iterator](); }; } }; return [Uint8Array.from(o, v => { log.push('map'); return v; }), new Uint8Array(o), log]; });
check('construction: iterator is not callable', () => tries(() => new Uint8Array({ [Symbol.iterator]: 5 }), () => new Uint8Array({ [Symbol.iterator]: null, length: 1 }).length, () => new Uint8Array({ [Symbol.iterator]: undefined, length: '2' }).length));
check('construction: prototype of new target', () => { const t = function () {}.bind(); t.prototype = Array.prototype; return Object.getPrototypeOf(Reflect.construct(Uint8Array, [1], t)) === Array.prototype; });
check('array methods on typed arrays', () => [Array.prototype.concat.call(make(), [6]).length, Array.prototype.slice.call(make(), 3), [].concat(...[make()]).length, Array.isArray(make()), Array.prototype.map.call(make(), v => v)]);
// ArrayBuffer.
check('ArrayBuffer', () => { const b = new ArrayBuffer(8); return [b.byteLength, b.slice(2, 6).byteLength, b.slice(-3).byteLength, b.slice(9).byteLength, ArrayBuffer.isView(new Uint8Array(b)), ArrayBuffer.isView(new DataView(b)), ArrayBuffer.isView(b), ArrayBuffer.isView(), String(b)]; });
check('ArrayBuffer: slice copies', () => { const b = new ArrayBuffer(4), s = b.slice(0); new Uint8Array(b)[0] = 1; return new Uint8Array(s)[0]; });
check('ArrayBuffer: bad', () => tries(() => new ArrayBuffer(-1), () => ArrayBuffer(1), () => new ArrayBuffer(2 ** 53), () => new ArrayBuffer().byteLength, () => new ArrayBuffer('3').byteLength, () => ArrayBuffer.prototype.slice.call({}), () => ArrayBuffer.prototype.byteLength));
check('ArrayBuffer: species', () => { const b = new ArrayBuffer(8); const with_ = S => { b.constructor = { [Symbol.species]: S }; return b; }; return tries(() => with_(function (n) { return new ArrayBuffer(n + 2); }).slice(1).byteLength, () => with_(function () { return b; }).slice(0), () => with_(function () { return {}; }).slice(0), () => with_(function () { return new ArrayBuffer(1); }).slice(0), () => with_(undefined).slice(0).byteLength); });
// DataView.
const view = () => new DataView(new Uint8Array([0x80, 1, 2, 3, 0xff, 0xf8, 0, 0, 1, 0]).buffer);
for (const n of ['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64']) {
  check(`DataView: get${n}`, () => { const v = view(); return [v['get' + n](0), v['get' + n](1), v['get' + n](1, true), v['get' + n](2, 1), ...tries(() => v['get' + n](10), () => v['get' + n](-1), () => v['get' + n](9), () => v['get' + n](), () => v['get' + n]('1'), () => v['get' + n](Infinity))]; });
  check(`DataView: set${n}`, () => values.map(x => { const v = new DataView(new ArrayBuffer(8)); const r = v['set' + n](0, x); return [r, [...new Uint8Array(v.buffer)].join(' ')].join(); }));
  check(`DataView: set${n}, little`, () => { const v = new DataView(new ArrayBuffer(12)); v['set' + n](1, 258.5, true); return [...new Uint8Array(v.buffer)]; });
  check(`DataView: set${n}, order and range`, () => { const log = [], v = new DataView(new ArrayBuffer(2)); try { v['set' + n](argument(log, 'offset', 2), argument(log, 'value', 1)); } catch (e) { log.push(nameOf(e)); } try { v['set' + n](-1, argument(log, 'not reached', 1)); } catch (e) { log.push(nameOf(e)); } return log; });
}
check('DataView: construction', () => { const b = new ArrayBuffer(8); return tries(() => new DataView(b).byteLength, () => new DataView(b, 2).byteLength, () => new DataView(b, 2, 3).byteLength, () => new DataView(b, 8).byteLength, () => new DataView(b, 9), () => new DataView(b, 2, 7), () => new DataView(b, -1), () => new DataView({}), () => new DataView(), () => DataView(b), () => new DataView(b, '2', '3').byteOffset, () => new DataView(b, 0, undefined).byteLength, () => new DataView(new Uint8Array(2))); });
check('DataView: getters', () => { const b = new ArrayBuffer(8), v = new DataView(b, 2, 4); return [v.buffer === b, v.byteLength, v.byteOffset, String(v), ...tries(() => DataView.prototype.byteLength, () => DataView.prototype.getInt8.call(new Uint8Array(2), 0), () => DataView.prototype.setInt8.call({}, 0, 0))]; });
check('DataView: is no array', () => { const v = view(); v[0] = 7; return [v[0], v.getUint8(0), Object.keys(v)]; });
check('DataView: floats keep their bits', () => { const v = new DataView(new ArrayBuffer(8)); v.setFloat32(0, 1.1); v.setFloat32(4, -0); return [v.getFloat32(0), v.getUint32(0), v.getUint32(4), Object.is(v.getFloat32(4), -0)]; });
