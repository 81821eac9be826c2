// RegExp: properties, construction, flags, source, text, compile.
for (const key of ['exec', 'test', 'toString', 'compile', 'flags', 'source', 'dotAll', 'global', 'hasIndices', 'ignoreCase', 'multiline', 'sticky', 'unicode', 'unicodeSets', Symbol.match, Symbol.matchAll, Symbol.replace, Symbol.search, Symbol.split])
  checkFunction(RegExp.prototype, key);
checkFunction(RegExp, Symbol.species);
const attributes = (o, k) => { const d = Object.getOwnPropertyDescriptor(o, k); return [d.writable, d.enumerable, d.configurable]; };
check('RegExp', () => [RegExp.name, RegExp.length, attributes(RegExp, 'prototype'), attributes(RegExp, 'name'), attributes(RegExp, 'length'), attributes(RegExp.prototype, 'constructor')]);
check('species', () => [RegExp[Symbol.species] === RegExp, Object.getOwnPropertyDescriptor(RegExp, Symbol.species).get.call(7)]);
check('prototype keys', () => Reflect.ownKeys(RegExp.prototype).map(String).sort());
check('prototype is plain', () => [Object.prototype.toString.call(RegExp.prototype), RegExp.prototype.source, RegExp.prototype.flags, RegExp.prototype.global, String(RegExp.prototype)]);
check('own keys', () => [Reflect.ownKeys(/a/g), attributes(/a/, 'lastIndex'), /a/.lastIndex]);
check('class', () => Object.prototype.toString.call(/a/));
check('typeof', () => typeof /a/);
for (const key of ['exec', 'test', 'toString', 'compile', Symbol.match, Symbol.matchAll, Symbol.replace, Symbol.search, Symbol.split]) {
  const name = typeof key === 'symbol' ? key.description : key;
  for (const [what, receiver] of [['undefined', undefined], ['null', null], ['number', 1], ['text', 'a'], ['symbol', Symbol()], ['object', {}], ['prototype', RegExp.prototype]])
    check(`${name}: ${what}`, () => { const r = RegExp.prototype[key].call(receiver, 'a'); return name === 'Symbol.matchAll' ? typeof r : r; });
  check(name + ': no constructor', () => new RegExp.prototype[key]('a'));
}
for (const key of ['flags', 'source', 'dotAll', 'global', 'hasIndices', 'ignoreCase', 'multiline', 'sticky', 'unicode', 'unicodeSets']) {
  const get = Object.getOwnPropertyDescriptor(RegExp.prototype, key).get;
  for (const [what, receiver] of [['undefined', undefined], ['null', null], ['number', 1], ['text', 'a'], ['object', {}], ['prototype', RegExp.prototype], ['regexp', /a/dgimsuy]])
    check(`${key}: ${what}`, () => get.call(receiver));
  check(key + ': not written', () => { /a/[key] = 1; });
}
check('flags: order', () => new RegExp('a', 'yusmigd').flags);
check('flags: asked in order', () => { const log = []; const o = watched(log, { unicodeSets: 1, hasIndices: true, global: 'x', ignoreCase: 0, multiline: {}, dotAll: '', unicode: 1, sticky: NaN }); return [Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags').get.call(o), log.filter(entry => entry !== 'get unicodeSets')]; });
for (const flags of ['gg', 'x', 'G', 'uv', 'gimsuyd', 'gimsvyd', ' g', 'g ', '\u0131', 'i\0', 'null', undefined, null, 1, {}, Symbol(), ''])
  check('flags ' + String(flags), () => new RegExp('a', flags).flags);
for (const source of ['', '/', '\\/', '[/]', '[/', 'a/b', '\n', '\\\n', '\r\u2028\u2029', '[\n]', '\\\\/', '\\[/]', '[\\]/]', '[[]/]', '(?:)', 'é😀', '\ud83d', '\\u{61}', undefined, null, 12, 'undefined', '\\\r\n', '[^/\\/]/'])
  check('source ' + show(source), () => { const r = new RegExp(source); return [r.source, String(r), new RegExp(r.source).source === r.source]; });
check('source: no argument', () => [new RegExp(), RegExp(), new RegExp('').test('')]);
check('toString: any object', () => RegExp.prototype.toString.call({ source: 'a', flags: 'b' }));
check('toString: order', () => { const log = []; return [RegExp.prototype.toString.call(watched(log, { flags: 'f', source: 's' })), log]; });
check('toString: symbols', () => RegExp.prototype.toString.call({ source: Symbol(), flags: 'b' }));
check('call: the same object', () => { const r = /a/g; return [RegExp(r) === r, RegExp(r, undefined) === r, RegExp(r, 'g') === r, new RegExp(r) === r, RegExp(r, '').flags]; });
check('call: another constructor', () => { const r = /a/g; r.constructor = Object; return [RegExp(r) === r, RegExp(r)]; });
check('call: like a regexp', () => { const o = { [Symbol.match]: true, constructor: RegExp, source: 'q', flags: 'i' }; return [RegExp(o) === o, new RegExp(o), RegExp(o, 'g')]; });
check('call: like a regexp, asked in order', () => { const log = []; const o = watched(log, { [Symbol.match]: true, constructor: RegExp, source: 'q', flags: 'i' }); RegExp(o); new RegExp(o); new RegExp(o, 'g'); return log; });
check('call: match false', () => { const r = /a/g; r[Symbol.match] = false; return [RegExp(r) === r, RegExp(r)]; });
check('construct: regexp and flags', () => [new RegExp(/a/gi, 'm'), new RegExp(/a/gi, ''), new RegExp(/a/gi, undefined), new RegExp(/a/gi, null === 1)]);
check('construct: bad flags', () => new RegExp(/a/gi, 'q'));
check('construct: order', () => { const log = []; const f = Object.defineProperty(function () {}.bind(), 'prototype', { get() { log.push('prototype'); return RegExp.prototype; } }); Reflect.construct(RegExp, [argument(log, 'pattern', 'a'), argument(log, 'flags', 'g')], f); return log; });
check('construct: error after conversions', () => { const log = []; try { new RegExp(argument(log, 'pattern', '('), argument(log, 'flags', 'q')); } catch (e) { log.push(e.name); } return log; });
check('construct: symbol', () => new RegExp(Symbol()));
check('construct: lastIndex of a copy', () => { const r = /a/g; r.lastIndex = 3; return new RegExp(r); });
check('construct: source is a copy of what was', () => { const r = /a\/b/; Object.defineProperty(r, 'source', { value: 'x' }); return new RegExp(r).source; });
check('subclass', () => { class R extends RegExp { get flags() { return super.flags + ''; } exec(s) { const m = super.exec(s); if (m) m.mine = true; return m; } } const r = new R('b', 'g'); return [r instanceof R, r.flags, r.exec('abc'), 'abcb'.replace(r, 'x'), r.test('b'), Object.keys('b'.match(new R('b')))]; });
check('subclass: species', () => { class R extends RegExp { static get [Symbol.species]() { return function (p, f) { return new RegExp(p, f + (f.includes('i') ? '' : 'i')); }; } } return ['aXbxc'.split(new R('x')), [...'aXbxc'.matchAll(new R('x', 'g'))].length]; });
check('compile', () => { const r = /a/g; r.lastIndex = 5; const back = r.compile('b', 'i'); return [back === r, r, r.test('B')]; });
check('compile: defaults', () => [/a/g.compile(), /a/g.compile(undefined, undefined), /a/.compile('x', undefined), /a/.compile(null)]);
check('compile: regexp', () => [/a/g.compile(/b/i), /a/.compile(/b/i, undefined)]);
check('compile: regexp and flags', () => /a/.compile(/b/i, 'g'));
check('compile: bad', () => { const r = /a/g; try { r.compile('('); } catch (e) { return [e.name, r]; } });
check('compile: bad flags', () => { const r = /a/g; try { r.compile('b', 'z'); } catch (e) { return [e.name, r]; } });
check('compile: frozen lastIndex', () => { const r = Object.freeze(/a/g); try { r.compile('b'); } catch (e) { return [e.name, r.source]; } });
check('literal: a new object each time', () => { const f = () => /a/g; return [f() === f(), f().lastIndex]; });
check('extensible', () => { const r = /a/; r.x = 1; r[0] = 2; return Reflect.ownKeys(r); });
