/*
 * read/python/tf/keras/call.c - layers and models of Keras that are called.
 *
 * What a layer was called on first, and what it gave, are its input and
 * output.
 */
#include "read/python/tf/host.h"
#include "read/python/tf/wording.h"

#include <string.h>

/* ---- names of modules ---- */

const char *cvyi_tf_keras_path(cvyi_tf_host *host, cvyi_tf_keras *node)
{
    const char *const name =
        node->named || node->said == NULL ? node->name : node->said;
    const char *const around = host->keras_path;

    if (node->running)
        return around; /* super().call(…) */
    if (node->legacy)
        return cvyi_tf_layers_scope(host, node);
    return around == NULL
               ? name
               : cvyi_arena_printf(host->arena, "%s/%s", around, name);
}

/* ---- what it is called on ---- */

static bool is_input_word(const char *key)
{
    return strcmp(key, "inputs") == 0 || strcmp(key, "input") == 0 ||
           strcmp(key, "x") == 0;
}

/* Training is the port's own mode; a mask that is None is none. */
static cvy_status take_keyword(cvyi_py_eval *eval, const cvyi_tf_keras *node,
                               const char *key, const cvyi_py_value *value,
                               cvy_error *err)
{
    if (strcmp(key, "training") == 0)
        return value->type == CVYI_PY_V_BOOL && value->truth
                   ? cvyi_tf_remark(eval, err,
                                    "%s is told that it trains: the written "
                                    "layer does so after model.train()",
                                    node->name)
                   : CVY_OK;
    if (strcmp(key, "mask") == 0 && value->type == CVYI_PY_V_NONE)
        return CVY_OK;
    return cvyi_py_refuse(eval, err, "%s is called with %s", node->dotted,
                          key);
}

/* The one value that a layer or a model of Keras' own is called on. */
static cvy_status take_input(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_tf_keras *node,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    bool found = args->n > 0;

    if (found)
        *out = args->values[0];
    for (int i = 0; i < args->n_keywords; i++) {
        const cvyi_py_value *const value = &args->keyword_values[i];

        if (!found && is_input_word(args->keywords[i])) {
            *out = *value;
            found = true;
            continue;
        }
        CVYI_TRY(take_keyword(eval, node, args->keywords[i], value, err));
    }
    return found ? CVY_OK
                 : cvyi_py_refuse(eval, err, "%s is called on nothing",
                                  node->dotted);
}

/* ---- kinds ---- */

/* Lambda(f, arguments={…}) */
static cvy_status call_function(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_tf_keras *node,
                                const cvyi_py_value *x, cvy_error *err)
{
    const cvyi_py_value *const more = cvyi_tf_arg(&node->own, -1, "arguments");
    const int n =
        more != NULL && more->type == CVYI_PY_V_DICT ? more->map->n : 0;
    const char **const keys =
        cvyi_arena_alloc(cvyi_py_arena(eval), (size_t)n + 1, sizeof *keys);

    if (keys == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        keys[i] = cvyi_tf_text(&more->map->keys[i]);
        if (keys[i] == NULL)
            return cvyi_py_refuse(eval, err,
                                  "an argument of Lambda that is "
                                  "named by no text");
    }

    const cvyi_py_call_args args = {
        .n = 1,
        .values = x,
        .n_keywords = n,
        .keywords = keys,
        .keyword_values = n > 0 ? more->map->values : NULL,
    };

    return cvyi_py_eval_call(out, eval, &node->inside, &args, err);
}

static cvy_status call_inside(cvyi_py_value *out, cvyi_py_eval *eval,
                              cvyi_tf_keras *node, const cvyi_py_value *x,
                              cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char *const around = host->keras_path;
    cvy_status status;

    host->keras_path = cvyi_tf_keras_path(host, node);
    if (host->keras_path == NULL || !cvyi_tf_enter(host, node->name)) {
        host->keras_path = around;
        return cvyi_no_memory(err);
    }
    status = node->kind == CVYI_TF_FUNCTIONAL
                 ? cvyi_tf_keras_replay(out, eval, node, x, err)
                 : cvyi_tf_keras_run(out, eval, node, x, err);
    cvyi_tf_leave(host);
    host->keras_path = around;
    return status;
}

static cvy_status call_kind(cvyi_py_value *out, cvyi_py_eval *eval,
                            cvyi_tf_keras *node, const cvyi_py_value *self,
                            const cvyi_py_call_args *args,
                            const cvyi_py_value *x, cvy_error *err)
{
    const cvyi_py_call_args one = { .n = 1, .values = x };

    switch (node->kind) {
    case CVYI_TF_LAYER:
        return cvyi_tf_keras_layer(out, eval, node, &one, err);
    case CVYI_TF_LAMBDA:
        return call_function(out, eval, node, x, err);
    case CVYI_TF_TIME:
        return cvyi_tf_keras_over_time(out, eval, node, x, err);
    case CVYI_TF_SEQUENTIAL:
    case CVYI_TF_FUNCTIONAL:
        return call_inside(out, eval, node, x, err);
    case CVYI_TF_CLASS:
        return cvyi_tf_keras_run_class(out, eval, self, args, err);
    default:
        return cvyi_py_refuse(eval, err, "an input is called");
    }
}

/* ---- the call ---- */

/* A model that is called on numbers is made whole by it; the numbers are no
 * part of the network. *done: it was. */
static cvy_status call_on_numbers(cvyi_py_value *out, bool *done,
                                  cvyi_py_eval *eval, cvyi_tf_keras *node,
                                  const cvyi_py_value *x, cvy_error *err)
{
    const cvyi_python_array *const array = cvyi_python_array_of(x);
    const bool start =
        x->type == CVYI_PY_V_HOST && x->host.type == &cvyi_tf_start_type;
    const cvyi_tf_start *const from = start ? x->host.data : NULL;
    const int rank = start           ? from->shape.rank
                     : array != NULL ? array->rank
                                     : 0;
    cvyi_py_value items[CVYI_MAX_DIMS];

    *done = node->is_model && rank > 1 && rank <= CVYI_MAX_DIMS &&
            (array != NULL || !from->random);
    if (!*done)
        return CVY_OK;
    items[0] = cvyi_py_none();
    for (int i = 1; i < rank; i++)
        items[i] = cvyi_py_int(start ? from->shape.dims[i] : array->dims[i]);
    if (node->shape.type == CVYI_PY_V_NONE)
        CVYI_TRY(cvyi_py_make_seq(&node->shape, eval, CVYI_PY_V_TUPLE, items,
                                  rank, err));
    CVYI_TRY(cvyi_py_make_opaque(out, eval, err,
                                 "what %s gives for these numbers needs a run",
                                 node->name));
    return cvyi_tf_beside(eval, out, err);
}

/* The outermost call of a layer, for those who ask for a model's layers. */
static cvy_status begin_call(cvyi_tf_host *host, cvyi_tf_keras *node,
                             const cvyi_py_value *self, cvy_error *err)
{
    cvyi_tf_keras_called *const all =
        cvyi_arena_grow(host->arena, host->keras_calls, host->n_keras_calls,
                        &host->keras_calls_capacity, sizeof *all);

    if (all == NULL)
        return cvyi_no_memory(err);
    host->keras_calls = all;
    all[host->n_keras_calls++] =
        (cvyi_tf_keras_called){ node, *self, host->trace->n_calls, 0 };
    host->keras_call = host->n_keras_calls;
    return CVY_OK;
}

/* A layer that gives what it is called on leaves no trace. */
static void end_call(cvyi_tf_host *host, const cvyi_py_value *x,
                     const cvyi_py_value *out, cvy_status status)
{
    host->keras_calls[host->keras_call - 1].last = host->trace->n_calls;
    host->keras_silent =
        host->keras_silent || (status == CVY_OK && cvyi_tf_result(x) >= 0 &&
                               cvyi_tf_result(x) == cvyi_tf_result(out));
}

static void note_ends(cvyi_tf_keras *node, const cvyi_py_value *x,
                      const cvyi_py_value *out)
{
    if (node->n_calls++ > 0 || node->in.type != CVYI_PY_V_NONE)
        return;
    node->in = *x;
    node->out = *out;
}

cvy_status cvyi_tf_keras_call(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_keras *const node = cvyi_tf_keras_of(self);
    const int around = host->keras_call;
    const cvyi_py_value *opaque;
    cvyi_py_value x = cvyi_py_none(), given;
    cvyi_py_call_args tensors = { .n = 1, .values = &x };
    cvy_status status = CVY_OK;
    bool done = false;

    if (node->kind == CVYI_TF_CLASS)
        x = args->n > 0            ? args->values[0]
            : args->n_keywords > 0 ? args->keyword_values[0]
                                   : x;
    else
        status = take_input(&x, eval, node, args, err);
    if (status != CVY_OK) {
        CVYI_TRY(cvyi_py_forgive_value(out, eval, status, err));
        return cvyi_tf_lose(eval, node->dotted, args, out, err);
    }
    status = cvyi_tf_keras_copy(&given, eval, &x, err);
    if (status != CVY_OK) {
        CVYI_TRY(cvyi_py_forgive_value(out, eval, status, err));
        return cvyi_tf_lose_value(eval, out, err);
    }
    x = given;
    opaque = cvyi_tf_first_opaque(&tensors);
    CVYI_TRY(call_on_numbers(out, &done, eval, node, &x, err));
    if (done)
        return CVY_OK;
    CVYI_TRY(cvyi_tf_keras_watch(eval, node, err));
    if (opaque == NULL && node->doubt != NULL) {
        *out = cvyi_tf_keras_doubted(node);
        return cvyi_tf_lose_value(eval, out, err);
    }
    if (opaque != NULL) {
        *out = *opaque;
        return cvyi_tf_lose(eval, node->dotted, &tensors, out, err);
    }
    if (around == 0)
        CVYI_TRY(begin_call(host, node, self, err));
    status = call_kind(out, eval, node, self, args, &x, err);
    if (around == 0)
        end_call(host, &given, out, status);
    host->keras_call = around;
    CVYI_TRY(cvyi_py_forgive_value(out, eval, status, err));
    note_ends(node, &given, out);
    return cvyi_tf_lose(eval, node->dotted, &tensors, out, err);
}
