/*
 * read/python/torch/trace.c - a script's network is called on tensors.
 *
 * Their shapes are those of --input; else those of numbers that the script
 * itself calls the network on, with any batch.
 */
#include "read/python/torch/script.h"

#include <stdio.h>
#include <string.h>

/* ---- what the script calls itself ---- */

cvy_status cvyi_torch_called(cvyi_py_value *out, cvyi_py_eval *eval,
                             cvyi_torch_node *node,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_torch_weight *const first =
        args->n == 1 ? cvyi_torch_weight_of(&args->values[0]) : NULL;

    if (first != NULL && first->role == CVYI_TORCH_NUMBERS &&
        first->shape.rank > 0)
        node->holding->called = first->shape;
    return cvyi_py_make_opaque(out, eval, err, "%s is called by the script",
                               node->class_name);
}

/* ---- inputs ---- */

/* The batch is N everywhere; behind the channels L, H W, D H W. Inputs after
 * the first have symbols of their own. */
static cvyi_size symbol(cvyi_torch_host *host, int rank, int axis, int input)
{
    static const char *const letters[] = { "", "", "", "L", "HW", "DHW" };
    cvyi_sizes *const sizes = &host->graph->sizes;
    char name[24];

    if (axis == 0)
        return cvyi_size_symbol(sizes, "N");
    if (rank >= 3 && rank <= 5 && axis >= 2)
        snprintf(name, sizeof name, "%c", letters[rank][axis - 2]);
    else
        snprintf(name, sizeof name, "C%d", axis);
    if (input > 0)
        snprintf(name + strlen(name), 8, "_%d", input % 1000 + 1);
    return cvyi_size_symbol(sizes, name);
}

static cvy_status add_input(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *name, int rank, const int64_t *dims,
                            cvy_error *err)
{
    static const int64_t MOST = (int64_t)1 << 40;
    cvyi_torch_host *const host = cvyi_torch_of(eval);
    cvyi_type type = { .rank = rank, .dtype = CVY_F32 };
    int64_t all = 1;
    int result;

    for (int i = 0; i < rank; i++) {
        if (dims[i] > 0 && (!cvyi_mul64(&all, all, dims[i]) || all > MOST))
            return cvyi_py_refuse(eval, err, "an input of so many elements");
        type.dims[i] = dims[i] > 0
                           ? cvyi_size_of(&host->graph->sizes, dims[i])
                           : symbol(host, rank, i, host->graph->n_inputs);
        if (type.dims[i] == NULL)
            return cvyi_no_memory(err);
    }
    CVYI_TRY(cvyi_graph_add_input(&result, host->graph, name, &type, err));
    CVYI_TRY(cvyi_torch_remember(host, result, -1, err));
    return cvyi_torch_tensor(out, eval, result, err);
}

/* What --input says of a parameter: by its name, else by its place. */
static const cvyi_call_input *asked(const cvyi_torch_script *s,
                                    const char *name, int place)
{
    const cvyi_source_request *const r = s->source->request;
    int unnamed = 0;

    for (int i = 0; r != NULL && i < r->n_inputs; i++) {
        const cvyi_call_input *const input = &r->inputs[i];

        if (input->name != NULL && strcmp(input->name, name) == 0)
            return input;
        if (input->name == NULL && unnamed++ == place)
            return input;
    }
    return NULL;
}

typedef struct calling {
    cvyi_py_eval *eval;
    const cvyi_torch_node *node;
    int n, n_inputs;
    cvyi_py_value values[64]; /* by place */
    int n_keywords;
    const char *keywords[64];
    cvyi_py_value named[64];
    cvy_error *err;
} calling;

/* *given false: its own default holds. */
static cvy_status give(cvyi_py_value *out, bool *given, calling *c,
                       const char *name, bool needed)
{
    const cvyi_torch_script *const s = cvyi_torch_script_of(c->eval);
    const cvyi_call_input *const input = asked(s, name, c->n_inputs);
    const cvyi_shape *const called = &c->node->holding->called;
    int64_t dims[CVYI_MAX_DIMS];

    *given = true;
    if (input != NULL && (needed || input->name != NULL)) {
        c->n_inputs++;
        return add_input(out, c->eval, name, input->rank, input->dims, c->err);
    }
    CVYI_TRY(cvyi_py_preset(out, given, c->eval, name, c->err));
    if (*given || !needed)
        return CVY_OK;
    *given = true;
    if (c->n_inputs++ > 0 || called->rank == 0)
        return cvyi_py_refuse(c->eval, c->err,
                              "the shape of %s is not known, which %s is "
                              "called on: say it with --input %s=1x3x32x32",
                              name, c->node->class_name, name);
    memcpy(dims, called->dims, sizeof dims);
    dims[0] = -1;
    CVYI_TRY(cvyi_torch_remark(c->eval, c->err,
                               "the shape of %s is that of the numbers which "
                               "the script calls the network on; --input says "
                               "another",
                               name));
    return add_input(out, c->eval, name, called->rank, dims, c->err);
}

static cvy_status give_all(calling *c, const cvyi_py_args *all, int skip)
{
    const int n = all->n_positional + all->n_keyword_only;

    if (n > 64)
        return cvyi_py_refuse(c->eval, c->err, "forward has %d parameters", n);
    for (int i = skip; i < n; i++) {
        const bool by_place = i < all->n_positional;
        const cvyi_py_arg *const parameter =
            by_place ? &all->positional[i]
                     : &all->keyword_only[i - all->n_positional];
        const bool needed = parameter->fallback == NULL;
        cvyi_py_value value;
        bool given;

        CVYI_TRY(give(&value, &given, c, parameter->name, needed));
        if (given && needed && by_place)
            c->values[c->n++] = value;
        else if (given) {
            c->keywords[c->n_keywords] = parameter->name;
            c->named[c->n_keywords++] = value;
        }
    }
    return CVY_OK;
}

static cvy_status give_inputs(calling *c, const cvyi_py_value *model)
{
    const cvyi_py_args *all = NULL;
    cvyi_py_value forward;
    bool given;
    int skip = 0;

    if (cvyi_torch_has_forward(model)) {
        CVYI_TRY(
            cvyi_py_eval_get(&forward, c->eval, model, "forward", c->err));
        all = cvyi_py_parameters(&skip, &forward);
    }
    if (all != NULL && all->rest == NULL)
        return give_all(c, all, skip);
    c->n = 1;
    return give(&c->values[0], &given, c, "input", true);
}

static cvy_status plant_inputs(cvyi_graph *graph, cvy_error *err)
{
    cvyi_tree *const leaves = cvyi_arena_alloc(
        &graph->arena, (size_t)graph->n_inputs + 1, sizeof *leaves);

    if (leaves == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < graph->n_inputs; i++)
        leaves[i] = (cvyi_tree){ .kind = CVYI_TREE_SINGLE,
                                 .result = graph->inputs[i] };
    graph->input_tree = graph->n_inputs == 1
                            ? leaves[0]
                            : (cvyi_tree){ .kind = CVYI_TREE_LIST,
                                           .n = graph->n_inputs,
                                           .items = leaves };
    return CVY_OK;
}

/* ---- modules that are never called ---- */

static cvy_status tell_idle(cvyi_py_eval *eval, cvy_error *err)
{
    const cvyi_graph *const graph = cvyi_torch_of(eval)->graph;
    bool *const called =
        cvyi_arena_alloc(cvyi_torch_of(eval)->arena,
                         (size_t)graph->n_params + 1, sizeof *called);
    const char *first = NULL;
    int n = 0;

    if (called == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < graph->n_calls; i++)
        for (int s = 0; s < CVYI_MAX_SLOTS; s++)
            if (graph->calls[i].params[s] >= 0)
                called[graph->calls[i].params[s]] = true;
    for (int i = 0; i < graph->n_params; i++)
        if (!called[i]) {
            first = first != NULL ? first : graph->params[i].name;
            n++;
        }
    return n == 0 ? CVY_OK
                  : cvyi_torch_remark(eval, err,
                                      "%d of the weights are in no call of "
                                      "forward, %s among them; they count "
                                      "all the same",
                                      n, first);
}

cvy_status cvyi_torch_trace(cvyi_py_eval *eval, const cvyi_py_value *model,
                            cvy_error *err)
{
    cvyi_torch_host *const host = cvyi_torch_of(eval);
    calling c = { .eval = eval,
                  .node = cvyi_torch_node_of(model),
                  .err = err };
    cvyi_py_call_args args;
    cvyi_py_value result;

    CVYI_TRY(give_inputs(&c, model));
    CVYI_TRY(plant_inputs(host->graph, err));
    args = (cvyi_py_call_args){ .n = c.n,
                                .values = c.values,
                                .n_keywords = c.n_keywords,
                                .keywords = c.keywords,
                                .keyword_values = c.named };
    host->tracing = true;
    CVYI_TRY(cvyi_py_eval_call(&result, eval, model, &args, err));
    if (cvyi_py_opaque(&result) != NULL)
        return cvyi_py_refuse_opaque(eval, &result, err);
    CVYI_TRY(cvyi_torch_plant(&host->graph->output_tree, eval, &result, err));
    CVYI_TRY(tell_idle(eval, err));
    return cvyi_graph_check(host->graph, err);
}
