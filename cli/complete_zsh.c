/* cli/complete_zsh.c - completion for zsh, printed from the tables. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

/* Inside of '...[...]' and of 'word:text'. */
static void put_text(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '\'')
            fputs("'\\''", stdout);
        else if (*text == '\n')
            putchar(' ');
        else if (strchr("[]:\\", *text) != NULL)
            printf("\\%c", *text);
        else
            putchar(*text);
}

/* ":message:action" */
static void put_value(const cli_option *row)
{
    putchar(':');
    put_text(row->value);
    putchar(':');
    if (cli_takes_words(row)) {
        putchar('(');
        for (const char *p = row->value; *p != '\0'; p++)
            putchar(*p == '|' ? ' ' : *p);
        putchar(')');
    } else {
        fputs(strcmp(row->value, "DIR") == 0 ? "_directories" : "_files",
              stdout);
    }
}

static void put_option(const cli_option *row)
{
    fputs(" \\\n        ", stdout);
    if (row->kind == CLI_TEXTS)
        fputs("'*'", stdout);
    else if (row->letter != 0 && row->name != NULL)
        printf("'(-%c --%s)'", row->letter, row->name);
    if (row->letter != 0 && row->name != NULL)
        printf("{-%c,--%s}", row->letter, row->name);
    else if (row->name != NULL)
        printf("--%s", row->name);
    else
        printf("-%c", row->letter);
    fputs("'[", stdout);
    put_text(row->help);
    putchar(']');
    if (row->value != NULL)
        put_value(row);
    putchar('\'');
}

static void put_verb(const cli_verb *verb)
{
    printf("%s)\n    _arguments -S", verb->name);
    for (const cli_option *row = verb->options; !cli_is_last(row); row++)
        put_option(row);
    for (const cli_option *row = cli_common_options; !cli_is_last(row); row++)
        put_option(row);
    if (verb->takes_file)
        printf(" \\\n        '1:%s:_files'", verb->operand);
    printf("\n    ;;\n");
}

static void put_described(const char *word, const char *text)
{
    printf("    '%s:", word);
    put_text(text);
    printf("'\n");
}

void cli_complete_zsh(void)
{
    printf("#compdef convey\n"
           "# Completion of convey for zsh; `convey --print zsh` prints it.\n"
           "\n"
           "local -a verbs\n"
           "local verb=$words[2]\n"
           "\n"
           "verbs=(\n");
    for (size_t i = 0; i < cli_n_verbs; i++)
        put_described(cli_verbs[i]->name, cli_verbs[i]->title);
    for (const cli_entry *row = cli_instead; row->word != NULL; row++)
        put_described(row->word, row->help);
    printf(")\n"
           "if ((CURRENT == 2)); then\n"
           "    _describe -t verbs verb verbs\n"
           "    return\n"
           "fi\n"
           "shift words\n"
           "((CURRENT--))\n"
           "case $verb in\n"
           "--print)\n    _values page man bash zsh fish\n    ;;\n");
    for (size_t i = 0; i < cli_n_verbs; i++)
        put_verb(cli_verbs[i]);
    printf("esac\n");
}
