/* verb/list.c - the public face of the lists. */
#include "verb/list.h"

#include "base/memory.h"
#include "convey/list.h"

/* The text's own memory goes to the caller; there is always some. */
static cvy_status give(char **out, cvyi_text *text, cvy_error *err)
{
    cvyi_text_put(text, "\n");
    if (text->bad) {
        cvyi_text_close(text);
        return cvyi_no_memory(err);
    }
    text->bytes[--text->size] = '\0';
    *out = text->bytes;
    return CVY_OK;
}

static cvy_status no_list(cvy_error *err)
{
    return cvyi_fail(err, CVY_ARGUMENT, "there is no such list");
}

cvy_status cvy_list_text(char **out, cvy_list list, cvy_look look,
                         cvy_error *err)
{
    cvyi_text text = { 0 };

    if (list == CVY_LIST_OPS)
        cvyi_list_ops_text(&text, look);
    else if (list == CVY_LIST_FORMATS)
        cvyi_list_formats_text(&text, look);
    else
        return no_list(err);
    return give(out, &text, err);
}

cvy_status cvy_list_json(char **out, cvy_list list, cvy_error *err)
{
    cvyi_text text = { 0 };

    if (list == CVY_LIST_OPS)
        cvyi_list_ops_json(&text);
    else if (list == CVY_LIST_FORMATS)
        cvyi_list_formats_json(&text);
    else
        return no_list(err);
    return give(out, &text, err);
}

void cvy_list_free(char *text)
{
    cvyi_free(text);
}
