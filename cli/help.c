/* cli/help.c - the help texts, printed from the tables. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

enum { HELP_COLUMN = 22 };

const char cli_summary[] =
    "carries convolutional networks from Keras to PyTorch";

const cli_entry cli_exit_codes[] = {
    { "0", "done; every level of proof that ran passed" },
    { "1", "a proof failed; the files are kept and say so" },
    { "2", "usage" },
    { "3", "refused: it cannot be carried over exactly" },
    { "4", "the file is damaged, or is no model" },
    { "5", "the system: a missing file, memory, the disk" },
    { "130", "interrupted" },
    { 0 }
};

const cli_entry cli_environment[] = {
    { "CONVEY_THREADS", "lowers the number of threads" },
    { "CONVEY_CPU", "narrows the instruction sets: c, avx2, avx512" },
    { "NO_COLOR", "if it is set, no colours on a terminal either" },
    { 0 }
};

const cli_entry cli_instead[] = {
    { "--help", "the verbs" },
    { "--version", "the version" },
    { "--print", "man, or the completion for bash, zsh or fish" },
    { 0 }
};

static void put_entries(const char *title, const cli_entry *rows, int column)
{
    printf("\n%s\n", title);
    for (; rows->word != NULL; rows++)
        printf("  %-*s %s\n", column - 3, rows->word, rows->help);
}

void cli_help(void)
{
    printf("convey %s.\n\nusage: convey VERB [options]\n\n", cli_summary);
    for (size_t i = 0; i < cli_n_verbs; i++) {
        const cli_verb *const verb = cli_verbs[i];
        char left[64];

        snprintf(left, sizeof left, "%s %s", verb->name,
                 verb->operand != NULL ? verb->operand : "");
        printf("  %-*s %s\n", HELP_COLUMN - 3, left, verb->title);
    }
    printf("\n"
           "  %-*s more about a verb\n"
           "  %-*s the version\n"
           "  %-*s the manual page (man), or what completes a command\n"
           "  %-*s line (bash, zsh, fish)\n",
           HELP_COLUMN - 3, "VERB --help", HELP_COLUMN - 3, "--version",
           HELP_COLUMN - 3, "--print PAGE", HELP_COLUMN - 3, "");
    put_entries("exit codes", cli_exit_codes, HELP_COLUMN);
    put_entries("environment", cli_environment, HELP_COLUMN);
}

bool cli_page(const char *name)
{
    static const struct {
        const char *name;
        void (*print)(void);
    } pages[] = {
        { "man", cli_man },
        { "bash", cli_complete_bash },
        { "zsh", cli_complete_zsh },
        { "fish", cli_complete_fish },
    };

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strcmp(pages[i].name, name) == 0) {
            pages[i].print();
            return true;
        }
    return false;
}

static void put_option(const cli_option *row)
{
    char left[64];

    snprintf(left, sizeof left, "%c%c%s%s%s%s%s", row->letter ? '-' : ' ',
             row->letter ? row->letter : ' ',
             row->name == NULL  ? ""
             : row->letter != 0 ? ", "
                                : "  ",
             row->name != NULL ? "--" : "", row->name != NULL ? row->name : "",
             row->value != NULL ? " " : "",
             row->value != NULL ? row->value : "");
    if (strlen(left) > HELP_COLUMN - 4)
        printf("  %s\n%*s", left, HELP_COLUMN, "");
    else
        printf("  %-*s", HELP_COLUMN - 2, left);
    for (const char *p = row->help; *p != '\0'; p++) {
        putchar(*p);
        if (*p == '\n')
            printf("%*s", HELP_COLUMN, "");
    }
    putchar('\n');
}

static void put_options(const cli_option *rows)
{
    for (; !cli_is_last(rows); rows++)
        put_option(rows);
}

void cli_help_verb(const cli_verb *verb)
{
    printf("convey %s - %s\n\nusage: convey %s [options]%s%s\n\n", verb->name,
           verb->title, verb->name, verb->operand != NULL ? " " : "",
           verb->operand != NULL ? verb->operand : "");
    if (verb->about != NULL)
        printf("%s\n\n", verb->about);
    put_options(verb->options);
    put_options(cli_common_options);
}
