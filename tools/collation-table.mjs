// Writes runtime/js/collation_table.c: how the root collation, as the Node that runs this has it, orders the characters of
// Latin, Greek, Cyrillic, Hebrew letters and signs.
//
//   node tools/collation-table.mjs > runtime/js/collation_table.c

const RANGES = [[0, 0x600], [0x1e9e, 0x1e9f], [0x2000, 0x2070], [0x20a0, 0x20c2], [0x2100, 0x2150], [0x2190, 0x2200]];
const collator = sensitivity => new Intl.Collator('en', {sensitivity}).compare;
const base = collator('base'), accent = collator('accent'), variant = collator('variant');
const text = code => String.fromCodePoint(code);

const codes = RANGES.flatMap(([from, to]) => Array.from({length: to - from}, (_, i) => from + i)).filter(code => text(code).normalize('NFD') === text(code));
const ignored = codes.filter(code => variant('a' + text(code), 'a') === 0);
const marks = codes.filter(code => !ignored.includes(code) && base('a' + text(code), 'a') === 0);
const bases = codes.filter(code => !ignored.includes(code) && !marks.includes(code));
const elements = new Map;

// Runs of what `equal` does not tell apart, in order.
function groups(list, order, equal) {
    const out = [];
    for (const code of [...list].sort((a, b) => order(text(a), text(b)) || a - b)) {
        const last = out[out.length - 1];
        if (last && equal(text(last[0]), text(code)) === 0) last.push(code);
        else out.push([code]);
    }
    return out;
}

// Two letters that the character is the same as, but for accents.
const letters = [...'abcdefghijklmnopqrstuvwxyz'], two = letters.flatMap(a => letters.map(b => a + b));
const expansion = new Map(bases.flatMap(code => { const found = two.find(s => base(s, text(code)) === 0); return found ? [[code, found]] : []; }));
let primary = 0;
const primaryOf = new Map;
for (const group of groups(bases.filter(code => !expansion.has(code)), variant, base)) {
    primary++;
    groups(group, variant, accent).forEach((same, second) => groups(same, variant, variant).forEach((list, third) => {
        for (const code of list) elements.set(code, [primary, 0, second + 1, third + 1]);
    }));
    primaryOf.set(text(group[0]), primary);
    for (const code of group) primaryOf.set(text(code), primary);
}
for (const group of groups([...expansion.keys()], variant, base))
    groups(group, variant, accent).forEach((same, second) => groups(same, variant, variant).forEach((list, third) => {
        for (const code of list) elements.set(code, [primaryOf.get(expansion.get(code)[0]), primaryOf.get(expansion.get(code)[1]), second + 2, third + 1]);
    }));
const markOrder = (a, b) => variant('a' + a, 'a' + b);
groups(marks, markOrder, markOrder).forEach((list, i) => { for (const code of list) elements.set(code, [0, 0, 64 + i, 1]); });

const rows = [];
let row = '   ';
for (const [from, to] of RANGES) for (let code = from; code < to; code++) {
    const entry = `{${elements.get(code) ?? [0, 0, 0, 0]}}`;
    if (row.length + entry.length > 150) rows.push(row), row = '   ';
    row += (row === '   ' ? ' ' : '') + entry + ',';
}
let place = 0;
console.log(`/* Made by tools/collation-table.mjs from Unicode ${process.versions.unicode}; not edited by hand. */
#include "runtime/js/collation.h"

// clang-format off
const tsk_js_collation_range tsk_js_collation_ranges[] = {
${RANGES.map(([from, to]) => { const entry = `    {${from}, ${to}, ${place}},`; place += to - from; return entry; }).join('\n')}
};
const uint32_t tsk_js_collation_range_count = ${RANGES.length};
const tsk_js_collation tsk_js_collation_table[] = {
${[...rows, row].join('\n')}
};`);
console.error(`${primary} primaries, ${marks.length} marks, ${expansion.size} expansions: ${[...expansion].map(([c, s]) => text(c) + s)}`, Math.max(...[...elements.values()].map(e => e[2])));
