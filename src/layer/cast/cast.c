/*
 * layer/cast/cast.c - the same numbers in another type.
 *
 * The type is what the frameworks compute in from here on. convey's own
 * engine computes in float32 on both sides and rounds nothing here: a proof
 * compares what is computed, and the type of every value beside it.
 */
#include "layer/cast/words.h"
#include "layer/walk.h"
#include "tensor/tensor.h"

#include <string.h>

static const cvyi_attr attrs[] = {
    { "dtype", CVYI_ATTR_WORD, NULL, CVYI_CAST_WORDS },
    { 0 },
};
static const cvyi_slot slots[] = { { 0 } };

bool cvyi_cast_type(cvy_dtype *out, const char *word)
{
    return word != NULL && cvyi_dtype_of(out, word) &&
           (cvyi_dtype_is_float(*out) || strcmp(word, CVYI_CAST_ROWS) == 0);
}

static cvy_status infer(cvyi_inferred *out, const cvyi_attrs *a,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err)
{
    (void)n_in;
    (void)sizes;
    cvyi_infer_like(out, in);
    if (!cvyi_cast_type(&out->out[0].dtype, cvyi_attr_word(a, "dtype")))
        return cvyi_fail(err, CVY_ARGUMENT, "needs a type to cast to");
    return CVY_OK;
}

static cvy_status eval(const cvyi_job *job, cvy_error *err)
{
    return cvyi_copy(&job->out[0], &job->in[0], err);
}

const cvyi_op cvyi_op_cast = {
    .name = "cast",
    .title = "the same numbers in another type",
    .order = CVYI_ORDER_ANY,
    .features = CVYI_FEATURES_KEEP,
    .least_in = 1,
    .most_in = 1,
    .attrs = attrs,
    .slots = slots,
    .infer = infer,
    .eval = eval,
};
