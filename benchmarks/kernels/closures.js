// Functions that keep variables.
function counter(step) {
    let count = 0;
    return {
        next: () => (count += step),
        reset: () => { count = 0; },
    };
}
function compose(...list) {
    return x => list.reduce((value, f) => f(value), x);
}
let sum = 0;
for (let round = 0; round < 900; round++) {
    const c = counter(round % 5 + 1), f = compose(x => x + 1, x => x * 2, x => x - round);
    for (let i = 0; i < 1000; i++) sum = (sum + c.next() + f(i)) % 1000003;
    c.reset();
    sum = (sum + c.next()) % 1000003;
}
console.log(sum);
