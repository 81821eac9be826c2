/* Functions that are names of the global object: globals.c lists them, Number shares some. */
#ifndef TSK_JS_GLOBAL_FUNCTIONS_H
#define TSK_JS_GLOBAL_FUNCTIONS_H

#include "runtime/builtins/library.h"

/* global_functions.c */
tsk_value tsk_js_global_parse_int(tsk_js *js, const tsk_js_args *a);   /* also Number.parseInt */
tsk_value tsk_js_global_parse_float(tsk_js *js, const tsk_js_args *a); /* also Number.parseFloat */
tsk_value tsk_js_global_is_nan(tsk_js *js, const tsk_js_args *a);
tsk_value tsk_js_global_is_finite(tsk_js *js, const tsk_js_args *a);

/* uri.c */
tsk_value tsk_js_encode_uri(tsk_js *js, const tsk_js_args *a);
tsk_value tsk_js_encode_uri_component(tsk_js *js, const tsk_js_args *a);
tsk_value tsk_js_decode_uri(tsk_js *js, const tsk_js_args *a);
tsk_value tsk_js_decode_uri_component(tsk_js *js, const tsk_js_args *a);
tsk_value tsk_js_escape(tsk_js *js, const tsk_js_args *a);
tsk_value tsk_js_unescape(tsk_js *js, const tsk_js_args *a);

/* structured_clone.c */
tsk_value tsk_js_structured_clone(tsk_js *js, const tsk_js_args *a);

/* The members of the global object that these are: for the table in globals.c. */
#define TSK_JS_GLOBAL_FUNCTION_MEMBERS                                                                                 \
    TSK_JS_OBJECT_OF("parseInt", ParseInt, TSK_JS_HIDDEN), TSK_JS_OBJECT_OF("parseFloat", ParseFloat, TSK_JS_HIDDEN),  \
        TSK_JS_METHOD("isNaN", tsk_js_global_is_nan, 1), TSK_JS_METHOD("isFinite", tsk_js_global_is_finite, 1),        \
        TSK_JS_METHOD("encodeURI", tsk_js_encode_uri, 1),                                                              \
        TSK_JS_METHOD("encodeURIComponent", tsk_js_encode_uri_component, 1),                                           \
        TSK_JS_METHOD("decodeURI", tsk_js_decode_uri, 1),                                                              \
        TSK_JS_METHOD("decodeURIComponent", tsk_js_decode_uri_component, 1),                                           \
        TSK_JS_METHOD("escape", tsk_js_escape, 1), TSK_JS_METHOD("unescape", tsk_js_unescape, 1),                      \
        TSK_JS_METHOD("structuredClone", tsk_js_structured_clone, 1)

#endif
