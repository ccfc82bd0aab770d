/* layer/pixel_shuffle/keras.c - Keras' words for blocks of pixels. */
#include "layer/pixel_shuffle/words.h"
#include "layer/torch.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    cvyi_axes axes;

    CVYI_TRY(cvyi_arg_data_format(&axes, out, call, err));
    return cvyi_shuffle_from_blocks(out, call, axes, err);
}

/* What makes Keras' order of channels, (r, r, C), of torch's, (C, r, r), before
 * the shuffle, or torch's of Keras' behind it. */
static const char *reordered(const cvyi_saying *what)
{
    const bool up = cvyi_attr_bool(what->attrs, "up");
    const long long block = (long long)cvyi_attr_int(what->attrs, "block");

    if (up)
        return cvyi_arena_printf(
            what->arena,
            "write keras.ops.depth_to_space(x, %lld) and reorder the channels "
            "before it: x = ops.take(x, np.arange(x.shape[-1]).reshape(-1, "
            "%lld).T.ravel(), axis=-1)",
            block, block * block);
    return cvyi_arena_printf(
        what->arena,
        "write keras.ops.space_to_depth(x, %lld) and reorder the channels "
        "behind it: x = ops.take(x, np.arange(x.shape[-1]).reshape(%lld, -1)"
        ".T.ravel(), axis=-1)",
        block, block * block);
}

static cvy_status refuse_order(cvyi_said *out, const cvyi_saying *what,
                               cvy_error *err)
{
    const char *const advice = reordered(what);

    if (advice == NULL)
        return cvyi_no_memory(err);
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "", advice,
                       "torch's channels are (C, r, r), those of Keras and "
                       "TensorFlow (r, r, C), and Keras has no layer for "
                       "either");
}

static cvy_status say(cvyi_said *out, const cvyi_saying *what, bool up,
                      const char *name, cvy_error *err)
{
    cvyi_attrs read = *what->attrs;

    if (what->axes != CVYI_AXES_LAST)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "data_format",
                           "move the channels to the last axis",
                           "it is written for channels that stand last");
    if (cvyi_attr_is(what->attrs, "slow", "channel") &&
        !cvyi_shuffle_is_single(what))
        return refuse_order(out, what, err);
    if (cvyi_attr_bool(what->attrs, "up") != up)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "", "use another word",
                           "%s is not what it does", name);
    cvyi_code_begin(out, "%s", name);
    cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_int(out, NULL, cvyi_attr_int(what->attrs, "block"));
    cvyi_code_end(out);
    out->binding = CVYI_BIND_ATOM;
    cvyi_set_word(&read, "slow", "block");
    cvyi_torch_means(out, what, &read);
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_space(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    return say(out, what, true, "ops.depth_to_space", err);
}

static cvy_status to_depth(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    return say(out, what, false, "ops.space_to_depth", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "block_size",  "block", "channels are (block, block, C)" },
    { "data_format", "axes",  NULL },
    { 0 }
};

#define ROW(text, to)                                                       \
    { .dialect = "keras3", .name = "keras.ops." text, .since = "3.15",  \
      .signature = "x, block_size, data_format='channels_last'",        \
      .from_call = from_call, .form = CVYI_FORM_FUNCTION,               \
      .to_call = to, .arguments = arguments }

const cvyi_spelling cvyi_pixel_shuffle_keras[] = {
    ROW("depth_to_space", to_space),
    ROW("space_to_depth", to_depth),
    { 0 }
};
/* clang-format on */
