/*
 * read/python/call/value.c - arguments as words read them.
 *
 * Everything is copied: the evaluator of a line is closed before its call is
 * bound. Functions and objects of Keras become what a config would hold.
 */
#include "read/python/call/host.h"

#include <string.h>

enum { DEEPEST = 32, MOST_VALUES = 20000 };

typedef struct converting {
    cvyi_py_eval *eval;
    cvyi_call_host *host;
    const char *attribute;
    cvy_error *err;
} converting;

static cvy_status convert(cvyi_value *out, const converting *c,
                          const cvyi_py_value *value, int depth);

static cvy_status text(cvyi_value *out, const converting *c, const char *bytes)
{
    const char *const kept =
        cvyi_arena_text(c->host->arena, bytes, strlen(bytes));

    if (kept == NULL)
        return cvyi_no_memory(c->err);
    *out = (cvyi_value){ .kind = CVYI_TEXT, .text = kept };
    return CVY_OK;
}

/* ---- tensors ---- */

static cvy_status tensor(cvyi_value *out, const converting *c,
                         const char *name)
{
    cvyi_call_host *const host = c->host;
    const char **const tensors =
        cvyi_arena_grow(host->arena, host->tensors, host->n_tensors,
                        &host->capacity, sizeof *tensors);

    if (tensors == NULL)
        return cvyi_no_memory(c->err);
    host->tensors = tensors;
    *out = (cvyi_value){ .kind = CVYI_TENSOR, .integer = host->n_tensors };
    tensors[host->n_tensors++] = name;
    return CVY_OK;
}

/* ---- names ---- */

/* The function of keras.activations that means the same; NULL: none. The
 * defaults of the others differ. */
static const char *activation(const char *dotted)
{
    static const char *const everywhere[] = {
        "relu",     "relu6",    "elu",     "selu", "sigmoid",     "tanh",
        "softplus", "softsign", "softmax", "silu", "log_softmax", "leaky_relu",
    };
    const char *const last = cvyi_call_last(dotted);
    const bool tf = cvyi_call_is_below(dotted, "tf");

    if (cvyi_call_is_below(dotted, "keras.activations"))
        return last;
    if (!tf && !cvyi_call_is_below(dotted, "keras.ops"))
        return NULL;
    for (size_t i = 0; i < sizeof everywhere / sizeof *everywhere; i++)
        if (strcmp(everywhere[i], last) == 0)
            return last;
    if (tf && (strcmp(last, "gelu") == 0 || strcmp(last, "swish") == 0))
        return last;
    return strcmp(dotted, "tf.identity") == 0 ? "linear" : NULL;
}

/* "float32" of tf.float32; torch's are said with their module. */
static const char *dtype(const char *dotted)
{
    static const char *const names[] = { "float16",  "float32", "float64",
                                         "bfloat16", "int32",   "int64",
                                         "uint8",    "bool" };
    const char *const last = cvyi_call_last(dotted);

    if (!cvyi_call_is_below(dotted, "tf") && !cvyi_call_is_below(dotted, "np"))
        return NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], last) == 0)
            return last;
    return NULL;
}

const char *cvyi_call_word(const char *dotted)
{
    const char *const word = activation(dotted);

    return word != NULL ? word : dtype(dotted);
}

static cvy_status name_value(cvyi_value *out, const converting *c,
                             const cvyi_call_name *name)
{
    static const cvyi_value nothing = { .kind = CVYI_DICT };
    const char *const word = cvyi_call_word(name->dotted);
    bool known;

    if (word != NULL)
        return text(out, c, word);
    /* A class where an object is meant: Keras makes one. */
    CVYI_TRY(cvyi_call_object(out, &known, c->host->arena, name,
                              c->host->old ? "tf1" : c->host->from, NULL, 0,
                              &nothing, c->err));
    return known ? CVY_OK : text(out, c, name->dotted);
}

/* ---- layers as arguments: activation=layers.LeakyReLU(0.1) ---- */

static cvy_status layer(cvyi_value *out, const converting *c,
                        const cvyi_call_made *made)
{
    cvyi_call_choice choice;
    const cvyi_spelling *spelling;
    cvyi_bound bound;
    cvy_error local = { 0 };
    cvy_status status;
    int n_spatial;

    if (made->applied ||
        !cvyi_call_is_below(made->name.dotted, "keras.layers"))
        return cvyi_call_stop(
            c->eval, c->err, CVYI_NOT_SUPPORTED, c->attribute,
            "explain each call by itself, the inner one first, with x for "
            "what it is called on; --batch takes a line each",
            "%s stands inside of another call", made->name.dotted);
    cvyi_call_choose(&choice, c->host->from, &made->name);
    spelling = choice.n > 0 ? cvyi_spelling_find(choice.dialects[0],
                                                 made->name.dotted, &n_spatial)
                            : NULL;
    if (spelling == NULL)
        return cvyi_call_stop(c->eval, c->err, CVYI_UNKNOWN_CALL, c->attribute,
                              "`convey ops` lists the layers that are read",
                              "%s is not known", made->name.dotted);
    status = cvyi_bind(&bound, c->host->arena, spelling, n_spatial,
                       made->positional, made->n_positional, made->keywords,
                       &local);
    if (status == CVY_UNSUPPORTED)
        return cvyi_call_stop(c->eval, c->err, CVYI_ILLEGAL_IN_SOURCE,
                              c->attribute,
                              "correct this argument in the source", "%s: %s",
                              made->name.dotted, local.text);
    if (status != CVY_OK)
        return cvyi_no_memory(c->err);
    return cvyi_call_config(out, c->host->arena, "keras.layers",
                            cvyi_call_last(made->name.dotted), &bound, true,
                            c->err);
}

static cvy_status host_value(cvyi_value *out, const converting *c,
                             const cvyi_py_value *value)
{
    const bool free = value->host.type == &cvyi_call_free_type;

    /* What torch's modules pass on: what is explained is not being trained. */
    if (free && strcmp(value->host.data, "self.training") == 0) {
        *out = (cvyi_value){ .kind = CVYI_BOOL };
        return CVY_OK;
    }
    if (free)
        return tensor(out, c, value->host.data);
    if (value->host.type == &cvyi_call_name_type)
        return name_value(out, c, value->host.data);
    if (value->host.type == &cvyi_call_made_type)
        return layer(out, c, value->host.data);
    if (value->host.type == &cvyi_call_object_type) {
        *out = *(const cvyi_value *)value->host.data;
        return CVY_OK;
    }
    return cvyi_call_stop(c->eval, c->err, CVYI_NOT_SUPPORTED, c->attribute,
                          "write the value itself", "%s is no plain value",
                          cvyi_py_describe(c->eval, value));
}

/* ---- plain values ---- */

static cvy_status list(cvyi_value *out, const converting *c,
                       const cvyi_py_value *from, int n, int depth)
{
    cvyi_value *const items =
        cvyi_arena_alloc(c->host->arena, (size_t)n + 1, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(c->err);
    for (int i = 0; i < n; i++)
        CVYI_TRY(convert(&items[i], c, &from[i], depth + 1));
    *out = (cvyi_value){ .kind = CVYI_LIST, .n = n, .items = items };
    return CVY_OK;
}

static cvy_status not_plain(const converting *c, const cvyi_py_value *value)
{
    return cvyi_call_stop(c->eval, c->err, CVYI_NOT_SUPPORTED, c->attribute,
                          "write the value itself",
                          "%s is no argument that is read",
                          cvyi_py_describe(c->eval, value));
}

static cvy_status dict(cvyi_value *out, const converting *c,
                       const cvyi_py_map *map, int depth)
{
    const char **const keys =
        cvyi_arena_alloc(c->host->arena, (size_t)map->n + 1, sizeof *keys);

    if (keys == NULL)
        return cvyi_no_memory(c->err);
    for (int i = 0; i < map->n; i++) {
        cvyi_value key;

        if (map->keys[i].type != CVYI_PY_V_TEXT)
            return not_plain(c, &map->keys[i]);
        CVYI_TRY(text(&key, c, map->keys[i].text));
        keys[i] = key.text;
    }
    CVYI_TRY(list(out, c, map->values, map->n, depth));
    out->kind = CVYI_DICT;
    out->keys = keys;
    return CVY_OK;
}

static cvy_status convert(cvyi_value *out, const converting *c,
                          const cvyi_py_value *value, int depth)
{
    if (depth > DEEPEST || c->host->n_values++ > MOST_VALUES)
        return cvyi_call_stop(c->eval, c->err, CVYI_NOT_SUPPORTED,
                              c->attribute, "write a shorter value",
                              "an argument is too large");
    switch (value->type) {
    case CVYI_PY_V_TEXT:
        return text(out, c, value->text);
    case CVYI_PY_V_ELLIPSIS:
        return text(out, c, "...");
    case CVYI_PY_V_TUPLE:
    case CVYI_PY_V_LIST:
        return list(out, c, value->seq->items, value->seq->n, depth);
    case CVYI_PY_V_DICT:
        return dict(out, c, value->map, depth);
    case CVYI_PY_V_HOST:
        return host_value(out, c, value);
    case CVYI_PY_V_NONE:
    case CVYI_PY_V_BOOL:
    case CVYI_PY_V_INT:
    case CVYI_PY_V_FLOAT:
        return cvyi_py_plain(out, c->eval, value) ? CVY_OK
                                                  : not_plain(c, value);
    default:
        return not_plain(c, value);
    }
}

cvy_status cvyi_call_value(cvyi_value *out, cvyi_py_eval *eval,
                           const char *attribute, const cvyi_py_value *value,
                           cvy_error *err)
{
    const converting c = { eval, cvyi_call_host_of(eval), attribute, err };

    return convert(out, &c, value, 0);
}
