// Every property of String, its prototype and its iterators; null, undefined and symbols as receivers and arguments.
for (const key of Reflect.ownKeys(String)) if (typeof String[key] === 'function' && key !== 'prototype') checkFunction(String, key);
for (const key of Reflect.ownKeys(String.prototype).filter(k => k !== 'constructor' && k !== 'length')) checkFunction(String.prototype, key);
checkFunction(Object.getPrototypeOf(''[Symbol.iterator]()), 'next');
const methods = ['at', 'charAt', 'charCodeAt', 'codePointAt', 'concat', 'endsWith', 'includes', 'indexOf', 'isWellFormed', 'lastIndexOf', 'localeCompare', 'match', 'matchAll', 'normalize',
  'padEnd', 'padStart', 'repeat', 'replace', 'replaceAll', 'search', 'slice', 'split', 'startsWith', 'substr', 'substring', 'toLocaleLowerCase', 'toLocaleUpperCase', 'toLowerCase',
  'toString', 'toUpperCase', 'toWellFormed', 'trim', 'trimEnd', 'trimStart', 'valueOf', 'anchor', 'big', 'blink', 'bold', 'fixed', 'fontcolor', 'fontsize', 'italics', 'link', 'small',
  'strike', 'sub', 'sup', Symbol.iterator];
for (const key of methods) {
  const name = typeof key === 'symbol' ? key.description : key;
  check(name + ': exists', () => typeof String.prototype[key]);
  check(name + ': undefined', () => String.prototype[key].call(undefined));
  check(name + ': null', () => String.prototype[key].call(null));
  check(name + ': symbol', () => String.prototype[key].call(Symbol('x')));
  check(name + ': no constructor', () => new String.prototype[key]('a'));
  check(name + ': has no prototype', () => 'prototype' in String.prototype[key]);
  check(name + ': number receiver', () => typeof String.prototype[key].call(123));
  check(name + ': this is converted once', () => {
    const log = [];
    try { String.prototype[key].call(argument(log, 'this', 'abc'), ...(name.includes('ocale') ? [] : ['', 'x'])); } catch (e) { log.push(e.constructor.name); }
    return log;
  });
  check(name + ': thrown by this', () => String.prototype[key].call({ toString() { throw 'this'; } }, { toString() { throw 'argument'; } }));
}
check('constructor: called', () => [String(), String(undefined), String(null), String(-0), String(Symbol('s')), String([1, [2, 3]]), String({})]);
check('constructor: new of a symbol', () => new String(Symbol('s')));
check('constructor: object', () => new String('ab'));
check('constructor: keys', () => Reflect.ownKeys(new String('ab')));
check('constructor: descriptor of a unit', () => Object.getOwnPropertyDescriptor(new String('ab'), 1));
check('constructor: descriptor of length', () => Object.getOwnPropertyDescriptor(new String('ab'), 'length'));
check('constructor: a unit is not written', () => { new String('ab')[0] = 'x'; });
check('constructor: a unit is not deleted', () => { delete new String('ab')[0]; });
check('constructor: beyond is written', () => { const s = new String('ab'); s[5] = 'x'; return Reflect.ownKeys(s); });
check('constructor: defineProperty of the same', () => Object.defineProperty(new String('ab'), 0, { value: 'a', enumerable: true }));
check('constructor: defineProperty of another', () => Object.defineProperty(new String('ab'), 0, { value: 'b' }));
check('constructor: in', () => [0 in new String('ab'), 2 in new String('ab'), '-0' in new String('ab'), 'length' in new String('')]);
check('constructor: property order', () => { const s = new String('ab'); s.z = 1; s[7] = 2; s[3] = 1; s.a = 0; return Object.keys(s); });
check('constructor: subclass', () => { class S extends String { twice() { return this + this; } } const s = new S('ab'); return [s.twice(), s.length, s instanceof String, s[1]]; });
check('constructor: prototype of new.target', () => { const f = function () {}.bind(); f.prototype = Array.prototype; return Array.isArray(Object.getPrototypeOf(Reflect.construct(String, ['x'], f))); });
check('constructor: argument first, prototype after', () => { const log = []; const f = Object.defineProperty(function () {}.bind(), 'prototype', { get() { log.push('prototype'); } }); Reflect.construct(String, [argument(log, 'value', 'x')], f); return log; });
check('prototype is a string', () => [typeof String.prototype, String.prototype.length, String.prototype.valueOf(), Object.prototype.toString.call(String.prototype)]);
check('primitive: property is not written', () => { 'abc'.x = 1; });
check('primitive: unit is not written', () => { 'abc'[0] = 'x'; });
check('primitive: length is not written', () => { 'abc'.length = 1; });
check('iterator: pairs and halves', () => [...'a😀\ud83d\ude00\ud83dx\ude00']);
check('iterator: after the end', () => { const it = 'a'[Symbol.iterator](); return [it.next(), it.next(), it.next()]; });
check('iterator: tag', () => Object.prototype.toString.call(''[Symbol.iterator]()));
check('iterator: next of something else', () => ''[Symbol.iterator]().next.call([][Symbol.iterator]()));
check('iterator: is iterable', () => { const it = 'ab'[Symbol.iterator](); return it[Symbol.iterator]() === it; });
check('iterator: prototypes', () => Object.getPrototypeOf(Object.getPrototypeOf(''[Symbol.iterator]())) === Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())));
