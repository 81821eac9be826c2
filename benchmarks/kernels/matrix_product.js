// Product of square matrices: arrays of arrays.
function matrix(n, seed) {
    const rows = [];
    for (let i = 0; i < n; i++) {
        const row = [];
        for (let j = 0; j < n; j++) row.push(((i * 31 + j * 17 + seed) % 100) / 10);
        rows.push(row);
    }
    return rows;
}
function product(a, b, n) {
    const out = [];
    for (let i = 0; i < n; i++) {
        const row = [], left = a[i];
        for (let j = 0; j < n; j++) {
            let sum = 0;
            for (let k = 0; k < n; k++) sum += left[k] * b[k][j];
            row.push(sum);
        }
        out.push(row);
    }
    return out;
}
const n = 200, m = product(product(matrix(n, 1), matrix(n, 2), n), matrix(n, 3), n);
let trace = 0;
for (let i = 0; i < n; i++) trace += m[i][i];
console.log(trace.toFixed(3));
