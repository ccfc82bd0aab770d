/* layer/flatten/torch.c - torch's words for flattening. */
#include "layer/torch.h"

/* ---- reading ---- */

static cvy_status add(cvyi_step **out, cvyi_phrase *phrase,
                      const cvyi_bound *call, const char *op, cvy_error *err)
{
    *out = cvyi_phrase_add(phrase, call, op);
    return *out != NULL ? CVY_OK
                        : cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
}

/* Axes first .. last, behind the batch, become one. */
static cvy_status join(cvyi_phrase *out, const cvyi_bound *call, int first,
                       int last, cvy_error *err)
{
    const cvyi_type *const in = &call->in[0];
    cvyi_attr_value *shape;
    cvyi_step *step;

    CVYI_TRY(add(&step, out, call, "reshape", err));
    shape = cvyi_attr_set(&step->attrs, "shape");
    *shape = (cvyi_attr_value){ 0 };
    for (int i = 1; i < in->rank; i++) {
        const bool joined = i > first && i <= last;
        cvyi_size *const size = &shape->sizes[shape->n - joined];

        *size = joined ? cvyi_size_mul(call->sizes, *size, in->dims[i])
                       : in->dims[i];
        if (*size == NULL)
            return cvyi_fail(err, CVY_MEMORY,
                             "a size outgrew memory or 64 bits");
        shape->n += !joined;
    }
    return CVY_OK;
}

/* Axes up to `last` join the batch, one after another. */
static cvy_status join_batch(cvyi_phrase *out, const cvyi_bound *call,
                             int last, cvy_error *err)
{
    cvyi_step *step;

    for (int i = 0; i < last; i++)
        CVYI_TRY(add(&step, out, call, "join_batch", err));
    return CVY_OK;
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    int first, last;
    cvyi_step *step;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_arg_axis(&first, out, call, "start_dim", err));
    CVYI_TRY(cvyi_arg_axis(&last, out, call, "end_dim", err));
    if (first > last)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "start_dim",
                           "correct this argument in the source",
                           "start_dim %d stands behind end_dim %d", first,
                           last);
    if (first == 1 && last == call->in[0].rank - 1)
        return add(&step, out, call, "flatten", err);
    if (first == last)
        return add(&step, out, call, "identity", err);
    if (first == 0)
        return join_batch(out, call, last, err);
    return join(out, call, first, last, err);
}

/* ---- writing ---- */

/* A value of the batch alone has nothing to flatten. */
static bool has_features(const cvyi_saying *what)
{
    return what->in[0].rank > 1;
}

/* One feature in an axis of its own, to whoever reads nn.Unflatten. */
static cvy_status means_reshape(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    cvyi_attr_value shape = { .n = 1 };

    shape.sizes[0] = cvyi_size_of(what->sizes, 1);
    if (shape.sizes[0] == NULL)
        return cvyi_no_memory(err);
    *cvyi_attr_set(cvyi_said_means(out, "reshape", 0), "shape") = shape;
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    if (has_features(what))
        cvyi_code_begin(out, "nn.Flatten");
    else
        cvyi_code_begin(out, "nn.Unflatten");
    if (!has_features(what)) {
        cvyi_code_int(out, NULL, 0);
        cvyi_code_raw(out, NULL, "(-1, 1)");
    }
    cvyi_code_end(out);
    if (!has_features(what))
        return means_reshape(out, what, err);
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    cvyi_text_put(&out->code,
                  has_features(what) ? "{0}.flatten(1)" : "{0}.unsqueeze(1)");
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    if (!has_features(what)) {
        cvyi_attrs *const means = cvyi_said_means(out, "expand", 0);

        cvyi_set_int(means, "axis", 1);
        cvyi_set_int(means, "rank", 2);
    }
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "start_dim", "start", "the first axis that is flattened" },
    { "end_dim",   "end",   "the last one" },
    { 0 }
};

const cvyi_spelling cvyi_flatten_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Flatten",
      .signature = "start_dim=1, end_dim=-1",
      .from_call = from_call,
      .form = CVYI_FORM_MODULE, .to_call = to_module,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.Tensor.flatten",
      .signature = "x, start_dim=0, end_dim=-1",
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.flatten",
      .signature = "x, start_dim=0, end_dim=-1",
      .from_call = from_call,
      .form = CVYI_FORM_FUNCTION, .arguments = arguments },
    { 0 }
};
/* clang-format on */
