// Case of letters, with what becomes several, sigma at the end of words, and what differs by language not at all.
for (const key of ['toUpperCase', 'toLowerCase', 'toLocaleUpperCase', 'toLocaleLowerCase']) {
  check(key, () => ['', 'abc', 'ABC', 'aBc1é', 'ß', 'ŉ', 'ǰ', 'İ', 'ı', 'I', 'i', 'ﬁ', 'ﬀ', 'ﬄ', 'ﬅ', 'և', 'ΐ', 'ΰ', 'ẖ', 'ᾳ', 'ᾼ', 'ῌ', 'Ǆ', 'ǅ', 'ǆ', 'ẞ', 'µ', 'ÿ', 'Ω', 'K', 'Å'].map(s => s[key]()));
  check(key + ': beyond the plane', () => ['\u{10400}', '\u{10428}', '\ud801', '\udc00', '\u{1e900}', '\u{1e943}', '𝐀', 'x\u{10400}y'].map(s => s[key]()));
  check(key + ': every unit', () => { let h = 0, n = 0; for (let i = 0; i < 65536; i++) { const s = String.fromCharCode(i)[key](); if (s !== String.fromCharCode(i)) n++; for (let k = 0; k < s.length; k++) h = (h * 31 + s.charCodeAt(k)) | 0; } return [n, h]; });
  check(key + ': every code point above', () => { let h = 0, n = 0; for (let i = 65536; i < 0x20000; i++) { const s = String.fromCodePoint(i)[key](); if (s !== String.fromCodePoint(i)) n++; for (let k = 0; k < s.length; k++) h = (h * 31 + s.charCodeAt(k)) | 0; } return [n, h]; });
}
check('sigma', () => ['Σ', 'ΑΣ', 'ΑΣ ', 'ΑΣΑ', 'ΣΑ', 'Α Σ', 'Α.Σ', 'ΑΣ.', 'ΑΣ.Α', 'Α\u00adΣ', 'ΑΣ\u00ad', 'Α\u00adΣ\u00adΑ', 'Α\u{1d165}Σ', '\u{1d165}Σ', 'ΑΣ\u{1d165}', 'ΑΣ\u{1d165}Α', 'Α\u0345Σ', 'ΑΣ\u0345', 'ΑΣ\u0345Α', '𝐀Σ', 'ΑΣ𝐀', 'ΑΣΣ', 'ΣΣ', "Α'Σ", "ΑΣ'", '1Σ', 'Σ1', 'aΣ', 'aΣb', '\u02b0Σ', 'A\u02b0Σ', '\u0345Σ', 'A\u180eΣ', 'A\u180eΣB'].map(s => s.toLowerCase()));
check('soft dot', () => ['İ'.toLowerCase(), 'İ'.toLowerCase().length, 'i̇'.toUpperCase(), 'I\u0307'.toLowerCase(), 'J\u0307'.toLowerCase(), '\u00cc'.toLowerCase()]);
check('locale: argument', () => ['I'.toLocaleLowerCase('en'), 'i'.toLocaleUpperCase('en-US'), 'ß'.toLocaleUpperCase(undefined), 'x'.toLocaleUpperCase([])]);
check('upper twice', () => ['ŉ', 'ß', 'ﬃ'].map(s => s.toUpperCase().toUpperCase()));
const latin = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join('');
check('Latin-1', () => [latin.toLowerCase(), latin.toUpperCase(), latin.slice(0, 128).toUpperCase(), latin.slice(0, 128).toLowerCase()]);
