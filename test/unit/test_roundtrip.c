/* Data to TuskLang text and back: 20,000 random documents, compared in value, type and order of keys.
 *
 *   model ──► JSON, by the plain writer here ──► program 1: equals the model?
 *                                                   │ tusk_write, TUSK_FORMAT_TSK
 *                                                   ▼
 *                                                 text ──► program 2: equals the model? writes the same text? */
#include <tusk/tusk.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENTS = 20000, POOL = 1 << 20, DEPTH = 5, ITEMS = 6 };

typedef struct node {
    tusk_kind kind;
    bool truth;
    int64_t integer;
    double number;
    const char *text;
    size_t len, count;
    struct node **items; /* of arrays and objects */
    struct node **keys;  /* strings */
} node;

static char pool[POOL];
static size_t pool_used;
static uint64_t seed;

static void *take(size_t size) {
    void *p = pool + pool_used;
    pool_used += (size + 15) & ~(size_t)15;
    cr_assert_lt(pool_used, POOL);
    return memset(p, 0, size);
}

static uint64_t random64(void) { /* splitmix64 */
    uint64_t z = seed += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static size_t below(size_t n) {
    return (size_t)(random64() % n);
}

/* ---- the model ---- */

static const char *const pieces[] = {"",
                                     "a",
                                     "null",
                                     "true",
                                     "Yes",
                                     "off",
                                     "nil",
                                     "undefined",
                                     "12",
                                     "-1.5",
                                     "1e5",
                                     "0x1f",
                                     "1_000",
                                     "1.2.3",
                                     "8000-9000",
                                     "30s",
                                     " ",
                                     "  a ",
                                     "\n",
                                     "a\n\nb\n",
                                     "\t",
                                     "\r\n",
                                     "it's",
                                     "say \"x\"",
                                     "\\",
                                     "\\n",
                                     "\\u0041",
                                     "$x",
                                     "${x}",
                                     "{$x}",
                                     "{$",
                                     "$",
                                     "@env(\"A\")",
                                     "#c",
                                     "a # b",
                                     "// c",
                                     "/* c */",
                                     "http://x",
                                     "a: b",
                                     "a = b",
                                     "[x]",
                                     "{",
                                     "}",
                                     "<",
                                     ">",
                                     ";",
                                     ",",
                                     "- a",
                                     "-",
                                     "é",
                                     "日本",
                                     "😀",
                                     "\x7f",
                                     "\xC2\x85",
                                     "\xEF\xBB\xBF",
                                     "\"\"\"",
                                     "'''",
                                     "<<A\nx\nA",
                                     "function f() { return `${x}`; }",
                                     "(x) => x",
                                     "x ? y : z",
                                     "a + b",
                                     "a.b",
                                     "not a",
                                     "Infinity",
                                     "%",
                                     "`",
                                     "name",
                                     "<?php",
                                     "php(1)",
                                     "...x",
                                     "\xE2\x80\xA8"};

static size_t put_code_point(char *out, unsigned c) {
    if (c < 0x80) return out[0] = (char)c, 1;
    if (c < 0x800) return out[0] = (char)(0xC0 | c >> 6), out[1] = (char)(0x80 | (c & 63)), 2;
    if (c < 0x10000)
        return out[0] = (char)(0xE0 | c >> 12), out[1] = (char)(0x80 | ((c >> 6) & 63)),
               out[2] = (char)(0x80 | (c & 63)), 3;
    out[0] = (char)(0xF0 | c >> 18), out[1] = (char)(0x80 | ((c >> 12) & 63)), out[2] = (char)(0x80 | ((c >> 6) & 63));
    return out[3] = (char)(0x80 | (c & 63)), 4;
}

static unsigned random_code_point(void) {
    static const unsigned ends[] = {0x20, 0x80, 0x800, 0xD800, 0x110000};
    unsigned c = (unsigned)below(ends[below(5)]);
    return c >= 0xD800 && c < 0xE000 ? 0xFFFD : c;
}

static void random_text(node *n, size_t parts) {
    char *text = take(256);
    n->kind = TUSK_STRING;
    n->text = text;
    while (parts-- > 0) {
        if (below(3) == 0) {
            n->len += put_code_point(text + n->len, random_code_point());
        } else {
            const char *piece = pieces[below(sizeof pieces / sizeof *pieces)];
            memcpy(text + n->len, piece, strlen(piece));
            n->len += strlen(piece);
        }
    }
}

static double random_number(void) {
    static const double special[] = {0.0,
                                     -0.0,
                                     1.0,
                                     -1.0,
                                     0.1,
                                     0.5,
                                     1e300,
                                     5e-324,
                                     1.7976931348623157e308,
                                     1e21,
                                     1e-7,
                                     123456.75,
                                     9007199254740993.0};
    double d;
    if (below(3)) return special[below(sizeof special / sizeof *special)];
    do {
        uint64_t bits = random64();
        memcpy(&d, &bits, sizeof d);
    } while (!isfinite(d));
    return d;
}

static int64_t random_integer(void) {
    static const int64_t special[] = {
        0, 1, -1, 8080, INT32_MAX, INT32_MIN, (int64_t)INT32_MAX + 1, (int64_t)INT32_MIN - 1, INT64_MAX, INT64_MIN};
    if (below(2)) return special[below(sizeof special / sizeof *special)];
    return (int64_t)(random64() >> below(64));
}

static bool same_text(const node *a, const char *text, size_t len) {
    return a->len == len && memcmp(a->text, text, len) == 0;
}

static void random_key(node *n, size_t depth) {
    static const char *const keys[] = {"a",          "key", "a-b", "a b",  "",   "1", "true", "if",      "a.b", "x:y",
                                       "é",          "-",   "#",   "\"",   "\n", "@", "null", "'",       "[",   "name",
                                       "add_fujsen", "min", "max", "type", "a-", "$", "$g",   "include", "..."};
    if (below(4) == 0) {
        random_text(n, 2);
    } else {
        const char *key = keys[below(sizeof keys / sizeof *keys)];
        n->kind = TUSK_STRING;
        n->text = key;
        n->len = strlen(key);
    }
    /* globals at the top only */
    if (depth < DEPTH && n->len && *n->text == '$') n->text = "g", n->len = 1;
}

static node *random_node(size_t depth);

static node *random_container(tusk_kind kind, size_t depth) {
    node *n = take(sizeof *n);
    n->kind = kind;
    n->items = take(ITEMS * sizeof *n->items);
    n->keys = take(ITEMS * sizeof *n->keys);
    size_t count = below(ITEMS);
    for (size_t i = 0; i < count; i++) {
        if (kind == TUSK_OBJECT) {
            node *key = take(sizeof *key);
            size_t k = 0;
            random_key(key, depth);
            while (k < n->count && !same_text(n->keys[k], key->text, key->len)) k++;
            if (k < n->count) continue;
            n->keys[n->count] = key;
        }
        n->items[n->count++] = random_node(depth - 1);
    }
    return n;
}

static node *random_node(size_t depth) {
    size_t kind = below(depth ? 11 : 8);
    if (kind >= 8) return random_container(kind == 8 ? TUSK_ARRAY : TUSK_OBJECT, depth);
    node *n = take(sizeof *n);
    switch (kind) {
    case 0: n->kind = TUSK_NULL; break;
    case 1: n->kind = TUSK_BOOL, n->truth = below(2); break;
    case 2:
    case 3: n->kind = TUSK_INT, n->integer = random_integer(); break;
    case 4: n->kind = TUSK_DOUBLE, n->number = random_number(); break;
    default: random_text(n, 1 + below(3));
    }
    return n;
}

/* ---- the plain writer: JSON is TuskLang, but for `$` in strings ---- */

typedef struct text {
    char *ptr;
    size_t len, cap;
} text;

static void add(void *user, const char *ptr, size_t len) {
    text *t = user;
    if (t->len + len + 1 > t->cap) {
        t->cap = (t->len + len + 1) * 2;
        t->ptr = realloc(t->ptr, t->cap);
        cr_assert_not_null(t->ptr);
    }
    if (len) memcpy(t->ptr + t->len, ptr, len);
    t->len += len;
    t->ptr[t->len] = 0;
}

static void add_string(text *t, const node *n) {
    add(t, "\"", 1);
    for (size_t i = 0; i < n->len; i++) {
        unsigned char c = (unsigned char)n->text[i];
        char escape[8];
        if (c < 0x20 || c == '"' || c == '\\' || c == '$')
            add(t, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", c));
        else
            add(t, n->text + i, 1);
    }
    add(t, "\"", 1);
}

static void add_node(text *t, const node *n) {
    char digits[40];
    switch (n->kind) {
    case TUSK_BOOL: add(t, n->truth ? "true" : "false", n->truth ? 4 : 5); return;
    case TUSK_INT: add(t, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)n->integer)); return;
    case TUSK_DOUBLE:
        snprintf(digits, sizeof digits, "%.17g", n->number);
        if (!strpbrk(digits, ".e")) strcat(digits, ".0");
        add(t, digits, strlen(digits));
        return;
    case TUSK_STRING: add_string(t, n); return;
    case TUSK_ARRAY:
    case TUSK_OBJECT:
        add(t, n->kind == TUSK_ARRAY ? "[" : "{", 1);
        for (size_t i = 0; i < n->count; i++) {
            if (i) add(t, ", ", 2);
            if (n->kind == TUSK_OBJECT) add_string(t, n->keys[i]), add(t, ": ", 2);
            add_node(t, n->items[i]);
        }
        add(t, n->kind == TUSK_ARRAY ? "]" : "}", 1);
        return;
    case TUSK_NULL:
    case TUSK_FUNCTION: add(t, "null", 4);
    }
}

/* ---- comparison ---- */

static bool equal(tusk_context *context, const node *n, tusk_value v) {
    tusk_value item;
    const char *ptr;
    size_t len;
    double d;
    if (tusk_value_kind(v) != n->kind) return false;
    switch (n->kind) {
    case TUSK_BOOL: return tusk_value_bool(v) == n->truth;
    case TUSK_INT: return tusk_value_int(v) == n->integer;
    case TUSK_DOUBLE: d = tusk_value_double(v); return memcmp(&d, &n->number, sizeof d) == 0;
    case TUSK_STRING: ptr = tusk_value_string(v, &len); return same_text(n, ptr, len);
    case TUSK_ARRAY:
    case TUSK_OBJECT:
        if (tusk_value_count(v) != n->count) return false;
        for (size_t i = 0; i < n->count; i++) {
            if (n->kind == TUSK_ARRAY) {
                if (tusk_value_item(context, v, i, &item) != TUSK_OK) return false;
            } else if (tusk_value_entry(context, v, i, &ptr, &len, &item) != TUSK_OK ||
                       !same_text(n->keys[i], ptr, len)) {
                return false;
            }
            if (!equal(context, n->items[i], item)) return false;
        }
        return true;
    case TUSK_NULL:
    case TUSK_FUNCTION: break;
    }
    return true;
}

/* Reads a text, compares it with the model, and writes it again into `out`. */
static void reread(const node *model, const text *source, text *out, size_t number, const char *step) {
    tusk_program *program = NULL;
    tusk_snapshot *snapshot = NULL;
    tusk_context *context = NULL;
    tusk_value value;
    tusk_status status = tusk_program_parse(NULL, "roundtrip.tsk", source->ptr, source->len, &program);
    char *report = tusk_program_report(program, TUSK_REPORT_TEXT);
    cr_assert_eq(status, TUSK_OK, "document %zu, %s:\n%s\n%s", number, step, report, source->ptr);
    tusk_text_free(report);
    cr_assert_eq(tusk_snapshot_new(program, NULL, &snapshot), TUSK_OK);
    cr_assert_eq(tusk_context_new(snapshot, &context), TUSK_OK);
    cr_assert_eq(tusk_get(context, "", &value), TUSK_OK);
    cr_assert(equal(context, model, value), "document %zu, %s, is another:\n%s", number, step, source->ptr);
    out->len = 0;
    cr_assert_eq(tusk_write(context, value, TUSK_FORMAT_TSK, 2, add, out), TUSK_OK);
    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
}

Test(roundtrip, random_documents, .timeout = 300) {
    text json = {0}, first = {0}, second = {0};
    add(&first, "", 0), add(&second, "", 0);
    for (size_t i = 1; i <= DOCUMENTS; i++) {
        seed = i;
        pool_used = 0;
        node *model = random_container(TUSK_OBJECT, DEPTH);
        json.len = 0;
        add_node(&json, model);
        reread(model, &json, &first, i, "as JSON");
        reread(model, &first, &second, i, "as TuskLang");
        cr_assert_str_eq(first.ptr, second.ptr, "document %zu is written differently the second time", i);
    }
    free(json.ptr), free(first.ptr), free(second.ptr);
}
