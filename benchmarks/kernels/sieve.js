// Primes by crossing out.
function sieve(limit) {
    const composite = [];
    for (let i = 0; i <= limit; i++) composite[i] = false;
    let count = 0;
    for (let i = 2; i <= limit; i++) {
        if (composite[i]) continue;
        count++;
        for (let k = i * 2; k <= limit; k += i) composite[k] = true;
    }
    return count;
}
let total = 0;
for (let round = 0; round < 6; round++) total += sieve(1000000);
console.log(total);
