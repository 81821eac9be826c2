// Allocation: trees that are made, counted and dropped.
function make(depth) {
    return depth === 0 ? {left: null, right: null} : {left: make(depth - 1), right: make(depth - 1)};
}
function check(tree) {
    return tree.left === null ? 1 : 1 + check(tree.left) + check(tree.right);
}
const max = 14, kept = make(max);
let out = "";
for (let depth = 4; depth <= max; depth += 3) {
    const count = 1 << (max - depth + 4);
    let sum = 0;
    for (let i = 0; i < count; i++) sum += check(make(depth));
    out += count + ":" + sum + " ";
}
console.log(out + check(kept));
