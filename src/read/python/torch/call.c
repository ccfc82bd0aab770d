/*
 * read/python/torch/call.c - a call of torch becomes calls of the graph.
 *
 * The words of layer/ say what a call means: arguments are bound to its
 * signature, its from_call makes a phrase of it, each step is one call.
 */
#include "read/python/torch/script.h"

#include "read/steps.h"

#include <stdio.h>
#include <string.h>

/* ---- visits ---- */

static bool inside(const cvyi_graph *graph, int module, int outer)
{
    while (module > outer)
        module = graph->modules[module].parent;
    return module == outer;
}

/* A visit of `home` inside visit `around`, whose module is around it. */
static cvy_status descend(int *out, cvyi_torch_host *host, int around,
                          int home, cvy_error *err)
{
    cvyi_graph *const graph = host->graph;
    int parent = around;

    if (graph->visits[around].module == home) {
        *out = around;
        return CVY_OK;
    }
    CVYI_TRY(descend(&parent, host, around,
                     cvyi_module_home(graph, graph->modules[home].parent),
                     err));
    return cvyi_graph_add_visit(out, graph, home, parent, err);
}

cvy_status cvyi_torch_enter(int *visit, cvyi_torch_host *host, int module,
                            cvy_error *err)
{
    const cvyi_graph *const graph = host->graph;
    const int home = cvyi_module_home(graph, module);
    int around = host->visit;

    while (!inside(graph, home, graph->visits[around].module))
        around = graph->visits[around].parent;
    return descend(visit, host, around, home, err);
}

/* ---- steps ---- */

typedef struct making {
    cvyi_py_eval *eval;
    cvyi_torch_host *host;
    int module, visit;
    cvy_dtype stored; /* of the module's weights */
    const char *path; /* of the module, "" for the model */
    int line; /* that calls it; a module called by no line: where it is made */
    const char *where;
    const int *in;
    int n_in;
    /* Of a script: the tensor that the call is called on, whether it is
     * changed in place, weights among the call's tensors, behind `in`, and
     * the module whose own weights slots are. */
    const cvyi_py_value *first;
    bool in_place;
    int n_weights;
    cvyi_torch_weight *const *weights;
    const cvyi_torch_node *node;
} making;

/* The weight of a slot, by its place among the call's tensors or by its name
 * in the module. */
static cvy_status own_slot(int *out, making *m, const cvyi_step_slot *slot,
                           int n_spatial, const cvyi_shape *want,
                           cvy_error *err)
{
    const int at = slot->operand - m->n_in;
    const cvyi_torch_held *held;

    if (slot->operand > 0 && (at < 0 || at >= m->n_weights))
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "the %s is a tensor that the network computes",
                         slot->slot);
    if (slot->operand > 0)
        return cvyi_torch_slot(out, m->host, m->weights[at], slot, n_spatial,
                               want, err);
    held = m->node != NULL ? cvyi_torch_held_of(m->node, slot->source) : NULL;
    if (held == NULL || held->weight == NULL)
        return cvyi_fail(err, CVY_UNSUPPORTED, "there is no %s here",
                         slot->source);
    return cvyi_torch_slot(out, m->host, held->weight, slot, n_spatial, want,
                           err);
}

static cvy_status take_slots(int *params, making *m, const cvyi_step *step,
                             int *in, int n_in, cvy_error *err)
{
    const cvyi_op *const op = step->attrs.op;
    cvyi_graph *const graph = m->host->graph;
    cvyi_call probe = { .attrs = step->attrs,
                        .n_in = n_in,
                        .in = in,
                        .axes = step->axes,
                        .module = m->module };
    const int rank = graph->results[in[0]].type.rank;
    cvyi_inferred inferred;

    for (int i = 0; i < CVYI_MAX_SLOTS; i++)
        params[i] = -1;
    if (step->n_slots == 0)
        return CVY_OK;
    CVYI_TRY(cvyi_graph_infer_call(&inferred, graph, &probe, err));
    for (int i = 0; i < step->n_slots; i++) {
        const cvyi_step_slot *const slot = &step->slots[i];
        const char *const key =
            cvyi_arena_printf(m->host->arena, "%s%s%s", m->path,
                              *m->path != '\0' ? "." : "", slot->source);
        int at = 0;

        if (key == NULL)
            return cvyi_no_memory(err);
        while (strcmp(op->slots[at].name, slot->slot) != 0)
            at++;
        if (m->host->script != NULL) {
            CVYI_TRY(own_slot(&params[at], m, slot, rank > 2 ? rank - 2 : 0,
                              &inferred.slots[at], err));
            continue;
        }
        CVYI_TRY(cvyi_torch_take(&params[at], m->host, key, m->stored, slot,
                                 rank > 2 ? rank - 2 : 0, &inferred.slots[at],
                                 err));
    }
    return CVY_OK;
}

static cvy_status add_step(int *result, making *m, const cvyi_step *step,
                           cvy_error *err)
{
    const cvyi_op *const op = step->attrs.op;
    const bool first = *result < 0;
    const int n_in = first || op->least_in > m->n_in ? m->n_in : op->least_in;
    int *const in =
        cvyi_arena_alloc(m->host->arena, (size_t)n_in + 1, sizeof *in);
    int params[CVYI_MAX_SLOTS], index;
    cvyi_call *call;

    if (in == NULL)
        return cvyi_no_memory(err);
    memcpy(in, m->in, (size_t)n_in * sizeof *in);
    if (!first)
        in[0] = *result;
    if (n_in < op->least_in || (op->most_in >= 0 && n_in > op->most_in))
        return cvyi_fail(err, CVY_SHAPE, "called on %d tensors", n_in);
    CVYI_TRY(take_slots(params, m, step, in, n_in, err));
    CVYI_TRY(cvyi_torch_check_types(m->host, op, in, n_in, params, err));
    CVYI_TRY(cvyi_graph_add_call(&index, m->host->graph, &step->attrs,
                                 step->axes, in, n_in, params, m->module,
                                 err));
    call = &m->host->graph->calls[index];
    call->visit = m->visit;
    call->where = m->where;
    if (step->label != NULL) {
        call->label = cvyi_arena_text(&m->host->graph->arena, step->label,
                                      strlen(step->label));
        if (call->label == NULL)
            return cvyi_no_memory(err);
    }
    *result = call->out[0];
    return CVY_OK;
}

/* Errors of torch's meaning get the line they belong to. */
static cvy_status at_line(cvyi_py_eval *eval, cvy_error *err,
                          cvy_status status)
{
    if (status != CVY_OK && err != NULL && err->line == 0)
        err->line = cvyi_py_line_now(eval);
    return status;
}

/* Of a script: a new tensor, a view of the first, or the first itself. */
static cvy_status add_result(cvyi_py_value *out, making *m,
                             const cvyi_phrase *phrase, int result,
                             cvy_error *err)
{
    bool view = m->n_in == 1 && m->n_weights == 0;

    for (int i = 0; i < phrase->n; i++)
        view = view && cvyi_torch_is_view(phrase->steps[i].attrs.op);
    if (m->in_place && m->first != NULL) {
        *out = *m->first;
        return cvyi_torch_change(m->eval, m->first, result, err);
    }
    if (m->in_place)
        return cvyi_py_refuse(m->eval, err,
                              "what is changed in place is not followed");
    CVYI_TRY(cvyi_torch_remember(m->host, result, view ? m->in[0] : -1, err));
    return cvyi_torch_tensor(out, m->eval, result, err);
}

static cvy_status add_steps(cvyi_py_value *out, making *m,
                            const cvyi_phrase *phrase, cvy_error *err)
{
    int result = -1;

    if (phrase->n == 0 && m->n_in == 1 && m->first != NULL) {
        *out = *m->first;
        return CVY_OK;
    }
    if (phrase->n == 0 && m->n_in == 1)
        return cvyi_torch_tensor(out, m->eval, m->in[0], err);
    for (int i = 0; i < phrase->n; i++)
        CVYI_TRY(at_line(m->eval, err,
                         add_step(&result, m, &phrase->steps[i], err)));
    return m->host->script != NULL
               ? add_result(out, m, phrase, result, err)
               : cvyi_torch_tensor(out, m->eval, result, err);
}

/* Each weight among the call's tensors must be one of a slot. */
static cvy_status check_weights(making *m, const char *name,
                                const cvyi_phrase *phrase, cvy_error *err)
{
    for (int w = 0; w < m->n_weights; w++)
        if (!cvyi_steps_weight(phrase, m->n_in + w))
            return cvyi_py_refuse(m->eval, err,
                                  "%s of a parameter is not followed", name);
    for (int i = 0; m->n_weights > 0 && i < phrase->n; i++)
        if (phrase->steps[i].operands != NULL)
            return cvyi_py_refuse(m->eval, err,
                                  "%s of a parameter is not followed", name);
    return CVY_OK;
}

enum { MOST_CALLS = 1 << 16 }; /* of a script's network */

static cvy_status make(cvyi_py_value *out, making *m, const char *name,
                       cvyi_bound *bound, cvy_error *err)
{
    cvyi_graph *const graph = m->host->graph;
    const int n = m->n_in + m->n_weights;
    cvyi_type *const types =
        cvyi_arena_alloc(m->host->arena, (size_t)n + 1, sizeof *types);
    bool *const weights =
        cvyi_arena_alloc(m->host->arena, (size_t)n + 1, sizeof *weights);
    cvyi_phrase phrase = { 0 };
    cvy_status status;

    m->where =
        cvyi_arena_printf(&graph->arena, "%s:%d", m->host->files->code_name,
                          cvyi_py_line_now(m->eval));
    if (types == NULL || weights == NULL || m->where == NULL)
        return cvyi_no_memory(err);
    if (m->host->script != NULL && graph->n_calls > MOST_CALLS)
        return cvyi_py_refuse(m->eval, err, "a network of so many calls");

    for (int i = 0; i < m->n_in; i++)
        types[i] = graph->results[m->in[i]].type;
    for (int i = m->n_in; i < n; i++) {
        const cvyi_shape *const shape = &m->weights[i - m->n_in]->shape;

        weights[i] = true;
        types[i] = (cvyi_type){ .rank = shape->rank, .dtype = CVY_F32 };
        for (int k = 0; k < shape->rank; k++)
            types[i].dims[k] = cvyi_size_of(&graph->sizes, shape->dims[k]);
    }
    if (m->n_weights > 0)
        bound->weights = weights;
    bound->arena = m->host->arena;
    bound->sizes = &graph->sizes;
    bound->in = types;
    bound->n_in = n;
    status = bound->spelling->from_call(&phrase, bound, err);
    if (status == CVY_UNSUPPORTED && phrase.refusal.reason != NULL)
        return cvyi_py_refuse(m->eval, err, "%s: %s", name,
                              phrase.refusal.reason);
    CVYI_TRY(at_line(m->eval, err, status));
    CVYI_TRY(check_weights(m, name, &phrase, err));
    return add_steps(out, m, &phrase, err);
}

/* ---- functions and leaves ---- */

/* A call that does not fit its signature is a fault of the source. */
static cvy_status bind(cvyi_bound *out, cvyi_py_eval *eval, const char *name,
                       const cvyi_spelling *spelling, int n_spatial,
                       const cvyi_value *const *positional, int n,
                       const cvyi_value *keywords, cvy_error *err)
{
    cvy_error local = { 0 };
    const cvy_status status =
        cvyi_bind(out, cvyi_torch_of(eval)->arena, spelling, n_spatial,
                  positional, n, keywords, &local);

    if (status == CVY_MEMORY)
        return cvyi_no_memory(err);
    return status == CVY_OK
               ? CVY_OK
               : cvyi_py_refuse(eval, err, "%s: %s%s%s", name, local.where,
                                *local.where != '\0' ? ": " : "", local.text);
}

/* Tensors count from 0, weights behind them. */
static void number_weights(cvyi_value *values, int n, int n_tensors)
{
    for (int i = 0; i < n; i++) {
        if (values[i].kind == CVYI_TENSOR && values[i].integer < 0)
            values[i].integer = n_tensors - 1 - values[i].integer;
        if (values[i].kind == CVYI_LIST)
            number_weights((cvyi_value *)(uintptr_t)values[i].items,
                           values[i].n, n_tensors);
    }
}

/* The argument that is tensor 0 of the call; NULL: it stands in a list. */
static const cvyi_py_value *first_tensor(const cvyi_py_call_args *args,
                                         int result)
{
    for (int i = 0; i < args->n; i++)
        if (cvyi_torch_result(&args->values[i]) == result)
            return &args->values[i];
    for (int i = 0; i < args->n_keywords; i++)
        if (cvyi_torch_result(&args->keyword_values[i]) == result)
            return &args->keyword_values[i];
    return NULL;
}

static bool is_in_place(const cvyi_bound *bound)
{
    const cvyi_value *const value = cvyi_arg_find(bound, "inplace");

    return value != NULL && cvyi_truth(value);
}

static cvy_status call_function(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *name,
                                const cvyi_py_call_args *args, bool in_place,
                                cvy_error *err);

/* relu_, x.add_: the tensor itself is changed. If that is not followed, the
 * tensor is not known any more. */
static cvy_status call_of_script(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const char *name,
                                 const cvyi_py_call_args *args, cvy_error *err)
{
    const size_t n = strlen(name);
    const bool in_place = n > 1 && name[n - 1] == '_' && name[n - 2] != '_';
    const char *const plain =
        cvyi_arena_text(cvyi_py_arena(eval), name, n - in_place);
    const cvyi_py_value *const into = cvyi_torch_arg(args, -1, "out");
    cvy_error why = { 0 };
    cvy_status status;
    int n_spatial;

    if (plain == NULL)
        return cvyi_no_memory(err);
    status = into != NULL
                 ? cvyi_py_refuse(eval, &why, "%s with out=", name)
                 : call_function(out, eval,
                                 cvyi_spelling_find("torch", name,
                                                    &n_spatial) != NULL
                                     ? name
                                     : plain,
                                 args, in_place, &why);
    if (status == CVY_UNSUPPORTED && in_place && args->n > 0)
        CVYI_TRY(cvyi_torch_spoil(eval, &args->values[0], name, err));
    if (status == CVY_UNSUPPORTED && into != NULL)
        CVYI_TRY(cvyi_torch_spoil(eval, into, name, err));
    if (status != CVY_OK && err != NULL)
        *err = why;
    return status;
}

static cvy_status call_function(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *name,
                                const cvyi_py_call_args *args, bool in_place,
                                cvy_error *err)
{
    cvyi_torch_host *const host = cvyi_torch_of(eval);
    const size_t n = (size_t)(args->n + args->n_keywords);
    cvyi_value *const values =
        cvyi_arena_alloc(host->arena, n + 1, sizeof *values);
    const cvyi_value **const positional =
        cvyi_arena_alloc(host->arena, (size_t)args->n + 1, sizeof *positional);
    const cvyi_value keywords = { .kind = CVYI_DICT,
                                  .n = args->n_keywords,
                                  .items = values + args->n,
                                  .keys = args->keywords };
    cvyi_torch_operands operands = { 0 };
    const cvyi_spelling *spelling;
    cvyi_bound bound = { 0 };
    int n_spatial = 0;

    if (values == NULL || positional == NULL)
        return cvyi_no_memory(err);
    spelling = cvyi_spelling_find("torch", name, &n_spatial);
    if (spelling == NULL)
        return cvyi_py_refuse(eval, err, "%s is not read", name);
    for (int i = 0; i < args->n; i++) {
        CVYI_TRY(cvyi_torch_plain(&values[i], &operands, eval,
                                  &args->values[i], err));
        positional[i] = &values[i];
    }
    for (int i = 0; i < args->n_keywords; i++)
        CVYI_TRY(cvyi_torch_plain(&values[args->n + i], &operands, eval,
                                  &args->keyword_values[i], err));
    if (operands.n == 0 || !host->tracing)
        return cvyi_py_refuse(eval, err, "%s is called on no tensor", name);
    number_weights(values, args->n + args->n_keywords, operands.n);
    CVYI_TRY(bind(&bound, eval, name, spelling, n_spatial, positional, args->n,
                  &keywords, err));

    making m = { .eval = eval,
                 .host = host,
                 .module = host->graph->visits[host->visit].module,
                 .visit = host->visit,
                 .line = cvyi_py_line_now(eval),
                 .path = "",
                 .in = operands.in,
                 .n_in = operands.n,
                 .n_weights = operands.n_weights,
                 .weights = operands.weights };

    if (host->script != NULL) {
        m.first = first_tensor(args, operands.in[0]);
        m.in_place = in_place || is_in_place(&bound);
    }
    return make(out, &m, name, &bound, err);
}

cvy_status cvyi_torch_function(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *name, const cvyi_py_call_args *args,
                               cvy_error *err)
{
    return cvyi_torch_script_of(eval) != NULL
               ? call_of_script(out, eval, name, args, err)
               : call_function(out, eval, name, args, false, err);
}

static const char *path_of(const cvyi_torch_host *host,
                           const cvyi_torch_node *node)
{
    return node->module >= 0 ? host->module_paths[node->module] : "";
}

static cvy_status call_leaf(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_torch_node *node,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_torch_host *const host = cvyi_torch_of(eval);
    int *const in =
        cvyi_arena_alloc(host->arena, (size_t)args->n + 1, sizeof *in);
    making m = { .eval = eval,
                 .host = host,
                 .module = node->module,
                 .stored = node->stored,
                 .line = cvyi_py_line_now(eval) > 0 ? cvyi_py_line_now(eval)
                                                    : node->line,
                 .path = path_of(host, node),
                 .in = in,
                 .n_in = args->n,
                 .node = node };
    cvyi_bound bound = { 0 };

    if (in == NULL)
        return cvyi_no_memory(err);
    if (args->n == 0 || args->n_keywords != 0)
        return cvyi_py_refuse(eval, err, "%s is called on no tensor",
                              node->class_name);
    for (int i = 0; i < args->n; i++) {
        in[i] = cvyi_torch_result(&args->values[i]);
        if (in[i] < 0 && cvyi_py_opaque(&args->values[i]) != NULL)
            return cvyi_py_refuse_opaque(eval, &args->values[i], err);
        if (in[i] < 0)
            return cvyi_py_refuse(eval, err, "%s is called on %s",
                                  node->class_name,
                                  cvyi_py_describe(eval, &args->values[i]));
        CVYI_TRY(cvyi_torch_current(eval, in[i], err));
    }
    if (host->script != NULL) {
        if (node->spelling == NULL)
            return cvyi_py_refuse(eval, err, "%s is not read", node->dotted);
        CVYI_TRY(cvyi_torch_bind_leaf(&bound, eval, node, err));
        m.in_place = is_in_place(&bound);
        m.first = &args->values[0];
    } else {
        CVYI_TRY(bind(&bound, eval, node->class_name, node->spelling,
                      node->n_spatial, node->positional, node->n_positional,
                      node->keywords, err));
    }
    if (node->module < 0) { /* a module that stands nowhere */
        m.visit = host->visit;
        m.module = host->graph->visits[host->visit].module;
    } else {
        CVYI_TRY(cvyi_torch_enter(&m.visit, host, node->module, err));
    }
    return make(out, &m, node->class_name, &bound, err);
}

/* Whatever is wrong with it belongs to the module, and to the line that has
 * its arguments. */
cvy_status cvyi_torch_call_leaf(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_torch_node *node,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const path = path_of(cvyi_torch_of(eval), node);
    const cvy_status status = call_leaf(out, eval, node, args, err);

    /* What a script is refused with is told by its file. */
    if (status != CVY_OK && cvyi_torch_script_of(eval) != NULL)
        return status;
    if (status != CVY_OK && status != CVY_MEMORY && err != NULL) {
        snprintf(err->where, sizeof err->where, "%s", path);
        err->line = node->line;
    }
    return status;
}
