// Properties and methods of objects of several shapes.
const shapes = [
    {kind: 0, w: 2, h: 3, area() { return this.w * this.h; }},
    {w: 4, kind: 1, h: 5, d: 1, area() { return this.w * this.h * this.d; }},
    {r: 3, kind: 2, w: 1, area() { return this.r * this.r * 3; }},
    {h: 7, w: 6, kind: 3, area() { return this.h + this.w; }},
];
let sum = 0;
for (let i = 0; i < 3600000; i++) {
    const s = shapes[i & 3];
    sum = (sum + s.area() + s.kind + s.w) % 1000003;
}
console.log(sum);
