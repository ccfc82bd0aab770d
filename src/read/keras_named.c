/*
 * read/keras_named.c - weights by name: legacy .h5 files.
 *
 *   /model_weights            or the root of a file of weights alone
 *     @layer_names            the layers of the model, in its order
 *     /<layer>                a layer, or a whole inner model
 *       @weight_names         trained ones first, each in order of creation
 *       /<weight name>        "conv1/kernel:0", "net/conv1/kernel", "kernel"
 *
 * One layer's variables stand in the order in which it made them. In the group
 * of an inner model stand those of all its layers, and freezing one moves its
 * variables to the end, so there a layer is found by its name: by the last
 * parts of its path that agree with what stands before the variable's name.
 * Keras 3.0 to 3.2 write the variable's name alone.
 */
#include "read/keras.h"

#include <stdlib.h>
#include <string.h>

typedef struct weight {
    cvyi_keras_stored stored;
    const char *last; /* of its path the last part */
    int at;           /* in the file's list */
    bool taken;
} weight;

struct cvyi_keras_names {
    const char *where; /* "model_weights/net" */
    bool found;
    int n;
    weight *rows; /* by their paths' last parts, then as the file lists them */
};

/* What SpectralNormalization keeps for training beside the kernel. */
static bool of_training(const weight *row)
{
    return strcmp(row->stored.name, "vector_u") == 0 ||
           strcmp(row->stored.name, "sn_u") == 0;
}

/* ---- parts of a path ---- */

static const char *last_part(const char *path)
{
    const char *const slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* How many whole parts the two have in common at their ends. */
static int common_parts(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b);
    int parts = 0;

    while (m > 0 && n > 0 && a[m - 1] == b[n - 1]) {
        m--;
        n--;
        if ((m == 0 || a[m - 1] == '/') && (n == 0 || b[n - 1] == '/'))
            parts++;
    }
    return parts;
}

static int count_parts(const char *path)
{
    int parts = *path != '\0';

    for (; *path != '\0'; path++)
        parts += *path == '/';
    return parts;
}

/* ---- the list of a group ---- */

static int by_last(const void *a, const void *b)
{
    const weight *const x = a, *const y = b;
    const int order = strcmp(x->last, y->last);

    return order != 0 ? order : x->at - y->at;
}

/* "net/conv1/kernel:0" as path "net/conv1" and name "kernel". */
static cvy_status read_weight(weight *out, cvyi_keras *k,
                              const cvyi_keras_names *names,
                              const cvyi_h5_node *group, const char *name,
                              cvy_error *err)
{
    const char *const last = last_part(name);
    const char *const colon = strrchr(last, ':');
    const size_t n_path = last == name ? 0 : (size_t)(last - name) - 1;
    const size_t n_name =
        colon != NULL ? (size_t)(colon - last) : strlen(last);

    out->stored.path = cvyi_arena_text(k->arena, name, n_path);
    out->stored.name = cvyi_arena_text(k->arena, last, n_name);
    out->stored.where =
        cvyi_arena_printf(k->arena, "%s/%s", names->where, name);
    out->stored.h5 = &k->store.h5;
    if (out->stored.path == NULL || out->stored.name == NULL ||
        out->stored.where == NULL)
        return cvyi_no_memory(err);
    out->last = last_part(out->stored.path);
    CVYI_TRY(cvyi_h5_find(&out->stored.node, &k->store.h5, group, name, err));
    if (out->stored.node.kind == CVYI_H5_MISSING)
        return cvyi_fail_in(err, CVY_FORMAT, out->stored.where,
                            "the file lists it and does not have it");
    return CVY_OK;
}

/* `name` of a layer or inner model of the whole model. */
static cvy_status read_names(cvyi_keras_names *out, cvyi_keras *k,
                             const char *name, cvy_error *err)
{
    const char *const around = k->store.container;
    const char *const *list;
    cvyi_h5_node group;

    out->where = cvyi_arena_printf(k->arena, "%s%s%s", around,
                                   *around != '\0' ? "/" : "", name);
    if (out->where == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_h5_find(&group, &k->store.h5, &k->store.groups, name, err));
    if (group.kind != CVYI_H5_GROUP)
        return CVY_OK;
    CVYI_TRY(
        cvyi_located(err,
                     cvyi_h5_text_list(&list, &out->n, k->arena, &k->store.h5,
                                       &group, "weight_names", err),
                     out->where));
    if (list == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, out->where,
                            "a layer's group does not list its weights");
    out->found = true;
    out->rows = cvyi_arena_alloc(k->arena, (size_t)out->n, sizeof *out->rows);
    if (out->rows == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < out->n; i++) {
        out->rows[i].at = i;
        CVYI_TRY(read_weight(&out->rows[i], k, out, &group, list[i], err));
    }
    return CVY_OK;
}

static cvy_status open_names(cvyi_keras_names **out, cvyi_keras *k,
                             cvyi_keras_layer *top, cvy_error *err)
{
    cvyi_keras_names *names = top->names;

    if (names == NULL) {
        names = cvyi_arena_alloc(k->arena, 1, sizeof *names);
        if (names == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(read_names(names, k, top->name, err));
        if (top->inner != NULL && names->n > 1)
            qsort(names->rows, (size_t)names->n, sizeof *names->rows, by_last);
        top->names = names;
    }
    *out = names;
    return CVY_OK;
}

/* ---- the variables of one layer ---- */

/* "encoder/conv1": the layer's name behind those of the models around it. */
static const char *path_of(cvyi_keras *k, const cvyi_keras_layer *layer)
{
    const char *path = layer->name;

    for (const cvyi_keras_layer *around = layer->home->self;
         around != NULL && path != NULL; around = around->home->self)
        path = cvyi_arena_printf(k->arena, "%s/%s", around->name, path);
    return path;
}

/* The first row whose last part is not before `last`. */
static int first_row(const cvyi_keras_names *names, const char *last)
{
    int low = 0, high = names->n;

    while (low < high) {
        const int middle = low + (high - low) / 2;

        if (strcmp(names->rows[middle].last, last) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Rows of `path` from `from` on, in the order of the file. */
static cvy_status take_path(cvyi_keras_vars *vars, cvyi_keras *k,
                            cvyi_keras_names *names, int from,
                            const char *path, cvy_error *err)
{
    const char *const last = last_part(path);

    vars->all = cvyi_arena_alloc(k->arena, (size_t)(names->n - from),
                                 sizeof *vars->all);
    if (vars->all == NULL)
        return cvyi_no_memory(err);
    for (int i = from; i < names->n && strcmp(names->rows[i].last, last) == 0;
         i++) {
        weight *const row = &names->rows[i];

        if (strcmp(row->stored.path, path) != 0)
            continue;
        row->taken = true;
        vars->all[vars->n++] = row->stored;
    }
    return CVY_OK;
}

/* The path among the rows that agrees best with the layer's: in most parts,
 * then with fewest beside them. NULL: none. */
static cvy_status best_path(const char **out, const cvyi_keras_names *names,
                            int from, const char *path, const char *name,
                            cvy_error *err)
{
    const int least = count_parts(name);
    const char *best = NULL;
    int most = 0, fewest = 0;
    bool two = false;

    for (int i = from; i < names->n; i++) {
        const weight *const row = &names->rows[i];
        const int common = common_parts(row->stored.path, path);
        const int others = count_parts(row->stored.path) - common;

        if (strcmp(row->last, last_part(name)) != 0)
            break;
        if (row->taken || common < least || common < most ||
            (best != NULL && common == most && others > fewest))
            continue;
        if (best == NULL || common > most || others < fewest)
            two = false;
        else if (strcmp(best, row->stored.path) != 0)
            two = true;
        best = row->stored.path;
        most = common;
        fewest = others;
    }
    if (two)
        return cvyi_fail_in(err, CVY_FORMAT, names->where,
                            "two layers of it have weights by the name of %s",
                            name);
    *out = best;
    return CVY_OK;
}

/* Keras 3 puts the name of a wrapped layer behind that of its wrapper. */
static cvy_status wrapped_path(const char **out, cvyi_keras *k,
                               const cvyi_keras_names *names,
                               const cvyi_keras_layer *layer,
                               const char *around, cvy_error *err)
{
    const char *const path =
        cvyi_arena_printf(k->arena, "%s/%s", around, layer->inside);

    *out = NULL;
    if (layer->wrapper == NULL)
        return CVY_OK;
    return path == NULL ? cvyi_no_memory(err)
                        : best_path(out, names,
                                    first_row(names, last_part(layer->inside)),
                                    path, layer->inside, err);
}

/* A layer of an inner model. */
static cvy_status take_inner(cvyi_keras_vars *vars, cvyi_keras *k,
                             cvyi_keras_names *names,
                             const cvyi_keras_layer *layer, cvy_error *err)
{
    const char *const path = path_of(k, layer);
    int from = first_row(names, last_part(layer->name));
    const char *best;

    if (path == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(wrapped_path(&best, k, names, layer, path, err));
    if (best != NULL)
        from = first_row(names, last_part(best));
    else
        CVYI_TRY(best_path(&best, names, from, path, layer->name, err));
    if (best != NULL)
        return take_path(vars, k, names, from, best, err);
    vars->by_name = names->n > 0 && *names->rows[0].stored.path == '\0';
    return vars->by_name ? take_path(vars, k, names, 0, "", err) : CVY_OK;
}

static cvy_status list_named(cvyi_keras_vars *vars, cvyi_keras *k,
                             cvyi_keras_layer *layer, cvy_error *err)
{
    cvyi_keras_layer *top = layer;
    cvyi_keras_names *names;

    while (top->home->self != NULL)
        top = top->home->self;
    CVYI_TRY(open_names(&names, k, top, err));
    vars->where = names->where;
    vars->found = names->found;
    if (top != layer)
        return take_inner(vars, k, names, layer, err);
    vars->all =
        cvyi_arena_alloc(k->arena, (size_t)names->n, sizeof *vars->all);
    if (vars->all == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < names->n; i++)
        if (!layer->spectral || !of_training(&names->rows[i]))
            vars->all[vars->n++] = names->rows[i].stored;
    return CVY_OK;
}

/* ---- what no layer has asked for ---- */

static cvy_status check_taken(const cvyi_keras_names *names, cvy_error *err)
{
    for (int i = 0; i < names->n; i++)
        if (!names->rows[i].taken && !of_training(&names->rows[i]))
            return cvyi_fail_in(err, CVY_FORMAT, names->rows[i].stored.where,
                                "the weights have a layer that the model "
                                "does not have");
    return CVY_OK;
}

/* A group that no layer has must not hold weights. */
static cvy_status check_group(cvyi_keras *k, const char *name, cvy_error *err)
{
    const int at = cvyi_keras_find(&k->whole, name);
    cvyi_keras_names names = { 0 };

    if (at >= 0 && k->whole.layers[at].inner == NULL)
        return CVY_OK;
    if (at >= 0 && k->whole.layers[at].names != NULL)
        return check_taken(k->whole.layers[at].names, err);
    CVYI_TRY(read_names(&names, k, name, err));
    return check_taken(&names, err);
}

static cvy_status check_named(cvyi_keras *k, cvy_error *err)
{
    const char *const *list;
    int n;

    CVYI_TRY(cvyi_h5_text_list(&list, &n, k->arena, &k->store.h5,
                               &k->store.groups, "layer_names", err));
    if (list == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, k->store.container,
                            "the weights do not list their layers");
    for (int i = 0; i < n; i++)
        CVYI_TRY(check_group(k, list[i], err));
    return CVY_OK;
}

/* ---- without a model ---- */

static cvy_status fill_group(cvyi_keras_group *out, cvyi_keras *k,
                             const cvyi_keras_store *store, const char *name,
                             cvy_error *err)
{
    cvyi_keras_names names = { 0 };
    cvyi_keras_stored *all;

    CVYI_TRY(read_names(&names, k, name, err));
    all = cvyi_arena_alloc(k->arena, (size_t)names.n, sizeof *all);
    if (all == NULL)
        return cvyi_no_memory(err);
    *out = (cvyi_keras_group){ .name = name, .all = all };
    for (int i = 0; i < names.n; i++)
        if (!of_training(&names.rows[i])) {
            all[out->n] = names.rows[i].stored;
            all[out->n++].h5 = &store->h5;
        }
    return CVY_OK;
}

cvy_status cvyi_keras_named_groups(const cvyi_keras_group **out, int *n,
                                   cvyi_arena *arena,
                                   const cvyi_keras_store *store,
                                   cvy_error *err)
{
    cvyi_keras k = { .arena = arena, .store = *store };
    const char *const *list;
    cvyi_keras_group *groups;
    int n_list;

    CVYI_TRY(cvyi_h5_text_list(&list, &n_list, arena, &store->h5,
                               &store->groups, "layer_names", err));
    if (list == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, store->container,
                            "the weights do not list their layers");
    groups = cvyi_arena_alloc(arena, (size_t)n_list, sizeof *groups);
    if (groups == NULL)
        return cvyi_no_memory(err);
    *n = 0;
    for (int i = 0; i < n_list; i++) {
        CVYI_TRY(fill_group(&groups[*n], &k, store, list[i], err));
        *n += groups[*n].n > 0;
    }
    *out = groups;
    return CVY_OK;
}

const cvyi_keras_layout cvyi_keras_named = { list_named, check_named };
