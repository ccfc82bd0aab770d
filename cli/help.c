/* cli/help.c - the help texts, printed from the tables. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

enum { HELP_COLUMN = 22 };

void cli_help(void)
{
    printf("convey carries convolutional networks from Keras to PyTorch.\n"
           "\n"
           "usage: convey VERB [options]\n\n");
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
           "\n"
           "exit codes: 0 done, 1 a proof failed, 2 usage, 3 refused, 4 "
           "damaged input,\n"
           "5 the system (file, memory, disk), 130 interrupted\n",
           HELP_COLUMN - 3, "VERB --help", HELP_COLUMN - 3, "--version");
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
    for (; rows != NULL && (rows->name != NULL || rows->letter != 0); rows++)
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
