// Callbacks of array methods.
const list = [];
for (let i = 0; i < 2000; i++) list.push({id: i, price: (i * 37) % 101, tags: ["a" + (i % 5)]});
let total = 0;
for (let round = 0; round < 1200; round++) {
    total += list.map(x => ({id: x.id, price: x.price * 1.19}))
        .filter(x => x.price > 40)
        .reduce((sum, x) => sum + x.price, 0);
}
console.log(total.toFixed(4), list.some(x => x.price === 100), list.every(x => x.price >= 0));
