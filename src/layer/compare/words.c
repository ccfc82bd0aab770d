/* layer/compare/words.c - comparisons, read. */
#include "layer/compare/words.h"

#include "layer/torch_number.h"

#include <string.h>

static const struct {
    const char *sign, *torch, *turned;
} rows[] = {
    { "less", "lt", "greater" },
    { "less_equal", "le", "greater_equal" },
    { "equal", "eq", "equal" },
    { "not_equal", "ne", "not_equal" },
    { "greater_equal", "ge", "less_equal" },
    { "greater", "gt", "less" },
};

enum { N_ROWS = sizeof rows / sizeof *rows };

static int row_of(const char *name)
{
    const char *const dot = strrchr(name, '.');
    const char *const last = dot != NULL ? dot + 1 : name;

    for (int i = 0; i < N_ROWS; i++)
        if (strcmp(rows[i].sign, last) == 0 ||
            strcmp(rows[i].torch, last) == 0)
            return i;
    return -1;
}

const char *cvyi_compare_short(const char *sign)
{
    return rows[row_of(sign)].torch;
}

cvy_status cvyi_compare_from_pair(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    const int row = row_of(call->spelling->name);
    cvyi_torch_pair pair;

    if (row < 0)
        return cvyi_fail(err, CVY_ARGUMENT, "no sign is called %s",
                         call->spelling->name);
    CVYI_TRY(cvyi_torch_pair_read(&pair, out, call, err));
    if (pair.tensors)
        CVYI_TRY(cvyi_torch_join(out, call, "compare", err));
    else if (cvyi_phrase_add(out, call, "compare") == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");

    cvyi_attrs *const attrs = &out->steps[out->n - 1].attrs;

    cvyi_set_word(attrs, "sign",
                  pair.reversed && !pair.tensors ? rows[row].turned
                                                 : rows[row].sign);
    if (!pair.tensors)
        cvyi_set_real(attrs, "number", pair.number);
    cvyi_phrase_remark(out, "a comparison jumps: where both sides are a "
                            "rounding error apart, frameworks may differ");
    return CVY_OK;
}
