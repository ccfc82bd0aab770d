/*
 * read/python/tf/keras/time.c - TimeDistributed: a layer on every step.
 *
 * A layer that treats all axes before its own alike is called on all steps at
 * once. For others the axis of time joins the batch, and is split from it
 * again.
 */
#include "read/python/tf/wording.h"

#include <string.h>

/* Layers that work on the last axis or on each element by itself. */
static bool is_direct(const cvyi_tf_keras *inside)
{
    static const char *const names[] = {
        "Activation", "Dense", "Dropout", "ELU",
        "LeakyReLU",  "ReLU",  "Softmax", "LayerNormalization",
        "Identity",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(cvyi_call_last(inside->dotted), names[i]) == 0)
            return inside->kind == CVYI_TF_LAYER &&
                   cvyi_tf_arg(&inside->own, -1, "axis") == NULL &&
                   cvyi_tf_arg(&inside->own, -1, "noise_shape") == NULL;
    return false;
}

static cvy_status add_call(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_tf_keras *node, const char *op,
                           const cvyi_size *steps, const int *in,
                           cvy_error *err)
{
    cvyi_tf_wording w = { .eval = eval,
                          .host = cvyi_tf_of(eval),
                          .dotted = op,
                          .said = node->name };
    cvyi_graph *const trace = w.host->trace;
    cvyi_attrs attrs;
    int64_t known;
    int call;

    cvyi_attrs_open(&attrs, cvyi_op_find(op), 0);
    if (steps != NULL)
        *cvyi_attr_set(&attrs, "steps") =
            (cvyi_attr_value){ .n = 1, .sizes = { *steps } };
    CVYI_TRY(cvyi_graph_add_call(
        &call, trace, &attrs, CVYI_AXES_LAST, in,
        steps != NULL && !cvyi_size_constant(&known, *steps) ? 2 : 1, NULL, 0,
        err));
    CVYI_TRY(cvyi_tf_note_calls(&w, err));
    return cvyi_tf_make_tensor(out, eval, trace->calls[call].out[0], err);
}

static cvy_status call_inside(cvyi_py_value *out, cvyi_py_eval *eval,
                              cvyi_tf_keras *node, const cvyi_py_value *x,
                              cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_py_call_args args = { .n = 1, .values = x };
    cvy_status status;

    if (!cvyi_tf_enter(host, node->name))
        return cvyi_no_memory(err);
    status = cvyi_py_eval_call(out, eval, &node->inside, &args, err);
    cvyi_tf_leave(host);
    return status;
}

cvy_status cvyi_tf_keras_over_time(cvyi_py_value *out, cvyi_py_eval *eval,
                                   cvyi_tf_keras *node, const cvyi_py_value *x,
                                   cvy_error *err)
{
    cvyi_tf_keras *const inside = cvyi_tf_keras_of(&node->inside);
    const int result = cvyi_tf_result(x);
    int in[2] = { result, result };
    cvyi_py_value joined, made;
    cvyi_size steps;

    if (inside == NULL || result < 0 || cvyi_tf_type(eval, result)->rank < 3)
        return cvyi_py_refuse(eval, err,
                              "TimeDistributed of what is no layer, or on no "
                              "tensor with an axis behind that of time");
    if (inside->said == NULL && !inside->named)
        inside->said =
            node->named || node->said == NULL ? node->name : node->said;
    if (is_direct(inside))
        return call_inside(out, eval, node, x, err);
    steps = cvyi_tf_type(eval, result)->dims[1];
    CVYI_TRY(add_call(&joined, eval, node, "join_batch", NULL, in, err));
    CVYI_TRY(call_inside(&made, eval, node, &joined, err));
    if (cvyi_py_opaque(&made) != NULL) {
        *out = made;
        return CVY_OK;
    }
    in[0] = cvyi_tf_result(&made);
    if (in[0] < 0)
        return cvyi_py_refuse(eval, err,
                              "TimeDistributed of a layer that gives more "
                              "than one tensor");
    return add_call(out, eval, node, "split_batch", &steps, in, err);
}
