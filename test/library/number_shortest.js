// Numbers as text: a checksum of many doubles, above all of those with sixteen and seventeen digits.
let seed = 99; const rnd = () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed; };
let h = 0; const add = s => { for (let i = 0; i < s.length; i++) h = (Math.imul(h, 31) + s.charCodeAt(i)) | 0; };
const f = new Float64Array(1), u = new Uint32Array(f.buffer);
for (let i = 0; i < 120000; i++) { const m = rnd() % 3; let d; if (m === 0) d = (9007199254740992 - (rnd() % 100000)) / 10 ** (rnd() % 20); else if (m === 1) d = (rnd() * 4294967296 + rnd()) % 9007199254740993 / 10 ** (rnd() % 23); else { u[0] = rnd(); u[1] = rnd(); d = f[0]; } add(String(d)); if (i % 1000 === 0) write(String(h) + ' ' + d); }
