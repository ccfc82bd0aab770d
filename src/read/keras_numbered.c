/*
 * read/keras_numbered.c - weights by class and number: model.weights.h5 in an
 * archive, NAME.weights.h5, and the files that NAME.weights.json lists.
 *
 *   /layers/<class>[_<n>]/vars/<i>        a layer's variables
 *   /layers/<class>[_<n>]/seed_generator  ignored
 *   /layers/<class>[_<n>]/activation      of a layer that is its activation;
 *                                         one with weights is refused
 *   /layers/functional/layers/<class>     a layer of an inner model
 *   /optimizer, /vars                     ignored
 *
 * The group `vars` may say its layer's name in an attribute; it must agree.
 * TensorFlow 2.12 and 2.13 say _layer_checkpoint_dependencies for `layers`.
 *
 * Weights in several files have the same groups, each where the list says
 * that it is: one group may be spread over files that follow each other.
 */
#include "read/keras.h"

#include <stdlib.h>
#include <string.h>

/* ---- files ---- */

/* The file of that name; NULL if the list names one that was not opened. */
static const cvyi_h5 *shard(const cvyi_keras_store *store,
                            const cvyi_value *name)
{
    for (int i = 0; i < store->n_shards; i++)
        if (cvyi_is_text(name, store->shard_names[i]))
            return &store->shards[i];
    return NULL;
}

/* What the group's own attribute calls its layer; *said NULL: nothing. */
static cvy_status find_vars(cvyi_h5_node *group, const char **said,
                            cvyi_arena *arena, const cvyi_h5 *h5,
                            const char *where, cvy_error *err)
{
    *said = NULL;
    CVYI_TRY(cvyi_h5_find(group, h5, NULL, where, err));
    if (group->kind == CVYI_H5_DATASET)
        return cvyi_fail_in(err, CVY_FORMAT, where,
                            "an array where a group is expected");
    return group->kind == CVYI_H5_MISSING
               ? CVY_OK
               : cvyi_h5_text_attribute(said, arena, h5, group, "name", err);
}

/* The variables of the group in one file, behind those that are there. `name`
 * NULL: it may be of any layer. */
static cvy_status add_vars(cvyi_keras_vars *vars, int *capacity, cvyi_keras *k,
                           const cvyi_h5 *h5, const char *name, cvy_error *err)
{
    const cvyi_h5_child *children;
    cvyi_h5_node group;
    const char *said;
    int n;

    CVYI_TRY(find_vars(&group, &said, k->arena, h5, vars->where, err));
    if (group.kind == CVYI_H5_MISSING)
        return CVY_OK;
    vars->found = true;
    if (said != NULL && name != NULL && strcmp(said, name) != 0)
        return cvyi_fail_in(err, CVY_FORMAT, vars->where,
                            "the weights say that they belong to another "
                            "layer than %s",
                            name);
    CVYI_TRY(cvyi_h5_list(&children, &n, k->arena, h5, &group, err));
    for (int i = 0; i < n; i++) {
        cvyi_keras_stored *const all = cvyi_arena_grow(
            k->arena, vars->all, vars->n, capacity, sizeof *all);

        if (all == NULL)
            return cvyi_no_memory(err);
        vars->all = all;
        all[vars->n++] = (cvyi_keras_stored){ .name = children[i].name,
                                              .h5 = h5,
                                              .node = children[i].node };
    }
    return CVY_OK;
}

/* ---- numbers ---- */

static bool is_index(const char *name)
{
    size_t n = 0;

    while (name[n] >= '0' && name[n] <= '9')
        n++;
    return n > 0 && n < 5 && name[n] == '\0';
}

static int by_number(const void *a, const void *b)
{
    const cvyi_keras_stored *const x = a, *const y = b;

    return atoi(x->name) - atoi(y->name);
}

/* Numbers from 0 on; behind a gap nothing counts, and what is asked for is
 * missing. */
static cvy_status number(cvyi_keras_vars *vars, cvyi_keras *k, cvy_error *err)
{
    for (int i = 0; i < vars->n; i++)
        if (!is_index(vars->all[i].name))
            return cvyi_fail_in(err, CVY_FORMAT, vars->where,
                                "variables are numbered, something here is "
                                "not");
    if (vars->n > 1)
        qsort(vars->all, (size_t)vars->n, sizeof *vars->all, by_number);
    for (int i = 0; i < vars->n; i++) {
        cvyi_keras_stored *const one = &vars->all[i];

        if (atoi(one->name) != i)
            return cvyi_fail_in(err, CVY_FORMAT, vars->where,
                                "variable %d is missing or there twice", i);
        one->where = cvyi_arena_printf(k->arena, "%s/%d", vars->where, i);
        if (one->where == NULL)
            return cvyi_no_memory(err);
    }
    return CVY_OK;
}

static cvy_status add_shards(cvyi_keras_vars *vars, int *capacity,
                             cvyi_keras *k, const char *name, cvy_error *err)
{
    const cvyi_keras_store *const store = &k->store;
    const char *const key = cvyi_arena_printf(k->arena, "/%s", vars->where);
    const cvyi_value *files;
    int n;

    if (key == NULL)
        return cvyi_no_memory(err);
    files = cvyi_get(store->shard_map, key);
    if (files == NULL)
        return CVY_OK;
    n = files->kind == CVYI_LIST ? files->n : 1;
    for (int i = 0; i < n; i++)
        CVYI_TRY(add_vars(
            vars, capacity, k,
            shard(store, files->kind == CVYI_LIST ? &files->items[i] : files),
            name, err));
    return CVY_OK;
}

static cvy_status list_numbered(cvyi_keras_vars *vars, cvyi_keras *k,
                                cvyi_keras_layer *layer, cvy_error *err)
{
    int capacity = 0;

    vars->where = cvyi_arena_printf(k->arena, "%s/vars", layer->group);
    if (vars->where == NULL)
        return cvyi_no_memory(err);
    if (k->store.n_shards > 0)
        CVYI_TRY(add_shards(vars, &capacity, k, layer->inside, err));
    else
        CVYI_TRY(
            add_vars(vars, &capacity, k, &k->store.h5, layer->inside, err));
    return number(vars, k, err);
}

/* ---- what no layer has asked for ---- */

/* The group of a layer with all that is around it. */
static const char *whole_group(const cvyi_keras_layer *layer)
{
    return layer->outer != NULL ? layer->outer : layer->group;
}

static int by_group(const void *a, const void *b)
{
    const cvyi_keras_layer *const *const x = a, *const *const y = b;

    return strcmp(whole_group(*x), whole_group(*y));
}

static int against_group(const void *key, const void *member)
{
    const cvyi_keras_layer *const *const layer = member;

    return strcmp(key, whole_group(*layer));
}

/* Does a part hold the state of random numbers alone? Layers that change
 * images in training have a generator, or layers that have one. */
static cvy_status only_random(bool *out, cvyi_keras *k, const cvyi_h5 *h5,
                              const cvyi_h5_child *part, int depth,
                              cvy_error *err)
{
    const cvyi_h5_child *parts;
    bool all = part->node.kind == CVYI_H5_GROUP && depth > 0;
    int n = 0;

    *out = strcmp(part->name, "generator") == 0 ||
           strcmp(part->name, "seed_generator") == 0;
    if (*out || !all)
        return CVY_OK;
    CVYI_TRY(cvyi_h5_list(&parts, &n, k->arena, h5, &part->node, err));
    for (int i = 0; all && i < n; i++)
        CVYI_TRY(only_random(&all, k, h5, &parts[i], depth - 1, err));
    *out = all && (n > 0 || strcmp(part->name, "vars") == 0);
    return CVY_OK;
}

static cvy_status check_parts(cvyi_keras *k, const cvyi_h5 *h5,
                              const cvyi_keras_layer *layer,
                              const cvyi_h5_node *group, cvy_error *err)
{
    static const char *const of_layer[] = { "vars", "seed_generator",
                                            "activation", NULL };
    const char *const of_model[] = { "vars", k->store.container, NULL };
    const char *const *const known =
        layer->inner != NULL ? of_model : of_layer;
    const cvyi_h5_child *parts;
    int n;

    CVYI_TRY(cvyi_h5_list(&parts, &n, k->arena, h5, group, err));
    for (int i = 0; i < n; i++) {
        bool random = false;
        int at = 0;

        while (known[at] != NULL && strcmp(parts[i].name, known[at]) != 0)
            at++;
        if (known[at] == NULL && layer->inner == NULL)
            CVYI_TRY(only_random(&random, k, h5, &parts[i], 4, err));
        if (known[at] == NULL && !random)
            return cvyi_fail_in(err, CVY_FORMAT, layer->group,
                                "the weights have a part that the layer does "
                                "not have");
    }
    return CVY_OK;
}

/* Keras 2 gives groups to functions too, which hold nothing. */
static cvy_status check_stray(cvyi_keras *k, const cvyi_h5 *h5,
                              const cvyi_h5_child *group, cvy_error *err)
{
    const cvyi_h5_child *parts, *vars;
    bool empty = true;
    int n, n_vars;

    CVYI_TRY(cvyi_h5_list(&parts, &n, k->arena, h5, &group->node, err));
    for (int i = 0; empty && i < n; i++) {
        empty = strcmp(parts[i].name, "vars") == 0 &&
                parts[i].node.kind == CVYI_H5_GROUP;
        if (!empty)
            break;
        CVYI_TRY(
            cvyi_h5_list(&vars, &n_vars, k->arena, h5, &parts[i].node, err));
        empty = n_vars == 0;
    }
    if (empty)
        return CVY_OK;
    return cvyi_fail_in(err, CVY_FORMAT, k->store.container,
                        "the weights have a layer that the model does not "
                        "have");
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

static cvy_status check_model(cvyi_keras *k, const cvyi_h5 *h5,
                              const cvyi_keras_model *model, cvy_error *err);

static cvy_status check_group(cvyi_keras *k, const cvyi_h5 *h5,
                              const cvyi_keras_model *model,
                              const cvyi_keras_layer **rows, size_t n_rows,
                              const cvyi_h5_child *group, cvy_error *err)
{
    const char *const path = cvyi_arena_printf(
        k->arena, "%s%s/%s", model->group, k->store.container, group->name);
    const cvyi_keras_layer *const *row;
    cvyi_h5_node inside;

    if (path == NULL)
        return cvyi_no_memory(err);
    row = bsearch(path, rows, n_rows, sizeof *rows, against_group);
    if (row == NULL)
        return check_stray(k, h5, group, err);
    CVYI_TRY(
        cvyi_keras_wrapped_group(&inside, k, h5, *row, &group->node, err));
    if (inside.kind == CVYI_H5_MISSING)
        return CVY_OK;
    CVYI_TRY(check_parts(k, h5, *row, &inside, err));
    return (*row)->inner == NULL ? CVY_OK
                                 : check_model(k, h5, (*row)->inner, err);
}

static cvy_status check_model(cvyi_keras *k, const cvyi_h5 *h5,
                              const cvyi_keras_model *model, cvy_error *err)
{
    const char *const place =
        cvyi_arena_printf(k->arena, "%s%s", model->group, k->store.container);
    const cvyi_keras_layer **rows;
    const cvyi_h5_child *groups;
    cvyi_h5_node all;
    size_t n_rows;
    int n;

    rows = rows_of(&n_rows, k, model);
    if (place == NULL || rows == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_h5_find(&all, h5, NULL, place, err));
    if (all.kind == CVYI_H5_MISSING)
        return CVY_OK;
    CVYI_TRY(cvyi_h5_list(&groups, &n, k->arena, h5, &all, err));
    for (int i = 0; i < n; i++)
        CVYI_TRY(check_group(k, h5, model, rows, n_rows, &groups[i], err));
    return CVY_OK;
}

static cvy_status check_numbered(cvyi_keras *k, cvy_error *err)
{
    const cvyi_keras_store *const store = &k->store;

    for (int i = 0; i < store->n_shards; i++)
        CVYI_TRY(check_model(k, &store->shards[i], &k->whole, err));
    return store->n_shards > 0 ? CVY_OK
                               : check_model(k, &store->h5, &k->whole, err);
}

/* ---- without a model ---- */

cvy_status cvyi_keras_numbered_vars(cvyi_keras_vars *out, const char **name,
                                    cvyi_arena *arena,
                                    const cvyi_keras_store *store,
                                    const char *where, cvy_error *err)
{
    cvyi_keras k = { .arena = arena };
    cvyi_keras_vars vars = { .where = where };
    cvyi_h5_node group;
    int capacity = 0;

    CVYI_TRY(find_vars(&group, name, arena, &store->h5, where, err));
    CVYI_TRY(add_vars(&vars, &capacity, &k, &store->h5, NULL, err));
    CVYI_TRY(number(&vars, &k, err));
    *out = vars;
    return CVY_OK;
}

const cvyi_keras_layout cvyi_keras_numbered = { list_numbered,
                                                check_numbered };
