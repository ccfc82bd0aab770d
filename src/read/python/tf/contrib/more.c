/* read/python/tf/contrib/more.c - contrib's layers that are functions. */
#include "read/python/tf/contrib/contrib.h"

#include <math.h>
#include <string.h>

/* A function of TensorFlow by its name. */
static cvy_status ask(cvyi_py_value *out, const cvyi_tf_contrib_call *call,
                      const char *dotted, const cvyi_py_call_args *args,
                      cvy_error *err)
{
    cvyi_py_value function;

    CVYI_TRY(cvyi_tf_import(&function, call->eval, dotted, err));
    return cvyi_py_eval_call(out, call->eval, &function, args, err);
}

cvy_status cvyi_tf_contrib_flatten(cvyi_py_value *out,
                                   const cvyi_tf_contrib_call *call,
                                   cvy_error *err)
{
    const cvyi_tf_contrib_layer layer = { .dotted = "keras.layers.Flatten" };

    return cvyi_tf_contrib_run(out, call, &layer, call->x, err);
}

/* ---- dropout ---- */

/* Of a placeholder no number is known: half is what most scripts feed. */
static cvy_status share_of(double *out, const cvyi_tf_contrib_call *call,
                           cvy_error *err)
{
    const cvyi_py_value *const keep = cvyi_tf_contrib_arg(call, "keep_prob");

    *out = 0.5;
    if (keep == NULL)
        return CVY_OK;
    if (keep->type == CVYI_PY_V_HOST && keep->host.type == &cvyi_tf_mode_type)
        return cvyi_tf_remark(
            call->eval, err,
            "%s is fed while training: the written dropout has 0.5",
            ((const cvyi_tf_mode *)keep->host.data)->name);
    *out = cvyi_tf_number(keep, NAN);
    return !isnan(*out) ? CVY_OK
                        : cvyi_py_refuse(call->eval, err,
                                         "the share that dropout keeps is "
                                         "not known");
}

cvy_status cvyi_tf_contrib_dropout(cvyi_py_value *out,
                                   const cvyi_tf_contrib_call *call,
                                   cvy_error *err)
{
    const cvyi_py_value *const training =
        cvyi_tf_contrib_arg(call, "is_training");
    const bool always =
        training == NULL ? !cvyi_tf_contrib_none(call, "is_training")
                         : training->type == CVYI_PY_V_BOOL && training->truth;
    cvyi_tf_contrib_layer layer = { .dotted = "keras.layers.Dropout" };
    double keep;

    CVYI_TRY(share_of(&keep, call, err));
    if (always)
        CVYI_TRY(cvyi_tf_remark(
            call->eval, err,
            "dropout is told that it trains: the written one drops after "
            "model.train()"));
    cvyi_tf_contrib_put(&layer, "rate", cvyi_py_float(cvyi_tf_rest(keep)));
    cvyi_tf_contrib_take(&layer, "noise_shape", call, "noise_shape", NULL);
    return cvyi_tf_contrib_run(out, call, &layer, call->x, err);
}

/* ---- functions ---- */

cvy_status cvyi_tf_contrib_softmax(cvyi_py_value *out,
                                   const cvyi_tf_contrib_call *call,
                                   cvy_error *err)
{
    const cvyi_py_call_args args = { .n = 1, .values = call->x };

    return ask(out, call, "tensorflow.nn.softmax", &args, err);
}

/* x / sqrt(epsilon + sum(x²)) */
cvy_status cvyi_tf_contrib_unit(cvyi_py_value *out,
                                const cvyi_tf_contrib_call *call,
                                cvy_error *err)
{
    static const char *const keys[] = { "axis", "keepdims" };
    const cvyi_py_value *const dim = cvyi_tf_contrib_arg(call, "dim");
    const cvyi_py_value *const given = cvyi_tf_contrib_arg(call, "epsilon");
    cvyi_py_value two[2], values[2] = { cvyi_py_int(0), cvyi_py_bool(true) };
    cvyi_py_call_args one = { .n = 1, .values = two };
    const cvyi_py_call_args both = { .n = 2, .values = two };

    if (dim == NULL)
        return cvyi_py_refuse(call->eval, err, "unit_norm without its dim");
    values[0] = *dim;
    two[0] = *call->x;
    CVYI_TRY(ask(&two[0], call, "tensorflow.square", &one, err));
    one.n_keywords = 2;
    one.keywords = keys;
    one.keyword_values = values;
    CVYI_TRY(ask(&two[0], call, "tensorflow.reduce_sum", &one, err));
    one.n_keywords = 0;
    two[1] = given != NULL ? *given : cvyi_py_float(1e-7);
    CVYI_TRY(ask(&two[0], call, "tensorflow.add", &both, err));
    CVYI_TRY(ask(&two[1], call, "tensorflow.sqrt", &one, err));
    two[0] = *call->x;
    return ask(out, call, "tensorflow.divide", &both, err);
}

/* ---- with a variable of their own ---- */

static cvy_status make_variable(cvyi_py_value *out,
                                const cvyi_tf_contrib_call *call,
                                const char *name, const cvyi_py_value *shape,
                                const char *initializer, bool zeros,
                                cvy_error *err)
{
    static const char *const keys[] = { "name", "shape", "initializer" };
    const cvyi_py_value *const given = cvyi_tf_contrib_arg(call, initializer);
    cvyi_py_value values[3];
    const cvyi_py_call_args args = { .n_keywords =
                                         given != NULL || zeros ? 3 : 2,
                                     .keywords = keys,
                                     .keyword_values = values };
    const cvyi_value *config;

    CVYI_TRY(
        cvyi_py_make_text(&values[0], call->eval, name, strlen(name), err));
    values[1] = *shape;
    if (given != NULL) {
        values[2] = *given;
    } else if (zeros) {
        CVYI_TRY(cvyi_tf_make_config(&config, call->eval, "Zeros", NULL, 0,
                                     NULL, 0, err));
        values[2] = cvyi_py_host_value(&cvyi_tf_object_type, (void *)config);
    }
    return cvyi_tf_variable_get(out, call->eval, &args, err);
}

cvy_status cvyi_tf_contrib_bias(cvyi_py_value *out,
                                const cvyi_tf_contrib_call *call,
                                cvy_error *err)
{
    static const char *const key[] = { "data_format" };
    const cvyi_type *const type =
        cvyi_tf_type(call->eval, cvyi_tf_result(call->x));
    const bool first = cvyi_tf_contrib_first(call);
    cvyi_py_value size, shape, format, two[2];
    cvyi_py_call_args args = { .n = 2, .values = two };

    if (call->rank < 2)
        return cvyi_py_refuse(call->eval, err, "%s of %d axes", call->name,
                              call->rank);
    size = cvyi_tf_size(type->dims[first ? 1 : call->rank - 1]);
    CVYI_TRY(
        cvyi_py_make_seq(&shape, call->eval, CVYI_PY_V_LIST, &size, 1, err));
    two[0] = *call->x;
    CVYI_TRY(make_variable(&two[1], call, "biases", &shape, "initializer",
                           true, err));
    if (first) {
        CVYI_TRY(cvyi_py_make_text(&format, call->eval, "NCHW", 4, err));
        args.n_keywords = 1;
        args.keywords = key;
        args.keyword_values = &format;
    }
    CVYI_TRY(ask(out, call, "tensorflow.nn.bias_add", &args, err));
    return cvyi_tf_contrib_finish(out, call, false, err);
}

cvy_status cvyi_tf_contrib_embed(cvyi_py_value *out,
                                 const cvyi_tf_contrib_call *call,
                                 cvy_error *err)
{
    const cvyi_py_value *const rows = cvyi_tf_contrib_arg(call, "vocab_size");
    const cvyi_py_value *const columns =
        cvyi_tf_contrib_arg(call, "embed_dim");
    cvyi_py_value two[2], shape;
    const cvyi_py_call_args args = { .n = 2, .values = two };

    if (rows == NULL || columns == NULL)
        return cvyi_py_refuse(call->eval, err,
                              "embed_sequence without its sizes");
    two[0] = *rows;
    two[1] = *columns;
    CVYI_TRY(
        cvyi_py_make_seq(&shape, call->eval, CVYI_PY_V_LIST, two, 2, err));
    CVYI_TRY(make_variable(&two[0], call, "embeddings", &shape, "initializer",
                           false, err));
    two[1] = *call->x;
    return ask(out, call, "tensorflow.nn.embedding_lookup", &args, err);
}

/* ---- regularisers ---- */

/* TensorFlow's l2_loss is half the sum of squares, Keras' the whole. */
static cvy_status regularizer(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_call_args *args,
                              const char *class_name, const char *key,
                              double factor, cvy_error *err)
{
    const double scale = cvyi_tf_number(cvyi_tf_arg(args, 0, "scale"), NAN);
    const cvyi_value *config;

    if (isnan(scale))
        return cvyi_py_refuse(eval, err,
                              "the scale of a regulariser is not "
                              "known");
    CVYI_TRY(cvyi_tf_make_config(&config, eval, class_name, key,
                                 factor * scale, NULL, 0, err));
    *out = cvyi_py_host_value(&cvyi_tf_object_type, (void *)config);
    return CVY_OK;
}

cvy_status cvyi_tf_l2(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_call_args *args, cvy_error *err)
{
    return regularizer(out, eval, args, "L2", "l2", 0.5, err);
}

cvy_status cvyi_tf_l1(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_call_args *args, cvy_error *err)
{
    return regularizer(out, eval, args, "L1", "l1", 1, err);
}
