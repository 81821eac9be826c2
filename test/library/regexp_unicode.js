// Properties of code points and of strings: which there are, by number and checksum.
const planes = [[0, 0xd800], [0xdc00, 0x3400], [0xe000, 0x10000], [0x10000, 0x11000], [0x1e000, 0x20000], [0x2f000, 0x30000], [0xe0000, 0xe0200], [0x10ff00, 0x110000]];
function sum(property) {
  const re = new RegExp(`\\p{${property}}`, 'u');
  let n = 0, hash = 0;
  for (const [from, to] of planes)
    for (let code = from; code < to; code++)
      if (re.test(String.fromCodePoint(code))) n++, hash = (hash * 31 + code) | 0;
  return [n, hash];
}
for (const property of ['Lu', 'Ll', 'L', 'Nd', 'Cn', 'Zs', 'Sc', 'Alphabetic', 'ID_Continue', 'Emoji', 'White_Space', 'Script=Latin', 'Script=Greek', 'scx=Arabic', 'sc=Han', 'scx=Zyyy', 'sc=Zzzz', 'Script=Garay', 'Case_Ignorable', 'CWKCF', 'Any', 'Assigned', 'ASCII'])
  check('members ' + property, () => sum(property));
const binary = 'ASCII ASCII_Hex_Digit AHex Alphabetic Alpha Any Assigned Bidi_Control Bidi_C Bidi_Mirrored Bidi_M Case_Ignorable CI Cased Changes_When_Casefolded CWCF Changes_When_Casemapped CWCM Changes_When_Lowercased CWL Changes_When_NFKC_Casefolded CWKCF Changes_When_Titlecased CWT Changes_When_Uppercased CWU Dash Default_Ignorable_Code_Point DI Deprecated Dep Diacritic Dia Emoji Emoji_Component EComp Emoji_Modifier EMod Emoji_Modifier_Base EBase Emoji_Presentation EPres Extended_Pictographic ExtPict Extender Ext Grapheme_Base Gr_Base Grapheme_Extend Gr_Ext Hex_Digit Hex IDS_Binary_Operator IDSB IDS_Trinary_Operator IDST ID_Continue IDC ID_Start IDS Ideographic Ideo Join_Control Join_C Logical_Order_Exception LOE Lowercase Lower Math Noncharacter_Code_Point NChar Pattern_Syntax Pat_Syn Pattern_White_Space Pat_WS Quotation_Mark QMark Radical Regional_Indicator RI Sentence_Terminal STerm Soft_Dotted SD Terminal_Punctuation Term Unified_Ideograph UIdeo Uppercase Upper Variation_Selector VS White_Space space XID_Continue XIDC XID_Start XIDS Other_Alphabetic OAlpha Other_ID_Start Expands_On_NFC Hyphen Grapheme_Link Full_Composition_Exclusion Prepended_Concatenation_Mark Block Age Line_Break'.split(' ');
check('binary', () => binary.filter(name => { try { new RegExp(`\\p{${name}}`, 'u'); return true; } catch (e) { return false; } }));
check('of strings', () => ['Basic_Emoji', 'Emoji_Keycap_Sequence', 'RGI_Emoji_Modifier_Sequence', 'RGI_Modifier_Sequence', 'RGI_Emoji_Flag_Sequence', 'RGI_Emoji_Tag_Sequence', 'RGI_Emoji_ZWJ_Sequence', 'RGI_Emoji', 'Emoji_Test'].map(name => ['', 'u', 'v'].map(f => { try { new RegExp(`[\\p{${name}}]`, f); return 'ok'; } catch (e) { return e.name; } }).join()));
check('of strings: negated', () => ['\\P{RGI_Emoji}', '[^\\p{RGI_Emoji}]', '[^[\\p{RGI_Emoji}--\\p{RGI_Emoji}]]', '[^[\\q{ab}--[\\q{ab}]]]', '[^[\\p{RGI_Emoji}&&a]]', '[^[a&&\\p{RGI_Emoji}]]', '[^[a--\\p{RGI_Emoji}]]'].map(p => { try { return new RegExp(p, 'v').test('a'); } catch (e) { return e.name; } }));
const flags = [];
for (let a = 0; a < 26; a++) for (let b = 0; b < 26; b++) flags.push(String.fromCodePoint(0x1f1e6 + a, 0x1f1e6 + b));
check('flags', () => flags.map(f => +/^\p{RGI_Emoji_Flag_Sequence}$/v.test(f)).join(''));
check('flags backwards', () => [/(?<=\p{RGI_Emoji_Flag_Sequence})x/v.test('🇫🇷x'), /(?<=^\p{RGI_Emoji_Flag_Sequence})x/v.test('🇫🇫x')]);
check('all emoji in a text', () => 'a👨‍👩‍👧‍👦1️⃣👍🏽🏴󠁧󠁢󠁥󠁮󠁧󠁿©©️🧑🏻‍❤️‍💋‍🧑🏿🚶🏻‍♀️‍➡️'.match(/\p{RGI_Emoji}/gv));
check('emoji without case', () => 'x👨‍👩‍👧X'.replace(/[\p{RGI_Emoji}x]/giv, '-'));
check('folding of every unit', () => ['iu', 'i', 'iv'].map(f => { let hash = 0, n = 0; for (const c of ['a', 'k', 's', 'ß', 'μ', 'θ', 'ω', 'å', 'ǆ', 'ა', 'Ꭰ', 'ﬆ', 'ΐ']) { const re = new RegExp('^' + c + '$', f); for (let u = 0; u < 65536; u++) if (re.test(String.fromCharCode(u))) n++, hash = (hash * 31 + u) | 0; } return [n, hash]; }));
