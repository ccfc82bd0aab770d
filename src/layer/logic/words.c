/* layer/logic/words.c - and, or, not, read and said. */
#include "layer/logic/words.h"

#include "layer/torch_number.h"

#include <string.h>

cvy_status cvyi_logic_from_call(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    static const char *const kinds[] = { "and", "or", "xor", "not" };
    const char *const end = strrchr(call->spelling->name, '_') + 1;
    size_t i = 0;

    while (i + 1 < sizeof kinds / sizeof *kinds && strcmp(kinds[i], end) != 0)
        i++;
    for (int k = 0; k < call->n_in; k++)
        if (call->in[k].dtype != CVY_BOOL)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, call->names[k],
                               "compare the numbers first",
                               "%s is no truth value", call->names[k]);
    if (strcmp(end, "not") != 0)
        CVYI_TRY(cvyi_torch_tensors(out, call, "logic", err));
    else if (cvyi_phrase_add(out, call, "logic") == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_word(&out->steps[out->n - 1].attrs, "kind", kinds[i]);
    return CVY_OK;
}

cvy_status cvyi_logic_say(cvyi_said *out, const cvyi_saying *what,
                          const char *package, cvy_error *err)
{
    cvyi_text_printf(&out->code, "%s.logical_%s({*})", package,
                     cvyi_attr_word(what->attrs, "kind"));
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}
