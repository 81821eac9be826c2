// Typed arrays: methods that call a function.  The receiver is a typed array or they throw; its length is looked at once.

TypedArray_forEach(callback, thisArg) {
    const length = @typed_length(this);
    @callable(callback);
    for (let i = 0; i < length; i++) @call(callback, thisArg, this[i], i, this);
}

TypedArray_map(callback, thisArg) {
    const length = @typed_length(this);
    @callable(callback);
    const result = @typed_like(this, length);
    for (let i = 0; i < length; i++) result[i] = @call(callback, thisArg, this[i], i, this);
    return result;
}

TypedArray_filter(callback, thisArg) {
    const length = @typed_length(this);
    @callable(callback);
    const kept = [];
    let count = 0;
    for (let i = 0; i < length; i++) {
        const v = this[i];
        if (@call(callback, thisArg, v, i, this)) @put(kept, count++, v);
    }
    const result = @typed_like(this, count);
    for (let i = 0; i < count; i++) result[i] = kept[i];
    return result;
}

TypedArray_some(callback, thisArg) {
    const length = @typed_length(this);
    @callable(callback);
    for (let i = 0; i < length; i++)
        if (@call(callback, thisArg, this[i], i, this)) return true;
    return false;
}

TypedArray_every(callback, thisArg) {
    const length = @typed_length(this);
    @callable(callback);
    for (let i = 0; i < length; i++)
        if (!@call(callback, thisArg, this[i], i, this)) return false;
    return true;
}

TypedArray_find(callback, thisArg) {
    const length = @typed_length(this);
    @callable(callback);
    for (let i = 0; i < length; i++) {
        const v = this[i];
        if (@call(callback, thisArg, v, i, this)) return v;
    }
}

TypedArray_findIndex(callback, thisArg) {
    const length = @typed_length(this);
    @callable(callback);
    for (let i = 0; i < length; i++)
        if (@call(callback, thisArg, this[i], i, this)) return i;
    return -1;
}

TypedArray_findLast(callback, thisArg) {
    const length = @typed_length(this);
    @callable(callback);
    for (let i = length - 1; i >= 0; i--) {
        const v = this[i];
        if (@call(callback, thisArg, v, i, this)) return v;
    }
}

TypedArray_findLastIndex(callback, thisArg) {
    const length = @typed_length(this);
    @callable(callback);
    for (let i = length - 1; i >= 0; i--)
        if (@call(callback, thisArg, this[i], i, this)) return i;
    return -1;
}

TypedArray_reduce(callback, initial) {
    const length = @typed_length(this);
    @callable(callback);
    let i = 0, sum;
    if (!@missing(initial)) sum = initial;
    else if (length) sum = this[i++];
    else @empty();
    for (; i < length; i++) sum = @call(callback, undefined, sum, this[i], i, this);
    return sum;
}

TypedArray_reduceRight(callback, initial) {
    const length = @typed_length(this);
    @callable(callback);
    let i = length - 1, sum;
    if (!@missing(initial)) sum = initial;
    else if (length) sum = this[i--];
    else @empty();
    for (; i >= 0; i--) sum = @call(callback, undefined, sum, this[i], i, this);
    return sum;
}

TypedArray_sort(compare) {
    @comparator(compare);
    const length = @typed_length(this);
    if (compare === undefined) return @typed_sort(this);
    return @library().sortTyped(this, length, compare);
}

TypedArray_toSorted(compare) {
    @comparator(compare);
    const result = @typed_copy(this);
    if (compare === undefined) return @typed_sort(result);
    return @library().sortTyped(result, @typed_length(result), compare);
}

Library_sortTyped(o, length, compare) {
    const from = @sortable(o, length, false), sorted = @slice(from, 0, length);
    if (length > 1) @library().mergeHalves(from, sorted, 0, length, compare);
    for (let i = 0; i < length; i++) o[i] = sorted[i];
    return o;
}

// Both hold the same values from `low` to `high`; in the end `to` has them in their order.  Values are compared in the
// order in which V8 does it, see array_sort.js.
Library_mergeHalves(from, to, low, high, compare) {
    const middle = low + ((high - low) >> 1);
    if (middle - low > 1) @library().mergeHalves(to, from, low, middle, compare);
    if (high - middle > 1) @library().mergeHalves(to, from, middle, high, compare);
    let a = low, b = middle;
    for (let i = low; i < high; i++)
        if (a < middle && (b >= high || !(@call(compare, undefined, from[a], from[b]) > 0))) to[i] = from[a++];
        else to[i] = from[b++];
}

TypedArray_from(source, map, thisArg) {
    @constructor(this);
    if (map !== undefined) @callable(map);
    const list = @typed_list(source), length = @length(list), result = @typed_made_by(this, length);
    for (let i = 0; i < length; i++) result[i] = map === undefined ? list[i] : @call(map, thisArg, list[i], i);
    return result;
}
