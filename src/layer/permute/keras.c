/* layer/permute/keras.c - Keras' words for another order of axes. */
#include "layer/permute/words.h"

/* dims counts from 1 and leaves the batch out. */
static cvy_status from_permute(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "permute");
    const cvyi_value *const dims = cvyi_arg(call, "dims");
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t axes[CVYI_MAX_DIMS] = { 0 };
    unsigned seen = 1;

    if (dims->kind == CVYI_LIST && dims->n == rank - 1)
        for (int i = 0; i < dims->n; i++)
            if (cvyi_as_int(&axes[i + 1], &dims->items[i]) &&
                axes[i + 1] >= 1 && axes[i + 1] < rank)
                seen |= 1u << axes[i + 1];
    if (rank < 1 || seen != (1u << rank) - 1)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dims",
                           "list every axis but the batch once, from 1",
                           "dims must be a permutation of 1 to %d", rank - 1);
    cvyi_set_ints(&step->attrs, "axes", axes, rank);
    return CVY_OK;
}

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    return cvyi_permute_from_transpose(out, call, "axes", err);
}

/* ---- writing ---- */

/* A layer leaves the batch where it is. */
static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    int n;
    const int64_t *const axes = cvyi_attr_ints(what->attrs, "axes", &n);

    if (n < 2 || axes[0] != 0)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "axes",
                           "leave the batch as the first axis",
                           "layers.Permute does not move the batch");
    cvyi_code_begin(out, "layers.Permute");
    cvyi_code_tuple(out, NULL, axes + 1, n - 1);
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    int n;
    const int64_t *const axes = cvyi_attr_ints(what->attrs, "axes", &n);

    (void)err;
    cvyi_code_begin(out, "ops.transpose");
    cvyi_code_raw(out, NULL, "{0}");
    cvyi_code_tuple(out, NULL, axes, n);
    cvyi_code_end(out);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "dims", "axes of the input", "from 1, without the batch" },
    { "axes", "axes of the input", NULL },
    { 0 }
};

#define PERMUTE(framework, to)                                              \
    { .dialect = framework, .name = "keras.layers.Permute",                 \
      .signature = "dims, **kwargs", .from_call = from_permute,             \
      .form = CVYI_FORM_MODULE, .to_call = to, .arguments = arguments }

const cvyi_spelling cvyi_permute_keras[] = {
    PERMUTE("keras3", to_layer),
    PERMUTE("keras2", NULL),
    { .dialect = "keras3", .name = "keras.ops.transpose",
      .signature = "x, axes=None",
      .from_call = from_function,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function,
      .arguments = arguments },
    { .dialect = "keras3", .name = "keras.ops.swapaxes",
      .signature = "x, axis1, axis2", .from_call = cvyi_permute_from_swap,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "keras3", .name = "keras.ops.moveaxis",
      .signature = "x, source, destination",
      .from_call = cvyi_permute_from_move,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
