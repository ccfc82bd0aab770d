/*
 * graph/text.c - the text form of a graph, printed.
 *
 * One line for each module, parameter, input, call; lines that begin with
 * blanks and a word belong to the line before. Names and other foreign texts
 * are JSON strings, values of configurations are JSON.
 */
#include "graph/graph.h"

#include "graph/words.h"
#include "tensor/tensor.h"

#include <math.h>
#include <string.h>

const char *const cvyi_module_words[] = { "model", "sequential", "list",
                                          "block", "layer" };

int cvyi_call_spatial(const cvyi_graph *graph, const int *in, int n_in)
{
    const int n = n_in > 0 ? graph->results[in[0]].type.rank - 2 : 0;

    return n < 0 ? 0 : n > CVYI_MAX_SPATIAL ? CVYI_MAX_SPATIAL : n;
}

/* ---- pieces ---- */

static void put_name(cvyi_text *out, const char *before, const char *name)
{
    if (name == NULL)
        return;
    cvyi_text_put(out, before);
    cvyi_text_json(out, name);
}

static void put_ints(cvyi_text *out, const int64_t *values, int n)
{
    cvyi_text_put(out, "[");
    for (int i = 0; i < n; i++)
        cvyi_text_printf(out, "%s%lld", i > 0 ? " " : "",
                         (long long)values[i]);
    cvyi_text_put(out, "]");
}

static void put_real(cvyi_text *out, double value)
{
    if (isnan(value))
        cvyi_text_put(out, "NaN");
    else if (isinf(value))
        cvyi_text_put(out, value < 0 ? "-Infinity" : "Infinity");
    else
        cvyi_text_double(out, value);
}

static void put_value(cvyi_text *out, const cvyi_value *value);

static void put_members(cvyi_text *out, const cvyi_value *value)
{
    const bool dict = value->kind == CVYI_DICT;

    cvyi_text_put(out, dict ? "{" : "[");
    for (int i = 0; i < value->n; i++) {
        if (i > 0)
            cvyi_text_put(out, ", ");
        if (dict) {
            cvyi_text_json(out, value->keys[i]);
            cvyi_text_put(out, ": ");
        }
        put_value(out, &value->items[i]);
    }
    cvyi_text_put(out, dict ? "}" : "]");
}

static void put_value(cvyi_text *out, const cvyi_value *value)
{
    switch (value->kind) {
    case CVYI_NONE:
    case CVYI_TENSOR: /* arguments of calls: no graph keeps one */
    case CVYI_SIZE:
        cvyi_text_put(out, "null");
        break;
    case CVYI_BOOL:
        cvyi_text_put(out, value->truth ? "true" : "false");
        break;
    case CVYI_INT:
        cvyi_text_printf(out, "%lld", (long long)value->integer);
        break;
    case CVYI_FLOAT:
        put_real(out, value->real);
        break;
    case CVYI_TEXT:
        cvyi_text_json(out, value->text);
        break;
    case CVYI_LIST:
    case CVYI_DICT:
        put_members(out, value);
        break;
    }
}

/* A line of its own that belongs to the one before. */
static void put_value_line(cvyi_text *out, const char *word,
                           const cvyi_value *value)
{
    if (value == NULL)
        return;
    cvyi_text_printf(out, "  %s ", word);
    put_value(out, value);
    cvyi_text_put(out, "\n");
}

/* [7 7 64]@[2 0 1]: dims in the source's order, and the order here. */
static void put_blocks(cvyi_text *out, const cvyi_feature_block *blocks, int n)
{
    for (int i = 0; i < n; i++) {
        int64_t order[CVYI_MAX_DIMS];

        for (int k = 0; k < blocks[i].rank; k++)
            order[k] = blocks[i].order[k];
        cvyi_text_put(out, " ");
        put_ints(out, blocks[i].dims, blocks[i].rank);
        cvyi_text_put(out, "@");
        put_ints(out, order, blocks[i].rank);
    }
}

/* ---- lines ---- */

static void put_module(cvyi_text *out, const cvyi_graph *graph, int index)
{
    enum { DEEPEST = 20 };
    const cvyi_module *const m = &graph->modules[index];
    int depth = 0;

    for (int up = m->parent; up >= 0 && depth < DEEPEST; depth++)
        up = graph->modules[up].parent;
    cvyi_text_printf(out, "%*smodule %d %s", 2 * depth, "", index,
                     cvyi_module_words[m->kind]);
    put_name(out, " ", m->name);
    put_name(out, " class ", m->class_name);
    put_name(out, " role ", m->role);
    if (m->parent >= 0)
        cvyi_text_printf(out, " in %d", m->parent);
    put_name(out, " at ", m->where);
    cvyi_text_put(out, m->frozen ? " frozen" : "");
    put_name(out, " loop ", m->loop_variable);
    put_name(out, " over ", m->loop_iterable);
    for (int i = 0; i < m->n_inputs; i++)
        put_name(out, i == 0 ? " takes " : " ", m->input_names[i]);
    cvyi_text_put(out, "\n");
    for (int i = 0; i < m->n_comments; i++) {
        cvyi_text_printf(out, "%*s", 2 * depth, "");
        put_name(out, "  comment ", m->comments[i]);
        cvyi_text_put(out, "\n");
    }
}

static void put_results(cvyi_text *out, const char *word, const int *results,
                        int n)
{
    cvyi_text_printf(out, " %s [", word);
    for (int i = 0; i < n; i++)
        cvyi_text_printf(out, "%s%d", i > 0 ? " " : "", results[i]);
    cvyi_text_put(out, "]");
}

static void put_visit(cvyi_text *out, const cvyi_graph *graph, int index)
{
    const cvyi_visit *const v = &graph->visits[index];

    cvyi_text_printf(out, "visit %d of %d in %d", index, v->module, v->parent);
    put_results(out, "takes", v->in, v->n_in);
    put_results(out, "gives", v->out, v->n_out);
    cvyi_text_put(out, "\n");
}

/* One side of a layout: the atoms of each axis, "(a b) c 1". With `dims`
 * joined atoms tell their sizes: "(a=3 b=4)". */
static void put_side(cvyi_text *out, int rank, const int *groups,
                     const int *atoms, const int64_t *dims)
{
    int at = 0;

    for (int i = 0; i < rank; i++) {
        cvyi_text_put(out, i > 0 ? " " : "");
        if (groups[i] == 0)
            cvyi_text_put(out, "1");
        cvyi_text_put(out, groups[i] > 1 ? "(" : "");
        for (int k = 0; k < groups[i]; k++, at++) {
            const int atom = atoms != NULL ? atoms[at] : at;

            cvyi_text_printf(out, "%s%c", k > 0 ? " " : "", 'a' + atom);
            if (dims != NULL && groups[i] > 1)
                cvyi_text_printf(out, "=%lld", (long long)dims[atom]);
        }
        cvyi_text_put(out, groups[i] > 1 ? ")" : "");
    }
}

static void put_layout(cvyi_text *out, const cvyi_layout *layout)
{
    if (cvyi_layout_is_identity(layout))
        return;
    cvyi_text_put(out, " layout {");
    put_side(out, layout->source_rank, layout->source_group, NULL,
             layout->dims);
    cvyi_text_put(out, " -> ");
    put_side(out, layout->target_rank, layout->target_group, layout->perm,
             NULL);
    cvyi_text_put(out, "}");
}

static void put_param(cvyi_text *out, const cvyi_graph *graph, int index)
{
    const cvyi_param *const p = &graph->params[index];
    const cvy_view *const stored = &p->stored;
    const cvy_view packed =
        cvyi_packed(NULL, stored->dtype, stored->rank, stored->dims);

    cvyi_text_printf(out, "param p%d ", index);
    cvyi_text_json(out, p->name);
    cvyi_text_printf(out, " %s %s ", p->slot, cvy_dtype_name(stored->dtype));
    put_ints(out, stored->dims, stored->rank);
    if (memcmp(packed.strides, stored->strides,
               (size_t)stored->rank * sizeof *packed.strides) != 0) {
        cvyi_text_put(out, " strides ");
        put_ints(out, stored->strides, stored->rank);
    }
    put_layout(out, &p->layout);
    if (p->n_blocks > 0) {
        cvyi_text_printf(out, " permuted %d", p->permuted_axis);
        put_blocks(out, p->blocks, p->n_blocks);
    }
    cvyi_text_printf(out, " created %d%s\n", p->created,
                     p->trainable ? " trainable" : "");
    put_value_line(out, "initialiser", p->initialiser);
    put_value_line(out, "regulariser", p->regulariser);
    put_value_line(out, "constraint", p->constraint);
}

static void put_result(cvyi_text *out, const cvyi_graph *graph, int index)
{
    const cvyi_result *const r = &graph->results[index];

    cvyi_text_printf(out, "%%%d", index);
    put_name(out, " ", r->name);
    cvyi_text_printf(out, " %s [", cvy_dtype_name(r->type.dtype));
    for (int i = 0; i < r->type.rank; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        cvyi_size_print(out, r->type.dims[i]);
    }
    cvyi_text_put(out, "]");
    if (r->origin >= 0)
        cvyi_text_printf(out, " origin %d", r->origin);
    if (r->arrangement.moved != CVYI_MOVED_NOT)
        cvyi_text_put(out, r->arrangement.moved == CVYI_MOVED_FIRST
                               ? " moved"
                               : " moved last");
    if (r->arrangement.n_blocks > 0) {
        cvyi_text_put(out, " blocks");
        put_blocks(out, r->arrangement.blocks, r->arrangement.n_blocks);
    }
}

static void put_attrs(cvyi_text *out, const cvyi_graph *graph,
                      const cvyi_call *call)
{
    const cvyi_attrs *const attrs = &call->attrs;
    const cvyi_attr *const rows = attrs->op->attrs;
    cvyi_text text = { 0 };

    if (attrs->n_spatial != cvyi_call_spatial(graph, call->in, call->n_in))
        cvyi_text_printf(out, " spatial %d", attrs->n_spatial);
    cvyi_attrs_print(&text, attrs, attrs->n_spatial);
    if (text.size > 0)
        cvyi_text_printf(out, " %s", cvyi_text_c(&text));
    out->bad = out->bad || text.bad;
    cvyi_text_close(&text);
    for (int i = 0; rows != NULL && rows[i].name != NULL; i++)
        if (attrs->at[i].constant != NULL) {
            cvyi_text_printf(out, " constant %s ", rows[i].name);
            cvyi_text_json(out, attrs->at[i].constant);
        }
}

static void put_operands(cvyi_text *out, const cvyi_call *call)
{
    const cvyi_op *const op = call->attrs.op;
    const char *between = "";

    cvyi_text_printf(out, " = %s(", op->name);
    for (int i = 0; i < call->n_in; i++, between = ", ")
        cvyi_text_printf(out, "%s%%%d", between, call->in[i]);
    for (int i = 0; i < CVYI_MAX_SLOTS; i++) {
        if (call->params[i] < 0)
            continue;
        cvyi_text_printf(out, "%s%s=p%d", between, op->slots[i].name,
                         call->params[i]);
        between = ", ";
    }
    cvyi_text_put(out, ")");
}

static void put_call(cvyi_text *out, const cvyi_graph *graph, int index)
{
    const cvyi_call *const call = &graph->calls[index];

    for (int i = 0; i < call->n_out; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        put_result(out, graph, call->out[i]);
    }
    put_operands(out, call);
    put_attrs(out, graph, call);
    if (call->axes == CVYI_AXES_FIRST)
        cvyi_text_put(out, " axes first");
    else if (call->attrs.op->order == CVYI_ORDER_CHANNEL)
        cvyi_text_put(out, " axes last");
    cvyi_text_printf(out, " in %d", call->module);
    if (call->visit > 0)
        cvyi_text_printf(out, " visit %d", call->visit);
    put_name(out, " label ", call->label);
    put_name(out, " at ", call->where);
    cvyi_text_put(out, call->argument ? " argument" : "");
    if (call->origin >= 0)
        cvyi_text_printf(out, " origin %d", call->origin);
    cvyi_text_put(out, "\n");
    if (call->comment != NULL) {
        put_name(out, "  comment ", call->comment);
        cvyi_text_put(out, "\n");
    }
}

static void put_tree(cvyi_text *out, const cvyi_tree *tree)
{
    const bool dict = tree->kind == CVYI_TREE_DICT;

    if (tree->kind == CVYI_TREE_SINGLE) {
        cvyi_text_printf(out, "%%%d", tree->result);
        return;
    }
    cvyi_text_put(out, dict ? "{" : "[");
    for (int i = 0; i < tree->n; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        if (dict) {
            cvyi_text_json(out, tree->keys[i]);
            cvyi_text_put(out, ": ");
        }
        put_tree(out, &tree->items[i]);
    }
    cvyi_text_put(out, dict ? "}" : "]");
}

static void put_head(cvyi_text *out, const cvyi_graph *graph)
{
    cvyi_text_put(out, CVYI_GRAPH_TITLE "\nmodel ");
    cvyi_text_json(out, graph->name);
    put_name(out, " from ", graph->dialect);
    put_name(out, " version ", graph->version);
    cvyi_text_put(out, "\n");
    if (graph->training != NULL) {
        cvyi_text_put(out, "training ");
        put_value(out, graph->training);
        cvyi_text_put(out, "\n");
    }
}

void cvyi_graph_print(cvyi_text *out, const cvyi_graph *graph)
{
    put_head(out, graph);
    for (int i = 0; i < graph->n_modules; i++)
        put_module(out, graph, i);
    for (int i = 1; i < graph->n_visits; i++)
        put_visit(out, graph, i);
    for (int i = 0; i < graph->n_params; i++)
        put_param(out, graph, i);
    for (int i = 0; i < graph->n_inputs; i++) {
        cvyi_text_put(out, "input ");
        put_result(out, graph, graph->inputs[i]);
        cvyi_text_put(out, "\n");
    }
    for (int i = 0; i < graph->n_calls; i++)
        put_call(out, graph, i);
    cvyi_text_put(out, "inputs ");
    put_tree(out, &graph->input_tree);
    cvyi_text_put(out, "\noutputs ");
    put_tree(out, &graph->output_tree);
    cvyi_text_put(out, "\n");
}
