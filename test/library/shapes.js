// What every object of the library has: its properties, their attributes; name, length and properties of functions.
const attributes = p => (p.writable ? 'w' : '') + (p.enumerable ? 'e' : '') + (p.configurable ? 'c' : '');

function functionShape(f) {
  if (typeof f !== 'function') return String(f);
  const own = Reflect.ownKeys(f).map(k => String(k) + ':' + attributes(Object.getOwnPropertyDescriptor(f, k)));
  const proto = Object.getPrototypeOf(f);
  let constructs = true;
  try {
    Reflect.construct(Object, [], f);
  } catch {
    constructs = false;
  }
  return `${f.name}/${f.length} [${own.filter(s => s.startsWith('length') || s.startsWith('name') || s.startsWith('prototype')).join(' ')}]` +
    (constructs ? ' constructor' : '') + (proto === Function.prototype ? '' : ' of ' + proto.name);
}

function memberShape(o, key) {
  const d = Object.getOwnPropertyDescriptor(o, key);
  if (!d) return 'missing';
  if (!('value' in d)) return `${attributes(d)} get ${functionShape(d.get)} set ${functionShape(d.set)}`;
  const v = d.value;
  return attributes(d) + ' ' + (typeof v === 'function' ? functionShape(v) : v !== null && typeof v === 'object' ? Object.prototype.toString.call(v) : show(v));
}

// Node has more: what the specification does not know of, or what functions cannot have.  Node 20 has less: what came later.
const others = {
  Function: ['arguments', 'caller'],
  'Function.prototype': ['arguments', 'caller'],
  Symbol: ['dispose', 'asyncDispose', 'observable'],
  Error: ['prepareStackTrace', 'stackTraceLimit'],
  Array: ['fromAsync'],
  Object: ['groupBy'],
  Map: ['groupBy'],
  RegExp: ['escape'],
  Math: ['f16round', 'sumPrecise'],
  JSON: ['rawJSON', 'isRawJSON'],
  'Map.prototype': ['getOrInsert', 'getOrInsertComputed'],
  'WeakMap.prototype': ['getOrInsert', 'getOrInsertComputed'],
  'ArrayBuffer.prototype': ['resizable', 'resize', 'maxByteLength', 'detached', 'transfer', 'transferToFixedLength'],
  'DataView.prototype': ['getBigInt64', 'setBigInt64', 'getBigUint64', 'setBigUint64', 'getFloat16', 'setFloat16'],
  'Set.prototype': ['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom'],
  'String.prototype': ['isWellFormed', 'toWellFormed'],
};

function shape(name, o) {
  const skipped = others[name] || [], keys = Reflect.ownKeys(o).filter(k => !skipped.includes(k));
  const text = k => (typeof k === 'symbol' ? k.toString() : k);
  write(`${name}: ${typeof o} ${Object.prototype.toString.call(o)}${Object.isExtensible(o) ? '' : ' closed'}, ${keys.length} properties`);
  for (const key of keys.sort((a, b) => (text(a) < text(b) ? -1 : 1))) write(`  ${text(key)} = ${memberShape(o, key)}`);
}

for (const name of ['Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'Error', 'TypeError', 'RangeError',
  'SyntaxError', 'ReferenceError', 'EvalError', 'URIError', 'AggregateError', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Date', 'RegExp',
  'ArrayBuffer', 'DataView', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array',
  'Float32Array', 'Float64Array', 'Math', 'JSON', 'Reflect']) {
  write(`global ${name} = ${memberShape(globalThis, name)}`);
  const o = globalThis[name];
  if (o === undefined || name === 'RegExp' || name === 'String' || name === 'Date') continue;
  shape(name, o);
  if (o.prototype) shape(name + '.prototype', o.prototype);
}
for (const name of ['NaN', 'Infinity', 'undefined', 'globalThis', 'parseInt', 'parseFloat', 'isNaN', 'isFinite', 'encodeURI',
  'encodeURIComponent', 'decodeURI', 'decodeURIComponent', 'escape', 'unescape'])
  write(`global ${name} = ${name === 'globalThis' ? attributes(Object.getOwnPropertyDescriptor(globalThis, name)) : memberShape(globalThis, name)}`);

const parent = Object.getPrototypeOf;
shape('%TypedArray%', parent(Uint8Array));
shape('%TypedArray%.prototype', parent(Uint8Array).prototype);
shape('%IteratorPrototype%', parent(parent([][Symbol.iterator]())));
shape('%ArrayIteratorPrototype%', parent([][Symbol.iterator]()));
shape('%StringIteratorPrototype%', parent(''[Symbol.iterator]()));
shape('%MapIteratorPrototype%', parent(new Map()[Symbol.iterator]()));
shape('%SetIteratorPrototype%', parent(new Set()[Symbol.iterator]()));
check('iterators share one prototype', () => [[], '', new Map(), new Set()].map(o => parent(parent(o[Symbol.iterator]())) === parent(parent([][Symbol.iterator]()))));
check('names shared by functions', () => [Array.prototype[Symbol.iterator] === Array.prototype.values, Map.prototype[Symbol.iterator] === Map.prototype.entries,
  Set.prototype[Symbol.iterator] === Set.prototype.values, Set.prototype.keys === Set.prototype.values,
  parent(Uint8Array).prototype[Symbol.iterator] === parent(Uint8Array).prototype.values, parent(Uint8Array).prototype.toString === Array.prototype.toString,
  Number.parseFloat === parseFloat, Number.parseInt === parseInt]);
check('unscopables', () => Array.prototype[Symbol.unscopables]);
check('prototypes that are of their class', () => [Array.isArray(Array.prototype), Array.prototype.length, Function.prototype(), Boolean.prototype.valueOf(), Number.prototype.valueOf()]);
check('order: Array.prototype', () => Reflect.ownKeys(Array.prototype).map(String).join());
check('order: Object', () => Reflect.ownKeys(Object).filter(k => k !== 'groupBy').map(String).join());
check('order: Object.prototype', () => Reflect.ownKeys(Object.prototype).map(String).join());
check('order: Map.prototype', () => Reflect.ownKeys(Map.prototype).filter(k => !String(k).startsWith('getOr')).map(String).join());
