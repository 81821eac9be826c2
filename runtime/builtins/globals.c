/* The names of the global object; `globalThis` and `undefined`, which need the realm, are added when it is made. */
#include "runtime/builtins/global_functions.h"
#include "runtime/builtins/library.h"

#define GLOBAL(which) TSK_JS_OBJECT_OF(#which, which, TSK_JS_HIDDEN)

const tsk_js_member tsk_js_global_members[] = {
    TSK_JS_NUMBER_OF("NaN", __builtin_nan("")),
    TSK_JS_NUMBER_OF("Infinity", __builtin_inf()),
    GLOBAL(Object),
    GLOBAL(Function),
    GLOBAL(Array),
    GLOBAL(String),
    GLOBAL(Number),
    GLOBAL(Boolean),
    GLOBAL(Symbol),
    GLOBAL(Error),
    GLOBAL(TypeError),
    GLOBAL(RangeError),
    GLOBAL(ReferenceError),
    GLOBAL(SyntaxError),
    GLOBAL(EvalError),
    GLOBAL(URIError),
    GLOBAL(AggregateError),
    GLOBAL(Map),
    GLOBAL(Set),
    GLOBAL(WeakMap),
    GLOBAL(WeakSet),
    GLOBAL(WeakRef),
    GLOBAL(Date),
    GLOBAL(RegExp),
    GLOBAL(ArrayBuffer),
    GLOBAL(DataView),
#define X(NAME, name, type) GLOBAL(name##Array),
#include "runtime/js/typed_types.def"
#undef X
    GLOBAL(Math),
    GLOBAL(JSON),
    GLOBAL(Reflect),
    TSK_JS_OBJECT_OF("console", Console, TSK_JS_HIDDEN),
    TSK_JS_GLOBAL_FUNCTION_MEMBERS,
};
const uint32_t tsk_js_global_member_count = TSK_COUNT_OF(tsk_js_global_members);
