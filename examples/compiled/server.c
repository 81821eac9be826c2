/* A program with a configuration in it: constants and functions have types that the compiler checks, and no file is read. */
#include "prices.h"

#include <inttypes.h>
#include <stdio.h>

static int fail(const struct prices *prices) {
    char *report = prices_report(prices);
    fputs(report, stderr);
    tusk_text_free(report);
    return 1;
}

static tusk_status print(struct prices *prices) {
    const char *text;
    size_t length;
    double total;
    tusk_status status = prices_get_server_url(prices, &text, &length);
    if (status != TUSK_OK) return status;
    printf("%s at %.*s\n", prices_constants.name, (int)length, text);
    for (uint64_t i = 0; i < prices_constants.limits.count; i++) {
        status = prices_call_prices_total(prices, 9.5, prices_constants.limits.items[i], &total);
        if (status != TUSK_OK) return status;
        printf("%" PRId64 " cost %g\n", prices_constants.limits.items[i], total);
    }
    status = prices_call_prices_label(prices, "sold", true, &text, &length);
    if (status == TUSK_OK) printf("%.*s\n", (int)length, text);
    return status;
}

int main(void) {
    struct prices prices;
    tusk_status status = prices_open(&prices, NULL);
    if (status == TUSK_OK) status = print(&prices);
    int result = status == TUSK_OK ? 0 : fail(&prices);
    prices_close(&prices);
    return result;
}
