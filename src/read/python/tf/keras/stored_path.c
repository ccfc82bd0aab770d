/*
 * read/python/tf/keras/stored_path.c - numbered weights: .weights.h5 files and
 * archives of Keras 3, of TensorFlow from 2.12 on.
 *
 *   layers/conv2d_1/vars/0   of a model's own layers, by class and number
 *   conv/vars/0              what the attribute `conv` of a class holds
 *   blocks/res_block/…       what a list in an attribute holds
 *   layers/sequential/…      what no attribute before it in the alphabet holds
 *   layer/vars/0             the layer that is inside TimeDistributed
 *
 * Everything that the file has must be asked for.
 */
#include "read/python/tf/keras/stored.h"

#include <stdlib.h>
#include <string.h>

typedef struct walk {
    cvyi_tf_storing *s;
    cvyi_tf_parts seen;
    int n_taken; /* variables */
} walk;

static const char *below(walk *w, const char *path, const char *name)
{
    return *path == '\0' ? name
                         : cvyi_arena_printf(w->s->arena, "%s/%s", path, name);
}

static cvy_status has_group(bool *out, walk *w, const char *path,
                            cvy_error *err)
{
    cvyi_h5_node node;

    CVYI_TRY(cvyi_h5_find(&node, &w->s->store->h5, NULL, path, err));
    *out = node.kind == CVYI_H5_GROUP;
    return CVY_OK;
}

/* What the file calls the layer of a path; NULL: nothing. */
static cvy_status vars_of(cvyi_keras_vars *out, const char **name, walk *w,
                          const char *path, cvy_error *err)
{
    const char *const where = below(w, path, "vars");

    return where == NULL ? cvyi_no_memory(err)
                         : cvyi_keras_numbered_vars(out, name, w->s->arena,
                                                    w->s->store, where, err);
}

static cvy_status visit(cvyi_tf_misfit *why, walk *w,
                        const cvyi_py_value *self, const char *path, int depth,
                        cvy_error *err);

/* ---- a list of layers ---- */

/* Those of one class, with the paths that they have in turn. */
typedef struct peers {
    walk *w;
    int n;
    const cvyi_py_value **layers;
    const char **paths;
} peers;

/* What is inside a layer is compared when it is visited. */
static cvy_status fits_peer(cvyi_tf_misfit *why, void *self, int ours,
                            int theirs, cvy_error *err)
{
    const peers *const p = self;
    const cvyi_tf_keras *const node = cvyi_tf_keras_of(p->layers[ours]);
    cvyi_keras_vars vars;
    const char *name;

    *why = NULL;
    if (node->n_weights == 0)
        return CVY_OK;
    CVYI_TRY(vars_of(&vars, &name, p->w, p->paths[theirs], err));
    if (vars.n == 0) {
        *why = cvyi_arena_printf(p->w->s->arena, "the file has no %s, for %s",
                                 p->paths[theirs], node->name);
        return *why != NULL ? CVY_OK : cvyi_no_memory(err);
    }
    return cvyi_tf_stored_pair(why, p->w->s, node, vars.n, vars.all, false,
                               err);
}

static cvy_status match_peers(cvyi_tf_misfit *why, peers *p, bool certain,
                              int depth, cvy_error *err)
{
    cvyi_arena *const arena = p->w->s->arena;
    const size_t size = (size_t)p->n + 1;
    const char **const ours = cvyi_arena_alloc(arena, size, sizeof *ours);
    const char **const theirs = cvyi_arena_alloc(arena, size, sizeof *theirs);
    bool *const said = cvyi_arena_alloc(arena, size, sizeof *said);
    int *const order = cvyi_arena_alloc(arena, size, sizeof *order);
    const cvyi_tf_matching m = { .n = p->n,
                                 .ours = ours,
                                 .theirs = theirs,
                                 .said = said,
                                 .certain = certain,
                                 .fits = fits_peer,
                                 .self = p };
    cvyi_keras_vars vars;

    if (ours == NULL || theirs == NULL || said == NULL || order == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < p->n; i++) {
        ours[i] = cvyi_tf_keras_of(p->layers[i])->name;
        said[i] = cvyi_tf_keras_of(p->layers[i])->named;
        CVYI_TRY(vars_of(&vars, &theirs[i], p->w, p->paths[i], err));
    }
    CVYI_TRY(cvyi_tf_stored_match(order, why, p->w->s, &m, err));
    for (int i = 0; *why == NULL && i < p->n; i++)
        CVYI_TRY(visit(why, p->w, p->layers[i], p->paths[order[i]], depth + 1,
                       err));
    return CVY_OK;
}

/* TensorFlow 2.12 and 2.13 count layers that have weights twice: the next
 * number that has a group is the layer's. */
static cvy_status next_path(const char **out, int *number, walk *w,
                            const char *path, const char *class_name,
                            cvy_error *err)
{
    bool found = true;

    for (int turn = 0; turn < 2; turn++) {
        *out = *number == 0 ? below(w, path, class_name)
                            : cvyi_arena_printf(w->s->arena, "%s/%s_%d", path,
                                                class_name, *number);
        if (*out == NULL)
            return cvyi_no_memory(err);
        ++*number;
        if (w->s->store->counts_twice)
            CVYI_TRY(has_group(&found, w, *out, err));
        if (found)
            break;
    }
    return CVY_OK;
}

/* Layers of the first one's class; classes[i] is NULL for one that was there.
 * One that was visited has its number and nothing more, if `counted`. */
static cvy_status take_peers(peers *out, bool *there, walk *w,
                             const cvyi_tf_parts *parts,
                             const char *const *classes, int first,
                             const char *path, bool counted, cvy_error *err)
{
    const size_t size = (size_t)parts->n + 1;
    int number = 0;
    bool found;

    *there = true;
    *out = (peers){ .w = w };
    out->layers = cvyi_arena_alloc(w->s->arena, size, sizeof *out->layers);
    out->paths = cvyi_arena_alloc(w->s->arena, size, sizeof *out->paths);
    if (out->layers == NULL || out->paths == NULL)
        return cvyi_no_memory(err);
    for (int i = first; i < parts->n; i++) {
        const bool seen =
            cvyi_tf_stored_has(&w->seen, cvyi_tf_keras_of(&parts->items[i]));

        if (strcmp(classes[i], classes[first]) != 0 || (seen && !counted))
            continue;
        CVYI_TRY(next_path(&out->paths[out->n], &number, w, path,
                           classes[first], err));
        if (seen)
            continue;
        CVYI_TRY(has_group(&found, w, out->paths[out->n], err));
        *there = *there && found;
        out->layers[out->n++] = &parts->items[i];
    }
    return CVY_OK;
}

/* Whether those count that were saved elsewhere differs between versions; where
 * it makes a difference, one of the two has a number that the file lacks. */
static cvy_status visit_peers(cvyi_tf_misfit *why, walk *w,
                              const cvyi_tf_parts *parts,
                              const char *const *classes, int first,
                              const char *path, int depth, cvy_error *err)
{
    peers p;
    bool there;

    CVYI_TRY(
        take_peers(&p, &there, w, parts, classes, first, path, true, err));
    if (!there)
        CVYI_TRY(take_peers(&p, &there, w, parts, classes, first, path, false,
                            err));
    return match_peers(why, &p, parts->certain, depth, err);
}

static bool is_first(const char *const *classes, int i)
{
    for (int k = 0; k < i; k++)
        if (strcmp(classes[k], classes[i]) == 0)
            return false;
    return true;
}

static cvy_status visit_list(cvyi_tf_misfit *why, walk *w,
                             const cvyi_tf_parts *parts, const char *path,
                             int depth, cvy_error *err)
{
    const char **const classes =
        cvyi_arena_alloc(w->s->arena, (size_t)parts->n + 1, sizeof *classes);

    if (classes == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < parts->n; i++) {
        classes[i] = cvyi_tf_stored_class(w->s, &parts->items[i]);
        if (classes[i] == NULL)
            return cvyi_no_memory(err);
    }
    for (int i = 0; *why == NULL && i < parts->n; i++)
        if (is_first(classes, i))
            CVYI_TRY(visit_peers(why, w, parts, classes, i, path, depth, err));
    return CVY_OK;
}

/* ---- attributes ---- */

static int by_text(const void *a, const void *b)
{
    const char *const *const x = a, *const *const y = b;

    return strcmp(*x, *y);
}

static bool is_list(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE ||
           value->type == CVYI_PY_V_DICT;
}

/* What a path of the file is for: a layer, a list, lists in a list. */
static cvy_status visit_attribute(cvyi_tf_misfit *why, walk *w,
                                  const cvyi_py_value *value, const char *path,
                                  int depth, cvy_error *err)
{
    const bool dict = value->type == CVYI_PY_V_DICT;
    const int n = !is_list(value) ? 0 : dict ? value->map->n : value->seq->n;
    const cvyi_py_value *const items = n == 0 ? NULL
                                       : dict ? value->map->values
                                              : value->seq->items;
    cvyi_tf_parts parts = { .certain = true };
    int number = 0;
    bool there;

    CVYI_TRY(has_group(&there, w, path, err));
    if (!there || depth > 32)
        return CVY_OK;
    if (cvyi_tf_keras_of(value) != NULL)
        return visit(why, w, value, path, depth + 1, err);
    for (int i = 0; i < n; i++)
        CVYI_TRY(cvyi_tf_stored_add(&parts, w->s, &items[i], err));
    CVYI_TRY(visit_list(why, w, &parts, path, depth, err));
    for (int i = 0; *why == NULL && i < n; i++) {
        const char *inside;

        if (!is_list(&items[i]))
            continue;
        CVYI_TRY(next_path(&inside, &number, w, path, "container", err));
        CVYI_TRY(visit_attribute(why, w, &items[i], inside, depth + 1, err));
    }
    return CVY_OK;
}

/* As `dir` lists them. What has no group of its name is looked for among the
 * layers. */
static cvy_status visit_attributes(cvyi_tf_misfit *why, walk *w,
                                   const cvyi_py_value *self, const char *path,
                                   int depth, cvy_error *err)
{
    const cvyi_py_names *const all = &self->instance->names;
    const char **const names =
        cvyi_arena_alloc(w->s->arena, (size_t)all->n + 1, sizeof *names);

    if (names == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < all->n; i++)
        names[i] = all->names[i];
    qsort(names, (size_t)all->n, sizeof *names, by_text);
    for (int i = 0; *why == NULL && i < all->n; i++) {
        const char *const under = below(w, path, names[i]);

        if (under == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(visit_attribute(why, w, cvyi_py_names_get(all, names[i]),
                                 under, depth, err));
    }
    return CVY_OK;
}

/* ---- a layer ---- */

static cvy_status take_own(cvyi_tf_misfit *why, walk *w,
                           const cvyi_tf_keras *node, const char *path,
                           cvy_error *err)
{
    cvyi_keras_vars vars;
    const char *name;

    if (node->n_weights == 0)
        return CVY_OK;
    CVYI_TRY(vars_of(&vars, &name, w, path, err));
    CVYI_TRY(
        cvyi_tf_stored_pair(why, w->s, node, vars.n, vars.all, true, err));
    w->n_taken += vars.n;
    return CVY_OK;
}

static cvy_status visit(cvyi_tf_misfit *why, walk *w,
                        const cvyi_py_value *self, const char *path, int depth,
                        cvy_error *err)
{
    const cvyi_tf_keras *const node = cvyi_tf_keras_of(self);
    const bool held = self->type == CVYI_PY_V_INSTANCE;
    const char *const own =
        below(w, path,
              node->kind == CVYI_TF_TIME ? "layer" : w->s->store->container);
    cvyi_tf_parts parts;

    if (cvyi_tf_stored_has(&w->seen, node) || depth > 32)
        return CVY_OK;
    CVYI_TRY(cvyi_tf_stored_add(&w->seen, w->s, self, err));
    if (own == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(take_own(why, w, node, path, err));
    if (*why != NULL)
        return CVY_OK;
    if (node->kind == CVYI_TF_TIME)
        return visit(why, w, &node->inside, own, depth + 1, err);
    if (held && node->kind == CVYI_TF_CLASS)
        CVYI_TRY(visit_attributes(why, w, self, path, depth, err));
    if (*why != NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_tf_stored_parts(&parts, w->s, self, err));
    return visit_list(why, w, &parts, own, depth, err);
}

/* ---- what nobody asked for ---- */

static bool is_beside(const char *name, int depth)
{
    return (depth == 0 && strcmp(name, "optimizer") == 0) ||
           strcmp(name, "seed_generator") == 0 ||
           strcmp(name, "generator") == 0;
}

static cvy_status count(int *n, walk *w, const cvyi_h5_node *group, int depth,
                        cvy_error *err)
{
    const cvyi_h5_child *children;
    int n_children;

    if (depth > CVYI_H5_DEPTH_MOST / 2)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "groups inside groups of the weights");
    CVYI_TRY(cvyi_h5_list(&children, &n_children, w->s->arena,
                          &w->s->store->h5, group, err));
    for (int i = 0; i < n_children; i++) {
        if (is_beside(children[i].name, depth))
            continue;
        if (children[i].node.kind == CVYI_H5_DATASET)
            ++*n;
        else
            CVYI_TRY(count(n, w, &children[i].node, depth + 1, err));
    }
    return CVY_OK;
}

cvy_status cvyi_tf_stored_by_path(cvyi_tf_misfit *why, cvyi_tf_storing *s,
                                  const cvyi_py_value *model, cvy_error *err)
{
    walk w = { .s = s };
    int n = 0;

    CVYI_TRY(visit(why, &w, model, "", 0, err));
    if (*why != NULL)
        return CVY_OK;
    CVYI_TRY(count(&n, &w, &s->store->h5.root, 0, err));
    if (n == w.n_taken)
        return CVY_OK;
    *why = cvyi_arena_printf(s->arena,
                             "the file has %d arrays, and the model takes %d "
                             "of them",
                             n, w.n_taken);
    return *why != NULL ? CVY_OK : cvyi_no_memory(err);
}
