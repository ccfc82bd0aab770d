/* layer/crop/tf.c - TensorFlow's functions for cropping. */
#include "layer/words.h"

/* The window of an image that tf.image cuts out of a known size. */
static cvy_status from_box(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    static const char *const offsets[] = { "offset_height", "offset_width" };
    static const char *const targets[] = { "target_height", "target_width" };
    int64_t before[2], after[2];
    cvyi_step *step;

    if (call->n_in != 1 || call->in[0].rank != 4)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           call->n_in == 1 && call->in[0].rank == 3
                               ? CVYI_NOT_SUPPORTED
                               : CVYI_ILLEGAL_IN_SOURCE,
                           "x", "give it a batch of images",
                           "needs one input of 4 axes");
    for (int i = 0; i < 2; i++) {
        int64_t target, length;

        CVYI_TRY(cvyi_arg_int(&before[i], out, call, offsets[i], 0, err));
        CVYI_TRY(cvyi_arg_int(&target, out, call, targets[i], 1, err));
        if (!cvyi_size_constant(&length, call->in[0].dims[1 + i]))
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, targets[i],
                               "give the input a known size there",
                               "the input's axis %d has an unknown size",
                               1 + i);
        after[i] = length - before[i] - target;
        if (after[i] < 0)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, targets[i],
                               "crop inside of the image",
                               "%lld + %lld is more than the %lld elements "
                               "of axis %d",
                               (long long)before[i], (long long)target,
                               (long long)length, 1 + i);
    }
    step = cvyi_phrase_add(out, call, "crop");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_ints(&step->attrs, "before", before, 2);
    cvyi_set_ints(&step->attrs, "after", after, 2);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "offset_height", "border", "elements left out before" },
    { "offset_width",  "border", "elements left out before" },
    { "target_height", "border", "elements kept" },
    { "target_width",  "border", "elements kept" },
    { 0 }
};

#define BOX(framework)                                                      \
    { .dialect = framework, .name = "tf.image.crop_to_bounding_box",        \
      .signature = "x, offset_height, offset_width, target_height, "        \
                   "target_width",                                          \
      .from_call = from_box, .form = CVYI_FORM_FUNCTION,                    \
      .arguments = arguments }

const cvyi_spelling cvyi_crop_tf[] = {
    BOX("tf2"),
    BOX("tf1"),
    { 0 }
};
/* clang-format on */
