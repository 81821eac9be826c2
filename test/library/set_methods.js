// union, intersection and the other methods of Set that take a collection.  Node 20 has none: there the table defines
// them from their specification, over lists with holes.
if (!Set.prototype.union) {
  const size = Object.getOwnPropertyDescriptor(Set.prototype, 'size').get, { add, has, forEach } = Set.prototype;
  const record = other => {
    if (Object(other) !== other) throw new TypeError('other');
    const size = Number(other.size);
    if (Number.isNaN(size)) throw new TypeError('size');
    if (Math.trunc(size) < 0) throw new RangeError('size');
    const { has } = other;
    if (typeof has !== 'function') throw new TypeError('has');
    const { keys } = other;
    if (typeof keys !== 'function') throw new TypeError('keys');
    return { size: Math.trunc(size), has: v => Boolean(has.call(other, v)), keys: () => keys.call(other) };
  };
  // The keys of a record; closed when `body` says false.
  const walk = (it, body) => {
    for (;;) {
      const step = it.next();
      if (Object(step) !== step) throw new TypeError('step');
      if (step.done) return true;
      if (body(step.value === 0 ? 0 : step.value)) continue;
      const close = it.return;
      if (close !== undefined && close !== null) close();
      return false;
    }
  };
  const open = r => {
    const it = r.keys();
    if (Object(it) !== it) throw new TypeError('keys');
    const { next } = it;
    return { next: () => next.call(it), get return() { const f = it.return; return f === undefined || f === null ? f : () => f.call(it); } };
  };
  const copy = set => { const s = new Set(); forEach.call(set, v => add.call(s, v)); return s; };
  // Every key of `set` that is there when its turn comes, until body says false.
  const each = (set, body) => { let go = true; forEach.call(set, v => { if (go) go = body(v); }); return go; };
  const methods = {
    union(other) { size.call(this); const r = record(other), it = open(r), s = copy(this); walk(it, v => (s.add(v), true)); return s; },
    intersection(other) {
      size.call(this);
      const r = record(other), s = new Set();
      if (size.call(this) <= r.size) each(this, v => (r.has(v) && s.add(v), true));
      else walk(open(r), v => (has.call(this, v) && s.add(v), true));
      return s;
    },
    difference(other) {
      size.call(this);
      const r = record(other), own = size.call(this) <= r.size, s = copy(this);
      if (own) each(s, v => (r.has(v) && s.delete(v), true));
      else walk(open(r), v => (s.delete(v), true));
      return s;
    },
    symmetricDifference(other) {
      size.call(this);
      const r = record(other), it = open(r), s = copy(this);
      walk(it, v => (has.call(this, v) ? s.delete(v) : s.add(v), true));
      return s;
    },
    isSubsetOf(other) { size.call(this); const r = record(other); return size.call(this) <= r.size && each(this, v => r.has(v)); },
    isSupersetOf(other) { size.call(this); const r = record(other); return size.call(this) >= r.size && walk(open(r), v => has.call(this, v)); },
    isDisjointFrom(other) {
      size.call(this);
      const r = record(other);
      return size.call(this) <= r.size ? each(this, v => !r.has(v)) : walk(open(r), v => !has.call(this, v));
    },
  };
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(Set.prototype, name, { value, writable: true, configurable: true });
}
const names = ['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom'];
const nameOf = e => (e !== null && typeof e === 'object' && e.constructor ? e.constructor.name : e);
const attempt = f => { try { return f(); } catch (e) { return nameOf(e); } };
// A collection that logs what is asked of it; `log` of the iterator too.
const like = (items, log, more = {}) => ({
  get size() { log.push('size'); return 'size' in more ? more.size : items.length; },
  get has() { log.push('get has'); return 'has' in more ? more.has : v => { log.push('has ' + String(v)); return items.includes(v); }; },
  get keys() {
    log.push('get keys');
    return 'keys' in more ? more.keys : () => {
      let at = 0;
      log.push('keys');
      return { next() { log.push('next'); return { done: at >= items.length, value: items[at++] }; }, return() { log.push('return'); return {}; } };
    };
  },
});
for (const name of names) {
  const on = (a, b) => new Set(a)[name](b);
  check(`${name}: shape`, () => { const d = Object.getOwnPropertyDescriptor(Set.prototype, name); return [d.writable, d.enumerable, d.configurable, d.value.name, d.value.length, attempt(() => new (Set.prototype[name])(new Set()))]; });
  check(`${name}: sets`, () => [on([1, 2, 3], new Set([2, 3, 4])), on([1], new Set([1, 2, 3])), on([1, 2, 3], new Set([2])), on([], new Set()), on([], new Set([1])), on([1], new Set()), on([1, 2], new Set([2, 1])), on([5], new Set([6, 7]))]);
  check(`${name}: maps, -0 and NaN`, () => [on([0, NaN, 'a'], new Map([[-0, 1], [NaN, 2]])), on([1], like([-0, -0, 1], [])).size]);
  check(`${name}: order of asking, receiver smaller`, () => { const log = []; return [on([1, 2], like([2, 3, 4], log)), log]; });
  check(`${name}: order of asking, receiver larger`, () => { const log = []; return [on([1, 2, 3, 4], like([9, 2], log)), log]; });
  check(`${name}: sizes`, () => [undefined, NaN, 'x', -1, -0.5, Infinity, '2', 1.9, null, {}, Symbol.iterator].map(size => attempt(() => on([1, 2], like([1, 2], [], { size })))));
  check(`${name}: what is no collection`, () => [undefined, null, 1, 'abc', [], {}, () => 1].map(v => attempt(() => on([1], v))));
  check(`${name}: has, keys that are no functions`, () => [{ has: 1 }, { has: null }, { keys: {} }, { keys: undefined }, { keys: () => 1 }, { keys: () => ({}) }].map(more => attempt(() => on([1, 2, 3], like([1], [], more)))));
  check(`${name}: receivers`, () => [undefined, [], new Map(), {}, Object.create(new Set())].map(v => attempt(() => Set.prototype[name].call(v, new Set()))));
  check(`${name}: subclass`, () => { class Mine extends Set { static get [Symbol.species]() { throw 'species'; } has() { throw 'has'; } add(v) { if (v > 5) throw 'add'; return super.add(v); } } const r = new Mine([1, 2])[name](new Set([1, 7, 8])); return [r, r.constructor === Set]; });
  check(`${name}: errors close nothing`, () => { const log = []; const other = like([1], log, { size: 1, keys: () => ({ next() { throw 'next'; }, return() { log.push('return'); } }), has() { throw 'has'; } }); return [attempt(() => on([1, 2, 3], other)), attempt(() => on([1], other)), log]; });
  check(`${name}: receiver grows meanwhile`, () => { const s = new Set([1, 2]); let n = 0; const r = s[name]({ size: 9, has(v) { if (n++ < 4) s.add(10 + n); return name !== 'isDisjointFrom' && v !== 2 && v < 12 === (name !== 'isSubsetOf') || name === 'isSubsetOf'; }, keys: () => [1, 2, 11][Symbol.iterator]() }); return [r, s]; });
  check(`${name}: receiver shrinks meanwhile`, () => { const s = new Set([1, 2, 3]); let n = 0; const r = s[name]({ size: 3, has(v) { s.delete(2); if (n++ < 3) s.delete(v), s.add(v); return v === 1; }, keys: () => { s.delete(1); return new Set([1, 3, 5]).keys(); } }); return [r, s]; });
}
check('union: a key added and removed', () => { const s = new Set([1]); return s.union({ size: 0, has() {}, keys() { s.add(2); return [3, 3, 1][Symbol.iterator](); } }); });
check('intersection: once each', () => new Set([1, 2, 3, 4]).intersection({ size: 2, has() {}, keys: () => [3, 3, 1, 1][Symbol.iterator]() }));
check('isSupersetOf: return throws', () => { new Set([1, 2]).isSupersetOf({ size: 1, has() {}, keys: () => ({ next: () => ({ done: false, value: 7 }), return() { throw 'return'; } }) }); });
check('many', () => { const a = new Set(), b = new Set(); for (let i = 0; i < 3000; i++) a.add(i * 2), b.add(i * 3); return [a.union(b).size, a.intersection(b).size, a.difference(b).size, a.symmetricDifference(b).size, a.intersection(b).isSubsetOf(a), a.union(b).isSupersetOf(b), a.difference(b).isDisjointFrom(b)]; });
