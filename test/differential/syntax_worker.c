/* Our side of test/differential/refused.mjs: is a text a script?  One line an answer.
 *
 * A question: u32 of bytes, then the text.  An answer: "taken", "refused MESSAGE", or "unsupported MESSAGE" for what the
 * subset leaves out. */
#include <tusk/tusk.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 20 };

static void answer(const tusk_options *options, const char *text, uint32_t len) {
    tusk_scripts *scripts;
    if (tusk_scripts_new(options, &scripts) != TUSK_OK) exit(2);
    tusk_status status = tusk_scripts_run_text(scripts, "text.js", text, len);
    char *report = tusk_scripts_report(scripts, TUSK_REPORT_TEXT);
    bool unsupported = strstr(report, "error[E0802]"), refused = strstr(report, "error[E0801]");
    if (status == TUSK_OK || !(unsupported || refused)) /* what it does is not asked */
        puts("taken");
    else
        printf("%s %.*s\n", unsupported ? "unsupported" : "refused", (int)strcspn(report, "\n"), report);
    tusk_text_free(report);
    tusk_scripts_free(scripts);
}

int main(void) {
    static char text[MOST];
    tusk_options *options = tusk_options_new();
    tusk_options_limit(options, TUSK_LIMIT_STEPS, 10000);
    uint32_t len;
    while (fread(&len, sizeof len, 1, stdin) == 1) {
        if (len > MOST || fread(text, 1, len, stdin) != len) return 2;
        answer(options, text, len);
    }
    tusk_options_free(options);
    return 0;
}
