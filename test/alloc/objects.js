// Classes, closures, regular expressions, JSON.
class Shape {
    #sides;
    constructor(sides) { this.#sides = sides; }
    get sides() { return this.#sides; }
}
class Square extends Shape {
    constructor() { super(4); this.made = [1, 2].map(n => () => n * this.sides); }
}
print(JSON.stringify({ made: new Square().made.map(f => f()), read: JSON.parse('{"a": [1, {"b": "text"}]}') }));
print('2026-01-31, 2027-02-28'.replace(/(\d+)-(\d+)-(?<day>\d+)/g, (m, y, n) => n + '/' + y));
