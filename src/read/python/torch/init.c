/*
 * read/python/torch/init.c - torch.nn.init, and methods that fill a weight.
 *
 * Fans are those of torch: the first axis of a weight goes out, the second
 * comes in, and the taps count with both.
 */
#include "read/python/torch/script.h"

#include <math.h>
#include <string.h>

static double number(const cvyi_py_call_args *args, int at, const char *name,
                     double fallback)
{
    const cvyi_py_value *const value = cvyi_torch_arg(args, at, name);

    if (value != NULL && value->type == CVYI_PY_V_INT)
        return (double)value->integer;
    return value != NULL && value->type == CVYI_PY_V_FLOAT ? value->real
                                                           : fallback;
}

static const char *word(const cvyi_py_call_args *args, int at,
                        const char *name, const char *fallback)
{
    const cvyi_py_value *const value = cvyi_torch_arg(args, at, name);

    return value != NULL && value->type == CVYI_PY_V_TEXT ? value->text
                                                          : fallback;
}

static void fans(double *in, double *out, const cvyi_shape *shape)
{
    double taps = 1;

    for (int i = 2; i < shape->rank; i++)
        taps *= (double)shape->dims[i];
    *in = shape->rank > 1 ? (double)shape->dims[1] * taps : 1;
    *out = shape->rank > 0 ? (double)shape->dims[0] * taps : 1;
}

/* torch.nn.init.calculate_gain */
static double gain_of(const char *name, double slope)
{
    if (strcmp(name, "relu") == 0)
        return sqrt(2);
    if (strcmp(name, "tanh") == 0)
        return 5.0 / 3;
    if (strcmp(name, "selu") == 0)
        return 0.75;
    return strcmp(name, "leaky_relu") == 0 ? sqrt(2 / (1 + slope * slope)) : 1;
}

static cvyi_fresh uniform(double reach)
{
    return (cvyi_fresh){ .kind = CVYI_FRESH_UNIFORM, .a = -reach, .b = reach };
}

static cvyi_fresh normal(double mean, double deviation)
{
    return (
        cvyi_fresh){ .kind = CVYI_FRESH_NORMAL, .a = mean, .b = deviation };
}

static cvyi_fresh kaiming(bool flat, const cvyi_torch_weight *weight,
                          const cvyi_py_call_args *args)
{
    const char *const mode = word(args, 2, "mode", "fan_in");
    const char *const after = word(args, 3, "nonlinearity", "leaky_relu");
    double in, out, deviation;

    fans(&in, &out, &weight->shape);
    deviation = gain_of(after, number(args, 1, "a", 0)) /
                sqrt(strcmp(mode, "fan_out") == 0 ? out : in);
    return flat ? uniform(sqrt(3) * deviation) : normal(0, deviation);
}

static cvyi_fresh xavier(bool flat, const cvyi_torch_weight *weight,
                         const cvyi_py_call_args *args)
{
    double in, out, deviation;

    fans(&in, &out, &weight->shape);
    deviation = number(args, 1, "gain", 1) * sqrt(2 / (in + out));
    return flat ? uniform(sqrt(3) * deviation) : normal(0, deviation);
}

/* false: no such function; a name without its last "_" is the same. */
static bool fresh_of(cvyi_fresh *out, const char *name,
                     const cvyi_torch_weight *weight,
                     const cvyi_py_call_args *args)
{
    const size_t n = strlen(name) - (name[strlen(name) - 1] == '_');
#define IS(text) (n == sizeof(text) - 1 && strncmp(name, text, n) == 0)

    if (IS("kaiming_normal") || IS("kaiming_uniform"))
        *out = kaiming(IS("kaiming_uniform"), weight, args);
    else if (IS("xavier_normal") || IS("xavier_uniform"))
        *out = xavier(IS("xavier_uniform"), weight, args);
    else if (IS("zeros") || IS("zero"))
        *out = (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT };
    else if (IS("ones"))
        *out = (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT, .a = 1 };
    else if (IS("constant"))
        *out = (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT,
                             .a = number(args, 1, "val", 0) };
    else if (IS("fill"))
        *out = (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT,
                             .a = number(args, 1, "value", 0) };
    else if (IS("normal"))
        *out = normal(number(args, 1, "mean", 0), number(args, 2, "std", 1));
    else if (IS("uniform"))
        *out = (cvyi_fresh){
            .kind = CVYI_FRESH_UNIFORM,
            .a = number(args, 1, "a", number(args, 1, "from", 0)),
            .b = number(args, 2, "b", number(args, 2, "to", 1))
        };
    else
        return false;
    return true;
#undef IS
}

/* Known by name, and not drawn here. */
static const char *doubt_of(const char *name)
{
    static const struct {
        const char *name, *why;
    } rows[] = {
        { "trunc_normal_", "a truncated normal is not drawn" },
        { "orthogonal_", "an orthogonal matrix is not drawn" },
        { "orthogonal", "an orthogonal matrix is not drawn" },
        { "dirac_", "a delta is not made" },
        { "eye_", "an identity is not made" },
        { "sparse_", "a sparse matrix is not drawn" },
        { "copy_", "its numbers are copied from elsewhere" },
        { "mul_", "its numbers are changed" },
        { "div_", "its numbers are changed" },
        { "add_", "its numbers are changed" },
        { "sub_", "its numbers are changed" },
        { "clamp_", "its numbers are changed" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].why;
    return NULL;
}

/* Arguments that are not known make the distribution unknown. */
static bool has_opaque(const cvyi_py_call_args *args)
{
    for (int i = 0; i < args->n; i++)
        if (cvyi_py_opaque(&args->values[i]) != NULL)
            return true;
    for (int i = 0; i < args->n_keywords; i++)
        if (cvyi_py_opaque(&args->keyword_values[i]) != NULL)
            return true;
    return false;
}

cvy_status cvyi_torch_init(bool *known, cvyi_py_eval *eval, const char *name,
                           cvyi_torch_weight *weight,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    /* As a function: the weight itself comes first. */
    const cvyi_py_value self =
        cvyi_py_host_value(&cvyi_torch_weight_type, weight);
    const bool method =
        args->n == 0 || cvyi_torch_weight_of(&args->values[0]) != weight;
    cvyi_py_call_args whole = *args;
    cvyi_py_value values[8] = { self };

    *known = true;
    if (method && args->n < 7) {
        for (int i = 0; i < args->n; i++)
            values[i + 1] = args->values[i];
        whole.values = values;
        whole.n++;
    }
    if (*name == '\0') {
        *known = false;
        return CVY_OK;
    }
    if (has_opaque(args)) {
        weight->doubt = "what it is drawn from is not known";
        return eval != NULL ? CVY_OK : cvyi_no_memory(err);
    }
    if (fresh_of(&weight->fresh, name, weight, &whole)) {
        weight->doubt = NULL;
        weight->numbers = NULL;
        return CVY_OK;
    }
    *known = doubt_of(name) != NULL;
    if (*known)
        weight->doubt = doubt_of(name);
    return CVY_OK;
}
