/* Man pages, made from commands.def: tsk(1), and tsk-COMMAND(1) of each command. */
#include "tools/tsk/cli.h"

#include <stdio.h>
#include <string.h>

/* Text as roff takes it; `dashes`: a minus sign stays one. */
static void roff(const char *text, bool dashes) {
    bool start = true;
    for (; *text; text++) {
        if (start && (*text == '.' || *text == '\'')) tsk_out_text("\\&");
        start = *text == '\n';
        if (*text == '\\')
            tsk_out_text("\\e");
        else if (*text == '-' && dashes)
            tsk_out_text("\\-");
        else
            tsk_out(text, 1);
    }
}

static void heading(const char *name, const char *upper) {
    tsk_out_text(".TH \"");
    tsk_out_text(upper);
    tsk_out_text("\" 1 \"\" \"tusk " TUSK_VERSION "\" \"Tusk\"\n.SH NAME\n");
    roff(name, true);
    tsk_out_text(" \\- ");
}

static void synopsis(const tsk_command *command) {
    tsk_out_text(".B tsk ");
    tsk_out_text(command->name);
    tsk_out_text("\n");
    if (*command->arguments) roff(command->arguments, true), tsk_out_text("\n");
    tsk_out_text("[\\fIOPTIONS\\fR]\n");
}

static void option(const tsk_option *o) {
    tsk_out_text(".TP\n\\fB");
    if (o->letter) tsk_out((char[]){'\\', '-', o->letter}, 3), tsk_out_text("\\fR, \\fB");
    tsk_out_text("\\-\\-");
    roff(o->name, true);
    tsk_out_text("\\fR");
    if (*o->argument)
        tsk_out_text(*o->argument == '[' ? "" : " "), tsk_out_text("\\fI"), roff(o->argument, true),
            tsk_out_text("\\fR");
    tsk_out_text("\n");
    roff(o->summary, false);
    tsk_out_text("\n");
}

static void options(unsigned commands) {
    const char *group = "";
    for (int i = 0; i < OPTION_COUNT; i++) {
        const tsk_option *o = &tsk_cli_options[i];
        if (!(o->commands & commands)) continue;
        if (strcmp(group, o->group)) tsk_out_text(".SS "), tsk_out_text(group = o->group), tsk_out_text("\n");
        option(o);
    }
}

static void ending(void) {
    tsk_out_text(".SH EXIT STATUS\n");
    roff(tsk_exit_codes, false);
}

static void command_page(int number) {
    const tsk_command *command = &tsk_commands[number];
    char name[64], upper[64];
    snprintf(name, sizeof name, "tsk-%s", command->name);
    for (size_t i = 0; i <= strlen(name); i++)
        upper[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 32 : name[i]);
    heading(name, upper);
    roff(command->summary, false);
    tsk_out_text("\n.SH SYNOPSIS\n");
    synopsis(command);
    if (*command->details) tsk_out_text(".SH DESCRIPTION\n"), roff(command->details, false), tsk_out_text("\n");
    tsk_out_text(".SH OPTIONS\n");
    options(1u << number);
    ending();
    tsk_out_text(".SH SEE ALSO\n.BR tsk (1)\n");
}

static void main_page(void) {
    heading("tsk", "TSK");
    tsk_out_text("evaluate, check and explain TuskLang configurations\n.SH SYNOPSIS\n.B tsk\n\\fICOMMAND\\fR "
                 "[\\fIARGUMENTS\\fR] "
                 "[\\fIOPTIONS\\fR]\n.SH DESCRIPTION\nData goes to standard output, everything else to standard error. "
                 "\\(lq\\-\\(rq as FILE is standard input. Options may stand before or after the command; "
                 "\\(lq\\-\\-\\(rq ends them.\n.SH COMMANDS\n");
    for (int i = 0; i < COMMAND_COUNT; i++) {
        tsk_out_text(".TP\n.BR tsk\\-");
        tsk_out_text(tsk_commands[i].name);
        tsk_out_text(" (1)\n");
        roff(tsk_commands[i].summary, false);
        tsk_out_text("\n");
    }
    tsk_out_text(".SH OPTIONS OF EVERY COMMAND\n");
    for (int i = 0; i < OPTION_COUNT; i++)
        if (tsk_cli_options[i].commands == ON_ALL) option(&tsk_cli_options[i]);
    ending();
    tsk_out_text(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nnever use colour\n.TP\n.B TSK_NOW\nthe time that @date sees\n.TP\n"
                 ".B TSK_CACHE_DIR\nwhere compiled functions are kept\n");
}

int tsk_manual(const tsk_cli *cli, const char *name) {
    if (!name) {
        main_page();
        return TUSK_OK;
    }
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(tsk_commands[i].name, name)) continue;
        command_page(i);
        return TUSK_OK;
    }
    return tsk_usage(cli, "there is no command '%s'", name);
}
