/* The kinds of cells that functions have: how large each is and what it points to. */
#include "runtime/js/kinds.h"
#include "runtime/js/model.h"

/* ---- sizes ---- */

static size_t string_size(const tsk_heap_cell *cell) {
    const tsk_js_string *s = (const tsk_js_string *)(const void *)cell;
    if (cell->flags & TSK_JS_ROPE) return sizeof *s;
    if (cell->flags & TSK_JS_SLICE) return TSK_JS_SLICE_SIZE;
    return offsetof(tsk_js_string, data) + ((size_t)s->length << ((cell->flags & TSK_JS_WIDE) != 0));
}

static size_t symbol_size(const tsk_heap_cell *cell) {
    (void)cell;
    return sizeof(tsk_js_symbol);
}

static const tsk_js_shape *layout_of(const tsk_js_object *o) {
    if (!tsk_js_in_dictionary(o)) return tsk_js_shape_at(o->cell.word);
    return tsk_js_shape_at(((const tsk_js_dictionary *)o->elements->overflow)->root);
}

static size_t object_size(const tsk_heap_cell *cell) {
    const tsk_js_object *o = (const tsk_js_object *)(const void *)cell;
    switch (tsk_js_class_of(o)) {
    case TSK_JS_CLOSURE:
        return sizeof(tsk_js_closure) + ((const tsk_js_closure *)(const void *)o)->count * sizeof(tsk_value);
    case TSK_JS_BOUND: return sizeof(tsk_js_bound) + ((const tsk_js_bound *)(const void *)o)->count * sizeof(tsk_value);
    default: break;
    }
    const tsk_js_shape *s = layout_of(o);
    return s->base + s->inline_slots * sizeof(tsk_value);
}

static size_t elements_size(const tsk_heap_cell *cell) {
    const tsk_js_elements *e = (const tsk_js_elements *)(const void *)cell;
    return sizeof *e + e->capacity * sizeof(tsk_value);
}

static size_t slots_size(const tsk_heap_cell *cell) {
    return sizeof(tsk_js_slots) + cell->word * sizeof(tsk_value);
}

static size_t accessor_size(const tsk_heap_cell *cell) {
    (void)cell;
    return sizeof(tsk_js_accessor);
}

static size_t box_size(const tsk_heap_cell *cell) {
    (void)cell;
    return sizeof(tsk_js_box);
}

static size_t buffer_size(const tsk_heap_cell *cell) {
    return sizeof(tsk_js_buffer) + cell->word;
}

static size_t iteration_size(const tsk_heap_cell *cell) {
    (void)cell;
    return sizeof(tsk_js_iteration_cell);
}

static size_t words_size(const tsk_heap_cell *cell) {
    return cell->word;
}

/* ---- what is pointed to ---- */

static void trace_string(tsk_heap *heap, const tsk_heap_cell *cell) {
    const tsk_js_string *s = (const tsk_js_string *)(const void *)cell;
    if (cell->flags & TSK_JS_SLICE) {
        tsk_heap_visit(heap, s->owner);
    } else if (cell->flags & TSK_JS_ROPE) {
        tsk_heap_visit(heap, s->left);
        tsk_heap_visit(heap, s->right);
    }
}

static void trace_symbol(tsk_heap *heap, const tsk_heap_cell *cell) {
    tsk_heap_visit(heap, ((const tsk_js_symbol *)(const void *)cell)->description);
}

static void trace_closure(tsk_heap *heap, const tsk_js_object *o) {
    const tsk_js_closure *fn = (const tsk_js_closure *)(const void *)o;
    tsk_heap_visit(heap, fn->home);
    tsk_heap_visit_value(heap, fn->fields);
    tsk_heap_visit_values(heap, fn->captures, fn->count);
}

static void trace_bound(tsk_heap *heap, const tsk_js_object *o) {
    const tsk_js_bound *fn = (const tsk_js_bound *)(const void *)o;
    tsk_heap_visit(heap, fn->target);
    tsk_heap_visit_value(heap, fn->this_value);
    tsk_heap_visit_values(heap, fn->args, fn->count);
}

/* The fields of the object's class. */
static void trace_fields(tsk_heap *heap, const tsk_js_object *o, size_t base) {
    const void *p = o;
    switch (tsk_js_class_of(o)) {
    case TSK_JS_ORDINARY:
    case TSK_JS_ARRAY:
    case TSK_JS_NATIVE:
    case TSK_JS_ARGUMENTS:
    case TSK_JS_GLOBAL: return;
    case TSK_JS_CLOSURE: trace_closure(heap, o); return;
    case TSK_JS_BOUND: trace_bound(heap, o); return;
    case TSK_JS_BOOLEAN:
    case TSK_JS_NUMBER:
    case TSK_JS_STRING_OBJECT:
    case TSK_JS_SYMBOL_OBJECT:
    case TSK_JS_WEAK_REF:
    case TSK_JS_DATE:
        if (base >= sizeof(tsk_js_wrapper)) tsk_heap_visit_value(heap, ((const tsk_js_wrapper *)p)->value);
        return;
    case TSK_JS_MAP:
    case TSK_JS_SET:
    case TSK_JS_WEAK_MAP:
    case TSK_JS_WEAK_SET: tsk_heap_visit(heap, ((const tsk_js_map *)p)->table); return;
    case TSK_JS_ITERATOR:
        tsk_heap_visit_value(heap, ((const tsk_js_iterator *)p)->target);
        tsk_heap_visit_value(heap, ((const tsk_js_iterator *)p)->extra);
        return;
    case TSK_JS_ARRAY_BUFFER: tsk_heap_visit(heap, ((const tsk_js_array_buffer *)p)->buffer); return;
    case TSK_JS_TYPED_ARRAY: tsk_heap_visit(heap, ((const tsk_js_typed_array *)p)->array_buffer); return;
    case TSK_JS_DATA_VIEW: tsk_heap_visit(heap, ((const tsk_js_data_view *)p)->array_buffer); return;
    case TSK_JS_ERROR:
    case TSK_JS_REGEXP:
    case TSK_JS_CLASSES: break;
    }
    /* What the built-in of this class keeps: words that may be cells. */
    tsk_heap_visit_range(heap, o + 1, (const char *)p + base);
}

static void trace_object(tsk_heap *heap, const tsk_heap_cell *cell) {
    const tsk_js_object *o = (const tsk_js_object *)(const void *)cell;
    tsk_heap_visit(heap, o->proto);
    tsk_heap_visit(heap, o->elements);
    const tsk_js_shape *s = layout_of(o);
    if (o->cell.aux != TSK_JS_ORDINARY) trace_fields(heap, o, s->base);
    tsk_heap_visit_values(heap, (const tsk_value *)(const void *)((const char *)o + s->base), s->inline_slots);
}

static void trace_elements(tsk_heap *heap, const tsk_heap_cell *cell) {
    const tsk_js_elements *e = (const tsk_js_elements *)(const void *)cell;
    tsk_heap_visit(heap, e->overflow);
    tsk_heap_visit_values(heap, e->items, cell->flags & TSK_JS_ELEMENTS_SPARSE ? 1 : e->length);
}

static void trace_slots(tsk_heap *heap, const tsk_heap_cell *cell) {
    tsk_heap_visit_values(heap, ((const tsk_js_slots *)(const void *)cell)->values, cell->word);
}

static void trace_accessor(tsk_heap *heap, const tsk_heap_cell *cell) {
    const tsk_js_accessor *a = (const tsk_js_accessor *)(const void *)cell;
    tsk_heap_visit(heap, a->get);
    tsk_heap_visit(heap, a->set);
}

static void trace_box(tsk_heap *heap, const tsk_heap_cell *cell) {
    tsk_heap_visit_value(heap, ((const tsk_js_box *)(const void *)cell)->value);
}

static void trace_iteration(tsk_heap *heap, const tsk_heap_cell *cell) {
    const tsk_js_iteration *it = &((const tsk_js_iteration_cell *)(const void *)cell)->state;
    tsk_heap_visit_value(heap, it->iterator);
    tsk_heap_visit_value(heap, it->next_method);
    tsk_heap_visit(heap, it->array);
}

static size_t stack_size(const tsk_heap_cell *cell) {
    (void)cell;
    return sizeof(tsk_js_stack);
}

static void trace_stack(tsk_heap *heap, const tsk_heap_cell *cell) {
    const tsk_js_stack *stack = (const tsk_js_stack *)(const void *)cell;
    tsk_heap_visit(heap, stack->error);
    tsk_heap_visit(heap, stack->frames);
}

static void trace_words(tsk_heap *heap, const tsk_heap_cell *cell) {
    tsk_heap_visit_range(heap, cell + 1, (const char *)cell + cell->word);
}

const tsk_heap_kind tsk_js_heap_kinds[TSK_JS_KINDS] = {
    [TSK_JS_KIND_STRING] = {"string", string_size, trace_string, NULL, NULL, NULL},
    [TSK_JS_KIND_SYMBOL] = {"symbol", symbol_size, trace_symbol, NULL, NULL, NULL},
    [TSK_JS_KIND_OBJECT] = {"object", object_size, trace_object, NULL, NULL, NULL},
    [TSK_JS_KIND_ELEMENTS] = {"elements", elements_size, trace_elements, NULL, NULL, NULL},
    [TSK_JS_KIND_SLOTS] = {"slots", slots_size, trace_slots, NULL, NULL, NULL},
    [TSK_JS_KIND_DICTIONARY] = {"dictionary", tsk_js_dictionary_size, tsk_js_dictionary_trace, NULL, NULL, NULL},
    [TSK_JS_KIND_ACCESSOR] = {"accessor", accessor_size, trace_accessor, NULL, NULL, NULL},
    [TSK_JS_KIND_BOX] = {"box", box_size, trace_box, NULL, NULL, NULL},
    [TSK_JS_KIND_BUFFER] = {"buffer", buffer_size, NULL, NULL, NULL, NULL},
    [TSK_JS_KIND_TABLE] = {"table", tsk_js_table_size, tsk_js_table_trace, NULL, tsk_js_table_pairs,
                           tsk_js_table_forget},
    [TSK_JS_KIND_ITERATION] = {"iteration", iteration_size, trace_iteration, NULL, NULL, NULL},
    [TSK_JS_KIND_LAZY] = {"stack", stack_size, trace_stack, NULL, NULL, NULL},
    [TSK_JS_KIND_CONTINUATION] = {"continuation", words_size, trace_words, NULL, NULL, NULL},
};
