/*
 * read/python/tf/keras/stored.c - weights of a script's model, from a file of
 * Keras: the layers that are asked for, and what each of them takes.
 */
#include "read/python/tf/keras/stored.h"

#include <string.h>

/* ---- layers inside ---- */

bool cvyi_tf_stored_has(const cvyi_tf_parts *parts, const cvyi_tf_keras *node)
{
    for (int i = 0; i < parts->n; i++)
        if (cvyi_tf_keras_of(&parts->items[i]) == node)
            return true;
    return false;
}

cvy_status cvyi_tf_stored_add(cvyi_tf_parts *out, cvyi_tf_storing *s,
                              const cvyi_py_value *part, cvy_error *err)
{
    const cvyi_tf_keras *const node = cvyi_tf_keras_of(part);
    cvyi_py_value *items;

    if (node == NULL || cvyi_tf_stored_has(out, node))
        return CVY_OK;
    items = cvyi_arena_grow(s->arena, out->items, out->n, &out->capacity,
                            sizeof *items);
    if (items == NULL)
        return cvyi_no_memory(err);
    out->items = items;
    items[out->n++] = *part;
    return CVY_OK;
}

static cvy_status held(cvyi_tf_parts *out, cvyi_tf_storing *s,
                       const cvyi_py_value *value, int depth, cvy_error *err)
{
    const bool list =
        value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;

    if (cvyi_tf_keras_of(value) != NULL)
        return cvyi_tf_stored_add(out, s, value, err);
    for (int i = 0; depth < 4 && list && i < value->seq->n; i++)
        CVYI_TRY(held(out, s, &value->seq->items[i], depth + 1, err));
    for (int i = 0;
         depth < 4 && value->type == CVYI_PY_V_DICT && i < value->map->n; i++)
        CVYI_TRY(held(out, s, &value->map->values[i], depth + 1, err));
    return CVY_OK;
}

cvy_status cvyi_tf_stored_held(cvyi_tf_parts *out, cvyi_tf_storing *s,
                               const cvyi_py_value *value, cvy_error *err)
{
    return held(out, s, value, 0, err);
}

cvy_status cvyi_tf_stored_parts(cvyi_tf_parts *out, cvyi_tf_storing *s,
                                const cvyi_py_value *self, cvy_error *err)
{
    cvyi_tf_parts parts = { .certain = true };
    cvyi_py_value list;

    CVYI_TRY(cvyi_tf_keras_members(&list, &parts.certain, s->eval,
                                   cvyi_tf_keras_of(self), err));
    if (cvyi_py_opaque(&list) != NULL)
        return cvyi_py_refuse_opaque(s->eval, &list, err);
    CVYI_TRY(cvyi_tf_stored_held(&parts, s, &list, err));
    for (int i = 0;
         self->type == CVYI_PY_V_INSTANCE && i < self->instance->names.n; i++)
        CVYI_TRY(cvyi_tf_stored_held(&parts, s,
                                     &self->instance->names.values[i], err));
    *out = parts;
    return CVY_OK;
}

const char *cvyi_tf_stored_class(cvyi_tf_storing *s, const cvyi_py_value *self)
{
    const cvyi_tf_keras *const node = cvyi_tf_keras_of(self);

    if (self->type == CVYI_PY_V_INSTANCE)
        return cvyi_keras_snake(s->arena, self->instance->class_->name);
    return node->kind == CVYI_TF_FUNCTIONAL ? "functional"
           : node->kind == CVYI_TF_SEQUENTIAL
               ? "sequential"
               : cvyi_keras_snake(s->arena, cvyi_call_last(node->dotted));
}

/* ---- the weights of one layer ---- */

static cvy_status put_dims(cvyi_text *out, int rank, const int64_t *dims)
{
    cvyi_text_put(out, "(");
    for (int i = 0; i < rank; i++)
        cvyi_text_printf(out, "%s%lld", i > 0 ? ", " : "", (long long)dims[i]);
    cvyi_text_put(out, rank == 1 ? ",)" : ")");
    return CVY_OK;
}

static cvy_status misfit(cvyi_tf_misfit *why, cvyi_tf_storing *s,
                         const cvyi_tf_variable *v, const char *where,
                         const cvy_view *view, cvy_error *err)
{
    cvyi_text text = { 0 };
    cvy_status status;

    cvyi_text_printf(&text, "%s has the shape ", v->name);
    (void)put_dims(&text, v->shape.rank, v->shape.dims);
    cvyi_text_printf(&text, ", and %s in the file ", where);
    (void)put_dims(&text, view->rank, view->dims);
    status = cvyi_text_status(&text, err);
    if (status == CVY_OK) {
        *why = cvyi_arena_printf(s->arena, "%s", cvyi_text_c(&text));
        status = *why != NULL ? CVY_OK : cvyi_no_memory(err);
    }
    cvyi_text_close(&text);
    return status;
}

static cvy_status pair(cvyi_tf_misfit *why, cvyi_tf_storing *s,
                       cvyi_tf_variable *v, const cvyi_keras_stored *stored,
                       bool commit, cvy_error *err)
{
    cvy_view view;

    if (stored->node.kind != CVYI_H5_DATASET)
        return cvyi_fail_in(err, CVY_FORMAT, stored->where,
                            "a group where an array is expected");
    CVYI_TRY(cvyi_located(
        err, cvyi_h5_dataset(&view, stored->h5, &stored->node, err),
        stored->where));
    if (view.rank != v->shape.rank ||
        memcmp(view.dims, v->shape.dims,
               (size_t)view.rank * sizeof *view.dims) != 0)
        return misfit(why, s, v, stored->where, &view, err);
    if (commit)
        v->stored = stored;
    return CVY_OK;
}

/* Is the weight trained, where its layer is? */
static bool is_trained(const cvyi_tf_keras *node, int i)
{
    return node->kind != CVYI_TF_CLASS || node->weights[i].variable->trainable;
}

static int named(const cvyi_tf_keras *node, const char *name)
{
    for (int i = 0; name != NULL && i < node->n_weights; i++)
        if (strcmp(node->weights[i].name, name) == 0)
            return i;
    return -1;
}

/* By names if the file has all of them, else in the order in which the layer
 * made them, trained ones first. */
static void order_of(int *order, const cvyi_tf_keras *node,
                     const cvyi_keras_stored *stored)
{
    int n = 0;
    bool by_name = true;

    for (int i = 0; i < node->n_weights; i++)
        by_name = by_name && named(node, stored[i].name) >= 0;
    for (int i = 0; by_name && i < node->n_weights; i++)
        order[i] = named(node, stored[i].name);
    for (int turn = 0; !by_name && turn < 2; turn++)
        for (int i = 0; i < node->n_weights; i++)
            if (is_trained(node, i) == (turn == 0))
                order[n++] = i;
}

cvy_status cvyi_tf_stored_pair(cvyi_tf_misfit *why, cvyi_tf_storing *s,
                               const cvyi_tf_keras *node, int n,
                               const cvyi_keras_stored *stored, bool commit,
                               cvy_error *err)
{
    int *const order =
        cvyi_arena_alloc(s->arena, (size_t)node->n_weights + 1, sizeof *order);

    *why = NULL;
    if (order == NULL)
        return cvyi_no_memory(err);
    if (n != node->n_weights) {
        *why = cvyi_arena_printf(s->arena,
                                 "%s has %d weights, and %s in the file %d",
                                 node->name, node->n_weights,
                                 n > 0 ? stored[0].where : "its layer", n);
        return *why != NULL ? CVY_OK : cvyi_no_memory(err);
    }
    order_of(order, node, stored);
    for (int i = 0; *why == NULL && i < n; i++)
        CVYI_TRY(pair(why, s, node->weights[order[i]].variable, &stored[i],
                      commit, err));
    return CVY_OK;
}

/* ---- the whole ---- */

static cvy_status refuse(cvyi_tf_storing *s, const char *text, cvy_error *err)
{
    const cvyi_source_request *const r = s->host->source->request;

    CVYI_TRY(cvyi_findings_add(
        s->host->findings,
        (cvyi_finding){ .refusal = true,
                        .kind = "unsupported",
                        .attribute = "weights",
                        .text = text,
                        .advice = "save the weights of the model that the "
                                  "script builds, or give them by their "
                                  "names: a file .npz",
                        .where = r != NULL ? r->weights : NULL },
        err));
    return cvyi_findings_verdict(s->host->findings, err);
}

cvy_status cvyi_tf_keras_find_stored(cvyi_py_eval *eval, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_storing s = { .eval = eval,
                          .host = host,
                          .arena = host->arena,
                          .store = &host->arrays->store };
    cvyi_tf_misfit why = NULL;

    if (host->network.type == CVYI_PY_V_NONE)
        why = "a file of Keras has the weights of a model, by its layers, and "
              "the network is no model of Keras (--entry names one)";
    else if (s.store->layout == &cvyi_keras_named)
        CVYI_TRY(cvyi_tf_stored_by_name(&why, &s, &host->network, err));
    else
        CVYI_TRY(cvyi_tf_stored_by_path(&why, &s, &host->network, err));
    return why == NULL ? CVY_OK : refuse(&s, why, err);
}
