/*
 * read/python/call/object.c - initialisers, regularisers and constraints.
 *
 * An object that is an argument becomes what Keras' own config would hold of
 * it. HeNormal, he_normal and tf.initializers.he_normal are one name.
 */
#include "read/python/call/host.h"

#include <ctype.h>
#include <string.h>

typedef struct object {
    const char *module, *class_name, *signature;
} object;

static const object objects[] = {
    { "keras.initializers", "Zeros", "" },
    { "keras.initializers", "Ones", "" },
    { "keras.initializers", "Constant", "value=0.0" },
    { "keras.initializers", "RandomNormal",
      "mean=0.0, stddev=0.05, seed=None" },
    { "keras.initializers", "RandomUniform",
      "minval=-0.05, maxval=0.05, seed=None" },
    { "keras.initializers", "TruncatedNormal",
      "mean=0.0, stddev=0.05, seed=None" },
    { "keras.initializers", "VarianceScaling",
      "scale=1.0, mode='fan_in', distribution='truncated_normal', seed=None" },
    { "keras.initializers", "GlorotUniform", "seed=None" },
    { "keras.initializers", "GlorotNormal", "seed=None" },
    { "keras.initializers", "HeNormal", "seed=None" },
    { "keras.initializers", "HeUniform", "seed=None" },
    { "keras.initializers", "LecunNormal", "seed=None" },
    { "keras.initializers", "LecunUniform", "seed=None" },
    { "keras.initializers", "Orthogonal", "gain=1.0, seed=None" },
    { "keras.initializers", "Identity", "gain=1.0" },
    { "keras.regularizers", "L1", "l1=0.01" },
    { "keras.regularizers", "L2", "l2=0.01" },
    { "keras.regularizers", "L1L2", "l1=0.0, l2=0.0" },
    { "keras.regularizers", "OrthogonalRegularizer",
      "factor=0.01, mode='rows'" },
    { "keras.constraints", "MaxNorm", "max_value=2, axis=0" },
    { "keras.constraints", "NonNeg", "" },
    { "keras.constraints", "UnitNorm", "axis=0" },
    { "keras.constraints", "MinMaxNorm",
      "min_value=0.0, max_value=1.0, rate=1.0, axis=0" },
};

/* Where TensorFlow 1 has other defaults. */
static const object tf1_objects[] = {
    { "keras.initializers", "RandomNormal",
      "mean=0.0, stddev=1.0, seed=None" },
    { "keras.initializers", "RandomUniform",
      "minval=0.0, maxval=1.0, seed=None" },
    { "keras.initializers", "TruncatedNormal",
      "mean=0.0, stddev=1.0, seed=None" },
};

/* The function has another default than the class. */
static const object l1_l2 = { "keras.regularizers", "L1L2",
                              "l1=0.01, l2=0.01" };

/* "henormal" of HeNormal and of he_normal, `n` bytes of them. */
static bool same_name(const char *class_name, const char *name, size_t n)
{
    size_t i = 0;

    for (; *class_name != '\0'; class_name++, i++) {
        while (i < n && name[i] == '_')
            i++;
        if (i == n || tolower((unsigned char)name[i]) !=
                          tolower((unsigned char)*class_name))
            return false;
    }
    return i == n;
}

static const object *find(const object *list, size_t n_list,
                          const char *module, const char *name, size_t n)
{
    for (size_t i = 0; i < n_list; i++)
        if (strcmp(list[i].module, module) == 0 &&
            same_name(list[i].class_name, name, n))
            return &list[i];
    return NULL;
}

/* Bytes of the name without "_initializer" behind it; 0: it has none. */
static size_t without_suffix(const char *name)
{
    static const char suffix[] = "_initializer";
    const size_t n = strlen(name), m = sizeof suffix - 1;

    return n > m && strcmp(name + n - m, suffix) == 0 ? n - m : 0;
}

static const object *find_object(const char *dotted, bool tf1)
{
    static const char *const modules[] = { "keras.initializers",
                                           "keras.regularizers",
                                           "keras.constraints" };
    const char *const last = cvyi_call_last(dotted);
    const size_t n_all = sizeof objects / sizeof *objects;
    const object *found = NULL;
    size_t n = 0;

    if (strcmp(dotted, "keras.regularizers.l1_l2") == 0)
        return &l1_l2;
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (cvyi_call_is_below(dotted, modules[i]) &&
            last == dotted + strlen(modules[i]) + 1)
            return find(objects, n_all, modules[i], last, strlen(last));
    if (cvyi_call_is_below(dotted, "tf.initializers"))
        n = strlen(last);
    else if (cvyi_call_is_below(dotted, "tf") && last == dotted + 3)
        n = without_suffix(last);
    if (n > 0 && tf1)
        found = find(tf1_objects, sizeof tf1_objects / sizeof *tf1_objects,
                     modules[0], last, n);
    if (n > 0 && found == NULL)
        found = find(objects, n_all, modules[0], last, n);
    return found;
}

cvy_status cvyi_call_config(cvyi_value *out, cvyi_arena *arena,
                            const char *module, const char *class_name,
                            const cvyi_bound *bound, bool given_only,
                            cvy_error *err)
{
    static const char *const keys[] = { "module", "class_name", "config",
                                        "registered_name" };
    const size_t room = (size_t)bound->n + 1;
    cvyi_value *const items = cvyi_arena_alloc(arena, 4, sizeof *items);
    cvyi_value *const members = cvyi_arena_alloc(arena, room, sizeof *members);
    const char **const names = cvyi_arena_alloc(arena, room, sizeof *names);
    int n = 0;

    if (items == NULL || members == NULL || names == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < bound->n; i++) {
        if (given_only && !bound->given[i])
            continue;
        names[n] = bound->names[i];
        members[n++] = *bound->values[i];
    }
    items[0] = (cvyi_value){ .kind = CVYI_TEXT, .text = module };
    items[1] = (cvyi_value){ .kind = CVYI_TEXT, .text = class_name };
    items[2] = (cvyi_value){
        .kind = CVYI_DICT, .n = n, .items = members, .keys = names
    };
    items[3] = (cvyi_value){ .kind = CVYI_NONE };
    *out = (cvyi_value){
        .kind = CVYI_DICT, .n = 4, .items = items, .keys = keys
    };
    return CVY_OK;
}

/* The element type that TensorFlow's initialisers take says nothing here. */
static bool without_dtype(cvyi_value *out, cvyi_arena *arena,
                          const cvyi_value *keywords)
{
    const size_t room = (size_t)keywords->n + 1;
    cvyi_value *const items = cvyi_arena_alloc(arena, room, sizeof *items);
    const char **const keys = cvyi_arena_alloc(arena, room, sizeof *keys);

    if (items == NULL || keys == NULL)
        return false;
    *out = (cvyi_value){ .kind = CVYI_DICT, .items = items, .keys = keys };
    for (int i = 0; i < keywords->n; i++) {
        if (strcmp(keywords->keys[i], "dtype") == 0)
            continue;
        keys[out->n] = keywords->keys[i];
        items[out->n++] = keywords->items[i];
    }
    return true;
}

cvy_status cvyi_call_object(cvyi_value *out, bool *known, cvyi_arena *arena,
                            const cvyi_call_name *name, const char *from,
                            const cvyi_value *const *positional, int n,
                            const cvyi_value *keywords, cvy_error *err)
{
    const bool tf1 = (name->marks & CVYI_MARK_TF1) != 0 ||
                     (from != NULL && strcmp(from, "tf1") == 0);
    const object *const found = find_object(name->dotted, tf1);
    cvyi_value own;
    cvyi_bound bound;

    *known = found != NULL;
    if (found == NULL)
        return CVY_OK;

    const cvyi_spelling spelling = { .dialect = "keras3",
                                     .name = found->class_name,
                                     .signature = found->signature };

    if (!without_dtype(&own, arena, keywords))
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_bind(&bound, arena, &spelling, 0, positional, n, &own, err));
    return cvyi_call_config(out, arena, found->module, found->class_name,
                            &bound, false, err);
}
