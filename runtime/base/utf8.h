/* UTF-8: decoding, checking, counting, and how wide a character is on a terminal.
 *
 * "Valid" is strict: no overlong forms, no surrogates, nothing above U+10FFFF.  Functions that
 * walk over text treat each byte that belongs to no valid sequence as one character. */
#ifndef TSK_UTF8_H
#define TSK_UTF8_H

#include "runtime/base/mem.h"

#define TSK_UTF8_REPLACEMENT 0xFFFDu

/* The length of the sequence at `ptr` (1 to 4) and its code point; 0 when `ptr` starts no valid sequence. */
unsigned tsk_utf8_decode(const char *ptr, const char *end, uint32_t *code);
/* The same, never 0: a stray byte is one U+FFFD. */
unsigned tsk_utf8_next(const char *ptr, const char *end, uint32_t *code);
/* Writes `code`, or U+FFFD when it is not a Unicode scalar value; the number of bytes is returned. */
unsigned tsk_utf8_encode(char out[4], uint32_t code);

/* The number of leading bytes that are ASCII. */
size_t tsk_utf8_ascii_prefix(const char *ptr, size_t len);
/* The number of leading bytes that are valid: `len` for a valid text. */
size_t tsk_utf8_valid_prefix(const char *ptr, size_t len);

/* Characters in a text. */
size_t tsk_utf8_count(const char *ptr, size_t len);
/* The byte where character number `index` starts; `len` when there are not so many. */
size_t tsk_utf8_offset(const char *ptr, size_t len, size_t index);

/* Columns of one character: 2 for East Asian wide and emoji, 0 for combining and zero-width, else 1
 * (control characters too: they are shown as one replacement character). */
unsigned tsk_utf8_width(uint32_t code);
size_t tsk_utf8_columns(const char *ptr, size_t len);
/* Bytes of the longest start of the text that needs at most `columns` columns. */
size_t tsk_utf8_fit(const char *ptr, size_t len, size_t columns);
/* True for what must not reach a terminal raw: control characters and the overrides of text direction. */
bool tsk_utf8_unprintable(uint32_t code);

/* Appends the text as a JSON string, quotes included.  Stray bytes become U+FFFD, a surrogate (as WTF-8
 * keeps it) its \u escape. */
void tsk_utf8_json(tsk_buf *out, const char *ptr, size_t len);

#endif
