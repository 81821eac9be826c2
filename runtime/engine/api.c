/* The functions of tusk.h that ask for values.
 *
 *   tusk_get ──► path in the tree ──► literal: done, without trap, clock or lock
 *                                └──► thunk: memo, else tsk_context_guard and the interpreter
 */
#include "runtime/engine/engine.h"

#include "runtime/value/semantics.h"
#include "runtime/value/write.h"

#include <math.h>

const char *tusk_version(void) {
    return TUSK_VERSION;
}

int tusk_abi_version(void) {
    return TUSK_ABI_VERSION;
}

static inline tusk_value give(tsk_value v) {
    return (tusk_value){v.bits};
}

static inline tsk_value take(tusk_value v) {
    return (tsk_value){v.bits};
}

/* ---- by path ---- */

typedef struct getting {
    tsk_path path;
    const char *text;
    tsk_path_result result;
} getting;

static bool force_known(void *user, tsk_value *v) {
    return tsk_context_known(user, *v, v);
}

static bool force_now(void *user, tsk_value *v) {
    return tsk_context_force(user, v);
}

static tusk_status report_path(tusk_context *context, const getting *g, tsk_path_result result) {
    if (result == TSK_PATH_MALFORMED) return tsk_failure_add(context, TSK_E_USAGE, NULL, "`%s` is not a path", g->text);
    tsk_slice near = tsk_path_closest(&g->path);
    const char *hint = near.len ? tsk_arena_printf(&context->heap, "did you mean `%.*s`?", (int)near.len, near.ptr)
                                : NULL;
    return tsk_failure_add(context, TSK_E_KEY_NOT_FOUND, hint, "there is no key `%s`", g->text);
}

static tusk_status get_slowly(tusk_context *context, void *argument) {
    getting *g = argument;
    if (g->result == TSK_PATH_FAILED) g->result = tsk_path_follow(&g->path, force_now, context);
    switch (g->result) {
    case TSK_PATH_FOUND: return TUSK_OK;
    case TSK_PATH_FAILED: return tsk_failure_report(context);
    default: return report_path(context, g, g->result);
    }
}

static tusk_status check_key(tusk_context *context, void *argument) {
    return tsk_context_rules(context, argument);
}

static tusk_status get(tusk_context *context, const char *path, tusk_value *value);

tusk_status tusk_get(tusk_context *context, const char *path, tusk_value *value) {
    if (!context || !path || !value) return TUSK_USAGE;
    tusk_status status = get(context, path, value);
    if (TSK_LIKELY(!context->program->has_rules) || status || !*path) return status;
    return tsk_context_guard(context, check_key, (void *)(uintptr_t)path);
}

static tusk_status get(tusk_context *context, const char *path, tusk_value *value) {
    tsk_value v;
    if (!*path && (context->snapshot->settings.flags & TUSK_FLAG_PARTIAL)) { /* whatever in it can be computed */
        *value = give(tsk_from_object(context->program->graph.root));
        return TUSK_OK;
    }
    if (TSK_LIKELY(tsk_path_recent(context, path, &v)) && tsk_context_known(context, v, &v)) {
        *value = give(v);
        return TUSK_OK;
    }
    getting g = {.text = path};
    tsk_path_begin(&g.path, context->program, path, strlen(path));
    g.result = tsk_path_follow(&g.path, force_known, context);
    tusk_status status = g.result == TSK_PATH_FOUND ? TUSK_OK : tsk_context_guard(context, get_slowly, &g);
    if (!status) *value = give(g.path.at);
    return status;
}

typedef struct mismatch {
    const char *path, *wanted;
    tsk_value got;
} mismatch;

static tusk_status report_mismatch(tusk_context *context, void *argument) {
    const mismatch *m = argument;
    return tsk_failure_add(context, TSK_E_TYPE, NULL, "`%s` is %s, not %s", m->path, tsk_kind_name(tsk_kind_of(m->got)),
                           m->wanted);
}

static tusk_status wrong_type(tusk_context *context, const char *path, const char *wanted, tusk_value got) {
    mismatch m = {path, wanted, take(got)};
    return tsk_context_guard(context, report_mismatch, &m);
}

tusk_status tusk_get_int(tusk_context *context, const char *path, int64_t *value) {
    tusk_value v;
    tusk_status status = value ? tusk_get(context, path, &v) : TUSK_USAGE;
    if (status) return status;
    tsk_value t = take(v);
    if (tsk_is_int(t))
        *value = tsk_as_int(t);
    else if (tsk_is_double(t) && trunc(tsk_as_double(t)) == tsk_as_double(t) &&
             fabs(tsk_as_double(t)) <= 9007199254740992.0)
        *value = (int64_t)tsk_as_double(t);
    else
        return wrong_type(context, path, "an integer", v);
    return TUSK_OK;
}

tusk_status tusk_get_double(tusk_context *context, const char *path, double *value) {
    tusk_value v;
    tusk_status status = value ? tusk_get(context, path, &v) : TUSK_USAGE;
    if (status) return status;
    if (!tsk_is_number(take(v))) return wrong_type(context, path, "a number", v);
    *value = tsk_as_number(take(v));
    return TUSK_OK;
}

tusk_status tusk_get_bool(tusk_context *context, const char *path, bool *value) {
    tusk_value v;
    tusk_status status = value ? tusk_get(context, path, &v) : TUSK_USAGE;
    if (status) return status;
    if (!tsk_is_bool(take(v))) return wrong_type(context, path, "a boolean", v);
    *value = tsk_as_bool(take(v));
    return TUSK_OK;
}

tusk_status tusk_get_string(tusk_context *context, const char *path, const char **text, size_t *len) {
    tusk_value v;
    tusk_status status = text && len ? tusk_get(context, path, &v) : TUSK_USAGE;
    if (status) return status;
    if (!tsk_is_str(take(v))) return wrong_type(context, path, "a string", v);
    *text = tusk_value_string(v, len);
    return TUSK_OK;
}

/* ---- everything ---- */

/* Thunks that stand in the document; those of keys that were assigned again do not. */
static void mark_reachable(tsk_value v, uint8_t *reachable) {
    if (tsk_is_thunk(v)) {
        reachable[tsk_as_thunk(v)] = 1;
    } else if (tsk_is_array(v) && tsk_as_array(v)->flags & TSK_HAS_THUNKS) {
        const tsk_array *array = tsk_as_array(v);
        for (uint32_t i = 0; i < array->count; i++) mark_reachable(array->items[i], reachable);
    } else if (tsk_is_object(v) && tsk_as_object(v)->flags & TSK_HAS_THUNKS) {
        const tsk_object *object = tsk_as_object(v);
        for (uint32_t i = 0; i < object->count; i++) mark_reachable(object->entries[i].value, reachable);
    }
}

static bool is_fatal(const tusk_context *context) {
    return tsk_interp_is_fatal(context->ev.error->code);
}

static tusk_status evaluate(tusk_context *context, void *argument) {
    bool all_errors = *(const bool *)argument;
    tusk_program *program = context->program;
    uint32_t count = program->own_thunks;
    tusk_status status = TUSK_OK;
    uint8_t *reachable = tsk_arena_zalloc(&context->heap, count);
    mark_reachable(tsk_from_object(program->graph.root), reachable);
    for (uint32_t i = 0; i < count; i++) {
        /* without a key it is a statement of an #!api file */
        if (!reachable[i] && tsk_program_thunk(program, i)->key) continue;
        tsk_value v;
        if (tsk_interp_key(&context->ev, i, &v)) continue;
        tusk_status failed = tsk_failure_report(context);
        if (!status) status = failed;
        if (!all_errors || is_fatal(context)) break;
    }
    tusk_status rules = status && !all_errors ? TUSK_OK : tsk_context_rules(context, NULL);
    return status ? status : rules;
}

tusk_status tusk_evaluate(tusk_context *context, bool all_errors) {
    return context ? tsk_context_guard(context, evaluate, &all_errors) : TUSK_USAGE;
}

/* ---- expressions ---- */

typedef struct asking {
    const char *text;
    size_t len;
    const tsk_expression *expression;
    tsk_value v;
} asking;

static void parse_locked(tusk_program *program, void *argument) {
    asking *a = argument;
    a->expression = tsk_program_expression(program, a->text, a->len);
}

static tusk_status ask(tusk_context *context, void *argument) {
    asking *a = argument;
    if (a->len > context->snapshot->settings.limits[TUSK_LIMIT_SOURCE] || a->len > INT32_MAX)
        return tsk_failure_add(context, TSK_E_SOURCE_TOO_LARGE, NULL, "the expression is larger than the limit");
    if (!tsk_program_locked(context->program, parse_locked, a)) longjmp(context->heap.trap->jump, TSK_TRAP_NO_MEMORY);
    if (a->expression->thunk == TSK_NO_THUNK) {
        tsk_failure_copy(context, &a->expression->diags);
        return TUSK_INVALID;
    }
    return tsk_interp_key(&context->ev, a->expression->thunk, &a->v) ? TUSK_OK : tsk_failure_report(context);
}

tusk_status tusk_evaluate_text(tusk_context *context, const char *expression, size_t len, tusk_value *value) {
    if (!context || !expression || !value) return TUSK_USAGE;
    asking a = {.text = expression, .len = len};
    tusk_status status = tsk_context_guard(context, ask, &a);
    if (!status) *value = give(a.v);
    return status;
}

/* ---- the answer of an #!api file ---- */

static tsk_value without_globals(tsk_arena *heap, const tsk_object *root) {
    tsk_object *o = tsk_object_new(heap, root->count);
    for (uint32_t i = 0; i < root->count; i++) {
        const tsk_entry *e = &root->entries[i];
        if (e->key_len && e->key[0] == '$') continue;
        tsk_object_slot(heap, o, e->key, e->key_len, e->hash, NULL)->value = e->value;
    }
    o->flags = root->flags;
    return tsk_from_object(o);
}

static tusk_status respond(tusk_context *context, void *argument) {
    tsk_value *v = argument;
    const tsk_graph *graph = &context->program->graph;
    const tsk_entry *result = tsk_object_find(graph->root, "result", 6),
                    *response = tsk_object_find(graph->root, "response", 8);
    if (graph->response)
        *v = tsk_from_thunk(graph->response - 1);
    else if (result || response)
        *v = (result ? result : response)->value;
    else
        *v = without_globals(&context->heap, graph->root);
    return tsk_context_force(context, v) ? TUSK_OK : tsk_failure_report(context);
}

tusk_status tusk_response(tusk_context *context, tusk_value *value) {
    if (!context || !value) return TUSK_USAGE;
    tsk_value v;
    tusk_status status = tsk_context_guard(context, respond, &v);
    if (!status) *value = give(v);
    return status;
}

/* ---- values ---- */

tusk_kind tusk_value_kind(tusk_value value) {
    tsk_kind kind = tsk_kind_of(take(value));
    return kind == TSK_THUNK ? TUSK_NULL : (tusk_kind)kind;
}

_Static_assert((int)TUSK_NULL == TSK_NULL && (int)TUSK_INT == TSK_INT && (int)TUSK_FUNCTION == TSK_FUNCTION,
               "kinds agree");

bool tusk_value_bool(tusk_value value) {
    return tsk_as_bool(take(value));
}

int64_t tusk_value_int(tusk_value value) {
    tsk_value v = take(value);
    if (tsk_is_int(v)) return tsk_as_int(v);
    if (!tsk_is_double(v)) return 0;
    double d = tsk_as_double(v);
    if (!(d > -9.2e18)) return d != d ? 0 : INT64_MIN;
    return d < 9.2e18 ? (int64_t)d : INT64_MAX;
}

double tusk_value_double(tusk_value value) {
    return tsk_is_number(take(value)) ? tsk_as_number(take(value)) : 0;
}

const char *tusk_value_string(tusk_value value, size_t *len) {
    tsk_value v = take(value);
    bool is = tsk_is_str(v);
    if (len) *len = is ? tsk_as_str(v)->len : 0;
    return is && tsk_as_str(v)->len ? tsk_as_str(v)->ptr : "";
}

size_t tusk_value_count(tusk_value value) {
    tsk_value v = take(value);
    return tsk_is_array(v) ? tsk_as_array(v)->count : tsk_is_object(v) ? tsk_as_object(v)->count : 0;
}

static tusk_status force_body(tusk_context *context, void *argument) {
    return tsk_context_force(context, argument) ? TUSK_OK : tsk_failure_report(context);
}

static tusk_status give_forced(tusk_context *context, tsk_value v, tusk_value *out) {
    tusk_status status = tsk_context_known(context, v, &v) ? TUSK_OK : tsk_context_guard(context, force_body, &v);
    if (!status) *out = give(v);
    return status;
}

tusk_status tusk_value_item(tusk_context *context, tusk_value array, size_t i, tusk_value *item) {
    tsk_value v = take(array);
    if (!context || !item || !tsk_is_array(v) || i >= tsk_as_array(v)->count) return TUSK_USAGE;
    return give_forced(context, tsk_as_array(v)->items[i], item);
}

tusk_status tusk_value_entry(tusk_context *context, tusk_value object, size_t i, const char **key, size_t *key_len,
                             tusk_value *value) {
    tsk_value v = take(object);
    if (!context || !tsk_is_object(v) || i >= tsk_as_object(v)->count) return TUSK_USAGE;
    const tsk_entry *e = &tsk_as_object(v)->entries[i];
    if (key) *key = e->key;
    if (key_len) *key_len = e->key_len;
    return value ? give_forced(context, e->value, value) : TUSK_OK;
}

/* ---- writing ---- */

typedef struct writing {
    tsk_value v;
    tsk_format format;
    int indent;
    void (*sink)(void *user, const char *ptr, size_t len);
    void *sink_user;
    tusk_context *context;
} writing;

static void to_sink(void *user, const char *ptr, size_t len) {
    const writing *w = user;
    w->sink(w->sink_user, ptr, len);
}

/* Everything was computed before writing began. */
static tsk_value resolve(void *user, uint32_t thunk) {
    tsk_value v;
    const writing *w = user;
    return tsk_context_known(w->context, tsk_from_thunk(thunk), &v) ? v : TSK_VALUE_NULL;
}

static bool hide(void *user, tsk_slice key) {
    const writing *w = user;
    return tsk_failure_is_secret(w->context, key.ptr, key.len);
}

static tusk_status write_body(tusk_context *context, void *argument) {
    writing *w = argument;
    tusk_status status = tsk_context_compute(context, w->v);
    if (status && !(context->snapshot->settings.flags & TUSK_FLAG_PARTIAL)) return status;
    tsk_buf out;
    tsk_buf_init(&out, &context->heap);
    /* A table is for people to look at; the other formats are data and say what is there, unless told otherwise. */
    bool hides = context->snapshot->settings.flags & TUSK_FLAG_HIDE_SECRETS;
    tsk_writer writer = {.out = &out,
                         .indent = w->indent,
                         .max_depth = (uint32_t)context->snapshot->settings.limits[TUSK_LIMIT_DEPTH] * 2,
                         .resolve = resolve,
                         .sink = to_sink,
                         .hide = w->format == TSK_FORMAT_TABLE || hides ? hide : NULL,
                         .user = w};
    if (tsk_write(&writer, w->format, w->v)) return TUSK_OK;
    if (writer.refused) return tsk_failure_add(context, TSK_E_TYPE, NULL, "%s", writer.refused);
    return tsk_failure_add(context, TSK_E_DEPTH_LIMIT, NULL, "the value is nested too deep to be written");
}

_Static_assert((int)TUSK_FORMAT_JSON == TSK_FORMAT_JSON && (int)TUSK_FORMAT_YAML == TSK_FORMAT_YAML &&
                   (int)TUSK_FORMAT_TSK == TSK_FORMAT_TSK && (int)TUSK_FORMAT_ENV == TSK_FORMAT_ENV &&
                   (int)TUSK_FORMAT_TABLE == TSK_FORMAT_TABLE && (int)TUSK_FORMAT_TOML == TSK_FORMAT_TOML &&
                   (int)TUSK_FORMAT_CSV == TSK_FORMAT_CSV && (int)TUSK_FORMAT_INI == TSK_FORMAT_INI &&
                   (int)TUSK_FORMAT_XML == TSK_FORMAT_XML,
               "formats agree");

tusk_status tusk_write(tusk_context *context, tusk_value value, tusk_format format, int indent,
                       void (*sink)(void *user, const char *ptr, size_t len), void *user) {
    if (!context || !sink || (unsigned)format > TUSK_FORMAT_XML) return TUSK_USAGE;
    writing w = {take(value), (tsk_format)format, indent, sink, user, context};
    return tsk_context_guard(context, write_body, &w);
}
