/* layer/repeat/keras.c - Keras' words for elements that come several times. */
#include "layer/keras.h"
#include "layer/repeat/words.h"

/* ---- reading ---- */

static cvy_status from_tile(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "repeats");
    const cvyi_value one = { .kind = CVYI_LIST, .n = 1, .items = given };

    CVYI_TRY(cvyi_keras_input(NULL, out, call, call->in[0].rank,
                              CVYI_AXES_LAST, err));
    return cvyi_repeat_whole(out, call, "repeats",
                             given->kind == CVYI_LIST ? given : &one, err);
}

static cvy_status from_repeat(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    CVYI_TRY(cvyi_keras_input(NULL, out, call, call->in[0].rank,
                              CVYI_AXES_LAST, err));
    return cvyi_repeat_each(out, call, "axis", err);
}

/* ---- writing ---- */

static cvy_status to_tile(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    int64_t times[CVYI_MAX_DIMS];

    if (cvyi_repeat_times(times, what) == 0 ||
        cvyi_attr_bool(what->attrs, "each"))
        return cvyi_fail(err, CVY_UNSUPPORTED, "each element comes again");
    cvyi_code_begin(out, "ops.tile");
    cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_tuple(out, NULL, times, what->in[0].rank);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_repeat(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    int64_t times[CVYI_MAX_DIMS];
    const int n = cvyi_repeat_times(times, what);

    if (!cvyi_attr_bool(what->attrs, "each") || n == 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "the whole comes again");
    for (int i = 0; i < n; i++)
        cvyi_text_put(&out->code, "ops.repeat(");
    cvyi_text_put(&out->code, "{0}");
    for (int i = 0; i < what->in[0].rank; i++)
        if (times[i] > 1)
            cvyi_text_printf(&out->code, ", %lld, axis=%d)",
                             (long long)times[i], i);
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "repeats", "times",         NULL },
    { "axis",    "repeated axis", NULL },
    { 0 }
};

const cvyi_spelling cvyi_repeat_keras[] = {
    { .dialect = "keras3", .name = "keras.ops.tile",
      .signature = "x, repeats", .from_call = from_tile,
      .form = CVYI_FORM_FUNCTION, .to_call = to_tile,
      .arguments = arguments },
    { .dialect = "keras3", .name = "keras.ops.repeat",
      .signature = "x, repeats, axis=None", .from_call = from_repeat,
      .form = CVYI_FORM_FUNCTION, .to_call = to_repeat,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
