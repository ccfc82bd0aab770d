/* layer/batch_norm/torch_read.c - batch normalisation, as torch spells it. */
#include "layer/batch_norm/words.h"
#include "layer/norm.h"
#include "layer/operand.h"
#include "layer/torch.h"

#include <string.h>

static cvy_status read_momentum(double *out, cvyi_phrase *phrase,
                                const cvyi_bound *call, cvy_error *err)
{
    if (cvyi_is_none(cvyi_arg(call, "momentum")))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "momentum",
                           "give momentum a number: inference is the same",
                           "a running mean over all batches is not carried "
                           "over");
    return cvyi_arg_double(out, phrase, call, "momentum", err);
}

static cvy_status refuse_batch(cvyi_phrase *phrase, const cvyi_bound *call,
                               const char *name, const char *advice,
                               cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, advice,
                       "a norm by the batch's own mean and variance is not "
                       "carried over");
}

static cvy_status check_statistics(cvyi_phrase *phrase, const cvyi_bound *call,
                                   cvy_error *err)
{
    bool kept;

    CVYI_TRY(cvyi_arg_bool(&kept, phrase, call, "track_running_stats", err));
    return kept ? CVY_OK
                : refuse_batch(phrase, call, "track_running_stats",
                               "train it with running statistics", err);
}

/* There is no form without a batch; BatchNorm1d takes features too. `lazy`:
 * as many channels as the input has. */
static cvy_status check_input(cvyi_phrase *phrase, const cvyi_bound *call,
                              bool lazy, cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t channels;

    CVYI_TRY(cvyi_torch_input(phrase, call, 0, err));
    if (rank != call->n_spatial + 2 && !(call->n_spatial == 1 && rank == 2))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "",
                           "use the layer for this number of axes",
                           "nn.BatchNorm%dd of an input with %d axes",
                           call->n_spatial, rank);
    if (lazy)
        return CVY_OK;
    CVYI_TRY(cvyi_arg_int(&channels, phrase, call, "num_features", 1, err));
    return cvyi_torch_extent(phrase, call, 1, channels, "num_features", err);
}

static cvy_status read_norm(cvyi_phrase *out, const cvyi_bound *call,
                            const char *variance, bool lazy, cvy_error *err)
{
    double eps, momentum;
    bool affine, bias;
    cvyi_step *step;

    CVYI_TRY(check_input(out, call, lazy, err));
    CVYI_TRY(check_statistics(out, call, err));
    CVYI_TRY(cvyi_arg_double(&eps, out, call, "eps", err));
    CVYI_TRY(read_momentum(&momentum, out, call, err));
    CVYI_TRY(cvyi_arg_bool(&affine, out, call, "affine", err));
    CVYI_TRY(cvyi_arg_bool(&bias, out, call, "bias", err));
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, "batch_norm", err));
    cvyi_set_real(&step->attrs, "eps", eps);
    cvyi_set_real(&step->attrs, "momentum", 1 - momentum);
    cvyi_set_word(&step->attrs, "variance", variance);
    if (affine)
        cvyi_norm_slot(step, "scale", "weight", "C", 1);
    if (affine && bias)
        cvyi_norm_slot(step, "shift", "bias", "C", 0);
    cvyi_norm_slot(step, "mean", "running_mean", "C", 0)->frozen = true;
    cvyi_norm_slot(step, "variance", "running_var", "C", 1)->frozen = true;
    return CVY_OK;
}

cvy_status cvyi_batch_norm_from_torch(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err)
{
    return read_norm(out, call, "unbiased", false, err);
}

cvy_status cvyi_batch_norm_from_lazy(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    return read_norm(out, call, "unbiased", true, err);
}

/* Their names end with the number of axes. */
cvy_status cvyi_batch_norm_from_class(cvyi_phrase *out, const cvyi_bound *call,
                                      cvy_error *err)
{
    const char *const name = call->spelling->name;
    cvyi_bound norm = *call;

    norm.n_spatial = name[strlen(name) - 2] - '0';
    return read_norm(out, &norm, "biased", false, err);
}

/* For any number of axes. Inference is that of the other classes. */
cvy_status cvyi_batch_norm_from_sync(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    cvyi_bound norm = *call;

    if (rank > 2 + CVYI_MAX_SPATIAL)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "", "give it an input of 2 to 5 axes",
                           "a batch norm of %d axes", rank);
    norm.n_spatial = rank < 3 ? 1 : rank - 2;
    CVYI_TRY(read_norm(out, &norm, "unbiased", false, err));
    cvyi_phrase_remark(out, "SyncBatchNorm: statistics are not joined over "
                            "devices when the port is trained; Keras does so "
                            "with synchronized=True");
    return CVY_OK;
}

cvy_status cvyi_batch_norm_from_function(cvyi_phrase *out,
                                         const cvyi_bound *call,
                                         cvy_error *err)
{
    static const char *const names[] = { "weight", "bias", "running_mean",
                                         "running_var" };
    const cvyi_bound alone = cvyi_operand_input(call);
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    int64_t channels;
    double eps;
    cvyi_step *step;
    bool training;

    CVYI_TRY(cvyi_torch_input(out, &alone, 0, err));
    if (rank < 2)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "x",
                           "give it an input with a batch and channels",
                           "it needs an input of at least 2 axes, got %d",
                           rank);
    CVYI_TRY(cvyi_arg_bool(&training, out, call, "training", err));
    if (training)
        return refuse_batch(out, call, "training",
                            "say training=False, or use a layer", err);
    if (!cvyi_size_constant(&channels, call->in[0].dims[1]))
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "x", "give the input a known number of channels",
                           "the number of channels is not known");
    CVYI_TRY(cvyi_arg_double(&eps, out, call, "eps", err));
    CVYI_TRY(cvyi_torch_step(&step, out, call, "batch_norm", err));
    cvyi_set_real(&step->attrs, "eps", eps);
    return cvyi_batch_norm_operands(step, out, call, channels, names, err);
}
