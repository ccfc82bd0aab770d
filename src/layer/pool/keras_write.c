/*
 * layer/pool/keras_write.c - pools, said in Keras.
 *
 * A Keras pool has no border or the one that TensorFlow calls SAME, whose
 * elements it leaves out: of a maximum, and of what a mean is divided by. So
 * a border that hangs over, as torch's ceil_mode has it, is SAME where what
 * stands before and the number of windows agree: for every length, or for
 * the one that is known.
 */
#include "layer/pool/words.h"

#include <math.h>
#include <string.h>

static bool is_max(const cvyi_saying *what)
{
    return cvyi_attr_is(what->attrs, "kind", "max");
}

static bool is_empty(const cvyi_saying *what)
{
    const cvyi_border *const border = cvyi_attr_border(what->attrs, "border");

    for (int i = 0; i < what->attrs->n_spatial; i++)
        if (border->before[i] != 0 || border->after[i] != 0)
            return false;
    return border->rule == CVYI_BORDER_GIVEN;
}

static cvyi_size length_of(const cvyi_saying *what, int axis)
{
    return what->in[0].dims[1 + axis];
}

/* Nothing is added and nothing hangs over. */
static bool is_valid(const cvyi_saying *what)
{
    for (int i = 0; i < what->attrs->n_spatial; i++)
        if (!cvyi_pool_never_hangs(what->attrs, i, length_of(what, i)))
            return false;
    return is_empty(what);
}

/*
 * Is the given border SAME's for every length? The total that SAME adds is
 * anything between span - stride and span - 1: half of it stands before, and
 * that must be one number. Windows: SAME has ceil(n / stride) of them;
 * without `ceil` that is right where the whole border is span - 1, with it
 * where the shorter of two borders adds nothing to n (layer/window.c).
 */
static bool always_same(const cvyi_saying *what, int axis)
{
    const cvyi_border *const border = cvyi_attr_border(what->attrs, "border");
    const int64_t before = border->before[axis], after = border->after[axis];
    const cvy_window w = cvyi_window_at(what->attrs, axis);
    cvy_border span; /* of the window, less one */

    if (border->rule == CVYI_BORDER_SAME)
        return true;
    if (border->rule != CVYI_BORDER_GIVEN ||
        cvy_border_causal(&span, w, NULL) != CVY_OK)
        return false;

    const int64_t most = span.before;
    const int64_t least = most + 1 > w.stride ? most + 1 - w.stride : 0;

    if (before != least / 2 || before != most / 2)
        return false;
    if (!cvyi_window_ceil(what->attrs))
        return after == most - before;
    return before == 0 ? after >= most + 1 - w.stride
                       : after == most + 1 - w.stride - before;
}

/* For the length that is known. */
static bool here_same(const cvyi_saying *what, int axis)
{
    const cvy_window w = cvyi_window_at(what->attrs, axis);
    cvy_border same, own;
    int64_t length, wanted, windows;

    return cvyi_size_constant(&length, length_of(what, axis)) &&
           cvy_border_same(&same, length, w, NULL) == CVY_OK &&
           cvyi_window_border(&own, what->attrs, axis, length, NULL) ==
               CVY_OK &&
           cvy_window_count(&wanted, length, w, same, NULL) == CVY_OK &&
           cvy_window_count(&windows, length, w, own, NULL) == CVY_OK &&
           same.before == own.before && wanted == windows;
}

typedef enum sameness {
    SAME_NEVER,
    SAME_HERE, /* for the lengths that are known */
    SAME_ALWAYS,
} sameness;

static sameness find_sameness(const cvyi_saying *what)
{
    sameness found = SAME_ALWAYS;

    /* A mean over whole windows counts its border, SAME never does. */
    if (!is_max(what) && cvyi_attr_is(what->attrs, "count", "window") &&
        !is_empty(what))
        return SAME_NEVER;
    for (int i = 0; i < what->attrs->n_spatial; i++) {
        if (always_same(what, i))
            continue;
        if (!here_same(what, i))
            return SAME_NEVER;
        found = SAME_HERE;
    }
    return found;
}

static cvy_status refuse_gaps(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "dilation", "use windows without gaps",
                       "Keras' pools have windows without gaps");
}

static cvy_status refuse_border(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    if (is_max(what) || cvyi_attr_is(what->attrs, "count", "window"))
        return cvyi_refuse(
            &out->refusal, what->arena, err, CVYI_NO_COUNTERPART, "padding",
            cvyi_window_ceil(what->attrs)
                ? "leave out ceil_mode, or give the input a known size"
                : "put the border into a layer of its own",
            "a Keras pool adds nothing or what SAME adds, and this border is "
            "neither");
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "padding",
                       "let the mean count its zeros "
                       "(count_include_pad=True), or give the input a length "
                       "for which the border is SAME's",
                       "a mean that counts real elements only has SAME's "
                       "border or none in Keras, and this one is neither");
}

static bool has_gaps(const cvyi_saying *what)
{
    for (int i = 0; i < what->attrs->n_spatial; i++) {
        const cvy_window w = cvyi_window_at(what->attrs, i);

        if (w.taps > 1 && w.dilation > 1)
            return true;
    }
    return false;
}

/* *same: padding="same". A border that can stand in a layer of its own is
 * said there unless it is SAME's for every length. */
static cvy_status plan(bool *same, cvyi_said *out, const cvyi_saying *what,
                       cvy_error *err)
{
    double fill;

    if (what->axes != CVYI_AXES_LAST)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "data_format",
                           "put channels last before this layer",
                           "Keras' pools have their channels last here");
    if (has_gaps(what))
        return refuse_gaps(out, what, err);
    *same = false;
    if (is_valid(what))
        return CVY_OK;

    const sameness found = find_sameness(what);
    const bool splits = what->attrs->op->border_fill(&fill, what->attrs) &&
                        !cvyi_window_ceil(what->attrs);

    if (found == SAME_NEVER || (found == SAME_HERE && splits))
        return refuse_border(out, what, err);
    if (found == SAME_HERE)
        out->comment = "right for this length: SAME depends on it";
    *same = true;
    return CVY_OK;
}

/* The code is read back without what cannot be seen in it. */
static void means(cvyi_said *out, const cvyi_saying *what, bool same)
{
    const cvyi_border border = { .rule = same ? CVYI_BORDER_SAME
                                              : CVYI_BORDER_GIVEN };
    const int64_t ones[CVYI_MAX_SPATIAL] = { 1, 1, 1 };
    cvyi_attrs read = *what->attrs;

    cvyi_set_border(&read, "border", border);
    cvyi_set_ints(&read, "dilation", ones, read.n_spatial);
    cvyi_set_word(&read, "count", "real");
    cvyi_set_int(&read, "ceil", false);
    if (cvyi_attrs_equal(&read, what->attrs, NULL))
        return;

    cvyi_attrs *const kept = cvyi_said_means(out, "pool", read.n_spatial);

    if (kept != NULL)
        *kept = read;
}

/* Window, stride and border, in a call that was begun. Keras' own stride is
 * the window. */
static void say_window(cvyi_said *out, const cvyi_saying *what, bool same)
{
    const int n = what->attrs->n_spatial;
    const int64_t *const taps = cvyi_attr_ints(what->attrs, "taps", NULL);
    const int64_t *const stride = cvyi_attr_ints(what->attrs, "stride", NULL);

    cvyi_code_ints(out, NULL, taps, n);
    if (memcmp(taps, stride, (size_t)n * sizeof *taps) != 0)
        cvyi_code_ints(out, "strides", stride, n);
    if (same)
        cvyi_code_word(out, "padding", "same");
    cvyi_code_end(out);
}

static cvy_status say(cvyi_said *out, const cvyi_saying *what, bool same,
                      cvy_error *err)
{
    say_window(out, what, same);
    means(out, what, same);
    return cvyi_text_status(&out->code, err);
}

/* What stands around an input of known size: the last window of torch's
 * ceil_mode needs more behind it than its border says. */
static bool find_border(cvyi_border *out, const cvyi_saying *what)
{
    cvyi_border border = { .rule = CVYI_BORDER_GIVEN };

    for (int i = 0; i < what->attrs->n_spatial; i++) {
        cvy_border own;
        int64_t length;

        if (!cvyi_size_constant(&length, length_of(what, i)) ||
            cvyi_window_border(&own, what->attrs, i, length, NULL) != CVY_OK)
            return false;
        border.before[i] = own.before;
        border.after[i] = own.after;
    }
    *out = border;
    return true;
}

/* ops.max_pool(ops.pad(x, ..., constant_values=float("-inf")), ...) */
static cvy_status say_padded(cvyi_said *out, const cvyi_saying *what,
                             const cvyi_border *border, cvy_error *err)
{
    const cvyi_border none = { .rule = CVYI_BORDER_GIVEN };
    const int n = what->attrs->n_spatial;
    cvyi_attrs *const pad = cvyi_said_means(out, "pad", n);
    cvyi_attrs *const pool = cvyi_said_means(out, "pool", n);

    cvyi_set_border(pad, "border", *border);
    cvyi_set_real(pad, "value", -INFINITY);
    *pool = *what->attrs;
    cvyi_set_border(pool, "border", none);
    cvyi_set_int(pool, "ceil", false);
    cvyi_text_put(&out->code, "ops.max_pool(ops.pad({0}, ((0, 0), ");
    for (int i = 0; i < n; i++)
        cvyi_text_printf(&out->code, "(%lld, %lld), ",
                         (long long)border->before[i],
                         (long long)border->after[i]);
    cvyi_text_put(&out->code, "(0, 0)), constant_values=float(\"-inf\"))");
    out->n_args = 1;
    out->comment = "right for this length: the last window hangs over";
    say_window(out, what, false);
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           const char *word, cvy_error *err)
{
    bool same;

    CVYI_TRY(plan(&same, out, what, err));
    cvyi_code_begin(out, "layers.%sPooling%dD", word, what->attrs->n_spatial);
    return say(out, what, same, err);
}

static cvy_status to_op(cvyi_said *out, const cvyi_saying *what,
                        const char *word, cvy_error *err)
{
    bool same;

    CVYI_TRY(plan(&same, out, what, err));
    cvyi_code_begin(out, "ops.%s_pool", word);
    cvyi_code_raw(out, NULL, "{0}");
    return say(out, what, same, err);
}

cvy_status cvyi_pool_to_max_layer(cvyi_said *out, const cvyi_saying *what,
                                  cvy_error *err)
{
    CVYI_TRY(cvyi_pool_other_kind(what, "max", err));
    return to_layer(out, what, "Max", err);
}

cvy_status cvyi_pool_to_max_op(cvyi_said *out, const cvyi_saying *what,
                               cvy_error *err)
{
    cvyi_border border;
    cvy_status status;

    CVYI_TRY(cvyi_pool_other_kind(what, "max", err));
    status = to_op(out, what, "max", err);
    if (status != CVY_UNSUPPORTED || what->axes != CVYI_AXES_LAST ||
        has_gaps(what) || !cvyi_window_ceil(what->attrs) ||
        !find_border(&border, what))
        return status;
    return say_padded(out, what, &border, err);
}

cvy_status cvyi_pool_to_average_layer(cvyi_said *out, const cvyi_saying *what,
                                      cvy_error *err)
{
    CVYI_TRY(cvyi_pool_other_kind(what, "average", err));
    return to_layer(out, what, "Average", err);
}

cvy_status cvyi_pool_to_average_op(cvyi_said *out, const cvyi_saying *what,
                                   cvy_error *err)
{
    CVYI_TRY(cvyi_pool_other_kind(what, "average", err));
    return to_op(out, what, "average", err);
}
