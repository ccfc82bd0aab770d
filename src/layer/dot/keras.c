/* layer/dot/keras.c - Keras' words for products summed along an axis. */
#include "layer/dot/words.h"
#include "layer/merge.h"
#include "layer/number.h"

/* ---- reading ---- */

/* An axis of each input, or one number for both. */
static cvy_status read_axes(int64_t *axes, cvyi_phrase *out,
                            const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "axes");
    const bool list = given->kind == CVYI_LIST;
    bool good = call->n_in == 2 && (!list || given->n == 2);

    for (int k = 0; good && k < 2; k++) {
        const int rank = call->in[k].rank;

        good = cvyi_as_int(&axes[k], list ? &given->items[k] : given) &&
               axes[k] >= -rank && axes[k] < rank;
        axes[k] += good && axes[k] < 0 ? rank : 0;
        good = good && axes[k] > 0;
    }
    if (good)
        return CVY_OK;
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       call->n_in == 2 ? "axes" : "",
                       "give it two inputs and an axis of each that is not "
                       "the batch",
                       "it joins two inputs along an axis of each");
}

/* What Keras divides by before the product: the length along that axis. */
static cvy_status normalise(cvyi_phrase *out, const cvyi_bound *call,
                            const int64_t *axes, cvy_error *err)
{
    for (int k = 0; k < 2; k++) {
        int64_t marks[CVYI_MAX_DIMS] = { 0 };
        cvyi_step *const step = cvyi_phrase_add(out, call, "unit_norm");
        bool *const operands =
            cvyi_arena_alloc(call->arena, 2, sizeof *operands);

        if (step == NULL || operands == NULL)
            return cvyi_no_memory(err);
        marks[axes[k]] = 1;
        operands[k] = true;
        operands[1 - k] = false;
        step->label = k == 0 ? "normalize" : "normalize_other";
        step->argument = true;
        step->operands = operands;
        cvyi_set_ints(&step->attrs, "axes", marks, call->in[k].rank);
        cvyi_set_real(&step->attrs, "least", 1e-7);
    }
    return CVY_OK;
}

static cvy_status from_layer(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    int64_t axes[2];
    cvyi_step *step;

    CVYI_TRY(read_axes(axes, out, call, err));
    if (cvyi_truth(cvyi_arg(call, "normalize")))
        CVYI_TRY(normalise(out, call, axes, err));
    step = cvyi_phrase_add(out, call, "dot");
    cvyi_set_int(&step->attrs, "axis", axes[0]);
    cvyi_set_int(&step->attrs, "other", axes[1]);
    if (call->in[0].rank + call->in[1].rank > 4)
        return CVY_OK;
    /* A number for each sample stands in an axis of its own. */
    step = cvyi_phrase_add(out, call, "expand");
    step->label = "expand";
    step->argument = true;
    cvyi_set_int(&step->attrs, "rank", 2);
    return CVY_OK;
}

/* The list of tensors first. */
static cvy_status from_list(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_merge_list(out, call, err));
    return from_layer(out, call, err);
}

/* ---- writing ---- */

static cvy_status to_layer(cvyi_said *out, const cvyi_saying *what,
                           cvy_error *err)
{
    const int64_t axes[] = { cvyi_attr_int(what->attrs, "axis"),
                             cvyi_attr_int(what->attrs, "other") };

    if (what->in[0].rank + what->in[1].rank < 5)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "", "use keras.ops.einsum",
                           "keras.layers.Dot keeps an axis of one element");
    cvyi_code_begin(out, "layers.Dot");
    cvyi_code_ints(out, "axes", axes, 2);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    return cvyi_dot_say_equation(out, what, "ops.einsum", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "axes",       "axes", NULL },
    { "subscripts", "axes", "a letter for each axis" },
    { 0 }
};

#define ROWS(version, to)                                              \
    { .dialect = version, .name = "keras.layers.Dot",                  \
      .signature = "axes, normalize=False, **kwargs",                  \
      .from_call = from_layer, .form = CVYI_FORM_MODULE,               \
      .to_call = to, .arguments = arguments },                         \
    { .dialect = version, .name = "keras.layers.dot",                  \
      .signature = "inputs, axes=-1, normalize=False, **kwargs",       \
      .from_call = from_list, .form = CVYI_FORM_FUNCTION,              \
      .arguments = arguments }

const cvyi_spelling cvyi_dot_keras[] = {
    ROWS("keras3", to_layer),
    ROWS("keras2", NULL),
    { .dialect = "keras3", .name = "keras.ops.einsum",
      .signature = "subscripts, x, other, **kwargs",
      .from_call = cvyi_dot_from_equation,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call,
      .arguments = arguments },
    { 0 }
};
/* clang-format on */
