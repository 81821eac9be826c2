// exec and test: lastIndex, captures, names, indices.
check('exec: result', () => { const m = /b(c)(x)?/.exec('abcd'); return [m, Reflect.ownKeys(m), Object.getPrototypeOf(m) === Array.prototype]; });
check('exec: no match', () => /x/.exec('abc'));
check('exec: undefined', () => [/undefined/.exec(), /undefined/.test(), /null/.exec(null), /1/.exec(1)]);
check('exec: symbol', () => /a/.exec(Symbol()));
check('exec: names', () => { const m = /(?<year>\d+)-(?<month>\d+)|(?<other>x)/.exec('2020-11'); return [m.groups, Object.getPrototypeOf(m.groups), Reflect.ownKeys(m.groups)]; });
check('exec: no names', () => ['groups' in /a/.exec('a'), /a/.exec('a').groups]);
check('exec: name of a property', () => { const m = /(?<__proto__>a)(?<constructor>b)(?<toString>c)?/.exec('ab'); return Reflect.ownKeys(m.groups).map(k => [k, m.groups[k]]); });
check('exec: same name twice', () => new RegExp('(?<a>x)(?<a>y)'));
check('exec: indices', () => { const m = /b(?<n>c)(x)?/d.exec('abcd'); return [Reflect.ownKeys(m), m.indices, m.indices.groups, Reflect.ownKeys(m.indices)]; });
check('exec: indices without names', () => { const m = /b/d.exec('abcd'); return [m.indices.groups, 'groups' in m.indices]; });
for (const flags of ['', 'g', 'y', 'gy']) {
  const list = [undefined, 0, -0, 1, 2, 3, 4, 5, -1, 1.9, NaN, Infinity, -Infinity, '2', 'x', null, true, 2 ** 32 + 1, 2 ** 53];
  check('lastIndex: ' + flags, () => list.map(v => { const r = new RegExp('b', flags); r.lastIndex = v; const m = r.exec('abcb'); return [m && m.index, r.lastIndex]; }));
  check('lastIndex, no match: ' + flags, () => list.map(v => { const r = new RegExp('x', flags); r.lastIndex = v; const m = r.exec('abcb'); return [m, r.lastIndex]; }));
  check('lastIndex, empty match: ' + flags, () => list.map(v => { const r = new RegExp('', flags); r.lastIndex = v; const m = r.exec('abcb'); return [m && m.index, r.lastIndex]; }));
  check('lastIndex, test: ' + flags, () => list.map(v => { const r = new RegExp('b', flags); r.lastIndex = v; return [r.test('abcb'), r.lastIndex]; }));
  check('lastIndex, converted: ' + flags, () => { const log = []; const r = new RegExp('b', flags); r.lastIndex = { valueOf() { log.push('valueOf'); return 0; } }; r.exec('abc'); return [log, typeof r.lastIndex]; });
  check('lastIndex, converted after the text: ' + flags, () => { const log = []; const r = new RegExp('b', flags); r.lastIndex = argument(log, 'lastIndex', 0); r.exec(argument(log, 'text', 'abc')); return log; });
  check('lastIndex, throws: ' + flags, () => { const r = new RegExp('b', flags); r.lastIndex = { valueOf() { throw 'mine'; } }; return r.exec('abc'); });
  check('lastIndex, symbol: ' + flags, () => { const r = new RegExp('b', flags); r.lastIndex = Symbol(); return r.exec('abc'); });
  check('lastIndex, read-only, match: ' + flags, () => Object.freeze(new RegExp('b', flags)).exec('b'));
  check('lastIndex, read-only, no match: ' + flags, () => Object.freeze(new RegExp('b', flags)).exec('a'));
  check('lastIndex, read-only, test: ' + flags, () => Object.freeze(new RegExp('b', flags)).test('b'));
  check('lastIndex, pair: ' + flags, () => [0, 1, 2].map(v => ['', 'u'].map(u => { const r = new RegExp('\\udf06', flags + u); r.lastIndex = v; const m = r.exec('\ud834\udf06'); return [m && m.index, r.lastIndex]; })));
}
check('compile while lastIndex is asked', () => { const r = /a/g; r.lastIndex = { valueOf() { r.compile('b', 'g'); r.lastIndex = 0; return 0; } }; return [r.exec('ab'), r.lastIndex]; });
check('test: exec overridden', () => [null, {}, [], undefined, 1, 'x'].map(v => { const r = /a/; r.exec = () => v; try { return r.test('a'); } catch (e) { return e.name; } }));
check('test: exec is not callable', () => { const r = /a/; r.exec = 1; return [r.test('a'), r.test('b')]; });
check('test: exec of a plain object', () => RegExp.prototype.test.call({ exec: s => [s] }, 1));
check('test: plain object without exec', () => RegExp.prototype.test.call({}, 'a'));
check('test: text is converted first', () => { const log = []; RegExp.prototype.test.call({ get exec() { log.push('exec'); return () => null; } }, argument(log, 'text', 'a')); return log; });
check('captures: reset in loops', () => [/(?:(a)|b)*/.exec('ab'), /(z)((a+)?(b+)?(c))*/.exec('zaacbbbcac'), /(?:(a)|(b)|(c))+/.exec('abc'), /((a)|b)*/.exec('ab'), /(?=(a+))a*b\1/.exec('baaabac'), /(.*?)a(?!(a+)b\2c)\2(.*)/.exec('baaabaac')]);
check('captures: empty loops', () => [/(a*)*/.exec('b'), /(?:a*?)*?b/.exec('aab'), /(?:){3}x/.exec('x'), /(\2a)(\1)/.exec('aaa'), /(a*)b\1+/.exec('baaaac'), /(?:(?=(a)))*a/.exec('a'), /(?:|a)+/.exec('aa'), /(?:a|)+?b/.exec('aab'), /(?:(a)|){2}/.exec('a')]);
check('backwards', () => [/(?<=(\d+)(\d+))$/.exec('1053'), /(?<=\1(\w))d/.exec('ccd'), /(?<!abc)\w\w\w/.exec('abcdef'), /(?<=a(?=([^b])))c/.exec('ac'), /(?<=^|,)x/g[Symbol.match]('x,x'), /(?<=([abc]+)([abc]+))$/.exec('abc'), /(?<=(?:\1b)(aa))./.exec('aabaax'), /(?<!(^|[ab]))\w{2}/.exec('abcde'), /(?<=\b)a/.exec(' a'), /(?<=(?<a>\w){3})f/.exec('abcdef')]);
check('anchors', () => ['^a', 'a$', '^', '$', '\\ba', '\\Ba', '^b', 'a$\\n'].map(p => ['', 'm'].map(f => { const m = new RegExp(p, f + 'g'); return 'a\nb a\r\u2028a'.replace(m, '#'); })));
check('dot', () => ['', 's', 'u', 'su'].map(f => 'a\n\r\u2028\u2029\u0085😀'.replace(new RegExp('.', 'g' + f), '-')));
check('case folding', () => [['\u017f', 's'], ['\u212a', 'k'], ['ß', 'ẞ'], ['ẞ', 'ß'], ['ſ', 'S'], ['σ', 'ς'], ['Σ', 'ς'], ['µ', 'μ'], ['ı', 'i'], ['İ', 'i'], ['ǆ', 'ǅ'], ['ﬆ', 'ﬅ'], ['\u{10400}', '\u{10428}'], ['θ', 'ϑ'], ['Å', 'å'], ['Ω', 'ω'], ['ᲀ', 'в'], ['\u1e9e', 'ss'], ['Ꭰ', 'ꭰ'], ['ა', 'Ა'], ['[a-z]', 'K'], ['[a-z]', '\u212a'], ['[^a-z]', '\u212a'], ['\\w', '\u017f'], ['\\W', '\u017f'], ['\\w', '\u212a'], ['\\W', 'S'], ['[\\W]', 'S'], ['[^\\W]', 'S'], ['[^\\w]', 's'], ['\\b', '\u017f'], ['[\u0100-\u0200]', 's'], ['[\\u{10400}]', '\u{10428}']]
  .map(([p, s]) => ['i', 'iu', 'iv'].map(f => { try { return new RegExp('^' + p + '$', f).test(s) ? 1 : 0; } catch (e) { return e.name; } }).join('')).join(' '));
check('unicode: pairs', () => [/^.$/.test('😀'), /^.$/u.test('😀'), /^[😀]$/u.test('😀'), /\ud83d/u.test('😀'), /\ud83d/.test('😀'), /^\u{1f600}$/u.test('😀'), /^[^x]$/u.test('😀'), /😀{2}/u.test('😀😀'), /(?<=\ud83d)\ude00/.test('😀'), /(?<=\ud83d)\ude00/u.test('😀'), /\ud83d\ude00/u.test('😀'), /\ud83d(?:\ude00)/u.test('😀'), /^\S$/u.test('😀'), /\ude00/u.exec('\ude00x').index]);
check('properties', () => ['\\p{Lu}', '\\P{Lu}', '\\p{Script=Greek}', '\\p{scx=Hira}', '\\p{ASCII}', '\\p{Any}', '\\p{Assigned}', '\\p{Emoji}', '\\p{gc=Nd}', '\\p{General_Category=Decimal_Number}', '\\p{ID_Start}', '[\\p{L}\\d]', '[^\\p{L}]', '\\p{Lowercase}'].map(p => 'Aα1あ😀é \u0378'.replace(new RegExp(p, 'gu'), '-')));
for (const p of ['p', 'p{', 'p{}', 'p{lu}', 'p{Lu', 'p{Foo}', 'p{Script}', 'p{Script=}', 'p{Script=Foo}', 'p{gc=}', 'p{ Lu}', 'p{IsLu}', 'p{InGreek}', 'p{Block=Greek}', 'p{^Lu}', 'pL', 'p{General_Category=Emoji}', 'p{sc=Lu}', 'p{ASCII=Yes}', 'p{RGI_Emoji}', 'P{RGI_Emoji}', 'p{Line_Break}', 'p{Other_Alphabetic}', 'p{Grapheme_Link}'])
  check('property ' + p, () => ['', 'u', 'v'].map(f => { try { new RegExp('\\' + p, f); return 'ok'; } catch (e) { return e.name; } }).join());
// A run that is followed by what it cannot hold gives nothing back, and is not begun anew within itself.
const all = (re, s) => [...s.matchAll(re)].map(m => [m.index, ...m]);
check('runs: one character follows', () => [all(/(\w+)@/g, 'ab cd@ef gh@@ @ij k@'), all(/\w+@/g, 'aaaa'), all(/(\d+)\.(\d+) EUR/g, '1.2 EUR 12.34 EUR 5. EUR 6.7 8 EUR 9.10 EUR')]);
check('runs: a set follows', () => [all(/[a-f]+[x-z]/g, 'abcx defy ggaz fff'), all(/[a-f]+[e-z]/g, 'abcef aex fff'), all(/[a-f]*[x-z]/g, 'abcx z ay b')]);
check('runs: what follows may be within', () => [all(/\w+b/g, 'abab cb b'), all(/.+;/g, 'a;b;c\nd;e'), all(/[^;]+;/g, 'a;b;;c;')]);
check('runs: least and most', () => [all(/a{2,}b/g, 'ab aab aaab'), all(/a{2,3}b/g, 'ab aab aaab aaaab'), all(/a{3}b/g, 'aab aaab aaaab'), all(/(a{0,2})b/g, 'b ab aab aaab')]);
check('runs: last of all', () => [all(/\d+/g, '12 3 456'), all(/(\d+)/g, '12 3 456'), all(/x(\d*)/g, 'x x1 x23'), all(/(?:a|b\d+)/g, 'a b1 b b22')]);
check('runs: begun in the middle', () => { const re = /\w+@/g, r = []; for (const i of [0, 1, 2, 3, 4, 5, 6]) { re.lastIndex = i; const m = re.exec('abc@d@'); r.push(m && [m.index, m[0], re.lastIndex]); } return r; });
check('runs: sticky', () => { const re = /\w+@/y, r = []; for (const i of [0, 1, 4, 5]) { re.lastIndex = i; const m = re.exec('abc d@'); r.push(m && m[0]); } return r; });
check('runs: in groups that repeat', () => [all(/(?:(\w+),)+;/g, 'a,b,c,; d,e; f,;'), all(/((a+)b)+c/g, 'aababc ab abc'), all(/(a+)+b/g, 'aaab aaa'), all(/(?:a+)?b/g, 'aab b')]);
check('runs: groups after a run that fails', () => [all(/(a+)(b)?c/g, 'aabc aac aab'), all(/(a+)(?:(b)|(c))d/g, 'aabd aacd aad'), /(a+)b|(\w+)/.exec('aac')]);
check('runs: looking ahead and behind', () => [all(/\w+(?=@)/g, 'ab@ cd e@'), all(/(?<=a+)b/g, 'aab b ab'), all(/(?=(\w+)@)\w/g, 'ab@ c'), all(/(?<!\d+)x/g, '12x x ax'), all(/(?<=(\d+)\.)\d+/g, '12.34 .5')]);
check('runs: backreference follows', () => [all(/(a+)\1/g, 'aaaa a aaa'), all(/(\w+) \1/g, 'ab ab cd ce')]);
check('runs: any case', () => [all(/[a-c]+D/gi, 'abcd ABCD abCe'), all(/k+\u212a/gi, 'kkK kk'), all(/s+t/gi, 'sSt ſt')]);
check('runs: wide', () => [all(/[語文]+@/g, '語文@ 語 文@x'), all(/\w+語/g, 'ab語 cd 語 e語'), all(/[^語]+語/g, '語a語bc語'), all(/é+x/g, 'ééx éx ex')]);
check('runs: pairs', () => [all(/[😀😁]+x/gu, '😀😁x 😀 😁x'), all(/\ud83d+x/g, '😀x \ud83dx'), all(/a+😀/gu, 'aa😀 a'), all(/[^a]+a/gu, '😀a b😁a'), all(/\ud83d+\ude00/g, '😀 \ud83d\ud83d\ude00'), all(/😀+a/gu, '😀😀a 😁a')]);
check('runs: lines', () => [all(/^\w+:/gm, 'a:b\ncd:\nef\n:g'), all(/\w+$/gm, 'ab\ncd e\n'), all(/\s+\S/g, 'a  b \n c ')]);
check('runs: replace and split', () => ['a1b22c333'.replace(/\d+/g, m => '<' + m + '>'), 'a, b ,c'.split(/\s*,\s*/), 'k=v; k2=v2'.replace(/(\w+)=(\w+)/g, '$2=$1'), 'x'.repeat(1000).replace(/x+y/g, '-').length]);
check('behind a back reference without case: a unit that is the number of an operation', () => [/(a)\1\f123/i.test('aA\f123'), /(?<=\f\1(a))123/i.test('\fAa123')]);
