/* layer/embedding/words.c - what its words share. */
#include "layer/embedding/words.h"

#include "layer/operand.h"

cvy_status cvyi_embedding_step(cvyi_step **out, cvyi_phrase *phrase,
                               const cvyi_bound *call, int64_t entries,
                               int64_t width, cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;

    if (rank < 1)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "give it an input with a batch",
                           "it needs a tensor of indices with a batch");
    if (rank >= CVYI_MAX_DIMS)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "",
                           "give it an input of fewer axes",
                           "an input of %d axes is too many", rank);

    cvyi_step *const step = cvyi_phrase_add(phrase, call, "embedding");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_int(&step->attrs, "entries", entries);
    cvyi_set_int(&step->attrs, "width", width);
    *out = step;
    return CVY_OK;
}

cvy_status cvyi_embedding_operand(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const char *name, cvy_error *err)
{
    cvyi_shape table;
    cvyi_step *step;
    int number;

    CVYI_TRY(cvyi_operand_shape(&table, &number, phrase, call, name, 0, err));
    if (table.rank != 2 || table.dims[0] < 1 || table.dims[1] < 1)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, name,
                           "give it a matrix, one row for each index",
                           "only a table of two axes is carried over");
    CVYI_TRY(cvyi_embedding_step(&step, phrase, call, table.dims[0],
                                 table.dims[1], err));
    cvyi_operand_slot(step, "weight", name, "I O", number);
    return CVY_OK;
}
