/*
 * read/python/tf/made.c - calls of TensorFlow with a meaning of the host's own:
 * modes, objects, shapes; and the table of all of them.
 */
#include "read/python/tf/norm/norm.h"
#include "read/python/tf/training/training.h"

#include <math.h>
#include <string.h>

static bool is_host(const cvyi_py_value *value, const cvyi_py_host_type *type)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
           value->host.type == type;
}

/* ---- modes ---- */

static cvy_status mode_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *op, const cvyi_py_value *left,
                              const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_py_value *const mode =
        is_host(left, &cvyi_tf_mode_type) ? left : right;

    /* 1 - keep_prob is as little known as keep_prob. */
    if (strcmp(op, "Sub") == 0 && left->type != CVYI_PY_V_HOST) {
        *out = *mode;
        return CVY_OK;
    }
    return cvyi_py_make_opaque(
        out, eval, err,
        "the placeholder %s has no shape that is known: say it with --input "
        "%s=?x32x32x3",
        ((const cvyi_tf_mode *)mode->host.data)->name,
        ((const cvyi_tf_mode *)mode->host.data)->name);
}

const cvyi_py_host_type cvyi_tf_mode_type = {
    .name = "a placeholder of a single value",
    .binary = mode_binary,
};

/* ---- objects ---- */

/* An initialiser that is called gives numbers of a shape, a regulariser what
 * it adds to a loss. */
static cvy_status object_call(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_tf_start start = { .initialiser = self->host.data, .random = true };
    bool known = false;

    if (args->n == 1)
        CVYI_TRY(cvyi_tf_penalty_of(out, &known, eval, self->host.data,
                                    &args->values[0], err));
    if (known)
        return CVY_OK;
    CVYI_TRY(cvyi_tf_fixed_shape(&start.shape, eval,
                                 cvyi_tf_arg(args, 0, "shape"), err));
    return cvyi_tf_make_start(out, eval, &start, err);
}

const cvyi_py_host_type cvyi_tf_object_type = {
    .name = "an object of TensorFlow",
    .call = object_call,
};

/* ---- shapes and lists of sizes ---- */

static cvy_status shape(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_call_args *args, cvy_error *err)
{
    return cvyi_tf_ask_shape(out, eval, cvyi_tf_arg(args, 0, "input"), err);
}

static cvy_status rank(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    return cvyi_tf_ask_rank(out, eval, cvyi_tf_arg(args, 0, "input"), err);
}

static bool is_list(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;
}

/* Sizes alone, in lists or not. */
static bool is_sizes(cvyi_py_eval *eval, const cvyi_py_value *value, int depth)
{
    if (!is_list(value))
        return cvyi_tf_as_size(eval, value) != NULL;
    for (int i = 0; i < value->seq->n; i++)
        if (depth > 1 || !is_sizes(eval, &value->seq->items[i], depth + 1))
            return false;
    return value->seq->n > 0 && value->seq->n <= CVYI_MAX_DIMS;
}

/* tf.stack([batch, h, w, c]) is that list. */
static cvy_status stack_sizes(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const values = cvyi_tf_arg(args, 0, "values");

    (void)err;
    *known = values != NULL && is_list(values) && is_sizes(eval, values, 0);
    if (*known)
        *out = *values;
    return CVY_OK;
}

/* tf.concat([[a], [b, c]], 0) is their sum. */
static cvy_status concat_sizes(cvyi_py_value *out, bool *known,
                               cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const values = cvyi_tf_arg(args, 0, "values");
    cvyi_py_value joined[CVYI_MAX_DIMS];
    int n = 0;

    *known = values != NULL && is_list(values) && is_sizes(eval, values, 0);
    for (int i = 0; *known && i < values->seq->n; i++) {
        const cvyi_py_value *const one = &values->seq->items[i];

        *known = is_list(one) && n + one->seq->n <= CVYI_MAX_DIMS;
        for (int k = 0; *known && k < one->seq->n; k++)
            joined[n++] = one->seq->items[k];
    }
    return *known ? cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, joined, n, err)
                  : CVY_OK;
}

/* ---- dropout ---- */

double cvyi_tf_rest(double share)
{
    static const double fine = 1e12;

    return round((1 - share) * fine) / fine;
}

/* Of a placeholder no number is known: half is what most scripts feed. */
static cvy_status dropout(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    static const char *const keys[] = { "rate", "name" };
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "x");
    const cvyi_py_value *const keep = cvyi_tf_arg(args, 1, "keep_prob");
    const cvyi_py_value *const rate = cvyi_tf_arg(args, -1, "rate");
    const cvyi_py_value *const share = rate != NULL ? rate : keep;
    const bool open = is_host(share, &cvyi_tf_mode_type);
    const char *const name = cvyi_tf_text(cvyi_tf_arg(args, -1, "name"));
    cvyi_py_value values[2];
    bool known;
    double number;

    if (x == NULL || share == NULL)
        return cvyi_py_refuse(eval, err, "tf.nn.dropout without its share");
    number = open ? 0.5 : cvyi_tf_number(share, NAN);
    if (isnan(number))
        return cvyi_py_make_opaque(out, eval, err,
                                   "the share that tf.nn.dropout keeps is "
                                   "not known");
    if (open)
        CVYI_TRY(cvyi_tf_remark(
            eval, err, "%s is fed while training: the written dropout has 0.5",
            ((const cvyi_tf_mode *)share->host.data)->name));
    else if (number != (rate != NULL ? 0 : 1))
        CVYI_TRY(cvyi_tf_remark(
            eval, err,
            "tf.nn.dropout drops whenever it is called; the written one while "
            "training alone"));
    values[0] = cvyi_py_float(rate != NULL ? number : cvyi_tf_rest(number));
    CVYI_TRY(cvyi_py_make_text(&values[1], eval, name != NULL ? name : "",
                               name != NULL ? strlen(name) : 0, err));

    const cvyi_py_call_args call = { .n = 1,
                                     .values = x,
                                     .n_keywords = name != NULL ? 2 : 1,
                                     .keywords = keys,
                                     .keyword_values = values };

    return cvyi_tf_words(out, &known, eval, "tf.layers.dropout", &call, err);
}

/* ---- the rest ---- */

/* The same values. */
static cvy_status itself(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const x = cvyi_tf_arg(args, 0, "input");

    if (x == NULL)
        return cvyi_py_refuse(eval, err, "it is called on nothing");
    *out = *x;
    return CVY_OK;
}

/* The same values, too, and another training. */
static cvy_status stopped(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    CVYI_TRY(itself(out, eval, args, err));
    return cvyi_tf_result(out) < 0
               ? CVY_OK
               : cvyi_tf_remark(eval, err,
                                "tf.stop_gradient gives the same values; a "
                                "training of the written network passes "
                                "gradients on there");
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

/* tf.app.run() calls main; without one that is given, the file's. */
static cvy_status run_main(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const main = cvyi_tf_arg(args, 0, "main");
    const cvyi_py_value none = cvyi_py_none();
    const cvyi_py_call_args one = { .n = 1, .values = &none };

    *out = none;
    if (main != NULL && main->type != CVYI_PY_V_NONE)
        return cvyi_py_eval_call(out, eval, main, &one, err);
    cvyi_tf_of(eval)->app_run = true;
    return CVY_OK;
}

static cvy_status made_config(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *class_name, const char *first,
                              double a, cvy_error *err)
{
    const cvyi_value *config;

    CVYI_TRY(cvyi_tf_make_config(&config, eval, class_name, first, a, NULL, 0,
                                 err));
    *out = cvyi_py_host_value(&cvyi_tf_object_type, (void *)config);
    return CVY_OK;
}

/* Uniform up to sqrt(3 / fan in) times the factor. */
static cvy_status unit_scaling(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    static const char *const keys[] = { "class_name", "config" };
    static const char *const names[] = { "scale", "mode", "distribution" };
    const double factor = cvyi_tf_number(cvyi_tf_arg(args, 0, "factor"), 1);
    cvyi_value *const items =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 6, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    items[1] = (cvyi_value){ .kind = CVYI_TEXT, .text = "VarianceScaling" };
    items[2] = (cvyi_value){
        .kind = CVYI_DICT, .n = 3, .items = items + 3, .keys = names
    };
    items[3] = (cvyi_value){ .kind = CVYI_FLOAT, .real = factor * factor };
    items[4] = (cvyi_value){ .kind = CVYI_TEXT, .text = "fan_in" };
    items[5] = (cvyi_value){ .kind = CVYI_TEXT, .text = "uniform" };
    items[0] = (cvyi_value){
        .kind = CVYI_DICT, .n = 2, .items = items + 1, .keys = keys
    };
    *out = cvyi_py_host_value(&cvyi_tf_object_type, &items[0]);
    return CVY_OK;
}

/* tf.contrib's xavier_initializer: uniform unless told otherwise. */
static cvy_status xavier(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const uniformly = cvyi_tf_arg(args, 0, "uniform");
    const bool normally = uniformly != NULL &&
                          uniformly->type == CVYI_PY_V_BOOL &&
                          !uniformly->truth;

    return made_config(out, eval, normally ? "GlorotNormal" : "GlorotUniform",
                       NULL, 0, err);
}

/* tf.contrib's: a truncated normal of deviation sqrt(1.3 factor / fan), where
 * Keras divides by the deviation of what is left. */
static cvy_status variance_scaling(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const cvyi_py_call_args *args,
                                   cvy_error *err)
{
    static const char *const keys[] = { "class_name", "config" };
    static const char *const names[] = { "scale", "mode", "distribution" };
    const cvyi_py_value *const uniformly = cvyi_tf_arg(args, 2, "uniform");
    const char *const mode = cvyi_tf_text(cvyi_tf_arg(args, 1, "mode"));
    const bool even = uniformly != NULL && uniformly->type == CVYI_PY_V_BOOL &&
                      uniformly->truth;
    const double factor = cvyi_tf_number(cvyi_tf_arg(args, 0, "factor"), 2);
    cvyi_value *const items =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 6, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    items[1] = (cvyi_value){ .kind = CVYI_TEXT, .text = "VarianceScaling" };
    items[2] = (cvyi_value){
        .kind = CVYI_DICT, .n = 3, .items = items + 3, .keys = names
    };
    items[3] = (cvyi_value){
        .kind = CVYI_FLOAT,
        .real = even ? factor : 1.3 * factor * CVYI_TRUNCATED * CVYI_TRUNCATED
    };
    items[4] =
        (cvyi_value){ .kind = CVYI_TEXT,
                      .text = mode == NULL || strcmp(mode, "FAN_IN") == 0
                                  ? "fan_in"
                              : strcmp(mode, "FAN_OUT") == 0 ? "fan_out"
                                                             : "fan_avg" };
    items[5] = (cvyi_value){ .kind = CVYI_TEXT,
                             .text = even ? "uniform" : "truncated_normal" };
    items[0] = (cvyi_value){
        .kind = CVYI_DICT, .n = 2, .items = items + 1, .keys = keys
    };
    *out = cvyi_py_host_value(&cvyi_tf_object_type, &items[0]);
    return CVY_OK;
}

/* Three results, of which a network goes on with the first. */
static cvy_status fused_norm(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_value three[3];
    bool known;

    CVYI_TRY(cvyi_tf_words(&three[0], &known, eval, "tf.nn.fused_batch_norm",
                           args, err));
    CVYI_TRY(cvyi_py_make_opaque(&three[1], eval, err,
                                 "the statistics of a batch"));
    three[2] = three[1];
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, three, 3, err);
}

static const struct {
    const char *name;
    cvy_status (*run)(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_call_args *args, cvy_error *err);
} table[] = {
    { "tf.placeholder", cvyi_tf_placeholder },
    { "tf.placeholder_with_default", cvyi_tf_placeholder_default },
    { "tf.Variable", cvyi_tf_variable_new },
    { "tf.get_variable", cvyi_tf_variable_get },
    { "tf.variable_scope", cvyi_tf_variable_scope },
    { "tf.name_scope", cvyi_tf_name_scope },
    { "tf.get_variable_scope", cvyi_tf_scope_now },
    { "tf.constant", cvyi_tf_constant },
    { "tf.convert_to_tensor", cvyi_tf_constant },
    { "tf.zeros", cvyi_tf_zeros },
    { "tf.ones", cvyi_tf_ones },
    { "tf.random_normal", cvyi_tf_normal },
    { "tf.truncated_normal", cvyi_tf_truncated },
    { "tf.random_uniform", cvyi_tf_uniform },
    { "tf.range", cvyi_tf_range },
    { "tf.one_hot", cvyi_tf_one_hot },
    { "tf.contrib.layers.one_hot_encoding", cvyi_tf_one_hot },
    { "tf.contrib.slim.one_hot_encoding", cvyi_tf_one_hot },
    { "tf.shape", shape },
    { "tf.rank", rank },
    { "tf.cond", cvyi_tf_cond },
    { "tf.split", cvyi_tf_split },
    { "tf.unstack", cvyi_tf_unstack },
    { "tf.slice", cvyi_tf_slice },
    { "tf.nn.dropout", dropout },
    { "tf.app.run", run_main },
    { "tf.nn.fused_batch_norm", fused_norm },
    { "tf.uniform_unit_scaling_initializer", unit_scaling },
    { "tf.contrib.layers.variance_scaling_initializer", variance_scaling },
    { "tf.contrib.layers.xavier_initializer", xavier },
    { "tf.contrib.layers.xavier_initializer_conv2d", xavier },
    { "tf.identity", itself },
    { "tf.stop_gradient", stopped },
    { "tf.Print", itself },
    { "tf.set_random_seed", nothing },
    { "tf.random.set_seed", nothing },
    { "tf.reset_default_graph", nothing },
    { "tf.disable_v2_behavior", nothing },
    { "tf.disable_eager_execution", nothing },
    { "tf.add_to_collection", nothing },
};

/* An initialiser or a regulariser, as Keras' configs have it. */
static cvy_status object(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                         const cvyi_call_name *name,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_arena *const arena = cvyi_tf_of(eval)->arena;
    const size_t n = (size_t)(args->n + args->n_keywords) + 1;
    cvyi_value *const items = cvyi_arena_alloc(arena, n + 1, sizeof *items);
    const cvyi_value **const list = cvyi_arena_alloc(arena, n, sizeof *list);
    cvyi_tf_operands none = { 0 };
    cvyi_value keywords = { .kind = CVYI_DICT,
                            .n = args->n_keywords,
                            .items = items != NULL ? items + args->n : NULL,
                            .keys = args->keywords };

    if (items == NULL || list == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < args->n; i++) {
        CVYI_TRY(cvyi_tf_plain(&items[i], &none, eval, &args->values[i], err));
        list[i] = &items[i];
    }
    for (int i = 0; i < args->n_keywords; i++)
        CVYI_TRY(cvyi_tf_plain(&items[args->n + i], &none, eval,
                               &args->keyword_values[i], err));
    CVYI_TRY(cvyi_call_object(&items[n], known, arena, name, "tf1", list,
                              args->n, &keywords, err));
    if (*known)
        *out = cvyi_py_host_value(&cvyi_tf_object_type, &items[n]);
    return CVY_OK;
}

static bool names_object(const char *dotted)
{
    return strstr(dotted, "_initializer") != NULL ||
           cvyi_call_is_below(dotted, "tf.initializers") ||
           cvyi_call_is_below(dotted, "keras.initializers") ||
           cvyi_call_is_below(dotted, "keras.regularizers");
}

cvy_status cvyi_tf_made(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                        const cvyi_call_name *name,
                        const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const opaque = cvyi_tf_first_opaque(args);

    cvyi_tf_scalar(out, known, name->dotted, args);
    if (!*known)
        CVYI_TRY(cvyi_tf_normed(out, known, eval, name->dotted, args, err));
    if (!*known)
        CVYI_TRY(cvyi_tf_grouped(out, known, eval, name->dotted, args, err));
    if (*known)
        return CVY_OK;
    *known = true;
    if (strcmp(name->dotted, "tf.stack") == 0)
        return stack_sizes(out, known, eval, args, err);
    if (strcmp(name->dotted, "tf.logical_not") == 0 ||
        strcmp(name->dotted, "tf.math.logical_not") == 0)
        return cvyi_tf_logical_not(out, known, eval, args, err);
    if (strcmp(name->dotted, "tf.reshape") == 0)
        return cvyi_tf_reshape(out, known, eval, args, err);
    if (strcmp(name->dotted, "tf.concat") == 0) {
        CVYI_TRY(concat_sizes(out, known, eval, args, err));
        return *known ? CVY_OK
                      : cvyi_tf_join_fixed(out, known, eval, args, err);
    }
    if (strcmp(name->dotted, "tf.gather") == 0 ||
        strcmp(name->dotted, "tf.nn.embedding_lookup") == 0)
        return cvyi_tf_gather_fixed(out, known, eval, args, err);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, name->dotted) == 0) {
            if (opaque != NULL) {
                *out = *opaque;
                return CVY_OK;
            }
            return table[i].run(out, eval, args, err);
        }
    CVYI_TRY(cvyi_tf_table(out, known, eval, name->dotted, args, err));
    if (!*known)
        CVYI_TRY(cvyi_tf_composed(out, known, eval, name->dotted, args, err));
    if (*known)
        return CVY_OK;
    return names_object(name->dotted)
               ? object(out, known, eval, name, args, err)
               : CVY_OK;
}
