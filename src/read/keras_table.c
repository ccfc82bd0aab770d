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

static cvy_status place(cvyi_keras *k, cvyi_keras_layer *layer,
                        counter *counters, int *n, cvy_error *err)
{
    const char *const snake = cvyi_keras_snake(k->arena, layer->class_name);
    int i = 0;

    if (snake == NULL)
        return cvyi_no_memory(err);
    while (i < *n && strcmp(counters[i].snake, snake) != 0)
        i++;
    if (i == *n)
        counters[(*n)++].snake = snake;
    layer->group = counters[i].n == 0
                       ? cvyi_arena_printf(k->arena, "layers/%s", snake)
                       : cvyi_arena_printf(k->arena, "layers/%s_%d", snake,
                                           counters[i].n);
    counters[i].n++;
    return layer->group != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* Operations have no group, nor has the InputLayer of a Sequential. */
static cvy_status place_all(cvyi_keras *k, cvy_error *err)
{
    counter *const counters =
        cvyi_arena_alloc(k->arena, (size_t)k->n_layers, sizeof *counters);
    int n = 0;

    if (counters == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < k->n_layers; i++) {
        cvyi_keras_layer *const layer = &k->layers[i];

        if (layer->role != CVYI_KERAS_OPERATION &&
            !(k->sequential && layer->role == CVYI_KERAS_INPUT))
            CVYI_TRY(place(k, layer, counters, &n, err));
    }
    return CVY_OK;
}

/* ---- rows ---- */

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static cvyi_keras_role role_of(const char *module, const char *class_name)
{
    if (module == NULL)
        return CVYI_KERAS_CUSTOM;
    if (begins(module, "keras.src.ops") || begins(module, "keras.ops"))
        return CVYI_KERAS_OPERATION;
    if (strcmp(module, "keras") == 0 || begins(module, "keras.models") ||
        begins(module, "keras.src.models"))
        return CVYI_KERAS_MODEL;
    if (strcmp(module, "keras.layers") != 0 &&
        !begins(module, "keras.src.layers."))
        return CVYI_KERAS_CUSTOM;
    return strcmp(class_name, "InputLayer") == 0 ? CVYI_KERAS_INPUT
                                                 : CVYI_KERAS_LAYER;
}

static cvy_status fill_row(cvyi_keras_layer *out, cvyi_keras *k, int index,
                           const cvyi_value *entry, cvy_error *err)
{
    const cvyi_value *const config = cvyi_get(entry, "config");
    const cvyi_value *const module = cvyi_get(entry, "module");
    const char *const class_name =
        cvyi_keras_name(cvyi_get(entry, "class_name"));
    const char *const name = cvyi_keras_name(cvyi_get(config, "name"));

    out->where = cvyi_arena_printf(k->arena, "config.json: layers[%d]", index);
    if (out->where == NULL)
        return cvyi_no_memory(err);
    if (class_name == NULL || config == NULL || config->kind != CVYI_DICT)
        return cvyi_fail_in(err, CVY_FORMAT, out->where,
                            "a layer needs a class_name and a config");
    if (name == NULL || strchr(name, '/') != NULL)
        return cvyi_fail_in(err, CVY_FORMAT, out->where,
                            "a layer needs a name: printable, without '/'");
    if (!cvyi_is_none(module) && cvyi_keras_name(module) == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, out->where,
                            "the module of a layer is no name");
    /* A Functional says the name twice. */
    if (cvyi_get(entry, "name") != NULL &&
        !cvyi_is_text(cvyi_get(entry, "name"), name))
        return cvyi_fail_in(err, CVY_FORMAT, out->where,
                            "a layer has two different names");
    out->name = name;
    out->class_name = class_name;
    out->entry = entry;
    out->config = config;
    out->role = role_of(cvyi_as_text(module), class_name);
    out->trainable = true;
    (void)cvyi_as_bool(&out->trainable, cvyi_get(config, "trainable"));
    out->value.result = -1;
    return CVY_OK;
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

static cvy_status sort_names(cvyi_keras *k, cvy_error *err)
{
    const size_t n = (size_t)k->n_layers;
    named *const rows = cvyi_arena_alloc(k->arena, n, sizeof *rows);
    int *const sorted = cvyi_arena_alloc(k->arena, n, sizeof *sorted);

    if (rows == NULL || sorted == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < k->n_layers; i++)
        rows[i] = (named){ k->layers[i].name, i };
    qsort(rows, n, sizeof *rows, by_name);
    for (int i = 0; i < k->n_layers; i++) {
        sorted[i] = rows[i].layer;
        if (i > 0 && strcmp(rows[i - 1].name, rows[i].name) == 0)
            return cvyi_fail_in(err, CVY_FORMAT, rows[i].name,
                                "two layers have this name");
    }
    k->by_name = sorted;
    return CVY_OK;
}

int cvyi_keras_find(const cvyi_keras *k, const char *name)
{
    int low = 0, high = k->n_layers;

    while (low < high) {
        const int middle = low + (high - low) / 2;
        const int order = strcmp(k->layers[k->by_name[middle]].name, name);

        if (order == 0)
            return k->by_name[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

cvy_status cvyi_keras_table(cvyi_keras *k, const cvyi_value *layers,
                            cvy_error *err)
{
    if (layers == NULL || layers->kind != CVYI_LIST)
        return cvyi_fail_in(err, CVY_FORMAT, "config.json",
                            "the model has no list of layers");
    if (layers->n == 0)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, "config.json",
                            "the model has no layers");
    if (layers->n > LAYERS_MOST)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, "config.json",
                            "more than %d layers", LAYERS_MOST);
    k->n_layers = layers->n;
    k->layers =
        cvyi_arena_alloc(k->arena, (size_t)layers->n, sizeof *k->layers);
    if (k->layers == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < layers->n; i++)
        CVYI_TRY(fill_row(&k->layers[i], k, i, &layers->items[i], err));
    CVYI_TRY(sort_names(k, err));
    return place_all(k, err);
}
