// What the tables of library cases stand on.  A table is a script of lines
//
//   check('at: from the end', () => 'abc'.at(-1));
//
// and prints one line a case, exact to the bit; NAME.expected beside it is what Node prints (./tools/dev test library
// compares, and `python3 test/run.py --update library` asks Node anew).  Errors that the engine throws are compared by
// class, values that a program throws in full.

'use strict';

// The text of a value: kinds, -0, holes, keys in their order, attributes that are not the usual ones, prototypes.
function show(value, depth = 4) {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'symbol') return value.toString();
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return String(value);
  if (depth === 0) return '…';
  if (value instanceof Error) return value.constructor.name + '(' + show(value.message, depth - 1) + ')';
  if (typeof value === 'function') return 'function ' + value.name + '/' + value.length;
  if (value instanceof Date) return 'Date(' + value.getTime() + ')';
  if (value instanceof RegExp) return 'RegExp(' + value.source + ',' + value.flags + ',' + value.lastIndex + ')';
  if (value instanceof Map) return 'Map{' + [...value].map(([k, v]) => show(k, depth - 1) + ' => ' + show(v, depth - 1)).join(', ') + '}';
  if (value instanceof Set) return 'Set{' + [...value].map(v => show(v, depth - 1)).join(', ') + '}';
  if (ArrayBuffer.isView(value) && 'length' in value)
    return Object.getPrototypeOf(value).constructor.name + '[' + Array.prototype.map.call(value, v => show(v)).join(', ') + ']';
  return showObject(value, depth);
}

function showObject(value, depth) {
  const isArray = Array.isArray(value), parts = [];
  let next = 0;
  for (const key of Reflect.ownKeys(value)) {
    if (isArray && key === 'length') continue;
    const d = Object.getOwnPropertyDescriptor(value, key);
    const flags = (d.enumerable ? '' : '!e') + (d.configurable ? '' : '!c') + ('value' in d && !d.writable ? '!w' : '');
    const text = 'value' in d ? show(d.value, depth - 1) : (d.get ? 'get ' : '') + (d.set ? 'set' : '');
    if (isArray && key === String(next)) parts.push(flags + text);
    else parts.push(flags + (typeof key === 'symbol' ? key.toString() : key) + ': ' + text);
    if (isArray && typeof key === 'string' && String(Number(key)) === key) next = Number(key) + 1;
  }
  if (isArray) return '[' + parts.join(', ') + (next === value.length ? '' : '; length ' + value.length) + ']';
  const proto = Object.getPrototypeOf(value);
  const name = proto === Object.prototype ? '' : proto === null ? 'null ' : (typeof proto.constructor === 'function' ? proto.constructor.name : '?') + ' ';
  return name + '{' + parts.join(', ') + '}' + (Object.isFrozen(value) ? ' frozen' : Object.isSealed(value) ? ' sealed' : Object.isExtensible(value) ? '' : ' closed');
}

const write = typeof print === 'function' ? print : console.log;
const engineErrors = [TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError];

function check(name, body) {
  let result;
  try {
    result = show(body());
  } catch (error) {
    result = 'throws ' + (engineErrors.some(type => error !== null && typeof error === 'object' && error.constructor === type) ? error.constructor.name : show(error));
  }
  write(name + ' = ' + result);
}

// Where Node is not what the standard says: what is right stands beside the case.
function checkStandard(name, expected, body) {
  if (typeof process === 'object') write(name + ' = ' + expected);
  else check(name, body);
}

// The shape of a built-in: its name, length and attributes.
function checkFunction(owner, key) {
  const d = Object.getOwnPropertyDescriptor(owner, key), fn = d && (d.value ?? d.get);
  const flags = p => (p.writable ? 'w' : '') + (p.enumerable ? 'e' : '') + (p.configurable ? 'c' : '');
  const own = k => show(fn[k]) + ' ' + flags(Object.getOwnPropertyDescriptor(fn, k));
  const result = !d ? 'missing' : `${d.get ? 'getter ' : ''}${flags(d)}, name ${own('name')}, length ${own('length')}, keys ${Object.getOwnPropertyNames(fn)}`;
  write('property ' + (typeof key === 'symbol' ? key.toString() : key) + ' = ' + result);
}

// An object that writes down how it is used: what is read, written and deleted of `values` in `log`.
function watched(log, values, proto = Object.prototype) {
  const o = Object.create(proto);
  for (const key of Reflect.ownKeys(values)) {
    let v = values[key];
    const name = typeof key === 'symbol' ? key.description : key;
    Object.defineProperty(o, key, {
      get() { log.push('get ' + name); return v; },
      set(to) { log.push('set ' + name + '=' + show(to, 1)); v = to; },
      enumerable: true, configurable: true,
    });
  }
  return o;
}

// An argument that writes down its conversion.
function argument(log, name, v) {
  return { [Symbol.toPrimitive](hint) { log.push(`${name}:${hint}`); return v; } };
}
