/*
 * read/python/tf/keras/class.c - classes of the source derived from Layer,
 * Model or a layer of Keras.
 *
 * A call builds the layer once, with the shape of what it is called on, then
 * is its method `call`. A port is an inference: `training` is False.
 */
#include "read/keras.h"
#include "read/python/tf/host.h"

#include <string.h>

/* ---- what a class has ---- */

static const cvyi_py_value *own(const cvyi_py_value *instance,
                                const char *name)
{
    const cvyi_py_class *const class_ = instance->instance->class_;

    for (int i = 0; i < class_->n_order; i++) {
        const cvyi_py_value *const base = &class_->order[i];
        const cvyi_py_value *const found =
            base->type == CVYI_PY_V_CLASS
                ? cvyi_py_names_get(&base->class_->names, name)
                : NULL;

        if (found != NULL)
            return found;
    }
    return NULL;
}

static bool is_base(const char *dotted)
{
    return strcmp(dotted, "keras.Model") == 0 ||
           strcmp(dotted, "keras.Sequential") == 0 ||
           cvyi_call_is_below(dotted, "keras.layers");
}

/* ---- __init__ of a base ---- */

typedef struct method {
    const char *base; /* its dotted name */
    bool legacy;      /* of tf.layers */
    cvyi_py_value self;
} method;

static bool has_ends(const cvyi_py_call_args *args)
{
    return args->n > 1 || cvyi_tf_arg(args, -1, "inputs") != NULL ||
           cvyi_tf_arg(args, -1, "input") != NULL;
}

static cvyi_tf_keras_kind kind_of(const char *base,
                                  const cvyi_py_value *instance,
                                  const cvyi_py_call_args *args)
{
    if (own(instance, "call") != NULL)
        return CVYI_TF_CLASS;
    if (strcmp(base, "keras.Sequential") == 0)
        return CVYI_TF_SEQUENTIAL;
    if (strcmp(base, "keras.Model") == 0 && has_ends(args))
        return CVYI_TF_FUNCTIONAL;
    return cvyi_tf_keras_knows(base) ? CVYI_TF_LAYER : CVYI_TF_CLASS;
}

static cvy_status init(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    cvyi_py_instance *const instance = m->self.instance;
    cvyi_tf_keras *node;

    *out = cvyi_py_none();
    if (!is_base(m->base) || instance->host != NULL)
        return CVY_OK;
    cvyi_tf_of(eval)->legacy = m->legacy;
    node = cvyi_tf_keras_new(eval, kind_of(m->base, &m->self, args),
                             instance->class_->name, args);
    if (node == NULL)
        return cvyi_no_memory(err);
    if (cvyi_tf_keras_knows(m->base))
        node->dotted = m->base;
    node->is_model = !cvyi_call_is_below(m->base, "keras.layers");
    instance->host = node;
    if (node->kind == CVYI_TF_SEQUENTIAL)
        return cvyi_tf_keras_sequential(node, eval, args, err);
    if (node->kind == CVYI_TF_FUNCTIONAL)
        return cvyi_tf_keras_functional(node, eval, args, err);
    return CVY_OK;
}

static const cvyi_py_host_type init_type = {
    .name = "a method of Keras",
    .call = init,
};

cvy_status cvyi_tf_base_get(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *base,
                            const cvyi_py_value *instance, const char *name,
                            cvy_error *err)
{
    const cvyi_call_name *const of = base->host.data;
    method *m;

    if (strcmp(name, "__init__") != 0)
        return instance->instance->host != NULL
                   ? cvyi_tf_keras_get(out, eval, instance, name, err)
                   : cvyi_py_refuse(eval, err, "%s.%s is not followed",
                                    of->dotted, name);
    m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);
    if (m == NULL)
        return cvyi_no_memory(err);
    *m =
        (method){ of->dotted, (of->marks & CVYI_MARK_LAYERS) != 0, *instance };
    *out = cvyi_py_host_value(&init_type, m);
    return CVY_OK;
}

/* ---- weights ---- */

/* add_weight(name, shape, …) of Keras 2, add_weight(shape, initializer, …) of
 * Keras 3: a text is the name. */
typedef struct wanted {
    const char *name;
    const cvyi_py_value *shape, *initialiser, *trainable;
} wanted;

static wanted weight_of(const cvyi_py_call_args *args)
{
    const bool named = args->n > 0 && cvyi_tf_text(&args->values[0]) != NULL;

    return (wanted){
        .name = cvyi_tf_text(cvyi_tf_arg(args, named ? 0 : -1, "name")),
        .shape = cvyi_tf_arg(args, named, "shape"),
        .initialiser = cvyi_tf_arg(args, named ? 3 : 1, "initializer"),
        .trainable = cvyi_tf_arg(args, -1, "trainable"),
    };
}

static cvy_status start_of(const cvyi_value **out, cvyi_py_eval *eval,
                           const cvyi_py_value *initialiser, cvy_error *err)
{
    *out = NULL;
    if (initialiser != NULL && !cvyi_tf_is_own_function(initialiser))
        CVYI_TRY(cvyi_tf_config(out, eval, initialiser, err));
    return *out != NULL ? CVY_OK
                        : cvyi_tf_make_config(out, eval, "GlorotUniform", NULL,
                                              0, NULL, 0, err);
}

cvy_status cvyi_tf_keras_add_weight(cvyi_py_value *out, cvyi_py_eval *eval,
                                    cvyi_tf_keras *node,
                                    const cvyi_py_call_args *args,
                                    cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const wanted w = weight_of(args);
    const char *const scope = host->scope->variables;
    cvyi_tf_variable like = { .trainable =
                                  w.trainable == NULL ||
                                  w.trainable->type != CVYI_PY_V_BOOL ||
                                  w.trainable->truth };
    cvyi_tf_variable *made;

    if (w.shape != NULL && cvyi_py_opaque(w.shape) != NULL) {
        *out = *w.shape;
        return CVY_OK;
    }
    if (w.shape != NULL && w.shape->type != CVYI_PY_V_NONE)
        CVYI_TRY(cvyi_tf_fixed_shape(&like.shape, eval, w.shape, err));
    CVYI_TRY(start_of(&like.initialiser, eval, w.initialiser, err));
    like.name = cvyi_arena_printf(host->arena, "%s%s%s%s%s", scope,
                                  *scope != '\0' ? "/" : "",
                                  node->running ? "" : node->name,
                                  node->running ? "" : "/",
                                  w.name != NULL ? w.name : "variable");
    like.path =
        node->running ? host->keras_path : cvyi_tf_keras_path(host, node);
    if (like.name == NULL || like.path == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(node->legacy
                 ? cvyi_tf_variable_take(&made, eval, like.name, &like.shape,
                                         like.initialiser, like.trainable, err)
                 : cvyi_tf_variable_make(&made, eval, &like, err));
    *out = cvyi_py_host_value(&cvyi_tf_variable_type, made);
    /* Beside those of a layer of Keras' own it must not be taken for one. */
    if (node->kind == CVYI_TF_CLASS && w.name != NULL)
        like.name = w.name;
    return cvyi_tf_keras_keep(eval, node, like.name, made, err);
}

/* ---- what the attributes call the layers ---- */

static bool holds_layers(const cvyi_py_value *value)
{
    return cvyi_tf_keras_of(value) != NULL || value->type == CVYI_PY_V_LIST ||
           value->type == CVYI_PY_V_TUPLE || value->type == CVYI_PY_V_DICT;
}

static void say(cvyi_tf_host *host, const cvyi_py_value *value,
                const char *name, int *left, int depth)
{
    cvyi_tf_keras *const node = cvyi_tf_keras_of(value);
    const bool list =
        value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;

    if (node != NULL && node->n_calls == 0 && name != NULL)
        node->said = name;
    for (int i = 0; list && depth < 3 && i < value->seq->n && --*left > 0; i++)
        if (holds_layers(&value->seq->items[i]))
            say(host, &value->seq->items[i],
                cvyi_arena_printf(host->arena, "%s_%d", name, i), left,
                depth + 1);
    for (int i = 0; value->type == CVYI_PY_V_DICT && depth < 3 &&
                    i < value->map->n && --*left > 0;
         i++)
        if (value->map->keys[i].type == CVYI_PY_V_TEXT &&
            holds_layers(&value->map->values[i]))
            say(host, &value->map->values[i],
                cvyi_arena_printf(host->arena, "%s_%s", name,
                                  value->map->keys[i].text),
                left, depth + 1);
}

static void say_all(cvyi_tf_host *host, const cvyi_py_instance *instance)
{
    int left = 4096;

    for (int i = 0; i < instance->names.n; i++) {
        const char *name = instance->names.names[i];

        while (*name == '_')
            name++;
        if (*name != '\0')
            say(host, &instance->names.values[i], name, &left, 0);
    }
}

/* ---- build and call ---- */

/* The shape of a tensor; of a list of them the list of their shapes. */
static cvy_status shape_of(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *x, int depth, cvy_error *err)
{
    const bool list = x->type == CVYI_PY_V_LIST || x->type == CVYI_PY_V_TUPLE;

    if (!list || depth > 4)
        return cvyi_py_eval_get(out, eval, x, "shape", err);
    CVYI_TRY(cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, x->seq->items,
                              x->seq->n, err));
    for (int i = 0; i < x->seq->n; i++)
        CVYI_TRY(shape_of(&out->seq->items[i], eval, &x->seq->items[i],
                          depth + 1, err));
    return CVY_OK;
}

static cvy_status build(cvyi_py_eval *eval, cvyi_tf_keras *node,
                        const cvyi_py_value *self, const cvyi_py_value *x,
                        cvy_error *err)
{
    cvyi_py_value kept, shape, method_value, ignored;
    const cvyi_py_call_args args = { .n = 1, .values = &shape };

    if (node->built)
        return CVY_OK;
    node->built = true;
    if (own(self, "build") == NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_tf_keras_copy(&kept, eval, x, err));
    CVYI_TRY(shape_of(&shape, eval, &kept, 0, err));
    CVYI_TRY(cvyi_py_eval_get(&method_value, eval, self, "build", err));
    return cvyi_py_eval_call(&ignored, eval, &method_value, &args, err);
}

static bool takes_training(const cvyi_py_value *call)
{
    int skip;
    const cvyi_py_args *const all = cvyi_py_parameters(&skip, call);

    for (int i = 0; all != NULL && i < all->n_positional; i++)
        if (strcmp(all->positional[i].name, "training") == 0)
            return true;
    for (int i = 0; all != NULL && i < all->n_keyword_only; i++)
        if (strcmp(all->keyword_only[i].name, "training") == 0)
            return true;
    return false;
}

enum { MOST_KEYWORDS = 32 };

/* The arguments, and training=False where the method takes it. */
static cvy_status call_own(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_tf_keras *node,
                           const cvyi_py_value *self,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const function = own(self, "call");
    const char *keys[MOST_KEYWORDS + 1];
    cvyi_py_value values[MOST_KEYWORDS + 1], call;
    cvyi_py_call_args all = { .n = args->n,
                              .values = args->values,
                              .keywords = keys,
                              .keyword_values = values };

    if (function == NULL || args->n_keywords > MOST_KEYWORDS)
        return cvyi_py_refuse(eval, err, "%s has no method `call`",
                              node->dotted);
    for (int i = 0; i < args->n_keywords; i++) {
        if (strcmp(args->keywords[i], "training") == 0)
            continue;
        keys[all.n_keywords] = args->keywords[i];
        values[all.n_keywords++] = args->keyword_values[i];
    }
    if (takes_training(function) && args->n < 2) {
        keys[all.n_keywords] = "training";
        values[all.n_keywords++] = cvyi_py_bool(false);
    }
    CVYI_TRY(cvyi_py_eval_get(&call, eval, self, "call", err));
    return cvyi_py_eval_call(out, eval, &call, &all, err);
}

cvy_status cvyi_tf_keras_run_class(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const cvyi_py_value *self,
                                   const cvyi_py_call_args *args,
                                   cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_keras *const node = cvyi_tf_keras_of(self);
    const char *const around = host->keras_path;
    const bool ran = node->running;
    const cvyi_py_value *const x = args->n > 0 ? &args->values[0]
                                   : args->n_keywords > 0
                                       ? &args->keyword_values[0]
                                       : NULL;
    cvy_status status;

    if (x == NULL)
        return cvyi_py_refuse(eval, err, "%s is called on nothing",
                              node->dotted);
    host->keras_path = cvyi_tf_keras_path(host, node);
    if (host->keras_path == NULL || !cvyi_tf_keras_enter(host, node)) {
        host->keras_path = around;
        return cvyi_no_memory(err);
    }
    node->running = true;
    if (!node->built)
        say_all(host, self->instance);
    status = build(eval, node, self, x, err);
    if (status == CVY_OK)
        status = call_own(out, eval, node, self, args, err);
    node->running = ran;
    cvyi_tf_leave(host);
    host->keras_path = around;
    return status;
}

cvy_status cvyi_tf_base_call(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *base,
                             const cvyi_py_value *instance,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const name = instance->instance->class_->name;

    (void)base;
    if (instance->instance->host != NULL)
        return cvyi_tf_keras_call(out, eval, instance, args, err);
    CVYI_TRY(cvyi_py_make_opaque(out, eval, err,
                                 "%s.__init__ does not call "
                                 "super().__init__()",
                                 name));
    return cvyi_tf_lose(eval, name, args, out, err);
}

cvy_status cvyi_tf_name_instance(bool *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *self,
                                 const cvyi_py_value *value, cvy_error *err)
{
    const char *const dotted =
        ((const cvyi_call_name *)self->host.data)->dotted;
    const cvyi_tf_keras *const node = cvyi_tf_keras_of(value);

    if (strcmp(dotted, "tf.Tensor") == 0) {
        *out = cvyi_tf_result(value) >= 0;
        return CVY_OK;
    }
    if (cvyi_py_opaque(value) != NULL || !is_base(dotted))
        return cvyi_py_refuse(eval, err, "whether it is a %s is not known",
                              dotted);
    *out = node != NULL &&
           (strcmp(dotted, "keras.layers.Layer") == 0 ||
            strcmp(dotted, node->dotted) == 0 ||
            (strcmp(dotted, "keras.Model") == 0 && node->is_model));
    return CVY_OK;
}
