/*
 * read/python/tf/scalar.c - functions of TensorFlow on single numbers, which
 * give a number: 1 / tf.sqrt(n / 2.) as the deviation of initial values.
 *
 * TensorFlow computes them in float32, and so does this.
 */
#include "read/python/tf/host.h"

#include <math.h>
#include <string.h>

static float square(float x)
{
    return x * x;
}

static float rsqrt(float x)
{
    return 1 / sqrtf(x);
}

static float negative(float x)
{
    return -x;
}

static float reciprocal(float x)
{
    return 1 / x;
}

static float itself(float x)
{
    return x;
}

static const struct {
    const char *name;
    float (*of)(float x);
} ones[] = {
    { "abs", fabsf },       { "ceil", ceilf },
    { "exp", expf },        { "floor", floorf },
    { "log", logf },        { "negative", negative },
    { "rsqrt", rsqrt },     { "reciprocal", reciprocal },
    { "sqrt", sqrtf },      { "square", square },
    { "to_float", itself },
};

static float add(float x, float y)
{
    return x + y;
}

static float subtract(float x, float y)
{
    return x - y;
}

static float multiply(float x, float y)
{
    return x * y;
}

static float divide(float x, float y)
{
    return x / y;
}

static const struct {
    const char *name;
    float (*of)(float x, float y);
} pairs[] = {
    { "add", add },           { "divide", divide },     { "maximum", fmaxf },
    { "minimum", fminf },     { "multiply", multiply }, { "pow", powf },
    { "subtract", subtract }, { "truediv", divide },
};

/* Whole numbers may be sizes, and stay what they are. */
static bool of_whole(cvyi_py_value *out, const char *last,
                     const cvyi_py_call_args *args)
{
    enum { MOST = 1 << 30 };
    int64_t x, y;

    if (args->n != 2 || args->values[0].type != CVYI_PY_V_INT ||
        args->values[1].type != CVYI_PY_V_INT)
        return false;
    x = args->values[0].integer;
    y = args->values[1].integer;
    if (x < -MOST || x > MOST || y < -MOST || y > MOST)
        return false;
    if (strcmp(last, "add") == 0)
        *out = cvyi_py_int(x + y);
    else if (strcmp(last, "subtract") == 0)
        *out = cvyi_py_int(x - y);
    else if (strcmp(last, "multiply") == 0)
        *out = cvyi_py_int(x * y);
    else if (strcmp(last, "maximum") == 0)
        *out = cvyi_py_int(x > y ? x : y);
    else if (strcmp(last, "minimum") == 0)
        *out = cvyi_py_int(x < y ? x : y);
    else
        return false;
    return true;
}

static bool is_number(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_INT || value->type == CVYI_PY_V_FLOAT;
}

/* tf.sqrt, tf.math.sqrt, K.sqrt */
static const char *function_of(const char *dotted)
{
    const char *const last = cvyi_call_last(dotted);
    const size_t n = (size_t)(last - dotted);

    return n == 3 || strncmp(dotted, "tf.math.", 8) == 0 ||
                   strncmp(dotted, "keras.backend.", 14) == 0
               ? last
               : NULL;
}

/* tf.cast(3, tf.float32): to other types it is not followed. */
static bool is_cast(const char *last, const cvyi_py_call_args *args)
{
    const cvyi_py_value *const type = cvyi_tf_arg(args, 1, "dtype");
    const cvyi_call_name *const name =
        type != NULL && type->type == CVYI_PY_V_HOST &&
                type->host.type == &cvyi_tf_name_type
            ? type->host.data
            : NULL;

    return strcmp(last, "cast") == 0 && name != NULL &&
           strcmp(name->dotted, "tf.float32") == 0;
}

/* Only `name` may be said besides. */
static bool says_more(const cvyi_py_call_args *args)
{
    for (int i = 0; i < args->n_keywords; i++)
        if (strcmp(args->keywords[i], "name") != 0)
            return true;
    return false;
}

void cvyi_tf_scalar(cvyi_py_value *out, bool *known, const char *dotted,
                    const cvyi_py_call_args *args)
{
    const char *const last = function_of(dotted);
    float x, y;

    *known = false;
    if (last == NULL || args->n < 1 || !is_number(&args->values[0]))
        return;
    x = (float)cvyi_tf_number(&args->values[0], NAN);
    *known = is_cast(last, args);
    if (*known)
        *out = cvyi_py_float((double)x);
    if (says_more(args))
        return;
    if (of_whole(out, last, args)) {
        *known = true;
        return;
    }
    for (size_t i = 0; args->n == 1 && i < sizeof ones / sizeof *ones; i++)
        if (strcmp(ones[i].name, last) == 0) {
            *known = true;
            *out = cvyi_py_float(ones[i].of(x));
        }
    if (args->n != 2 || !is_number(&args->values[1]))
        return;
    y = (float)cvyi_tf_number(&args->values[1], NAN);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strcmp(pairs[i].name, last) == 0) {
            *known = true;
            *out = cvyi_py_float(pairs[i].of(x, y));
        }
}
