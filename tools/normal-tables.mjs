// Writes runtime/js/normal_tables.c: decompositions, compositions and combining classes of Unicode's normal forms, as the
// Node that runs this has them.
//
//   node tools/normal-tables.mjs > runtime/js/normal_tables.c
//
// Combining classes are known here by their order only, which is all that normal forms need: each is its rank.

const LIMIT = 0x110000, HANGUL = 0xac00, HANGUL_END = 0xd7a4;
const codes = [];
for (let code = 0; code < LIMIT; code++) if (!(code >= 0xd800 && code < 0xe000) && !(code >= HANGUL && code < HANGUL_END)) codes.push(code);
const text = code => String.fromCodePoint(code);
const list = string => Array.from(string, c => c.codePointAt(0));

// ---- decompositions, complete ones ----

const canonical = new Map, compatible = new Map;
for (const code of codes) {
    const s = text(code), plain = s.normalize('NFD'), loose = s.normalize('NFKD');
    if (plain !== s) canonical.set(code, plain);
    if (loose !== plain) compatible.set(code, loose);
}

// ---- combining classes ----

// A mark of a lower class goes in front of one of a higher class.
const swaps = (a, b) => ('a' + text(a) + text(b)).normalize('NFD') !== 'a' + text(a) + text(b);
const LOWEST = 0x334, HIGHEST = 0x345;
const marks = codes.filter(code => !canonical.has(code) && (code === LOWEST || code === HIGHEST || swaps(code, LOWEST) || swaps(HIGHEST, code)));
const classes = []; // of marks, in order
for (const mark of marks) {
    let low = 0, high = classes.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (swaps(mark, classes[middle][0])) low = middle + 1;
        else high = middle;
    }
    if (low < classes.length && !swaps(classes[low][0], mark)) classes[low].push(mark);
    else classes.splice(low, 0, [mark]);
}
const rankOf = new Map(classes.flatMap((group, i) => group.map(mark => [mark, i + 1])));

// ---- compositions ----

const pairs = [];
for (const [code, plain] of canonical) {
    if (text(code).normalize('NFC') !== text(code)) continue;
    const parts = list(plain), last = parts.pop(), first = list(String.fromCodePoint(...parts).normalize('NFC'));
    if (first.length === 1 && (text(first[0]) + text(last)).normalize('NFC') === text(code)) pairs.push([first[0], last, code]);
    else throw new Error('no pair composes U+' + code.toString(16));
}
pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);

// ---- written ----

const wrap = values => {
    const rows = [];
    let row = '   ';
    for (const v of values) {
        if (row.length + v.length > 150) rows.push(row), row = '   ';
        row += (row === '   ' ? ' ' : '') + v + ',';
    }
    return [...rows, row].join('\n');
};
const units = [];
function entries(map) {
    return wrap([...map].map(([code, to]) => {
        const place = units.length, parts = list(to);
        units.push(...Array.from(to, c => c).flatMap(c => Array.from({length: c.length}, (_, i) => c.charCodeAt(i))));
        return `{${code},${place},${parts.length}}`;
    }));
}
const runs = [];
for (const [code, rank] of [...rankOf].sort(([a], [b]) => a - b)) {
    const last = runs[runs.length - 1];
    if (last && last[1] + 1 === code && last[2] === rank) last[1] = code;
    else runs.push([code, code, rank]);
}
console.log(`/* Made by tools/normal-tables.mjs from Unicode ${process.versions.unicode}; not edited by hand. */
#include "runtime/js/normal.h"

// clang-format off
const tsk_js_decomposition tsk_js_canonical[] = {
${entries(canonical)}
};
const uint32_t tsk_js_canonical_count = ${canonical.size};
const tsk_js_decomposition tsk_js_compatible[] = {
${entries(compatible)}
};
const uint32_t tsk_js_compatible_count = ${compatible.size};
const uint16_t tsk_js_decomposition_units[] = {
${wrap(units.map(String))}
};
const tsk_js_composition tsk_js_compositions[] = {
${wrap(pairs.map(p => `{${p}}`))}
};
const uint32_t tsk_js_composition_count = ${pairs.length};
const tsk_js_class_run tsk_js_class_runs[] = {
${wrap(runs.map(r => `{${r}}`))}
};
const uint32_t tsk_js_class_run_count = ${runs.length};`);
console.error(`${canonical.size} canonical, ${compatible.size} compatible, ${units.length} units, ${pairs.length} pairs, ${classes.length} classes, ${runs.length} runs`);
