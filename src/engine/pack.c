/* engine/pack.c - weights in the order in which the kernels read them. */
#include "engine/pieces.h"
#include "engine/plan.h"

#include <math.h>

cvyi_conv_block cvyi_conv_block_at(const cvyi_conv_plan *plan, int64_t block)
{
    const cvyi_conv_problem *const p = &plan->problem;
    const int64_t each = p->outputs / p->groups;
    const int64_t lanes = plan->depth ? p->groups : each;
    const int64_t blocks = (lanes - 1) / plan->width + 1;
    const int64_t outer = block / blocks;
    const int64_t lane = block % blocks * plan->width;
    const int64_t left = lanes - lane;
    cvyi_conv_block b = {
        .lanes = (int)(left < plan->width ? left : plan->width),
    };

    if (plan->depth != NULL) {
        b.first = (size_t)lane;
        b.channel = lane * each + outer;
        b.step = each;
    } else {
        b.first = (size_t)(outer * (p->inputs / p->groups));
        b.channel = outer * each + lane;
        b.step = 1;
    }
    return b;
}

/* One block: for each tap and input channel, a vector over the lanes. */
static void pack_block(const cvyi_conv_plan *plan, int64_t block,
                       const cvy_view *w)
{
    const cvyi_conv_block b = cvyi_conv_block_at(plan, block);
    const float *const from = w->data;
    float *to = plan->weights + (size_t)block * plan->block_size;
    int64_t tap[CVY_MAX_RANK] = { 0 };

    do {
        int64_t at = b.channel * w->strides[0];

        for (int i = 2; i < w->rank; i++)
            at += tap[i - 2] * w->strides[i];
        for (int64_t i = 0; i < w->dims[1]; i++, to += plan->width)
            for (int c = 0; c < b.lanes; c++) {
                const float value =
                    from[at + i * w->strides[1] + c * b.step * w->strides[0]];

                to[c] = plan->absolute ? fabsf(value) : value;
            }
    } while (cvyi_next(w->rank - 2, w->dims + 2, tap));
}

typedef struct packing {
    const cvyi_conv_plan *plan;
    const cvy_view *weights;
} packing;

static void pack_piece(void *context, size_t piece)
{
    const packing *const p = context;

    pack_block(p->plan, (int64_t)piece, p->weights);
}

void cvyi_conv_pack(const cvyi_conv_plan *plan, const cvy_view *weights)
{
    packing p = { plan, weights };
    const size_t n = (size_t)plan->n_blocks;

    cvyi_pieces(n, (double)n * (double)plan->block_size, pack_piece, &p);
}
