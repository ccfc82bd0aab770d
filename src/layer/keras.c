/* layer/keras.c - what the Keras words of many operators share. */
#include "layer/keras.h"

#include <stdio.h>
#include <string.h>

/* The argument <stem>_<part>, NULL if the signature has none or it is None. */
static const cvyi_value *part_of(const cvyi_bound *call, const char *stem,
                                 const char *part)
{
    char name[64];

    snprintf(name, sizeof name, "%s_%s", stem, part);
    for (int i = 0; i < call->n; i++)
        if (strcmp(call->names[i], name) == 0)
            return cvyi_is_none(call->values[i]) ? NULL : call->values[i];
    return NULL;
}

cvyi_step_slot *cvyi_keras_slot(cvyi_step *step, const cvyi_bound *call,
                                const char *slot, const char *source,
                                const char *layout, const char *stem)
{
    cvyi_step_slot *const added =
        cvyi_step_slot_add(step, slot, source, layout);

    added->initialiser = part_of(call, stem, "initializer");
    added->regulariser = part_of(call, stem, "regularizer");
    added->constraint = part_of(call, stem, "constraint");
    return added;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

cvy_status cvyi_keras_training_only(cvyi_phrase *phrase,
                                    const cvyi_bound *call, cvy_error *err)
{
    const char *remark = NULL;

    for (int i = 0; i < call->n; i++) {
        const char *const name = call->names[i];

        if (cvyi_is_none(call->values[i]) ||
            (!ends_with(name, "_regularizer") &&
             !ends_with(name, "_constraint")))
            continue;
        remark = cvyi_arena_printf(call->arena, "%s%s%s",
                                   remark != NULL ? remark : "",
                                   remark != NULL ? ", " : "", name);
        if (remark == NULL)
            return cvyi_no_memory(err);
    }
    if (remark == NULL)
        return CVY_OK;
    remark = cvyi_arena_printf(
        call->arena, "%s: acts in training only and is not written%s%s",
        remark,
        strstr(remark, "_regularizer") != NULL
            ? "; in torch it is a term of the loss, L2 also a weight_decay"
            : "",
        strstr(remark, "_constraint") != NULL
            ? "; in torch a constraint is applied after each step"
            : "");
    if (remark == NULL)
        return cvyi_no_memory(err);
    cvyi_phrase_remark(phrase, remark);
    return CVY_OK;
}

void cvyi_keras_remark_bias(cvyi_phrase *phrase, const cvyi_bound *call,
                            const cvyi_step *step)
{
    const int64_t channels = cvyi_attr_int(&step->attrs, "outputs");
    cvyi_inferred found;
    int64_t last;

    if (phrase->n == 1 && step->axes == CVYI_AXES_FIRST && channels > 1 &&
        strcmp(call->spelling->dialect, "keras3") == 0 &&
        step->attrs.op->infer(&found, &step->attrs, call->in, call->n_in,
                              call->sizes, NULL) == CVY_OK &&
        cvyi_size_constant(&last, found.out[0].dims[found.out[0].rank - 1]) &&
        last == channels)
        cvyi_phrase_remark(phrase, "called eagerly on TensorFlow, Keras adds "
                                   "this bias along the last axis; the port "
                                   "adds one to each channel");
}

cvy_status cvyi_keras_must_be_off(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const char *name, const char *advice,
                                  cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);

    if (cvyi_is_none(value) || (value->kind == CVYI_BOOL && !value->truth))
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, advice, "%s is not carried over", name);
}

cvy_status cvyi_keras_input(int64_t *channels, cvyi_phrase *phrase,
                            const cvyi_bound *call, int rank, cvyi_axes axes,
                            cvy_error *err)
{
    int64_t found = 0;

    if (call->n_in != 1 || call->in[0].rank != rank)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "",
                           "give it an input of that rank",
                           "needs one input of %d axes, got %d", rank,
                           call->n_in > 0 ? call->in[0].rank : 0);
    if (!cvyi_size_constant(
            &found,
            call->in[0].dims[axes == CVYI_AXES_FIRST ? 1 : rank - 1]) &&
        channels != NULL)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "",
                           "give the input a fixed number of channels",
                           "the number of channels of its input is not "
                           "known");
    if (channels != NULL)
        *channels = found;
    return CVY_OK;
}

bool cvyi_keras_reals(const double **reals, int *n, bool *single,
                      const cvyi_bound *call, const cvyi_value *value)
{
    if (value->kind == CVYI_DICT)
        value = cvyi_get(cvyi_get(value, "config"), "value");
    if (value == NULL || (value->kind == CVYI_LIST && value->n == 0))
        return false;

    const bool list = value->kind == CVYI_LIST;
    const int count = list ? value->n : 1;
    double *const kept =
        cvyi_arena_alloc(call->arena, (size_t)count, sizeof *kept);

    for (int i = 0; kept != NULL && i < count; i++)
        if (!cvyi_as_double(&kept[i], list ? &value->items[i] : value))
            return false;
    *reals = kept;
    *n = count;
    *single = !list;
    return true;
}
