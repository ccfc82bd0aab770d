/*
 * read/keras_weights.c - variables of model.weights.h5 become parameters.
 *
 *   /layers/<class>[_<n>]/vars/<i>        a layer's variables
 *   /layers/<class>[_<n>]/seed_generator  ignored
 *   /layers/<class>[_<n>]/activation      of a layer that is its activation;
 *                                         one with weights is refused
 *   /layers/functional/layers/<class>     a layer of an inner model
 *   /optimizer, /vars                     ignored
 *
 * The group `vars` may say its layer's name in an attribute; it must agree.
 * Every variable must be taken, and none may be missing.
 */
#include "read/keras.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_index(const char *name)
{
    size_t n = 0;

    while (name[n] >= '0' && name[n] <= '9')
        n++;
    return n > 0 && n < 5 && name[n] == '\0';
}

static cvy_status count_vars(cvyi_keras_vars *vars, cvyi_keras *k,
                             cvy_error *err)
{
    const cvyi_h5_child *children;
    int n;

    CVYI_TRY(
        cvyi_h5_list(&children, &n, k->arena, &k->weights, &vars->vars, err));
    for (int i = 0; i < n; i++)
        if (!is_index(children[i].name))
            return cvyi_fail_in(err, CVY_FORMAT, vars->where,
                                "variables are numbered, something here is "
                                "not");
    vars->n = n;
    return CVY_OK;
}

cvy_status cvyi_keras_vars_open(cvyi_keras_vars *out, cvyi_keras *k,
                                const cvyi_keras_layer *layer, cvy_error *err)
{
    const char *const name = layer->name;
    cvyi_keras_vars vars = {
        .prefix =
            cvyi_arena_printf(k->arena, "%s%s", layer->home->prefix, name),
        .where = cvyi_arena_printf(k->arena, "%s/vars", layer->group),
    };
    const char *said;

    if (vars.prefix == NULL || vars.where == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_h5_find(&vars.vars, &k->weights, NULL, vars.where, err));
    if (vars.vars.kind == CVYI_H5_DATASET)
        return cvyi_fail_in(err, CVY_FORMAT, vars.where,
                            "an array where a group is expected");
    if (vars.vars.kind == CVYI_H5_GROUP) {
        CVYI_TRY(count_vars(&vars, k, err));
        CVYI_TRY(cvyi_h5_text_attribute(&said, k->arena, &k->weights,
                                        &vars.vars, "name", err));
        if (said != NULL && strcmp(said, name) != 0)
            return cvyi_fail_in(err, CVY_FORMAT, vars.where,
                                "the weights say that they belong to another "
                                "layer than %s",
                                name);
    }
    *out = vars;
    return CVY_OK;
}

cvy_status cvyi_keras_vars_close(const cvyi_keras_vars *vars, cvy_error *err)
{
    if (vars->taken < vars->n)
        return cvyi_fail_in(err, CVY_FORMAT, vars->where,
                            "%d variables, of which the layer has only %d",
                            vars->n, vars->taken);
    return CVY_OK;
}

static void print_dims(char *out, size_t size, int rank, const int64_t *dims)
{
    size_t at = 0;

    out[0] = '\0';
    for (int i = 0; i < rank && at < size; i++)
        at += (size_t)snprintf(out + at, size - at, "%s%lld",
                               i > 0 ? " x " : "", (long long)dims[i]);
}

/* The layout from the stored array to the slot, if the shapes fit. */
static cvy_status fit(cvyi_layout *out, const cvy_view *stored,
                      const cvyi_step_slot *slot, int n_spatial,
                      const cvyi_shape *want, const char *where,
                      cvy_error *err)
{
    int64_t dims[CVY_MAX_RANK];
    char have[96];
    cvy_status status = cvyi_layout_parse(out, slot->layout, n_spatial,
                                          stored->rank, stored->dims, err);

    if (status != CVY_OK && status != CVY_SHAPE)
        return status;
    if (status == CVY_OK &&
        (cvyi_layout_target(out, dims) != want->rank ||
         memcmp(dims, want->dims, (size_t)want->rank * sizeof *dims) != 0))
        status = CVY_SHAPE;
    if (status == CVY_OK)
        return CVY_OK;
    print_dims(have, sizeof have, stored->rank, stored->dims);
    return cvyi_fail_in(err, CVY_FORMAT, where,
                        "the %s has shape [%s], which does not fit the layer",
                        slot->source, have);
}

/* Variable number `taken`, which the layer must have. */
static cvy_status stored_view(cvy_view *out, cvyi_keras *k,
                              const cvyi_keras_vars *vars, const char *where,
                              const cvyi_step_slot *slot, cvy_error *err)
{
    cvyi_h5_node node = { CVYI_H5_MISSING, 0, 0, 0, 0 };
    char index[16];

    snprintf(index, sizeof index, "%d", vars->taken);
    if (vars->vars.kind == CVYI_H5_GROUP)
        CVYI_TRY(cvyi_h5_find(&node, &k->weights, &vars->vars, index, err));
    if (node.kind != CVYI_H5_DATASET)
        return cvyi_fail_in(err, CVY_FORMAT, where,
                            "the layer's %s is missing%s", slot->source,
                            vars->vars.kind == CVYI_H5_MISSING &&
                                    k->n_inner > 0
                                ? ": a layer that two models share is stored "
                                  "in one of them only, and Keras cannot load "
                                  "such a file either"
                                : "");
    CVYI_TRY(cvyi_located(err, cvyi_h5_dataset(out, &k->weights, &node, err),
                          where));
    if (out->dtype != CVY_F32)
        return cvyi_fail_in(err, CVY_FORMAT, where,
                            "the %s is %s, the layer is float32", slot->source,
                            cvy_dtype_name(out->dtype));
    return CVY_OK;
}

cvy_status cvyi_keras_vars_take(int *out, cvyi_keras *k, cvyi_keras_vars *vars,
                                const cvyi_step_slot *slot, bool trainable,
                                int n_spatial, const cvyi_shape *want,
                                cvy_error *err)
{
    cvyi_param param = { .slot = slot->slot,
                         .trainable = trainable && !slot->frozen,
                         .created = k->n_created,
                         .initialiser = slot->initialiser,
                         .regulariser = slot->regulariser,
                         .constraint = slot->constraint };
    const char *const where =
        cvyi_arena_printf(k->arena, "%s/%d", vars->where, vars->taken);

    param.name =
        cvyi_arena_printf(k->arena, "%s/%s", vars->prefix, slot->source);
    if (where == NULL || param.name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(stored_view(&param.stored, k, vars, where, slot, err));
    CVYI_TRY(
        fit(&param.layout, &param.stored, slot, n_spatial, want, where, err));
    CVYI_TRY(cvyi_graph_add_param(out, k->graph, &param, err));
    vars->taken++;
    k->n_created++;
    return CVY_OK;
}

/* ---- what no layer has asked for ---- */

static int by_group(const void *a, const void *b)
{
    const cvyi_keras_layer *const *const x = a, *const *const y = b;

    return strcmp((*x)->group, (*y)->group);
}

static int against_group(const void *key, const void *member)
{
    const cvyi_keras_layer *const *const layer = member;

    return strcmp(key, (*layer)->group);
}

static cvy_status check_parts(cvyi_keras *k, const cvyi_keras_layer *layer,
                              const cvyi_h5_node *group, cvy_error *err)
{
    static const char *const of_layer[] = { "vars", "seed_generator",
                                            "activation", NULL };
    static const char *const of_model[] = { "vars", "layers", NULL };
    const char *const *const known =
        layer->inner != NULL ? of_model : of_layer;
    const cvyi_h5_child *parts;
    int n;

    CVYI_TRY(cvyi_h5_list(&parts, &n, k->arena, &k->weights, group, err));
    for (int i = 0; i < n; i++) {
        int at = 0;

        while (known[at] != NULL && strcmp(parts[i].name, known[at]) != 0)
            at++;
        if (known[at] == NULL)
            return cvyi_fail_in(err, CVY_FORMAT, layer->group,
                                "the weights have a part that the layer does "
                                "not have");
    }
    return CVY_OK;
}

/* Rows of the model's layers that have a group, sorted by it. */
static const cvyi_keras_layer **rows_of(size_t *n, cvyi_keras *k,
                                        const cvyi_keras_model *model)
{
    const cvyi_keras_layer **const rows =
        cvyi_arena_alloc(k->arena, (size_t)model->n_layers, sizeof *rows);

    *n = 0;
    if (rows == NULL)
        return NULL;
    for (int i = 0; i < model->n_layers; i++)
        if (model->layers[i].group != NULL)
            rows[(*n)++] = &model->layers[i];
    qsort(rows, *n, sizeof *rows, by_group);
    return rows;
}

static cvy_status check_group(cvyi_keras *k, const cvyi_keras_model *model,
                              const cvyi_keras_layer **rows, size_t n_rows,
                              const cvyi_h5_child *group, cvy_error *err)
{
    const char *const path =
        cvyi_arena_printf(k->arena, "%slayers/%s", model->group, group->name);
    const cvyi_keras_layer *const *row;

    if (path == NULL)
        return cvyi_no_memory(err);
    row = bsearch(path, rows, n_rows, sizeof *rows, against_group);
    if (row == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, "layers",
                            "the weights have a layer that the model does "
                            "not have");
    CVYI_TRY(check_parts(k, *row, &group->node, err));
    return (*row)->inner == NULL
               ? CVY_OK
               : cvyi_keras_weights_check(k, (*row)->inner, err);
}

cvy_status cvyi_keras_weights_check(cvyi_keras *k,
                                    const cvyi_keras_model *model,
                                    cvy_error *err)
{
    const char *const place =
        cvyi_arena_printf(k->arena, "%slayers", model->group);
    const cvyi_keras_layer **rows;
    const cvyi_h5_child *groups;
    cvyi_h5_node all;
    size_t n_rows;
    int n;

    rows = rows_of(&n_rows, k, model);
    if (place == NULL || rows == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_h5_find(&all, &k->weights, NULL, place, err));
    if (all.kind == CVYI_H5_MISSING)
        return CVY_OK;
    CVYI_TRY(cvyi_h5_list(&groups, &n, k->arena, &k->weights, &all, err));
    for (int i = 0; i < n; i++)
        CVYI_TRY(check_group(k, model, rows, n_rows, &groups[i], err));
    return CVY_OK;
}
