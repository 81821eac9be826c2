// Regular expressions against Node: where they match, what they capture, and which are syntax errors.
//
//   node test/differential/regex.mjs WORKER [--count N] [--seed N] [--show N]
//
// WORKER is the program made from regex_worker.c.  Patterns and subjects are generated; every seventh pattern is spoiled by
// a random edit, so that errors are compared too.  What reaches the worker's limit of steps is not asked of Node, which has
// no limit.  The exit status is 1 when anything differs.
import { spawnSync } from 'node:child_process';

const options = { count: 20000, seed: 1, show: 10 };
for (let i = 3; i + 1 < process.argv.length; i += 2) options[process.argv[i].slice(2)] = Number(process.argv[i + 1]);

let state = options.seed * 2654435761 >>> 0 || 1;
function next32() { // mulberry32
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ state >>> 15, state | 1);
  t ^= t + Math.imul(t ^ t >>> 7, t | 61);
  return (t ^ t >>> 14) >>> 0;
}
const below = n => next32() % n;
const pick = list => list[below(list.length)];

const letters = ['a', 'a', 'b', 'b', 'c', 'A', 'B', 'k', 's', 'S', '1', '_', ' ', '-', '\n', '\u00e9', '\u00c9', '\u00b5', '\u00df', '\u00ff'];
const wideLetters = ['\u212a', '\u017f', '\u03c3', '\u03c2', '\u03a3', '\u1e9e', '\u0131', '\u0130', '\u01c5', '\u2028', '\u{1f600}', '\u{10400}', '\u{10428}',
  '\ud83d', '\ude00', '\ufeff', '\u0390', '\u1fd3', '\u2126', '\u03c9', '\u1c80', '\u0432', '\ufb05', '\ufb06', '\u1e61'];
const properties = ['L', 'Lu', 'Ll', 'gc=Nd', 'Script=Greek', 'sc=Latin', 'scx=Cyrl', 'Alphabetic', 'ASCII', 'Any', 'White_Space', 'Emoji', 'Uppercase', 'General_Category=Punctuation',
  'Script_Extensions=Latin', 'ID_Start', 'Cased', 'CWL', 'Foo', 'sc=Foo', 'Lowercase_Letter'];
// With both i and v this Node complements and subtracts before it folds case, the standard after: such patterns have no
// complements and no operators ("plain").  With u it also starts matches between the halves of a pair, where the standard has
// no position: those are counted apart.
let names, groups, unicode, sets, plain, deep;

const letter = () => below(5) ? pick(letters) : pick(wideLetters);
const lit = () => { const c = letter(); return '\\^$.*+?()[]{}|/'.includes(c) || (c === '\n' && below(2)) ? '\\' + (c === '\n' ? 'n' : c) : c; };
function escape() {
  switch (below(sets || unicode ? 12 : 15)) {
    case 0: return '\\d';
    case 1: return pick(plain ? ['\\w', '\\d'] : ['\\w', '\\W', '\\D']);
    case 2: return pick(['\\s', '\\S']);
    case 3: return '\\x' + pick(['61', '41', 'e9', '6b']);
    case 4: return '\\u' + pick(['0061', '017f', '212A', 'd83d', 'de00', '03c3', 'd83d\\ude00']);
    case 5: return unicode || sets ? pick(['\\u{61}', '\\u{1f600}', '\\u{10400}', '\\u{3a3}']) : '\\u{2}';
    case 6: case 7: case 8: return unicode || sets ? (plain || below(2) ? '\\p{' : '\\P{') + (below(6) ? pick(properties.filter(x => !x.includes('Foo'))) : pick(properties)) + '}' : pick(['\\n', '\\t', '\\-']);
    case 9: return pick(['\\cA', '\\cj', '\\0', '\\t', '\\v', '\\f', '\\r', '\\n']);
    case 10: return '\\' + pick(['^', '$', '.', '*', '[', ']', '{', '}', '/', '|', '(', ')']);
    case 11: return pick(['\\d', '\\w']);
    default: return '\\' + pick(['a', 'c', '-', '_', '1', '01', '8', '12', '101', '377', '400', 'q', 'k', 'x1', 'u12', 'c1', 'e', 'p{L}', 'z', '9']);
  }
}
function plainClass() {
  let s = below(3) ? '[' : '[^';
  for (let n = below(4); n >= 0; n--) {
    switch (below(6)) {
      case 0: { let a = letter(), b = letter(); if (a.codePointAt(0) > b.codePointAt(0) && below(20)) [a, b] = [b, a]; s += fix(a) + '-' + fix(b); break; }
      case 1: s += escape(); break;
      case 2: s += pick(['a-z', 'A-Z', '0-9', '\\w', '\\b', 'à-ÿ', 'α-ω', '\\u0000-\\u00ff', '\\u0100-\\uffff', '-', '\\-', 'K-k']); break;
      default: s += fix(letter());
    }
  }
  return s + ']';
}
const fix = c => c === ']' || c === '\\' || c === '-' || c === '^' ? '\\' + c : c;
function setOperand() {
  switch (below(6)) {
    case 0: case 1: return fix(letter());
    case 2: return deep > 3 ? 'a' : setsClass();
    case 3: return escape();
    case 4: return '\\q{' + pick(['ab', 'abc|b', 'a|', 'kS|s', '\\u{1f600}a', '', 'A|BC|b']) + '}';
    default: return pick(['\\w', '\\d', '\\p{Lu}', plain ? '\\p{Ll}' : '\\P{Ll}', '\\p{L}']);
  }
}
function setsClass() {
  deep++;
  let s = plain || below(4) ? '[' : '[^';
  const mode = below(6) + (plain ? 2 : 0);
  if (mode === 0) s += setOperand() + '--' + setOperand() + (below(2) ? '--' + setOperand() : '');
  else if (mode === 1) s += setOperand() + '&&' + setOperand() + (below(2) ? '&&' + setOperand() : '');
  else for (let n = below(4); n >= 0; n--) s += below(4) ? setOperand() : pick(['a-z', 'A-Z', 'α-ω', '0-9', '\\x41-\\u{5a}']);
  deep--;
  return s + ']';
}
function atom(depth) {
  const r = below(depth > 0 ? 24 : 11);
  if (r < 6) return lit();
  if (r < 7) return '.';
  if (r < 9) return escape();
  if (r < 11) return sets ? setsClass() : plainClass();
  if (r < 14) return groups++, '(' + alternatives(depth - 1) + ')';
  if (r < 16) return '(?:' + alternatives(depth - 1) + ')';
  if (r < 17) { groups++; const name = 'n' + names++; return '(?<' + (below(8) ? name : pick(['\\u{6e}' + name, '$' + name, 'é' + name, '\\u0061' + name])) + '>' + alternatives(depth - 1) + ')'; }
  if (r < 18) return '(?=' + alternatives(depth - 1) + ')';
  if (r < 19) return '(?!' + alternatives(depth - 1) + ')';
  if (r < 20) return '(?<=' + alternatives(depth - 1) + ')';
  if (r < 21) return '(?<!' + alternatives(depth - 1) + ')';
  if (r < 23) return unicode || sets ? groups ? '\\' + (1 + below(groups)) : 'a' : '\\' + (1 + below(4));
  return names && below(2) ? '\\k<n' + below(names) + '>' : below(unicode || sets ? 8 : 1) ? '\\B' : pick(['\\k', '\\b', '\\B', '^', '$', '{', '}', ']', '{1', '\\5']);
}
const quantifiers = ['*', '+', '?', '{2}', '{0,2}', '{1,3}', '{2,}', '{0}', '{0,}', '{1,}', '{0,1}', '{3,4}'];
function term(depth) {
  const r = below(20);
  if (r === 0) return pick(['^', '$', '\\b', '\\B']);
  let s = atom(depth);
  const bare = s.startsWith('(?<=') || s.startsWith('(?<!') || s === '^' || s === '$' || s === '\\B' || s === '\\b' ||
    ((unicode || sets) && (s.startsWith('(?=') || s.startsWith('(?!')));
  if (below(10) < 3 && !(bare && below(50))) s += pick(quantifiers) + (below(3) ? '' : '?');
  return s;
}
function sequence(depth) { let s = ''; for (let n = below(4); n > 0; n--) s += term(depth); return s; }
function alternatives(depth) { let s = sequence(depth); while (!below(4)) s += '|' + sequence(depth); return s; }
const noise = ['(', ')', '[', ']', '{', '}', '*', '+', '?', '\\', '|', '^', '-', '&&', '--', '(?', '(?<', '\\k<', '\\u', '\\u{', '\\p{', '{1,', '{2,1}', ',', '<', '=', '!', '\\c', '\\x', '1', '(?:', '\\q{', '>', ':'];
function spoil(s) {
  for (let n = below(2); n >= 0; n--) {
    const i = below(s.length + 1), r = below(3);
    s = r === 0 ? s.slice(0, i) + s.slice(i + 1) : r === 1 ? s.slice(0, i) + pick(noise) + s.slice(i) : s.slice(0, i) + pick(noise) + s.slice(i + 1);
  }
  return s;
}
function make() {
  names = groups = deep = 0;
  let flags = '';
  const mode = below(4);
  unicode = mode === 1; sets = mode === 2;
  for (const f of 'gimsy') if (!below(f === 'i' ? 2 : f === 'y' ? 8 : 4)) flags += f;
  if (unicode) flags += 'u';
  if (sets) flags += 'v';
  plain = sets && flags.includes('i');
  let pattern = sequence(3) + (below(3) ? sequence(3) : '|' + sequence(3));
  if (!below(7)) pattern = spoil(pattern);
  let subject = '';
  const wide = below(3);
  for (let n = below(14); n > 0; n--) subject += wide ? letter() : pick(letters);
  return { pattern, flags, subject, start: below(3) ? 0 : below(subject.length + 1) };
}

function ours(cases) {
  const parts = [];
  for (const c of cases) {
    const head = Buffer.alloc(16);
    [c.pattern, c.flags, c.subject].forEach((t, i) => { head.writeUInt32LE(t.length, 4 * i); });
    head.writeUInt32LE(c.start, 12);
    parts.push(head, Buffer.from(c.pattern + c.flags + c.subject, 'utf16le'));
  }
  const r = spawnSync(process.argv[2], [], { input: Buffer.concat(parts), maxBuffer: 1 << 30 });
  if (r.status !== 0) throw new Error(`${process.argv[2]}: status ${r.status} ${r.signal} ${r.stderr}`);
  return r.stdout.toString('latin1').split('\n');
}
function theirs(c) {
  let re;
  try { re = new RegExp(c.pattern, c.flags.replace('g', '') + 'd' + (c.flags.includes('y') ? '' : 'g')); } catch (e) { return 'E ' + e.message.replace(/^.*: /s, ''); }
  re.lastIndex = c.start;
  const m = re.exec(c.subject);
  return m ? 'M ' + m.indices.map(p => p ? p.join(' ') : '-1 -1').join(' ') : 'N';
}

let different = 0, limited = 0, inside = 0;
const cutsPair = (t, i) => /[\udc00-\udfff]/.test(t[i] ?? '') && /[\ud800-\udbff]/.test(t[i - 1] ?? '');
const kinds = { M: 0, N: 0, E: 0 };
for (let done = 0; done < options.count; done += 5000) {
  const cases = Array.from({ length: Math.min(5000, options.count - done) }, make), got = ours(cases);
  cases.forEach((c, i) => {
    if (got[i] === 'L') { limited++; return; }
    const want = theirs(c);
    kinds[want[0]]++;
    if (want === got[i] || (want[0] === 'E' && got[i][0] === 'E')) return;
    if (want[0] === 'M' && /[uv]/.test(c.flags) && cutsPair(c.subject, Number(want.split(' ')[1]))) { inside++; return; }
    if (different++ < options.show) console.log(`${JSON.stringify(c)}\n    ${want}\n    ${got[i]} here`);
  });
}
console.log(`${options.count} patterns: ${kinds.M} match, ${kinds.N} do not, ${kinds.E} are errors; ${limited} were too slow, ${inside} inside a pair, ${different} differ`);
process.exit(different ? 1 : 0);
