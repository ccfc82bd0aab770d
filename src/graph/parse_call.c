/* graph/parse_call.c - results and calls in a graph's text. */
#include "graph/parse.h"
#include "graph/rules.h"
#include "graph/words.h"

#include <limits.h>
#include <string.h>

/* Results may be numbered in any order: those in between wait. */
static cvy_status make_result(int index, cvyi_parser *parser)
{
    cvyi_graph *const graph = parser->scan.graph;

    while (graph->n_results <= index) {
        cvyi_result *const results =
            cvyi_arena_grow(&graph->arena, graph->results, graph->n_results,
                            &graph->results_capacity, sizeof *results);

        if (results == NULL)
            return cvyi_no_memory(parser->scan.err);
        graph->results = results;
        results[graph->n_results++] = (cvyi_result){ .call = CVYI_NO_CALL };
    }
    if (graph->results[index].call != CVYI_NO_CALL)
        return cvyi_fail(parser->scan.err, CVY_FORMAT, "%%%d is made twice",
                         index);
    return CVY_OK;
}

cvy_status cvyi_parse_result(int *out, cvyi_parser *parser, int call,
                             int index)
{
    cvyi_scan *const scan = &parser->scan;
    cvyi_result result = { .call = call, .index = index, .origin = -1 };
    cvyi_arrangement *const arrangement = &result.arrangement;
    int number;

    CVYI_TRY(cvyi_scan_need(scan, '%'));
    CVYI_TRY(cvyi_scan_int(&number, scan, 0, parser->most_results - 1));
    CVYI_TRY(make_result(number, parser));
    while (*scan->at == ' ')
        scan->at++;
    if (*scan->at == '"')
        CVYI_TRY(cvyi_scan_text(&result.name, scan));
    CVYI_TRY(cvyi_scan_type(&result.type, scan));
    CVYI_TRY(cvyi_type_check(scan->graph, &result.type, scan->err));
    if (cvyi_scan_word(scan, "origin"))
        CVYI_TRY(cvyi_scan_int(&result.origin, scan, 0, INT_MAX));
    if (cvyi_scan_word(scan, "moved"))
        arrangement->moved =
            cvyi_scan_word(scan, "last") ? CVYI_MOVED_LAST : CVYI_MOVED_FIRST;
    if (cvyi_scan_word(scan, "blocks"))
        CVYI_TRY(cvyi_scan_blocks(&arrangement->blocks, &arrangement->n_blocks,
                                  scan));
    scan->graph->results[number] = result;
    *out = number;
    return CVY_OK;
}

/* ---- calls ---- */

static cvy_status parse_outputs(cvyi_call *call, cvyi_parser *parser)
{
    cvyi_scan *const scan = &parser->scan;

    do {
        if (call->n_out == CVYI_MAX_OUTPUTS)
            return cvyi_scan_expected(scan, "no more results");
        CVYI_TRY(cvyi_parse_result(&call->out[call->n_out], parser,
                                   scan->graph->n_calls, call->n_out));
        call->n_out++;
    } while (cvyi_scan_mark(scan, ','));
    return cvyi_scan_need(scan, '=');
}

static cvy_status parse_input(cvyi_call *call, int *room, cvyi_scan *scan)
{
    cvyi_graph *const graph = scan->graph;
    int result;

    CVYI_TRY(cvyi_scan_int(&result, scan, 0, graph->n_results - 1));
    if (graph->results[result].call == CVYI_NO_CALL)
        return cvyi_fail(scan->err, CVY_FORMAT,
                         "%%%d is read before it is made", result);
    call->in = cvyi_arena_grow(&graph->arena, call->in, call->n_in, room,
                               sizeof *call->in);
    if (call->in == NULL)
        return cvyi_no_memory(scan->err);
    call->in[call->n_in++] = result;
    return CVY_OK;
}

/* weight=p0 */
static cvy_status parse_slot(cvyi_call *call, const cvyi_op *op,
                             cvyi_scan *scan)
{
    const char *name;

    CVYI_TRY(cvyi_scan_name(&name, scan));
    CVYI_TRY(cvyi_scan_need(scan, '='));
    CVYI_TRY(cvyi_scan_need(scan, 'p'));
    for (int i = 0; op->slots != NULL && op->slots[i].name != NULL; i++)
        if (strcmp(op->slots[i].name, name) == 0)
            return cvyi_scan_int(&call->params[i], scan, 0,
                                 scan->graph->n_params - 1);
    return cvyi_fail(scan->err, CVY_FORMAT, "%s takes no %s", op->name, name);
}

static cvy_status parse_operands(cvyi_call *call, const cvyi_op **out,
                                 cvyi_scan *scan)
{
    const char *name;
    const cvyi_op *op;
    bool first = true;
    int room = 0;

    CVYI_TRY(cvyi_scan_name(&name, scan));
    op = cvyi_op_find(name);
    if (op == NULL)
        return cvyi_fail(scan->err, CVY_FORMAT, "there is no operator %.60s",
                         name);
    CVYI_TRY(cvyi_scan_need(scan, '('));
    for (; !cvyi_scan_mark(scan, ')'); first = false) {
        if (!first)
            CVYI_TRY(cvyi_scan_need(scan, ','));
        CVYI_TRY(cvyi_scan_mark(scan, '%') ? parse_input(call, &room, scan)
                                           : parse_slot(call, op, scan));
    }
    *out = op;
    return CVY_OK;
}

/* The value behind "name=": up to its ] or to the next blank. */
static cvy_status parse_attr(cvyi_attrs *attrs, int index, cvyi_scan *scan)
{
    const cvyi_attr *const row = &attrs->op->attrs[index];
    const size_t inside = strcspn(scan->at, *scan->at == '[' ? "]" : " ");
    const size_t n = inside + (scan->at[inside] == ']');
    const char *const constant = attrs->at[index].constant;
    cvyi_graph *const graph = scan->graph;
    const char *const text = cvyi_arena_text(&graph->arena, scan->at, n);

    if (text == NULL)
        return cvyi_no_memory(scan->err);
    CVYI_TRY(cvyi_attr_parse(&attrs->at[index], row, text, &graph->arena,
                             &graph->sizes, scan->err));
    if (row->kind == CVYI_ATTR_BORDER &&
        attrs->at[index].border.rule != CVYI_BORDER_GIVEN)
        attrs->at[index].n = attrs->n_spatial;
    attrs->at[index].constant = constant;
    scan->at += n;
    return CVY_OK;
}

static cvy_status parse_constant(cvyi_attrs *attrs, cvyi_scan *scan)
{
    const char *name;
    int index;

    CVYI_TRY(cvyi_scan_name(&name, scan));
    index = cvyi_attr_index(attrs->op, name);
    if (index < 0)
        return cvyi_fail(scan->err, CVY_FORMAT, "%s has no attribute %.60s",
                         attrs->op->name, name);
    return cvyi_scan_text(&attrs->at[index].constant, scan);
}

/* Attributes: as long as there are words with = behind them. */
static cvy_status parse_attrs(cvyi_attrs *attrs, unsigned *given,
                              cvyi_scan *scan)
{
    for (;;) {
        const char *const before = scan->at;
        const char *name;
        int index;

        if (cvyi_scan_done(scan))
            return CVY_OK;
        CVYI_TRY(cvyi_scan_name(&name, scan));
        if (*scan->at != '=') {
            scan->at = before;
            return CVY_OK;
        }
        index = cvyi_attr_index(attrs->op, name);
        if (index < 0 || (*given >> index & 1) != 0)
            return cvyi_fail(scan->err, CVY_FORMAT,
                             "%s has %s attribute %.60s", attrs->op->name,
                             index < 0 ? "no" : "twice the", name);
        scan->at++;
        CVYI_TRY(parse_attr(attrs, index, scan));
        *given |= 1u << index;
    }
}

static cvy_status parse_all_attrs(cvyi_call *call, const cvyi_op *op,
                                  cvyi_scan *scan)
{
    int n_spatial = cvyi_call_spatial(scan->graph, call->in, call->n_in);
    unsigned given = 0;

    if (cvyi_scan_word(scan, "spatial"))
        CVYI_TRY(cvyi_scan_int(&n_spatial, scan, 0, CVYI_MAX_SPATIAL));
    cvyi_attrs_open(&call->attrs, op, n_spatial);
    CVYI_TRY(parse_attrs(&call->attrs, &given, scan));
    for (int i = 0; op->attrs != NULL && op->attrs[i].name != NULL; i++)
        if (op->attrs[i].fallback == NULL && (given >> i & 1) == 0)
            return cvyi_fail(scan->err, CVY_FORMAT, "%s lacks its %s",
                             op->name, op->attrs[i].name);
    while (cvyi_scan_word(scan, "constant"))
        CVYI_TRY(parse_constant(&call->attrs, scan));
    return CVY_OK;
}

static cvy_status parse_rest(cvyi_call *call, cvyi_scan *scan)
{
    if (cvyi_scan_word(scan, "axes")) {
        if (cvyi_scan_word(scan, "first"))
            call->axes = CVYI_AXES_FIRST;
        else if (!cvyi_scan_word(scan, "last"))
            return cvyi_scan_expected(scan, "first or last");
    }
    if (!cvyi_scan_word(scan, "in"))
        return cvyi_scan_expected(scan, "its module");
    CVYI_TRY(
        cvyi_scan_int(&call->module, scan, 0, scan->graph->n_modules - 1));
    if (cvyi_scan_word(scan, "visit"))
        CVYI_TRY(
            cvyi_scan_int(&call->visit, scan, 0, scan->graph->n_visits - 1));
    CVYI_TRY(cvyi_scan_option(&call->label, scan, "label"));
    CVYI_TRY(cvyi_scan_option(&call->where, scan, "at"));
    call->argument = cvyi_scan_word(scan, "argument");
    if (cvyi_scan_word(scan, "origin"))
        CVYI_TRY(cvyi_scan_int(&call->origin, scan, 0, INT_MAX));
    return CVY_OK;
}

cvy_status cvyi_parse_call(cvyi_parser *parser)
{
    cvyi_scan *const scan = &parser->scan;
    cvyi_graph *const graph = scan->graph;
    cvyi_call call = { .axes = CVYI_AXES_LAST, .origin = -1 };
    const cvyi_op *op;
    cvyi_call *calls;

    for (int i = 0; i < CVYI_MAX_SLOTS; i++)
        call.params[i] = -1;
    CVYI_TRY(parse_outputs(&call, parser));
    CVYI_TRY(parse_operands(&call, &op, scan));
    CVYI_TRY(parse_all_attrs(&call, op, scan));
    CVYI_TRY(parse_rest(&call, scan));
    calls = cvyi_arena_grow(&graph->arena, graph->calls, graph->n_calls,
                            &graph->calls_capacity, sizeof *calls);
    if (calls == NULL)
        return cvyi_no_memory(scan->err);
    graph->calls = calls;
    calls[graph->n_calls] = call;
    CVYI_TRY(cvyi_call_check(graph, graph->n_calls, scan->err));
    graph->n_calls++;
    parser->last = CVYI_PART_CALL;
    return CVY_OK;
}
