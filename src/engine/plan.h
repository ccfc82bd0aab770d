/*
 * engine/plan.h - what a convolution plan holds. Private to conv*.c.
 *
 * `spread` is the caller's problem on three axes. `inner` is what the kernels
 * see. The two differ where few input channels would leave the inner
 * loop short: then the input is copied channels-last with its last axis
 * bordered, the taps along that axis and the channels lie next to each other,
 * and they count as one tap with taps * inputs channels. The order of the sum
 * does not change.
 *
 * Output channels are cut into blocks of `width` lanes. A dense block belongs
 * to one group; a depthwise one to `width` groups and one of the outputs that
 * each group has.
 */
#ifndef CVYI_ENGINE_PLAN_H
#define CVYI_ENGINE_PLAN_H

#include "engine/conv.h"
#include "engine/depth.h"
#include "engine/tile.h"

struct cvyi_conv_plan {
    cvyi_conv_problem problem, spread, inner;
    const cvyi_tile *tile;   /* NULL in a depthwise plan */
    const cvyi_depth *depth; /* NULL in any other */
    bool absolute;
    bool merged;          /* the last axis, as said above */
    int positions, width; /* of the kernel */
    int64_t n_taps, n_in; /* of the kernel's sum */
    int64_t n_blocks;
    size_t block_size; /* floats of packed weights a block has */
    float *weights;    /* owned */
};

/* Where a block of lanes lies. */
typedef struct cvyi_conv_block {
    size_t first;    /* input channel of the first lane */
    int64_t channel; /* output channel of the first lane */
    int64_t step;    /* output channels from lane to lane */
    int lanes;       /* that exist; the rest is padding */
} cvyi_conv_block;

cvyi_conv_block cvyi_conv_block_at(const cvyi_conv_plan *plan, int64_t block);

/* Fills plan->weights, allocated and zeroed, from O (C / groups) S... */
void cvyi_conv_pack(const cvyi_conv_plan *plan, const cvy_view *weights);

#endif
