/*
 * read/python/tf/activation.c - activations that are functions of the script:
 * tf.layers.dense(x, 10, activation=lambda x: tf.nn.leaky_relu(x, 0.1)).
 *
 * The layer is called without one, and the function on what it gives.
 */
#include "read/python/tf/host.h"

#include <string.h>

static bool is_function(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_FUNCTION ||
           value->type == CVYI_PY_V_METHOD;
}

/* Its place among the keywords; -1. */
static int find(const cvyi_py_call_args *args)
{
    for (int i = 0; i < args->n_keywords; i++)
        if (strcmp(args->keywords[i], "activation") == 0 &&
            is_function(&args->keyword_values[i]))
            return i;
    return -1;
}

cvy_status cvyi_tf_activated(cvyi_py_value *out, bool *known,
                             cvyi_py_eval *eval, const char *dotted,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const int at = find(args);
    const size_t n = (size_t)args->n_keywords + 1;
    cvyi_py_call_args rest = *args, one = { .n = 1 };
    cvyi_py_value *values;

    *known = at >= 0;
    if (!*known)
        return CVY_OK;
    values = cvyi_arena_alloc(cvyi_py_arena(eval), n, sizeof *values);
    if (values == NULL)
        return cvyi_no_memory(err);
    memcpy(values, args->keyword_values,
           (size_t)args->n_keywords * sizeof *values);
    values[at] = cvyi_py_none();
    rest.keyword_values = values;
    CVYI_TRY(cvyi_tf_words(out, known, eval, dotted, &rest, err));
    if (!*known || cvyi_py_opaque(out) != NULL)
        return CVY_OK;

    const cvyi_py_value made = *out;

    one.values = &made;
    return cvyi_py_eval_call(out, eval, &args->keyword_values[at], &one, err);
}
