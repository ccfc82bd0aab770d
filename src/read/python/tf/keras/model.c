/*
 * read/python/tf/keras/model.c - models of Keras, as they are made: members of
 * a Sequential, ends of a Functional, and inputs.
 *
 * A Sequential whose first member says a shape has an input at once, and each
 * member is called as it is added. One without a shape waits for its call.
 */
#include "read/python/tf/host.h"

#include <string.h>

/* ---- inputs ---- */

/* [None] + shape; a number is a shape of one size. */
static cvy_status with_batch(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *batch,
                             const cvyi_py_value *shape, cvy_error *err)
{
    cvyi_py_value items[CVYI_MAX_DIMS + 1], list;
    const bool one = cvyi_tf_as_size(eval, shape) != NULL;

    items[0] = batch != NULL ? *batch : cvyi_py_none();
    if (one) {
        items[1] = *shape;
        return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, items, 2, err);
    }
    CVYI_TRY(cvyi_py_eval_list(&list, eval, shape, err));
    if (list.seq->n >= CVYI_MAX_DIMS)
        return cvyi_py_refuse(eval, err, "a shape of %d axes", list.seq->n);
    for (int i = 0; i < list.seq->n; i++)
        items[i + 1] = list.seq->items[i];
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, items, list.seq->n + 1,
                            err);
}

static const cvyi_py_value *said(const cvyi_py_call_args *args,
                                 const char *name)
{
    const cvyi_py_value *const value = cvyi_tf_arg(args, -1, name);

    return value != NULL && value->type != CVYI_PY_V_NONE ? value : NULL;
}

/* The shape that arguments of an input or of a first layer say, the batch
 * included; *found false: none. */
static cvy_status said_shape(cvyi_py_value *out, bool *found,
                             cvyi_py_eval *eval, const cvyi_py_call_args *args,
                             bool embedding, cvy_error *err)
{
    static const char *const whole[] = { "batch_input_shape", "batch_shape" };
    const cvyi_py_value *shape = said(args, "input_shape");
    const cvyi_py_value *const length = said(args, "input_length");
    const cvyi_py_value *const width = said(args, "input_dim");
    const cvyi_py_value none = cvyi_py_none();
    cvyi_py_value two[2];

    *found = true;
    for (int i = 0; i < 2; i++)
        if (said(args, whole[i]) != NULL) {
            *out = *said(args, whole[i]);
            return CVY_OK;
        }
    if (shape == NULL)
        shape = said(args, "shape");
    if (embedding) /* input_dim is the number of words */
        shape = length != NULL ? length : &none;
    else if (shape == NULL && length != NULL && width != NULL) {
        two[0] = *length;
        two[1] = *width;
        CVYI_TRY(cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, two, 2, err));
        return with_batch(out, eval, NULL, out, err);
    } else if (shape == NULL)
        shape = width;
    if (embedding && shape == &none) {
        two[0] = two[1] = none;
        return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, two, 2, err);
    }
    *found = shape != NULL;
    if (shape == NULL)
        return CVY_OK;
    if (cvyi_py_opaque(shape) != NULL) {
        *out = *shape;
        return CVY_OK;
    }
    return with_batch(out, eval, said(args, "batch_size"), shape, err);
}

cvy_status cvyi_tf_keras_input(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const name = cvyi_tf_text(cvyi_tf_arg(args, -1, "name"));
    const cvyi_py_value *const tensor = said(args, "tensor");
    cvyi_py_value shape = cvyi_py_none();
    bool found = false;

    if (tensor != NULL) {
        *out = *tensor;
        return CVY_OK;
    }
    if (args->n > 0 && cvyi_py_opaque(&args->values[0]) != NULL)
        shape = args->values[0];
    else if (args->n > 0 && args->values[0].type != CVYI_PY_V_NONE)
        CVYI_TRY(with_batch(&shape, eval, said(args, "batch_size"),
                            &args->values[0], err));
    else
        CVYI_TRY(said_shape(&shape, &found, eval, args, false, err));
    return cvyi_tf_input(out, eval, name, &shape, err);
}

/* ---- Sequential ---- */

/* A new input of the type of another model's. */
static cvy_status like_input(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *tensor, cvy_error *err)
{
    cvyi_py_value shape;

    CVYI_TRY(cvyi_py_eval_get(&shape, eval, tensor, "shape", err));
    return cvyi_tf_input(out, eval, NULL, &shape, err);
}

/* The input that a first member says; *out is untouched if it says none. */
static cvy_status first_input(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *member, cvy_error *err)
{
    const cvyi_tf_keras *const node = cvyi_tf_keras_of(member);
    cvyi_py_value shape = cvyi_py_none();
    bool found;

    if (cvyi_tf_result(member) >= 0) {
        *out = *member;
        return CVY_OK;
    }
    if (node == NULL)
        return CVY_OK;
    if (node->kind == CVYI_TF_INPUT)
        return cvyi_tf_keras_input(out, eval, &node->own, err);
    if (node->is_model)
        return cvyi_tf_result(&node->in) >= 0
                   ? like_input(out, eval, &node->in, err)
                   : CVY_OK;
    CVYI_TRY(said_shape(&shape, &found, eval, &node->own,
                        strcmp(node->dotted, "keras.layers.Embedding") == 0,
                        err));
    return found ? cvyi_tf_input(out, eval, NULL, &shape, err) : CVY_OK;
}

static cvy_status call_member(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *member,
                              const cvyi_py_value *x, cvy_error *err)
{
    const cvyi_py_call_args args = { .n = 1, .values = x };
    const cvyi_py_value given = *x;

    *out = given;
    if (cvyi_py_opaque(&given) != NULL)
        return CVY_OK;
    if (cvyi_py_opaque(member) != NULL) {
        *out = *member;
        return cvyi_tf_lose_value(eval, out, err);
    }
    return cvyi_py_forgive_value(
        out, eval, cvyi_py_eval_call(out, eval, member, &args, err), err);
}

static bool grow(cvyi_tf_keras *node, cvyi_arena *arena)
{
    cvyi_py_value *const members =
        cvyi_arena_grow(arena, node->members, node->n_members,
                        &node->members_capacity, sizeof *members);
    cvyi_py_value *const outs =
        cvyi_arena_grow(arena, node->outs, node->n_members,
                        &node->outs_capacity, sizeof *outs);

    if (members == NULL || outs == NULL)
        return false;
    node->members = members;
    node->outs = outs;
    return true;
}

cvy_status cvyi_tf_keras_add(cvyi_tf_keras *node, cvyi_py_eval *eval,
                             const cvyi_py_value *member, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_tf_keras *const inner = cvyi_tf_keras_of(member);
    const bool first = node->n_members == 0 && node->in.type == CVYI_PY_V_NONE;

    if (first)
        CVYI_TRY(first_input(&node->in, eval, member, err));
    if (first)
        node->out = node->in;
    if (cvyi_tf_result(member) >= 0 ||
        (inner != NULL && inner->kind == CVYI_TF_INPUT)) {
        node->time = host->trace->n_results;
        return CVY_OK;
    }
    if (!grow(node, host->arena))
        return cvyi_no_memory(err);
    if (node->doubt == NULL)
        node->doubt = cvyi_py_opaque(member);
    if (node->in.type != CVYI_PY_V_NONE)
        CVYI_TRY(call_member(&node->out, eval, member, &node->out, err));
    node->members[node->n_members] = *member;
    node->outs[node->n_members++] = node->out;
    node->time = host->trace->n_results;
    return CVY_OK;
}

cvy_status cvyi_tf_keras_pop(cvyi_tf_keras *node, cvyi_py_eval *eval,
                             cvy_error *err)
{
    if (node->n_members == 0)
        return cvyi_py_refuse(eval, err, "pop of an empty Sequential");
    node->n_members--;
    node->out =
        node->n_members > 0 ? node->outs[node->n_members - 1] : node->in;
    return CVY_OK;
}

cvy_status cvyi_tf_keras_sequential(cvyi_tf_keras *node, cvyi_py_eval *eval,
                                    const cvyi_py_call_args *args,
                                    cvy_error *err)
{
    const cvyi_py_value *const layers = cvyi_tf_arg(args, 0, "layers");
    cvyi_py_value list;

    if (layers == NULL || layers->type == CVYI_PY_V_NONE)
        return CVY_OK;
    if (cvyi_py_opaque(layers) != NULL) {
        node->doubt = cvyi_py_opaque(layers);
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_eval_list(&list, eval, layers, err));
    for (int i = 0; i < list.seq->n; i++)
        CVYI_TRY(cvyi_tf_keras_add(node, eval, &list.seq->items[i], err));
    return CVY_OK;
}

cvy_status cvyi_tf_keras_run(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_tf_keras *node, const cvyi_py_value *x,
                             cvy_error *err)
{
    cvyi_py_value value = *x;

    for (int i = 0; i < node->n_members; i++)
        CVYI_TRY(call_member(&value, eval, &node->members[i], &value, err));
    *out = value;
    return CVY_OK;
}

/* ---- Functional ---- */

static cvy_status copy(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *value, int *left, int depth,
                       cvy_error *err)
{
    const bool list =
        value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;
    const int n = list                            ? value->seq->n
                  : value->type == CVYI_PY_V_DICT ? value->map->n
                                                  : 0;
    cvyi_py_value one;

    *out = *value;
    *left -= n + 1;
    if (*left < 0 || depth > 8)
        return cvyi_py_refuse(eval, err, "so many tensors in one argument");
    if (n == 0 || cvyi_py_opaque(value) != NULL)
        return CVY_OK;
    if (!list)
        CVYI_TRY(cvyi_py_make_dict(out, eval, err));
    else
        CVYI_TRY(cvyi_py_make_seq(out, eval, value->type, value->seq->items, n,
                                  err));
    for (int i = 0; i < n; i++) {
        CVYI_TRY(copy(&one, eval,
                      list ? &value->seq->items[i] : &value->map->values[i],
                      left, depth + 1, err));
        if (list)
            out->seq->items[i] = one;
        else
            CVYI_TRY(
                cvyi_py_dict_set(eval, out, &value->map->keys[i], &one, err));
    }
    return CVY_OK;
}

cvy_status cvyi_tf_keras_copy(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *value, cvy_error *err)
{
    int left = 4096;

    return copy(out, eval, value, &left, 0, err);
}

static bool holds_tensor(const cvyi_py_value *value)
{
    const bool list =
        value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;

    if (cvyi_tf_result(value) >= 0)
        return true;
    for (int i = 0; list && i < value->seq->n; i++)
        if (holds_tensor(&value->seq->items[i]))
            return true;
    for (int i = 0; value->type == CVYI_PY_V_DICT && i < value->map->n; i++)
        if (holds_tensor(&value->map->values[i]))
            return true;
    return false;
}

static const cvyi_py_value *end(const cvyi_py_call_args *args, int at,
                                const char *name, const char *old)
{
    const cvyi_py_value *const value = cvyi_tf_arg(args, at, name);

    return value != NULL ? value : cvyi_tf_arg(args, -1, old);
}

cvy_status cvyi_tf_keras_functional(cvyi_tf_keras *node, cvyi_py_eval *eval,
                                    const cvyi_py_call_args *args,
                                    cvy_error *err)
{
    const cvyi_py_value *const in = end(args, 0, "inputs", "input");
    const cvyi_py_value *const out = end(args, 1, "outputs", "output");

    if (in == NULL || out == NULL)
        return cvyi_py_refuse(eval, err, "a Model without inputs and outputs");
    CVYI_TRY(cvyi_tf_keras_copy(&node->in, eval, in, err));
    CVYI_TRY(cvyi_tf_keras_copy(&node->out, eval, out, err));
    if (!holds_tensor(&node->in) || !holds_tensor(&node->out))
        return cvyi_py_refuse(eval, err,
                              "a Model without tensors that it stands "
                              "between");
    node->time = cvyi_tf_of(eval)->trace->n_results;
    return CVY_OK;
}
