/* layer/pixel_shuffle/tf.c - TensorFlow's words for blocks of pixels. */
#include "layer/pixel_shuffle/words.h"

/* The processor's kernels know one order. */
static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_value *const format = cvyi_arg(call, "data_format");

    if (!cvyi_is_none(format) && !cvyi_is_text(format, "NHWC"))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "data_format", "say NHWC",
                           "TensorFlow has it for NHWC alone (on the CPU)");
    return cvyi_shuffle_from_blocks(out, call, CVYI_AXES_LAST, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "block_size",  "block", "channels are (block, block, C)" },
    { "data_format", "axes",  NULL },
    { 0 }
};

#define NEW "x, block_size, data_format='NHWC', name=None"
#define OLD "x, block_size, name=None, data_format='NHWC'"
#define ROW(version, text, made)                                \
    { .dialect = version, .name = "tf." text,                   \
      .signature = made, .from_call = from_call,                \
      .form = CVYI_FORM_FUNCTION, .arguments = arguments }

const cvyi_spelling cvyi_pixel_shuffle_tf[] = {
    ROW("tf2", "nn.depth_to_space", NEW),
    ROW("tf2", "nn.space_to_depth", NEW),
    ROW("tf1", "nn.depth_to_space", OLD),
    ROW("tf1", "nn.space_to_depth", OLD),
    ROW("tf1", "depth_to_space",    OLD),
    ROW("tf1", "space_to_depth",    OLD),
    { 0 }
};
/* clang-format on */
