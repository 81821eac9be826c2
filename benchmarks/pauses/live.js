// Keeps about 64 MiB alive, replaces a part of it all the time, and makes garbage beside it.
const kept = [];
function leaf(i) {
    return {id: i, name: "item " + i, next: null, tags: [i, i + 1, i + 2]};
}
for (let i = 0; i < 150000; i++) kept.push(leaf(i));
let seed = 1, sum = 0;
for (let i = 0; i < 1000000; i++) {
    seed = (seed * 16807) % 2147483647;
    const at = seed % kept.length, made = leaf(i);
    if (i % 8 === 0) {
        made.next = null;
        kept[at] = made;
    } else if (i % 8 === 1) {
        kept[at].next = made;
    } else {
        sum = (sum + made.tags[1]) % 1000003;
    }
}
