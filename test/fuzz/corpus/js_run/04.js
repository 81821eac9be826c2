const { a = 1, b: { c, ...d } = {}, ...e } = { b: { c: 2, f: 3, g: 4 }, h: 5 }; const [x, , y = x, ...z] = 'abcdef'; print(a, c, d, e, x, y, z);
