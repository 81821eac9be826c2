// Text to values and back.
const data = {name: "tusk", items: [], nested: {a: {b: {c: [1, 2, 3, null, true, "x\ny"]}}}};
for (let i = 0; i < 300; i++) data.items.push({id: i, title: "item " + i, price: i * 1.25, flags: [i % 2 === 0, i % 3 === 0]});
let text = JSON.stringify(data), length = 0;
for (let round = 0; round < 900; round++) {
    const copy = JSON.parse(text);
    copy.items[round % 300].price += 1;
    text = JSON.stringify(copy);
    length = (length + text.length) % 1000003;
}
console.log(length, text.length);
