// Queens on a board that do not attack each other: recursion and small arrays.
function queens(n) {
    const columns = [], up = [], down = [];
    for (let i = 0; i < 2 * n; i++) columns[i] = up[i] = down[i] = false;
    function place(row) {
        if (row === n) return 1;
        let count = 0;
        for (let c = 0; c < n; c++) {
            if (columns[c] || up[row + c] || down[row - c + n]) continue;
            columns[c] = up[row + c] = down[row - c + n] = true;
            count += place(row + 1);
            columns[c] = up[row + c] = down[row - c + n] = false;
        }
        return count;
    }
    return place(0);
}
let total = 0;
for (let n = 4; n <= 11; n++) total += queens(n);
console.log(total);
