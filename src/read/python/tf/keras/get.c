/*
 * read/python/tf/keras/get.c - what layers and models of Keras are asked for:
 * their tensors, their layers; training and files are left out.
 */
#include "read/python/tf/host.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct method {
    const char *name;
    cvyi_py_value self;
} method;

/* ---- doubt ---- */

cvy_status cvyi_tf_keras_doubt(cvyi_py_eval *eval, cvyi_tf_keras *node,
                               cvy_error *err, const char *format, ...)
{
    char text[sizeof err->text];
    cvyi_py_value value;
    va_list args;

    if (node->doubt != NULL)
        return CVY_OK;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    CVYI_TRY(cvyi_py_make_opaque(&value, eval, err, "%s", text));
    node->doubt = cvyi_py_opaque(&value);
    return CVY_OK;
}

cvyi_py_value cvyi_tf_keras_doubted(const cvyi_tf_keras *node)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_OPAQUE, .cause = node->doubt };
}

/* ---- tensors ---- */

static bool is_list(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;
}

/* model.inputs is a list, model.input the only one of it. */
static cvy_status ends(cvyi_py_value *out, cvyi_py_eval *eval,
                       cvyi_tf_keras *node, const cvyi_py_value *value,
                       bool list, cvy_error *err)
{
    CVYI_TRY(cvyi_tf_keras_watch(eval, node, err));
    if (node->doubt != NULL) {
        *out = cvyi_tf_keras_doubted(node);
        return CVY_OK;
    }
    if (value->type == CVYI_PY_V_NONE)
        return cvyi_py_refuse(eval, err, "%s was not called yet", node->name);
    if (cvyi_py_opaque(value) != NULL || is_list(value) == list ||
        value->type == CVYI_PY_V_DICT) {
        *out = *value;
        return CVY_OK;
    }
    if (list)
        return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, value, 1, err);
    *out = value->seq->n == 1 ? value->seq->items[0] : *value;
    return CVY_OK;
}

static cvy_status shape_of(cvyi_py_value *out, cvyi_py_eval *eval,
                           cvyi_tf_keras *node, const cvyi_py_value *value,
                           cvy_error *err)
{
    cvyi_py_value one;

    CVYI_TRY(ends(&one, eval, node, value, false, err));
    return cvyi_py_eval_get(out, eval, &one, "shape", err);
}

/* ---- layers ---- */

static cvy_status layer_of(cvyi_py_value *out, cvyi_py_eval *eval,
                           cvyi_tf_keras *node, const cvyi_py_call_args *args,
                           cvy_error *err)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char *const name = cvyi_tf_text(cvyi_tf_arg(args, 0, "name"));
    const cvyi_py_value *const index = cvyi_tf_arg(args, 1, "index");
    cvyi_py_value list;

    for (int i = 0; name != NULL && i < node->n_members; i++) {
        const cvyi_tf_keras *const one = cvyi_tf_keras_of(&node->members[i]);

        if (one != NULL && strcmp(one->name, name) == 0) {
            *out = node->members[i];
            return CVY_OK;
        }
    }
    for (int i = 0; name != NULL && node->kind == CVYI_TF_FUNCTIONAL &&
                    i < host->n_keras_calls;
         i++)
        if (strcmp(host->keras_calls[i].node->name, name) == 0) {
            *out = host->keras_calls[i].self;
            return CVY_OK;
        }
    if (name != NULL || index == NULL)
        return cvyi_py_refuse(eval, err, "%s has no layer %.80s that is known",
                              node->name, name != NULL ? name : "");
    CVYI_TRY(cvyi_tf_keras_layers(&list, eval, node, err));
    if (list.type != CVYI_PY_V_LIST || index->type != CVYI_PY_V_INT ||
        index->integer < 0 || index->integer >= list.seq->n)
        return cvyi_py_refuse(eval, err, "%s has no such layer", node->name);
    *out = list.seq->items[index->integer];
    return CVY_OK;
}

/* ---- methods ---- */

static cvy_status none(cvyi_py_value *out)
{
    *out = cvyi_py_none();
    return CVY_OK;
}

static cvy_status compile(cvyi_py_value *out, cvyi_py_eval *eval,
                          cvyi_tf_keras *node, const cvyi_py_call_args *args,
                          cvy_error *err)
{
    node->compiled = true;
    node->settled = true;
    node->compile_file = cvyi_tf_file_now(eval);
    node->compile_line = cvyi_py_line_now(eval);
    if (!cvyi_tf_keep_args(&node->compile, eval, args))
        return cvyi_no_memory(err);
    return none(out);
}

/* model.build((None, 28, 28, 1)) */
static cvy_status build(cvyi_py_value *out, cvyi_py_eval *eval,
                        cvyi_tf_keras *node, const cvyi_py_call_args *args,
                        cvy_error *err)
{
    const cvyi_py_value *const shape = cvyi_tf_arg(args, 0, "input_shape");

    if (shape != NULL && cvyi_py_opaque(shape) == NULL) {
        node->shape = *shape;
        if (node->kind == CVYI_TF_SEQUENTIAL &&
            node->in.type == CVYI_PY_V_NONE) {
            CVYI_TRY(cvyi_tf_input(&node->in, eval, NULL, shape, err));
            node->out = node->in;
            for (int i = 0; i < node->n_members; i++) {
                const cvyi_tf_keras one = { .n_members = 1,
                                            .members = &node->members[i] };

                CVYI_TRY(cvyi_tf_keras_run(&node->out, eval, &one, &node->out,
                                           err));
                node->outs[i] = node->out;
            }
            node->time = cvyi_tf_of(eval)->trace->n_results;
        }
    }
    return none(out);
}

static cvy_status add(cvyi_py_value *out, cvyi_py_eval *eval,
                      cvyi_tf_keras *node, const cvyi_py_call_args *args,
                      cvy_error *err)
{
    const cvyi_py_value *const layer = cvyi_tf_arg(args, 0, "layer");

    if (layer == NULL || node->kind != CVYI_TF_SEQUENTIAL)
        return cvyi_py_refuse(eval, err, "add of %s", node->dotted);
    node->grows = true;
    CVYI_TRY(cvyi_tf_keras_add(node, eval, layer, err));
    return none(out);
}

static cvy_status pop(cvyi_py_value *out, cvyi_py_eval *eval,
                      cvyi_tf_keras *node, const cvyi_py_call_args *args,
                      cvy_error *err)
{
    (void)args;
    CVYI_TRY(cvyi_tf_keras_pop(node, eval, err));
    return none(out);
}

static cvy_status get_layer(cvyi_py_value *out, cvyi_py_eval *eval,
                            cvyi_tf_keras *node, const cvyi_py_call_args *args,
                            cvy_error *err)
{
    return layer_of(out, eval, node, args, err);
}

/* What an inner layer is called on is the same whoever calls it. */
static cvy_status call(cvyi_py_value *out, cvyi_py_eval *eval,
                       cvyi_tf_keras *node, const cvyi_py_call_args *args,
                       cvy_error *err)
{
    if (args->n < 1)
        return cvyi_py_refuse(eval, err, "%s is called on nothing",
                              node->dotted);
    return node->kind == CVYI_TF_SEQUENTIAL
               ? cvyi_tf_keras_run(out, eval, node, &args->values[0], err)
           : node->kind == CVYI_TF_FUNCTIONAL
               ? cvyi_tf_keras_replay(out, eval, node, &args->values[0], err)
           : cvyi_tf_keras_knows(node->dotted)
               ? cvyi_tf_keras_layer(out, eval, node, args, err)
               : cvyi_py_refuse(eval, err, "call of %s", node->dotted);
}

/* Losses and metrics that are added say nothing of what is computed. */
static cvy_status ignore(cvyi_py_value *out, cvyi_py_eval *eval,
                         cvyi_tf_keras *node, const cvyi_py_call_args *args,
                         cvy_error *err)
{
    (void)eval;
    (void)node;
    (void)args;
    (void)err;
    return none(out);
}

static const struct {
    const char *name;
    cvy_status (*run)(cvyi_py_value *out, cvyi_py_eval *eval,
                      cvyi_tf_keras *node, const cvyi_py_call_args *args,
                      cvy_error *err);
} methods[] = {
    { "add", add },
    { "pop", pop },
    { "build", build },
    { "call", call },
    { "compile", compile },
    { "get_layer", get_layer },
    { "add_weight", cvyi_tf_keras_add_weight },
    { "add_variable", cvyi_tf_keras_add_weight },
    { "add_loss", ignore },
    { "add_metric", ignore },
    { "add_update", ignore },
    { "summary", ignore },
    { "reset_states", ignore },
};

/* Of training, and of files. */
static bool is_left_out(const char *name)
{
    static const char *const names[] = {
        "fit",
        "fit_generator",
        "train_on_batch",
        "test_on_batch",
        "evaluate",
        "evaluate_generator",
        "predict",
        "predict_on_batch",
        "predict_generator",
        "predict_classes",
        "predict_proba",
        "save",
        "save_weights",
        "load_weights",
        "to_json",
        "to_yaml",
        "get_weights",
        "set_weights",
        "get_config",
        "count_params",
        "weights",
        "variables",
        "trainable_weights",
        "non_trainable_weights",
        "trainable_variables",
        "losses",
        "optimizer",
        "metrics",
        "metrics_names",
        "history",
        "export",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    cvyi_tf_keras *const node = cvyi_tf_keras_of(&m->self);

    node->settled = node->settled || strcmp(m->name, "summary") == 0;
    if (strcmp(m->name, "compile") == 0) {
        cvyi_tf_of(eval)->compiled = m->self;
        node->compiled_at = ++cvyi_tf_of(eval)->n_events;
    }
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].name, m->name) == 0)
            return methods[i].run(out, eval, node, args, err);
    if (strcmp(m->name, "apply") == 0 || strcmp(m->name, "__call__") == 0)
        return cvyi_tf_keras_call(out, eval, &m->self, args, err);
    node->settled = true;
    CVYI_TRY(cvyi_tf_note_left(eval, m->name, err));
    if (strcmp(m->name, "load_weights") == 0 &&
        cvyi_tf_of(eval)->arrays == NULL)
        CVYI_TRY(cvyi_tf_remark(eval, err,
                                "the script loads weights from a file: "
                                "--weights FILE takes them over"));
    CVYI_TRY(cvyi_py_make_opaque(
        out, eval, err, "%s of a model is no part of a network", m->name));
    return cvyi_tf_beside(eval, out, err);
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a model",
    .call = call_method,
};

static cvy_status make_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self, const char *name,
                              cvy_error *err)
{
    method *const m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);

    if (m == NULL)
        return cvyi_no_memory(err);
    *m = (method){ name, *self };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}

/* ---- attributes ---- */

static bool is_method(const char *name)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].name, name) == 0)
            return true;
    return strcmp(name, "apply") == 0 || strcmp(name, "__call__") == 0 ||
           (is_left_out(name) && strcmp(name, "kernel") != 0);
}

/* What the layer was made with: units, filters, rate. */
static cvy_status of_arguments(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_tf_keras *node, const char *name,
                               cvy_error *err)
{
    const cvyi_py_value *const value = cvyi_tf_arg(&node->own, -1, name);
    bool known;

    CVYI_TRY(cvyi_tf_layer_attribute(out, &known, eval, node, name, err));
    if (known)
        return CVY_OK;
    if (value == NULL)
        return cvyi_py_refuse(eval, err, "%s of %s is not followed", name,
                              node->dotted);
    *out = *value;
    return CVY_OK;
}

cvy_status cvyi_tf_keras_get(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self, const char *name,
                             cvy_error *err)
{
    cvyi_tf_keras *const node = cvyi_tf_keras_of(self);

    if (strcmp(name, "input") == 0 || strcmp(name, "inputs") == 0)
        return ends(out, eval, node, &node->in, name[5] != '\0', err);
    if (strcmp(name, "output") == 0 || strcmp(name, "outputs") == 0)
        return ends(out, eval, node, &node->out, name[6] != '\0', err);
    if (strcmp(name, "input_shape") == 0)
        return shape_of(out, eval, node, &node->in, err);
    if (strcmp(name, "output_shape") == 0)
        return shape_of(out, eval, node, &node->out, err);
    if (strcmp(name, "layers") == 0)
        return cvyi_tf_keras_layers(out, eval, node, err);
    if (strcmp(name, "name") == 0)
        return cvyi_py_make_text(out, eval, node->name, strlen(node->name),
                                 err);
    if (strcmp(name, "built") == 0 || strcmp(name, "trainable") == 0) {
        *out = cvyi_py_bool(true);
        return CVY_OK;
    }
    return is_method(name) ? make_method(out, eval, self, name, err)
                           : of_arguments(out, eval, node, name, err);
}
