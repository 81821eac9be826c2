/* Functions of ECMAScript in the interpreter: what js_loop.c, js_calls.c and the engine share. */
#ifndef TSK_JS_LOOP_H
#define TSK_JS_LOOP_H

#include "runtime/interp/interp.h"

#include "runtime/js/realm.h"

/* What the engine does for the loop. */
typedef struct tsk_js_loop_host {
    /* Baseline code of a function that has none yet; NULL: thrown. */
    const tsk_bytecode *(*compile)(tsk_eval *ev, tsk_ir_func *func);
    /* An operator of the configuration, `@name(args)`: its value, or TSK_JS_THROWN with an exception or with
     * ev->op.wait set.  NULL: there are none. */
    tsk_value (*operate)(tsk_eval *ev, uint32_t number, tsk_value name, uint32_t count, const tsk_value *args);
    /* What the name of a JS_OUTER stands for; it belongs into js->outer then.  NULL: scripts have none. */
    tsk_value (*outer)(tsk_eval *ev, uint32_t number);
} tsk_js_loop_host;

/* Runs a closure; the host.call of the realm.  TSK_JS_THROWN: the exception is pending, or ev->waiting is set (only at
 * the bottom of the stack of an evaluation that is suspendable). */
tsk_value tsk_js_loop_call(tsk_js *js, tsk_js_closure *fn, tsk_value this_value, tsk_value new_target, uint32_t count,
                           const tsk_value *args);

/* The same with native code, for which there is room. */
TSK_INLINE tsk_value tsk_js_loop_call_native(tsk_eval *ev, const tsk_bytecode *code, tsk_native_fn native,
                                             const tsk_js_closure *fn, tsk_value this_value, const tsk_value *args) {
    tsk_frame *frame = tsk_frame_take(ev, code);
    frame->captures = fn->captures;
    tsk_value *p = frame->regs + code->first_param;
    p[TSK_IR_JS_THIS] = this_value;
    p[TSK_IR_JS_CALLEE] = tsk_js_from_object(fn);
    p[TSK_IR_JS_NEW_TARGET] = TSK_VALUE_UNDEFINED;
    for (uint32_t i = 0; i < code->plain_args; i++) p[TSK_IR_JS_DECLARED + i] = args[i];
    return native(ev, frame);
}

/* A call from an instruction: a frame has been pushed, whose result goes to `dest` of the one below, or *out is the
 * result. */
typedef enum tsk_js_called { TSK_JS_CALLED_FRAME, TSK_JS_CALLED_VALUE, TSK_JS_CALLED_THROWN } tsk_js_called;
tsk_js_called tsk_js_loop_invoke(tsk_eval *ev, const tsk_js_invocation *invocation, uint32_t dest, tsk_value *out);
tsk_js_called tsk_js_loop_construct(tsk_eval *ev, tsk_value callee, tsk_value new_target, uint32_t count,
                                    const tsk_value *args, uint32_t dest, tsk_value *out);

/* The registers of all frames of functions, for the host.roots of the realm.  False: not all, it was too late. */
bool tsk_js_loop_roots(tsk_eval *ev, tsk_heap *heap);

/* A frame for a call of a closure; NULL: thrown. */
tsk_frame *tsk_js_loop_push(tsk_eval *ev, tsk_js_closure *fn, tsk_value this_value, tsk_value new_target,
                            uint32_t count, const tsk_value *args);
tsk_frame *tsk_js_loop_push_new(tsk_eval *ev, tsk_js_closure *fn, tsk_value new_target, uint32_t count,
                                const tsk_value *args);

/* Operations that are calls into C, by opcode (js_calls.c).  TSK_JS_THROWN: thrown.  With another frame on top the result
 * is what that one will give. */
tsk_value tsk_js_operation(tsk_eval *ev, tsk_frame *f, const tsk_insn *pc, const tsk_operands *o);

/* ---- for native code (native.h) ---- */
struct tsk_code_map;
/* The interpreter goes on with this frame, which is on top, until it returns.  TSK_JS_THROWN. */
tsk_value tsk_js_loop_resume(tsk_eval *ev, tsk_frame *frame);
/* The instruction at frame->pc, one with operands in a list: its value.  What it calls is finished. */
tsk_value tsk_js_loop_step(tsk_eval *ev, tsk_frame *frame);
/* An object of the shape of a literal's data slot, whose values are to be stored before anything else is done; NULL: there
 * is no shape yet, or none any more. */
tsk_js_object *tsk_js_loop_literal(tsk_js *js, const void *slot);
/* Calls with the arguments in the list of frame->pc from `first` on. */
tsk_value tsk_js_loop_finish_call(tsk_eval *ev, tsk_frame *frame, tsk_value callee, tsk_value this_value,
                                  uint32_t first);
/* Makes the instructions that take numbers note the kinds of their operands, or stop it. */
void tsk_js_loop_record(tsk_bytecode *code, const struct tsk_code_map *map, bool on);
bool tsk_js_loop_records(const tsk_bytecode *code, uint32_t pc); /* does this one? */
/* Notes the kinds of one instruction's operands; true: there were new ones. */
bool tsk_js_loop_note(const tsk_bytecode *code, const tsk_insn *pc, const tsk_value *regs);

/* The budget of steps is used up: looks at limits, cancellation and the heap.  False: thrown. */
bool tsk_js_loop_poll(tsk_eval *ev);
/* What the library asks its host after work of so many steps (realm.h): may it go on, and only to count them. */
bool tsk_js_loop_worked(tsk_js *js, uint32_t steps);
void tsk_js_loop_spend(tsk_js *js, uint32_t steps);

/* The next value of a for-of, HOLE at the end (js_calls.c). */
tsk_value tsk_js_loop_next(tsk_js *js, tsk_value iteration);

#endif
