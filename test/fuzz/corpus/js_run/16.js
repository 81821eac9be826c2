const tag = (s, ...v) => s.raw.join('|') + v; print(tag`a${1}\n${2}\u0041`, `x${`y${1 + 1}`}z`, tag === tag, (() => tag`c`)() === tag`c`);
