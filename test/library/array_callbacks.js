// Array methods that call a function: what it is called with, holes, changes while it runs, results, species; sort.
const A = Array.prototype;
const names = ['forEach', 'map', 'filter', 'some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex', 'reduce', 'reduceRight', 'flatMap'];
const isReduce = n => n.startsWith('reduce');
for (const n of names) {
  check(`${n}: arguments`, () => { const seen = []; const a = ['x', , 'z']; const r = a[n](function (...args) { seen.push(args.map(v => (v === a ? 'a' : v)), this === undefined ? 'undefined' : this); return false; }, ...(isReduce(n) ? [] : ['T'])); return [r, seen]; });
  check(`${n}: on a string`, () => { const seen = []; const r = A[n].call('ab', (...args) => { seen.push(args.slice(0, -1), typeof args.at(-1)); return true; }); return [r, seen]; });
  check(`${n}: on an array-like`, () => { const log = []; const o = watched(log, { length: argument(log, 'length', 3), 0: 'a', 2: 'c' }); return [A[n].call(o, (...args) => { log.push('call'); return false; }), log]; });
  check(`${n}: not a function`, () => [undefined, null, {}, 'f', /x/, 5].map(f => { try { return [1][n](f); } catch (e) { return e.constructor.name; } }));
  check(`${n}: not a function, empty`, () => [][n]({}));
  check(`${n}: length before function`, () => A[n].call({ get length() { throw 'length'; } }, 5));
  check(`${n}: function before elements`, () => A[n].call({ length: 1, get 0() { throw 'element'; } }, 5));
  check(`${n}: null receiver`, () => A[n].call(null, () => {}));
  check(`${n}: thrown`, () => [1, 2][n](() => { throw 'mine'; }, 0));
  check(`${n}: empty`, () => [][n](() => { throw 'called'; }, 0));
  check(`${n}: appended while running`, () => { const a = [1, 2, 3]; const seen = []; a[n]((...v) => { seen.push(isReduce(n) ? v[1] : v[0]); if (a.length < 9) a.push('new'); return n === 'every'; }, 0); return [seen, a.length]; });
  check(`${n}: removed while running`, () => { const a = [1, 2, 3, 4]; const seen = []; a[n]((...v) => { seen.push(isReduce(n) ? v[1] : v[0]); a.length = 2; return n === 'every'; }, 0); return seen; });
  check(`${n}: changed while running`, () => { const a = [1, 2, 3, 4]; const seen = []; a[n]((...v) => { seen.push(isReduce(n) ? v[1] : v[0]); a[1] = 'b'; a[2] = 'c'; return n === 'every'; }, 0); return seen; });
  check(`${n}: deleted while running`, () => { const a = [1, 2, 3, 4]; const seen = []; a[n]((...v) => { seen.push(isReduce(n) ? v[1] : v[0]); delete a[1]; delete a[2]; return n === 'every'; }, 0); return seen; });
  check(`${n}: becomes sparse while running`, () => { const a = [1, 2, 3]; const seen = []; a[n]((...v) => { seen.push(isReduce(n) ? v[1] : v[0]); Object.defineProperty(a, 2, { get: () => 'get', configurable: true }); return n === 'every'; }, 0); return seen; });
  check(`${n}: inherited element`, () => { A[1] = 'p'; try { const seen = []; [0, , 2][n]((...v) => { seen.push(isReduce(n) ? v[1] : v[0]); return n === 'every'; }, 0); return seen; } finally { delete A[1]; } });
  check(`${n}: accessor elements`, () => { const log = []; const a = [1, 2, 3]; Object.defineProperty(a, 1, { get() { log.push('get'); return 'g'; } }); a[n]((...v) => { log.push(isReduce(n) ? v[1] : v[0]); return n === 'every'; }, 0); return log; });
  check(`${n}: frozen`, () => Object.freeze([1, 2])[n](v => v, 0));
  check(`${n}: typed array receiver`, () => A[n].call(new Float64Array([1, 2]), v => v, 0));
  check(`${n}: native callbacks`, () => ['1', '0', 'x'][n](isReduce(n) ? Math.max : Number));
  check(`${n}: bound callback`, () => ['1', '0', 'x'][n](function (...a) { return this.k + a.length; }.bind({ k: 'k' })));
  check(`${n}: length beyond 2^53`, () => { let count = 0; try { A[n].call({ length: 2 ** 53 + 8, 0: 'a', 1: 'b', 9007199254740990: 'z', 9007199254740989: 'y' }, () => { count++; throw 'called'; }); } catch (e) { return [e, count]; } return count; });
}
check('truthiness', () => [[1, '', 0, 'a', null, [], NaN].filter(v => v), [0, ''].some(v => v), ['a', 1].every(v => v), [0, 'b'].find(v => v), [0, {}].findIndex(v => v)]);
check('map: holes stay', () => [1, , 3].map(v => v * 2));
check('map: trailing holes', () => [1, , ,].map(v => v).length);
check('filter: holes go', () => [1, , undefined, 3].filter(() => true));
check('every: holes are not seen', () => [, ,].every(() => false));
check('find: holes are seen', () => { let n = 0; [, ,].find(() => { n++; }); return n; });
check('reduce: without initial', () => [[1, 2, 3].reduce((a, b) => a + b), [5].reduce(() => 'called'), [, 7].reduce(() => 'called'), [1, 2, 3].reduceRight((a, b) => a + '' + b), [7, ,].reduceRight(() => 'called')]);
check('reduce: empty', () => [].reduce((a, b) => a));
check('reduce: holes only', () => [, ,].reduce((a, b) => a));
check('reduceRight: empty', () => [].reduceRight((a, b) => a));
check('reduce: undefined as initial', () => [].reduce((a, b) => a, undefined));
check('reduce: indices', () => { const seen = []; ['a', 'b', 'c'].reduce((acc, v, i) => { seen.push([acc, v, i]); return acc + v; }); ['a', 'b', 'c'].reduceRight((acc, v, i) => { seen.push([acc, v, i]); return acc + v; }); return seen; });
check('flat', () => [[1, [2, [3, [4]]]].flat(), [1, [2, [3, [4]]]].flat(2), [1, [2, [3, [4]]]].flat(Infinity), [1, [2]].flat(0), [[1], [2]].flat('1'), [[1, [2]]].flat(NaN), [[1]].flat(-1), [1, , [2, , 3]].flat(), [[[1]]].flat(1.9), [[1]].flat(undefined), [[1]].flat(null), [].flat(), [[], [[]]].flat(), ['ab', { length: 1, 0: 'x' }].flat()]);
check('flat: array-like', () => A.flat.call({ length: 2, 0: [1], 1: [2, [3]] }));
check('flat: conversion after length, before species', () => { const log = []; const a = watched(log, { length: 1, 0: [1] }); A.flat.call(a, argument(log, 'depth', 1)); return log; });
check('flat: symbol depth', () => [].flat(Symbol()));
check('flat: null', () => A.flat.call(null));
check('flat: accessor in an inner array', () => { const inner = [1, 2]; Object.defineProperty(inner, 0, { get: () => 'g' }); return [inner, 3].flat(); });
check('flatMap', () => [[1, 2].flatMap(v => [v, v * 10]), [1].flatMap(v => [[v]]), [1, , 2].flatMap(v => [v, , v]), [1].flatMap(v => ({ length: 1, 0: v })), ['a b', 'c'].flatMap(s => s.split(' '))]);
check('flatMap: this', () => [1].flatMap(function () { return [this.k]; }, { k: 'v' }));
// Species.
const species = (S) => { const a = [1, , 3]; a.constructor = { [Symbol.species]: S }; return a; };
for (const [n, args] of [['map', [v => v]], ['filter', [() => true]], ['slice', [0]], ['splice', [0, 3]], ['concat', [[4]]], ['flat', []], ['flatMap', [v => [v, v]]]]) {
  check(`species ${n}: what it is called with`, () => { const log = []; const r = species(function (...a) { log.push(a.length, ...a, new.target !== undefined); })[n](...args); return [log, r]; });
  check(`species ${n}: null and undefined`, () => [species(null)[n](...args), species(undefined)[n](...args)]);
  check(`species ${n}: not a constructor`, () => species(() => {})[n](...args));
  check(`species ${n}: constructor undefined`, () => { const a = [1]; a.constructor = undefined; return a[n](...args); });
  check(`species ${n}: constructor is a primitive`, () => { const a = [1]; a.constructor = 5; return a[n](...args); });
  check(`species ${n}: constructor null`, () => { const a = [1]; a.constructor = null; return a[n](...args); });
  check(`species ${n}: constructor without species`, () => { const a = [1]; a.constructor = {}; return a[n](...args); });
  check(`species ${n}: thrown`, () => { const a = [1]; Object.defineProperty(a, 'constructor', { get() { throw 'ctor'; } }); return a[n](...args); });
  check(`species ${n}: thrown by species`, () => { const a = [1]; a.constructor = { get [Symbol.species]() { throw 'species'; } }; return a[n](...args); });
  check(`species ${n}: not asked of an array-like`, () => { const o = { length: 1, 0: 'a', get constructor() { throw 'asked'; } }; return A[n].call(o, ...args); });
  check(`species ${n}: primitive receiver`, () => A[n].call(false, ...args));
  check(`species ${n}: result cannot take elements`, () => species(function () { return Object.preventExtensions([]); })[n](...args));
  check(`species ${n}: result with a read-only element`, () => species(function () { return Object.defineProperty({}, '0', { value: 'ro', writable: false, configurable: false }); })[n](...args));
  check(`species ${n}: result has its own elements`, () => species(function () { return { 0: 'old', 1: 'old', 9: 'old', length: 10 }; })[n](...args));
  check(`species ${n}: result with a setter for an index`, () => { let used = false; const r = species(function () { return Object.defineProperty({}, '0', { set() { used = true; }, configurable: true }); })[n](...args); return [used, r]; });
  check(`species ${n}: result with a read-only length`, () => species(function () { return Object.defineProperty({}, 'length', { value: 0, writable: false }); })[n](...args));
  check(`species ${n}: result is a typed array`, () => species(function () { return new Float64Array(4); })[n](...args));
  check(`species ${n}: the same array`, () => { const a = species(null); a.constructor = { [Symbol.species]: function () { return a; } }; return a[n](...args) === a; });
}
for (const n of ['toSorted', 'toReversed', 'toSpliced', 'with'])
  check(`no species: ${n}`, () => { const a = [1, 2]; a.constructor = { get [Symbol.species]() { throw 'asked'; } }; return a[n](...(n === 'with' ? [0, 9] : [])); });
check('species getter of Array', () => [Array[Symbol.species] === Array, Object.getOwnPropertyDescriptor(Array, Symbol.species).get.call('x')]);
check('species: changed on the constructor and put back', () => {
  class M extends Array {}
  const saved = Object.getOwnPropertyDescriptor(Array, Symbol.species), made = () => [[1].map(x => x), [1].filter(x => x), [1].slice(), [1].concat(2)].map(a => a instanceof M);
  const log = [made()];
  for (const d of [{ get() { return M; } }, { value: M }, { value: null }, { value: undefined }]) {
    Object.defineProperty(Array, Symbol.species, { ...d, configurable: true });
    const a = [1].map(x => x), b = [1, 2].slice(1), c = [1].concat(2);
    Object.defineProperty(Array, Symbol.species, saved);
    log.push([a, b, c].map(r => r instanceof M));
  }
  Array.prototype.constructor = M;
  const a = [1].map(x => x), b = [1, 2].slice(1);
  Array.prototype.constructor = Array;
  log.push([a, b].map(r => r instanceof M), made());
  return log;
});
check('sort by text: starts in common, zeros, wide units, values that are no texts', () => {
  let seed = 1, wrong = 0;
  const random = n => { seed = (seed * 1103515245 + 12345) % 2147483648; return (seed >>> 8) % n; };
  const parts = ['a', 'b', '\0', '10', '9', 'z', '\xe9', '\uffff', '\ud83d\ude00'];
  for (let k = 0; k < 200; k++) {
    const start = random(2) ? 'the same start ' : '', some = random(2) ? 6 : 9, a = [];
    for (let i = random(70); i > 0; i--) {
      let s = start;
      for (let j = random(12); j > 0; j--) s += parts[random(some)];
      a.push([s, s, s, s, s, random(100), null, undefined][random(8)]);
    }
    const by = a.slice().sort((p, q) => (`${p}` < `${q}` ? -1 : `${q}` < `${p}` ? 1 : 0)), b = a.slice().sort();
    for (let i = 0; i < a.length; i++) if (!Object.is(b[i], by[i])) wrong++;
  }
  return wrong;
});
check('sort puts back: objects that cannot be written or extended, or that changed', () => {
  const log = [], attempt = (a, f) => { try { a.sort(f); } catch (e) { log.push(e.constructor.name); } log.push(a.join(), a.length, Object.keys(a).join()); };
  attempt(Object.freeze(['b', 'a']));
  attempt(Object.seal(['b', 'a']));
  attempt(Object.preventExtensions(['b', 'a', 'c']));
  attempt(['b', , 'a']);
  const shrinks = ['c', 'b', 'a'], grows = ['c', 'b', 'a'];
  attempt(shrinks, (p, q) => { shrinks.length = 1; return p < q ? -1 : 1; });
  attempt(grows, (p, q) => { if (grows.length < 5) grows.push('z'); return p < q ? -1 : 1; });
  return log;
});
