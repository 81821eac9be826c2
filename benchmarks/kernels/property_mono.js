// Properties of objects of one shape.
function Point(x, y) {
    this.x = x;
    this.y = y;
}
function move(p, dx, dy) {
    p.x = (p.x + dx) % 1000;
    p.y = (p.y + dy) % 1000;
    return p.x * p.y;
}
const p = new Point(1, 2);
let sum = 0;
for (let i = 0; i < 4000000; i++) sum = (sum + move(p, i & 7, 3)) % 1000003;
console.log(sum);
