/*
 * read/python/torch/own.c - the parameters that torch gives a module when it
 * is made, whether it is ever called or not.
 *
 * Those of convolutions and of linear layers are drawn within 1 / sqrt(fan
 * in), where torch counts what the second axis of the weight and the taps say.
 */
#include "read/python/torch/script.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

cvy_status cvyi_torch_bind_leaf(cvyi_bound *out, cvyi_py_eval *eval,
                                const cvyi_torch_node *node, cvy_error *err)
{
    cvyi_arena *const arena = cvyi_torch_of(eval)->arena;
    const cvyi_py_names *const changed = &node->holding->changed;
    const cvyi_value **values;
    cvy_error local = { 0 };
    const cvy_status status =
        cvyi_bind(out, arena, node->spelling, node->n_spatial,
                  node->positional, node->n_positional, node->keywords,
                  &local);

    if (status == CVY_MEMORY)
        return cvyi_no_memory(err);
    if (status != CVY_OK)
        return cvyi_py_refuse(eval, err, "%s: %s%s%s", node->class_name,
                              local.where, *local.where != '\0' ? ": " : "",
                              local.text);
    if (changed->n == 0)
        return CVY_OK;
    values = cvyi_arena_alloc(arena, (size_t)out->n + 1, sizeof *values);
    if (values == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < out->n; i++) {
        const cvyi_py_value *const now =
            cvyi_py_names_get(changed, out->names[i]);
        cvyi_torch_operands none = { 0 };
        cvyi_value *made;

        values[i] = out->values[i];
        if (now == NULL)
            continue;
        made = cvyi_arena_alloc(arena, 1, sizeof *made);
        if (made == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(cvyi_torch_plain(made, &none, eval, now, err));
        values[i] = made;
    }
    out->values = values;
    return CVY_OK;
}

typedef struct owning {
    cvyi_py_eval *eval;
    cvyi_torch_node *node;
    const cvyi_bound *bound;
    cvy_error *err;
} owning;

static bool given(const owning *o, const char *name)
{
    const cvyi_value *const value = cvyi_arg_find(o->bound, name);

    return value != NULL && cvyi_truth(value);
}

/* A number of the call; 0 where nobody knows it. */
static int64_t number(const owning *o, const char *name)
{
    const cvyi_value *const value = cvyi_arg_find(o->bound, name);
    int64_t n;

    return value != NULL && cvyi_as_int(&n, value) && n > 0 ? n : 0;
}

static cvy_status put(owning *o, const char *name, const cvyi_shape *shape,
                      cvyi_fresh fresh, cvyi_torch_role role)
{
    cvyi_torch_weight *weight;

    for (int i = 0; i < shape->rank; i++)
        if (shape->dims[i] < 1)
            return cvyi_py_refuse(o->eval, o->err,
                                  "the sizes of a %s are not known",
                                  o->node->class_name);
    CVYI_TRY(cvyi_torch_weight_new(&weight, o->eval, shape, fresh, o->err));
    weight->role = role;
    weight->line = o->node->line;
    return cvyi_torch_hold(o->eval, o->node, name, weight, o->err);
}

static cvyi_fresh within(double fan)
{
    const double bound = fan > 0 ? 1 / sqrt(fan) : 0;

    return (cvyi_fresh){ .kind = CVYI_FRESH_UNIFORM, .a = -bound, .b = bound };
}

static cvyi_fresh same(double value)
{
    return (cvyi_fresh){ .kind = CVYI_FRESH_CONSTANT, .a = value };
}

/* What a bias that is left out leaves: a name with None. */
static cvy_status put_bias(owning *o, int64_t n, cvyi_fresh fresh)
{
    const cvyi_shape shape = { .rank = 1, .dims = { n } };

    if (!given(o, "bias"))
        return cvyi_torch_hold(o->eval, o->node, "bias", NULL, o->err);
    return put(o, "bias", &shape, fresh, CVYI_TORCH_PARAMETER);
}

static cvy_status convolution(owning *o)
{
    const bool back = strstr(o->node->class_name, "Transpose") != NULL;
    const cvyi_value *const taps = cvyi_arg_find(o->bound, "kernel_size");
    const int64_t in = number(o, "in_channels");
    const int64_t out = number(o, "out_channels");
    const int64_t groups = number(o, "groups");
    cvyi_shape shape = { .rank = 2 + o->bound->n_spatial };
    double fan;

    if (groups < 1 || in % groups != 0 || out % groups != 0)
        return cvyi_py_refuse(o->eval, o->err,
                              "the channels of a %s do not fit its groups",
                              o->node->class_name);
    shape.dims[0] = back ? in : out;
    shape.dims[1] = (back ? out : in) / groups;
    fan = (double)shape.dims[1];
    for (int i = 0; i < o->bound->n_spatial; i++) {
        const bool list = taps->kind == CVYI_LIST;
        const cvyi_value *const each =
            list && i < taps->n ? &taps->items[i] : taps;

        if (!cvyi_as_int(&shape.dims[2 + i], each))
            shape.dims[2 + i] = 0;
        fan *= (double)shape.dims[2 + i];
    }
    CVYI_TRY(put(o, "weight", &shape, within(fan), CVYI_TORCH_PARAMETER));
    return put_bias(o, out, within(fan));
}

static cvy_status linear(owning *o)
{
    const bool two = strcmp(o->node->class_name, "Bilinear") == 0;
    const int64_t out = number(o, "out_features");
    const int64_t in = number(o, two ? "in1_features" : "in_features");
    const cvyi_shape shape = {
        .rank = two ? 3 : 2, .dims = { out, in, number(o, "in2_features") }
    };

    CVYI_TRY(
        put(o, "weight", &shape, within((double)in), CVYI_TORCH_PARAMETER));
    return put_bias(o, out, within((double)in));
}

static cvy_status put_pair(owning *o, const cvyi_shape *shape, bool affine,
                           bool bias)
{
    if (!affine)
        CVYI_TRY(cvyi_torch_hold(o->eval, o->node, "weight", NULL, o->err));
    else
        CVYI_TRY(put(o, "weight", shape, same(1), CVYI_TORCH_PARAMETER));
    return affine && bias
               ? put(o, "bias", shape, same(0), CVYI_TORCH_PARAMETER)
               : cvyi_torch_hold(o->eval, o->node, "bias", NULL, o->err);
}

static cvy_status batch_norm(owning *o)
{
    const cvyi_shape shape = { .rank = 1,
                               .dims = { number(o, "num_features") } };

    CVYI_TRY(put_pair(o, &shape, given(o, "affine"), true));
    if (!given(o, "track_running_stats"))
        return CVY_OK;
    CVYI_TRY(put(o, "running_mean", &shape, same(0), CVYI_TORCH_BUFFER));
    o->node->holding->counts = true;
    return put(o, "running_var", &shape, same(1), CVYI_TORCH_BUFFER);
}

static cvy_status group_norm(owning *o)
{
    const cvyi_shape shape = { .rank = 1,
                               .dims = { number(o, "num_channels") } };

    return put_pair(o, &shape, given(o, "affine"), true);
}

static cvy_status layer_norm(owning *o)
{
    const cvyi_value *const over = cvyi_arg_find(o->bound, "normalized_shape");
    const bool only = strcmp(o->node->class_name, "RMSNorm") == 0;
    cvyi_shape shape = { .rank = over->kind == CVYI_LIST ? over->n : 1 };

    for (int i = 0; i < shape.rank && shape.rank <= CVYI_MAX_DIMS; i++)
        if (!cvyi_as_int(&shape.dims[i],
                         over->kind == CVYI_LIST ? &over->items[i] : over))
            shape.dims[i] = 0;
    if (shape.rank > CVYI_MAX_DIMS)
        return cvyi_py_refuse(o->eval, o->err, "a norm over %d axes",
                              shape.rank);
    if (only)
        return given(o, "elementwise_affine")
                   ? put(o, "weight", &shape, same(1), CVYI_TORCH_PARAMETER)
                   : cvyi_torch_hold(o->eval, o->node, "weight", NULL, o->err);
    return put_pair(o, &shape, given(o, "elementwise_affine"),
                    given(o, "bias"));
}

static cvy_status embedding(owning *o)
{
    const cvyi_fresh normal = { .kind = CVYI_FRESH_NORMAL, .b = 1 };
    const cvyi_shape shape = { .rank = 2,
                               .dims = { number(o, "num_embeddings"),
                                         number(o, "embedding_dim") } };

    CVYI_TRY(put(o, "weight", &shape, normal, CVYI_TORCH_PARAMETER));
    if (cvyi_arg(o->bound, "padding_idx")->kind != CVYI_NONE)
        o->node->holding->items[0].weight->doubt =
            "its row of padding_idx is zero";
    return CVY_OK;
}

static cvy_status prelu(owning *o)
{
    const cvyi_shape shape = { .rank = 1,
                               .dims = { number(o, "num_parameters") } };
    double start = 0.25;

    (void)cvyi_as_double(&start, cvyi_arg(o->bound, "init"));
    return put(o, "weight", &shape, same(start), CVYI_TORCH_PARAMETER);
}

static cvy_status nothing(owning *o)
{
    (void)o;
    return CVY_OK;
}

static cvy_status lazy(owning *o)
{
    return cvyi_py_refuse(o->eval, o->err,
                          "%s has no sizes before it is called; write the "
                          "sizes",
                          o->node->class_name);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static cvy_status own(owning *o)
{
    static const struct {
        const char *begins;
        cvy_status (*own)(owning *o);
    } rows[] = {
        { "Lazy", lazy },
        { "Conv", convolution },
        { "Linear", linear },
        { "Bilinear", linear },
        { "BatchNorm", batch_norm },
        { "SyncBatchNorm", batch_norm },
        { "InstanceNorm", batch_norm },
        { "GroupNorm", group_norm },
        { "LayerNorm", layer_norm },
        { "RMSNorm", layer_norm },
        { "Embedding", embedding },
        { "PReLU", prelu },
    };
    const char *const name = strrchr(o->node->dotted, '.') + 1;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (begins(name, rows[i].begins))
            return rows[i].own(o);
    return nothing(o);
}

/* Losses have no weights, and nobody looks for them in a network. */
static bool is_loss(const char *name)
{
    const char *const at = strstr(name, "Loss");

    return (at != NULL && (at[4] == '\0' || strcmp(at + 4, "2d") == 0)) ||
           strcmp(name, "CosineSimilarity") == 0 ||
           strcmp(name, "PairwiseDistance") == 0;
}

cvy_status cvyi_torch_own(cvyi_py_eval *eval, cvyi_torch_node *node,
                          cvy_error *err)
{
    cvy_error why = { 0 };
    cvyi_bound bound = { 0 };
    owning o = { eval, node, &bound, &why };
    cvy_status status = CVY_OK;

    if (node->unknown != NULL || is_loss(node->class_name))
        return CVY_OK;
    if (node->spelling == NULL)
        status = cvyi_py_refuse(eval, &why, "%s is not read", node->dotted);
    if (status == CVY_OK)
        status = cvyi_torch_bind_leaf(&bound, eval, node, &why);
    if (status == CVY_OK)
        status = own(&o);
    if (status == CVY_OK)
        return CVY_OK;
    if (status != CVY_UNSUPPORTED) {
        if (err != NULL)
            *err = why;
        return status;
    }
    node->unknown =
        cvyi_arena_text(cvyi_py_arena(eval), why.text, strlen(why.text));
    node->unknown_line = node->line;
    return node->unknown != NULL ? CVY_OK : cvyi_no_memory(err);
}
