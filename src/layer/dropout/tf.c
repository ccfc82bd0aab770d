/* layer/dropout/tf.c - TensorFlow's words for noise of training. */
#include "layer/words.h"

#include <string.h>

/* For each axis its length, a choice for each place, or 1, one for all. */
static cvy_status read_noise(int64_t *shared, bool *any, cvyi_phrase *out,
                             const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const noise = cvyi_arg(call, "noise_shape");
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    bool good = noise->kind == CVYI_LIST && noise->n == rank;

    if (cvyi_is_none(noise))
        return CVY_OK;
    for (int i = 0; good && i < rank; i++) {
        const cvyi_value *const item = &noise->items[i];
        const cvyi_size length = call->in[0].dims[i];
        int64_t number = 0;
        const bool known = cvyi_size_constant(&number, length);

        if (item->kind == CVYI_INT && known && item->integer == number)
            continue;
        if (item->kind == CVYI_SIZE && item->size == length)
            continue;
        good = item->kind == CVYI_INT && item->integer == 1;
        shared[i] = 1;
        *any = true;
    }
    return good ? CVY_OK
                : cvyi_refuse(&out->refusal, call->arena, err,
                              CVYI_NOT_SUPPORTED, "noise_shape",
                              "give each axis its length, or 1",
                              "noise_shape does not fit the input");
}

static cvy_status add_dropout(cvyi_phrase *out, const cvyi_bound *call,
                              const char *argument, double rate,
                              cvy_error *err)
{
    int64_t shared[CVYI_MAX_DIMS] = { 0 };
    cvyi_step *step;
    bool any = false;

    CVYI_TRY(read_noise(shared, &any, out, call, err));
    if (!(rate >= 0 && rate <= 1))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, argument,
                           "correct this argument in the source",
                           "the rate must be between 0 and 1, not %g", rate);
    step = cvyi_phrase_add(out, call, "dropout");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_real(&step->attrs, "rate", rate);
    if (any)
        cvyi_set_ints(&step->attrs, "shared", shared, call->in[0].rank);
    return CVY_OK;
}

/* tf.nn.dropout drops whatever runs, and never everything; a layer drops
 * while it is trained. */
static cvy_status add_always(cvyi_phrase *out, const cvyi_bound *call,
                             const char *argument, double rate, cvy_error *err)
{
    if (rate == 1)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, argument,
                           "correct this argument in the source",
                           "a rate of 1 drops everything");
    if (rate > 0 && rate < 1)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_NO_COUNTERPART, argument,
                           "if it is meant for training alone, give "
                           "layers.Dropout instead",
                           "the function drops whenever it is called, at "
                           "inference too");
    return add_dropout(out, call, argument, rate, err);
}

/* A placeholder, which was the custom of TensorFlow 1, says no number. */
static cvy_status read_share(double *share, cvyi_phrase *out,
                             const cvyi_bound *call, const char *name,
                             cvy_error *err)
{
    if (cvyi_arg(call, name)->kind == CVYI_TENSOR)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           name,
                           "give a number, as in 0.5 (rate = 1 - keep_prob)",
                           "%s is a name whose value is not known", name);
    return cvyi_arg_double(share, out, call, name, err);
}

static cvy_status from_rate(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    double rate;

    CVYI_TRY(read_share(&rate, out, call, "rate", err));
    return add_always(out, call, "rate", rate, err);
}

/* TensorFlow 1: the share that is kept, or the rate. */
static cvy_status from_kept(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const bool keep = !cvyi_is_none(cvyi_arg(call, "keep_prob"));
    const bool rate = !cvyi_is_none(cvyi_arg(call, "rate"));
    double value;

    if (keep == rate)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "rate",
                           "give one of rate and keep_prob",
                           keep ? "keep_prob and rate are both given"
                                : "neither rate nor keep_prob is given");
    CVYI_TRY(read_share(&value, out, call, keep ? "keep_prob" : "rate", err));
    return add_always(out, call, keep ? "keep_prob" : "rate",
                      keep ? 1 - value : value, err);
}

/* tf.layers.dropout passes on what it gets unless it is training. */
static cvy_status from_layer(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    bool training;
    double rate;

    CVYI_TRY(cvyi_arg_bool(&training, out, call, "training", err));
    CVYI_TRY(read_share(&rate, out, call, "rate", err));
    if (training && rate != 0)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_NO_COUNTERPART, "training",
                           "if it is meant for training alone, give "
                           "layers.Dropout instead",
                           "with training=True it drops whenever it is "
                           "called, at inference too");
    return add_dropout(out, call, "rate", rate, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "rate", "rate", NULL },
    { "keep_prob", "rate", "the share that is kept, 1 - rate" },
    { "noise_shape", "shared", "1 on axes that share their choice" },
    { 0 }
};

#define ROW(version, text, made, from)                        \
    {                                                         \
        .dialect = version, .name = text, .signature = made,  \
        .from_call = from, .form = CVYI_FORM_FUNCTION,        \
        .arguments = arguments                                \
    }

const cvyi_spelling cvyi_dropout_tf[] = {
    ROW("tf2", "tf.nn.dropout",
        "x, rate, noise_shape=None, seed=None, name=None", from_rate),
    ROW("tf1", "tf.nn.dropout",
        "x, keep_prob=None, noise_shape=None, seed=None, name=None, rate=None",
        from_kept),
    ROW("tf1", "tf.layers.dropout",
        "x, rate=0.5, noise_shape=None, seed=None, training=False, name=None",
        from_layer),
    { 0 }
};
/* clang-format on */
