/* read/python/tf/name.c - names of TensorFlow, and what an import gives. */
#include "read/python/tf/contrib/contrib.h"
#include "read/python/tf/training/training.h"
#include "read/python/std/import.h"

#include <string.h>

static cvy_status make(cvyi_py_value *out, cvyi_py_eval *eval,
                       const char *dotted, cvy_error *err)
{
    cvyi_arena *const arena = cvyi_tf_of(eval)->arena;
    cvyi_call_name *const name = cvyi_arena_alloc(arena, 1, sizeof *name);

    if (name == NULL)
        return cvyi_no_memory(err);
    *name = (cvyi_call_name){ 0 };
    name->dotted = cvyi_call_canonical(&name->marks, arena, dotted);
    if (name->dotted != NULL)
        name->dotted = cvyi_tf_keras_canonical(arena, name->dotted);
    if (name->dotted != NULL)
        name->dotted = cvyi_tf_layers_class(&name->marks, arena, name->dotted);
    if (name->dotted == NULL)
        return cvyi_no_memory(err);
    if (strcmp(name->dotted, "tf.contrib.training.HParams") == 0)
        return cvyi_tf_hparams(out, eval, err);
    *out = cvyi_py_host_value(&cvyi_tf_name_type, name);
    return CVY_OK;
}

static bool is_of(const char *dotted, const char *package)
{
    return strcmp(dotted, package) == 0 || cvyi_call_is_below(dotted, package);
}

/* Parts of TensorFlow that are no part of a network. */
static bool is_foreign(const char *dotted)
{
    static const char *const packages[] = {
        "tensorflow.examples", "tensorflow.models", "tensorflow.python",
        "tensorflow_datasets", "tensorflow_hub",
    };

    if (is_of(dotted, "tensorflow.python.keras") ||
        is_of(dotted, "tensorflow.examples.tutorials.mnist"))
        return false;
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
        if (strcmp(dotted, packages[i]) == 0 ||
            cvyi_call_is_below(dotted, packages[i]))
            return true;
    return false;
}

/* A package of Keras is asked for every name of a script that imports all of
 * it, and has some. */
static bool has(cvyi_arena *arena, const char *dotted)
{
    unsigned marks = 0;
    const char *const name = cvyi_call_canonical(&marks, arena, dotted);

    return name == NULL || cvyi_tf_keras_has(name);
}

/* Modules inside TensorFlow whose names are the public ones of `now`. */
static const char *inside(cvyi_arena *arena, const char *dotted)
{
    static const struct {
        const char *module, *now;
    } table[] = {
        { "keras_applications", "keras.applications" },
        { "tensorflow.python.framework.dtypes", "tensorflow" },
        { "tensorflow.python.framework.ops", "tensorflow" },
        { "tensorflow.python.ops.array_ops", "tensorflow" },
        { "tensorflow.python.ops.control_flow_ops", "tensorflow" },
        { "tensorflow.python.ops.init_ops", "tensorflow" },
        { "tensorflow.python.ops.math_ops", "tensorflow" },
        { "tensorflow.python.ops.nn", "tensorflow.nn" },
        { "tensorflow.python.ops.nn_ops", "tensorflow.nn" },
        { "tensorflow.python.ops.variable_scope", "tensorflow" },
        { "tensorflow.python.training.moving_averages", "tensorflow.train" },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const size_t n = strlen(table[i].module);

        if (strncmp(table[i].module, dotted, n) == 0 &&
            (dotted[n] == '\0' || dotted[n] == '.'))
            return cvyi_arena_printf(arena, "%s%s", table[i].now, dotted + n);
    }
    return dotted;
}

cvy_status cvyi_tf_import(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *dotted, cvy_error *err)
{
    bool known = false;

    dotted = inside(cvyi_tf_of(eval)->arena, dotted);
    if (dotted == NULL)
        return cvyi_no_memory(err);
    if (strcmp(dotted, "tf_slim") == 0 ||
        cvyi_call_is_below(dotted, "tf_slim")) {
        const char *const inside =
            cvyi_arena_printf(cvyi_tf_of(eval)->arena, "tensorflow.contrib.%s",
                              dotted + strlen("tf_"));

        return inside != NULL ? make(out, eval, inside, err)
                              : cvyi_no_memory(err);
    }
    if ((is_of(dotted, "tensorflow") || is_of(dotted, "keras") ||
         is_of(dotted, "tf_keras")) &&
        !is_foreign(dotted) && has(cvyi_tf_of(eval)->arena, dotted))
        return make(out, eval, dotted, err);
    CVYI_TRY(cvyi_python_std(out, &known, eval, dotted, err));
    return known ? CVY_OK
                 : cvyi_fail(err, CVY_UNSUPPORTED,
                             "the module %.100s is not read", dotted);
}

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    static const char version[] = "1.15.0";
    const cvyi_call_name *const base = self->host.data;
    const char *const function = cvyi_tf_contrib_function_name(base->dotted);
    const cvyi_py_value *given;
    const char *dotted = cvyi_arena_printf(cvyi_tf_of(eval)->arena, "%s.%s",
                                           base->dotted, name);

    if (dotted == NULL)
        return cvyi_no_memory(err);
    given = cvyi_py_names_get(&cvyi_tf_of(eval)->given, dotted);
    if (given != NULL) {
        *out = *given;
        return CVY_OK;
    }
    if (strcmp(name, "__name__") == 0) {
        dotted = function != NULL ? function : cvyi_call_last(base->dotted);
        return cvyi_py_make_text(out, eval, dotted, strlen(dotted), err);
    }
    if (strcmp(base->dotted, "tf") == 0) {
        if (strcmp(name, "__version__") == 0 || strcmp(name, "VERSION") == 0)
            return cvyi_py_make_text(out, eval, version, sizeof version - 1,
                                     err);
        if (strcmp(name, "newaxis") == 0) {
            *out = cvyi_py_none();
            return CVY_OK;
        }
    }
    if (strcmp(dotted, "tf.app.flags.FLAGS") == 0 ||
        strcmp(dotted, "tf.flags.FLAGS") == 0) {
        *out = cvyi_py_host_value(&cvyi_tf_flags_type, NULL);
        return CVY_OK;
    }
    return make(out, eval, dotted, err);
}

/* tf.model = …: a name of the script's own, kept in TensorFlow's module. */
static cvy_status set(cvyi_py_eval *eval, const cvyi_py_value *self,
                      const char *name, const cvyi_py_value *value,
                      cvy_error *err)
{
    const cvyi_call_name *const base = self->host.data;
    const char *const dotted = cvyi_arena_printf(cvyi_tf_of(eval)->arena,
                                                 "%s.%s", base->dotted, name);

    return dotted != NULL ? cvyi_py_names_set(eval, &cvyi_tf_of(eval)->given,
                                              dotted, value, err)
                          : cvyi_no_memory(err);
}

/* Older and newer names of one function. */
static const char *current(const char *dotted)
{
    static const struct {
        const char *name, *now;
    } table[] = {
        { "tf.mul", "tf.multiply" },
        { "tf.sub", "tf.subtract" },
        { "tf.neg", "tf.negative" },
        { "tf.div", "tf.divide" },
        { "tf.realdiv", "tf.divide" },
        { "tf.pack", "tf.stack" },
        { "tf.unpack", "tf.unstack" },
        { "tf.concat_v2", "tf.concat" },
        { "tf.log", "tf.math.log" },
        { "tf.log1p", "tf.math.log1p" },
        { "tf.expm1", "tf.math.expm1" },
        { "tf.erf", "tf.math.erf" },
        { "tf.rsqrt", "tf.math.rsqrt" },
        { "tf.ceil", "tf.math.ceil" },
        { "tf.reciprocal", "tf.math.reciprocal" },
        { "tf.math.minimum", "tf.minimum" },
        { "tf.manip.roll", "tf.roll" },
        { "tf.manip.tile", "tf.tile" },
        { "tf.manip.reshape", "tf.reshape" },
        { "tf.VariableScope", "tf.variable_scope" },
        { "tf.random.normal", "tf.random_normal" },
        { "tf.random.uniform", "tf.random_uniform" },
        { "tf.random.truncated_normal", "tf.truncated_normal" },
        { "tf.nn.softmax_cross_entropy_with_logits_v2",
          "tf.nn.softmax_cross_entropy_with_logits" },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, dotted) == 0)
            return table[i].now;
    return dotted;
}

static cvy_status of_keras(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *dotted, const cvyi_py_call_args *args,
                           cvy_error *err)
{
    cvyi_py_call_args renewed = *args;

    CVYI_TRY(cvyi_tf_keras_ask(out, known, eval, dotted, args, err));
    if (!*known)
        CVYI_TRY(
            cvyi_tf_keras_applications(out, known, eval, dotted, args, err));
    if (!*known)
        CVYI_TRY(cvyi_tf_keras_data(out, known, eval, dotted, args, err));
    if (*known)
        return CVY_OK;
    CVYI_TRY(cvyi_tf_keras_renew(&dotted, &renewed, eval, err));
    CVYI_TRY(cvyi_tf_keras_make(out, known, eval, dotted, &renewed, err));
    if (*known)
        return CVY_OK;
    dotted = cvyi_tf_keras_backend(cvyi_tf_of(eval)->arena, dotted);
    if (dotted == NULL)
        return cvyi_no_memory(err);
    return cvyi_tf_words(out, known, eval, dotted, &renewed, err);
}

/* *beside: it belongs to training, and is opaque for that. */
static cvy_status run(cvyi_py_value *out, bool *beside, cvyi_py_eval *eval,
                      const cvyi_call_name *name,
                      const cvyi_py_call_args *args, cvy_error *err)
{
    bool known;

    CVYI_TRY(cvyi_tf_flag(out, &known, eval, name->dotted, args, err));
    if (!known) {
        CVYI_TRY(
            cvyi_tf_training_call(out, beside, eval, name->dotted, args, err));
        known = *beside;
    }
    if (!known)
        CVYI_TRY(cvyi_tf_contrib(out, &known, eval, name->dotted, args, err));
    if (!known)
        CVYI_TRY(cvyi_tf_made(out, &known, eval, name, args, err));
    if (!known && cvyi_call_is_below(name->dotted, "tf.examples"))
        CVYI_TRY(
            cvyi_tf_keras_data(out, &known, eval, name->dotted, args, err));
    if (!known && cvyi_call_is_below(name->dotted, "keras"))
        CVYI_TRY(of_keras(out, &known, eval, name->dotted, args, err));
    if (!known)
        CVYI_TRY(cvyi_tf_words(out, &known, eval, name->dotted, args, err));
    if (known)
        return CVY_OK;
    CVYI_TRY(cvyi_tf_left_out(out, beside, eval, name->dotted, err));
    return *beside ? CVY_OK
                   : cvyi_py_make_opaque(out, eval, err, "%s is not known",
                                         name->dotted);
}

/* The reason says already what to say. */
static bool is_settled(const cvyi_py_cause *cause)
{
    return strstr(cause->reason, " --set ") != NULL ||
           strstr(cause->reason, " --input ") != NULL;
}

/* A size or a shape among the arguments that the file has a name for, and no
 * value. */
static const cvyi_py_cause *open_size(const char *dotted,
                                      const cvyi_py_call_args *args)
{
    static const char *const of_tensors[] = { "concat", "stack",
                                              "add_n",  "accumulate_n",
                                              "group",  "py_func" };
    const char *const last = cvyi_call_last(dotted);
    const bool layer = cvyi_call_is_below(dotted, "tf.layers") ||
                       cvyi_call_is_below(dotted, "keras.layers") ||
                       cvyi_tf_contrib_last(dotted) != NULL;
    const cvyi_py_cause *found = NULL;

    for (size_t i = 0; i < sizeof of_tensors / sizeof *of_tensors; i++)
        if (strcmp(of_tensors[i], last) == 0)
            return NULL;
    for (int i = 0; i < args->n + args->n_keywords; i++) {
        const cvyi_py_value *const value =
            i < args->n ? &args->values[i]
                        : &args->keyword_values[i - args->n];
        const bool list =
            value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;

        if (layer && i > 0 && value->type == CVYI_PY_V_OPAQUE)
            found = value->cause;
        for (int k = 0; list && found == NULL && k < value->seq->n; k++)
            if (value->seq->items[k].type == CVYI_PY_V_OPAQUE)
                found = value->seq->items[k].cause;
        if (found != NULL)
            return found->name != NULL && !is_settled(found) ? found : NULL;
    }
    return NULL;
}

/* Data that the file has a name for, where a tensor is wanted. */
static const cvyi_py_cause *open_tensor(const cvyi_py_call_args *args)
{
    const cvyi_py_cause *const cause =
        args->n > 0 && args->values[0].type == CVYI_PY_V_OPAQUE
            ? args->values[0].cause
            : NULL;

    return cause != NULL && cause->name != NULL && !is_settled(cause) ? cause
                                                                      : NULL;
}

/* Where it began: "line 3", with the file where it is another. */
static const char *spot_of(const cvyi_py_eval *eval,
                           const cvyi_py_cause *cause)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char *const own = host->tree->name;

    return cvyi_tf_spot(
        host, strcmp(cause->file, own) == 0 ? own : cause->file, cause->line);
}

/* What --input could say, too. What it was beside stays so. */
static cvy_status ask_for_input(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_cause *const open = open_tensor(args);
    const char *spot;
    const cvyi_py_value was = *out;

    if (open == NULL || out->type != CVYI_PY_V_OPAQUE ||
        cvyi_py_origin(out->cause) != cvyi_py_origin(open) ||
        cvyi_tf_lost_at(cvyi_tf_of(eval), out) >= 0)
        return CVY_OK;
    spot = spot_of(eval, open);
    if (spot == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_py_make_opaque(out, eval, err,
                                 "%s is not known, for %s (%s): if it is "
                                 "an input, say its shape with --input "
                                 "%s=?x32x32x3",
                                 open->name, open->reason, spot, open->name));
    return cvyi_tf_is_beside(cvyi_tf_of(eval), &was)
               ? cvyi_tf_beside(eval, out, err)
               : CVY_OK;
}

/* What --set could say is asked for by its name. */
static cvy_status ask_for_size(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *dotted,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_cause *const open = open_size(dotted, args);
    const char *spot;

    if (open == NULL || out->type != CVYI_PY_V_OPAQUE ||
        cvyi_py_origin(out->cause) != cvyi_py_origin(open) ||
        cvyi_tf_lost_at(cvyi_tf_of(eval), out) >= 0)
        return CVY_OK;
    spot = spot_of(eval, open);
    if (spot == NULL)
        return cvyi_no_memory(err);
    if (strstr(open->reason, " --root ") != NULL)
        return cvyi_py_make_opaque(out, eval, err,
                                   "%s is not known: %s; or --set %s=VALUE "
                                   "says it",
                                   open->name, open->reason, open->name);
    return cvyi_py_make_opaque(out, eval, err,
                               "%s is not known, for %s (%s): say it "
                               "with --set %s=VALUE",
                               open->name, open->reason, spot, open->name);
}

static cvy_status call(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_call_name name = *(const cvyi_call_name *)self->host.data;
    const cvyi_py_value *const spread = cvyi_tf_arg(args, -1, "**");
    const char *const contrib = cvyi_tf_contrib_last(name.dotted);
    bool beside = false;

    /* A scope that is not understood is entered as such. */
    if (spread != NULL &&
        (contrib == NULL || strcmp(contrib, "arg_scope") != 0))
        return cvyi_py_refuse_opaque(eval, spread, err);
    name.dotted = current(name.dotted);
    cvyi_tf_of(eval)->legacy = (name.marks & CVYI_MARK_LAYERS) != 0;
    CVYI_TRY(cvyi_py_forgive_value(
        out, eval, run(out, &beside, eval, &name, args, err), err));
    if (!beside)
        CVYI_TRY(ask_for_size(out, eval, name.dotted, args, err));
    if (!beside)
        CVYI_TRY(ask_for_input(out, eval, args, err));
    return beside ? cvyi_tf_beside(eval, out, err)
                  : cvyi_tf_lose(eval, name.dotted, args, out, err);
}

const cvyi_py_host_type cvyi_tf_name_type = {
    .name = "a name of TensorFlow",
    .takes_unknown = true,
    .get = get,
    .set = set,
    .call = call,
    .instance_of = cvyi_tf_name_instance,
    .base_get = cvyi_tf_base_get,
    .base_call = cvyi_tf_base_call,
};
