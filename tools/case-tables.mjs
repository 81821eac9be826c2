// Writes runtime/js/case_tables.c: upper and lower case of every code point, as the Node that runs this has it.
//
//   node tools/case-tables.mjs > runtime/js/case_tables.c

function mappings(change) {
    const runs = [], special = [];
    for (let code = 0x80; code < 0x110000; code++) {
        if (code >= 0xd800 && code < 0xe000) continue;
        const to = change(String.fromCodePoint(code));
        const codes = Array.from(to, c => c.codePointAt(0));
        if (codes.length > 1) {
            special.push([code, ...codes, 0, 0].slice(0, 4));
            continue;
        }
        const delta = codes[0] - code;
        if (!delta) continue;
        const last = runs[runs.length - 1];
        const stride = last ? code - last.last : 0;
        if (last && last.delta === delta && stride <= 2 && (last.first === last.last || last.stride === stride)) {
            last.last = code;
            last.stride = stride;
        } else {
            runs.push({first: code, last: code, stride: 1, delta});
        }
    }
    return {runs, special};
}

function print(name, {runs, special}) {
    const hex = n => '0x' + n.toString(16).toUpperCase();
    console.log(`const tsk_js_case_run tsk_js_${name}_runs[] = {`);
    for (const r of runs) console.log(`    {${hex(r.first)}, ${hex(r.last)}, ${r.stride}, ${r.delta}},`);
    console.log(`};\nconst uint32_t tsk_js_${name}_run_count = ${runs.length};\n`);
    console.log(`const uint32_t tsk_js_${name}_special[][4] = {`);
    for (const s of special) console.log(`    {${s.map(hex).join(', ')}},`);
    console.log(`};\nconst uint32_t tsk_js_${name}_special_count = ${special.length};`);
}

console.log('/* Made by tools/case-tables.mjs: Unicode ' + process.versions.unicode + '. */');
console.log('#include "runtime/js/case.h"\n');
console.log('/* clang-format off */');
print('upper', mappings(s => s.toUpperCase()));
console.log('');
print('lower', mappings(s => s.toLowerCase()));
