// Map, Set, and what is made from iterables with a function: Array.from, groupBy.

Map_forEach(callback, thisArg) {
    const walk = @walk_map(this);
    @callable(callback);
    for (;;) {
        const key = @walk_next(walk);
        if (@hole(key)) return;
        @call(callback, thisArg, @walk_value(walk), key, this);
    }
}

Set_forEach(callback, thisArg) {
    const walk = @walk_set(this);
    @callable(callback);
    for (;;) {
        const key = @walk_next(walk);
        if (@hole(key)) return;
        @call(callback, thisArg, key, key, this);
    }
}

Map_getOrInsertComputed(key, callback) {
    const v = @map_find(this, key);
    @callable(callback);
    if (!@hole(v)) return v;
    return @map_put(this, key, @call(callback, undefined, key === 0 ? 0 : key));
}

WeakMap_getOrInsertComputed(key, callback) {
    const v = @weak_map_find(this, key);
    @callable(callback);
    if (!@hole(v)) return v;
    return @map_put(this, key, @call(callback, undefined, key));
}

Array_from(items, map, thisArg) {
    if (map === undefined) return @from(this, items);
    @callable(map);
    const method = @iterator_of(items);
    if (method === undefined) {
        const o = @object(items), length = @length(o), result = @made_by(this, length);
        for (let i = 0; i < length; i++) @put(result, i, @call(map, thisArg, o[i], i));
        return @ended(result, length);
    }
    const result = @made_by(this), it = @iterate(items, method);
    for (let i = 0;; i++) {
        const v = @next(it);
        if (@hole(v)) return @ended(result, i);
        try {
            @put(result, i, @call(map, thisArg, v, i));
        } catch (e) {
            @close(it);
            throw e;
        }
    }
}

Object_groupBy(items, callback) {
    return @library().group(@groups(false, items, callback), items, callback);
}

Map_groupBy(items, callback) {
    return @library().group(@groups(true, items, callback), items, callback);
}

Library_group(groups, items, callback) {
    const it = @iterate(items, @iterator_of(items));
    for (let i = 0;; i++) {
        const v = @next(it);
        if (@hole(v)) return groups;
        try {
            @group(groups, @call(callback, undefined, v, i), v);
        } catch (e) {
            @close(it);
            throw e;
        }
    }
}
