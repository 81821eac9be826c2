// Object.groupBy and Map.groupBy.  Node 20 has neither: there the table defines them from their specification.
if (!Object.groupBy) {
  const group = (items, callback, put) => {
    if (items === null || items === undefined) throw new TypeError('items');
    if (typeof callback !== 'function') throw new TypeError('callback');
    let k = 0;
    for (const value of items) put(callback.call(undefined, value, k++), value);
  };
  const toKey = key => Reflect.ownKeys({ [key]: 1 })[0];
  Object.groupBy = function groupBy(items, callback) {
    const o = Object.create(null);
    group(items, callback, (key, value) => {
      key = toKey(key);
      if (Object.hasOwn(o, key)) o[key].push(value);
      else Object.defineProperty(o, key, { value: [value], writable: true, enumerable: true, configurable: true });
    });
    return o;
  };
  Map.groupBy = function groupBy(items, callback) {
    const m = new Map();
    group(items, callback, (key, value) => (m.has(key) ? m.get(key).push(value) : m.set(key, [value])));
    return m;
  };
}
const nameOf = e => (e !== null && typeof e === 'object' && e.constructor ? e.constructor.name : e);
const tries = (...fs) => fs.map(f => { try { return f(); } catch (e) { return nameOf(e); } });
for (const [name, by] of [['Object', (...a) => Object.groupBy(...a)], ['Map', (...a) => Map.groupBy(...a)]]) {
  check(`${name}: groups`, () => by([1, 2, 3, 4], v => (v % 2 ? 'odd' : 'even')));
  check(`${name}: arguments`, () => { const seen = []; by(['a', 'b'], function (...args) { seen.push(args, this === undefined); return 'k'; }); return seen; });
  check(`${name}: kinds of keys`, () => by([0, -0, NaN, 1, '1', null, undefined, true], v => v));
  check(`${name}: symbols and objects as keys`, () => { const r = by([1, 2], v => (v === 1 ? Symbol.iterator : { toString: () => 'text' })); return name === 'Map' ? r.size : Reflect.ownKeys(r).map(String); });
  check(`${name}: iterables`, () => [by('hello', c => c), by(new Set([1, 1, 2]), v => v), by([], v => v), by(new Map([['a', 1]]), e => e[0])]);
  check(`${name}: bad arguments`, () => tries(() => by(null, v => v), () => by(undefined, v => v), () => by([], 5), () => by(5, v => v), () => by({}, v => v), () => by([1])));
  check(`${name}: closes`, () => { const log = []; const it = { [Symbol.iterator]: () => ({ next: () => ({ value: 1, done: false }), return() { log.push('return'); return {}; } }) }; try { by(it, () => { throw 'mine'; }); } catch (e) { log.push(e); } if (name === 'Object') try { by(it, () => ({ toString() { throw 'key'; } })); } catch (e) { log.push(e); } return log; });
  check(`${name}: __proto__ as key`, () => { const r = by([1], () => '__proto__'); return name === 'Map' ? r.size : Object.keys(r); });
  check(`${name}: groups are plain arrays`, () => { const r = by([1, , 3], v => 'k'), g = name === 'Map' ? r.get('k') : r.k; g.push(9); return [g, Array.isArray(g)]; });
}
check('lengths', () => [Object.groupBy.length, Map.groupBy.length, Object.groupBy.name, Map.groupBy.name]);
check('order of groups', () => [Object.keys(Object.groupBy([3, 'b', 1, 'a'], v => v)), [...Map.groupBy([3, 'b', 1, 'a'], v => v).keys()]]);
