/* The world of functions of one context: made empty, filled as programs look at it.
 *
 *   tsk_js_new ─► heap, scratch memory, global object, scope of scripts
 *   first use of an intrinsic ─► an object whose slots hold the members of its table, see builtins/library.h
 *   first look at a member ─► tsk_js_lazy_make
 *
 * The shapes of intrinsics are the same in every realm: they are found once in a process. */
#include "runtime/js/model.h"

#include "runtime/builtins/library.h"
#include "runtime/builtins/regexp.h"
#include "runtime/js/kinds.h"

#include <time.h>

#define SCOPE_SLOTS 32

typedef struct realm {
    tsk_js js;
    tsk_allocator allocator;
    tsk_heap_host heap_host;
    tsk_arena scratch;
} realm;

static void *out_of_memory(tsk_js *js) {
    tsk_js_throw_range(js, "Out of memory");
    return NULL;
}

enum { WORK_A_STEP = 16, UNITS_A_STEP = 1024 };

bool tsk_js_poll(tsk_js *js) {
    uint32_t steps = js->work / WORK_A_STEP;
    js->work = 0;
    return !js->host || !js->host->poll || js->host->poll(js, steps);
}

void tsk_js_spend(tsk_js *js, uint64_t units) {
    if (js->host && js->host->spend) js->host->spend(js, (uint32_t)(units / UNITS_A_STEP));
}

/* ---- the library's tables ---- */

const tsk_js_intrinsic_spec *tsk_js_library_spec(tsk_js_intrinsic which) {
    static const tsk_js_intrinsic_spec *const libraries[] = {
#define X(name) tsk_js_library_##name,
#include "runtime/builtins/libraries.def"
#undef X
    };
    static const tsk_js_intrinsic_spec *found[TSK_JS_INTRINSICS];
    const tsk_js_intrinsic_spec *spec = __atomic_load_n(&found[which], __ATOMIC_RELAXED);
    for (uint32_t i = 0; !spec && i < TSK_COUNT(libraries); i++)
        for (const tsk_js_intrinsic_spec *s = libraries[i]; s->which != TSK_JS_INTRINSICS && !spec; s++)
            if (s->which == which) spec = s;
    if (spec) __atomic_store_n(&found[which], spec, __ATOMIC_RELAXED);
    return spec;
}

/* "slice" or "@@iterator"; false: no memory. */
static bool member_key(const char *name, tsk_js_key *key) {
    static const struct {
        const char *name;
        tsk_js_symbol **symbol;
    } symbols[] = {
#define X(symbol_name) {#symbol_name, &tsk_js_symbols.symbol_name},
#include "runtime/js/symbols.def"
#undef X
    };
    if (name[0] == '@' && name[1] == '@') {
        for (uint32_t i = 0; i < TSK_COUNT(symbols); i++) {
            if (strcmp(symbols[i].name, name + 2)) continue;
            *key = tsk_js_key_symbol(*symbols[i].symbol);
            return true;
        }
        return false;
    }
    tsk_js_string *atom = tsk_js_atom_utf8(name, strlen(name));
    *key = tsk_js_key_atom(atom);
    return atom != NULL;
}

static uint32_t member_attributes(const tsk_js_member *m) {
    return m->cell.flags | (m->cell.aux == TSK_JS_MEMBER_ACCESSOR ? (uint32_t)TSK_JS_ACCESSOR : 0);
}

static tsk_js_shape *with_members(tsk_js_shape *shape, const tsk_js_member *members, uint32_t count) {
    tsk_js_key key;
    for (uint32_t i = 0; shape && i < count; i++)
        shape = member_key(members[i].fn.name, &key) ? tsk_js_shape_add(shape, key, member_attributes(&members[i]))
                                                     : NULL;
    return shape;
}

static void put_members(tsk_value *slots, const tsk_js_member *members, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) slots[i] = tsk_from_ptr(TSK_TAG_CELL, &members[i]);
}

/* ---- intrinsics ---- */

static uint16_t fields_of(const tsk_js_intrinsic_spec *spec) {
    if (spec->size) return spec->size;
    switch (spec->cls) {
    case TSK_JS_NATIVE: return sizeof(tsk_js_native);
    case TSK_JS_ARRAY: return sizeof(tsk_js_array);
    case TSK_JS_BOOLEAN:
    case TSK_JS_NUMBER:
    case TSK_JS_STRING_OBJECT:
    case TSK_JS_SYMBOL_OBJECT: return sizeof(tsk_js_wrapper);
    default: return sizeof(tsk_js_object);
    }
}

/* Length and name of a function, then the members. */
static tsk_js_shape *shape_of_spec(const tsk_js_intrinsic_spec *spec) {
    static tsk_js_shape *shapes[TSK_JS_INTRINSICS];
    tsk_js_shape *shape = __atomic_load_n(&shapes[spec->which], __ATOMIC_ACQUIRE);
    if (shape) return shape;
    bool function = spec->cls == TSK_JS_NATIVE;
    shape = tsk_js_shape_class_root(spec->cls, fields_of(spec), (uint16_t)(spec->count + (function ? 2 : 0)));
    if (function && shape) shape = tsk_js_shape_add(shape, tsk_js_key_atom(tsk_js_atoms.length), TSK_JS_CONFIGURABLE);
    if (function && shape) shape = tsk_js_shape_add(shape, tsk_js_key_atom(tsk_js_atoms.name), TSK_JS_CONFIGURABLE);
    shape = with_members(shape, spec->members, spec->count);
    __atomic_store_n(&shapes[spec->which], shape, __ATOMIC_RELEASE);
    return shape;
}

static bool put_function(tsk_js_object *o, tsk_value **slots, const tsk_js_intrinsic_spec *spec) {
    tsk_js_native *fn = (tsk_js_native *)(void *)o;
    tsk_js_string *name = tsk_js_atom_utf8(spec->fn.name, strlen(spec->fn.name));
    if (!name) return false;
    fn->spec = &spec->fn;
    fn->prefix = "";
    *(*slots)++ = tsk_from_i32(spec->fn.length);
    *(*slots)++ = tsk_js_from_string(name);
    return true;
}

static void put_class(tsk_js_object *o) {
    tsk_js_wrapper *wrapper = (tsk_js_wrapper *)(void *)o;
    switch (tsk_js_class_of(o)) {
    case TSK_JS_ARRAY: tsk_js_array_put_length((tsk_js_array *)(void *)o, 0); break;
    case TSK_JS_BOOLEAN: wrapper->value = TSK_VALUE_FALSE; break;
    case TSK_JS_NUMBER: wrapper->value = tsk_from_i32(0); break;
    case TSK_JS_STRING_OBJECT:
        wrapper->value = tsk_js_from_string(tsk_js_atoms.empty);
        o->cell.flags |= TSK_JS_EXOTIC;
        break;
    default: break;
    }
}

static tsk_js_object *make_of_spec(tsk_js *js, const tsk_js_intrinsic_spec *spec, tsk_js_object *proto) {
    const tsk_js_shape *shape = shape_of_spec(spec);
    tsk_js_object *o = shape ? tsk_js_object_shaped(js, proto, shape) : (tsk_js_object *)out_of_memory(js);
    if (!o) return NULL;
    tsk_value *slots = (tsk_value *)(void *)((char *)o + shape->base);
    if (spec->cls == TSK_JS_NATIVE && !put_function(o, &slots, spec)) return (tsk_js_object *)out_of_memory(js);
    put_class(o);
    put_members(slots, spec->members, spec->count);
    js->intrinsics[spec->which] = o;
    if (spec->init) spec->init(js, o);
    return o;
}

tsk_js_object *tsk_js_intrinsic_make(tsk_js *js, tsk_js_intrinsic which) {
    const tsk_js_intrinsic_spec *spec = tsk_js_library_spec(which);
    if (!spec) {
        /* Not an error object: it could be the prototype of that which is missing. */
        const tsk_js_string *message = tsk_js_string_cstr(js, "this build has no such built-in object");
        tsk_js_throw(js, message ? tsk_js_from_string(message) : TSK_VALUE_UNDEFINED);
        return NULL;
    }
    tsk_js_object *proto = NULL;
    if (spec->proto != TSK_JS_INTRINSICS && !(proto = tsk_js_intrinsic_get(js, spec->proto))) return NULL;
    if (js->intrinsics[which]) return js->intrinsics[which];
    return make_of_spec(js, spec, proto);
}

/* ---- members ---- */

static tsk_value object_or_thrown(const tsk_js_object *o) {
    return o ? tsk_js_from_object(o) : TSK_JS_THROWN;
}

static tsk_value half_of_accessor(tsk_js *js, const tsk_js_native_spec *spec, const char *prefix) {
    if (!spec->fn) return TSK_VALUE_UNDEFINED;
    return object_or_thrown(tsk_js_native_new(js, spec, prefix));
}

static tsk_value make_accessor(tsk_js *js, const tsk_js_member *m) {
    if (!m->fn.fn) {
        tsk_value both = object_or_thrown(tsk_js_intrinsic_get(js, m->other));
        return tsk_js_is_thrown(both) ? both : tsk_js_accessor_new(js, both, both);
    }
    tsk_value get = half_of_accessor(js, &m->fn, "get "), set = half_of_accessor(js, &m->set, "set ");
    return tsk_js_is_thrown(get) || tsk_js_is_thrown(set) ? TSK_JS_THROWN : tsk_js_accessor_new(js, get, set);
}

static tsk_value make_library_function(tsk_js *js, const tsk_js_member *m) {
    struct tsk_ir_func *func = js->host->library(js, m->text, m->fn.name, m->fn.length);
    tsk_js_closure *fn = func ? tsk_js_closure_new(js, func, 0, NULL) : NULL;
    return fn ? tsk_js_from_object(fn) : TSK_JS_THROWN;
}

tsk_value tsk_js_lazy_make(tsk_js *js, const tsk_js_member *m) {
    switch ((tsk_js_member_kind)m->cell.aux) {
    case TSK_JS_MEMBER_METHOD: return object_or_thrown(tsk_js_native_new(js, &m->fn, ""));
    case TSK_JS_MEMBER_LIBRARY: return make_library_function(js, m);
    case TSK_JS_MEMBER_ACCESSOR: return make_accessor(js, m);
    case TSK_JS_MEMBER_NUMBER: return tsk_js_number(m->number);
    case TSK_JS_MEMBER_TEXT: {
        const tsk_js_string *s = tsk_js_string_cstr(js, m->text);
        return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
    }
    case TSK_JS_MEMBER_INTRINSIC: return object_or_thrown(tsk_js_intrinsic_get(js, m->other));
    case TSK_JS_MEMBER_STACK: return tsk_js_stack_text(js, (const tsk_js_stack *)(const void *)m);
    case TSK_JS_MEMBER_SYMBOL: {
        char name[40] = "@@";
        tsk_js_key key;
        strncat(name, m->fn.name, sizeof name - 3);
        return member_key(name, &key) ? (tsk_value){key.bits} : TSK_VALUE_UNDEFINED;
    }
    }
    return TSK_VALUE_UNDEFINED;
}

/* ---- the outermost names ---- */

static bool make_global(tsk_js *js) {
    static tsk_js_shape *made;
    tsk_js_shape *shape = __atomic_load_n(&made, __ATOMIC_ACQUIRE);
    uint32_t count = tsk_js_global_member_count;
    if (!shape) {
        shape = tsk_js_shape_class_root(TSK_JS_GLOBAL, sizeof(tsk_js_object), (uint16_t)(count + 8));
        shape = with_members(shape, tsk_js_global_members, count);
        __atomic_store_n(&made, shape, __ATOMIC_RELEASE);
    }
    tsk_js_object *proto = tsk_js_intrinsic_get(js, TSK_JS_I_ObjectPrototype);
    tsk_js_object *o = proto && shape ? tsk_js_object_shaped(js, proto, shape) : NULL;
    tsk_js_key key;
    if (!o) return false;
    put_members(o->slots, tsk_js_global_members, count);
    js->global = o;
    return member_key("globalThis", &key) && tsk_js_define(js, o, key, tsk_js_from_object(o), TSK_JS_HIDDEN) &&
           member_key("undefined", &key) && tsk_js_define(js, o, key, TSK_VALUE_UNDEFINED, 0);
}

static bool make_scope(tsk_js *js) {
    const tsk_js_shape *root = tsk_js_shape_class_root(TSK_JS_GLOBAL, sizeof(tsk_js_object), SCOPE_SLOTS);
    js->scope = root ? tsk_js_object_shaped(js, js->global, root) : NULL;
    return js->scope != NULL;
}

tsk_value tsk_js_throw_uninitialized(tsk_js *js, const tsk_js_string *name) {
    return tsk_js_throw_error(js, TSK_JS_REFERENCE_ERROR, "Cannot access '%s' before initialization",
                              tsk_js_describe(js, tsk_js_from_string(name)));
}

static tsk_value not_defined(tsk_js *js, const tsk_js_string *name) {
    return tsk_js_throw_error(js, TSK_JS_REFERENCE_ERROR, "%s is not defined",
                              tsk_js_describe(js, tsk_js_from_string(name)));
}

/* The objects of global names have another shape after each declaration and never come back to one: the facts about
 * the present ones are to be the first. */
static void forget_older(tsk_js *js, tsk_js_cache *cache) {
    uint32_t now = tsk_js_known(cache, js->scope->cell.word);
    if (!now)
        for (uint32_t i = 0; i < TSK_JS_FACTS; i++) __atomic_store_n(&cache->facts[i], 0, __ATOMIC_RELAXED);
}

/* A binding of scripts; false: the name is none. */
static bool find_binding(tsk_js *js, tsk_js_string *atom, tsk_js_cache *cache, tsk_js_found *f) {
    uint32_t shape = js->scope->cell.word;
    forget_older(js, cache);
    if (tsk_js_known(cache, shape) & TSK_JS_FACT_ABSENT) return false;
    if (tsk_js_find_named(js->scope, tsk_js_key_atom(atom), f)) return true;
    tsk_js_learn_absent(cache, shape);
    return false;
}

tsk_value tsk_js_global_get(tsk_js *js, tsk_js_string *atom, tsk_js_cache *cache) {
    tsk_js_found f;
    if (find_binding(js, atom, cache, &f)) {
        if (tsk_js_is_hole(*f.slot)) return tsk_js_throw_uninitialized(js, atom);
        if (f.in_shape) tsk_js_learn_place(cache, js->scope->cell.word, f.offset);
        return *f.slot;
    }
    tsk_value v = tsk_js_get_cached(js, tsk_js_from_object(js->global), atom, cache);
    if (!tsk_js_is_undefined(v)) return v;
    int there = tsk_js_has(js, js->global, tsk_js_key_atom(atom));
    return there > 0 ? v : there < 0 ? TSK_JS_THROWN : not_defined(js, atom);
}

bool tsk_js_global_set(tsk_js *js, tsk_js_string *atom, tsk_value v, tsk_js_cache *cache) {
    tsk_js_found f;
    if (find_binding(js, atom, cache, &f)) {
        if (tsk_js_is_hole(*f.slot)) {
            tsk_js_throw_uninitialized(js, atom);
            return false;
        }
        if (!(f.attributes & TSK_JS_WRITABLE)) {
            tsk_js_throw_type(js, "Assignment to constant variable.");
            return false;
        }
        if (f.in_shape) tsk_js_learn_place(cache, js->scope->cell.word, f.offset);
        *f.slot = v;
        tsk_heap_wrote_at(js->heap, f.owner, f.slot);
        return true;
    }
    tsk_value global = tsk_js_from_object(js->global);
    uint32_t low = tsk_js_known(cache, js->global->cell.word);
    if (!low || low & (TSK_JS_FACT_ABSENT | TSK_JS_FACT_ADD)) {
        int there = tsk_js_has(js, js->global, tsk_js_key_atom(atom));
        if (!there) not_defined(js, atom);
        if (there <= 0) return false;
    }
    return tsk_js_set_cached(js, global, atom, v, cache);
}

/* ---- objects of tagged templates ---- */

bool tsk_js_keep_template(tsk_js *js, const void *site, tsk_js_object *object) {
    tsk_js_template *t = tsk_mem_alloc(&((realm *)(void *)js)->allocator, sizeof *t);
    if (!t) return out_of_memory(js);
    *t = (tsk_js_template){js->templates, site, object};
    js->templates = t;
    return true;
}

static void forget_templates(realm *r) {
    for (tsk_js_template *t = r->js.templates, *next; t; t = next) {
        next = t->next;
        tsk_mem_free(&r->allocator, t, sizeof *t);
    }
}

/* ---- making and freeing ---- */

static bool visit_roots(tsk_heap *heap, void *user) {
    tsk_js *js = (tsk_js *)user;
    tsk_heap_visit_value(heap, js->exception);
    tsk_heap_visit(heap, js->global);
    tsk_heap_visit(heap, js->scope);
    tsk_heap_visit_values(heap, js->outer, js->outer_count);
    for (uint32_t i = 0; i < TSK_JS_INTRINSICS; i++) tsk_heap_visit(heap, js->intrinsics[i]);
    for (uint32_t i = 0; i < TSK_JS_SEEN; i++) tsk_heap_visit_value(heap, (tsk_value){js->seen[i].bits});
    tsk_heap_visit(heap, js->console_counts);
    tsk_heap_visit(heap, js->console_timers);
    tsk_js_symbols_visit_lent(js, heap);
    for (const tsk_js_template *t = js->templates; t; t = t->next) tsk_heap_visit(heap, t->object);
    return !js->host || !js->host->roots || js->host->roots(js, heap);
}

static void seed_random(tsk_js *js) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = tsk_hash_mix((uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30, tsk_hash_seed | 1);
    js->random[0] = tsk_hash_mix(seed ^ (uint64_t)(uintptr_t)js, 0x9E3779B97F4A7C15ull) | 1;
    js->random[1] = tsk_hash_mix(seed, 0xA0761D6478BD642Full);
}

/* Marks what every realm has from its start: functions show these names late, and cannot be assigned to them. */
static void mark_names_of_functions(void) {
    tsk_js_mark_special(tsk_js_key_atom(tsk_js_atoms.length));
    tsk_js_mark_special(tsk_js_key_atom(tsk_js_atoms.name));
    tsk_js_mark_special(tsk_js_key_atom(tsk_js_atoms.prototype));
}

tsk_js *tsk_js_new(const tsk_allocator *allocator, const tsk_js_host *host, void *user, size_t heap_limit) {
    realm *r = (realm *)tsk_mem_alloc(allocator, sizeof *r);
    if (!r) return NULL;
    memset(r, 0, sizeof *r);
    tsk_js *js = &r->js;
    if (!tsk_js_atoms_init()) {
        tsk_mem_free(allocator, r, sizeof *r);
        return NULL;
    }
    mark_names_of_functions();
    r->allocator = *allocator;
    tsk_arena_init(&r->scratch, &r->allocator, 0);
    r->heap_host = (tsk_heap_host){tsk_js_heap_kinds, TSK_JS_KINDS, js, visit_roots};
    js->scratch = &r->scratch;
    js->exception = js->thrown = TSK_JS_HOLE;
    js->host = host;
    js->user = user;
    js->now = __builtin_nan("");
    seed_random(js);
    js->heap = tsk_heap_new(&r->allocator, &r->heap_host, heap_limit);
    tsk_trap trap;
    if (js->heap && setjmp(trap.jump) == 0) {
        js->heap->trap = js->scratch->trap = &trap;
        tsk_heap_set_stack_base(js->heap, __builtin_frame_address(0));
        bool made = make_global(js) && make_scope(js);
        js->heap->trap = js->scratch->trap = NULL;
        if (made) return js;
    }
    tsk_js_free(js);
    return NULL;
}

void tsk_js_free(tsk_js *js) {
    if (!js) return;
    realm *r = (realm *)(void *)js;
    if (js->heap) tsk_heap_free(js->heap);
    tsk_js_symbols_give_back(js);
    forget_templates(r);
    tsk_js_regexp_forget(js);
    tsk_arena_free(&r->scratch);
    tsk_allocator allocator = r->allocator;
    tsk_mem_free(&allocator, r, sizeof *r);
}
