// What programs are made of, as templates (tree.mjs): `$e` any expression, `$v` variable, `$l` literal, `$n` number,
// `$i` small number, `$j` a length, `$s` text, `$a` array, `$o` object, `$k` key, `$p` name of a property, `$f` callback, `$F` function,
// `$r` regular expression, `$d` date, `$m` map, `$M` set, `$t` typed array, `$y` symbol, `$c` class, `$I` iterable, `$x` what
// can be assigned to, `$q` pure arithmetic of u and w, `$b` statements in a scope of their own,
// `$C` a change of the objects of the statement it stands in, `$D` descriptor, `$H` a hot loop.  The number in front of a template is its weight.

export const numbers = ['0', '1', '2', '-1', '3', '7', '10', '0.5', '-0', '1.5', '100', '255', '256', '65535', '2147483647', '2147483648', '-2147483648', '-2147483649',
  '4294967295', '4294967296', '1073741823', '1073741824', '-1073741824', '1e21', '1e20', '123e-20', '1e-7', '1e-6', '0.1', '0.2', 'NaN', 'Infinity', '-Infinity', '9007199254740991', '9007199254740993',
  '123456789', '0x1F', '0b101', '0o17', '1_000', '.5', '5.', '5e-324', '1.7976931348623157e308', '46341', '65536', '-7', '1.45', '99.995', '-2.5', '12345.678'];
export const strings = ["''", "'a'", "'abc'", "'0'", "'12'", "'-1.5'", "' x '", "'é'", "'😀z'", "'a,b,c'", "'aXbX'", '"q\\n"', "'\\u0000'", "'length'", "'x1'", "'0x10'",
  "'1e3'", "'Infinity'", "'a long text that is more than a few units'", "'\\ud83d'", "'\\ude00x'", "'2024-02-29T12:30:00Z'", "'k1=v1;k2=v2'", "'foo@bar.com'", "'ǅ ß İ'", "'[1,{\"a\":2}]'",
  "'aaa'", "'abcabc'", "'The Quick brown'", "'$1$&'", "'-'", "'undefined'", "'1,2'", "'%41'", "'\\t1 '", "'4294967295'", "'-0'", "'01'", "'日本語'", "'b'", "'__proto__'", "'a\\u2028b'"];
export const keys = ["'a'", "'b'", "'c'", "'x'", "'y'", "'length'", "'k0'", "'k1'", "'toString'", "'valueOf'", "'constructor'", "'name'", "'0'", "'1'", "'2'", "'-1'", "'01'", '0', '1', '2', '3', '-1',
  '0.5', "'4294967295'", '4294967296', 'Symbol.iterator', 'Symbol.toPrimitive', "'__proto__'", "'prototype'", 'sym', "''", 'null', 'undefined', 'true', 'Symbol.toStringTag'];
export const properties = ['a', 'b', 'c', 'x', 'y', 'k0', 'k1', 'a', 'b', 'x', 'length', 'name', 'get1', 'f0', 'f1', 'm', 'm2', 'default', 'size', 'if', 'd', 'e'];
export const plainProperties = ['d', 'e']; // never accessors

export const regexes = ['/a|b/', '/[a-c]/g', '/\\d+/g', '/(\\w)(\\d)?/', '/(?<k>\\w+)=(?<v>\\w+)/g', '/[,x]/', '/^\\s+|\\s+$/g', '/./gu', '/./g', '/(?:)/g', '/(a)|(b)/g', '/(?=b)/', '/(?<=a)b/g', '/B/i', '/^b/m', '/x*/y',
  '/\\b/g', '/[^]/', '/(.)\\1/g', '/\\u{1F600}/u', '/(\\d{4})-(\\d\\d)/', '/a/gy', '/[é-ü]/iu', '/\\p{Lu}/gu', '/(?:a(b)?)+/g', '/$/', '/a{2,}?/', '/(z)((a+)?(b+)?(c))*/', '/[^\\W\\d]+/g', "new RegExp(‹$s|'(' + 'a' + ')'|/b/g|/b/›‹|, 'g'|, 'gi'|, 'z'|, ''›)"];

// ---- expressions, by what comes out ----------------------------------------------------------------------------

export const anyExpressions = `
12 ($e ‹+|+|+|-|*|/|%|&|\\||^|<<|>>|>>>|<|>|<=|>=|==|!=|===|!==› $e)
3 ($e + $e)
2 (($e) ** $n)
4 ($e ‹&&|\\|\\|› $e)
3 ($e ?? $e)
5 ($e ? $e : $e)
4 (‹!|-|+|~|typeof |void |!!|- -›$e)
3 ($e, $e)
3 ($k in $o)
3 ($o instanceof ‹Object|Array|Function|Error|Map|$c›)
2 ($e instanceof $o)
3 delete $o‹.$p|[$k]›
6 get($e, $k)
6 $o.$p
4 $o?.$p‹|?.$p|.$p|[$k]|?.[$k]|?.()|.x?.y.z›
5 $o[$k]
2 $e?.‹[$k]|$p›
6 call($e‹|, $e|, $e, $e›)
2 call($F, ‹$e, $e|...$I|...$a, $e›)
3 $F.‹call($e, $e)|apply($e, $a)|bind($e, $e)|bind($e)($e)|length|name|toString()|call()|apply($e, arguments)›
2 ($X = $e)
4 ($x ‹=|+=|-=|*=|%=|/=|\\|=|&=|^=|<<=|>>=|>>>=|??=|\\|\\|=|&&=› $e)
1 ($x **= $n)
5 ‹($x++)|($x--)|(++$x)|(--$x)›
4 new $c(‹|$e|$e, $e|...$I›)
5 new $c(‹|$e|$e, $e›).‹m|m2|get1|f0|f1|$p›‹|($e)|(), $e›
3 $c.‹m|m2|f1|s1|prototype|name|length|$p›‹|($e)›
1 Object.create($c.prototype).‹m|get1|m2›
2 attempt(() => $e)
1 attempt(function () { return $e; })
2 ((#1) => $e)($e)
1 conv($e)
1 prim($e)
2 \`‹t|›\${text($e)}‹|-\${$n}|\\n\${$e}›\`
1 tag\`‹a|\\\\n|\\\\x›\${$e}‹|b\${$e}|\\u0041\\\${›\`
1 new.target
2 this
1 this?.$p
1 arguments‹.length|[$i]|›
1 [...arguments].length
1 Symbol‹.for($s)|($s)|.keyFor($y)|›
1 $y‹.description|.toString()|›
1 Object($e)
2 JSON.parse(‹JSON.stringify($e)|$s|'[1,"a",{"b":null,"c":[true,1e3]}]'|'{"a":1,"__proto__":2,"a":3}'|'-0'|' [1 ,2] '|'[1,]'|'"\\\\ud83d\\\\u0041"'›‹|, (k, v) => { log(k); return ‹v|k === 'a' ? undefined : v|typeof v === 'number' ? -v : v›; }|, function (k, v) { return Array.isArray(this) ? v : $l; }›)
2 $m.‹get($e)|set($e, $e)|has($e)|delete($e)|size|forEach((v, k) => { log(k); })|clear()›
2 $M.‹add($e)|has($e)|delete($e)|size|forEach((v, k) => { log(v); })›
1 $r.‹exec($s)|source|flags|lastIndex|global|toString()|test($s)›
2 $r[Symbol.‹match|search|split|matchAll›]($s)‹|.length›
2 Reflect.‹get($o, $k‹|, $o›)|set($o, $k, $e‹|, $o›)|has($o, $k)|ownKeys($o)|getPrototypeOf($o)|setPrototypeOf($o, ‹$o|null›)|deleteProperty($o, $k)|apply($F, $e, $a)|construct($c, $a‹|, $c›)|isExtensible($o)|preventExtensions($o)|getOwnPropertyDescriptor($o, $k)|defineProperty($o, $k, $D)›
2 Object.‹defineProperty($o, $k, $D)|defineProperties($o, {a: $D, x: $D})|getOwnPropertyDescriptor($o, $k)|getOwnPropertyDescriptors($o)|freeze($o)|seal($o)|preventExtensions($o)|isFrozen($o)|isSealed($o)|isExtensible($o)|getPrototypeOf($e)|setPrototypeOf($o, ‹$o|null|$e›)|create(‹$o|null|$e›‹|, {a: $D}›)|assign($o, $e, $o)|fromEntries(‹Object.entries($o)|$a|$m›)|is($e, $e)|hasOwn($o, $k)›
1 $o.‹hasOwnProperty($k)|propertyIsEnumerable($k)|isPrototypeOf($o)|toString()|valueOf()|toLocaleString()›
1 Object.prototype.toString.call($e)
1 Array.prototype.‹map|slice|concat|indexOf|join|includes|reverse|pop|push|fill|splice|flat|at|some|shift|unshift|lastIndexOf|copyWithin|with›.call(‹$o|{length: $j, 0: $e, 2: $e}|$s›‹|, $e|, $f›)
1 $d.‹getTime()|toISOString()|toJSON()|setMonth($i‹|, $i›)|setDate($n)|setHours($n‹|, $n|, $i, $i, $i›)|setFullYear($n)|setMinutes($n)|setUTCDate($i)|setTime($n)|setUTCHours($i, $i)|setSeconds($n, $n)|setMilliseconds($n)›
1 ($d ‹-|<|+|>=|==|-› $d)
1 $d[Symbol.toPrimitive](‹'number'|'string'|'default'|$e›)
1 $t.‹length|at($i)|[$i]|fill($e)|set($a)|indexOf($e)|includes($e)|subarray($i, $i)|map($f)|sort()|byteLength|join()|reduce((u, w) => u + w, 0)|with($i, $e)|BYTES_PER_ELEMENT|lastIndexOf($e)|findLast($f)|every($f)›
1 ($t[$i] ‹=|+=|\\|=|??=› $e)
1 new (class extends $c { ‹get1 = $e;|constructor() { super($e); log(this); }|constructor() { $e; super(); }|constructor() { ‹|super();› return $e; }› })()
2 patched(‹Array.prototype, Symbol.iterator|Array.prototype, 'push'|Object.prototype, 'a'|Array.prototype, '1'|String.prototype, Symbol.iterator|RegExp.prototype, 'exec'|Map.prototype, 'set'|Array, Symbol.species|Object.prototype, 'toJSON'|Number.prototype, 'valueOf'|String.prototype, 'toString'|Function.prototype, Symbol.hasInstance|Array.prototype, 'constructor'|Object.prototype, 'then'|Array.prototype, 'toString'|Object.prototype, '1'|Date.prototype, 'valueOf'|Set.prototype, 'add'›, ‹{value: $e, writable: true, configurable: true}|{value: $F, writable: true, configurable: true}|{get() { log('patched'); return $e; }, configurable: true}|{get() { return $l; }, set(v) { log('set'); }, configurable: true, enumerable: true}|{value: $l, configurable: true, enumerable: true}›, () => $e)
`;

export const numberExpressions = `
4 Math.‹abs|floor|ceil|round|trunc|sign|sqrt|sin|cos|tan|exp|log|log2|log10|log1p|expm1|cbrt|fround|clz32|atan|sinh|tanh|asinh›($n)
3 Math.‹max|min|hypot|pow|imul|atan2›($n, $n‹|, $n›)
1 Math.‹max|min|hypot›(‹|...$a|$e›)
2 ($n ‹+|-|*|/|%|&|\\||^|<<|>>|>>>› $n)
2 parseInt($s‹|, 10|, 16|, 2|, 36|, $i|, undefined›)
2 ‹parseFloat|Number›($s)
1 (+$s)
1 Number($e)
1 $s.‹length|charCodeAt($i)|codePointAt($i)|indexOf($s‹|, $i›)|lastIndexOf($s‹|, $n›)|search($r)|localeCompare.length›
2 $a.‹length|indexOf($e‹|, $i›)|lastIndexOf($e)|push($e)|unshift($e)|findIndex($f)|findLastIndex($f)›
1 $d.‹getTime|getFullYear|getMonth|getDate|getDay|getHours|getMinutes|getSeconds|getMilliseconds|getTimezoneOffset|getUTCDay|getUTCHours|valueOf|getUTCFullYear›()
1 Date.‹UTC($n, $i‹|, $i|, $i, $n›)|parse(‹'2024-02-30'|'2023-03-26T02:30'|'2024-02-29T12:30:00+05:30'|'+012345-01-01'|'2024-13-01'›)›
1 Number.‹EPSILON|MAX_SAFE_INTEGER|MIN_VALUE|parseFloat($s)|MAX_VALUE›
1 ~~$n
1 Math.‹floor|ceil|round|trunc›(-$n)
1 (-$i % $i)
1 ($i * -0)
1 $m.size
`;

export const stringExpressions = `
2 $s.‹slice|substring|substr›(‹|$i|$i, $i|$n|undefined, $i›)
2 $s.‹toUpperCase|toLowerCase|trim|trimStart|trimEnd|toString|toWellFormed|normalize›()
1 $s.‹charAt($i)|concat($e)|repeat(‹0|1|2|3›)|at($i)|padStart(‹$i|12›‹|, $s›)|padEnd(‹$i|12›‹|, $s›)|big()|anchor($s)›
3 $s.‹replace|replaceAll›(‹$s|$r|$r›, ‹$s|'[$&]'|'<$1>'|'$\`$\\''|'$<k>'|'$$'|(m, i) => m + typeof i|(...z) => z.length|(m) => { log(m); return $e; }|$F›)
2 $a.join(‹|$s|$e›)
3 JSON.stringify(‹$e|$e|$e|$a|$o|$d|$m|{toJSON(k) { log(k); return $e; }}›‹||, null, 2|, null, ‹3|'ab'|$s|true|null|11|-1›|, ['a', 'b', 1]|, (k, v) => { log(k); return ‹v|$e|k === 'a' ? undefined : v›; }|, null, '--'|, null, 20›)
2 $n.‹toString(‹|2|16|36|3|10›)|toFixed(‹|0|1|2|5|20›)|toPrecision(‹|1|3|10|21›)|toExponential(‹|0|3|15›)›
2 String($e)
1 typeof $e
1 String.‹fromCharCode($n‹|, $n|, 0xd83d, 0xde00›)|fromCodePoint($i, 97‹|, 0x1f600|, $n›)|raw\`‹a\\n|\\\\u›\${$e}\`|raw({raw: $e}, $e)›
1 ‹encodeURIComponent|encodeURI|decodeURIComponent|decodeURI|escape|unescape›($s)
2 ($s + $e)
1 ($n + $s)
1 [$e, $e] + ''
1 dateText($d)
1 rope($s, $i)
1 $y.toString()
1 $r.‹source|flags|toString()›
`;

export const arrayExpressions = `
3 $a.‹map|filter|flatMap›($f‹|, $e›)
2 $a.‹slice|toSpliced|splice›(‹|$i|$i, $i|$i, $i, $e›)
1 $a.concat(‹|$e|$a|$a, $e›)
1 $a.‹reverse|toReversed|flat|keys().next|valueOf›()
1 $a.flat(‹$i|Infinity›)
1 $a.fill($e‹|, $i|, $i, $i›)
1 $a.copyWithin($i, $i‹|, $i›)
2 $a.‹sort|toSorted›(‹|compare|(u, w) => compare(w, u)|(u, w) => { throw new RangeError('§sort'); }|undefined|$l›)
1 $a.with($i, $e)
2 [...$a.‹keys|entries|values›()]
2 [...$I]
1 Array.from(‹$I|$o|$s|$m|{length: $j, 1: $e}›‹|, (v, i) => i|, $f›)
1 Array.of($e, $e)
1 ‹|new ›Array(‹$j|$e, $e›)
2 $s.split(‹|$s|$r|$s, $i|$r, $i|''›)
2 arr($s.match($r))
1 [...$s.matchAll(‹$r|/./g›)]
1 Object.‹keys|values|entries›(‹$e|$o|$a|$s›)
1 Object.getOwnPropertyNames($o)
1 Reflect.ownKeys($o)
1 [...$m.‹keys|values|entries›()]
1 [...$M]
1 Array.from($t)
1 [...$t‹|.entries()›]
1 Array.prototype.slice.call(arguments)
`;

export const booleanishExpressions = `
2 $a.‹some|every›($f)
2 $a.‹find|findLast›($f)
3 $a.‹reduce|reduceRight›((u, w) => ‹$q|$e|[u, w]›, $e)
1 $a.‹reduce|reduceRight›((u, w) => ‹$q|$e›)
2 $a.‹includes($e)|pop()|shift()|at($i)›
2 $s.‹includes|startsWith|endsWith›(‹$s|$s, $i|$r›)
1 Array.isArray($e)
2 Number.‹isInteger|isSafeInteger|isFinite|isNaN›($e)
1 ‹isNaN|isFinite›($e)
1 $s.isWellFormed()
2 $r.test($s)
1 $s.match($r)
1 $s ‹<|>|<=|===|==› $s
1 ($s[$i])
1 ($s < $e)
1 $a.forEach($f)
1 $a.length = $j
1 ($a[$j] = $e)
1 Boolean($e)
`;

// ---- statements ------------------------------------------------------------------------------------------------

// Statements that no other part of the grammar makes.
export const statements = `
{ const #1 = [1, $e]; #1[4294967294] = $l; log(#1.length); #1[4294967295] = 1; log(Object.keys(#1)); log(attempt(() => #1.push($e))); log(#1.length); log(attempt(() => { #1.length = ‹2|4294967296|-1|1.5|'3'|$e›; })); log(Object.keys(#1)); }
{ log(attempt(() => #1)); ‹const|let|class|const› #1‹| › ‹= $e|= $F|= $l›; log(#1); }
{ const #2 = () => #1; log(attempt(#2)); let #1 = $e; log(attempt(#2)); #1 = $e; log(#2()); }
{ log(attempt(() => { #1 = 1; })); let #1; log(#1); log(attempt(() => typeof #2)); const #2 = $e; }
{ const #1 = (#2 = #3, #3 = $e) => [#2, #3]; log(attempt(#1)); log(attempt(() => #1(1))); }
{ log(attempt(() => { for (const #1 of [#1]) log(#1); })); log(attempt(() => { for (let #1 in #1) log(1); })); }
{ log(attempt(() => { switch ($l) { case $l: let #1 = 1; default: return #1; } })); }
{ log(attempt(() => class #1 extends #1 {})); log(attempt(() => class #1 { static x = #1.name; [(() => $l)()] = 1; })); }
{ const #1 = $e; log(attempt(() => { #1 = 2; })); log(attempt(() => { #1‹++|+= 1|??= 1|\\|\\|= 1|&&= 1›; })); log(#1); }
{ const #1 = []; for (let #2 = 0; #2 < 3; #2++) { #1.push(() => #2‹|++|--›); ‹#2++;|› } for (const #3 of #1) log(#3()); log(#1.length); }
{ const #1 = []; for (let #2 = 0, #3 = () => #2; #2 < 2; #2++) #1.push(#3, () => #2); for (const #4 of #1) log(#4()); }
{ const #1 = []; for (const #2 of $I) { #1.push(() => #2); if (tick()) break; } log(#1.map(u => u())); }
{ const #1 = {a: $l, b: $e}, #2 = ‹Object.create(#1)|{__proto__: #1, x: 1}›, #3 = u => u.‹a|a|b›; log(#3(#2)); log(#3(#2)); $C; log(attempt(() => #3(#2))); $C; log(attempt(() => #3(#2))); }
{ const #1 = u => attempt(() => { u.a = $l; return u; }), #2 = {a: 1, x: $e}; log(#1(#2)); log(#1({x: 1})); ‹Object.freeze(#2)|Object.defineProperty(#2, 'a', {set(v) { log(v); }})|Object.defineProperty(#2, 'a', {writable: false})|Object.preventExtensions(#2)|delete #2.a|Object.seal(#2)›; log(#1(#2)); log(#1({})); log(#1({__proto__: #2})); log(#1([])); log(#1($e)); }
{ const #1 = (u, i) => u[i]; for (const #2 of [$a, $s, $o, $t, $a, arguments, $e]) log(attempt(() => #1(#2, $i))); log(attempt(() => #1($a, $k))); }
{ const #1 = (u, i, v) => { u[i] = v; return u; }; for (const #2 of [$a, [1, 2], [1.5, 2], $t, $o]) log(attempt(() => #1(#2, $i, $e))); }
{ let #1 = ‹''|$s›; for (let #2 = 0; #2 < ‹3|20|70›; #2++) { #1 += ‹$s|#2|$l›; ‹|if (#2 === 9) log(#1.length);|#1 = 'é' + #1;› } log(#1.length); log(#1.slice(-9)); log(#1.charCodeAt($i)); log(get({[#1]: 1}, #1)); log(#1 === #1 + ''); }
{ globalThis.#1 = $e; log(#1); #1 = $e; log(attempt(() => #1‹|++|.a›)); delete globalThis.#1; log(attempt(() => #1)); log(typeof #1); }
{ let #1 = 0; #2: for (const #3 of $I) { for (let #4 = 0; #4 < 3; #4++) { if (++#1 > 9) break #2; if ($e) continue #2; try { if ($e) ‹break|continue› #2; } finally { log(#4); ‹|if ($e) continue;|if ($e) break;› } } } log(#1); }
{ const #1 = () => { for (const #2 of iter($e)) { try { ‹return $e|throw $e|continue|break›; } finally { log('fin'); ‹|return $e;|if ($e) break;|throw $e;› } } return 'end'; }; log(attempt(#1)); }
{ const #1 = () => { try { ‹throw $e|return log('r')|$e›; } catch ‹|(#2) |({name: #2, a: #3 = 1}) ›{ log('c'); ‹|return $e;|throw $e;› } finally { log('f'); ‹|||return $e;|throw $e;› } return 'after'; }; log(attempt(#1)); }
{ const #1 = ‹{a: 1, b: 2, 5: 1, 1: 2}|$o|$a›; for (const #2 in #1) { log(#2); ‹|delete #1.b;|#1.z = 1;|if (tick()) break;› if (tick()) break; } }
{ const #1 = new Map([[1, 'a'], [‹NaN|-0|$e›, 'b'], ['x', $e]]); for (const [#2, #3] of #1) { log(#2); ‹#1.delete(#2);|if (#1.size < 6) #1.set($e, 1);|#1.delete('x');|› if (tick()) break; } log(#1); }
{ const #1 = new Set($I); for (const #2 of #1) { log(#2); ‹#1.delete(#2);|if (#1.size < 6) #1.add($l);|› if (tick()) break; } log(#1); }
{ const #1 = ‹$a|[1, 2, 3, 4]›; log(#1.‹map|filter|reduce|forEach|some|findLast›((u, w) => { ‹#1.length = $j|#1.push(1)|#1[$j] = $e|#1.shift()|delete #1[$i]›; if (tick()) throw new Error('§tick'); return $e; }‹|, $e›)); log(#1); }
{ const #1 = [$e, , $e‹|, ,›]; #1[$j] = $e; ‹|#1.length = $j;|delete #1[0];|#1[70] = 1;|Object.defineProperty(#1, 1, $D);|#1.a = 1;|Object.freeze(#1);› log(#1); log(attempt(() => #1.‹pop()|shift()|reverse()|sort()|indexOf(undefined)|includes(undefined)|concat([, 1])|flat()|join()|push(1)|splice(0, 1)|map(u => 1)|at(-1)|keys().next()|unshift(0)|copyWithin(0, 1)|fill(0)|lastIndexOf($e)|toSorted()›)); log(#1); log(Object.keys(#1)); }
{ const #1 = ‹$r|/b/g|/(a)(?<n>x)?/gd|/./y›; #1.lastIndex = $i; log(attempt(() => #1.‹exec|test›($s))); log(#1.lastIndex); log(attempt(() => $s.‹replace(#1, 'Z')|match(#1)|split(#1)|search(#1)›)); log(#1.lastIndex); }
{ const #1 = $d; log(dateText(#1)); log(attempt(() => #1.set‹Month|Date|Hours|FullYear|Minutes|Time|UTCDate|UTCMonth›($n))); log(#1.getTime()); log(dateText(#1)); log(#1.getTimezoneOffset()); }
{ class #1 extends ‹Array|Map|Error|Object|Set|RegExp|Function|Date|Number|String|Int32Array› { ‹|static get [Symbol.species]() { return ‹Array|undefined|null|Object›; }|a = $e;|get a() { return super.length; }|toString() { return 'T'; }› } const #2 = attempt(() => new #1($e)); log(#2); log(#2 instanceof #1); log(attempt(() => #2.‹map(u => u)|slice()|concat([1])|length|size|a|message|filter(u => 1)|get(1)|toString()|valueOf()|flat()|splice(0, 1)›)); log(attempt(() => #2.constructor.name)); }
{ const #1 = {get ‹a|[$k]›() { log('get'); return $e; }, set ‹a|[$k]›(#2) { log(#2); }, ‹__proto__: $o|['__proto__']: 1|__proto__: null|a: 1›, ‹async|get|set|static|of|b›‹(#2) { return super.toString?.call(this) ?? #2; }|: $e›}; log(#1); log(attempt(() => #1.‹a|get|b|a = 1|a++|b?.(1)|of?.(2)›)); }
{ #1: { log(1); { if ($e) break #1; } log(2); #2: for (;;) { try { break ‹#1|#2›; } finally { log(3); } } log(4); } }
{ const #1 = (...z) => z.length, #2 = ‹[$e, $e]|$I›; log(attempt(() => #1(...#2, 1, ...#2))); log(attempt(() => Math.max(...#2))); log(attempt(() => new Array(...#2))); log(attempt(() => [...#2, ...#2])); log(attempt(() => ({...#2}))); }
{ function #1(a, b = 2, ...c) { return [a, b, c, arguments.length, this === undefined, new.target === undefined]; } log(#1(‹|$e|$e, undefined, $e, 4›)); log(#1.length); log(attempt(() => new #1($e))); log(#1.call($e, $e)); log(attempt(() => #1.bind($e, 1)(2, 3))); log(attempt(() => new (#1.bind(null, 5))())); }
{ var #1 = $e; { function #1f() { return #1; } log(attempt(#1f)); #1 = $e; log(#1f()); } log(attempt(() => typeof #1f)); var #1; log(#1); }
{ const #1 = function #2(n) { ‹|if (n > 3) return $e;› log(attempt(() => { #2 = 1; })); return n < 2 ? #2(n + 1) : typeof #2; }; log(#1(0)); log(#1.name); }
{ const #1 = {a: 1, get b() { log('b'); return 2; }, [$k]: $e, ...$o}, {a: #2, ...#3} = #1; log(#2); log(#3); const {[$k]: #4 = (log('default'), 1), length: #5} = #1; log([#4, #5]); }
{ const #1 = 'k', #2 = {#1: 1, [#1]() { return 2; }, get [#1 + 'g']() { return 3; }, async: 4, 'quoted': 5, 0x10: 6, 1.5: 7, 1e3: 8}; log(#2); log(#2[#1]?.name); }
{ const #1 = [5, $e, 'a'], #2 = #1.‹entries|keys|values›(); log(#2.next()); ‹#1.push(1)|#1.length = 1|#1.length = 0|$e›; log([...#2]); log(#2.next()); log(Object.prototype.toString.call(#2)); }
{ let #1 = 1; const #2 = {valueOf() { #1 *= 2; return #1; }}; log(#2 + #2 * #2); log(#2 < #2); log([#2 - 1, -#2, #2++ ‹+|-› 1].length); }
{ let #1 = 1; log(#1 + (#1 = 5) + #1); log([#1, #1++, #1, #1 += 2, #1]); const #2 = [1, 2]; let #3 = 0; #2[#3++] = #3++; log(#2); #2[#3] = #3 = 1; log(#2); log((#1, #3)); }
{ const #1 = {n: 0, inc() { return ++this.n; }}; #1[#1.inc()] = #1.inc(); #1['x' + #1.inc()] ??= #1.inc(); log(#1); (#1.inc(), #1).n ‹+=|**=|>>>=|&&=› #1.inc(); log(#1.n); }
{ try { null.#1; } catch (#2) { log(#2); } try { undefined[log('key')]; } catch (#2) { log(#2); } try { (void 0)(); } catch (#2) { log(#2); } try { #1x; } catch (#2) { log(#2); } try { new (class { constructor() { this.##3(); } ##3 = $l; })(); } catch (#2) { log(#2); } }
{ const #1 = new Error('§m', {cause: $e}); log(#1); log(#1.message); log(Object.keys(#1)); log(#1 instanceof Error); log(String(#1)); #1.name = $s; log(attempt(() => String(#1))); log(new AggregateError($I, '§agg').errors); }
{ const #1 = attempt(() => new ‹Int32Array|Uint8Array|Float64Array›(‹$j|$a|$I|$t|[1, 2.7, -1, 300, NaN]|{length: 2, 0: 5}›)); log(#1); #1[$j] = $e; #1['-0'] = 1; #1['1.5'] = 2; log(#1); log(attempt(() => #1.‹map(u => u * 2)|filter(u => u)|slice(1)|subarray(1)|toSorted()|reverse()|set([9], 1)|find(u => u)|with(0, 7)|entries().next()|keys().next()|copyWithin(0, 1)|fill(‹2.5|$e›, 1)|sort(compare)|indexOf(1)|toString()|findLast(u => u)|reduce((u, w) => u + w)|toReversed()›)); log(attempt(() => #1.buffer.byteLength)); log(Object.keys(#1)); }
3 { $H }
2 { const #1 = (u, w) => [u + w, u - w, u * w, u % w, u < w, u >= w]; for (const #2 of [0, -1, 5, 2147483647, -2147483648, NaN, $n]) log([-3, 0, 1.5, 2147483647, $n].map(w => #1(#2, w))); }
2 { const #1 = $s + 'The quick brown fox jumps over the lazy dog', #2 = #1.‹slice|substring|substr›(‹1|2|$i›‹|, 40|, -2›); log(#2); log(#2.‹slice|substring›($i)); log(#2.charCodeAt($i)); log(#1.split(‹'x'|$s|$r›)); }
1 { log(attempt(() => [1, '1', $l, 10, '10', 0, true, 'true', null, 'null', '0', $l].‹sort|toSorted›())); }
2 { const #1 = u => [u.a, u.b, u.x, u.y]; for (const #2 of [{a: 1, b: $e, x: 2}, {x: 1, b: 2, a: $l}, $o, {y: 1}]) { log(attempt(() => { delete #2.‹a|b|x›; return #1(#2); })); log(attempt(() => { #2.‹a|b|y› = $e; return #1(#2); })); } }
`;

// What changes under a cache: #1 is the prototype, #2 the object, in the statement that has $C.
export const changes = ['#1.a = $e', '#2.a = $e', 'delete #1.a', "Object.defineProperty(#1, 'a', {get() { log('getter'); return $l; }, configurable: true})", 'Object.setPrototypeOf(#2, {b: 1, a: $l})', 'Object.setPrototypeOf(#1, {a: 5})',
  'delete #1.b', '#1.b = $l', '#2.b = $e', 'delete #2.a', "Object.defineProperty(#2, 'b', {value: $l, enumerable: false})", 'Object.freeze(#1)', 'Object.setPrototypeOf(#2, null)', 'delete #1.a, Object.setPrototypeOf(#1, {get a() { log(this === #2); return 3; }})', 'for (let #5 = 0; #5 < 70; #5++) #2["z" + #5] = #5',
  'for (let #5 = 0; #5 < 70; #5++) #1["z" + #5] = #5', '#3({a: $l}), #3({b: 1, a: 2}), #3([]), #3("s"), #3({x: 0, y: 0, a: $l})', "delete #1.a, patched(Object.prototype, 'a', {value: $l, configurable: true}, () => log(#3(#2)))", '0'];

// Arithmetic without calls, over the names of hot loops.
export const hotExpressions = `
4 ($h ‹+|-|*|&|\\||^› $h)
2 ($h ‹+|-|*› $h)
1 ($h ‹/|%|<<|>>|>>>› $h)
1 ($h ‹/|%› ‹2|3|7|-1|0|0.5›)
1 ‹-|~|+|!›($h)
1 ($h ‹<|>|<=|===|!==|==› $h ? $h : $h)
1 ($h \\| 0)
1 ($h >>> 0)
1 Math.‹imul|max|min›($h, $h)
1 Math.‹abs|floor|round|sqrt|trunc|ceil|fround|clz32›($h)
1 xs[$h & 3]
1 ob.‹a|b›
1 (xs[‹i|s|p› & 3] ‹=|+=› $h)
1 (ob.‹a|b› ‹=|-=|+=› $h)
1 xs.length
`;
export const hotNames = ['s', 't', 'i', 'p', 'q', 's', 'i', '1', '2', '0', '-1', '0.5', '3', '2147483647', '1073741824', '-2147483648', '4294967295', '65537', '7', '-0'];
