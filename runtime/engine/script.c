/* Plain scripts: one realm, any number of files.
 *
 *   file ─► source ─► tsk_script_load ─► function ─► interpreter; functions in it get bodies and code when first called
 *
 * Invariants
 *  - Sources, trees, IR and code live in one arena until the scripts are freed; `scratch` is empty between two
 *    compilations.
 *  - Control that leaves through the trap (no memory) ends the run; the realm is not used again.
 */
#include "runtime/engine/thrown.h"

#include "ir/script.h"
#include "runtime/interp/js_loop.h"
#include "runtime/interp/native.h"
#include "runtime/js/object.h"
#include "runtime/regex/regex.h"

#include <stdio.h>

struct tusk_scripts {
    tsk_settings settings;
    tsk_arena arena, scratch, messages, report;
    tsk_sources sources;
    tsk_diags diags;
    tsk_ir_module *module;
    tsk_eval eval;
    tsk_js *js;
    tsk_trap trap;
    bool broken; /* left through the trap */
};

/* ---- what the loop asks for ---- */

static const tsk_bytecode *compile(tsk_eval *ev, tsk_ir_func *func) {
    static const tsk_ir_env env;
    tusk_scripts *s = ev->user;
    tsk_arena_reset(&s->scratch);
    if (func->js->ast && !tsk_script_lower(func, &env, &s->scratch)) {
        tsk_js_throw_range(s->js, "The function is nested too deep");
        return NULL;
    }
#ifndef NDEBUG
    if (!tsk_ir_verify(func, &env, &s->diags)) {
        tsk_js_throw_error(s->js, TSK_JS_ERROR_PLAIN, "%s", s->diags.first->message);
        return NULL;
    }
#endif
    const tsk_bytecode *code = tsk_bytecode_generate(&s->arena, &s->scratch, func);
    tsk_native_made(ev, code);
    return code;
}

static const tsk_js_loop_host loop_host = {.compile = compile};

/* ---- what the realm asks for ---- */

static tusk_scripts *owner(const tsk_js *js) {
    return ((tsk_eval *)js->user)->user;
}

static void trace(tsk_js *js, tsk_buf *out, const tsk_js_object *below) {
    tsk_thrown_trace(js->user, &owner(js)->sources, out, below);
}

static bool visit_frames(tsk_js *js, tsk_heap *heap) {
    return tsk_js_loop_roots(js->user, heap);
}

static tsk_ir_func *library(tsk_js *js, const char *text_name, const char *name, uint32_t length) {
    tusk_scripts *s = owner(js);
    return tsk_library_load(s->module, &s->diags, text_name, name, length);
}

static const tsk_js_host realm_host = {
    tsk_js_loop_call,  trace, library, visit_frames, tsk_thrown_subject, tsk_thrown_place, tsk_js_loop_worked,
    tsk_js_loop_spend, NULL};

/* ---- print ---- */

/* A line of its arguments as text, to standard output. */
static tsk_value print(tsk_js *js, const tsk_js_args *a) {
    tsk_buf line;
    tsk_buf_init(&line, js->scratch);
    for (uint32_t i = 0; i < a->count; i++) {
        tsk_js_string *text = tsk_js_to_string(js, a->values[i]);
        if (!text) return TSK_JS_THROWN;
        if (i) tsk_buf_char(&line, ' ');
        tsk_js_string_to_utf8(js, text, &line, true);
    }
    tsk_buf_char(&line, '\n');
    fwrite(line.ptr, 1, line.len, stdout);
    return TSK_VALUE_UNDEFINED;
}

static bool add_print(tsk_js *js) {
    static const tsk_js_native_spec spec = {"print", print, 0, 0, 0};
    tsk_js_object *fn = tsk_js_native_new(js, &spec, "");
    tsk_js_string *name = tsk_js_atom_utf8("print", 5);
    return fn && name && tsk_js_define(js, js->global, tsk_js_key_atom(name), tsk_js_from_object(fn), TSK_JS_HIDDEN);
}

/* ---- life ---- */

static void begin_eval(tusk_scripts *s) {
    const uint64_t *limits = s->settings.limits;
    s->eval = (tsk_eval){.heap = &s->messages,
                         .js_host = &loop_host,
                         .user = s,
                         .allocator = &s->settings.allocator,
                         .limits = {limits[TUSK_LIMIT_STEPS], limits[TUSK_LIMIT_TIME] * 1000000u,
                                    (size_t)limits[TUSK_LIMIT_MEMORY], (uint32_t)limits[TUSK_LIMIT_CALLS]},
                         .helpers = tsk_native_helpers};
    tsk_native_begin(&s->eval, tsk_settings_native(&s->settings));
    tsk_native_set_places(s->eval.native, tsk_native_place_in, &s->sources);
}

/* Runs `body` with every trap set; false: no memory. */
static bool guarded(tusk_scripts *s, bool (*body)(tusk_scripts *s, void *argument), void *argument) {
    if (setjmp(s->trap.jump)) {
        s->broken = true;
        return false;
    }
    s->arena.trap = s->scratch.trap = s->messages.trap = s->report.trap = &s->trap;
    if (s->js) {
        s->js->heap->trap = s->js->scratch->trap = &s->trap;
        tsk_heap_set_stack_base(s->js->heap, __builtin_frame_address(0));
    }
    return body(s, argument);
}

static bool set_up(tusk_scripts *s, void *argument) {
    (void)argument;
    s->sources.arena = &s->arena;
    s->diags = (tsk_diags){.arena = &s->report, .max = (uint32_t)s->settings.limits[TUSK_LIMIT_ERRORS]};
    s->module = tsk_ir_module_new(&s->arena);
    s->js = tsk_js_new(&s->settings.allocator, &realm_host, &s->eval, (size_t)s->settings.limits[TUSK_LIMIT_HEAP]);
    if (!s->js) return false;
    s->eval.js = s->js;
    s->js->heap->trap = s->js->scratch->trap = &s->trap;
    tsk_heap_set_stack_base(s->js->heap, __builtin_frame_address(0));
    int64_t now;
    if (tsk_settings_now(&s->settings, &now)) s->js->now = (double)now;
    return add_print(s->js);
}

tsk_js *tsk_scripts_realm(const tusk_scripts *scripts) {
    return scripts->js;
}

tusk_status tusk_scripts_new(const tusk_options *options, tusk_scripts **out) {
    tsk_settings settings;
    tsk_settings_default(&settings);
    if (options) settings = options->settings;
    tusk_scripts *s = out ? tsk_mem_alloc(&settings.allocator, sizeof *s) : NULL;
    if (!out) return TUSK_USAGE;
    *out = s;
    if (!s) return TUSK_NO_MEMORY;
    memset(s, 0, sizeof *s);
    s->settings = settings;
    tsk_arena_init(&s->arena, &s->settings.allocator, 0);
    tsk_arena_init(&s->scratch, &s->settings.allocator, 0);
    tsk_arena_init(&s->messages, &s->settings.allocator, 0);
    tsk_arena_init(&s->report, &s->settings.allocator, 0);
    begin_eval(s);
    if (guarded(s, set_up, NULL)) return TUSK_OK;
    tusk_scripts_free(s);
    *out = NULL;
    return TUSK_NO_MEMORY;
}

bool tusk_scripts_busy(const tusk_scripts *s) {
    return s && tsk_native_busy(s->eval.native);
}

char *tusk_scripts_jit_report(const tusk_scripts *s) {
    return s ? tsk_native_report_text(s->eval.native, &s->sources) : NULL;
}

void tusk_scripts_free(tusk_scripts *s) {
    if (!s) return;
    tsk_native *native = s->eval.native;
    tsk_native_end(&s->eval);
    tsk_interp_free(&s->eval);
    tsk_js_free(s->js);
    tsk_native_free(native);
    tsk_arena_free(&s->arena);
    tsk_arena_free(&s->scratch);
    tsk_arena_free(&s->messages);
    tsk_arena_free(&s->report);
    tsk_allocator allocator = s->settings.allocator;
    tsk_mem_free(&allocator, s, sizeof *s);
}

/* ---- what was thrown ---- */

/* "Uncaught TypeError: ..." at its place, with the stack as notes. */
static void report_exception(tusk_scripts *s) {
    tsk_thrown thrown;
    tsk_thrown_take(s->js, &s->sources, &s->report, &thrown);
    tsk_diag *d = tsk_diags_add(&s->diags, TSK_ERROR, TSK_E_JS_UNCAUGHT, thrown.span, "uncaught %s", thrown.text);
    tsk_thrown_notes(&s->diags, d, thrown.stack);
}

/* ---- running ---- */

static const tsk_source *read_source(tusk_scripts *s, const char *path) {
    const char *text;
    uint32_t len;
    tsk_file_id id;
    const char *name = strcmp(path, "-") ? tsk_arena_strdup(&s->arena, path, strlen(path)) : "<stdin>";
    tsk_code code = tsk_file_read(&s->arena, path, NULL, s->settings.limits[TUSK_LIMIT_SOURCE], &text, &len, &id);
    const tsk_source *source = code ? NULL : tsk_sources_add(&s->sources, name, text, len);
    if (!source)
        tsk_diags_add(&s->diags, TSK_ERROR, code ? code : TSK_E_FILE_FAILED, (tsk_span){0, 0}, "%s: %s", name,
                      tsk_code_summary(code ? code : TSK_E_FILE_FAILED));
    return source;
}

/* What the text is not, under the name that ECMAScript has for it. */
static void name_syntax_errors(tusk_scripts *s) {
    for (tsk_diag *d = s->diags.first; d; d = d->next)
        if (d->code == TSK_E_JS_SYNTAX || d->code == TSK_E_JS_UNSUPPORTED)
            d->message = tsk_arena_printf(&s->report, "SyntaxError: %s", d->message);
}

/* A file, or with `text` that text under the name `path`. */
typedef struct script_text {
    const char *path, *text;
    size_t len;
} script_text;

static const tsk_source *source_of(tusk_scripts *s, const script_text *from) {
    if (!from->text) return read_source(s, from->path);
    uint64_t most = s->settings.limits[TUSK_LIMIT_SOURCE];
    const tsk_source *source = NULL;
    if (from->len <= most && from->len <= UINT32_MAX - TSK_SOURCE_PADDING)
        source = tsk_sources_add(&s->sources, from->path, tsk_source_copy(&s->arena, from->text, from->len),
                                 (uint32_t)from->len);
    if (!source)
        tsk_diags_add(&s->diags, TSK_ERROR, TSK_E_SOURCE_TOO_LARGE, (tsk_span){0, 0}, "%s: %s", from->path,
                      tsk_code_summary(TSK_E_SOURCE_TOO_LARGE));
    return source;
}

static bool run(tusk_scripts *s, void *argument) {
    const tsk_script_options options = {(uint32_t)s->settings.limits[TUSK_LIMIT_DEPTH], tsk_functions_check_regex,
                                        NULL};
    const tsk_source *source = source_of(s, argument);
    tsk_ir_func *func = source ? tsk_script_load(s->module, source, &s->diags, &options) : NULL;
    if (!func) {
        name_syntax_errors(s);
        return false;
    }
    tsk_interp_begin(&s->eval);
    tsk_native_set_stack(&s->eval);
    tsk_js_closure *script = tsk_js_closure_new(s->js, func, 0, NULL);
    tsk_value this_value = tsk_js_from_object(s->js->global);
    if (script && !tsk_js_is_thrown(tsk_js_loop_call(s->js, script, this_value, TSK_VALUE_UNDEFINED, 0, NULL)))
        return true;
    report_exception(s);
    return false;
}

static tusk_status run_script(tusk_scripts *s, script_text from) {
    if (!s || !from.path || s->broken) return TUSK_USAGE;
    if (guarded(s, run, &from)) return TUSK_OK;
    if (s->broken) return TUSK_NO_MEMORY;
    return s->diags.first ? (tusk_status)tsk_code_exit(s->diags.first->code) : TUSK_ERROR;
}

tusk_status tusk_scripts_run(tusk_scripts *s, const char *path) {
    return run_script(s, (script_text){path, NULL, 0});
}

tusk_status tusk_scripts_run_text(tusk_scripts *s, const char *name, const char *text, size_t len) {
    return text ? run_script(s, (script_text){name, text, len}) : TUSK_USAGE;
}

/* ---- looking ---- */

static bool has_body(tusk_scripts *s, tsk_ir_func *func) {
    return compile(&s->eval, func) != NULL;
}

typedef struct dump {
    const char *path;
    bool code;
    tsk_buf out;
} dump;

static bool dump_all(tusk_scripts *s, void *argument) {
    dump *d = argument;
    const tsk_script_options options = {(uint32_t)s->settings.limits[TUSK_LIMIT_DEPTH], tsk_functions_check_regex,
                                        NULL};
    const tsk_source *source = read_source(s, d->path);
    if (!source || !tsk_script_load(s->module, source, &s->diags, &options)) return false;
    tsk_buf_init(&d->out, &s->report);
    for (tsk_ir_func *func = s->module->first; func; func = func->next) {
        if (!has_body(s, func)) return false;
        if (d->code)
            tsk_bytecode_print(&d->out, tsk_bytecode_of(func), NULL);
        else
            tsk_ir_print_func(&d->out, func, NULL);
    }
    return true;
}

tusk_status tusk_scripts_dump(tusk_scripts *s, const char *path, bool code, char **text) {
    dump d = {path, code, {0}};
    if (!s || !path || !text || s->broken) return TUSK_USAGE;
    *text = NULL;
    if (!guarded(s, dump_all, &d))
        return s->broken        ? TUSK_NO_MEMORY
               : s->diags.first ? (tusk_status)tsk_code_exit(s->diags.first->code)
                                : TUSK_ERROR;
    *text = tsk_text_copy(d.out.ptr, d.out.len);
    return *text ? TUSK_OK : TUSK_NO_MEMORY;
}

typedef struct rendering {
    const tusk_scripts *scripts;
    int style;
} rendering;

static tusk_status render(tsk_buf *out, void *argument) {
    const rendering *r = argument;
    const tsk_diag_style style = {.colour = r->style & TUSK_REPORT_COLOUR,
                                  .json = r->style & TUSK_REPORT_JSON,
                                  .warnings = r->style & TUSK_REPORT_WARNINGS};
    tsk_diags_render(out, &r->scripts->diags, &r->scripts->sources, style);
    return TUSK_OK;
}

char *tusk_scripts_report(const tusk_scripts *s, int style) {
    char *text = NULL;
    rendering r = {s, style};
    if (s) tsk_text_make(&text, render, &r);
    return text;
}
