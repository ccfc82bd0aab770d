/* layout/layout.c - atoms of an array, and what can be done with them. */
#include "layout/layout.h"

#include "layout/atoms.h"

#include <string.h>

int cvyi_group_of(const int *group, int rank, int atom)
{
    int axis = 0;

    for (int first = group[0]; first <= atom && axis < rank - 1;)
        first += group[++axis];
    return axis;
}

static void count_groups(int *group, int rank, const int *axis_of, int n)
{
    for (int i = 0; i < rank; i++)
        group[i] = 0;
    for (int i = 0; i < n; i++)
        group[axis_of[i]]++;
}

/* Place i of the target takes the next atom of the source: both axes last? */
static bool goes_on(const cvyi_layout *l, const int *source_of,
                    const int *target_of, int i)
{
    return i > 0 && l->perm[i] == l->perm[i - 1] + 1 &&
           target_of[i] == target_of[i - 1] &&
           source_of[l->perm[i]] == source_of[l->perm[i - 1]];
}

void cvyi_atoms_tidy(cvyi_layout *l)
{
    int source_of[CVY_MAX_RANK], target_of[CVY_MAX_RANK];
    int into[CVY_MAX_RANK]; /* atom of the source -> the one it becomes */
    int n = 0, m = 0;
    cvyi_layout out = { .source_rank = l->source_rank,
                        .target_rank = l->target_rank };
    bool joins[CVY_MAX_RANK] = { false }; /* atom is one with that before it */
    int new_source[CVY_MAX_RANK], new_target[CVY_MAX_RANK];

    for (int i = 0; i < l->n; i++) {
        source_of[i] = cvyi_group_of(l->source_group, l->source_rank, i);
        target_of[i] = cvyi_group_of(l->target_group, l->target_rank, i);
    }
    for (int i = 0; i < l->n; i++)
        joins[l->perm[i]] = goes_on(l, source_of, target_of, i);
    for (int i = 0; i < l->n; i++) {
        if (joins[i]) {
            out.dims[n - 1] *= l->dims[i];
        } else {
            new_source[n] = source_of[i];
            out.dims[n++] = l->dims[i];
        }
        into[i] = n - 1;
    }
    for (int i = 0; i < l->n; i++)
        if (!joins[l->perm[i]]) {
            new_target[m] = target_of[i];
            out.perm[m++] = into[l->perm[i]];
        }
    out.n = n;
    count_groups(out.source_group, out.source_rank, new_source, n);
    count_groups(out.target_group, out.target_rank, new_target, n);
    *l = out;
}

cvyi_layout cvyi_layout_identity(int rank, const int64_t *dims)
{
    cvyi_layout out = { .source_rank = rank, .target_rank = rank };

    for (int i = 0; i < rank; i++)
        if (dims[i] != 1) {
            out.source_group[i] = out.target_group[i] = 1;
            out.perm[out.n] = out.n;
            out.dims[out.n++] = dims[i];
        }
    return out;
}

cvyi_layout cvyi_layout_inverse(const cvyi_layout *layout)
{
    cvyi_layout out = { .n = layout->n,
                        .source_rank = layout->target_rank,
                        .target_rank = layout->source_rank };

    for (int i = 0; i < layout->n; i++) {
        out.dims[i] = layout->dims[layout->perm[i]];
        out.perm[layout->perm[i]] = i;
    }
    memcpy(out.source_group, layout->target_group, sizeof out.source_group);
    memcpy(out.target_group, layout->source_group, sizeof out.target_group);
    return out;
}

int cvyi_layout_source(const cvyi_layout *layout, int64_t *dims)
{
    int atom = 0;

    for (int i = 0; i < layout->source_rank; i++) {
        dims[i] = 1;
        for (int k = 0; k < layout->source_group[i]; k++)
            dims[i] *= layout->dims[atom++];
    }
    return layout->source_rank;
}

int cvyi_layout_target(const cvyi_layout *layout, int64_t *dims)
{
    const cvyi_layout back = cvyi_layout_inverse(layout);

    return cvyi_layout_source(&back, dims);
}

bool cvyi_layout_is_identity(const cvyi_layout *layout)
{
    for (int i = 0; i < layout->n; i++)
        if (layout->perm[i] != i)
            return false;
    return layout->source_rank == layout->target_rank &&
           memcmp(layout->source_group, layout->target_group,
                  (size_t)layout->source_rank *
                      sizeof *layout->source_group) == 0;
}

cvy_status cvyi_layout_view(cvy_view *out, const cvyi_layout *layout,
                            const cvy_view *source, cvy_error *err)
{
    int64_t dims[CVY_MAX_RANK], strides[CVY_MAX_RANK] = { 0 };
    const int rank = cvyi_layout_source(layout, dims);
    int last = layout->n;

    if (source->rank != rank ||
        memcmp(source->dims, dims, (size_t)rank * sizeof *dims) != 0)
        return cvyi_fail(err, CVY_SHAPE,
                         "an array does not have the shape of its layout");
    for (int i = rank - 1; i >= 0; i--) {
        int64_t stride = source->strides[i];

        for (int k = 0; k < layout->source_group[i]; k++) {
            strides[--last] = stride;
            stride *= layout->dims[last];
        }
    }

    cvy_view view = { .data = source->data,
                      .dtype = source->dtype,
                      .rank = layout->n };

    for (int i = 0; i < layout->n; i++) {
        view.dims[i] = layout->dims[layout->perm[i]];
        view.strides[i] = strides[layout->perm[i]];
    }
    *out = view;
    return CVY_OK;
}

/* Do the atoms of every source axis stay together, and in order? */
static bool axes_stay_whole(const cvyi_layout *l)
{
    const cvyi_layout back = cvyi_layout_inverse(l);

    for (int i = 0; i + 1 < l->n; i++)
        if (cvyi_group_of(l->source_group, l->source_rank, i) ==
                cvyi_group_of(l->source_group, l->source_rank, i + 1) &&
            back.perm[i + 1] != back.perm[i] + 1)
            return false;
    return true;
}

/* Next source axis of size 1 from *at on, or -1. */
static int next_single(const cvyi_layout *l, int *at)
{
    while (*at < l->source_rank)
        if (l->source_group[(*at)++] == 0)
            return *at - 1;
    return -1;
}

/* The permutation of whole source axes. Axes of size 1 may stand anywhere: a
 * target axis of size 1 takes the next of them, as a person would. */
static void whole_axes(const cvyi_layout *l, int *perm)
{
    int n = 0, atom = 0, single = 0, axis, before = -1;

    for (int i = 0; i < l->target_rank; i++) {
        if (l->target_group[i] == 0 && (axis = next_single(l, &single)) >= 0)
            perm[n++] = axis;
        for (int k = 0; k < l->target_group[i]; k++, atom++) {
            axis =
                cvyi_group_of(l->source_group, l->source_rank, l->perm[atom]);
            if (axis != before)
                perm[n++] = axis;
            before = axis;
        }
    }
    while ((axis = next_single(l, &single)) >= 0)
        perm[n++] = axis;
}

void cvyi_layout_numpy(const cvyi_layout *layout, int *n_reshape,
                       int64_t *reshape, int *perm)
{
    if (axes_stay_whole(layout)) {
        *n_reshape = 0;
        whole_axes(layout, perm);
        return;
    }
    *n_reshape = layout->n;
    memcpy(reshape, layout->dims, (size_t)layout->n * sizeof *reshape);
    memcpy(perm, layout->perm, (size_t)layout->n * sizeof *perm);
}

void cvyi_axes_last_to_first(int rank, int *perm)
{
    for (int i = 0; i < rank; i++)
        perm[i] = rank <= 2 || i == 0 ? i : i == 1 ? rank - 1 : i - 1;
}

void cvyi_axes_first_to_last(int rank, int *perm)
{
    for (int i = 0; i < rank; i++)
        perm[i] = rank <= 2 || i == 0 ? i : i == rank - 1 ? 1 : i + 1;
}
