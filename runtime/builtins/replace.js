// replace and replaceAll with a function: its answers stand in the place of what was found.  Other replacements are C's.

String_replace(pattern, replacement) {
    const method = @replacer(this, pattern, false);
    if (method !== undefined) return @call(method, pattern, this, replacement);
    return @library().replaceText(@text(this), @text(pattern), replacement, false);
}

String_replaceAll(pattern, replacement) {
    const method = @replacer(this, pattern, true);
    if (method !== undefined) return @call(method, pattern, this, replacement);
    return @library().replaceText(@text(this), @text(pattern), replacement, true);
}

Library_replaceText(s, part, replacement, all) {
    if (typeof replacement !== 'function') return @replace_text(s, part, replacement, all);
    let at = @index_of(s, part, 0);
    if (at < 0) return s;
    const parts = [], step = part.length || 1;
    let count = 0, end = 0;
    while (at >= 0) {
        @put(parts, count++, @substring(s, end, at));
        @put(parts, count++, @text(@call(replacement, undefined, part, at, s)));
        end = at + part.length;
        at = all && at + step <= s.length ? @index_of(s, part, at + step) : -1;
    }
    @put(parts, count, @substring(s, end, s.length));
    return @concat(parts);
}

// All matches first: the function must not disturb the search.  Matches may not be in order.
RegExp_replace(string, replacement) {
    const s = @regexp_subject(this, string);
    if (typeof replacement !== 'function') return @regexp_replace(this, s, replacement);
    const matches = @regexp_matches(this, s), parts = [], place = [0, 0];
    let count = 0, end = 0;
    for (let i = 0; i < matches.length; i++) {
        const args = @match_arguments(matches[i], s, place), at = place[0], after = place[1];
        const text = @text(@apply(replacement, undefined, args));
        if (at < end) continue;
        @put(parts, count++, @substring(s, end, at));
        @put(parts, count++, text);
        end = after;
    }
    @put(parts, count, @substring(s, end, s.length));
    return @concat(parts);
}
