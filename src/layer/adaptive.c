/* layer/adaptive.c - adaptive and global pools, and reductions, as steps. */
#include "layer/adaptive.h"

#include "layer/marks.h"
#include "layer/squeeze.h"

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

/* How a mean or a maximum over axes is a pool. */
typedef enum pooling {
    POOLS_NOT,
    POOLS_ALL,  /* one number a channel */
    POOLS_SOME, /* axes that are kept */
} pooling;

/* Which axes are channels is a guess: a dialect has them at a usual place.
 * Elsewhere they stand too, but in Keras a value of three axes has them last.
 * *axes: where they stand. */
static pooling pooling_of(cvyi_axes *axes, const char *kind,
                          const bool *reduced, int rank, bool keep, bool torch)
{
    const int n = rank - 2, first = torch ? 2 : 1;

    *axes = torch ? CVYI_AXES_FIRST : CVYI_AXES_LAST;
    if (n < 1 || (strcmp(kind, "max") != 0 && strcmp(kind, "average") != 0))
        return POOLS_NOT;
    if (are(reduced, rank, first, first + n - 1, true))
        return POOLS_ALL;
    if ((torch || n > 1) &&
        are(reduced, rank, 3 - first, rank - first, true)) {
        *axes = torch ? CVYI_AXES_LAST : CVYI_AXES_FIRST;
        return POOLS_ALL;
    }
    return keep && n <= CVYI_MAX_SPATIAL &&
                   are(reduced, rank, first, first + n - 1, false)
               ? POOLS_SOME
               : POOLS_NOT;
}

static cvy_status add_reduce(cvyi_phrase *out, const cvyi_bound *call,
                             const char *kind, const bool *reduced, bool keep,
                             const char *name, cvy_error *err)
{
    const int rank = call->in[0].rank;
    int64_t marks[CVYI_MAX_DIMS];
    cvyi_step *step;
    int n = 0;

    for (int i = 0; i < rank; i++) {
        marks[i] = reduced[i];
        n += reduced[i];
    }
    if (reduced[0])
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           name, "reduce axes behind the batch",
                           "one number of several samples is not carried "
                           "over");
    step = cvyi_phrase_add(out, call, n == 0 ? "identity" : "reduce");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    if (n == 0)
        return CVY_OK;
    cvyi_attrs_open(&step->attrs, step->attrs.op, 0);
    cvyi_set_word(&step->attrs, "kind", kind);
    cvyi_set_ints(&step->attrs, "axes", marks, rank);
    return keep ? CVY_OK
                : cvyi_squeeze_axes(out, call, rank, reduced, "squeeze", err);
}

static bool is_torch(const char *dialect)
{
    return strcmp(dialect, "torch") == 0;
}

cvy_status cvyi_reduction_add(cvyi_phrase *out, const cvyi_bound *call,
                              const char *kind, const bool *reduced, bool keep,
                              const char *name, cvy_error *err)
{
    const int rank = call->in[0].rank;
    int64_t sizes[CVYI_MAX_DIMS];
    cvyi_axes axes;
    const pooling how = pooling_of(&axes, kind, reduced, rank, keep,
                                   is_torch(call->spelling->dialect));

    if (how == POOLS_NOT)
        return add_reduce(out, call, kind, reduced, keep, name, err);
    if (how == POOLS_ALL)
        return add_global(out, call, kind, keep, axes, err);
    for (int i = 0; i < rank - 2; i++)
        sizes[i] = reduced[(axes == CVYI_AXES_FIRST ? 2 : 1) + i];
    return cvyi_adaptive_pool_add(out, call, kind, axes, sizes, rank - 2, err);
}

void cvyi_reduction_means(cvyi_said *out, const cvyi_saying *what)
{
    const char *const kind = cvyi_attr_word(what->attrs, "kind");
    const int rank = what->in[0].rank, n = rank - 2;
    bool reduced[CVYI_MAX_DIMS] = { false };
    int64_t axes[CVYI_MAX_DIMS], sizes[CVYI_MAX_DIMS];
    const int n_axes = cvyi_marked(axes, what->attrs, "axes");
    cvyi_axes channels;
    cvyi_attrs *read;

    for (int i = 0; i < n_axes; i++)
        reduced[axes[i]] = true;

    const pooling how = pooling_of(&channels, kind, reduced, rank, true,
                                   is_torch(out->spelling->dialect));

    if (how == POOLS_NOT)
        return;
    read = cvyi_said_means(
        out, how == POOLS_ALL ? "global_pool" : "adaptive_pool", n);
    cvyi_set_word(read, "kind", kind);
    if (how == POOLS_ALL) {
        cvyi_set_int(read, "keepdims", true);
        return;
    }
    for (int i = 0; i < n; i++)
        sizes[i] = reduced[(channels == CVYI_AXES_FIRST ? 2 : 1) + i];
    cvyi_set_ints(read, "sizes", sizes, n);
}
