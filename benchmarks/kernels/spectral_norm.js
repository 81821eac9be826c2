// The norm of an infinite matrix: calls and doubles in arrays.
function a(i, j) {
    return 1 / ((i + j) * (i + j + 1) / 2 + i + 1);
}
function multiply(v, out, n, transposed) {
    for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += (transposed ? a(j, i) : a(i, j)) * v[j];
        out[i] = sum;
    }
}
function norm(n) {
    const u = [], v = [], w = [];
    for (let i = 0; i < n; i++) {
        u.push(1);
        v.push(0);
        w.push(0);
    }
    for (let i = 0; i < 10; i++) {
        multiply(u, w, n, false);
        multiply(w, v, n, true);
        multiply(v, w, n, false);
        multiply(w, u, n, true);
    }
    let vv = 0, vb = 0;
    for (let i = 0; i < n; i++) {
        vb += u[i] * v[i];
        vv += v[i] * v[i];
    }
    return Math.sqrt(vb / vv);
}
console.log(norm(340).toFixed(9));
