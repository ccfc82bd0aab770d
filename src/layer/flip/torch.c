/* layer/flip/torch.c - torch's words for axes in the opposite order. */
#include "layer/flip/words.h"
#include "layer/marks.h"
#include "layer/torch.h"

static cvy_status from_dims(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (cvyi_arg(call, "dims")->kind != CVYI_LIST)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dims",
                           "put the axes in a tuple",
                           "dims must be a tuple of integers");
    return cvyi_flip_from_axes(out, call, "dims", err);
}

/* x.flip(1, 2) and x.flip((1, 2)) */
static cvy_status from_method(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    const cvyi_value *const dims = cvyi_arg(call, "dims");
    const cvyi_value *values[2] = { call->values[0], dims };
    cvyi_bound plain = *call;

    if (dims->kind == CVYI_LIST && dims->n == 1 &&
        dims->items[0].kind == CVYI_LIST)
        values[1] = &dims->items[0];
    plain.values = values;
    return from_dims(out, &plain, err);
}

static cvy_status to_flip(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS];
    const int n = cvyi_marked(axes, what->attrs, "axes");

    if (n == 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "nothing is turned");
    cvyi_code_begin(out, "{0}.flip");
    for (int i = 0; i < n; i++)
        cvyi_code_int(out, NULL, axes[i]);
    cvyi_code_end(out);
    out->operands = CVYI_BIND_ATOM;
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = { { "dims", "axes", NULL }, { 0 } };

const cvyi_spelling cvyi_flip_torch[] = {
    { .dialect = "torch", .name = "torch.Tensor.flip",
      .signature = "x, *dims", .from_call = from_method,
      .form = CVYI_FORM_FUNCTION, .to_call = to_flip,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.flip",
      .signature = "x, dims", .from_call = from_dims,
      .form = CVYI_FORM_FUNCTION, .arguments = arguments },
    { 0 }
};
/* clang-format on */
