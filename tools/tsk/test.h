/* What the parts of `tsk test` share: cmd_test.c finds tests, test_run.c runs them, test_report.c says what came out. */
#ifndef TSK_TOOLS_TEST_H
#define TSK_TOOLS_TEST_H

#include "tools/tsk/cli.h"

typedef enum tsk_test_kind { TEST_CONDITION, TEST_BLOCK, TEST_FUNCTION } tsk_test_kind;

typedef struct tsk_test_case {
    struct tsk_test_case *next;
    char *path;
    tsk_test_kind kind;
    bool has_value, has_expect, has_error, has_call, has_cases;
    bool skipped; /* by --filter */
    bool passed;
    size_t offset; /* of its key in the file */
    unsigned line;
    double milliseconds;
    char *failure; /* text of several lines; NULL: it passed */
} tsk_test_case;

/* A key that is computed, or a function. */
typedef struct tsk_test_covered {
    char *file, *path;
    unsigned line;
    bool function, used;
} tsk_test_covered;

typedef struct tsk_test_file {
    struct tsk_test_file *next;
    char *name;
    tsk_test_case *cases;
} tsk_test_file;

typedef struct tsk_test_run {
    const tsk_cli *cli;
    tsk_test_file *files, **last_file;
    unsigned passed, failed, broken;
    bool coverage;
    tsk_test_covered *covered;
    size_t covered_count, covered_cap;
} tsk_test_run;

char *tsk_test_copy(const char *ptr, size_t len);
char *tsk_test_read(const char *file); /* NULL: it cannot be read */
unsigned tsk_test_line(const char *text, size_t offset);
void tsk_test_free_case(tsk_test_case *t);
void tsk_test_free(tsk_test_run *run);
tsk_test_file *tsk_test_add_file(tsk_test_run *run, const char *name, tsk_test_case *cases);

/* ---- test_run.c ---- */
void tsk_test_execute(tsk_test_run *run, tsk_session *s, const tsk_test_file *file, tsk_test_case *t);
void tsk_test_cover(tsk_test_run *run, const tsk_session *s);

/* ---- test_report.c ---- */
int tsk_test_report(const tsk_test_run *run);

/* Text that grows. */
typedef struct tsk_page {
    char *ptr;
    size_t len, cap;
} tsk_page;
void tsk_page_add(tsk_page *t, const char *ptr, size_t len);
__attribute__((format(printf, 2, 3))) void tsk_page_printf(tsk_page *t, const char *fmt, ...);
/* For tusk_write. */
void tsk_page_sink(void *user, const char *ptr, size_t len);
#endif
