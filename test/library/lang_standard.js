// Where the standard and Node 20 differ: what the standard says.
checkStandard('derived super in try finally', 'true', () => { class A {} class B extends A { constructor(){ try { return } finally { super() } } } return new B instanceof B });
checkStandard('default ctor no iterator', '2', () => { class A { constructor(...a){ this.a=a } } class B extends A {} const save=Array.prototype[Symbol.iterator]; Array.prototype[Symbol.iterator]=function(){ throw 1 }; try { return new B(1,2).a.length } finally { Array.prototype[Symbol.iterator]=save } });
checkStandard('super base before key', '"ok"', () => { const p={p:'ok'}, p2={p:'bad'}; const o={__proto__:p, m(){ return super[k] }}; const k={toString(){ Object.setPrototypeOf(o,p2); return 'p' }}; return o.m() });
checkStandard('super base before key put', '"ok"', () => { let r; const p={set p(v){ r='ok' }}, p2={set p(v){ r='bad' }}; const o={__proto__:p, m(){ super[k]=1 }}; const k={toString(){ Object.setPrototypeOf(o,p2); return 'p' }}; o.m(); return r });
checkStandard('super base before rhs', '"ok"', () => { let r; const p={set p(v){ r='ok' }}, p2={set p(v){ r='bad' }}; const o={__proto__:p, m(){ super.p=Object.setPrototypeOf(o,p2) }}; o.m(); return r });
checkStandard('super call fetch before args', 'B {a: 1}', () => { class A { constructor(){ this.a=1 } } class X { constructor(){ this.x=1 } } class B extends A { constructor(){ super(Object.setPrototypeOf(B,X)) } } return new B });
checkStandard('delete super uninit this', '["ReferenceError", "Must call", 0]', () => { let n=0; class B extends Object { constructor(){ delete super[n++] } } try { new B } catch(e) { return [e.name, e.message.slice(0,9), n] } });
checkStandard('super null proto key not converted', '["TypeError", 0]', () => { let n=0; const o={__proto__:null, m(){ return super[{toString(){n++}}] }}; try { o.m() } catch(e) { return [e.name,n] } });
{
  const keyed = body => () => { const log = []; const key = name => ({ toString() { log.push('key'); return name; } }); return [body(key, log), log]; };
  checkStandard('compound: a key is converted once', '[7, ["key"]]', keyed(key => { const o = { p: 5 }; return o[key('p')] += 2; }));
  checkStandard('logical: a key is converted once', '[[3, 4, 6], ["key", "key", "key"]]', keyed(key => { const o = { a: 0, b: 1 }; o[key('a')] ||= 3; o[key('b')] &&= 4; o[key('c')] ??= 6; return [o.a, o.b, o.c]; }));
  checkStandard('update: a key is converted once', '[[1, 2, 2, 1], ["key", "key", "key", "key"]]', keyed(key => { const o = { p: 1 }; return [o[key('p')]++, o[key('p')]--, ++o[key('p')], --o[key('p')]]; }));
  checkStandard('compound of null: the key is not converted', '["TypeError", []]', keyed(key => { try { null[key('p')] += 1; } catch (e) { return e.name; } }));
  checkStandard('compound: key before right side', '[1, ["key", "right"]]', keyed((key, log) => { const o = { p: 0 }; o[key('p')] += (log.push('right'), 1); return o.p; }));
  checkStandard('super: a key is converted once', '[3, ["key"]]', keyed(key => { const o = { __proto__: { p: 2 }, m() { super[key('p')] += 1; return this.p; } }; return o.m(); }));
  checkStandard('symbols stay symbols', '[1, []]', keyed(() => { const s = Symbol(), o = { [s]: 0 }, k = { [Symbol.toPrimitive]: () => s }; o[k] += 1; return o[s]; }));
}
