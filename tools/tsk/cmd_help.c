/* tsk help: everything here is made from commands.def, docs/cli.md too. */
#include "tools/tsk/cli.h"

#include <stdio.h>
#include <string.h>

enum { NAME_COLUMN = 26 };

/* "-D, --define KEY=VALUE" */
static void option_text(char *text, size_t size, const tsk_option *option) {
    const char *gap = *option->argument && *option->argument != '[' ? " " : "";
    if (option->letter)
        snprintf(text, size, "-%c, --%s%s%s", option->letter, option->name, gap, option->argument);
    else
        snprintf(text, size, "--%s%s%s", option->name, gap, option->argument);
}

static void put_row(const char *name, const char *summary) {
    char line[256];
    snprintf(line, sizeof line, "  %-*s  %s\n", NAME_COLUMN, name, summary);
    tsk_out_text(line);
}

/* The options that any of `commands` takes, by group. */
static void put_options(unsigned commands, void (*put_group)(const char *group),
                        void (*put)(const char *name, const char *summary)) {
    const char *group = "";
    for (int i = 0; i < OPTION_COUNT; i++) {
        const tsk_option *option = &tsk_cli_options[i];
        if (!(option->commands & commands)) continue;
        char name[96];
        if (strcmp(group, option->group)) put_group(group = option->group);
        option_text(name, sizeof name, option);
        put(name, option->summary);
    }
}

static void put_group(const char *group) {
    tsk_out_text("\n");
    tsk_out_text(group);
    tsk_out_text(":\n");
}

static void put_usage(const tsk_command *command) {
    tsk_out_text("tsk ");
    tsk_out_text(command->name);
    if (*command->arguments) tsk_out_text(" "), tsk_out_text(command->arguments);
    tsk_out_text(" [OPTIONS]\n");
}

static int help_command(const tsk_cli *cli, const char *name) {
    for (int i = 0; i < COMMAND_COUNT; i++) {
        const tsk_command *command = &tsk_commands[i];
        if (strcmp(command->name, name)) continue;
        tsk_out_text("Usage: ");
        put_usage(command);
        tsk_out_text("\n");
        tsk_out_text(command->summary);
        tsk_out_text("\n");
        if (*command->details) tsk_out_text("\n"), tsk_out_text(command->details), tsk_out_text("\n");
        put_options(1u << i, put_group, put_row);
        return TUSK_OK;
    }
    tusk_builtin builtin;
    if (tusk_builtin_named(*name == '@' ? name + 1 : name, &builtin)) return tsk_help_builtin(&builtin);
    const char *closest = tsk_cli_closest(name, tsk_cli_command_name, COMMAND_COUNT);
    return tsk_usage(cli, closest ? "there is no command '%s'; did you mean %s?" : "there is no command '%s'", name,
                     closest);
}

const char tsk_exit_codes[] =
    "0 success; 1 evaluation failed, or no such key; 2 the command line is not understood; 3 a file does not exist;\n"
    "4 not permitted; 5 a service is not available; 6 the configuration is not valid\n";

static void put_markdown_group(const char *group) {
    tsk_out_text("\n| ");
    tsk_out_text(group);
    tsk_out_text(" | |\n|---|---|\n");
}

static void put_markdown_row(const char *name, const char *summary) {
    tsk_out_text("| `");
    tsk_out_text(name);
    tsk_out_text("` | ");
    tsk_out_text(summary);
    tsk_out_text(" |\n");
}

static int help_markdown(void) {
    tsk_out_text(
        "# The `tsk` command\n\n"
        "Made from the table in `tools/tsk/commands.def` by `tsk help --markdown`; a test compares the two.\n\n"
        "Data goes to standard output, everything else to standard error. `-` as FILE is standard input.\n"
        "Options may stand before or after the command; `--` ends them.\n\n"
        "Exit status: ");
    tsk_out_text(tsk_exit_codes);
    for (int i = 0; i < COMMAND_COUNT; i++) {
        const tsk_command *command = &tsk_commands[i];
        tsk_out_text("\n## tsk ");
        tsk_out_text(command->name);
        tsk_out_text("\n\n```\n");
        put_usage(command);
        tsk_out_text("```\n\n");
        tsk_out_text(command->summary);
        tsk_out_text(".\n");
        if (*command->details) tsk_out_text(command->details), tsk_out_text("\n");
        unsigned own = 0;
        for (int k = 0; k < OPTION_COUNT; k++)
            if (tsk_cli_options[k].commands & 1u << i && tsk_cli_options[k].commands != ON_ALL &&
                tsk_cli_options[k].commands != ON_LOAD)
                own++;
        if (!own) continue;
        tsk_out_text("\n| option | |\n|---|---|\n");
        for (int k = 0; k < OPTION_COUNT; k++) {
            const tsk_option *option = &tsk_cli_options[k];
            char name[96];
            if (!(option->commands & 1u << i) || option->commands == ON_ALL || option->commands == ON_LOAD) continue;
            option_text(name, sizeof name, option);
            put_markdown_row(name, option->summary);
        }
    }
    tsk_out_text("\n## Options of every command that reads a configuration\n");
    put_options(ON(validate), put_markdown_group, put_markdown_row);
    return TUSK_OK;
}

int tsk_command_help(tsk_cli *cli) {
    if (GIVEN(cli, BUILTINS)) return tsk_help_builtins(GIVEN(cli, MARKDOWN));
    if (GIVEN(cli, MARKDOWN)) return help_markdown();
    if (GIVEN(cli, MAN)) return tsk_manual(cli, cli->count ? cli->arguments[0] : NULL);
    if (cli->count) return help_command(cli, cli->arguments[0]);
    tsk_out_text("tsk evaluates, checks and explains TuskLang configurations.\n\nUsage: tsk COMMAND [ARGUMENTS] "
                 "[OPTIONS]\n\nCommands:\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s %s", tsk_commands[i].name, tsk_commands[i].arguments);
        put_row(name, tsk_commands[i].summary);
    }
    tsk_out_text("\nOptions of every command (tsk COMMAND --help shows all):\n");
    for (int i = 0; i < OPTION_COUNT; i++) {
        char name[96];
        if (tsk_cli_options[i].commands != ON_ALL) continue;
        option_text(name, sizeof name, &tsk_cli_options[i]);
        put_row(name, tsk_cli_options[i].summary);
    }
    tsk_out_text("\nExit status:\n  ");
    for (const char *p = tsk_exit_codes; *p; p++) tsk_out(p, 1), *p == '\n' && p[1] ? tsk_out_text("  ") : (void)0;
    return TUSK_OK;
}
