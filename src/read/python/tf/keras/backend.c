/*
 * read/python/tf/keras/backend.c - functions of keras.backend that are no
 * operations: what sizes a tensor has, how channels are ordered, which phase
 * it is.
 */
#include "read/python/tf/host.h"

#include <string.h>

static cvy_status text(cvyi_py_value *out, cvyi_py_eval *eval,
                       const char *word, cvy_error *err)
{
    return cvyi_py_make_text(out, eval, word, strlen(word), err);
}

/* (None, 32, 32, 3) */
static cvy_status int_shape(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "x");
    const cvyi_type *type;
    cvyi_py_value items[CVYI_MAX_DIMS];
    int64_t known;

    if (x == NULL || cvyi_tf_result(x) < 0)
        return cvyi_py_refuse(eval, err, "the shape of what is no tensor");
    type = cvyi_tf_type(eval, cvyi_tf_result(x));
    for (int i = 0; i < type->rank; i++)
        items[i] = cvyi_size_constant(&known, type->dims[i])
                       ? cvyi_py_int(known)
                       : cvyi_py_none();
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, items, type->rank,
                            err);
}

static cvy_status shape(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_call_args *args, cvy_error *err)
{
    return cvyi_tf_ask_shape(out, eval, cvyi_tf_arg(args, 0, "x"), err);
}

static cvy_status ndim(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    return cvyi_tf_ask_rank(out, eval, cvyi_tf_arg(args, 0, "x"), err);
}

static cvy_status data_format(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    (void)args;
    return text(out, eval,
                cvyi_tf_of(eval)->keras_first ? "channels_first"
                                              : "channels_last",
                err);
}

static cvy_status dim_ordering(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    (void)args;
    return text(out, eval, cvyi_tf_of(eval)->keras_first ? "th" : "tf", err);
}

static cvy_status set_format(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const word = args->n > 0 ? cvyi_tf_text(&args->values[0])
                             : args->n_keywords > 0
                                 ? cvyi_tf_text(&args->keyword_values[0])
                                 : NULL;

    if (word == NULL)
        return cvyi_py_refuse(eval, err,
                              "which order of axes is set is not known");
    cvyi_tf_of(eval)->keras_first =
        strcmp(word, "channels_first") == 0 || strcmp(word, "th") == 0;
    cvyi_tf_of(eval)->keras_ordered = true;
    *out = cvyi_py_none();
    return CVY_OK;
}

/* A port is an inference. */
static cvy_status phase(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_call_args *args, cvy_error *err)
{
    (void)eval;
    (void)args;
    (void)err;
    *out = cvyi_py_bool(false);
    return CVY_OK;
}

/* in_train_phase(x, alt), in_test_phase(x, alt): functions may stand there. */
static cvy_status choose(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_value *chosen, cvy_error *err)
{
    static const cvyi_py_call_args none = { 0 };

    if (chosen == NULL)
        return cvyi_py_refuse(eval, err, "a phase without its values");
    if (cvyi_tf_is_own_function(chosen))
        return cvyi_py_eval_call(out, eval, chosen, &none, err);
    *out = *chosen;
    return CVY_OK;
}

static cvy_status in_train(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    return choose(out, eval, cvyi_tf_arg(args, 1, "alt"), err);
}

static cvy_status in_test(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    return choose(out, eval, cvyi_tf_arg(args, 0, "x"), err);
}

static cvy_status epsilon(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    (void)eval;
    (void)args;
    (void)err;
    *out = cvyi_py_float(1e-7);
    return CVY_OK;
}

static cvy_status floatx(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    (void)args;
    return text(out, eval, "float32", err);
}

static cvy_status nothing(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    (void)eval;
    (void)args;
    (void)err;
    *out = cvyi_py_none();
    return CVY_OK;
}

static const struct {
    const char *name;
    cvyi_tf_function *run;
} table[] = {
    { "int_shape", int_shape },
    { "shape", shape },
    { "ndim", ndim },
    { "image_data_format", data_format },
    { "image_dim_ordering", dim_ordering },
    { "set_image_data_format", set_format },
    { "set_image_dim_ordering", set_format },
    { "learning_phase", phase },
    { "set_learning_phase", nothing },
    { "in_train_phase", in_train },
    { "in_test_phase", in_test },
    { "epsilon", epsilon },
    { "floatx", floatx },
    { "set_floatx", nothing },
    { "set_epsilon", nothing },
    { "clear_session", nothing },
    { "set_session", nothing },
    { "manual_variable_initialization", nothing },
};

/* Functions of Keras itself that are the backend's too. */
static bool is_of_it(const char *dotted, const char *name)
{
    const size_t n = strlen(dotted) - strlen(name);

    return strncmp(dotted, "keras.backend.", n) == 0 ||
           strncmp(dotted, "keras.config.", n) == 0 ||
           (n == 10 && strncmp(dotted, "keras.ops.", n) == 0 &&
            (strcmp(name, "shape") == 0 || strcmp(name, "ndim") == 0));
}

cvy_status cvyi_tf_keras_ask(cvyi_py_value *out, bool *known,
                             cvyi_py_eval *eval, const char *dotted,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const name = cvyi_call_last(dotted);
    const cvyi_py_value *const opaque = cvyi_tf_first_opaque(args);

    *known = false;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, name) != 0 || !is_of_it(dotted, name))
            continue;
        *known = true;
        if (opaque != NULL) {
            *out = *opaque;
            return CVY_OK;
        }
        return table[i].run(out, eval, args, err);
    }
    return CVY_OK;
}
