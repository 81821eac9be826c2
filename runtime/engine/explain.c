/* tusk_explain: where a value comes from.
 *
 *   server.url = "http://localhost:8080"
 *     defined   app.tsk:4:3
 *     source    "http://${host}:${port}"
 *     known     once a snapshot
 *     input     host = "localhost"
 *     input     port = 8080
 *     reads     environment variable PORT
 *     file      app.tsk
 *
 * What is explained is computed first; a failure is explained by its report.  Values of secret names are not shown
 * unless the options say so. */
#include "runtime/engine/engine.h"

#include "runtime/value/write.h"

typedef struct explanation {
    const char *path;
    bool json;
    tsk_buf *out;
    tusk_context *context;
    /* found: */
    tsk_value v;
    uint32_t thunk; /* TSK_NO_THUNK: a literal */
    tsk_span span;
    const char *known;
    tsk_array *inputs;        /* of objects */
    tsk_array *reads, *calls; /* of texts */
    bool reads_secret;        /* a variable of a secret name, or env.secure */
} explanation;

static tsk_value text_value(tsk_arena *arena, const char *text) {
    return tsk_str_copy(arena, text, strlen(text));
}

/* ---- where it is written ---- */

/* The entry or item that the path names, before anything is computed. */
static bool find_origin(explanation *e) {
    tusk_program *program = e->context->program;
    tsk_path path;
    tsk_path_begin(&path, program, e->path, strlen(e->path));
    e->thunk = TSK_NO_THUNK;
    tsk_path_result result = tsk_path_static(&path);
    if (result != TSK_PATH_FOUND && result != TSK_PATH_FAILED) return false;
    if (tsk_is_thunk(path.at)) {
        e->thunk = tsk_as_thunk(path.at);
        e->span = tsk_program_thunk(program, e->thunk)->span;
    }
    return true;
}

/* A literal is where its key is: keys are pieces of the source. */
static const tsk_entry *find_entry(const tsk_object *o, tsk_value v) {
    for (uint32_t i = 0; i < o->count; i++) {
        const tsk_entry *e = &o->entries[i];
        if (tsk_same(e->value, v) && (tsk_is_str(v) || tsk_is_array(v) || tsk_is_object(v))) return e;
    }
    return NULL;
}

static const tsk_entry *entry_of_path(const tusk_program *program, const char *text) {
    size_t len = strlen(text);
    size_t dot = len;
    while (dot && text[dot - 1] != '.') dot--;
    tsk_path path;
    tsk_path_begin(&path, program, text, dot ? dot - 1 : 0);
    if (tsk_path_static(&path) != TSK_PATH_FOUND || !tsk_is_object(path.at)) return NULL;
    const tsk_object *o = tsk_as_object(path.at);
    const tsk_entry *e = tsk_object_find(o, text + dot, (uint32_t)(len - dot));
    if (e) return e;
    tsk_path whole;
    tsk_path_begin(&whole, program, text, len);
    return tsk_path_static(&whole) == TSK_PATH_FOUND ? find_entry(o, whole.at) : NULL;
}

static void sources_of(tusk_program *program, void *argument) {
    *(tsk_sources *)argument = program->graph.sources;
}

static void locate(explanation *e, tsk_sources *sources) {
    tusk_program *program = e->context->program;
    if (!tsk_program_locked(program, sources_of, sources)) return;
    if (e->span.pos) return;
    const tsk_entry *entry = entry_of_path(program, e->path);
    if (entry) e->span = (tsk_span){tsk_sources_pos(sources, entry->key), entry->key_len};
}

/* ---- what it depends on ---- */

static void add_input(void *user, const char *text, tsk_value value) {
    explanation *e = user;
    tsk_arena *arena = e->out->arena;
    tsk_value v;
    tsk_buf shown;
    tsk_buf_init(&shown, arena);
    if (tsk_context_known(e->context, value, &v))
        tsk_failure_value(&shown, v, tsk_failure_is_secret(e->context, text, strlen(text)));
    else
        tsk_buf_cstr(&shown, "not needed");
    tsk_object *input = tsk_object_new(arena, 2);
    tsk_object_put(arena, input, "name", text_value(arena, text));
    tsk_object_put(arena, input, "value", tsk_str_take(&shown));
    tsk_array_push(arena, e->inputs, tsk_from_object(input));
}

static const char *read_what(const tsk_operator *op) {
    if (op->caps & TSK_CAP_ENV) return "environment variable";
    if (op->caps & TSK_CAP_READ) return "file";
    if (op->caps & TSK_CAP_NET) return "network";
    if (op->effect == TSK_EFFECT_CONTEXT) return "operator";
    return NULL;
}

static void add_read(explanation *e, const tsk_bytecode *code, const tsk_insn *insn) {
    const uint32_t *list = code->lists + tsk_insn_wide(insn);
    const tsk_operator *op = &tsk_operators[list[TSK_LIST_EXTRA]];
    const char *what = read_what(op);
    if (!what) return;
    uint32_t first = list[TSK_LIST_COUNT] ? list[TSK_LIST_FIRST] : 0;
    tsk_value name = first & TSK_OPERAND_CONST ? code->consts[first & ~TSK_OPERAND_CONST] : TSK_VALUE_NULL;
    e->reads_secret |= list[TSK_LIST_EXTRA] == TSK_OP_ENV_SECURE ||
                       (tsk_is_str(name) &&
                        tsk_failure_is_secret(e->context, tsk_as_str(name)->ptr, tsk_as_str(name)->len));
    tsk_arena *arena = e->out->arena;
    const char *text = tsk_is_str(name) && !(op->effect == TSK_EFFECT_CONTEXT)
                           ? tsk_arena_printf(arena, "%s %.*s", what, (int)tsk_as_str(name)->len, tsk_as_str(name)->ptr)
                           : tsk_arena_printf(arena, "%s (%s)", what, op->name);
    tsk_array_push(arena, e->reads, text_value(arena, text));
}

/* A call of a function of ECMAScript. */
static void add_function(explanation *e, const tsk_bytecode *code, const tsk_insn *insn) {
    uint32_t callee = code->lists[tsk_insn_wide(insn) + TSK_LIST_FIRST];
    tsk_value v = callee & TSK_OPERAND_CONST ? code->consts[callee & ~TSK_OPERAND_CONST] : TSK_VALUE_NULL;
    if (!tsk_is_function(v) || !tsk_as_cell(v)->func->js) return;
    const tsk_ir_js *js = tsk_as_cell(v)->func->js;
    tsk_location at = {0};
    tsk_sources sources = {0};
    locate(e, &sources);
    bool placed = tsk_sources_locate(&sources, js->span.pos, &at);
    tsk_array_push(
        e->out->arena, e->calls,
        text_value(e->out->arena, tsk_arena_printf(e->out->arena, "function %.*s (%s:%u:%u)", (int)js->name.len,
                                                   js->name.ptr, placed ? at.source->name : "", at.line, at.column)));
}

static void add_reads(explanation *e, const tsk_bytecode *code) {
    for (uint32_t pc = 0; pc < code->count; pc++) {
        if (code->insns[pc].op == TSK_OPC_CALL) add_function(e, code, &code->insns[pc]);
        if (code->insns[pc].op == TSK_OPC_OP) add_read(e, code, &code->insns[pc]);
        if (code->insns[pc].op == TSK_OPC_MEMBER) pc++;
    }
    for (uint32_t i = 0; i < code->func_count; i++) {
        const tsk_bytecode *inner = tsk_bytecode_of(code->funcs[i]);
        if (inner && inner != code) add_reads(e, inner);
    }
}

static void explain_thunk(explanation *e) {
    static const char *const times[] = {"when it is evaluated", "once a snapshot", "once a context",
                                        "once a context, with effects"};
    uint64_t word = tsk_memo_load(&e->context->program->outcomes, e->thunk);
    e->known = "at compile time";
    if (word && !tsk_memo_is_value(word)) {
        const tsk_bytecode *code = (const tsk_bytecode *)(uintptr_t)word;
        e->known = times[code->effect];
        add_reads(e, code);
    }
    tsk_failure_inputs(e->context, e->thunk, e->out->arena, add_input, e);
}

/* ---- shown ---- */

static tsk_slice source_slice(const tsk_source *source, tsk_span span) {
    uint32_t from = span.pos - source->base;
    return (tsk_slice){source->text + from, span.len < source->len - from ? span.len : source->len - from};
}

static void line(tsk_buf *out, const char *name, const char *text, size_t len) {
    tsk_buf_printf(out, "  %-9s ", name);
    for (size_t i = 0; i < len; i++) {
        tsk_buf_char(out, text[i]);
        if (text[i] == '\n') tsk_buf_cstr(out, "            ");
    }
    tsk_buf_char(out, '\n');
}

static void put(tsk_arena *arena, tsk_object *o, const char *key, const char *text, size_t len) {
    tsk_object_put(arena, o, key, tsk_str_copy(arena, text, len));
}

/* All that is known as one object; the text form is read off it. */
static tsk_object *facts(explanation *e) {
    tsk_arena *arena = e->out->arena;
    tsk_object *o = tsk_object_new(arena, 8);
    tsk_buf shown;
    tsk_buf_init(&shown, arena);
    bool hidden = tsk_failure_is_secret(e->context, e->path, strlen(e->path)) ||
                  (e->reads_secret && !(e->context->snapshot->settings.flags & TUSK_FLAG_SHOW_SECRETS));
    tsk_failure_value(&shown, e->v, hidden);
    put(arena, o, "key", e->path, strlen(e->path));
    put(arena, o, "value", shown.ptr, shown.len);
    tsk_sources sources = {0};
    locate(e, &sources);
    tsk_location at;
    if (tsk_sources_locate(&sources, e->span.pos, &at)) {
        const char *place = tsk_arena_printf(arena, "%s:%u:%u", at.source->name, at.line, at.column);
        put(arena, o, "defined", place, strlen(place));
        tsk_slice source = e->thunk == TSK_NO_THUNK ? at.line_text : source_slice(at.source, e->span);
        /* a secret that was not read from anywhere is written here */
        bool written_here = hidden && (e->thunk == TSK_NO_THUNK || !e->reads->count);
        if (!written_here) put(arena, o, "source", source.ptr, source.len);
        if (at.source != sources.list[0])
            put(arena, o, "included", sources.list[0]->name, strlen(sources.list[0]->name));
    }
    put(arena, o, "known", e->known, strlen(e->known));
    tsk_object_put(arena, o, "inputs", tsk_from_array(e->inputs));
    tsk_object_put(arena, o, "calls", tsk_from_array(e->calls));
    tsk_object_put(arena, o, "reads", tsk_from_array(e->reads));
    return o;
}

static void line_of(tsk_buf *out, const tsk_object *o, const char *key, const char *name) {
    const tsk_entry *e = tsk_object_find(o, key, (uint32_t)strlen(key));
    if (e) line(out, name, tsk_as_str(e->value)->ptr, tsk_as_str(e->value)->len);
}

static void lines(tsk_buf *out, const char *name, const tsk_array *texts) {
    for (uint32_t i = 0; i < texts->count; i++) {
        tsk_slice text = tsk_as_slice(texts->items[i]);
        line(out, name, text.ptr, text.len);
    }
}

static void write_text(explanation *e, const tsk_object *o) {
    tsk_slice key = tsk_as_slice(o->entries[0].value), value = tsk_as_slice(o->entries[1].value);
    tsk_buf_printf(e->out, "%.*s = %.*s\n", (int)key.len, key.ptr, (int)value.len, value.ptr);
    line_of(e->out, o, "defined", "defined");
    line_of(e->out, o, "included", "included by");
    line_of(e->out, o, "source", "source");
    line_of(e->out, o, "known", "known");
    for (uint32_t i = 0; i < e->inputs->count; i++) {
        const tsk_object *input = tsk_as_object(e->inputs->items[i]);
        tsk_slice name = tsk_as_slice(input->entries[0].value), v = tsk_as_slice(input->entries[1].value);
        const char *text = tsk_arena_printf(e->out->arena, "%.*s = %.*s", (int)name.len, name.ptr, (int)v.len, v.ptr);
        line(e->out, "input", text, strlen(text));
    }
    lines(e->out, "calls", e->calls);
    lines(e->out, "reads", e->reads);
}

/* ---- entry ---- */

static tusk_status explain(tsk_buf *out, void *argument) {
    explanation *e = argument;
    e->out = out;
    tusk_value v;
    tusk_status status = tusk_get(e->context, e->path, &v);
    if (status) return status;
    e->v = (tsk_value){v.bits};
    e->known = "when the file is read";
    e->inputs = tsk_array_new(out->arena, 0);
    e->reads = tsk_array_new(out->arena, 0);
    e->calls = tsk_array_new(out->arena, 0);
    if (find_origin(e) && e->thunk != TSK_NO_THUNK) explain_thunk(e);
    const tsk_object *o = facts(e);
    if (!e->json) {
        write_text(e, o);
        return TUSK_OK;
    }
    tsk_writer writer = {.out = out, .indent = 2};
    tsk_write(&writer, TSK_FORMAT_JSON, tsk_from_object(o));
    tsk_buf_char(out, '\n');
    return TUSK_OK;
}

tusk_status tusk_explain(tusk_context *context, const char *path, bool json, char **text) {
    if (!context || !path || !text) return TUSK_USAGE;
    explanation e = {.path = path, .json = json, .context = context};
    return tsk_text_make(text, explain, &e);
}
