/* cli/ops.c - convey ops: the operators and their names. */
#include "cli/list.h"

static int run(const cli_verb *verb, int argc, char **argv)
{
    return cli_list(CVY_LIST_OPS, verb, argc, argv);
}

const cli_verb cli_verb_ops = {
    .name = "ops",
    .title = "the operators, and what frameworks call them",
    .run = run,
};
