/* layer/layer_norm/keras_write.c - norms over axes, written for Keras. */
#include "layer/layer_norm/words.h"
#include "layer/marks.h"
#include "layer/torch.h"

/* The marked axes, ascending. */
typedef struct listed {
    int n, rank;
    int64_t axes[CVYI_MAX_DIMS];
    int order[CVYI_MAX_DIMS]; /* the slot's axes */
} listed;

static listed list_axes(const cvyi_saying *what)
{
    listed l = { .rank = what->in[0].rank };
    const int64_t *const marks = cvyi_attr_ints(what->attrs, "axes", NULL);

    for (int i = 0; i < l.rank; i++)
        if (marks[i] != 0) {
            l.axes[l.n] = i;
            l.order[l.n++] = (int)marks[i] - 1;
        }
    return l;
}

static void say_axes(cvyi_said *out, const listed *l)
{
    if (l->n > 1)
        cvyi_code_tuple(out, "axis", l->axes, l->n);
    else if (l->axes[0] != l->rank - 1)
        cvyi_code_int(out, "axis", l->axes[0]);
}

static cvy_status refuse(cvyi_said *out, const cvyi_saying *what,
                         const char *attribute, const char *advice,
                         const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       attribute, advice, "%s", reason);
}

static cvy_status say_slot(cvyi_said *out, const cvyi_saying *what,
                           const listed *l, const char *slot, const char *name,
                           cvy_error *err)
{
    const char *const layout = cvyi_marks_layout(what->arena, l->order, l->n);

    if (layout == NULL)
        return cvyi_no_memory(err);
    cvyi_said_slot_add(out, slot, name, layout);
    return CVY_OK;
}

static cvy_status end(cvyi_said *out, const cvyi_saying *what, const listed *l,
                      cvy_error *err)
{
    cvyi_attrs read = *what->attrs;
    int64_t marks[CVYI_MAX_DIMS] = { 0 };

    cvyi_code_end(out);
    for (int i = 0; i < l->n; i++)
        marks[l->axes[i]] = i + 1;
    cvyi_set_ints(&read, "axes", marks, l->rank);
    cvyi_torch_means(out, what, &read);
    return cvyi_text_status(&out->code, err);
}

cvy_status cvyi_layer_norm_to_layer(cvyi_said *out, const cvyi_saying *what,
                                    cvy_error *err)
{
    const bool scaled = cvyi_attr_is(what->attrs, "mode", "scaled");
    const double eps = cvyi_attr_real(what->attrs, "eps");
    const bool weight = (what->present & 1u) != 0;
    const bool bias = (what->present & 2u) != 0;
    const listed l = list_axes(what);

    if (cvyi_attr_is(what->attrs, "mode", "rms"))
        return refuse(out, what, "mode", "use RMSNormalization",
                      "LayerNormalization takes the mean out", err);
    if (scaled && (bias || !weight))
        return refuse(out, what, "mode", "write it by hand",
                      "with rms_scaling Keras has a factor and no bias", err);
    cvyi_code_begin(out, "layers.LayerNormalization");
    say_axes(out, &l);
    if (eps != 1e-3)
        cvyi_code_double(out, "epsilon", eps);
    if (!bias && !scaled)
        cvyi_code_bool(out, "center", false);
    if (!weight)
        cvyi_code_bool(out, "scale", false);
    if (scaled)
        cvyi_code_bool(out, "rms_scaling", true);
    if (weight)
        CVYI_TRY(say_slot(out, what, &l, "weight", "gamma", err));
    if (bias)
        CVYI_TRY(say_slot(out, what, &l, "bias", "beta", err));
    return end(out, what, &l, err);
}

/* RMSNormalization and its function multiply the last axes. */
static cvy_status begin_rms(cvyi_said *out, const cvyi_saying *what,
                            const listed *l, cvy_error *err)
{
    if (!cvyi_attr_is(what->attrs, "mode", "rms"))
        return refuse(out, what, "mode", "use LayerNormalization",
                      "Keras' RMS norm leaves the mean in", err);
    if ((what->present & 2u) != 0)
        return refuse(out, what, "bias", "add it in a step of its own",
                      "Keras' RMS norm has no bias", err);
    if ((what->present & 1u) != 0 && l->axes[0] != l->rank - l->n)
        return refuse(out, what, "axes", "normalise over the last axes",
                      "Keras' RMS norm has its factor on the last axes", err);
    return CVY_OK;
}

cvy_status cvyi_layer_norm_to_rms(cvyi_said *out, const cvyi_saying *what,
                                  cvy_error *err)
{
    const double eps = cvyi_attr_real(what->attrs, "eps");
    const listed l = list_axes(what);

    CVYI_TRY(begin_rms(out, what, &l, err));
    if ((what->present & 1u) == 0)
        return refuse(out, what, "weight", "use keras.ops.rms_normalization",
                      "RMSNormalization always has a factor", err);
    cvyi_code_begin(out, "layers.RMSNormalization");
    say_axes(out, &l);
    if (eps != 1e-6)
        cvyi_code_double(out, "epsilon", eps);
    CVYI_TRY(say_slot(out, what, &l, "weight", "scale", err));
    return end(out, what, &l, err);
}

/* Without a factor. */
cvy_status cvyi_layer_norm_to_rms_function(cvyi_said *out,
                                           const cvyi_saying *what,
                                           cvy_error *err)
{
    const double eps = cvyi_attr_real(what->attrs, "eps");
    const listed l = list_axes(what);

    CVYI_TRY(begin_rms(out, what, &l, err));
    if ((what->present & 1u) != 0)
        return refuse(out, what, "weight", "write it as a layer",
                      "its factor is trained", err);
    cvyi_code_begin(out, "ops.rms_normalization");
    cvyi_code_raw(out, NULL, "{0}");
    say_axes(out, &l);
    if (eps != 1e-7)
        cvyi_code_double(out, "epsilon", eps);
    return end(out, what, &l, err);
}
