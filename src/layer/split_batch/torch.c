/* layer/split_batch/torch.c - torch's words: an unflatten of the batch. They
 * are read where every unflatten is (layer/reshape/torch_read.c). */
#include "layer/words.h"

static bool known_steps(int64_t *out, const cvyi_saying *what)
{
    return cvyi_size_constant(out,
                              cvyi_attr_at(what->attrs, "steps")->sizes[0]);
}

/* One step is an axis of one element, to whoever reads it. */
static cvy_status mean(cvyi_said *out, int64_t steps, const cvyi_saying *what,
                       cvy_error *err)
{
    cvyi_attr_value shape = { .n = what->in[0].rank };

    out->lent = what->n_in - 1;
    if (steps != 1)
        return cvyi_text_status(&out->code, err);
    shape.sizes[0] = cvyi_size_of(what->sizes, 1);
    if (shape.sizes[0] == NULL)
        return cvyi_no_memory(err);
    for (int i = 1; i < shape.n; i++)
        shape.sizes[i] = what->in[0].dims[i];
    *cvyi_attr_set(cvyi_said_means(out, "reshape", 0), "shape") = shape;
    return cvyi_text_status(&out->code, err);
}

static cvy_status refuse(cvyi_said *out, const cvyi_saying *what,
                         cvy_error *err)
{
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NOT_SUPPORTED, "",
                       "give the time axis a known size",
                       "the size of the time axis is not known");
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    int64_t steps;

    if (!known_steps(&steps, what))
        return refuse(out, what, err);
    cvyi_text_printf(&out->code, "nn.Unflatten(0, (-1, %lld))",
                     (long long)steps);
    out->binding = CVYI_BIND_ATOM;
    return mean(out, steps, what, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    int64_t steps = 0;

    if (known_steps(&steps, what))
        cvyi_text_printf(&out->code, "{0}.unflatten(0, (-1, %lld))",
                         (long long)steps);
    else if (what->n_in == 2)
        cvyi_text_put(&out->code, "{0}.unflatten(0, {1}.shape[:2])");
    else
        return refuse(out, what, err);
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    return mean(out, steps, what, err);
}

const cvyi_spelling cvyi_split_batch_torch[] = {
    { .dialect = "torch",
      .name = "torch.nn.Unflatten",
      .form = CVYI_FORM_MODULE,
      .to_call = to_module },
    { .dialect = "torch",
      .name = "torch.Tensor.unflatten",
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_function },
    { 0 }
};
