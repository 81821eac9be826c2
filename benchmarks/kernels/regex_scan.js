// Matching: dates, addresses, replacements.
let text = "", seed = 7;
for (let i = 0; i < 3000; i++) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    const day = seed % 28 + 1;
    text += `line ${i}: user${seed % 97}@host${seed % 13}.example.com on 2026-${String(i % 12 + 1).padStart(2, "0")}-${String(day).padStart(2, "0")} paid ${seed % 1000}.${i % 100} EUR;\n`;
}
let result = 0;
for (let round = 0; round < 20; round++) {
    const dates = text.match(/\d{4}-\d{2}-\d{2}/g);
    result = (result * 31 + dates.length) % 1000003;
    const mail = /(\w+)@([\w.]+)/g;
    for (let m = mail.exec(text); m !== null; m = mail.exec(text)) result = (result + m[1].length * m[2].length) % 1000003;
    result = (result + text.replace(/(\d+)\.(\d+) EUR/g, "$2,$1").length) % 1000003;
    for (const line of text.split(/;\n/)) if (/user1[0-9]@/.test(line)) result++;
}
console.log(result);
