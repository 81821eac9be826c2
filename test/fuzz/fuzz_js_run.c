/* Fuzzing scripts from text to what they do: any text ends within its limits, with a reported error or without one.
 * Afterwards the heap is whole, and the same realm gives the right answers to a script that needs no built-in. */
#include "runtime/engine/engine.h"
#include "runtime/js/realm.h"

#include <stdio.h>
#include <stdlib.h>

static const char second[] =
    "{\n"
    "  class P { #n = 1; constructor(o) { this.o = o; } get n() { return this.#n; } add(k) {\n"
    "    this.#n += k; return this; } static of(o) { return new this(o); } }\n"
    "  class Q extends P { add(k) { return super.add(k * 2); } }\n"
    "  const fib = n => n < 2 ? n : fib(n - 1) + fib(n - 2);\n"
    "  let sum = 0, text = '', tries = 0;\n"
    "  for (let i = 0; i < 9; i++) { sum += i * 0.5; text = text + i + (i % 2 ? 'o' : `e`); }\n"
    "  try { try { throw { a: 5 }; } finally { tries++; } } catch ({ a, b = a * 2 }) { tries += b; }\n"
    "  const q = Q.of({ inner: { x: 3 } }).add(4), list = [1, 'b', , null];\n"
    "  const { o: { inner: { x } }, none = 7 } = q;\n"
    "  if (fib(9) !== 34 || sum !== 18 || text !== '0e1o2e3o4e5o6e7o8e' || tries !== 11 ||\n"
    "      q.n !== 9 || x !== 3 || none !== 7 || list[1] !== 'b' || !(2 in list === false) ||\n"
    "      typeof list !== 'object' || (-7 | 0) >>> 28 !== 15 || 1 / -0 !== -1 / 0)\n"
    "    throw 'wrong answers';\n"
    "}\n";

static void swallow(tsk_js *js, const char *text, size_t len) {
    (void)js, (void)text, (void)len;
}

static const tusk_options *options(void) {
    static tusk_options *made;
    if (made) return made;
    if (!freopen("/dev/null", "w", stdout)) abort(); /* print */
    made = tusk_options_new();
    tusk_options_limit(made, TUSK_LIMIT_STEPS, 50000);
    tusk_options_limit(made, TUSK_LIMIT_MEMORY, 64 << 20);
    tusk_options_limit(made, TUSK_LIMIT_HEAP, 16 << 20);
    tusk_options_limit(made, TUSK_LIMIT_TIME, 1000);
    tusk_options_limit(made, TUSK_LIMIT_DEPTH, 200);
    tusk_options_limit(made, TUSK_LIMIT_CALLS, 500);
    tusk_options_now(made, 1769860800000);
    return made;
}

/* What the first script holds on to may leave too little memory for the second one. */
static void check_second(tusk_scripts *scripts) {
    if (tusk_scripts_run_text(scripts, "second.js", second, strlen(second)) == TUSK_OK) return;
    char *report = tusk_scripts_report(scripts, TUSK_REPORT_TEXT), *at = report ? strstr(report, "second.js:") : NULL;
    bool full = !at || strstr(at, "RangeError");
    if (!full) fprintf(stderr, "%s\n", at);
    tusk_text_free(report);
    if (!full) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tusk_scripts *scripts;
    if (tusk_scripts_new(options(), &scripts) != TUSK_OK) return 0;
    tsk_js *js = tsk_scripts_realm(scripts);
    tsk_js_host quiet = *js->host;
    quiet.print = swallow;
    js->host = &quiet;
    tusk_status status = tusk_scripts_run_text(scripts, "fuzz.js", (const char *)data, size);
    tusk_text_free(tusk_scripts_report(scripts, TUSK_REPORT_TEXT | TUSK_REPORT_COLOUR | TUSK_REPORT_WARNINGS));
    if (status != TUSK_NO_MEMORY) {
        tsk_heap_collect(js->heap);
        tsk_heap_verify(js->heap);
        check_second(scripts);
    }
    tusk_scripts_free(scripts);
    return 0;
}
