/*
 * read/python/tf/layer_words.c - layers of Keras whose weights are in the
 * scope of variables of now: what functions of tf.contrib make.
 */
#include "read/python/tf/wording.h"

#include <string.h>

/* What every layer has, and says nothing about numbers here. */
static bool is_common(const char *key)
{
    static const char *const words[] = { "name",      "dtype",
                                         "trainable", "input_shape",
                                         "input_dim", "batch_input_shape" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], key) == 0)
            return true;
    return false;
}

static cvy_status bind_layer(cvyi_tf_wording *w, const cvyi_tf_layer *layer,
                             cvy_error *err)
{
    const cvyi_py_call_args *const own = &layer->own;
    const size_t n = (size_t)own->n_keywords + 1;
    cvyi_py_call_args kept = *own;
    const char **const keys =
        cvyi_arena_alloc(w->host->arena, n, sizeof *keys);
    cvyi_py_value *const values =
        cvyi_arena_alloc(w->host->arena, n, sizeof *values);

    if (keys == NULL || values == NULL)
        return cvyi_no_memory(err);
    kept.keywords = keys;
    kept.keyword_values = values;
    kept.n_keywords = 0;
    for (int i = 0; i < own->n_keywords; i++) {
        if (is_common(own->keywords[i]))
            continue;
        keys[kept.n_keywords] = own->keywords[i];
        values[kept.n_keywords++] = own->keyword_values[i];
    }
    CVYI_TRY(cvyi_tf_take_arguments(w, &kept, err));
    if (w->operands.n > 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "%s is made of tensors",
                         w->dotted);
    return cvyi_bind(&w->bound, w->host->arena, w->spelling, w->n_spatial,
                     w->positional, w->n_positional, &w->keywords, err);
}

static cvy_status run_layer(int *result, cvyi_tf_wording *w,
                            const cvyi_tf_layer *layer,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_value ignored;
    cvy_status status;

    CVYI_TRY(bind_layer(w, layer, err));
    for (int i = 0; i < args->n; i++)
        CVYI_TRY(cvyi_tf_plain(&ignored, &w->operands, w->eval,
                               &args->values[i], err));
    CVYI_TRY(cvyi_tf_make_phrase(w, err));
    if (layer->name == NULL)
        return cvyi_tf_add_calls(result, w, err);
    if (!cvyi_tf_enter(w->host, layer->name))
        return cvyi_no_memory(err);
    w->host->scope->reuse_or_make = true; /* a second call shares them */
    status = cvyi_tf_add_calls(result, w, err);
    cvyi_tf_leave(w->host);
    return status;
}

cvy_status cvyi_tf_call_layer(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_tf_layer *layer,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_tf_wording w = {
        .eval = eval,
        .host = cvyi_tf_of(eval),
        .dotted = layer->word != NULL ? layer->word : layer->dotted,
        .said = layer->name != NULL ? layer->name : layer->said,
        .frozen = layer->frozen,
        .renames = layer->renames
    };
    cvy_error why = { 0 };
    cvy_status status;
    int result = -1;

    w.spelling =
        cvyi_spelling_find(layer->dialect, layer->dotted, &w.n_spatial);
    status = run_layer(&result, &w, layer, args, &why);
    if (status == CVY_OK)
        return cvyi_tf_make_tensor(out, eval, result, err);
    if (status == CVY_MEMORY)
        return cvyi_no_memory(err);
    return cvyi_py_make_opaque(out, eval, err, "%s", why.text);
}
