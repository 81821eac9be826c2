// sort: the number of comparisons, their order and the result, for functions that tell the truth and those that do not.
let seed = 12345; const rnd = n => { seed = (Math.imul(seed, 1103515245) + 12345) >>> 0; return (seed >>> 8) % n; };
const trace = (a, f) => { let h = 7, n = 0; a.sort((x, y) => { n++; h = (Math.imul(h, 31) + x * 7 + y) | 0; return f(x, y, n); }); let r = 1; for (const v of a) r = (Math.imul(r, 33) + v) | 0; return [n, h, r]; };
const kinds = { sub: (x, y) => x - y, gt: (x, y) => x > y, boolnum: (x, y) => (x > y ? 1 : 0), neg: (x, y) => y - x, coarse: (x, y) => (x >> 3) - (y >> 3), liar: (x, y, n) => (n % 3) - 1, zero: () => 0, minus: () => -1, plus: () => 1, str: (x, y) => String(x - y) };
for (const size of [2, 3, 8, 16, 31, 33, 64, 65, 127, 200, 1000])
  for (const fill of ['random', 'up', 'down', 'saw', 'few', 'nearly', 'organ'])
    for (const k in kinds) {
      const a = Array.from({ length: size }, (_, i) => fill === 'random' ? rnd(10000) : fill === 'up' ? i : fill === 'down' ? size - i : fill === 'saw' ? i % 17 : fill === 'few' ? rnd(4) : fill === 'nearly' ? (rnd(20) ? i : rnd(size)) : i < size / 2 ? i : size - i);
      write(`${size} ${fill} ${k} ${trace(a, kinds[k]).join(' ')}`);
    }
for (const T of [Float64Array, Int32Array, Uint8Array])
  for (const size of [2, 3, 5, 8, 13, 64, 100])
    for (const k of ['sub', 'gt', 'coarse', 'liar', 'minus'])
      write(`${T.name} ${size} ${k} ${trace(T.from({ length: size }, () => rnd(200)), kinds[k]).join(' ')}`);
