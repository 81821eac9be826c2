// Words of a text counted in an object and in a Map.
const words = ["tusk", "config", "value", "section", "block", "key", "cache", "query", "rule", "price", "server"];
let text = "", seed = 1;
for (let i = 0; i < 40000; i++) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    text += words[seed % words.length] + (seed % 7) + " ";
}
let result = 0;
for (let round = 0; round < 14; round++) {
    const counts = {}, map = new Map();
    for (const word of text.split(" ")) {
        counts[word] = (counts[word] || 0) + 1;
        map.set(word, (map.get(word) || 0) + 1);
    }
    for (const word of Object.keys(counts).sort()) result = (result * 31 + counts[word] + map.get(word)) % 1000003;
}
console.log(result);
