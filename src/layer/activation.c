/* layer/activation.c - the activation argument of a layer, as steps. */
#include "layer/words.h"

#include "layout/layout.h"

#include <string.h>

/* The type that the steps so far turn the call's first tensor into, in the
 * memory's order. */
static cvy_status type_after(cvyi_type *out, const cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    cvyi_type type = call->in[0];

    for (int i = 0; i < phrase->n; i++) {
        const cvyi_step *const step = &phrase->steps[i];
        const cvyi_op *const op = step->attrs.op;
        const bool moves =
            op->order == CVYI_ORDER_CHANNEL && step->axes == CVYI_AXES_LAST;
        cvyi_type seen = type;
        cvyi_inferred inferred;
        int perm[CVY_MAX_RANK];

        if (moves) {
            cvyi_axes_last_to_first(type.rank, perm);
            for (int k = 0; k < type.rank; k++)
                seen.dims[k] = type.dims[perm[k]];
        }
        CVYI_TRY(
            op->infer(&inferred, &step->attrs, &seen, 1, call->sizes, err));
        type = inferred.out[0];
        if (moves) {
            cvyi_axes_first_to_last(type.rank, perm);
            for (int k = 0; k < type.rank; k++)
                type.dims[k] = inferred.out[0].dims[perm[k]];
        }
    }
    *out = type;
    return CVY_OK;
}

static cvy_status unknown(cvyi_phrase *phrase, const cvyi_bound *call,
                          const char *name, cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err, CVYI_UNKNOWN_CALL,
                       "activation",
                       "replace it by a stock activation, or put it into a "
                       "layer of its own after the port",
                       "activation '%s' is not known", name);
}

/* Arguments of a layer's config without what every layer has. */
static cvy_status own_config(cvyi_value *out, const cvyi_value *config,
                             cvyi_arena *arena, cvy_error *err)
{
    const size_t room =
        config != NULL && config->kind == CVYI_DICT ? (size_t)config->n : 0;
    const char **const keys = cvyi_arena_alloc(arena, room, sizeof *keys);
    cvyi_value *const items = cvyi_arena_alloc(arena, room, sizeof *items);

    if (keys == NULL || items == NULL)
        return cvyi_no_memory(err);
    *out = (cvyi_value){ .kind = CVYI_DICT, .keys = keys, .items = items };
    for (size_t i = 0; i < room; i++) {
        const char *const key = config->keys[i];

        if (strcmp(key, "name") == 0 || strcmp(key, "trainable") == 0 ||
            strcmp(key, "dtype") == 0)
            continue;
        keys[out->n] = key;
        items[out->n++] = config->items[i];
    }
    return CVY_OK;
}

/* A function takes its tensor as the first argument. */
static bool takes_tensor(const char *signature)
{
    return signature[0] == 'x' &&
           (signature[1] == '\0' || signature[1] == ',');
}

/* TensorFlow's layers are those of Keras 2 and take their activations. */
static const char *dialect_of(const cvyi_bound *call)
{
    const char *const dialect = call->spelling->dialect;

    return strncmp(dialect, "tf", 2) == 0 ? "keras2" : dialect;
}

/* Binds `name` and appends its steps. */
static cvy_status append(cvyi_phrase *phrase, const cvyi_bound *call,
                         const char *name, const cvyi_value *config,
                         const char *shown, cvy_error *err)
{
    static const cvyi_value none = { .kind = CVYI_NONE };
    const cvyi_value *const tensor = &none;
    const int first = phrase->n;
    int n_spatial = 0;
    const cvyi_spelling *const spelling =
        cvyi_spelling_find(dialect_of(call), name, &n_spatial);
    cvyi_bound bound;
    cvyi_type type;

    if (spelling == NULL)
        return unknown(phrase, call, shown, err);

    const cvy_status status =
        cvyi_bind(&bound, call->arena, spelling, n_spatial, &tensor,
                  takes_tensor(spelling->signature), config, err);

    if (status == CVY_UNSUPPORTED)
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_NOT_SUPPORTED, "activation",
                           "use the arguments that this activation lists",
                           "activation '%s' has arguments that are not known",
                           shown);
    CVYI_TRY(status);
    bound.sizes = call->sizes;
    if (call->n_in > 0) {
        CVYI_TRY(type_after(&type, phrase, call, err));
        bound.in = &type;
        bound.n_in = 1;
    }
    CVYI_TRY(spelling->from_call(phrase, &bound, err));
    for (int i = first; i < phrase->n; i++) {
        if (phrase->steps[i].n_slots > 0)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "activation",
                               "make it a layer of its own after this one",
                               "activation '%s' has weights of its own",
                               shown);
        phrase->steps[i].argument = true;
        phrase->steps[i].label = "activation";
    }
    return CVY_OK;
}

static cvy_status append_function(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const char *function, cvy_error *err)
{
    const char *const name =
        cvyi_arena_printf(call->arena, "keras.activations.%s", function);

    if (name == NULL)
        return cvyi_no_memory(err);
    return append(phrase, call, name, NULL, function, err);
}

/* {"module", "class_name", "config", "registered_name"} of Keras. */
static cvy_status append_object(cvyi_phrase *phrase, const cvyi_bound *call,
                                const cvyi_value *object, cvy_error *err)
{
    const char *const module = cvyi_as_text(cvyi_get(object, "module"));
    const char *const class_name =
        cvyi_as_text(cvyi_get(object, "class_name"));
    const char *const registered =
        cvyi_as_text(cvyi_get(object, "registered_name"));
    const cvyi_value *const config = cvyi_get(object, "config");
    cvyi_value own;

    if (class_name == NULL)
        return unknown(phrase, call, "(an object)", err);
    if (strcmp(class_name, "function") == 0) {
        const char *const function = cvyi_as_text(config);

        if (function == NULL ||
            (registered != NULL && strcmp(registered, function) != 0))
            return unknown(phrase, call,
                           registered != NULL ? registered : "(a function)",
                           err);
        return append_function(phrase, call, function, err);
    }
    if (module == NULL || strncmp(module, "keras", 5) != 0 ||
        (registered != NULL && strchr(registered, '>') != NULL))
        return unknown(phrase, call, class_name, err);

    const char *const name =
        cvyi_arena_printf(call->arena, "keras.layers.%s", class_name);

    if (name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(own_config(&own, config, call->arena, err));
    return append(phrase, call, name, &own, class_name, err);
}

cvy_status cvyi_phrase_activation(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const cvyi_value *activation, cvy_error *err)
{
    if (cvyi_is_none(activation))
        return CVY_OK;
    if (activation->kind == CVYI_TEXT)
        return append_function(phrase, call, activation->text, err);
    if (activation->kind == CVYI_DICT)
        return append_object(phrase, call, activation, err);
    return unknown(phrase, call, "(no name)", err);
}
