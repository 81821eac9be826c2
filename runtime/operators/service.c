/* Operators that need something outside of the process.
 *
 * Services are no part of this build, so their operators give one uniform value, {success: false, error: ".."}:
 * a document that names a service still evaluates, and the rest of it is usable.  Calls into other languages are
 * refused: there is no value that could stand for code that did not run. */
#include "runtime/operators/internal.h"

/* As a document writes it: the classes are told from other operators by their capitals. */
static const char *written(uint32_t number) {
    if (number == TSK_OP_QUERY_OBJECT) return "Query";
    if (number == TSK_OP_TUSK_OBJECT) return "TuskObject";
    return tsk_operators[number].name;
}

static bool not_reached(tsk_op_context *cx, uint32_t number, tsk_value *out) {
    const char *error = tsk_arena_printf(cx->heap, "@%s needs a service that this build does not reach",
                                         written(number));
    tsk_object *answer = tsk_object_new(cx->heap, 2);
    tsk_object_put(cx->heap, answer, "success", TSK_VALUE_FALSE);
    tsk_object_put(cx->heap, answer, "error", tsk_str_cstr(cx->heap, error));
    *out = tsk_from_object(answer);
    return true;
}

bool tsk_op_is_service_failure(tsk_value v) {
    if (!tsk_is_object(v)) return false;
    const tsk_entry *success = tsk_object_find(tsk_as_object(v), "success", 7);
    const tsk_entry *error = success ? tsk_object_find(tsk_as_object(v), "error", 5) : NULL;
    return error && tsk_same(success->value, TSK_VALUE_FALSE) && tsk_is_str(error->value);
}

static bool refused(tsk_op_context *cx, uint32_t number, const char *language) {
    tsk_op_fail(cx, TSK_E_FOREIGN_CALL, "%s: a configuration does not call %s", tsk_operators[number].name, language);
    return tsk_op_hint(cx, "write it with operators, or compute it outside and pass it in: -D key=value");
}

#define F(number, name, language)                                                                                      \
    bool tsk_op_foreign_##number(tsk_op_context *cx, const tsk_value *args __attribute__((unused)),                    \
                                 uint32_t count __attribute__((unused)), tsk_value *out __attribute__((unused))) {     \
        return refused(cx, TSK_OP_##number, language);                                                                 \
    }
#define S(number, name, what)                                                                                          \
    bool tsk_op_service_##number(tsk_op_context *cx, const tsk_value *args __attribute__((unused)),                    \
                                 uint32_t count __attribute__((unused)), tsk_value *out) {                             \
        return not_reached(cx, TSK_OP_##number, out);                                                                  \
    }
#include "ir/tables/services.def"
#undef F
#undef S
