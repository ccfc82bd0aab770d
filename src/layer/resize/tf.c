/* layer/resize/tf.c - TensorFlow's functions for resizing. */
#include "layer/resize/resize.h"

#include <string.h>

static cvy_status illegal(cvyi_phrase *out, const cvyi_bound *call,
                          const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       name, "correct this argument in the source", "%s",
                       reason);
}

static cvy_status not_supported(cvyi_phrase *out, const cvyi_bound *call,
                                const char *name, const char *advice,
                                const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, advice, "%s", reason);
}

/* What comes out: lengths, or whole factors of lengths that are open. */
typedef struct target {
    bool scaled;
    int64_t sizes[2];
    double factors[2];
} target;

static bool is_open(const cvyi_value *size)
{
    bool open = size->kind == CVYI_TENSOR || size->kind == CVYI_SIZE;

    for (int i = 0; size->kind == CVYI_LIST && i < size->n; i++)
        open = open || size->items[i].kind == CVYI_SIZE;
    return open;
}

/* [2 * tf.shape(x)[1], 2 * tf.shape(x)[2]]: whole factors of both lengths. */
static bool read_factors(target *out, const cvyi_bound *call,
                         const cvyi_value *size)
{
    enum { MOST = 64 };

    for (int i = 0; i < 2; i++) {
        const cvyi_size length = call->in[0].dims[1 + i];
        const cvyi_value *const wanted = &size->items[i];
        int64_t factor = 1;

        for (; factor <= MOST; factor++) {
            const cvyi_size made = cvyi_size_mul(
                call->sizes, length, cvyi_size_of(call->sizes, factor));
            int64_t known;

            if (made == NULL)
                return false;
            if (wanted->kind == CVYI_SIZE
                    ? made == wanted->size
                    : wanted->kind == CVYI_INT &&
                          cvyi_size_constant(&known, made) &&
                          known == wanted->integer)
                break;
        }
        if (factor > MOST)
            return false;
        out->factors[i] = (double)factor;
    }
    return true;
}

/* size=[h, w] and a batch of images; `takes_one`: or one image. */
static cvy_status read_target(target *out, cvyi_phrase *phrase,
                              const cvyi_bound *call, bool takes_one,
                              cvy_error *err)
{
    const cvyi_value *const size = cvyi_arg(call, "size");
    const bool open = is_open(size);

    out->scaled = open && size->kind == CVYI_LIST && size->n == 2 &&
                  call->n_in == 1 && call->in[0].rank == 4 &&
                  read_factors(out, call, size);
    if (out->scaled)
        return CVY_OK;
    if (open)
        return not_supported(phrase, call, "size", "give the size as numbers",
                             "a size that depends on an input is not carried "
                             "over",
                             err);
    if (size->kind != CVYI_LIST || size->n != 2)
        return illegal(phrase, call, "size", "size must be [height, width]",
                       err);
    for (int i = 0; i < 2; i++) {
        if (size->items[i].kind != CVYI_INT || size->items[i].integer < 1)
            return illegal(phrase, call, "size", "size must be integers > 0",
                           err);
        out->sizes[i] = size->items[i].integer;
    }
    if (call->n_in == 1 && call->in[0].rank == 3 && takes_one)
        return not_supported(phrase, call, "x", "add a batch axis",
                             "an input of 3 axes is taken as one image", err);
    if (call->n_in != 1 || call->in[0].rank != 4)
        return illegal(phrase, call, "x", "it needs an input of 4 axes", err);
    return CVY_OK;
}

/* Nearest elements of whole factors are repeated ones, but for corners, and
 * but for what float32 makes of some factors. */
static cvy_status add(cvyi_phrase *out, const cvyi_bound *call,
                      const char *method, const char *grid, const target *to,
                      cvy_error *err)
{
    const bool nearest = strcmp(method, "nearest") == 0;

    if (!to->scaled)
        return cvyi_resize_add(out, call, CVYI_AXES_LAST, method, grid, NULL,
                               to->sizes, 2, err);
    if (strcmp(grid, "corners") == 0 ||
        (nearest && (!cvyi_resize_repeats(to->factors[0]) ||
                     !cvyi_resize_repeats(to->factors[1]))))
        return not_supported(out, call, "size", "give the size as numbers",
                             "a size that depends on an input is not carried "
                             "over here",
                             err);
    return cvyi_resize_add(out, call, CVYI_AXES_LAST,
                           nearest ? "repeat" : method,
                           nearest ? "half" : grid, to->factors, NULL, 2, err);
}

/* "bilinear", a member of ResizeMethod, or TF1's numbers. NULL: none. */
static const char *method_name(const cvyi_value *value, bool first)
{
    static const char *const names[] = {
        "bilinear", "nearest",  "bicubic",  "area",
        "lanczos3", "lanczos5", "gaussian", "mitchellcubic",
    };
    static const char *const members[] = {
        "BILINEAR", "NEAREST_NEIGHBOR", "BICUBIC",  "AREA",
        "LANCZOS3", "LANCZOS5",         "GAUSSIAN", "MITCHELLCUBIC",
    };
    const char *const text = cvyi_as_text(value);
    const char *const dot = text != NULL ? strrchr(text, '.') : NULL;
    const int n = first ? 4 : 8;

    if (first && value->kind == CVYI_INT && value->integer >= 0 &&
        value->integer < n)
        return names[value->integer];
    for (int i = 0; text != NULL && i < n; i++)
        if (strcmp(text, names[i]) == 0 ||
            (dot != NULL && strcmp(dot + 1, members[i]) == 0))
            return names[i];
    return NULL;
}

/* tf.image.resize of both worlds; they do not take the same grid. */
static cvy_status from_method(cvyi_phrase *out, const cvyi_bound *call,
                              const char *grid, bool first, cvy_error *err)
{
    const char *const method = method_name(cvyi_arg(call, "method"), first);
    target to = { 0 };
    bool keeps;

    if (method == NULL)
        return illegal(out, call, "method", "TensorFlow has no such method",
                       err);
    CVYI_TRY(read_target(&to, out, call, true, err));
    if (method[0] != 'b' && method[0] != 'n')
        return not_supported(out, call, "method", "use bilinear",
                             "this method is not carried over", err);
    if (strcmp(method, "bicubic") == 0)
        return not_supported(out, call, "method", "use bilinear",
                             "bicubic is another function in torch", err);
    if (cvyi_as_bool(&keeps, cvyi_arg(call, "preserve_aspect_ratio")) && keeps)
        return not_supported(out, call, "preserve_aspect_ratio",
                             "give the size that comes out",
                             "preserve_aspect_ratio is not carried over", err);
    return add(out, call, method[0] == 'n' ? "nearest" : "linear", grid, &to,
               err);
}

static cvy_status from_resize(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    bool smooth;

    CVYI_TRY(from_method(out, call, "half", false, err));
    if (cvyi_attr_is(&out->steps[0].attrs, "method", "linear") &&
        cvyi_as_bool(&smooth, cvyi_arg(call, "antialias")) && smooth)
        return not_supported(out, call, "antialias", "resize without it",
                             "antialias is not carried over", err);
    return CVY_OK;
}

static cvy_status from_resize_first(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    bool corners;

    CVYI_TRY(cvyi_arg_bool(&corners, out, call, "align_corners", err));
    return from_method(out, call, corners ? "corners" : "legacy", true, err);
}

/* tf.image.resize_bilinear and resize_nearest_neighbor */
static cvy_status from_kernel(cvyi_phrase *out, const cvyi_bound *call,
                              const char *method, cvy_error *err)
{
    target to = { 0 };
    bool corners, half;

    CVYI_TRY(cvyi_arg_bool(&corners, out, call, "align_corners", err));
    CVYI_TRY(cvyi_arg_bool(&half, out, call, "half_pixel_centers", err));
    if (corners && half)
        return illegal(out, call, "half_pixel_centers",
                       "align_corners and half_pixel_centers exclude each "
                       "other",
                       err);
    CVYI_TRY(read_target(&to, out, call, false, err));
    return add(out, call, method,
               corners ? "corners"
               : half  ? "half"
                       : "legacy",
               &to, err);
}

static cvy_status from_bilinear(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    return from_kernel(out, call, "linear", err);
}

static cvy_status from_nearest(cvyi_phrase *out, const cvyi_bound *call,
                               cvy_error *err)
{
    return from_kernel(out, call, "nearest", err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "size",               "size",      "(height, width)" },
    { "method",             "method",    NULL },
    { "align_corners",      "grid",      NULL },
    { "half_pixel_centers", "grid",      NULL },
    { "antialias",          "antialias", NULL },
    { 0 }
};

#define FIRST(text, given, from)                                            \
    { .dialect = "tf1", .name = "tf.image." text, .signature = given,       \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .arguments = arguments }
#define METHOD "x, size, method='bilinear', align_corners=False, "          \
               "preserve_aspect_ratio=False, name=None"
#define KERNEL "x, size, align_corners=False, name=None, "                  \
               "half_pixel_centers=False"

const cvyi_spelling cvyi_resize_tf[] = {
    { .dialect = "tf2", .name = "tf.image.resize",
      .signature = "x, size, method='bilinear', "
                   "preserve_aspect_ratio=False, antialias=False, name=None",
      .from_call = from_resize, .form = CVYI_FORM_FUNCTION,
      .arguments = arguments },
    FIRST("resize",                  METHOD, from_resize_first),
    FIRST("resize_images",           METHOD, from_resize_first),
    FIRST("resize_bilinear",         KERNEL, from_bilinear),
    FIRST("resize_nearest_neighbor", KERNEL, from_nearest),
    { 0 }
};
/* clang-format on */
