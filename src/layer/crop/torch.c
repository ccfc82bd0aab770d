/* layer/crop/torch.c - torch's words for leaving elements out: a padding
 * below 0, or a slice. Both are read where paddings and slices are. */
#include "layer/torch.h"

static cvy_status must_be_first(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    if (what->axes == CVYI_AXES_FIRST)
        return CVY_OK;
    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "data_format", "move the channels to axis 1",
                       "torch crops behind axis 1 only");
}

/* nn.ZeroPad2d(-1): the last axis first. */
static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const int64_t *const before = cvyi_attr_ints(what->attrs, "before", NULL);
    const int64_t *const after = cvyi_attr_ints(what->attrs, "after", NULL);
    const int n = what->attrs->n_spatial;
    int64_t pads[2 * CVYI_MAX_SPATIAL];
    bool cuts = false;

    CVYI_TRY(must_be_first(out, what, err));
    for (int i = 0; i < n; i++) {
        pads[2 * i] = -before[n - 1 - i];
        pads[2 * i + 1] = -after[n - 1 - i];
        cuts = cuts || before[i] != 0 || after[i] != 0;
    }
    cvyi_code_begin(out, "nn.ZeroPad%dd", n);
    cvyi_code_ints(out, NULL, pads, 2 * n);
    cvyi_code_end(out);
    if (!cuts) /* which reads as a padding by nothing */
        cvyi_said_means(out, "pad", n);
    return CVY_OK;
}

/* {0}[:, :, 1:-1, 2:] */
static cvy_status to_slice(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    const int64_t *const before = cvyi_attr_ints(what->attrs, "before", NULL);
    const int64_t *const after = cvyi_attr_ints(what->attrs, "after", NULL);
    const int n = what->attrs->n_spatial;
    bool cuts = false;

    CVYI_TRY(must_be_first(out, what, err));
    cvyi_text_put(&out->code, "{0}[:, :");
    for (int i = 0; i < n; i++) {
        cvyi_text_put(&out->code, ", ");
        if (before[i] > 0)
            cvyi_text_printf(&out->code, "%lld", (long long)before[i]);
        cvyi_text_put(&out->code, ":");
        if (after[i] > 0)
            cvyi_text_printf(&out->code, "-%lld", (long long)after[i]);
        cuts = cuts || before[i] != 0 || after[i] != 0;
    }
    cvyi_text_put(&out->code, "]");
    if (!cuts)
        cvyi_said_means(out, "identity", n);
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    return CVY_OK;
}

/* clang-format off */
const cvyi_spelling cvyi_crop_torch[] = {
    { .dialect = "torch", .name = "torch.nn.ZeroPad%dd", .ranks = "123",
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "operator.getitem",
      .form = CVYI_FORM_FUNCTION, .to_call = to_slice },
    { 0 }
};
/* clang-format on */
