/* Memory, values, sources, UTF-8 and diagnostics. */
#include "runtime/base/diag.h"
#include "runtime/base/utf8.h"
#include "runtime/base/value.h"

#include <criterion/criterion.h>
#include <sanitizer/lsan_interface.h>
#include <stdio.h>

/* Absent from builds without a leak checker. */
#pragma weak __lsan_do_recoverable_leak_check

static tsk_arena arena;

static void setup(void) {
    tsk_arena_init(&arena, NULL, 0);
}

static void teardown(void) {
    tsk_arena_free(&arena);
}

TestSuite(base, .init = setup, .fini = teardown);

static const char *text_of(tsk_buf *buf) {
    tsk_buf_char(buf, 0);
    return buf->ptr;
}

/* ---- memory ---- */

Test(base, arena_aligns_and_grows_in_place) {
    char *a = tsk_arena_alloc(&arena, 3), *b = tsk_arena_alloc(&arena, 8);
    cr_assert_eq((uintptr_t)a % 8, 0);
    cr_assert_eq(b - a, 8);
    memcpy(b, "12345678", 8);
    char *same = tsk_arena_grow(&arena, b, 8, 64);
    cr_assert_eq(same, b, "the last allocation grows where it is");
    tsk_arena_alloc(&arena, 8);
    char *moved = tsk_arena_grow(&arena, same, 64, 128);
    cr_assert_neq(moved, same);
    cr_assert_eq(memcmp(moved, "12345678", 8), 0);
    char *large = tsk_arena_alloc(&arena, (size_t)1 << 20);
    memset(large, 1, (size_t)1 << 20);
    cr_assert_geq(arena.reserved, (size_t)1 << 20);
    size_t reserved = arena.reserved;
    tsk_arena_reset(&arena);
    cr_assert_lt(arena.reserved, reserved, "one chunk is kept");
    memset(tsk_arena_alloc(&arena, 100), 1, 100);
}

/* A large block is put in the list behind one that the leak checker must be able to look into. */
Test(base, arena_blocks_are_found_by_the_leak_checker) {
    static tsk_arena held;
    if (!__lsan_do_recoverable_leak_check) cr_skip_test("no leak checker in this build");
    tsk_arena_init(&held, NULL, 0);
    for (size_t n = 0; n < (size_t)4 << 20; n += 4096) memset(tsk_arena_alloc(&held, 4096), 1, 4096);
    memset(tsk_arena_alloc(&held, (size_t)1 << 20), 1, (size_t)1 << 20);
    cr_assert_eq(__lsan_do_recoverable_leak_check(), 0, "what a static variable leads to is no leak");
    tsk_arena_free(&held);
}

Test(base, arena_opens_with_room) {
    for (size_t room = 1; room < (size_t)4 << 20; room *= 7) {
        tsk_arena open;
        cr_assert(tsk_arena_open(&open, NULL, room));
        size_t reserved = open.reserved;
        memset(tsk_arena_alloc(&open, room < 1 << 20 ? room : 1 << 20), 1, room < 1 << 20 ? room : 1 << 20);
        cr_assert_eq(open.reserved, reserved, "%zu bytes fit into the first chunk", room);
        tsk_arena_free(&open);
    }
}

Test(base, arena_limit_leaves_by_the_trap) {
    tsk_arena small;
    tsk_arena_init(&small, NULL, 64 << 10);
    tsk_trap trap;
    small.trap = &trap;
    volatile int rounds = 0;
    int reason = setjmp(trap.jump);
    if (!reason)
        for (;; rounds++) tsk_arena_alloc(&small, 1000);
    cr_assert_eq(reason, TSK_TRAP_MEMORY_LIMIT);
    cr_assert_gt(rounds, 10);
    cr_assert_leq(small.reserved, (size_t)64 << 10);
    tsk_arena_free(&small);
}

static void *refuse(void *user, void *ptr, size_t old_size, size_t new_size) {
    (void)user, (void)ptr, (void)old_size, (void)new_size;
    return NULL;
}

Test(base, arena_without_memory_leaves_by_the_trap) {
    const tsk_allocator none = {refuse, NULL};
    tsk_arena empty;
    tsk_arena_init(&empty, &none, 0);
    tsk_trap trap;
    empty.trap = &trap;
    int reason = setjmp(trap.jump);
    if (!reason) tsk_arena_alloc(&empty, 1);
    cr_assert_eq(reason, TSK_TRAP_NO_MEMORY);
}

Test(base, buffers) {
    tsk_buf buf;
    tsk_buf_init(&buf, &arena);
    for (int i = 0; i < 1000; i++) tsk_buf_printf(&buf, "%d,", i);
    cr_assert_eq(buf.len, 10 * 2 + 90 * 3 + 900 * 4);
    cr_assert_eq(memcmp(buf.ptr, "0,1,2,", 6), 0);
    cr_assert_str_eq(tsk_arena_printf(&arena, "%s-%03d", "a", 7), "a-007");
}

/* ---- values ---- */

Test(base, integers_at_the_borders) {
    const int64_t samples[] = {0, 1, -1, INT32_MAX, INT32_MIN, INT32_MAX + 1ll, INT32_MIN - 1ll, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < TSK_COUNT(samples); i++) {
        tsk_value v = tsk_int(&arena, samples[i]);
        cr_assert(tsk_is_int(v) && tsk_is_number(v) && !tsk_is_double(v));
        cr_assert_eq(tsk_as_int(v), samples[i]);
        cr_assert_eq(tsk_is_i32(v), samples[i] >= INT32_MIN && samples[i] <= INT32_MAX);
        cr_assert_eq(tsk_kind_of(v), TSK_INT);
    }
}

Test(base, kinds) {
    cr_assert_eq(tsk_kind_of(TSK_VALUE_UNDEFINED), TSK_NULL);
    cr_assert_eq(tsk_kind_of(TSK_VALUE_TRUE), TSK_BOOL);
    cr_assert_eq(tsk_kind_of(tsk_from_double(-1.0 / 0.0)), TSK_DOUBLE);
    cr_assert_eq(tsk_kind_of(tsk_from_double(-__builtin_nan(""))), TSK_DOUBLE);
    cr_assert_eq(tsk_kind_of(tsk_str_cstr(&arena, "x")), TSK_STRING);
    cr_assert_eq(tsk_kind_of(tsk_from_thunk(7)), TSK_THUNK);
    cr_assert_str_eq(tsk_kind_name(TSK_OBJECT), "object");
}

Test(base, objects_keep_order_and_find_every_key) {
    tsk_object *o = tsk_object_new(&arena, 0);
    for (int i = 0; i < 2000; i++) {
        char *key = tsk_arena_printf(&arena, "key number %d", i);
        tsk_object_put(&arena, o, key, tsk_int(&arena, i));
    }
    tsk_object_put(&arena, o, "key number 77", TSK_VALUE_TRUE);
    cr_assert_eq(o->count, 2000);
    cr_assert(tsk_as_bool(o->entries[77].value));
    for (int i = 0; i < 2000; i += 3) {
        char key[32];
        int len = snprintf(key, sizeof key, "key number %d", i);
        cr_assert(tsk_object_remove(o, key, (uint32_t)len));
        cr_assert_not(tsk_object_remove(o, key, (uint32_t)len));
        cr_assert_null(tsk_object_find(o, key, (uint32_t)len));
    }
    for (int i = 1; i < 2000; i += 3) {
        char key[32];
        int len = snprintf(key, sizeof key, "key number %d", i);
        tsk_entry *e = tsk_object_find(o, key, (uint32_t)len);
        cr_assert_not_null(e);
        cr_assert(i == 1 || e > o->entries);
    }
    cr_assert_eq(tsk_as_int(o->entries[0].value), 1);
}

Test(base, hashes_depend_on_every_byte) {
    char text[64] = {0};
    for (size_t n = 1; n < sizeof text; n++) {
        uint32_t before = tsk_hash(text, n);
        cr_assert_neq(before, 0);
        for (size_t i = 0; i < n; i++) {
            text[i] ^= 1;
            cr_assert_neq(tsk_hash(text, n), before, "byte %zu of %zu", i, n);
            text[i] ^= 1;
        }
    }
}

/* ---- UTF-8 ---- */

Test(base, utf8_valid_prefix) {
    static const struct {
        const char *text;
        size_t valid;
    } cases[] = {
        {"", 0},
        {"plain ASCII, more than sixteen bytes of it", 42},
        {"déjà vu", 9},
        {"0123456789abcdef€", 19},
        {"\xF0\x9F\x98\x80", 4},
        {"ab\xC0\x80", 2},       /* overlong */
        {"\xE0\x80\x80", 0},     /* overlong */
        {"\xED\xA0\x80", 0},     /* surrogate */
        {"\xED\x9F\xBF", 3},     /* the last before them */
        {"\xF4\x8F\xBF\xBF", 4}, /* U+10FFFF */
        {"\xF4\x90\x80\x80", 0}, /* beyond */
        {"a\x80", 1},            /* stray */
        {"abc\xE2\x82", 3},      /* cut off */
        {"0123456789abcdef\xFF", 16},
    };
    for (size_t i = 0; i < TSK_COUNT(cases); i++)
        cr_assert_eq(tsk_utf8_valid_prefix(cases[i].text, strlen(cases[i].text)), cases[i].valid, "case %zu", i);
}

Test(base, utf8_encode_inverts_decode) {
    for (uint32_t code = 0; code <= 0x10FFFF; code += code < 0x900 ? 1 : 37) {
        if (code >= 0xD800 && code <= 0xDFFF) continue;
        char bytes[4];
        uint32_t back;
        unsigned n = tsk_utf8_encode(bytes, code);
        cr_assert_eq(tsk_utf8_decode(bytes, bytes + n, &back), n, "U+%04X", code);
        cr_assert_eq(back, code);
        if (n > 1) cr_assert_eq(tsk_utf8_decode(bytes, bytes + n - 1, &back), 0);
    }
    char bytes[4];
    cr_assert_eq(tsk_utf8_encode(bytes, 0xD800), 3);
    cr_assert_eq(memcmp(bytes, "\xEF\xBF\xBD", 3), 0);
}

Test(base, utf8_counting) {
    const char *text = "aé漢😀\xFFz0123456789abcdefgh";
    size_t len = strlen(text);
    cr_assert_eq(tsk_utf8_count(text, len), 24);
    cr_assert_eq(tsk_utf8_offset(text, len, 0), 0);
    cr_assert_eq(tsk_utf8_offset(text, len, 3), 6);
    cr_assert_eq(tsk_utf8_offset(text, len, 5), 11);
    cr_assert_eq(tsk_utf8_offset(text, len, 23), len - 1);
    cr_assert_eq(tsk_utf8_offset(text, len, 99), len);
}

Test(base, utf8_widths) {
    cr_assert_eq(tsk_utf8_width('a'), 1);
    cr_assert_eq(tsk_utf8_width(0xE9), 1);
    cr_assert_eq(tsk_utf8_width(0x301), 0);   /* combining acute */
    cr_assert_eq(tsk_utf8_width(0x200B), 0);  /* zero width space */
    cr_assert_eq(tsk_utf8_width(0x200D), 0);  /* joiner */
    cr_assert_eq(tsk_utf8_width(0xFE0F), 0);  /* variation selector */
    cr_assert_eq(tsk_utf8_width(0x6F22), 2);  /* CJK */
    cr_assert_eq(tsk_utf8_width(0xAC00), 2);  /* Hangul */
    cr_assert_eq(tsk_utf8_width(0xFF21), 2);  /* fullwidth A */
    cr_assert_eq(tsk_utf8_width(0x1F600), 2); /* emoji */
    cr_assert_eq(tsk_utf8_width(0x20000), 2);
    cr_assert_eq(tsk_utf8_width(0x2019), 1);
    cr_assert_eq(tsk_utf8_columns("a漢e\xCC\x81", 7), 4);
    cr_assert_eq(tsk_utf8_fit("a漢漢", 7, 4), 4);
}

static const char *json(const char *text, size_t len) {
    tsk_buf out;
    tsk_buf_init(&out, &arena);
    tsk_utf8_json(&out, text, len);
    return text_of(&out);
}

Test(base, json_strings) {
    cr_assert_str_eq(json("", 0), "\"\"");
    cr_assert_str_eq(json("a\"b\\c/d", 7), "\"a\\\"b\\\\c/d\"");
    cr_assert_str_eq(json("\n\r\t\b\f\0\x1f", 7), "\"\\n\\r\\t\\b\\f\\u0000\\u001f\"");
    cr_assert_str_eq(json("0123456789abcdef\n0123456789abcdefé漢😀 end", 46),
                     "\"0123456789abcdef\\n0123456789abcdefé漢😀 end\"");
    cr_assert_str_eq(json("a\xFF"
                          "b\xC3",
                          4),
                     "\"a\xEF\xBF\xBD"
                     "b\xEF\xBF\xBD\"");
    cr_assert_str_eq(json("\xED\xA0\xBDx", 4), "\"\\ud83dx\"");
}

/* ---- sources ---- */

static tsk_source *add(tsk_sources *sources, const char *name, const char *text) {
    size_t len = strlen(text);
    char *padded = memset(tsk_arena_alloc(&arena, len + TSK_SOURCE_PADDING), 0, len + TSK_SOURCE_PADDING);
    memcpy(padded, text, len);
    return tsk_sources_add(sources, name, padded, (uint32_t)len);
}

Test(base, sources_share_one_space) {
    tsk_sources sources = {.arena = &arena};
    tsk_source *list[20];
    for (int i = 0; i < 20; i++) list[i] = add(&sources, tsk_arena_printf(&arena, "f%d", i), i % 3 ? "abc\n" : "");
    for (int i = 0; i < 20; i++) {
        cr_assert_eq(tsk_sources_at(&sources, list[i]->base), list[i]);
        cr_assert_eq(tsk_sources_at(&sources, list[i]->base + list[i]->len), list[i]);
        cr_assert_eq(tsk_sources_pos(&sources, list[i]->text + list[i]->len), list[i]->base + list[i]->len);
    }
    cr_assert_null(tsk_sources_at(&sources, 0));
    cr_assert_null(tsk_sources_at(&sources, list[19]->base + list[19]->len + 1));
    cr_assert_eq(tsk_sources_pos(&sources, "elsewhere"), 0);
    tsk_location at;
    cr_assert_not(tsk_sources_locate(&sources, 0, &at));
    cr_assert_null(tsk_sources_add(&sources, "huge", "", UINT32_MAX - 50));
}

Test(base, lines_and_display_columns) {
    tsk_sources sources = {.arena = &arena};
    const char *text = "first\r\n漢字 = é\n\n\tx";
    tsk_source *source = add(&sources, "a.tsk", text);
    for (int indexed = 0; indexed < 2; indexed++) {
        tsk_location at;
        cr_assert(tsk_sources_locate(&sources, source->base + 2, &at));
        cr_assert(at.line == 1 && at.column == 3);
        cr_assert(tsk_slice_eq(at.line_text, TSK_SLICE("first")));
        uint32_t equals = (uint32_t)(strchr(text, '=') - text);
        cr_assert(tsk_sources_locate(&sources, source->base + equals, &at));
        cr_assert(at.line == 2 && at.column == 6 && at.line_offset == 7);
        cr_assert(tsk_sources_locate(&sources, source->base + source->len, &at));
        cr_assert(at.line == 4 && at.column == 3);
        cr_assert(tsk_slice_eq(at.line_text, TSK_SLICE("\tx")));
        tsk_source_index(&sources, source);
        cr_assert_eq(source->line_count, 4);
    }
}

/* ---- diagnostics ---- */

static tsk_span span_of(const tsk_source *source, const char *part) {
    return (tsk_span){source->base + (uint32_t)(strstr(source->text, part) - source->text), (uint32_t)strlen(part)};
}

static const char *render(const tsk_diags *diags, const tsk_sources *sources, tsk_diag_style style) {
    tsk_buf out;
    tsk_buf_init(&out, &arena);
    tsk_diags_render(&out, diags, sources, style);
    return text_of(&out);
}

Test(base, diagnostics_as_text) {
    tsk_sources sources = {.arena = &arena};
    tsk_diags diags = {.arena = &arena};
    tsk_source *source = add(&sources, "config.tsk", "name: 1\ntimeout =\n漢字: nowhere + 1\n");
    tsk_diag *d = tsk_diags_add(&diags, TSK_ERROR, TSK_E_UNDEFINED_NAME, span_of(source, "nowhere"),
                                "`%s` is not defined", "nowhere");
    tsk_diag_note(&diags, d, span_of(source, "name"), "did you mean `%s`", "name");
    d->key = "漢字";
    d = tsk_diags_add(&diags, TSK_ERROR, TSK_E_EXPECTED_VALUE, (tsk_span){span_of(source, "timeout =").pos + 9, 0},
                      "expected a value after '='");
    d->expected = "expected a value";
    d->hint = "write `timeout: null` for an empty value";
    tsk_diags_add(&diags, TSK_WARNING, TSK_E_DUPLICATE_KEY, span_of(source, "name"), "twice");
    cr_assert_str_eq(render(&diags, &sources, (tsk_diag_style){0}),
                     "config.tsk:2:10: error[E0107]: expected a value after '='\n"
                     "  2 | timeout =\n"
                     "    |          ^ expected a value\n"
                     "  hint: write `timeout: null` for an empty value\n"
                     "config.tsk:3:7: error[E0203]: `nowhere` is not defined\n"
                     "  3 | 漢字: nowhere + 1\n"
                     "    |       ^~~~~~~\n"
                     "  key: 漢字\n"
                     "  note: did you mean `name` (config.tsk:1:1)\n");
    const char *all = render(&diags, &sources, (tsk_diag_style){.warnings = true, .colour = true});
    cr_assert_not_null(strstr(all, "\033[1;33mwarning[E0205]\033[0m: twice"));
    cr_assert_eq(diags.errors, 2);
    cr_assert_eq(diags.warnings, 1);
}

Test(base, diagnostics_of_broken_text) {
    tsk_sources sources = {.arena = &arena};
    tsk_diags diags = {.arena = &arena};
    char text[400];
    memset(text, 0xBD, sizeof text); /* continuation bytes that continue nothing */
    strcpy(text + sizeof text - 12, "nowhere: 1\n");
    tsk_source *source = add(&sources, "broken.tsk", text);
    tsk_diags_add(&diags, TSK_ERROR, TSK_E_UNDEFINED_NAME, span_of(source, "nowhere"), "not defined");
    const char *out = render(&diags, &sources, (tsk_diag_style){0});
    cr_assert_not_null(strstr(out, "nowhere: 1\n"));
    cr_assert_not_null(strstr(out, " ^~~~~~~\n"));
    cr_assert_lt(strlen(out), 800);
}

Test(base, diagnostics_as_json) {
    tsk_sources sources = {.arena = &arena};
    tsk_diags diags = {.arena = &arena};
    cr_assert_str_eq(render(&diags, &sources, (tsk_diag_style){.json = true}), "[]\n");
    tsk_source *source = add(&sources, "a\"b.tsk", "x: \"unclosed\ny: 2\n");
    tsk_diag *d = tsk_diags_add(&diags, TSK_ERROR, TSK_E_UNTERMINATED_STRING, span_of(source, "\"unclosed\ny"),
                                "no end");
    d->expected = "this quote";
    tsk_diag_note(&diags, d, (tsk_span){0, 0}, "note");
    tsk_diags_add(&diags, TSK_ERROR, TSK_E_FILE_NOT_FOUND, (tsk_span){0, 0}, "gone");
    cr_assert_str_eq(
        render(&diags, &sources, (tsk_diag_style){.json = true}),
        "[\n  {\"severity\": \"error\", \"code\": \"E0501\", \"summary\": \"a file does not exist\", "
        "\"message\": \"gone\", \"notes\": []},\n"
        "  {\"severity\": \"error\", \"code\": \"E0103\", \"summary\": \"a string has no closing quote\", "
        "\"message\": \"no end\", \"file\": \"a\\\"b.tsk\", \"line\": 1, \"column\": 4, \"end_column\": 13, "
        "\"line_text\": \"x: \\\"unclosed\", \"expected\": \"this quote\", \"notes\": [{\"text\": \"note\"}]}\n]\n");
}

Test(base, long_lines_are_clipped_around_the_span) {
    tsk_sources sources = {.arena = &arena};
    tsk_diags diags = {.arena = &arena};
    tsk_buf text;
    tsk_buf_init(&text, &arena);
    for (int i = 0; i < 5000; i++) tsk_buf_cstr(&text, "漢a");
    tsk_buf_cstr(&text, "HERE");
    for (int i = 0; i < 5000; i++) tsk_buf_cstr(&text, "x");
    tsk_source *source = add(&sources, "long", text_of(&text));
    tsk_diags_add(&diags, TSK_ERROR, TSK_E_TYPE, span_of(source, "HERE"), "m");
    const char *out = render(&diags, &sources, (tsk_diag_style){0});
    const char *excerpt = strchr(out, '\n') + 1, *carets = strchr(excerpt, '\n') + 1;
    cr_assert_leq(tsk_utf8_columns(excerpt, (size_t)(carets - 1 - excerpt)), 6 + 122);
    size_t word = tsk_utf8_columns(excerpt, (size_t)(strstr(excerpt, "HERE") - excerpt));
    cr_assert_eq((size_t)(strchr(carets, '^') - carets), word);
    cr_assert_not_null(strstr(carets, "^~~~\n"));
    cr_assert_not_null(strstr(excerpt, "…"));
}

Test(base, tabs_and_control_characters_in_excerpts) {
    tsk_sources sources = {.arena = &arena};
    tsk_diags diags = {.arena = &arena};
    tsk_source *source = add(&sources, "t", "\ta\033[31m BAD");
    tsk_diags_add(&diags, TSK_ERROR, TSK_E_TYPE, span_of(source, "BAD"), "m");
    cr_assert_str_eq(render(&diags, &sources, (tsk_diag_style){0}),
                     "t:1:9: error[E0302]: m\n  1 | \ta\xEF\xBF\xBD[31m BAD\n    | \t       ^~~\n");
}

Test(base, the_list_is_bounded_and_keeps_the_first_in_the_source) {
    tsk_sources sources = {.arena = &arena};
    tsk_source *source = add(&sources, "a", "0123456789012345678901234567890123456789");
    tsk_diags diags = {.arena = &arena, .max = 5};
    for (uint32_t i = 0; i < 30; i++) {
        uint32_t at = (i * 7) % 30;
        tsk_diag *d = tsk_diags_add(&diags, TSK_ERROR, TSK_E_TYPE, (tsk_span){source->base + at, 1}, "at %u", at);
        d->hint = "always writable";
        tsk_diag_note(&diags, d, (tsk_span){0, 0}, "note");
    }
    cr_assert_eq(diags.errors, 5);
    cr_assert_eq(diags.dropped, 25);
    uint32_t expected = source->base;
    for (tsk_diag *d = diags.first; d; d = d->next) cr_assert_eq(d->span.pos, expected++);
    cr_assert_eq(expected, source->base + 5);
    cr_assert_not_null(strstr(render(&diags, &sources, (tsk_diag_style){0}), "(25 more not shown)\n"));
}

Test(base, codes) {
    cr_assert_str_eq(tsk_code_name(TSK_E_EXPECTED_VALUE), "E0107");
    cr_assert_eq(tsk_code_exit(TSK_E_FILE_NOT_FOUND), 3);
    cr_assert_eq(tsk_code_exit(TSK_E_DUPLICATE_KEY), 6); /* where warnings count as errors */
    cr_assert_str_eq(tsk_code_summary(TSK_E_CYCLE), "a key depends on itself");
}

Test(base, closest) {
    const tsk_slice names[] = {TSK_SLICE("upper"), TSK_SLICE("lower"), TSK_SLICE("length"), TSK_SLICE("env"),
                               TSK_SLICE("date")};
    static const struct {
        const char *word, *closest;
    } cases[] = {{"uper", "upper"},
                 {"lenght", "length"},
                 {"Lower", "lower"},
                 {"evn", "env"},
                 {"dtae", "date"},
                 {"e", ""},
                 {"zebra", ""},
                 {"", ""},
                 {"lengthwise", ""},
                 {"upper", "upper"},
                 {"this word is far longer than any of the candidates", ""}};
    for (size_t i = 0; i < TSK_COUNT(cases); i++) {
        tsk_slice found = tsk_closest(tsk_slice_cstr(cases[i].word), names, TSK_COUNT(names));
        cr_assert(tsk_slice_eq(found, tsk_slice_cstr(cases[i].closest)), "%s: %.*s", cases[i].word, (int)found.len,
                  found.ptr);
    }
}
