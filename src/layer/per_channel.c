/* layer/per_channel.c - one trained number for each channel. */
#include "layer/per_channel.h"

#include "layer/affine.h"
#include "layer/torch.h"
#include "layer/walk.h"

cvy_status cvyi_per_channel_infer(cvyi_inferred *out, const cvyi_attrs *attrs,
                                  const cvyi_type *in, int n_in,
                                  cvyi_sizes *sizes, cvy_error *err)
{
    int64_t channels;

    (void)attrs;
    (void)n_in;
    (void)sizes;
    if (in->rank < 2 || !cvyi_size_constant(&channels, in->dims[1]))
        return cvyi_fail(err, CVY_SHAPE,
                         "needs a value with a known number of channels");
    cvyi_infer_like(out, in);
    out->slots[0] = (cvyi_shape){ .rank = 1, .dims = { channels } };
    return CVY_OK;
}

cvy_status cvyi_per_channel_run(const cvyi_job *job,
                                cvyi_per_channel_fn *channel, double u,
                                cvy_error *err)
{
    const int64_t channels = job->in[0].dims[1];
    double *const a = cvyi_alloc(2 * (size_t)channels + 1, sizeof *a);

    if (a == NULL)
        return cvyi_no_memory(err);
    for (int64_t i = 0; i < channels; i++)
        channel(&a[i], &a[channels + i], cvyi_element(&job->slots[0], i), u);
    cvyi_affine_run(
        &job->out[0], &job->in[0],
        &(cvyi_affine){
            .a = a, .b = a + channels, .axis = 1, .absolute = u != 0 });
    cvyi_free(a);
    return CVY_OK;
}

cvy_status cvyi_per_channel_from_torch(cvyi_phrase *out,
                                       const cvyi_bound *call, const char *op,
                                       cvy_error *err)
{
    int64_t channels, after;
    cvyi_step *step;
    const char *slot;

    CVYI_TRY(cvyi_arg_int(&channels, out, call, "channels", 1, err));
    CVYI_TRY(cvyi_arg_int(&after, out, call, "axes_after", 0, err));
    if (after > CVYI_MAX_SPATIAL)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "axes_after", "use fewer axes",
                           "more than %d axes after the channels",
                           CVYI_MAX_SPATIAL);
    CVYI_TRY(cvyi_torch_input(out, call, (int)after + 2, err));
    CVYI_TRY(cvyi_torch_extent(out, call, 1, channels, "channels", err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, op, err));
    slot = step->attrs.op->slots[0].name;
    cvyi_step_slot_add(step, slot, slot, "C 1S -> C");
    return CVY_OK;
}

cvy_status cvyi_per_channel_to_torch(cvyi_said *out, const cvyi_saying *what,
                                     const cvyi_helper *helper, cvy_error *err)
{
    const char *const slot = what->attrs->op->slots[0].name;
    const int rank = what->in[0].rank;

    if (rank > CVYI_MAX_SPATIAL + 2)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "", "use fewer axes",
                           "%d axes after the channels are too many",
                           rank - 2);
    out->helper = helper;
    cvyi_code_begin(out, "%s", helper->name);
    cvyi_code_int(out, NULL, what->slots[0].dims[0]);
    if (rank > 2)
        cvyi_code_int(out, "axes_after", rank - 2);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, slot, slot, "C -> C 1S");
    return cvyi_text_status(&out->code, err);
}
