/* layer/global_pool/torch.c - torch's words for one number a channel. */
#include "layer/torch.h"

/* ---- reading ---- */

static cvy_status add_global(cvyi_phrase *out, const cvyi_bound *call,
                             const char *kind, bool keep, cvyi_axes axes,
                             cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "global_pool");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    step->axes = axes;
    cvyi_set_word(&step->attrs, "kind", kind);
    cvyi_set_int(&step->attrs, "keepdims", keep);
    return CVY_OK;
}

/* Outputs along each axis; 0: as many as inputs. */
static cvy_status read_outputs(int64_t *out, cvyi_phrase *phrase,
                               const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const size = cvyi_arg(call, "output_size");
    const bool list = size->kind == CVYI_LIST;
    bool good = !list || size->n == call->n_spatial;

    for (int i = 0; good && i < call->n_spatial; i++) {
        const cvyi_value *const value = list ? &size->items[i] : size;

        out[i] = 0;
        good = cvyi_is_none(value) ||
               (cvyi_as_int(&out[i], value) && out[i] >= 1);
    }
    if (good)
        return CVY_OK;
    return cvyi_refuse(&phrase->refusal, call->arena, err,
                       CVYI_ILLEGAL_IN_SOURCE, "output_size",
                       "correct this argument in the source",
                       "output_size must be a number >= 1, or one or None "
                       "for each of %d axes",
                       call->n_spatial);
}

/* Windows of one length, side by side, if the outputs divide the inputs. */
static cvy_status read_windows(cvyi_phrase *out, const cvyi_bound *call,
                               const int64_t *outputs, const char *kind,
                               cvy_error *err)
{
    int64_t taps[CVYI_MAX_SPATIAL] = { 1, 1, 1 };
    cvyi_step *step;

    for (int i = 0; i < call->n_spatial; i++) {
        int64_t length;

        if (outputs[i] == 0)
            continue;
        if (!cvyi_size_constant(&length, call->in[0].dims[2 + i]) ||
            length % outputs[i] != 0)
            return cvyi_refuse(&out->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "output_size",
                               "let it divide an input of known size, or "
                               "say 1",
                               "%lld outputs along spatial axis %d are not "
                               "known to have windows of one length",
                               (long long)outputs[i], i);
        taps[i] = length / outputs[i];
    }
    CVYI_TRY(cvyi_torch_step(&step, out, call, "pool", err));
    cvyi_set_word(&step->attrs, "kind", kind);
    cvyi_set_ints(&step->attrs, "taps", taps, call->n_spatial);
    cvyi_set_ints(&step->attrs, "stride", taps, call->n_spatial);
    return CVY_OK;
}

static cvy_status from_adaptive(cvyi_phrase *out, const cvyi_bound *call,
                                const char *kind, cvy_error *err)
{
    int64_t outputs[CVYI_MAX_SPATIAL];
    bool global = true;

    CVYI_TRY(cvyi_torch_input(out, call, call->n_spatial + 2, err));
    CVYI_TRY(read_outputs(outputs, out, call, err));
    for (int i = 0; i < call->n_spatial; i++)
        global = global && outputs[i] == 1;
    if (global)
        return add_global(out, call, kind, true, CVYI_AXES_FIRST, err);
    return read_windows(out, call, outputs, kind, err);
}

static cvy_status from_adaptive_average(cvyi_phrase *out,
                                        const cvyi_bound *call, cvy_error *err)
{
    return from_adaptive(out, call, "average", err);
}

static cvy_status from_adaptive_max(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    CVYI_TRY(cvyi_torch_must_be_off(out, call, "return_indices",
                                    "do not ask where the maxima were", err));
    return from_adaptive(out, call, "max", err);
}

/* Marks the axes that the argument dim names. */
static cvy_status read_dims(bool *out, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    const cvyi_value *const dim = cvyi_arg(call, "dim");
    const int rank = call->in[0].rank;
    const bool list = dim->kind == CVYI_LIST;
    const int n = list ? dim->n : cvyi_is_none(dim) ? 0 : 1;

    for (int i = 0; i < n; i++) {
        int64_t axis = 0;
        const bool good = cvyi_as_int(&axis, list ? &dim->items[i] : dim) &&
                          axis >= -rank && axis < rank;

        if (good && !out[axis < 0 ? axis + rank : axis]) {
            out[axis < 0 ? axis + rank : axis] = true;
            continue;
        }
        return cvyi_refuse(&phrase->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "dim",
                           "name axes of the input, each once",
                           "dim must name different axes of an input with %d",
                           rank);
    }
    return CVY_OK;
}

/* Are these axes first .. last, and no others? */
static bool are(const bool *dims, int rank, int first, int last)
{
    for (int i = 0; i < rank; i++)
        if (dims[i] != (i >= first && i <= last))
            return false;
    return first <= last;
}

/* x.mean(dim=(2, 3)); with dim=(1, 2) the channels stand last. */
static cvy_status from_reduction(cvyi_phrase *out, const cvyi_bound *call,
                                 const char *kind, cvy_error *err)
{
    bool dims[CVYI_MAX_DIMS] = { false };
    bool keep;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_arg_bool(&keep, out, call, "keepdim", err));
    CVYI_TRY(read_dims(dims, out, call, err));

    const int rank = call->in[0].rank;

    if (are(dims, rank, 2, rank - 1))
        return add_global(out, call, kind, keep, CVYI_AXES_FIRST, err);
    if (are(dims, rank, 1, rank - 2))
        return add_global(out, call, kind, keep, CVYI_AXES_LAST, err);
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       "dim", "reduce all axes but batch and channel",
                       "other axes are reduced than those behind batch and "
                       "channel");
}

static cvy_status from_mean(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_torch_dtype(out, call, err));
    return from_reduction(out, call, "average", err);
}

static cvy_status from_amax(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return from_reduction(out, call, "max", err);
}

/* ---- writing ---- */

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const bool max = cvyi_attr_is(what->attrs, "kind", "max");
    const char *const kind = max ? "Max" : "Avg";
    const int n = what->in[0].rank - 2;

    if (what->axes == CVYI_AXES_LAST || n > 3)
        return cvyi_refuse(&out->refusal, what->arena, err,
                           CVYI_NO_COUNTERPART, "",
                           "put channels at axis 1 before this layer",
                           "torch's pools have their channels at axis 1");
    if (cvyi_attr_bool(what->attrs, "keepdims"))
        cvyi_text_printf(&out->code, "nn.Adaptive%sPool%dd(1)", kind, n);
    else
        cvyi_text_printf(
            &out->code, "nn.Sequential(nn.Adaptive%sPool%dd(1), nn.Flatten())",
            kind, n);
    out->binding = CVYI_BIND_ATOM;
    if (!cvyi_attr_bool(what->attrs, "keepdims")) {
        cvyi_attrs *const read = cvyi_said_means(out, "global_pool", n);

        *read = *what->attrs;
        cvyi_set_int(read, "keepdims", true);
        cvyi_said_means(out, "flatten", 0);
    }
    return cvyi_text_status(&out->code, err);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const bool max = cvyi_attr_is(what->attrs, "kind", "max");
    const int first = what->axes == CVYI_AXES_LAST ? 1 : 2;
    int64_t dims[CVYI_MAX_DIMS];
    const int n = what->in[0].rank - 2;

    for (int i = 0; i < n; i++)
        dims[i] = first + i;
    cvyi_code_begin(out, "{0}.%s", max ? "amax" : "mean");
    cvyi_code_ints(out, "dim", dims, n);
    if (cvyi_attr_bool(what->attrs, "keepdims"))
        cvyi_code_bool(out, "keepdim", true);
    cvyi_code_end(out);
    out->operands = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
#define ADAPTIVE_MAX  "output_size, return_indices=False"
#define MEAN "x, dim=None, keepdim=False, *, dtype=None"
#define AMAX "x, dim=(), keepdim=False"

const cvyi_spelling cvyi_global_pool_torch[] = {
    { .dialect = "torch", .name = "torch.nn.AdaptiveAvgPool%dd",
      .ranks = "123", .signature = "output_size",
      .from_call = from_adaptive_average,
      .form = CVYI_FORM_MODULE, .to_call = to_module },
    { .dialect = "torch", .name = "torch.nn.AdaptiveMaxPool%dd",
      .ranks = "123", .signature = ADAPTIVE_MAX,
      .from_call = from_adaptive_max,
      .form = CVYI_FORM_MODULE },
    { .dialect = "torch", .name = "torch.nn.functional.adaptive_avg_pool%dd",
      .ranks = "123", .signature = "x, output_size",
      .from_call = from_adaptive_average,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .name = "torch.nn.functional.adaptive_max_pool%dd",
      .ranks = "123", .signature = "x, " ADAPTIVE_MAX,
      .from_call = from_adaptive_max,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .name = "torch.Tensor.mean", .signature = MEAN,
      .from_call = from_mean,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function },
    { .dialect = "torch", .name = "torch.mean", .signature = MEAN,
      .from_call = from_mean,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .name = "torch.Tensor.amax", .signature = AMAX,
      .from_call = from_amax,
      .form = CVYI_FORM_FUNCTION },
    { .dialect = "torch", .name = "torch.amax", .signature = AMAX,
      .from_call = from_amax,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
