/* What the two files of typed arrays share. */
#ifndef TSK_JS_TYPED_ARRAY_H
#define TSK_JS_TYPED_ARRAY_H

#include "runtime/builtins/library.h"
#include "runtime/js/collections.h"

/* The typed array that a method is called on; NULL: thrown. */
tsk_js_typed_array *tsk_js_typed_receiver(tsk_js *js, tsk_value v);
/* An index counted from the end when it is negative, held within 0 to length. */
bool tsk_js_relative_index(tsk_js *js, tsk_value v, uint64_t length, uint64_t otherwise, uint64_t *out);
/* Of the species of `a`.  NULL: thrown. */
tsk_js_typed_array *tsk_js_typed_like(tsk_js *js, tsk_js_typed_array *a, uint64_t length);

/* typed_array_methods.c */
typedef enum tsk_js_typed_search {
    TSK_JS_TYPED_EVERY,
    TSK_JS_TYPED_SOME,
    TSK_JS_TYPED_FIND,
    TSK_JS_TYPED_FIND_INDEX,
    TSK_JS_TYPED_FIND_LAST,
    TSK_JS_TYPED_FIND_LAST_INDEX,
    TSK_JS_TYPED_FOR_EACH
} tsk_js_typed_search;
tsk_value tsk_js_typed_search_with(tsk_js *js, const tsk_js_args *args); /* data: tsk_js_typed_search */
tsk_value tsk_js_typed_reduce(tsk_js *js, const tsk_js_args *args);      /* data: from the right */
tsk_value tsk_js_typed_map(tsk_js *js, const tsk_js_args *args);
tsk_value tsk_js_typed_filter(tsk_js *js, const tsk_js_args *args);
tsk_value tsk_js_typed_index_of(tsk_js *js, const tsk_js_args *args); /* data: 0 includes, 1 indexOf, 2 lastIndexOf */
tsk_value tsk_js_typed_join(tsk_js *js, const tsk_js_args *args);
tsk_value tsk_js_typed_at(tsk_js *js, const tsk_js_args *args);
tsk_value tsk_js_typed_with(tsk_js *js, const tsk_js_args *args);
tsk_value tsk_js_typed_reverse(tsk_js *js, const tsk_js_args *args);  /* data: into a copy */
tsk_value tsk_js_typed_sort(tsk_js *js, const tsk_js_args *args);     /* data: into a copy */
tsk_value tsk_js_typed_iterator(tsk_js *js, const tsk_js_args *args); /* data: TSK_JS_ITERATE_* */

#define TSK_JS_TYPED_METHODS                                                                                           \
    TSK_JS_METHOD_WITH("every", tsk_js_typed_search_with, 1, TSK_JS_TYPED_EVERY),                                      \
        TSK_JS_METHOD_WITH("some", tsk_js_typed_search_with, 1, TSK_JS_TYPED_SOME),                                    \
        TSK_JS_METHOD_WITH("find", tsk_js_typed_search_with, 1, TSK_JS_TYPED_FIND),                                    \
        TSK_JS_METHOD_WITH("findIndex", tsk_js_typed_search_with, 1, TSK_JS_TYPED_FIND_INDEX),                         \
        TSK_JS_METHOD_WITH("findLast", tsk_js_typed_search_with, 1, TSK_JS_TYPED_FIND_LAST),                           \
        TSK_JS_METHOD_WITH("findLastIndex", tsk_js_typed_search_with, 1, TSK_JS_TYPED_FIND_LAST_INDEX),                \
        TSK_JS_METHOD_WITH("forEach", tsk_js_typed_search_with, 1, TSK_JS_TYPED_FOR_EACH),                             \
        TSK_JS_METHOD_WITH("reduce", tsk_js_typed_reduce, 1, 0),                                                       \
        TSK_JS_METHOD_WITH("reduceRight", tsk_js_typed_reduce, 1, 1), TSK_JS_METHOD("map", tsk_js_typed_map, 1),       \
        TSK_JS_METHOD("filter", tsk_js_typed_filter, 1), TSK_JS_METHOD_WITH("includes", tsk_js_typed_index_of, 1, 0),  \
        TSK_JS_METHOD_WITH("indexOf", tsk_js_typed_index_of, 1, 1),                                                    \
        TSK_JS_METHOD_WITH("lastIndexOf", tsk_js_typed_index_of, 1, 2), TSK_JS_METHOD("join", tsk_js_typed_join, 1),   \
        TSK_JS_METHOD("at", tsk_js_typed_at, 1), TSK_JS_METHOD("with", tsk_js_typed_with, 2),                          \
        TSK_JS_METHOD_WITH("reverse", tsk_js_typed_reverse, 0, 0),                                                     \
        TSK_JS_METHOD_WITH("toReversed", tsk_js_typed_reverse, 0, 1),                                                  \
        TSK_JS_METHOD_WITH("sort", tsk_js_typed_sort, 1, 0), TSK_JS_METHOD_WITH("toSorted", tsk_js_typed_sort, 1, 1),  \
        TSK_JS_METHOD_WITH("keys", tsk_js_typed_iterator, 0, TSK_JS_ITERATE_KEYS),                                     \
        TSK_JS_OBJECT_OF("values", TypedArrayProtoValues, TSK_JS_HIDDEN),                                              \
        TSK_JS_METHOD_WITH("entries", tsk_js_typed_iterator, 0, TSK_JS_ITERATE_ENTRIES),                               \
        TSK_JS_OBJECT_OF("@@iterator", TypedArrayProtoValues, TSK_JS_HIDDEN),                                          \
        TSK_JS_METHOD_WITH("toLocaleString", tsk_js_typed_join, 0, 1),                                                 \
        TSK_JS_OBJECT_OF("toString", ArrayProtoToString, TSK_JS_HIDDEN)

#endif
