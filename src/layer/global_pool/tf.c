/* layer/global_pool/tf.c - TensorFlow's functions for it. */
#include "layer/adaptive.h"

#include <string.h>

/* The argument by one of its two names; *name is the one that was used. */
static cvy_status pick(const char **name, cvyi_phrase *phrase,
                       const cvyi_bound *call, const char *usual,
                       const char *old, cvy_error *err)
{
    *name = usual;
    if (strcmp(call->spelling->dialect, "tf1") != 0 ||
        cvyi_is_none(cvyi_arg(call, old)))
        return CVY_OK;
    if (!cvyi_is_none(cvyi_arg(call, usual)))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, old,
                           "correct this argument in the source",
                           "%s and %s are one argument", usual, old);
    *name = old;
    return CVY_OK;
}

static cvy_status from_reduction(cvyi_phrase *out, const cvyi_bound *call,
                                 const char *kind, cvy_error *err)
{
    bool reduced[CVYI_MAX_DIMS];
    const char *axis, *keep;
    bool kept = false;

    if (call->n_in != 1)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "x",
                           "correct this call in the source",
                           "it takes one tensor, not %d", call->n_in);
    CVYI_TRY(pick(&axis, out, call, "axis", "reduction_indices", err));
    CVYI_TRY(pick(&keep, out, call, "keepdims", "keep_dims", err));
    if (!cvyi_is_none(cvyi_arg(call, keep)))
        CVYI_TRY(cvyi_arg_bool(&kept, out, call, keep, err));
    CVYI_TRY(cvyi_reduced_axes(reduced, out, call, axis, err));
    return cvyi_reduction_add(out, call, kind, reduced, kept, axis, err);
}

static cvy_status from_mean(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return from_reduction(out, call, "average", err);
}

static cvy_status from_max(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    return from_reduction(out, call, "max", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "axis",              "reduced axes", NULL },
    { "keepdims",          "keepdims",     NULL },
    { "reduction_indices", "reduced axes", NULL },
    { "keep_dims",         "keepdims",     NULL },
    { 0 }
};

#define ROW(world, word, text, from)                                \
    { .dialect = world, .name = word, .signature = text,            \
      .from_call = from, .form = CVYI_FORM_FUNCTION,                \
      .arguments = arguments }
#define TF2 "x, axis=None, keepdims=False, name=None"
#define TF1 "x, axis=None, keepdims=None, name=None, "              \
            "reduction_indices=None, keep_dims=None"
#define BOTH(word, from)                                            \
    ROW("tf2", "tf." word, TF2, from),                              \
    ROW("tf2", "tf.math." word, TF2, from),                         \
    ROW("tf1", "tf." word, TF1, from),                              \
    ROW("tf1", "tf.math." word, TF1, from)

const cvyi_spelling cvyi_global_pool_tf[] = {
    BOTH("reduce_mean", from_mean),
    BOTH("reduce_max", from_max),
    { 0 }
};
/* clang-format on */
