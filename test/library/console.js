// console: what its messages look like.  Everything goes to standard error here; Node's two outputs are taken together.
const log = console.log;
class Point { constructor(x, y) { this.x = x; this.y = y; } }
class Empty {}
class Sub extends Array {}
class SubMap extends Map {}
const named = Object.assign(function fn() {}, { extra: 1 });
const circular = { name: 'c', list: [] };
circular.self = circular;
circular.list.push(circular, { circular });
const values = {
  primitives: [0, -0, 1.5, NaN, Infinity, 1e21, 'text', "it's", 'say "x"', `it's "x"`, `all '"\``, 'line\nbreak', '\t\\\x00\x1b', 'é😀', '\ud800', true, null, undefined, Symbol('s'), Symbol()],
  objects: [{}, { a: 1 }, { a: 1, b: 'x', c: [1, 2] }, { 'a-b': 1, 1: 2, 'a b': 3, $x: 4, _y: 5, é: 6, '': 7, '1a': 8, a1: 9 }, { [Symbol('k')]: 1, [Symbol()]: 2 }, { f() {}, g: () => 1, h: class {}, i: class K {}, j: function () {} }, { get a() { return 1; }, set a(v) {}, get b() { return 1; }, set c(v) {} }, Object.create(null), Object.assign(Object.create(null), { a: 1 }), Object.create({ inherited: 1 }), new Point(1, 2), new Empty(), Object.create(Point.prototype), { constructor: 5 }, { __proto__: null, x: 1 }, { a: undefined, b: null }],
  arrays: [[], [1, 2, 3], [1, , 3], [, ,], [1, , , 4, ,], [[]], [[1, [2, [3, [4]]]]], [undefined, null], ['a', "b'c"], new Array(5), Object.assign([1, 2], { x: 'y' }), Sub.from([1, 2]), new Sub(), Object.assign([], { k: 1 }), [{ a: 1 }, { b: 2 }], [() => 1, class A {}]],
  functions: [function f() {}, () => 1, function () {}, class {}, class A {}, class B extends Point {}, named, Math.max, Symbol, (() => 1).bind(), Object.assign(() => 1, { k: 2 }), class S { static x = 1; }],
  collections: [new Map(), new Map([[1, 2], ['k', { v: 1 }]]), new Set(), new Set([1, 'a', [2]]), new SubMap([[1, 1]]), new Map([[{ k: 1 }, new Map([[1, new Set([2])]])]]), Object.assign(new Map([[1, 2]]), { extra: 1 }), new WeakMap(), new WeakSet(), [1, 2].keys(), new Map([[1, 2]]).entries(), new Set([5]).values(), 'ab'[Symbol.iterator](), 'aa'.matchAll(/a/g)],
  others: [new Date(0), new Date(NaN), /x+/gi, Object(1), Object('str'), Object(true), Object(Symbol('w')), Object.assign(Object('ab'), { x: 1 }), Object.assign(new Date(0), { x: 1 }), Object.assign(/r/, { y: 2 }), (function () { return arguments; })(1, 'a'), new Uint8Array([1, 2, 3]), new Float64Array([1.5, -0]), new Uint8Array(), new ArrayBuffer(4), new DataView(new ArrayBuffer(2)), JSON, Math, Reflect, new (class Foo { get [Symbol.toStringTag]() { return 'Tag'; } })(), { [Symbol.toStringTag]: 'T', a: 1 }, Object.assign(Object.create({ [Symbol.toStringTag]: 'U' }), { b: 2 })],
};
for (const [name, list] of Object.entries(values)) {
  log('--', name);
  for (const v of list) { log(v); log([v]); log({ v }); }
}
log(circular, [circular]);
log('-- depth');
log({ a: { b: { c: { d: 1 } } } });
log([[[[1]]]], { a: [[{}]], m: new Map([[1, { x: { y: { z: 1 } } }]]) });
log({ a: { b: { c: {} , d: [], e: new Map(), f: new Empty(), g: () => 1, h: new Date(0) } } });
log({ a: { b: { c: new Point(1, 2), d: [1], e: new Set([1]), f: Object.create(null), g: Object.assign(() => 1, { x: { y: 1 } }), h: new Sub(3) } } });
log('-- layout');
log({ first: 'a value that is fairly long', second: 'another value, also long', third: 3, f: 4 });
log({ first: 'a value that is fairly long', second: 'another value, also long, so long that it needs more', third: 3 });
log([['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'], ['cccccccccccccccccccc']]);
log(Array.from({ length: 10 }, (_, i) => i), Array.from({ length: 120 }, (_, i) => i * 3));
log(Array.from({ length: 30 }, (_, i) => 'item' + i * i), Array.from({ length: 7 }, (_, i) => 'x'.repeat(i * 3)));
log(Array.from({ length: 101 }, () => 'ab'), Array.from({ length: 102 }, () => 1));
log(Array.from({ length: 8 }, (_, i) => ({ id: i, name: 'n' + i })));
log(Array.from({ length: 20 }, (_, i) => [i, i * 2]));
log(new Set(Array.from({ length: 30 }, (_, i) => i)), new Map(Array.from({ length: 5 }, (_, i) => ['key' + i, { value: i }])));
log(new Map(Array.from({ length: 120 }, (_, i) => [i, i])), new Set(Array.from({ length: 101 }, (_, i) => i)));
log({ list: Array.from({ length: 12 }, (_, i) => i / 7), text: 'a\nb' });
log({ a: 'x'.repeat(100), b: ['y'.repeat(60), 'z'.repeat(30)] });
log({ user: { name: 'A', tags: ['x', 'y'], address: { street: 'S', geo: { lat: 1 } } }, items: [{ id: 1, price: 9.5 }, { id: 2, price: 10 }], total: 19.5 });
log([1.5, 22.25, 333.125, 4, 5, 6, 7], [-1, 10, -100, 1000, 1, 2, 3], ['é', '日本', 'a', 'bb', 'ccc', 'd', 'e'], [1, 'a', 2, 'b', 3, 'c', 4], [undefined, null, true, false, 1, 2, 3]);
log(new Uint8Array(20), new Float32Array(8), new Int16Array(200));
log({ a: [1, 2, [3, 4, [5, [6]]]], b: { c: { d: { e: 1 } } } }, 'after');
log(Object.fromEntries(Array.from({ length: 30 }, (_, i) => ['key' + i, i])));
log('-- formats');
log('%s is %d years and %i, %f', 'Ann', 42.5, 42.9, '1.25', 'rest', { a: 1 });
log('%o %O %j', { a: [1, { b: { c: { d: 1 } } }] }, { a: { b: { c: { d: 1 } } } }, { j: [1] });
log('%% %s', 'x', '%s', 5);
log('%s %s', 'only one');
log('100%', 5, '%d', '%');
log('%s|%s|%s|%s|%s|%s', null, undefined, -0, Symbol('q'), { a: 1 }, [1, [2]]);
log('%s|%s|%s|%s', () => 1, class Q {}, new Error('in text').message, new Point(1, 2));
log('%s|%s', { toString: () => 'mine' }, new (class T { toString() { return 'T!'; } })());
log('%d|%d|%d|%d|%i|%i|%f|%f', '12', 'x', {}, Symbol('n'), 'x', 12.9, 'x', '3.5abc');
log('%c styled %c', 'color: red', 'x', 'y');
log('%x %', 1);
log('a', 'b', 1, [1], { a: 'x' });
log();
log('');
log('a\nb', ['a\nb']);
log(5, '%s', 'x');
log('%s');
console.info('info %s', 1);
console.debug('debug');
console.warn('warn', 1);
console.error('error', [1]);
console.dir({ a: { b: { c: { d: 1 } } } });
console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
console.dir({ a: { b: { c: { d: 1 } } } }, { depth: null });
console.dir('text');
console.dirxml({ x: 1 }, 2);
console.assert(true, 'not shown');
console.assert(false);
console.assert(false, 'shown %s', 'arg');
console.assert(0, { a: 1 }, 'x');
console.assert();
console.group('G1', 1);
log('inside\ntwo lines');
console.groupCollapsed();
console.warn({ a: 1, b: [1, 2] });
console.group('G3');
log([['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'], 'cccc']);
console.groupEnd();
console.groupEnd();
log('back');
console.groupEnd();
console.groupEnd();
log('out');
console.count();
console.count();
console.count('x');
console.count('default');
console.countReset();
console.count();
console.count(5);
console.count(undefined);
console.table([{ a: 1, b: 'x' }, { a: 2, c: true }]);
console.table([[1, 2], [3, 4, 5]]);
console.table([1, 'a', { k: 'v' }, null]);
console.table({ r1: { c: 1 }, r2: { c: 2, d: [1] } });
console.table([{ a: 1, b: 2 }], ['b']);
console.table([{ a: 1 }], ['z']);
console.table(new Map([['k', 1], ['l', { x: 1 }]]));
console.table(new Set([1, 'b']));
console.table([]);
console.table({});
console.table(5);
console.table('text');
console.table(null);
console.table([{ name: 'é日本', n: -1.5 }, { name: 'long name here', n: { deep: { er: 1 } } }]);
console.table([[], [1]]);
console.table({ a: 1, b: 'two' });
console.table([{ f: () => 1, s: Symbol('q'), u: undefined, z: null }]);
console.table([new Date(0), [1, 2]]);
log('-- errors');
const e = new RangeError('msg'); e.stack = 'RangeError: msg\n    at somewhere';
log(e); log([e]); log({ e });
const f2 = new Error('with props'); f2.stack = 'Error: with props\n    at x'; f2.code = 'E1'; log(f2);
const g = new Error('outer', { cause: 'why' }); g.stack = 'Error: outer\n    at y'; log(g); log({ g });
const h = new Error('none'); h.stack = undefined; log(h);
const k2 = new Error('no frames'); k2.stack = 'Error: no frames'; log(k2, [k2]);
const ag = new AggregateError([1, 'two'], 'agg'); ag.stack = 'AggregateError: agg\n    at z'; log(ag);
class MyError extends TypeError {} const me = new MyError('mine'); me.stack = 'TypeError: mine\n    at q'; log(me);
const nm = new Error('named'); nm.name = 'Custom'; nm.stack = 'Error: named\n    at q'; log(nm);
