// localeCompare: the root collation, for the scripts of Europe.
checkFunction(String.prototype, 'localeCompare');
const signs = list => list.map(([a, b]) => a.localeCompare(b)).join(' ');
check('letters and case', () => signs([['a', 'b'], ['b', 'a'], ['a', 'a'], ['a', 'A'], ['A', 'a'], ['a', 'B'], ['B', 'a'], ['aB', 'Ab'], ['ab', 'aBc'], ['', 'a'], ['', ''], ['a', 'aa'], ['Z', 'a'], ['z', 'Ä']]));
check('accents', () => signs([['e', 'é'], ['é', 'f'], ['é', 'e\u0301'], ['résumé', 'resume'], ['resumé', 'résume'], ['côte', 'coté'], ['cote', 'côté'], ['ä', 'a'], ['Ä', 'ä'], ['ö', 'oz'], ['ñ', 'nz'], ['ø', 'o'], ['ø', 'p'], ['å', 'z'], ['a\u0301b', 'ab'], ['\u0301', 'a'], ['Å', '\u212b']]));
check('several letters', () => signs([['ß', 'ss'], ['ß', 'st'], ['ß', 'sr'], ['æ', 'ae'], ['æ', 'af'], ['æ', 'ad'], ['œ', 'of'], ['straße', 'strasse'], ['Straße', 'straße']]));
check('digits and signs', () => signs([['1', 'a'], ['9', '10'], ['-', '1'], [' ', '-'], ['_', '-'], ['.', ','], ['$', '1'], ['a b', 'ab'], ['a-b', 'ab'], ['a.b', 'a,b'], ['\t', ' '], ['\n', '\t'], ['+', '<'], ['€', '$'], ['(', '['], ['#', '%']]));
check('scripts', () => signs([['z', 'α'], ['α', 'а'], ['а', 'א'], ['ω', 'Ω'], ['я', 'Я'], ['ё', 'е'], ['ё', 'ж'], ['й', 'и'], ['ά', 'α'], ['z', '中'], ['中', '丁'], ['а', 'か'], ['1', '中'], ['z', '😀']].slice(0, -1)));
check('ignored', () => signs([['a\0b', 'ab'], ['\u00ad', ''], ['a\u200bb', 'ab'], ['a\u0001', 'a']]));
check('sorted', () => ['zebra', 'Äpfel', 'apple', 'Apple', 'éclair', 'eclair', 'Eclair', 'über', 'uber', 'Uber', 'ñandú', 'nandu', 'ångström', 'angstrom', '10', '9', '1', '_x', '-x', ' x', 'œuvre', 'oeuvre', 'straße', 'strasse', 'Strasse', 'co-op', 'coop', 'CO-OP', 'coöp', 'résumé', 'resume', 'Resume', 'łódź', 'lodz', 'żaba', 'zaba', 'çedilla', 'cedilla'].sort((a, b) => a.localeCompare(b)));
check('equal by canon', () => signs([['\u212b', 'A\u030a'], ['\u0104\u0301', 'A\u0301\u0328'], ['\u1111\u1171\u11b6', '\ud4db'], ['a\u0323\u0307', 'ạ\u0307'], ['\u1e69', 's\u0307\u0323']]));
check('no argument', () => ['undefined'.localeCompare(), 'a'.localeCompare(undefined), 'null'.localeCompare(null)]);
check('converted', () => { const log = []; return [String.prototype.localeCompare.call(argument(log, 'this', 'a'), argument(log, 'that', 'b')), log]; });
check('symbol', () => 'a'.localeCompare(Symbol()));
// Drawn texts: every pair of characters of Latin and punctuation, and words.
let state = 4242;
const below = n => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % n; };
const pool = [...'abcdeszABCESZ 0129-_.,;:!?()[]{}@*/&#%+<=>|~$äöüßéèêçñåøæœÄÖÜÉłžšćαβωάΩЖжйёя\u0301\u0308\u0327'];
check('pairs', () => { let hash = 0; for (const a of pool) for (const b of pool) hash = (hash * 3 + a.localeCompare(b) + 1) | 0; return hash; });
check('words', () => { const words = Array.from({ length: 300 }, () => Array.from({ length: 1 + below(6) }, () => pool[below(pool.length - 3)]).join('')); let hash = 0; for (const a of words) for (const b of words) hash = (hash * 3 + a.localeCompare(b) + 1) | 0; return hash; });
