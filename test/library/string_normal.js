// Normal forms.
const forms = ['NFC', 'NFD', 'NFKC', 'NFKD'];
checkFunction(String.prototype, 'normalize');
const hex = s => Array.from(s, c => c.codePointAt(0).toString(16)).join(' ');
const texts = ['', 'abc', 'é', 'e\u0301', '\u1e9b\u0323', 'Å', '\u212b', 'ﬁ', '①', '½', '\u00a0', '한글', '\u1112\u1161\u11ab\u1100\u1173\u11af', '\uac00\u11a8', '\uac00\u11a7', '\uac01\u11a8', '\u1100\uac00', 'a\u0301\u0327', 'a\u0327\u0301', 'a\u0301\u0301', 'a\u0328\u0301\u0302', '\u0301a', '\u0301\u0327', '\u0344', '\u0958', '\u2adc', '\u{1d15e}', '\u{2f800}', '\u{1109a}', '\u{11131}\u{11127}', '\ufdfa', '\ufb2c', '\u03b1\u0345\u0313\u0301', '\u1f80\u0301', '\ud800', '\udc00e\u0301', 'e\ud800\u0301', '\u0041\u030a\u0300', '\u09c7\u09be', '\u0dd9\u0dcf\u0dca', '\u0cc6\u0cc2\u0cd5', '\u0b47\u0300\u0b3e', '\u1100\u0300\u1161', 'q\u0307\u0323', 'x' + '\u0301'.repeat(40) + '\u0327', 'ab\u0301', '\u00e9\u0327', '\u0f71\u0f72\u0f74', '\u0f73', '\u3099\u304b', '\u304b\u3099', '\u{1e000}\u0345', '\u{16121}\u{16121}', 'Å\u0323'];
for (const form of forms) check(form, () => texts.map(s => hex(s.normalize(form))));
check('default', () => hex('e\u0301'.normalize()) + hex('e\u0301'.normalize(undefined)));
for (const form of ['nfc', '', null, 'NFX', {}, 'NFC ', 1, Symbol()]) check('form ' + String(form), () => 'é'.normalize(form));
check('form: object', () => { const log = []; return [String.prototype.normalize.call(argument(log, 'this', 'e\u0301'), argument(log, 'form', 'NFC')), log]; });
for (const form of forms) check(form + ': every code point', () => {
  let hash = 0;
  for (let code = 0; code < 0x30000; code++) {
    const s = String.fromCodePoint(code).normalize(form);
    for (let i = 0; i < s.length; i++) hash = (hash * 31 + s.charCodeAt(i)) | 0;
  }
  return hash;
});
// Drawn texts of what composes and what is ordered.
let state = 12345;
const below = n => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % n; };
const pool = ['a', 'e', 'o', 'A', 'ü', 'ǭ', 'ệ', '\u0300', '\u0301', '\u0302', '\u0307', '\u0323', '\u0327', '\u0328', '\u0331', '\u0334', '\u0345', '\u035c', '\u0360', '\u05b0', '\u0591', '\u064b', '\u0e38', '\u0f71', '\u3099', '\u1100', '\u1161', '\u11a8', '가', '각', '\u1112', '\u0b47', '\u0b3e', '\u0b56', '\u0cbf', '\u0cd5', 'α', '\u0313', '\u0342', 'ﬀ', '㌔', '\u{1d165}', '\u{1d157}', '\u{1d16e}', '\u{110a5}', '\u{110ba}', '\u2126', '\u1fef', '\ud834'];
for (const form of forms) check(form + ': drawn', () => {
  let hash = 0;
  for (let n = 0; n < 3000; n++) {
    let s = '';
    for (let i = below(9); i >= 0; i--) s += pool[below(pool.length)];
    s = s.normalize(form);
    for (let i = 0; i < s.length; i++) hash = (hash * 31 + s.charCodeAt(i)) | 0;
    if (s.normalize(form) !== s) return 'not stable';
  }
  return hash;
});
check('many marks', () => { const s = ('e' + '\u0301\u0327'.repeat(20000)).normalize('NFC'); return [s.length, hex(s.slice(0, 3)), hex(s.slice(-2))]; });
