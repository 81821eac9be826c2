// Sorting by a function, and a sort of our own.
let seed = 42;
function random() {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed;
}
const numbers = [];
for (let i = 0; i < 240000; i++) numbers.push(random() % 100000);
const byLibrary = numbers.slice().sort((a, b) => a - b);
function quicksort(list, low, high) {
    while (low < high) {
        const pivot = list[(low + high) >> 1];
        let i = low, j = high;
        while (i <= j) {
            while (list[i] < pivot) i++;
            while (list[j] > pivot) j--;
            if (i <= j) {
                const t = list[i];
                list[i++] = list[j];
                list[j--] = t;
            }
        }
        if (j - low < high - i) {
            quicksort(list, low, j);
            low = i;
        } else {
            quicksort(list, i, high);
            high = j;
        }
    }
}
const own = numbers.slice();
quicksort(own, 0, own.length - 1);
let same = true, sum = 0;
for (let i = 0; i < own.length; i++) {
    if (own[i] !== byLibrary[i]) same = false;
    sum = (sum * 31 + own[i]) % 1000003;
}
console.log(same, sum);
