/* layer/dense/words.c - a dense layer whose weights are arguments. */
#include "layer/dense/words.h"

#include "layer/operand.h"

/* The input's features; a batch stands before them. */
static cvy_status read_features(int64_t *out, cvyi_phrase *phrase,
                                const cvyi_bound *call, cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;

    if (rank < 2)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "give it an input with a batch and features",
                           "an input of %d axes has no batch", rank);
    if (!cvyi_size_constant(out, call->in[0].dims[rank - 1]))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "give the input a fixed number of features",
                           "the input's features are not known");
    return CVY_OK;
}

/* A matrix of known size, for so many features. */
static cvy_status read_matrix(cvyi_shape *out, int *number,
                              cvyi_phrase *phrase, const cvyi_bound *call,
                              const cvyi_dense_names *names, int64_t features,
                              cvy_error *err)
{
    const int inputs = names->outputs_first ? 1 : 0;

    CVYI_TRY(
        cvyi_operand_shape(out, number, phrase, call, names->weight, 0, err));
    if (out->rank != 2 || out->dims[1 - inputs] < 1)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, names->weight,
                           "give it a matrix",
                           "only a matrix with outputs is carried over");
    if (out->dims[inputs] != features)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, names->weight,
                           "correct this argument in the source",
                           "%s is for %lld features, the input has %lld",
                           names->weight, (long long)out->dims[inputs],
                           (long long)features);
    return CVY_OK;
}

/* One element for each output. torch also spreads a bias with axes of one
 * element. */
static cvy_status read_bias(int *number, cvyi_phrase *phrase,
                            const cvyi_bound *call,
                            const cvyi_dense_names *names, int64_t units,
                            cvy_error *err)
{
    cvyi_shape shape;
    bool spread = true;

    CVYI_TRY(
        cvyi_operand_shape(&shape, number, phrase, call, names->bias, 0, err));
    for (int i = 0; i < shape.rank; i++)
        spread = spread && (shape.dims[i] == 1 ||
                            (i == shape.rank - 1 && shape.dims[i] == units));
    if (names->outputs_first && spread &&
        (shape.rank != 1 || shape.dims[0] != units))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, names->bias,
                           "give it one element for each output",
                           "a bias that is spread is not carried over");
    return cvyi_operand_vector(number, phrase, call, names->bias, units, err);
}

cvy_status cvyi_dense_from_operands(cvyi_phrase *phrase,
                                    const cvyi_bound *call,
                                    const cvyi_dense_names *names,
                                    cvy_error *err)
{
    cvyi_shape matrix;
    int64_t features, units;
    cvyi_step *step;
    int number;

    CVYI_TRY(read_features(&features, phrase, call, err));
    CVYI_TRY(
        read_matrix(&matrix, &number, phrase, call, names, features, err));
    step = cvyi_phrase_add(phrase, call, "dense");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    units = matrix.dims[names->outputs_first ? 0 : 1];
    cvyi_set_int(&step->attrs, "units", units);
    cvyi_set_int(&step->attrs, "axis", call->in[0].rank - 1);
    cvyi_operand_slot(step, "weight", names->weight,
                      names->outputs_first ? "O I" : "I O -> O I", number);
    if (names->bias == NULL || !cvyi_operand_given(call, names->bias))
        return CVY_OK;
    CVYI_TRY(read_bias(&number, phrase, call, names, units, err));
    cvyi_operand_slot(step, "bias", names->bias, "O", number);
    return CVY_OK;
}
