/* layer/resize/torch.c - torch's words for resizing. */
#include "layer/adaptive.h"
#include "layer/resize/resize.h"
#include "layer/torch.h"

#include <math.h>
#include <string.h>

/* ---- reading ---- */

/* What a call asks for, as torch.nn.functional.interpolate takes it. */
typedef struct asked {
    const char *mode;
    bool corners;
    bool sized;
    int64_t sizes[CVYI_MAX_SPATIAL];
    double factors[CVYI_MAX_SPATIAL];
} asked;

static cvy_status illegal(cvyi_phrase *out, const cvyi_bound *call,
                          const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       name, "correct this argument in the source", "%s",
                       reason);
}

static cvy_status check_rank(int *n, cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    *n = call->in[0].rank - 2;
    if (*n < 1 || *n > CVYI_MAX_SPATIAL)
        return illegal(out, call, "", "it resizes inputs of 3 to 5 axes only",
                       err);
    return CVY_OK;
}

/* One number an axis, or one for all. */
static const cvyi_value *per_axis(const cvyi_value *value, int i, int n)
{
    if (value->kind != CVYI_LIST)
        return value;
    return value->n == n ? &value->items[i] : NULL;
}

static cvy_status read_size(asked *out, int n, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    for (int i = 0; i < n; i++) {
        const cvyi_value *const value = per_axis(cvyi_arg(call, "size"), i, n);

        if (value != NULL && value->kind == CVYI_SIZE)
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "size",
                               "give the size as numbers",
                               "a size that depends on an input is not "
                               "carried over");
        /* mode area makes empty values, too */
        if (value == NULL || value->kind != CVYI_INT ||
            value->integer < (out->mode[0] != 'a'))
            return illegal(phrase, call, "size",
                           "size must be one integer >= 1, or one for each "
                           "spatial axis",
                           err);
        out->sizes[i] = value->integer;
    }
    return CVY_OK;
}

static cvy_status read_factor(asked *out, int n, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvy_error *err)
{
    for (int i = 0; i < n; i++) {
        const cvyi_value *const value =
            per_axis(cvyi_arg(call, "scale_factor"), i, n);
        int64_t length;

        out->factors[i] = 1;
        if (value == NULL ||
            (!cvyi_as_double(&out->factors[i], value) &&
             !(value->kind == CVYI_BOOL && value->truth)) ||
            !(out->factors[i] > 0) || isinf(out->factors[i]))
            return illegal(phrase, call, "scale_factor",
                           "scale_factor must be one number > 0, or one for "
                           "each spatial axis",
                           err);
        if (out->mode[0] != 'a' &&
            cvyi_size_constant(&length, call->in[0].dims[2 + i]) &&
            cvyi_resize_length(length, out->factors[i]) < 1)
            return illegal(phrase, call, "scale_factor",
                           "nothing is left of an axis", err);
    }
    return CVY_OK;
}

/* With recompute_scale_factor the factor only says the length. */
static cvy_status recompute(asked *out, int n, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    bool whole = true;

    for (int i = 0; i < n; i++)
        whole = whole && out->factors[i] == floor(out->factors[i]);
    for (int i = 0; !whole && i < n; i++) {
        int64_t length;

        if (!cvyi_size_constant(&length, call->in[0].dims[2 + i]))
            return cvyi_refuse(&phrase->refusal, call->arena, err,
                               CVYI_NOT_SUPPORTED, "recompute_scale_factor",
                               "give the input known sizes",
                               "the factor depends on the input's size");
        out->sizes[i] = cvyi_resize_length(length, out->factors[i]);
    }
    out->sized = !whole;
    return CVY_OK;
}

static bool is_argument(const cvyi_bound *call, const char *name)
{
    for (int i = 0; i < call->n; i++)
        if (strcmp(call->names[i], name) == 0)
            return true;
    return false;
}

static cvy_status read_target(asked *out, int n, cvyi_phrase *phrase,
                              const cvyi_bound *call, cvy_error *err)
{
    const bool sized = !cvyi_is_none(cvyi_arg(call, "size"));
    const bool scaled = !cvyi_is_none(cvyi_arg(call, "scale_factor"));
    bool again = false;

    if (sized == scaled)
        return illegal(phrase, call, "size",
                       "one of size and scale_factor must be given", err);
    if (is_argument(call, "recompute_scale_factor") &&
        !cvyi_is_none(cvyi_arg(call, "recompute_scale_factor")))
        CVYI_TRY(cvyi_arg_bool(&again, phrase, call, "recompute_scale_factor",
                               err));
    if (sized && again)
        return illegal(phrase, call, "recompute_scale_factor",
                       "there is no factor to recompute", err);
    out->sized = sized;
    if (sized)
        return read_size(out, n, phrase, call, err);
    CVYI_TRY(read_factor(out, n, phrase, call, err));
    return again ? recompute(out, n, phrase, call, err) : CVY_OK;
}

static cvy_status not_supported(cvyi_phrase *out, const cvyi_bound *call,
                                const char *name, const char *what,
                                const char *advice, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, advice, "%s is not carried over", what);
}

/* Is it a mode that torch has for n spatial axes? */
static bool has_mode(const char *mode, int n, bool antialias)
{
    static const char *const mixes[] = { "linear", "bilinear", "trilinear" };

    if (strcmp(mode, "bicubic") == 0)
        return n == 2;
    if (strcmp(mode, "lanczos") == 0)
        return n == 2 && antialias;
    if (antialias)
        return n == 2 && strcmp(mode, "bilinear") == 0;
    return strcmp(mode, "nearest") == 0 ||
           strcmp(mode, "nearest-exact") == 0 || strcmp(mode, "area") == 0 ||
           strcmp(mode, mixes[n - 1]) == 0;
}

static cvy_status read_mode(asked *out, int n, cvyi_phrase *phrase,
                            const cvyi_bound *call, cvy_error *err)
{
    const char *const mode = cvyi_as_text(cvyi_arg(call, "mode"));
    const cvyi_value *const corners = cvyi_arg(call, "align_corners");
    bool antialias = false;

    if (is_argument(call, "antialias"))
        CVYI_TRY(cvyi_arg_bool(&antialias, phrase, call, "antialias", err));
    if (mode == NULL || !has_mode(mode, n, antialias))
        return illegal(phrase, call, "mode",
                       "torch has no such mode for this number of axes", err);
    if (!cvyi_is_none(corners)) {
        CVYI_TRY(
            cvyi_arg_bool(&out->corners, phrase, call, "align_corners", err));
        if (mode[0] == 'n' || mode[0] == 'a' ||
            (mode[1] == 'a' && out->corners))
            return illegal(phrase, call, "align_corners",
                           "this mode takes no align_corners", err);
    }
    out->mode = mode;
    return CVY_OK;
}

/* Modes that are legal and not carried over. */
static cvy_status refuse_mode(const asked *ask, cvyi_phrase *out,
                              const cvyi_bound *call, cvy_error *err)
{
    if (strcmp(ask->mode, "bicubic") == 0 || strcmp(ask->mode, "lanczos") == 0)
        return not_supported(out, call, "mode",
                             "a resize by cubic or windowed functions",
                             "use mode 'bilinear'; the frameworks' other "
                             "functions differ",
                             err);
    if (is_argument(call, "antialias")) {
        bool antialias = false;

        if (cvyi_as_bool(&antialias, cvyi_arg(call, "antialias")) && antialias)
            return not_supported(out, call, "antialias", "antialias",
                                 "resize without it", err);
    }
    return CVY_OK;
}

/* Mode area is the mean over cells. */
static cvy_status add_area(cvyi_phrase *out, const cvyi_bound *call,
                           const asked *ask, int n, cvy_error *err)
{
    int64_t sizes[CVYI_MAX_SPATIAL];

    for (int i = 0; i < n; i++) {
        int64_t length;

        if (!ask->sized &&
            !cvyi_size_constant(&length, call->in[0].dims[2 + i]))
            return not_supported(out, call, "scale_factor",
                                 "a mean over a part of an unknown size",
                                 "give the input known sizes", err);
        sizes[i] = ask->sized ? ask->sizes[i]
                              : cvyi_resize_length(length, ask->factors[i]);
        if (sizes[i] < 1)
            return not_supported(out, call,
                                 ask->sized ? "size" : "scale_factor",
                                 "a value without elements",
                                 "keep at least one element", err);
    }
    return cvyi_adaptive_pool_add(out, call, "average", CVYI_AXES_FIRST, sizes,
                                  n, err);
}

/* A whole factor repeats every element, as far as float32 can tell. */
static cvy_status add(cvyi_phrase *out, const cvyi_bound *call,
                      const asked *ask, int n, cvy_error *err)
{
    const bool linear = strstr(ask->mode, "linear") != NULL;
    const bool exact = strcmp(ask->mode, "nearest-exact") == 0;
    const char *const grid = linear  ? (ask->corners ? "corners" : "half")
                             : exact ? "exact"
                                     : "legacy";
    bool repeats = !linear && !ask->sized;

    for (int i = 0; repeats && i < n; i++)
        repeats = ask->factors[i] == floor(ask->factors[i]) &&
                  (exact || cvyi_resize_repeats(ask->factors[i]));
    if (repeats)
        return cvyi_resize_add(out, call, CVYI_AXES_FIRST, "repeat", "half",
                               ask->factors, NULL, n, err);
    for (int i = 0; !ask->sized && i < n; i++)
        if (ask->factors[i] * 1024 != floor(ask->factors[i] * 1024)) {
            int64_t length;

            if (!cvyi_size_constant(&length, call->in[0].dims[2 + i]))
                return not_supported(out, call, "scale_factor",
                                     "such a factor of an unknown size",
                                     "give the input known sizes", err);
        }
    return cvyi_resize_add(out, call, CVYI_AXES_FIRST,
                           linear ? "linear" : "nearest", grid,
                           ask->sized ? NULL : ask->factors,
                           ask->sized ? ask->sizes : NULL, n, err);
}

static cvy_status from_interpolate(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err)
{
    asked ask = { 0 };
    int n;

    CVYI_TRY(check_rank(&n, out, call, err));
    CVYI_TRY(read_mode(&ask, n, out, call, err));
    CVYI_TRY(read_target(&ask, n, out, call, err));
    CVYI_TRY(refuse_mode(&ask, out, call, err));
    if (strcmp(ask.mode, "area") == 0)
        return add_area(out, call, &ask, n, err);
    return add(out, call, &ask, n, err);
}

static cvy_status from_nearest(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    asked ask = { .mode = "nearest" };
    int n;

    CVYI_TRY(check_rank(&n, out, call, err));
    CVYI_TRY(read_target(&ask, n, out, call, err));
    return add(out, call, &ask, n, err);
}

static cvy_status from_bilinear(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    asked ask = { .mode = "bilinear", .corners = true };
    int n;

    CVYI_TRY(check_rank(&n, out, call, err));
    if (n != 2)
        return illegal(out, call, "", "it needs an input of 4 axes", err);
    CVYI_TRY(read_target(&ask, n, out, call, err));
    return add(out, call, &ask, n, err);
}

/* ---- a grid that torch has not ---- */

/* Corners that are those of one element more on both sides. */
static const cvyi_helper corner_resize = {
    .name = "CornerResize",
    .needs = "nn F Tensor",
    .code = "class CornerResize(nn.Module):\n"
            "    \"\"\"Bilinear, with pixel i of the result taken at "
            "i * before / after.\"\"\"\n"
            "\n"
            "    def __init__(self, *size: int) -> None:\n"
            "        super().__init__()\n"
            "        self.size = [n + 1 for n in size]\n"
            "\n"
            "    def forward(self, x: Tensor) -> Tensor:\n"
            "        x = F.pad(x, (0, 1, 0, 1), mode=\"replicate\")\n"
            "        x = F.interpolate(x, self.size, mode=\"bilinear\", "
            "align_corners=True)\n"
            "        return x[:, :, :-1, :-1]\n",
};

static cvy_status from_corner(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    const cvyi_value *const size = cvyi_arg(call, "size");
    int64_t sizes[2];

    CVYI_TRY(cvyi_torch_input(out, call, 4, err));
    for (int i = 0; i < 2; i++)
        if (size->kind != CVYI_LIST || size->n != 2 ||
            !cvyi_as_int(&sizes[i], &size->items[i]) || sizes[i] < 1)
            return illegal(out, call, "size", "size must be two integers > 0",
                           err);
    return cvyi_resize_add(out, call, CVYI_AXES_FIRST, "linear", "legacy",
                           NULL, sizes, 2, err);
}

static cvy_status to_corner(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const cvyi_attrs *const a = what->attrs;
    const int64_t *const size = cvyi_attr_ints(a, "size", NULL);

    if (what->axes != CVYI_AXES_FIRST || a->n_spatial != 2 ||
        !cvyi_attr_is(a, "method", "linear") ||
        !cvyi_attr_is(a, "grid", "legacy") || size[0] < 1 || size[1] < 1)
        return cvyi_fail(err, CVY_UNSUPPORTED, "this is another resize");
    out->helper = &corner_resize;
    cvyi_code_begin(out, "%s", corner_resize.name);
    cvyi_code_int(out, NULL, size[0]);
    cvyi_code_int(out, NULL, size[1]);
    cvyi_code_end(out);
    return cvyi_text_status(&out->code, err);
}

/* ---- writing ---- */

/* The mode that gives the same; NULL if there is none. */
static const char *mode_of(const cvyi_saying *what)
{
    static const char *const mixes[] = { "linear", "bilinear", "trilinear" };
    const cvyi_attrs *const a = what->attrs;
    const cvyi_attr_value *const factor = cvyi_attr_at(a, "factor");

    if (cvyi_attr_is(a, "method", "repeat")) {
        for (int i = 0; i < a->n_spatial; i++)
            if (!cvyi_resize_repeats(factor->reals[i]))
                return "nearest-exact";
        return "nearest";
    }
    if (cvyi_attr_is(a, "method", "linear"))
        return cvyi_attr_is(a, "grid", "legacy") ? NULL
                                                 : mixes[a->n_spatial - 1];
    if (cvyi_attr_is(a, "grid", "legacy"))
        return "nearest";
    if (cvyi_attr_is(a, "grid", "exact") || cvyi_resize_same(what, "exact"))
        return "nearest-exact";
    return cvyi_resize_same(what, "legacy") ? "nearest" : NULL;
}

/* Read back with torch's own grid, and maybe with the lengths as sizes. */
static void means(cvyi_said *out, const cvyi_saying *what, const char *mode,
                  const int64_t *sizes)
{
    cvyi_attrs read = *what->attrs;

    if (cvyi_attr_is(&read, "method", "repeat"))
        return;
    if (strcmp(mode, "nearest-exact") == 0)
        cvyi_set_word(&read, "grid", "exact");
    else if (strcmp(mode, "nearest") == 0)
        cvyi_set_word(&read, "grid", "legacy");
    else if (cvyi_attr_is(&read, "grid", "exact"))
        cvyi_set_word(&read, "grid", "half");
    if (sizes != NULL) {
        cvyi_set_ints(&read, "size", sizes, read.n_spatial);
        cvyi_attr_set(&read, "factor")->n = 0;
    }
    cvyi_torch_means(out, what, &read);
}

static void put_factors(cvyi_said *out, const cvyi_saying *what)
{
    const cvyi_attr_value *const factor = cvyi_attr_at(what->attrs, "factor");
    bool equal = true;

    for (int i = 1; i < factor->n; i++)
        equal = equal && factor->reals[i] == factor->reals[0];
    cvyi_code_raw(out, "scale_factor", equal ? "" : "(");
    for (int i = 0; i < (equal ? 1 : factor->n); i++) {
        const double f = factor->reals[i];

        cvyi_text_put(&out->code, i > 0 ? ", " : "");
        if (f == floor(f))
            cvyi_text_printf(&out->code, "%.0f", f);
        else
            cvyi_code_number(out, f);
    }
    cvyi_text_put(&out->code, equal ? "" : ")");
}

/* Are lengths given for all axes, or for none? */
static bool is_sized(bool *mixed, const cvyi_attrs *a)
{
    const int64_t *const size = cvyi_attr_ints(a, "size", NULL);

    *mixed = false;
    for (int i = 1; i < a->n_spatial; i++)
        *mixed = *mixed || (size[i] > 0) != (size[0] > 0);
    return size[0] > 0;
}

static cvy_status put_arguments(cvyi_said *out, const cvyi_saying *what,
                                cvy_error *err)
{
    const bool linear = cvyi_attr_is(what->attrs, "method", "linear");
    const char *const mode = mode_of(what);
    const bool other = mode != NULL && !linear &&
                       !cvyi_attr_is(what->attrs, "method", "repeat") &&
                       cvyi_attr_is(what->attrs, "grid", "half");
    int64_t sizes[CVYI_MAX_SPATIAL];
    bool mixed;
    const bool sized = is_sized(&mixed, what->attrs) || other;

    if (what->axes != CVYI_AXES_FIRST || mode == NULL || mixed ||
        (sized && !cvyi_resize_lengths(sizes, what)))
        return cvyi_refuse(
            &out->refusal, what->arena, err, CVYI_NO_COUNTERPART, "grid",
            mode == NULL ? "resize with half-pixel centers"
                         : "move the channels to axis 1",
            linear ? "torch has no coordinates that begin in the corner of "
                     "the first element"
                   : "torch takes other elements for some sizes");
    if (sized)
        cvyi_code_ints(out, "size", sizes, what->attrs->n_spatial);
    else
        put_factors(out, what);
    if (strcmp(mode, "nearest") != 0)
        cvyi_code_word(out, "mode", mode);
    if (linear && cvyi_attr_is(what->attrs, "grid", "corners"))
        cvyi_code_bool(out, "align_corners", true);
    means(out, what, mode, other ? sizes : NULL);
    return CVY_OK;
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    cvyi_code_begin(out, "nn.Upsample");
    CVYI_TRY(put_arguments(out, what, err));
    cvyi_code_end(out);
    return CVY_OK;
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    cvyi_code_begin(out, "F.interpolate");
    cvyi_code_raw(out, NULL, "{0}");
    CVYI_TRY(put_arguments(out, what, err));
    cvyi_code_end(out);
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "size",          "size",   "the spatial axes' lengths" },
    { "scale_factor",  "factor", "its inverse is the step between elements" },
    { "mode",          "method", NULL },
    { "align_corners", "grid",   NULL },
    { "recompute_scale_factor", "grid",
      "the step is the quotient of the lengths" },
    { "antialias",     "antialias", NULL },
    { 0 }
};

static const cvyi_argument corner_arguments[] = {
    { "size", "size", "the lengths of both axes" },
    { 0 }
};

#define FUNCTION(text, given, from)                                         \
    { .dialect = "torch", .name = "torch.nn." text, .signature = given,     \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .arguments = arguments }
#define MODULE(text, given, from)                                           \
    { .dialect = "torch", .name = "torch.nn." text, .signature = given,     \
      .from_call = from, .form = CVYI_FORM_MODULE, .arguments = arguments }

const cvyi_spelling cvyi_resize_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Upsample",
      .signature = "size=None, scale_factor=None, mode='nearest', "
                   "align_corners=None, recompute_scale_factor=None",
      .from_call = from_interpolate,
      .form = CVYI_FORM_MODULE, .to_call = to_module,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.nn.functional.interpolate",
      .signature = "x, size=None, scale_factor=None, mode='nearest', "
                   "align_corners=None, recompute_scale_factor=None, "
                   "antialias=False",
      .from_call = from_interpolate,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function,
      .arguments = arguments },
    { .dialect = "torch", .name = "CornerResize", .helper = &corner_resize,
      .signature = "*size", .from_call = from_corner,
      .form = CVYI_FORM_MODULE, .to_call = to_corner,
      .arguments = corner_arguments },
    MODULE("UpsamplingNearest2d", "size=None, scale_factor=None",
           from_nearest),
    MODULE("UpsamplingBilinear2d", "size=None, scale_factor=None",
           from_bilinear),
    FUNCTION("functional.upsample",
             "x, size=None, scale_factor=None, mode='nearest', "
             "align_corners=None", from_interpolate),
    FUNCTION("functional.upsample_nearest",
             "x, size=None, scale_factor=None", from_nearest),
    FUNCTION("functional.upsample_bilinear",
             "x, size=None, scale_factor=None", from_bilinear),
    { 0 }
};
/* clang-format on */
