/* cli/complete_fish.c - completion for fish, printed from the tables. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void put_quoted(const char *text)
{
    putchar('\'');
    for (; *text != '\0'; text++)
        if (*text == '\'' || *text == '\\')
            printf("\\%c", *text);
        else
            putchar(*text == '\n' ? ' ' : *text);
    putchar('\'');
}

static void put_value(const cli_option *row)
{
    if (cli_takes_words(row)) {
        fputs(" -x -a '", stdout);
        for (const char *p = row->value; *p != '\0'; p++)
            putchar(*p == '|' ? ' ' : *p);
        putchar('\'');
    } else if (strcmp(row->value, "DIR") == 0) {
        fputs(" -x -a '(__fish_complete_directories)'", stdout);
    } else {
        fputs(" -r -F", stdout);
    }
}

static void put_options(const cli_verb *verb, const cli_option *rows)
{
    for (; !cli_is_last(rows); rows++) {
        printf("complete -c convey -n '__fish_seen_subcommand_from %s'",
               verb->name);
        if (rows->letter != 0)
            printf(" -s %c", rows->letter);
        if (rows->name != NULL)
            printf(" -l %s", rows->name);
        if (rows->value != NULL)
            put_value(rows);
        fputs(" -d ", stdout);
        put_quoted(rows->help);
        putchar('\n');
    }
}

static void put_first(const char *option, const char *word, const char *help)
{
    printf("complete -c convey -n __fish_use_subcommand %s %s -d ", option,
           word);
    put_quoted(help);
    putchar('\n');
}

void cli_complete_fish(void)
{
    printf("# Completion of convey for fish; `convey --print fish` prints "
           "it.\n\n"
           "complete -c convey -f\n");
    for (const cli_entry *row = cli_instead; row->word != NULL; row++)
        put_first("-l", row->word + strlen("--"), row->help);
    printf("complete -c convey -n '__fish_seen_argument -l print' -a "
           "'man bash zsh fish'\n");
    for (size_t i = 0; i < cli_n_verbs; i++) {
        const cli_verb *const verb = cli_verbs[i];

        putchar('\n');
        put_first("-a", verb->name, verb->title);
        if (verb->takes_file)
            printf("complete -c convey -n '__fish_seen_subcommand_from %s' "
                   "-F\n",
                   verb->name);
        put_options(verb, verb->options);
        put_options(verb, cli_common_options);
    }
}
