// Arrays, sorting, strings.
const items = Array.from({ length: 40 }, (_, i) => (i * 7919) % 101);
print(items.toSorted((a, b) => a - b).join(), items.map(String).sort().slice(0, 5));
let text = '';
for (const n of items) text += 'é' + n;
print(text.split('é').filter(Boolean).length, text.toUpperCase().slice(3, 60));
print([...new Set(items.concat(items))].length, Object.entries({ a: 1, b: 2 }).flat());
