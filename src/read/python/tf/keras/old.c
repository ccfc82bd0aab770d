/*
 * read/python/tf/keras/old.c - layers as Keras 1 spelled them.
 *
 * Convolution2D(64, 3, 3, border_mode='same', subsample=(2, 2)): the words are
 * replaced by those of Keras 2. Two sizes by position are the window there,
 * which Keras 2 takes as window and stride: where nothing else in the call is
 * of Keras 1, its class must be.
 */
#include "read/python/tf/host.h"

#include <string.h>

enum { MOST = 48 };

typedef struct renewing {
    cvyi_py_eval *eval;
    cvyi_arena *arena;
    const char *last; /* the class, or the function */
    bool conv;
    int n_spatial;
    bool old; /* a word of Keras 1 was seen */
    int n;
    const char *keys[MOST];
    cvyi_py_value values[MOST];
} renewing;

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* ---- words ---- */

static const struct {
    const char *old, *now;
} arguments[] = {
    { "nb_filter", "filters" },
    { "border_mode", "padding" },
    { "subsample", "strides" },
    { "subsample_length", "strides" },
    { "filter_length", "kernel_size" },
    { "atrous_rate", "dilation_rate" },
    { "bias", "use_bias" },
    { "W_regularizer", "kernel_regularizer" },
    { "b_regularizer", "bias_regularizer" },
    { "W_constraint", "kernel_constraint" },
    { "b_constraint", "bias_constraint" },
    { "pool_length", "pool_size" },
    { "stride", "strides" },
    { "beta_init", "beta_initializer" },
    { "gamma_init", "gamma_initializer" },
    { "output_dim", "units" },
    { "p", "rate" },
    { "sigma", "stddev" },
    { "concat_axis", "axis" },
};

/* Words that the class itself still has. */
static bool keeps(const char *last, const char *key)
{
    return (strcmp(last, "Embedding") == 0 &&
            strcmp(key, "output_dim") == 0) ||
           strcmp(last, "Lambda") == 0 || strcmp(last, "Input") == 0;
}

static const char *now_of(const renewing *r, const char *key)
{
    if (strcmp(key, "init") == 0)
        return strcmp(r->last, "Embedding") == 0 ? "embeddings_initializer"
               : strcmp(r->last, "PReLU") == 0   ? "alpha_initializer"
                                                 : "kernel_initializer";
    if (strcmp(key, "length") == 0)
        return strcmp(r->last, "UpSampling1D") == 0 ? "size" : NULL;
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
        if (strcmp(arguments[i].old, key) == 0 && !keeps(r->last, key))
            return arguments[i].now;
    return NULL;
}

static void put(renewing *r, const char *key, const cvyi_py_value *value)
{
    r->keys[r->n] = key;
    r->values[r->n++] = *value;
}

static cvy_status put_ordering(renewing *r, const cvyi_py_value *value,
                               cvy_error *err)
{
    const char *const word = cvyi_tf_text(value);
    const bool first = word != NULL && strcmp(word, "th") == 0;
    cvyi_py_value text;

    if (word == NULL || strcmp(word, "default") == 0)
        return CVY_OK;
    CVYI_TRY(cvyi_py_make_text(&text, r->eval,
                               first ? "channels_first" : "channels_last",
                               first ? 14 : 13, err));
    put(r, "data_format", &text);
    return CVY_OK;
}

/* nb_row=3, nb_col=5 are one window. */
static cvy_status put_window(renewing *r, const cvyi_py_value *const *window,
                             int n, cvy_error *err)
{
    cvyi_py_value sizes[3], tuple;

    for (int i = 0; i < n; i++)
        sizes[i] = *window[i];
    CVYI_TRY(
        cvyi_py_make_seq(&tuple, r->eval, CVYI_PY_V_TUPLE, sizes, n, err));
    put(r, "kernel_size", &tuple);
    return CVY_OK;
}

static cvy_status keyword(renewing *r, const cvyi_py_value **window,
                          const char *key, const cvyi_py_value *value,
                          cvy_error *err)
{
    static const char *const sizes[] = { "kernel_dim1", "kernel_dim2",
                                         "kernel_dim3", "nb_row", "nb_col" };
    const char *const now = now_of(r, key);

    for (int i = 0; i < 5; i++)
        if (strcmp(sizes[i], key) == 0) {
            window[i % 3] = value;
            r->old = true;
            return CVY_OK;
        }
    if (strcmp(key, "dim_ordering") == 0) {
        r->old = true;
        return put_ordering(r, value, err);
    }
    if (strcmp(key, "mode") == 0 &&
        strcmp(r->last, "BatchNormalization") == 0) {
        r->old = true;
        return value->type == CVYI_PY_V_INT && value->integer == 0
                   ? CVY_OK
                   : cvyi_py_refuse(r->eval, err,
                                    "BatchNormalization of Keras 1 whose mode "
                                    "is not 0 takes the statistics of what it "
                                    "is given");
    }
    r->old = r->old || now != NULL;
    put(r, now != NULL ? now : key, value);
    return CVY_OK;
}

/* ---- places ---- */

/* Convolution2D(64, 3, 3): is the window in the second and third place? */
static bool is_spread(const renewing *r, const cvyi_py_call_args *args)
{
    if (!r->conv || r->n_spatial < 2 || args->n < r->n_spatial + 1)
        return false;
    for (int i = 0; i < r->n_spatial; i++)
        if (args->values[i + 1].type != CVYI_PY_V_INT)
            return false;
    return r->old || strstr(r->last, "Convolution") != NULL;
}

/* Arguments by place in the order of Keras 1, behind the window. */
static cvy_status places(cvyi_py_call_args *out, renewing *r, int n_window,
                         cvy_error *err)
{
    const cvyi_py_value *window[3];
    static const char *const behind[] = { "kernel_initializer", "activation",
                                          "weights", "padding", "strides" };
    const int first = 1 + n_window;

    put(r, "filters", &out->values[0]);
    for (int i = 0; i < n_window; i++)
        window[i] = &out->values[1 + i];
    CVYI_TRY(put_window(r, window, n_window, err));
    for (int i = first; i < out->n; i++) {
        if (i - first >= 5)
            return cvyi_py_refuse(r->eval, err,
                                  "so many arguments of %s by place", r->last);
        put(r, behind[i - first], &out->values[i]);
    }
    out->n = 0;
    return CVY_OK;
}

/* ---- classes ---- */

static const struct {
    const char *old, *now;
} classes[] = {
    { "AtrousConvolution1D", "Conv1D" },
    { "AtrousConvolution2D", "Conv2D" },
    { "AtrousConv1D", "Conv1D" },
    { "AtrousConv2D", "Conv2D" },
    { "SeparableConvolution2D", "SeparableConv2D" },
    { "Convolution1D", "Conv1D" },
    { "Convolution2D", "Conv2D" },
    { "Convolution3D", "Conv3D" },
};

static const char *class_now(const char *last)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strcmp(classes[i].old, last) == 0)
            return classes[i].now;
    return last;
}

/* merge([a, b], mode='concat', concat_axis=1) */
static cvy_status merge(const char **dotted, cvyi_py_call_args *args,
                        cvyi_py_eval *eval, cvy_error *err)
{
    static const struct {
        const char *mode, *now;
    } modes[] = {
        { "sum", "keras.layers.add" },
        { "mul", "keras.layers.multiply" },
        { "ave", "keras.layers.average" },
        { "max", "keras.layers.maximum" },
        { "concat", "keras.layers.concatenate" },
    };
    const cvyi_py_value *const mode = cvyi_tf_arg(args, 1, "mode");
    const char *const word = mode != NULL ? cvyi_tf_text(mode) : "sum";
    const char *now = NULL;
    const size_t n = (size_t)args->n_keywords + 1;
    const char **const keys =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, n, sizeof *keys);
    cvyi_py_value *const values =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, n, sizeof *values);
    cvyi_py_call_args out = { .n = args->n > 0,
                              .values = args->values,
                              .keywords = keys,
                              .keyword_values = values };

    if (keys == NULL || values == NULL)
        return cvyi_no_memory(err);
    for (size_t i = 0; word != NULL && i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i].mode, word) == 0)
            now = modes[i].now;
    if (now == NULL || args->n > 2)
        return cvyi_py_refuse(eval, err, "this mode of merge of Keras 1");
    for (int i = 0; i < args->n_keywords; i++) {
        const char *const key = args->keywords[i];
        const bool axis = strcmp(key, "concat_axis") == 0;

        if (strcmp(key, "mode") == 0 || strcmp(key, "output_shape") == 0 ||
            (axis && strcmp(word, "concat") != 0))
            continue;
        keys[out.n_keywords] = axis ? "axis" : key;
        values[out.n_keywords++] = args->keyword_values[i];
    }
    *dotted = now;
    *args = out;
    return CVY_OK;
}

/* ---- the whole ---- */

static cvy_status renew(cvyi_py_call_args *args, renewing *r, cvy_error *err)
{
    const cvyi_py_value *window[3] = { NULL };
    const cvyi_py_call_args given = *args;
    int first, n_window = 0;

    for (int i = 0; i < given.n_keywords; i++)
        CVYI_TRY(keyword(r, window, given.keywords[i],
                         &given.keyword_values[i], err));
    for (int i = 0; i < 3; i++)
        n_window += window[i] != NULL;
    first = window[0] != NULL || n_window == 3 ? 0 : 1;
    if (n_window > 0)
        CVYI_TRY(put_window(r, window + first, n_window, err));
    else if (is_spread(r, args)) {
        CVYI_TRY(cvyi_tf_remark(r->eval, err,
                                "%s is read as Keras 1 has it: the sizes "
                                "behind the first are its window",
                                r->last));
        CVYI_TRY(places(args, r, r->n_spatial, err));
    }
    return CVY_OK;
}

cvy_status cvyi_tf_keras_renew(const char **dotted, cvyi_py_call_args *args,
                               cvyi_py_eval *eval, cvy_error *err)
{
    const char *const last = cvyi_call_last(*dotted);
    renewing *r;
    cvyi_py_call_args made = *args;

    if (!cvyi_call_is_below(*dotted, "keras.layers") ||
        args->n_keywords > MOST - 8)
        return CVY_OK;
    if (strcmp(*dotted, "keras.layers.merge") == 0)
        return merge(dotted, args, eval, err);
    r = cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *r);
    if (r == NULL)
        return cvyi_no_memory(err);
    r->eval = eval;
    r->arena = cvyi_tf_of(eval)->arena;
    r->last = last;
    r->conv = strstr(last, "Conv") != NULL;
    r->n_spatial = strstr(last, "2D") != NULL   ? 2
                   : strstr(last, "3D") != NULL ? 3
                                                : 1;
    CVYI_TRY(renew(&made, r, err));
    made.n_keywords = r->n;
    made.keywords = r->keys;
    made.keyword_values = r->values;
    *args = made;
    if (r->conv && !begins(last, "Conv2DT") && class_now(last) != last)
        *dotted =
            cvyi_arena_printf(r->arena, "keras.layers.%s", class_now(last));
    return *dotted != NULL ? CVY_OK : cvyi_no_memory(err);
}
