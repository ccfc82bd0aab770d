/*
 * read/python/tf/keras/words.c - layers of Keras that words know, called on
 * tensors.
 *
 * Versions of Keras name arguments differently; a layer is of the first one
 * whose arguments it has.
 */
#include "read/python/tf/wording.h"

#include <string.h>

enum { N_DIALECTS = 2 };

static const char *const dialects[][N_DIALECTS] = { { "keras3", "keras2" },
                                                    { "keras2", "keras3" } };

static const cvyi_spelling *layer_spelling(int *n_spatial, const char *dialect,
                                           const char *dotted)
{
    const cvyi_spelling *const found =
        cvyi_spelling_find(dialect, dotted, n_spatial);

    return found != NULL && found->form == CVYI_FORM_MODULE ? found : NULL;
}

bool cvyi_tf_keras_knows(const char *dotted)
{
    int n;

    return cvyi_call_is_below(dotted, "keras.layers") &&
           (layer_spelling(&n, "keras3", dotted) != NULL ||
            layer_spelling(&n, "keras2", dotted) != NULL);
}

bool cvyi_tf_is_own_function(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_FUNCTION ||
           value->type == CVYI_PY_V_METHOD ||
           value->type == CVYI_PY_V_INSTANCE ||
           cvyi_tf_keras_of(value) != NULL;
}

/* ---- weights ---- */

static bool is_false(const cvyi_py_value *value)
{
    return value != NULL && value->type == CVYI_PY_V_BOOL && !value->truth;
}

cvy_status cvyi_tf_keras_variable(cvyi_tf_variable **out, cvyi_py_eval *eval,
                                  cvyi_tf_keras *node,
                                  const cvyi_step_slot *slot,
                                  const cvyi_shape *shape, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    const bool frozen = is_false(cvyi_tf_arg(&node->own, -1, "trainable"));
    cvyi_tf_variable like = { .shape = *shape,
                              .initialiser =
                                  cvyi_tf_layers_start(host, node, slot),
                              .trainable = !slot->frozen && !frozen };

    for (int i = 0; i < node->n_weights; i++)
        if (strcmp(node->weights[i].name, slot->source) == 0) {
            *out = node->weights[i].variable;
            return CVY_OK;
        }
    like.name =
        cvyi_arena_printf(host->arena, "%s%s%s", host->scope->variables,
                          *host->scope->variables != '\0' ? "/" : "",
                          slot->source);
    if (like.name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(node->legacy
                 ? cvyi_tf_variable_take(out, eval, like.name, shape,
                                         like.initialiser, like.trainable, err)
                 : cvyi_tf_variable_make(out, eval, &like, err));
    return cvyi_tf_keras_keep(eval, node, slot->source, *out, err);
}

cvy_status cvyi_tf_keras_keep(cvyi_py_eval *eval, cvyi_tf_keras *node,
                              const char *name, cvyi_tf_variable *variable,
                              cvy_error *err)
{
    cvyi_tf_keras_weight *const weights =
        cvyi_arena_grow(cvyi_tf_of(eval)->arena, node->weights,
                        node->n_weights, &node->weights_capacity,
                        sizeof *weights);

    if (weights == NULL)
        return cvyi_no_memory(err);
    node->weights = weights;
    weights[node->n_weights++] = (cvyi_tf_keras_weight){ name, variable };
    return CVY_OK;
}

/* ---- arguments ---- */

/* What every layer has, and says nothing about numbers here. */
static bool is_common(const char *key)
{
    static const char *const words[] = {
        "name",        "dtype",       "trainable",  "input_shape",
        "input_dim",   "autocast",    "batch_size", "batch_input_shape",
        "batch_shape", "input_dtype",
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], key) == 0)
            return true;
    return false;
}

static bool ends(const char *text, const char *with)
{
    const size_t n = strlen(text), m = strlen(with);

    return n >= m && strcmp(text + n - m, with) == 0;
}

/* How weights begin, or are held while training: *left, with a remark, where
 * it is not known. */
static cvy_status leave_start(bool *left, cvyi_tf_wording *w, const char *key,
                              const cvyi_py_value *value, cvy_error *err)
{
    const bool begins = ends(key, "_initializer");

    *left =
        ((begins || ends(key, "_constraint") || ends(key, "_regularizer")) &&
         (cvyi_py_opaque(value) != NULL || cvyi_tf_is_own_function(value) ||
          value->type == CVYI_PY_V_CLASS)) ||
        strcmp(key, "weights") == 0;
    if (!*left || value->type == CVYI_PY_V_NONE)
        return CVY_OK;
    return cvyi_tf_remark(w->eval, err, "%s of %s is left out", key, w->path);
}

/* What stands in the way among the arguments; NULL: nothing. */
static const cvyi_py_value *own_opaque(const cvyi_py_call_args *own)
{
    const cvyi_py_call_args by_place = { .n = own->n, .values = own->values };
    const cvyi_py_value *found = cvyi_tf_first_opaque(&by_place);

    for (int i = 0; found == NULL && i < own->n_keywords; i++) {
        const char *const key = own->keywords[i];
        const cvyi_py_call_args one = { .n = 1,
                                        .values = &own->keyword_values[i] };

        if (!is_common(key) && !ends(key, "_initializer") &&
            !ends(key, "_constraint") && !ends(key, "_regularizer") &&
            strcmp(key, "weights") != 0 && strcmp(key, "input_length") != 0)
            found = cvyi_tf_first_opaque(&one);
    }
    return found;
}

/* Of which function an activation is made, if it is no word. */
static bool is_after(const char *key, const cvyi_py_value *value)
{
    return strcmp(key, "activation") == 0 && cvyi_tf_is_own_function(value);
}

static cvy_status own_arguments(cvyi_py_call_args *out, cvyi_tf_wording *w,
                                const cvyi_py_call_args *own, cvy_error *err)
{
    const size_t n = (size_t)own->n_keywords + 2;
    const char *const signature = w->spelling->signature;
    const char **const keys =
        cvyi_arena_alloc(w->host->arena, n, sizeof *keys);
    cvyi_py_value *const values =
        cvyi_arena_alloc(w->host->arena, n, sizeof *values);
    bool ordered = !w->host->keras_first || w->keras->legacy;

    if (keys == NULL || values == NULL)
        return cvyi_no_memory(err);
    *out = *own;
    out->n_keywords = 0;
    out->keywords = keys;
    out->keyword_values = values;
    for (int i = 0; i < own->n_keywords; i++) {
        const char *const key = own->keywords[i];
        const bool has = cvyi_call_has_parameter(signature, key);
        bool left = (!has && is_common(key)) || strcmp(key, "name") == 0 ||
                    (!has && strcmp(key, "input_length") == 0) ||
                    is_after(key, &own->keyword_values[i]);

        if (!left)
            CVYI_TRY(leave_start(&left, w, key, &own->keyword_values[i], err));
        if (left)
            continue;
        ordered = ordered || strcmp(key, "data_format") == 0;
        keys[out->n_keywords] = key;
        values[out->n_keywords++] = own->keyword_values[i];
    }
    if (!ordered && cvyi_call_has_parameter(signature, "data_format")) {
        keys[out->n_keywords] = "data_format";
        CVYI_TRY(cvyi_py_make_text(&values[out->n_keywords++], w->eval,
                                   "channels_first", strlen("channels_first"),
                                   err));
    }
    return CVY_OK;
}

static cvy_status bind_in(cvyi_tf_wording *w, const char *dialect,
                          const cvyi_tf_keras *node, cvy_error *err)
{
    cvyi_py_call_args own;

    w->spelling = layer_spelling(&w->n_spatial, dialect, w->dotted);
    if (w->spelling == NULL)
        return cvyi_fail(err, CVY_UNSUPPORTED, "%s is not known", w->dotted);
    w->operands.n = 0;
    CVYI_TRY(own_arguments(&own, w, &node->own, err));
    CVYI_TRY(cvyi_tf_take_arguments(w, &own, err));
    if (w->operands.n > 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "%s is made of tensors",
                         w->dotted);
    return cvyi_bind(&w->bound, w->host->arena, w->spelling, w->n_spatial,
                     w->positional, w->n_positional, &w->keywords, err);
}

static cvy_status bind(cvyi_tf_wording *w, const cvyi_tf_keras *node,
                       cvy_error *err)
{
    cvy_error first = { 0 }, second = { 0 };
    const char *const *const order = dialects[w->host->old];
    cvy_status status = bind_in(w, order[0], node, &first);

    if (status == CVY_UNSUPPORTED || status == CVY_ARGUMENT)
        status = bind_in(w, order[1], node, &second);
    if (status != CVY_OK && err != NULL)
        *err = status == CVY_MEMORY ? second : first;
    return status;
}

/* ---- calls ---- */

static cvy_status run(int *result, cvyi_tf_wording *w, cvyi_tf_keras *node,
                      const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_value ignored;
    cvy_status status;

    CVYI_TRY(bind(w, node, err));
    for (int i = 0; i < args->n; i++)
        CVYI_TRY(cvyi_tf_plain(&ignored, &w->operands, w->eval,
                               &args->values[i], err));
    CVYI_TRY(cvyi_tf_make_phrase(w, err));
    if (node->running) /* super().call(…): the scope is entered */
        return cvyi_tf_add_calls(result, w, err);
    if (!cvyi_tf_keras_enter(w->host, node))
        return cvyi_no_memory(err);
    status = cvyi_tf_add_calls(result, w, err);
    cvyi_tf_leave(w->host);
    return status;
}

/* An activation that is a function of the source, or a layer. */
static cvy_status activate(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_tf_keras *node, cvy_error *err)
{
    const cvyi_py_value *const f = cvyi_tf_arg(&node->own, -1, "activation");
    const cvyi_py_value x = *out;
    const cvyi_py_call_args args = { .n = 1, .values = &x };

    if (f == NULL || !is_after("activation", f))
        return CVY_OK;
    return cvyi_py_eval_call(out, eval, f, &args, err);
}

cvy_status cvyi_tf_keras_layer(cvyi_py_value *out, cvyi_py_eval *eval,
                               cvyi_tf_keras *node,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_tf_wording w = { .eval = eval,
                          .host = cvyi_tf_of(eval),
                          .dotted = node->dotted,
                          .said = node->name,
                          .keras = node };
    const cvyi_py_value *opaque;
    cvy_error why = { 0 };
    cvy_status status;
    int result = -1;

    w.path = cvyi_tf_keras_path(w.host, node);
    if (w.path == NULL)
        return cvyi_no_memory(err);
    opaque = own_opaque(&node->own);
    if (opaque != NULL) {
        *out = *opaque;
        return CVY_OK;
    }
    status = run(&result, &w, node, args, &why);
    if (status == CVY_MEMORY)
        return cvyi_no_memory(err);
    if (status != CVY_OK)
        return cvyi_py_make_opaque(out, eval, err, "%s", why.text);
    CVYI_TRY(cvyi_tf_make_tensor(out, eval, result, err));
    return activate(out, eval, node, err);
}
