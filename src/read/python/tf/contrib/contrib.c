/*
 * read/python/tf/contrib/contrib.c - calls of tf.contrib.layers and slim: their
 * arguments, and what is the same in all of them.
 */
#include "read/python/tf/contrib/contrib.h"

#include "pysrc/eval_parts.h"

#include <string.h>

/* Calls that are no layer of their own. */
static const struct {
    const char *name;
    cvyi_tf_function *run;
} plain[] = {
    { "arg_scope", cvyi_tf_arg_scope },
    { "add_arg_scope", cvyi_tf_add_arg_scope },
    { "repeat", cvyi_tf_repeat },
    { "stack", cvyi_tf_stack },
    { "convert_collection_to_dict", cvyi_tf_collection_dict },
    { "collect_named_outputs", cvyi_tf_collect_named },
    { "last_dimension", cvyi_tf_last_dimension },
    { "variable", cvyi_tf_variable_get },
    { "model_variable", cvyi_tf_variable_get },
    { "l1_regularizer", cvyi_tf_l1 },
    { "l2_regularizer", cvyi_tf_l2 },
};

/* ---- arguments ---- */

const cvyi_py_value *cvyi_tf_contrib_arg(const cvyi_tf_contrib_call *call,
                                         const char *name)
{
    const cvyi_py_value *const value = cvyi_tf_arg(&call->args, -1, name);

    return value != NULL && value->type != CVYI_PY_V_NONE ? value : NULL;
}

bool cvyi_tf_contrib_none(const cvyi_tf_contrib_call *call, const char *name)
{
    const cvyi_py_value *const value = cvyi_tf_arg(&call->args, -1, name);

    return value != NULL && value->type == CVYI_PY_V_NONE;
}

bool cvyi_tf_contrib_flag(const cvyi_tf_contrib_call *call, const char *name,
                          bool fallback)
{
    const cvyi_py_value *const value = cvyi_tf_arg(&call->args, -1, name);

    if (value == NULL)
        return fallback;
    return value->type == CVYI_PY_V_BOOL  ? value->truth
           : value->type == CVYI_PY_V_INT ? value->integer != 0
                                          : value->type != CVYI_PY_V_NONE;
}

bool cvyi_tf_contrib_first(const cvyi_tf_contrib_call *call)
{
    const char *const format =
        cvyi_tf_text(cvyi_tf_contrib_arg(call, "data_format"));

    return format != NULL && strncmp(format, "NC", 2) == 0;
}

/* The name of the argument in place `at`; NULL: there is none. */
static const char *parameter(cvyi_arena *arena, const cvyi_tf_contrib_word *w,
                             int at)
{
    const char *p = w->arguments;

    for (; at > 0; at--) {
        p += strcspn(p, " ");
        if (*p == '\0')
            return NULL;
        p++;
    }
    return cvyi_arena_text(arena, p, strcspn(p, " "));
}

static bool has_parameter(const cvyi_tf_contrib_word *w, const char *name)
{
    const size_t n = strlen(name);

    for (const char *p = w->arguments; *p != '\0';) {
        const size_t m = strcspn(p, " ");

        if (m == n && strncmp(p, name, n) == 0)
            return true;
        p += m + (p[m] == ' ');
    }
    return false;
}

/* embed_sequence calls its input ids, softmax logits. */
static const char *own_name(const cvyi_tf_contrib_word *w, const char *keyword)
{
    const bool input =
        (w->run == cvyi_tf_contrib_embed && strcmp(keyword, "ids") == 0) ||
        (w->run == cvyi_tf_contrib_softmax && strcmp(keyword, "logits") == 0);

    return input ? "inputs" : keyword;
}

/* Every argument by its name; what the word does not have is refused. */
static cvy_status bind(cvyi_py_call_args *out, cvyi_py_eval *eval,
                       const cvyi_tf_contrib_word *w,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_arena *const arena = cvyi_py_arena(eval);
    const int n = args->n + args->n_keywords;
    const char **keys;
    cvyi_py_value *values;

    CVYI_PY_NEW(keys, eval, n + 1, err);
    CVYI_PY_NEW(values, eval, n + 1, err);
    for (int i = 0; i < n; i++) {
        const bool placed = i < args->n;

        keys[i] = placed ? parameter(arena, w, i)
                         : own_name(w, args->keywords[i - args->n]);
        if (keys[i] == NULL)
            return cvyi_py_refuse(eval, err, "%s has no argument %d", w->name,
                                  i + 1);
        if (!has_parameter(w, keys[i]))
            return cvyi_py_refuse(eval, err, "%s has no argument %.60s",
                                  w->name, keys[i]);
        for (int k = 0; k < i; k++)
            if (strcmp(keys[k], keys[i]) == 0)
                return cvyi_py_refuse(eval, err, "%s is given %s twice",
                                      w->name, keys[i]);
        values[i] =
            placed ? args->values[i] : args->keyword_values[i - args->n];
    }
    *out = (cvyi_py_call_args){ .n_keywords = n,
                                .keywords = keys,
                                .keyword_values = values };
    return CVY_OK;
}

/* ---- layers ---- */

void cvyi_tf_contrib_put(cvyi_tf_contrib_layer *layer, const char *keyword,
                         cvyi_py_value value)
{
    if (layer->n == CVYI_TF_CONTRIB_MOST)
        return;
    layer->keywords[layer->n] = keyword;
    layer->values[layer->n++] = value;
}

void cvyi_tf_contrib_take(cvyi_tf_contrib_layer *layer, const char *keyword,
                          const cvyi_tf_contrib_call *call, const char *from,
                          const cvyi_py_value *fallback)
{
    const cvyi_py_value *const given = cvyi_tf_contrib_arg(call, from);
    const cvyi_py_value *const value = given != NULL ? given : fallback;

    if (value != NULL)
        cvyi_tf_contrib_put(layer, keyword, *value);
}

cvy_status cvyi_tf_contrib_run(cvyi_py_value *out,
                               const cvyi_tf_contrib_call *call,
                               const cvyi_tf_contrib_layer *layer,
                               const cvyi_py_value *x, cvy_error *err)
{
    static const char *const renames[] = {
        "kernel",           "weights",           "bias",
        "biases",           "depthwise_kernel",  "depthwise_weights",
        "pointwise_kernel", "pointwise_weights", NULL,
    };
    const cvyi_tf_layer made = {
        .dotted = layer->dotted,
        .dialect = "keras2",
        .word = call->name,
        .said = call->said,
        .renames = renames,
        .frozen = !cvyi_tf_contrib_flag(call, "trainable", true),
        .own = { .n_keywords = layer->n,
                 .keywords = layer->keywords,
                 .keyword_values = layer->values },
    };
    const cvyi_py_call_args args = { .n = 1, .values = x };

    return cvyi_tf_call_layer(out, call->eval, &made, &args, err);
}

/* function(value, **params) */
static cvy_status apply(cvyi_py_value *value, cvyi_py_eval *eval,
                        const cvyi_py_value *function,
                        const cvyi_py_value *params, cvy_error *err)
{
    const cvyi_py_value x = *value;
    cvyi_py_call_args args = { .n = 1, .values = &x };
    const char **keys;

    if (params != NULL) {
        if (params->type != CVYI_PY_V_DICT || params->map->doubt != NULL)
            return cvyi_py_refuse(eval, err, "normalizer_params is %s",
                                  cvyi_py_describe(eval, params));
        CVYI_PY_NEW(keys, eval, params->map->n + 1, err);
        for (int i = 0; i < params->map->n; i++) {
            keys[i] = cvyi_tf_text(&params->map->keys[i]);
            if (keys[i] == NULL)
                return cvyi_py_refuse(eval, err,
                                      "a key of normalizer_params is no text");
        }
        args.n_keywords = params->map->n;
        args.keywords = keys;
        args.keyword_values = params->map->values;
    }
    return cvyi_py_eval_call(value, eval, function, &args, err);
}

cvy_status cvyi_tf_contrib_finish(cvyi_py_value *out,
                                  const cvyi_tf_contrib_call *call,
                                  bool active, cvy_error *err)
{
    const cvyi_py_value *const normalizer =
        cvyi_tf_contrib_arg(call, "normalizer_fn");
    const cvyi_py_value *const params =
        cvyi_tf_contrib_arg(call, "normalizer_params");
    const cvyi_py_value *const given =
        cvyi_tf_contrib_arg(call, "activation_fn");
    cvyi_py_value relu;

    if (cvyi_py_opaque(out) != NULL)
        return CVY_OK;
    if (normalizer != NULL)
        CVYI_TRY(apply(out, call->eval, normalizer, params, err));
    if (given != NULL)
        return apply(out, call->eval, given, NULL, err);
    if (!active || cvyi_tf_contrib_none(call, "activation_fn"))
        return CVY_OK;
    CVYI_TRY(cvyi_tf_import(&relu, call->eval, "tensorflow.nn.relu", err));
    return apply(out, call->eval, &relu, NULL, err);
}

/* ---- calls ---- */

/* Random numbers that only feed the network are an input of it. */
static cvy_status take_input(cvyi_py_value *x, cvyi_tf_contrib_call *call,
                             cvy_error *err)
{
    const cvyi_py_value *const given = cvyi_tf_contrib_arg(call, "inputs");
    int input;

    if (given != NULL && given->type == CVYI_PY_V_HOST &&
        given->host.type == &cvyi_tf_start_type &&
        ((cvyi_tf_start *)given->host.data)->random) {
        CVYI_TRY(
            cvyi_tf_literal_input(&input, call->eval, given->host.data, err));
        CVYI_TRY(cvyi_tf_make_tensor(x, call->eval, input, err));
    } else if (given != NULL && cvyi_tf_result(given) >= 0) {
        *x = *given;
    } else {
        return cvyi_py_refuse(call->eval, err,
                              "%s is called on no tensor of the network",
                              call->name);
    }
    call->x = x;
    call->rank = cvyi_tf_type(call->eval, cvyi_tf_result(x))->rank;
    return CVY_OK;
}

/* In the scope of its variables, or with a name of its operation. */
static cvy_status run_inside(cvyi_py_value *out, cvyi_tf_contrib_call *call,
                             const cvyi_tf_contrib_word *w, cvy_error *err)
{
    const cvyi_py_value *const scope = cvyi_tf_contrib_arg(call, "scope");
    const char *const said = cvyi_tf_text(scope);
    const char *alias;
    cvy_status status;

    if (w->variables) {
        CVYI_TRY(cvyi_tf_enter_called(call->eval, scope, w->scope,
                                      cvyi_tf_contrib_arg(call, "reuse"),
                                      err));
        alias = call->host->scope->variables;
        call->said = scope != NULL ? alias : NULL;
        status = w->run(out, call, err);
        cvyi_tf_leave(call->host);
    } else {
        alias = cvyi_tf_unique(call->host, said != NULL ? said : w->scope);
        if (alias == NULL)
            return cvyi_no_memory(err);
        call->said = scope != NULL ? alias : NULL;
        status = w->run(out, call, err);
    }
    if (status != CVY_OK)
        return status;
    return cvyi_tf_collect(call->eval,
                           cvyi_tf_contrib_arg(call, "outputs_collections"),
                           alias, out, err);
}

static cvy_status run_word(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_tf_contrib_word *w,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_tf_contrib_call call = { .eval = eval,
                                  .host = cvyi_tf_of(eval),
                                  .name = w->name };
    const cvyi_py_value *opaque;
    cvyi_py_call_args all;
    cvyi_py_value x;

    CVYI_TRY(cvyi_tf_default_args(&all, eval, w, args, err));
    CVYI_TRY(bind(&call.args, eval, w, &all, err));
    opaque = cvyi_tf_first_opaque(&call.args);
    if (opaque != NULL) {
        *out = *opaque;
        return CVY_OK;
    }
    CVYI_TRY(take_input(&x, &call, err));
    return run_inside(out, &call, w, err);
}

/* The activation of linear and its like, unless the call says one. */
static cvy_status run_with(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_tf_contrib_word *w,
                           const char *activation,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_call_args all = *args;
    const char **keys;
    cvyi_py_value *values;

    if (cvyi_tf_arg(args, 2, "activation_fn") != NULL)
        return run_word(out, eval, w, args, err);
    CVYI_PY_NEW(keys, eval, args->n_keywords + 1, err);
    CVYI_PY_NEW(values, eval, args->n_keywords + 1, err);
    for (int i = 0; i < args->n_keywords; i++) {
        keys[i] = args->keywords[i];
        values[i] = args->keyword_values[i];
    }
    keys[all.n_keywords] = "activation_fn";
    values[all.n_keywords] = cvyi_py_none();
    if (*activation != '\0')
        CVYI_TRY(
            cvyi_tf_import(&values[all.n_keywords], eval, activation, err));
    all.n_keywords++;
    all.keywords = keys;
    all.keyword_values = values;
    return run_word(out, eval, w, &all, err);
}

/* Initialisers, wherever they are called. */
static cvy_status run_made(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *last, const cvyi_py_call_args *args,
                           cvy_error *err)
{
    static const char *const names[] = {
        "tf.contrib.layers.variance_scaling_initializer",
        "tf.contrib.layers.xavier_initializer",
        "tf.contrib.layers.xavier_initializer_conv2d",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const cvyi_call_name name = { .dotted = names[i] };

        if (strcmp(cvyi_call_last(names[i]), last) == 0)
            return cvyi_tf_made(out, known, eval, &name, args, err);
    }
    return CVY_OK;
}

cvy_status cvyi_tf_contrib(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *dotted, const cvyi_py_call_args *args,
                           cvy_error *err)
{
    const char *const last = cvyi_tf_contrib_last(dotted);
    const char *activation;
    const cvyi_tf_contrib_word *const w =
        cvyi_tf_contrib_find(&activation, dotted);
    cvy_status status;

    *known = w != NULL;
    if (w != NULL) {
        status = activation != NULL
                     ? run_with(out, eval, w, activation, args, err)
                     : run_word(out, eval, w, args, err);
        return cvyi_py_forgive_value(out, eval, status, err);
    }
    for (size_t i = 0; last != NULL && i < sizeof plain / sizeof *plain; i++)
        if (strcmp(plain[i].name, last) == 0) {
            *known = true;
            status = plain[i].run(out, eval, args, err);
            return cvyi_py_forgive_value(out, eval, status, err);
        }
    return last != NULL ? run_made(out, known, eval, last, args, err) : CVY_OK;
}
