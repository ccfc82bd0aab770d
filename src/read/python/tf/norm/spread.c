/*
 * read/python/tf/norm/spread.c - batch norms that a script writes by hand.
 *
 *   (x - mean) / sqrt(variance + eps) * gamma + beta
 *
 * of variables is the norm that tf.nn.batch_normalization computes. The root
 * of a variable is no tensor of its own; divided by, it makes the norm.
 */
#include "read/python/tf/norm/norm.h"

#include <math.h>
#include <string.h>

typedef struct spread {
    const cvyi_tf_variable *variance;
    double eps, power; /* (variance + eps)^power: 1, 0.5 or -0.5 */
} spread;

static const cvyi_py_host_type spread_type = {
    .name = "the root of a variable",
    .binary = cvyi_tf_binary,
    .unary = cvyi_tf_unary,
    .item = cvyi_tf_item,
};

static const cvyi_tf_variable *variable_of(const cvyi_py_value *value)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
                   value->host.type == &cvyi_tf_variable_type
               ? value->host.data
               : NULL;
}

/* A variable is itself with nothing added. */
static bool find_spread(spread *out, const cvyi_py_value *value)
{
    const cvyi_tf_variable *const v = variable_of(value);

    if (v != NULL)
        *out = (spread){ v, 0, 1 };
    else if (value != NULL && value->type == CVYI_PY_V_HOST &&
             value->host.type == &spread_type)
        *out = *(const spread *)value->host.data;
    else
        return false;
    return out->variance->shape.rank == 1;
}

static cvy_status make(cvyi_py_value *out, cvyi_py_eval *eval, spread s,
                       cvy_error *err)
{
    spread *const kept =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *kept);

    if (kept == NULL)
        return cvyi_no_memory(err);
    *kept = s;
    *out = cvyi_py_host_value(&spread_type, kept);
    return CVY_OK;
}

/* tf.add of "tf.add" and "tf.math.add" */
static bool is_function(const char *dotted, const char *name)
{
    const char *const bare = strncmp(dotted, "tf.math.", 8) == 0 ? dotted + 8
                             : strncmp(dotted, "tf.", 3) == 0    ? dotted + 3
                                                                 : "";

    return strcmp(bare, name) == 0;
}

/* variance + eps, and roots of it. *known false: it is none of them. */
static cvy_status grow(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                       const char *dotted, const cvyi_py_value *a,
                       const cvyi_py_value *b, cvy_error *err)
{
    const bool turned = variable_of(b) != NULL;
    const double number =
        b != NULL ? cvyi_tf_number(turned ? a : b, NAN) : NAN;
    spread s;

    *known = find_spread(&s, turned ? b : a) && s.power == 1;
    if (!*known)
        return CVY_OK;
    if (is_function(dotted, "add") && s.eps == 0 && number >= 0)
        s.eps = number;
    else if (is_function(dotted, "sqrt"))
        s.power = 0.5;
    else if (is_function(dotted, "rsqrt"))
        s.power = -0.5;
    else if (is_function(dotted, "pow") && !turned && fabs(number) == 0.5)
        s.power = number;
    else
        *known = false;
    return *known ? make(out, eval, s, err) : CVY_OK;
}

/* ---- the norm ---- */

/* x - mean, maybe times gamma. */
typedef struct centred {
    int x;
    const cvyi_tf_variable *mean, *gamma;
} centred;

static const cvyi_call *maker(const cvyi_tf_host *host, int result,
                              const char *op)
{
    const int call = host->trace->results[result].call;

    return call >= 0 &&
                   strcmp(host->trace->calls[call].attrs.op->name, op) == 0
               ? &host->trace->calls[call]
               : NULL;
}

/* One number for each element of the last axis? */
static bool is_vector(const cvyi_tf_host *host, const cvyi_tf_variable *v,
                      int x)
{
    const cvyi_type *const type = &host->trace->results[x].type;
    int64_t channels;

    return v->shape.rank == 1 && type->rank > 1 &&
           cvyi_size_constant(&channels, type->dims[type->rank - 1]) &&
           channels == v->shape.dims[0];
}

static bool find_centred(centred *out, const cvyi_tf_host *host, int result)
{
    const cvyi_call *const scale = maker(host, result, "channel_scale");
    const cvyi_call *const less =
        maker(host, scale != NULL ? scale->in[0] : result, "combine");

    if (less == NULL || !cvyi_attr_is(&less->attrs, "way", "subtract"))
        return false;
    *out =
        (centred){ .x = less->in[0], .mean = host->params[less->params[0]] };
    if (scale != NULL)
        out->gamma = host->params[scale->params[0]];
    return is_vector(host, out->mean, out->x) &&
           (scale == NULL || is_vector(host, out->gamma, out->x));
}

static cvyi_py_value value_of(const cvyi_tf_variable *v)
{
    return v != NULL ? cvyi_py_host_value(&cvyi_tf_variable_type,
                                          (void *)(uintptr_t)v)
                     : cvyi_py_none();
}

static cvy_status norm(cvyi_py_value *out, cvyi_py_eval *eval,
                       const centred *c, const cvyi_tf_variable *beta,
                       const spread *s, cvy_error *err)
{
    cvyi_py_value values[6] = { cvyi_py_none(),        value_of(c->mean),
                                value_of(s->variance), value_of(beta),
                                value_of(c->gamma),    cvyi_py_float(s->eps) };
    const cvyi_py_call_args args = { .n = 6, .values = values };
    bool known;

    CVYI_TRY(cvyi_tf_make_tensor(&values[0], eval, c->x, err));
    CVYI_TRY(cvyi_tf_words(out, &known, eval, "tf.nn.batch_normalization",
                           &args, err));
    if (cvyi_tf_result(out) >= 0)
        cvyi_tf_of(eval)->normed = cvyi_tf_result(out);
    return CVY_OK;
}

enum { SCALE, SHIFT, MEAN, VARIANCE }; /* slots of batch_norm */

/* The norm that was made last, times a weight or plus a bias. */
static cvy_status extend(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                         const char *dotted, const cvyi_py_value *a,
                         const cvyi_py_value *b, cvy_error *err)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    const cvyi_tf_variable *const v =
        variable_of(a) != NULL ? variable_of(a) : variable_of(b);
    const cvyi_py_value *const y = variable_of(a) != NULL ? b : a;
    const bool shifts = is_function(dotted, "add");
    const int result = v != NULL && y != NULL ? cvyi_tf_result(y) : -1;
    const cvyi_call *before;

    *known = result > 0 && result == host->normed;
    before = *known ? maker(host, result, "batch_norm") : NULL;
    *known = before != NULL && is_vector(host, v, before->in[0]) &&
             before->params[SHIFT] < 0 &&
             (shifts ||
              (is_function(dotted, "multiply") && before->params[SCALE] < 0));
    if (!*known)
        return CVY_OK;

    const centred c = { .x = before->in[0],
                        .mean = host->params[before->params[MEAN]],
                        .gamma = !shifts ? v
                                 : before->params[SCALE] >= 0
                                     ? host->params[before->params[SCALE]]
                                     : NULL };
    const spread s = { .variance = host->params[before->params[VARIANCE]],
                       .eps = cvyi_attr_real(&before->attrs, "eps") };

    return norm(out, eval, &c, shifts ? v : NULL, &s, err);
}

/* left / root, left * reciprocal root */
static cvy_status divide(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                         const char *dotted, const cvyi_py_value *a,
                         const cvyi_py_value *b, cvy_error *err)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    const bool times = is_function(dotted, "multiply");
    spread s;
    const bool turned = times && find_spread(&s, a);
    const cvyi_py_value *const left = turned ? b : a;
    centred c;

    *known = (times || is_function(dotted, "divide")) &&
             find_spread(&s, turned ? a : b) &&
             s.power == (times ? -0.5 : 0.5) && left != NULL &&
             cvyi_tf_result(left) >= 0 &&
             find_centred(&c, host, cvyi_tf_result(left));
    return *known ? norm(out, eval, &c, NULL, &s, err) : CVY_OK;
}

cvy_status cvyi_tf_spread(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                          const char *dotted, const cvyi_py_call_args *args,
                          cvy_error *err)
{
    const cvyi_py_value *const a = cvyi_tf_arg(args, 0, "x");
    const cvyi_py_value *const b = cvyi_tf_arg(args, 1, "y");

    *known = false;
    if (a == NULL || cvyi_tf_first_opaque(args) != NULL)
        return CVY_OK;
    CVYI_TRY(grow(out, known, eval, dotted, a, b, err));
    if (!*known)
        CVYI_TRY(divide(out, known, eval, dotted, a, b, err));
    if (!*known && b != NULL)
        CVYI_TRY(extend(out, known, eval, dotted, a, b, err));
    return CVY_OK;
}
