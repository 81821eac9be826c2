/* tsk parse: the data of a configuration, its source form, or its syntax tree. */
#include "tools/tsk/cli.h"

#include <string.h>

/* {"cron": ["0 * * * *"], "api": [""]}: the arguments of each directive, in source order.  Files have a handful of
 * directives, so looking for the first of each name again and again is no loss. */
static void print_directives(const tusk_program *program) {
    const char *name, *argument, *other, *other_argument;
    size_t name_len, argument_len, other_len, other_argument_len;
    const char *separator = "\n    ";
    tsk_out_text("{");
    for (size_t i = 0; tusk_program_directive(program, i, &name, &name_len, &argument, &argument_len); i++) {
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++) {
            if (!tusk_program_directive(program, k, &other, &other_len, &other_argument, &other_argument_len)) break;
            seen = other_len == name_len && !memcmp(other, name, name_len);
        }
        if (seen) continue;
        tsk_out_text(separator);
        separator = ",\n    ";
        tsk_out_json(name, name_len);
        tsk_out_text(": [");
        tsk_out_json(argument, argument_len);
        for (size_t k = i + 1;
             tusk_program_directive(program, k, &other, &other_len, &other_argument, &other_argument_len); k++) {
            if (other_len != name_len || memcmp(other, name, name_len)) continue;
            tsk_out_text(", ");
            tsk_out_json(other_argument, other_argument_len);
        }
        tsk_out_text("]");
    }
    tsk_out_text(*separator == ',' ? "\n  }" : "}");
}

/* *partial is the status of what failed while the rest was printed. */
static tusk_status print_data(const tsk_cli *cli, tsk_session *s, tusk_status *partial,
                              void (*sink)(void *user, const char *ptr, size_t len)) {
    int indent = GIVEN(cli, COMPACT) ? 0 : 2;
    tusk_value value;
    if (GIVEN(cli, RAW)) return tusk_write_raw(s->program, TUSK_FORMAT_JSON, indent, sink, NULL);
    tusk_status status = tusk_evaluate(s->context, !cli->effects);
    if (status != TUSK_OK && GIVEN(cli, KEEP_GOING)) {
        tsk_fail_context(cli, s->context, status);
        *partial = status;
        status = TUSK_OK;
    }
    if (status == TUSK_OK) status = tusk_get(s->context, "", &value);
    return status == TUSK_OK ? tusk_write(s->context, value, TUSK_FORMAT_JSON, indent, sink, NULL) : status;
}

static int print_ast(const tsk_cli *cli, tsk_session *s) {
    char *text = NULL;
    tusk_status status = tusk_dump_ast(s->program, NULL, &text);
    if (status != TUSK_OK) return tsk_fail_program(cli, s->program, status);
    tsk_out_text(text);
    tusk_text_free(text);
    return TUSK_OK;
}

int tsk_command_parse(tsk_cli *cli) {
    tsk_session s;
    int result = tsk_session_open(cli, cli->arguments[0], &s);
    if (result != TUSK_OK) return result;
    if (GIVEN(cli, AST)) {
        result = print_ast(cli, &s);
    } else {
        if (GIVEN(cli, JSON)) tsk_out_text("{\n  \"data\": ");
        tusk_status partial = TUSK_OK;
        tusk_status status = print_data(cli, &s, &partial, GIVEN(cli, JSON) ? tsk_out_sink_indented : tsk_out_sink);
        if (status != TUSK_OK) {
            tsk_out_discard();
            result = tsk_fail_context(cli, s.context, status);
        } else if (GIVEN(cli, JSON)) {
            tsk_out_text(",\n  \"directives\": ");
            print_directives(s.program);
            tsk_out_text("\n}\n");
        } else {
            tsk_out_newline();
        }
        if (result == TUSK_OK) result = (int)partial;
    }
    tsk_session_close(&s);
    return result;
}
