/*
 * read/python/tf/norm/group.c - convolutions in groups, as scripts
 * write them that split the input and the filters, convolve part by part and
 * join the results.
 *
 * A part of a variable is no weight of its own, and what one part gives is no
 * tensor: only all of them together are, which is one convolution.
 */
#include "read/python/tf/norm/norm.h"

#include "layer/marks.h"
#include "read/python/std/std.h"

#include <string.h>

typedef struct part { /* of a variable, along its last axis */
    const cvyi_tf_variable *variable;
    int64_t start, length;
} part;

typedef struct group {
    const char *dotted;
    const cvyi_py_call_args *args;
    int x;                 /* what the input is a part of, or itself */
    int64_t start, length; /* length 0: itself */
    const part *filters;
    int results; /* that the trace had when it was made */
} group;

static bool is_host(const cvyi_py_value *value, const cvyi_py_host_type *type)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
           value->host.type == type;
}

static bool is_list(const cvyi_py_value *value)
{
    return value != NULL &&
           (value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE);
}

/* ---- parts of a variable ---- */

static cvy_status part_get(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self, const char *name,
                           cvy_error *err);

static const cvyi_py_host_type part_type = {
    .name = "a part of a variable",
    .get = part_get,
    .binary = cvyi_tf_binary,
    .unary = cvyi_tf_unary,
    .item = cvyi_tf_item,
};

static cvy_status part_shape(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const part *const p = self->host.data;
    const cvyi_shape *const shape = &p->variable->shape;
    cvyi_size dims[CVYI_MAX_DIMS];

    (void)args;
    for (int i = 0; i < shape->rank; i++)
        dims[i] =
            cvyi_size_of(&cvyi_tf_of(eval)->trace->sizes,
                         i == shape->rank - 1 ? p->length : shape->dims[i]);
    return cvyi_tf_make_shape(out, eval, shape->rank, dims, err);
}

static const cvyi_py_host_type shape_type = {
    .name = "a method of a variable",
    .call = part_shape,
};

static cvy_status part_get(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self, const char *name,
                           cvy_error *err)
{
    if (strcmp(name, "shape") == 0)
        return part_shape(out, eval, self, NULL, err);
    if (strcmp(name, "get_shape") == 0) {
        *out = cvyi_py_host_value(&shape_type, self->host.data);
        return CVY_OK;
    }
    return cvyi_py_make_opaque(out, eval, err, "%s of a part of a variable",
                               name);
}

/* tf.split(W, 2, 3), and of old tf.split(3, 2, W); *known false: this is no
 * split of a variable into equal parts of its last axis. */
static cvy_status split(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                        const cvyi_py_call_args *args, cvy_error *err)
{
    enum { MOST = 64 };
    const bool old =
        args->n >= 3 && is_host(&args->values[2], &cvyi_tf_variable_type);
    const cvyi_py_value *const value = cvyi_tf_arg(args, old ? 2 : 0, "value");
    const cvyi_py_value *const n = cvyi_tf_arg(args, 1, "num_or_size_splits");
    const cvyi_py_value *axis = cvyi_tf_arg(args, old ? 0 : 2, "axis");
    const cvyi_tf_variable *v;
    cvyi_py_value items[MOST];
    int64_t length;
    part *parts;

    if (axis == NULL)
        axis = cvyi_tf_arg(args, -1, "split_dim");
    *known = is_host(value, &cvyi_tf_variable_type) && n != NULL &&
             axis != NULL && n->type == CVYI_PY_V_INT &&
             axis->type == CVYI_PY_V_INT && n->integer > 0 &&
             n->integer <= MOST;
    if (!*known)
        return CVY_OK;
    v = value->host.data;
    *known = v->shape.rank > 0 &&
             (axis->integer == -1 || axis->integer == v->shape.rank - 1);
    length = *known ? v->shape.dims[v->shape.rank - 1] : 0;
    *known = *known && length % n->integer == 0;
    if (!*known)
        return CVY_OK;
    parts = cvyi_arena_alloc(cvyi_tf_of(eval)->arena, (size_t)n->integer,
                             sizeof *parts);
    if (parts == NULL)
        return cvyi_no_memory(err);
    length /= n->integer;
    for (int64_t i = 0; i < n->integer; i++) {
        parts[i] = (part){ v, i * length, length };
        items[i] = cvyi_py_host_value(&part_type, &parts[i]);
    }
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, items, (int)n->integer,
                            err);
}

/* ---- one group ---- */

static const cvyi_py_host_type group_type = {
    .name = "one group of a convolution",
    .binary = cvyi_tf_binary,
    .unary = cvyi_tf_unary,
    .item = cvyi_tf_item,
};

int cvyi_tf_group_at(const cvyi_py_value *value)
{
    return is_host(value, &group_type)
               ? ((const group *)value->host.data)->results
               : -1;
}

static bool is_convolution(const char *dotted)
{
    return strcmp(dotted, "tf.nn.conv2d") == 0 ||
           strcmp(dotted, "tf.nn.conv1d") == 0 ||
           strcmp(dotted, "tf.nn.convolution") == 0;
}

static const cvyi_py_value *input_of(const cvyi_py_call_args *args)
{
    const cvyi_py_value *x = cvyi_tf_arg(args, 0, "input");

    return x != NULL ? x : cvyi_tf_arg(args, -1, "value");
}

static const cvyi_py_value *filters_of(const cvyi_py_call_args *args)
{
    const cvyi_py_value *w = cvyi_tf_arg(args, 1, "filter");

    return w != NULL ? w : cvyi_tf_arg(args, -1, "filters");
}

/* Channels first are not split along the last axis. */
static bool is_last(const cvyi_py_call_args *args)
{
    const char *const format =
        cvyi_tf_text(cvyi_tf_arg(args, -1, "data_format"));

    return format == NULL || strncmp(format, "NC", 2) != 0;
}

/* Of what the input is a part along the last axis alone. */
static void find_whole(group *out, const cvyi_graph *trace, int x)
{
    const int made = trace->results[x].call;
    const cvyi_call *const call = made >= 0 ? &trace->calls[made] : NULL;
    const int last = trace->results[x].type.rank - 1;
    int64_t all;

    *out = (group){ .x = x };
    if (call == NULL || strcmp(call->attrs.op->name, "slice") != 0 ||
        trace->results[call->in[0]].type.rank != last + 1)
        return;
    for (int i = 0; i <= last; i++)
        if (cvyi_mark(&call->attrs, "step", i) > 1 ||
            (i < last && (cvyi_mark(&call->attrs, "before", i) != 0 ||
                          cvyi_mark(&call->attrs, "after", i) != 0)))
            return;
    if (!cvyi_size_constant(&all, trace->results[call->in[0]].type.dims[last]))
        return;
    out->x = call->in[0];
    out->start = cvyi_mark(&call->attrs, "before", last);
    out->length = all - out->start - cvyi_mark(&call->attrs, "after", last);
}

static cvy_status convolve(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *dotted, const cvyi_py_call_args *args,
                           cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_py_value *const x = input_of(args);
    cvyi_py_call_args *kept;
    group *g;

    *known = is_host(filters_of(args), &part_type) && x != NULL &&
             cvyi_tf_result(x) >= 0 && is_last(args);
    if (!*known)
        return CVY_OK;
    g = cvyi_arena_alloc(host->arena, 1, sizeof *g);
    kept = cvyi_arena_alloc(host->arena, 1, sizeof *kept);
    if (g == NULL || kept == NULL || !cvyi_tf_keep_args(kept, eval, args))
        return cvyi_no_memory(err);
    find_whole(g, host->trace, cvyi_tf_result(x));
    g->dotted = dotted;
    g->args = kept;
    g->filters = filters_of(args)->host.data;
    g->results = host->trace->n_results;
    *out = cvyi_py_host_value(&group_type, g);
    return CVY_OK;
}

/* ---- all groups together ---- */

static bool is_operand(const cvyi_py_call_args *args, const cvyi_py_value *v)
{
    return v == input_of(args) || v == filters_of(args);
}

/* But for input and filters, and the name. */
static cvy_status same_call(bool *same, cvyi_py_eval *eval, const group *a,
                            const group *b, cvy_error *err)
{
    const cvyi_py_call_args *const p = a->args, *const q = b->args;

    *same = strcmp(a->dotted, b->dotted) == 0 && p->n == q->n &&
            p->n_keywords == q->n_keywords;
    for (int i = 0; *same && i < p->n; i++)
        if (!is_operand(p, &p->values[i]) || !is_operand(q, &q->values[i]))
            CVYI_TRY(
                cvyi_py_same(same, eval, &p->values[i], &q->values[i], err));
    for (int i = 0; *same && i < p->n_keywords; i++) {
        const cvyi_py_value *const one = &p->keyword_values[i];
        const cvyi_py_value *const other = &q->keyword_values[i];

        *same = strcmp(p->keywords[i], q->keywords[i]) == 0;
        if (*same && strcmp(p->keywords[i], "name") != 0 &&
            (!is_operand(p, one) || !is_operand(q, other)))
            CVYI_TRY(cvyi_py_same(same, eval, one, other, err));
    }
    return CVY_OK;
}

/* Does group number i follow on those before it? */
static bool follows(const group *g, const group *first, int i)
{
    return g->filters->variable == first->filters->variable &&
           g->filters->start == i * first->filters->length &&
           g->filters->length == first->filters->length && g->x == first->x &&
           g->length == first->length && g->start == i * first->length;
}

static bool is_whole(const cvyi_graph *trace, const group *first, int n)
{
    const cvyi_shape *const shape = &first->filters->variable->shape;
    const cvyi_type *const type = &trace->results[first->x].type;
    int64_t all;

    return n * first->filters->length == shape->dims[shape->rank - 1] &&
           (first->length == 0 ||
            (cvyi_size_constant(&all, type->dims[type->rank - 1]) &&
             n * first->length == all));
}

/* The one call: the first group's, with the whole input and all filters. */
static cvy_status join(cvyi_py_value *out, cvyi_py_eval *eval,
                       const group *first, cvy_error *err)
{
    cvyi_py_call_args whole;
    cvyi_py_value *x, *filters;
    bool known;

    if (!cvyi_tf_keep_args(&whole, eval, first->args))
        return cvyi_no_memory(err);
    x = (cvyi_py_value *)(uintptr_t)input_of(&whole);
    filters = (cvyi_py_value *)(uintptr_t)filters_of(&whole);
    CVYI_TRY(cvyi_tf_make_tensor(x, eval, first->x, err));
    *filters = cvyi_py_host_value(&cvyi_tf_variable_type,
                                  (void *)(uintptr_t)first->filters->variable);
    return cvyi_tf_words(out, &known, eval, first->dotted, &whole, err);
}

static cvy_status refuse(cvyi_py_value *out, cvyi_py_eval *eval,
                         cvy_error *err)
{
    return cvyi_py_make_opaque(out, eval, err,
                               "parts of a variable are weights here in "
                               "another way than all of them in order, joined "
                               "along the last axis");
}

static cvy_status concat(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    const bool old = args->n >= 2 && is_list(&args->values[1]);
    const cvyi_graph *const trace = cvyi_tf_of(eval)->trace;
    const cvyi_py_value *const values = cvyi_tf_arg(args, old, "values");
    const cvyi_py_value *axis = cvyi_tf_arg(args, !old, "axis");
    const group *first;
    bool good = true;

    if (axis == NULL)
        axis = cvyi_tf_arg(args, -1, "concat_dim");
    *known = false;
    for (int i = 0; is_list(values) && i < values->seq->n; i++)
        *known = *known || is_host(&values->seq->items[i], &group_type);
    if (!*known)
        return CVY_OK;
    if (!is_host(&values->seq->items[0], &group_type) || axis == NULL ||
        axis->type != CVYI_PY_V_INT)
        return refuse(out, eval, err);
    first = values->seq->items[0].host.data;
    good = axis->integer == -1 ||
           axis->integer == trace->results[first->x].type.rank - 1;
    for (int i = 0; good && i < values->seq->n; i++) {
        const cvyi_py_value *const item = &values->seq->items[i];

        good =
            is_host(item, &group_type) && follows(item->host.data, first, i);
        if (good)
            CVYI_TRY(same_call(&good, eval, first, item->host.data, err));
    }
    return good && is_whole(trace, first, values->seq->n)
               ? join(out, eval, first, err)
               : refuse(out, eval, err);
}

cvy_status cvyi_tf_grouped(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *dotted, const cvyi_py_call_args *args,
                           cvy_error *err)
{
    *known = false;
    if (cvyi_tf_first_opaque(args) != NULL)
        return CVY_OK;
    if (strcmp(dotted, "tf.split") == 0)
        return split(out, known, eval, args, err);
    if (strcmp(dotted, "tf.concat") == 0)
        return concat(out, known, eval, args, err);
    return is_convolution(dotted)
               ? convolve(out, known, eval, dotted, args, err)
               : CVY_OK;
}
