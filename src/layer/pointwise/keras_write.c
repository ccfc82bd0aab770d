/* layer/pointwise/keras_write.c - functions of each element, said in Keras
 * 3. */
#include <math.h>
#include <string.h>

#include "layer/pointwise/keras.h"
#include "layer/torch.h"

/* Functions that Keras has as they are: as a name for Activation, which takes
 * the default parameters, and as a call. */
static const struct {
    const char *function;
    const char *activation; /* NULL: a layer of its own says it, or none */
    const char *call;
    const char *keys[2]; /* its parameters; "" is a positional one */
    double defaults[2];
} names[] = {
    /* clang-format off */
    { "celu",           "celu", "ops.celu", { "alpha" }, { 1.0 } },
    { "elu",            NULL, "ops.elu", { "alpha" }, { 1.0 } },
    { "exponential",    "exponential", "ops.exp", { NULL }, { 0 } },
    { "gelu",           "gelu", "keras.activations.gelu", { NULL }, { 0 } },
    { "hard_shrink",    "hard_shrink", "ops.hard_shrink", { "threshold" },
      { 0.5 } },
    { "hard_sigmoid",   "hard_sigmoid", "ops.hard_sigmoid", { NULL }, { 0 } },
    { "hard_silu",      "hard_silu", "ops.hard_silu", { NULL }, { 0 } },
    { "leaky_relu",     NULL, "ops.leaky_relu", { "negative_slope" },
      { 0.2 } },
    { "log_sigmoid",    "log_sigmoid", "ops.log_sigmoid", { NULL }, { 0 } },
    { "mish",           "mish", "keras.activations.mish", { NULL }, { 0 } },
    { "relu",           NULL, "ops.relu", { NULL }, { 0 } },
    { "selu",           "selu", "ops.selu", { NULL }, { 0 } },
    { "sigmoid",        "sigmoid", "ops.sigmoid", { NULL }, { 0 } },
    { "silu",           "silu", "ops.silu", { NULL }, { 0 } },
    { "soft_shrink",    "soft_shrink", "ops.soft_shrink", { "threshold" },
      { 0.5 } },
    { "softplus",       "softplus", "ops.softplus", { NULL }, { 0 } },
    { "softsign",       "softsign", "ops.softsign", { NULL }, { 0 } },
    { "sparse_plus",    "sparse_plus", "ops.sparse_plus", { NULL }, { 0 } },
    { "sparse_sigmoid", "sparse_sigmoid", "ops.sparse_sigmoid", { NULL },
      { 0 } },
    { "squareplus",     "squareplus", "ops.squareplus", { "b" }, { 4.0 } },
    { "tanh",           "tanh", "ops.tanh", { NULL }, { 0 } },
    { "tanh_shrink",    "tanh_shrink", "ops.tanh_shrink", { NULL }, { 0 } },
    { "threshold",      NULL, "ops.threshold", { "", "" },
      { (double)NAN, (double)NAN } },
    /* clang-format on */
};

/* Its row, or -1. */
static int find(const char *function)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].function, function) == 0)
            return (int)i;
    return -1;
}

static double param(const cvyi_saying *what, int i)
{
    return cvyi_attr_real(what->attrs, cvyi_function_params[i]);
}

static bool is(const cvyi_saying *what, const char *function)
{
    return cvyi_attr_is(what->attrs, "function", function);
}

/* What the three arguments of ReLU would be; false: it is no such function,
 * or Keras refuses them. */
static bool as_relu(cvyi_relu *out, const cvyi_saying *what, bool layer)
{
    cvyi_relu r = { .most = INFINITY };

    if (is(what, "leaky_relu"))
        r.slope = param(what, 0);
    else if (is(what, "threshold") && param(what, 1) == 0)
        r.threshold = param(what, 0);
    else if (is(what, "clip") && param(what, 0) == 0)
        r.most = param(what, 1);
    else if (is(what, "general_relu"))
        r = (cvyi_relu){ param(what, 0), param(what, 1), param(what, 2) };
    else if (!is(what, "relu"))
        return false;
    *out = r;
    if (layer)
        return r.slope >= 0 && r.threshold >= 0 && r.most >= 0;
    return isinf(r.most) ? r.most > 0 : r.most >= 0 && r.threshold >= 0;
}

static bool is_finite(const cvyi_relu *r)
{
    return isfinite(r->slope) && isfinite(r->threshold);
}

static cvy_status no_word(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    const bool layer = out->form == CVYI_FORM_MODULE;

    return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NO_COUNTERPART,
                       "",
                       layer ? "write it as a call of keras.ops in the model"
                             : "leave this function out, or write it by hand",
                       "Keras has no %s for %s with these numbers",
                       layer ? "layer" : "function",
                       cvyi_attr_word(what->attrs, "function"));
}

/* Starts "layers.ReLU(", "ops.relu({0}" or "keras.activations.mish({0}" if
 * that is the word of the row that is asked. */
static cvy_status begin(cvyi_said *out, const cvyi_saying *what,
                        const char *name, cvy_error *err)
{
    const char *const own = out->spelling->name;

    if (strcmp(own, name) != 0 && strcmp(own + strlen("keras."), name) != 0)
        return no_word(out, what, err);
    cvyi_code_begin(out, "%s", name);
    if (out->form == CVYI_FORM_FUNCTION)
        cvyi_code_raw(out, NULL, "{0}");
    return CVY_OK;
}

/* The arguments of ReLU that are not the defaults. */
static cvy_status say_relu(cvyi_said *out, const cvyi_saying *what,
                           const char *name, const cvyi_relu *r,
                           cvy_error *err)
{
    double params[CVYI_FUNCTION_PARAMS];
    cvyi_attrs read = *what->attrs;

    CVYI_TRY(begin(out, what, name, err));
    if (!isinf(r->most))
        cvyi_code_double(out, "max_value", r->most);
    if (r->slope != 0)
        cvyi_code_double(out, "negative_slope", r->slope);
    if (r->threshold != 0)
        cvyi_code_double(out, "threshold", r->threshold);
    cvyi_code_end(out);
    cvyi_set_word(&read, "function", cvyi_relu_function(params, r));
    for (int i = 0; i < CVYI_FUNCTION_PARAMS; i++)
        cvyi_set_real(&read, cvyi_function_params[i], params[i]);
    cvyi_torch_means(out, what, &read);
    return CVY_OK;
}

/* One number, left out where it is the default. */
static cvy_status say_layer(cvyi_said *out, const cvyi_saying *what,
                            const char *name, const char *key, double fallback,
                            cvy_error *err)
{
    CVYI_TRY(begin(out, what, name, err));
    if (param(what, 0) != fallback)
        cvyi_code_double(out, key, param(what, 0));
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status say_activation(cvyi_said *out, const cvyi_saying *what,
                                 const char *name, cvy_error *err)
{
    CVYI_TRY(begin(out, what, "layers.Activation", err));
    cvyi_code_word(out, NULL, name);
    cvyi_code_end(out);
    return CVY_OK;
}

cvy_status cvyi_pointwise_keras_module(cvyi_said *out, const cvyi_saying *what,
                                       cvy_error *err)
{
    const int at = find(cvyi_attr_word(what->attrs, "function"));
    cvyi_relu r;

    if (is(what, "leaky_relu") && param(what, 0) >= 0)
        return say_layer(out, what, "layers.LeakyReLU", "negative_slope", 0.3,
                         err);
    if (is(what, "elu"))
        return say_layer(out, what, "layers.ELU", "alpha", 1.0, err);
    if (as_relu(&r, what, true) && is_finite(&r))
        return say_relu(out, what, "layers.ReLU", &r, err);
    if (is(what, "clip") && param(what, 0) == -1 && param(what, 1) == 1)
        return say_activation(out, what, "hard_tanh", err);
    if (at < 0 || names[at].activation == NULL ||
        (names[at].keys[0] != NULL && param(what, 0) != names[at].defaults[0]))
        return no_word(out, what, err);
    return say_activation(out, what, names[at].activation, err);
}

/* One of its ends may be open. */
static cvy_status say_clip(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    const double least = param(what, 0), most = param(what, 1);
    const bool open = isinf(least) && least < 0;
    const bool endless = isinf(most) && most > 0 && least != 0;
    const char *const name = least == 0 && most == 6    ? "ops.relu6"
                             : least == -1 && most == 1 ? "ops.hard_tanh"
                             : open                     ? "ops.minimum"
                             : endless                  ? "ops.maximum"
                                                        : "ops.clip";
    const bool clips = strcmp(name, "ops.clip") == 0;

    CVYI_TRY(begin(out, what, name, err));
    if (clips || strcmp(name, "ops.maximum") == 0)
        cvyi_code_double(out, NULL, least);
    if (clips || open)
        cvyi_code_double(out, NULL, most);
    cvyi_code_end(out);
    return CVY_OK;
}

cvy_status cvyi_pointwise_keras_call(cvyi_said *out, const cvyi_saying *what,
                                     cvy_error *err)
{
    const int at = find(cvyi_attr_word(what->attrs, "function"));
    cvyi_relu r;

    if (is(what, "clip"))
        return say_clip(out, what, err);
    if (is(what, "gelu_tanh")) {
        CVYI_TRY(begin(out, what, "ops.gelu", err));
        cvyi_code_bool(out, "approximate", true);
        cvyi_code_end(out);
        return CVY_OK;
    }
    if (at < 0 && as_relu(&r, what, false) && is_finite(&r))
        return say_relu(out, what, "keras.activations.relu", &r, err);
    if (at < 0)
        return no_word(out, what, err);
    CVYI_TRY(begin(out, what, names[at].call, err));
    for (int i = 0; i < 2 && names[at].keys[i] != NULL; i++) {
        const char *const key = names[at].keys[i];

        if (param(what, i) != names[at].defaults[i])
            cvyi_code_double(out, key[0] != '\0' ? key : NULL, param(what, i));
    }
    cvyi_code_end(out);
    return CVY_OK;
}
