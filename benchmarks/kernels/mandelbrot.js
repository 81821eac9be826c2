// Points that stay bounded: a loop of doubles.
function mandelbrot(size) {
    let inside = 0;
    for (let y = 0; y < size; y++) {
        const ci = 2 * y / size - 1;
        for (let x = 0; x < size; x++) {
            const cr = 2 * x / size - 1.5;
            let zr = 0, zi = 0, n = 0;
            while (n < 50 && zr * zr + zi * zi <= 4) {
                const t = zr * zr - zi * zi + cr;
                zi = 2 * zr * zi + ci;
                zr = t;
                n++;
            }
            if (n === 50) inside++;
        }
    }
    return inside;
}
console.log(mandelbrot(640));
