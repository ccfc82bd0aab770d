/* layer/pool/torch.c - torch's words for pools, read. */
#include "layer/pool/words.h"
#include "layer/torch_axes.h"
#include "layer/torch_number.h"

#include <string.h>

/* Without a stride windows touch. */
static cvy_status read_stride(cvyi_pool_call *pool, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const stride = cvyi_arg(call, "stride");

    if (!cvyi_is_none(stride) &&
        !(stride->kind == CVYI_LIST && stride->n == 0))
        return cvyi_torch_per_axis(pool->stride, phrase, call, "stride", 1,
                                   err);
    memcpy(pool->stride, pool->taps, sizeof pool->stride);
    return CVY_OK;
}

static cvy_status read_padding(cvyi_pool_call *pool, cvyi_phrase *phrase,
                               const cvyi_bound *call, cvy_error *err)
{
    int64_t *const before = pool->border.before;

    CVYI_TRY(cvyi_torch_per_axis(before, phrase, call, "padding", 0, err));
    memcpy(pool->border.after, before, sizeof pool->border.after);
    for (int i = 0; i < pool->n; i++)
        if (before[i] > pool->taps[i] / 2)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "padding",
                               "pad in a layer of its own",
                               "torch's pools take at most half the window "
                               "as padding, not %lld of %lld",
                               (long long)before[i], (long long)pool->taps[i]);
    return CVY_OK;
}

static bool is_padded(const cvyi_pool_call *pool)
{
    for (int i = 0; i < pool->n; i++)
        if (pool->border.before[i] > 0)
            return true;
    return false;
}

/* Everything but the kind of pool. */
static cvy_status read_pool(cvyi_pool_call *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, const char *kind,
                            cvy_error *err)
{
    *out = (cvyi_pool_call){ .kind = kind,
                             .n = call->n_spatial,
                             .axes = CVYI_AXES_FIRST,
                             .dilation = { 1, 1, 1 } };
    CVYI_TRY(cvyi_torch_input(phrase, call, out->n + 2, err));
    CVYI_TRY(
        cvyi_torch_per_axis(out->taps, phrase, call, "kernel_size", 1, err));
    CVYI_TRY(read_stride(out, phrase, call, err));
    CVYI_TRY(read_padding(out, phrase, call, err));
    return cvyi_arg_bool(&out->ceil, phrase, call, "ceil_mode", err);
}

cvy_status cvyi_pool_torch_max(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    cvyi_pool_call pool;

    CVYI_TRY(read_pool(&pool, out, call, "max", err));
    CVYI_TRY(
        cvyi_torch_per_axis(pool.dilation, out, call, "dilation", 1, err));
    return cvyi_pool_add(out, call, &pool, "kernel_size", err);
}

/* What some names of a maximum have and others do not. */
static cvy_status from_max(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    CVYI_TRY(cvyi_torch_must_be_off(out, call, "return_indices",
                                    "do not ask where the maxima were", err));
    return cvyi_pool_torch_max(out, call, err);
}

/* AvgPool3d alone insists on as many elements as taps, padded or not. */
static cvy_status check_length(const cvyi_pool_call *pool, cvyi_phrase *phrase,
                               const cvyi_bound *call, cvy_error *err)
{
    for (int i = 0; pool->n == 3 && i < pool->n; i++) {
        int64_t length;

        if (cvyi_size_constant(&length, call->in[0].dims[2 + i]) &&
            length < pool->taps[i])
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_ILLEGAL_IN_SOURCE, "kernel_size",
                               "pad in a layer of its own",
                               "avg_pool3d needs as many elements as its "
                               "window has, not %lld of %lld",
                               (long long)length, (long long)pool->taps[i]);
    }
    return CVY_OK;
}

/* The sum over a window divided by a number of one's own: the mean over all
 * taps, times what it takes. */
static cvy_status add_scaled(cvyi_phrase *out, const cvyi_bound *call,
                             cvyi_pool_call *pool, cvy_error *err)
{
    const cvyi_value *const value = cvyi_arg(call, "divisor_override");
    double taps = 1;
    int64_t divisor;

    if (!cvyi_torch_int(&divisor, value, true) || divisor == 0)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "divisor_override",
                           "correct this argument in the source",
                           "divisor_override must be an integer but 0");
    pool->window = is_padded(pool);
    CVYI_TRY(cvyi_pool_add(out, call, pool, "kernel_size", err));

    cvyi_attrs *const attrs = &out->steps[out->n - 1].attrs;

    for (int i = 0; i < pool->n; i++) {
        taps *= (double)pool->taps[i];
        if (!cvyi_pool_never_hangs(attrs, i, call->in[0].dims[2 + i]))
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "divisor_override",
                               "leave out ceil_mode, or scale the mean in a "
                               "layer of its own",
                               "with ceil_mode the last window may hang over, "
                               "and then the sum is not a mean times one "
                               "number");
    }
    cvyi_set_int(attrs, "ceil", false);
    if (taps == (double)divisor)
        return CVY_OK;
    CVYI_TRY(
        cvyi_torch_rescale(out, call, taps / (double)divisor, false, 0, err));
    out->steps[out->n - 1].label = "divisor";
    return CVY_OK;
}

cvy_status cvyi_pool_torch_average(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err)
{
    cvyi_pool_call pool;
    bool counted;

    CVYI_TRY(read_pool(&pool, out, call, "average", err));
    CVYI_TRY(cvyi_arg_bool(&counted, out, call, "count_include_pad", err));
    CVYI_TRY(check_length(&pool, out, call, err));
    if (pool.n > 1 && !cvyi_is_none(cvyi_arg(call, "divisor_override")))
        return add_scaled(out, call, &pool, err);
    /* Without padding nothing is counted but data. */
    pool.window = counted && is_padded(&pool);
    return cvyi_pool_add(out, call, &pool, "kernel_size", err);
}

/* SameAvgPool((3, 3), (2, 2)) */
cvy_status cvyi_pool_torch_same(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    cvyi_pool_call pool = { .kind = "average",
                            .axes = CVYI_AXES_FIRST,
                            .dilation = { 1, 1, 1 },
                            .border = { .rule = CVYI_BORDER_SAME } };
    cvyi_bound spatial = *call;

    CVYI_TRY(
        cvyi_torch_spatial(&spatial.n_spatial, out, call, "kernel_size", err));
    pool.n = spatial.n_spatial;
    CVYI_TRY(cvyi_torch_input(out, call, pool.n + 2, err));
    CVYI_TRY(
        cvyi_arg_per_axis(pool.taps, out, &spatial, "kernel_size", 1, err));
    CVYI_TRY(cvyi_arg_per_axis(pool.stride, out, &spatial, "stride", 1, err));
    return cvyi_pool_add(out, call, &pool, "kernel_size", err);
}

/* ---- the table ---- */

/* clang-format off */
static const cvyi_argument max_arguments[] = {
    { "kernel_size",    "taps",     NULL },
    { "stride",         "stride",   NULL },
    { "padding",        "border",
      "elements before and after alike, none of which a maximum takes" },
    { "dilation",       "dilation", NULL },
    { "ceil_mode",      "ceil",     "the last window may hang over the end" },
    { "return_indices", "indices",  NULL },
    { 0 }
};
static const cvyi_argument average_arguments[] = {
    { "kernel_size",       "taps",    NULL },
    { "stride",            "stride",  NULL },
    { "padding",           "border",  "zeros before and after alike" },
    { "ceil_mode",         "ceil",    "the last window may hang over the "
                                      "end" },
    { "count_include_pad", "count",   "True: the zeros count in the mean" },
    { "divisor_override",  "divisor", "the sum is divided by this" },
    { 0 }
};

#define MAX "kernel_size, stride=None, padding=0, dilation=1, "
#define AVERAGE                                                    \
    "kernel_size, stride=None, padding=0, ceil_mode=False, "       \
    "count_include_pad=True"
#define MAX_ROW(word, axes)                                        \
    { .dialect = "torch", .name = word, .ranks = axes,             \
      .signature = "x, " MAX "ceil_mode=False",                    \
      .from_call = cvyi_pool_torch_max,                            \
      .form = CVYI_FORM_FUNCTION, .arguments = max_arguments }
#define AVERAGE_ROW(word, axes, text, shape, to)                   \
    { .dialect = "torch", .name = word, .ranks = axes,             \
      .signature = text, .from_call = cvyi_pool_torch_average,     \
      .form = shape, .to_call = to, .arguments = average_arguments }

const cvyi_spelling cvyi_pool_torch[] = {
    { .dialect = "torch", .name = "torch.nn.MaxPool%dd", .ranks = "123",
      .signature = MAX "return_indices=False, ceil_mode=False",
      .from_call = from_max,
      .form = CVYI_FORM_MODULE, .to_call = cvyi_pool_to_max_module,
      .arguments = max_arguments },
    { .dialect = "torch", .name = "torch.nn.functional.max_pool%dd",
      .ranks = "123",
      .signature = "x, " MAX "ceil_mode=False, return_indices=False",
      .from_call = from_max,
      .form = CVYI_FORM_FUNCTION, .to_call = cvyi_pool_to_max_function,
      .arguments = max_arguments },
    MAX_ROW("torch.max_pool%dd", "123"),
    AVERAGE_ROW("torch.nn.AvgPool%dd", "1", AVERAGE, CVYI_FORM_MODULE,
                NULL),
    AVERAGE_ROW("torch.nn.AvgPool%dd", "23",
                AVERAGE ", divisor_override=None", CVYI_FORM_MODULE,
                cvyi_pool_to_average_module),
    AVERAGE_ROW("torch.nn.functional.avg_pool%dd", "1", "x, " AVERAGE,
                CVYI_FORM_FUNCTION, NULL),
    AVERAGE_ROW("torch.nn.functional.avg_pool%dd", "23",
                "x, " AVERAGE ", divisor_override=None",
                CVYI_FORM_FUNCTION, cvyi_pool_to_average_function),
    AVERAGE_ROW("torch.avg_pool%dd", "1", "x, " AVERAGE,
                CVYI_FORM_FUNCTION, NULL),
    { .dialect = "torch", .name = "torch.nn.ZeroPad%dd", .ranks = "123",
      .form = CVYI_FORM_MODULE, .to_call = cvyi_pool_to_bordered },
    { .dialect = "torch", .name = "SameAvgPool",
      .helper = &cvyi_pool_same_helper,
      .signature = "kernel_size, stride",
      .from_call = cvyi_pool_torch_same,
      .form = CVYI_FORM_MODULE, .to_call = cvyi_pool_to_same },
    { 0 }
};
/* clang-format on */
