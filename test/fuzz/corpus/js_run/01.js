let s = 0; for (let i = 0; i < 40; i++) { s = s * 31 + i | 0; if (s % 7 === 3) continue; if (i > 30) break; } print(s);
