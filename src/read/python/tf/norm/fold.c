/*
 * read/python/tf/norm/fold.c - norms that a script writes by hand, as
 * layers; and what changes nothing, as nothing.
 *
 *   (x - mean) / sqrt(variance + eps), times a weight, plus a bias
 *
 * with the mean and the variance of x itself over all axes but the channels',
 * or over these alone. Where a call completes such an expression, the norm
 * stands in its place, and what it was made of is needed no more.
 */
#include "read/python/tf/norm/norm.h"

#include "layer/marks.h"

#include <string.h>

enum { WEIGHT, BIAS }; /* of group_norm and layer_norm */

typedef struct norm {
    int x;
    bool inside[CVYI_MAX_DIMS]; /* axes of the mean and the variance */
    double eps;
    const cvyi_call *scaled; /* the product with a weight inside, or NULL */
} norm;

/* The call that made a result, if it is of that operator. */
static const cvyi_call *maker(const cvyi_graph *trace, int result,
                              const char *op)
{
    const int call = trace->results[result].call;

    return call >= 0 && strcmp(trace->calls[call].attrs.op->name, op) == 0
               ? &trace->calls[call]
               : NULL;
}

static const cvyi_call *function(const cvyi_graph *trace, int result,
                                 const char *name)
{
    const cvyi_call *const call = maker(trace, result, "pointwise");

    return call != NULL && cvyi_attr_is(&call->attrs, "function", name) ? call
                                                                        : NULL;
}

/* ---- means and variances ---- */

typedef struct reduction {
    int of;
    bool inside[CVYI_MAX_DIMS];
} reduction;

/* One that keeps the axes. */
static bool reduced(reduction *out, const cvyi_graph *trace, int result,
                    const char *kind)
{
    const int rank = trace->results[result].type.rank;
    const cvyi_call *call = maker(trace, result, "reduce");
    const bool pool = call == NULL;

    if (pool)
        call = maker(trace, result, "global_pool");
    if (call == NULL || !cvyi_attr_is(&call->attrs, "kind", kind) ||
        (pool && !cvyi_attr_bool(&call->attrs, "keepdims")))
        return false;
    *out = (reduction){ .of = call->in[0] };
    for (int i = 0; i < rank; i++)
        out->inside[i] =
            pool ? i > 0 && i != (call->axes == CVYI_AXES_FIRST ? 1 : rank - 1)
                 : cvyi_mark(&call->attrs, "axes", i) != 0;
    return true;
}

static bool same_axes(const reduction *a, const reduction *b)
{
    return memcmp(a->inside, b->inside, sizeof a->inside) == 0;
}

/* x - mean(x) */
static bool is_centred(reduction *out, const cvyi_graph *trace, int result)
{
    const cvyi_call *const less = maker(trace, result, "subtract");

    return less != NULL && less->n_in == 2 &&
           reduced(out, trace, less->in[1], "average") &&
           out->of == less->in[0];
}

/* A variance, or the mean of the squares of what is centred. */
static bool is_variance(reduction *out, const cvyi_graph *trace, int result)
{
    const cvyi_call *square;
    reduction centred;

    if (reduced(out, trace, result, "variance"))
        return true;
    if (!reduced(out, trace, result, "average"))
        return false;
    square = function(trace, out->of, "square");
    if (square == NULL || !is_centred(&centred, trace, square->in[0]) ||
        !same_axes(out, &centred))
        return false;
    out->of = centred.of;
    return true;
}

/* variance + eps */
static bool is_spread(reduction *out, double *eps, const cvyi_graph *trace,
                      int result)
{
    const cvyi_call *const sum = maker(trace, result, "rescale");
    const cvyi_attr_value *scale, *offset;

    *eps = 0;
    if (sum == NULL)
        return is_variance(out, trace, result);
    scale = cvyi_attr_at(&sum->attrs, "scale");
    offset = cvyi_attr_at(&sum->attrs, "offset");
    if (scale->n != 1 || offset->n != 1 || scale->reals[0] != 1 ||
        !(offset->reals[0] >= 0))
        return false;
    *eps = offset->reals[0];
    return is_variance(out, trace, sum->in[0]);
}

/* ---- the whole ---- */

/* sqrt(…), rsqrt(…), and the powers 0.5 and -0.5 of it. */
static bool is_root(reduction *out, double *eps, const cvyi_graph *trace,
                    int result, const char *root)
{
    const double half = strcmp(root, "sqrt") == 0 ? 0.5 : -0.5;
    const cvyi_call *call = function(trace, result, root);

    if (call == NULL) {
        call = function(trace, result, "power");
        if (call != NULL && cvyi_attr_real(&call->attrs, "a") != half)
            call = NULL;
    }
    return call != NULL && is_spread(out, eps, trace, call->in[0]);
}

/* left / sqrt(right), left * rsqrt(right); left may be times a weight. */
static bool is_norm(norm *out, const cvyi_graph *trace, int left, int right,
                    const char *root)
{
    reduction mean, variance;

    *out = (norm){ .scaled = maker(trace, left, "channel_scale") };
    if (out->scaled != NULL)
        left = out->scaled->in[0];
    if (!is_centred(&mean, trace, left) ||
        !is_root(&variance, &out->eps, trace, right, root) ||
        mean.of != variance.of || !same_axes(&mean, &variance))
        return false;
    out->x = mean.of;
    memcpy(out->inside, mean.inside, sizeof out->inside);
    return true;
}

static bool find_norm(norm *out, const cvyi_graph *trace, int result)
{
    const cvyi_call *call = maker(trace, result, "divide");

    if (call != NULL)
        return call->n_in == 2 &&
               is_norm(out, trace, call->in[0], call->in[1], "sqrt");
    call = maker(trace, result, "multiply");
    return call != NULL && call->n_in == 2 &&
           (is_norm(out, trace, call->in[0], call->in[1], "rsqrt") ||
            is_norm(out, trace, call->in[1], call->in[0], "rsqrt"));
}

/* Which of the operators it is; false: none of them. */
static bool choose(cvyi_attrs *attrs, cvyi_axes *axes, const cvyi_type *type,
                   const norm *n)
{
    const int rank = type->rank, last = rank - 1;
    int64_t marks[CVYI_MAX_DIMS] = { 0 }, channels;
    bool middle = true;
    int count = 0;

    for (int i = 0; i < rank; i++)
        count += n->inside[i];
    for (int i = 2; i < last; i++)
        middle = middle && n->inside[i];
    if (n->inside[0] || count == 0 || rank > 2 + CVYI_MAX_SPATIAL)
        return false;
    if (count == 1 && n->inside[last]) {
        marks[last] = 1;
        cvyi_attrs_open(attrs, cvyi_op_find("layer_norm"), 0);
        cvyi_set_ints(attrs, "axes", marks, rank);
        *axes = CVYI_AXES_LAST;
        return true;
    }
    if (rank < 3 || !middle || count < rank - 2)
        return false;
    *axes = n->inside[1] ? CVYI_AXES_LAST : CVYI_AXES_FIRST;
    if (!cvyi_size_constant(&channels,
                            type->dims[*axes == CVYI_AXES_FIRST ? 1 : last]))
        return false;
    cvyi_attrs_open(attrs, cvyi_op_find("group_norm"), rank - 2);
    cvyi_set_int(attrs, "groups", count == rank - 1 ? 1 : channels);
    return true;
}

static cvy_status add(int *result, cvyi_graph *trace, const cvyi_attrs *attrs,
                      cvyi_axes axes, int x, const int *params, cvy_error *err)
{
    int index;

    CVYI_TRY(cvyi_graph_add_call(&index, trace, attrs, axes, &x, 1, params, 0,
                                 err));
    *result = trace->calls[index].out[0];
    return CVY_OK;
}

/* ---- weight and bias ---- */

static const cvyi_call *norm_before(const cvyi_graph *trace, int result,
                                    cvyi_axes axes)
{
    const cvyi_call *const group = maker(trace, result, "group_norm");
    const cvyi_call *const layer = maker(trace, result, "layer_norm");
    const cvyi_call *const found = group != NULL ? group : layer;

    return found != NULL && found->axes == axes ? found : NULL;
}

/* The weight comes first, and each once. */
static bool find_affine(const cvyi_call **of, int *params,
                        const cvyi_graph *trace, int result)
{
    const cvyi_call *call = maker(trace, result, "channel_scale");
    const bool bias = call == NULL;

    if (bias)
        call = maker(trace, result, "channel_bias");
    if (call == NULL || call->params[0] < 0)
        return false;
    *of = norm_before(trace, call->in[0], call->axes);
    if (*of == NULL || (*of)->params[BIAS] >= 0 ||
        (!bias && (*of)->params[WEIGHT] >= 0))
        return false;
    memcpy(params, (*of)->params, CVYI_MAX_SLOTS * sizeof *params);
    params[bias ? BIAS : WEIGHT] = call->params[0];
    return true;
}

/* ---- reshapes ---- */

static bool is_reshape(const cvyi_call *call)
{
    static const char *const names[] = { "reshape", "flatten", "squeeze",
                                         "expand" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(call->attrs.op->name, names[i]) == 0)
            return call->n_in == 1;
    return false;
}

static bool same_type(const cvyi_type *a, const cvyi_type *b)
{
    bool same = a->rank == b->rank;

    for (int i = 0; same && i < a->rank; i++)
        same = a->dims[i] == b->dims[i];
    return same;
}

/* A reshape to a shape that there was, with nothing but reshapes between:
 * tf.reshape(x, tf.shape(x)), and means that get back the axes they lost. */
static int origin_of(const cvyi_graph *trace, int result)
{
    const cvyi_type *const to = &trace->results[result].type;
    int from = result;

    for (int call = trace->results[from].call;
         call >= 0 && is_reshape(&trace->calls[call]);
         call = trace->results[from].call) {
        from = trace->calls[call].in[0];
        if (same_type(&trace->results[from].type, to))
            return from;
    }
    return -1;
}

/* ---- norms of groups ---- */

static bool is_equal(const cvyi_size *a, const cvyi_size *b, int n)
{
    bool same = true;

    for (int i = 0; i < n; i++)
        same = same && a[i] == b[i];
    return same;
}

/* A norm by hand, or what was one and has been folded: all but axis 1. */
static bool find_norm_before(norm *out, const cvyi_graph *trace, int result)
{
    const cvyi_call *const call = maker(trace, result, "group_norm");
    int64_t channels;

    if (call == NULL)
        return find_norm(out, trace, result);
    *out =
        (norm){ .x = call->in[0], .eps = cvyi_attr_real(&call->attrs, "eps") };
    for (int i = 2; i < trace->results[out->x].type.rank; i++)
        out->inside[i] = true;
    return call->axes == CVYI_AXES_FIRST && call->params[WEIGHT] < 0 &&
           call->params[BIAS] < 0 &&
           cvyi_size_constant(&channels,
                              trace->results[out->x].type.dims[1]) &&
           cvyi_attr_int(&call->attrs, "groups") == channels;
}

/* x as [N, S..., groups, C / groups], or [N, groups, C / groups, S...], is
 * normed over all but batch and groups, and gets its shape again. */
static bool find_groups(norm *out, int64_t *groups, cvyi_axes *axes,
                        const cvyi_graph *trace, int result)
{
    const cvyi_call *const back = maker(trace, result, "reshape");
    const cvyi_call *apart;
    const cvyi_type *parts, *whole;
    int rank, at;

    if (back == NULL || !find_norm_before(out, trace, back->in[0]) ||
        out->scaled != NULL)
        return false;
    apart = maker(trace, out->x, "reshape");
    if (apart == NULL)
        return false;
    parts = &trace->results[out->x].type;
    whole = &trace->results[apart->in[0]].type;
    rank = whole->rank;
    at = out->inside[1] ? rank - 1 : 1; /* where the groups stand */
    if (rank < 3 || rank > 2 + CVYI_MAX_SPATIAL || parts->rank != rank + 1 ||
        !same_type(whole, &trace->results[result].type) ||
        !cvyi_size_constant(groups, parts->dims[at]))
        return false;
    for (int i = 0; i < parts->rank; i++)
        if (out->inside[i] != (i != 0 && i != at))
            return false;
    *axes = at == 1 ? CVYI_AXES_FIRST : CVYI_AXES_LAST;
    out->x = apart->in[0];
    return at == 1 ? is_equal(parts->dims + 3, whole->dims + 2, rank - 2) &&
                         parts->dims[0] == whole->dims[0]
                   : is_equal(parts->dims, whole->dims, rank - 1);
}

cvy_status cvyi_tf_fold(int *result, cvyi_graph *trace, cvy_error *err)
{
    int params[CVYI_MAX_SLOTS];
    const cvyi_call *before;
    cvyi_attrs attrs;
    cvyi_axes axes;
    int64_t groups;
    norm n;

    if (origin_of(trace, *result) >= 0) {
        *result = origin_of(trace, *result);
        return CVY_OK;
    }
    if (find_affine(&before, params, trace, *result)) {
        attrs = before->attrs;
        return add(result, trace, &attrs, before->axes, before->in[0], params,
                   err);
    }
    if (find_groups(&n, &groups, &axes, trace, *result)) {
        cvyi_attrs_open(&attrs, cvyi_op_find("group_norm"),
                        trace->results[n.x].type.rank - 2);
        cvyi_set_int(&attrs, "groups", groups);
    } else if (!find_norm(&n, trace, *result) ||
               !choose(&attrs, &axes, &trace->results[n.x].type, &n) ||
               (n.scaled != NULL && n.scaled->axes != axes)) {
        return CVY_OK;
    }
    cvyi_set_real(&attrs, "eps", n.eps);
    for (int i = 0; i < CVYI_MAX_SLOTS; i++)
        params[i] = -1;
    if (n.scaled != NULL)
        params[WEIGHT] = n.scaled->params[0];
    return add(result, trace, &attrs, axes, n.x, params, err);
}

bool cvyi_tf_folded(const cvyi_call *call)
{
    return strcmp(call->attrs.op->name, "group_norm") == 0 ||
           strcmp(call->attrs.op->name, "layer_norm") == 0;
}
