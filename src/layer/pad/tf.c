/* layer/pad/tf.c - TensorFlow's function for padding. */
#include "layer/pad/words.h"

#include <strings.h>

/* A pair of integers >= 0 for each axis. */
static bool read_pairs(int64_t (*pairs)[2], const cvyi_bound *call)
{
    const cvyi_value *const given = cvyi_arg(call, "paddings");

    if (given->kind != CVYI_LIST || given->n != call->in[0].rank)
        return false;
    for (int i = 0; i < given->n; i++) {
        const cvyi_value *const pair = &given->items[i];

        if (pair->kind != CVYI_LIST || pair->n != 2)
            return false;
        for (int k = 0; k < 2; k++) {
            if (pair->items[k].kind != CVYI_INT || pair->items[k].integer < 0)
                return false;
            pairs[i][k] = pair->items[k].integer;
        }
    }
    return true;
}

static cvy_status from_pad(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    static const char *const modes[] = { "constant", "reflect", "symmetric" };
    const char *const mode = cvyi_as_text(cvyi_arg(call, "mode"));
    int64_t pairs[CVYI_MAX_DIMS][2];
    double value = 0;
    size_t i = 0;

    if (call->n_in != 1 || cvyi_arg(call, "x")->kind != CVYI_TENSOR)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "paddings", "write the amounts as a list",
                           "amounts that are a tensor are not known");
    while (i < 3 && (mode == NULL || strcasecmp(mode, modes[i]) != 0))
        i++;
    if (i == 3)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "mode",
                           "correct this argument in the source",
                           "mode must be CONSTANT, REFLECT or SYMMETRIC");
    if (i == 0)
        CVYI_TRY(cvyi_arg_double(&value, out, call, "constant_values", err));
    if (!read_pairs(pairs, call))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "paddings",
                           "give a pair of integers >= 0 for each axis",
                           "paddings does not fit an input of %d axes",
                           call->in[0].rank);
    return cvyi_pad_from_pairs(out, call, (const int64_t(*)[2])pairs, modes[i],
                               value, "paddings", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "paddings",        "border", "a pair for every axis, batch and channels "
                                   "too" },
    { "constant_values", "value",  NULL },
    { "mode",            "mode",   NULL },
    { 0 }
};

const cvyi_spelling cvyi_pad_tf[] = {
    { .dialect = "tf2", .name = "tf.pad",
      .signature = "x, paddings, mode='CONSTANT', constant_values=0, "
                   "name=None",
      .from_call = from_pad, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    { .dialect = "tf1", .name = "tf.pad",
      .signature = "x, paddings, mode='CONSTANT', name=None, "
                   "constant_values=0",
      .from_call = from_pad, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
