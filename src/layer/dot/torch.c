/* layer/dot/torch.c - torch's word for products summed along an axis. */
#include "layer/dot/words.h"
#include "layer/matmul.h"

/* ---- reading ---- */

static cvy_status from_matmul(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    static const bool straight[2] = { false, false };

    return cvyi_matmul_add(out, call, straight, "other", err);
}

/* ---- writing ---- */

/* Matrices as they stand: {0} @ {1}. */
static cvy_status to_operator(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const int rank = what->in[0].rank;

    if (rank != what->in[1].rank || rank < 3 ||
        cvyi_attr_int(what->attrs, "shared") != rank - 2 ||
        cvyi_attr_int(what->attrs, "axis") != rank - 1 ||
        cvyi_attr_int(what->attrs, "other") != rank - 2)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another product");
    cvyi_text_put(&out->code, "{0} @ {1}");
    out->binding = CVYI_BIND_PRODUCT;
    out->operands = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_dot_say_equation(out, what, "torch.einsum", err);
}

static const cvyi_argument arguments[] = {
    { "equation", "axes", "a letter for each axis" },
    { 0 },
};

#define MATMUL(text, to)                                                    \
    {                                                                       \
        .dialect = "torch", .name = text, .signature = "x, other",          \
        .from_call = from_matmul, .form = CVYI_FORM_FUNCTION, .to_call = to \
    }

const cvyi_spelling cvyi_dot_torch[] = {
    MATMUL("operator.matmul", to_operator),
    MATMUL("torch.matmul", NULL),
    MATMUL("torch.bmm", NULL),
    MATMUL("torch.Tensor.matmul", NULL),
    MATMUL("torch.Tensor.bmm", NULL),
    { .dialect = "torch",
      .name = "torch.einsum",
      .signature = "equation, x, other",
      .from_call = cvyi_dot_from_equation,
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_call,
      .arguments = arguments },
    { 0 },
};
