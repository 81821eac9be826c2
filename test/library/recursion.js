// A function that calls itself without end by way of the library or a conversion: a RangeError that can be caught.
const ways = {
  map: f => [1].map(f), sort: f => [2, 1].sort(f), toSorted: f => ['b', 'a'].toSorted(f), reduce: f => [1, 2].reduce(f), flatMap: f => [1].flatMap(f),
  from: f => Array.from([1], f), typedMap: f => new Float64Array(1).map(f), typedSort: f => new Int32Array([2, 1]).sort(f), typedFrom: f => Int32Array.from([1], f), typedReduce: f => new Int32Array([2, 1]).reduce(f),
  mapForEach: f => new Map([[1, 2]]).forEach(f), setForEach: f => new Set([1]).forEach(f),
  replace: f => 'a'.replace('a', f), replaceRegExp: f => 'a'.replace(/a/g, f), replaceAll: f => 'a'.replaceAll('a', f), symbolReplace: f => /a/[Symbol.replace]('a', f),
  valueOf: f => +{ valueOf: f }, toString: f => `${{ toString: f }}`, toPrimitive: f => `${{ [Symbol.toPrimitive]: f }}`, join: f => [{ toString: f }].join(), key: f => ({ toString: f }) in {}, date: f => new Date({ valueOf: f }),
  getter: f => Object.defineProperty({}, 'x', { get: f }).x, setter: f => { Object.defineProperty({}, 'x', { set: f }).x = 1; }, destructuring: f => { const { x } = { get x() { return f(); } }; }, assign: f => Object.assign({}, { get x() { return f(); } }), entries: f => Object.entries({ get x() { return f(); } }),
  toJSON: f => JSON.stringify({ toJSON: f }), replacer: f => JSON.stringify([1], f), reviver: f => JSON.parse('[1]', f),
  iterator: f => [...{ [Symbol.iterator]: f }], next: f => { for (const x of { [Symbol.iterator]: () => ({ next: f }) }); }, newMap: f => new Map({ [Symbol.iterator]: f }), fromEntries: f => Object.fromEntries({ [Symbol.iterator]: f }),
  call: f => f.call(1), apply: f => f.apply(1, [2]), bind: f => f.bind(1)(), reflectApply: f => Reflect.apply(f, 1, []), spread: f => f(...[1]), construct: f => Reflect.construct(f, []), tagged: f => f`x`,
  hasInstance: f => 1 instanceof { [Symbol.hasInstance]: f }, species: f => { class A extends Array { static get [Symbol.species]() { return f(); } } new A(1, 2).map(x => x); },
  field: f => { class A { x = f(); } new A(); }, static: f => { class A { static x = f(); } }, super: f => { class A extends (function () { f(); }) { constructor() { super(); } } new A(); },
};
for (const [name, go] of Object.entries(ways)) {
  check(name, () => {
    let depth = 0;
    function f() { depth++; return go(f); }
    try { f(); } catch (e) { return [depth > 50, e.constructor.name]; }
  });
}
