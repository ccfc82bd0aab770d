/*
 * read/keras_legacy.c - what older files say, in the words of Keras 3.
 *
 * Keras 2 writes a call as a structure of [layer, node, index, kwargs], or of
 * ["_CONSTANT_VALUE", -1, value, kwargs]; tensors inside kwargs are
 * [layer, node, index]. What the leaves stand in is the first argument; one
 * leaf in a list is that leaf. Nodes of inner models count from 1 there, with
 * few exceptions, and every call of a file is read by somebody: a model of
 * which node 0 is read counts from 0.
 *
 * Inputs say batch_input_shape, which other layers may have too. Legacy .h5
 * files say no modules: a class is taken to be Keras' own then, and an entry
 * of Keras 3 without `trainable` is an operation.
 */
#include "read/keras.h"

#include <stdlib.h>
#include <string.h>

typedef struct rewriting {
    cvyi_arena *arena;
    bool keras2;
} rewriting;

/* A model inside the model at hand. */
typedef struct inner {
    const char *name;
    bool functional, from_0;
} inner;

typedef struct scope {
    const rewriting *r;
    int n;
    inner *models; /* by name */
} scope;

/* ---- making values ---- */

/* A dict that gets at most `most` members. */
static bool dict_open(cvyi_value *out, cvyi_arena *arena, int most)
{
    cvyi_value *const items =
        cvyi_arena_alloc(arena, (size_t)most, sizeof *items);
    const char **const keys =
        cvyi_arena_alloc(arena, (size_t)most, sizeof *keys);

    *out = (cvyi_value){ .kind = CVYI_DICT, .items = items, .keys = keys };
    return items != NULL && keys != NULL;
}

static void dict_add(cvyi_value *dict, const char *key, cvyi_value value)
{
    ((const char **)dict->keys)[dict->n] = key;
    ((cvyi_value *)dict->items)[dict->n++] = value;
}

static cvyi_value text_of(const char *bytes)
{
    return (cvyi_value){ .kind = CVYI_TEXT, .text = bytes };
}

static bool list_open(cvyi_value *out, cvyi_arena *arena, int n)
{
    *out = (cvyi_value){ .kind = CVYI_LIST, .n = n };
    out->items = cvyi_arena_alloc(arena, (size_t)n, sizeof *out->items);
    return out->items != NULL;
}

static cvyi_value *item(cvyi_value *list, int i)
{
    return (cvyi_value *)list->items + i;
}

/* ---- classes ---- */

static bool begins(const char *text, const char *with)
{
    return text != NULL && strncmp(text, with, strlen(with)) == 0;
}

static bool is_model_class(const char *class_name)
{
    return strcmp(class_name, "Sequential") == 0 ||
           strcmp(class_name, "Functional") == 0 ||
           strcmp(class_name, "Model") == 0;
}

/* An entry of Keras 3 that is a function and no layer. */
static bool is_operation(const rewriting *r, const cvyi_value *entry)
{
    const cvyi_value *const config = cvyi_get(entry, "config");

    return !r->keras2 && cvyi_get(entry, "inbound_nodes") != NULL &&
           cvyi_get(config, "trainable") == NULL &&
           cvyi_get(config, "dtype") == NULL &&
           cvyi_get(config, "layers") == NULL;
}

/* Layers that ConvNeXt brings along, whose files may name no module. */
static bool is_of_convnext(const char *class_name)
{
    return strcmp(class_name, "LayerScale") == 0 ||
           strcmp(class_name, "StochasticDepth") == 0;
}

/* NULL: the entry's own, or none. A package's class has a '>' in its name. */
static const char *module_of(const rewriting *r, const cvyi_value *entry,
                             const char *class_name)
{
    const cvyi_value *const said = cvyi_get(entry, "module");
    const char *const module = cvyi_as_text(said);

    if (class_name == NULL || (said != NULL && module == NULL))
        return NULL;
    if (said != NULL && !begins(module, "keras") &&
        !begins(module, "tf_keras") && !begins(module, "tensorflow."))
        return NULL;
    if (is_model_class(class_name))
        return "keras";
    if (is_of_convnext(class_name) &&
        (said == NULL || strstr(module, ".applications.convnext") != NULL))
        return CVYI_KERAS_CONVNEXT;
    if (strcmp(class_name, "CustomScaleLayer") == 0 &&
        (said == NULL ||
         strstr(module, ".applications.inception_resnet_v2") != NULL))
        return CVYI_KERAS_INCEPTION;
    if (said == NULL)
        return strchr(class_name, '>') != NULL ? NULL
               : is_operation(r, entry)        ? "keras.src.ops.numpy"
                                               : "keras.layers";
    return r->keras2 && strstr(module, ".layers") != NULL ? "keras.layers"
                                                          : NULL;
}

/* ---- tensors ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(((const inner *)a)->name, ((const inner *)b)->name);
}

static inner *find_inner(const scope *s, const char *name)
{
    const inner key = { name, false, false };

    return s->n == 0
               ? NULL
               : bsearch(&key, s->models, (size_t)s->n, sizeof key, by_name);
}

/* [layer, node, index] and perhaps kwargs. */
static bool is_leaf(const cvyi_value *value)
{
    int64_t node;

    return value->kind == CVYI_LIST && (value->n == 3 || value->n == 4) &&
           value->items[0].kind == CVYI_TEXT &&
           cvyi_as_int(&node, &value->items[1]) &&
           (value->n == 3 || value->items[3].kind == CVYI_DICT);
}

static bool is_constant(const cvyi_value *leaf)
{
    return strcmp(leaf->items[0].text, "_CONSTANT_VALUE") == 0;
}

/* Which models have a node 0 that somebody reads. JSON bounds the depth. */
static void note_leaves(scope *s, const cvyi_value *value)
{
    int64_t node;

    if (is_leaf(value) && cvyi_as_int(&node, &value->items[1]) && node == 0) {
        inner *const model = find_inner(s, value->items[0].text);

        if (model != NULL)
            model->from_0 = true;
    }
    if (value->kind == CVYI_LIST || value->kind == CVYI_DICT)
        for (int i = 0; i < value->n; i++)
            note_leaves(s, &value->items[i]);
}

/* The three of a leaf; nodes from 0, or as `output_layers` counts them. */
static cvy_status rewrite_leaf(cvyi_value *out, const scope *s,
                               const cvyi_value *leaf, bool end,
                               cvy_error *err)
{
    const inner *const model = find_inner(s, leaf->items[0].text);
    int64_t node = 0;

    if (!list_open(out, s->r->arena, 3))
        return cvyi_no_memory(err);
    (void)cvyi_as_int(&node, &leaf->items[1]);
    if (model != NULL && !model->from_0 && node > INT64_MIN)
        node--;
    if (model != NULL && model->functional && end && node < INT64_MAX)
        node++;
    *item(out, 0) = leaf->items[0];
    *item(out, 1) = (cvyi_value){ .kind = CVYI_INT, .integer = node };
    *item(out, 2) = leaf->items[2];
    return CVY_OK;
}

static cvy_status make_tensor(cvyi_value *out, const scope *s,
                              const cvyi_value *leaf, cvy_error *err)
{
    cvyi_value config, history;

    CVYI_TRY(rewrite_leaf(&history, s, leaf, false, err));
    if (!dict_open(&config, s->r->arena, 1) || !dict_open(out, s->r->arena, 2))
        return cvyi_no_memory(err);
    dict_add(&config, "keras_history", history);
    dict_add(out, "class_name", text_of("__keras_tensor__"));
    dict_add(out, "config", config);
    return CVY_OK;
}

/* A structure of leaves: of tensors, or of outputs that a model lists. */
static cvy_status rewrite_tree(cvyi_value *out, const scope *s,
                               const cvyi_value *value, bool ends,
                               cvy_error *err)
{
    cvyi_value copy = *value;
    cvyi_value *items;

    if (is_leaf(value)) {
        if (ends)
            return rewrite_leaf(out, s, value, true, err);
        if (!is_constant(value))
            return make_tensor(out, s, value, err);
        *out = value->items[2];
        return CVY_OK;
    }
    if ((value->kind == CVYI_LIST || value->kind == CVYI_DICT) &&
        value->n > 0) {
        items = cvyi_arena_alloc(s->r->arena, (size_t)value->n, sizeof *items);
        if (items == NULL)
            return cvyi_no_memory(err);
        copy.items = items;
        for (int i = 0; i < value->n; i++)
            CVYI_TRY(rewrite_tree(&items[i], s, &value->items[i], ends, err));
    }
    *out = copy;
    return CVY_OK;
}

/* ---- calls ---- */

static const cvyi_value *first_leaf(const cvyi_value *value)
{
    const cvyi_value *found = NULL;

    if (is_leaf(value))
        return value;
    if (value->kind == CVYI_LIST || value->kind == CVYI_DICT)
        for (int i = 0; found == NULL && i < value->n; i++)
            found = first_leaf(&value->items[i]);
    return found;
}

/* A call becomes { "args": [structure], "kwargs": {...} }. */
static cvy_status rewrite_call(cvyi_value *out, const scope *s,
                               const cvyi_value *call, cvy_error *err)
{
    const cvyi_value *const leaf = first_leaf(call);
    cvyi_value args, kwargs = { .kind = CVYI_DICT };

    if (call->kind == CVYI_LIST && call->n == 1 && is_leaf(&call->items[0]))
        call = &call->items[0];
    if (!list_open(&args, s->r->arena, 1) || !dict_open(out, s->r->arena, 2))
        return cvyi_no_memory(err);
    CVYI_TRY(rewrite_tree(item(&args, 0), s, call, false, err));
    if (leaf != NULL && leaf->n == 4)
        CVYI_TRY(rewrite_tree(&kwargs, s, &leaf->items[3], false, err));
    dict_add(out, "args", args);
    dict_add(out, "kwargs", kwargs);
    return CVY_OK;
}

static cvy_status rewrite_calls(cvyi_value *out, const scope *s,
                                const cvyi_value *calls, cvy_error *err)
{
    *out = *calls;
    if (!s->r->keras2 || calls->kind != CVYI_LIST || calls->n == 0)
        return CVY_OK;
    if (!list_open(out, s->r->arena, calls->n))
        return cvyi_no_memory(err);
    for (int i = 0; i < calls->n; i++)
        CVYI_TRY(rewrite_call(item(out, i), s, &calls->items[i], err));
    return CVY_OK;
}

/* ---- layers ---- */

static cvy_status rewrite_model(cvyi_value *out, const rewriting *r,
                                const cvyi_value *config, bool functional,
                                cvy_error *err);
static cvy_status rewrite_entry(cvyi_value *out, const scope *s,
                                const cvyi_value *entry, cvy_error *err);

/* The policy of Keras 2 by its name; what is none stays. */
static cvyi_value rewrite_dtype(const cvyi_value *dtype)
{
    const char *const class_name = cvyi_as_text(cvyi_get(dtype, "class_name"));
    const cvyi_value *const name = cvyi_get(cvyi_get(dtype, "config"), "name");

    return class_name != NULL && strstr(class_name, "Policy") != NULL &&
                   cvyi_as_text(name) != NULL
               ? *name
               : *dtype;
}

/* A number that was an array of one when the file was written. */
static cvyi_value rewrite_number(const cvyi_value *value)
{
    const bool numpy =
        cvyi_is_text(cvyi_get(value, "class_name"), "__numpy__");
    const cvyi_value *const number =
        cvyi_get(numpy ? cvyi_get(value, "config") : value, "value");

    return number != NULL &&
                   (number->kind == CVYI_FLOAT || number->kind == CVYI_INT) &&
                   (numpy || cvyi_is_text(cvyi_get(value, "type"), "ndarray"))
               ? *number
               : *value;
}

/* An input says its shape; another layer says it only as the first one of a
 * Sequential, whose model has it then. Layers in wrappers are layers too. */
static cvy_status rewrite_layer(cvyi_value *out, const scope *s,
                                const cvyi_value *config, bool input,
                                cvy_error *err)
{
    const bool keras2 = s->r->keras2;

    if (!dict_open(out, s->r->arena, config->n))
        return cvyi_no_memory(err);
    for (int i = 0; i < config->n; i++) {
        const char *const key = config->keys[i];
        cvyi_value value = rewrite_number(&config->items[i]);

        if (keras2 && strcmp(key, "batch_input_shape") == 0) {
            if (input)
                dict_add(out, "batch_shape", value);
            continue;
        }
        if (keras2 && strcmp(key, "dtype") == 0)
            value = rewrite_dtype(&config->items[i]);
        else if (strcmp(key, "layer") == 0 || strcmp(key, "cell") == 0 ||
                 strcmp(key, "backward_layer") == 0)
            CVYI_TRY(rewrite_entry(&value, s, &config->items[i], err));
        dict_add(out, key, value);
    }
    return CVY_OK;
}

static cvy_status rewrite_config(cvyi_value *out, const scope *s,
                                 const cvyi_value *config,
                                 const char *class_name, cvy_error *err)
{
    const bool list = config->kind == CVYI_LIST;

    *out = *config;
    if (is_model_class(class_name) && (list || config->kind == CVYI_DICT))
        return rewrite_model(out, s->r, config,
                             strcmp(class_name, "Sequential") != 0, err);
    if (config->kind != CVYI_DICT)
        return CVY_OK;
    return rewrite_layer(out, s, config, strcmp(class_name, "InputLayer") == 0,
                         err);
}

static cvy_status rewrite_entry(cvyi_value *out, const scope *s,
                                const cvyi_value *entry, cvy_error *err)
{
    const char *const class_name = cvyi_as_text(cvyi_get(entry, "class_name"));
    const char *const module = module_of(s->r, entry, class_name);

    *out = *entry;
    if (class_name == NULL)
        return CVY_OK;
    if (!dict_open(out, s->r->arena, entry->n + 1))
        return cvyi_no_memory(err);
    if (module != NULL)
        dict_add(out, "module", text_of(module));
    for (int i = 0; i < entry->n; i++) {
        const char *const key = entry->keys[i];
        cvyi_value value = entry->items[i];

        if (module != NULL && strcmp(key, "module") == 0)
            continue;
        if (strcmp(key, "config") == 0)
            CVYI_TRY(
                rewrite_config(&value, s, &entry->items[i], class_name, err));
        else if (strcmp(key, "inbound_nodes") == 0)
            CVYI_TRY(rewrite_calls(&value, s, &entry->items[i], err));
        dict_add(out, key, value);
    }
    return CVY_OK;
}

/* ---- models ---- */

static const cvyi_value *layers_of(const cvyi_value *config)
{
    const cvyi_value *const layers =
        config->kind == CVYI_LIST ? config : cvyi_get(config, "layers");

    return layers != NULL && layers->kind == CVYI_LIST ? layers : NULL;
}

/* The models inside a model, and from where their nodes count. */
static cvy_status open_scope(scope *out, const rewriting *r,
                             const cvyi_value *config, cvy_error *err)
{
    const cvyi_value *const layers = layers_of(config);
    const cvyi_value *const ends = cvyi_get(config, "output_layers");
    scope s = { .r = r };

    *out = s;
    if (!r->keras2 || layers == NULL)
        return CVY_OK;
    s.models = cvyi_arena_alloc(r->arena, (size_t)layers->n, sizeof *s.models);
    if (s.models == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < layers->n; i++) {
        const cvyi_value *const entry = &layers->items[i];
        const char *const of = cvyi_as_text(cvyi_get(entry, "class_name"));
        const char *const name =
            cvyi_as_text(cvyi_get(cvyi_get(entry, "config"), "name"));

        if (of != NULL && name != NULL && is_model_class(of))
            s.models[s.n++] =
                (inner){ name, strcmp(of, "Sequential") != 0, false };
    }
    if (s.n > 1)
        qsort(s.models, (size_t)s.n, sizeof *s.models, by_name);
    for (int i = 0; s.n > 0 && i < layers->n; i++) {
        const cvyi_value *const calls =
            cvyi_get(&layers->items[i], "inbound_nodes");

        if (calls != NULL)
            note_leaves(&s, calls);
    }
    if (s.n > 0 && ends != NULL)
        note_leaves(&s, ends);
    *out = s;
    return CVY_OK;
}

static cvy_status rewrite_layers(cvyi_value *out, const scope *s,
                                 const cvyi_value *layers, cvy_error *err)
{
    *out = *layers;
    if (layers->kind != CVYI_LIST || layers->n == 0)
        return CVY_OK;
    if (!list_open(out, s->r->arena, layers->n))
        return cvyi_no_memory(err);
    for (int i = 0; i < layers->n; i++)
        CVYI_TRY(rewrite_entry(item(out, i), s, &layers->items[i], err));
    return CVY_OK;
}

/* The config of a Sequential was a bare list before Keras 2.2.3. */
static cvy_status rewrite_list(cvyi_value *out, const scope *s,
                               const cvyi_value *layers, cvy_error *err)
{
    cvyi_value value;

    CVYI_TRY(rewrite_layers(&value, s, layers, err));
    dict_add(out, "name", text_of("sequential"));
    dict_add(out, "layers", value);
    return CVY_OK;
}

static cvy_status rewrite_member(cvyi_value *out, const scope *s,
                                 const char *key, const cvyi_value *value,
                                 cvy_error *err)
{
    const bool ends = strcmp(key, "output_layers") == 0;

    if (strcmp(key, "layers") == 0)
        return rewrite_layers(out, s, value, err);
    if (s->r->keras2 && (ends || strcmp(key, "input_layers") == 0))
        return rewrite_tree(out, s, value, true, err);
    *out = s->r->keras2 && strcmp(key, "dtype") == 0 ? rewrite_dtype(value)
                                                     : *value;
    return CVY_OK;
}

/* The shape that the first layer of a Sequential says, or NULL. */
static const cvyi_value *shape_in(const rewriting *r, const cvyi_value *config)
{
    const cvyi_value *const layers = layers_of(config);

    return r->keras2 && layers != NULL && layers->n > 0
               ? cvyi_get(cvyi_get(&layers->items[0], "config"),
                          "batch_input_shape")
               : NULL;
}

static cvy_status rewrite_model(cvyi_value *out, const rewriting *r,
                                const cvyi_value *config, bool functional,
                                cvy_error *err)
{
    const cvyi_value *const shape = functional ? NULL : shape_in(r, config);
    scope s;

    CVYI_TRY(open_scope(&s, r, config, err));
    if (!dict_open(out, r->arena,
                   (config->kind == CVYI_LIST ? 2 : config->n) + 1))
        return cvyi_no_memory(err);
    if (config->kind == CVYI_LIST)
        CVYI_TRY(rewrite_list(out, &s, config, err));
    else
        for (int i = 0; i < config->n; i++) {
            cvyi_value value;

            CVYI_TRY(rewrite_member(&value, &s, config->keys[i],
                                    &config->items[i], err));
            dict_add(out, config->keys[i], value);
        }
    if (shape != NULL && cvyi_get(config, "build_input_shape") == NULL)
        dict_add(out, "build_input_shape", *shape);
    return CVY_OK;
}

cvy_status cvyi_keras_legacy(const cvyi_value **out, cvyi_arena *arena,
                             const cvyi_value *model, bool keras2,
                             cvy_error *err)
{
    const rewriting r = { arena, keras2 };
    const scope nothing = { .r = &r };
    cvyi_value *const whole = cvyi_arena_alloc(arena, 1, sizeof *whole);

    if (whole == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(rewrite_entry(whole, &nothing, model, err));
    *out = whole;
    return CVY_OK;
}
