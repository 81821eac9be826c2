// Array methods that change the array: at the ends, in the middle, all of it; on arrays that are frozen, sparse, like arrays.
const A = Array.prototype;
const after = (a, f) => { let r; try { r = f(a); } catch (e) { r = e && e.constructor === TypeError ? 'TypeError' : e && e.constructor === RangeError ? 'RangeError' : e; } return [r === a ? 'same' : r, a]; };
for (const [name, args] of [['push', [1, 2]], ['pop', []], ['shift', []], ['unshift', [1, 2]], ['splice', [1, 1, 'x', 'y']], ['splice', [0, 1]], ['reverse', []], ['fill', ['f']], ['copyWithin', [0, 1]], ['sort', []]]) {
  for (const [kind, make] of [
    ['dense', () => [3, 1, 2]], ['empty', () => []], ['holes', () => [3, , 1, ,]], ['frozen', () => Object.freeze([3, 1, 2])], ['sealed', () => Object.seal([3, 1, 2])],
    ['closed', () => Object.preventExtensions([3, 1, 2])], ['closed with holes', () => Object.preventExtensions([3, , 2])], ['frozen empty', () => Object.freeze([])],
    ['read-only length', () => Object.defineProperty([3, 1, 2], 'length', { writable: false })], ['empty, read-only length', () => Object.defineProperty([], 'length', { writable: false })],
    ['sparse', () => { const a = [3, 1]; a[100000] = 2; a.length = 3; return a; }],
    ['read-only element', () => Object.defineProperty([3, 1, 2], 1, { value: 'ro', writable: false, configurable: true, enumerable: true })],
    ['fixed element', () => Object.defineProperty([3, 1, 2], 1, { value: 'fix', writable: true, configurable: false, enumerable: true })],
    ['like', () => ({ length: 3, 0: 'c', 2: 'a', x: 1 })], ['like, empty', () => ({})], ['like, no length', () => ({ 0: 'z' })],
    ['like, negative', () => ({ length: -1, 0: 'a' })], ['like, text', () => ({ length: '2', 0: 'b', 1: 'a' })],
    ['like, frozen', () => Object.freeze({ length: 2, 0: 'b', 1: 'a' })], ['like, 2^53-1', () => name === 'fill' || name === 'copyWithin' || name === 'reverse' || name === 'sort' || name === 'shift' || name === 'unshift' || name === 'splice' && args.length === 2 ? {} : ({ length: 2 ** 53 - 1, 9007199254740990: 'z', 9007199254740989: 'y' })],
    ['typed', () => name === 'push' || name === 'pop' || name === 'shift' || name === 'unshift' || name === 'splice' ? {} : new Float64Array([3, 1, 2])],
    ['string', () => new String('cab')], ['function', () => function (a, b) {}],
    ['with accessor', () => Object.defineProperty([3, 1, 2], 1, { get() { return 'g'; }, set(v) { this.set1 = v; }, configurable: true, enumerable: true })],
    ['subclass', () => new (class Sub extends Array {})(3, 1, 2)],
  ])
    if (!(kind === 'like, 2^53-1' && name === 'splice' && args.length === 4)) check(`${name}(${args}) on ${kind}`, () => after(make(), a => A[name].apply(a, args)));
}
for (const [name, args] of [['push', ['v']], ['push', []], ['pop', []], ['shift', []], ['unshift', ['v']], ['unshift', []], ['splice', [1, 1, 'x', 'y']], ['splice', [0, 2, 'z']], ['splice', []], ['reverse', []], ['fill', ['f', 1]], ['copyWithin', [0, 1]], ['copyWithin', [1, 0]]])
  check(`order: ${name}(${args})`, () => { const log = []; const o = watched(log, { length: 3, 0: 'a', 1: 'b', 2: 'c' }); const r = A[name].apply(o, args); return [r === o ? 'same' : r, log]; });
check('push: 2^53', () => A.push.call({ length: 2 ** 53 - 1 }, 1));
check('push: 2^53 with nothing', () => { const o = { length: 2 ** 53 + 8 }; return [A.push.call(o), o]; });
check('push: length beyond 2^32', () => { const o = { length: 2 ** 32 - 1 }; return [A.push.call(o, 'x', 'y'), o]; });
check('push: array at 2^32-1', () => { const a = []; a.length = 2 ** 32 - 1; let e; try { a.push('x', 'y'); } catch (x) { e = x.constructor.name; } return [e, a.length, Object.keys(a)]; });
check('push: setter on the prototype', () => { Object.defineProperty(A, 1, { set(v) { this.got = v; }, configurable: true }); try { const a = [0]; return [a.push('s'), a.got, a.length, Object.keys(a)]; } finally { delete A[1]; } });
check('push: read-only on the prototype', () => { Object.defineProperty(A, 1, { value: 1, configurable: true }); try { const a = [0]; return after(a, a => a.push('s')); } finally { delete A[1]; } });
check('pop: length 2^53', () => { const o = { length: 2 ** 53 + 2, 9007199254740990: 'last' }; return [A.pop.call(o), o]; });
check('pop: inherited element', () => { A[1] = 'p'; try { const a = [0, ,]; return [a.pop(), a.length, a]; } finally { delete A[1]; } });
check('pop: deletes then sets length', () => { const log = []; const o = { get length() { log.push('get length'); return 2; }, set length(v) { log.push('set length ' + v); }, get 1() { log.push('get 1'); return 'x'; } }; return [A.pop.call(o), log, Object.keys(o)]; });
check('shift: inherited element', () => { A[1] = 'p'; try { const a = [0, , 2]; return [a.shift(), a]; } finally { delete A[1]; } });
check('shift: queue', () => { const q = []; for (let i = 0; i < 100; i++) q.push(i); let s = 0; while (q.length > 3) { s += q.shift(); if (s % 5 === 0) q.push(1); } return [s, q]; });
check('unshift: holes stay', () => { const a = [1, , 3]; return [a.unshift('a', 'b'), a]; });
check('unshift: 2^53', () => after({ length: 2 ** 53 - 1 }, o => A.unshift.call(o, 1)));
check('unshift: 2^53 with nothing', () => after({ length: 2 ** 53 + 2 }, o => A.unshift.call(o)));
check('unshift: itself', () => { const a = [1, 2]; return [a.unshift(...a, ...a), a]; });
check('splice: arguments', () => [[], [1], [-1], [9], [1, -5], [1, 9], [1, undefined], [undefined], [1, NaN], ['1', '1'], [-Infinity, Infinity], [0, 0, 'n'], [3, 0, 'n'], [1.9, 1.9]].map(args => { const a = [1, 2, 3]; return [a.splice(...args), a]; }));
check('splice: order of conversion', () => { const log = []; const o = watched(log, { length: 2, 0: 'a', 1: 'b' }); return [A.splice.call(o, argument(log, 'start', 0), argument(log, 'count', 1)), log]; });
check('splice: changed while converting', () => { const a = [1, 2, 3, 4]; return [a.splice(1, { valueOf() { a.length = 2; return 2; } }, 'n'), a]; });
check('splice: grown while converting', () => { const a = [1, 2]; return [a.splice({ valueOf() { a.push(3, 4); return 0; } }, 1), a]; });
check('splice: length 2^53 end', () => { const o = { length: 2 ** 53 - 1, 9007199254740990: 'z' }; return [A.splice.call(o, 2 ** 53 - 2, 1), o]; });
check('splice: beyond 2^53', () => after({ length: 2 ** 53 - 1 }, o => A.splice.call(o, 2 ** 53 - 1, 0, 1)));
check('splice: too many removed', () => after({ length: 2 ** 53 - 1 }, o => A.splice.call(o, 0)));
check('splice: inherited elements', () => { A[1] = 'p'; try { const a = [0, , 2]; const r = a.splice(0, 2); return [r, r.hasOwnProperty(1), a]; } finally { delete A[1]; } });
check('splice: setter on prototype is not used for the result', () => { Object.defineProperty(A, 0, { set() { throw 'used'; }, configurable: true }); try { return Object.keys([, 1, 2].splice(1, 1)); } finally { delete A[0]; } });
check('splice: large', () => { const a = Array.from({ length: 5000 }, (_, i) => i); const r = a.splice(100, 4000, 'x'); return [r.length, r[0], r[3999], a.length, a[99], a[100], a[101]]; });
check('reverse: even, odd', () => [[1, 2, 3, 4].reverse(), [1, 2, 3].reverse(), [].reverse(), [1].reverse()]);
check('reverse: holes', () => { const a = [1, , 3, ,]; return [a.reverse(), Object.keys(a)]; });
check('reverse: inherited', () => { A[0] = 'p'; try { const a = [, , 3]; a.reverse(); return [a, Object.keys(a)]; } finally { delete A[0]; } });
check('reverse: order', () => { const log = []; const o = watched(log, { length: 4, 0: 'a', 3: 'd' }); A.reverse.call(o); return log; });
check('fill', () => [[1, 2, 3].fill(0), [1, 2, 3].fill(0, 1), [1, 2, 3].fill(0, 1, 2), [1, 2, 3].fill(0, -2), [1, 2, 3].fill(0, 0, -1), [1, 2, 3].fill(), [1, 2, 3].fill(0, NaN, Infinity), [1, 2, 3].fill(0, undefined, undefined), [1, 2].fill(0, 1, null), new Array(3).fill(7), [].fill(1)]);
check('fill: same object', () => { const o = {}; const a = new Array(2).fill(o); return a[0] === a[1]; });
check('fill: order', () => { const log = []; const o = watched(log, { length: 2, 0: 'a', 1: 'b' }); A.fill.call(o, 'v', argument(log, 'start', 0), argument(log, 'end', 2)); return log; });
check('fill: near 2^53', () => { const o = { length: 2 ** 53 - 1 }; A.fill.call(o, 'v', 2 ** 53 - 3); return o; });
check('fill: shrinks while converting', () => { const a = [1, 2, 3]; a.fill('v', { valueOf() { a.length = 1; return 0; } }); return a; });
check('fill: large', () => { const a = new Array(100000).fill(1); return [a.length, a[99999], a.reduce((s, v) => s + v)]; });
check('copyWithin', () => [[0, 3], [1, 0], [0, 3, 4], [-2, -3, -1], [0, 1, NaN], [1, 3, undefined], [2, 0, Infinity], [9, 0], [0, 9], [undefined, undefined]].map(args => [1, 2, 3, 4, 5].copyWithin(...args)));
check('copyWithin: holes', () => { const a = [1, , 3, , 5]; return [a.copyWithin(0, 1, 4), Object.keys(a)]; });
check('copyWithin: order', () => { const log = []; const o = watched(log, { length: 3, 0: 'a', 2: 'c' }); A.copyWithin.call(o, argument(log, 'to', 0), argument(log, 'from', 1), argument(log, 'end', 3)); return log; });
check('copyWithin: shrinks while converting', () => { const a = [1, 2, 3, 4]; return a.copyWithin(0, 2, { valueOf() { a.length = 3; return 4; } }); });
check('copyWithin: near 2^53', () => { const o = { length: 2 ** 53 - 1, 9007199254740990: 'z' }; A.copyWithin.call(o, 0, 2 ** 53 - 2); return o; });
check('length: set smaller and larger', () => { const a = [1, 2, 3]; a.length = 1; a.length = 3; return a; });
check('length: bad', () => [-1, 1.5, 2 ** 32, NaN, 'x', {}].map(v => { const a = [1]; try { a.length = v; return 'no'; } catch (e) { return e.constructor.name; } }));
check('length: converted twice', () => { const log = []; const a = [1]; a.length = { valueOf() { log.push('v'); return 2; } }; return [log, a.length]; });
check('length: text, true, null', () => ['2', true, null, '', [3]].map(v => { const a = [1]; a.length = v; return a.length; }));
check('length: read-only, same value', () => { const a = Object.freeze([1]); a.length = 1; return a; });
check('length: read-only, conversion first', () => { const log = []; const a = Object.freeze([1]); try { a.length = { valueOf() { log.push('v'); return 1; } }; } catch (e) { log.push(e.constructor.name); } return log; });
check('length: stopped by a fixed element', () => { const a = [1, 2, 3, 4]; Object.defineProperty(a, 1, { configurable: false }); return after(a, a => { a.length = 0; }); });
check('length: stopped, with writable false', () => { const a = [1, 2, 3]; Object.defineProperty(a, 1, { configurable: false }); const ok = Reflect.defineProperty(a, 'length', { value: 0, writable: false }); return [ok, a.length, Object.getOwnPropertyDescriptor(a, 'length')]; });
check('length: defineProperty accessor', () => Object.defineProperty([], 'length', { get() {} }));
check('length: defineProperty enumerable', () => Reflect.defineProperty([], 'length', { enumerable: true }));
check('length: delete', () => Reflect.deleteProperty([], 'length'));
check('index that is none', () => { const a = []; a[4294967295] = 1; a['01'] = 2; a[1.5] = 3; a['-0'] = 4; a[-1] = 5; return [a.length, Object.keys(a)]; });
check('index at the end', () => { const a = []; a[4294967294] = 1; return [a.length, Object.keys(a)]; });
check('define beyond read-only length', () => Reflect.defineProperty(Object.defineProperty([1], 'length', { writable: false }), 1, { value: 2 }));
check('constructor', () => [new Array(3), Array(2), new Array('3'), new Array(1, 2), Array(), new Array(undefined), new Array([1]), new Array(0)]);
check('constructor: bad lengths', () => [-1, 1.5, NaN, 4294967296, Infinity].map(n => { try { return new Array(n); } catch (e) { return e.constructor.name; } }));
check('constructor: 2^32-1', () => new Array(4294967295).length);
check('constructor: -0', () => new Array(-0).length);
check('constructor: prototype first', () => { const log = []; const t = function () {}.bind(); Object.defineProperty(t, 'prototype', { get() { log.push('prototype'); return null; } }); try { Reflect.construct(Array, [-1], t); } catch (e) { log.push(e.constructor.name); } return log; });
check('subclass', () => { class S extends Array { get last() { return this[this.length - 1]; } } const s = new S(1, 2, 3); return [s.last, s.length, s instanceof S, Array.isArray(s), s.map(x => x * 2) instanceof S, s.concat([4]) instanceof S, S.from([1]) instanceof S, S.of(7).last, s.filter(Boolean) instanceof S, s.toSorted() instanceof S, new S(2).length]; });
check('indices that double', () => { const x = []; for (let k = 2; k <= 2 ** 32; k *= 2) x[k - 2] = k; return [x.length, Object.keys(x).length, x[2], x[2 ** 20 - 2], x[2 ** 32 - 2], x[5]]; });
check('indices in steps', () => { const x = []; for (let i = 0; i < 3e6; i += 3000) x[i] = i; let sum = 0; for (const i in x) sum += x[i]; return [x.length, sum]; });
check('filled with gaps', () => { const x = []; for (let i = 0; i < 20000; i += 2) x[i] = i; for (let i = 1; i < 20000; i += 2) x[i] = i; return [x.length, x.every((v, i) => v === i), x.indexOf(undefined)]; });
