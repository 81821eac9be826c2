/* tsk help NAME and tsk help --builtins: the built-in functions, as libtusk describes them. */
#include "tools/tsk/cli.h"

#include <stdio.h>
#include <string.h>

static void put_aliases(const tusk_builtin *b, const char *before, const char *quote) {
    const char *alias;
    for (size_t k = 0; (alias = tusk_builtin_alias(b, k)); k++) {
        tsk_out_text(k ? ", " : before);
        tsk_out_text(quote);
        tsk_out_text(alias);
        tsk_out_text(quote);
    }
}

int tsk_help_builtin(const tusk_builtin *b) {
    tsk_out_text(b->signature);
    tsk_out_text("\n\n  ");
    tsk_out_text(b->summary);
    tsk_out_text("\n");
    if (b->example) {
        tsk_out_text("\n  ");
        tsk_out_text(b->example);
        tsk_out_text("\n  = ");
        tsk_out_text(b->result);
        tsk_out_text("\n");
    }
    if (tusk_builtin_alias(b, 0)) {
        put_aliases(b, "\n  also called ", "");
        tsk_out_text("\n");
    }
    return TUSK_OK;
}

/* A cell of a table: `|` would end it. */
static void put_cell(const char *text) {
    for (; *text; text++) {
        if (*text == '|') tsk_out_text("\\");
        tsk_out(text, 1);
    }
}

static void put_code(const char *text) {
    const char *quote = strchr(text, '`') ? "`` " : "`";
    tsk_out_text(quote);
    put_cell(text);
    tsk_out_text(*quote && quote[1] ? " ``" : "`");
}

static void put_row(const tusk_builtin *b) {
    tsk_out_text("| ");
    put_code(b->signature);
    tsk_out_text(" | ");
    put_cell(b->summary);
    put_aliases(b, " Also ", "`");
    if (tusk_builtin_alias(b, 0)) tsk_out_text(".");
    tsk_out_text(" | ");
    if (b->example) {
        put_code(b->example);
        tsk_out_text(" | ");
        put_code(b->result);
        tsk_out_text(" |\n");
    } else {
        tsk_out_text("| |\n");
    }
}

int tsk_help_builtins(bool markdown) {
    tusk_builtin b;
    const char *group = "";
    if (markdown)
        tsk_out_text(
            "# Built-in functions\n\n"
            "Made from `ir/tables/builtins.def` by `tsk help --builtins --markdown`; a test compares the two, and "
            "evaluates\n"
            "every example: beside the files of `test/builtins/files`, at noon of 31 January 2026, UTC.\n\n"
            "A name is the same in any case, with or without underscores, and with or without `@`: `base64_encode`,\n"
            "`@base64Encode`, `base64.encode`. Where a group has a name, its functions are reached by that too: "
            "`@math.round`,\n"
            "`@array.first`, `@string.upper`, `@object.keys`, `@date.format`, `@file.read`, `@json.parse`, "
            "`@regex.match`,\n"
            "`@validate.email`. Most are methods of their first argument as well: `\"tea\".upper()`. `tsk help upper` "
            "shows one.\n");
    for (size_t i = 0; tusk_builtin_at(i, &b); i++) {
        bool first = strcmp(group, b.group) != 0;
        group = b.group;
        if (first) {
            tsk_out_text(markdown ? "\n## " : i ? "\n" : "");
            tsk_out_text(group);
            tsk_out_text(markdown ? "\n\n| | | example | value |\n|---|---|---|---|\n" : ":\n");
        }
        if (markdown) {
            put_row(&b);
        } else {
            tsk_out_text("  ");
            tsk_out_text(b.signature);
            tsk_out_text("\n");
        }
    }
    return TUSK_OK;
}
