/*
 * read/python/tf/keras/keras.c - layers and models of Keras, as they are made.
 *
 * What a layer is made of is kept until it is called.
 */
#include "read/python/tf/keras/keras.h"
#include "read/keras.h"
#include "read/python/tf/host.h"

#include <string.h>

/* ---- nodes ---- */

bool cvyi_tf_keep_args(cvyi_py_call_args *out, cvyi_py_eval *eval,
                       const cvyi_py_call_args *args)
{
    cvyi_arena *const arena = cvyi_tf_of(eval)->arena;
    const size_t n = (size_t)(args->n + args->n_keywords) + 1;
    cvyi_py_value *const values = cvyi_arena_alloc(arena, n, sizeof *values);
    const char **const keys = cvyi_arena_alloc(arena, n, sizeof *keys);

    if (values == NULL || keys == NULL)
        return false;
    for (int i = 0; i < args->n; i++)
        values[i] = args->values[i];
    for (int i = 0; i < args->n_keywords; i++) {
        values[args->n + i] = args->keyword_values[i];
        keys[i] = args->keywords[i];
    }
    *out = (cvyi_py_call_args){ .n = args->n,
                                .values = values,
                                .n_keywords = args->n_keywords,
                                .keywords = keys,
                                .keyword_values = values + args->n };
    return true;
}

cvyi_tf_keras *cvyi_tf_keras_new(cvyi_py_eval *eval, cvyi_tf_keras_kind kind,
                                 const char *dotted,
                                 const cvyi_py_call_args *args)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char *const said = cvyi_tf_text(cvyi_tf_arg(args, -1, "name"));
    cvyi_tf_keras *const node = cvyi_arena_alloc(host->arena, 1, sizeof *node);
    const bool legacy = host->legacy;
    const char *name = said, *counted = said;

    host->legacy = false;
    if (name == NULL)
        name = cvyi_keras_snake(host->arena, cvyi_call_last(dotted));
    /* A layer of tf.layers counts, and has its name by its scope. */
    if (name != NULL && said == NULL)
        counted = cvyi_tf_layer_name(host, name);
    if (node == NULL || name == NULL || counted == NULL)
        return NULL;
    *node = (cvyi_tf_keras){
        .kind = kind,
        .dotted = dotted,
        .name = legacy ? name : counted,
        .legacy = legacy,
        .named = said != NULL,
        .is_model = kind == CVYI_TF_SEQUENTIAL || kind == CVYI_TF_FUNCTIONAL,
        .in = cvyi_py_none(),
        .out = cvyi_py_none(),
        .shape = cvyi_py_none(),
        .time = host->trace->n_results,
    };
    return cvyi_tf_keep_args(&node->own, eval, args) ? node : NULL;
}

cvyi_tf_keras *cvyi_tf_keras_of(const cvyi_py_value *value)
{
    if (value->type == CVYI_PY_V_HOST &&
        value->host.type == &cvyi_tf_keras_type)
        return value->host.data;
    return value->type == CVYI_PY_V_INSTANCE ? value->instance->host : NULL;
}

/* ---- layers that are not trained ---- */

static cvy_status train(cvyi_py_eval *eval, const cvyi_py_value *self,
                        bool trainable, int depth, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_keras *const node = cvyi_tf_keras_of(self);
    cvyi_tf_keras_flag *flags;
    cvyi_py_value list;
    bool certain;

    if (node == NULL || depth > 16)
        return CVY_OK;
    flags = cvyi_arena_grow(host->arena, node->flags, node->n_flags,
                            &node->flags_capacity, sizeof *flags);
    if (flags == NULL)
        return cvyi_no_memory(err);
    node->flags = flags;
    flags[node->n_flags++] =
        (cvyi_tf_keras_flag){ ++host->n_events, trainable };
    CVYI_TRY(cvyi_tf_keras_members(&list, &certain, eval, node, err));
    if (list.type != CVYI_PY_V_LIST)
        return cvyi_tf_remark(eval, err,
                              "%s.trainable is set, and its layers are not "
                              "known",
                              node->name);
    for (int i = 0; i < list.seq->n; i++)
        CVYI_TRY(train(eval, &list.seq->items[i], trainable, depth + 1, err));
    return CVY_OK;
}

cvy_status cvyi_tf_keras_train(cvyi_py_eval *eval, const cvyi_py_value *self,
                               bool trainable, cvy_error *err)
{
    return train(eval, self, trainable, 0, err);
}

bool cvyi_tf_keras_frozen(const cvyi_tf_host *host, const cvyi_tf_keras *node)
{
    const cvyi_tf_keras *const network = cvyi_tf_keras_of(&host->network);
    const int until = network != NULL && network->compiled_at > 0
                          ? network->compiled_at
                          : host->n_events + 1;
    bool frozen = false;

    for (int i = 0; i < node->n_flags && node->flags[i].event < until; i++)
        frozen = !node->flags[i].trainable;
    return frozen;
}

static cvy_status set(cvyi_py_eval *eval, const cvyi_py_value *self,
                      const char *name, const cvyi_py_value *value,
                      cvy_error *err)
{
    static const char *const harmless[] = { "name", "_name", "stop_training" };
    cvyi_tf_keras *const node = self->host.data;

    if (strcmp(name, "trainable") == 0)
        return cvyi_tf_keras_train(
            eval, self, value->type != CVYI_PY_V_BOOL || value->truth, err);
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strcmp(harmless[i], name) == 0)
            return CVY_OK;
    return cvyi_tf_keras_doubt(eval, node, err,
                               "the attribute %.60s of %.60s is set", name,
                               node->dotted);
}

static cvy_status truth(bool *out, cvyi_py_eval *eval,
                        const cvyi_py_value *self, cvy_error *err)
{
    (void)eval;
    (void)self;
    (void)err;
    *out = true;
    return CVY_OK;
}

static void changed(const cvyi_py_value *self, const cvyi_py_cause *cause)
{
    cvyi_tf_keras *const node = self->host.data;

    if (node->kind == CVYI_TF_SEQUENTIAL && node->doubt == NULL)
        node->doubt = cause;
}

const cvyi_py_host_type cvyi_tf_keras_type = {
    .name = "a layer of Keras",
    .get = cvyi_tf_keras_get,
    .set = set,
    .call = cvyi_tf_keras_call,
    .truth = truth,
    .doubt = changed,
};

/* ---- making ---- */

typedef cvy_status maker(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *dotted, const cvyi_py_call_args *args,
                         cvy_error *err);

static cvy_status make(cvyi_py_value *out, cvyi_tf_keras **node,
                       cvyi_py_eval *eval, cvyi_tf_keras_kind kind,
                       const char *dotted, const cvyi_py_call_args *args,
                       cvy_error *err)
{
    *node = cvyi_tf_keras_new(eval, kind, dotted, args);
    if (*node == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_py_host_value(&cvyi_tf_keras_type, *node);
    return CVY_OK;
}

static cvy_status sequential(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *dotted, const cvyi_py_call_args *args,
                             cvy_error *err)
{
    cvyi_tf_keras *node;

    CVYI_TRY(make(out, &node, eval, CVYI_TF_SEQUENTIAL, dotted, args, err));
    return cvyi_tf_keras_sequential(node, eval, args, err);
}

/* Of tensors that are not known a model is not known. */
static cvy_status model(cvyi_py_value *out, cvyi_py_eval *eval,
                        const char *dotted, const cvyi_py_call_args *args,
                        cvy_error *err)
{
    const cvyi_py_value *const opaque = cvyi_tf_first_opaque(args);
    cvyi_tf_keras *node;

    if (opaque != NULL) {
        *out = *opaque;
    } else {
        CVYI_TRY(
            make(out, &node, eval, CVYI_TF_FUNCTIONAL, dotted, args, err));
        CVYI_TRY(cvyi_py_forgive_value(
            out, eval, cvyi_tf_keras_functional(node, eval, args, err), err));
    }
    if (cvyi_py_opaque(out) != NULL)
        cvyi_tf_of(eval)->lost_model = *out;
    return cvyi_tf_lose_value(eval, out, err);
}

static cvy_status input(cvyi_py_value *out, cvyi_py_eval *eval,
                        const char *dotted, const cvyi_py_call_args *args,
                        cvy_error *err)
{
    (void)dotted;
    return cvyi_tf_keras_input(out, eval, args, err);
}

static cvy_status input_layer(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *dotted,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_tf_keras *node;

    return make(out, &node, eval, CVYI_TF_INPUT, dotted, args, err);
}

static cvy_status with_inside(cvyi_py_value *out, cvyi_py_eval *eval,
                              cvyi_tf_keras_kind kind, const char *dotted,
                              const cvyi_py_call_args *args, const char *name,
                              cvy_error *err)
{
    const cvyi_py_value *const inside = cvyi_tf_arg(args, 0, name);
    cvyi_tf_keras *node;

    if (inside == NULL)
        return cvyi_py_refuse(eval, err, "%s without its %s", dotted, name);
    if (cvyi_py_opaque(inside) != NULL) {
        *out = *inside;
        return CVY_OK;
    }
    CVYI_TRY(make(out, &node, eval, kind, dotted, args, err));
    node->inside = *inside;
    return CVY_OK;
}

static cvy_status lambda(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *dotted, const cvyi_py_call_args *args,
                         cvy_error *err)
{
    return with_inside(out, eval, CVYI_TF_LAMBDA, dotted, args, "function",
                       err);
}

static cvy_status over_time(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *dotted, const cvyi_py_call_args *args,
                            cvy_error *err)
{
    return with_inside(out, eval, CVYI_TF_TIME, dotted, args, "layer", err);
}

/* Activation(f) of a function of the source. */
static cvy_status activation(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *dotted, const cvyi_py_call_args *args,
                             cvy_error *err)
{
    const cvyi_py_value *const f = cvyi_tf_arg(args, 0, "activation");
    cvyi_tf_keras *node;

    if (f != NULL && cvyi_tf_is_own_function(f))
        return with_inside(out, eval, CVYI_TF_LAMBDA, dotted, args,
                           "activation", err);
    return make(out, &node, eval, CVYI_TF_LAYER, dotted, args, err);
}

/* add([a, b]) is Add()([a, b]). */
static const char *join_class(const char *dotted)
{
    static const char *const joins[][2] = {
        { "keras.layers.add", "keras.layers.Add" },
        { "keras.layers.average", "keras.layers.Average" },
        { "keras.layers.concatenate", "keras.layers.Concatenate" },
        { "keras.layers.dot", "keras.layers.Dot" },
        { "keras.layers.maximum", "keras.layers.Maximum" },
        { "keras.layers.minimum", "keras.layers.Minimum" },
        { "keras.layers.multiply", "keras.layers.Multiply" },
        { "keras.layers.subtract", "keras.layers.Subtract" },
    };

    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++)
        if (strcmp(joins[i][0], dotted) == 0)
            return joins[i][1];
    return NULL;
}

static cvy_status join(cvyi_py_value *out, cvyi_py_eval *eval,
                       const char *dotted, const cvyi_py_call_args *args,
                       cvy_error *err)
{
    const cvyi_py_value *const inputs = cvyi_tf_arg(args, 0, "inputs");
    cvyi_py_call_args own = *args, called = { .n = 1, .values = inputs };
    cvyi_tf_keras *node;
    cvyi_py_value layer;
    int kept = 0;

    if (inputs == NULL)
        return cvyi_py_refuse(eval, err, "%s of nothing", dotted);
    if (args->n > 0) {
        own.n--;
        own.values++;
    }
    CVYI_TRY(make(&layer, &node, eval, CVYI_TF_LAYER, join_class(dotted), &own,
                  err));
    for (int i = 0; i < node->own.n_keywords; i++) {
        if (strcmp(node->own.keywords[i], "inputs") == 0)
            continue;
        ((const char **)node->own.keywords)[kept] = node->own.keywords[i];
        ((cvyi_py_value *)node->own.keyword_values)[kept++] =
            node->own.keyword_values[i];
    }
    node->own.n_keywords = kept;
    return cvyi_tf_keras_call(out, eval, &layer, &called, err);
}

static const struct {
    const char *name;
    maker *make;
} makers[] = {
    { "keras.Sequential", sequential },
    { "keras.Model", model },
    { "keras.Input", input },
    { "keras.layers.InputLayer", input_layer },
    { "keras.layers.Lambda", lambda },
    { "keras.layers.TimeDistributed", over_time },
    { "keras.layers.Activation", activation },
};

/* A class that is known by name, and why it is not carried over. */
static cvy_status unknown_layer(cvyi_py_value *out, bool *known,
                                cvyi_py_eval *eval, const char *dotted,
                                cvy_error *err)
{
    cvyi_refusal why;

    *known = cvyi_call_is_below(dotted, "keras.applications") ||
             (cvyi_call_is_below(dotted, "keras.layers") &&
              cvyi_keras_refused_class(&why, cvyi_call_last(dotted)));
    if (!*known)
        return CVY_OK;
    if (cvyi_call_is_below(dotted, "keras.layers"))
        return cvyi_py_make_opaque(out, eval, err, "%s: %s; %s", dotted,
                                   why.reason, why.advice);
    return cvyi_py_make_opaque(out, eval, err,
                               "%s is a network that Keras brings along: save "
                               "the model, and port that .keras file",
                               dotted);
}

/* FUNCTION(model, …) of keras.Model.__init__(self, …) */
static bool is_init(const char *dotted, const cvyi_py_call_args *args)
{
    return strcmp(cvyi_call_last(dotted), "__init__") == 0 && args->n > 0 &&
           args->values[0].type == CVYI_PY_V_INSTANCE;
}

static cvy_status call_init(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *dotted, const cvyi_py_call_args *args,
                            cvy_error *err)
{
    cvyi_py_call_args rest = *args;
    cvyi_call_name name = { 0 };
    cvyi_py_value base, method;

    name.dotted = cvyi_arena_text(cvyi_tf_of(eval)->arena, dotted,
                                  strlen(dotted) - strlen(".__init__"));
    if (name.dotted == NULL)
        return cvyi_no_memory(err);
    base = cvyi_py_host_value(&cvyi_tf_name_type, &name);
    rest.n--;
    rest.values++;
    CVYI_TRY(cvyi_tf_base_get(&method, eval, &base, &args->values[0],
                              "__init__", err));
    return cvyi_py_eval_call(out, eval, &method, &rest, err);
}

cvy_status cvyi_tf_keras_make(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval, const char *dotted,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_tf_keras *node;

    *known = true;
    if (is_init(dotted, args))
        return call_init(out, eval, dotted, args, err);
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (strcmp(makers[i].name, dotted) == 0)
            return makers[i].make(out, eval, dotted, args, err);
    if (join_class(dotted) != NULL)
        return join(out, eval, dotted, args, err);
    if (cvyi_tf_keras_knows(dotted))
        return make(out, &node, eval, CVYI_TF_LAYER, dotted, args, err);
    return unknown_layer(out, known, eval, dotted, err);
}
