/*
 * engine/conv.c - running a convolution plan.
 *
 * Output positions of all images are numbered one after another and cut into
 * strips of tiles. A piece of work is a strip and some blocks of output
 * channels: the strip's table of pointers is made once and used for every
 * block. Nothing is allocated once the first output is written.
 */
#include "engine/conv.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "engine/pieces.h"
#include "engine/source.h"

enum {
    STRIP_TILES = 16,
    STRIP_POINTERS = 8192, /* 64 KiB */
    /* Weights that tile after tile reads again: 128 KiB, a part of L2. */
    WEIGHTS_AT_ONCE = 32 * 1024,
    PIECES_PER_THREAD = 4,
};

/* What one thread works with. */
typedef struct worker {
    const float **taps; /* [tile][tap][position] */
    int64_t *at;        /* offset in y of each position */
    int64_t *step;      /* of each tile; 0 if uneven or not whole */
    float *sums;        /* tiles that cannot be summed up in place */
} worker;

typedef struct call {
    const cvyi_conv_plan *plan;
    cvyi_conv_source source;
    cvyi_grid y;
    float *bias; /* a vector a block */
    worker *workers;
    int n_workers;
    int64_t positions; /* in the images at hand */
    int64_t n_tiles;
    int64_t strip_tiles; /* at most */
    int64_t strips, splits;
    atomic_int_fast64_t next; /* piece */
} call;

/* Pointers of one position for all taps, `positions` apart. */
static void point(const call *c, const float **to, int64_t image,
                  const int64_t *o)
{
    const cvyi_conv_axis *const a = c->plan->inner.axes;
    const cvyi_conv_source *const s = &c->source;
    const int64_t b0 = o[0] * a[0].stride - a[0].before;
    const int64_t b1 = o[1] * a[1].stride - a[1].before;
    const int64_t b2 = o[2] * a[2].stride - a[2].before;
    const int n = c->plan->positions;

    for (int64_t t0 = 0; t0 < a[0].taps; t0++)
        for (int64_t t1 = 0; t1 < a[1].taps; t1++) {
            const int64_t i0 = b0 + t0 * a[0].dilation;
            const int64_t i1 = b1 + t1 * a[1].dilation;
            const bool hit =
                i0 >= 0 && i0 < a[0].in && i1 >= 0 && i1 < a[1].in;
            const float *const row = !hit ? NULL
                                          : s->data + image * s->batch +
                                                i0 * s->axis[0] +
                                                i1 * s->axis[1];

            for (int64_t t2 = 0; t2 < a[2].taps; t2++, to += n) {
                const int64_t i2 = b2 + t2 * a[2].dilation;

                *to = hit && i2 >= 0 && i2 < a[2].in ? row + i2 * s->axis[2]
                                                     : s->zeros;
            }
        }
}

/* Distance of the tile's outputs, if it is whole and they are evenly spaced. */
static int64_t even_step(const int64_t *at, int64_t n, int positions)
{
    const int64_t step = n > 1 ? at[1] - at[0] : 0;

    if (n < positions)
        return 0;
    for (int64_t i = 2; i < n; i++)
        if (at[i] - at[i - 1] != step)
            return 0;
    return step;
}

/* The worker's tables for tiles first .. first + n. */
static void tabulate(const call *c, const worker *w, int64_t first, int64_t n)
{
    const cvyi_conv_plan *const plan = c->plan;
    const cvyi_conv_axis *const a = plan->inner.axes;
    const int p = plan->positions;

    for (int64_t k = 0; k < n * p; k++) {
        const float **const taps = w->taps + k / p * p * plan->n_taps + k % p;
        int64_t rest = first * p + k, o[3];

        if (rest >= c->positions) {
            for (int64_t t = 0; t < plan->n_taps; t++)
                taps[t * p] = c->source.zeros;
            continue;
        }
        for (int i = 2; i >= 0; i--) {
            o[i] = rest % a[i].out;
            rest /= a[i].out;
        }
        point(c, taps, rest, o);
        w->at[k] = (c->source.first + rest) * c->y.batch +
                   o[0] * c->y.axis[0] + o[1] * c->y.axis[1] +
                   o[2] * c->y.axis[2];
    }
    for (int64_t tile = 0; tile < n; tile++) {
        const int64_t left = c->positions - (first + tile) * p;

        w->step[tile] = even_step(w->at + tile * p, left < p ? left : p, p);
    }
}

/* Where a tile is summed up. */
typedef struct target {
    float *out;
    ptrdiff_t step;
    bool in_place;
} target;

static target target_of(const call *c, const worker *w, int64_t tile,
                        const cvyi_conv_block *b)
{
    const int p = c->plan->positions, width = c->plan->width;
    target t = { w->sums + tile * p * width, width, false };

    if (w->step[tile] != 0 && b->lanes == width &&
        c->y.channel * b->step == 1) {
        t.out = c->y.data + w->at[tile * p] + b->channel * c->y.channel;
        t.step = (ptrdiff_t)w->step[tile];
        t.in_place = true;
    }
    return t;
}

static void scatter(const call *c, const worker *w, int64_t tile,
                    int64_t valid, const cvyi_conv_block *b)
{
    const int p = c->plan->positions, width = c->plan->width;
    const float *const sums = w->sums + tile * p * width;
    const int64_t *const at = w->at + tile * p;

    for (int lane = 0; lane < b->lanes; lane++) {
        float *const y =
            c->y.data + (b->channel + lane * b->step) * c->y.channel;

        for (int64_t i = 0; i < valid; i++)
            y[at[i]] = sums[i * width + lane];
    }
}

/* Adds taps first .. first + n to a tile. */
static void add(const cvyi_conv_plan *plan, const target *t, const worker *w,
                int64_t tile, const cvyi_conv_block *b, const float *weights,
                int64_t first, int64_t n)
{
    const float *const *const taps =
        w->taps + (tile * plan->n_taps + first) * plan->positions;

    if (plan->depth != NULL)
        plan->depth->run(t->out, t->step, taps, b->first,
                         weights + first * plan->width, (size_t)n);
    else
        plan->tile->run(t->out, t->step, taps, b->first,
                        weights + first * plan->n_in * plan->width, (size_t)n,
                        (size_t)plan->n_in);
}

/* One block of channels for the n tiles that the worker's tables describe. */
static void run_block(const call *c, const worker *w, int64_t block,
                      int64_t first, int64_t n)
{
    const cvyi_conv_plan *const plan = c->plan;
    const int p = plan->positions, width = plan->width;
    const cvyi_conv_block b = cvyi_conv_block_at(plan, block);
    const float *const weights =
        plan->weights + (size_t)block * plan->block_size;
    const int64_t fit = WEIGHTS_AT_ONCE / (plan->n_in * width);
    const int64_t some = fit > 0 ? fit : 1;

    for (int64_t t = 0; t < plan->n_taps; t += some)
        for (int64_t tile = 0; tile < n; tile++) {
            const target to = target_of(c, w, tile, &b);
            const int64_t left = plan->n_taps - t;

            for (int i = 0; t == 0 && i < p; i++)
                memcpy(to.out + i * to.step, c->bias + block * width,
                       (size_t)width * sizeof *to.out);
            add(plan, &to, w, tile, &b, weights, t, left < some ? left : some);
            if (left <= some && !to.in_place) {
                const int64_t valid = c->positions - (first + tile) * p;

                scatter(c, w, tile, valid < p ? valid : p, &b);
            }
        }
}

static void run_worker(void *context, size_t index)
{
    call *const c = context;
    const worker *const w = &c->workers[index];
    const int64_t pieces = c->strips * c->splits;
    const int64_t blocks = c->plan->n_blocks;

    for (int64_t i; (i = atomic_fetch_add(&c->next, 1)) < pieces;) {
        const int64_t strip = i / c->splits, split = i % c->splits;
        const int64_t first = c->n_tiles * strip / c->strips;
        const int64_t n = c->n_tiles * (strip + 1) / c->strips - first;

        tabulate(c, w, first, n);
        for (int64_t b = blocks * split / c->splits;
             b < blocks * (split + 1) / c->splits; b++)
            run_block(c, w, b, first, n);
    }
}

static void run_images(call *c, int64_t images)
{
    const cvyi_conv_plan *const plan = c->plan;
    const int64_t wanted = PIECES_PER_THREAD * (int64_t)c->n_workers;

    c->positions = images * cvyi_problem_positions(&plan->inner);
    c->n_tiles = (c->positions - 1) / plan->positions + 1;
    c->strips = (c->n_tiles - 1) / c->strip_tiles + 1;
    c->splits = (wanted - 1) / c->strips + 1;
    if (c->n_workers == 1)
        c->splits = 1;
    if (c->splits > plan->n_blocks)
        c->splits = plan->n_blocks;
    if (c->strips * c->splits < wanted && c->n_workers > 1)
        c->strips = c->n_tiles < wanted ? c->n_tiles : wanted;
    atomic_store(&c->next, 0);
    cvyi_pieces((size_t)c->n_workers, CVYI_WORK_ALONE, run_worker, c);
}

static double work(const cvyi_conv_plan *plan)
{
    return (double)plan->problem.batch *
           (double)cvyi_problem_positions(&plan->inner) *
           (double)plan->n_blocks * (double)plan->block_size;
}

static bool open_workers(call *c, cvyi_arena *arena)
{
    const cvyi_conv_plan *const plan = c->plan;
    const int64_t tile_taps = plan->n_taps * plan->positions;
    const int64_t fit = STRIP_POINTERS / tile_taps;

    c->strip_tiles = fit < 1 ? 1 : fit < STRIP_TILES ? fit : STRIP_TILES;
    c->n_workers = work(plan) < CVYI_WORK_ALONE ? 1 : cvyi_threads();
    c->workers =
        cvyi_arena_alloc(arena, (size_t)c->n_workers, sizeof *c->workers);

    const size_t tiles = (size_t)c->strip_tiles;
    const size_t n = tiles * (size_t)plan->positions;

    for (int i = 0; c->workers != NULL && i < c->n_workers; i++) {
        worker *const w = &c->workers[i];

        w->taps = cvyi_arena_alloc(arena, tiles * (size_t)tile_taps,
                                   sizeof *w->taps);
        w->at = cvyi_arena_alloc(arena, n, sizeof *w->at);
        w->step = cvyi_arena_alloc(arena, tiles, sizeof *w->step);
        w->sums =
            cvyi_arena_alloc(arena, n * (size_t)plan->width, sizeof *w->sums);
        if (!w->taps || !w->at || !w->step || !w->sums)
            return false;
    }
    return c->workers != NULL;
}

static cvy_status open_bias(call *c, const cvy_view *bias, cvyi_arena *arena,
                            cvy_error *err)
{
    const cvyi_conv_plan *const plan = c->plan;

    c->bias = cvyi_arena_alloc(arena, (size_t)(plan->n_blocks * plan->width),
                               sizeof *c->bias);
    if (c->bias == NULL)
        return cvyi_no_memory(err);
    if (bias == NULL || bias->data == NULL)
        return CVY_OK;
    if (bias->rank != 1 || bias->dtype != CVY_F32 ||
        bias->dims[0] != plan->problem.outputs)
        return cvyi_fail(err, CVY_SHAPE, "bias is not %lld float32 numbers",
                         (long long)plan->problem.outputs);
    for (int64_t i = 0; i < plan->n_blocks; i++) {
        const cvyi_conv_block b = cvyi_conv_block_at(plan, i);

        for (int lane = 0; lane < b.lanes; lane++) {
            const float value =
                ((const float *)bias
                     ->data)[(b.channel + lane * b.step) * bias->strides[0]];

            c->bias[i * plan->width + lane] =
                plan->absolute ? fabsf(value) : value;
        }
    }
    return CVY_OK;
}

static cvy_status open_call(call *c, const cvyi_grid *x, const cvy_view *bias,
                            cvyi_arena *arena, cvy_error *err)
{
    CVYI_TRY(open_bias(c, bias, arena, err));
    CVYI_TRY(cvyi_conv_source_open(&c->source, c->plan, x, arena, err));
    return open_workers(c, arena) ? CVY_OK : cvyi_no_memory(err);
}

cvy_status cvyi_conv_run(const cvyi_conv_plan *plan, const cvy_view *y,
                         const cvy_view *x, const cvy_view *bias,
                         cvy_error *err)
{
    const int64_t batch = plan->problem.batch;
    cvyi_arena arena = { 0 };
    call c = { .plan = plan };
    cvyi_grid x_grid;

    CVYI_TRY(cvyi_problem_grid(&c.y, &plan->problem, y, true, err));
    CVYI_TRY(cvyi_problem_grid(&x_grid, &plan->problem, x, false, err));
    if (batch == 0 || cvyi_problem_positions(&plan->problem) == 0)
        return CVY_OK;

    const cvy_status status = open_call(&c, &x_grid, bias, &arena, err);

    for (int64_t i = 0; status == CVY_OK && i < batch; i += c.source.images) {
        const int64_t left = batch - i;
        const int64_t n = left < c.source.images ? left : c.source.images;

        cvyi_conv_source_seek(&c.source, i, n);
        run_images(&c, n);
    }
    cvyi_arena_close(&arena);
    return status;
}
