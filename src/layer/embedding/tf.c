/*
 * layer/embedding/tf.c - TensorFlow's functions for it.
 *
 * They take the table first; the tensor that is called x, the call's input,
 * is the indices behind it.
 */
#include "layer/embedding/words.h"
#include "layer/operand.h"

static cvy_status check_table(cvyi_phrase *phrase, const cvyi_bound *call,
                              cvy_error *err)
{
    if (cvyi_arg(call, "params")->kind != CVYI_LIST)
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "params", "join the parts into one table",
                       "a table in several parts is not carried over");
}

static cvy_status from_lookup(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    CVYI_TRY(check_table(out, call, err));
    if (cvyi_operand_given(call, "max_norm"))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "max_norm", "leave max_norm out",
                           "rows that are scaled as they are read are not "
                           "carried over");
    return cvyi_embedding_operand(out, call, "params", err);
}

/* Along axis 0 alone, which is what a matrix' rows are. */
static cvy_status from_gather(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    int64_t axis = 0, batch;

    CVYI_TRY(check_table(out, call, err));
    if (cvyi_operand_given(call, "axis"))
        CVYI_TRY(cvyi_arg_int(&axis, out, call, "axis", INT64_MIN, err));
    CVYI_TRY(cvyi_arg_int(&batch, out, call, "batch_dims", INT64_MIN, err));
    if (axis < -2 || axis > 1)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "axis",
                           "name an axis that the table has",
                           "axis %lld is outside a matrix", (long long)axis);
    if ((axis != 0 && axis != -2) || batch != 0)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           batch != 0 ? "batch_dims" : "axis",
                           "gather whole rows: axis 0, no batch_dims",
                           "only rows of a matrix are carried over");
    return cvyi_embedding_operand(out, call, "params", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "params", "weight", NULL },
    { 0 }
};

#define ROW(version, word, text, read)                                       \
    { .dialect = version, .name = "tf." word, .signature = text,             \
      .from_call = read, .form = CVYI_FORM_FUNCTION,                         \
      .arguments = arguments }

const cvyi_spelling cvyi_embedding_tf[] = {
    ROW("tf2", "nn.embedding_lookup",
        "params, x, max_norm=None, name=None", from_lookup),
    ROW("tf2", "gather",
        "params, x, validate_indices=None, axis=None, batch_dims=0, "
        "name=None", from_gather),
    ROW("tf1", "nn.embedding_lookup",
        "params, x, partition_strategy='mod', name=None, "
        "validate_indices=True, max_norm=None", from_lookup),
    ROW("tf1", "gather",
        "params, x, validate_indices=None, name=None, axis=None, "
        "batch_dims=0", from_gather),
    { 0 }
};
/* clang-format on */
