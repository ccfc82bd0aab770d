/*
 * read/python/tf/keras/entry.c - the network that a model of Keras is.
 *
 * A model that stands between inputs of its own is what it gives there. Any
 * other is called: on inputs like those that it was called on, of the shape
 * that it was built with, or that --input says.
 */
#include "read/python/tf/host.h"

#include <string.h>

enum { MOST_INPUTS = 64 };

typedef struct feeding {
    cvyi_py_eval *eval;
    cvyi_tf_host *host;
    int n;
    int inputs[MOST_INPUTS]; /* of the trace */
    bool inner;              /* it begins inside another network */
} feeding;

int cvyi_tf_keras_time(const cvyi_py_value *value)
{
    const cvyi_tf_keras *const node = cvyi_tf_keras_of(value);

    if (node == NULL || !node->is_model ||
        (node->kind == CVYI_TF_SEQUENTIAL && node->n_members == 0))
        return -1;
    return node->time;
}

static bool is_list(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;
}

/* ---- inputs that it has ---- */

static cvy_status see(feeding *f, const cvyi_py_value *value, int depth,
                      cvy_error *err)
{
    const int result = cvyi_tf_result(value);
    const bool dict = value->type == CVYI_PY_V_DICT;

    if (result >= 0) {
        f->inner = f->inner || f->host->trace->results[result].call >= 0;
        if (f->n == MOST_INPUTS)
            return cvyi_py_refuse(
                f->eval, err, "a model of more than %d inputs", MOST_INPUTS);
        f->inputs[f->n++] = result;
        return CVY_OK;
    }
    if (depth > 4 || (!dict && !is_list(value)))
        return cvyi_py_refuse(f->eval, err, "a model is called on %s",
                              cvyi_py_describe(f->eval, value));
    for (int i = 0; dict && i < value->map->n; i++)
        CVYI_TRY(see(f, &value->map->values[i], depth + 1, err));
    for (int i = 0; !dict && i < value->seq->n; i++)
        CVYI_TRY(see(f, &value->seq->items[i], depth + 1, err));
    return CVY_OK;
}

static cvy_status keep_order(feeding *f, cvy_error *err)
{
    int *const kept =
        cvyi_arena_alloc(f->host->arena, (size_t)f->n + 1, sizeof *kept);

    if (kept == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < f->n; i++)
        kept[i] = f->inputs[i];
    f->host->ordered = kept;
    f->host->n_ordered = f->n;
    return CVY_OK;
}

/* ---- inputs that are made for it ---- */

static cvy_status fresh(cvyi_py_value *out, feeding *f, const char *name,
                        const cvyi_py_value *shape, cvy_error *err)
{
    CVYI_TRY(cvyi_tf_input(out, f->eval, name, shape, err));
    return cvyi_py_opaque(out) != NULL
               ? cvyi_py_refuse_opaque(f->eval, out, err)
               : CVY_OK;
}

static cvy_status like(cvyi_py_value *out, feeding *f,
                       const cvyi_py_value *value, int depth, cvy_error *err)
{
    cvyi_py_value shape;

    if (cvyi_tf_result(value) >= 0) {
        CVYI_TRY(cvyi_py_eval_get(&shape, f->eval, value, "shape", err));
        return fresh(out, f, NULL, &shape, err);
    }
    if (depth > 4 || !is_list(value))
        return cvyi_py_refuse(f->eval, err, "a model is called on %s",
                              cvyi_py_describe(f->eval, value));
    CVYI_TRY(cvyi_py_make_seq(out, f->eval, value->type, value->seq->items,
                              value->seq->n, err));
    for (int i = 0; i < value->seq->n; i++)
        CVYI_TRY(like(&out->seq->items[i], f, &value->seq->items[i], depth + 1,
                      err));
    return CVY_OK;
}

/* What a class calls the first argument of its method `call`. */
static const char *own_input(feeding *f, const cvyi_py_value *model)
{
    const cvyi_py_args *all;
    cvyi_py_value call;
    int skip;

    if (model->type != CVYI_PY_V_INSTANCE)
        return NULL;
    for (int i = 0; i < model->instance->class_->n_order; i++) {
        const cvyi_py_value *const base = &model->instance->class_->order[i];
        const cvyi_py_value *const found =
            base->type == CVYI_PY_V_CLASS
                ? cvyi_py_names_get(&base->class_->names, "call")
                : NULL;

        if (found == NULL)
            continue;
        call = *found;
        all = cvyi_py_parameters(&skip, &call);
        return all != NULL && all->n_positional > 1 ? all->positional[1].name
                                                    : NULL;
    }
    (void)f;
    return NULL;
}

/* --input, one or more. */
static cvy_status asked(cvyi_py_value *out, feeding *f,
                        const cvyi_py_value *model, cvy_error *err)
{
    const cvyi_source_request *const r = f->host->source->request;
    const char *const own = own_input(f, model);
    cvyi_py_value all[MOST_INPUTS];
    const int n = r != NULL ? r->n_inputs : 0;

    if (n == 0 || n > MOST_INPUTS)
        return cvyi_py_refuse(f->eval, err,
                              "the model %s has no input shape that is known: "
                              "say it with --input %s=?x32x32x3",
                              cvyi_tf_keras_of(model)->name,
                              own != NULL ? own : "x");
    for (int i = 0; i < n; i++) {
        const cvyi_call_input *const input = &r->inputs[i];
        cvyi_py_value dims[CVYI_MAX_DIMS], shape;

        for (int k = 0; k < input->rank; k++)
            dims[k] = input->dims[k] < 0 ? cvyi_py_none()
                                         : cvyi_py_int(input->dims[k]);
        CVYI_TRY(cvyi_py_make_seq(&shape, f->eval, CVYI_PY_V_LIST, dims,
                                  input->rank, err));
        CVYI_TRY(fresh(&all[i], f,
                       input->name != NULL ? input->name
                       : own != NULL       ? own
                                           : "x",
                       &shape, err));
    }
    *out = all[0];
    return n == 1
               ? CVY_OK
               : cvyi_py_make_seq(out, f->eval, CVYI_PY_V_LIST, all, n, err);
}

static cvy_status feed(cvyi_py_value *out, feeding *f,
                       const cvyi_py_value *model, cvy_error *err)
{
    const cvyi_tf_keras *const node = cvyi_tf_keras_of(model);
    const cvyi_source_request *const r = f->host->source->request;

    if (r != NULL && r->n_inputs > 0)
        return asked(out, f, model, err);
    if (node->in.type != CVYI_PY_V_NONE)
        return like(out, f, &node->in, 0, err);
    if (node->shape.type != CVYI_PY_V_NONE)
        return fresh(out, f, own_input(f, model), &node->shape, err);
    return asked(out, f, model, err);
}

/* ---- the whole ---- */

cvy_status cvyi_tf_keras_outputs(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *model, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_keras *const node = cvyi_tf_keras_of(model);
    const cvyi_py_value self = *model;
    feeding f = { .eval = eval, .host = host };
    cvyi_py_value x;
    const cvyi_py_call_args args = { .n = 1, .values = &x };

    CVYI_TRY(cvyi_tf_keras_watch(eval, node, err));
    host->network = self;
    if (node->named)
        host->model = node->name;
    else if (node->kind == CVYI_TF_CLASS)
        host->model = node->dotted;
    if (node->doubt != NULL) {
        *out = cvyi_tf_keras_doubted(node);
        return CVY_OK;
    }
    if (node->in.type != CVYI_PY_V_NONE && cvyi_py_opaque(&node->in) == NULL)
        CVYI_TRY(see(&f, &node->in, 0, err));
    else if (cvyi_py_opaque(&node->in) != NULL) {
        *out = node->in;
        return CVY_OK;
    }
    if (f.n > 0 && !f.inner) {
        *out = node->out;
        return keep_order(&f, err);
    }
    CVYI_TRY(feed(&x, &f, &self, err));
    CVYI_TRY(cvyi_tf_keras_call(out, eval, &self, &args, err));
    f.n = 0;
    CVYI_TRY(see(&f, &x, 0, err));
    return keep_order(&f, err);
}
