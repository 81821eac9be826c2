// Writes tables of code points: properties and case folding, and which are of identifiers, as the Node that runs this has them.
//
//   node tools/unicode-tables.mjs > runtime/regex/unicode_tables.c
//   node tools/unicode-tables.mjs --texts > runtime/regex/unicode_texts.c
//   node tools/unicode-tables.mjs --identifiers > runtime/base/identifier_table.c
//
// A set of code points is a list of boundaries (start, end, start, end, ... the ends exclusive), kept as differences in
// groups of seven bits, low group first.  Texts of properties of strings: their number, then of each how many code
// points it shares with the one before, how many follow, and those, in the same groups.

const LIMIT = 0x110000;
const split = text => text.trim().split(/\s+/).map(entry => entry.split('='));

// Names that ECMAScript knows, with their short forms.
const binary = split(`ASCII ASCII_Hex_Digit=AHex Alphabetic=Alpha Any Assigned Bidi_Control=Bidi_C Bidi_Mirrored=Bidi_M
Case_Ignorable=CI Cased Changes_When_Casefolded=CWCF Changes_When_Casemapped=CWCM Changes_When_Lowercased=CWL
Changes_When_NFKC_Casefolded=CWKCF Changes_When_Titlecased=CWT Changes_When_Uppercased=CWU Dash
Default_Ignorable_Code_Point=DI Deprecated=Dep Diacritic=Dia Emoji Emoji_Component=EComp Emoji_Modifier=EMod
Emoji_Modifier_Base=EBase Emoji_Presentation=EPres Extended_Pictographic=ExtPict Extender=Ext Grapheme_Base=Gr_Base
Grapheme_Extend=Gr_Ext Hex_Digit=Hex IDS_Binary_Operator=IDSB IDS_Trinary_Operator=IDST ID_Continue=IDC ID_Start=IDS
Ideographic=Ideo Join_Control=Join_C Logical_Order_Exception=LOE Lowercase=Lower Math Noncharacter_Code_Point=NChar
Pattern_Syntax=Pat_Syn Pattern_White_Space=Pat_WS Quotation_Mark=QMark Radical Regional_Indicator=RI
Sentence_Terminal=STerm Soft_Dotted=SD Terminal_Punctuation=Term Unified_Ideograph=UIdeo Uppercase=Upper
Variation_Selector=VS White_Space=space XID_Continue=XIDC XID_Start=XIDS`);
const categories = split(`Other=C Cased_Letter=LC Control=cntrl=Cc Format=Cf Close_Punctuation=Pe Unassigned=Cn Private_Use=Co
Combining_Mark=Mark=M Connector_Punctuation=Pc Surrogate=Cs Currency_Symbol=Sc Dash_Punctuation=Pd Decimal_Number=digit=Nd
Enclosing_Mark=Me Final_Punctuation=Pf Initial_Punctuation=Pi Letter=L Letter_Number=Nl Line_Separator=Zl
Lowercase_Letter=Ll Modifier_Letter=Lm Other_Letter=Lo Titlecase_Letter=Lt Uppercase_Letter=Lu Math_Symbol=Sm
Spacing_Mark=Mc Nonspacing_Mark=Mn Modifier_Symbol=Sk Number=N Other_Number=No Open_Punctuation=Ps Other_Punctuation=Po
Other_Symbol=So Punctuation=punct=P Paragraph_Separator=Zp Symbol=S Separator=Z Space_Separator=Zs`);
const scripts = split(`Adlam=Adlm Caucasian_Albanian=Aghb Ahom Anatolian_Hieroglyphs=Hluw Arabic=Arab Armenian=Armn
Imperial_Aramaic=Armi Avestan=Avst Balinese=Bali Bamum=Bamu Bassa_Vah=Bass Batak=Batk Bengali=Beng Beria_Erfe=Berf
Bhaiksuki=Bhks Bopomofo=Bopo Brahmi=Brah Braille=Brai Buginese=Bugi Buhid=Buhd Chakma=Cakm Canadian_Aboriginal=Cans
Carian=Cari Cham Cherokee=Cher Chorasmian=Chrs Common=Zyyy Coptic=Copt=Qaac Cypro_Minoan=Cpmn Cypriot=Cprt Cuneiform=Xsux
Cyrillic=Cyrl Deseret=Dsrt Devanagari=Deva Dives_Akuru=Diak Dogra=Dogr Duployan=Dupl Egyptian_Hieroglyphs=Egyp
Elbasan=Elba Elymaic=Elym Ethiopic=Ethi Garay=Gara Georgian=Geor Glagolitic=Glag Gunjala_Gondi=Gong Masaram_Gondi=Gonm
Gothic=Goth Grantha=Gran Greek=Grek Gujarati=Gujr Gurmukhi=Guru Gurung_Khema=Gukh Han=Hani Hangul=Hang
Hanifi_Rohingya=Rohg Hanunoo=Hano Hatran=Hatr Hebrew=Hebr Hiragana=Hira Pahawh_Hmong=Hmng Nyiakeng_Puachue_Hmong=Hmnp
Old_Hungarian=Hung Inherited=Qaai=Zinh Inscriptional_Pahlavi=Phli Inscriptional_Parthian=Prti Old_Italic=Ital
Javanese=Java Kaithi=Kthi Kayah_Li=Kali Katakana=Kana Kannada=Knda Kawi Kharoshthi=Khar Khitan_Small_Script=Kits
Khmer=Khmr Khojki=Khoj Khudawadi=Sind Kirat_Rai=Krai Tai_Tham=Lana Lao=Laoo Latin=Latn Lepcha=Lepc Limbu=Limb
Linear_A=Lina Linear_B=Linb Lisu Lycian=Lyci Lydian=Lydi Mahajani=Mahj Makasar=Maka Malayalam=Mlym Mandaic=Mand
Manichaean=Mani Marchen=Marc Medefaidrin=Medf Meetei_Mayek=Mtei Mende_Kikakui=Mend Meroitic_Cursive=Merc
Meroitic_Hieroglyphs=Mero Miao=Plrd Modi Mongolian=Mong Mro=Mroo Multani=Mult Myanmar=Mymr Nabataean=Nbat
Nag_Mundari=Nagm Nandinagari=Nand Old_North_Arabian=Narb New_Tai_Lue=Talu Newa Nko=Nkoo Nushu=Nshu Ogham=Ogam
Ol_Chiki=Olck Ol_Onal=Onao Old_Permic=Perm Old_Persian=Xpeo Old_Sogdian=Sogo Old_South_Arabian=Sarb Old_Turkic=Orkh
Old_Uyghur=Ougr Oriya=Orya Osage=Osge Osmanya=Osma Palmyrene=Palm Pau_Cin_Hau=Pauc Phags_Pa=Phag Psalter_Pahlavi=Phlp
Phoenician=Phnx Rejang=Rjng Runic=Runr Samaritan=Samr Saurashtra=Saur SignWriting=Sgnw Sharada=Shrd Shavian=Shaw
Siddham=Sidd Sidetic=Sidt Sinhala=Sinh Sogdian=Sogd Sora_Sompeng=Sora Soyombo=Soyo Sundanese=Sund Sunuwar=Sunu
Syloti_Nagri=Sylo Syriac=Syrc Tagalog=Tglg Tagbanwa=Tagb Tai_Le=Tale Tai_Viet=Tavt Tai_Yo=Tayo Takri=Takr Tamil=Taml
Tangut=Tang Tangsa=Tnsa Telugu=Telu Tifinagh=Tfng Thaana=Thaa Thai Tibetan=Tibt Tirhuta=Tirh Todhri=Todr
Tolong_Siki=Tols Toto Tulu_Tigalari=Tutg Ugaritic=Ugar Unknown=Zzzz Vai=Vaii Vithkuqi=Vith Wancho=Wcho Warang_Citi=Wara Yezidi=Yezi
Yi=Yiii Zanabazar_Square=Zanb`);

// ---- sets ----

// All code points, so that no two halves meet.
const stretches = [[0, 0xdc00], [0xdc00, 0x10000], [0x10000, LIMIT]].map(([from, to]) => {
    const parts = [];
    for (let code = from; code < to; code += 4096)
        parts.push(String.fromCodePoint(...Array.from({length: Math.min(4096, to - code)}, (_, i) => code + i)));
    return {from, text: parts.join(''), wide: from >= 0x10000 ? 2 : 1};
});

function members(pattern) {
    const bounds = [], search = new RegExp(`${pattern}+`, 'gu');
    for (const {from, text, wide} of stretches) {
        for (const found of text.matchAll(search)) {
            const start = from + found.index / wide, end = start + found[0].length / wide;
            if (bounds[bounds.length - 1] === start) bounds.pop();
            else bounds.push(start);
            bounds.push(end);
        }
    }
    return bounds;
}

const numbers = values => {
    const rows = [];
    let row = '   ';
    for (const v of values) {
        if (row.length + String(v).length > 150) rows.push(row), row = '   ';
        row += (row === '   ' ? ' ' : '') + v + ',';
    }
    return [...rows, row].join('\n');
};

function group(out, value) {
    for (; value >= 128; value >>>= 7) out.push(value & 127 | 128);
    out.push(value);
}

const madeBy = `/* Made by tools/unicode-tables.mjs from Unicode ${process.versions.unicode}; not edited by hand. */`;

if (process.argv.includes('--identifiers')) {
    const places = new Map([...members('\\p{ID_Continue}').map((code, i) => [code, i % 2 ? 0 : 1])]);
    const starts = members('\\p{ID_Start}'), parts = new RegExp('^\\p{ID_Continue}$', 'u');
    starts.forEach((code, i) => places.set(code, i % 2 ? +parts.test(String.fromCodePoint(code)) : 2));
    const rows = [...places].sort(([a], [b]) => a - b).filter(([, part], i, all) => !i || part !== all[i - 1][1]);
    console.log([madeBy, '#include "runtime/base/identifier.h"', '', '// clang-format off', 'const uint32_t tsk_identifier_places[] = {',
        numbers(rows.map(([code, part]) => code << 2 | part)), '};', `const uint32_t tsk_identifier_place_count = ${rows.length};`].join('\n'));
    process.exit();
}

if (process.argv.includes('--texts')) {
    // Properties of strings cannot be listed, only asked: all that is built as such sequences are is tried.  RGI_Emoji, the
    // union of the others, checks that nothing was left out by its kind.
    const ZWJ = '\u200d', EMOJI = '\ufe0f';
    const asks = name => (re => text => re.test(text))(new RegExp(`^\\p{${name}}$`, 'v'));
    const matching = (name, texts) => { const is = asks(name); return [...new Set(texts)].filter(is); };
    const points = bounds => bounds.flatMap((from, i) => i % 2 ? [] : Array.from({length: bounds[i + 1] - from}, (_, k) => String.fromCodePoint(from + k)));
    const cross = (...lists) => lists.reduce((out, list) => out.flatMap(a => list.map(b => a + b)));
    const power = (list, n) => cross(...Array(n).fill(list));

    const emoji = points(members('\\p{Emoji}')), tones = points(members('\\p{Emoji_Modifier}'));
    const indicators = points(members('\\p{Regional_Indicator}'));
    const tag = letter => String.fromCodePoint(0xe0000 + letter.charCodeAt(0)), tags = [...'abcdefghijklmnopqrstuvwxyz'].map(tag);
    const basic = matching('Basic_Emoji', [...emoji, ...emoji.map(e => e + EMOJI)]);
    const modified = matching('RGI_Emoji_Modifier_Sequence', cross(emoji, tones));
    const isJoined = asks('RGI_Emoji_ZWJ_Sequence');
    const elements = [...new Set([...basic, ...modified, ...emoji])];
    const joined = new Set(cross(elements, [ZWJ], elements).filter(isJoined));
    // Longer ones go on from shorter ones, or are of people and of what stands between them.
    for (const text of cross([...joined], [ZWJ], basic)) if (isJoined(text)) joined.add(text);
    const people = ['\u{1f468}', '\u{1f469}', '\u{1f9d1}'].flatMap(p => [p, ...tones.map(t => p + t)]);
    const children = ['\u{1f466}', '\u{1f467}', '\u{1f9d2}', '\u{1f468}', '\u{1f469}', '\u{1f9d1}'];
    for (const text of cross(people, [ZWJ], basic, [ZWJ], [...people, ...children])) if (isJoined(text)) joined.add(text);
    for (const text of cross(children, [ZWJ], children, [ZWJ], children, [ZWJ], children)) if (isJoined(text)) joined.add(text);
    for (const text of cross(people, [ZWJ + '\u2764\ufe0f' + ZWJ + '\u{1f48b}' + ZWJ], people)) if (isJoined(text)) joined.add(text);
    for (const text of cross(children, [ZWJ], children, [ZWJ], children)) if (isJoined(text)) joined.add(text);

    const texts = {
        Basic_Emoji: basic,
        Emoji_Keycap_Sequence: matching('Emoji_Keycap_Sequence', cross([...'0123456789#*'], [EMOJI + '\u20e3'])),
        RGI_Emoji_Modifier_Sequence: modified,
        RGI_Emoji_Flag_Sequence: matching('RGI_Emoji_Flag_Sequence', cross(indicators, indicators)),
        RGI_Emoji_Tag_Sequence: matching('RGI_Emoji_Tag_Sequence', cross(['\u{1f3f4}'], [tag('g') + tag('b'), tag('u') + tag('s')], [...power(tags, 2), ...power(tags, 3)], ['\u{e007f}'])),
        RGI_Emoji_ZWJ_Sequence: [...joined],
    };
    texts.RGI_Emoji = matching('RGI_Emoji', Object.values(texts).flat());

    const out = [madeBy, '#include "runtime/regex/unicode.h"', '', '// clang-format off'];
    const bytes = [], starts = [];
    for (const list of Object.values(texts)) {
        starts.push(bytes.length);
        group(bytes, list.length);
        let previous = [];
        for (const text of list.sort()) {
            const codes = [...text];
            let shared = 0;
            while (codes[shared] === previous[shared]) shared++;
            group(bytes, shared);
            group(bytes, codes.length - shared);
            for (const c of codes.slice(shared)) group(bytes, c.codePointAt(0));
            previous = codes;
        }
    }
    out.push('const tsk_re_text_property tsk_re_text_properties[] = {', ...Object.keys(texts).map((name, i) => `    {"${name}", ${starts[i]}},`), '};');
    out.push(`const uint32_t tsk_re_text_property_count = ${starts.length};`, 'const uint8_t tsk_re_text_bytes[] = {', numbers(bytes), '};');
    console.log(out.join('\n'));
    console.error(Object.entries(texts).map(([name, list]) => `${name}: ${list.length}`).join('\n'));
    process.exit();
}

const names = new Map, sets = [], placeOf = new Map;

function add(kind, keys, bounds) {
    const text = bounds.join();
    if (!placeOf.has(text)) placeOf.set(text, sets.push(bounds) - 1);
    for (const key of keys) names.set(kind + key, placeOf.get(text));
}

for (const keys of binary) add('b', keys, members(`\\p{${keys[0]}}`));
for (const keys of categories) add('g', keys, members(`\\p{gc=${keys[0]}}`));
for (const keys of scripts) add('s', keys, members(`\\p{sc=${keys[0]}}`)), add('x', keys, members(`\\p{scx=${keys[0]}}`));
// ---- case ----

const single = (text, code) => [...text].length === 1 ? text.codePointAt(0) : code;
const lower = code => single(String.fromCodePoint(code).toLowerCase(), code);
const upper = code => single(String.fromCodePoint(code).toUpperCase(), code);

// Canonicalize without u: single units, and nothing outside ASCII becomes ASCII.
const uppers = new Map;
for (let code = 0; code < 0x10000; code++) {
    const to = String.fromCharCode(code).toUpperCase();
    if (to.length === 1 && to.charCodeAt(0) !== code && !(code >= 128 && to.charCodeAt(0) < 128)) uppers.set(code, to.charCodeAt(0));
}

// With u: classes of code points that match each other; all become the small letter.
const groups = new Map;
const same = (a, b) => new RegExp(`^\\u{${a.toString(16)}}$`, 'iu').test(String.fromCodePoint(b));
function join(a, b) {
    if (a === b || groups.get(a)?.has(b) || !same(a, b)) return;
    const all = new Set([...groups.get(a) ?? [a], ...groups.get(b) ?? [b]]);
    for (const code of all) groups.set(code, all);
}
const byUpper = new Map;
for (let code = 0; code < LIMIT; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    join(code, lower(code));
    join(code, upper(code));
    const full = String.fromCodePoint(code).toUpperCase();
    if ([...full].length > 1) {
        if (byUpper.has(full)) join(code, byUpper.get(full));
        else byUpper.set(full, code);
    }
}
const folds = new Map;
for (const group of new Set(groups.values())) {
    const least = Math.min(...group), small = lower(upper(least)), to = group.has(small) ? small : least;
    for (const code of group) if (code !== to) folds.set(code, to);
}

function runs(mapping) {
    const out = [];
    for (const code of [...mapping.keys()].sort((a, b) => a - b)) {
        const delta = mapping.get(code) - code, last = out[out.length - 1], stride = last ? code - last[1] : 0;
        if (last && last[3] === delta && stride <= 2 && (last[0] === last[1] || last[2] === stride)) last[1] = code, last[2] = stride;
        else out.push([code, code, 1, delta]);
    }
    return out;
}

// ---- written ----

const lines = [madeBy, '#include "runtime/regex/unicode.h"', '', '// clang-format off'];
for (const [name, mapping] of [['upper', uppers], ['fold', folds]]) {
    const rows = runs(mapping);
    lines.push(`const tsk_re_case_run tsk_re_${name}_runs[] = {`, numbers(rows.map(r => `{${r}}`)), '};', `const uint32_t tsk_re_${name}_run_count = ${rows.length};`, '');
}
const keys = [...names.keys()].sort((a, b) => a < b ? -1 : 1), places = [];
let place = 0;
for (const key of keys) places.push(place), place += key.length + 1;
lines.push('const char tsk_re_names[] =');
for (let i = 0; i < keys.length; i += 6) lines.push(`    "${keys.slice(i, i + 6).join('\\0')}\\0"`);
lines[lines.length - 1] += ';';
const blob = [], offsets = [];
for (const bounds of sets) {
    offsets.push(blob.length);
    let previous = 0;
    for (const bound of bounds) group(blob, bound - previous), previous = bound;
}
offsets.push(blob.length);
lines.push(`const uint32_t tsk_re_name_count = ${keys.length};`, 'const uint16_t tsk_re_name_places[] = {', numbers(places), '};');
lines.push('const uint16_t tsk_re_name_sets[] = {', numbers(keys.map(key => names.get(key))), '};');
lines.push('const uint32_t tsk_re_set_places[] = {', numbers(offsets), '};', 'const uint8_t tsk_re_set_bytes[] = {', numbers(blob), '};');
process.stdout.write(lines.join('\n') + '\n');
