// Statements that strict code must refuse wherever they stand, as templates (tree.mjs); and scripts that are refused
// outside of functions.  `¶` is a line break.  Left out: what this Node finds out only when it runs (`f() = 1`).
import { templates } from './tree.mjs';

const statements = `
// names that are declared twice
let #1 = $e; let #1;
let #1; var #1;
{ let #1; { var #1 = $l; } }
const #1 = $e; function #1() {}
class #1 {} class #1 {}
class #1 {} let #1;
{ function #1() {} ‹let #1;|function #1() {}|var #1;|class #1 {}› }
function #1(a, ‹a|b, a|[a]|{a}|{b: a}|{b: [a]}|...a|...[b, a]›) {}
((a, ‹a|[b, a]|{a}|{b: a = 1}|...a›) => $l);
(function ([a, a]) {});
({m({a, b: a}) {}});
class #1 { ‹static |›m(a, a) {} }
(function (#1) { let #1; });
((#1) => { ‹let|const› #1 = 1; });
({m(#1) { class #1 {} }});
try { log(1); } catch (#1) { ‹let #1;|const #1 = 1;|class #1 {}|function #1() {}› }
try { log(1); } catch ([#1, ‹#1|{a: #1}|...#1›]) { }
for (let #1 of $I) { var #1; }
for (const #1 in $o) { var #1; }
for (let #1 = 0; #1 < 1;) { var #1; }
for (let #1, #1; ;) { }
for (‹let|const› [#1, #1] of []) { }
switch ($e) { case 1: let #1; case 2: ‹let #1;|var #1;|function #1() {}|class #1 {}› }
let [#1, #1] = $a;
const {a: #1, ...#1} = $o;
let {a: #1}, #1 = 1;
// declarations without what they need
const #1;
const #1 = 1, #2;
for (const #1; ;) { }
let ‹[#1]|{a: #1}|{#1}›;
var ‹[#1]|{a: #1}›;
let let = 1;
const ‹{a: let}|[let]› = $e;
for (let of $I) { }
for (let #1 = 1 of $I) { }
for (let #1, #2 of $I) { }
for (‹let|var|const› #1 = 0 in $o) { }
for (var #1, #2 in $o) { }
for (let = 0; ;) { }
for (var #1 of $l, $l) { }
for (#1 of) { }
// what cannot be assigned to
var #1; (#1 + 1) ‹=|+=|&&=› $e;
var #1; (#1 + 1)‹++|--›;
‹++|--›‹1|'a'|this|(1)|null|typeof 1›;
‹1|'a'|this|(2)›‹++|--›;
(‹{a: 1}|{a: 1, b}|{a: f()}|{a: this}|{a: 1 + b}|{a: (b = 1)}|{a: [1]}|{m() {}}|{get a() {}}|{...{a}}|{...[a]}|{...a, b}|{'a'}|{1}|{this}|{a: b ? c : d}› = $e);
(‹{a}|[a]›) = $e;
(‹[1]|[f()]|[a + 1]|[...a, b]|[...a,]|[this]|[(a = 1)]|[() => 1]|[[1]]|[{a: 1}]|[...1]|[...(a = 1)]› = $e);
[(‹[a]|{a}›)] = $e;
({a: (‹[a]|{a}›)} = {});
‹new.target|(new.target)› = $e;
(() => 1) = $e;
() => 1 = $e;
(a, b) = $e;
a?.b = $e;
a?.[0].c += $e;
‹++a?.b|a?.b--|[a?.b] = []|({x: a?.b} = {})›;
for (‹1|a + 1|a?.b|this|'a'|(a, b)|new.target› ‹of|in› $e) { }
for (‹[1]|{a: 1}|[...a, b]› of $e) { }
({a = 1});
[{a = 1}].x;
call({a = $l});
// eval and arguments
‹eval|arguments› ‹=|+=|??=› $e;
‹eval|arguments›‹++|--›;
‹let|var|const› ‹eval|arguments› = $e;
function ‹eval|arguments›() {}
(function ‹eval|arguments›() {});
(‹eval|arguments›) => $l;
‹eval|arguments› => $l;
(function (‹eval|arguments|{eval}|[arguments]|a = 1, eval|...arguments›) {});
(‹{eval}|{a: arguments}|[eval]|[...arguments]|{arguments = 1}|{...eval}› = $e);
for (‹eval|arguments› ‹of|in› $e) { }
try { log(1); } catch (‹eval|arguments|[eval]|{arguments}›) { }
class ‹eval|arguments› {}
// delete of a name
var #1; delete #1;
var #1; delete ‹(#1)|((#1))|(((#1)))›;
delete undefined;
delete log;
class #1 { #2; m() { delete this.##2; } }
class #1 { #2; m(a) { delete ‹a?.##2|(this.##2)|((a.##2))|a.b.##2›; } }
// numbers and texts
log(‹010|00|07|08|09.5|0777|019›);
log(‹0b2|0b|0o8|0o|0x|0xg|1_|1__0|0_1|1e|1e+|1_.5|._5|1._5|1e_5|0x_1|0b1_|1a|3in []|0b1a|1.5e3x|5.x|0x1n_›);
log(‹'\\01'|'\\1'|'\\7x'|"\\08"|'\\8'|"\\9"|'a\\00'|'\\xg1'|'\\x1'|'\\u12'|'\\u{110000}'|'\\u{}'|'\\u{g}'|"\\u{1"|'a¶b'|"a¶b"›);
log(\`‹\\01|\\1|\\8|\\xg|\\u{110000}|\\u12|\${1}\\07›\`);
log(‹/(/|/)/|/[/|/a/gg|/a/q|/[b-a]/|/a{2,1}/|/(?<a>.)(?<a>.)/|/\\k<b>(?<a>.)/|/{1}/u|/\\u{110000}/u|/(?<=a)*/u|/a/uv|/\\p{Foo}/u|/*/|/+/|/a**/|/\\/|/(?<1>a)/|/(?a)/|/\\1/u|/[\\d-z]/u|/a/\\u0067|/]/u|/\\c/u|/[[a]/v|/[(]/v|/(?<!a)+/u|/x{99999999999999999999,1}/›);
var #1\\u002d;
var ‹\\u0030a|a\\u{2E}b|a\\u12|\\u{110000}|a\\x61›;
log(a\\u{20}b);
var a‹@|¬|→|"|'›;
// reserved words
‹let|var|const› ‹public|interface|private|static|implements|package|protected|yield|enum|class|if|null|true|this|typeof|new|super|import|export|extends|default|void|in› = $e;
function ‹public|interface|static|yield|enum|let|while|null›() {}
(function (‹public|static|yield|enum|let|this|false›) {});
(‹public|static|yield|enum|let›) => $l;
class ‹public|static|yield|enum|let|if› {}
‹public|interface|package|static|yield|enum|implements› ‹= $e|++|.a|(1)|+ 1›;
({‹if|public|static|class|yield|enum|true|let›});
({‹if|public|static|yield|let›} = {});
({a: ‹if|public|yield|let|class›} = {});
‹v\\u0061r x|l\\u0065t x|n\\u0065w Object|typ\\u0065of 1|th\\u0069s|f\\u006fr (;;) break|tru\\u0065|\\u{69}f (1) log(1)|retur\\u006e 1|cl\\u0061ss A {}|d\\u0065lete a.b|(1 \\u0069n {})|supe\\u0072.x›;
({g\\u0065t x() {}});
class #1 { st\\u0061tic x() {} }
class #1 { ‹s\\u0065t|g\\u0065t› x(v) {} }
new.t\\u0061rget;
for (var a o\\u0066 []) { }
try {} c\\u0061tch {}
// jumps and labels
(function () { break; });
(function () { continue; });
(() => { if ($e) break; });
for (;;) { (() => { ‹break|continue›; })(); break; }
for (;;) { (function () { ‹break|continue›; })(); break; }
switch (1) { case 1: (() => { break; })(); }
(() => { switch (1) { case 1: continue; } });
‹break|continue› #1;
for (;;) { ‹break|continue› #1; }
#1: { for (;;) continue #1; }
#1: { continue #1; }
#1: if (1) { for (;;) { continue #1; } }
#1: #1: log(1);
#1: { #1: log(1); }
#1: for (;;) { #2: for (;;) { #1: ; } }
#1: while (0) { (() => { break #1; })(); }
#1: while (0) { class #2 { static { break #1; } } }
for (;;) { class #1 { static { ‹break|continue›; } } break; }
{ #1: ; } for (;;) { break #1; }
#1: function #2() {}
#1: ‹let #2;|class #2 {}|const #2 = 1;|#3: function #2() {}›
if ($e) ‹function #1() {}|class #1 {}|let #1;|const #1 = 1;|let [#1] = $a;›
if ($e) ; else ‹function #1() {}|class #1 {}|let #1;|const #1 = 1;›
while (0) ‹function #1() {}|class #1 {}|let #1;|const #1 = 1;›
for (;0;) ‹function #1() {}|class #1 {}|let #1;|const #1 = 1;|#2: function #1() {}›
for (const #1 of []) ‹function #2() {}|class #2 {}|let #2;›
for (const #1 in []) ‹function #2() {}|let #2;›
do ‹function #1() {}|class #1 {}|let #1;› while (0);
‹public|static|yield|enum|if|let›: log(1);
// super, new.target, return, await, yield
(function () { ‹super.x|super[0]|super()|super|(() => super.x)|super?.x|super.x = 1|delete super.y› });
((a = ‹super.x|super()›) => a);
function #1() { ‹super()|super.a()|(() => super())› }
({m() { super(); }});
({a: function () { return super.x; }});
({a: () => ‹super.x|super()|super[a]›});
({get a() { super(); }});
class #1 { constructor() { super(); } }
class #1 extends null { m() { super(); } }
class #1 extends null { ‹static |›get m() { super(); } }
class #1 extends null { x = super(); }
class #1 extends null { static x = super(); }
class #1 extends null { static { super(); } }
class #1 extends null { constructor() { (function () { super(); })(); } }
class #1 extends null { constructor() { ‹super|new super()|new super|super?.x|super\`x\`|super = 1|super.#x|super++› ; } }
class #1 extends super.x {}
class #1 { [super.x] = 1; }
class #1 { static { return; } }
class #1 { static { (() => { await; })(); await; } }
class #1 { static { ‹await|yield› ; } }
class #1 { static { var await; } }
class #1 { static { let #2; var #2; } }
class #1 { ‹x = arguments|static x = arguments|x = () => arguments|static { arguments; }|[1] = $l + arguments.length|static { (() => arguments); }› }
new.‹foo|target2|Target|this›;
‹new.target++|--new.target|new.target = 1|[new.target] = []|({a: new.target} = {})|for (new.target of []) ;›;
‹await 1|await $l|yield 1|yield|yield* []|x = yield›;
(() => { await $l; });
// classes
class #1 { constructor() {} ‹constructor() {}|'constructor'() {}|m() {} constructor() {}› }
class #1 { ‹get|set› constructor(‹|v›) {} }
class #1 { ‹get constructor() {}|set constructor(v) {}|get 'constructor'() {}|set "constructor"(v) {}› }
class #1 { ‹constructor|'constructor'› = $l; }
class #1 { ‹constructor|'constructor'|static constructor|static 'constructor'›; }
class #1 { static ‹prototype() {}|get prototype() {}|set prototype(v) {}|'prototype'() {}|prototype = 1|prototype|'prototype'› }
class #1 { #constructor‹|() {}| = 1›; }
class #1 { ‹##2; ##2|##2; static ##2|##2; ##2() {}|##2() {} get ##2() {}|get ##2() {} get ##2() {}|get ##2() {} static set ##2(v) {}|static get ##2() {} set ##2(v) {}|get ##2() {} set ##2(v) {} ##2›; }
class #1 { m() { return this.##2; } }
class #1 { m() { return ##2 in this; } }
class #1 extends (o => o.##2) { ##2; }
(() => this.##1);
log(##1 in $o);
class #1 { ##2; m() { return ##2 ‹+ 1|.a|()|›; } }
class #1 { ##2; m(o) { return 1 ‹+|<|<<› ##2 in o; } }
class #1 { ##2; m(o) { (##2) in o; } }
class #1 { ##2; m() { ({##2: 1}); } }
class #1 { ##2; m(o) { o.‹# #2|[##2]›; } }
({##1: 1});
class #1 { ‹x y|x = 1 y|x() {}, y() {}|x: 1|static get x|get x|set x|() {}|if () |*|var x|let x; let y|x = 1, y = 2|...x|static static static|#|# a|"use strict"() x|[x|[]()|[1, 2]() {› }
class #1 { ‹get x(a) {}|set x() {}|set x(a, b) {}|set x(...a) {}|static get x(a) {}|get x = 1|set #x() {}› }
class #1 extends $l, $l {}
class extends $c {}
class #1 extends {}
class #1 extends () => 1 {}
class #1 extends a = 1 {}
class #1 { constructor() }
class #1 { m() { } ‹) |] |› 
(class { static m() { super(); } });
// literals
({‹__proto__: 1, __proto__: 2|'__proto__': 1, __proto__: null|"__proto__": 1, a, '__proto__': 2›});
({‹get a(x) {}|set a() {}|set a(x, y) {}|set a(...x) {}|get a: 1|get a|a b|,|a:|1|'a'|a.b|[a]|a() 1|get [a]|...|:1|a: 1 b: 2|a, , b|a;|get a() {} b|[a, b]: 1|#a: 1›});
[‹...|1 2|...,|1; 2|:›];
log(‹1 2|...|, 1|1,, 2|1;|a: 1›);
// functions
(function (‹a = 1|{a}|[a]|...a›) { 'use strict'; });
((‹a = 1|{a}|[a]|...a›) => { "use strict"; });
({m(‹a = 1|{a}|[a]|...a›) { 'use strict'; }});
class #1 { ‹constructor|static m|set a›(‹{a}|[a]|a = 1›) { 'use strict'; } }
(function (‹...a, b|...a,|...a = []|a,, b|, a|a b|1|a.b|'a'|(a)|{a: 1}|[1]|{a: b.c}|[...a, b]|{...[a]}|{...{a}}|this›) {});
(‹...a, b|...a,|...a = []|1|a.b|'a'|(a)|a + b|{a: 1}|[1]|{a: b.c}|[a.b]|{...[a]}|a, 1|(a), b|...(a)|[(a)]|{a: (b)}|this|f()|{m() {}}|{get a() {}}›) => $l;
(a)¶=> $l;
a¶=> $l;
()¶=> { };
() => {} ‹\\|\\| 1|+ 1|? 1 : 2|()|.a|[0]|, 1 => 2|\`t\`|=> 1|in {}|?.a|** 2›;
a => {} a;
(a, ...b);
(a, );
();
(...a);
function (a) {}
function #1 {}
function #1() => 1;
function #1(a {} 
(function #1() { ) });
// operators
$l ?? $l ‹\\|\\||&&› $l;
$l ‹\\|\\||&&› $l ?? $l;
‹-|+|!|~|typeof |void |delete ›$l ** 2;
‹-|!|typeof ›(1) ** $l;
throw¶$e;
var a, b; a¶++¶;
log(1)¶++;
new a?.b();
new a?.();
a?.‹\`t\`|b\`t\`|¶\`t\`|[0]\`t\`›;
a?.b = 1;
$l ? $l;
$l ? : $l;
‹* 2|/ |% 3|=> 1|= 1|.a|?.a|, 1|? 1 : 2|** 2|&& 1|in {}|) |] |} ) |: 1|++|--|!|~ |typeof|new|... a›;
log($l +);
log(‹!|typeof|-|new|delete|void›);
a ‹b|1|'a'|{}|this› ;
a ? b : c = ;
// statements that are not whole
if $e log(1);
if (‹|;|let a|var a = 1|1; 2›) log(1);
else log(1);
case $l: log(1);
default: log(1);
catch (e) { }
finally { }
try { log(1); }
try log(1); catch (e) { }
try { } catch { } catch { }
try { } finally { } finally { }
try { } catch (‹e, f|e = 1|1|e.a|(e)|...e|› ) { }
switch ($e) { default: default: }
switch ($e) { log(1); }
switch ($e) { case: log(1); }
do ; while $e;
do log(1) log(2); while (0);
while () ;
for (;) ;
for (;;;) ;
for (‹a; b|;|› ) ;
for (var i, ;;) ;
for (a b of []) ;
for (let a of [] of []) ;
for (a in {}; ;) ;
for (const ‹a|a, b = 1|[a]› ;;) ;
for await (const a of []) ;
with ($o) log(1);
var ;
var 1a;
var a b;
var a = ;
var a, ;
let ;
const a = 1 b = 2;
return¶1¶) ;
import #1 from 'x';
import 'x';
import {a} from 'x';
export const #1 = 1;
export default 1;
import.meta;
‹@|#|\\\\|№› a;
`;
export const early = templates('s', statements);

export const outermost = ['return 1;', 'if (1) return;', 'new.target;', '() => new.target;', 'super.x;', 'super();', '() => super();', 'break;', 'continue;', 'a: ; b: { break a; }', 'let a; let a;', 'var a; let a;', 'let a; var a;', 'let a; { var a; }',
  'function a() {} let a;', 'const a = 1; function a() {}', 'class a {} var a;', 'await 1;', 'yield 1;', 'let [a, a] = [];', 'class A { static { return; } }', '{ return; }', 'this = 1;', 'delete a;', '010', '"\\01"', 'arguments = 1', 'let arguments;', "'\\07'; 'use strict';", 'let a\nlet a', 'import a from "a"', 'export {}', 'const a', 'if (0) function f() {}', '}', '{', '(', '`', '`${', '/a', "'a", '/*', '*/', 'var a = {', 'function f() {', '#!x', '#a in b', '<!-', 'class A extends B { constructor() { super() }', 'a =>', '() =>'];
