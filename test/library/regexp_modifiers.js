// Groups that change flags: (?i-s:...).  Node 20 has none: there each stands for an expression that says the same without.
const isNode = typeof process === 'object';
const finds = (re, subjects) => subjects.map(s => { const m = re.exec(s); return m && [m.index, ...m]; });
function same(own, ownFlags, plain, plainFlags, ...subjects) {
  check(`/${own}/${ownFlags}`, () => finds(isNode ? new RegExp(plain, plainFlags) : new RegExp(own, ownFlags), subjects));
}
same('(?i:a)b', '', '[aA]b', '', 'ab', 'Ab', 'aB', 'AB', 'xAbAB');
same('(?-i:a)b', 'i', 'a[bB]', '', 'ab', 'Ab', 'aB', 'AB');
same('(?i-:a)(?-i:b)c', 'i', '[aA]b[cC]', '', 'AbC', 'ABC', 'abc');
same('x(?i:y(?-i:z)y)x', '', 'x[yY]z[yY]x', '', 'xyzyx', 'xYzYx', 'xYZYx', 'Xyzyx');
same('(?i:[a-c]+)[a-c]', '', '[a-cA-C]+[a-c]', '', 'ABCa', 'ABC', 'Abcd');
same('(?i:[^a-c])', '', '[^a-cA-C]', '', 'a', 'B', 'd');
same('(?-i:[^a-c])', 'i', '[^a-c]', '', 'a', 'B', 'd');
same('(a)(?i:\\1)', '', '(a)[aA]', '', 'aa', 'aA', 'Aa', 'ab');
same('(?<n>k)(?i:\\k<n>)(?-i:\\k<n>)', '', '(?<n>k)[kK]k', '', 'kkk', 'kKk', 'kkK');
same('(a)(?-i:\\1)b', 'i', '(a)(?:a[bB])', '', 'aab', 'aAb', 'aaB');
same('(?<=(?i:ab))c', '', '(?<=[aA][bB])c', '', 'ABc', 'abc', 'ABC');
same('(?<=(?i:\\1)(a))c', '', '(?<=[aA](a))c', '', 'Aac', 'aac', 'AAc');
same('(?m:^b$)', '', '^b$', 'm', 'a\nb\nc', 'b', 'ab');
same('(?-m:^)b(?m:$)', 'm', '(?<![^])b$', 'm', 'a\nb', 'b\nc', 'bc');
same('(?m:^)b$', '', '(?:^|(?<=\\n))b$', '', 'a\nb', 'a\nb\n');
same('(?s:.)b.', '', '[^]b.', '', '\nb\n', '\nbc', 'abc');
same('(?-s:.)b.', 's', '[^\\n]b[^]', '', '\nb\n', 'ab\n');
same('(?ims:^a.b$)|c', '', '^[aA][^]b$|^[aA][^]B$|c', 'm', 'x\nA\nB\ny', 'C', 'c');
same('(?s-i:.A)', 'i', '[^]A', '', '\nA', '\na');
same('(?i:a|b)c|(?i:d)', '', '[aAbB]c|[dD]', '', 'Bc', 'BC', 'D');
same('(?i:a){2,3}b', '', '[aA]{2,3}b', '', 'aAb', 'AAAb', 'Ab', 'aaB');
same('(?:(?i:a))*?b', '', '[aA]*?b', '', 'aAb', 'AAAb', 'B');
same('(?i:(a)|b)*', '', '(?:([aA])|[bB])*', '', 'ABab', 'baBA');
same('(?i:\\u017f)', 'u', '[sS\\u017f]', 'u', 's', 'S', '\u017f', 'x');
same('(?i:\\u017f)', '', '\\u017f', '', 's', 'S', '\u017f');
same('(?i:\\w)', 'u', '[\\w\\u017f\\u212a]', 'u', '\u017f', '\u212a', 'a', '-');
same('(?-i:\\w)', 'iu', '[\\w]', 'u', '\u017f', '\u212a', 'a', '-');
same('(?i:\\b.)', 'u', '(?<![\\w\\u017f\\u212a])[\\w\\u017f\\u212a]|(?<=[\\w\\u017f\\u212a])[^\\w\\u017f\\u212a\\n]', 'u', '-\u017f', '-\u212a-', '--');
same('\\b(?i:\\B\\u017f)', 'u', '(?<=a)\\u017f', '', '-\u017f', 'a\u017f');
same('(?i:\\p{Lu})', 'u', '\\p{Lu}', 'iu', 'a', 'A', '1');
same('(?-i:\\p{Lu})', 'iu', '\\p{Lu}', 'u', 'a', 'A', '1');
same('(?i:[\\p{Lu}--[A-M]])', 'v', '[N-Zn-z]', '', 'a', 'n', 'Z');
same('(?i:[\\q{ab|c}])d', 'v', '(?:[aA][bB]|[cC])d', '', 'ABd', 'Cd', 'abD');
same('(?=(?i:a))A', '', 'A', '', 'A', 'a');
same('(?!(?i:a))[aAb]', '', 'b', '', 'A', 'a', 'Ab');
const syntax = ['(?i:)', '(?-:)', '(?-i:)', '(?i-:)', '(?ii:)', '(?i-i:)', '(?-ii:)', '(?ims-:)', '(?-ims:)', '(?i-ms:)', '(?im-s:)', '(?g:)', '(?u:)', '(?y:)', '(?iu:)', '(?I:)', '(?i', '(?i)', '(?i-', '(?i-m', '(?i:', '(?i-m:a', '(?--i:)', '(?i--m:)', '(? i:)', '(?i :)', '(?\\u0069:)', '(?i:a)*', '(?-i:a)+?', '(?i:(?i:(?-i:a)))', '(?:i)', '(?i=a)', '(?i!a)', '(?i<a>b)'];
const valid = new Set(['(?i:)', '(?-i:)', '(?i-:)', '(?ims-:)', '(?-ims:)', '(?i-ms:)', '(?im-s:)', '(?i:a)*', '(?-i:a)+?', '(?i:(?i:(?-i:a)))', '(?:i)']);
for (const source of syntax)
  check(source, () => ['', 'u', 'v'].map(flags => { if (isNode) return valid.has(source) ? 'fine' : 'SyntaxError'; try { new RegExp(source, flags); return 'fine'; } catch (e) { return e.name; } }));
check('flags stay', () => { const source = '(?im-s:a)'; if (isNode) return ['(?im-s:a)', 's', false, false, true]; const re = new RegExp(source, 's'); return [re.source, re.flags, re.ignoreCase, re.multiline, re.dotAll]; });
check('replace', () => 'aAbB'.replace(isNode ? /[aA]/g : new RegExp('(?i:a)', 'g'), '<$&>'));
check('split', () => 'xAyaz'.split(isNode ? /[aA]/ : new RegExp('(?i:a)')));
