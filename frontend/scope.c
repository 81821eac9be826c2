/* Scopes: what names stand for.
 *
 *   root ◄── [section] ◄── block { ◄── block >        a bare name is looked up from the inside out
 *   globals: name -> newest definition -> older ...   `$name` sees the nearest assignment before it
 */
#include "frontend/frontend.h"

tsk_scope *tsk_scope_new(tsk_parser *ps, tsk_object *object, const char *name, uint32_t name_len) {
    tsk_scope *scope = tsk_arena_alloc(ps->arena, sizeof *scope);
    *scope = (tsk_scope){object, ps->scope, NULL, name, name_len, ps->section, ps->fe->scopes};
    ps->fe->scopes = scope;
    return scope;
}

void tsk_scope_mark_thunks(const tsk_scope *scope) {
    for (; scope && !(scope->object->flags & TSK_HAS_THUNKS); scope = scope->parent) {
        scope->object->flags |= TSK_HAS_THUNKS;
        if (scope->list) scope->list->flags |= TSK_HAS_THUNKS;
    }
}

tsk_value tsk_thunk_new(tsk_parser *ps, const char *key, uint32_t key_len, const tsk_ast *ast, tsk_span span) {
    tsk_graph *g = ps->graph;
    uint32_t number = g->thunk_count++;
    if (number / TSK_THUNK_BLOCK == g->thunk_block_count) {
        uint32_t old = g->thunk_block_count, cap = old ? old * 2 : 4;
        if ((old & (old - 1)) == 0 && (old == 0 || old >= 4))
            g->thunk_blocks = tsk_arena_grow(ps->arena, g->thunk_blocks, old * sizeof *g->thunk_blocks,
                                             cap * sizeof *g->thunk_blocks);
        g->thunk_blocks[g->thunk_block_count++] = TSK_NEW_ARRAY(ps->arena, tsk_thunk, TSK_THUNK_BLOCK);
    }
    tsk_thunk *t = tsk_graph_thunk(g, number);
    *t = (tsk_thunk){
        .state = TSK_THUNK_PARSED, .span = span, .key = key, .key_len = key_len, .scope = ps->scope, .ast = ast};
    tsk_scope_mark_thunks(ps->scope);
    return tsk_from_thunk(number);
}

typedef struct tsk_free_entries {
    struct tsk_free_entries *next;
} free_entries;

static unsigned size_class(uint32_t cap) {
    return (unsigned)__builtin_ctz(cap);
}

/* Doubles an entry array; the old one is kept for the next block that grows to that size. */
static TSK_NOINLINE void grow_entries(tsk_parser *ps, tsk_object *o) {
    uint32_t cap = o->cap ? o->cap * 2 : 4;
    size_t old_size = o->cap * sizeof *o->entries;
    tsk_entry *entries;
    free_entries **list = &ps->fe->free_entries[size_class(cap)];
    if (*list) {
        entries = (tsk_entry *)*list;
        *list = (*list)->next;
    } else {
        entries = TSK_NEW_ARRAY(ps->arena, tsk_entry, cap);
    }
    if (old_size) {
        memcpy(entries, o->entries, old_size);
        free_entries *old = (free_entries *)o->entries;
        old->next = ps->fe->free_entries[size_class(o->cap)];
        ps->fe->free_entries[size_class(o->cap)] = old;
    }
    o->entries = entries;
    o->cap = cap;
}

tsk_entry *tsk_scope_slot(tsk_parser *ps, tsk_object *o, const char *key, uint32_t len, bool *added) {
    if (TSK_UNLIKELY(o->count == o->cap)) grow_entries(ps, o);
    return tsk_object_slot(ps->arena, o, key, len, tsk_hash(key, len), added);
}

static tsk_definition *newest(const tsk_frontend *fe, const char *name, uint32_t len) {
    tsk_entry *e = tsk_object_find(&fe->globals, name, len);
    return e ? fe->newest[tsk_as_i32(e->value)] : NULL;
}

void tsk_scope_define(tsk_parser *ps, const char *name, uint32_t len, tsk_value value) {
    tsk_frontend *fe = ps->fe;
    bool added;
    tsk_entry *e = tsk_object_slot(ps->arena, &fe->globals, name, len, tsk_hash(name, len), &added);
    if (added) {
        uint32_t number = fe->globals.count - 1;
        if (number == fe->newest_cap) {
            uint32_t cap = fe->newest_cap ? fe->newest_cap * 2 : 8;
            fe->newest = tsk_arena_grow(ps->arena, fe->newest, fe->newest_cap * sizeof *fe->newest,
                                        cap * sizeof *fe->newest);
            fe->newest_cap = cap;
        }
        fe->newest[number] = NULL;
        e->value = tsk_from_i32((int32_t)number);
    }
    tsk_definition **slot = &fe->newest[tsk_as_i32(e->value)];
    tsk_definition *d = tsk_arena_alloc(ps->arena, sizeof *d);
    *d = (tsk_definition){*slot, value, ps->scope, ++fe->definitions, ps->section};
    *slot = d;
}

/* The nearest assignment before `order`, of the same section if there is one nearby; else the first one after. */
tsk_definition *tsk_scope_global(const tsk_frontend *fe, const char *name, uint32_t len, uint32_t section,
                                 uint32_t order) {
    tsk_definition *before = NULL, *after = NULL, *own_after = NULL;
    uint32_t looked = 0;
    for (tsk_definition *d = newest(fe, name, len); d; d = d->older) {
        if (d->order > order) {
            after = d;
            if (d->section == section) own_after = d;
        } else {
            if (!before) before = d;
            if (d->section == section) return d;
            if (++looked == 32) break; /* assignments of one section stand together */
        }
    }
    return before ? before : own_after ? own_after : after;
}

bool tsk_scope_find(const tsk_scope *scope, const char *name, uint32_t len, tsk_value self, tsk_value *out) {
    uint32_t hash = tsk_hash(name, len);
    for (; scope; scope = scope->parent) {
        tsk_entry *e = tsk_object_find_hashed(scope->object, name, len, hash);
        if (e && !tsk_same(e->value, self)) {
            *out = e->value;
            return true;
        }
    }
    return false;
}

/* ---- what functions see ---- */

bool tsk_frontend_is_function(tsk_slice text) {
    return tsk_is_function_text(text.ptr, text.ptr + text.len);
}

const void *tsk_frontend_scope_of(const tsk_graph *graph, const tsk_object *object) {
    const tsk_frontend *fe = graph->frontend;
    for (const tsk_scope *scope = fe->scopes; scope; scope = scope->before)
        if (scope->object == object) return scope;
    return fe->root;
}

const tsk_entry *tsk_frontend_member(const tsk_object *object, tsk_slice name) {
    static const char suffix[] = "_fujsen";
    char text[128];
    const tsk_entry *e = tsk_object_find(object, name.ptr, name.len);
    if (e || name.len > sizeof text - sizeof suffix) return e;
    memcpy(text, name.ptr, name.len);
    memcpy(text + name.len, suffix, sizeof suffix - 1);
    return tsk_object_find(object, text, name.len + (uint32_t)sizeof suffix - 1);
}

bool tsk_frontend_visible(const void *home, tsk_slice name, tsk_value *value, const void **found) {
    for (const tsk_scope *scope = home; scope; scope = scope->parent) {
        const tsk_entry *e = tsk_frontend_member(scope->object, name);
        if (!e) continue;
        *value = e->value;
        *found = scope;
        return true;
    }
    return false;
}
