/* read/keras_table.c - the layers of a Keras model, one row each. */
#include "read/keras.h"

#include "codec/name.h"

#include <stdlib.h>
#include <string.h>

enum { LAYERS_MOST = 16384 };

const char *cvyi_keras_name(const cvyi_value *value)
{
    const char *const text = cvyi_as_text(value);

    return text != NULL && cvyi_name_fault(text, strlen(text)) == NULL ? text
                                                                       : NULL;
}

/* ---- names of groups ---- */

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Keras inserts "_" before a capital that a small letter follows, unless the
 * byte before belongs to such a word already, and then between a small letter
 * and a capital. */
char *cvyi_keras_snake(cvyi_arena *arena, const char *class_name)
{
    const size_t n = strlen(class_name);
    char *const out = cvyi_arena_alloc(arena, 2 * n + 1, 1);
    size_t at = 0;
    bool free_before = false;

    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        const char c = class_name[i];
        const bool word = free_before && upper(c) && lower(class_name[i + 1]);

        if (word || (i > 0 && upper(c) && lower(class_name[i - 1])))
            out[at++] = '_';
        out[at++] = upper(c) ? (char)(c - 'A' + 'a') : c;
        if (word)
            while (lower(class_name[i + 1]))
                out[at++] = class_name[++i];
        free_before = !word;
    }
    return out;
}

/* How often each class has stood in the container so far. */
typedef struct counter {
    const char *snake;
    int n;
} counter;

static cvy_status print_group(const char **out, cvyi_keras *k,
                              const cvyi_keras_model *model, const counter *at,
                              cvy_error *err)
{
    const char *const around = k->store.container;

    *out = at->n == 0 ? cvyi_arena_printf(k->arena, "%s%s/%s", model->group,
                                          around, at->snake)
                      : cvyi_arena_printf(k->arena, "%s%s/%s_%d", model->group,
                                          around, at->snake, at->n);
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* TensorFlow 2.12 and 2.13 count layers that have weights twice. Every layer
 * has a group there, so the next number that has one is the layer's. */
static cvy_status name_group(const char **out, cvyi_keras *k,
                             const cvyi_keras_model *model, counter *at,
                             cvy_error *err)
{
    cvyi_h5_node node;

    CVYI_TRY(print_group(out, k, model, at, err));
    if (!k->store.counts_twice || at->n == 0)
        return CVY_OK;
    CVYI_TRY(cvyi_h5_find(&node, &k->store.h5, NULL, *out, err));
    if (node.kind != CVYI_H5_MISSING)
        return CVY_OK;
    at->n++;
    return print_group(out, k, model, at, err);
}

static cvy_status place(cvyi_keras_model *model, cvyi_keras *k,
                        cvyi_keras_layer *layer, counter *counters, int *n,
                        cvy_error *err)
{
    const char *const snake = cvyi_keras_snake(k->arena, layer->class_name);
    int i = 0;

    if (snake == NULL)
        return cvyi_no_memory(err);
    while (i < *n && strcmp(counters[i].snake, snake) != 0)
        i++;
    if (i == *n)
        counters[(*n)++].snake = snake;
    CVYI_TRY(name_group(&layer->group, k, model, &counters[i], err));
    counters[i].n++;
    return CVY_OK;
}

/* Operations of Keras 3 have no group, nor has the InputLayer of a
 * Sequential. */
static cvy_status place_all(cvyi_keras_model *model, cvyi_keras *k,
                            cvy_error *err)
{
    counter *const counters =
        cvyi_arena_alloc(k->arena, (size_t)model->n_layers, sizeof *counters);
    int n = 0;

    if (counters == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < model->n_layers; i++) {
        cvyi_keras_layer *const layer = &model->layers[i];

        if ((layer->role != CVYI_KERAS_OPERATION ||
             cvyi_keras_is_lambda(layer->class_name)) &&
            !(model->sequential && layer->role == CVYI_KERAS_INPUT))
            CVYI_TRY(place(model, k, layer, counters, &n, err));
    }
    return CVY_OK;
}

/* ---- rows ---- */

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Only what Keras itself has is a model whose layers are all there is. */
static bool is_model(const char *class_name)
{
    return strcmp(class_name, "Sequential") == 0 ||
           strcmp(class_name, "Functional") == 0 ||
           strcmp(class_name, "Model") == 0;
}

cvyi_keras_role cvyi_keras_role_of(const char *module, const char *class_name)
{
    if (cvyi_keras_is_operation(module, class_name))
        return CVYI_KERAS_OPERATION;
    if (module == NULL)
        return CVYI_KERAS_CUSTOM;
    if (strcmp(module, "keras") == 0 || begins(module, "keras.models") ||
        begins(module, "keras.src.models"))
        return is_model(class_name) ? CVYI_KERAS_MODEL : CVYI_KERAS_CUSTOM;
    if (strcmp(module, "keras.layers") != 0 &&
        !begins(module, "keras.src.layers.") &&
        !begins(module, CVYI_KERAS_APPLICATIONS))
        return CVYI_KERAS_CUSTOM;
    return strcmp(class_name, "InputLayer") == 0 ? CVYI_KERAS_INPUT
                                                 : CVYI_KERAS_LAYER;
}

/* What a row says of itself must be sound. `slash`: names may have one, as
 * in Keras 2. */
static cvy_status check_row(const cvyi_value *entry, const char *where,
                            bool slash, cvy_error *err)
{
    const cvyi_value *const config = cvyi_get(entry, "config");
    const cvyi_value *const module = cvyi_get(entry, "module");
    const char *const name = cvyi_keras_name(cvyi_get(config, "name"));

    if (cvyi_keras_name(cvyi_get(entry, "class_name")) == NULL ||
        config == NULL || config->kind != CVYI_DICT)
        return cvyi_fail_in(err, CVY_FORMAT, where,
                            "a layer needs a class_name and a config");
    if (name == NULL || (!slash && strchr(name, '/') != NULL))
        return cvyi_fail_in(err, CVY_FORMAT, where,
                            "a layer needs a name: printable%s",
                            slash ? "" : ", without '/'");
    if (!cvyi_is_none(module) && cvyi_keras_name(module) == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, where,
                            "the module of a layer is no name");
    /* A Functional says the name twice. */
    if (cvyi_get(entry, "name") != NULL &&
        !cvyi_is_text(cvyi_get(entry, "name"), name))
        return cvyi_fail_in(err, CVY_FORMAT, where,
                            "a layer has two different names");
    return CVY_OK;
}

/* Names from the whole model down, which a reader of a refusal can follow. */
static const char *path_of(const cvyi_keras_model *model, cvyi_keras *k,
                           const char *name)
{
    return model->self == NULL
               ? name
               : cvyi_arena_printf(k->arena, "%s.%s", model->self->path, name);
}

static cvy_status fill_row(cvyi_keras_layer *out, cvyi_keras_model *model,
                           cvyi_keras *k, int index, const cvyi_value *entry,
                           cvy_error *err)
{
    const cvyi_value *const config = cvyi_get(entry, "config");

    out->where = cvyi_arena_printf(k->arena, "%s%slayers[%d]", model->where,
                                   model->self == NULL ? ": " : ".", index);
    if (out->where == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(
        check_row(entry, out->where, strcmp(k->dialect, "keras2") == 0, err));
    out->name = cvyi_as_text(cvyi_get(config, "name"));
    out->path = path_of(model, k, out->name);
    if (out->path == NULL)
        return cvyi_no_memory(err);
    out->inside = out->name;
    out->class_name = cvyi_as_text(cvyi_get(entry, "class_name"));
    out->entry = entry;
    out->config = config;
    out->role = cvyi_keras_role_of(cvyi_as_text(cvyi_get(entry, "module")),
                                   out->class_name);
    out->shape = cvyi_get(config, "batch_shape");
    out->trainable = true;
    (void)cvyi_as_bool(&out->trainable, cvyi_get(config, "trainable"));
    out->home = model;
    out->module = out->place = -1;
    return CVY_OK;
}

/* A Sequential need not have an InputLayer. What flows into the whole model
 * has its shape from elsewhere then; an inner one takes what it is given. */
static cvy_status fill_input(cvyi_keras_layer *out, cvyi_keras_model *model,
                             cvyi_keras *k, const cvyi_value *first,
                             cvy_error *err)
{
    const cvyi_value *shape = cvyi_get(model->config, "build_input_shape");

    if (cvyi_is_none(shape))
        shape = cvyi_get(cvyi_get(first, "build_config"), "input_shape");
    if (cvyi_is_none(shape))
        shape = cvyi_get(cvyi_get(first, "config"), "batch_shape");
    *out = (cvyi_keras_layer){ .role = CVYI_KERAS_INPUT,
                               .name = "input_layer",
                               .class_name = "InputLayer",
                               .where = cvyi_keras_where(model, k,
                                                         "build_input_shape"),
                               .path = path_of(model, k, "input_layer"),
                               .shape = shape,
                               .home = model,
                               .trainable = true,
                               .module = -1 };
    return out->where != NULL && out->path != NULL ? CVY_OK
                                                   : cvyi_no_memory(err);
}

/* ---- by name ---- */

typedef struct named {
    const char *name;
    int layer;
} named;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const named *)a)->name, ((const named *)b)->name);
}

/* From row `first` on: one that no file names has none to share. */
static cvy_status sort_names(cvyi_keras_model *model, cvyi_keras *k, int first,
                             cvy_error *err)
{
    const int n = model->n_layers - first;
    named *const rows = cvyi_arena_alloc(k->arena, (size_t)n, sizeof *rows);
    int *const sorted = cvyi_arena_alloc(k->arena, (size_t)n, sizeof *sorted);

    if (rows == NULL || sorted == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        rows[i] = (named){ model->layers[first + i].name, first + i };
    qsort(rows, (size_t)n, sizeof *rows, by_name);
    for (int i = 0; i < n; i++) {
        sorted[i] = rows[i].layer;
        if (i > 0 && strcmp(rows[i - 1].name, rows[i].name) == 0)
            return cvyi_fail_in(err, CVY_FORMAT, rows[i].name,
                                "two layers have this name");
    }
    model->by_name = sorted;
    return CVY_OK;
}

int cvyi_keras_find(const cvyi_keras_model *model, const char *name)
{
    int low = 0, high = model->n_layers;

    while (low < high) {
        const int middle = low + (high - low) / 2;
        const int at = model->by_name[middle];
        const int order = strcmp(model->layers[at].name, name);

        if (order == 0)
            return at;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

/* ---- the table ---- */

static bool is_input(const cvyi_value *entry)
{
    const char *const class_name = cvyi_as_text(cvyi_get(entry, "class_name"));

    return class_name != NULL &&
           cvyi_keras_role_of(cvyi_as_text(cvyi_get(entry, "module")),
                              class_name) == CVYI_KERAS_INPUT;
}

cvy_status cvyi_keras_table(cvyi_keras_model *model, cvyi_keras *k,
                            cvy_error *err)
{
    const cvyi_value *const layers = cvyi_get(model->config, "layers");
    int first;

    if (layers == NULL || layers->kind != CVYI_LIST)
        return cvyi_fail_in(err, CVY_FORMAT, model->where,
                            "the model has no list of layers");
    if (layers->n == 0)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, model->where,
                            "the model has no layers");
    if (layers->n > LAYERS_MOST)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, model->where,
                            "more than %d layers", LAYERS_MOST);
    first = model->sequential && !is_input(&layers->items[0]) ? 1 : 0;
    model->n_layers = first + layers->n;
    model->layers = cvyi_arena_alloc(k->arena, (size_t)model->n_layers,
                                     sizeof *model->layers);
    if (model->layers == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < layers->n; i++)
        CVYI_TRY(fill_row(&model->layers[first + i], model, k, i,
                          &layers->items[i], err));
    if (first == 1)
        CVYI_TRY(
            fill_input(&model->layers[0], model, k, &layers->items[0], err));
    CVYI_TRY(sort_names(model, k, first, err));
    return place_all(model, k, err);
}
