/*
 * layout/layout.h - rearrangements of an array, from strings to strides.
 *
 * A layout cuts the axes of a source into atoms, permutes the atoms, and
 * joins them into the axes of a target:
 *
 *   target = source.reshape(atoms).transpose(perm).reshape(target shape)
 *
 * An axis of size 1 has no atoms. Every layout that a function here returns
 * has the fewest atoms that say it, so two of the same source and target
 * shape are equal when their fields are. Nothing allocates.
 */
#ifndef CVYI_LAYOUT_LAYOUT_H
#define CVYI_LAYOUT_LAYOUT_H

#include "base/error.h"
#include "convey/tensor.h"

typedef struct cvyi_layout {
    int n;                      /* atoms */
    int64_t dims[CVY_MAX_RANK]; /* of the atoms, in the source's order */
    int perm[CVY_MAX_RANK];     /* i-th atom of the target = atom perm[i] */
    int source_rank;
    int source_group[CVY_MAX_RANK]; /* atoms of each source axis */
    int target_rank;
    int target_group[CVY_MAX_RANK]; /* atoms of each target axis */
} cvyi_layout;

/*
 * Reads a rule for an array of the given shape: "S I M -> (I M) 1 S".
 *
 * A letter is one axis; S is every spatial axis in order; 1 is an axis of
 * size 1, 1S one such axis per spatial axis; on the right side parentheses
 * join axes into one. On the left side they cut one, and all parts but one
 * say their size: "(C M=2) 1 S -> S C M". Without an arrow the rule names
 * axes and moves nothing.
 * CVY_ARGUMENT for a rule that is none, CVY_SHAPE if the array does not have
 * the left side's axes.
 */
cvy_status cvyi_layout_parse(cvyi_layout *out, const char *rule, int n_spatial,
                             int rank, const int64_t *source_dims,
                             cvy_error *err);

/* rank <= CVY_MAX_RANK */
cvyi_layout cvyi_layout_identity(int rank, const int64_t *dims);
cvyi_layout cvyi_layout_inverse(const cvyi_layout *layout);

/* `first`, then `second`, as one. CVY_SHAPE unless second's source shape is
 * first's target shape; CVY_UNSUPPORTED if no atoms can say it (an axis of 6
 * cut as 2 x 3 here and 3 x 2 there), or more than CVY_MAX_RANK. */
cvy_status cvyi_layout_then(cvyi_layout *out, const cvyi_layout *first,
                            const cvyi_layout *second, cvy_error *err);

/* As `in`, but the elements of one target axis, seen as n row-major factors,
 * stand with factor order[i] at place i: a dense weight of (H W C) inputs for
 * a flatten of (C H W) is order { 2, 0, 1 }. The target shape stays. */
cvy_status cvyi_layout_split(cvyi_layout *out, const cvyi_layout *in,
                             int target_axis, int n,
                             const int64_t *factor_dims, const int *order,
                             cvy_error *err);

/* Shapes; `dims` has room for CVY_MAX_RANK. Return the rank. */
int cvyi_layout_source(const cvyi_layout *layout, int64_t *dims);
int cvyi_layout_target(const cvyi_layout *layout, int64_t *dims);

/* Same shape and nothing moves. */
bool cvyi_layout_is_identity(const cvyi_layout *layout);

/* A view of the source's memory with one axis for each atom, in the target's
 * order: its elements in row-major order are the target's. The source may
 * have any strides. CVY_SHAPE unless it has the layout's source shape. */
cvy_status cvyi_layout_view(cvy_view *out, const cvyi_layout *layout,
                            const cvy_view *source, cvy_error *err);

/* The layout in NumPy's words, as a report prints it:
 *   source.reshape(reshape).transpose(perm).reshape(target shape)
 * with *n_reshape 0 when the source needs no reshape first; `perm` then has
 * source_rank entries, else *n_reshape. Both have room for CVY_MAX_RANK. */
void cvyi_layout_numpy(const cvyi_layout *layout, int *n_reshape,
                       int64_t *reshape, int *perm);

/* perm such that transpose(perm) carries N S... C to N C S..., and back. The
 * identity for rank <= 2. */
void cvyi_axes_last_to_first(int rank, int *perm);
void cvyi_axes_first_to_last(int rank, int *perm);

#endif
