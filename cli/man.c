/* cli/man.c - the manual page, printed from the tables. */
#include "cli/cli.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Text as roff takes it: a hyphen that may be typed, no request at the start
 * of a line, an empty line as a new paragraph. */
static void put(const char *text)
{
    bool begins = true;

    for (const char *p = text; *p != '\0'; p++) {
        if (begins && (*p == '.' || *p == '\''))
            fputs("\\&", stdout);
        begins = *p == '\n';
        if (begins && p[1] == '\n') {
            fputs("\n.PP", stdout);
            continue;
        }
        if (*p == '-')
            fputs("\\-", stdout);
        else if (*p == '\\')
            fputs("\\e", stdout);
        else
            putchar(*p);
    }
    putchar('\n');
}

static void section(const char *name)
{
    printf(".SH %s\n", name);
}

static void put_option(const cli_option *row)
{
    const char *const gap = row->name != NULL && row->letter ? ", " : "";

    printf(".TP\n.B ");
    if (row->letter != 0)
        printf("\\-%c%s", row->letter, gap);
    if (row->name != NULL) {
        fputs("\\-\\-", stdout);
        for (const char *p = row->name; *p != '\0'; p++)
            printf(*p == '-' ? "\\-" : "%c", *p);
    }
    if (row->value != NULL)
        printf(" \\fI%s\\fR", row->value);
    putchar('\n');
    put(row->help);
}

static void put_options(const cli_option *rows)
{
    for (; !cli_is_last(rows); rows++)
        put_option(rows);
}

static void put_entries(const char *name, const cli_entry *rows)
{
    section(name);
    for (; rows->word != NULL; rows++) {
        printf(".TP\n.B ");
        put(rows->word);
        put(rows->help);
    }
}

static void put_verb(const cli_verb *verb)
{
    printf(".SS convey %s [options]%s%s\n", verb->name,
           verb->operand != NULL ? " " : "",
           verb->operand != NULL ? verb->operand : "");
    putchar(toupper((unsigned char)verb->title[0]));
    put(verb->title + 1);
    if (verb->about != NULL) {
        printf(".PP\n");
        put(verb->about);
    }
    put_options(verb->options);
}

/* What no table knows. */
static void put_description(void)
{
    section("DESCRIPTION");
    put("convey reads the file of a trained network and writes the source "
        "that a person\nwould have written for the other framework, the "
        "weights in its own format, and a\nreport that says, layer by layer, "
        "that both sides compute the same.  It needs\nneither framework, and "
        "nothing in a file is ever run.\n\n"
        "What cannot be carried over exactly is refused by name: layer, "
        "place, reason, and\nwhat can be done.  All refusals of a model come "
        "in one run.\n\n"
        "Results go to standard output, everything else to standard error.  "
        "A progress\nbar is drawn on a terminal for what takes over half a "
        "second; colours are used\non a terminal only.  No question is ever "
        "asked.  Formats are told by content,\nnot by name.");
}

static void put_files(void)
{
    static const cli_entry files[] = {
        { "DIR/NAME.py", "the network as source, with load_model()" },
        { "DIR/NAME.safetensors", "its weights" },
        { "DIR/report.json",
          "shapes, permutations, proof, remarks.  A folder with a report of\n"
          "convey may be written again: the files that the report lists are\n"
          "replaced, all at once, and all others stay" },
        { "DIR/.convey-*",
          "what a killed run has left; the next one removes it" },
        { 0 },
    };

    put_entries("FILES", files);
}

static void put_examples(void)
{
    static const cli_entry examples[] = {
        { "convey port model.keras -o out",
          "writes out/model.py, out/model.safetensors and out/report.json" },
        { "convey show model.keras --input 1x224x224x3",
          "lists the layers with their shapes for one image of this size" },
        { "convey port model.keras --json | jq .proof",
          "the report as one JSON document" },
        { 0 },
    };

    put_entries("EXAMPLES", examples);
}

void cli_man(void)
{
    printf(".TH CONVEY 1 \"\" \"convey %s\" \"User Commands\"\n",
           cvy_version());
    section("NAME");
    printf("convey \\- %s\n", cli_summary);
    section("SYNOPSIS");
    for (size_t i = 0; i < cli_n_verbs; i++)
        printf("%s.B convey %s\n[\\fIoptions\\fR]%s%s%s\n",
               i > 0 ? ".br\n" : "", cli_verbs[i]->name,
               cli_verbs[i]->operand != NULL ? " \\fI" : "",
               cli_verbs[i]->operand != NULL ? cli_verbs[i]->operand : "",
               cli_verbs[i]->operand != NULL ? "\\fR" : "");
    put_description();
    section("VERBS");
    for (size_t i = 0; i < cli_n_verbs; i++)
        put_verb(cli_verbs[i]);
    section("OPTIONS OF ALL VERBS");
    put_options(cli_common_options);
    put_entries("OPTIONS WITHOUT A VERB", cli_instead);
    put_entries("EXIT STATUS", cli_exit_codes);
    put_entries("ENVIRONMENT", cli_environment);
    put_files();
    put_examples();
}
