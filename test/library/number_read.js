// Texts as numbers: a checksum of many numerals of sixteen to nineteen digits.
let seed = 5; const rnd = () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed; };
const f = new Float64Array(1), u = new Uint32Array(f.buffer); let h = 0;
for (let i = 0; i < 120000; i++) {
  let s; const k = rnd() % 4;
  if (k === 0) s = String(rnd()) + String(rnd()).slice(0, rnd() % 10) + 'e-' + rnd() % 30;
  else if (k === 1) s = (rnd() % 1000) + '.' + String(rnd()).padStart(10, '0') + String(rnd()).slice(0, rnd() % 8);
  else if (k === 2) { const d = (rnd() * 4294967296 + rnd()) / 10 ** (rnd() % 20); f[0] = d; u[0] ^= 1; s = ((BigIntLike(d))); }
  else s = '0.' + '0'.repeat(rnd() % 6) + String(rnd()) + String(rnd());
  f[0] = Number(s); h = (Math.imul(h, 31) + u[0] + Math.imul(u[1], 7)) | 0;
  if (i % 1000 === 0) write(s + ' ' + h);
}
function BigIntLike(d) { return d.toPrecision(17 + rnd() % 2); }
