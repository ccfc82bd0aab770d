/*
 * read/keras_weights.c - variables of a file of weights become parameters.
 *
 * Where a layer's variables stand, and in which order, a layout knows
 * (keras_numbered.c, keras_named.c). Every variable must be taken, and none
 * may be missing.
 */
#include "read/keras.h"

#include <stdio.h>
#include <string.h>

cvy_status cvyi_keras_store_open(cvyi_keras_store *out, const void *bytes,
                                 size_t size, cvy_error *err)
{
    static const char legacy[] = "model_weights";
    static const char early[] = "_layer_checkpoint_dependencies";
    cvyi_keras_store store = { .layout = &cvyi_keras_named, .container = "" };
    cvyi_arena arena = { 0 };
    const char *const *names = NULL;
    cvyi_h5_node node = { .kind = CVYI_H5_MISSING };
    cvy_status status = cvyi_h5_open(&store.h5, bytes, size, err);
    int n;

    store.groups = store.h5.root;
    if (status == CVY_OK)
        status = cvyi_h5_text_list(&names, &n, &arena, &store.h5,
                                   &store.h5.root, "layer_names", err);
    if (status == CVY_OK && names == NULL)
        status = cvyi_h5_find(&store.groups, &store.h5, NULL, legacy, err);
    if (status == CVY_OK && names == NULL &&
        store.groups.kind == CVYI_H5_GROUP)
        store.container = legacy;
    else if (status == CVY_OK && names == NULL) {
        store.layout = &cvyi_keras_numbered;
        status = cvyi_h5_find(&node, &store.h5, NULL, early, err);
        store.counts_twice = node.kind == CVYI_H5_GROUP;
        store.container = store.counts_twice ? early : "layers";
    }
    cvyi_arena_close(&arena);
    if (status == CVY_OK)
        *out = store;
    return status;
}

cvy_status cvyi_keras_vars_open(cvyi_keras_vars *out, cvyi_keras *k,
                                cvyi_keras_layer *layer, cvy_error *err)
{
    cvyi_keras_vars vars = {
        .prefix = cvyi_arena_printf(k->arena, "%s%s", layer->home->prefix,
                                    layer->name),
    };

    if (vars.prefix == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(k->store.layout->list(&vars, k, layer, err));
    *out = vars;
    return CVY_OK;
}

cvy_status cvyi_keras_vars_close(const cvyi_keras_vars *vars, cvy_error *err)
{
    if (vars->taken < vars->n && !vars->by_name)
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

static cvyi_keras_stored *find(const cvyi_keras_vars *vars, const char *source)
{
    if (!vars->by_name)
        return vars->taken < vars->n ? &vars->all[vars->taken] : NULL;
    for (int i = 0; i < vars->n; i++)
        if (strcmp(vars->all[i].name, source) == 0)
            return &vars->all[i];
    return NULL;
}

/* The next variable, which the layer must have. */
static cvy_status stored_view(cvy_view *out, const char **where, cvyi_keras *k,
                              const cvyi_keras_vars *vars, cvy_dtype dtype,
                              const cvyi_step_slot *slot, cvy_error *err)
{
    cvyi_keras_stored *const stored = find(vars, slot->source);

    if (stored == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, vars->where,
                            "the layer's %s is missing%s", slot->source,
                            !vars->found && k->n_inner > 0 &&
                                    k->store.layout == &cvyi_keras_numbered
                                ? ": a layer that two models share is stored "
                                  "in one of them only, and Keras cannot load "
                                  "such a file either"
                                : "");
    *where = stored->where;
    if (stored->node.kind != CVYI_H5_DATASET)
        return cvyi_fail_in(err, CVY_FORMAT, stored->where,
                            "a group where an array is expected");
    CVYI_TRY(cvyi_located(err,
                          cvyi_h5_dataset(out, stored->h5, &stored->node, err),
                          stored->where));
    /* Keras 2 keeps what norms of halves learn in float32. */
    if (out->dtype != dtype &&
        (strcmp(k->dialect, "keras2") != 0 || out->dtype != CVY_F32))
        return cvyi_fail_in(err, CVY_FORMAT, stored->where,
                            "the %s is %s, the layer is %s", slot->source,
                            cvy_dtype_name(out->dtype), cvy_dtype_name(dtype));
    return CVY_OK;
}

cvy_status cvyi_keras_vars_take(int *out, cvyi_keras *k, cvyi_keras_vars *vars,
                                cvy_dtype dtype, const cvyi_step_slot *slot,
                                bool trainable, int n_spatial,
                                const cvyi_shape *want, cvy_error *err)
{
    cvyi_param param = { .slot = slot->slot,
                         .trainable = trainable && !slot->frozen,
                         .created = k->n_created,
                         .initialiser = slot->initialiser,
                         .regulariser = slot->regulariser,
                         .constraint = slot->constraint };
    const char *where;

    param.name =
        cvyi_arena_printf(k->arena, "%s/%s", vars->prefix, slot->source);
    if (param.name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(stored_view(&param.stored, &where, k, vars, dtype, slot, err));
    CVYI_TRY(
        fit(&param.layout, &param.stored, slot, n_spatial, want, where, err));
    CVYI_TRY(cvyi_graph_add_param(out, k->graph, &param, err));
    vars->taken++;
    k->n_created++;
    return CVY_OK;
}
