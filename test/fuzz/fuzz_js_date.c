/* Any text read as a date, narrow and wide; what was read, and any double, written in every style: the ISO form reads
 * back as the same moment. */
#include "runtime/js/date_core.h"

#include <math.h>
#include <stdlib.h>

static void check_time(double t) {
    char out[TSK_JS_DATE_ROOM];
    double f[TSK_JS_DATE_FIELDS];
    t = tsk_js_time_clip(t);
    for (int style = TSK_JS_DATE_ISO; style <= TSK_JS_DATE_LOCALE_TIME; style++)
        if (tsk_js_date_text(t, (tsk_js_date_style)style, out) >= TSK_JS_DATE_ROOM) abort();
    if (isnan(t)) return;
    size_t len = tsk_js_date_text(t, TSK_JS_DATE_ISO, out);
    if (tsk_js_date_parse((tsk_js_units){out, len, false}) != t) abort();
    tsk_js_date_split(t, f);
    if (tsk_js_date_join(f) != t) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    double d;
    check_time(tsk_js_date_parse((tsk_js_units){data, size, false}));
    uint16_t *units = malloc(size + 1);
    memcpy(units, data, size & ~(size_t)1);
    check_time(tsk_js_date_parse((tsk_js_units){units, size / 2, true}));
    free(units);
    if (size < sizeof d) return 0;
    memcpy(&d, data, sizeof d);
    check_time(d);
    tsk_js_date_join((const double[]){d, d, d, d, d, d, d});
    return 0;
}
