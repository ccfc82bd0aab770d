/* verify/compare.c - values of the source and of the port, side by side. */
#include "verify/parts.h"

#include <math.h>
#include <string.h>

static cvy_status gathered(cvy_view *out, const cvy_view *source,
                           const cvyi_arrangement *a, cvy_error *err)
{
    cvy_view copy;

    CVYI_TRY(cvyi_tensor_open(&copy, CVY_F32, source->rank, source->dims,
                              err));
    for (int64_t p = 0; p < source->dims[1]; p++) {
        const int64_t from = cvyi_feature_source(a->blocks, a->n_blocks, p);

        for (int64_t n = 0; n < source->dims[0]; n++)
            ((float *)copy.data)[n * copy.strides[0] + p] =
                ((const float *)source->data)[n * source->strides[0] +
                                              from * source->strides[1]];
    }
    *out = copy;
    return CVY_OK;
}

cvy_status cvyi_arranged(cvy_view *out, bool *owned, const cvy_view *source,
                         const cvyi_arrangement *arrangement, cvy_error *err)
{
    int axes[CVYI_MAX_DIMS];

    *owned = arrangement->n_blocks > 0 && source->rank == 2;
    if (*owned)
        return gathered(out, source, arrangement, err);
    if (arrangement->moved) {
        cvyi_axes_last_to_first(source->rank, axes);
        *out = cvyi_permuted(source, axes);
    } else {
        *out = *source;
    }
    return CVY_OK;
}

static void judge(cvyi_difference *worst, double error, double bound,
                  const int64_t *at, int rank)
{
    const double share = error == 0 ? 0
                         : bound > 0 ? error / bound
                                     : INFINITY;

    /* A NaN on one side only is as wrong as can be. */
    if (!(share <= worst->share) || worst->share < 0) {
        worst->error = error;
        worst->bound = bound;
        worst->share = isnan(share) ? INFINITY : share;
        memcpy(worst->at, at, (size_t)rank * sizeof *at);
    }
}

cvyi_difference cvyi_compare(const cvy_view *source, const cvy_view *bound,
                             const cvy_view *port,
                             const cvyi_arrangement *arrangement)
{
    const bool blocks = arrangement->n_blocks > 0 && source->rank == 2;
    cvyi_difference worst = { .share = -1 };
    int64_t at[CVYI_MAX_DIMS] = { 0 };
    cvy_view view = *port;
    int axes[CVYI_MAX_DIMS];

    if (arrangement->moved) {
        cvyi_axes_first_to_last(port->rank, axes);
        view = cvyi_permuted(port, axes);
    }
    if (cvy_view_count(source) == 0)
        return worst;
    do {
        int64_t from[CVYI_MAX_DIMS];

        /* With blocks `at` walks over the port's positions. */
        memcpy(from, at, sizeof from);
        if (blocks)
            from[1] = cvyi_feature_source(arrangement->blocks,
                                          arrangement->n_blocks, at[1]);

        const float x =
            ((const float *)source->data)[cvyi_offset(source, from)];
        const float y = ((const float *)view.data)[cvyi_offset(&view, at)];
        const float b = ((const float *)bound->data)[cvyi_offset(bound, from)];

        judge(&worst, x == y ? 0 : fabs((double)x - (double)y),
              2.0 * (double)b, from, source->rank);
    } while (cvyi_next(source->rank, source->dims, at));
    return worst;
}
