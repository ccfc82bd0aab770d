/* layer/pool/words.c - what the frameworks' words for pools share. */
#include "layer/pool/words.h"

cvy_status cvyi_pool_add(cvyi_phrase *out, const cvyi_bound *call,
                         const cvyi_pool_call *pool, const char *name,
                         cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "pool");
    const int first = pool->axes == CVYI_AXES_FIRST ? 2 : 1;

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_attrs_open(&step->attrs, step->attrs.op, pool->n);
    step->axes = pool->axes;
    cvyi_set_word(&step->attrs, "kind", pool->kind);
    cvyi_set_ints(&step->attrs, "taps", pool->taps, pool->n);
    cvyi_set_ints(&step->attrs, "stride", pool->stride, pool->n);
    cvyi_set_ints(&step->attrs, "dilation", pool->dilation, pool->n);
    cvyi_set_border(&step->attrs, "border", pool->border);
    cvyi_set_word(&step->attrs, "count", pool->window ? "window" : "real");
    cvyi_set_int(&step->attrs, "ceil", pool->ceil);
    for (int i = 0; i < pool->n; i++) {
        const cvyi_size length = call->in[0].dims[first + i];
        cvy_error why = { 0 };
        cvyi_size size;
        const cvy_status status = cvyi_window_size(&size, &step->attrs, i,
                                                   length, call->sizes, &why);

        if (status == CVY_SHAPE || status == CVY_ARGUMENT)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, name,
                               "give it a longer input or a smaller window",
                               "%s", why.text);
        if (status != CVY_OK)
            return cvyi_fail(err, status, "%s", why.text);
    }
    return CVY_OK;
}

bool cvyi_pool_never_hangs(const cvyi_attrs *attrs, int axis, cvyi_size length)
{
    const cvyi_border *const border = cvyi_attr_border(attrs, "border");
    const cvy_border given = { border->before[axis], border->after[axis] };
    const cvy_window w = cvyi_window_at(attrs, axis);
    cvy_border whole, span;
    int64_t known, with, without;

    if (!cvyi_window_ceil(attrs))
        return true;
    if (cvyi_size_constant(&known, length))
        return cvyi_window_border(&whole, attrs, axis, known, NULL) ==
                   CVY_OK &&
               cvy_window_count(&with, known, w, whole, NULL) == CVY_OK &&
               cvy_window_count(&without, known, w, given, NULL) == CVY_OK &&
               with == without;
    return w.stride == 1 && cvy_border_causal(&span, w, NULL) == CVY_OK &&
           given.after <= span.before;
}

cvy_status cvyi_pool_other_kind(const cvyi_saying *what, const char *kind,
                                cvy_error *err)
{
    if (cvyi_attr_is(what->attrs, "kind", kind))
        return CVY_OK;
    return cvyi_fail(err, CVY_UNSUPPORTED, "this is no %s pool", kind);
}
