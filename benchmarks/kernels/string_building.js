// Text put together piece by piece.
let checksum = 0;
for (let round = 0; round < 50; round++) {
    let text = "";
    for (let i = 0; i < 20000; i++) text += String.fromCharCode(97 + i % 26) + i;
    const parts = [];
    for (let i = 0; i < 5000; i++) parts.push(`${i}:${text[i]}`);
    const joined = parts.join(",");
    checksum = (checksum * 31 + text.length + joined.length + joined.charCodeAt(round)) % 1000003;
}
console.log(checksum);
