/* layer/prelu/keras.c - Keras' words for a learned slope below 0. */
#include "layer/keras.h"
#include "layer/torch.h"

/* ---- reading ---- */

/* shared[i]: one weight for the whole of axis i. Keras counts the axes of the
 * weight, which has none for the batch, from axis - 1 on: what that makes
 * negative is counted from the end. So 0 is the last axis, and -1 the one
 * before it. */
static cvy_status arg_shared(bool *shared, cvyi_phrase *out,
                             const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "shared_axes");
    const bool list = given->kind == CVYI_LIST;
    const int n = cvyi_is_none(given) ? 0 : list ? given->n : 1;
    const int rank = call->in[0].rank;

    for (int i = 0; i < n; i++) {
        int64_t axis = 0;

        if (!cvyi_as_int(&axis, list ? &given->items[i] : given) ||
            axis < 2 - rank || axis >= rank)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "shared_axes",
                               "name axes of the input, from 1",
                               "shared_axes names an axis that an input of "
                               "%d axes does not have",
                               rank);
        if (axis < 1)
            cvyi_phrase_remark(out, "shared_axes is counted without the "
                                    "batch: 0 is the last axis, and -1 the "
                                    "one before it");
        shared[axis < 1 ? axis + rank - 1 : axis] = true;
    }
    return CVY_OK;
}

/* An axis of one element needs no slopes of its own. */
static bool is_one(cvyi_size size)
{
    int64_t value = 0;

    return cvyi_size_constant(&value, size) && value == 1;
}

/* The layer does not say where its channels are. Slopes on axis 1 alone are
 * those of channels first; all else is read as channels last. */
static cvyi_axes find_axes(const bool *own, int rank)
{
    for (int i = 2; i < rank; i++)
        if (own[i])
            return CVYI_AXES_LAST;
    return rank > 2 && own[1] ? CVYI_AXES_FIRST : CVYI_AXES_LAST;
}

static cvy_status from_call(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_type *const in = call->in;
    bool own[CVYI_MAX_DIMS] = { false };
    int64_t positions[CVYI_MAX_DIMS];
    cvyi_step *const step = cvyi_phrase_add(out, call, "prelu");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    CVYI_TRY(arg_shared(own, out, call, err));
    for (int i = 1; i < in->rank; i++)
        own[i] = !own[i] && !is_one(in->dims[i]);
    step->axes = find_axes(own, in->rank);

    const bool last = step->axes == CVYI_AXES_LAST;

    for (int i = 0; i + 2 < in->rank; i++)
        positions[i] = own[last ? i + 1 : i + 2];
    cvyi_set_int(&step->attrs, "channels", own[last ? in->rank - 1 : 1]);
    if (in->rank > 2)
        cvyi_set_ints(&step->attrs, "positions", positions, in->rank - 2);
    cvyi_keras_slot(step, call, "weight", "alpha", last ? "S C -> C S" : "C S",
                    "alpha");
    return cvyi_keras_training_only(out, call, err);
}

/* ---- writing ---- */

/* Axes on which the slopes have one element alone, counted as the memory
 * lies; an axis of the input that has one element too needs no sharing. */
static void put_shared(cvyi_said *out, const cvyi_saying *what)
{
    const cvyi_shape *const weight = &what->slots[0];
    const bool last = what->axes == CVYI_AXES_LAST;
    const int rank = what->in[0].rank;
    int64_t axes[CVYI_MAX_DIMS];
    int n = 0;

    for (int i = 1; i < rank; i++) {
        const int neutral = last ? (i == rank - 1 ? 0 : i) : i - 1;

        if (weight->dims[neutral] == 1 && !is_one(what->in[0].dims[i]))
            axes[n++] = i;
    }
    if (n == 0)
        return;
    cvyi_code_raw(out, "shared_axes", "[");
    for (int i = 0; i < n; i++)
        cvyi_text_printf(&out->code, "%s%d", i > 0 ? ", " : "", (int)axes[i]);
    cvyi_text_put(&out->code, "]");
}

/* The slopes are read back as the input's axes say it. */
static void means(cvyi_said *out, const cvyi_saying *what)
{
    const cvyi_shape *const weight = &what->slots[0];
    int64_t positions[CVYI_MAX_DIMS] = { 0 };
    cvyi_attrs read = *what->attrs;

    for (int i = 1; i < weight->rank; i++)
        positions[i - 1] = weight->dims[i] != 1;
    cvyi_set_int(&read, "channels", weight->dims[0] != 1);
    if (weight->rank > 1)
        cvyi_set_ints(&read, "positions", positions, weight->rank - 1);
    cvyi_torch_means(out, what, &read);
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    const bool last = what->axes == CVYI_AXES_LAST;

    (void)err;
    cvyi_code_begin(out, "layers.PReLU");
    put_shared(out, what);
    cvyi_code_end(out);
    cvyi_said_slot_add(out, "weight", "alpha", last ? "C S -> S C" : "C S");
    means(out, what);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "alpha_initializer", "weight initialiser", NULL },
    { "alpha_regularizer", "weight regulariser", NULL },
    { "alpha_constraint", "weight constraint", NULL },
    { "shared_axes", "slopes",
      "axes along which one slope is used, counted with the batch" },
    { 0 }
};

#define ROW(version, zeros, to)                                            \
    {                                                                      \
        .dialect = version, .name = "keras.layers.PReLU",                  \
        .signature = "alpha_initializer='" zeros "', "                     \
                     "alpha_regularizer=None, alpha_constraint=None, "     \
                     "shared_axes=None, **kwargs",                         \
        .from_call = from_call, .form = CVYI_FORM_MODULE, .to_call = to,   \
        .arguments = arguments                                             \
    }

const cvyi_spelling cvyi_prelu_keras[] = {
    ROW("keras3", "Zeros", to_call),
    ROW("keras2", "zeros", NULL),
    { 0 }
};
/* clang-format on */
