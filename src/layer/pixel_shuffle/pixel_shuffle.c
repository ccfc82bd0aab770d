/*
 * layer/pixel_shuffle/pixel_shuffle.c - channels become blocks of pixels, or
 * blocks channels.
 */
#include "layer/op.h"
#include "tensor/tensor.h"

#include <string.h>

/* Channels are (C, block, block), or with `slow` "block" (block, block, C);
 * without `up` pixels become channels. */
static const cvyi_attr attrs[] = {
    { "block", CVYI_ATTR_INT, NULL, NULL },
    { "up", CVYI_ATTR_BOOL, "true", NULL },
    { "slow", CVYI_ATTR_WORD, "channel", "channel block" },
    { 0 },
};

static const cvyi_slot slots[] = { { 0 } };

/* A size that is to be a multiple of n. One that is not known may be any: what
 * does not fit fails when it is run. */
static cvy_status share(cvyi_size *size, int64_t n, const char *what,
                        cvyi_sizes *sizes, cvy_error *err)
{
    const cvyi_size by = cvyi_size_of(sizes, n);
    const cvyi_size each = cvyi_size_floor(sizes, *size, by);
    int64_t known;

    if (each == NULL)
        return cvyi_no_memory(err);
    if (cvyi_size_constant(&known, *size) && known % n != 0)
        return cvyi_fail(err, CVY_SHAPE, "%lld %s are no multiple of %lld",
                         (long long)known, what, (long long)n);
    *size = each;
    return CVY_OK;
}

static cvy_status times(cvyi_size *size, int64_t n, cvyi_sizes *sizes,
                        cvy_error *err)
{
    *size = cvyi_size_mul(sizes, *size, cvyi_size_of(sizes, n));
    return *size != NULL ? CVY_OK
                         : cvyi_fail(err, CVY_MEMORY,
                                     "a size outgrew memory or 64 bits");
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    const int64_t block = cvyi_attr_int(a, "block");
    const bool up = cvyi_attr_bool(a, "up");
    cvyi_inferred found = { .n_out = 1, .out = { *in } };
    cvyi_size *const dims = found.out[0].dims;
    int64_t channels;

    (void)n_in;
    if (in->rank != 4)
        return cvyi_fail(err, CVY_SHAPE, "needs an input of 4 axes, got %d",
                         in->rank);
    if (!cvyi_size_constant(&channels, in->dims[1]))
        return cvyi_fail(err, CVY_SHAPE,
                         "the number of input channels is not known");
    if (block < 1 || block > INT32_MAX)
        return cvyi_fail_in(err, CVY_ARGUMENT, "block",
                            "a block needs a size >= 1");
    if (up)
        CVYI_TRY(share(&dims[1], block * block, "channels", sizes, err));
    for (int i = 2; i < 4; i++)
        CVYI_TRY(up ? times(&dims[i], block, sizes, err)
                    : share(&dims[i], block, "pixels", sizes, err));
    if (!up)
        CVYI_TRY(times(&dims[1], block * block, sizes, err));
    *out = found;
    return CVY_OK;
}

/* Both sides as N C H W and a place in the block, of which each has its own
 * strides. */
static cvy_view split(const cvy_view *from, const cvy_view *few, int64_t block,
                      bool pixels, bool slow_block)
{
    const int64_t *const s = from->strides;
    const int64_t channels = few->dims[1];
    const int64_t place = slow_block ? channels : 1;
    cvy_view out = { .data = from->data, .dtype = from->dtype, .rank = 6 };
    const int64_t of_channels[] = { s[0],
                                    (slow_block ? 1 : block * block) * s[1],
                                    s[2],
                                    s[3],
                                    block * place * s[1],
                                    place * s[1] };
    const int64_t of_pixels[] = { s[0],         s[1], block * s[2],
                                  block * s[3], s[2], s[3] };

    memcpy(out.strides, pixels ? of_pixels : of_channels, sizeof of_pixels);
    memcpy(out.dims, few->dims, 4 * sizeof *out.dims);
    out.dims[4] = out.dims[5] = block;
    return out;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    const int64_t block = cvyi_attr_int(job->attrs, "block");
    const bool up = cvyi_attr_bool(job->attrs, "up");
    const bool slow_block = cvyi_attr_is(job->attrs, "slow", "block");
    const cvy_view *const x = &job->in[0], *const y = &job->out[0];
    /* Channels of the side with pixels, pixels of the side with channels. */
    cvy_view few = up ? *y : *x;

    few.dims[2] = (up ? x : y)->dims[2];
    few.dims[3] = (up ? x : y)->dims[3];

    const cvy_view from = split(x, &few, block, !up, slow_block);
    const cvy_view to = split(y, &few, block, up, slow_block);

    return cvyi_copy(&to, &from, err);
}

const cvyi_op cvyi_op_pixel_shuffle = {
    .name = "pixel_shuffle",
    .title = "channels become blocks of pixels, or blocks channels",
    .order = CVYI_ORDER_CHANNEL,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
