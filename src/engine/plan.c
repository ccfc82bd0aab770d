/* engine/plan.c - choosing a kernel and making a convolution plan. */
#include "engine/plan.h"

/* Few enough channels for the copy of the input to pay. */
enum { MERGE_INPUTS = 24 };

/* The last axis as the copy makes it: bordered, all taps in one. */
static bool merge(cvyi_conv_axis *axis)
{
    const cvyi_conv_axis a = *axis;

    if (a.taps == 1 || a.dilation != 1 || a.out == 0)
        return false;

    const int64_t length = (a.out - 1) * a.stride + a.taps;

    /* Where windows hang far over the ends, the copy would be mostly zeros. */
    if (length / 2 - a.taps > a.in)
        return false;
    *axis = (cvyi_conv_axis){ .taps = 1,
                              .stride = a.stride,
                              .dilation = 1,
                              .in = length,
                              .out = a.out };
    return true;
}

static void choose(cvyi_conv_plan *plan, unsigned cpu)
{
    const cvyi_conv_problem *const p = &plan->problem;
    const int64_t positions = p->batch * cvyi_problem_positions(p);
    const int64_t each = p->outputs / p->groups;
    int64_t lanes = each, outer = p->groups;

    plan->n_in = p->inputs / p->groups;
    if (plan->n_in == 1 && p->groups > 1) {
        plan->depth = cvyi_depth_pick(cpu);
        plan->positions = plan->depth->positions;
        plan->width = plan->depth->channels;
        lanes = p->groups;
        outer = each;
    } else {
        plan->tile = cvyi_tile_pick(cpu, positions, each);
        plan->positions = plan->tile->positions;
        plan->width = plan->tile->channels;
        plan->merged = p->groups == 1 && p->inputs <= MERGE_INPUTS &&
                       merge(&plan->inner.axes[2]);
        if (plan->merged)
            plan->n_in *= plan->spread.axes[2].taps;
    }
    plan->n_taps = cvyi_problem_taps(&plan->inner);
    plan->n_blocks = outer * ((lanes - 1) / plan->width + 1);
}

static cvy_status check_weights(const cvyi_conv_problem *p,
                                const cvy_view *weights, cvy_error *err)
{
    if (weights->rank != p->n_axes + 2 || weights->dtype != CVY_F32)
        return cvyi_fail(err, CVY_SHAPE,
                         "weights are not float32 with %d axes",
                         p->n_axes + 2);
    for (int i = 0; i < weights->rank; i++) {
        const int64_t expected = i == 0   ? p->outputs
                                 : i == 1 ? p->inputs / p->groups
                                          : p->axes[i - 2].taps;

        if (weights->dims[i] != expected)
            return cvyi_fail(err, CVY_SHAPE,
                             "weights have %lld elements on axis %d where "
                             "%lld are needed",
                             (long long)weights->dims[i], i,
                             (long long)expected);
    }
    return CVY_OK;
}

static bool allocate(cvyi_conv_plan *plan)
{
    size_t all;

    if (!cvyi_mul(&plan->block_size, (size_t)plan->n_taps,
                  (size_t)plan->n_in) ||
        !cvyi_mul(&plan->block_size, plan->block_size, (size_t)plan->width) ||
        !cvyi_mul(&all, plan->block_size, (size_t)plan->n_blocks))
        return false;
    plan->weights = cvyi_alloc(all, sizeof *plan->weights);
    return plan->weights != NULL;
}

cvy_status cvyi_conv_plan_open(cvyi_conv_plan **out,
                               const cvyi_conv_problem *problem,
                               const cvy_view *weights, cvyi_conv_kind kind,
                               unsigned cpu, cvy_error *err)
{
    CVYI_TRY(cvyi_problem_check(problem, err));
    CVYI_TRY(check_weights(problem, weights, err));

    cvyi_conv_plan *const plan = cvyi_alloc(1, sizeof *plan);

    if (plan == NULL)
        return cvyi_no_memory(err);
    plan->problem = *problem;
    plan->spread = cvyi_problem_spread(problem);
    plan->inner = plan->spread;
    plan->absolute = kind == CVYI_CONV_ABSOLUTE;
    choose(plan, cpu);
    if (!allocate(plan)) {
        cvyi_conv_plan_close(plan);
        return cvyi_no_memory(err);
    }
    cvyi_conv_pack(plan, weights);
    *out = plan;
    return CVY_OK;
}

void cvyi_conv_plan_close(cvyi_conv_plan *plan)
{
    if (plan != NULL)
        cvyi_free(plan->weights);
    cvyi_free(plan);
}

const char *cvyi_conv_plan_kernel(const cvyi_conv_plan *plan)
{
    return plan->depth ? plan->depth->name : plan->tile->name;
}
