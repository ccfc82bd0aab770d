/* layer/pixel_shuffle/words.c - what its words share. */
#include "layer/pixel_shuffle/words.h"

#include "layer/number.h"

#include <string.h>

/* The input as the operator sees it: N C H W. */
static cvyi_type neutral(const cvyi_type *in, cvyi_axes axes)
{
    cvyi_type out = *in;

    if (axes == CVYI_AXES_LAST && in->rank == 4) {
        out.dims[1] = in->dims[3];
        out.dims[2] = in->dims[1];
        out.dims[3] = in->dims[2];
    }
    return out;
}

cvy_status cvyi_shuffle_step(cvyi_phrase *out, const cvyi_bound *call,
                             cvyi_axes axes, int64_t block, bool up,
                             const char *slow, const char *argument,
                             cvy_error *err)
{
    const cvyi_type in = neutral(&call->in[0], axes);
    cvyi_step *const step = cvyi_phrase_add(out, call, "pixel_shuffle");
    cvyi_inferred found;
    cvy_error why = { 0 };
    cvy_status status;
    int64_t size;
    bool known;

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axes;
    cvyi_set_int(&step->attrs, "block", block);
    cvyi_set_int(&step->attrs, "up", up);
    cvyi_set_word(&step->attrs, "slow", slow);
    status =
        step->attrs.op->infer(&found, &step->attrs, &in, 1, call->sizes, &why);
    if (status != CVY_SHAPE && status != CVY_ARGUMENT)
        return status == CVY_OK ? CVY_OK : cvyi_no_memory(err);
    known = cvyi_size_constant(&size, in.dims[1]);
    return cvyi_refuse(&out->refusal, call->arena, err,
                       known ? CVYI_ILLEGAL_IN_SOURCE : CVYI_NOT_SUPPORTED,
                       known ? argument : "",
                       known ? "correct this argument in the source"
                             : "give the input a fixed number of channels",
                       "%s", why.text);
}

cvy_status cvyi_shuffle_from_blocks(cvyi_phrase *out, const cvyi_bound *call,
                                    cvyi_axes axes, cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "block_size");
    const bool up = strstr(call->spelling->name, "depth_to_space") != NULL;
    int64_t block;

    if (call->n_in != 1 || call->in[0].rank != 4)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "",
                           "give it an input of 4 axes",
                           "it needs one input of 4 axes, got %d",
                           call->n_in > 0 ? call->in[0].rank : 0);
    if (!cvyi_take_number(&block, given, CVYI_TAKES_FLOATS) || block < 2)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "block_size",
                           "correct this argument in the source",
                           "block_size must be an integer >= 2");
    return cvyi_shuffle_step(out, call, axes, block, up, "block", "block_size",
                             err);
}

bool cvyi_shuffle_is_single(const cvyi_saying *what)
{
    const cvyi_type *const pixels =
        cvyi_attr_bool(what->attrs, "up") ? what->out : &what->in[0];
    int64_t channels;

    return cvyi_size_constant(
               &channels,
               pixels->dims[what->axes == CVYI_AXES_FIRST ? 1 : 3]) &&
           channels == 1;
}
