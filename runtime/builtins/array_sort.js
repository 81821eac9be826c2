// Array.prototype.sort and toSorted.
//
//   items ─► a new array, undefined last ─► primitives by their text: C    else: Library_sort ─► put back
//
// Nobody else sees the new arrays, so what the function does to the original cannot disturb.
//
// A function that contradicts itself (`(a, b) => a > b`), or that counts its calls, shows the order in which items are
// compared.  So the algorithm is the one that engines agreed on, timsort (Peters 2002), step by step:
//
//   runs that are in order already, made longer by binary insertion ─► a stack of runs ─► neighbours merged
//
// A merge that one side keeps winning gallops: it looks for the end of the winning stretch in steps that double.

Array_sort(compare) {
    @comparator(compare);
    const o = @object(this), length = @length(o);
    return @sorted(o, length, @library().order(@sortable(o, length, false), compare));
}

Array_toSorted(compare) {
    @comparator(compare);
    const o = @object(this);
    return @library().order(@sortable(o, @length(o), true), compare);
}

Library_order(items, compare) {
    if (compare !== undefined) return @library().sort(items, compare);
    return @sort_text(items) ? items : @library().sort(items, @library().byText);
}

// Objects are asked for their text at every comparison.
Library_byText(a, b) {
    const x = `${a}`, y = `${b}`;
    return x < y ? -1 : y < x ? 1 : 0;
}

// A run is two numbers of `runs`: start and length.  Gives the array.
Library_sort(items, compare) {
    let count = items.length;
    while (count > 0 && items[count - 1] === undefined) count--;
    if (count < 2) return items;
    const helpers = @library();
    if (count < 64) { // one run
        const length = helpers.run(items, 0, count, compare);
        if (length < count) helpers.insert(items, 0, length, count, compare);
        return items;
    }
    let shortest = count, odd = 0;
    while (shortest >= 64) {
        odd |= shortest & 1;
        shortest >>= 1;
    }
    shortest += odd;
    const runs = [], merging = { items: items, compare: compare, gallop: 7 };
    for (let start = 0; start < count;) {
        let length = helpers.run(items, start, count, compare);
        if (length < shortest) {
            const wanted = shortest < count - start ? shortest : count - start;
            helpers.insert(items, start, start + length, start + wanted, compare);
            length = wanted;
        }
        const at = runs.length;
        @put(runs, at, start);
        @put(runs, at + 1, length);
        start += length;
        helpers.collapse(merging, runs, false);
    }
    helpers.collapse(merging, runs, true);
    return items;
}

// The length of the run that begins here; one that descends is turned round.
Library_run(items, start, end, compare) {
    if (start + 1 === end) return 1;
    let last = items[start + 1], at = start + 2;
    const descends = @call(compare, undefined, last, items[start]) < 0;
    for (; at < end; at++) {
        const v = items[at];
        if (@call(compare, undefined, v, last) < 0 !== descends) break;
        last = v;
    }
    if (descends)
        for (let low = start, high = at - 1; low < high; low++, high--) {
            const v = items[low];
            items[low] = items[high];
            items[high] = v;
        }
    return at - start;
}

// Items from `at` on go to their places among those before.
Library_insert(items, start, at, end, compare) {
    for (; at < end; at++) {
        const v = items[at];
        let left = start, right = at;
        while (left < right) {
            const middle = left + ((right - left) >> 1);
            if (@call(compare, undefined, v, items[middle]) < 0) right = middle;
            else left = middle + 1;
        }
        @move(items, left + 1, items, left, at - left);
        items[left] = v;
    }
}

// Merges neighbours until each run is longer than the next, and than the next two together; or all of them.
Library_collapse(merging, runs, all) {
    while (runs.length > 2) {
        let at = runs.length - 4; // the last run but one
        const last = runs[at + 3], before = runs[at + 1], third = at > 0 ? runs[at - 1] : 0;
        const broken = (at > 0 && third <= before + last) || (at > 2 && runs[at - 3] <= third + before);
        if (!all && !broken && before > last) return;
        if ((all || broken) && at > 0 && third < last) at -= 2;
        const start = runs[at], length = runs[at + 1], other = runs[at + 2], more = runs[at + 3];
        runs[at + 1] = length + more;
        if (at + 4 < runs.length) {
            runs[at + 2] = runs[at + 4];
            runs[at + 3] = runs[at + 5];
        }
        runs.length -= 2;
        @library().merge(merging, start, length, other, more);
    }
}

// Two neighbours; what is in place at both ends is left alone.
Library_merge(merging, a, lengthA, b, lengthB) {
    const helpers = @library(), items = merging.items;
    const skipped = helpers.gallopRight(items[b], items, a, lengthA, 0, merging.compare);
    a += skipped;
    lengthA -= skipped;
    if (lengthA === 0) return;
    lengthB = helpers.gallopLeft(items[a + lengthA - 1], items, b, lengthB, lengthB - 1, merging.compare);
    if (lengthB === 0) return;
    if (lengthA <= lengthB) helpers.mergeLow(merging, a, lengthA, b, lengthB);
    else helpers.mergeHigh(merging, a, lengthA, b, lengthB);
}

// How many of the items, which are in order, come before `key`; those equal to it do not.
Library_gallopLeft(key, items, start, length, hint, compare) {
    let low = 0, high = 1;
    const at = start + hint;
    if (@call(compare, undefined, items[at], key) < 0) {
        const most = length - hint;
        while (high < most && @call(compare, undefined, items[at + high], key) < 0) {
            low = high;
            high = 2 * high + 1;
        }
        if (high > most) high = most;
        low += hint;
        high += hint;
    } else {
        const most = hint + 1;
        while (high < most && !(@call(compare, undefined, items[at - high], key) < 0)) {
            low = high;
            high = 2 * high + 1;
        }
        if (high > most) high = most;
        const nearest = low;
        low = hint - high;
        high = hint - nearest;
    }
    low++;
    while (low < high) {
        const middle = low + ((high - low) >> 1);
        if (@call(compare, undefined, items[start + middle], key) < 0) low = middle + 1;
        else high = middle;
    }
    return high;
}

// The same; those equal to it do.
Library_gallopRight(key, items, start, length, hint, compare) {
    let low = 0, high = 1;
    const at = start + hint;
    if (@call(compare, undefined, key, items[at]) < 0) {
        const most = hint + 1;
        while (high < most && @call(compare, undefined, key, items[at - high]) < 0) {
            low = high;
            high = 2 * high + 1;
        }
        if (high > most) high = most;
        const nearest = low;
        low = hint - high;
        high = hint - nearest;
    } else {
        const most = length - hint;
        while (high < most && !(@call(compare, undefined, key, items[at + high]) < 0)) {
            low = high;
            high = 2 * high + 1;
        }
        if (high > most) high = most;
        low += hint;
        high += hint;
    }
    low++;
    while (low < high) {
        const middle = low + ((high - low) >> 1);
        if (@call(compare, undefined, key, items[start + middle]) < 0) high = middle;
        else low = middle + 1;
    }
    return high;
}

// From the front, with the left run in `kept`.  A side that has one item left (a) or none (b) ends it.
Library_mergeLow(merging, a, lengthA, b, lengthB) {
    const items = merging.items, compare = merging.compare, helpers = @library(), kept = @slice(items, a, lengthA);
    let to = a, at = 0, gallop = merging.gallop;
    items[to++] = items[b++];
    lengthB--;
    while (lengthB > 0 && lengthA > 1) {
        let winsA = 0, winsB = 0;
        while (lengthB > 0 && lengthA > 1 && winsA < gallop && winsB < gallop) {
            if (@call(compare, undefined, items[b], kept[at]) < 0) {
                items[to++] = items[b++];
                lengthB--;
                winsB++;
                winsA = 0;
            } else {
                items[to++] = kept[at++];
                lengthA--;
                winsA++;
                winsB = 0;
            }
        }
        if (lengthB === 0 || lengthA === 1) break;
        gallop++;
        do {
            if (gallop > 1) gallop--;
            merging.gallop = gallop;
            winsA = helpers.gallopRight(items[b], kept, at, lengthA, 0, compare);
            @move(items, to, kept, at, winsA);
            to += winsA;
            at += winsA;
            lengthA -= winsA;
            if (lengthA <= 1) break;
            items[to++] = items[b++];
            if (--lengthB === 0) break;
            winsB = helpers.gallopLeft(kept[at], items, b, lengthB, 0, compare);
            @move(items, to, items, b, winsB);
            to += winsB;
            b += winsB;
            lengthB -= winsB;
            if (lengthB === 0) break;
            items[to++] = kept[at++];
            if (--lengthA === 1) break;
        } while (winsA >= 7 || winsB >= 7);
        if (lengthB === 0 || lengthA <= 1) break;
        merging.gallop = ++gallop;
    }
    if (lengthA === 1) {
        @move(items, to, items, b, lengthB);
        items[to + lengthB] = kept[at];
    } else {
        @move(items, to, kept, at, lengthA);
    }
}

// From the back, with the right run in `kept`.  A side that has none (a) or one item (b) left ends it.
Library_mergeHigh(merging, a, lengthA, b, lengthB) {
    const items = merging.items, compare = merging.compare, helpers = @library(), kept = @slice(items, b, lengthB);
    let to = b + lengthB - 1, at = lengthB - 1, from = a + lengthA - 1, gallop = merging.gallop;
    items[to--] = items[from--];
    lengthA--;
    while (lengthA > 0 && lengthB > 1) {
        let winsA = 0, winsB = 0;
        while (lengthA > 0 && lengthB > 1 && winsA < gallop && winsB < gallop) {
            if (@call(compare, undefined, kept[at], items[from]) < 0) {
                items[to--] = items[from--];
                lengthA--;
                winsA++;
                winsB = 0;
            } else {
                items[to--] = kept[at--];
                lengthB--;
                winsB++;
                winsA = 0;
            }
        }
        if (lengthA === 0 || lengthB === 1) break;
        gallop++;
        do {
            if (gallop > 1) gallop--;
            merging.gallop = gallop;
            winsA = lengthA - helpers.gallopRight(kept[at], items, a, lengthA, lengthA - 1, compare);
            to -= winsA;
            from -= winsA;
            lengthA -= winsA;
            @move(items, to + 1, items, from + 1, winsA);
            if (lengthA === 0) break;
            items[to--] = kept[at--];
            if (--lengthB === 1) break;
            winsB = lengthB - helpers.gallopLeft(items[from], kept, 0, lengthB, lengthB - 1, compare);
            to -= winsB;
            at -= winsB;
            lengthB -= winsB;
            @move(items, to + 1, kept, at + 1, winsB);
            if (lengthB <= 1) break;
            items[to--] = items[from--];
            if (--lengthA === 0) break;
        } while (winsA >= 7 || winsB >= 7);
        if (lengthA === 0 || lengthB <= 1) break;
        merging.gallop = ++gallop;
    }
    if (lengthB === 1) {
        @move(items, to - lengthA + 1, items, from - lengthA + 1, lengthA);
        items[to - lengthA] = kept[at];
    } else {
        @move(items, to - lengthB + 1, kept, 0, lengthB);
    }
}
