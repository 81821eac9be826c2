/* Common ground of every room: compiler attributes and small macros. */
#ifndef TSK_BASE_H
#define TSK_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TSK_LIKELY(x) __builtin_expect(!!(x), 1)
#define TSK_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define TSK_INLINE static inline __attribute__((always_inline))
#define TSK_NOINLINE __attribute__((noinline))
#define TSK_NORETURN __attribute__((noreturn))
#define TSK_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define TSK_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What accessors of values hold to be true: looked at in builds with checked values, where each of them costs a test. */
#ifdef TUSK_CHECKED_VALUES
TSK_NORETURN void tsk_check_failed(const char *what, const char *file, int line);
#define TSK_CHECK(what) (TSK_LIKELY(what) ? (void)0 : tsk_check_failed(#what, __FILE__, __LINE__))
#else
#define TSK_CHECK(what) ((void)0)
#endif

/* A borrowed piece of text; never NUL-terminated by contract. */
typedef struct tsk_slice {
    const char *ptr;
    uint32_t len;
} tsk_slice;

#define TSK_SLICE(literal) ((tsk_slice){(literal), (uint32_t)(sizeof(literal) - 1)})

TSK_INLINE bool tsk_slice_eq(tsk_slice a, tsk_slice b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

TSK_INLINE tsk_slice tsk_slice_cstr(const char *s) {
    return (tsk_slice){s, (uint32_t)strlen(s)};
}

#endif
