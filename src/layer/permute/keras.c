/* layer/permute/keras.c - Keras' words for another order of axes. */
#include "layer/words.h"

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

/* clang-format off */
const cvyi_spelling cvyi_permute_keras[] = {
    { .dialect = "keras3", .name = "keras.layers.Permute",
      .signature = "dims, **kwargs",
      .from_call = from_permute },
    { 0 }
};
/* clang-format on */
