/* read/python/tf/contrib/norm.c - contrib's norms. */
#include "read/python/tf/contrib/contrib.h"

#include <string.h>

/* What param_initializers or param_regularizers have of the parameters. */
static void put_params(cvyi_tf_contrib_layer *layer,
                       const cvyi_tf_contrib_call *call)
{
    static const struct {
        const char *of, *key, *keyword;
    } rows[] = {
        { "param_initializers", "beta", "beta_initializer" },
        { "param_initializers", "gamma", "gamma_initializer" },
        { "param_regularizers", "beta", "beta_regularizer" },
        { "param_regularizers", "gamma", "gamma_regularizer" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cvyi_py_value *const given =
            cvyi_tf_contrib_arg(call, rows[i].of);
        const cvyi_py_map *const map =
            given != NULL && given->type == CVYI_PY_V_DICT ? given->map : NULL;

        for (int k = 0; map != NULL && k < map->n; k++) {
            const char *const key = cvyi_tf_text(&map->keys[k]);

            if (key != NULL && strcmp(key, rows[i].key) == 0 &&
                map->values[k].type == CVYI_PY_V_HOST)
                cvyi_tf_contrib_put(layer, rows[i].keyword, map->values[k]);
        }
    }
}

static void put_common(cvyi_tf_contrib_layer *layer,
                       const cvyi_tf_contrib_call *call, bool scale,
                       double epsilon)
{
    const cvyi_py_value small = cvyi_py_float(epsilon);

    cvyi_tf_contrib_take(layer, "epsilon", call, "epsilon", &small);
    cvyi_tf_contrib_put(
        layer, "center",
        cvyi_py_bool(cvyi_tf_contrib_flag(call, "center", true)));
    cvyi_tf_contrib_put(
        layer, "scale",
        cvyi_py_bool(cvyi_tf_contrib_flag(call, "scale", scale)));
    put_params(layer, call);
}

static cvy_status finish(cvyi_py_value *out, const cvyi_tf_contrib_call *call,
                         const cvyi_tf_contrib_layer *layer, cvy_error *err)
{
    CVYI_TRY(cvyi_tf_contrib_run(out, call, layer, call->x, err));
    return cvyi_tf_contrib_finish(out, call, false, err);
}

/* ---- over the batch ---- */

/* What it computes at inference is the same with and without them. */
static cvy_status check_batch(const cvyi_tf_contrib_call *call, cvy_error *err)
{
    const cvyi_py_value *const training =
        cvyi_tf_contrib_arg(call, "is_training");
    const bool fixed = training != NULL && (training->type == CVYI_PY_V_BOOL ||
                                            training->type == CVYI_PY_V_INT);

    if (cvyi_tf_contrib_flag(call, "renorm", false))
        return cvyi_py_refuse(call->eval, err,
                              "batch_norm with renorm is not carried over");
    if (cvyi_tf_contrib_arg(call, "adjustment") != NULL ||
        cvyi_tf_contrib_arg(call, "batch_weights") != NULL)
        return cvyi_py_refuse(call->eval, err,
                              "batch_norm with adjustment or batch_weights "
                              "is not carried over");
    if (training != NULL &&
        (!fixed || !cvyi_tf_contrib_flag(call, "is_training", true)))
        return CVY_OK;
    return cvyi_tf_remark(call->eval, err,
                          "batch_norm is told that it trains: the written "
                          "layer does so after model.train()");
}

cvy_status cvyi_tf_contrib_batch(cvyi_py_value *out,
                                 const cvyi_tf_contrib_call *call,
                                 cvy_error *err)
{
    const cvyi_py_value decay = cvyi_py_float(0.999);
    cvyi_tf_contrib_layer layer = { .dotted =
                                        "keras.layers.BatchNormalization" };

    CVYI_TRY(check_batch(call, err));
    cvyi_tf_contrib_put(
        &layer, "axis",
        cvyi_py_int(cvyi_tf_contrib_first(call) ? 1 : call->rank - 1));
    cvyi_tf_contrib_take(&layer, "momentum", call, "decay", &decay);
    put_common(&layer, call, false, 0.001);
    return finish(out, call, &layer, err);
}

/* ---- over each sample ---- */

static cvy_status axis_of(int *out, const cvyi_tf_contrib_call *call,
                          const char *name, int fallback, cvy_error *err)
{
    const cvyi_py_value *const given = cvyi_tf_contrib_arg(call, name);
    int64_t axis = fallback;

    if (given != NULL && given->type != CVYI_PY_V_INT)
        return cvyi_py_refuse(call->eval, err, "%s of %s is no number", name,
                              call->name);
    if (given != NULL)
        axis = given->integer;
    if (axis < 0)
        axis += call->rank;
    if (axis < 0 || axis >= call->rank)
        return cvyi_py_refuse(call->eval, err, "%s of %s is no axis", name,
                              call->name);
    *out = (int)axis;
    return CVY_OK;
}

static cvy_status axes_from(cvyi_py_value *out, cvyi_py_eval *eval, int first,
                            int rank, cvy_error *err)
{
    cvyi_py_value axes[CVYI_MAX_DIMS];

    for (int i = first; i < rank; i++)
        axes[i - first] = cvyi_py_int(i);
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, axes, rank - first,
                            err);
}

/* It normalises over all axes but the batch's, and has a parameter for each
 * channel: one group of all of them. */
cvy_status cvyi_tf_contrib_layer_norm(cvyi_py_value *out,
                                      const cvyi_tf_contrib_call *call,
                                      cvy_error *err)
{
    int over, params;
    cvyi_py_value axes;
    cvyi_tf_contrib_layer layer = { 0 };

    CVYI_TRY(axis_of(&over, call, "begin_norm_axis", 1, err));
    CVYI_TRY(axis_of(&params, call, "begin_params_axis", -1, err));
    if (over == params) {
        layer.dotted = "keras.layers.LayerNormalization";
        CVYI_TRY(axes_from(&axes, call->eval, over, call->rank, err));
        cvyi_tf_contrib_put(&layer, "axis",
                            over == call->rank - 1 ? axes.seq->items[0]
                                                   : axes);
    } else if (over == 1 && params == call->rank - 1) {
        layer.dotted = "keras.layers.GroupNormalization";
        cvyi_tf_contrib_put(&layer, "groups", cvyi_py_int(1));
    } else {
        return cvyi_py_refuse(call->eval, err,
                              "layer_norm from axis %d with parameters from "
                              "axis %d is not carried over",
                              over, params);
    }
    put_common(&layer, call, true, 1e-12);
    return finish(out, call, &layer, err);
}

cvy_status cvyi_tf_contrib_instance(cvyi_py_value *out,
                                    const cvyi_tf_contrib_call *call,
                                    cvy_error *err)
{
    cvyi_tf_contrib_layer layer = { .dotted =
                                        "keras.layers.GroupNormalization" };

    if (call->rank < 3)
        return cvyi_py_refuse(call->eval, err, "%s of %d axes", call->name,
                              call->rank);
    cvyi_tf_contrib_put(&layer, "groups", cvyi_py_int(-1));
    cvyi_tf_contrib_put(
        &layer, "axis",
        cvyi_py_int(cvyi_tf_contrib_first(call) ? 1 : call->rank - 1));
    put_common(&layer, call, true, 1e-6);
    return finish(out, call, &layer, err);
}

/* Are they all axes but the batch's and the channels'? */
static bool spatial_axes(const cvyi_tf_contrib_call *call, int channels)
{
    const cvyi_py_value *const given =
        cvyi_tf_contrib_arg(call, "reduction_axes");
    const bool list = given != NULL && (given->type == CVYI_PY_V_LIST ||
                                        given->type == CVYI_PY_V_TUPLE);
    bool seen[CVYI_MAX_DIMS] = { true };
    int n = 0;

    if (given == NULL)
        return call->rank == 4 && channels == 3;
    seen[channels] = true;
    for (int i = 0; list && i < given->seq->n; i++) {
        const cvyi_py_value *const item = &given->seq->items[i];
        const int64_t axis = item->type == CVYI_PY_V_INT ? item->integer : 0;
        const int64_t at = axis < 0 ? axis + call->rank : axis;

        if (at < 0 || at >= call->rank || seen[at])
            return false;
        seen[at] = true;
        n++;
    }
    return list && n == call->rank - 2;
}

cvy_status cvyi_tf_contrib_group(cvyi_py_value *out,
                                 const cvyi_tf_contrib_call *call,
                                 cvy_error *err)
{
    const cvyi_py_value many = cvyi_py_int(32);
    cvyi_tf_contrib_layer layer = { .dotted =
                                        "keras.layers.GroupNormalization" };
    int channels;

    CVYI_TRY(axis_of(&channels, call, "channels_axis", -1, err));
    if (!spatial_axes(call, channels))
        return cvyi_py_refuse(call->eval, err,
                              "group_norm over these axes is not carried "
                              "over");
    cvyi_tf_contrib_take(&layer, "groups", call, "groups", &many);
    cvyi_tf_contrib_put(&layer, "axis", cvyi_py_int(channels));
    put_common(&layer, call, true, 1e-6);
    return finish(out, call, &layer, err);
}
