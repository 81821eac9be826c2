/* tsk completion: scripts for shells, made from commands.def, and what those scripts ask.
 *
 * What may stand at a place follows from the arguments in the table: FILE and DIR are names of files, KEY and FUNCTION keys of
 * the file before them, small words between bars are themselves.  An optional argument may be left out, so the one
 * behind it may stand there too. */
#include "tools/tsk/cli.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- what may stand where ---- */

typedef struct place {
    bool files, keys, commands;
    char words[160]; /* with a blank between */
} place;

static void add_token(place *p, const char *token, size_t len) {
    char name[96];
    snprintf(name, sizeof name, "%.*s", (int)len, token);
    for (char *word = strtok(name, "|"); word; word = strtok(NULL, "|")) {
        p->files |= strstr(word, "FILE") || strstr(word, "DIR") || strstr(word, "PATH");
        p->commands |= !strcmp(word, "COMMAND");
        /* Behind COMMAND, a FUNCTION is a built-in one, of which there are too many. */
        p->keys |= !strcmp(word, "KEY") || (!strcmp(word, "FUNCTION") && !p->commands);
        if (!islower((unsigned char)*word)) continue;
        size_t used = strlen(p->words);
        snprintf(p->words + used, sizeof p->words - used, "%s%s", used ? " " : "", word);
    }
}

/* The `number`-th argument of the text "[FILE] KEY...". */
static place place_of(const char *arguments, int number) {
    place p = {0};
    int at = 0;
    for (const char *token = arguments; *token;) {
        size_t whole = strcspn(token, " "), len = whole;
        const char *name = token + (*token == '[');
        bool optional = name > token, repeats = memmem(token, whole, "...", 3) != NULL;
        len = strcspn(name, " ].");
        if (at >= number || repeats) {
            add_token(&p, name, len);
            if (!optional || repeats) return p;
        }
        at++;
        token += whole + strspn(token + whole, " ");
    }
    return p;
}

enum { PLACES = 3 };

static void out(const char *text) {
    tsk_out_text(text);
}

static void out_each(const char *before, bool (*wanted)(int command, int option), int command, bool both) {
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!wanted(command, i)) continue;
        out(before);
        out("--");
        out(tsk_cli_options[i].name);
        if (both && tsk_cli_options[i].letter) tsk_out((char[]){' ', '-', tsk_cli_options[i].letter}, 3);
    }
}

static bool has_option(int command, int option) {
    return tsk_cli_options[option].commands >> command & 1;
}

static bool takes_value(int option) {
    return *tsk_cli_options[option].argument && *tsk_cli_options[option].argument != '[';
}

/* Words for the value of an option; NULL: none that are known. */
static const char *values_of(int option) {
    switch (option) {
    case OPTION_FORMAT: return "json yaml tsk env table";
    case OPTION_JIT: return "off on always threshold=";
    default: return NULL;
    }
}

static bool is_path(int option) {
    const char *argument = tsk_cli_options[option].argument;
    return strstr(argument, "PATH") || strstr(argument, "FILE") || strstr(argument, "DIR");
}

/* ---- bash ---- */

static const char bash_head[] =
    "# Completion of tsk for bash, made by `tsk completion bash`.\n"
    "_tsk() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} command= file= place=-1 skip= i word\n"
    "    local files= keys= words=\n"
    "    COMPREPLY=()\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if [[ -n $skip ]]; then skip=; continue; fi\n"
    "        case $word in\n"
    "            --*) _tsk_takes_value \"$word\" && skip=1 ;;\n"
    "            -?*) ;;\n"
    "            *) if [[ -z $command ]]; then command=$word; else file=${file:-$word}; fi; ((++place)) ;;\n"
    "        esac\n"
    "    done\n";

static const char bash_middle[] = "    if [[ -n $skip ]]; then\n"
                                  "        case ${COMP_WORDS[COMP_CWORD - 1]} in\n";

static const char bash_tail[] =
    "    esac\n"
    "    if [[ $cur == -* ]]; then\n"
    "        COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
    "        return\n"
    "    fi\n"
    "    [[ -n $words ]] && COMPREPLY+=($(compgen -W \"$words\" -- \"$cur\"))\n"
    "    if [[ -n $keys ]]; then\n"
    "        local IFS=$'\\n'\n"
    "        COMPREPLY+=($(\"${COMP_WORDS[0]}\" completion keys \"$cur\" ${file:+\"$file\"} 2>/dev/null))\n"
    "    fi\n"
    "    if [[ -n $files ]]; then\n"
    "        local IFS=$'\\n'\n"
    "        COMPREPLY+=($(compgen -f -- \"$cur\"))\n"
    "        compopt -o filenames 2>/dev/null\n"
    "    fi\n"
    "}\n"
    "complete -F _tsk tsk\n";

static void bash_values(void) {
    out("_tsk_takes_value() {\n    case $1 in\n        ");
    const char *bar = "";
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!takes_value(i)) continue;
        out(bar), out("--"), out(tsk_cli_options[i].name);
        bar = " | ";
    }
    out(") return 0 ;;\n    esac\n    return 1\n}\n\n");
}

static void bash_place(const place *p, int number) {
    char line[320];
    if (!p->files && !p->keys && !p->commands && !*p->words) return;
    snprintf(line, sizeof line, "                %d)", number);
    out(line);
    if (p->files) out(" files=1");
    if (p->keys) out(" keys=1");
    if (*p->words) out(" words='"), out(p->words), out("'");
    if (p->commands) out(" words=$commands");
    out(" ;;\n");
}

static void put_command_names(void) {
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (i) out(" ");
        out(tsk_commands[i].name);
    }
}

static void bash(void) {
    bash_values();
    out(bash_head);
    out("    local options= commands='");
    put_command_names();
    out("'\n");
    out(bash_middle);
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!takes_value(i) || (!values_of(i) && !is_path(i))) continue;
        out("            --"), out(tsk_cli_options[i].name);
        if (values_of(i))
            out(") COMPREPLY=($(compgen -W '"), out(values_of(i)), out("' -- \"$cur\")) ;;\n");
        else
            out(") COMPREPLY=($(compgen -f -- \"$cur\")); compopt -o filenames 2>/dev/null ;;\n");
    }
    out("        esac\n        return\n    fi\n    case $command in\n");
    out("        '') words=$commands; options='--help --version' ;;\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        out("        "), out(tsk_commands[i].name), out(")\n            options='");
        out_each(" ", has_option, i, true);
        out("'\n            case $place in\n");
        for (int k = 0; k < PLACES; k++) {
            place p = place_of(tsk_commands[i].arguments, k);
            bash_place(&p, k);
        }
        out("            esac ;;\n");
    }
    out(bash_tail);
}

/* ---- zsh ---- */

/* In single quotes; `colon`: that character is escaped. */
static void quoted(const char *text, bool colon) {
    for (; *text; text++) {
        if (*text == '\'')
            out("'\\''");
        else if (colon && (*text == ':' || *text == '\\'))
            tsk_out((char[]){'\\', *text}, 2);
        else
            tsk_out(text, 1);
    }
}

static const char zsh_head[] = "#compdef tsk\n"
                               "# Completion of tsk for zsh, made by `tsk completion zsh`.\n"
                               "_tsk() {\n"
                               "    local -a commands options names\n"
                               "    local command= file= place=-1 skip= i word files= keys=\n";

static const char zsh_scan[] =
    "    for ((i = 2; i < CURRENT; i++)); do\n"
    "        word=${words[i]}\n"
    "        if [[ -n $skip ]]; then skip=; continue; fi\n"
    "        case $word in\n"
    "            (${~with_value}) skip=$word ;;\n"
    "            (-?*) ;;\n"
    "            (*) if [[ -z $command ]]; then command=$word; else file=${file:-$word}; fi; ((++place)) ;;\n"
    "        esac\n"
    "    done\n"
    "    case $skip in\n";

static const char zsh_tail[] =
    "    esac\n"
    "    if [[ $PREFIX == -* ]]; then _describe -o option options; return; fi\n"
    "    (( $#names )) && compadd -- $names\n"
    "    if [[ -n $keys ]]; then\n"
    "        names=(${(f)\"$(${words[1]} completion keys \"$PREFIX\" ${file:+\"$file\"} 2>/dev/null)\"})\n"
    "        (( $#names )) && compadd -- $names\n"
    "    fi\n"
    "    [[ -n $files ]] && _files\n"
    "}\n"
    "_tsk \"$@\"\n";

static void zsh_options(int command) {
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!has_option(command, i)) continue;
        out(" '--"), out(tsk_cli_options[i].name), out(":"), quoted(tsk_cli_options[i].summary, true), out("'");
    }
}

static void zsh(void) {
    out(zsh_head);
    out("    local with_value='");
    const char *bar = "";
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!takes_value(i)) continue;
        out(bar), out("--"), out(tsk_cli_options[i].name);
        bar = "|";
    }
    out("'\n    commands=(");
    for (int i = 0; i < COMMAND_COUNT; i++)
        out(i ? " '" : "'"), out(tsk_commands[i].name), out(":"), quoted(tsk_commands[i].summary, true), out("'");
    out(")\n");
    out(zsh_scan);
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (!takes_value(i) || !values_of(i)) continue;
        out("        (--"), out(tsk_cli_options[i].name), out(") compadd -- "), out(values_of(i)), out("; return ;;\n");
    }
    out("        (?*) _files; return ;;\n    esac\n    case $command in\n        ('') _describe command commands; "
        "return ;;\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        out("        ("), out(tsk_commands[i].name), out(")\n            options=(");
        zsh_options(i);
        out(")\n            case $place in\n");
        for (int k = 0; k < PLACES; k++) {
            char line[64];
            place p = place_of(tsk_commands[i].arguments, k);
            if (!p.files && !p.keys && !p.commands && !*p.words) continue;
            snprintf(line, sizeof line, "                (%d)", k);
            out(line);
            if (p.files) out(" files=1");
            if (p.keys) out(" keys=1");
            if (p.commands) out(" names=(${commands%%:*})");
            if (*p.words) out(" names=("), out(p.words), out(")");
            out(" ;;\n");
        }
        out("            esac ;;\n");
    }
    out(zsh_tail);
}

/* ---- fish ---- */

static const char fish_head[] = "# Completion of tsk for fish, made by `tsk completion fish`.\n"
                                "function __tsk_keys\n"
                                "    set -l words (commandline -opc)\n"
                                "    set -l file\n"
                                "    for word in $words[3..-1]\n"
                                "        if not string match -q -- '-*' $word\n"
                                "            set file $word\n"
                                "            break\n"
                                "        end\n"
                                "    end\n"
                                "    $words[1] completion keys (commandline -ct) $file 2>/dev/null\n"
                                "end\n"
                                "complete -c tsk -f\n";

static void fish(void) {
    out(fish_head);
    for (int i = 0; i < COMMAND_COUNT; i++) {
        const char *name = tsk_commands[i].name;
        place p = {0};
        out("complete -c tsk -n __fish_use_subcommand -a "), out(name), out(" -d '"),
            quoted(tsk_commands[i].summary, false);
        out("'\n");
        for (int k = 0; k < PLACES; k++) {
            place at = place_of(tsk_commands[i].arguments, k);
            p.files |= at.files, p.keys |= at.keys, p.commands |= at.commands;
            if (*at.words && !*p.words) p = (place){p.files, p.keys, p.commands, ""}, strcpy(p.words, at.words);
        }
        if (p.files) out("complete -c tsk -n '__fish_seen_subcommand_from "), out(name), out("' -F\n");
        if (p.keys) out("complete -c tsk -n '__fish_seen_subcommand_from "), out(name), out("' -a '(__tsk_keys)'\n");
        if (*p.words)
            out("complete -c tsk -n '__fish_seen_subcommand_from "), out(name), out("' -a '"), out(p.words), out("'\n");
        if (p.commands)
            out("complete -c tsk -n '__fish_seen_subcommand_from "), out(name), out("' -a '"), put_command_names(),
                out("'\n");
    }
    for (int i = 0; i < OPTION_COUNT; i++) {
        const tsk_option *o = &tsk_cli_options[i];
        out("complete -c tsk");
        if (o->commands != ON_ALL) {
            out(" -n '__fish_seen_subcommand_from");
            for (int k = 0; k < COMMAND_COUNT; k++)
                if (has_option(k, i)) out(" "), out(tsk_commands[k].name);
            out("'");
        }
        out(" -l "), out(o->name);
        if (o->letter) tsk_out((char[]){' ', '-', 's', ' ', o->letter}, 5);
        if (takes_value(i)) out(is_path(i) ? " -r -F" : " -x");
        if (values_of(i)) out(" -a '"), out(values_of(i)), out("'");
        out(" -d '"), quoted(o->summary, false), out("'\n");
    }
}

/* ---- keys ---- */

/* keys PREFIX [FILE]: the keys that begin so, one a line.  What cannot be known is no error. */
static int keys(tsk_cli *cli) {
    tusk_program *program = NULL;
    tusk_snapshot *snapshot = NULL;
    tusk_context *context = NULL;
    tusk_value at;
    const char *prefix = cli->count > 1 ? cli->arguments[1] : "", *dot = strrchr(prefix, '.'), *key;
    size_t stem = dot ? (size_t)(dot - prefix) : 0, have = strlen(prefix) - stem - (dot != NULL), len;
    char path[512];
    tusk_status status = cli->count > 2 ? tusk_program_open(cli->options, cli->arguments[2], &program)
                                        : tusk_program_open_hierarchy(cli->options, ".", &program);
    if (status == TUSK_OK) status = tusk_snapshot_new(program, cli->options, &snapshot);
    if (status == TUSK_OK) status = tusk_context_new(snapshot, &context);
    snprintf(path, sizeof path, "%.*s", (int)stem, prefix);
    if (status == TUSK_OK && stem < sizeof path && tusk_get(context, path, &at) == TUSK_OK) {
        for (size_t i = 0; tusk_value_entry(context, at, i, &key, &len, NULL) == TUSK_OK; i++) {
            if (len < have || memcmp(key, prefix + strlen(prefix) - have, have) || memchr(key, '\n', len)) continue;
            if (dot) tsk_out(prefix, stem + 1);
            tsk_out(key, len);
            tsk_out("\n", 1);
        }
    }
    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
    return TUSK_OK;
}

int tsk_command_completion(tsk_cli *cli) {
    static const struct {
        const char *name;
        void (*run)(void);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    const char *name = cli->arguments[0];
    if (!strcmp(name, "keys")) return keys(cli);
    if (cli->count > 1) return tsk_usage(cli, "tsk completion takes one shell; '%s' is too much", cli->arguments[1]);
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(shells[i].name, name)) continue;
        shells[i].run();
        return TUSK_OK;
    }
    return tsk_usage(cli, "there is no completion for '%s': bash, zsh or fish", name);
}
