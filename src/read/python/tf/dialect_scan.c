/*
 * read/python/tf/dialect_scan.c - names that only one version has.
 *
 * All names of a file are looked at before any of it is evaluated, so that the
 * last line may say how the first one is read.
 */
#include "read/python/tf/dialect.h"

#include "base/text.h"
#include "read/python/call/host.h"

#include <string.h>

enum { DEEPEST = 16 }; /* names in a row: a.b.c */

typedef struct scan {
    cvyi_tf_dialect *dialect;
    cvyi_arena *arena;
    const cvyi_py_tree *tree;
    cvyi_call_aliases aliases;
    const char *star; /* of keras.layers all names are imported; or NULL */
} scan;

static bool among(const char *name, const char *const *list)
{
    while (*list != NULL && strcmp(*list, name) != 0)
        list++;
    return *list != NULL;
}

static void mark(scan *s, cvyi_tf_world world, const char *name, int line)
{
    cvyi_tf_mark *const at = &s->dialect->marks[world];

    /* Of one file the first line, of several the first file. */
    if (at->name == NULL || (at->file == s->tree->name && line < at->line))
        *at = (cvyi_tf_mark){ name, s->tree->name, line };
}

/* ---- qualified names ---- */

static bool is_tf1(const char *dotted)
{
    static const char *const names[] = {
        "tf.placeholder",
        "tf.placeholder_with_default",
        "tf.Session",
        "tf.InteractiveSession",
        "tf.ConfigProto",
        "tf.layers",
        "tf.contrib",
        "tf.app",
        "tf.flags",
        "tf.get_variable",
        "tf.variable_scope",
        "tf.global_variables_initializer",
        "tf.initialize_all_variables",
        "tf.trainable_variables",
        "tf.global_variables",
        "tf.get_default_graph",
        "tf.reset_default_graph",
        "tf.set_random_seed",
        "tf.random_normal",
        "tf.random_uniform",
        "tf.truncated_normal",
        "tf.log",
        "tf.mul",
        "tf.sub",
        "tf.pack",
        "tf.div",
        "tf.to_float",
        "tf.image.resize_images",
        "tf.image.resize_bilinear",
        "tf.image.resize_nearest_neighbor",
        "tf.train.AdamOptimizer",
        "tf.train.GradientDescentOptimizer",
        "tf.train.MomentumOptimizer",
        "tf.train.RMSPropOptimizer",
        "tf.train.Saver",
        "tf.nn.xw_plus_b",
        "tf.nn.rnn_cell",
        "tf_slim",
        "tf.examples",
        NULL,
    };

    return among(dotted, names);
}

/* Modules that Keras 3 has no more, or has not under this name. */
static bool is_keras2(const char *dotted)
{
    static const char *const names[] = {
        "keras.engine",
        "keras.layers.advanced_activations",
        "keras.layers.convolutional",
        "keras.layers.core",
        "keras.layers.embeddings",
        "keras.layers.merge",
        "keras.layers.noise",
        "keras.layers.normalization",
        "keras.layers.pooling",
        "keras.layers.recurrent",
        "keras.layers.wrappers",
        "keras.utils.np_utils",
        "keras.utils.generic_utils",
        "keras.optimizers.legacy",
        "keras.wrappers",
        NULL,
    };

    return among(dotted, names);
}

static bool is_keras3(const char *dotted)
{
    static const char *const names[] = { "keras.ops", "keras.random",
                                         "keras.distribution",
                                         "keras.KerasTensor", NULL };

    return among(dotted, names);
}

/* `whole` is qualified and names no other way: "tensorflow.compat.v1". */
static cvy_status look_at(scan *s, const char *whole, int line, cvy_error *err)
{
    unsigned marks = 0;
    const char *const dotted = cvyi_call_canonical(&marks, s->arena, whole);
    const char *shown = dotted;

    if (dotted == NULL)
        return cvyi_no_memory(err);
    if (strcmp(whole, "tensorflow.compat.v1") == 0) {
        s->dialect->compat = true;
        shown = "tf.compat.v1";
    } else if (cvyi_call_is_below(whole, "tensorflow.compat.v1")) {
        return CVY_OK; /* the package is looked at itself */
    }
    if (shown != dotted || is_tf1(dotted))
        mark(s, CVYI_TF_1, shown, line);
    if (strcmp(whole, "tf_keras") == 0) {
        mark(s, CVYI_TF_KERAS2, "tf_keras", line);
        s->dialect->words2 = true;
    }
    if (is_keras2(dotted))
        mark(s, CVYI_TF_KERAS2, dotted, line);
    if (is_keras3(dotted))
        mark(s, CVYI_TF_KERAS3, dotted, line);
    s->dialect->tf_named = s->dialect->tf_named || strcmp(dotted, "tf") == 0;
    s->dialect->alone = s->dialect->alone || strcmp(whole, "keras") == 0;
    s->dialect->inside = s->dialect->inside ||
                         strcmp(whole, "tensorflow.keras") == 0 ||
                         strcmp(whole, "tensorflow.python.keras") == 0;
    return CVY_OK;
}

/* "a.b.c": a, then a.b, then all. */
static cvy_status look_along(scan *s, const char *whole, int line,
                             cvy_error *err)
{
    int left = DEEPEST;

    for (size_t n = strcspn(whole, "."); left-- > 0;
         n += 1 + strcspn(whole + n + 1, ".")) {
        const char *const part = cvyi_arena_text(s->arena, whole, n);

        if (part == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(look_at(s, part, line, err));
        if (whole[n] == '\0')
            break;
    }
    return CVY_OK;
}

/* ---- imports ---- */

static cvy_status add_alias(scan *s, const char *name, const char *whole,
                            cvy_error *err)
{
    cvyi_call_aliases *const all = &s->aliases;
    struct cvyi_call_alias *const items = cvyi_arena_grow(
        s->arena, all->items, all->n, &all->capacity, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(err);
    all->items = items;
    items[all->n++] = (struct cvyi_call_alias){ name, { whole, 0 } };
    return CVY_OK;
}

static cvy_status import_one(scan *s, const cvyi_py_node *node,
                             const cvyi_py_alias *alias, cvy_error *err)
{
    const char *const module = node->import.module;
    const bool star = strcmp(alias->name, "*") == 0;
    const char *whole = alias->name, *name = alias->asname;

    if (node->kind == CVYI_PY_IMPORT_FROM) {
        whole =
            star ? module
                 : cvyi_arena_printf(s->arena, "%s.%s", module, alias->name);
        name = name != NULL ? name : alias->name;
    } else if (name == NULL) { /* import a.b binds a */
        name = cvyi_arena_text(s->arena, whole, strcspn(whole, "."));
        if (name != NULL)
            CVYI_TRY(add_alias(s, name, name, err));
        return name != NULL ? look_along(s, whole, node->line, err)
                            : cvyi_no_memory(err);
    }
    if (whole == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(look_along(s, whole, node->line, err));
    if (star && strstr(whole, "keras.layers") != NULL)
        s->star = whole;
    return star ? CVY_OK : add_alias(s, name, whole, err);
}

static bool is_ours(const char *module)
{
    static const char *const roots[] = { "tensorflow", "keras", "tf_keras",
                                         "tf_slim", NULL };

    for (const char *const *root = roots; *root != NULL; root++)
        if (strcmp(module, *root) == 0 || cvyi_call_is_below(module, *root))
            return true;
    return false;
}

static cvy_status import_all(scan *s, const cvyi_py_node *node, cvy_error *err)
{
    const bool from = node->kind == CVYI_PY_IMPORT_FROM;

    if (from && (node->import.level > 0 || node->import.module == NULL))
        return CVY_OK;
    for (int i = 0; i < node->import.n; i++)
        if (is_ours(from ? node->import.module : node->import.aliases[i].name))
            CVYI_TRY(import_one(s, node, &node->import.aliases[i], err));
    return CVY_OK;
}

/* ---- names in use ---- */

/* "tensorflow.nn.relu" of tf.nn.relu; *out NULL: it is no name of ours. */
static cvy_status qualified(const char **out, const scan *s,
                            const cvyi_py_node *node, cvy_error *err)
{
    const char *names[DEEPEST];
    cvyi_text text = { 0 };
    int n = 0;

    *out = NULL;
    for (; node->kind == CVYI_PY_ATTRIBUTE && n < DEEPEST;
         node = node->attribute.value)
        names[n++] = node->attribute.attr;
    if (node->kind != CVYI_PY_NAME)
        return CVY_OK;
    for (int i = s->aliases.n - 1; i >= 0 && text.size == 0; i--)
        if (strcmp(s->aliases.items[i].name, node->name) == 0)
            cvyi_text_put(&text, s->aliases.items[i].means.dotted);
    if (text.size == 0 && s->star != NULL)
        cvyi_text_printf(&text, "%s.%s", s->star, node->name);
    if (text.size == 0)
        return CVY_OK;
    while (n > 0)
        cvyi_text_printf(&text, ".%s", names[--n]);
    if (!text.bad)
        *out = cvyi_arena_text(s->arena, cvyi_text_c(&text), text.size);
    cvyi_text_close(&text);
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status attribute(scan *s, const cvyi_py_node *node, cvy_error *err)
{
    static const char *const gone[] = { "fit_generator", "predict_generator",
                                        "evaluate_generator",
                                        "predict_classes", NULL };
    const char *whole;

    if (among(node->attribute.attr, gone))
        mark(s, CVYI_TF_KERAS2, node->attribute.attr, node->line);
    CVYI_TRY(qualified(&whole, s, node, err));
    return whole != NULL ? look_at(s, whole, node->line, err) : CVY_OK;
}

/* Convolution2D(32, 3, 3): the window in two places. */
static bool is_spread(const cvyi_py_node *call, const char *last)
{
    const cvyi_py_list *const args = &call->call.args;

    return strcmp(last, "Convolution2D") == 0 && args->n > 2 &&
           args->items[2]->kind == CVYI_PY_CONSTANT &&
           args->items[2]->constant.value.kind == CVYI_INT;
}

/* Of those whose `padding` is no word of Keras 2. */
static bool is_layer(const char *whole)
{
    const char *const last = cvyi_call_last(whole);

    return strstr(whole, "keras.layers.") != NULL &&
           strncmp(last, "ZeroPadding", strlen("ZeroPadding")) != 0;
}

static cvy_status call(scan *s, const cvyi_py_node *node, cvy_error *err)
{
    static const char *const first[] = {
        "nb_filter",    "border_mode",    "subsample",
        "dim_ordering", "nb_row",         "nb_col",
        "nb_epoch",     "W_regularizer",  "filter_length",
        "pool_length",  "b_regularizer",  "samples_per_epoch",
        "atrous_rate",  "nb_val_samples", NULL
    };
    static const char *const second[] = { "kernel_size",
                                          "padding",
                                          "use_bias",
                                          "kernel_initializer",
                                          "kernel_regularizer",
                                          "data_format",
                                          "epochs",
                                          "steps_per_epoch",
                                          NULL };
    const cvyi_py_node *const func = node->call.func;
    const bool method = func->kind == CVYI_PY_ATTRIBUTE;
    const char *whole;
    bool keras, fits;

    CVYI_TRY(qualified(&whole, s, func, err));
    keras = whole != NULL && (cvyi_call_is_below(whole, "keras") ||
                              cvyi_call_is_below(whole, "tensorflow.keras"));
    fits = method && strncmp(func->attribute.attr, "fit", 3) == 0;
    if (keras && is_spread(node, cvyi_call_last(whole)))
        mark(s, CVYI_TF_KERAS1, "Convolution2D", node->line);
    for (int i = 0; i < node->call.n_keywords; i++) {
        const char *const key = node->call.keywords[i].name;

        if (key == NULL || (!keras && !fits))
            continue;
        if (among(key, first))
            mark(s, CVYI_TF_KERAS1, key, node->line);
        s->dialect->words2 = s->dialect->words2 ||
                             (among(key, second) && (fits || is_layer(whole)));
        if (strcmp(key, "lr") == 0)
            mark(s, CVYI_TF_KERAS2, "lr", node->line);
    }
    return CVY_OK;
}

cvy_status cvyi_tf_dialect_scan(cvyi_tf_dialect *d, cvyi_arena *arena,
                                const cvyi_py_tree *tree, cvy_error *err)
{
    scan s = { .dialect = d, .arena = arena, .tree = tree };

    for (int i = 0; i < tree->n_nodes; i++)
        if (tree->nodes[i]->kind == CVYI_PY_IMPORT ||
            tree->nodes[i]->kind == CVYI_PY_IMPORT_FROM)
            CVYI_TRY(import_all(&s, tree->nodes[i], err));
    for (int i = 0; i < tree->n_nodes && (s.aliases.n > 0 || s.star != NULL);
         i++) {
        const cvyi_py_node *const node = tree->nodes[i];

        if (node->kind == CVYI_PY_ATTRIBUTE)
            CVYI_TRY(attribute(&s, node, err));
        else if (node->kind == CVYI_PY_CALL)
            CVYI_TRY(call(&s, node, err));
    }
    return CVY_OK;
}
