// Parts of strings: slices, padding, repetition, white space, made from codes.
const numbers = [undefined, null, NaN, 0, -0, 1, 2, 3, 4, 9, -1, -2, -3, -4, -9, 0.5, -0.5, 1.9, Infinity, -Infinity, 2 ** 31, 2 ** 32, 2 ** 32 + 1, -(2 ** 31), '1', ' 2 ', 'x', true, '0x1', ''];
const table = (name, f, lists) => check(name, () => lists.map(l => f(...l)).join('|'));
const pairs = numbers.flatMap(a => numbers.map(b => [a, b]));
table('slice: one', a => 'abc'.slice(a), numbers.map(a => [a]));
table('slice: two', (a, b) => 'abc'.slice(a, b), pairs);
table('substring: one', a => 'abc'.substring(a), numbers.map(a => [a]));
table('substring: two', (a, b) => 'abc'.substring(a, b), pairs);
table('substr: one', a => 'abc'.substr(a), numbers.map(a => [a]));
table('substr: two', (a, b) => 'abc'.substr(a, b), pairs);
for (const key of ['at', 'charAt', 'charCodeAt', 'codePointAt']) table(key, a => 'a😀c'[key](a), numbers.map(a => [a]));
for (const key of ['indexOf', 'lastIndexOf', 'includes', 'startsWith', 'endsWith'])
  for (const what of ['', 'a', 'bc', 'abc', 'abcd', 'c'])
    table(`${key} ${what}`, a => 'abcabc'[key](what, a), numbers.map(a => [a]));
for (const key of ['indexOf', 'lastIndexOf', 'includes', 'startsWith', 'endsWith']) {
  check(key + ': no argument', () => ['undefined', 'xundefinedx'].map(s => s[key]()));
  check(key + ': order', () => { const log = []; String.prototype[key].call(argument(log, 'this', 'abc'), argument(log, 'what', 'b'), argument(log, 'at', 0)); return log; });
  check(key + ': position symbol', () => 'abc'[key]('a', Symbol()));
  check(key + ': regexp', () => 'abc'[key](/a/));
  check(key + ': regexp without match', () => { const r = /a/; r[Symbol.match] = false; return '/a/'[key](r); });
  check(key + ': object with match', () => 'abc'[key]({ [Symbol.match]: true, toString: () => 'a' }));
  check(key + ': match getter throws', () => 'abc'[key]({ get [Symbol.match]() { throw 'getter'; } }));
  check(key + ': wide in narrow', () => 'abc'[key]('😀'));
  check(key + ': narrow in wide', () => '😀abc'[key]('abc'));
}
for (const key of ['padStart', 'padEnd']) {
  table(key, a => 'abc'[key](a === Infinity || a > 1e9 ? 5 : a, 'xy'), numbers.map(a => [a]));
  check(key + ': fill', () => ['', undefined, null, 'xyz', '😀', 12].map(f => 'ab'[key](7, f)));
  check(key + ': fill is not asked when long enough', () => 'abc'[key](3, { toString() { throw 'asked'; } }));
  check(key + ': fill empty and infinite', () => 'abc'[key](Infinity, ''));
  check(key + ': too long', () => 'abc'[key](Infinity));
  check(key + ': order', () => { const log = []; String.prototype[key].call(argument(log, 'this', 'abc'), argument(log, 'length', 5), argument(log, 'fill', '-')); return log; });
}
check('repeat', () => [0, 1, 3, 2.9, '2', null, NaN, -0.5].map(n => 'ab'.repeat(n)));
for (const n of [-1, Infinity, -Infinity, 2 ** 30, Symbol()]) check('repeat: ' + String(n), () => 'ab'.repeat(n));
check('repeat: empty', () => [''.repeat(2 ** 31), ''.repeat(2 ** 53)]);
check('repeat: empty, infinite', () => ''.repeat(Infinity));
const spaces = ['\t', '\n', '\v', '\f', '\r', ' ', '\u0085', '\u00a0', '\u1680', '\u180e', '\u2000', '\u2005', '\u200a', '\u200b', '\u200d', '\u2028', '\u2029', '\u202f', '\u205f', '\u2060', '\u3000', '\ufeff', '\0', '_'];
for (const key of ['trim', 'trimStart', 'trimEnd', 'trimLeft', 'trimRight']) {
  check(key, () => spaces.map(s => (s + 'a' + s)[key]().length));
  check(key + ': all', () => spaces.join('')[key]().length);
  check(key + ': inside', () => ' a b '[key]());
}
check('trim: every unit', () => { const out = []; for (let i = 0; i < 65536; i++) if (!String.fromCharCode(i).trim()) out.push(i.toString(16)); return out.join(); });
check('trimLeft is trimStart', () => [String.prototype.trimLeft === String.prototype.trimStart, String.prototype.trimRight === String.prototype.trimEnd]);
check('concat', () => ['a'.concat(), 'a'.concat(1, null, undefined, [1, 2]), 'a'.concat('', '')]);
check('concat: order', () => { const log = []; String.prototype.concat.call(argument(log, 'this', 'abc'), argument(log, 'one', 'b'), argument(log, 'two', 0)); return log; });
check('concat: symbol', () => 'a'.concat(Symbol()));
check('fromCharCode', () => [String.fromCharCode(), String.fromCharCode(65, 66.9, '67', 65536 + 68, -1, NaN, Infinity, 2 ** 32 + 69, 0xd83d, 0xde00)]);
check('fromCharCode: symbol', () => String.fromCharCode(65, Symbol()));
check('fromCharCode: order', () => { const log = []; String.fromCharCode(argument(log, 'a', 65), argument(log, 'b', 66)); return log; });
check('fromCodePoint', () => [String.fromCodePoint(), String.fromCodePoint(65, '66', 0x1f600, 0xd800, 0x10ffff, -0, null, false)]);
for (const v of [-1, 0x110000, 1.5, NaN, Infinity, undefined, 'x', '1.1', Symbol(), {}]) check('fromCodePoint: ' + String(v), () => String.fromCodePoint(65, v));
check('raw', () => [String.raw`a\n${1}b\u0041${2}`, String.raw({ raw: 'abc' }, 1, 2, 3), String.raw({ raw: { length: 2, 0: 'x', 1: 'y' } }, '-'), String.raw({ raw: { length: -5 } }), String.raw({ raw: { length: NaN } })]);
check('raw: no argument', () => String.raw());
check('raw: no raw', () => String.raw({}));
check('raw: symbol', () => String.raw({ raw: ['a', Symbol()] }));
check('raw: symbol in the middle', () => String.raw`a${Symbol()}`);
check('raw: order', () => { const log = []; String.raw({ raw: watched(log, { length: 2, 0: argument(log, 'zero', '0'), 1: argument(log, 'one', '1') }) }, argument(log, 'sub', 's')); return log; });
check('isWellFormed', () => ['', 'abc', '😀', '\ud83d', 'a\ude00', '\ude00\ud83d', 'é', '\ud83d\ud83d\ude00'].map(s => s.isWellFormed()));
check('toWellFormed', () => ['', 'abc', '😀', '\ud83d', 'a\ude00', '\ude00\ud83d', 'é', '\ud83d\ud83d\ude00'].map(s => s.toWellFormed()));
check('well formed: pieces joined', () => { const s = 'x\ud83d' + '\ude00y'; return [s.isWellFormed(), s.toWellFormed(), s.slice(0, 2).isWellFormed(), s.slice(0, 2).toWellFormed()]; });
for (const key of ['anchor', 'big', 'blink', 'bold', 'fixed', 'fontcolor', 'fontsize', 'italics', 'link', 'small', 'strike', 'sub', 'sup']) {
  check(key + ': text', () => ['x'[key](), 'x'[key]('a"b"'), 'x'[key](null), '😀<'[key]('"')]);
  check(key + ': symbol', () => 'x'[key](Symbol()));
}
