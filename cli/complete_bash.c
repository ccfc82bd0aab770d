/* cli/complete_bash.c - completion for bash, printed from the tables. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void put_name(const cli_option *row)
{
    if (row->letter != 0)
        printf(" -%c", row->letter);
    if (row->name != NULL)
        printf(" --%s", row->name);
}

/* "port:--to|port:-t" */
static void put_pattern(const cli_verb *verb, const cli_option *row)
{
    if (row->letter != 0)
        printf("%s:-%c%s", verb->name, row->letter,
               row->name != NULL ? "|" : "");
    if (row->name != NULL)
        printf("%s:--%s", verb->name, row->name);
}

static void put_words(const char *words)
{
    for (; *words != '\0'; words++)
        putchar(*words == '|' ? ' ' : *words);
}

/* What follows an option that takes a value: words, folders, else files. */
static void put_values(const cli_verb *verb)
{
    for (const cli_option *row = verb->options; !cli_is_last(row); row++) {
        if (row->value == NULL)
            continue;
        fputs("    ", stdout);
        put_pattern(verb, row);
        if (cli_takes_words(row)) {
            printf(") _convey_reply -W \"");
            put_words(row->value);
            printf("\" ;;\n");
        } else {
            printf(") _convey_reply %s ;;\n",
                   strcmp(row->value, "DIR") == 0 ? "-d" : "-f");
        }
    }
}

static void put_options(const cli_verb *verb)
{
    printf("    %s:-*) _convey_reply -W \"", verb->name);
    for (const cli_option *row = verb->options; !cli_is_last(row); row++)
        put_name(row);
    for (const cli_option *row = cli_common_options; !cli_is_last(row); row++)
        put_name(row);
    printf("\" ;;\n");
    if (verb->takes_file)
        printf("    %s:*) _convey_reply -f ;;\n", verb->name);
}

static const char head[] =
    "# Completion of convey for bash; `convey --print bash` prints it.\n"
    "\n"
    "_convey_reply()\n"
    "{\n"
    "    local IFS=$'\\n'\n"
    "    case $1 in\n"
    "    -W) IFS=$' \\n' ;;\n"
    "    *) compopt -o filenames 2>/dev/null ;;\n"
    "    esac\n"
    "    mapfile -t COMPREPLY < <(compgen \"$@\" -- \"$cur\")\n"
    "}\n"
    "\n"
    "_convey()\n"
    "{\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]}\n"
    "    local prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "\n"
    "    COMPREPLY=()\n"
    "    # bash splits --to=torch into three words.\n"
    "    if [ \"$cur\" = = ]; then\n"
    "        cur=\n"
    "    elif [ \"$prev\" = = ] && [ \"$COMP_CWORD\" -gt 2 ]; then\n"
    "        prev=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    fi\n"
    "    if [ \"$COMP_CWORD\" -le 1 ]; then\n"
    "        _convey_reply -W \"";

void cli_complete_bash(void)
{
    fputs(head, stdout);
    for (size_t i = 0; i < cli_n_verbs; i++)
        printf("%s ", cli_verbs[i]->name);
    for (const cli_entry *row = cli_instead; row->word != NULL; row++)
        printf("%s ", row->word);
    printf("\"\n        return\n    fi\n    case $verb:$prev in\n"
           "    --print:*) _convey_reply -W \"man bash zsh fish\" ;;\n");
    for (size_t i = 0; i < cli_n_verbs; i++)
        put_values(cli_verbs[i]);
    printf("    *) _convey_word ;;\n    esac\n}\n\n"
           "_convey_word()\n{\n    case $verb:$cur in\n");
    for (size_t i = 0; i < cli_n_verbs; i++)
        put_options(cli_verbs[i]);
    printf("    esac\n}\n\ncomplete -F _convey convey\n");
}
