/* layout/compose.c - one layout after another. */
#include "base/memory.h"
#include "layout/atoms.h"

#include <string.h>

/* The array between two layouts, cut so finely that every atom of either is
 * whole pieces. */
typedef struct pieces {
    int n;
    int64_t dims[CVY_MAX_RANK];
    int of_first[CVY_MAX_RANK];  /* place of the atom in first's target */
    int of_second[CVY_MAX_RANK]; /* atom of second's source */
} pieces;

static cvy_status cannot_cut(int64_t a, int64_t b, cvy_error *err)
{
    return cvyi_fail(err, CVY_UNSUPPORTED,
                     "an axis is cut into parts of %lld and of %lld elements, "
                     "which do not fit into one another",
                     (long long)a, (long long)b);
}

static cvy_status too_many(cvy_error *err)
{
    return cvyi_fail(err, CVY_UNSUPPORTED,
                     "a rearrangement of more than %d parts", CVY_MAX_RANK);
}

/* One axis, from its last element's side: takes the smaller of the two atoms
 * that are left and cuts it off the other. `a` and `b` come in as the ends of
 * the axis' atoms and leave as their beginnings; pieces are made backwards. */
static cvy_status cut_axis(pieces *out, const cvyi_layout *first, int *a,
                           int n_a, const cvyi_layout *second, int *b, int n_b,
                           cvy_error *err)
{
    const int a_end = *a - n_a, b_end = *b - n_b;
    int64_t x = 1, y = 1;

    while (*a > a_end || *b > b_end || x != 1 || y != 1) {
        if (x == 1 && *a > a_end)
            x = first->dims[first->perm[--*a]];
        if (y == 1 && *b > b_end)
            y = second->dims[--*b];

        const int64_t less = x < y ? x : y, more = x < y ? y : x;

        if (less != more && (less <= 1 || more % less != 0))
            return cannot_cut(x, y, err);
        if (out->n == CVY_MAX_RANK)
            return too_many(err);
        out->dims[out->n] = less;
        out->of_first[out->n] = *a;
        out->of_second[out->n++] = *b;
        x = less == 0 ? 1 : x / less;
        y = less == 0 ? 1 : y / less;
    }
    return CVY_OK;
}

static cvy_status cut(pieces *out, const cvyi_layout *first,
                      const cvyi_layout *second, cvy_error *err)
{
    int a = first->n, b = second->n;

    *out = (pieces){ 0 };
    for (int i = first->target_rank - 1; i >= 0; i--)
        CVYI_TRY(cut_axis(out, first, &a, first->target_group[i], second, &b,
                          second->source_group[i], err));
    return CVY_OK;
}

cvy_status cvyi_layout_then(cvyi_layout *out, const cvyi_layout *first,
                            const cvyi_layout *second, cvy_error *err)
{
    int64_t between[CVY_MAX_RANK], wanted[CVY_MAX_RANK];
    const int rank = cvyi_layout_target(first, between);
    int number[CVY_MAX_RANK]; /* piece -> atom of the result */
    pieces p;
    cvyi_layout result = { .source_rank = first->source_rank,
                           .target_rank = second->target_rank };

    if (cvyi_layout_source(second, wanted) != rank ||
        memcmp(between, wanted, (size_t)rank * sizeof *between) != 0)
        return cvyi_fail(err, CVY_SHAPE,
                         "one rearrangement does not give the shape that the "
                         "next one takes");
    CVYI_TRY(cut(&p, first, second, err));

    for (int atom = 0; atom < first->n; atom++)
        for (int k = p.n - 1; k >= 0; k--)
            if (first->perm[p.of_first[k]] == atom) {
                number[k] = result.n;
                result.dims[result.n++] = p.dims[k];
                result.source_group[cvyi_group_of(first->source_group,
                                                  first->source_rank, atom)]++;
            }
    for (int place = 0, n = 0; place < second->n; place++)
        for (int k = p.n - 1; k >= 0; k--)
            if (p.of_second[k] == second->perm[place]) {
                result.perm[n++] = number[k];
                result.target_group[cvyi_group_of(
                    second->target_group, second->target_rank, place)]++;
            }
    cvyi_atoms_tidy(&result);
    *out = result;
    return CVY_OK;
}

/* The layout of a shape that reorders the factors of one axis. */
static void reorder_factors(cvyi_layout *out, int rank, const int64_t *dims,
                            int axis, int n, const int64_t *factor_dims,
                            const int *order)
{
    int number[CVY_MAX_RANK];
    int place = 0;

    *out = (cvyi_layout){ .source_rank = rank, .target_rank = rank };
    for (int i = 0; i < rank; i++) {
        const int before = out->n;

        for (int k = 0; k < (i == axis ? n : 1); k++) {
            const int64_t size = i == axis ? factor_dims[k] : dims[i];

            if (i == axis)
                number[k] = size != 1 ? out->n : -1;
            if (size != 1)
                out->dims[out->n++] = size;
        }
        out->source_group[i] = out->target_group[i] = out->n - before;
        for (int k = before; i != axis && k < out->n; k++)
            out->perm[place++] = k;
        for (int k = 0; i == axis && k < n; k++)
            if (number[order[k]] >= 0)
                out->perm[place++] = number[order[k]];
    }
    cvyi_atoms_tidy(out);
}

static cvy_status check_factors(int64_t size, int n,
                                const int64_t *factor_dims, const int *order,
                                cvy_error *err)
{
    int64_t product = 1;
    unsigned seen = 0;

    if (n < 0 || n > CVY_MAX_RANK)
        return too_many(err);
    for (int k = 0; k < n; k++) {
        if (order[k] < 0 || order[k] >= n || (seen >> order[k] & 1))
            return cvyi_fail(err, CVY_ARGUMENT,
                             "an order of factors that is no permutation");
        seen |= 1u << order[k];
        if (factor_dims[k] < 0 ||
            !cvyi_mul64(&product, product, factor_dims[k]))
            return cvyi_fail(err, CVY_SHAPE, "factors beyond 63 bits");
    }
    if (product != size)
        return cvyi_fail(err, CVY_SHAPE,
                         "an axis of %lld elements has no factors with the "
                         "product %lld",
                         (long long)size, (long long)product);
    return CVY_OK;
}

cvy_status cvyi_layout_split(cvyi_layout *out, const cvyi_layout *in,
                             int target_axis, int n,
                             const int64_t *factor_dims, const int *order,
                             cvy_error *err)
{
    int64_t dims[CVY_MAX_RANK];
    const int rank = cvyi_layout_target(in, dims);
    cvyi_layout factors;

    if (target_axis < 0 || target_axis >= rank)
        return cvyi_fail(err, CVY_ARGUMENT, "axis %d of an array of %d",
                         target_axis, rank);
    CVYI_TRY(check_factors(dims[target_axis], n, factor_dims, order, err));
    if (rank - 1 + n > CVY_MAX_RANK)
        return too_many(err);
    reorder_factors(&factors, rank, dims, target_axis, n, factor_dims, order);
    return cvyi_layout_then(out, in, &factors, err);
}
