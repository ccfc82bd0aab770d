/* layer/conv_transpose/keras_write.c - said in Keras 3. */
#include "layer/conv_transpose/words.h"
#include "layer/number.h"
#include "layer/window.h"

/* How Keras says a crop: one padding for all axes, with output_padding or
 * without. */
typedef struct padding_form {
    bool same, extra;
} padding_form;

/* Does the form give the crop of this axis? *extra is its output_padding. */
static bool fits(int64_t *extra, padding_form form, const cvyi_attrs *attrs,
                 int axis)
{
    const cvyi_border *const crop = cvyi_attr_border(attrs, "crop");
    const cvy_window w = cvyi_window_at(attrs, axis);
    int64_t before, after, span;

    if (!cvyi_transpose_span(&span, w))
        return false;

    const int64_t rest = span - crop->before[axis] - crop->after[axis];
    const int64_t usual = form.same || span < w.stride ? w.stride : span;
    const cvy_border nothing = { 0, 0 };

    *extra = rest - (form.same ? span % 2 : span);
    if (form.extra ? *extra < 0 || *extra >= w.stride : rest != usual)
        return false;
    return cvyi_transpose_crop(&before, &after, w, rest,
                               form.same ? NULL : &nothing) &&
           before == crop->before[axis] && after == crop->after[axis];
}

static bool choose(padding_form *out, int64_t *extra, const cvyi_attrs *attrs)
{
    static const padding_form forms[] = {
        { false, false }, { true, false }, { false, true }, { true, true }
    };

    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
        bool good = true;

        for (int i = 0; good && i < attrs->n_spatial; i++)
            good = fits(&extra[i], forms[k], attrs, i);
        if (good) {
            *out = forms[k];
            return true;
        }
    }
    return false;
}

static cvy_status check(cvyi_said *out, const cvyi_saying *what,
                        cvy_error *err)
{
    const cvyi_attrs *const attrs = what->attrs;
    const int n = attrs->n_spatial;

    if (cvyi_attr_int(attrs, "groups") != 1)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "groups",
                           "use one layer for each group on a split of the "
                           "channels, or one layer whose kernel is block "
                           "diagonal",
                           "Keras has no groups in a transposed convolution");
    if (!cvyi_all_equal(cvyi_attr_ints(attrs, "stride", NULL), n, 1) &&
        !cvyi_all_equal(cvyi_attr_ints(attrs, "dilation", NULL), n, 1))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "dilation_rate",
                           "put the dilation into the kernel: zeros between "
                           "its taps",
                           "Keras refuses strides > 1 together with "
                           "dilation_rate > 1");
    if (what->axes != CVYI_AXES_LAST)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "data_format",
                           "move the channels to the last axis",
                           "it is written for channels that stand last");
    return CVY_OK;
}

cvy_status cvyi_transpose_to_keras(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err)
{
    const cvyi_attrs *const attrs = what->attrs;
    const int n = attrs->n_spatial;
    const int64_t *const stride = cvyi_attr_ints(attrs, "stride", NULL);
    const int64_t *const dilation = cvyi_attr_ints(attrs, "dilation", NULL);
    const bool bias = (what->present & 2u) != 0;
    int64_t extra[CVYI_MAX_SPATIAL];
    padding_form form;

    CVYI_TRY(check(out, what, err));
    if (!choose(&form, extra, attrs))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "padding",
                           cvyi_arena_printf(what->arena,
                                             "say padding='valid' with an "
                                             "output_padding, and put a "
                                             "Cropping%dD layer behind it",
                                             n),
                           "Keras' transposed convolution has no word for "
                           "this crop");
    cvyi_code_begin(out, "layers.Conv%dDTranspose", n);
    cvyi_code_int(out, NULL, cvyi_attr_int(attrs, "outputs"));
    cvyi_code_ints(out, NULL, cvyi_attr_ints(attrs, "taps", NULL), n);
    if (!cvyi_all_equal(stride, n, 1))
        cvyi_code_ints(out, "strides", stride, n);
    if (form.same)
        cvyi_code_word(out, "padding", "same");
    if (form.extra)
        cvyi_code_ints(out, "output_padding", extra, n);
    if (!cvyi_all_equal(dilation, n, 1))
        cvyi_code_ints(out, "dilation_rate", dilation, n);
    if (!bias)
        cvyi_code_bool(out, "use_bias", false);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "kernel", "I O S -> S O I");
    if (bias)
        cvyi_said_slot_add(out, "bias", "bias", "O");
    return CVY_OK;
}
