/* layer/adaptive_pool/torch.c - torch's words for adaptive pools. */
#include "layer/adaptive.h"
#include "layer/torch_axes.h"

#include <string.h>

/* ---- reading ---- */

static cvy_status bad_sizes(cvyi_phrase *phrase, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "output_size",
                       "correct this argument in the source",
                       call->n_spatial > 1
                           ? "output_size must be an integer, or one or None "
                             "for each of %d axes"
                           : "output_size must be an integer, or a tuple of "
                             "%d",
                       call->n_spatial);
}

/* Outputs along each axis; 0: as many as inputs, which only a tuple of
 * several can say. */
static cvy_status read_sizes(int64_t *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const size = cvyi_arg(call, "output_size");
    const bool list = size->kind == CVYI_LIST;
    const int n = call->n_spatial;

    if (list && size->n != n)
        return bad_sizes(phrase, call, err);
    for (int i = 0; i < n; i++) {
        const cvyi_value *const value = list ? &size->items[i] : size;

        out[i] = 0;
        if (list && n > 1 && cvyi_is_none(value))
            continue;
        if (!cvyi_torch_int(&out[i], value, !list || i == 0) || out[i] < 0)
            return bad_sizes(phrase, call, err);
        if (out[i] == 0)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "output_size",
                               "ask for at least one output",
                               "a result without elements is not carried "
                               "over");
    }
    return CVY_OK;
}

static cvy_status from_adaptive(cvyi_phrase *out, const cvyi_bound *call,
                                const char *kind, cvy_error *err)
{
    const int n = call->n_spatial;
    int64_t sizes[CVYI_MAX_SPATIAL];
    bool ones = true;

    CVYI_TRY(read_sizes(sizes, out, call, err));
    for (int i = 0; i < n; i++)
        ones = ones && sizes[i] == 1;
    /* The mean over all of the last axes: torch asks for no rank there. */
    if (ones && n > 1 && strcmp(kind, "average") == 0 && call->n_in == 1 &&
        call->in[0].rank > n + 2)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           "", "use the layer for this number of axes",
                           "an input of %d axes is not carried over",
                           call->in[0].rank);
    CVYI_TRY(cvyi_torch_input(out, call, n + 2, err));
    return cvyi_adaptive_pool_add(out, call, kind, CVYI_AXES_FIRST, sizes, n,
                                  err);
}

static cvy_status from_average(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return from_adaptive(out, call, "average", err);
}

static cvy_status from_max(cvyi_phrase *out, const cvyi_bound *call,
                           cvy_error *err)
{
    CVYI_TRY(cvyi_torch_must_be_off(out, call, "return_indices",
                                    "do not ask where the maxima were", err));
    return from_adaptive(out, call, "max", err);
}

/* ---- writing ---- */

/* One number, or a tuple with None where the axis is kept. */
static void say_sizes(cvyi_said *out, const int64_t *sizes, int n)
{
    bool equal = true;

    for (int i = 0; i < n; i++)
        equal = equal && sizes[i] == sizes[0] && sizes[i] > 0;
    if (equal) {
        cvyi_code_int(out, NULL, sizes[0]);
        return;
    }
    cvyi_code_raw(out, NULL, "(");
    for (int i = 0; i < n; i++) {
        cvyi_text_put(&out->code, i > 0 ? ", " : "");
        if (sizes[i] > 0)
            cvyi_text_printf(&out->code, "%lld", (long long)sizes[i]);
        else
            cvyi_text_put(&out->code, "None");
    }
    cvyi_text_put(&out->code, ")");
}

static cvy_status say(cvyi_said *out, const cvyi_saying *what,
                      const char *kind, const char *name, cvy_error *err)
{
    int n;
    const int64_t *const sizes = cvyi_attr_ints(what->attrs, "sizes", &n);

    if (!cvyi_attr_is(what->attrs, "kind", kind))
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is no %s pool", kind);
    if (what->axes != CVYI_AXES_FIRST || (n == 1 && sizes[0] == 0))
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "",
                           "put channels at axis 1 before this layer",
                           "torch's pools have their channels at axis 1");
    cvyi_code_begin(out, "%s%dd", name, n);
    if (out->form == CVYI_FORM_FUNCTION)
        cvyi_code_raw(out, NULL, "{0}");
    say_sizes(out, sizes, n);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

#define SAY(function, kind, name)                                       \
    static cvy_status function(cvyi_said *out, const cvyi_saying *what, \
                               cvy_error *err)                          \
    {                                                                   \
        return say(out, what, kind, name, err);                         \
    }

SAY(to_average_module, "average", "nn.AdaptiveAvgPool")
SAY(to_average_function, "average", "F.adaptive_avg_pool")
SAY(to_max_module, "max", "nn.AdaptiveMaxPool")
SAY(to_max_function, "max", "F.adaptive_max_pool")

/* ---- the table ---- */

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "output_size",    "sizes",   "None keeps the axis" },
    { "return_indices", "indices", NULL },
    { 0 }
};

#define ROW(word, axes, text, from, shape, to)                         \
    { .dialect = "torch", .name = word, .ranks = axes,                 \
      .signature = text, .from_call = from, .form = shape,             \
      .to_call = to, .arguments = arguments }
#define MAX "output_size, return_indices=False"

const cvyi_spelling cvyi_adaptive_pool_torch[] = {
    ROW("torch.nn.AdaptiveAvgPool%dd", "123", "output_size",
        from_average, CVYI_FORM_MODULE, to_average_module),
    ROW("torch.nn.AdaptiveMaxPool%dd", "123", MAX,
        from_max, CVYI_FORM_MODULE, to_max_module),
    ROW("torch.nn.functional.adaptive_avg_pool%dd", "123",
        "x, output_size",
        from_average, CVYI_FORM_FUNCTION, to_average_function),
    ROW("torch.nn.functional.adaptive_max_pool%dd", "123", "x, " MAX,
        from_max, CVYI_FORM_FUNCTION, to_max_function),
    ROW("torch.adaptive_avg_pool%dd", "1", "x, output_size",
        from_average, CVYI_FORM_FUNCTION, NULL),
    { 0 }
};
/* clang-format on */
