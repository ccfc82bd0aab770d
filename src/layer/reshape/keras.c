/* layer/reshape/keras.c - Keras' words for other axes. */
#include "layer/reshape/torch.h"
#include "layer/walk.h"

static cvy_status illegal(cvyi_phrase *out, const cvyi_bound *call,
                          cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       "target_shape",
                       "give sizes above 0, at most one of them -1",
                       "target_shape is no shape of 1 to %d axes",
                       CVYI_MAX_DIMS - 1);
}

/* The sizes given, NULL where -1 stands; *hole is its place or -1. Keras takes
 * None for -1. */
static cvy_status given_sizes(cvyi_attr_value *out, int *hole,
                              cvyi_phrase *phrase, const cvyi_bound *call,
                              cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "target_shape");
    const bool list = given->kind == CVYI_LIST;

    *hole = -1;
    out->n = list ? given->n : 1;
    if (out->n < 1 || out->n >= CVYI_MAX_DIMS)
        return illegal(phrase, call, err);
    for (int i = 0; i < out->n; i++) {
        const cvyi_value *const item = list ? &given->items[i] : given;
        int64_t size = -1;

        if ((!cvyi_is_none(item) && !cvyi_as_int(&size, item)) || size < -1 ||
            size == 0 || (size == -1 && *hole >= 0))
            return illegal(phrase, call, err);
        if (size == -1)
            *hole = i;
        out->sizes[i] = size == -1 ? NULL : cvyi_size_of(call->sizes, size);
        if (size != -1 && out->sizes[i] == NULL)
            return cvyi_no_memory(err);
    }
    return CVY_OK;
}

/* What -1 stands for: all elements divided by the other sizes. *partial: for
 * some inputs that is no whole number, or the sizes given are others; those
 * inputs fail in Keras when the model runs. */
static cvy_status fill_hole(cvyi_attr_value *shape, int hole, bool *partial,
                            cvyi_phrase *phrase, const cvyi_bound *call,
                            cvy_error *err)
{
    cvyi_sizes *const pool = call->sizes;
    const cvyi_size all = cvyi_type_elements(pool, call->in, 1);
    cvyi_size others = cvyi_size_of(pool, 1);
    int64_t known;

    for (int i = 0; i < shape->n; i++)
        if (i != hole)
            others = cvyi_size_mul(pool, others, shape->sizes[i]);

    const cvyi_size rest =
        hole >= 0 ? cvyi_size_floor(pool, all, others) : NULL;
    const cvyi_size again =
        hole >= 0 ? cvyi_size_mul(pool, rest, others) : others;

    if (all == NULL || again == NULL)
        return cvyi_no_memory(err);
    if (hole >= 0)
        shape->sizes[hole] = rest;
    *partial = again != all;
    if (*partial && cvyi_size_constant(&known, all) &&
        cvyi_size_constant(&known, again))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "target_shape",
                           "give sizes that hold as many elements",
                           "target_shape does not hold the input's elements");
    return CVY_OK;
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    cvyi_attr_value shape = { 0 };
    bool partial;
    int hole;

    CVYI_TRY(given_sizes(&shape, &hole, out, call, err));
    CVYI_TRY(fill_hole(&shape, hole, &partial, out, call, err));

    cvyi_step *const step = cvyi_phrase_add(out, call, "reshape");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    *cvyi_attr_set(&step->attrs, "shape") = shape;
    cvyi_set_int(&step->attrs, "partial", partial);
    return CVY_OK;
}

static cvy_status from_function(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    return cvyi_reshape_from_whole(out, call, "newshape", err);
}

static cvy_status from_squeeze(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return cvyi_reshape_from_ones(out, call, "axis", true, err);
}

/* ---- writing ---- */

/* layers.Reshape((3, -1)): one size may be what the others leave. */
static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    const cvyi_attr_value *const shape = cvyi_attr_at(what->attrs, "shape");
    int64_t sizes[CVYI_MAX_DIMS];
    int unknown = 0;

    for (int i = 0; i < shape->n; i++)
        if (!cvyi_size_constant(&sizes[i], shape->sizes[i])) {
            sizes[i] = -1;
            unknown++;
        }
    if (unknown > 1)
        return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NOT_SUPPORTED,
                           "target_shape", "give the input known sizes",
                           "more than one of the new sizes is unknown");
    cvyi_code_begin(out, "layers.Reshape");
    cvyi_code_tuple(out, NULL, sizes, shape->n);
    cvyi_code_end(out);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "target_shape", "shape", "without the batch" },
    { "newshape",     "shape", "the batch included" },
    { "axis",         "axis",  NULL },
    { 0 }
};

#define RESHAPE(framework, to)                                              \
    { .dialect = framework, .name = "keras.layers.Reshape",                 \
      .signature = "target_shape, **kwargs", .from_call = from_call,        \
      .form = CVYI_FORM_MODULE, .to_call = to, .arguments = arguments }

const cvyi_spelling cvyi_reshape_keras[] = {
    RESHAPE("keras3", to_layer),
    RESHAPE("keras2", NULL),
    { .dialect = "keras3", .name = "keras.ops.reshape",
      .signature = "x, newshape",
      .from_call = from_function, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    { .dialect = "keras3", .name = "keras.ops.squeeze",
      .signature = "x, axis=None",
      .from_call = from_squeeze, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
