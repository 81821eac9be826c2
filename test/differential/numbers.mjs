// Numbers against Node: Math bit by bit, numbers to text and back; dates to text and back (in the zone of TZ).
//
//   node [--jitless] test/differential/numbers.mjs WORKER [--count N] [--seed N] [--only NAME] [--show N]
//
// WORKER is the program made from numbers_worker.c.  Arguments are drawn from several distributions, special values are
// always among them.  Prints one line a function; the exit status is 1 when anything differs.
import { spawnSync } from 'node:child_process';

const options = { count: 20000, seed: 1, only: '', show: 3 };
const worker = process.argv[2];
for (let i = 3; i + 1 < process.argv.length; i += 2) {
  const name = process.argv[i].slice(2);
  options[name] = name === 'only' ? process.argv[i + 1] : Number(process.argv[i + 1]);
}

// a generator of our own (xoshiro128++), so that a seed names a run
const word = new BigUint64Array(1), asDouble = new Float64Array(word.buffer), asInts = new Uint32Array(word.buffer);
const state = new Uint32Array([0x9e3779b9, 0x7f4a7c15, 0xbf58476d, options.seed]);
function next32() {
  const rotl = (x, k) => (x << k) | (x >>> (32 - k));
  const result = (rotl((state[0] + state[3]) | 0, 7) + state[0]) >>> 0;
  const t = state[1] << 9;
  state[2] ^= state[0]; state[3] ^= state[1]; state[1] ^= state[2]; state[0] ^= state[3];
  state[2] ^= t; state[3] = rotl(state[3], 11);
  return result;
}
const below = n => next32() % n;
const unit = () => (next32() + next32() / 4294967296) / 4294967296;
function fromBits() { asInts[0] = next32(); asInts[1] = next32(); return asDouble[0]; }
function nearby(x) { // a few units in the last place away
  asDouble[0] = x; word[0] += BigInt(below(5)) - 2n & 0xffffffffffffffffn; return asDouble[0];
}

const special = [0, -0, 1, -1, 0.5, -0.5, 2, -2, 3, 10, 1.5, 2.5, -2.5, NaN, Infinity, -Infinity, 5e-324, -5e-324, 2.2250738585072014e-308,
  2.225073858507201e-308, 1.7976931348623157e308, -1.7976931348623157e308, 0.1, 0.3, 1e21, 1e-7, 1e-6, 123456789012345680000, 4294967295,
  4294967296, 2147483647, -2147483648, 9007199254740991, 9007199254740992, 0.49999999999999994, 1.0000000000000002, 0.9999999999999999,
  Math.PI, Math.PI / 2, Math.PI / 4, -Math.PI, Math.E, Math.LN2, Math.SQRT2, 709.782712893384, 709.7827128933841, -745.1332191019411,
  -745.1332191019412, 710.4758600739439, 1e300, 1e-300, 22, -22, 1e308, 0.3465735902799726, 1.0397207708399179, 2.4375, 0.6875, 1.1875, 0.4375];
let cursor = 0;
function draw() {
  if (cursor < special.length) return special[cursor++];
  switch (below(10)) {
    case 0: return fromBits();
    case 1: return below(2000) - 1000;
    case 2: return unit() * 4 - 2;
    case 3: return (unit() - 0.5) * Math.pow(2, below(60) - 20);
    case 4: return (unit() - 0.5) * 1500;
    case 5: return (below(200000) - 100000) / Math.pow(10, below(8));
    case 6: return nearby(special[below(special.length)]);
    case 7: return (next32() - 2147483648) * Math.pow(2, below(40) - 20);
    case 8: return Math.pow(2, below(2098) - 1074);
    default: return nearby((below(4000) - 2000) * Math.PI / 4);
  }
}

let failures = 0;
const bits = x => { asDouble[0] = x; return word[0]; };
const same = (a, b) => a === b ? a !== 0 || 1 / a === 1 / b : a !== a && b !== b;

function run(kind, name, input) {
  const r = spawnSync(worker, [kind, name], { input, maxBuffer: 1 << 30 });
  if (r.status !== 0) throw new Error(`${worker} ${kind} ${name}: status ${r.status} ${r.stderr}`);
  return r.stdout;
}
function report(name, count, different, examples) {
  if (different) failures++;
  console.log(`${name.padEnd(14)} ${String(count).padStart(9)} compared, ${different} differ`);
  for (const e of examples) console.log('    ' + e);
}
const wanted = name => !options.only || options.only === name;

function inChunks(name, run) {
  if (!wanted(name)) return;
  let left = options.count, different = 0;
  const examples = [];
  cursor = 0;
  while (left > 0) {
    const n = Math.min(left, 250000);
    run(n, (ok, text) => { if (!ok) { different++; if (examples.length < options.show) examples.push(text()); } });
    left -= n;
  }
  report(name, options.count, different, examples);
}

function math(name, fn, pick) {
  inChunks(name, (n, check) => {
    const args = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) { args[2 * i] = draw(); args[2 * i + 1] = draw(); if (pick) pick(args, 2 * i); }
    const out = run('math', name, new Uint8Array(args.buffer));
    for (let i = 0; i < n; i++) {
      const want = fn(args[2 * i], args[2 * i + 1]), got = out.readDoubleLE(8 * i);
      check(same(want, got), () => `${name}(${args[2 * i]}, ${args[2 * i + 1]}) = ${want} (${bits(want).toString(16)}), here ${got} (${bits(got).toString(16)})`);
    }
  });
}
function text(name, fn, parameter, argument = draw, strip = null) {
  inChunks(name, (n, check) => {
    const args = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) { args[2 * i] = argument(); args[2 * i + 1] = parameter(); }
    const out = run('text', name, new Uint8Array(args.buffer)).toString('latin1').split('\n');
    for (let i = 0; i < n; i++) {
      const want = fn(args[2 * i], args[2 * i + 1]);
      check(want === (strip ? out[i].replace(strip, '') : out[i]), () => `${name} ${args[2 * i]} ${args[2 * i + 1]}: ${want}, here ${out[i]}`);
    }
  });
}
const pieces = ['0', '1', '9', '5', '00', '123', '4503599627370496', '9007199254740993', '.', '.', 'e', 'E', '+', '-', '0x', '0b', '0o', '0X', 'a', 'f', 'z',
  'Infinity', 'Inf', ' ', '\n', '\u00a0', '\u2028', '\ufeff', '_', 'e5', 'e-7', 'e308', 'e-324', '1e', 'n', 'NaN', '\u0131', '\u0664', '17976931348623157', '22250738585072011', '\u0000'];
function number() {
  switch (below(7)) {
    case 0: return String(draw());
    case 1: return draw().toExponential(below(30));
    case 2: { const r = 2 + below(35); return draw().toString(r); }
    case 3: { let s = ''; for (let n = below(6); n >= 0; n--) s += pieces[below(pieces.length)]; return s; }
    case 4: { let s = ''; for (let n = below(40); n >= 0; n--) s += below(10); return s + '.' + s + 'e' + (below(700) - 350); }
    case 5: { // half way between two doubles, and just above
      const x = Math.abs(draw()) % 1e15, exact = x.toFixed(60); return exact + ['', '1', '5'][below(3)];
    }
    default: { let s = ['', '0x', '0b', '0o'][below(4)]; for (let n = below(30); n >= 0; n--) s += s[1] === 'b' ? below(2) : below(8); return s; }
  }
}
function parse(name, fn, radix, writing = number) {
  inChunks(name, (n, check) => {
    const texts = [], radixes = [], parts = [];
    for (let i = 0; i < n; i++) {
      const t = writing(), r = radix();
      texts.push(t); radixes.push(r);
      const b = Buffer.alloc(8 + 2 * t.length);
      b.writeUInt32LE(t.length, 0); b.writeInt32LE(r, 4); b.write(t, 8, 'utf16le');
      parts.push(b);
    }
    const out = run('parse', name, Buffer.concat(parts));
    for (let i = 0; i < n; i++) {
      const want = fn(texts[i], radixes[i]), got = out.readDoubleLE(8 * i);
      check(same(want, got), () => `${name}(${JSON.stringify(texts[i])}, ${radixes[i]}) = ${want}, here ${got}`);
    }
  });
}

for (const name of ('sin cos tan asin acos atan exp expm1 sinh cosh tanh cbrt log log1p log2 log10 asinh acosh atanh round sign ' +
                    'atan2 pow min max hypot').split(' ')) math(name, name === 'pow' ? (x, y) => x ** y : Math[name]);
text('toString', x => String(x), () => 0);
text('toStringRadix', (x, r) => x.toString(r), () => 2 + below(35));
text('toFixed', (x, n) => x.toFixed(n), () => below(4) ? below(12) : below(101));
text('toExponential', (x, n) => n < 0 ? x.toExponential() : x.toExponential(n), () => below(4) ? below(18) - 1 : below(101));
text('toPrecision', (x, n) => x.toPrecision(n), () => 1 + (below(4) ? below(20) : below(100)));
parse('Number', t => Number(t), () => 0);
parse('parseFloat', t => parseFloat(t), () => 0);
parse('parseInt', (t, r) => parseInt(t, r), () => below(3) ? 0 : below(40) - 1);

const datePieces = ['Jan', 'feb', 'March', 'Sept', 'dec', 'Fri', 'Mon,', 'am', 'PM', 'GMT', 'Z', 'UTC', 'EST', 'pdt', 'T', 't', ':', '-', '+', '.', ',', '/', ' ', ' ',
  '(', ')', '(x)', '00', '05', '12', '24', '30', '31', '59', '60', '1', '7', '99', '1999', '2024', '0000', '+002024', '-000001', '10:20', '10:20:30', '23:59:59.9', '.123', '.1234567', '0200', '+02:00',
  '2024-02-29', '2023-06-15T10:20', '01/02/2003', '\u00e9', '\u2028', '::', '1234567', '12345678901'];
function dateText() {
  const two = n => String(below(n)).padStart(2, '0'), year = below(3) ? 1900 + below(200) : below(10000), pick = a => a[below(a.length)];
  const month = pick(['Jan', 'Feb', 'Mar', 'April', 'may', 'JUN', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'December']);
  const time = two(26) + ':' + two(62) + pick(['', ':' + two(62), ':' + two(60) + '.' + below(10000)]) + pick(['', '', ' AM', ' pm']);
  const zone = pick(['', '', 'Z', ' GMT', ' UTC', ' EST', '+' + two(24) + two(60), '-' + two(24) + ':' + two(60), ' GMT+' + two(24) + two(60), ' GMT-8']);
  switch (below(7)) {
    case 0: return `${String(year).padStart(4, '0')}-${two(14)}-${two(33)}` + pick(['', 'T' + time + zone, ' ' + time + zone]);
    case 1: return `${month} ${below(33)}${pick([',', ''])} ${year} ${pick(['', time + zone])}`;
    case 2: return `${below(33)}${pick([' ', '-'])}${month}${pick([' ', '-'])}${year} ${pick(['', time + zone])}`;
    case 3: return `${below(14)}/${below(33)}/${pick([year, below(100)])} ${pick(['', time + zone])}`;
    case 4: return new Date((unit() - 0.5) * 8e12).toString();
    case 5: return new Date((unit() - 0.5) * 1.7e16).toISOString();
    default: { let s = ''; for (let n = below(9); n >= 0; n--) s += pick(datePieces); return s; }
  }
}
parse('Date.parse', t => Date.parse(t), () => 0, dateText);
const zoneName = / \(.*\)$/, styles = [d => isNaN(d) ? 'Invalid Date' : d.toISOString(), d => String(d), d => d.toDateString(), d => d.toTimeString(), d => d.toUTCString(),
  d => d.toLocaleString('en-US'), d => d.toLocaleDateString('en-US'), d => d.toLocaleTimeString('en-US')];
text('Date', (x, y) => styles[y](new Date(x)).replace(/\u202f/g, ' ').replace(zoneName, ''), () => below(styles.length),
  () => below(20) ? (unit() - 0.5) * 2 ** (30 + below(24)) : draw(), zoneName);

process.exit(failures ? 1 : 0);
