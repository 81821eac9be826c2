const it = { i: 0, [Symbol.iterator]() { return this; }, next() { return { done: this.i > 3, value: this.i++ }; }, return() { print('closed'); return {}; } };
for (const v of it) if (v > 1) break; const [p, q] = it; print(Math.max(...it), Array.from(it, x => x + 1), new Set(it).size);
