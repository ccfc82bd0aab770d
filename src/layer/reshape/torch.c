/* layer/reshape/torch.c - torch's words for other axes. */
#include "layer/words.h"

/* The sizes after the batch as Python has them: "3, 4", at most one that is
 * no number as -1. Returns how many are no numbers. */
static int put_shape(cvyi_text *out, const cvyi_attr_value *shape)
{
    int unknown = 0;

    for (int i = 0; i < shape->n; i++) {
        int64_t size = -1;

        if (!cvyi_size_constant(&size, shape->sizes[i]))
            unknown++;
        cvyi_text_printf(out, "%s%lld", i > 0 ? ", " : "", (long long)size);
    }
    return unknown;
}

static cvy_status too_many(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NOT_SUPPORTED,
                       "target_shape", "give the input known sizes",
                       "more than one of the new sizes is unknown");
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const cvyi_attr_value *const shape = cvyi_attr_at(what->attrs, "shape");
    cvyi_text sizes = { 0 };
    const int unknown = put_shape(&sizes, shape);
    const char *const text = cvyi_text_c(&sizes);

    if (shape->n == 1)
        cvyi_text_put(&out->code, "nn.Flatten()");
    else if (what->in[0].rank == 2)
        cvyi_text_printf(&out->code, "nn.Unflatten(1, (%s))", text);
    else
        cvyi_text_printf(&out->code,
                         "nn.Sequential(nn.Flatten(), nn.Unflatten(1, (%s)))",
                         text);
    out->binding = CVYI_BIND_ATOM;

    const cvy_status status = cvyi_text_status(&sizes, err);

    cvyi_text_close(&sizes);
    CVYI_TRY(status);
    return shape->n > 1 && unknown > 1 ? too_many(out, what, err)
                                       : cvyi_text_status(&out->code, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const cvyi_attr_value *const shape = cvyi_attr_at(what->attrs, "shape");
    cvyi_text sizes = { 0 };
    const int unknown = put_shape(&sizes, shape);
    const char *const text = cvyi_text_c(&sizes);

    if (shape->n == 1)
        cvyi_text_put(&out->code, "{0}.flatten(1)");
    else if (what->in[0].rank == 2)
        cvyi_text_printf(&out->code, "{0}.unflatten(1, (%s))", text);
    else if (unknown == 0)
        cvyi_text_printf(&out->code, "{0}.reshape(-1, %s)", text);
    else
        cvyi_text_printf(&out->code, "{0}.flatten(1).unflatten(1, (%s))",
                         text);
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;

    const cvy_status status = cvyi_text_status(&sizes, err);

    cvyi_text_close(&sizes);
    CVYI_TRY(status);
    return shape->n > 1 && unknown > 1 ? too_many(out, what, err)
                                       : cvyi_text_status(&out->code, err);
}

const cvyi_spelling cvyi_reshape_torch[] = { { .dialect = "torch",
                                               .name = "torch.nn.Unflatten",
                                               .form = CVYI_FORM_MODULE,
                                               .to_call = to_module },
                                             { .dialect = "torch",
                                               .name = "torch.reshape",
                                               .form = CVYI_FORM_FUNCTION,
                                               .to_call = to_function },
                                             { 0 } };
