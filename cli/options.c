/*
 * cli/options.c - reads the command line by our own tables.
 *
 * getopt_long does the reading; the tables say what there is, and the help is
 * printed from them too.
 */
#define _GNU_SOURCE
#include "cli/cli.h"

#include <ctype.h>
#include <getopt.h>
#include <string.h>

enum { MOST_OPTIONS = 48, LONG = 256 }; /* values above every letter */

const cli_option cli_common_options[] = {
    { "json", 0, NULL, "one JSON document on standard output", CLI_SWITCH,
      offsetof(cli_common, json) },
    { "quiet", 'q', NULL, "nothing but errors", CLI_SWITCH,
      offsetof(cli_common, quiet) },
    { "verbose", 'v', NULL, "more than usual", CLI_SWITCH,
      offsetof(cli_common, verbose) },
    { "help", 'h', NULL, "this text", CLI_SWITCH, offsetof(cli_common, help) },
    { 0 }
};

typedef struct parser {
    const cli_verb *verb;
    int n, n_longs;
    const cli_option *rows[MOST_OPTIONS];
    struct option longs[MOST_OPTIONS + 1];
    char letters[2 * MOST_OPTIONS + 3];
} parser;

bool cli_is_last(const cli_option *row)
{
    return row == NULL || (row->name == NULL && row->letter == 0);
}

bool cli_takes_words(const cli_option *row)
{
    if (row->value == NULL)
        return false;
    for (const char *p = row->value; *p != '\0'; p++)
        if (!islower((unsigned char)*p) && strchr("0123456789|-_", *p) == NULL)
            return false;
    return true;
}

static void add_rows(parser *p, const cli_option *rows)
{
    for (; !cli_is_last(rows) && p->n < MOST_OPTIONS; rows++) {
        const bool takes = rows->value != NULL;
        char *end = p->letters + strlen(p->letters);

        if (rows->name != NULL)
            p->longs[p->n_longs++] =
                (struct option){ rows->name,
                                 takes ? required_argument : no_argument, NULL,
                                 LONG + p->n };
        if (rows->letter != 0) {
            *end++ = rows->letter;
            *end++ = takes ? ':' : '\0';
            *end = '\0';
        }
        p->rows[p->n++] = rows;
    }
}

static int usage(void)
{
    return cvy_status_exit(CVY_ARGUMENT);
}

/* The row that getopt_long's answer means; NULL if it means none. */
static const cli_option *row_of(const parser *p, int code)
{
    if (code >= LONG && code < LONG + p->n)
        return p->rows[code - LONG];
    for (int i = 0; i < p->n; i++)
        if (code > 0 && p->rows[i]->letter == code)
            return p->rows[i];
    return NULL;
}

static int complain(const parser *p, int code, char **argv)
{
    const cli_option *const row = row_of(p, optopt);
    const char *const given = argv[optind - 1];

    if (code == ':' && row != NULL)
        cli_say("%s: %s needs a value: %s", p->verb->name, given, row->value);
    else if (row != NULL)
        cli_say("%s: --%s takes no value", p->verb->name, row->name);
    else if (optopt > 0 && optopt < LONG)
        cli_say("%s: unknown option -%c; `convey %s --help` lists them",
                p->verb->name, optopt, p->verb->name);
    else
        cli_say("%s: unknown option %s; `convey %s --help` lists them",
                p->verb->name, given, p->verb->name);
    return usage();
}

/* -1, or the exit code. */
static int store(const parser *p, void *settings, const cli_option *row)
{
    void *const field = (char *)settings + row->offset;
    cli_texts *const texts = field;

    switch (row->kind) {
    case CLI_SWITCH:
        *(bool *)field = true;
        return -1;
    case CLI_TEXT:
        *(const char **)field = optarg;
        return -1;
    case CLI_TEXTS:
        break;
    }
    if (texts->n == CLI_MOST_TEXTS) {
        cli_say("%s: --%s more than %d times", p->verb->name, row->name,
                CLI_MOST_TEXTS);
        return usage();
    }
    texts->items[texts->n++] = optarg;
    return -1;
}

static int take_operand(const char **operand, const cli_verb *verb, int argc,
                        char **argv)
{
    const int n = argc - optind;

    if (n == 0 && (verb->operand == NULL || *verb->operand == '['))
        return -1;
    if (verb->operand != NULL && n == 1) {
        *operand = argv[optind];
        return -1;
    }
    if (verb->operand == NULL)
        cli_say("%s: takes no \"%s\"", verb->name, argv[optind]);
    else if (n == 0)
        cli_say("%s: which %s? `convey %s --help` tells more", verb->name,
                verb->operand, verb->name);
    else
        cli_say("%s: one %s at a time; \"%s\" is too much", verb->name,
                verb->operand, argv[optind + 1]);
    return usage();
}

int cli_parse(void *settings, const char **operand, const cli_verb *verb,
              int argc, char **argv)
{
    parser p = { .verb = verb, .letters = ":" };
    const cli_common *const common = settings;
    int code;

    add_rows(&p, verb->options);
    add_rows(&p, cli_common_options);
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, p.letters, p.longs, NULL)) != -1) {
        const cli_option *const row = row_of(&p, code);
        const int end = code == '?' || code == ':' || row == NULL
                            ? complain(&p, code, argv)
                            : store(&p, settings, row);

        if (end >= 0)
            return end;
    }
    if (common->help) {
        cli_help_verb(verb);
        return cli_put("");
    }
    return take_operand(operand, verb, argc, argv);
}
