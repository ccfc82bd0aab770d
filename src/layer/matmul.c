/* layer/matmul.c - a product of two tensors' matrices, read. */
#include "layer/matmul.h"

bool cvyi_matmul_computed(const cvyi_bound *call, const char *name)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const int64_t k = value->kind == CVYI_TENSOR ? value->integer : 0;

    if (k >= call->n_in)
        return false;
    return call->weights != NULL ? !call->weights[k]
                                 : k == 0 || call->in[k].rank > 2;
}

static cvy_status refuse(cvyi_phrase *out, const cvyi_bound *call,
                         const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, "give both tensors the same axes before these",
                       "%s", reason);
}

cvy_status cvyi_matmul_add(cvyi_phrase *phrase, const cvyi_bound *call,
                           const bool turned[2], const char *name,
                           cvy_error *err)
{
    const cvyi_type *const in = call->in;
    const int rank = call->n_in == 2 ? in[0].rank : 0;
    cvyi_step *step;

    if (rank < 3 || in[1].rank != rank)
        return refuse(phrase, call, name,
                      "only products of two tensors that both have a batch "
                      "and matrices behind it are carried over",
                      err);
    for (int i = 0; i < rank - 2; i++)
        if (in[0].dims[i] != in[1].dims[i])
            return refuse(phrase, call, name,
                          "the axes before the matrices are not of the same "
                          "sizes for every input",
                          err);
    step = cvyi_phrase_add(phrase, call, "dot");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_int(&step->attrs, "axis", turned[0] ? rank - 2 : rank - 1);
    cvyi_set_int(&step->attrs, "other", turned[1] ? rank - 1 : rank - 2);
    cvyi_set_int(&step->attrs, "shared", rank - 2);
    return CVY_OK;
}
