/* verify/compare.c - values of the source and of the port, side by side. */
#include "base/thread.h"
#include "verify/parts.h"

#include <math.h>
#include <string.h>

static cvy_status gathered(cvy_view *out, const cvy_view *source,
                           const cvyi_arrangement *a, cvy_error *err)
{
    cvy_view copy;

    CVYI_TRY(
        cvyi_tensor_open(&copy, CVY_F32, source->rank, source->dims, err));
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
    cvyi_moved_axes(arrangement->moved, source->rank, axes);
    *out = cvyi_permuted(source, axes);
    return CVY_OK;
}

/* What one thread compares: the samples of a batch are the pieces. */
typedef struct comparison {
    cvy_view source, bound, port; /* axes in the source's order */
    const int64_t *features;      /* of the last axis: the port's position */
    cvyi_difference *worst;       /* one a piece */
} comparison;

/* The element with the largest share so far. Equal numbers are the rule, so
 * they cost least; a NaN on one side only is as wrong as can be. */
static void judge(cvyi_difference *worst, float x, float y, float b,
                  const int64_t *at, int rank)
{
    const double error = fabs((double)x - (double)y);
    const double bound = 2.0 * (double)b;

    if (x == y || error <= worst->share * bound || (isnan(x) && isnan(y)))
        return;
    worst->error = error;
    worst->bound = bound;
    worst->share = bound > 0 && !isnan(error) ? error / bound : INFINITY;
    memcpy(worst->at, at, (size_t)rank * sizeof *at);
}

/* A run of elements of one axis. */
typedef struct compared {
    const float *x, *b, *y;
    int64_t x_step, b_step, y_step;
} compared;

static void compare_run(const comparison *c, cvyi_difference *worst,
                        int64_t *at, int axis, compared run, int64_t n)
{
    float largest = 0;

    for (int64_t i = 0; i < n; i++) {
        const float b = run.b[i * run.b_step];
        const float x = run.x[i * run.x_step], y = run.y[i * run.y_step];

        largest = b > largest ? b : largest;
        if (x == y)
            continue;
        at[axis] = i;
        judge(worst, x, y, b, at, c->source.rank);
    }
    at[axis] = 0;
    if (2.0 * (double)largest > worst->largest)
        worst->largest = 2.0 * (double)largest;
}

static compared run_at(const comparison *c, const int64_t *at, int axis)
{
    return (compared){
        .x = (const float *)c->source.data + cvyi_offset(&c->source, at),
        .b = (const float *)c->bound.data + cvyi_offset(&c->bound, at),
        .y = (const float *)c->port.data + cvyi_offset(&c->port, at),
        .x_step = c->source.strides[axis],
        .b_step = c->bound.strides[axis],
        .y_step = c->port.strides[axis],
    };
}

/* Features stand elsewhere in the port, each by itself. */
static void compare_features(const comparison *c, cvyi_difference *worst,
                             int64_t *at)
{
    const int last = c->source.rank - 1;

    for (at[last] = 0; at[last] < c->source.dims[last]; at[last]++) {
        compared one = run_at(c, at, last);
        const int64_t feature = at[last];

        one.y += (c->features[feature] - feature) * one.y_step;
        if (*one.b > worst->largest / 2)
            worst->largest = 2.0 * (double)*one.b;
        judge(worst, *one.x, *one.y, *one.b, at, c->source.rank);
    }
    at[last] = 0;
}

/* The last two axes. They may lie the other way round in the port, so the last
 * is taken in strips that fill a line of the cache on either side. */
static void compare_plane(const comparison *c, cvyi_difference *worst,
                          int64_t *at)
{
    enum { STRIP = 16 };
    const int last = c->source.rank - 1, axis = last - 1;
    const int64_t n = c->source.dims[last];

    for (int64_t first = 0; first < n; first += STRIP)
        for (at[last] = first; at[last] < n && at[last] < first + STRIP;
             at[last]++)
            compare_run(c, worst, at, axis, run_at(c, at, axis),
                        c->source.dims[axis]);
    at[last] = 0;
}

static void compare_sample(void *context, size_t sample)
{
    const comparison *const c = context;
    const int rank = c->source.rank;
    int64_t at[CVYI_MAX_DIMS] = { (int64_t)sample };
    cvyi_difference *const worst = &c->worst[sample];

    if (c->features != NULL) {
        compare_features(c, worst, at);
    } else if (rank < 3) {
        const int axis = rank - 1;

        compare_run(c, worst, at, axis, run_at(c, at, axis),
                    c->source.dims[axis]);
    } else {
        do
            compare_plane(c, worst, at);
        while (rank > 3 && cvyi_next(rank - 3, c->source.dims + 1, at + 1));
    }
}

/* Where in the port each feature of the source stands; NULL: unchanged, or
 * *failed. */
static int64_t *feature_positions(const cvy_view *source,
                                  const cvyi_arrangement *a, bool *failed)
{
    int64_t *positions;

    *failed = false;
    if (a->n_blocks == 0 || source->rank != 2)
        return NULL;
    positions = cvyi_alloc((size_t)source->dims[1], sizeof *positions);
    *failed = positions == NULL;
    for (int64_t p = 0; positions != NULL && p < source->dims[1]; p++)
        positions[cvyi_feature_source(a->blocks, a->n_blocks, p)] = p;
    return positions;
}

static cvyi_difference worst_of(const cvyi_difference *all, int64_t n)
{
    cvyi_difference worst = all[0];

    for (int64_t i = 1; i < n; i++) {
        const double largest = fmax(worst.largest, all[i].largest);

        if (all[i].share > worst.share)
            worst = all[i];
        worst.largest = largest;
    }
    if (worst.share == 0)
        worst.bound = worst.largest;
    return worst;
}

cvy_status cvyi_compare(cvyi_difference *out, const cvy_view *source,
                        const cvy_view *bound, const cvy_view *port,
                        const cvyi_arrangement *arrangement, cvy_error *err)
{
    comparison c = { .source = *source, .bound = *bound, .port = *port };
    const int64_t samples = source->rank > 1 ? source->dims[0] : 1;
    int64_t *features;
    bool failed;
    int axes[CVYI_MAX_DIMS];

    if (cvy_view_count(source) == 0) {
        *out = (cvyi_difference){ 0 };
        return CVY_OK;
    }
    features = feature_positions(source, arrangement, &failed);
    c.features = features;
    c.worst = cvyi_alloc((size_t)samples, sizeof *c.worst);
    if (failed || c.worst == NULL) {
        cvyi_free(features);
        cvyi_free(c.worst);
        return cvyi_no_memory(err);
    }
    cvyi_moved_back(arrangement->moved, port->rank, axes);
    c.port = cvyi_permuted(port, axes);
    cvyi_parallel((size_t)samples, compare_sample, &c);
    *out = worst_of(c.worst, samples);
    cvyi_free(features);
    cvyi_free(c.worst);
    return CVY_OK;
}
