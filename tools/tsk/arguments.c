/* The command line, understood by the table in commands.def. */
#include "tools/tsk/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const tsk_command tsk_commands[COMMAND_COUNT] = {
#define COMMAND(name, least, most, arguments, summary, details)                                                        \
    {#name, least, most, arguments, summary, details, tsk_command_##name},
#define OPTION(id, letter, name, argument, commands, group, summary)
#include "tools/tsk/commands.def"
#undef COMMAND
#undef OPTION
};

const tsk_option tsk_cli_options[OPTION_COUNT] = {
#define COMMAND(name, least, most, arguments, summary, details)
#define OPTION(id, letter, name, argument, commands, group, summary) {letter, name, argument, commands, group, summary},
#include "tools/tsk/commands.def"
#undef COMMAND
#undef OPTION
};

_Static_assert(COMMAND_COUNT < 32, "tsk_option.commands has one bit for each command");

/* ---- suggestions --------------------------------------------------------------------------------- */

static int edit_distance(const char *a, const char *b) {
    enum { MOST = 32 };
    size_t rows = strlen(a), columns = strlen(b);
    if (rows >= MOST || columns >= MOST) return INT_MAX;
    int row[MOST + 1];
    for (size_t j = 0; j <= columns; j++) row[j] = (int)j;
    for (size_t i = 1; i <= rows; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= columns; j++) {
            int best = diagonal + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[columns];
}

const char *tsk_cli_closest(const char *word, const char *(*name)(int i), int count) {
    const char *closest = NULL;
    int least = (int)strlen(word) / 3 + 2;
    for (int i = 0; i < count; i++) {
        int distance = edit_distance(word, name(i));
        if (distance < least) least = distance, closest = name(i);
    }
    return closest;
}

const char *tsk_cli_command_name(int i) {
    return tsk_commands[i].name;
}

static const char *option_name(int i) {
    return tsk_cli_options[i].name;
}

/* ---- values of options ----------------------------------------------------------------------------- */

/* A number with a suffix: K, M and G in steps of `step`. */
bool tsk_parse_size(const char *text, uint64_t step, uint64_t *out) {
    char *end;
    errno = 0;
    if (*text < '0' || *text > '9') return false;
    unsigned long long n = strtoull(text, &end, 10);
    unsigned power = 0;
    switch (*end) {
    case 'k':
    case 'K': power = 1; break;
    case 'm':
    case 'M': power = 2; break;
    case 'g':
    case 'G': power = 3; break;
    default: break;
    }
    if (power) end++;
    if (power && (*end == 'B' || *end == 'b')) end++;
    if (*end || errno) return false;
    while (power--) {
        if (n > ULLONG_MAX / step) return false;
        n *= step;
    }
    *out = n;
    return true;
}

/* 500ms, 2s, 1m; a bare number is seconds, as in the language. */
bool tsk_parse_duration(const char *text, uint64_t *milliseconds) {
    char *end;
    errno = 0;
    if (*text < '0' || *text > '9') return false;
    unsigned long long n = strtoull(text, &end, 10), unit;
    if (!strcmp(end, "ms"))
        unit = 1;
    else if (!strcmp(end, "s") || !*end)
        unit = 1000;
    else if (!strcmp(end, "m"))
        unit = 60000;
    else
        return false;
    if (errno || n > ULLONG_MAX / unit) return false;
    *milliseconds = n * unit;
    return true;
}

/* Exactly `width` digits. */
static bool digits(const char **text, int width, int *out) {
    int n = 0;
    for (int i = 0; i < width; i++) {
        char c = (*text)[i];
        if (c < '0' || c > '9') return false;
        n = n * 10 + (c - '0');
    }
    *text += width;
    *out = n;
    return true;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
static int64_t days_from_civil(int year, int month, int day) {
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

/* 2026-01-31, 2026-01-31T12:00, 2026-01-31 12:00:30.5, with Z or +01:00; UTC without. */
static bool parse_iso_time(const char *p, int64_t *milliseconds) {
    int year, month, day, hour = 0, minute = 0, second = 0, offset = 0, ms = 0;
    if (!digits(&p, 4, &year) || *p++ != '-' || !digits(&p, 2, &month) || *p++ != '-' || !digits(&p, 2, &day))
        return false;
    if (*p == 'T' || *p == ' ') {
        p++;
        if (!digits(&p, 2, &hour) || *p++ != ':' || !digits(&p, 2, &minute)) return false;
        if (*p == ':') {
            p++;
            if (!digits(&p, 2, &second)) return false;
            if (*p == '.') {
                p++;
                for (int scale = 100; *p >= '0' && *p <= '9'; scale /= 10) ms += (*p++ - '0') * scale;
            }
        }
    }
    if (*p == 'Z') {
        p++;
    } else if (*p == '+' || *p == '-') {
        int sign = *p++ == '-' ? -1 : 1, hours, minutes = 0;
        if (!digits(&p, 2, &hours)) return false;
        if (*p == ':') p++;
        if (*p && !digits(&p, 2, &minutes)) return false;
        offset = sign * (hours * 60 + minutes);
    }
    if (*p || month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return false;
    int64_t minutes = (days_from_civil(year, month, day) * 24 + hour) * 60 + minute - offset;
    *milliseconds = (minutes * 60 + second) * 1000 + ms;
    return true;
}

static bool parse_time(const char *text, int64_t *milliseconds) {
    char *end;
    errno = 0;
    double seconds = strtod(text, &end);
    if (end != text && !*end && !errno && seconds > -1e14 && seconds < 1e14) {
        *milliseconds = (int64_t)(seconds * 1000);
        return true;
    }
    return parse_iso_time(text, milliseconds);
}

/* off, on, always or threshold=N. */
static tusk_status set_jit(tusk_options *options, const char *mode) {
    static const char *const modes[] = {"off", "on", "always"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (!strcmp(mode, modes[i])) return tusk_options_jit(options, (tusk_jit)i, 0);
    uint64_t calls;
    if (strncmp(mode, "threshold=", 10) || !tsk_parse_size(mode + 10, 1000, &calls) || calls > UINT32_MAX)
        return TUSK_USAGE;
    return tusk_options_jit(options, TUSK_JIT_THRESHOLD, (uint32_t)calls);
}

/* ---- options that the library takes ------------------------------------------------------------------ */

static const struct {
    option_id option;
    tusk_limit limit;
    uint64_t step;
} limits[] = {
    {OPTION_MAX_DEPTH, TUSK_LIMIT_DEPTH, 1000},   {OPTION_MAX_SOURCE, TUSK_LIMIT_SOURCE, 1024},
    {OPTION_MAX_STEPS, TUSK_LIMIT_STEPS, 1000},   {OPTION_MAX_MEMORY, TUSK_LIMIT_MEMORY, 1024},
    {OPTION_MAX_ERRORS, TUSK_LIMIT_ERRORS, 1000}, {OPTION_MAX_HEAP, TUSK_LIMIT_HEAP, 1024},
    {OPTION_MAX_CALLS, TUSK_LIMIT_CALLS, 1000},   {OPTION_JIT_MAX_CODE, TUSK_LIMIT_CODE, 1024},
};

static const struct {
    option_id allow, deny;
    tusk_grant grant;
} grants[] = {
    {OPTION_ALLOW_ENV, OPTION_DENY_ENV, TUSK_GRANT_ENV},       {OPTION_ALLOW_READ, OPTION_DENY_READ, TUSK_GRANT_READ},
    {OPTION_ALLOW_WRITE, OPTION_DENY_WRITE, TUSK_GRANT_WRITE}, {OPTION_ALLOW_NET, OPTION_DENY_NET, TUSK_GRANT_NET},
    {OPTION_ALLOW_RUN, OPTION_DENY_RUN, TUSK_GRANT_RUN},
};

enum { GRANTS = sizeof grants / sizeof grants[0], LIMITS = sizeof limits / sizeof limits[0] };

/* Grants one capability, to each of the details in a list separated by commas. */
static tusk_status allow(tsk_cli *cli, tusk_grant grant, char *details) {
    cli->effects |= grant == TUSK_GRANT_WRITE || grant == TUSK_GRANT_NET || grant == TUSK_GRANT_RUN;
    if (!details) return tusk_options_allow(cli->options, grant, NULL);
    tusk_status status = TUSK_OK;
    for (char *comma; status == TUSK_OK && details; details = comma) {
        comma = strchr(details, ',');
        if (comma) *comma++ = '\0';
        if (*details) status = tusk_options_allow(cli->options, grant, details);
    }
    return status;
}

static tusk_status define(tsk_cli *cli, char *text) {
    char *equals = strchr(text, '=');
    if (!equals || equals == text) return TUSK_USAGE;
    *equals = '\0';
    tusk_status status = tusk_options_define(cli->options, text, equals + 1);
    *equals = '=';
    return status;
}

/* Hands an option that concerns the library to it. `value` may be changed. */
/* Codes separated by commas. */
static tusk_status set_codes(tusk_options *options, char *codes, tusk_lint_level level) {
    tusk_status status = TUSK_OK;
    for (char *comma; status == TUSK_OK && codes; codes = comma) {
        comma = strchr(codes, ',');
        if (comma) *comma++ = '\0';
        status = tusk_options_lint(options, codes, level);
    }
    return status;
}

static int apply(tsk_cli *cli, option_id id, char *value) {
    const tsk_option *option = &tsk_cli_options[id];
    tusk_format format;
    if (id == OPTION_FORMAT && cli->command != COMMAND_doc && !tsk_parse_format(value, &format))
        return tsk_usage(cli, "there is no format '%s'; there are: json, yaml, tsk, env, table", value);
    bool codes = id == OPTION_DISABLE || id == OPTION_ERROR;
    bool library = (option->commands & ON(validate)) && option->commands != ON_ALL;
    bool native = (option->commands & ON_NATIVE) == ON_NATIVE && option->commands != ON_ALL;
    if (!library && id != OPTION_KEEP_GOING && !native && !codes) return TUSK_OK; /* concerns the tool only */
    if (!cli->options) cli->options = tusk_options_new();
    if (!cli->options) return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");

    tusk_status status = TUSK_OK;
    uint64_t amount;
    int64_t time;
    for (int i = 0; i < GRANTS; i++) {
        if (id == grants[i].allow || id == OPTION_ALLOW_ALL) status = allow(cli, grants[i].grant, value);
        if (id == grants[i].deny) status = tusk_options_deny(cli->options, grants[i].grant);
    }
    for (int i = 0; i < LIMITS; i++) {
        if (id != limits[i].option) continue;
        status = tsk_parse_size(value, limits[i].step, &amount)
                     ? tusk_options_limit(cli->options, limits[i].limit, amount)
                     : TUSK_USAGE;
    }
    switch (id) {
    case OPTION_MAX_TIME:
        status = tsk_parse_duration(value, &amount) ? tusk_options_limit(cli->options, TUSK_LIMIT_TIME, amount)
                                                    : TUSK_USAGE;
        break;
    case OPTION_JIT:
        status = set_jit(cli->options, value);
        if (status == TUSK_OK && !GIVEN(cli, NO_CODE_CACHE)) tusk_options_code_cache(cli->options, NULL); /* or none */
        break;
    case OPTION_JIT_ONLY: status = tusk_options_jit_only(cli->options, value); break;
    case OPTION_DUMP: status = tusk_options_dump(cli->options, value, cli->value[OPTION_DUMP_DIR]); break;
    case OPTION_STRESS_EXITS:
        status = tsk_parse_size(value, 1, &amount) && amount <= UINT32_MAX
                     ? tusk_options_stress_exits(cli->options, (uint32_t)amount)
                     : TUSK_USAGE;
        break;
    case OPTION_DISABLE: status = set_codes(cli->options, value, TUSK_LINT_OFF); break;
    case OPTION_ERROR: status = set_codes(cli->options, value, TUSK_LINT_ERROR); break;
    case OPTION_STATE_DIR: status = tusk_options_state_directory(cli->options, value); break;
    case OPTION_NOW: status = parse_time(value, &time) ? tusk_options_now(cli->options, time) : TUSK_USAGE; break;
    case OPTION_SCHEMA: status = tusk_options_schema(cli->options, value); break;
    case OPTION_DEFINE: status = define(cli, value); break;
    case OPTION_KEEP_GOING: status = tusk_options_flag(cli->options, TUSK_FLAG_PARTIAL, true); break;
    case OPTION_STRICT: status = tusk_options_flag(cli->options, TUSK_FLAG_STRICT, true); break;
    case OPTION_LENIENT: status = tusk_options_flag(cli->options, TUSK_FLAG_LENIENT, true); break;
    case OPTION_SHOW_SECRETS: status = tusk_options_flag(cli->options, TUSK_FLAG_SHOW_SECRETS, true); break;
    default: break;
    }
    if (status == TUSK_NO_MEMORY) return tsk_fail(cli, status, "out of memory");
    if (status != TUSK_OK)
        return tsk_usage(cli, "--%s does not understand '%s'; it wants %s", option->name, value, option->argument);
    return TUSK_OK;
}

/* ---- the command line ---------------------------------------------------------------------------------- */

static int find_option(const char *name, size_t len) {
    for (int i = 0; i < OPTION_COUNT; i++)
        if (strlen(tsk_cli_options[i].name) == len && !memcmp(tsk_cli_options[i].name, name, len)) return i;
    return -1;
}

static int find_letter(char letter) {
    for (int i = 0; i < OPTION_COUNT; i++)
        if (tsk_cli_options[i].letter == letter) return i;
    return -1;
}

static bool takes_argument(int id) {
    return *tsk_cli_options[id].argument && *tsk_cli_options[id].argument != '[';
}

/* One option with its value, which is NULL when none was attached; `next` is the argument after it. */
typedef struct occurrence {
    int id;
    char *value;
} occurrence;

/* Finds the options in argv[*i].  Long: one; short: one or several letters, of which the last may have a value.
 * Gives their number, or -1 after saying what is wrong. */
static int read_options(tsk_cli *cli, char **argv, int argc, int *i, occurrence *found, int room) {
    char *text = argv[*i];
    int count = 0;
    if (text[1] == '-') {
        char *equals = strchr(text, '=');
        size_t len = equals ? (size_t)(equals - text) - 2 : strlen(text + 2);
        int id = find_option(text + 2, len);
        if (id < 0) {
            char name[64];
            if (len >= sizeof name) len = sizeof name - 1;
            memcpy(name, text + 2, len);
            name[len] = '\0';
            const char *closest = tsk_cli_closest(name, option_name, OPTION_COUNT);
            return tsk_usage(cli, closest ? "there is no option --%s; did you mean --%s?" : "there is no option --%s",
                             name, closest),
                   -1;
        }
        if (equals && !*tsk_cli_options[id].argument)
            return tsk_usage(cli, "--%s takes no value", tsk_cli_options[id].name), -1;
        found[count++] = (occurrence){id, equals ? equals + 1 : NULL};
    } else {
        for (char *letter = text + 1; *letter && count < room; letter++) {
            int id = find_letter(*letter);
            if (id < 0) return tsk_usage(cli, "there is no option -%c", *letter), -1;
            found[count++] = (occurrence){id, NULL};
            if (takes_argument(id) && letter[1]) {
                found[count - 1].value = letter + 1;
                break;
            }
        }
    }
    occurrence *last = &found[count - 1];
    if (takes_argument(last->id) && !last->value) {
        if (*i + 1 >= argc)
            return tsk_usage(cli, "--%s wants %s after it", tsk_cli_options[last->id].name,
                             tsk_cli_options[last->id].argument),
                   -1;
        last->value = argv[++*i];
    }
    return count;
}

static bool find_command(tsk_cli *cli, const char *name) {
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(tsk_commands[i].name, name)) continue;
        cli->command = (command_id)i;
        return true;
    }
    return false;
}

static int unknown_command(tsk_cli *cli, const char *name) {
    const char *closest = tsk_cli_closest(name, tsk_cli_command_name, COMMAND_COUNT);
    if (!strcmp(name, "-") || !access(name, F_OK))
        return tsk_usage(cli, "what about %s? To evaluate it: tsk run %s", name, name);
    return tsk_usage(cli, closest ? "there is no command '%s'; did you mean %s?" : "there is no command '%s'", name,
                     closest);
}

static void choose_colour(tsk_cli *cli) {
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    cli->colour = !GIVEN(cli, JSON) && !(no_colour && *no_colour) && isatty(STDERR_FILENO) &&
                  !(terminal && !strcmp(terminal, "dumb"));
    if (GIVEN(cli, COLOR)) cli->colour = true;
    if (GIVEN(cli, NO_COLOR)) cli->colour = false;
}

/* The options are all read before the first is acted upon, so that errors already know --json and the command. */
int tsk_cli_parse(tsk_cli *cli, int argc, char **argv) {
    enum { ROOM = 8 };
    bool named = false, ended = false;
    cli->command = COMMAND_help;
    cli->arguments = argv;
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--json")) cli->given[OPTION_JSON] = true;

    /* Arguments that are no options move to the front of argv: the place of one is never needed again. */
    int status = TUSK_OK, order_count = 0;
    occurrence found[ROOM], *order = calloc((size_t)argc * ROOM, sizeof *order);
    if (!order) return tsk_fail(cli, TUSK_NO_MEMORY, "out of memory");
    for (int i = 1; i < argc; i++) {
        char *text = argv[i];
        if (!ended && !strcmp(text, "--")) {
            ended = true;
        } else if (!ended && text[0] == '-' && text[1]) {
            int count = read_options(cli, argv, argc, &i, found, ROOM);
            if (count < 0) {
                status = TUSK_USAGE;
                goto done;
            }
            for (int k = 0; k < count; k++) order[order_count++] = found[k];
        } else if (!named) {
            named = true;
            if (!find_command(cli, text)) {
                status = unknown_command(cli, text);
                goto done;
            }
        } else {
            cli->arguments[cli->count++] = text;
        }
    }
    for (int k = 0; k < order_count; k++) cli->given[order[k].id] = true, cli->value[order[k].id] = order[k].value;
    choose_colour(cli);

    if (GIVEN(cli, HELP) || GIVEN(cli, VERSION)) {
        if (GIVEN(cli, HELP) && named && cli->command != COMMAND_help) {
            cli->arguments[0] = (char *)(uintptr_t)tsk_commands[cli->command].name;
            cli->count = 1;
        } else if (!GIVEN(cli, HELP) || !named) {
            cli->count = 0;
        }
        cli->command = GIVEN(cli, HELP) ? COMMAND_help : COMMAND_version;
        goto done;
    }
    if (!named) {
        status = tsk_usage(cli, "what should be done? For example: tsk run app.tsk");
        goto done;
    }
    const tsk_command *command = &tsk_commands[cli->command];
    for (int k = 0; k < order_count && status == TUSK_OK; k++) {
        const tsk_option *option = &tsk_cli_options[order[k].id];
        if (!(option->commands & 1u << cli->command))
            status = tsk_usage(cli, "tsk %s has no option --%s", command->name, option->name);
        else
            status = apply(cli, (option_id)order[k].id, order[k].value);
    }
    if (status == TUSK_OK && !GIVEN(cli, JIT) && (GIVEN(cli, DUMP) || GIVEN(cli, JIT_ONLY)))
        status = tsk_usage(cli, "--%s is about what --jit=MODE compiles", GIVEN(cli, DUMP) ? "dump" : "jit-only");
    if (status == TUSK_OK) tsk_warn_interpreted(cli);
    if (status == TUSK_OK && cli->count < command->least)
        status = tsk_usage(cli, "tsk %s wants %s", command->name, command->arguments);
    if (status == TUSK_OK && command->most >= 0 && cli->count > command->most)
        status = tsk_usage(cli, "tsk %s takes %s; '%s' is too much", command->name,
                           *command->arguments ? command->arguments : "no arguments", cli->arguments[command->most]);
done:
    free(order);
    return status;
}
