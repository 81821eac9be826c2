function f() { try { return g(); } finally { try { throw 1; } catch { return 2; } } } function g() { throw new RangeError('g', { cause: f }); } print(f(), f.name, g.length);
