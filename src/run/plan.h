/*
 * run/plan.h - where results stand in one block of memory.
 *
 * A result that is no output lives from the call that makes it to the last
 * call that reads it. Results whose lives do not meet may share their place;
 * inputs and outputs stand outside.
 */
#ifndef CVYI_RUN_PLAN_H
#define CVYI_RUN_PLAN_H

#include "run/run.h"

enum { CVYI_PLAN_ALIGN = 64 };

typedef struct cvyi_buffer {
    int first, last; /* steps during which it is in use, both included */
    size_t bytes;
    size_t offset; /* filled: a multiple of CVYI_PLAN_ALIGN */
} cvyi_buffer;

/* The largest first, each into the tightest gap between those it meets.
 * *total: bytes of the block that holds all. */
cvy_status cvyi_buffers_place(size_t *total, cvyi_buffer *buffers, int n,
                              cvy_error *err);

#define CVYI_PLAN_OUTSIDE SIZE_MAX

typedef struct cvyi_plan {
    size_t block;          /* bytes that all results inside take */
    size_t outputs;        /* bytes of the outputs */
    const size_t *offsets; /* a result's place, or CVYI_PLAN_OUTSIDE */
} cvyi_plan;

/* CVY_SHAPE, naming the layer, if a size is not known or below 1. */
cvy_status cvyi_plan_make(cvyi_plan *out, cvyi_arena *arena,
                          const cvyi_graph *graph, const cvyi_symbols *symbols,
                          cvy_error *err);

#endif
