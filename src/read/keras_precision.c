/*
 * read/keras_precision.c - the types that layers store and compute in.
 *
 * A layer's policy names both: "float16" stores and computes in float16,
 * "mixed_float16" stores float32. Keras casts the floats that a layer is
 * called on to the type it computes in; here those casts are calls of the
 * layer.
 */
#include "read/keras.h"

#include "graph/words.h"
#include "tensor/tensor.h"

#include <string.h>

static const struct policy {
    const char *name;
    cvy_dtype stored, computed;
} policies[] = {
    { "float32", CVY_F32, CVY_F32 },
    { "float16", CVY_F16, CVY_F16 },
    { "bfloat16", CVY_BF16, CVY_BF16 },
    { "float64", CVY_F64, CVY_F64 },
    { "mixed_float16", CVY_F32, CVY_F16 },
    { "mixed_bfloat16", CVY_F32, CVY_BF16 },
};

/* Its name, whichever way it is written; NULL if it is none. */
static const char *policy_name(const cvyi_value *dtype)
{
    if (dtype->kind == CVYI_TEXT)
        return cvyi_keras_name(dtype);
    if (!cvyi_is_text(cvyi_get(dtype, "class_name"), "DTypePolicy"))
        return cvyi_keras_name(cvyi_get(dtype, "class_name"));
    return cvyi_keras_name(cvyi_get(cvyi_get(dtype, "config"), "name"));
}

static const struct policy *find_policy(const char *name)
{
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
        if (name != NULL && strcmp(policies[i].name, name) == 0)
            return &policies[i];
    return NULL;
}

/* What is refused, and what it is. */
static cvy_status refuse(cvyi_keras *k, cvyi_keras_layer *layer,
                         const char *reason, const char *name,
                         const char *advice, cvy_error *err)
{
    const char *const text =
        cvyi_arena_printf(k->arena, "%s, this is %s", reason,
                          name != NULL ? name : "something else");

    if (text == NULL)
        return cvyi_no_memory(err);
    return cvyi_keras_refuse(
        k, layer, (cvyi_refusal){ CVYI_NOT_SUPPORTED, "dtype", text, advice },
        err);
}

cvy_status cvyi_keras_dtype(cvyi_keras *k, cvyi_keras_layer *layer,
                            const cvyi_value *dtype, cvy_error *err)
{
    const char *const name =
        cvyi_is_none(dtype) ? "float32" : policy_name(dtype);
    const struct policy *const policy = find_policy(name);

    if (policy == NULL)
        return refuse(k, layer, "only types of floats are carried over", name,
                      "build the model with dtype float32 and save it again",
                      err);
    layer->stored = policy->stored;
    layer->computed = policy->computed;
    return CVY_OK;
}

cvy_status cvyi_keras_input_dtype(cvyi_keras *k, cvyi_keras_layer *layer,
                                  cvy_error *err)
{
    const cvyi_value *const dtype = cvyi_get(layer->config, "dtype");
    const char *const name =
        cvyi_is_none(dtype) ? "float32" : policy_name(dtype);
    cvy_dtype whole;

    if (name == NULL || !cvyi_dtype_of(&whole, name) || whole == CVY_BOOL ||
        cvyi_dtype_is_float(whole))
        return cvyi_keras_dtype(k, layer, dtype, err);
    layer->stored = layer->computed = whole;
    return CVY_OK;
}

/* ---- casts ---- */

/* The type that holds numbers of both: of two halves it is float32. */
static cvy_dtype joined(cvy_dtype a, cvy_dtype b)
{
    if (a == b || !cvyi_dtype_is_float(b))
        return a;
    if (!cvyi_dtype_is_float(a))
        return b;
    return a == CVY_F64 || b == CVY_F64 ? CVY_F64 : CVY_F32;
}

/* What an operation sees of a tensor: that of an inner model's input is of
 * the type that the input says, whatever the model is called on. */
static cvy_dtype seen(const cvyi_keras_layer *layer,
                      const cvyi_keras_edge *edge, cvy_dtype dtype)
{
    const cvyi_keras_layer *const from =
        edge != NULL ? &layer->home->layers[edge->layer] : NULL;

    return from != NULL && from->role == CVYI_KERAS_INPUT &&
                   layer->home->self != NULL
               ? from->computed
               : dtype;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* May a layer that begins with this step take whole numbers? *cast: Keras
 * casts them for it. */
static bool takes_integers(bool *cast, const cvyi_keras_layer *layer,
                           const cvyi_op *op)
{
    static const char *const movers[] = { "cast",     "concat",  "flatten",
                                          "identity", "permute", "reshape",
                                          "slice",    NULL };
    static const char *const casters[] = { "Normalization", "Rescaling",
                                           NULL };

    *cast = layer->role != CVYI_KERAS_OPERATION &&
            is_one_of(layer->class_name, casters);
    return *cast || op->rows != NULL || is_one_of(op->name, movers);
}

/* One call of `cast` on a result, as a part of the layer. */
static cvy_status add_cast(int *result, cvyi_keras *k,
                           const cvyi_keras_layer *layer, cvy_dtype to,
                           cvy_error *err)
{
    cvyi_attrs attrs;
    int params[CVYI_MAX_SLOTS], call;

    for (int i = 0; i < CVYI_MAX_SLOTS; i++)
        params[i] = -1;
    cvyi_attrs_open(&attrs, cvyi_op_find("cast"),
                    cvyi_call_spatial(k->graph, result, 1));
    cvyi_set_word(&attrs, "dtype", cvy_dtype_name(to));
    CVYI_TRY(cvyi_graph_add_call(&call, k->graph, &attrs, CVYI_AXES_LAST,
                                 result, 1, params, layer->module, err));
    k->graph->calls[call].visit = k->visit;
    k->graph->calls[call].label = "cast";
    *result = k->graph->calls[call].out[0];
    return CVY_OK;
}

static cvy_dtype type_of(const cvyi_keras *k, int result)
{
    return k->graph->results[result].type.dtype;
}

cvy_status cvyi_keras_cast_in(int *in, int n_in, cvyi_keras *k,
                              cvyi_keras_layer *layer,
                              const cvyi_keras_edge *edges, const cvyi_op *op,
                              cvy_error *err)
{
    const bool operation = layer->role == CVYI_KERAS_OPERATION;
    cvy_dtype want = layer->computed;
    bool floats = false;

    for (int i = 0; operation && i < n_in; i++) {
        const cvy_dtype each =
            seen(layer, edges != NULL ? &edges[i] : NULL, type_of(k, in[i]));

        want = i == 0 ? each : joined(want, each);
    }
    for (int i = 0; i < n_in; i++)
        floats = floats || cvyi_dtype_is_float(type_of(k, in[i]));
    for (int i = 0; i < n_in; i++) {
        const cvy_dtype have = type_of(k, in[i]);
        bool cast = op->rows == NULL && strcmp(op->name, "cast") != 0;

        /* Truth values choose, and are what logic is about. */
        if (have == CVY_BOOL &&
            ((op->conditional && i == 0) || strcmp(op->name, "logic") == 0))
            continue;
        if (!cvyi_dtype_is_float(have) && !takes_integers(&cast, layer, op))
            return refuse(k, layer,
                          "of layers that compute only Embedding, Rescaling "
                          "and Normalization take whole numbers",
                          cvy_dtype_name(have),
                          "make the Input one of float32", err);
        /* Whole numbers beside others become what those are. */
        cast = cast || (floats && !cvyi_dtype_is_float(have));
        if (cast && have != want)
            CVYI_TRY(add_cast(&in[i], k, layer, want, err));
    }
    return CVY_OK;
}

cvy_status cvyi_keras_cast_out(int *result, cvyi_keras *k,
                               const cvyi_keras_layer *layer, cvy_error *err)
{
    const cvy_dtype have = type_of(k, *result);

    if (layer->role == CVYI_KERAS_OPERATION || !cvyi_dtype_is_float(have) ||
        have == layer->computed)
        return CVY_OK;
    return add_cast(result, k, layer, layer->computed, err);
}

/* ---- what the user is told ---- */

cvy_status cvyi_keras_remark_precision(cvyi_keras *k, cvy_error *err)
{
    const cvyi_graph *const graph = k->graph;
    cvy_dtype computed = CVY_F32;
    bool mixed = false;
    const char *text;

    for (int i = 0; i < graph->n_results; i++)
        if (cvyi_dtype_is_float(type_of(k, i)) && type_of(k, i) != CVY_F32)
            computed = type_of(k, i);
    for (int i = 0; i < graph->n_calls; i++)
        mixed = mixed || cvyi_call_is_mixed(graph, &graph->calls[i]);
    if (computed == CVY_F32)
        return CVY_OK;
    text = cvyi_arena_printf(
        k->arena,
        mixed ? "layers compute in %s from float32 weights, here under "
                "torch.autocast; the proof compares in float32 what is "
                "computed"
              : "weights and values are %s, as in the source; each framework "
                "rounds to it in its own places, and the proof compares in "
                "float32 what is computed",
        cvy_dtype_name(computed));
    return text != NULL ? cvyi_remark(k->findings, "", text, err)
                        : cvyi_no_memory(err);
}
