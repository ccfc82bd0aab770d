/* layer/dropout/torch.c - torch's words for noise of training. */
#include "layer/words.h"

static void say(cvyi_said *out, const cvyi_saying *what, const char *name)
{
    cvyi_code_begin(out, "%s", name);
    cvyi_code_double(out, NULL, cvyi_attr_real(what->attrs, "rate"));
    cvyi_code_end(out);
}

static cvy_status to_dropout(cvyi_said *out, const cvyi_saying *what,
                             cvy_error *err)
{
    if (cvyi_attr_int(what->attrs, "axis") != 0)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "",
                           "put channels at axis 1, or leave it out",
                           "torch drops whole channels of axis 1 only, in "
                           "values of 3 to 5 axes");
    say(out, what, "nn.Dropout");
    return CVY_OK;
}

/* Whole channels: Dropout1d takes N C L, and so on. */
static cvy_status to_channels(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    static const char *const names[] = { "nn.Dropout1d", "nn.Dropout2d",
                                         "nn.Dropout3d" };
    const int rank = what->in[0].rank;

    if (cvyi_attr_int(what->attrs, "axis") != 1 || rank < 3 || rank > 5)
        return to_dropout(out, what, err);
    say(out, what, names[rank - 3]);
    return CVY_OK;
}

const cvyi_spelling cvyi_dropout_torch[] = { { .dialect = "torch",
                                               .name = "torch.nn.Dropout%dd",
                                               .ranks = "123",
                                               .form = CVYI_FORM_MODULE,
                                               .to_call = to_channels },
                                             { .dialect = "torch",
                                               .name = "torch.nn.Dropout",
                                               .form = CVYI_FORM_MODULE,
                                               .to_call = to_dropout },
                                             { 0 } };
