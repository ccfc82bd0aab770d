/*
 * read/python/tf/keras/words.c - layers of Keras that words know, called on
 * tensors.
 *
 * Versions of Keras name arguments differently: a layer is of the first one
 * whose arguments it has, unless another one has them with another meaning and
 * nothing says which it is (dialect.h).
 */
#include "read/python/tf/wording.h"

#include <string.h>

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
    if (variable->owner == NULL)
        variable->owner = node;
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

/* The default of a batch norm in early Keras. */
static cvy_status put_epsilon(cvyi_py_call_args *out, cvyi_tf_wording *w,
                              const char **keys, cvyi_py_value *values,
                              cvy_error *err)
{
    const cvyi_tf_default which = cvyi_tf_default_epsilon(&w->host->dialect);

    if (which == CVYI_TF_DEFAULT_NEW || w->keras->legacy ||
        strcmp(w->dotted, "keras.layers.BatchNormalization") != 0)
        return CVY_OK;
    if (which == CVYI_TF_DEFAULT_UNKNOWN)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "BatchNormalization adds 1e-5 before Keras 1.2 and "
                         "1e-3 since: say which with --from keras1-1.1 or "
                         "--from keras1-1.2, or give epsilon");
    keys[out->n_keywords] = "epsilon";
    values[out->n_keywords++] = cvyi_py_float(1e-5);
    return CVY_OK;
}

static cvy_status own_arguments(cvyi_py_call_args *out, cvyi_tf_wording *w,
                                const cvyi_py_call_args *own, cvy_error *err)
{
    const size_t n = (size_t)own->n_keywords + 3;
    const char *const signature = w->spelling->signature;
    const char **const keys =
        cvyi_arena_alloc(w->host->arena, n, sizeof *keys);
    cvyi_py_value *const values =
        cvyi_arena_alloc(w->host->arena, n, sizeof *values);
    bool ordered = !w->host->keras_first || w->keras->legacy;
    bool bounded = false;

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
        bounded = bounded || strcmp(key, "epsilon") == 0;
        keys[out->n_keywords] = key;
        values[out->n_keywords++] = own->keyword_values[i];
    }
    if (!ordered && cvyi_call_has_parameter(signature, "data_format")) {
        keys[out->n_keywords] = "data_format";
        CVYI_TRY(cvyi_py_make_text(&values[out->n_keywords++], w->eval,
                                   "channels_first", strlen("channels_first"),
                                   err));
    }
    return bounded || own->n > 1 ? CVY_OK
                                 : put_epsilon(out, w, keys, values, err);
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

/* ---- calls ---- */

/* The phrase in one dialect; *bound false: it has no such arguments. */
static cvy_status phrase_in(bool *bound, cvyi_tf_wording *w,
                            const char *dialect, const cvyi_tf_keras *node,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_value ignored;

    *bound = false;
    CVYI_TRY(bind_in(w, dialect, node, err));
    *bound = true;
    for (int i = 0; i < args->n; i++)
        CVYI_TRY(cvyi_tf_plain(&ignored, &w->operands, w->eval,
                               &args->values[i], err));
    return cvyi_tf_make_phrase(w, err);
}

static cvy_status make_phrase(cvyi_tf_wording *w, const cvyi_tf_keras *node,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_tf_order order = cvyi_tf_order_of_keras(&w->host->dialect);
    cvyi_tf_wording other = *w;
    cvy_error first = { 0 }, second = { 0 };
    bool bound, there;
    cvy_status status = phrase_in(&bound, w, order.first, node, args, &first);

    if (status == CVY_MEMORY || (bound && (status != CVY_OK || order.certain)))
        return cvyi_tf_pass_on(err, &first, status);
    const cvy_status also =
        phrase_in(&there, &other, order.second, node, args, &second);

    if (also == CVY_MEMORY)
        return cvyi_tf_pass_on(err, &second, also);
    if (!bound && there)
        *w = other;
    if (!bound)
        return there ? cvyi_tf_pass_on(err, &second, also)
                     : cvyi_tf_pass_on(err, &first, status);
    return there ? cvyi_tf_agree(w, &other, also, err) : CVY_OK;
}

/* Bilinear upsampling took other places before TensorFlow 1.14. */
static cvy_status place_samples(cvyi_tf_wording *w, cvy_error *err)
{
    cvyi_attrs *const attrs = &w->phrase.steps[0].attrs;
    const cvyi_tf_default which = cvyi_tf_default_resize(&w->host->dialect);

    if (which == CVYI_TF_DEFAULT_NEW || w->phrase.n == 0 ||
        strncmp(w->dotted, "keras.layers.UpSampling", 23) != 0 ||
        strcmp(attrs->op->name, "resize") != 0 ||
        !cvyi_attr_is(attrs, "method", "linear"))
        return CVY_OK;
    if (which == CVYI_TF_DEFAULT_UNKNOWN)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "UpSampling2D mixes other points before Keras 2.4 "
                         "and TensorFlow 1.14 than since: say which with "
                         "--from (keras2-2.3, keras2-2.4, keras3; tf1-1.13, "
                         "tf1-1.15)");
    cvyi_set_word(attrs, "grid", "legacy");
    return CVY_OK;
}

/* An image that looks as if its channels came first, where the user's version
 * of Keras may have had them there. */
static cvy_status check_axes(const cvyi_tf_wording *w,
                             const cvyi_tf_keras *node, cvy_error *err)
{
    const cvyi_type *const type =
        cvyi_tf_type(w->eval, w->operands.items[0].result);
    int64_t second, last;

    if (cvyi_tf_default_axes(&w->host->dialect) != CVYI_TF_DEFAULT_UNKNOWN ||
        w->host->keras_ordered || type->rank != 4 ||
        !cvyi_call_has_parameter(w->spelling->signature, "data_format") ||
        cvyi_tf_arg(&node->own, -1, "data_format") != NULL ||
        !cvyi_size_constant(&second, type->dims[1]) ||
        !cvyi_size_constant(&last, type->dims[3]) || second > 4 || last <= 4)
        return CVY_OK;
    return cvyi_fail(err, CVY_UNSUPPORTED,
                     "Keras before 1.1 takes the channels first, and later "
                     "ones last: say which it is with --from keras1-1.0 or "
                     "--from keras1-1.2");
}

static cvy_status run(int *result, cvyi_tf_wording *w, cvyi_tf_keras *node,
                      const cvyi_py_call_args *args, cvy_error *err)
{
    cvy_status status;

    CVYI_TRY(make_phrase(w, node, args, err));
    CVYI_TRY(place_samples(w, err));
    CVYI_TRY(check_axes(w, node, err));
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
