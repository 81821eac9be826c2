const a = [3, 1, 2, , 10]; a.sort((x, y) => x - y); a[7] = 1.5; a.length = 6; print(a.map(x => x * 2), a.indexOf(10), a.at(-1), a.flat(), [...a.entries()]);
