/* Numerals: text to value and back, exact both ways. */
#ifndef TSK_NUMBER_H
#define TSK_NUMBER_H

#include "runtime/base/value.h"

typedef struct tsk_number {
    bool is_int;
    int64_t i; /* when is_int */
    double d;  /* else */
} tsk_number;

/* The whole text is one numeral of the language; needs no heap. */
bool tsk_number_read(const char *ptr, uint32_t len, tsk_number *out);
/* -1, 0, 1, or 2 when one is NaN; exact also where an integer has no double. */
int tsk_number_compare(tsk_number a, tsk_number b);
/* Parses a complete numeral of the language (decimal, hex, binary, octal, `_`, fraction, exponent, sign). */
bool tsk_number_parse(tsk_arena *heap, const char *ptr, uint32_t len, tsk_value *out);
/* Shortest text that reads back as the same double; "2" for 2.0; at most 32 bytes, the length is returned. */
uint32_t tsk_number_format(char out[32], double d);
uint32_t tsk_number_format_int(char out[32], int64_t i);

/* A double is decided by at most 767 digits and whether anything but zero follows. */
#define TSK_NUMBER_DECISIVE_DIGITS 780
/* 0.DIGITS * 10^point, correctly rounded; `more`: something other than zeros follows after DECISIVE_DIGITS digits. */
double tsk_number_from_digits(const char *digits, uint32_t count, int64_t point, bool more);

#endif
