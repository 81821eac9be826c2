// Array.prototype: methods that call a function for every item.  `@name(...)`: ir/tables/library.def.
//
// Every method works on any object with a length.  Where ECMAScript asks HasProperty and Get, `@item` does both and
// gives the mark of a hole, which nothing but `@hole` may see; where it asks Get alone, o[i] does.

Array_forEach(callback, thisArg) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    for (let i = 0; i < length; i++) {
        const v = @item(o, i);
        if (!@hole(v)) @call(callback, thisArg, v, i, o);
    }
}

Array_map(callback, thisArg) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    const result = @species(o, length);
    for (let i = 0; i < length; i++) {
        const v = @item(o, i);
        if (!@hole(v)) @put(result, i, @call(callback, thisArg, v, i, o));
    }
    return result;
}

Array_filter(callback, thisArg) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    const result = @species(o, 0);
    let at = 0;
    for (let i = 0; i < length; i++) {
        const v = @item(o, i);
        if (!@hole(v) && @call(callback, thisArg, v, i, o)) @put(result, at++, v);
    }
    return result;
}

Array_some(callback, thisArg) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    for (let i = 0; i < length; i++) {
        const v = @item(o, i);
        if (!@hole(v) && @call(callback, thisArg, v, i, o)) return true;
    }
    return false;
}

Array_every(callback, thisArg) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    for (let i = 0; i < length; i++) {
        const v = @item(o, i);
        if (!@hole(v) && !@call(callback, thisArg, v, i, o)) return false;
    }
    return true;
}

Array_find(callback, thisArg) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    for (let i = 0; i < length; i++) {
        const v = o[i];
        if (@call(callback, thisArg, v, i, o)) return v;
    }
}

Array_findIndex(callback, thisArg) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    for (let i = 0; i < length; i++)
        if (@call(callback, thisArg, o[i], i, o)) return i;
    return -1;
}

Array_findLast(callback, thisArg) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    for (let i = length - 1; i >= 0; i--) {
        const v = o[i];
        if (@call(callback, thisArg, v, i, o)) return v;
    }
}

Array_findLastIndex(callback, thisArg) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    for (let i = length - 1; i >= 0; i--)
        if (@call(callback, thisArg, o[i], i, o)) return i;
    return -1;
}

Array_reduce(callback, initial) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    let i = 0, sum;
    if (!@missing(initial)) sum = initial;
    else do {
        if (i >= length) @empty();
        sum = @item(o, i++);
    } while (@hole(sum));
    for (; i < length; i++) {
        const v = @item(o, i);
        if (!@hole(v)) sum = @call(callback, undefined, sum, v, i, o);
    }
    return sum;
}

Array_reduceRight(callback, initial) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    let i = length - 1, sum;
    if (!@missing(initial)) sum = initial;
    else do {
        if (i < 0) @empty();
        sum = @item(o, i--);
    } while (@hole(sum));
    for (; i >= 0; i--) {
        const v = @item(o, i);
        if (!@hole(v)) sum = @call(callback, undefined, sum, v, i, o);
    }
    return sum;
}

Array_flatMap(callback, thisArg) {
    const o = @object(this), length = @length(o);
    @callable(callback);
    const result = @species(o, 0);
    let at = 0;
    for (let i = 0; i < length; i++) {
        const v = @item(o, i);
        if (!@hole(v)) at = @flatten(result, at, @call(callback, thisArg, v, i, o));
    }
    return result;
}
