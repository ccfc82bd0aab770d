/* layer/normalize/torch.c - torch's words for a fixed mean and spread. */
#include "layer/normalize/words.h"
#include "layer/torch_number.h"

#include "tensor/tensor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define INIT_LEARNT                                                          \
"    def __init__(self, *shape: int) -> None:\n"                             \
"        super().__init__()\n"                                               \
"        self.register_buffer(\"mean\", torch.zeros(shape))\n"               \
"        self.register_buffer(\"variance\", torch.ones(shape))\n"            \
"\n"                                                                         \
"    def forward(self, x: Tensor) -> Tensor:\n"                              \
"        spread = self.variance.sqrt().clamp(min=1e-7)\n"

#define INIT_GIVEN                                                           \
"    def __init__(\n"                                                        \
"        self, mean: list[float], spread: list[float], "                     \
"shape: tuple[int, ...] = (-1,)\n"                                           \
"    ) -> None:\n"                                                           \
"        super().__init__()\n"                                               \
"        for name, value in ((\"mean\", mean), (\"spread\", spread)):\n"     \
"            tensor = torch.tensor(value).view(shape)\n"                     \
"            self.register_buffer(name, tensor, persistent=False)\n"         \
"\n"                                                                         \
"    def forward(self, x: Tensor) -> Tensor:\n"

/* By [given in the source][inverted]. */
static const cvyi_helper helpers[2][2] = {
    { { "Normalize", "torch nn Tensor",
"class Normalize(nn.Module):\n"
"    \"\"\"(x - mean) / sqrt(variance); both are broadcast against x.\"\"\"\n\n"
INIT_LEARNT
"        return (x - self.mean) / spread\n" },
      { "Denormalize", "torch nn Tensor",
"class Denormalize(nn.Module):\n"
"    \"\"\"x * sqrt(variance) + mean; both are broadcast against x.\"\"\"\n\n"
INIT_LEARNT
"        return x * spread + self.mean\n" } },
    { { "FixedNormalize", "torch nn Tensor",
"class FixedNormalize(nn.Module):\n"
"    \"\"\"(x - mean) / spread; both are broadcast against x.\"\"\"\n\n"
INIT_GIVEN
"        return (x - self.mean) / self.spread\n" },
      { "FixedDenormalize", "torch nn Tensor",
"class FixedDenormalize(nn.Module):\n"
"    \"\"\"x * spread + mean; both are broadcast against x.\"\"\"\n\n"
INIT_GIVEN
"        return x * self.spread + self.mean\n" } },
};
/* clang-format on */

/* ---- reading ---- */

/* The lengths that our classes are made with, against the last axes. */
typedef struct lengths {
    int n;
    int64_t at[CVYI_MAX_DIMS];
} lengths;

static cvy_status illegal(cvyi_phrase *phrase, const cvyi_bound *call,
                          cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "shape",
                       "correct this argument in the source",
                       "shape must be lengths of the last axes of an input "
                       "of %d axes, or 1",
                       call->in[0].rank);
}

/* -1 is the number of all means. */
static cvy_status read_shape(lengths *out, int n_means, cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const shape = cvyi_arg(call, "shape");
    int64_t all = 1;

    CVYI_TRY(cvyi_torch_input(phrase, call, 0, err));
    *out = (lengths){ .n = shape->n };
    if (shape->kind != CVYI_LIST || shape->n < 1 ||
        shape->n > call->in[0].rank)
        return illegal(phrase, call, err);
    for (int i = 0; i < out->n; i++) {
        if (!cvyi_as_int(&out->at[i], &shape->items[i]) ||
            out->at[i] > INT32_MAX)
            return illegal(phrase, call, err);
        if (out->at[i] == -1 && out->n == 1 && n_means > 0)
            out->at[i] = n_means;
        if (out->at[i] < 1 || all > INT32_MAX)
            return illegal(phrase, call, err);
        all *= out->at[i];
    }
    return n_means > 0 && all != n_means ? illegal(phrase, call, err) : CVY_OK;
}

/* Axes of more than one element have means of their own. */
static void mark_axes(cvyi_attrs *attrs, const lengths *shape, int rank)
{
    int64_t marks[CVYI_MAX_DIMS] = { 0 };
    int n = 0;

    for (int i = 0; i < shape->n; i++)
        if (shape->at[i] > 1)
            marks[rank - shape->n + i] = ++n;
    cvyi_set_ints(attrs, "axes", marks, n > 0 ? rank : 0);
}

static cvy_status add(cvyi_step **out, const lengths *shape, bool invert,
                      cvyi_phrase *phrase, const cvyi_bound *call,
                      cvy_error *err)
{
    const int rank = call->in[0].rank;

    for (int i = 0; i < shape->n; i++)
        if (shape->at[i] > 1)
            CVYI_TRY(cvyi_torch_extent(phrase, call, rank - shape->n + i,
                                       shape->at[i], "shape", err));
    *out = cvyi_phrase_add(phrase, call, "normalize");
    if (*out == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_int(&(*out)->attrs, "invert", invert);
    mark_axes(&(*out)->attrs, shape, rank);
    return CVY_OK;
}

static cvy_status read_learnt(cvyi_phrase *out, const cvyi_bound *call,
                              bool invert, cvy_error *err)
{
    static const char *const names[] = { "mean", "variance" };
    const char *layout;
    cvyi_step *step;
    lengths shape;

    CVYI_TRY(read_shape(&shape, 0, out, call, err));
    layout = cvyi_normalize_layout(call->arena, shape.at, shape.n);
    if (layout == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(add(&step, &shape, invert, out, call, err));
    for (int i = 0; i < 2; i++)
        cvyi_step_slot_add(step, names[i], names[i], layout)->frozen = true;
    return CVY_OK;
}

static cvy_status read_given(cvyi_phrase *out, const cvyi_bound *call,
                             bool invert, cvy_error *err)
{
    cvyi_attr_value mean = { 0 }, spread = { 0 };
    cvyi_step *step;
    lengths shape;

    CVYI_TRY(cvyi_torch_reals(&mean.reals, &mean.n, out, call, "mean", err));
    CVYI_TRY(
        cvyi_torch_reals(&spread.reals, &spread.n, out, call, "spread", err));
    if (mean.n != spread.n)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "spread",
                           "correct this argument in the source",
                           "%d means and %d spreads", mean.n, spread.n);
    CVYI_TRY(read_shape(&shape, mean.n, out, call, err));
    CVYI_TRY(add(&step, &shape, invert, out, call, err));
    *cvyi_attr_set(&step->attrs, "mean") = mean;
    *cvyi_attr_set(&step->attrs, "variance") = spread;
    cvyi_set_int(&step->attrs, "spreads", 1);
    return CVY_OK;
}

#define FROM(name, read, invert)                                     \
    static cvy_status name(cvyi_phrase *out, const cvyi_bound *call, \
                           cvy_error *err)                           \
    {                                                                \
        return read(out, call, invert, err);                         \
    }
FROM(from_normalize, read_learnt, false)
FROM(from_denormalize, read_learnt, true)
FROM(from_fixed_normalize, read_given, false)
FROM(from_fixed_denormalize, read_given, true)

/* ---- writing ---- */

/* The shortest decimal with the same float32. */
static double short_float(float value)
{
    char digits[40];

    for (int precision = 1; precision <= 9; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, (double)value);
        if ((float)strtod(digits, NULL) == value)
            return strtod(digits, NULL);
    }
    return (double)value;
}

/* In float32, as the source computes it. */
static double spread_of(const cvyi_attrs *attrs, int i)
{
    const float variance = (float)cvyi_attr_at(attrs, "variance")->reals[i];
    const float least = (float)cvyi_attr_real(attrs, "least");
    const float root = sqrtf(variance);

    if (cvyi_attr_bool(attrs, "spreads"))
        return cvyi_attr_at(attrs, "variance")->reals[i];
    if (isnan(root))
        return (double)NAN; /* without the sign that the root gave it */
    return short_float(fmaxf(root, least));
}

static bool all_equal(const cvyi_attr_value *list)
{
    for (int i = 1; i < list->n; i++)
        if (list->reals[i] != list->reals[0])
            return false;
    return list->n > 0;
}

/* (x - mean) / spread and x * spread + mean, a step for each sign. */
static cvy_status means_steps(cvyi_said *out, const cvyi_saying *what,
                              double mean, double spread, cvy_error *err)
{
    if (cvyi_attr_bool(what->attrs, "invert")) {
        CVYI_TRY(cvyi_torch_means_rescale(out, what, spread, false, 0, err));
        return cvyi_torch_means_rescale(out, what, 1, false, mean, err);
    }
    CVYI_TRY(cvyi_torch_means_rescale(out, what, 1, false, 0 - mean, err));
    return cvyi_torch_means_rescale(out, what, spread, true, 0, err);
}

/* One mean and one spread, both known: plain arithmetic. */
static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const cvyi_attr_value *const mean = cvyi_attr_at(what->attrs, "mean");
    const bool invert = cvyi_attr_bool(what->attrs, "invert");

    if (!all_equal(mean) || !all_equal(cvyi_attr_at(what->attrs, "variance")))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "mean", "write it as a module",
                           "means along an axis must move with the model");

    const double spread = spread_of(what->attrs, 0);
    const char *const sign = (mean->reals[0] < 0) == invert ? " - " : " + ";

    cvyi_text_put(&out->code, invert ? "{0} * " : "({0}");
    if (invert)
        cvyi_code_number(out, spread);
    cvyi_text_put(&out->code, sign);
    cvyi_code_number(out, fabs(mean->reals[0]));
    if (!invert) {
        cvyi_text_put(&out->code, ") / ");
        cvyi_code_number(out, spread);
    }
    out->binding = invert ? CVYI_BIND_SUM : CVYI_BIND_PRODUCT;
    out->operands = invert ? CVYI_BIND_PRODUCT : CVYI_BIND_SUM;
    return means_steps(out, what, mean->reals[0], spread, err);
}

/* How mean and spread stand against the input: an axis for each axis from the
 * first that is marked, of one element where there is no mark. */
typedef struct broadcast {
    int rank;
    int64_t dims[CVYI_MAX_DIMS];
    int from[CVYI_MAX_DIMS]; /* the slot's axis, or -1 */
} broadcast;

static broadcast broadcast_of(const cvyi_saying *what)
{
    broadcast b = { 0 };
    int n;
    const int64_t *const marks = cvyi_attr_ints(what->attrs, "axes", &n);

    for (int i = 0; i < n; i++) {
        if (marks[i] == 0 && b.rank == 0)
            continue;
        b.from[b.rank] = (int)marks[i] - 1;
        b.dims[b.rank++] =
            marks[i] != 0 ? what->slots[0].dims[marks[i] - 1] : 1;
    }
    if (b.rank == 0) {
        b.from[0] = 0;
        b.dims[b.rank++] = 1;
    }
    return b;
}

/* From the slot's letters C, D, E, ... to these axes. */
static const char *layout_of(const broadcast *b, const cvyi_shape *slot,
                             cvyi_arena *arena)
{
    bool moved = b->rank != slot->rank;
    char text[4 * CVYI_MAX_DIMS + 4];
    size_t at = 0;

    for (int i = 0; i < slot->rank; i++) {
        text[at++] = (char)('C' + i);
        text[at++] = ' ';
    }
    for (int i = 0; i < b->rank; i++)
        moved = moved || b->from[i] != i;
    if (moved) {
        memcpy(text + at, "-> ", 3);
        at += 3;
        for (int i = 0; i < b->rank; i++) {
            text[at++] = b->from[i] < 0 ? '1' : (char)('C' + b->from[i]);
            text[at++] = ' ';
        }
    }
    return cvyi_arena_text(arena, text, at - 1);
}

/* Means or spreads, row-major in the order of b's axes. */
static cvy_status list_numbers(cvyi_attr_value *out, const cvyi_saying *what,
                               const broadcast *b, bool means, cvy_error *err)
{
    const cvyi_shape *const slot = &what->slots[0];
    const cvyi_attr_value *const list = cvyi_attr_at(what->attrs, "mean");
    double *const reals =
        cvyi_arena_alloc(what->arena, (size_t)list->n, sizeof *reals);
    int64_t at[CVYI_MAX_DIMS] = { 0 }, there[CVYI_MAX_DIMS] = { 0 };

    if (reals == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < list->n; i++) {
        int64_t index = 0;

        for (int k = 0; k < b->rank; k++)
            if (b->from[k] >= 0)
                there[b->from[k]] = at[k];
        for (int k = 0; k < slot->rank; k++)
            index = index * slot->dims[k] + there[k];
        reals[i] =
            means ? list->reals[index] : spread_of(what->attrs, (int)index);
        cvyi_next(b->rank, b->dims, at);
    }
    *out = (cvyi_attr_value){ .n = list->n, .reals = reals };
    return CVY_OK;
}

static void put_list(cvyi_said *out, const cvyi_attr_value *list)
{
    cvyi_code_raw(out, NULL, "[");
    for (int i = 0; i < list->n; i++) {
        cvyi_text_put(&out->code, i > 0 ? ", " : "");
        cvyi_code_number(out, list->reals[i]);
    }
    cvyi_text_put(&out->code, "]");
}

/* Arguments of a class that has its numbers in the code. */
static cvy_status say_given(cvyi_said *out, const cvyi_saying *what,
                            const broadcast *b, cvyi_attrs *read,
                            cvy_error *err)
{
    cvyi_attr_value *const mean = cvyi_attr_set(read, "mean");
    cvyi_attr_value *const spread = cvyi_attr_set(read, "variance");

    CVYI_TRY(list_numbers(mean, what, b, true, err));
    CVYI_TRY(list_numbers(spread, what, b, false, err));
    cvyi_set_int(read, "spreads", 1);
    put_list(out, mean);
    put_list(out, spread);
    if (b->rank > 1)
        cvyi_code_tuple(out, "shape", b->dims, b->rank);
    return CVY_OK;
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const cvyi_attrs *const attrs = what->attrs;
    const bool given = cvyi_attr_at(attrs, "mean")->n > 0;
    const cvyi_helper *const helper =
        &helpers[given][cvyi_attr_bool(attrs, "invert")];
    const broadcast b = broadcast_of(what);
    const char *const layout = layout_of(&b, &what->slots[0], what->arena);
    lengths shape = { .n = b.rank };
    cvyi_attrs read = *attrs;

    if (layout == NULL)
        return cvyi_no_memory(err);
    if (cvyi_attr_real(attrs, "least") != 1e-7)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "",
                           "use the least spread "
                           "of 1e-7",
                           "the least spread is not 1e-7");
    cvyi_code_begin(out, "%s", helper->name);
    if (given) {
        CVYI_TRY(say_given(out, what, &b, &read, err));
    } else {
        for (int i = 0; i < b.rank; i++)
            cvyi_code_int(out, NULL, b.dims[i]);
        cvyi_said_slot_add(out, "mean", "mean", layout);
        cvyi_said_slot_add(out, "variance", "variance", layout);
    }
    cvyi_code_end(out);
    out->helper = helper;
    memcpy(shape.at, b.dims, sizeof shape.at);
    mark_axes(&read, &shape, what->in[0].rank);
    cvyi_torch_means(out, what, &read);
    return cvyi_text_status(&out->code, err);
}

#define CLASS(text, given, invert, from, to)                         \
    {                                                                \
        .dialect = "torch", .name = text,                            \
        .signature = given ? "mean, spread, shape=(-1,)" : "*shape", \
        .from_call = from, .form = CVYI_FORM_MODULE, .to_call = to,  \
        .helper = &helpers[given][invert]                            \
    }

/* clang-format off */
const cvyi_spelling cvyi_normalize_torch[] = {
    { .dialect = "torch", .name = "torch.Tensor.__truediv__",
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    CLASS("Normalize",        0, 0, from_normalize,         to_module),
    CLASS("Denormalize",      0, 1, from_denormalize,       NULL),
    CLASS("FixedNormalize",   1, 0, from_fixed_normalize,   NULL),
    CLASS("FixedDenormalize", 1, 1, from_fixed_denormalize, NULL),
    { 0 }
};
/* clang-format on */
