/* cli/main.c - finds the verb and runs it. */
#define _GNU_SOURCE
#include "cli/cli.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define VERB(x) extern const cli_verb cli_verb_##x;
#include "cli/verbs.def"
#undef VERB

const cli_verb *const cli_verbs[] = {
#define VERB(x) &cli_verb_##x,
#include "cli/verbs.def"
#undef VERB
};
const size_t cli_n_verbs = sizeof cli_verbs / sizeof *cli_verbs;

static bool is_one_of(const char *text, const char *a, const char *b)
{
    return strcmp(text, a) == 0 || strcmp(text, b) == 0;
}

static int print_page(const char *name)
{
    if (name != NULL && cli_page(name))
        return cli_put("");
    cli_say("--print takes one of man, bash, zsh, fish");
    return cvy_status_exit(CVY_ARGUMENT);
}

static int without_verb(const char *first, const char *second)
{
    if (is_one_of(first, "--help", "-h")) {
        cli_help();
        return cli_put("");
    }
    if (is_one_of(first, "--version", "-V")) {
        printf("convey %s\n", cvy_version());
        return cli_put("");
    }
    if (strcmp(first, "--print") == 0)
        return print_page(second);
    cli_say("unknown %s \"%s\"; `convey --help` lists what there is",
            first[0] == '-' ? "option" : "verb", first);
    return cvy_status_exit(CVY_ARGUMENT);
}

int main(int argc, char **argv)
{
    /* A file that may not grow any more is a failed write, not a death. */
    signal(SIGXFSZ, SIG_IGN);
    if (argc < 2) {
        cli_say("which verb? `convey --help` lists them");
        return cvy_status_exit(CVY_ARGUMENT);
    }
    for (size_t i = 0; i < cli_n_verbs; i++)
        if (strcmp(argv[1], cli_verbs[i]->name) == 0)
            return cli_verbs[i]->run(cli_verbs[i], argc - 1, argv + 1);
    return without_verb(argv[1], argv[2]);
}
