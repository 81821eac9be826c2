/* Text helpers that several groups of operators use. */
#ifndef TSK_TEXT_H
#define TSK_TEXT_H

#include "runtime/operators/internal.h"

/* Longest text an operator makes. */
#define TSK_TEXT_MAX ((uint64_t)1 << 30)

/* Simple case mapping of Latin, Greek, Cyrillic, Armenian and fullwidth letters; others are themselves. */
uint32_t tsk_case_upper(uint32_t code);
uint32_t tsk_case_lower(uint32_t code);
bool tsk_case_is_letter(uint32_t code);
void tsk_buf_code(tsk_buf *out, uint32_t code);

/* Room for a result of `len` bytes is not refused; fails otherwise. */
bool tsk_text_fits(const tsk_call *call, uint64_t len);
tsk_value tsk_text_replace(tsk_op_context *cx, tsk_slice s, tsk_slice from, tsk_slice to, bool all);
/* A piece of `s` by characters, sharing its bytes. */
tsk_value tsk_text_piece(tsk_op_context *cx, tsk_slice s, uint64_t from, uint64_t count);
/* Half away from zero, as the decimal digits are read. */
double tsk_round_digits(double d, int digits);
/* 1234567.891 with 2 digits: "1,234,567.89" */
void tsk_format_grouped(tsk_buf *out, double d, int digits, tsk_slice point, tsk_slice thousands);

/* validate.c: is the text one of these? */
bool tsk_is_email(tsk_slice s);
bool tsk_is_url(tsk_slice s);
bool tsk_is_uuid(tsk_slice s);
bool tsk_is_phone(tsk_slice s);
bool tsk_is_ip(tsk_slice s);
bool tsk_is_ipv4(tsk_slice s);
bool tsk_is_ipv6(tsk_slice s);
bool tsk_is_hostname(tsk_slice s);

#endif
