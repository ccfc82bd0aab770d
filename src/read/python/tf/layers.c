/*
 * read/python/tf/layers.c - the classes of tf.layers.
 *
 * They are layers of Keras whose weights are in a variable scope: the one that
 * the first call opens, by the layer's name, where it is called.
 */
#include "read/python/tf/host.h"

#include <ctype.h>
#include <string.h>

/* ---- names ---- */

const char *cvyi_tf_layers_class(unsigned *marks, cvyi_arena *arena,
                                 const char *dotted)
{
    static const char package[] = "tf.layers.", old[] = "Convolution";
    const char *const last = dotted + strlen(package);
    const char *now;

    if (strncmp(dotted, package, strlen(package)) != 0 ||
        !isupper((unsigned char)*last) || strchr(last, '.') != NULL)
        return dotted;
    now = strncmp(last, old, strlen(old)) == 0
              ? cvyi_arena_printf(arena, "keras.layers.Conv%s",
                                  last + strlen(old))
              : cvyi_arena_printf(arena, "keras.layers.%s", last);
    if (now == NULL)
        return NULL;
    if (strcmp(last, "Layer") != 0 && !cvyi_tf_keras_knows(now))
        return dotted;
    *marks |= CVYI_MARK_LAYERS;
    return now;
}

/* ---- scopes ---- */

const char *cvyi_tf_layers_scope(cvyi_tf_host *host, cvyi_tf_keras *node)
{
    const char *const around = host->scope->variables;
    const char *name;

    if (node->scope != NULL)
        return node->scope;
    name = cvyi_tf_default_scope(host, node->name);
    if (name != NULL)
        node->scope = cvyi_arena_printf(host->arena, "%s%s%s", around,
                                        *around != '\0' ? "/" : "", name);
    return node->scope;
}

bool cvyi_tf_keras_enter(cvyi_tf_host *host, cvyi_tf_keras *node)
{
    const char *scope;

    if (!node->legacy)
        return cvyi_tf_enter(host, node->name);
    scope = cvyi_tf_layers_scope(host, node);
    return scope != NULL && cvyi_tf_enter_whole(host, scope);
}

/* Without one of its own a kernel begins as the scope says. */
const cvyi_value *cvyi_tf_layers_start(const cvyi_tf_host *host,
                                       const cvyi_tf_keras *node,
                                       const cvyi_step_slot *slot)
{
    char key[64];
    const char *const kernel = strstr(slot->source, "kernel");
    const size_t n = kernel != NULL ? (size_t)(kernel - slot->source) : 0;

    if (kernel == NULL || !node->legacy || host->scope->initialiser == NULL ||
        n + strlen("kernel_initializer") >= sizeof key)
        return slot->initialiser;
    memcpy(key, slot->source, n);
    strcpy(key + n, n > 0 ? "initializer" : "kernel_initializer");
    return cvyi_tf_arg(&node->own, -1, key) != NULL ? slot->initialiser
                                                    : host->scope->initialiser;
}

/* ---- attributes ---- */

/* Where a parameter stands in the words' signature; -1: nowhere. */
static int place_of(const char *signature, const char *name)
{
    const size_t n = strlen(name);
    int depth = 0, at = 0;

    for (const char *p = signature; *p != '\0' && *p != '*'; p++) {
        if (depth == 0 && (p == signature || p[-1] == ' ') &&
            strncmp(p, name, n) == 0 && (p[n] == '=' || p[n] == ','))
            return at;
        depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
        at += *p == ',' && depth == 0;
    }
    return -1;
}

static bool is_window(const char *name)
{
    return strcmp(name, "kernel_size") == 0 || strcmp(name, "strides") == 0 ||
           strcmp(name, "dilation_rate") == 0 ||
           strcmp(name, "pool_size") == 0;
}

/* One number is one for each axis. */
static cvy_status each_axis(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, int n, cvy_error *err)
{
    cvyi_py_value all[CVYI_MAX_SPATIAL];
    cvyi_py_value list;

    for (int i = 0; i < n; i++)
        all[i] = *value;
    if (value->type == CVYI_PY_V_INT)
        return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, all, n, err);
    CVYI_TRY(cvyi_py_eval_list(&list, eval, value, err));
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, list.seq->items,
                            list.seq->n, err);
}

cvy_status cvyi_tf_layer_attribute(cvyi_py_value *out, bool *known,
                                   cvyi_py_eval *eval,
                                   const cvyi_tf_keras *node, const char *name,
                                   cvy_error *err)
{
    const cvyi_py_value one = cvyi_py_int(1);
    const cvyi_py_value *value;
    const cvyi_spelling *words;
    int n = 0, place;

    *known = false;
    words = node->dotted != NULL
                ? cvyi_spelling_find("keras2", node->dotted, &n)
                : NULL;
    place = words != NULL && words->signature != NULL
                ? place_of(words->signature, name)
                : -1;
    if (place < 0)
        return CVY_OK;
    value = cvyi_tf_arg(&node->own, place, name);
    if (is_window(name) && n > 0 && n <= CVYI_MAX_SPATIAL) {
        if (value == NULL &&
            (strcmp(name, "strides") == 0 ||
             strcmp(name, "dilation_rate") == 0) &&
            strstr(node->dotted, "Conv") != NULL)
            value = &one;
        if (value == NULL || cvyi_py_opaque(value) != NULL)
            return CVY_OK;
        *known = true;
        return each_axis(out, eval, value, n, err);
    }
    *known = value != NULL;
    if (value != NULL)
        *out = *value;
    return CVY_OK;
}
