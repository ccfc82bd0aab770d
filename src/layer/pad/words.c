/* layer/pad/words.c - what the frameworks' words for padding share. */
#include "layer/pad/words.h"

#include "layer/window.h"

#include <string.h>

/* ---- reading ---- */

/* The parts that grow (sign 1) or cut (sign -1). */
static cvyi_border part_of(const cvyi_border *border, int sign)
{
    cvyi_border part = { .rule = CVYI_BORDER_GIVEN };

    for (int i = 0; i < CVYI_MAX_SPATIAL; i++) {
        part.before[i] =
            sign * border->before[i] > 0 ? sign * border->before[i] : 0;
        part.after[i] =
            sign * border->after[i] > 0 ? sign * border->after[i] : 0;
    }
    return part;
}

static bool is_empty(const cvyi_border *border)
{
    for (int i = 0; i < CVYI_MAX_SPATIAL; i++)
        if (border->before[i] != 0 || border->after[i] != 0)
            return false;
    return true;
}

static cvyi_step *add_step(cvyi_phrase *out, const cvyi_bound *call,
                           cvyi_axes axes, const char *op)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, op);

    if (step == NULL)
        return NULL;
    cvyi_attrs_open(&step->attrs, step->attrs.op, call->in[0].rank - 2);
    step->axes = axes;
    step->label = out->n > 1 ? op : NULL;
    return step;
}

static bool add_crop(cvyi_phrase *out, const cvyi_bound *call, cvyi_axes axes,
                     const cvyi_border *cut)
{
    cvyi_step *const step = add_step(out, call, axes, "crop");

    if (step == NULL)
        return false;
    cvyi_set_ints(&step->attrs, "before", cut->before, step->attrs.n_spatial);
    cvyi_set_ints(&step->attrs, "after", cut->after, step->attrs.n_spatial);
    return true;
}

static bool add_pad(cvyi_phrase *out, const cvyi_bound *call, cvyi_axes axes,
                    const cvyi_border *grown, const char *mode, double value)
{
    cvyi_step *const step = add_step(out, call, axes, "pad");

    if (step == NULL)
        return false;
    cvyi_set_border(&step->attrs, "border", *grown);
    cvyi_set_real(&step->attrs, "value", value);
    cvyi_set_word(&step->attrs, "mode", mode);
    return true;
}

static bool cuts_first(const char *mode)
{
    return strcmp(mode, "constant") == 0 || strcmp(mode, "circular") == 0;
}

cvy_status cvyi_pad_add(cvyi_phrase *out, const cvyi_bound *call,
                        cvyi_axes axes, const cvyi_border *border,
                        const char *mode, double value, cvy_error *err)
{
    const cvyi_border grown = part_of(border, 1), cut = part_of(border, -1);
    const bool cuts = !is_empty(&cut), first = cuts_first(mode);
    bool good = true;

    if (cuts && first)
        good = add_crop(out, call, axes, &cut);
    if (good && (!cuts || !is_empty(&grown)))
        good = add_pad(out, call, axes, &grown, mode, value);
    if (good && cuts && !first)
        good = add_crop(out, call, axes, &cut);
    return good ? CVY_OK : cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
}

/* What is wrong with a border over `length` elements, or NULL. */
static const char *fault_of(int64_t length, int64_t before, int64_t after,
                            const char *mode)
{
    const int64_t most = before > after ? before : after;
    const int64_t cut = (before < 0 ? before : 0) + (after < 0 ? after : 0);

    if (length + before + after < 0 ||
        (strcmp(mode, "constant") == 0 && length + cut < 0))
        return "cuts more than there is";
    if (strcmp(mode, "reflect") == 0 && most >= length)
        return "must be below the length, the edge is not repeated";
    if ((strcmp(mode, "symmetric") == 0 || strcmp(mode, "circular") == 0) &&
        most > length)
        return "must not be above the length";
    return NULL;
}

/* Are there too few elements for what the frameworks would still do? */
static bool is_too_short(int64_t length, int64_t before, int64_t after,
                         const char *mode)
{
    const int64_t left =
        length + (before < 0 ? before : 0) + (after < 0 ? after : 0);

    return length + before + after < 1 || (cuts_first(mode) && left < 1) ||
           (strcmp(mode, "circular") == 0 && (before > left || after > left));
}

/* torch makes an empty value of a mirror only if another axis is left. */
static bool is_all_gone(const cvyi_type *in, int first, int n_spatial,
                        const cvyi_border *border)
{
    for (int i = 0; i < n_spatial; i++) {
        int64_t length;

        if (!cvyi_size_constant(&length, in->dims[first + i]) ||
            length + border->before[i] + border->after[i] > 0)
            return false;
    }
    return true;
}

cvy_status cvyi_pad_check(cvyi_phrase *out, const cvyi_bound *call,
                          cvyi_axes axes, int n_spatial,
                          const cvyi_border *border, const char *mode,
                          const char *name, cvy_error *err)
{
    const int first = axes == CVYI_AXES_FIRST ? 2 : 1;
    const char *fault = NULL;
    bool is_short = false;
    int axis = 0;

    if (!cuts_first(mode) &&
        is_all_gone(&call->in[0], first, n_spatial, border))
        fault = "leaves nothing";
    for (int i = 0; fault == NULL && i < n_spatial; i++) {
        const int64_t b = border->before[i], a = border->after[i];
        int64_t length;

        axis = first + i;
        if (!cvyi_size_constant(&length, call->in[0].dims[axis]))
            continue;
        fault = fault_of(length, b, a, mode);
        is_short = is_short || is_too_short(length, b, a, mode);
    }
    if (fault != NULL)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "correct this argument in the source",
                           "the border of axis %d %s", axis, fault);
    if (is_short)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           name, "cut less",
                           "too little is left of an axis when the border is "
                           "made");
    return CVY_OK;
}

static bool is_zero(const int64_t *pair)
{
    return pair[0] == 0 && pair[1] == 0;
}

cvy_status cvyi_pad_from_pairs(cvyi_phrase *out, const cvyi_bound *call,
                               const int64_t (*pairs)[2], const char *mode,
                               double value, const char *name, cvy_error *err)
{
    const int rank = call->in[0].rank;
    cvyi_border border = { .rule = CVYI_BORDER_GIVEN };

    if (rank < 3 || rank - 2 > CVYI_MAX_SPATIAL)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           name, "pad axes between batch and channels",
                           "an input of %d axes is not padded", rank);
    if (!is_zero(pairs[0]) ||
        (!is_zero(pairs[rank - 1]) && !is_zero(pairs[1])))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           name, "pad the spatial axes only",
                           "a border of the %s is not carried over",
                           is_zero(pairs[0]) ? "channels" : "batch");

    const cvyi_axes axes =
        is_zero(pairs[rank - 1]) ? CVYI_AXES_LAST : CVYI_AXES_FIRST;

    for (int i = 0; i < rank - 2; i++) {
        const int axis = i + (axes == CVYI_AXES_FIRST ? 2 : 1);

        border.before[i] = pairs[axis][0];
        border.after[i] = pairs[axis][1];
    }
    CVYI_TRY(
        cvyi_pad_check(out, call, axes, rank - 2, &border, mode, name, err));
    return cvyi_pad_add(out, call, axes, &border, mode, value, err);
}

/* ---- writing ---- */

/* The edge repeated once is a mirror of the edge. */
static const char *mode_of(const cvyi_attrs *attrs, const cvyi_border *border,
                           const char *has)
{
    const char *const mode = cvyi_attr_word(attrs, "mode");

    if (strcmp(mode, "symmetric") != 0 && strcmp(mode, "replicate") != 0)
        return mode;
    for (int i = 0; i < attrs->n_spatial; i++)
        if (border->before[i] > 1 || border->after[i] > 1)
            return mode;
    return has;
}

cvy_status cvyi_pad_amounts(cvyi_border *out, const char **mode,
                            cvyi_said *said, const cvyi_saying *what,
                            const char *has, cvy_error *err)
{
    cvyi_border border = { .rule = CVYI_BORDER_GIVEN };
    cvyi_attrs read;

    for (int i = 0; i < what->attrs->n_spatial; i++) {
        cvy_border b;

        if (!cvyi_window_fixed(&b, what->attrs, i))
            return cvyi_refuse(&said->refusal, what->arena, err,
                               CVYI_NO_COUNTERPART, "padding",
                               "fix the size of the input",
                               "the border depends on the input's size");
        border.before[i] = b.before;
        border.after[i] = b.after;
    }
    cvyi_attrs_open(&read, what->attrs->op, what->attrs->n_spatial);
    cvyi_set_border(&read, "border", border);
    cvyi_set_real(&read, "value", cvyi_attr_real(what->attrs, "value"));
    *mode = mode_of(what->attrs, &border, has);
    cvyi_set_word(&read, "mode", *mode);
    if (!cvyi_attrs_equal(&read, what->attrs, NULL))
        *cvyi_said_means(said, "pad", read.n_spatial) = read;
    *out = border;
    return CVY_OK;
}
