// encodeURI and its kin, escape and unescape.
const encoders = [encodeURI, encodeURIComponent, escape], decoders = [decodeURI, decodeURIComponent, unescape];
const all = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join('');
for (const f of encoders) {
  check(f.name + ': bytes', () => f(all));
  for (const s of ['', 'abc', 'é', '€', '😀', '\ud83d', '\ude00', 'a\ud83d', '\ud83da', '\ude00\ud83d', '\uffff', '\u0800', '\u07ff', '\ud800\udc00', '\udbff\udfff', '\u0100', '%', '%41'])
    check(f.name + ' ' + show(s), () => f(s));
  check(f.name + ': others', () => [f(), f(null), f(1.5), f([1, 2]), f({})]);
  check(f.name + ': symbol', () => f(Symbol()));
  check(f.name + ': object', () => { const log = []; return [f(argument(log, 'text', 'ü')), log]; });
}
const inputs = ['', 'abc', '%', '%4', '%41', '%4g', '%g1', '%%41', '%C3%A9', '%c3%a9', '%C3', '%C3%', '%C3%4', '%C3A9', '%C3%29', '%80', '%BF', '%C0%80', '%C1%BF', '%E0%80%80', '%E0%9F%BF', '%E0%A0%80', '%ED%9F%BF', '%ED%A0%80', '%ED%BF%BF', '%EE%80%80', '%EF%BF%BF', '%F0%80%80%80', '%F0%8F%BF%BF', '%F0%90%80%80', '%F4%8F%BF%BF', '%F4%90%80%80', '%F5%80%80%80', '%F8%80%80%80%80', '%FE', '%FF', '%E2%82', '%E2%82%AC', '%e2%82%ac%', '%F0%9F%98%80', '%F0%9F%98', '%3B%2F%3F%3A%40%26%3D%2B%24%2C%23', '%3b%2f', '%20%25%00', '%u0041', '%u00e9', '%u', '%u00', '%u004', '%u004g', '%U0041', '%uD83D%uDE00', '%u0041%41', '%0', 'é%41', '😀%41', '%41😀', '+', 'a+b', '%u%41', '%%u0041', '%u-041', '%-1'];
for (const f of decoders) {
  for (const s of inputs) check(f.name + ' ' + show(s), () => f(s));
  check(f.name + ': every byte', () => { let out = ''; for (let i = 0; i < 256; i++) { const s = '%' + (i < 16 ? '0' : '') + i.toString(16); try { out += escape(f(s)); } catch (e) { out += e.name[0]; } } return out; });
  check(f.name + ': others', () => [f(), f(null), f(1.5), f([1, 2]), f({})]);
  check(f.name + ': symbol', () => f(Symbol()));
}
check('round trip', () => { let n = 0; for (let c = 0; c < 0x110000; c += 97) { if (c >= 0xd800 && c < 0xe000) continue; const s = String.fromCodePoint(c); if (decodeURIComponent(encodeURIComponent(s)) !== s || decodeURI(encodeURI(s)) !== s || unescape(escape(s)) !== s) n++; } return n; });
check('error', () => { try { decodeURI('%'); } catch (e) { return [e.name, e instanceof URIError, e.message]; } });
check('error: encode', () => { try { encodeURI('\ud800'); } catch (e) { return [e.name, e instanceof URIError, e.message]; } });
