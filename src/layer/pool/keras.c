/* layer/pool/keras.c - Keras' words for pools, read. */
#include "layer/keras.h"
#include "layer/pool/words.h"

#include <string.h>
#include <strings.h>

/* A layer takes an int or a list of n numbers; a function also a float, or a
 * list of one. A bool is a number to both. */
static cvy_status read_numbers(int64_t *out, cvyi_phrase *phrase,
                               const cvyi_bound *call, int n, const char *name,
                               cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const bool layer = call->n_spatial > 0; /* its name has a number */
    const bool list = value->kind == CVYI_LIST;
    const bool broken = !layer && value->kind == CVYI_FLOAT &&
                        value->real >= 1 && value->real < 1e9;
    bool good = list ? value->n == n || (!layer && value->n == 1)
                     : !layer || value->kind != CVYI_FLOAT;

    for (int i = 0; good && i < n; i++) {
        const cvyi_value *const item =
            list ? &value->items[value->n > 1 ? i : 0] : value;

        if (item->kind == CVYI_BOOL)
            out[i] = item->truth;
        else
            good = cvyi_as_int(&out[i], item);
        good = good && out[i] >= 1;
    }
    if (good)
        return CVY_OK;
    /* A function cuts the fraction off, which nobody can have meant. */
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       broken ? CVYI_NOT_SUPPORTED : CVYI_ILLEGAL_IN_SOURCE,
                       name, "correct this argument in the source",
                       "%s must be an integer >= 1 or a list of %d", name, n);
}

/* Without strides windows touch. */
static cvy_status read_strides(cvyi_pool_call *pool, cvyi_phrase *phrase,
                               const cvyi_bound *call, cvy_error *err)
{
    if (!cvyi_is_none(cvyi_arg(call, "strides")))
        return read_numbers(pool->stride, phrase, call, pool->n, "strides",
                            err);
    memcpy(pool->stride, pool->taps, sizeof pool->stride);
    return CVY_OK;
}

/* Keras 3 builds no model of a layer whose word has capitals. */
static cvy_status read_padding(cvyi_border *out, cvyi_phrase *phrase,
                               const cvyi_bound *call, cvy_error *err)
{
    const char *const word = cvyi_as_text(cvyi_arg(call, "padding"));
    const bool strict =
        call->n_spatial > 0 && strcmp(call->spelling->dialect, "keras3") == 0;
    int (*const compare)(const char *, const char *) =
        strict ? strcmp : strcasecmp;

    *out = (cvyi_border){ 0 };
    if (word != NULL && compare(word, "same") == 0)
        out->rule = CVYI_BORDER_SAME;
    else if (word == NULL || compare(word, "valid") != 0)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "padding",
                           "say 'valid' or 'same'",
                           "a Keras pool takes 'valid' or 'same' here");
    return CVY_OK;
}

/* How many axes a function's windows have: its input tells. */
static cvy_status count_axes(int *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;

    if (call->n_spatial == 0 && (rank < 3 || rank > 5))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "x",
                           "give it an input of that rank",
                           "it needs an input of 3, 4 or 5 axes, got %d",
                           rank);
    *out = call->n_spatial > 0 ? call->n_spatial : rank - 2;
    return CVY_OK;
}

/* May SAME put another number of elements before the data than after it? */
static bool may_be_uneven(int64_t taps, int64_t stride, cvyi_size length)
{
    int64_t n, total;

    if (!cvyi_size_constant(&n, length))
        return taps > 1 && (stride > 1 || taps % 2 == 0);
    total = ((n + stride - 1) / stride - 1) * stride + taps - n;
    return total > 0 && total % 2 != 0;
}

/* Keras' torch back end repeats the rim where a border is uneven, and divides
 * by all taps. */
static void remark_on_back_ends(cvyi_phrase *out, const cvyi_bound *call,
                                const cvyi_pool_call *pool)
{
    const int first = pool->axes == CVYI_AXES_FIRST ? 2 : 1;
    bool uneven = false;

    for (int i = 0; i < pool->n; i++)
        uneven = uneven || may_be_uneven(pool->taps[i], pool->stride[i],
                                         call->in[0].dims[first + i]);
    if (uneven && pool->border.rule == CVYI_BORDER_SAME &&
        strcmp(pool->kind, "average") == 0 &&
        strcmp(call->spelling->dialect, "keras3") == 0)
        cvyi_phrase_remark(out, "Keras' torch back end computes other means "
                                "at an uneven border; the port follows its "
                                "TensorFlow back end");
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            const char *kind, cvy_error *err)
{
    cvyi_pool_call pool = { .kind = kind, .dilation = { 1, 1, 1 } };

    CVYI_TRY(count_axes(&pool.n, out, call, err));
    CVYI_TRY(cvyi_arg_data_format(&pool.axes, out, call, err));
    CVYI_TRY(cvyi_keras_input(NULL, out, call, pool.n + 2, pool.axes, err));
    CVYI_TRY(read_numbers(pool.taps, out, call, pool.n, "pool_size", err));
    CVYI_TRY(read_strides(&pool, out, call, err));
    CVYI_TRY(read_padding(&pool.border, out, call, err));
    remark_on_back_ends(out, call, &pool);
    return cvyi_pool_add(out, call, &pool, "pool_size", err);
}

cvy_status cvyi_pool_keras_max(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return from_call(out, call, "max", err);
}

cvy_status cvyi_pool_keras_average(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err)
{
    return from_call(out, call, "average", err);
}

/* clang-format off */
static const cvyi_argument max_arguments[] = {
    { "pool_size",   "taps",   NULL },
    { "strides",     "stride", NULL },
    { "padding",     "border", "valid or same: no numbers" },
    { "data_format", "axes",   NULL },
    { 0 }
};
static const cvyi_argument average_arguments[] = {
    { "pool_size",   "taps",   NULL },
    { "strides",     "stride", NULL },
    { "padding",     "border", "valid or same; only elements of the input "
                               "count in the mean" },
    { "data_format", "axes",   NULL },
    { 0 }
};

#define REST ", strides=None, padding='valid', data_format="
#define ROW(world, word, axes, size, format, from, to, table)            \
    { .dialect = world, .name = "keras.layers." word "%dD",              \
      .ranks = axes, .signature = size REST format ", **kwargs",         \
      .from_call = from, .form = CVYI_FORM_MODULE, .to_call = to,        \
      .arguments = table }
#define MAX3(word, axes, size, to)                                       \
    ROW("keras3", word, axes, size, "None, name=None",                   \
        cvyi_pool_keras_max, to, max_arguments)
#define MAX2(word, axes, size, format)                                   \
    ROW("keras2", word, axes, size, format, cvyi_pool_keras_max, NULL,   \
        max_arguments)
#define AVERAGE3(word, to)                                               \
    ROW("keras3", word, "123", "pool_size", "None, name=None",           \
        cvyi_pool_keras_average, to, average_arguments)
#define AVERAGE2(word, axes, size, format)                               \
    ROW("keras2", word, axes, size, format, cvyi_pool_keras_average,     \
        NULL, average_arguments)
#define FUNCTION(word, from, to, table)                                  \
    { .dialect = "keras3", .name = "keras.ops." word,                    \
      .signature = "x, pool_size" REST "None",                           \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .to_call = to,      \
      .arguments = table }

const cvyi_spelling cvyi_pool_keras[] = {
    MAX3("MaxPooling", "1", "pool_size=2",         cvyi_pool_to_max_layer),
    MAX3("MaxPooling", "2", "pool_size=(2, 2)",    NULL),
    MAX3("MaxPooling", "3", "pool_size=(2, 2, 2)", NULL),
    MAX3("MaxPool",    "1", "pool_size=2",         NULL),
    MAX3("MaxPool",    "2", "pool_size=(2, 2)",    NULL),
    MAX3("MaxPool",    "3", "pool_size=(2, 2, 2)", NULL),
    AVERAGE3("AveragePooling", cvyi_pool_to_average_layer),
    AVERAGE3("AvgPool",        NULL),
    FUNCTION("max_pool", cvyi_pool_keras_max, cvyi_pool_to_max_op,
             max_arguments),
    FUNCTION("average_pool", cvyi_pool_keras_average, cvyi_pool_to_average_op,
             average_arguments),
    MAX2("MaxPooling", "1", "pool_size=2",         "'channels_last'"),
    MAX2("MaxPooling", "2", "pool_size=(2, 2)",    "None"),
    MAX2("MaxPooling", "3", "pool_size=(2, 2, 2)", "None"),
    MAX2("MaxPool",    "1", "pool_size=2",         "'channels_last'"),
    MAX2("MaxPool",    "2", "pool_size=(2, 2)",    "None"),
    MAX2("MaxPool",    "3", "pool_size=(2, 2, 2)", "None"),
    AVERAGE2("AveragePooling", "1", "pool_size=2",      "'channels_last'"),
    AVERAGE2("AveragePooling", "2", "pool_size=(2, 2)", "None"),
    AVERAGE2("AveragePooling", "3", "pool_size=(2, 2, 2)", "None"),
    AVERAGE2("AvgPool", "1", "pool_size=2",         "'channels_last'"),
    AVERAGE2("AvgPool", "2", "pool_size=(2, 2)",    "None"),
    AVERAGE2("AvgPool", "3", "pool_size=(2, 2, 2)", "None"),
    { 0 }
};
/* clang-format on */
