/*
 * verify/cause.c - why a layer of a port may be wrong.
 *
 * The faults that ports really have are few: a border on the wrong side, an
 * attribute with another value, kernel axes in another order, a flattened
 * order that no weight follows. Each is a question asked in turn; the first
 * that says yes is the answer.
 */
#include "layer/window.h"
#include "verify/parts.h"

#include <math.h>
#include <string.h>

typedef struct pair {
    cvyi_arena *arena;
    const cvyi_graph *source, *port;
    const cvyi_call *from, *to;
} pair;

static const char *border_name(const cvyi_op *op)
{
    for (const cvyi_attr *a = op->attrs; a->name != NULL; a++)
        if (a->kind == CVYI_ATTR_BORDER)
            return a->name;
    return NULL;
}

/* The pad call in the same layer that feeds the call, or the call itself:
 * whoever holds the port's border. */
static const cvyi_call *border_holder(const pair *p)
{
    const int r = p->to->in[0];
    const int maker = p->port->results[r].call;

    if (maker >= 0 && p->port->calls[maker].module == p->to->module &&
        p->port->calls[maker].origin < 0 &&
        border_name(p->port->calls[maker].attrs.op) != NULL)
        return &p->port->calls[maker];
    return p->to;
}

/* What a call's border adds; false if that depends on an unknown size. */
static bool amounts(cvyi_border *out, const cvyi_graph *graph,
                    const cvyi_call *call, int n)
{
    const cvyi_attrs *const attrs = &call->attrs;
    const cvyi_type *const in = &graph->results[call->in[0]].type;
    const int first = call->axes == CVYI_AXES_FIRST ? 2 : 1;

    for (int i = 0; i < n; i++) {
        cvy_border amount;
        int64_t length;

        if (!cvyi_window_fixed(&amount, attrs, i) &&
            (!cvyi_size_constant(&length, in->dims[first + i]) ||
             cvyi_window_border(&amount, attrs, i, length, NULL) != CVY_OK))
            return false;
        out->before[i] = amount.before;
        out->after[i] = amount.after;
    }
    return true;
}

static const char *border(const pair *p)
{
    const cvyi_call *const holder = border_holder(p);
    cvyi_border want, have;
    bool equal = true, swapped = true;
    int n = 0;

    if (border_name(p->from->attrs.op) == NULL ||
        cvyi_attr_index(p->from->attrs.op, "taps") < 0)
        return NULL;
    cvyi_attr_ints(&p->from->attrs, "taps", &n);
    have = *cvyi_attr_border(&holder->attrs, border_name(holder->attrs.op));
    if (have.rule != CVYI_BORDER_GIVEN ||
        !amounts(&want, p->source, p->from, n) ||
        !amounts(&have, p->port, holder, n))
        return NULL;
    for (int i = 0; i < n; i++) {
        equal &=
            have.before[i] == want.before[i] && have.after[i] == want.after[i];
        swapped &=
            have.before[i] == want.after[i] && have.after[i] == want.before[i];
    }
    if (equal)
        return NULL;
    for (int i = 0; i < n; i++)
        if (have.before[i] != want.before[i] || have.after[i] != want.after[i])
            return cvyi_arena_printf(
                p->arena,
                "border %s: the source adds %lld before and %lld after on "
                "spatial axis %d, the port %lld and %lld",
                swapped ? "on the wrong side" : "of another size",
                (long long)want.before[i], (long long)want.after[i], i,
                (long long)have.before[i], (long long)have.after[i]);
    return NULL;
}

/* Attributes besides borders (`ceil` says how they end) and axes, which the
 * passes change rightly. */
static const char *attribute(const pair *p)
{
    const cvyi_op *const op = p->from->attrs.op;

    if (p->to->attrs.op != op)
        return cvyi_arena_printf(p->arena,
                                 "another operator: %s in the source, %s in "
                                 "the port",
                                 op->name, p->to->attrs.op->name);
    for (int i = 0; op->attrs[i].name != NULL; i++) {
        const cvyi_attr *const a = &op->attrs[i];
        cvyi_text x = { 0 }, y = { 0 };
        const char *why = NULL;

        if (a->kind == CVYI_ATTR_BORDER || a->kind == CVYI_ATTR_AXIS ||
            a->kind == CVYI_ATTR_PLACE || a->kind == CVYI_ATTR_MARKS ||
            a->kind == CVYI_ATTR_SIZES || strcmp(a->name, "ceil") == 0)
            continue;
        cvyi_attr_print(&x, a, &p->from->attrs.at[i]);
        cvyi_attr_print(&y, a, &p->to->attrs.at[i]);
        if (strcmp(cvyi_text_c(&x), cvyi_text_c(&y)) != 0)
            why = cvyi_arena_printf(p->arena,
                                    "%s differs: %s in the source, %s in the "
                                    "port",
                                    a->name, cvyi_text_c(&x), cvyi_text_c(&y));
        cvyi_text_close(&x);
        cvyi_text_close(&y);
        if (why != NULL)
            return why;
    }
    return NULL;
}

static bool same_blocks(const cvyi_param *param, const cvyi_arrangement *a)
{
    if (param->n_blocks != a->n_blocks)
        return false;
    for (int i = 0; i < a->n_blocks; i++) {
        const cvyi_feature_block *const x = &param->blocks[i];
        const cvyi_feature_block *const y = &a->blocks[i];

        if (x->rank != y->rank ||
            memcmp(x->dims, y->dims, (size_t)x->rank * sizeof *x->dims) ||
            memcmp(x->order, y->order, (size_t)x->rank * sizeof *x->order))
            return false;
    }
    return true;
}

static const char *flatten_order(const pair *p)
{
    const cvyi_arrangement *const a =
        &p->port->results[p->to->in[0]].arrangement;
    const cvyi_features features = p->to->attrs.op->features;

    if (features == CVYI_FEATURES_COLLAPSE)
        return "flatten order: the axes are flattened in another order than "
               "the port says";
    if (features != CVYI_FEATURES_CONTRACT || p->to->params[0] < 0 ||
        same_blocks(&p->port->params[p->to->params[0]], a))
        return NULL;
    return "flatten order: the weight does not follow the order in which its "
           "input was flattened";
}

/* Both parameters in neutral shape, packed. */
static bool neutral(cvy_view *out, const cvyi_param *param, cvyi_arena *arena)
{
    cvyi_param plain = *param;
    cvyi_shape shape;
    cvy_view atoms, copy;
    int64_t n;

    plain.n_blocks = 0; /* flatten_order has looked at these */
    if (param->stored.data == NULL ||
        cvyi_param_view(&atoms, &shape, &plain, arena, NULL) != CVY_OK ||
        cvyi_tensor_open(&copy, CVY_F32, atoms.rank, atoms.dims, NULL) !=
            CVY_OK)
        return false;
    n = cvy_view_count(&copy);
    if (cvyi_copy(&copy, &atoms, NULL) != CVY_OK || n == 0) {
        cvyi_tensor_close(&copy);
        return false;
    }
    *out = cvyi_packed(copy.data, CVY_F32, shape.rank, shape.dims);
    return true;
}

static bool equal_views(const cvy_view *a, const cvy_view *b)
{
    int64_t at[CVY_MAX_RANK] = { 0 };

    if (a->rank != b->rank ||
        memcmp(a->dims, b->dims, (size_t)a->rank * sizeof *a->dims) != 0)
        return false;
    do {
        const float x = ((const float *)a->data)[cvyi_offset(a, at)];
        const float y = ((const float *)b->data)[cvyi_offset(b, at)];

        if (!(x == y || (isnan(x) && isnan(y))))
            return false;
    } while (cvyi_next(a->rank, a->dims, at));
    return true;
}

/* Is one the other with two axes swapped? */
static bool swapped_axes(const cvy_view *a, const cvy_view *b, int *i, int *j)
{
    for (*i = 0; *i < a->rank; ++*i)
        for (*j = *i + 1; *j < a->rank; ++*j) {
            int axes[CVY_MAX_RANK];
            cvy_view turned;

            for (int k = 0; k < a->rank; k++)
                axes[k] = k == *i ? *j : k == *j ? *i : k;
            turned = cvyi_permuted(b, axes);
            if (equal_views(a, &turned))
                return true;
        }
    return false;
}

static const char *weight(const pair *p)
{
    const cvyi_op *const op = p->from->attrs.op;
    const char *why = NULL;

    for (int s = 0;
         why == NULL && op->slots != NULL && op->slots[s].name != NULL; s++) {
        const int a = p->from->params[s], b = p->to->params[s];
        cvy_view x, y = { 0 };
        int i, j;

        if ((a < 0) != (b < 0))
            return cvyi_arena_printf(p->arena, "%s is missing on one side",
                                     op->slots[s].name);
        if (a < 0 || !neutral(&x, &p->source->params[a], p->arena))
            continue;
        if (neutral(&y, &p->port->params[b], p->arena)) {
            if (!equal_views(&x, &y))
                why =
                    swapped_axes(&x, &y, &i, &j)
                        ? cvyi_arena_printf(p->arena,
                                            "kernel axes: axes %d and %d "
                                            "of `%s` are swapped",
                                            i, j, op->slots[s].name)
                        : cvyi_arena_printf(p->arena, "`%s` has other values",
                                            op->slots[s].name);
            cvyi_tensor_close(&y);
        }
        cvyi_tensor_close(&x);
    }
    return why;
}

/* Does the port read what the source reads? */
static const char *wiring(const pair *p)
{
    for (int k = 0; k < p->from->n_in && k < p->to->n_in; k++) {
        const int r = p->to->in[k];
        const int origin = p->port->results[r].origin;
        const int skipped = p->from->in[k];

        if (origin >= 0 && origin != skipped)
            return cvyi_arena_printf(
                p->arena, "it reads another value than in the source%s",
                p->source->results[skipped].call >= 0 ? ": a layer before it "
                                                        "is left out"
                                                      : "");
    }
    return NULL;
}

const char *cvyi_likely_cause(cvyi_arena *arena, const cvyi_graph *source,
                              int source_call, const cvyi_graph *port,
                              int port_call)
{
    static const char *(*const questions[])(const pair *) = {
        attribute, border, flatten_order, weight, wiring,
    };
    pair p = { arena, source, port, &source->calls[source_call], NULL };

    if (port_call < 0)
        return cvyi_arena_printf(arena,
                                 "missing: the port has no call for this %s",
                                 p.from->argument ? "activation" : "layer");
    p.to = &port->calls[port_call];
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        const char *const why = questions[i](&p);

        if (why != NULL)
            return why;
    }
    return "unknown: attributes and weights agree";
}
