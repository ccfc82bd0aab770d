/* layer/adaptive.c - adaptive and global pools, and reductions, as steps. */
#include "layer/adaptive.h"

#include <string.h>

static cvy_status add_global(cvyi_phrase *out, const cvyi_bound *call,
                             const char *kind, bool keep, cvyi_axes axes,
                             cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "global_pool");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axes;
    cvyi_set_word(&step->attrs, "kind", kind);
    cvyi_set_int(&step->attrs, "keepdims", keep);
    return CVY_OK;
}

cvy_status cvyi_adaptive_pool_add(cvyi_phrase *out, const cvyi_bound *call,
                                  const char *kind, cvyi_axes axes,
                                  const int64_t *sizes, int n, cvy_error *err)
{
    bool ones = true, nothing = true;

    for (int i = 0; i < n; i++) {
        ones = ones && sizes[i] == 1;
        nothing = nothing && sizes[i] == 0;
    }
    if (ones)
        return add_global(out, call, kind, true, axes, err);

    cvyi_step *const step =
        cvyi_phrase_add(out, call, nothing ? "identity" : "adaptive_pool");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axes;
    if (nothing)
        return CVY_OK;
    cvyi_attrs_open(&step->attrs, step->attrs.op, n);
    cvyi_set_word(&step->attrs, "kind", kind);
    cvyi_set_ints(&step->attrs, "sizes", sizes, n);
    return CVY_OK;
}

cvy_status cvyi_reduced_axes(bool *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             cvy_error *err)
{
    const cvyi_value *const axes = cvyi_arg(call, name);
    const int rank = call->in[0].rank;
    const bool list = axes->kind == CVYI_LIST;
    const int n = list ? axes->n : 1;

    for (int i = 0; i < rank; i++)
        out[i] = cvyi_is_none(axes);
    for (int i = 0; !cvyi_is_none(axes) && i < n; i++) {
        const cvyi_value *const value = list ? &axes->items[i] : axes;
        int64_t axis = 0;
        const bool good = value->kind == CVYI_INT &&
                          cvyi_as_int(&axis, value) && axis >= -rank &&
                          axis < rank;

        if (good && !out[axis < 0 ? axis + rank : axis]) {
            out[axis < 0 ? axis + rank : axis] = true;
            continue;
        }
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "name axes of the input, each once",
                           "%s must name different axes of an input with %d",
                           name, rank);
    }
    return CVY_OK;
}

/* Are all axes first .. last reduced (`all`), or some, and no others? */
static bool are(const bool *reduced, int rank, int first, int last, bool all)
{
    bool some = false;

    for (int i = 0; i < rank; i++) {
        const bool inside = i >= first && i <= last;

        if ((reduced[i] && !inside) || (all && inside && !reduced[i]))
            return false;
        some = some || reduced[i];
    }
    return some;
}

cvy_status cvyi_reduction_add(cvyi_phrase *out, const cvyi_bound *call,
                              const char *kind, const bool *reduced, bool keep,
                              const char *name, cvy_error *err)
{
    const int rank = call->in[0].rank;
    const bool torch = strcmp(call->spelling->dialect, "torch") == 0;
    const cvyi_axes usual = torch ? CVYI_AXES_FIRST : CVYI_AXES_LAST;
    const cvyi_axes other = torch ? CVYI_AXES_LAST : CVYI_AXES_FIRST;
    int64_t sizes[CVYI_MAX_DIMS];

    for (int k = 0; rank > 2 && k < 4; k++) {
        const cvyi_axes axes = k % 2 == 0 ? usual : other;
        const int first = axes == CVYI_AXES_FIRST ? 2 : 1, n = rank - 2;

        if (!are(reduced, rank, first, first + n - 1, k < 2))
            continue;
        if (k < 2)
            return add_global(out, call, kind, keep, axes, err);
        for (int i = 0; i < n; i++)
            sizes[i] = reduced[first + i];
        if (keep && n <= CVYI_MAX_SPATIAL)
            return cvyi_adaptive_pool_add(out, call, kind, axes, sizes, n,
                                          err);
    }
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, "reduce all axes but batch and channel",
                       "other axes are reduced than those behind batch and "
                       "channel");
}
