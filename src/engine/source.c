/* engine/source.c - the input of a convolution as its kernels read it. */
#include "engine/source.h"

#include <math.h>
#include <string.h>

#include "engine/pieces.h"

enum { COPY_FLOATS = 1 << 20, CHANNELS_AT_ONCE = 16 };

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool in_place(const cvyi_conv_plan *plan, const cvyi_grid *x)
{
    return !plan->absolute && !plan->merged && x->channel == 1 &&
           (plan->depth == NULL || plan->problem.inputs % plan->width == 0);
}

static cvy_status open_copy(cvyi_conv_source *s, cvyi_arena *arena,
                            cvy_error *err)
{
    const cvyi_conv_axis *const axes = s->plan->spread.axes;
    size_t image;

    s->row = s->plan->inner.axes[2].in;
    if (!cvyi_mul(&image, (size_t)s->row, (size_t)s->pitch) ||
        !cvyi_mul(&image, image, (size_t)axes[1].in) ||
        !cvyi_mul(&image, image, (size_t)axes[0].in) || image > INT64_MAX / 8)
        return cvyi_no_memory(err);
    s->axis[2] = s->pitch;
    s->axis[1] = s->row * s->pitch;
    s->axis[0] = axes[1].in * s->axis[1];
    s->batch = (int64_t)image;
    if (image > 0)
        s->images = least(s->images, 1 + COPY_FLOATS / (int64_t)image);
    s->copy =
        cvyi_arena_alloc(arena, (size_t)s->images, image * sizeof *s->copy);
    s->data = s->copy;
    return s->copy ? CVY_OK : cvyi_no_memory(err);
}

cvy_status cvyi_conv_source_open(cvyi_conv_source *out,
                                 const cvyi_conv_plan *plan,
                                 const cvyi_grid *x, cvyi_arena *arena,
                                 cvy_error *err)
{
    const int64_t inputs = plan->problem.inputs;
    cvyi_conv_source s = {
        .plan = plan,
        .x = *x,
        .pitch = inputs,
        .images = plan->problem.batch,
        .batch = x->batch,
        .axis = { x->axis[0], x->axis[1], x->axis[2] },
    };

    if (plan->depth != NULL)
        s.pitch = ((inputs - 1) / plan->width + 1) * plan->width;

    const size_t longest =
        (size_t)(s.pitch > plan->n_in ? s.pitch : plan->n_in);

    s.zeros = cvyi_arena_alloc(arena, longest, sizeof *s.zeros);
    if (s.zeros == NULL)
        return cvyi_no_memory(err);
    if (!in_place(plan, x))
        CVYI_TRY(open_copy(&s, arena, err));
    *out = s;
    return CVY_OK;
}

/* Positions x channels, any strides, to channels side by side. A few channels
 * at a time keep their cache lines while the positions advance. */
static void gather(float *to, int64_t pitch, const float *from, int64_t step,
                   int64_t channel, int64_t n, int64_t channels)
{
    if (channel == 1) {
        for (int64_t i = 0; i < n; i++)
            memcpy(to + i * pitch, from + i * step,
                   (size_t)channels * sizeof *to);
        return;
    }
    for (int64_t c = 0; c < channels; c += CHANNELS_AT_ONCE) {
        const int64_t end = least(channels, c + CHANNELS_AT_ONCE);

        for (int64_t i = 0; i < n; i++)
            for (int64_t k = c; k < end; k++)
                to[i * pitch + k] = from[i * step + k * channel];
    }
}

/* Row `index` counts image by image. What lies outside of the data has been
 * zero since the copy was allocated. */
static void copy_row(const cvyi_conv_source *s, int64_t index)
{
    const cvyi_conv_plan *const plan = s->plan;
    const cvyi_conv_axis *const a = plan->spread.axes;
    const int64_t i1 = index % a[1].in, i0 = index / a[1].in % a[0].in;
    const int64_t image = s->first + index / a[1].in / a[0].in;
    const int64_t before = plan->merged ? a[2].before : 0;
    const int64_t begin = before < 0 ? -before : 0;
    const int64_t end = least(a[2].in, s->row - before);
    const float *const from =
        s->x.data + image * s->x.batch + i0 * s->x.axis[0] + i1 * s->x.axis[1];
    float *const to = s->copy + index * s->row * s->pitch;

    if (begin >= end)
        return;
    gather(to + (begin + before) * s->pitch, s->pitch,
           from + begin * s->x.axis[2], s->x.axis[2], s->x.channel,
           end - begin, plan->problem.inputs);
    for (int64_t i = 0; plan->absolute && i < s->row * s->pitch; i++)
        to[i] = fabsf(to[i]);
}

typedef struct copying {
    const cvyi_conv_source *source;
    int64_t rows, each;
} copying;

static void copy_piece(void *context, size_t piece)
{
    const copying *const c = context;
    const int64_t begin = (int64_t)piece * c->each;
    const int64_t end = least(c->rows, begin + c->each);

    for (int64_t i = begin; i < end; i++)
        copy_row(c->source, i);
}

void cvyi_conv_source_seek(cvyi_conv_source *source, int64_t first, int64_t n)
{
    const cvyi_conv_axis *const axes = source->plan->spread.axes;
    const int64_t floats = source->row * source->pitch;
    copying c = { source, n * axes[0].in * axes[1].in, 1 };

    source->first = first;
    if (source->copy == NULL) {
        source->data = source->x.data + first * source->x.batch;
        return;
    }
    if (floats < CVYI_WORK_ALONE / 8)
        c.each = CVYI_WORK_ALONE / 8 / (floats + 1) + 1;
    cvyi_pieces((size_t)((c.rows + c.each - 1) / c.each),
                (double)c.rows * (double)floats, copy_piece, &c);
}
