// match, matchAll, replace, replaceAll, search and split with texts, and how they ask their argument.
for (const key of ['match', 'matchAll', 'replace', 'replaceAll', 'search', 'split']) {
  const symbol = Symbol[key === 'replaceAll' ? 'replace' : key];
  check(key + ': asks the pattern', () => { const seen = []; const p = { [symbol](...args) { seen.push(this === p, ...args); return 'mine'; } }; return ['abc'[key](p, 'second'), seen]; });
  check(key + ': receiver is not converted', () => { const seen = []; const o = {}; String.prototype[key].call(o, { [symbol](s) { seen.push(s === o); } }); return seen; });
  check(key + ': method undefined', () => { const r = '[object Object]'[key]({ [symbol]: undefined }, 'x'); return typeof r === 'object' && key === 'matchAll' ? [...r].length : r; });
  check(key + ': method null', () => { const r = 'abc'[key]({ [symbol]: null, toString: () => 'b' }, 'x'); return key === 'matchAll' ? [...r].map(m => m.index) : r; });
  check(key + ': method not callable', () => 'abc'[key]({ [symbol]: 1 }, 'x'));
  check(key + ': getter throws', () => 'abc'[key]({ get [symbol]() { throw 'getter'; } }));
  check(key + ': null receiver, not asked', () => String.prototype[key].call(null, { get [symbol]() { throw 'asked'; } }));
  check(key + ': undefined pattern', () => { const r = 'undefined'[key](undefined, 'x'); return key === 'matchAll' ? [...r].map(m => m.index) : r; });
  check(key + ': null pattern', () => { const r = 'anullb'[key](null, 'x'); return key === 'matchAll' ? [...r].map(m => m.index) : r; });
  check(key + ': no argument', () => { const r = 'anullb'[key](); return key === 'matchAll' ? [...r].map(m => m.index) : r; });
  check(key + ': symbol pattern', () => 'abc'[key](Symbol()));
  check(key + ': text with special letters', () => { try { const r = 'a.c[x'[key]('[', '$&$&'); return key === 'matchAll' ? [...r].length : r; } catch (e) { return e.name; } });
  check(key + ': number', () => { const r = 'a1b1'[key](1, 2); return key === 'matchAll' ? [...r].map(m => m.index) : r; });
  check(key + ': order', () => { const log = []; const p = watched(log, { toString: () => 'b' }); try { String.prototype[key].call(argument(log, 'this', 'abc'), p, argument(log, 'second', 1)); } catch (e) { log.push(e.name); } return log; });
}
for (const key of ['replace', 'replaceAll']) {
  check(key + ': templates', () => ['$$', '$&', '$`', "$'", '$1', '$0', '$<a>', '$', '$x', 'a$', '$$$$', "[$`|$&|$']", '$00', '$01'].map(t => 'xabcyabc'[key]('abc', t)));
  check(key + ': function', () => { const seen = []; return ['xabcyabc'[key]('abc', (...a) => { seen.push(a); return '$&'; }), seen]; });
  check(key + ': function without result', () => 'aba'[key]('a', () => {}));
  check(key + ': function throws', () => 'aba'[key]('a', () => { throw 'mine'; }));
  check(key + ': empty pattern', () => ['abc'[key]('', '-'), ''[key]('', '-'), '😀'[key]('', '-')]);
  check(key + ': not found', () => { const log = []; return ['abc'[key]('x', argument(log, 'with', 'y')), log]; });
  check(key + ': replacement undefined', () => ['abc'[key]('b'), 'abc'[key]('b', undefined), 'abc'[key]('b', null)]);
  check(key + ': replacement symbol', () => 'abc'[key]('b', Symbol()));
  check(key + ': result symbol', () => 'abc'[key]('b', () => Symbol()));
  check(key + ': overlapping', () => 'aaaa'[key]('aa', 'b'));
}
check('replaceAll: regexp without g', () => 'abc'.replaceAll(/b/, 'x'));
check('replaceAll: regexp with g', () => 'abcb'.replaceAll(/b/g, 'x'));
check('replaceAll: flags null', () => 'abc'.replaceAll(Object.defineProperty(/b/g, 'flags', { value: null }), 'x'));
check('replaceAll: flags', () => 'abcb'.replaceAll({ [Symbol.match]: true, flags: 'zgz', [Symbol.replace]: () => 'ok' }, 'x'));
check('replaceAll: flags without g', () => 'abcb'.replaceAll({ [Symbol.match]: true, flags: 'z', [Symbol.replace]: () => 'ok' }, 'x'));
check('replaceAll: match false', () => 'abcb'.replaceAll({ [Symbol.match]: false, flags: 'z', [Symbol.replace]: () => 'ok' }, 'x'));
check('matchAll: regexp without g', () => 'abc'.matchAll(/b/));
check('matchAll: regexp', () => [...'a1b22'.matchAll(/[a-z](\d+)/g)]);
check('matchAll: own method undefined', () => { const r = /b/g; r[Symbol.matchAll] = undefined; return [...'a/b/gb'.matchAll(r)].map(m => m.index); });
check('matchAll: iterator', () => { const it = 'aa'.matchAll(/a/g); return [it.next().value.index, it.next().value.index, it.next(), it.next(), Object.prototype.toString.call(it), it[Symbol.iterator]() === it]; });
checkFunction(Object.getPrototypeOf('a'.matchAll(/a/g)), 'next');
check('matchAll: copies lastIndex', () => { const r = /a/g; r.lastIndex = 1; const it = 'aaa'.matchAll(r); r.lastIndex = 0; return [[...it].map(m => m.index), r.lastIndex]; });
check('match: text', () => ['abcabc'.match('b'), 'abc'.match('(b)(x)?'), 'abc'.match('x'), 'abc'.match('')]);
check('match: bad pattern', () => 'abc'.match('('));
check('search: text', () => ['abc'.search('c'), 'abc'.search('x'), 'abc'.search('.'), 'abc'.search('')]);
const limits = [undefined, 0, 1, 2, 2 ** 32, 2 ** 32 + 1, -1, 1.9, null, NaN, '1', Infinity, true];
check('split: limits', () => limits.map(l => 'a,b,c'.split(',', l).join('|')));
check('split: limits, units', () => limits.map(l => 'abc'.split('', l).join('|')));
check('split: limits, undefined', () => limits.map(l => 'abc'.split(undefined, l).join('|')));
check('split: separators', () => [',', '', ',,', 'b', 'a,b', 'a,b,,c', 'x', undefined, null, 1].map(s => 'a,b,,c'.split(s)));
check('split: empty text', () => [''.split(), ''.split(''), ''.split('a'), ''.split('', 0), ''.split(undefined, 0)]);
check('split: pair', () => '😀'.split(''));
check('split: limit is asked before the separator', () => { const log = []; 'abc'.split(argument(log, 'by', 'b'), argument(log, 'limit', 0)); return log; });
check('split: ends', () => [',a,'.split(','), ','.split(','), 'aa'.split('a')]);
check('split: array is plain', () => Object.getPrototypeOf('a'.split('')) === Array.prototype);
check('split: limit symbol', () => 'abc'.split('b', Symbol()));
