/* What the printer and the parser of the text form agree on. */
#ifndef TSK_IR_TEXT_H
#define TSK_IR_TEXT_H

#include "ir/ir.h"

/* Of constants and trees; below it the printer writes null. */
#define TSK_IR_TEXT_DEPTH 1000

/* How the operands of an operation are written. */
typedef enum tsk_ir_shape_kind {
    TSK_IR_SHAPE_PLAIN,    /* add %1, %2 */
    TSK_IR_SHAPE_VALUE,    /* const "x", tree {...} */
    TSK_IR_SHAPE_INDEX,    /* key 3, capture 0 */
    TSK_IR_SHAPE_CODE,     /* error 302(%1) */
    TSK_IR_SHAPE_CLOSURE,  /* closure @f(%1) */
    TSK_IR_SHAPE_FIELDS,   /* object {"a": %1} */
    TSK_IR_SHAPE_NAME,     /* member %1, "name" */
    TSK_IR_SHAPE_METHOD,   /* method "upper"(%1) */
    TSK_IR_SHAPE_CALL,     /* call %1(%2, %3) */
    TSK_IR_SHAPE_OPERATOR, /* op @hash(%1) */
    TSK_IR_SHAPE_JUMP,     /* jump b1(%2) */
    TSK_IR_SHAPE_BRANCH,   /* branch %1, b1, b2(%3) */
    TSK_IR_SHAPE_WITH      /* js_call "f"(%1, %2): any constant, then arguments */
} tsk_ir_shape_kind;

TSK_INLINE tsk_ir_shape_kind tsk_ir_shape(tsk_ir_op op) {
    switch (op) {
    case TSK_IR_CONST:
    case TSK_IR_TREE: return TSK_IR_SHAPE_VALUE;
    case TSK_IR_CAPTURE:
    case TSK_IR_JS_OUTER:
    case TSK_IR_KEY: return TSK_IR_SHAPE_INDEX;
    case TSK_IR_ERROR:
    case TSK_IR_JS_PRIVATE_ADD:
    case TSK_IR_JS_DEFINE:
    case TSK_IR_JS_SET_NAME:
    case TSK_IR_JS_LOCAL_GET:
    case TSK_IR_JS_LOCAL_SET:
    case TSK_IR_JS_LIBRARY:
    case TSK_IR_JS_ITER_CLOSE: return TSK_IR_SHAPE_CODE;
    case TSK_IR_JS_CLOSURE:
    case TSK_IR_CLOSURE: return TSK_IR_SHAPE_CLOSURE;
    case TSK_IR_JS_OBJECT:
    case TSK_IR_OBJECT: return TSK_IR_SHAPE_FIELDS;
    case TSK_IR_MEMBER: return TSK_IR_SHAPE_NAME;
    case TSK_IR_JS_GET:
    case TSK_IR_JS_SET:
    case TSK_IR_JS_PRIVATE_NAME:
    case TSK_IR_JS_GLOBAL_GET:
    case TSK_IR_JS_GLOBAL_TYPEOF:
    case TSK_IR_JS_GLOBAL_SET:
    case TSK_IR_JS_GLOBAL_DECLARE:
    case TSK_IR_JS_CHECK_TDZ:
    case TSK_IR_JS_THROW_CONST:
    case TSK_IR_JS_CALL_METHOD:
    case TSK_IR_METHOD: return TSK_IR_SHAPE_METHOD;
    case TSK_IR_CALL: return TSK_IR_SHAPE_CALL;
    case TSK_IR_JS_TEMPLATE:
    case TSK_IR_JS_CALL:
    case TSK_IR_JS_CALL_SPREAD:
    case TSK_IR_JS_NEW:
    case TSK_IR_JS_NEW_SPREAD: return TSK_IR_SHAPE_WITH;
    case TSK_IR_JS_OPERATOR:
    case TSK_IR_OP: return TSK_IR_SHAPE_OPERATOR;
    case TSK_IR_JUMP: return TSK_IR_SHAPE_JUMP;
    case TSK_IR_BRANCH: return TSK_IR_SHAPE_BRANCH;
    default: return TSK_IR_SHAPE_PLAIN;
    }
}

/* Characters of a name that needs no quotes. */
TSK_INLINE bool tsk_ir_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '$' || c == '~' || c == '-' || c == '/';
}

bool tsk_ir_plain_name(const char *ptr, size_t len);
/* False: no type has this name. */
bool tsk_ir_type_named(tsk_slice name, unsigned *set);

#endif
