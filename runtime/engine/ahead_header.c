/* What C code sees of a configuration: constants as structs, a getter for each key, a function for each function.
 *
 *   tree ─► walk in source order, names made C identifiers ─┬─► NAME_constants: tsk_native_data, and the struct's text
 *                                                           └─► NAME_get_KEY, NAME_call_FUNCTION
 *
 * The struct in the header and the data in the object come from one walk, so they have the same members in the same order.
 */
#include "runtime/engine/ahead.h"

#include "runtime/interp/native.h"

#include <ctype.h>

typedef struct header {
    tsk_buf *out;
    tusk_program *program;
    tsk_arena *arena;
    const char *name;
} header;

/* ---- names ---- */

static bool is_word(tsk_slice text, const char *word) {
    return strlen(word) == text.len && !memcmp(text.ptr, word, text.len);
}

static bool is_reserved(tsk_slice name) {
    static const char *const words[] = {
        "auto",    "break",     "case",     "char",     "const",  "continue", "default",   "do",     "double",
        "else",    "enum",      "extern",   "float",    "for",    "goto",     "if",        "inline", "int",
        "long",    "register",  "restrict", "return",   "short",  "signed",   "sizeof",    "static", "struct",
        "switch",  "typedef",   "union",    "unsigned", "void",   "volatile", "while",     "bool",   "class",
        "delete",  "explicit",  "export",   "false",    "friend", "mutable",  "namespace", "new",    "operator",
        "private", "protected", "public",   "template", "this",   "throw",    "true",      "try",    "typename",
        "typeof",  "using",     "virtual",  "app",      "result", "value",    "status"};
    for (size_t i = 0; i < TSK_COUNT(words); i++)
        if (is_word(name, words[i])) return true;
    return false;
}

/* A key as a C identifier. */
static const char *identifier(tsk_arena *arena, tsk_slice key) {
    char *name = tsk_arena_alloc(arena, key.len + 3), *p = name;
    if (!key.len || isdigit((unsigned char)key.ptr[0])) *p++ = '_';
    for (uint32_t i = 0; i < key.len; i++) *p++ = isalnum((unsigned char)key.ptr[i]) ? key.ptr[i] : '_';
    if (is_reserved(key)) *p++ = '_';
    *p = 0;
    return name;
}

/* An earlier key of the block has the same identifier. */
static bool is_taken(const header *h, const tsk_object *block, uint32_t at) {
    const tsk_entry *entries = block->entries;
    const char *name = identifier(h->arena, (tsk_slice){entries[at].key, entries[at].key_len});
    for (uint32_t i = 0; i < at; i++)
        if (!strcmp(name, identifier(h->arena, (tsk_slice){entries[i].key, entries[i].key_len}))) return true;
    return false;
}

/* ---- what is known of values ---- */

/* The value as far as it is known without evaluating. */
static tsk_value known(tusk_program *program, tsk_value v) {
    if (!tsk_is_thunk(v)) return v;
    tsk_program_compile(program, tsk_as_thunk(v));
    uint64_t word = tsk_memo_load(&program->outcomes, tsk_as_thunk(v));
    return tsk_memo_is_value(word) ? tsk_memo_value(word) : v;
}

static bool scalar(tsk_value v, tsk_native_data *out) {
    *out = (tsk_native_data){.kind = TSK_NATIVE_DATA_BOOL};
    if (tsk_is_bool(v)) {
        out->integer = tsk_as_bool(v);
    } else if (tsk_is_int(v)) {
        out->kind = TSK_NATIVE_DATA_INT;
        out->integer = tsk_as_int(v);
    } else if (tsk_is_double(v)) {
        out->kind = TSK_NATIVE_DATA_DOUBLE;
        out->number = tsk_as_double(v);
    } else if (tsk_is_str(v) && !tsk_functions_is_text(v)) {
        out->kind = TSK_NATIVE_DATA_TEXT;
        out->text = tsk_as_slice(v);
    } else {
        return false;
    }
    return true;
}

/* Scalars of one kind. */
static bool list(tusk_program *program, tsk_arena *arena, tsk_value v, tsk_native_data *out) {
    if (!tsk_is_array(v) || !tsk_as_array(v)->count) return false;
    const tsk_array *array = tsk_as_array(v);
    tsk_native_data *items = tsk_arena_alloc(arena, array->count * sizeof *items);
    for (uint32_t i = 0; i < array->count; i++)
        if (!scalar(known(program, array->items[i]), &items[i]) || items[i].kind != items[0].kind) return false;
    *out = (tsk_native_data){.kind = TSK_NATIVE_DATA_LIST, .count = array->count, .items = items};
    return true;
}

static bool data_of(const header *h, tsk_value v, tsk_native_data *out);

static void block_of(const header *h, const tsk_object *block, tsk_native_data *out) {
    tsk_native_data *members = tsk_arena_alloc(h->arena, (block->count + 1) * sizeof *members);
    *out = (tsk_native_data){.kind = TSK_NATIVE_DATA_BLOCK, .items = members};
    for (uint32_t i = 0; i < block->count; i++)
        if (!is_taken(h, block, i)) out->count += data_of(h, block->entries[i].value, &members[out->count]);
}

static bool data_of(const header *h, tsk_value v, tsk_native_data *out) {
    v = known(h->program, v);
    if (scalar(v, out) || list(h->program, h->arena, v, out)) return true;
    if (!tsk_is_object(v)) return false;
    block_of(h, tsk_as_object(v), out);
    return out->count;
}

typedef struct constants {
    tsk_arena *arena;
    tsk_native_data *block;
} constants;

static void find_constants(tusk_program *program, void *argument) {
    constants *c = argument;
    tsk_trap *trap = c->arena->trap;
    c->arena->trap = program->arena.trap;
    const header h = {.program = program, .arena = c->arena};
    c->block = tsk_arena_alloc(c->arena, sizeof *c->block);
    block_of(&h, program->graph.root, c->block);
    c->arena->trap = trap;
}

const tsk_native_data *tsk_ahead_constants(tusk_program *program, tsk_arena *arena) {
    constants c = {arena, NULL};
    if (!tsk_program_locked(program, find_constants, &c)) tsk_arena_fail(arena, TSK_TRAP_NO_MEMORY);
    return c.block;
}

/* ---- the struct of constants ---- */

static const char *const scalar_types[] = {"bool ", "int64_t ", "double ", "const char *"};

static void write_members(const header *h, const tsk_object *block, uint32_t depth);

static void write_member(const header *h, const tsk_entry *e, uint32_t depth) {
    tsk_native_data d;
    if (!data_of(h, e->value, &d)) return;
    const char *name = identifier(h->arena, (tsk_slice){e->key, e->key_len});
    int indent = (int)depth * 4;
    if (d.kind == TSK_NATIVE_DATA_BLOCK) {
        tsk_buf_printf(h->out, "%*sstruct {\n", indent, "");
        write_members(h, tsk_as_object(known(h->program, e->value)), depth + 1);
        tsk_buf_printf(h->out, "%*s} %s;\n", indent, "", name);
    } else if (d.kind == TSK_NATIVE_DATA_LIST) {
        const char *type = scalar_types[d.items[0].kind];
        bool text = d.items[0].kind == TSK_NATIVE_DATA_TEXT;
        tsk_buf_printf(h->out, "%*sstruct {\n%*s%s%s*items;\n%*suint64_t count;\n%*s} %s;\n", indent, "", indent + 4,
                       "", text ? "" : "const ", text ? "const char *const " : type, indent + 4, "", indent, "", name);
    } else {
        tsk_buf_printf(h->out, "%*s%s%s;\n", indent, "", scalar_types[d.kind], name);
    }
}

static void write_members(const header *h, const tsk_object *block, uint32_t depth) {
    for (uint32_t i = 0; i < block->count; i++)
        if (!is_taken(h, block, i)) write_member(h, &block->entries[i], depth);
}

/* ---- keys and functions, with their paths ---- */

/* Where the walk is: "server.port" for the library, "server_port" for C. */
typedef struct way {
    const char *path, *name;
} way;

static way way_to(const header *h, const way *above, const tsk_entry *e) {
    const char *name = identifier(h->arena, (tsk_slice){e->key, e->key_len});
    bool plain = e->key_len && !memchr(e->key, '.', e->key_len) && !memchr(e->key, '[', e->key_len);
    const char *quote = plain ? "" : "\\\"";
    if (!above) return (way){tsk_arena_printf(h->arena, "%s%.*s%s", quote, (int)e->key_len, e->key, quote), name};
    return (way){tsk_arena_printf(h->arena, "%s.%s%.*s%s", above->path, quote, (int)e->key_len, e->key, quote),
                 tsk_arena_printf(h->arena, "%s_%s", above->name, name)};
}

/* In a C string: keys with quotes, backslashes or control characters have no getter. */
static bool can_be_quoted(const tsk_entry *e) {
    for (uint32_t i = 0; i < e->key_len; i++)
        if ((unsigned char)e->key[i] < ' ' || e->key[i] == '"' || e->key[i] == '\\' || strchr("?*/", e->key[i]))
            return false;
    return true;
}

typedef void visitor(const header *h, const way *at, const tsk_object *block, const tsk_entry *e);

static void walk(const header *h, const tsk_object *block, const way *above, visitor *visit) {
    for (uint32_t i = 0; i < block->count; i++) {
        const tsk_entry *e = &block->entries[i];
        if (is_taken(h, block, i) || !can_be_quoted(e)) continue;
        way at = way_to(h, above, e);
        tsk_value v = known(h->program, e->value);
        visit(h, &at, block, e);
        if (tsk_is_object(v)) walk(h, tsk_as_object(v), &at, visit);
    }
}

/* ---- getters ---- */

/* The kinds that a key's code can give; 0: unknown. */
static unsigned kinds_of(tusk_program *program, tsk_value v) {
    uint64_t word = tsk_is_thunk(v) ? tsk_memo_load(&program->outcomes, tsk_as_thunk(v)) : 0;
    if (!word || tsk_memo_is_value(word)) return 0;
    const tsk_ir_func *func = ((const tsk_bytecode *)(uintptr_t)word)->func;
    unsigned kinds = 0;
    for (const tsk_ir_block *b = func ? func->entry : NULL; b; b = b->next)
        if (b->last && b->last->op == TSK_IR_RETURN) kinds |= b->last->args[0]->type;
    return kinds;
}

static const char *getter_for(const header *h, tsk_value v, const char **type) {
    tsk_native_data d;
    unsigned kinds = kinds_of(h->program, v);
    v = known(h->program, v);
    int kind = scalar(v, &d) ? (int)d.kind : -1;
    if (kinds == TSK_TY_BOOL) kind = TSK_NATIVE_DATA_BOOL;
    if (kinds && !(kinds & ~(unsigned)TSK_TY_INT)) kind = TSK_NATIVE_DATA_INT;
    if (kinds & TSK_TY_DOUBLE && !(kinds & ~(unsigned)TSK_TY_NUMBER)) kind = TSK_NATIVE_DATA_DOUBLE;
    if (kinds == TSK_TY_STRING) kind = TSK_NATIVE_DATA_TEXT;
    static const char *const types[] = {"bool *value", "int64_t *value", "double *value",
                                        "const char **value, size_t *length"};
    static const char *const getters[] = {"tusk_get_bool", "tusk_get_int", "tusk_get_double", "tusk_get_string"};
    *type = kind < 0 ? "tusk_value *value" : types[kind];
    return kind < 0 ? "tusk_get" : getters[kind];
}

static void write_getter(const header *h, const way *at, const tsk_object *block, const tsk_entry *e) {
    tsk_native_data constant;
    const char *type, *get = getter_for(h, e->value, &type);
    (void)block;
    if (tsk_functions_is_text(e->value)) return;
    tsk_buf_printf(h->out,
                   "/* %s%s */\n"
                   "static inline tusk_status %s_get_%s(struct %s *app, %s) {\n"
                   "    return %s(app->context, \"%s\", value%s);\n}\n",
                   at->path,
                   data_of(h, e->value, &constant) && constant.kind != TSK_NATIVE_DATA_BLOCK
                       ? " (a constant, unless it is replaced)"
                       : "",
                   h->name, at->name, h->name, type, get, at->path, strchr(type, ',') ? ", length" : "");
}

/* ---- functions ---- */

enum { MAX_PARAMETERS = 16 };
typedef struct signature {
    tsk_slice parameters[MAX_PARAMETERS];
    uint32_t count;
    bool listed; /* they can be named one by one */
} signature;

static tsk_slice trim(const char *from, const char *to) {
    while (from < to && isspace((unsigned char)*from)) from++;
    while (from < to && isspace((unsigned char)to[-1])) to--;
    return (tsk_slice){from, (uint32_t)(to - from)};
}

static bool is_name(tsk_slice s) {
    if (!s.len || isdigit((unsigned char)s.ptr[0])) return false;
    for (uint32_t i = 0; i < s.len; i++)
        if (!isalnum((unsigned char)s.ptr[i]) && s.ptr[i] != '_') return false;
    return true;
}

/* The list between the parentheses: plain names, perhaps with defaults that hold no comma. */
static signature signature_of(tsk_slice text) {
    signature s = {.listed = true};
    const char *end = text.ptr + text.len, *open = memchr(text.ptr, '(', text.len);
    const char *arrow = memmem(text.ptr, text.len, "=>", 2);
    if (arrow && (!open || arrow < open)) { /* x => ... */
        s.parameters[0] = trim(text.ptr, arrow);
        s.count = 1;
        s.listed = is_name(s.parameters[0]);
        return s;
    }
    const char *close = open ? memchr(open, ')', (size_t)(end - open)) : NULL;
    if (!close) return (signature){0};
    if (!trim(open + 1, close).len) return s;
    for (const char *p = open + 1; p < close;) {
        const char *comma = memchr(p, ',', (size_t)(close - p)), *stop = comma ? comma : close;
        const char *equals = memchr(p, '=', (size_t)(stop - p));
        tsk_slice name = trim(p, equals ? equals : stop);
        if (!is_name(name) || s.count == MAX_PARAMETERS) return (signature){0};
        s.parameters[s.count++] = name;
        p = stop + 1;
    }
    return s;
}

/* What a comment in the function says: `@param {number} name`, `@returns {string}`. */
static tsk_slice annotation(tsk_slice text, const char *tag, tsk_slice name) {
    const char *p = text.ptr, *end = text.ptr + text.len;
    size_t tag_len = strlen(tag);
    while ((p = memmem(p, (size_t)(end - p), tag, tag_len))) {
        p += tag_len;
        while (p < end && (isspace((unsigned char)*p) || *p == 's')) p++; /* @return and @returns */
        const char *close = p < end && *p == '{' ? memchr(p, '}', (size_t)(end - p)) : NULL;
        if (!close) continue;
        const char *after = close + 1;
        while (after < end && *after == ' ') after++;
        bool same = (size_t)(end - after) >= name.len && !memcmp(after, name.ptr, name.len) &&
                    (after + name.len == end || !(isalnum((unsigned char)after[name.len]) || after[name.len] == '_'));
        if (!name.len || same) return trim(p + 1, close);
    }
    return (tsk_slice){"", 0};
}

typedef struct c_type {
    const char *word, *parameter, *argument, *result, *taken;
    const char *number; /* the argument as a double; NULL: it is none */
} c_type;

/* By the word in the annotation; the last one is for everything else. */
static const c_type *type_for(tsk_slice word) {
    static const c_type types[] = {{"number", "double %s", "{.kind = TUSK_ARGUMENT_DOUBLE, .number = %s}",
                                    "double *result", "tusk_value_double(value)", "%s"},
                                   {"integer", "int64_t %s", "{.kind = TUSK_ARGUMENT_INT, .integer = %s}",
                                    "int64_t *result", "tusk_value_int(value)", "(double)%s"},
                                   {"boolean", "bool %s", "{.kind = TUSK_ARGUMENT_BOOL, .boolean = %s}", "bool *result",
                                    "tusk_value_bool(value)", NULL},
                                   {"string", "const char *%s",
                                    "{.kind = TUSK_ARGUMENT_STRING, .len = strlen(%s), .text = %s}",
                                    "const char **result, size_t *length", "tusk_value_string(value, length)", NULL},
                                   {"", "tusk_argument %s", "%s", "tusk_value *result", "value", NULL}};
    size_t i = 0;
    while (types[i].word[0] && !is_word(word, types[i].word)) i++;
    return &types[i];
}

static const char *kind_of_result(const c_type *type) {
    switch (type->word[0]) {
    case 'n': return "tusk_value_kind(value) != TUSK_DOUBLE && tusk_value_kind(value) != TUSK_INT";
    case 'i': return "tusk_value_kind(value) != TUSK_INT";
    case 'b': return "tusk_value_kind(value) != TUSK_BOOL";
    case 's': return "tusk_value_kind(value) != TUSK_STRING";
    default: return NULL;
    }
}

/* printf with a format of the table above. */
static void put_with(tsk_buf *out, const char *format, const char *name) {
    for (const char *p = format; *p; p++) {
        if (p[0] == '%' && p[1] == 's')
            tsk_buf_cstr(out, name), p++;
        else
            tsk_buf_char(out, *p);
    }
}

static const c_type *type_of_parameter(const signature *s, tsk_slice text, uint32_t i) {
    return type_for(annotation(text, "@param", s->parameters[i]));
}

/* Numbers alone go in and out: tusk_call_numbers. */
static bool only_numbers(const signature *s, tsk_slice text, const c_type *result) {
    for (uint32_t i = 0; i < s->count; i++)
        if (!type_of_parameter(s, text, i)->number) return false;
    return s->listed && result->word[0] == 'n';
}

static void write_arguments(const header *h, const signature *s, tsk_slice text, bool numbers) {
    tsk_buf *out = h->out;
    if (!s->listed || !s->count) return;
    tsk_buf_printf(out, "    const %s arguments[] = {", numbers ? "double" : "tusk_argument");
    for (uint32_t i = 0; i < s->count; i++) {
        const c_type *type = type_of_parameter(s, text, i);
        if (i) tsk_buf_cstr(out, ", ");
        put_with(out, numbers ? type->number : type->argument, identifier(h->arena, s->parameters[i]));
    }
    tsk_buf_cstr(out, "};\n");
}

static void write_any_call(const header *h, const way *at, const c_type *result, const char *arguments) {
    const char *odd = kind_of_result(result);
    tsk_buf_printf(h->out,
                   "    tusk_value value;\n"
                   "    tusk_status status = tusk_call(app->context, app->function_%s, NULL, %s, &value);\n"
                   "    if (status != TUSK_OK) return status;\n",
                   at->name, arguments);
    if (odd) tsk_buf_printf(h->out, "    if (%s) return TUSK_INVALID;\n", odd);
    tsk_buf_printf(h->out, "    *result = %s;\n    return TUSK_OK;\n}\n", result->taken);
}

static void write_call(const header *h, const way *at, tsk_slice text) {
    tsk_buf *out = h->out;
    signature s = signature_of(text);
    const c_type *result = type_for(annotation(text, "@return", (tsk_slice){"", 0}));
    bool numbers = only_numbers(&s, text, result);
    tsk_buf_printf(out, "static inline tusk_status %s_call_%s(struct %s *app", h->name, at->name, h->name);
    for (uint32_t i = 0; s.listed && i < s.count; i++) {
        tsk_buf_cstr(out, ", ");
        put_with(out, type_of_parameter(&s, text, i)->parameter, identifier(h->arena, s.parameters[i]));
    }
    if (!s.listed) tsk_buf_cstr(out, ", const tusk_argument *arguments, size_t count");
    tsk_buf_printf(out, ", %s) {\n", result->result);
    write_arguments(h, &s, text, numbers);
    const char *given = !s.listed ? "arguments, count"
                        : s.count ? tsk_arena_printf(h->arena, "arguments, %u", s.count)
                                  : "NULL, 0";
    if (numbers)
        tsk_buf_printf(out, "    return tusk_call_numbers(app->context, app->function_%s, %s, result);\n}\n", at->name,
                       given);
    else
        write_any_call(h, at, result, given);
}

static bool is_callable(const header *h, const tsk_object *block, const tsk_entry *e) {
    tusk_program *program = h->program;
    if (!tsk_functions_is_text(e->value)) return false;
    const tsk_function_key key = {e->value, tsk_frontend_scope_of(&program->graph, block), {e->key, e->key_len}};
    return program->functions.at[tsk_functions_number(program, &key)]->func;
}

static void write_function(const header *h, const way *at, const tsk_object *block, const tsk_entry *e) {
    if (!is_callable(h, block, e)) return;
    tsk_buf_printf(h->out, "/* %s */\n", at->path);
    write_call(h, at, tsk_as_slice(e->value));
}

static void write_handle(const header *h, const way *at, const tsk_object *block, const tsk_entry *e) {
    if (is_callable(h, block, e)) tsk_buf_printf(h->out, "    const tusk_function *function_%s;\n", at->name);
}

static void write_look_up(const header *h, const way *at, const tsk_object *block, const tsk_entry *e) {
    if (is_callable(h, block, e))
        tsk_buf_printf(h->out,
                       "    if (status == TUSK_OK) status = tusk_function_find(app->context, \"%s\", "
                       "&app->function_%s);\n",
                       at->path, at->name);
}

/* ---- the whole ---- */

static void write_begin(const header *h, const char *file) {
    const char *n = h->name;
    tsk_buf_printf(
        h->out,
        "/* Made by tskc from %s; changes are lost.\n"
        " *\n"
        " *   struct %s app;\n"
        " *   if (%s_open(&app, NULL) != TUSK_OK) { print %s_report(&app), free it with tusk_text_free }\n"
        " *   %s_get_KEY(&app, ...), %s_call_FUNCTION(&app, ...), %s_constants.KEY\n"
        " *   %s_close(&app);\n"
        " *\n"
        " * One thread uses a struct %s at a time. Link with the object that tskc made, and with libtusk. */\n"
        "#ifndef TUSK_%s_CONFIG_H\n#define TUSK_%s_CONFIG_H\n\n#include <string.h>\n#include <tusk/tusk.h>\n\n"
        "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
        "extern tusk_image %s_config;\n\n",
        file, n, n, n, n, n, n, n, n, n, n, n);
}

static void write_constants(const header *h) {
    tsk_native_data all;
    block_of(h, h->program->graph.root, &all);
    if (!all.count) return;
    tsk_buf_printf(
        h->out,
        "/* Values that were known when the configuration was compiled, as read-only data. Lists hold values\n"
        " * of one kind; what is not of one kind, or depends on the environment, has a getter only. */\n"
        "extern const struct %s_constants {\n",
        h->name);
    write_members(h, h->program->graph.root, 1);
    tsk_buf_printf(h->out, "} %s_constants;\n\n", h->name);
}

static void write_life(const header *h) {
    const char *n = h->name;
    const tsk_object *root = h->program->graph.root;
    tsk_buf_printf(
        h->out, "struct %s {\n    tusk_program *program;\n    tusk_snapshot *snapshot;\n    tusk_context *context;\n",
        n);
    walk(h, root, NULL, write_handle);
    tsk_buf_printf(h->out,
                   "};\n\n"
                   "/* Whatever it returns, %s_close must follow. */\n"
                   "static inline tusk_status %s_open(struct %s *app, const tusk_options *options) {\n"
                   "    memset(app, 0, sizeof *app);\n"
                   "    tusk_status status = tusk_program_image(options, &%s_config, &app->program);\n"
                   "    if (status == TUSK_OK) status = tusk_snapshot_new(app->program, options, &app->snapshot);\n"
                   "    if (status == TUSK_OK) status = tusk_context_new(app->snapshot, &app->context);\n",
                   n, n, n, n);
    walk(h, root, NULL, write_look_up);
    tsk_buf_printf(h->out,
                   "    return status;\n}\n\n"
                   "/* Why the last call failed; the caller frees it with tusk_text_free. */\n"
                   "static inline char *%s_report(const struct %s *app) {\n"
                   "    return app->context ? tusk_context_report(app->context, TUSK_REPORT_TEXT)\n"
                   "                        : tusk_program_report(app->program, TUSK_REPORT_TEXT);\n}\n\n"
                   "static inline void %s_close(struct %s *app) {\n"
                   "    tusk_context_free(app->context);\n"
                   "    tusk_snapshot_release(app->snapshot);\n"
                   "    tusk_program_release(app->program);\n"
                   "    memset(app, 0, sizeof *app);\n}\n\n",
                   n, n, n, n);
}

static void write_header(tusk_program *program, void *argument) {
    header *h = argument;
    tsk_trap *trap = h->arena->trap;
    h->arena->trap = program->arena.trap;
    const tsk_sources *sources = &program->graph.sources;
    write_begin(h, sources->count ? sources->list[0]->name : "a configuration");
    write_constants(h);
    write_life(h);
    tsk_buf_cstr(h->out, "/* ---- keys ---- */\n\n");
    walk(h, program->graph.root, NULL, write_getter);
    tsk_buf_cstr(
        h->out, "\n/* ---- functions: results that are texts or tusk_values are valid until the next call ---- */\n\n");
    walk(h, program->graph.root, NULL, write_function);
    tsk_buf_cstr(h->out, "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
    h->arena->trap = trap;
}

void tsk_ahead_header(tsk_buf *out, tusk_program *program, const char *name) {
    header h = {out, program, out->arena, name};
    if (!tsk_program_locked(program, write_header, &h)) tsk_arena_fail(out->arena, TSK_TRAP_NO_MEMORY);
}
