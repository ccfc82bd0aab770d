/* cli/formats.c - convey formats: the files that are read and written. */
#include "cli/list.h"

static int run(const cli_verb *verb, int argc, char **argv)
{
    return cli_list(CVY_LIST_FORMATS, verb, argc, argv);
}

const cli_verb cli_verb_formats = {
    .name = "formats",
    .title = "the files that are read and written",
    .run = run,
};
