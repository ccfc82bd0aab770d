/*
 * read/keras_layer.c - one call of a layer of a Keras model.
 *
 * The config is bound to the signature of the layer's class; the operator's
 * words make a phrase of it; each step of the phrase is one call. Refusals
 * are collected at every stage, so that a layer with two faults shows both.
 */
#include "read/keras.h"

#include <string.h>

cvy_status cvyi_keras_refuse(cvyi_keras *k, cvyi_keras_layer *layer,
                             cvyi_refusal refusal, cvy_error *err)
{
    if (layer != NULL)
        layer->refused = layer->faulty = true;
    return cvyi_findings_add(
        k->findings,
        (cvyi_finding){ .refusal = true,
                        .kind = cvyi_refusal_kind_name(refusal.kind),
                        .layer = layer != NULL ? layer->path : k->whole.name,
                        .attribute = refusal.attribute,
                        .text = refusal.reason,
                        .advice = refusal.advice,
                        .where = layer != NULL ? layer->where : k->where },
        err);
}

cvy_status cvyi_keras_refuse_error(cvyi_keras *k, cvyi_keras_layer *layer,
                                   const cvy_error *why, cvy_error *err)
{
    if (why->status == CVY_MEMORY || why->status == CVY_IO ||
        why->status == CVY_FORMAT) {
        if (err != NULL)
            *err = *why;
        return why->status;
    }
    /* Where more is known of the sizes it might fit. */
    if (k->guessing) {
        layer->refused = true;
        return CVY_OK;
    }
    if (why->status == CVY_SHAPE)
        k->sizes_disagree = true;

    const bool valid = why->status == CVY_UNSUPPORTED;

    return cvyi_keras_refuse(
        k, layer,
        (cvyi_refusal){ valid ? CVYI_NOT_SUPPORTED : CVYI_ILLEGAL_IN_SOURCE,
                        "", why->text,
                        valid ? "load the model in Keras 3 and save it again"
                              : "check that the model runs in Keras" },
        err);
}

/* ---- the class ---- */

static cvy_status refuse_class(cvyi_keras *k, cvyi_keras_layer *layer,
                               const char *advice, const char *reason,
                               cvyi_refusal_kind kind, cvy_error *err)
{
    const char *const text =
        cvyi_arena_printf(k->arena, "%s: %s", layer->class_name, reason);

    if (text == NULL)
        return cvyi_no_memory(err);
    return cvyi_keras_refuse(k, layer,
                             (cvyi_refusal){ kind, "", text, advice }, err);
}

/* The spelling of the layer's class; NULL and a refusal if there is none. */
static cvy_status find_class(const cvyi_spelling **out, int *n_spatial,
                             cvyi_keras *k, cvyi_keras_layer *layer,
                             cvy_error *err)
{
    cvyi_refusal why;

    *out = NULL;
    switch (layer->role) {
    case CVYI_KERAS_CUSTOM:
        return refuse_class(k, layer,
                            "replace it by layers that Keras itself has",
                            "a class of the model's own, whose code is not "
                            "in the file",
                            CVYI_UNKNOWN_CALL, err);
    default:
        break;
    }
    if (cvyi_keras_refused_class(&why, layer->class_name))
        return refuse_class(k, layer, why.advice, why.reason, why.kind, err);

    const char *const module = cvyi_as_text(cvyi_get(layer->entry, "module"));
    const size_t n = strlen(CVYI_KERAS_APPLICATIONS);
    const bool own =
        module != NULL && strncmp(module, CVYI_KERAS_APPLICATIONS, n) == 0;
    const char *const name = cvyi_arena_printf(
        k->arena, "%s.%s", own ? module : "keras.layers", layer->class_name);

    if (name == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_spelling_find(k->dialect, name, n_spatial);
    if (*out != NULL)
        return CVY_OK;
    return refuse_class(k, layer,
                        "`convey ops` lists the layers that are read",
                        "a layer that convey does not know yet",
                        CVYI_UNKNOWN_CALL, err);
}

/* ---- arguments ---- */

cvy_status cvyi_keras_own_config(cvyi_value *out, cvyi_keras *k,
                                 const cvyi_value *config, cvy_error *err)
{
    const size_t n = (size_t)config->n;
    cvyi_value *const items = cvyi_arena_alloc(k->arena, n, sizeof *items);
    const char **const keys = cvyi_arena_alloc(k->arena, n, sizeof *keys);

    if (items == NULL || keys == NULL)
        return cvyi_no_memory(err);
    *out = (cvyi_value){ .kind = CVYI_DICT, .items = items, .keys = keys };
    for (int i = 0; i < config->n; i++) {
        const char *const key = config->keys[i];

        if (strcmp(key, "name") == 0 || strcmp(key, "trainable") == 0 ||
            strcmp(key, "dtype") == 0)
            continue;
        keys[out->n] = key;
        items[out->n++] = config->items[i];
    }
    return CVY_OK;
}

cvy_status cvyi_keras_bind(cvyi_bound *out, bool *fits, cvyi_keras *k,
                           cvyi_keras_layer *layer,
                           const cvyi_spelling *spelling, int n_spatial,
                           const cvyi_value *positional,
                           const cvyi_value *keywords, cvy_error *err)
{
    const int n = positional != NULL ? positional->n : 0;
    const cvyi_value **const values =
        cvyi_arena_alloc(k->arena, (size_t)n + 1, sizeof *values);
    cvy_error local = { 0 };
    cvy_status status;

    if (values == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        values[i] = &positional->items[i];
    status = cvyi_bind(out, k->arena, spelling, n_spatial, values, n, keywords,
                       &local);
    *fits = status == CVY_OK;
    if (*fits)
        return CVY_OK;
    if (status == CVY_MEMORY)
        return cvyi_no_memory(err);
    return cvyi_keras_refuse(
        k, layer,
        (cvyi_refusal){ CVYI_NOT_SUPPORTED, local.where, local.text,
                        "the file may be of a newer Keras than convey knows: "
                        "save it with one that it names in `convey formats`" },
        err);
}

/* A value of which nothing is known but how many axes it has. */
static bool any_type(cvyi_type *out, cvyi_keras *k, int rank)
{
    static const char *const names[] = { "N", "A1", "A2", "A3", "A4" };

    *out = (cvyi_type){ .dtype = CVY_F32, .rank = rank };
    for (int axis = 0; axis < rank; axis++) {
        out->dims[axis] = cvyi_size_symbol(&k->graph->sizes, names[axis]);
        if (out->dims[axis] == NULL)
            return false;
    }
    return true;
}

/* What from_call may see of the inputs. */
typedef enum sight {
    UNSEEN,  /* too little to ask */
    GUESSED, /* the number of axes alone, from the layer's name */
    SEEN,
} sight;

static cvy_status see_inputs(cvyi_bound *bound, sight *out, cvyi_keras *k,
                             const cvyi_keras_value *in, int n_in,
                             cvy_error *err)
{
    cvyi_type *const types =
        cvyi_arena_alloc(k->arena, (size_t)n_in + 1, sizeof *types);

    if (types == NULL)
        return cvyi_no_memory(err);
    *out = n_in > 0 ? SEEN : UNSEEN;
    for (int i = 0; i < n_in; i++) {
        types[i] = in[i].type;
        if (in[i].typed)
            continue;
        *out = bound->n_spatial > 0 && n_in == 1 ? GUESSED : UNSEEN;
        if (*out == UNSEEN)
            break;
        if (!any_type(&types[i], k, bound->n_spatial + 2))
            return cvyi_no_memory(err);
    }
    bound->arena = k->arena;
    bound->sizes = &k->graph->sizes;
    bound->in = types;
    bound->n_in = n_in;
    return CVY_OK;
}

/* ---- the whole layer ---- */

/* Keras writes training=False for some layers whatever the user said; it
 * means something only where training keeps statistics. Where an inner model
 * is called so, that is said once of the model. */
static cvy_status remark_on_training(cvyi_keras *k, cvyi_keras_layer *layer,
                                     const cvyi_keras_node *node,
                                     const cvyi_phrase *phrase, cvy_error *err)
{
    cvyi_keras_layer *const who =
        layer->home->training_off != NULL ? layer->home->training_off : layer;
    bool statistics = false;

    for (int i = 0; i < phrase->n; i++)
        for (int s = 0; s < phrase->steps[i].n_slots; s++)
            statistics |= phrase->steps[i].slots[s].frozen;
    if (!statistics || who->said_training ||
        (who == layer && !node->training_off))
        return CVY_OK;
    who->said_training = true;
    return cvyi_remark(k->findings, who->path,
                       "the source calls it with training=False; the port "
                       "follows the mode of the model",
                       err);
}

/* The phrase of a bound call; a refusal of it is recorded, but not one that a
 * guessed input may have brought about. */
static cvy_status phrase_of(cvyi_phrase *out, cvyi_keras *k,
                            cvyi_keras_layer *layer, const cvyi_bound *bound,
                            sight inputs, cvy_error *err)
{
    cvy_error local = { 0 };
    const cvy_status status = bound->spelling->from_call(out, bound, &local);
    const bool said = status == CVY_UNSUPPORTED && out->refusal.reason != NULL;

    /* Nothing to do, as in Activation("linear"), is still a layer. */
    if (status == CVY_OK && out->n == 0)
        (void)cvyi_phrase_add(out, bound, "identity");
    if (status == CVY_OK) {
        for (int i = 0; !layer->remarked && i < out->n_remarks; i++)
            CVYI_TRY(
                cvyi_remark(k->findings, layer->path, out->remarks[i], err));
        layer->remarked = true;
        return CVY_OK;
    }
    if (inputs == GUESSED && status != CVY_MEMORY &&
        (!said || *out->refusal.attribute == '\0')) {
        layer->refused = true;
        return CVY_OK;
    }
    if (said)
        return cvyi_keras_refuse(k, layer, out->refusal, err);
    return cvyi_keras_refuse_error(k, layer, &local, err);
}

/* Images' layers are called with training=True by default, which says nothing
 * where a layer computes the same. */
static cvy_status refuse_training(cvyi_keras *k, cvyi_keras_layer *layer,
                                  const cvyi_keras_node *node,
                                  const cvyi_phrase *phrase, cvy_error *err)
{
    if (!node->training_on || !cvyi_phrase_trains(phrase))
        return CVY_OK;
    return cvyi_keras_refuse(k, layer,
                             (cvyi_refusal){ CVYI_NOT_SUPPORTED, "training",
                                             "the layer is always in training "
                                             "mode",
                                             "call the layer without it" },
                             err);
}

cvy_status cvyi_keras_bound(cvyi_keras_value *out, cvyi_keras *k,
                            cvyi_keras_layer *layer,
                            const cvyi_keras_node *node, cvyi_bound *bound,
                            const cvyi_keras_value *in, cvy_error *err)
{
    const int n_in = node->n_edges;
    cvyi_phrase phrase = { 0 };
    bool known = true;
    sight inputs;

    CVYI_TRY(see_inputs(bound, &inputs, k, in, n_in, err));
    if (inputs == UNSEEN)
        return CVY_OK;
    CVYI_TRY(phrase_of(&phrase, k, layer, bound, inputs, err));
    CVYI_TRY(refuse_training(k, layer, node, &phrase, err));
    for (int i = 0; i < n_in; i++)
        known = known && in[i].result >= 0;
    if (layer->refused)
        return CVY_OK;
    CVYI_TRY(remark_on_training(k, layer, node, &phrase, err));
    return known ? cvyi_keras_calls(out, k, layer, &phrase, node->edges, in,
                                    n_in, err)
                 : CVY_OK;
}

/* From the config to calls; `out` stays unknown if there are none. */
static cvy_status call_plain(cvyi_keras_value *out, cvyi_keras *k,
                             cvyi_keras_layer *layer,
                             const cvyi_keras_node *node,
                             const cvyi_keras_value *in, cvy_error *err)
{
    const cvyi_spelling *spelling;
    cvyi_bound bound = { 0 };
    cvyi_value arguments;
    int n_spatial = 0;
    bool fits;

    CVYI_TRY(
        cvyi_keras_dtype(k, layer, cvyi_get(layer->config, "dtype"), err));
    CVYI_TRY(find_class(&spelling, &n_spatial, k, layer, err));
    if (spelling == NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_keras_own_config(&arguments, k, layer->config, err));
    CVYI_TRY(cvyi_keras_bind(&bound, &fits, k, layer, spelling, n_spatial,
                             NULL, &arguments, err));
    return fits ? cvyi_keras_bound(out, k, layer, node, &bound, in, err)
                : CVY_OK;
}

/* What is given, or else what would have been read. */
static cvy_status mark_all(cvyi_keras *k, const cvyi_keras_node *node,
                           const cvyi_keras_value *in, cvy_error *err)
{
    bool gives = false;

    for (int i = 0; i < node->n_out; i++)
        gives = gives || node->out[i].result >= 0;
    for (int i = 0; !gives && i < node->n_edges; i++)
        if (in[i].result >= 0)
            CVYI_TRY(cvyi_keras_mark(&k->rim, k, in[i].result, err));
    for (int i = 0; i < node->n_out; i++)
        if (node->out[i].result >= 0)
            CVYI_TRY(cvyi_keras_mark(&k->kept, k, node->out[i].result, err));
    return CVY_OK;
}

/* A layer that has been refused is not asked again. */
cvy_status cvyi_keras_call(cvyi_keras *k, cvyi_keras_layer *layer,
                           cvyi_keras_node *node, const cvyi_keras_value *in,
                           cvy_error *err)
{
    cvyi_keras_value out = { .result = -1 };

    k->guessing = false;
    for (int i = 0; i < node->n_edges; i++)
        k->guessing = k->guessing || in[i].guessed;
    if (layer->role == CVYI_KERAS_OPERATION) {
        CVYI_TRY(cvyi_keras_operate(k, layer, node, in, err));
    } else if (!layer->faulty || !layer->asked) {
        layer->refused = layer->faulty;
        layer->asked = true;
        CVYI_TRY(call_plain(&out, k, layer, node, in, err));
        node->out[0] = out;
    } else {
        node->out[0] = out;
    }
    return mark_all(k, node, in, err);
}
