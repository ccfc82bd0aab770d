/* layer/pad/keras.c - Keras' words for padding layers. */
#include "layer/keras.h"

static cvy_status not_a_border(cvyi_phrase *phrase, const cvyi_bound *call,
                               cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "padding", "give integers >= 0",
                       "padding must be a number, one number an axis, or a "
                       "pair an axis");
}

/* One number for both sides, or a pair (before, after). */
static bool read_axis(int64_t *before, int64_t *after, const cvyi_value *value)
{
    if (value->kind != CVYI_LIST) {
        if (!cvyi_as_int(before, value))
            return false;
        *after = *before;
    } else if (value->n != 2 || !cvyi_as_int(before, &value->items[0]) ||
               !cvyi_as_int(after, &value->items[1])) {
        return false;
    }
    return *before >= 0 && *after >= 0;
}

/* p, one p an axis, or one pair an axis. With one axis a list is the pair
 * itself: ZeroPadding1D((left, right)). */
static cvy_status read_border(cvyi_border *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, "padding");
    const bool list = value->kind == CVYI_LIST && call->n_spatial > 1;
    cvyi_border border = { .rule = CVYI_BORDER_GIVEN };

    if (list && value->n != call->n_spatial)
        return not_a_border(phrase, call, err);
    for (int i = 0; i < call->n_spatial; i++)
        if (!read_axis(&border.before[i], &border.after[i],
                       list ? &value->items[i] : value))
            return not_a_border(phrase, call, err);
    *out = border;
    return CVY_OK;
}

static cvy_status from_padding(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "pad");
    cvyi_border border;

    CVYI_TRY(cvyi_arg_data_format(&step->axes, out, call, err));
    CVYI_TRY(cvyi_keras_input(NULL, out, call, call->n_spatial + 2, step->axes,
                              err));
    CVYI_TRY(read_border(&border, out, call, err));
    cvyi_set_border(&step->attrs, "border", border);
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_pad_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.ZeroPadding%dD",
      .ranks = "1",
      .signature = "padding=1, data_format=None, **kwargs",
      .from_call = from_padding },
    { .dialect = "keras3", .name = "keras.layers.ZeroPadding%dD",
      .ranks = "2",
      .signature = "padding=(1, 1), data_format=None, **kwargs",
      .from_call = from_padding },
    { .dialect = "keras3", .name = "keras.layers.ZeroPadding%dD",
      .ranks = "3",
      .signature = "padding=((1, 1), (1, 1), (1, 1)), data_format=None, "
                   "**kwargs",
      .from_call = from_padding },
    { 0 }
};
/* clang-format on */
