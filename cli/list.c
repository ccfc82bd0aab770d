/* cli/list.c - verbs that print a list of what convey knows. */
#include "cli/list.h"

int cli_list(cvy_list list, const cli_verb *verb, int argc, char **argv)
{
    cli_common common = { 0 };
    const char *operand = NULL;
    char *text;
    cvy_error err;
    cvy_status status;
    int code = cli_parse(&common, &operand, verb, argc, argv);

    if (code >= 0)
        return code;
    status = common.json ? cvy_list_json(&text, list, &err)
                         : cvy_list_text(&text, list, cli_look(&common), &err);
    if (status != CVY_OK)
        return cli_fail(NULL, &err);
    code = common.json ? cli_put(text) : cli_put_text(&common, text);
    cvy_list_free(text);
    return code;
}
