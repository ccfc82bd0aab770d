/* cli/list.h - what the verbs that print a list share. */
#ifndef CONVEY_CLI_LIST_H
#define CONVEY_CLI_LIST_H

#include "cli/cli.h"
#include "convey/list.h"

/* Parses the command line and prints the list. Returns the exit code. */
int cli_list(cvy_list list, const cli_verb *verb, int argc, char **argv);

#endif
