// Array.prototype.sort and toSorted.
//
//   items ─► a new array, undefined last ─► by their text: C    by a function: Library_mergeSort ─► put back
//
// Nobody else sees the new arrays, so what the function does to the original cannot disturb.

Array_sort(compare) {
    @comparator(compare);
    const o = @object(this), length = @length(o);
    let items = @sortable(o, length, false);
    if (compare === undefined) @sort_text(items);
    else items = @library().mergeSort(items, items.length, compare);
    return @sorted(o, length, items);
}

Array_toSorted(compare) {
    @comparator(compare);
    const o = @object(this), items = @sortable(o, @length(o), true);
    if (compare !== undefined) return @library().mergeSort(items, items.length, compare);
    @sort_text(items);
    return items;
}

// Stable: short runs by insertion, then merged pairwise.  Two runs that are in order already are merged by one
// comparison.  Gives the array or a new one.
Library_mergeSort(items, count, compare) {
    while (count > 0 && items[count - 1] === undefined) count--;
    for (let start = 0; start < count; start += 8) {
        const end = start + 8 < count ? start + 8 : count;
        for (let i = start + 1; i < end; i++) {
            const v = items[i];
            let at = i;
            while (at > start) {
                const before = items[at - 1];
                if (!(@call(compare, undefined, before, v) > 0)) break;
                items[at--] = before;
            }
            items[at] = v;
        }
    }
    if (count <= 8) return items;
    let from = items, to = @copy(items);
    for (let width = 8; width < count; width *= 2) {
        for (let start = 0; start < count; start += 2 * width) {
            const middle = start + width < count ? start + width : count;
            const end = middle + width < count ? middle + width : count;
            let a = start, b = middle, at = start;
            if (middle < end && @call(compare, undefined, from[middle - 1], from[middle]) > 0) {
                let x = from[a], y = from[b];
                for (;;) {
                    if (@call(compare, undefined, x, y) > 0) {
                        to[at++] = y;
                        if (++b === end) break;
                        y = from[b];
                    } else {
                        to[at++] = x;
                        if (++a === middle) break;
                        x = from[a];
                    }
                }
            }
            while (a < middle) to[at++] = from[a++];
            while (b < end) to[at++] = from[b++];
        }
        const other = from;
        from = to;
        to = other;
    }
    return from;
}
