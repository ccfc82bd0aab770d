/*
 * read/python/tf_keras.c - layers of Keras, made and called by themselves.
 *
 * A layer keeps its arguments until it is called; its weights are made then,
 * and shared by every later call.
 */
#include "read/keras.h"
#include "read/python/tf_host.h"

#include <string.h>

static cvy_status call(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_tf_layer *const layer = self->host.data;
    const cvyi_py_value *const opaque = cvyi_tf_first_opaque(args);
    cvyi_py_call_args tensors = *args;

    for (int i = 0; i < args->n_keywords; i++)
        if (strcmp(args->keywords[i], "training") != 0)
            return cvyi_py_refuse(eval, err, "%s is called with %s",
                                  layer->dotted, args->keywords[i]);
    tensors.n_keywords = 0;
    if (opaque != NULL) {
        *out = *opaque;
        return CVY_OK;
    }
    CVYI_TRY(cvyi_tf_call_layer(out, eval, layer, &tensors, err));
    return cvyi_tf_lose(eval, layer->dotted, &tensors, out, err);
}

static const cvyi_py_host_type layer_type = {
    .name = "a layer of Keras",
    .call = call,
};

/* Arguments live as long as the layer. */
static bool keep(cvyi_py_call_args *out, cvyi_arena *arena,
                 const cvyi_py_call_args *args)
{
    const size_t n = (size_t)(args->n + args->n_keywords) + 1;
    cvyi_py_value *const values = cvyi_arena_alloc(arena, n, sizeof *values);
    const char **const keys = cvyi_arena_alloc(arena, n, sizeof *keys);

    if (values == NULL || keys == NULL)
        return false;
    for (int i = 0; i < args->n; i++)
        values[i] = args->values[i];
    for (int i = 0; i < args->n_keywords; i++) {
        values[args->n + i] = args->keyword_values[i];
        keys[i] = args->keywords[i];
    }
    *out = (cvyi_py_call_args){ .n = args->n,
                                .values = values,
                                .n_keywords = args->n_keywords,
                                .keywords = keys,
                                .keyword_values = values + args->n };
    return true;
}

cvy_status cvyi_tf_keras(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                         const char *dotted, const cvyi_py_call_args *args,
                         cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const char *const dialect = host->old ? "keras2" : "keras3";
    const char *const name = cvyi_tf_text(cvyi_tf_arg(args, -1, "name"));
    const cvyi_spelling *spelling;
    cvyi_tf_layer *layer;
    int n_spatial;

    spelling = cvyi_call_is_below(dotted, "keras.layers")
                   ? cvyi_spelling_find(dialect, dotted, &n_spatial)
                   : NULL;
    *known = spelling != NULL && spelling->form == CVYI_FORM_MODULE;
    if (!*known)
        return CVY_OK;
    layer = cvyi_arena_alloc(host->arena, 1, sizeof *layer);
    if (layer == NULL || !keep(&layer->own, host->arena, args))
        return cvyi_no_memory(err);
    layer->dotted = dotted;
    layer->dialect = dialect;
    layer->name = name != NULL
                      ? name
                      : cvyi_keras_snake(host->arena, cvyi_call_last(dotted));
    if (name == NULL && layer->name != NULL)
        layer->name = cvyi_tf_layer_name(host, layer->name);
    if (layer->name == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_py_host_value(&layer_type, layer);
    return CVY_OK;
}
