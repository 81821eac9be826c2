/* Regular expressions.  test/differential/regex.mjs compares many more patterns with Node. */
#include "runtime/regex/regex.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* "E offset message", "N", "L", or the groups: "0-3 1-2 -". */
static const char *ask(tsk_re_text pattern, const char *flag_letters, tsk_re_text text, uint32_t start,
                       uint64_t steps) {
    static char out[512];
    tsk_arena arena;
    tsk_trap trap;
    tsk_re_error error;
    unsigned flags;
    tsk_arena_init(&arena, &tsk_allocator_default, 0);
    arena.trap = &trap;
    if (setjmp(trap.jump)) return "no memory";
    cr_assert(tsk_re_flags((tsk_re_text){flag_letters, (uint32_t)strlen(flag_letters), false}, &flags));
    const tsk_re_program *p = tsk_re_compile(&arena, &arena, pattern, flags, &error);
    if (!p) {
        snprintf(out, sizeof out, "E %u %s", error.offset, error.message);
    } else {
        tsk_re_machine m;
        uint32_t captures[64];
        cr_assert_leq(tsk_re_group_count(p), 32);
        tsk_re_machine_init(&m, &tsk_allocator_default);
        m.step_limit = steps;
        tsk_re_result r = tsk_re_exec(p, &m, text, start, captures);
        tsk_re_machine_free(&m);
        size_t len = 0;
        snprintf(out, sizeof out, "%c", "NMLL"[r]);
        for (uint32_t i = 0; r == TSK_RE_MATCH && i < tsk_re_group_count(p); i++) {
            const char *space = i ? " " : "";
            len += (size_t)(captures[2 * i] == TSK_RE_NONE ? snprintf(out + len, sizeof out - len, "%s-", space)
                                                           : snprintf(out + len, sizeof out - len, "%s%u-%u", space,
                                                                      captures[2 * i], captures[2 * i + 1]));
        }
    }
    tsk_arena_free(&arena);
    return out;
}

static tsk_re_text latin(const char *s) {
    return (tsk_re_text){s, (uint32_t)strlen(s), false};
}
static tsk_re_text wide(const uint16_t *s) {
    uint32_t n = 0;
    while (s[n]) n++;
    return (tsk_re_text){s, n, true};
}

#define FINDS(pattern, flags, text, want)                                                                              \
    do {                                                                                                               \
        const char *got = ask(latin(pattern), flags, latin(text), 0, 100000);                                          \
        cr_expect_str_eq(got, want, "/%s/%s on %s: %s, not %s", pattern, flags, text, got, want);                      \
    } while (0)
#define FINDS_WIDE(pattern, flags, text, want)                                                                         \
    do {                                                                                                               \
        const char *got = ask(wide(pattern), flags, wide(text), 0, 100000);                                            \
        cr_expect_str_eq(got, want, "%d: %s, not %s", __LINE__, got, want);                                            \
    } while (0)

Test(regex, plain) {
    FINDS("b+", "", "abbc", "1-3");
    FINDS("b+?", "", "abbc", "1-2");
    FINDS("a|ab", "", "abc", "0-1");
    FINDS("x", "", "abc", "N");
    FINDS("(a)|(b)", "", "b", "0-1 - 0-1");
    FINDS("^b", "", "a\nb", "N");
    FINDS("^b$", "m", "a\nb\nc", "2-3");
    FINDS("a.b", "", "a\nb", "N");
    FINDS("a.b", "s", "a\nb", "0-3");
    FINDS("\\bfoo\\b", "", "afoo foo", "5-8");
    FINDS("[^a-c]+", "", "abcxyz", "3-6");
    FINDS("a{2,3}", "", "aaaa", "0-3");
}

/* What other dialects do differently. */
Test(regex, as_the_standard_says) {
    FINDS("(z)((a+)?(b+)?(c))*", "", "zaacbbbcac", "0-10 0-1 8-10 8-9 - 9-10"); /* captures of a round are forgotten */
    FINDS("(?=(a+))a*b\\1", "", "baaabac", "3-6 3-4");
    FINDS("(.*?)a(?!(a+)b\\2c)\\2(.*)", "", "baaabaac", "0-8 0-2 - 3-8");
    FINDS("(?:a*?)*?$", "", "aab", "3-3");
    FINDS("(a*)*", "", "b", "0-0 -"); /* an empty round is no round */
    FINDS("(?:){3}(a)", "", "a", "0-1 0-1");
    FINDS("(?<=(\\d+)(\\d+))$", "", "1053", "4-4 0-1 1-4"); /* read backwards: the right group is greedy first */
    FINDS("(?<=\\1(a))b", "", "aab", "2-3 1-2");
    FINDS("\\1(a)", "", "aa", "0-1 0-1");
    FINDS("(?<a>x)|(?<a>y)\\k<a>", "", "yy", "0-2 - 0-1");
}

Test(regex, case_is_ignored) {
    FINDS("[^x]", "i", "X", "N");
    FINDS("STRASSE", "i", "strasse", "0-7");
    FINDS("\xB5", "i", "\xB5", "0-1");
    FINDS("(a)\\1", "i", "aA", "0-2 0-1");
    FINDS_WIDE(u"[a-z]", "i", u"\u212a", "N");
    FINDS_WIDE(u"[a-z]", "iu", u"\u212a", "0-1");
    FINDS_WIDE(u"\\w", "iu", u"\u017f", "0-1");
    FINDS_WIDE(u"\u03c3", "i", u"\u03c2", "0-1");
    FINDS_WIDE(u"\U00010400", "iu", u"\U00010428", "0-2");
    FINDS_WIDE(u"\\P{Lu}", "iv", u"A", "N"); /* folded before the complement, with u after it */
    FINDS_WIDE(u"\\P{Lu}", "iu", u"A", "0-1");
}

Test(regex, code_points) {
    FINDS_WIDE(u".", "", u"\U0001f600", "0-1");
    FINDS_WIDE(u"^.$", "u", u"\U0001f600", "0-2");
    FINDS_WIDE(u"\\ud83d", "u", u"\U0001f600", "N");
    FINDS_WIDE(u"\\ud83d", "", u"\U0001f600", "0-1");
    FINDS_WIDE(u"(?<=\\u{1f600})a", "u", u"\U0001f600a", "2-3");
    FINDS_WIDE(u"\\p{Script=Greek}+", "u", u"a\u03b1\u03b2b", "1-3");
    FINDS_WIDE(u"\\p{scx=Deva}", "u", u"\u0951", "0-1");
    FINDS_WIDE(u"\\p{Emoji_Presentation}", "u", u"\U0001f600", "0-2");
    cr_expect_str_eq(ask(wide(u"\\u{1f600}"), "uy", wide(u"\U0001f600"), 1, 0), "0-2"); /* the pair around the start */
}

Test(regex, sets) {
    FINDS("[\\w--[a-y]]+", "v", "abcz1", "3-5");
    FINDS("[[a-m]&&[k-z]]", "v", "azk", "2-3");
    FINDS("[\\q{a|abc|ab}]", "v", "abcd", "0-3");
    FINDS("[\\q{KS}x]", "iv", "aks", "1-3");
    FINDS("[^\\q{ab}]", "v", "a", "E 9 Negated character class may contain strings");
    FINDS("[a--b&&c]", "v", "a", "E 5 Invalid set operation in character class");
}

Test(regex, web_syntax) {
    FINDS("\\101\\-]{", "", "A-]{", "0-4");
    FINDS("a{,2}", "", "a{,2}", "0-5");
    FINDS("[\\w-a]+", "", "x-", "0-2");
    FINDS("\\c", "", "\\c", "0-2");
    FINDS("(?=a)*b", "", "b", "0-1");
    FINDS("\\k", "", "k", "0-1");
}

Test(regex, errors) {
    FINDS("(", "", "", "E 1 Unterminated group");
    FINDS("a)", "", "", "E 1 Unmatched ')'");
    FINDS("a**", "", "", "E 2 Nothing to repeat");
    FINDS("[a", "", "", "E 2 Unterminated character class");
    FINDS("[b-a]", "", "", "E 4 Range out of order in character class");
    FINDS("a{2,1}", "", "", "E 6 numbers out of order in {} quantifier");
    FINDS("(?<a>)(?<a>)", "", "", "E 11 Duplicate capture group name");
    FINDS("\\k<b>(?<a>)", "", "", "E 5 Invalid named capture referenced");
    FINDS("\\-", "u", "", "E 2 Invalid escape");
    FINDS("\\p{Foo}", "u", "", "E 6 Invalid property name");
    FINDS("\\", "", "", "E 1 \\ at end of pattern");
    unsigned flags;
    cr_expect_not(tsk_re_flags(latin("gg"), &flags));
    cr_expect_not(tsk_re_flags(latin("uv"), &flags));
    cr_expect_not(tsk_re_flags(latin("x"), &flags));
}

Test(regex, limits) {
    cr_expect_str_eq(ask(latin("(a+)+b"), "", latin("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"), 0, 100000), "L");
    cr_expect_str_eq(ask(latin("(?:){4000000000}"), "", latin("a"), 0, 100000), "L");
    static char deep[8001];
    memset(deep, '(', 4000);
    memset(deep + 4000, ')', 4000);
    FINDS(deep, "", "", "E 1000 Regular expression too large");
    static char text[4000001]; /* a long run must not need memory for each character of it */
    memset(text, 'a', sizeof text - 1);
    cr_expect_str_eq(ask(latin("a*a"), "", latin(text), 0, 0), "0-4000000");
    cr_expect_str_eq(ask(latin("(?:a|b)*$"), "", latin(text + 3600000), 0, 0), "0-400000");
    cr_expect_str_eq(ask(latin("(?:a|b)*$"), "", latin(text), 0, 0), "L", "the stack has a limit");
}
