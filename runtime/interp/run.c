/* One evaluation over both loops, and how it goes on after a wait.
 *
 *   run ─► loop of the frame on top ─┬─ returned, failed: below it is a frame of the other loop, or whoever called
 *            ▲                       ├─ crossing: a frame of the other loop is on top
 *            └───────────────────────┘
 *                                    └─ waiting: back to whoever called, with all frames in place
 *
 * Values are changed where they cross from configurations to functions or back. */
#include "runtime/interp/interp.h"

/* The instruction on top has its result: goes on behind it. */
static void give(tsk_eval *ev, tsk_value v) {
    tsk_frame *f = ev->top;
    f->regs[f->pc->a] = v;
    f->pc += f->pc->op == TSK_OPC_JS_CALL_METHOD ? 2 : 1;
}

/* A part of functions (or, when not, of keys) has ended over a part of the other kind.  False: that one raises. */
static bool hand_over(tsk_eval *ev, bool functions, tsk_left left, tsk_value v) {
    const tsk_interp_host *host = ev->host;
    if (left == TSK_LEFT_FAILED) {
        (functions ? host->exception_to_failure : host->failure_to_exception)(ev);
        return false;
    }
    if (!(functions ? host->from_function : host->to_function)(ev, v, &v)) return false;
    give(ev, v);
    return true;
}

/* Until `below` is on top again. */
static tsk_left drive(tsk_eval *ev, const tsk_frame *below, bool raises, tsk_value *out) {
    for (;;) {
        bool functions = tsk_frame_is_function(ev->top);
        tsk_left left = functions ? tsk_js_loop(ev, raises, out) : tsk_interp_loop(ev, raises, out);
        if (left == TSK_LEFT_WAITING) return left;
        if (left == TSK_LEFT_CROSSING)
            raises = false;
        else if (ev->top == below)
            return left;
        else
            raises = !hand_over(ev, functions, left, *out);
    }
}

tsk_left tsk_interp_run(tsk_eval *ev, tsk_value *out) {
    tsk_frame *frame = ev->top, *below = frame->caller;
    frame->marks |= TSK_FRAME_FIRST;
    if (below) ev->pinned++; /* by the C code that an instruction of it calls */
    tsk_left left = drive(ev, below, false, out);
    if (below) ev->pinned--;
    return left;
}

bool tsk_interp_resume(tsk_eval *ev, const tsk_value *answer, tsk_value *out) {
    bool functions = tsk_frame_is_function(ev->top);
    ev->waiting = false;
    ev->op.wait = NULL;
    bool goes_on = answer && tsk_interp_check_time(ev);
    tsk_value v = goes_on ? *answer : TSK_VALUE_NULL;
    if (!goes_on && functions) ev->host->failure_to_exception(ev);
    if (goes_on && functions) goes_on = ev->host->to_function(ev, v, &v);
    if (goes_on) give(ev, v);
    ev->nested++;
    bool ok = drive(ev, NULL, !goes_on, out) == TSK_LEFT_RETURNED;
    ev->nested--;
    return ok;
}
