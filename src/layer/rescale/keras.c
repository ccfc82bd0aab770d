/* layer/rescale/keras.c - Keras' words for constants times and plus. */
#include "layer/keras.h"
#include "layer/rescale/rescale.h"

/* ---- reading ---- */

/* A number, or a list along the last axis. */
static cvy_status read_reals(cvyi_attr_value *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             cvy_error *err)
{
    const int rank = call->n_in > 0 ? call->in[0].rank : 0;
    const cvyi_value *const given = cvyi_arg(call, name);
    int64_t channels = 0;
    const double *reals;
    bool single;
    int n = 0;

    if (rank > 0)
        cvyi_size_constant(&channels, call->in[0].dims[rank - 1]);

    const bool numbers = cvyi_keras_reals(&reals, &n, &single, call, given);
    const bool never = cvyi_is_none(given) || given->kind == CVYI_TEXT ||
                       (numbers && n > 1 && channels > 1);

    if (!numbers || (n > 1 && n != channels))
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           never ? CVYI_ILLEGAL_IN_SOURCE : CVYI_NOT_SUPPORTED,
                           name,
                           "give one number, or one for each channel of the "
                           "last axis",
                           "%s is neither a number nor a list along the last "
                           "axis",
                           name);
    if (reals == NULL)
        return cvyi_no_memory(err);
    *out = (cvyi_attr_value){ .n = n, .reals = reals };
    return CVY_OK;
}

static cvy_status from_rescaling(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "rescale");
    cvyi_attr_value *const scale = cvyi_attr_set(&step->attrs, "scale");
    cvyi_attr_value *const offset = cvyi_attr_set(&step->attrs, "offset");

    CVYI_TRY(read_reals(scale, out, call, "scale", err));
    CVYI_TRY(read_reals(offset, out, call, "offset", err));
    if (scale->n > 1 || offset->n > 1)
        cvyi_set_int(&step->attrs, "axis", call->in[0].rank - 1);
    return CVY_OK;
}

/* ---- writing ---- */

/* One factor: 0.5, 1 / 255, or what is divided by. */
static void put_factor(cvyi_said *out, double value, bool divide)
{
    if (!divide) {
        cvyi_rescale_put(out, value, false);
        return;
    }
    cvyi_text_put(&out->code, "1 / ");
    cvyi_code_number(out, value);
}

static void put_reals(cvyi_said *out, const char *key,
                      const cvyi_attr_value *list, bool divide)
{
    cvyi_code_raw(out, key, list->n > 1 ? "[" : "");
    for (int i = 0; i < list->n; i++) {
        cvyi_text_put(&out->code, i > 0 ? ", " : "");
        put_factor(out, list->reals[i], divide);
    }
    cvyi_text_put(&out->code, list->n > 1 ? "]" : "");
}

/* Keras multiplies: a divisor is read back as its reciprocal. */
static cvy_status means(cvyi_said *out, const cvyi_saying *what, bool divide,
                        bool lists, cvy_error *err)
{
    const cvyi_attr_value *const scale = cvyi_attr_at(what->attrs, "scale");
    cvyi_attrs read = *what->attrs;
    double *const factors =
        cvyi_arena_alloc(what->arena, (size_t)scale->n, sizeof *factors);

    if (factors == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < scale->n; i++)
        factors[i] = divide ? 1 / scale->reals[i] : scale->reals[i];
    *cvyi_attr_set(&read, "scale") =
        (cvyi_attr_value){ .n = scale->n, .reals = factors };
    cvyi_set_int(&read, "divide", 0);
    if (!lists)
        cvyi_set_int(&read, "axis", 0);
    cvyi_torch_means(out, what, &read);
    return CVY_OK;
}

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    const cvyi_attr_value *const scale = cvyi_attr_at(what->attrs, "scale");
    const cvyi_attr_value *const offset = cvyi_attr_at(what->attrs, "offset");
    const bool divide = cvyi_attr_bool(what->attrs, "divide");
    const bool lists = scale->n > 1 || offset->n > 1;

    if (lists && cvyi_attr_int(what->attrs, "axis") != what->in[0].rank - 1)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "scale",
                           "put that axis last before this layer",
                           "Keras' Rescaling has a number for each element of "
                           "the last axis");
    cvyi_code_begin(out, "layers.Rescaling");
    put_reals(out, NULL, scale, divide);
    if (offset->n > 1 || offset->reals[0] != 0)
        put_reals(out, "offset", offset, false);
    cvyi_code_end(out);
    return means(out, what, divide, lists, err);
}

/* ---- the table ---- */

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "scale", "scale", NULL }, { "offset", "offset", NULL }, { 0 }
};

#define LAYER(version, to)                                          \
    { .dialect = version, .name = "keras.layers.Rescaling",         \
      .signature = "scale, offset=0.0, **kwargs",                   \
      .from_call = from_rescaling, .form = CVYI_FORM_MODULE,        \
      .to_call = to, .arguments = arguments }
#define CALL(text, made, from)                                      \
    { .dialect = "keras3", .name = text, .signature = made,         \
      .from_call = from, .form = CVYI_FORM_FUNCTION }
#define DIFFERENCE cvyi_rescale_from_difference
#define QUOTIENT cvyi_rescale_from_quotient
#define NEGATION cvyi_rescale_from_negation

const cvyi_spelling cvyi_rescale_keras[] = {
    LAYER("keras3", to_layer),
    LAYER("keras2", NULL),
    { .dialect = "keras3", .name = "operator.mul",
      .form = CVYI_FORM_FUNCTION, .to_call = cvyi_rescale_say },
    CALL("operator.sub",          "x, other", DIFFERENCE),
    CALL("operator.truediv",      "x, other", QUOTIENT),
    CALL("operator.neg",          "x",        NEGATION),
    CALL("keras.ops.subtract",    "x1, x2",   DIFFERENCE),
    CALL("keras.ops.divide",      "x1, x2",   QUOTIENT),
    CALL("keras.ops.true_divide", "x1, x2",   QUOTIENT),
    CALL("keras.ops.negative",    "x",        NEGATION),
    { 0 }
};
/* clang-format on */
