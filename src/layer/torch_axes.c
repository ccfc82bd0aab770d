/* layer/torch_axes.c - torch's numbers for every spatial axis. */
#include "layer/torch_axes.h"

#include "layer/adaptive.h"

#include <string.h>

bool cvyi_torch_int(int64_t *out, const cvyi_value *value, bool first)
{
    if (value->kind == CVYI_INT)
        *out = value->integer;
    else if (value->kind == CVYI_BOOL && !first)
        *out = value->truth;
    else
        return false;
    return true;
}

cvy_status cvyi_torch_per_axis(int64_t *out, cvyi_phrase *phrase,
                               const cvyi_bound *call, const char *name,
                               int64_t least, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const bool list = value->kind == CVYI_LIST;
    const int n = call->n_spatial;
    int64_t found[CVYI_MAX_SPATIAL];
    bool good = !list || value->n == 1 || value->n == n;

    for (int i = 0; good && i < n; i++) {
        const int at = list && value->n > 1 ? i : 0;

        good = cvyi_torch_int(&found[i], list ? &value->items[at] : value,
                              at == 0) &&
               found[i] >= least;
    }
    if (!good)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "correct this argument in the source",
                           "%s must be an integer >= %lld or a tuple of %d",
                           name, (long long)least, n);
    memcpy(out, found, (size_t)n * sizeof *out);
    return CVY_OK;
}

cvy_status cvyi_torch_reduction(cvyi_phrase *out, const cvyi_bound *call,
                                const char *kind, cvy_error *err)
{
    const cvyi_value *const dim = cvyi_arg(call, "dim");
    bool reduced[CVYI_MAX_DIMS];
    bool keep;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_arg_bool(&keep, out, call, "keepdim", err));
    CVYI_TRY(cvyi_reduced_axes(reduced, out, call, "dim", err));
    /* An empty list is all axes too, the batch among them. */
    if (dim->kind == CVYI_LIST && dim->n == 0)
        reduced[0] = true;
    return cvyi_reduction_add(out, call, kind, reduced, keep, "dim", err);
}
