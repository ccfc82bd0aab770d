/* layer/conv/keras_write.c - Keras 3's words for a convolution, written. */
#include "layer/conv/keras.h"

#include "layer/conv/words.h"
#include "layer/window.h"

#include <string.h>

/* ---- the border ---- */

/* What Keras has a word for. */
typedef enum word {
    WORD_VALID,
    WORD_SAME,   /* right for every length */
    WORD_CAUSAL, /* one axis, and no depthwise layer */
    WORD_NONE,
} word;

/* SAME does not depend on the length at stride 1, and there it is the window
 * less one element, the odd one behind. */
static bool is_same(const cvyi_attrs *attrs, const cvyi_border *border)
{
    for (int i = 0; i < attrs->n_spatial; i++) {
        const cvy_window w = cvyi_window_at(attrs, i);
        const int64_t total = (w.taps - 1) * w.dilation;

        if ((w.stride > 1 && w.taps > 1) || border->before[i] != total / 2 ||
            border->after[i] != total - total / 2)
            return false;
    }
    return true;
}

static bool is_causal(const cvyi_attrs *attrs, const cvyi_border *border)
{
    const cvy_window w = cvyi_window_at(attrs, 0);

    return attrs->n_spatial == 1 && border->after[0] == 0 &&
           border->before[0] == (w.taps - 1) * w.dilation;
}

static bool is_none(const cvyi_border *border, int n)
{
    for (int i = 0; i < n; i++)
        if (border->before[i] != 0 || border->after[i] != 0)
            return false;
    return true;
}

static word choose(const cvyi_attrs *attrs)
{
    cvyi_border border;

    if (!cvyi_conv_amounts(&border, attrs))
        return WORD_SAME;
    if (is_none(&border, attrs->n_spatial))
        return WORD_VALID;
    if (is_same(attrs, &border))
        return WORD_SAME;
    return is_causal(attrs, &border) ? WORD_CAUSAL : WORD_NONE;
}

static cvy_status refuse_border(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "padding",
                       "put the border into a ZeroPadding layer of its own",
                       "a Keras convolution takes no amounts, and no word "
                       "of its own gives this border for every length");
}

/* ---- strides and dilation ---- */

static bool is_depthwise(const cvyi_saying *what)
{
    const int64_t groups = cvyi_attr_int(what->attrs, "groups");

    return groups > 1 && what->slots[0].dims[1] == 1 &&
           what->attrs->n_spatial < 3;
}

static bool strides_dilated(const cvyi_attrs *attrs)
{
    const int n = attrs->n_spatial;

    return cvyi_conv_above_one(cvyi_attr_ints(attrs, "stride", NULL), n) &&
           cvyi_conv_above_one(cvyi_attr_ints(attrs, "dilation", NULL), n);
}

/* The same numbers at stride 1, of which every s-th are kept. That is so for
 * borders that do not depend on the stride. */
static cvy_status refuse_strides(cvyi_said *out, const cvyi_saying *what,
                                 cvy_error *err)
{
    const int64_t *const stride = cvyi_attr_ints(what->attrs, "stride", NULL);
    cvyi_text slices = { 0 };
    const char *advice;

    for (int i = 0; i < what->attrs->n_spatial; i++)
        cvyi_text_printf(&slices, ", ::%lld", (long long)stride[i]);
    advice = cvyi_arena_printf(what->arena,
                               "use strides=1 with this dilation_rate, then "
                               "keep x[:%s]",
                               cvyi_text_c(&slices));
    cvyi_text_close(&slices);
    if (advice == NULL)
        return cvyi_no_memory(err);
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "strides", advice,
                       "Keras refuses strides > 1 together with "
                       "dilation_rate > 1");
}

static cvy_status refuse_axes(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "data_format", "put the channels last",
                       "channels are written last for Keras");
}

/* ---- code ---- */

/* What differs from the defaults, and what the words mean when they are read:
 * amounts become a rule or nothing. */
static void say_window(cvyi_said *out, const cvyi_saying *what, word padding)
{
    static const char *const words[] = { "valid", "same", "causal" };
    const cvyi_attrs *const attrs = what->attrs;
    const int n = attrs->n_spatial;
    const int64_t *const stride = cvyi_attr_ints(attrs, "stride", NULL);
    const int64_t *const dilation = cvyi_attr_ints(attrs, "dilation", NULL);
    const cvyi_border border = { .rule = padding == WORD_SAME
                                             ? CVYI_BORDER_SAME
                                         : padding == WORD_CAUSAL
                                             ? CVYI_BORDER_CAUSAL
                                             : CVYI_BORDER_GIVEN };
    cvyi_attrs read = *attrs, *means;

    if (!cvyi_conv_all_ones(stride, n))
        cvyi_code_ints(out, "strides", stride, n);
    if (padding != WORD_VALID)
        cvyi_code_word(out, "padding", words[padding]);
    if (!cvyi_conv_all_ones(dilation, n))
        cvyi_code_ints(out, "dilation_rate", dilation, n);
    cvyi_set_border(&read, "border", border);
    if (cvyi_attrs_equal(&read, attrs, NULL))
        return;
    means = cvyi_said_means(out, attrs->op->name, n);
    if (means != NULL)
        *means = read;
}

static void say_bias(cvyi_said *out, const cvyi_saying *what)
{
    if ((what->present & 2u) == 0)
        cvyi_code_bool(out, "use_bias", false);
    else
        cvyi_said_slot_add(out, "bias", "bias", "O");
}

cvy_status cvyi_conv_keras_say(cvyi_said *out, const cvyi_saying *what,
                               cvy_error *err)
{
    const cvyi_attrs *const attrs = what->attrs;
    const int n = attrs->n_spatial;
    const int64_t groups = cvyi_attr_int(attrs, "groups");
    const word padding = choose(attrs);

    if (what->axes != CVYI_AXES_LAST)
        return refuse_axes(out, what, err);
    if (padding == WORD_NONE)
        return refuse_border(out, what, err);
    if (strides_dilated(attrs))
        return refuse_strides(out, what, err);
    if (is_depthwise(what) && padding != WORD_CAUSAL)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "groups",
                           "write a depthwise layer",
                           "Keras has a layer for one group a channel");
    cvyi_code_begin(out, "layers.Conv%dD", n);
    cvyi_code_int(out, NULL, cvyi_attr_int(attrs, "outputs"));
    cvyi_code_ints(out, NULL, cvyi_attr_ints(attrs, "taps", NULL), n);
    cvyi_said_slot_add(out, "weight", "kernel", "O I S -> S I O");
    say_window(out, what, padding);
    if (groups != 1)
        cvyi_code_int(out, "groups", groups);
    say_bias(out, what);
    cvyi_code_end(out);
    return CVY_OK;
}

cvy_status cvyi_conv_keras_say_depthwise(cvyi_said *out,
                                         const cvyi_saying *what,
                                         cvy_error *err)
{
    const cvyi_attrs *const attrs = what->attrs;
    const int n = attrs->n_spatial;
    const int64_t groups = cvyi_attr_int(attrs, "groups");
    const int64_t multiplier = cvyi_attr_int(attrs, "outputs") / groups;
    const word padding = choose(attrs);
    const char *layout = "C 1 S -> S C 1";

    if (what->axes != CVYI_AXES_LAST)
        return refuse_axes(out, what, err);
    if (!is_depthwise(what) || padding == WORD_CAUSAL || padding == WORD_NONE)
        return refuse_border(out, what, err);
    if (multiplier > 1)
        layout = cvyi_arena_printf(what->arena, "(C M=%lld) 1 S -> S C M",
                                   (long long)multiplier);
    if (layout == NULL)
        return cvyi_no_memory(err);
    cvyi_code_begin(out, "layers.DepthwiseConv%dD", n);
    cvyi_code_ints(out, NULL, cvyi_attr_ints(attrs, "taps", NULL), n);
    cvyi_said_slot_add(out, "weight", "kernel", layout);
    if (multiplier > 1)
        cvyi_code_int(out, "depth_multiplier", multiplier);
    say_window(out, what, padding);
    say_bias(out, what);
    cvyi_code_end(out);
    return CVY_OK;
}
