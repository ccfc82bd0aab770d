/*
 * engine/pool.c - maximum, sum and mean over windows, channel by channel.
 *
 * Up to LANES results are made at a time, side by side along whichever of
 * channels and last axis is closer together in memory. Either way a result
 * takes its taps in the same order, so strides do not change a bit.
 */
#include "engine/pool.h"

#include <math.h>
#include <stdlib.h>

#include "engine/pieces.h"

enum { LANES = 64 };

typedef struct pooling {
    cvyi_conv_problem p; /* on three axes */
    cvyi_grid x, y;
    bool max;
    bool along_channels;
    cvyi_divisor divisor;
    int64_t after[3];
    int64_t lanes_in_all; /* channels, or outputs of the last axis */
} pooling;

/* The first tap of output `o` that reads at or after `position`. */
static int64_t first_tap(const cvyi_conv_axis *a, int64_t o, int64_t position)
{
    const int64_t away = position + a->before - o * a->stride;

    if (away <= 0)
        return 0;

    const int64_t tap = (away - 1) / a->dilation + 1;

    return tap < a->taps ? tap : a->taps;
}

int64_t cvyi_pool_count(const cvyi_conv_axis *axis, int64_t o, int64_t first,
                        int64_t end)
{
    const int64_t n = first_tap(axis, o, end) - first_tap(axis, o, first);

    return n > 0 ? n : 0;
}

/* Outputs begin .. *end whose tap t is data; may be none. */
static void hits(const cvyi_conv_axis *a, int64_t t, int64_t *begin,
                 int64_t *end)
{
    const int64_t at = t * a->dilation - a->before; /* read by output 0 */
    const int64_t low = at < 0 ? (-at - 1) / a->stride + 1 : 0;
    const int64_t high = at < a->in ? (a->in - at - 1) / a->stride + 1 : 0;

    if (*begin < low)
        *begin = low;
    if (*end > high)
        *end = high;
}

static void fold_max(float *best, const float *x, int64_t step, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        const float v = x[i * step];

        if (!(v <= best[i]) && !isnan(best[i]))
            best[i] = v;
    }
}

static void fold_sum(double *sum, const float *x, int64_t step, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        sum[i] += (double)x[i * step];
}

static double divide_by(const pooling *pool, const int64_t *o)
{
    double n = 1;

    for (int i = 0; i < 3; i++) {
        const cvyi_conv_axis *const a = &pool->p.axes[i];

        switch (pool->divisor) {
        case CVYI_DIVIDE_NOT:
            break;
        case CVYI_DIVIDE_BY_COUNT:
            n *= (double)cvyi_pool_count(a, o[i], 0, a->in);
            break;
        case CVYI_DIVIDE_BY_WINDOW:
            n *= (double)a->taps;
            break;
        case CVYI_DIVIDE_BY_PADDED:
            n *= (double)cvyi_pool_count(a, o[i], -a->before,
                                         a->in + pool->after[i]);
            break;
        }
    }
    return n;
}

/* Results [from, from + n) of the lanes; the others stand in o and channel. */
typedef struct run {
    int64_t image, channel, o[3], from, n;
} run;

typedef struct sums {
    float best[LANES];
    double sum[LANES];
} sums;

static void fold(const pooling *pool, const run *r, int64_t i0, int64_t i1,
                 int64_t t2, sums *s)
{
    const cvyi_conv_axis *const a = &pool->p.axes[2];
    const float *const row = pool->x.data + r->image * pool->x.batch +
                             i0 * pool->x.axis[0] + i1 * pool->x.axis[1];
    int64_t begin = r->from, end = r->from + r->n, step = pool->x.channel;
    const float *x;

    if (pool->along_channels) {
        const int64_t i2 = r->o[2] * a->stride + t2 * a->dilation - a->before;

        if (i2 < 0 || i2 >= a->in)
            return;
        x = row + i2 * pool->x.axis[2] + begin * step;
    } else {
        hits(a, t2, &begin, &end);
        if (begin >= end)
            return;
        step = a->stride * pool->x.axis[2];
        x = row + r->channel * pool->x.channel +
            (begin * a->stride + t2 * a->dilation - a->before) *
                pool->x.axis[2];
    }
    if (pool->max)
        fold_max(s->best + (begin - r->from), x, step, end - begin);
    else
        fold_sum(s->sum + (begin - r->from), x, step, end - begin);
}

static void store(const pooling *pool, const run *r, const sums *s)
{
    int64_t o[3] = { r->o[0], r->o[1], r->o[2] };
    double by = divide_by(pool, o);

    for (int64_t i = 0; i < r->n; i++) {
        const int64_t lane = r->from + i;
        const int64_t c = pool->along_channels ? lane : r->channel;

        if (!pool->along_channels) {
            o[2] = lane;
            by = divide_by(pool, o);
        }
        pool->y.data[r->image * pool->y.batch + c * pool->y.channel +
                     o[0] * pool->y.axis[0] + o[1] * pool->y.axis[1] +
                     o[2] * pool->y.axis[2]] =
            pool->max ? s->best[i] : (float)(s->sum[i] / by);
    }
}

/* The last output of the run on the last axis. */
static int64_t last_place(const pooling *pool, const run *r)
{
    return pool->along_channels ? r->o[2] : r->from + r->n - 1;
}

static void pool_run(const pooling *pool, const run *r)
{
    const cvyi_conv_axis *const a = pool->p.axes;
    /* Taps that are data, for one of the outputs at least: a window may be
     * far longer than its axis. */
    const int64_t first[3] = {
        first_tap(&a[0], r->o[0], 0),
        first_tap(&a[1], r->o[1], 0),
        first_tap(&a[2], last_place(pool, r), 0),
    };
    const int64_t end[3] = {
        first_tap(&a[0], r->o[0], a[0].in),
        first_tap(&a[1], r->o[1], a[1].in),
        first_tap(&a[2], pool->along_channels ? r->o[2] : r->from, a[2].in),
    };
    sums s;

    for (int i = 0; i < LANES; i++) {
        s.best[i] = -INFINITY;
        s.sum[i] = 0;
    }
    for (int64_t t0 = first[0]; t0 < end[0]; t0++)
        for (int64_t t1 = first[1]; t1 < end[1]; t1++) {
            const int64_t i0 =
                r->o[0] * a[0].stride + t0 * a[0].dilation - a[0].before;
            const int64_t i1 =
                r->o[1] * a[1].stride + t1 * a[1].dilation - a[1].before;

            for (int64_t t2 = first[2]; t2 < end[2]; t2++)
                fold(pool, r, i0, i1, t2, &s);
        }
    store(pool, r, &s);
}

/* A piece: all lanes of one image, one place on the first two axes, and one
 * channel or one place on the last axis. */
static void pool_piece(void *context, size_t piece)
{
    const pooling *const pool = context;
    const cvyi_conv_axis *const a = pool->p.axes;
    const int64_t inner = pool->along_channels ? a[2].out : pool->p.inputs;
    int64_t rest = (int64_t)piece;
    run r = { 0 };

    if (pool->along_channels)
        r.o[2] = rest % inner;
    else
        r.channel = rest % inner;
    rest /= inner;
    r.o[1] = rest % a[1].out;
    rest /= a[1].out;
    r.o[0] = rest % a[0].out;
    r.image = rest / a[0].out;
    for (; r.from < pool->lanes_in_all; r.from += LANES) {
        const int64_t left = pool->lanes_in_all - r.from;

        r.n = left < LANES ? left : LANES;
        pool_run(pool, &r);
    }
}

static cvy_status pool_all(pooling *pool, const cvyi_conv_problem *problem,
                           const cvy_view *y, const cvy_view *x,
                           const int64_t *after, cvy_error *err)
{
    CVYI_TRY(cvyi_problem_check(problem, err));
    if (problem->inputs != problem->outputs)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "a pool of %lld channels into %lld",
                         (long long)problem->inputs,
                         (long long)problem->outputs);
    CVYI_TRY(cvyi_problem_grid(&pool->y, problem, y, true, err));
    CVYI_TRY(cvyi_problem_grid(&pool->x, problem, x, false, err));
    pool->p = cvyi_problem_spread(problem);
    for (int i = 0;
         pool->divisor == CVYI_DIVIDE_BY_PADDED && i < problem->n_axes; i++)
        pool->after[3 - problem->n_axes + i] = after[i];

    const cvyi_conv_axis *const last = &pool->p.axes[2];
    const int64_t results = cvy_view_count(y);

    if (results == 0)
        return CVY_OK;
    pool->along_channels =
        last->out == 1 || llabs(pool->x.channel) < llabs(pool->x.axis[2]);
    pool->lanes_in_all = pool->along_channels ? problem->inputs : last->out;
    cvyi_pieces((size_t)(results / pool->lanes_in_all),
                (double)results * (double)cvyi_problem_taps(problem),
                pool_piece, pool);
    return CVY_OK;
}

cvy_status cvyi_pool_max(const cvyi_conv_problem *problem, const cvy_view *y,
                         const cvy_view *x, cvy_error *err)
{
    pooling pool = { .max = true };

    return pool_all(&pool, problem, y, x, NULL, err);
}

cvy_status cvyi_pool_sum(const cvyi_conv_problem *problem, const cvy_view *y,
                         const cvy_view *x, cvyi_divisor divisor,
                         const int64_t *after, cvy_error *err)
{
    pooling pool = { .divisor = divisor };

    return pool_all(&pool, problem, y, x, after, err);
}
