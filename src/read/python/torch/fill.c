/*
 * read/python/torch/fill.c - the weights of a script's network, by the names
 * and in the order of its state dict.
 *
 * A file of the user's has all of them, and nothing else. Without one they
 * are what the script makes of them, or what torch draws.
 */
#include "read/python/torch/script.h"
#include "tensor/tensor.h"

#include <stdio.h>
#include <string.h>

typedef struct filling {
    cvyi_py_eval *eval;
    cvyi_torch_host *host;
    cvyi_torch_script *script;
    uint64_t seed;
    int64_t n_elements; /* drawn so far */
    int n_drawn, n_keys, keys_capacity;
    const char **keys; /* of the state dict */
    bool rounded;
    cvy_error *err;
} filling;

static cvy_status refuse(filling *f, const char *key, int line,
                         const char *text)
{
    char where[160] = "";

    if (line > 0)
        snprintf(where, sizeof where, "%.120s:%d", f->script->file, line);
    return cvyi_findings_add(
        f->script->findings,
        (cvyi_finding){ .refusal = true,
                        .kind = "unsupported",
                        .layer = key,
                        .attribute = "weights",
                        .text = text,
                        .advice = "give the state dict of this network, by "
                                  "its names: torch.save(net.state_dict(), "
                                  "\"w.pth\") (--weights)",
                        .where = where },
        f->err);
}

static cvy_status add_key(filling *f, const char *key)
{
    const char **const keys = cvyi_arena_grow(
        f->host->arena, f->keys, f->n_keys, &f->keys_capacity, sizeof *keys);

    if (keys == NULL)
        return cvyi_no_memory(f->err);
    f->keys = keys;
    keys[f->n_keys++] = key;
    return CVY_OK;
}

/* ---- numbers ---- */

static cvy_status room_for(float **out, filling *f, int64_t n)
{
    *out =
        cvyi_arena_alloc(&f->host->graph->arena, (size_t)n + 1, sizeof **out);
    return *out != NULL ? CVY_OK : cvyi_no_memory(f->err);
}

static cvy_status draw(float *out, filling *f, const cvyi_torch_weight *weight,
                       int64_t n, const char *key)
{
    if (weight->numbers != NULL)
        for (int64_t i = 0; i < n; i++)
            out[i] = (float)weight->numbers[i];
    else
        (void)cvyi_fresh_fill(out, n, &weight->fresh, &f->seed);
    f->n_drawn +=
        weight->numbers == NULL && weight->fresh.kind != CVYI_FRESH_CONSTANT;
    if (weight->doubt == NULL)
        return CVY_OK;
    return cvyi_torch_remark(f->eval, f->err,
                             "%s holds other numbers than the script gives "
                             "it: %s",
                             key, weight->doubt);
}

static cvy_status take(float **out, filling *f,
                       const cvyi_torch_weight *weight, int64_t n,
                       const char *key)
{
    const cvyi_safetensor *const found =
        cvyi_arrays_find(f->script->arrays, key);
    cvy_view to;
    bool same = found != NULL && found->view.rank == weight->shape.rank;

    if (found == NULL)
        return refuse(f, key, weight->line,
                      "the file of weights does not have it");
    for (int i = 0; same && i < weight->shape.rank; i++)
        same = found->view.dims[i] == weight->shape.dims[i];
    if (!same)
        return refuse(f, key, weight->line,
                      "it has another shape in the file of weights");
    if (found->view.dtype == CVY_F64 && !f->rounded) {
        f->rounded = true;
        CVYI_TRY(cvyi_torch_remark(f->eval, f->err,
                                   "weights of float64 are rounded to "
                                   "float32"));
    }
    CVYI_TRY(room_for(out, f, n));
    to = cvyi_packed(*out, CVY_F32, weight->shape.rank, weight->shape.dims);
    return cvyi_copy(&to, &found->view, f->err);
}

/* Whoever only looks at the network asks for no numbers. */
static cvy_status fill(float **out, filling *f,
                       const cvyi_torch_weight *weight, int64_t n,
                       const char *key)
{
    static const int64_t MOST = (int64_t)1 << 30; /* 4 GiB */
    const cvyi_source_request *const r = f->script->source->request;

    if (f->script->arrays != NULL && !weight->transient)
        return take(out, f, weight, n, key);
    if (r != NULL && r->no_values)
        return CVY_OK;
    f->n_elements += n;
    if (f->n_elements > MOST)
        return refuse(f, key, weight->line,
                      "so many weights are not drawn: give them");
    CVYI_TRY(room_for(out, f, n));
    return draw(*out, f, weight, n, key);
}

/* ---- parameters of the graph ---- */

static cvy_status add_param(filling *f, cvyi_torch_weight *weight,
                            const char *name, const char *key)
{
    cvyi_param param = { .name = key,
                         .slot = name,
                         .trainable = weight->role == CVYI_TORCH_PARAMETER &&
                                      !weight->frozen,
                         .created = f->host->graph->n_params };
    int64_t n = 1;
    float *data = NULL;

    if (weight->shape.rank < 0)
        return refuse(f, key, weight->line,
                      weight->doubt != NULL ? weight->doubt
                                            : "its shape is not known");
    for (int i = 0; i < weight->shape.rank; i++)
        n *= weight->shape.dims[i];
    CVYI_TRY(fill(&data, f, weight, n, key));
    param.stored =
        cvyi_packed(data, CVY_F32, weight->shape.rank, weight->shape.dims);
    param.layout =
        cvyi_layout_identity(weight->shape.rank, weight->shape.dims);
    weight->key = key;
    return cvyi_graph_add_param(&weight->param, f->host->graph, &param,
                                f->err);
}

/* Under its second name a weight is the same, in the file as well. */
static cvy_status check_tied(filling *f, const cvyi_torch_weight *weight,
                             const char *key)
{
    const cvyi_arrays *const arrays = f->script->arrays;
    const cvyi_safetensor *const a =
        arrays != NULL ? cvyi_arrays_find(arrays, weight->key) : NULL;
    const cvyi_safetensor *const b =
        arrays != NULL ? cvyi_arrays_find(arrays, key) : NULL;
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (a == NULL || b == NULL || weight->param < 0)
        return CVY_OK;
    if (a->view.rank == b->view.rank) {
        bool same = true;

        for (int i = 0; i < a->view.rank; i++)
            same = same && a->view.dims[i] == b->view.dims[i];
        do
            same = same && cvyi_at(&a->view, at) == cvyi_at(&b->view, at);
        while (same && cvyi_next(a->view.rank, a->view.dims, at));
        if (same)
            return CVY_OK;
    }
    return refuse(f, key, weight->line,
                  "it is one with another in the network, and differs in the "
                  "file of weights");
}

static cvy_status fill_role(filling *f, const struct cvyi_torch_walked *at,
                            cvyi_torch_role role)
{
    const cvyi_torch_holding *const h = at->node->holding;

    for (int i = 0; i < h->n; i++) {
        cvyi_torch_weight *const weight = h->items[i].weight;
        const char *key;

        if (weight == NULL || weight->role != role)
            continue;
        key =
            cvyi_arena_printf(f->host->arena, "%s%s%s", at->path,
                              *at->path != '\0' ? "." : "", h->items[i].name);
        if (key == NULL)
            return cvyi_no_memory(f->err);
        if (!weight->transient)
            CVYI_TRY(add_key(f, key));
        CVYI_TRY(weight->key != NULL
                     ? check_tied(f, weight, key)
                     : add_param(f, weight, h->items[i].name, key));
    }
    return CVY_OK;
}

/* Attributes that nobody knows may be modules, with weights of their own. */
static cvy_status check_instance(filling *f, const cvyi_torch_node *node)
{
    const cvyi_py_instance *const of =
        node->self.type == CVYI_PY_V_INSTANCE ? node->self.instance : NULL;

    if (of != NULL && of->doubt != NULL) {
        cvyi_py_value opaque = { .type = CVYI_PY_V_OPAQUE };

        opaque.cause = of->doubt;
        return cvyi_py_refuse_opaque(f->eval, &opaque, f->err);
    }
    for (int i = 0; of != NULL && i < of->names.n; i++) {
        const cvyi_py_cause *const cause =
            cvyi_py_opaque(&of->names.values[i]);

        if (cause != NULL && of->names.values[i].type == CVYI_PY_V_OPAQUE)
            CVYI_TRY(cvyi_torch_remark(
                f->eval, f->err,
                "%s of %s is not known, and no part of the network here: %s "
                "(line %d)",
                of->names.names[i], node->class_name, cause->reason,
                cause->line));
    }
    return CVY_OK;
}

static bool is_counter(const char *key)
{
    static const char counter[] = "num_batches_tracked";
    const char *const dot = strrchr(key, '.');

    return strcmp(dot != NULL ? dot + 1 : key, counter) == 0;
}

static cvy_status check_surplus(filling *f)
{
    const cvyi_arrays *const arrays = f->script->arrays;

    for (int i = 0; arrays != NULL && i < arrays->n; i++) {
        bool found = is_counter(arrays->items[i].name);

        for (int k = 0; k < f->n_keys && !found; k++)
            found = strcmp(f->keys[k], arrays->items[i].name) == 0;
        if (!found)
            CVYI_TRY(refuse(f, arrays->items[i].name, 0,
                            "the network has no weight of that name"));
    }
    return CVY_OK;
}

static cvy_status fill_walked(filling *f, const cvyi_torch_walk *w)
{
    for (int i = 0; i < w->n; i++) {
        if (w->items[i].node->unknown != NULL)
            return cvyi_torch_refuse_unknown(f->eval, w->items[i].node,
                                             f->err);
        if (!w->items[i].again)
            CVYI_TRY(check_instance(f, w->items[i].node));
        CVYI_TRY(fill_role(f, &w->items[i], CVYI_TORCH_PARAMETER));
        CVYI_TRY(fill_role(f, &w->items[i], CVYI_TORCH_BUFFER));
    }
    return check_surplus(f);
}

cvy_status cvyi_torch_fill_all(cvyi_py_eval *eval, const cvyi_py_value *model,
                               cvy_error *err)
{
    filling f = { .eval = eval,
                  .host = cvyi_torch_of(eval),
                  .script = cvyi_torch_script_of(eval),
                  .seed = CVYI_TORCH_SEED,
                  .err = err };
    const cvyi_source_request *const r = f.script->source->request;
    cvyi_torch_walk w = { .again = true };
    cvy_status status =
        cvyi_torch_walk_over(&w, eval, cvyi_torch_node_of(model), err);

    if (status == CVY_OK)
        status = fill_walked(&f, &w);
    cvyi_torch_walk_close(&w);
    if (status == CVY_OK)
        status = cvyi_findings_verdict(f.script->findings, err);
    if (status != CVY_OK || f.script->arrays != NULL || f.n_drawn == 0 ||
        (r != NULL && r->no_values))
        return status;
    return cvyi_torch_remark(eval, err,
                             "the weights are drawn as torch and the script "
                             "draw them, with seed %d: they are not those of "
                             "a training",
                             CVYI_TORCH_SEED);
}

/* ---- slots ---- */

static bool same_layout(const cvyi_layout *a, const cvyi_layout *b)
{
    bool same = a->n == b->n && a->source_rank == b->source_rank &&
                a->target_rank == b->target_rank;

    for (int i = 0; same && i < a->n; i++)
        same = a->dims[i] == b->dims[i] && a->perm[i] == b->perm[i];
    for (int i = 0; same && i < a->source_rank; i++)
        same = a->source_group[i] == b->source_group[i];
    for (int i = 0; same && i < a->target_rank; i++)
        same = a->target_group[i] == b->target_group[i];
    return same;
}

/* Of a view the sizes that are not 1 are those of the parameter. */
cvy_status cvyi_torch_weight_view(cvyi_py_value *out, cvyi_py_eval *eval,
                                  cvyi_torch_weight *weight,
                                  const cvyi_shape *shape, cvy_error *err)
{
    cvyi_torch_weight *made;
    int at = 0;

    for (int i = 0; i < shape->rank; i++) {
        if (shape->dims[i] == 1)
            continue;
        while (at < weight->shape.rank && weight->shape.dims[at] == 1)
            at++;
        if (at == weight->shape.rank ||
            weight->shape.dims[at++] != shape->dims[i])
            return cvyi_py_refuse(eval, err, "a parameter in another shape");
    }
    CVYI_TRY(cvyi_torch_weight_new(&made, eval, shape, weight->fresh, err));
    made->role = weight->role;
    made->of = weight->of != NULL ? weight->of : weight;
    *out = cvyi_py_host_value(&cvyi_torch_weight_type, made);
    return CVY_OK;
}

/* From the axes of the parameter to those of its view. */
static cvyi_layout axes_of_view(const cvyi_param *param,
                                const cvyi_shape *shape)
{
    cvyi_layout layout =
        cvyi_layout_identity(param->stored.rank, param->stored.dims);

    layout.target_rank = shape->rank;
    for (int i = 0; i < shape->rank; i++)
        layout.target_group[i] = shape->dims[i] != 1;
    return layout;
}

static cvy_status layout_of(cvyi_layout *out, const cvyi_param *param,
                            const cvyi_torch_weight *weight,
                            const cvyi_step_slot *slot, int n_spatial,
                            cvy_error *err)
{
    cvyi_layout first, second;

    if (weight->of == NULL)
        return cvyi_layout_parse(out, slot->layout, n_spatial,
                                 param->stored.rank, param->stored.dims, err);
    first = axes_of_view(param, &weight->shape);
    CVYI_TRY(cvyi_layout_parse(&second, slot->layout, n_spatial,
                               weight->shape.rank, weight->shape.dims, err));
    return cvyi_layout_then(out, &first, &second, err);
}

cvy_status cvyi_torch_slot(int *out, cvyi_torch_host *host,
                           cvyi_torch_weight *weight,
                           const cvyi_step_slot *slot, int n_spatial,
                           const cvyi_shape *want, cvy_error *err)
{
    const cvyi_torch_weight *const seen = weight;
    int64_t dims[CVY_MAX_RANK];
    cvyi_param *param;
    cvyi_layout layout;
    bool same;
    int rank;

    weight = weight->of != NULL ? weight->of : weight;
    if (weight->param < 0)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "a parameter that is no part of the network");
    param = &host->graph->params[weight->param];
    CVYI_TRY(layout_of(&layout, param, seen, slot, n_spatial, err));
    rank = cvyi_layout_target(&layout, dims);
    same = rank == want->rank;
    for (int i = 0; same && i < rank; i++)
        same = dims[i] == want->dims[i];
    if (!same)
        return cvyi_fail(err, CVY_SHAPE,
                         "%s has another shape than the call takes",
                         weight->key);
    if (weight->used && (!same_layout(&layout, &param->layout) ||
                         strcmp(param->slot, slot->slot) != 0))
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "%s is used in two ways, which is not followed",
                         weight->key);
    weight->used = true;
    param->layout = layout;
    param->slot =
        cvyi_arena_text(&host->graph->arena, slot->slot, strlen(slot->slot));
    *out = weight->param;
    return param->slot != NULL ? CVY_OK : cvyi_no_memory(err);
}
