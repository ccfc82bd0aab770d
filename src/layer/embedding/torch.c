/* layer/embedding/torch.c - torch's words for an embedding. */
#include "layer/embedding/words.h"
#include "layer/number.h"
#include "layer/operand.h"
#include "layer/torch.h"

/* padding_idx names a row that training leaves alone. */
static cvy_status read_padding(cvyi_phrase *phrase, const cvyi_bound *call,
                               int64_t entries, const char *remark,
                               cvy_error *err)
{
    int64_t row;

    if (cvyi_is_none(cvyi_arg(call, "padding_idx")))
        return CVY_OK;
    CVYI_TRY(cvyi_arg_int(&row, phrase, call, "padding_idx", INT64_MIN, err));
    if (row >= entries || row < -entries)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "padding_idx",
                           "correct this argument in the source",
                           "the table has no row %lld", (long long)row);
    cvyi_phrase_remark(phrase, remark);
    return CVY_OK;
}

/* max_norm changes the table whenever a row is read. */
static cvy_status check_norm(cvyi_phrase *phrase, const cvyi_bound *call,
                             cvy_error *err)
{
    if (cvyi_is_none(cvyi_arg(call, "max_norm")))
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "max_norm", "leave max_norm out",
                       "rows that are scaled as they are read are not "
                       "carried over");
}

static void remark_frequency(cvyi_phrase *phrase, const cvyi_bound *call)
{
    bool on = false;

    if (cvyi_as_bool(&on, cvyi_arg(call, "scale_grad_by_freq")) && on)
        cvyi_phrase_remark(phrase, "scale_grad_by_freq: acts in training "
                                   "only and is not written");
}

static cvy_status from_module(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    int64_t entries, width;
    cvyi_step_slot *slot;
    cvyi_step *step;
    bool frozen;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_take_numbers(&entries, out, call, "num_embeddings", 0, 0, 1,
                               err));
    CVYI_TRY(
        cvyi_take_numbers(&width, out, call, "embedding_dim", 0, 0, 0, err));
    if (width == 0)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "embedding_dim", "give it at least 1",
                           "rows without elements are not carried over");
    CVYI_TRY(read_padding(out, call, entries,
                          "padding_idx: this row starts as zeros and gets no "
                          "gradient; in training only",
                          err));
    CVYI_TRY(check_norm(out, call, err));
    CVYI_TRY(cvyi_torch_must_be_off(
        out, call, "_weight", "set the weight after the layer is made", err));
    CVYI_TRY(cvyi_arg_bool(&frozen, out, call, "_freeze", err));
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    remark_frequency(out, call);
    CVYI_TRY(cvyi_embedding_step(&step, out, call, entries, width, err));
    slot = cvyi_step_slot_add(step, "weight", "weight", "I O");
    slot->frozen = frozen;
    slot->start = (cvyi_start){ .draw = CVYI_DRAW_NORMAL, .a = 0, .b = 1 };
    return CVY_OK;
}

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    const cvyi_bound input = cvyi_operand_input(call);
    cvyi_shape table;
    int number;

    CVYI_TRY(cvyi_torch_input(out, &input, 0, err));
    CVYI_TRY(cvyi_operand_shape(&table, &number, out, call, "weight", 2, err));
    CVYI_TRY(read_padding(out, call, table.dims[0],
                          "padding_idx: this row gets no gradient; in "
                          "training only",
                          err));
    CVYI_TRY(check_norm(out, call, err));
    remark_frequency(out, call);
    return cvyi_embedding_operand(out, call, "weight", err);
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    (void)err;
    cvyi_code_begin(out, "nn.Embedding");
    cvyi_code_int(out, NULL, cvyi_attr_int(what->attrs, "entries"));
    cvyi_code_int(out, NULL, cvyi_attr_int(what->attrs, "width"));
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "weight", "I O");
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "num_embeddings", "entries", NULL },
    { "embedding_dim",  "width",   NULL },
    { 0 }
};

static const cvyi_argument function_arguments[] = {
    { "weight", "weight", NULL },
    { 0 }
};

const cvyi_spelling cvyi_embedding_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Embedding",
      .signature = "num_embeddings, embedding_dim, padding_idx=None, "
                   "max_norm=None, norm_type=2.0, scale_grad_by_freq=False, "
                   "sparse=False, _weight=None, _freeze=False, device=None, "
                   "dtype=None",
      .from_call = from_module,
      .form = CVYI_FORM_MODULE, .to_call = to_module,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.nn.functional.embedding",
      .signature = "x, weight, padding_idx=None, max_norm=None, "
                   "norm_type=2.0, scale_grad_by_freq=False, sparse=False",
      .from_call = from_function, .form = CVYI_FORM_FUNCTION,
      .arguments = function_arguments },
    { 0 }
};
/* clang-format on */
