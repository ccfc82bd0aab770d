/* layer/local_response_norm/torch.c - torch's words for it. */
#include "layer/local_response_norm/words.h"
#include "layer/torch.h"

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    cvyi_step *step;
    double alpha;
    int64_t size;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (call->in[0].rank < 3)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "",
                           "give it an input of 3 axes or more",
                           "it needs an input of at least 3 axes, got %d",
                           call->in[0].rank);
    CVYI_TRY(cvyi_arg_int(&size, out, call, "size", 1, err));
    CVYI_TRY(cvyi_arg_double(&alpha, out, call, "alpha", err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, "local_response_norm", err));
    return cvyi_local_response_norm_set(step, out, call, size, alpha, "k",
                                        err);
}

static void put(cvyi_said *out, const cvyi_saying *what, const char *name,
                double fallback)
{
    const double value = cvyi_attr_real(what->attrs, name);

    if (value != fallback)
        cvyi_code_double(out, name, value);
}

static cvy_status put_arguments(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    if (what->axes != CVYI_AXES_FIRST)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "",
                           "move the channels to axis 1",
                           "torch divides along axis 1 only");
    cvyi_code_int(out, NULL, cvyi_attr_int(what->attrs, "size"));
    put(out, what, "alpha", 1e-4);
    put(out, what, "beta", 0.75);
    put(out, what, "k", 1);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    cvyi_code_begin(out, "nn.LocalResponseNorm");
    return put_arguments(out, what, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    cvyi_code_begin(out, "F.local_response_norm");
    cvyi_code_raw(out, NULL, "{0}");
    return put_arguments(out, what, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "size",  "size",  "all channels of the window" },
    { "alpha", "alpha", "of the mean of the squares" },
    { "beta",  "beta",  NULL },
    { "k",     "k",     NULL },
    { 0 }
};

const cvyi_spelling cvyi_local_response_norm_torch[] = {
    { .dialect = "torch", .name = "torch.nn.LocalResponseNorm",
      .signature = "size, alpha=0.0001, beta=0.75, k=1.0",
      .from_call = from_call, .form = CVYI_FORM_MODULE, .to_call = to_module,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.nn.functional.local_response_norm",
      .signature = "x, size, alpha=0.0001, beta=0.75, k=1.0",
      .from_call = from_call, .form = CVYI_FORM_FUNCTION,
      .to_call = to_function, .arguments = arguments },
    { 0 }
};
/* clang-format on */
