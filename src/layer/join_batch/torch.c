/* layer/join_batch/torch.c - torch's words: a flatten that takes the batch.
 * They are read where every flatten is (layer/flatten/torch.c). */
#include "layer/words.h"

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    (void)what;
    cvyi_text_put(&out->code, "nn.Flatten(0, 1)");
    out->binding = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    (void)what;
    cvyi_text_put(&out->code, "{0}.flatten(0, 1)");
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

const cvyi_spelling cvyi_join_batch_torch[] = { { .dialect = "torch",
                                                  .name = "torch.nn.Flatten",
                                                  .form = CVYI_FORM_MODULE,
                                                  .to_call = to_module },
                                                { .dialect = "torch",
                                                  .name =
                                                      "torch.Tensor.flatten",
                                                  .form = CVYI_FORM_FUNCTION,
                                                  .to_call = to_function },
                                                { 0 } };
