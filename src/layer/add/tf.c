/* layer/add/tf.c - TensorFlow's words for a sum. */
#include "layer/merge.h"
#include "layer/torch_number.h"

/* Nothing is repeated along an axis of one element. */
static cvy_status from_list(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_merge_list(out, call, err));
    for (int k = 1; k < call->n_in; k++) {
        bool same = call->in[k].rank == call->in[0].rank;

        for (int i = 0; same && i < call->in[0].rank; i++)
            same = call->in[k].dims[i] == call->in[0].dims[i];
        if (!same)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "inputs",
                               "give all tensors the same shape",
                               "tensors 0 and %d differ in shape", k);
    }
    return cvyi_merge_from_call(out, call, "add", err);
}

/* clang-format off */
#define ROW(version, text, made, from)                        \
    {                                                         \
        .dialect = version, .name = text, .signature = made,  \
        .from_call = from, .form = CVYI_FORM_FUNCTION         \
    }
#define PAIR "x, y, name=None"

const cvyi_spelling cvyi_add_tf[] = {
    ROW("tf2", "tf.add",      PAIR, cvyi_torch_sum),
    ROW("tf1", "tf.add",      PAIR, cvyi_torch_sum),
    ROW("tf2", "tf.math.add", PAIR, cvyi_torch_sum),
    ROW("tf1", "tf.math.add", PAIR, cvyi_torch_sum),
    ROW("tf2", "tf.add_n",      "inputs, name=None", from_list),
    ROW("tf1", "tf.add_n",      "inputs, name=None", from_list),
    ROW("tf2", "tf.math.add_n", "inputs, name=None", from_list),
    ROW("tf1", "tf.math.add_n", "inputs, name=None", from_list),
    { 0 }
};
/* clang-format on */
