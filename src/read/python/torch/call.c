/*
 * read/python/torch/call.c - a call of torch becomes calls of the graph.
 *
 * The words of layer/ say what a call means: arguments are bound to its
 * signature, its from_call makes a phrase of it, each step is one call.
 */
#include "read/python/torch/host.h"

#include <stdio.h>
#include <string.h>

/* ---- arguments ---- */

static cvy_status add_operand(cvyi_torch_operands *operands,
                              cvyi_py_eval *eval, int result, cvy_error *err)
{
    int *const in =
        cvyi_arena_grow(cvyi_py_arena(eval), operands->in, operands->n,
                        &operands->capacity, sizeof *in);

    if (in == NULL)
        return cvyi_no_memory(err);
    operands->in = in;
    in[operands->n++] = result;
    return CVY_OK;
}

static cvy_status plain_list(cvyi_value *out, cvyi_torch_operands *operands,
                             cvyi_py_eval *eval, const cvyi_py_seq *seq,
                             cvy_error *err)
{
    cvyi_value *const items = cvyi_arena_alloc(
        cvyi_py_arena(eval), (size_t)seq->n + 1, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < seq->n; i++)
        CVYI_TRY(
            cvyi_torch_plain(&items[i], operands, eval, &seq->items[i], err));
    *out = (cvyi_value){ .kind = CVYI_LIST, .n = seq->n, .items = items };
    return CVY_OK;
}

/* A slice is a dict of what it names. */
static cvy_status plain_slice(cvyi_value *out, cvyi_torch_operands *operands,
                              cvyi_py_eval *eval, const cvyi_py_value *slice,
                              cvy_error *err)
{
    static const char *const keys[] = { "start", "stop", "step" };
    const cvyi_py_value *const bounds[] = { slice->bounds.start,
                                            slice->bounds.stop,
                                            slice->bounds.step };
    cvyi_value *const items =
        cvyi_arena_alloc(cvyi_py_arena(eval), 3, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < 3; i++)
        CVYI_TRY(cvyi_torch_plain(&items[i], operands, eval, bounds[i], err));
    *out = (cvyi_value){
        .kind = CVYI_DICT, .n = 3, .items = items, .keys = keys
    };
    return CVY_OK;
}

cvy_status cvyi_torch_plain(cvyi_value *out, cvyi_torch_operands *operands,
                            cvyi_py_eval *eval, const cvyi_py_value *value,
                            cvy_error *err)
{
    const int result = cvyi_torch_result(value);

    if (result >= 0) {
        *out = (cvyi_value){ .kind = CVYI_TENSOR, .integer = operands->n };
        return add_operand(operands, eval, result, err);
    }
    if (value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE)
        return plain_list(out, operands, eval, value->seq, err);
    if (value->type == CVYI_PY_V_SLICE)
        return plain_slice(out, operands, eval, value, err);
    if (value->type == CVYI_PY_V_ELLIPSIS) {
        *out = (cvyi_value){ .kind = CVYI_TEXT, .text = "..." };
        return CVY_OK;
    }
    if (value->type == CVYI_PY_V_HOST &&
        value->host.type == &cvyi_torch_size_type) {
        *out = (cvyi_value){ .kind = CVYI_SIZE, .size = value->host.data };
        return CVY_OK;
    }
    if (value->type == CVYI_PY_V_HOST &&
        value->host.type == &cvyi_torch_name_type) {
        *out = (cvyi_value){ .kind = CVYI_TEXT, .text = value->host.data };
        return CVY_OK;
    }
    if (cvyi_py_plain(out, eval, value))
        return CVY_OK;
    return cvyi_py_refuse(eval, err, "%s is given to torch",
                          cvyi_py_describe(eval, value));
}

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
} making;

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

static cvy_status add_steps(cvyi_py_value *out, making *m,
                            const cvyi_phrase *phrase, cvy_error *err)
{
    int result = -1;

    if (phrase->n == 0 && m->n_in == 1)
        return cvyi_torch_tensor(out, m->eval, m->in[0], err);
    for (int i = 0; i < phrase->n; i++)
        CVYI_TRY(at_line(m->eval, err,
                         add_step(&result, m, &phrase->steps[i], err)));
    return cvyi_torch_tensor(out, m->eval, result, err);
}

static cvy_status make(cvyi_py_value *out, making *m, const char *name,
                       cvyi_bound *bound, cvy_error *err)
{
    cvyi_graph *const graph = m->host->graph;
    cvyi_type *const types =
        cvyi_arena_alloc(m->host->arena, (size_t)m->n_in + 1, sizeof *types);
    cvyi_phrase phrase = { 0 };
    cvy_status status;

    m->where =
        cvyi_arena_printf(&graph->arena, "%s:%d", m->host->files->code_name,
                          cvyi_py_line_now(m->eval));
    if (types == NULL || m->where == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < m->n_in; i++)
        types[i] = graph->results[m->in[i]].type;
    bound->arena = m->host->arena;
    bound->sizes = &graph->sizes;
    bound->in = types;
    bound->n_in = m->n_in;
    status = bound->spelling->from_call(&phrase, bound, err);
    if (status == CVY_UNSUPPORTED && phrase.refusal.reason != NULL)
        return cvyi_py_refuse(m->eval, err, "%s: %s", name,
                              phrase.refusal.reason);
    CVYI_TRY(at_line(m->eval, err, status));
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

cvy_status cvyi_torch_function(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *name, const cvyi_py_call_args *args,
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
    CVYI_TRY(bind(&bound, eval, name, spelling, n_spatial, positional, args->n,
                  &keywords, err));

    making m = { .eval = eval,
                 .host = host,
                 .module = host->graph->visits[host->visit].module,
                 .visit = host->visit,
                 .line = cvyi_py_line_now(eval),
                 .path = "",
                 .in = operands.in,
                 .n_in = operands.n };

    return make(out, &m, name, &bound, err);
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
                 .path = host->module_paths[node->module],
                 .in = in,
                 .n_in = args->n };
    cvyi_bound bound = { 0 };

    if (in == NULL)
        return cvyi_no_memory(err);
    if (args->n == 0 || args->n_keywords != 0)
        return cvyi_py_refuse(eval, err, "%s is called on no tensor",
                              node->class_name);
    for (int i = 0; i < args->n; i++) {
        in[i] = cvyi_torch_result(&args->values[i]);
        if (in[i] < 0)
            return cvyi_py_refuse(eval, err, "%s is called on %s",
                                  node->class_name,
                                  cvyi_py_describe(eval, &args->values[i]));
    }
    CVYI_TRY(bind(&bound, eval, node->class_name, node->spelling,
                  node->n_spatial, node->positional, node->n_positional,
                  node->keywords, err));
    CVYI_TRY(cvyi_torch_enter(&m.visit, host, node->module, err));
    return make(out, &m, node->class_name, &bound, err);
}

/* Whatever is wrong with it belongs to the module, and to the line that has
 * its arguments. */
cvy_status cvyi_torch_call_leaf(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_torch_node *node,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const path = cvyi_torch_of(eval)->module_paths[node->module];
    const cvy_status status = call_leaf(out, eval, node, args, err);

    if (status != CVY_OK && status != CVY_MEMORY && err != NULL) {
        snprintf(err->where, sizeof err->where, "%s", path);
        err->line = node->line;
    }
    return status;
}
