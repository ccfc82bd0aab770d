/*
 * read/keras_input.c - what flows into a Keras model, and recorded shapes.
 *
 * Unknown sizes become symbols: N for the batch; L, or H W, or D H W for the
 * axes of a sequence, an image or a volume. Which axis is which is told from
 * the axis that is known: a channel axis nearly always is. The second and
 * later inputs with unknown sizes have symbols of their own (H_2), unless
 * they are taken to be equal.
 */
#include "read/keras.h"

#include <string.h>

static const int64_t ELEMENTS_MOST = (int64_t)1 << 40;

static bool is_shape(const cvyi_value *shape)
{
    if (shape == NULL || shape->kind != CVYI_LIST || shape->n < 1 ||
        shape->n > CVYI_MAX_DIMS)
        return false;
    for (int i = 0; i < shape->n; i++) {
        int64_t size;

        if (!cvyi_is_none(&shape->items[i]) &&
            (!cvyi_as_int(&size, &shape->items[i]) || size < 1))
            return false;
    }
    return true;
}

/* The letter of axis `axis`, for 1 <= axis < rank. */
static const char *letter(const cvyi_value *shape, int axis)
{
    static const char *const letters[3][4] = { { "L", "C" },
                                               { "H", "W", "C" },
                                               { "D", "H", "W", "C" } };
    static const char *const others[] = { "A1", "A2", "A3", "A4",
                                          "A5", "A6", "A7" };
    const int rank = shape->n;
    const bool first = cvyi_is_none(&shape->items[rank - 1]) &&
                       !cvyi_is_none(&shape->items[1]);

    if (rank < 3 || rank > 5)
        return others[axis - 1];
    return letters[rank - 3][first ? axis - 2 : axis - 1];
}

static cvyi_size symbol(cvyi_keras *k, const cvyi_value *shape, int axis,
                        int input)
{
    if (axis == 0)
        return cvyi_size_symbol(&k->graph->sizes, "N");
    if (input < 2)
        return cvyi_size_symbol(&k->graph->sizes, letter(shape, axis));

    const char *const name =
        cvyi_arena_printf(k->arena, "%s_%d", letter(shape, axis), input);

    return name == NULL ? NULL : cvyi_size_symbol(&k->graph->sizes, name);
}

/* `input`: 1 for plain symbols, else their suffix. false without memory. */
static bool type_of(cvyi_type *out, cvyi_keras *k, const cvyi_value *shape,
                    int input)
{
    *out = (cvyi_type){ .dtype = CVY_F32, .rank = shape->n };
    for (int i = 0; i < shape->n; i++) {
        int64_t size;

        out->dims[i] = cvyi_as_int(&size, &shape->items[i])
                           ? cvyi_size_of(&k->graph->sizes, size)
                           : symbol(k, shape, i, input);
        if (out->dims[i] == NULL)
            return false;
    }
    return true;
}

static bool is_open(const cvyi_value *shape)
{
    for (int i = 1; i < shape->n; i++)
        if (cvyi_is_none(&shape->items[i]))
            return true;
    return false;
}

cvy_status cvyi_keras_recorded(cvyi_keras_value *out, cvyi_keras *k,
                               const cvyi_value *shape, cvy_error *err)
{
    cvyi_keras_value value = { .result = -1, .typed = is_shape(shape) };

    if (value.typed) {
        if (!type_of(&value.type, k, shape, 1))
            return cvyi_no_memory(err);
        value.guessed = is_open(shape);
        CVYI_TRY(cvyi_graph_add_input(&value.result, k->graph, "unknown",
                                      &value.type, err));
        CVYI_TRY(cvyi_keras_mark(&k->rim, k, value.result, err));
    }
    *out = value;
    return CVY_OK;
}

/* From axis `first` on. */
static bool agrees_from(const cvyi_value *shape, const cvyi_type *type,
                        int first)
{
    if (!is_shape(shape))
        return cvyi_is_none(shape);
    if (shape->n != type->rank)
        return false;
    for (int i = first; i < shape->n; i++) {
        int64_t a, b;

        if (cvyi_as_int(&a, &shape->items[i]) &&
            cvyi_size_constant(&b, type->dims[i]) && a != b)
            return false;
    }
    return true;
}

bool cvyi_keras_agrees(const cvyi_value *shape, const cvyi_type *type)
{
    return agrees_from(shape, type, 0);
}

/* Keys of an InputLayer that change what flows in. */
static cvy_status check_flags(cvyi_keras *k, cvyi_keras_layer *layer,
                              cvy_error *err)
{
    static const char *const flags[] = { "sparse", "ragged", "optional" };

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const cvyi_value *const flag = cvyi_get(layer->config, flags[i]);
        bool truth = false;

        if (cvyi_is_none(flag) || (cvyi_as_bool(&truth, flag) && !truth))
            continue;
        CVYI_TRY(cvyi_keras_refuse(
            k, layer,
            (cvyi_refusal){ CVYI_NOT_SUPPORTED, flags[i],
                            "only dense inputs that are always given are "
                            "read",
                            "make the input a plain one" },
            err));
    }
    return CVY_OK;
}

static cvy_status check_input(cvyi_keras *k, cvyi_keras_layer *layer,
                              cvy_error *err)
{
    if (!is_shape(layer->shape))
        return cvyi_fail_in(err, CVY_FORMAT, layer->where,
                            "the input needs a batch_shape of 1 to %d sizes, "
                            "each at least 1 or null",
                            CVYI_MAX_DIMS);
    CVYI_TRY(check_flags(k, layer, err));
    return cvyi_keras_input_dtype(k, layer, err);
}

cvy_status cvyi_keras_feed(cvyi_keras_value *out, cvyi_keras *k,
                           cvyi_keras_layer *layer, cvy_error *err)
{
    const cvyi_value *const shape = layer->shape;
    cvyi_keras_value value = { .typed = true };
    int64_t batch, elements = 1;
    bool open_sizes = false;

    CVYI_TRY(check_input(k, layer, err));
    for (int i = 0; i < shape->n; i++) {
        int64_t size = 1;

        if (!cvyi_as_int(&size, &shape->items[i]) && i > 0)
            open_sizes = true;
        if (!cvyi_mul64(&elements, elements, size) || elements > ELEMENTS_MOST)
            return cvyi_fail_in(err, CVY_UNSUPPORTED, layer->where,
                                "an input of more than 2**40 elements");
    }
    k->n_symbolic += open_sizes;
    if (!type_of(&value.type, k, shape, k->sizes_shared ? 1 : k->n_symbolic))
        return cvyi_no_memory(err);
    value.type.dtype = layer->computed;
    CVYI_TRY(cvyi_graph_add_input(&value.result, k->graph, layer->name,
                                  &value.type, err));
    CVYI_TRY(cvyi_keras_mark(&k->kept, k, value.result, err));
    *out = value;
    if (cvyi_as_int(&batch, &shape->items[0]))
        return cvyi_remark(k->findings, layer->name,
                           "the batch size is fixed in the source", err);
    return CVY_OK;
}

/* Keras would add or take away a last axis of 1; that is not read. */
static cvy_status refuse_shape(cvyi_keras *k, cvyi_keras_layer *layer,
                               cvy_error *err)
{
    const char *const reason = cvyi_arena_printf(
        k->arena,
        "it is called on a tensor of another shape than its input %s has",
        layer->name);

    if (reason == NULL)
        return cvyi_no_memory(err);
    return cvyi_keras_refuse(k, layer->home->self,
                             (cvyi_refusal){ CVYI_NOT_SUPPORTED, "", reason,
                                             "reshape the tensor to the shape "
                                             "of the input before the call" },
                             err);
}

cvy_status cvyi_keras_hand(cvyi_keras_value *value, cvyi_keras *k,
                           cvyi_keras_layer *layer, cvy_error *err)
{
    if (!layer->remarked && layer->entry != NULL)
        CVYI_TRY(check_input(k, layer, err));
    layer->remarked = true;
    /* Time has joined the batch of a model that is wrapped. */
    if (value->typed && !agrees_from(layer->shape, &value->type,
                                     layer->home->self->n_times > 0 ? 1 : 0)) {
        if (!layer->home->self->faulty)
            CVYI_TRY(refuse_shape(k, layer, err));
        value->typed = false;
    }
    if (value->typed)
        return CVY_OK;
    return cvyi_keras_recorded(value, k, layer->shape, err);
}
