/*
 * read/python/tf/keras/stored_named.c - weights by names: .h5 files of Keras 1
 * to 3.
 *
 * Each layer of the model that has weights is a group. That of an inner model
 * has the weights of all its layers, each under its layer's name; layers that
 * were frozen when the file was written stand at the end.
 */
#include "read/python/tf/keras/stored.h"

#include <string.h>

/* A layer of the model, and the layers with weights of their own in it. */
typedef struct unit {
    cvyi_py_value self;
    cvyi_tf_parts leaves;
    int n; /* weights */
} unit;

typedef struct units {
    cvyi_tf_storing *s;
    int n;
    unit *all;
    const cvyi_keras_group *groups; /* as many */
} units;

/* ---- leaves ---- */

static cvy_status collect(cvyi_tf_parts *out, cvyi_tf_parts *seen,
                          cvyi_tf_storing *s, const cvyi_py_value *self,
                          int depth, cvy_error *err)
{
    cvyi_tf_parts inside;

    if (depth > 32 || cvyi_tf_stored_has(seen, cvyi_tf_keras_of(self)))
        return CVY_OK;
    CVYI_TRY(cvyi_tf_stored_add(seen, s, self, err));
    if (cvyi_tf_keras_of(self)->n_weights > 0)
        CVYI_TRY(cvyi_tf_stored_add(out, s, self, err));
    CVYI_TRY(cvyi_tf_stored_parts(&inside, s, self, err));
    out->certain = out->certain && inside.certain;
    for (int i = 0; i < inside.n; i++)
        CVYI_TRY(collect(out, seen, s, &inside.items[i], depth + 1, err));
    return CVY_OK;
}

static cvy_status fill_unit(unit *out, cvyi_tf_storing *s,
                            const cvyi_py_value *self, cvy_error *err)
{
    cvyi_tf_parts seen = { 0 };

    *out = (unit){ .self = *self, .leaves = { .certain = true } };
    CVYI_TRY(collect(&out->leaves, &seen, s, self, 0, err));
    for (int i = 0; i < out->leaves.n; i++)
        out->n += cvyi_tf_keras_of(&out->leaves.items[i])->n_weights;
    return CVY_OK;
}

/* ---- names for a match ---- */

static cvy_status name_ours(const char *const **names, const bool **said,
                            cvyi_tf_storing *s, int n,
                            const cvyi_py_value *const *layers, cvy_error *err)
{
    const char **const all =
        cvyi_arena_alloc(s->arena, (size_t)n + 1, sizeof *all);
    bool *const flags =
        cvyi_arena_alloc(s->arena, (size_t)n + 1, sizeof *flags);

    if (all == NULL || flags == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        all[i] = cvyi_tf_keras_of(layers[i])->name;
        flags[i] = cvyi_tf_keras_of(layers[i])->named;
    }
    *names = all;
    *said = flags;
    return CVY_OK;
}

/* ---- an inner model ---- */

/* The file's weights of one layer in the group of a model. */
typedef struct bundle {
    const char *path;
    int n;
    cvyi_keras_stored *all;
} bundle;

typedef struct inner {
    cvyi_tf_storing *s;
    const unit *unit;
    const bundle *bundles;
} inner;

static cvy_status bundle_all(bundle **out, int *n, cvyi_tf_storing *s,
                             const cvyi_keras_group *group, cvy_error *err)
{
    bundle *const all =
        cvyi_arena_alloc(s->arena, (size_t)group->n + 1, sizeof *all);

    if (all == NULL)
        return cvyi_no_memory(err);
    *n = 0;
    for (int i = 0; i < group->n; i++) {
        int at = 0;

        while (at < *n && strcmp(all[at].path, group->all[i].path) != 0)
            at++;
        if (at == *n) {
            all[at].path = group->all[i].path;
            all[at].all = cvyi_arena_alloc(s->arena, (size_t)group->n,
                                           sizeof *all[at].all);
            if (all[(*n)++].all == NULL)
                return cvyi_no_memory(err);
        }
        all[at].all[all[at].n++] = group->all[i];
    }
    *out = all;
    return CVY_OK;
}

static cvy_status fits_bundle(cvyi_tf_misfit *why, void *self, int ours,
                              int theirs, cvy_error *err)
{
    const inner *const in = self;
    const bundle *const b = &in->bundles[theirs];

    return cvyi_tf_stored_pair(why, in->s,
                               cvyi_tf_keras_of(&in->unit->leaves.items[ours]),
                               b->n, b->all, false, err);
}

static const char *last_part(const char *path)
{
    const char *const slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* *why is a text, or the file's bundles are the unit's leaves; order[i] is
 * which. */
static cvy_status match_leaves(int *order, cvyi_tf_misfit *why,
                               cvyi_tf_storing *s, const unit *u, int n,
                               const bundle *bundles, cvy_error *err)
{
    inner in = { s, u, bundles };
    cvyi_tf_matching m = { .n = n,
                           .certain = u->leaves.certain,
                           .moved = true,
                           .fits = fits_bundle,
                           .self = &in };
    const cvyi_py_value **const layers =
        cvyi_arena_alloc(s->arena, (size_t)n + 1, sizeof *layers);
    const char **const theirs =
        cvyi_arena_alloc(s->arena, (size_t)n + 1, sizeof *theirs);

    if (layers == NULL || theirs == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        layers[i] = &u->leaves.items[i];
        theirs[i] = last_part(bundles[i].path);
    }
    m.theirs = theirs;
    CVYI_TRY(name_ours(&m.ours, &m.said, s, n, layers, err));
    return cvyi_tf_stored_match(order, why, s, &m, err);
}

static bool is_statistic(const char *name)
{
    return strncmp(name, "moving_", strlen("moving_")) == 0;
}

/* Weights by bare names, as Keras 3.0 to 3.2 wrote them: all that are trained,
 * then the others; nothing was frozen if each has the name that it should. */
static cvy_status match_flat(cvyi_tf_misfit *why, cvyi_tf_storing *s,
                             const unit *u, const cvyi_keras_group *group,
                             bool commit, cvy_error *err)
{
    int at = 0;

    *why = u->leaves.certain ? NULL : "the order of the layers is not known";
    for (int turn = 0; turn < 2; turn++)
        for (int i = 0; i < u->leaves.n; i++) {
            const cvyi_tf_keras *const leaf =
                cvyi_tf_keras_of(&u->leaves.items[i]);

            for (int k = 0; *why == NULL && k < leaf->n_weights; k++) {
                cvyi_tf_keras one = *leaf;

                if (is_statistic(leaf->weights[k].name) != (turn == 1))
                    continue;
                one.n_weights = 1;
                one.weights = &leaf->weights[k];
                CVYI_TRY(cvyi_tf_stored_pair(why, s, &one, 1, &group->all[at],
                                             commit, err));
                if (*why == NULL &&
                    strcmp(one.weights->name, group->all[at].name) != 0)
                    *why = "the weights of an inner model have names that "
                           "say nothing of its layers";
                at++;
            }
        }
    return CVY_OK;
}

/* ---- the group of a layer ---- */

static cvy_status counts_differ(cvyi_tf_misfit *why, cvyi_tf_storing *s,
                                const unit *u, const cvyi_keras_group *group,
                                cvy_error *err)
{
    *why =
        cvyi_arena_printf(s->arena, "%s has %d weights, and %s in the file %d",
                          cvyi_tf_keras_of(&u->self)->name, u->n, group->name,
                          group->n);
    return *why != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status pair_unit(cvyi_tf_misfit *why, cvyi_tf_storing *s,
                            const unit *u, const cvyi_keras_group *group,
                            bool commit, cvy_error *err)
{
    bundle *bundles;
    int n, *order;

    if (group->n != u->n)
        return counts_differ(why, s, u, group, err);
    if (u->leaves.n == 1)
        return cvyi_tf_stored_pair(why, s,
                                   cvyi_tf_keras_of(&u->leaves.items[0]),
                                   group->n, group->all, commit, err);
    CVYI_TRY(bundle_all(&bundles, &n, s, group, err));
    if (n != u->leaves.n)
        return match_flat(why, s, u, group, commit, err);
    order = cvyi_arena_alloc(s->arena, (size_t)n + 1, sizeof *order);
    if (order == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(match_leaves(order, why, s, u, n, bundles, err));
    for (int i = 0; *why == NULL && commit && i < n; i++)
        CVYI_TRY(cvyi_tf_stored_pair(
            why, s, cvyi_tf_keras_of(&u->leaves.items[i]), bundles[order[i]].n,
            bundles[order[i]].all, true, err));
    return CVY_OK;
}

static cvy_status fits_group(cvyi_tf_misfit *why, void *self, int ours,
                             int theirs, cvy_error *err)
{
    const units *const us = self;

    *why = NULL;
    return pair_unit(why, us->s, &us->all[ours], &us->groups[theirs], false,
                     err);
}

/* ---- the model ---- */

/* Both sides' layers with weights, so that one sees what is too much. */
static cvy_status tell_layers(cvyi_tf_misfit *why, const units *us,
                              int n_groups, cvy_error *err)
{
    enum { MOST = 6 };
    cvyi_text text = { 0 };
    cvy_status status;

    cvyi_text_printf(&text, "the model has %d layers with weights (", us->n);
    for (int i = 0; i < us->n && i < MOST; i++)
        cvyi_text_printf(&text, "%s%s", i > 0 ? ", " : "",
                         cvyi_tf_keras_of(&us->all[i].self)->name);
    cvyi_text_printf(&text, "%s), and the file %d (",
                     us->n > MOST ? ", …" : "", n_groups);
    for (int i = 0; i < n_groups && i < MOST; i++)
        cvyi_text_printf(&text, "%s%s", i > 0 ? ", " : "", us->groups[i].name);
    cvyi_text_put(&text, n_groups > MOST ? ", …)" : ")");
    status = cvyi_text_status(&text, err);
    if (status == CVY_OK) {
        *why = cvyi_arena_printf(us->s->arena, "%s", cvyi_text_c(&text));
        status = *why != NULL ? CVY_OK : cvyi_no_memory(err);
    }
    cvyi_text_close(&text);
    return status;
}

static cvy_status match_units(cvyi_tf_misfit *why, units *us, bool certain,
                              cvy_error *err)
{
    cvyi_tf_storing *const s = us->s;
    const size_t size = (size_t)us->n + 1;
    cvyi_tf_matching m = {
        .n = us->n, .certain = certain, .fits = fits_group, .self = us
    };
    const cvyi_py_value **const layers =
        cvyi_arena_alloc(s->arena, size, sizeof *layers);
    const char **const theirs =
        cvyi_arena_alloc(s->arena, size, sizeof *theirs);
    int *const order = cvyi_arena_alloc(s->arena, size, sizeof *order);

    if (layers == NULL || theirs == NULL || order == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < us->n; i++) {
        layers[i] = &us->all[i].self;
        theirs[i] = us->groups[i].name;
    }
    m.theirs = theirs;
    CVYI_TRY(name_ours(&m.ours, &m.said, s, us->n, layers, err));
    CVYI_TRY(cvyi_tf_stored_match(order, why, s, &m, err));
    for (int i = 0; *why == NULL && i < us->n; i++)
        CVYI_TRY(
            pair_unit(why, s, &us->all[i], &us->groups[order[i]], true, err));
    return CVY_OK;
}

cvy_status cvyi_tf_stored_by_name(cvyi_tf_misfit *why, cvyi_tf_storing *s,
                                  const cvyi_py_value *model, cvy_error *err)
{
    units us = { .s = s };
    cvyi_tf_parts parts;
    int n_groups;

    CVYI_TRY(cvyi_tf_stored_parts(&parts, s, model, err));
    CVYI_TRY(cvyi_keras_named_groups(&us.groups, &n_groups, s->arena, s->store,
                                     err));
    us.all = cvyi_arena_alloc(s->arena, (size_t)parts.n + 1, sizeof *us.all);
    if (us.all == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < parts.n; i++) {
        CVYI_TRY(fill_unit(&us.all[us.n], s, &parts.items[i], err));
        us.n += us.all[us.n].n > 0;
    }
    return us.n == n_groups ? match_units(why, &us, parts.certain, err)
                            : tell_layers(why, &us, n_groups, err);
}
