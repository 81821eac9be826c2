/* What the readers share, and nobody else uses. */
#ifndef TSK_FORMATS_INTERNAL_H
#define TSK_FORMATS_INTERNAL_H

#include "runtime/base/number.h"
#include "runtime/base/utf8.h"
#include "runtime/formats/formats.h"

typedef struct tsk_reader {
    tsk_arena *arena;
    const char *text, *p, *end;
    tsk_read_problem *problem;
    tsk_read_options options;
    uint32_t depth;
} tsk_reader;

/* Both return false. */
bool tsk_read_fail(tsk_reader *r, const char *at, const char *fmt, ...) TSK_PRINTF(3, 4);
bool tsk_read_hint(tsk_reader *r, const char *fmt, ...) TSK_PRINTF(2, 3);
/* One level deeper; false at the limit. */
bool tsk_read_enter(tsk_reader *r);

/* The byte `ahead` of the cursor; 0 at the end. */
TSK_INLINE char tsk_read_at(const tsk_reader *r, size_t ahead) {
    return ahead < (size_t)(r->end - r->p) ? r->p[ahead] : 0;
}
TSK_INLINE bool tsk_read_blank(char c) {
    return c == ' ' || c == '\t';
}
TSK_INLINE bool tsk_read_break(char c) {
    return c == '\n' || c == '\r';
}
TSK_INLINE bool tsk_read_digit(char c) {
    return c >= '0' && c <= '9';
}
/* -1: none */
TSK_INLINE int tsk_read_hex(char c) {
    return tsk_read_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}
TSK_INLINE tsk_slice tsk_read_slice(const char *from, const char *to) {
    return (tsk_slice){from, (uint32_t)(to - from)};
}
TSK_INLINE tsk_value tsk_read_text(tsk_reader *r, tsk_slice s) {
    return tsk_str_borrow(r->arena, s.len ? s.ptr : "", s.len);
}
/* What the buffer holds, without the room behind it. */
tsk_slice tsk_read_taken(tsk_buf *buf);
/* Reads exactly `digits` hexadecimal digits at the cursor; false: there are not so many. */
bool tsk_read_code(tsk_reader *r, unsigned digits, uint32_t *code);
/* Appends a character; false when it is none that UTF-8 can hold. */
bool tsk_read_add_code(tsk_buf *out, uint32_t code);
/* The first byte that text files do not hold (control characters but tabs and line ends); NULL: there is none. */
const char *tsk_read_control(const char *p, const char *end);

bool tsk_read_yaml(tsk_reader *r, tsk_value *out);
bool tsk_read_toml(tsk_reader *r, tsk_value *out);
bool tsk_read_csv(tsk_reader *r, tsk_value *out);
bool tsk_read_ini(tsk_reader *r, tsk_value *out);
bool tsk_read_xml(tsk_reader *r, tsk_value *out);
bool tsk_read_env(tsk_reader *r, tsk_value *out);

#endif
