/* What the two files of the parser share. */
#ifndef TSK_IR_PARSE_H
#define TSK_IR_PARSE_H

#include "ir/text.h"

/* A block or value of the function being read, by the number it has in the text. */
typedef struct tsk_ir_cell {
    const tsk_ir_func *owner; /* cells of earlier functions are free */
    void *ptr;                /* tsk_ir_block or tsk_ir_inst */
    const char *at;           /* of the first mention */
    bool defined;
} tsk_ir_cell;

typedef struct tsk_ir_cells {
    tsk_ir_cell *list;
    uint32_t cap;
    uint32_t open; /* mentioned and not yet defined */
} tsk_ir_cells;

typedef struct tsk_ir_parser {
    tsk_arena *arena, *scratch;
    const tsk_source *source;
    const char *p, *end;
    tsk_diags *diags;
    bool failed;
    const tsk_ir_env *env;
    tsk_ir_module *module;
    tsk_object *functions; /* by name, as pointers */
    tsk_ir_func *func;
    tsk_ir_cells blocks, values;
    uint32_t max_number;
    tsk_ir_inst **args; /* operands of the instruction being read */
    uint32_t arg_count, arg_cap;
} tsk_ir_parser;

/* Reports the first failure; returns false. */
bool tsk_ir_parse_fail(tsk_ir_parser *ps, const char *at, const char *fmt, ...) TSK_PRINTF(3, 4);
bool tsk_ir_accept(tsk_ir_parser *ps, char c);
bool tsk_ir_expect(tsk_ir_parser *ps, char c);
bool tsk_ir_parse_number(tsk_ir_parser *ps, uint64_t max, uint64_t *out);
bool tsk_ir_parse_name(tsk_ir_parser *ps, tsk_slice *out);
bool tsk_ir_parse_function(tsk_ir_parser *ps, tsk_ir_func **out);

/* ---- parse_value.c ---- */
/* At a quote; the text is in the module's arena. */
bool tsk_ir_parse_string(tsk_ir_parser *ps, tsk_slice *out);
/* JSON, and: undefined, inf, nan, 1.0 apart from 1, functions by name, in trees also key(3). */
bool tsk_ir_parse_value(tsk_ir_parser *ps, bool keys, tsk_value *out);

#endif
