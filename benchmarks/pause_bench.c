/* How long the collector stops a program, and what repeated calls leave behind.
 *
 *   pause_bench FILE...
 *
 * Runs the scripts in one realm.  Prints, after each of them, a line: pauses (minor collections and steps of full
 * ones), the median, the 99.9th percentile and the longest in microseconds, the bytes live after the last collection
 * and reserved now, and the longest that a pause spent on each part of it, in microseconds (enum tsk_heap_part).
 * Counts go on from one script to the next. */
#include <stdio.h>

#include "runtime/engine/engine.h"
#include "runtime/heap/heap.h"
#include "runtime/js/realm.h"

/* The upper end of the bucket in which the share of pauses is reached. */
static double percentile(const tsk_heap_stats *stats, double share) {
    uint64_t count = 0, below = 0;
    for (int i = 0; i < TSK_HEAP_PAUSES; i++) count += stats->pauses[i];
    for (int i = 0; i < TSK_HEAP_PAUSES; i++) {
        below += stats->pauses[i];
        if (i == TSK_HEAP_PAUSES - 1) break;
        if ((double)below >= share * (double)count) return (i + 1) * (double)TSK_HEAP_PAUSE_STEP / 1e3;
    }
    return (double)stats->longest_pause_ns / 1e3;
}

int main(int argc, char **argv) {
    tusk_scripts *scripts;
    if (tusk_scripts_new(NULL, &scripts) != TUSK_OK) return 1;
    for (int i = 1; i < argc; i++) {
        if (tusk_scripts_run(scripts, argv[i]) != TUSK_OK)
            return fprintf(stderr, "pause_bench: %s failed\n", argv[i]), 1;
        const tsk_heap_stats *stats = tsk_heap_statistics(tsk_scripts_realm(scripts)->heap);
        uint64_t count = 0;
        for (int k = 0; k < TSK_HEAP_PAUSES; k++) count += stats->pauses[k];
        printf("%llu %.0f %.0f %.0f %zu %zu", (unsigned long long)count, percentile(stats, 0.5),
               percentile(stats, 0.999), (double)stats->longest_pause_ns / 1e3, stats->live, stats->reserved);
        for (int k = 0; k < TSK_HEAP_PARTS; k++) printf(" %.0f", (double)stats->longest_part_ns[k] / 1e3);
        printf("\n");
    }
    tusk_scripts_free(scripts);
    return 0;
}
