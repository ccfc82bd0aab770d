/* layer/resize/words.c - what the frameworks' words for resizing share. */
#include "layer/resize/resize.h"

#include <math.h>
#include <string.h>

cvy_status cvyi_resize_add(cvyi_phrase *out, const cvyi_bound *call,
                           cvyi_axes axes, const char *method,
                           const char *grid, const double *factors,
                           const int64_t *sizes, int n_spatial, cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "resize");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_attrs_open(&step->attrs, step->attrs.op, n_spatial);
    step->axes = axes;
    cvyi_set_word(&step->attrs, "method", method);
    cvyi_set_word(&step->attrs, "grid", grid);
    if (sizes != NULL) {
        cvyi_set_ints(&step->attrs, "size", sizes, n_spatial);
        return CVY_OK;
    }

    double *const kept =
        cvyi_arena_alloc(call->arena, (size_t)n_spatial, sizeof *kept);

    if (kept == NULL)
        return cvyi_no_memory(err);
    memcpy(kept, factors, (size_t)n_spatial * sizeof *kept);
    *cvyi_attr_set(&step->attrs, "factor") =
        (cvyi_attr_value){ .n = n_spatial, .reals = kept };
    return CVY_OK;
}

bool cvyi_resize_whole(const cvyi_attrs *attrs)
{
    const cvyi_attr_value *const factor = cvyi_attr_at(attrs, "factor");
    const int64_t *const size = cvyi_attr_ints(attrs, "size", NULL);

    for (int i = 0; i < attrs->n_spatial; i++)
        if (size[i] != 0 || factor->reals[i] != floor(factor->reals[i]))
            return false;
    return true;
}

bool cvyi_resize_lengths(int64_t *out, const cvyi_saying *what)
{
    const int first = what->axes == CVYI_AXES_FIRST ? 2 : 1;

    for (int i = 0; i < what->attrs->n_spatial; i++) {
        const int64_t size = cvyi_attr_ints(what->attrs, "size", NULL)[i];
        int64_t n;

        if (size == 0 && !cvyi_size_constant(&n, what->in[0].dims[first + i]))
            return false;
        out[i] = size > 0 ? size : cvyi_resize_axis_at(what->attrs, i, n).m;
    }
    return true;
}

/* The same nearest elements; for a mix, the same coordinates. */
static bool same_axis(const cvyi_resize_axis *a, const cvyi_resize_axis *b,
                      bool linear)
{
    if (linear)
        return strcmp(a->grid, b->grid) == 0 &&
               (strcmp(a->grid, "corners") == 0 || a->n == a->m ||
                a->factor == b->factor ||
                (double)a->n * a->factor == (double)b->m);
    for (int64_t i = 0; i < a->m; i++)
        if (cvyi_resize_nearest(a, i) != cvyi_resize_nearest(b, i))
            return false;
    return true;
}

bool cvyi_resize_same(const cvyi_saying *what, const char *grid)
{
    const int first = what->axes == CVYI_AXES_FIRST ? 2 : 1;
    const bool linear = cvyi_attr_is(what->attrs, "method", "linear");

    for (int i = 0; i < what->attrs->n_spatial; i++) {
        const bool sized = cvyi_attr_ints(what->attrs, "size", NULL)[i] > 0;
        int64_t n;

        if (sized && cvyi_attr_is(what->attrs, "grid", grid))
            continue;
        if (!cvyi_size_constant(&n, what->in[0].dims[first + i]))
            return false;

        const cvyi_resize_axis a = cvyi_resize_axis_at(what->attrs, i, n);
        const cvyi_resize_axis b = { .n = n, .m = a.m, .grid = grid };

        if (!same_axis(&a, &b, linear))
            return false;
    }
    return true;
}
