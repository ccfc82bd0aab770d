/* verb/explain_rows.c - code, shapes and weights of a counterpart as text. */
#include "verb/explain.h"

#include <string.h>

static const char *keep(cvyi_text *text, cvyi_arena *arena)
{
    const char *const kept =
        text->bad ? NULL
                  : cvyi_arena_text(arena, cvyi_text_c(text), text->size);

    cvyi_text_close(text);
    return kept;
}

/* ---- shapes ---- */

static const char *type_of(cvyi_arena *arena, const cvyi_type *type)
{
    cvyi_text text = { 0 };

    cvyi_text_put(&text, "(");
    for (int i = 0; i < type->rank; i++) {
        cvyi_text_put(&text, i > 0 ? ", " : "");
        cvyi_size_print(&text, type->dims[i]);
    }
    cvyi_text_put(&text, type->rank == 1 ? ",)" : ")");
    return keep(&text, arena);
}

static const char *order_of(cvyi_arena *arena, int rank, const int *axes)
{
    cvyi_text text = { 0 };

    for (int i = 0; i < rank; i++)
        cvyi_text_printf(&text, "%s%d", i > 0 ? ", " : "", axes[i]);
    return keep(&text, arena);
}

static cvy_status add_shape(cvyi_explained *e, const char *what, int source,
                            int target, cvy_error *err)
{
    cvyi_explain_shape *const to = &e->shapes[e->n_shapes++];
    int axes[CVYI_MAX_DIMS];

    to->what = what;
    to->source = type_of(&e->arena, &e->source.graph->results[source].type);
    to->target = type_of(&e->arena, &e->port->results[target].type);
    if (to->source == NULL || to->target == NULL)
        return cvyi_no_memory(err);
    if (!cvyi_explain_moves(axes, e, target))
        return CVY_OK;
    to->order = order_of(&e->arena, e->port->results[target].type.rank, axes);
    return to->order != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status add_shapes(cvyi_explained *e, cvy_error *err)
{
    const cvyi_graph *const source = e->source.graph;
    const cvyi_graph *const port = e->port;

    e->shapes = cvyi_arena_alloc(&e->arena, (size_t)source->n_inputs + 1,
                                 sizeof *e->shapes);
    if (e->shapes == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < source->n_inputs && i < port->n_inputs; i++)
        CVYI_TRY(add_shape(e, i == 0 ? "input" : "", source->inputs[i],
                           port->inputs[i], err));
    if (source->output_tree.kind != CVYI_TREE_SINGLE ||
        port->output_tree.kind != CVYI_TREE_SINGLE)
        return CVY_OK;
    return add_shape(e, "output", source->output_tree.result,
                     port->output_tree.result, err);
}

/* ---- weights ---- */

static void put_dims(cvyi_text *out, int rank, const int64_t *dims)
{
    cvyi_text_put(out, "(");
    for (int i = 0; i < rank; i++)
        cvyi_text_printf(out, "%s%lld", i > 0 ? ", " : "", (long long)dims[i]);
    cvyi_text_put(out, rank == 1 ? ",)" : ")");
}

static const char *named(cvyi_arena *arena, const char *name, int rank,
                         const int64_t *dims)
{
    cvyi_text text = { 0 };

    cvyi_text_printf(&text, "%s ", name);
    put_dims(&text, rank, dims);
    return keep(&text, arena);
}

/* Has the transposed array the target's shape already? */
static bool same_shape(const cvyi_written_weight *weight, int n,
                       const int64_t *dims, const int *perm)
{
    int64_t target[CVY_MAX_RANK];

    if (cvyi_layout_target(&weight->layout, target) != n)
        return false;
    for (int i = 0; i < n; i++)
        if (dims[perm[i]] != target[i])
            return false;
    return true;
}

/* ".reshape(…).transpose(…).reshape(…)", as much of it as is needed. */
static void put_numpy(cvyi_text *out, const cvyi_written_weight *weight)
{
    int64_t reshape[CVY_MAX_RANK], dims[CVY_MAX_RANK];
    int perm[CVY_MAX_RANK], n;
    bool moves = false;

    cvyi_layout_numpy(&weight->layout, &n, reshape, perm);
    if (n > 0) {
        cvyi_text_put(out, ".reshape");
        put_dims(out, n, reshape);
    } else {
        n = cvyi_layout_source(&weight->layout, reshape);
    }
    for (int i = 0; i < n; i++)
        moves = moves || perm[i] != i;
    if (moves) {
        cvyi_text_put(out, ".transpose(");
        for (int i = 0; i < n; i++)
            cvyi_text_printf(out, "%s%d", i > 0 ? ", " : "", perm[i]);
        cvyi_text_put(out, ")");
    }
    if (!same_shape(weight, n, reshape, perm)) {
        cvyi_text_put(out, ".reshape");
        put_dims(out, cvyi_layout_target(&weight->layout, dims), dims);
    }
}

static cvy_status add_weight(cvyi_explained *e, const cvyi_written_weight *w,
                             cvy_error *err)
{
    cvyi_explain_weight *const to = &e->weights[e->n_weights++];
    const cvyi_param *const param =
        w->param >= 0 ? &e->port->params[w->param] : NULL;
    cvyi_text how = { 0 };
    int64_t dims[CVY_MAX_RANK];
    int rank = cvyi_layout_target(&w->layout, dims);

    to->target = named(&e->arena, w->name, rank, dims);
    if (param != NULL) {
        rank = cvyi_layout_source(&param->layout, dims);
        to->source = named(&e->arena, param->name, rank, dims);
        cvyi_text_put(&how, param->name);
        put_numpy(&how, w);
    } else {
        cvyi_text_double(&how, w->fill);
    }
    to->how = keep(&how, &e->arena);
    if (to->target == NULL || to->how == NULL ||
        (param != NULL && to->source == NULL))
        return cvyi_no_memory(err);
    if (param != NULL && strcmp(to->how, param->name) == 0)
        to->how = NULL;
    return CVY_OK;
}

cvy_status cvyi_explain_rows(cvyi_explained *e, cvy_error *err)
{
    e->code = cvyi_text_c(&e->snippet.code);
    CVYI_TRY(add_shapes(e, err));
    e->weights = cvyi_arena_alloc(&e->arena, (size_t)e->snippet.n_weights + 1,
                                  sizeof *e->weights);
    if (e->weights == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < e->snippet.n_weights; i++)
        CVYI_TRY(add_weight(e, &e->snippet.weights[i], err));
    return CVY_OK;
}
