// Map, Set: keys, order, changes while they are walked, construction, receivers.
const nameOf = e => (e !== null && typeof e === 'object' && e.constructor ? e.constructor.name : e);
const tries = (...fs) => fs.map(f => { try { return f(); } catch (e) { return nameOf(e); } });
check('Map: construction', () => [new Map(), new Map(null), new Map(undefined), new Map([[1, 'a'], [2, 'b'], [1, 'c']]), new Map(new Map([['k', 1]])), new Map([{ 0: 'x', 1: 'y' }]), new Map([[]]), ...tries(() => Map(), () => new Map(5), () => new Map([5]), () => new Map('ab'), () => new Map({}), () => new Map([[1, 2], null]))]);
check('Set: construction', () => [new Set(), new Set(null), new Set('hello'), new Set([1, 1, 2]), new Set(new Set([3])), ...tries(() => Set(), () => new Set(5), () => new Set({}))]);
const keys = [0, -0, NaN, 1, '1', 1.5, 'a', '', null, undefined, true, false, Symbol.iterator, 2147483648, -1, 'ab', {}, [], Infinity];
check('Map: kinds of keys', () => { const m = new Map(keys.map((k, i) => [k, i])); return [m.size, keys.map(k => m.get(k)), m.get({}), m.get('a' + 'b'), m.get(3 / 2), m.get(0 / 0)]; });
check('Set: kinds of values', () => { const s = new Set(keys); return [s.size, keys.map(k => s.has(k)), s.has({}), s.has(['a', 'b'].join(''))]; });
check('Map: -0 becomes 0', () => { const m = new Map([[-0, 'z']]); return [Object.is([...m.keys()][0], 0), m.get(0), m.get(-0), m.has(-0), Object.is([...new Set([-0])][0], 0)]; });
check('Map: integers and doubles are one', () => { const m = new Map(); m.set(1, 'a'); m.set(2 - 1.0, 'b'); m.set(0.5 + 0.5, 'c'); return m; });
check('Map: set, delete, order', () => { const m = new Map([['a', 1], ['b', 2], ['c', 3]]); const r = [m.delete('b'), m.delete('x'), m.set('b', 4) === m, m.set('a', 5) === m, m.size]; return [r, m]; });
check('Set: add, delete, order', () => { const s = new Set([1, 2, 3]); return [s.delete(1), s.add(1) === s, s.add(2) === s, s.size, s, s.delete(9), s.clear(), s.size]; });
check('receivers', () => ['get', 'set', 'has', 'delete', 'clear', 'entries', 'forEach', 'keys', 'values'].map(n => tries(() => Map.prototype[n].call(new Set(), () => {}), () => Map.prototype[n].call({}), () => Map.prototype[n].call(5), () => Map.prototype[n].call(Map.prototype))).concat(['add', 'has', 'delete', 'clear', 'entries', 'forEach', 'values'].map(n => tries(() => Set.prototype[n].call(new Map(), () => {}), () => Set.prototype[n].call([])))));
check('size getter receivers', () => { const g = Object.getOwnPropertyDescriptor(Map.prototype, 'size').get, h = Object.getOwnPropertyDescriptor(Set.prototype, 'size').get; return tries(() => g.call(new Map([[1, 1]])), () => g.call(new Set()), () => g.call({}), () => Map.prototype.size, () => h.call(new Set([1])), () => h.call(new Map()), () => Set.prototype.size); });
check('forEach', () => { const seen = []; const m = new Map([['a', 1]]), s = new Set(['x']); m.forEach(function (v, k, o) { seen.push(v, k, o === m, this.t, arguments.length); }, { t: 't' }); s.forEach((v, k, o) => seen.push(v, k, o === s)); return [seen, m.forEach(() => 5), ...tries(() => m.forEach(), () => new Set().forEach({}))]; });
const walk = (make, change) => { const seen = []; make().forEach((v, k, o) => { seen.push(k); if (seen.length < 12) change(o, k, seen.length); }); const it = []; const o = make(); for (const e of o) { const k = Array.isArray(e) ? e[0] : e; it.push(k); if (it.length < 12) change(o, k, it.length); } return [seen, it, [...o.keys()]]; };
for (const [name, make] of [['Map', () => new Map([['a', 1], ['b', 2], ['c', 3], ['d', 4]])], ['Set', () => new Set(['a', 'b', 'c', 'd'])]]) {
  const put = (o, k) => (name === 'Map' ? o.set(k, 0) : o.add(k));
  check(`${name}: delete the current`, () => walk(make, (o, k) => o.delete(k)));
  check(`${name}: delete the next`, () => walk(make, (o, k) => { if (k === 'a') o.delete('b'); }));
  check(`${name}: delete the one before`, () => walk(make, (o, k) => { if (k === 'c') o.delete('b'); }));
  check(`${name}: delete and add again`, () => walk(make, (o, k, n) => { if (n < 8) { o.delete(k); put(o, k); } }));
  check(`${name}: add`, () => walk(make, (o, k, n) => { if (n < 6) put(o, 'n' + n); }));
  check(`${name}: clear`, () => walk(make, o => o.clear()));
  check(`${name}: clear and add`, () => walk(make, (o, k, n) => { if (n < 4) { o.clear(); put(o, 'x' + n); put(o, 'y' + n); } }));
  check(`${name}: grow a lot while walking`, () => { const o = make(); let n = 0; for (const e of o) { if (++n > 500) break; put(o, 'g' + n); if (n % 3 === 0) o.delete('g' + (n - 2)); } return [n, o.size, [...o.keys()].slice(0, 5)]; });
  check(`${name}: many`, () => { const o = name === 'Map' ? new Map() : new Set(); for (let i = 0; i < 3000; i++) put(o, (i * 7919) % 2003); for (let i = 0; i < 1000; i++) o.delete(i * 2); return [o.size, o.has(1), o.has(2), [...o.keys()].slice(0, 5), [...o.keys()].slice(-3)]; });
  check(`${name}: two walks at once`, () => { const o = make(), a = o.keys(), b = o.keys(), seen = []; seen.push(a.next().value, b.next().value); o.delete('b'); seen.push(a.next().value); put(o, 'e'); seen.push(b.next().value, a.next().value, a.next().value, a.next().value, a.next().done, b.next().value); return seen; });
  check(`${name}: ended stays ended`, () => { const o = make(), it = o.values(); while (!it.next().done); put(o, 'late'); return it.next(); });
  check(`${name}: iterators`, () => { const o = make(); return [[...o.keys()], [...o.values()], [...o.entries()], o.entries().toString(), o[Symbol.iterator] === (name === 'Map' ? o.entries : o.values), (it => it[Symbol.iterator]() === it)(o.keys())]; });
  check(`${name}: next on something else`, () => { const next = make().keys().next; return tries(() => next.call({}), () => next.call(name === 'Map' ? new Set().values() : new Map().values()), () => next.call([].values()), () => next.call(undefined), () => next.call(5)); });
  check(`${name}: adder is looked up once`, () => { let n = 0; const P = globalThis[name].prototype, key = name === 'Map' ? 'set' : 'add', old = P[key]; Object.defineProperty(P, key, { get() { n++; return old; }, configurable: true }); try { new globalThis[name](name === 'Map' ? [[1, 1], [2, 2]] : [1, 2]); new globalThis[name](); return n; } finally { Object.defineProperty(P, key, { value: old, writable: true, enumerable: false, configurable: true }); } });
  check(`${name}: adder that is no function`, () => { class X extends globalThis[name] {} X.prototype.set = X.prototype.add = 5; return tries(() => new X([]), () => new X().size); });
  check(`${name}: own adder sees the items`, () => { const log = []; class X extends globalThis[name] { set(k, v) { log.push(k, v); return super.set(k, v); } add(k) { log.push(k); return super.add(k); } } const x = new X(name === 'Map' ? [[1, 2]] : [1]); return [log, x.size, x instanceof X]; });
  check(`${name}: closes when adding throws`, () => { const log = []; class X extends globalThis[name] { set() { throw 'set'; } add() { throw 'add'; } } try { new X({ [Symbol.iterator]: () => ({ next: () => ({ value: [1, 2], done: false }), return() { log.push('return'); return {}; } }) }); } catch (e) { log.push(e); } return log; });
  check(`${name}: iterator that throws is not closed`, () => { const log = []; try { new globalThis[name]({ [Symbol.iterator]: () => ({ next() { throw 'next'; }, return() { log.push('return'); } }) }); } catch (e) { log.push(e); } return log; });
  check(`${name}: new target`, () => { const t = function () {}.bind(); t.prototype = Array.prototype; const o = Reflect.construct(globalThis[name], [], t); return [Object.getPrototypeOf(o) === Array.prototype, Object.prototype.toString.call(o), globalThis[name].prototype.has.call(o, 1)]; });
  check(`${name}: species`, () => [globalThis[name][Symbol.species] === globalThis[name], Object.getOwnPropertyDescriptor(globalThis[name], Symbol.species).get.call('x')]);
  check(`${name}: properties of its own`, () => { const o = make(); o.extra = 1; o[0] = 'zero'; return [Object.keys(o), o.size, o.get && o.get(0)]; });
}
check('Map: closes for items that are no objects', () => { const log = []; try { new Map({ [Symbol.iterator]: () => ({ next: () => ({ value: 5, done: false }), return() { log.push('return'); return {}; } }) }); } catch (e) { log.push(nameOf(e)); } return log; });
check('Map: closes when a key getter throws', () => { const log = []; try { new Map({ [Symbol.iterator]: () => ({ next: () => ({ value: { get 0() { throw 'key'; } }, done: false }), return() { log.push('return'); return {}; } }) }); } catch (e) { log.push(e); } return log; });
check('Map: order within an item', () => { const log = []; new Map([watched(log, { 1: 'v', 0: 'k' })]); return log; });
check('Map: set in get order with objects', () => { const a = {}, b = {}; const m = new Map([[a, 'a'], [b, 'b']]); a.x = 1; Object.freeze(b); return [m.get(a), m.get(b), m.has({})]; });
check('Map: symbols', () => { const s = Symbol('x'), t = Symbol('x'); const m = new Map([[s, 1]]); return [m.get(s), m.get(t), m.get(Symbol.for('q')), m.set(Symbol.for('q'), 2).get(Symbol.for('q'))]; });
check('Map: spread and from', () => { const m = new Map([['a', 1], ['b', 2]]); return [[...m], Array.from(m.values(), v => v * 2), Object.fromEntries(m), new Map([...m].map(([k, v]) => [v, k]))]; });
check('Set: algebra by hand', () => { const a = new Set([1, 2, 3]), b = new Set([2, 3, 4]); return [new Set([...a, ...b]), new Set([...a].filter(x => b.has(x))), new Set([...a].filter(x => !b.has(x)))]; });
check('Map: string keys made at run time', () => { const m = new Map(); for (let i = 0; i < 50; i++) m.set('key' + i, i); let s = 0; for (let i = 0; i < 50; i++) s += m.get(['key', i].join('')); return s; });
check('Map: wide strings', () => { const m = new Map([['é', 1], ['日本', 2], ['😀', 3]]); return [m.get('\u00e9'), m.get('日' + '本'), m.get('\ud83d' + '\ude00'), m.get('\ud83d')]; });
check('Map: nested', () => { const m = new Map(); const get = k => { let v = m.get(k); if (!v) m.set(k, (v = new Map())); return v; }; get('a').set('x', 1); get('a').set('y', 2); get('b').set('x', 3); return m; });
check('Map: key is itself', () => { const m = new Map(); m.set(m, m); return m.get(m) === m; });
// Iterators whose next() is the library's are stepped without result objects: everything that a program may change about them.
const protoOf = it => Object.getPrototypeOf(it), stepped = { array: [[1, 2].values(), () => ['p', 'q'].values()], entries: [[1].entries(), () => ['p', 'q'].entries()], string: [''[Symbol.iterator](), () => 'p😀q'[Symbol.iterator]()], map: [new Map().keys(), () => new Map([['p', 1], ['q', 2]]).entries()], set: [new Set().keys(), () => new Set(['p', 'q']).values()] };
for (const [name, [sample, make]] of Object.entries(stepped)) {
  const P = protoOf(sample), wrapped = (change, f) => { const old = P.next; P.next = change(old); try { return f(); } finally { P.next = old; } };
  check(`steps of ${name}: all`, () => { const r = []; for (const x of make()) r.push(x); const [a, , b] = make(), it = make(); it.next(); return [r, a, b, [...it], [...it], Array.from(make())]; });
  check(`steps of ${name}: next is replaced`, () => wrapped(old => function () { const r = old.call(this); return r.done ? r : { value: [r.value], done: false }; }, () => [[...make()], Array.from(make())]));
  check(`steps of ${name}: own next`, () => { const it = make(); let n = 0; it.next = () => ({ done: n++ > 1, value: n }); return [...it]; });
  check(`steps of ${name}: next is looked up once`, () => { const seen = [], it = make(); for (const x of it) { seen.push(x); it.next = () => ({ done: true }); } return seen; });
  check(`steps of ${name}: next of others`, () => Object.values(stepped).map(([other]) => wrapped(() => protoOf(other).next, () => tries(() => [...make()], () => { for (const x of make()) return x; }, () => { const [x] = make(); return x; }))));
  check(`steps of ${name}: return is called`, () => { const log = []; P.return = function () { log.push(this === it); return {}; }; const it = make(); try { for (const x of it) { log.push(x); break; } const [y] = it; log.push(y, [...it]); } finally { delete P.return; } return log; });
  check(`steps of ${name}: advanced within the loop`, () => { const it = make(), seen = []; for (const x of it) seen.push(x, it.next()); return [seen, it.next()]; });
  check(`steps of ${name}: values on Object.prototype`, () => { Object.defineProperty(Object.prototype, 'done', { get() { throw 'done'; }, set() { throw 'set'; }, configurable: true }); try { return [...make()]; } finally { delete Object.prototype.done; } });
}
check('steps: arrays take no other next', () => { const P = protoOf([].values()), old = P.next; P.next = protoOf(new Set().values()).next; try { return tries(() => [...[1]], () => { for (const x of [1]) return x; }); } finally { P.next = old; } });
check('steps: getter of an item throws', () => { const log = [], a = [1]; Object.defineProperty(a, 1, { get() { throw 'item'; }, enumerable: true }); const it = a.values(); it.return = () => { log.push('return'); return {}; }; try { for (const x of it) log.push(x); } catch (e) { log.push(e); } return log; });
