class A { static #c = 0; #x = 1; y = this.#x; get x() { return this.#x; } set x(v) { this.#x = v; A.#c++; } static { this.k = A.#c; } static n() { return A.#c; } }
class B extends A { constructor(...p) { super(...p); this.x = 5; } m() { return super.x + super.y; } }
const b = new B(1, 2); print(b.x, b.m?.(), B.n(), b instanceof A, Object.keys(b));
