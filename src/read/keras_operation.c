/*
 * read/keras_operation.c - operations of a Keras model that are no layers.
 *
 * Keras 3 saves `x * 2` as a row of module "keras.src.ops.numpy" and class
 * "Multiply". The public function has the class's name in snake case, and its
 * arguments are those of the call and, by name, those of the config. So a row
 * is a call of keras.ops.multiply, which the words of layer/ know.
 *
 * tf.keras saves it as a TFOpLambda whose config says "math.multiply", which
 * is TensorFlow's own function, or as a SlicingOpLambda.
 *
 * An operation that gives several tensors is one subscript for each of them.
 */
#include "read/keras.h"

#include <string.h>

/* ---- the function ---- */

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

bool cvyi_keras_is_lambda(const char *class_name)
{
    return strcmp(class_name, "TFOpLambda") == 0 ||
           strcmp(class_name, "SlicingOpLambda") == 0;
}

bool cvyi_keras_is_operation(const char *module, const char *class_name)
{
    if (cvyi_keras_is_lambda(class_name))
        return module == NULL || begins(module, "keras.") ||
               begins(module, "tf_keras.") || begins(module, "tensorflow.");
    return module != NULL &&
           (begins(module, "keras.src.ops.") || begins(module, "keras.ops") ||
            begins(module, "keras.src.activations."));
}

typedef struct renamed {
    const char *from, *to;
} renamed;

/* What a table calls it, or NULL. */
static const char *look_up(const renamed *table, const char *name)
{
    for (; table->from != NULL; table++)
        if (strcmp(table->from, name) == 0)
            return table->to;
    return NULL;
}

/* Classes of Keras 3 that are not called like their function. */
static const renamed classes[] = {
    { "BatchNorm", "keras.ops.batch_normalization" },
    { "GetItem", "operator.getitem" },
    { "LayerNorm", "keras.ops.layer_normalization" },
    { "ReLU", "keras.activations.relu" },
    { "RMSNorm", "keras.ops.rms_normalization" },
    { NULL, NULL },
};

/* Python's own words for tensors of TensorFlow. */
static const renamed operators[] = {
    { "__operators__.add", "tf.math.add" },
    { "__operators__.getitem", "operator.getitem" },
    { NULL, NULL },
};

static const char *keras_function(cvyi_arena *arena, const char *module,
                                  const char *class_name)
{
    const char *const known = look_up(classes, class_name);
    const char *const snake = cvyi_keras_snake(arena, class_name);
    const char *place = "ops";

    if (known != NULL || snake == NULL)
        return known;
    if (begins(module, "keras.src.activations."))
        place = "activations";
    if (strcmp(module, "keras.src.ops.image") == 0)
        place = "ops.image";
    return cvyi_arena_printf(arena, "keras.%s.%s", place, snake);
}

/* What the config of a TFOpLambda says, or "". */
static const char *said_function(const cvyi_keras_layer *layer)
{
    const char *const said =
        cvyi_keras_name(cvyi_get(layer->config, "function"));

    return said != NULL ? said : "";
}

/* "math.multiply" is tf.math.multiply, "compat.v1.pad" tf.pad of version 1. */
static const char *tf_function(const char **dialect, cvyi_arena *arena,
                               const cvyi_keras_layer *layer)
{
    static const char old[] = "compat.v1.";
    const char *const said = said_function(layer);
    const char *const known = look_up(operators, said);

    if (strcmp(layer->class_name, "SlicingOpLambda") == 0)
        return "operator.getitem";
    if (known != NULL)
        return known;
    if (begins(said, old)) {
        *dialect = "tf1";
        return cvyi_arena_printf(arena, "tf.%s", said + sizeof old - 1);
    }
    return cvyi_arena_printf(arena, "tf.%s", said);
}

/* NULL when memory is refused. */
static const char *function_of(const char **dialect, cvyi_keras *k,
                               const cvyi_keras_layer *layer)
{
    *dialect = cvyi_keras_is_lambda(layer->class_name) ? "tf2" : "keras3";
    if (cvyi_keras_is_lambda(layer->class_name))
        return tf_function(dialect, k->arena, layer);
    return keras_function(k->arena,
                          cvyi_as_text(cvyi_get(layer->entry, "module")),
                          layer->class_name);
}

/* ---- arguments ---- */

static bool is_class(const cvyi_value *value, const char *class_name)
{
    return cvyi_is_text(cvyi_get(value, "class_name"), class_name);
}

/* ["_CONSTANT_VALUE", -1, value, {}], or the value alone in a list. */
static const cvyi_value *constant_of(const cvyi_value *value)
{
    if (value->kind == CVYI_LIST && value->n >= 3 &&
        cvyi_is_text(&value->items[0], "_CONSTANT_VALUE"))
        return &value->items[2];
    return value;
}

typedef struct plainly {
    cvyi_arena *arena;
    cvyi_keras_number *tensor;
    void *self;
} plainly;

static cvy_status plain(cvyi_value *out, const plainly *p,
                        const cvyi_value *value, cvy_error *err);

static cvy_status plain_items(cvyi_value *out, const plainly *p,
                              const cvyi_value *value, cvy_error *err)
{
    cvyi_value *const items =
        cvyi_arena_alloc(p->arena, (size_t)value->n + 1, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < value->n; i++)
        CVYI_TRY(plain(&items[i], p, &value->items[i], err));
    *out = *value;
    out->items = items;
    return CVY_OK;
}

/* JSON bounds the depth. */
static cvy_status plain(cvyi_value *out, const plainly *p,
                        const cvyi_value *value, cvy_error *err)
{
    value = constant_of(value);
    if (is_class(value, "__slice__") && cvyi_get(value, "config") != NULL)
        value = cvyi_get(value, "config");
    *out = *value;
    if (is_class(value, "__keras_tensor__")) {
        int number;

        CVYI_TRY(p->tensor(&number, p->self, value, err));
        *out = (cvyi_value){ .kind = CVYI_TENSOR, .integer = number };
        return CVY_OK;
    }
    if (is_class(value, "__ellipsis__")) {
        *out = (cvyi_value){ .kind = CVYI_TEXT, .text = "..." };
        return CVY_OK;
    }
    if (value->kind == CVYI_LIST || value->kind == CVYI_DICT)
        return plain_items(out, p, value, err);
    return CVY_OK;
}

cvy_status cvyi_keras_arguments(const cvyi_value **out, cvyi_arena *arena,
                                const cvyi_value *value,
                                cvyi_keras_number *tensor, void *self,
                                cvy_error *err)
{
    const plainly p = { arena, tensor, self };
    cvyi_value *const made = cvyi_arena_alloc(arena, 1, sizeof *made);

    if (made == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(plain(made, &p, value, err));
    *out = made;
    return CVY_OK;
}

/* The one function whose first argument is in the config. */
static const char first_key[] = "subscripts";

static cvy_status all_positional(const cvyi_value **out, cvyi_keras *k,
                                 const cvyi_keras_layer *layer,
                                 const cvyi_keras_node *node, cvy_error *err)
{
    const cvyi_value *const first = cvyi_get(layer->config, first_key);
    const size_t n = (size_t)node->args->n + 1;
    cvyi_value *list, *items;

    *out = node->args;
    if (first == NULL)
        return CVY_OK;
    list = cvyi_arena_alloc(k->arena, 1, sizeof *list);
    items = cvyi_arena_alloc(k->arena, n, sizeof *items);
    if (list == NULL || items == NULL)
        return cvyi_no_memory(err);
    items[0] = *first;
    for (int i = 0; i < node->args->n; i++)
        items[1 + i] = node->args->items[i];
    *list = (cvyi_value){ .kind = CVYI_LIST, .n = (int)n, .items = items };
    *out = list;
    return CVY_OK;
}

/* What the config says and what the call says by name. A TFOpLambda's config
 * says nothing but the function. */
static cvy_status all_keywords(cvyi_value *out, cvyi_keras *k,
                               const cvyi_keras_layer *layer,
                               const cvyi_keras_node *node, cvy_error *err)
{
    const cvyi_value *const more = node->kwargs;
    cvyi_value own = { .kind = CVYI_DICT };
    cvyi_value *items;
    const char **keys;

    if (!cvyi_keras_is_lambda(layer->class_name))
        CVYI_TRY(cvyi_keras_own_config(&own, k, layer->config, err));

    const size_t n = (size_t)own.n + (size_t)(more != NULL ? more->n : 0);

    items = cvyi_arena_alloc(k->arena, n + 1, sizeof *items);
    keys = cvyi_arena_alloc(k->arena, n + 1, sizeof *keys);
    if (items == NULL || keys == NULL)
        return cvyi_no_memory(err);
    *out = (cvyi_value){ .kind = CVYI_DICT, .items = items, .keys = keys };
    for (int i = 0; i < (int)n; i++) {
        const bool first = i < own.n;
        const char *const key = first ? own.keys[i] : more->keys[i - own.n];

        if (first && strcmp(key, first_key) == 0)
            continue;
        /* TensorFlow's subscripts go by another name. */
        keys[out->n] = strcmp(key, "slice_spec") == 0 ? "index" : key;
        items[out->n++] = first ? own.items[i] : more->items[i - own.n];
    }
    return CVY_OK;
}

/* ---- one function ---- */

static cvy_status refuse(cvyi_keras *k, cvyi_keras_layer *layer,
                         const char *function, const char *reason,
                         const char *advice, cvy_error *err)
{
    const char *const text =
        cvyi_arena_printf(k->arena, "%s: %s", function, reason);

    if (text == NULL)
        return cvyi_no_memory(err);
    return cvyi_keras_refuse(
        k, layer, (cvyi_refusal){ CVYI_UNKNOWN_CALL, "", text, advice }, err);
}

/* *out is NULL, with a refusal, where no words know the function. */
static cvy_status find(const cvyi_spelling **out, int *n_spatial,
                       cvyi_keras *k, cvyi_keras_layer *layer, cvy_error *err)
{
    const char *dialect;
    const char *const function = function_of(&dialect, k, layer);

    if (function == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_spelling_find(dialect, function, n_spatial);
    if (*out != NULL && (*out)->form == CVYI_FORM_FUNCTION)
        return CVY_OK;
    *out = NULL;
    return refuse(k, layer, function,
                  "an operation that convey does not know yet",
                  "use a layer of the same meaning instead", err);
}

static cvy_status call_function(cvyi_keras_value *out, cvyi_keras *k,
                                cvyi_keras_layer *layer,
                                const cvyi_keras_node *node,
                                const cvyi_keras_value *in, cvy_error *err)
{
    const cvyi_spelling *spelling;
    cvyi_bound bound = { 0 };
    int n_spatial = 0;
    const cvyi_value *positional;
    cvyi_value keywords;
    bool fits;

    CVYI_TRY(find(&spelling, &n_spatial, k, layer, err));
    if (spelling == NULL)
        return CVY_OK;
    CVYI_TRY(all_keywords(&keywords, k, layer, node, err));
    CVYI_TRY(all_positional(&positional, k, layer, node, err));
    CVYI_TRY(cvyi_keras_bind(&bound, &fits, k, layer, spelling, n_spatial,
                             positional, &keywords, err));
    return fits ? cvyi_keras_bound(out, k, layer, node, &bound, in, err)
                : CVY_OK;
}

/* ---- several outputs ---- */

/* One subscript: everything of the axes before `axis`, of which it takes from
 * `start` to `stop`; `single` leaves the axis out. */
static cvy_status subscript(const cvyi_value **out, cvyi_arena *arena,
                            int axis, int64_t start, int64_t stop, bool single,
                            cvy_error *err)
{
    static const char *const keys[] = { "start", "stop", "step" };
    const size_t n = (size_t)axis + 1;
    cvyi_value *const all = cvyi_arena_alloc(arena, 1, sizeof *all);
    cvyi_value *const items = cvyi_arena_alloc(arena, n, sizeof *items);
    cvyi_value *const ends = cvyi_arena_alloc(arena, 6, sizeof *ends);

    if (all == NULL || items == NULL || ends == NULL)
        return cvyi_no_memory(err);
    ends[3] = (cvyi_value){ .kind = CVYI_INT, .integer = start };
    ends[4] = (cvyi_value){ .kind = CVYI_INT, .integer = stop };
    for (int i = 0; i <= axis; i++)
        items[i] = (cvyi_value){ .kind = CVYI_DICT,
                                 .n = 3,
                                 .items = i < axis ? ends : ends + 3,
                                 .keys = keys };
    if (single)
        items[axis] = ends[3];
    *all = (cvyi_value){ .kind = CVYI_LIST, .n = (int)n, .items = items };
    *out = all;
    return CVY_OK;
}

/* x[index], as what is left of the operation. */
static cvy_status call_subscript(cvyi_keras_value *out, cvyi_keras *k,
                                 cvyi_keras_layer *layer,
                                 const cvyi_keras_node *node,
                                 const cvyi_value *index,
                                 const cvyi_keras_value *in, cvy_error *err)
{
    int n_spatial = 0;
    const cvyi_spelling *const spelling =
        cvyi_spelling_find("keras3", "operator.getitem", &n_spatial);
    const cvyi_value items[] = { { .kind = CVYI_TENSOR }, *index };
    const cvyi_value positional = { .kind = CVYI_LIST,
                                    .n = 2,
                                    .items = items };
    cvyi_bound bound = { 0 };
    bool fits;

    CVYI_TRY(cvyi_keras_bind(&bound, &fits, k, layer, spelling, n_spatial,
                             &positional, NULL, err));
    return fits ? cvyi_keras_bound(out, k, layer, node, &bound, in, err)
                : CVY_OK;
}

typedef enum parting {
    PARTS_NOT,
    PARTS_EVEN, /* a number of equal parts, or where they begin */
    PARTS_ANY,  /* the number may leave a rest */
    PARTS_SIZE, /* a number of equal parts, or how long they are */
    PARTS_ONE,  /* one element each, and the axis goes */
} parting;

static parting parting_of(const cvyi_keras_layer *layer)
{
    static const struct {
        const char *class_name, *function;
        parting how;
    } table[] = {
        { "Split", "", PARTS_EVEN },
        { "ArraySplit", "", PARTS_ANY },
        { "TFOpLambda", "split", PARTS_SIZE },
        { "Unstack", "", PARTS_ONE },
        { "TFOpLambda", "unstack", PARTS_ONE },
    };
    const char *const said =
        cvyi_keras_is_lambda(layer->class_name) ? said_function(layer) : "";

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].class_name, layer->class_name) == 0 &&
            strcmp(table[i].function, said) == 0)
            return table[i].how;
    return PARTS_NOT;
}

typedef struct parts {
    parting how;
    int axis, n;
    int64_t *at; /* where they begin; the last one is where all end */
} parts;

enum { PARTS_MOST = 4096 };

/* Places or lengths that are listed. */
static int listed_parts(int64_t *at, const cvyi_value *list, int64_t length,
                        bool sizes)
{
    int n = 0;

    at[n++] = 0;
    for (int i = 0; i < list->n; i++) {
        int64_t place;

        if (n == PARTS_MOST || !cvyi_as_int(&place, &list->items[i]) ||
            place < 1 || place > length)
            return 0;
        place += sizes ? at[n - 1] : 0;
        if (place <= at[n - 1] || place > length)
            return 0;
        at[n++] = place;
    }
    if (at[n - 1] == length)
        return sizes ? n - 1 : 0;
    at[n] = length;
    return sizes ? 0 : n;
}

/* 0: they do not fit. */
static int part_starts(int64_t *at, const cvyi_value *how, int64_t length,
                       parting kind)
{
    int64_t n;

    if (how->kind == CVYI_LIST)
        return listed_parts(at, how, length, kind == PARTS_SIZE);
    if (!cvyi_as_int(&n, how) || n < 1 || n >= PARTS_MOST || n > length ||
        (kind != PARTS_ANY && length % n != 0))
        return 0;
    for (int64_t i = 0; i <= n; i++)
        at[i] = i * (length / n) + (i < length % n ? i : length % n);
    return (int)n;
}

/* An argument of the call, or of the config. */
static const cvyi_value *argument(const cvyi_keras_layer *layer,
                                  const cvyi_keras_node *node,
                                  const char *name)
{
    const cvyi_value *const given = cvyi_get(node->kwargs, name);

    return given != NULL ? given : cvyi_get(layer->config, name);
}

/* n is 0 where that cannot be told. */
static cvy_status find_parts(parts *out, cvyi_keras *k,
                             const cvyi_keras_layer *layer,
                             const cvyi_keras_node *node,
                             const cvyi_keras_value *in, cvy_error *err)
{
    const parting kind = parting_of(layer);
    const cvyi_value *const named = argument(layer, node, "axis");
    int64_t axis = 0, length;

    *out = (parts){ .how = kind };
    out->at = cvyi_arena_alloc(k->arena, PARTS_MOST + 1, sizeof *out->at);
    if (out->at == NULL)
        return cvyi_no_memory(err);
    if (node->args->n < 1 || node->args->items[0].kind != CVYI_TENSOR ||
        node->n_edges != 1 ||
        (!cvyi_is_none(named) && !cvyi_as_int(&axis, named)))
        return CVY_OK;
    axis += axis < 0 ? in[0].type.rank : 0;
    if (axis < 1 || axis >= in[0].type.rank ||
        !cvyi_size_constant(&length, in[0].type.dims[axis]) || length < 1)
        return CVY_OK;

    const cvyi_value all = { .kind = CVYI_INT, .integer = length };
    const cvyi_value *const how =
        kind == PARTS_ONE
            ? &all
            : argument(layer, node,
                       kind == PARTS_SIZE ? "num_or_size_splits"
                                          : "indices_or_sections");

    if (how == NULL)
        return CVY_OK;
    out->axis = (int)axis;
    out->n = part_starts(out->at, how, length, kind);
    return CVY_OK;
}

static cvy_status take_apart(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvyi_keras_node *node, const cvyi_keras_value *in,
                             cvy_error *err)
{
    parts p;

    CVYI_TRY(find_parts(&p, k, layer, node, in, err));
    if (p.n == 0)
        return refuse(k, layer, layer->class_name,
                      "parts of an axis of unknown size, or of the batch, or "
                      "uneven ones, are not carried over",
                      "split an axis of known size behind the batch", err);
    if (node->n_out > p.n)
        return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                            "output %d of it is read, which does not exist",
                            node->n_out - 1);
    for (int i = 0; i < node->n_out && !layer->refused; i++) {
        const cvyi_value *index;

        if (i < 64 && (node->read & UINT64_C(1) << i) == 0)
            continue;
        CVYI_TRY(subscript(&index, k->arena, p.axis, p.at[i], p.at[i + 1],
                           p.how == PARTS_ONE, err));
        CVYI_TRY(
            call_subscript(&node->out[i], k, layer, node, index, in, err));
    }
    return CVY_OK;
}

/* ---- the whole ---- */

/* How many outputs there are has been counted by who reads them. */
static cvy_status open_outputs(cvyi_keras *k, cvyi_keras_node *node,
                               cvy_error *err)
{
    if (node->n_out > 1)
        node->out =
            cvyi_arena_alloc(k->arena, (size_t)node->n_out, sizeof *node->out);
    if (node->out == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < node->n_out; i++)
        node->out[i] = (cvyi_keras_value){ .result = -1 };
    return CVY_OK;
}

cvy_status cvyi_keras_operate(cvyi_keras *k, cvyi_keras_layer *layer,
                              cvyi_keras_node *node,
                              const cvyi_keras_value *in, cvy_error *err)
{
    bool typed = true;

    CVYI_TRY(open_outputs(k, node, err));
    if (layer->faulty && layer->asked)
        return CVY_OK;
    layer->refused = layer->faulty;
    layer->asked = true;
    for (int i = 0; i < node->n_edges; i++)
        typed = typed && in[i].typed;
    if (node->n_edges == 0)
        return refuse(k, layer, layer->class_name, "it is called on no tensor",
                      "compute the number before the model is built", err);
    CVYI_TRY(
        cvyi_keras_dtype(k, layer, cvyi_get(layer->config, "dtype"), err));
    if (parting_of(layer) != PARTS_NOT)
        return typed ? take_apart(k, layer, node, in, err) : CVY_OK;
    if (node->n_out > 1)
        return refuse(k, layer, layer->class_name,
                      "an operation of several outputs that convey does not "
                      "know",
                      "use a layer of the same meaning instead", err);
    return call_function(&node->out[0], k, layer, node, in, err);
}
