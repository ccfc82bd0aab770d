/* layer/reshape/torch.c - torch's words for other axes. */
#include "layer/reshape/torch.h"

/* The sizes after the batch as Python has them. */
typedef struct sizes {
    cvyi_text text; /* "3, -1" */
    int unknown;    /* that are no numbers */
    bool asks;      /* some are sizes of the input: "{0}.shape[2]" */
    bool left;      /* one is what the others leave: -1 */
    bool too_many;  /* more than one is left */
} sizes;

/* The axis of the input that has this size for every input, or 0. */
static int axis_of(const cvyi_saying *what, cvyi_size size)
{
    const cvyi_type *const in = &what->in[0];

    for (int axis = 1; axis < in->rank; axis++)
        if (in->dims[axis] == cvyi_size_import(what->sizes, size))
            return axis;
    return 0;
}

/* The size of an axis of the result, as the caller's pool has it. */
static cvyi_size size_at(const cvyi_saying *what, const cvyi_attr_value *shape,
                         int axis)
{
    return cvyi_size_import(what->sizes, shape->sizes[axis - 1]);
}

static int count_unknown(const cvyi_attr_value *shape)
{
    int64_t size;
    int n = 0;

    for (int i = 0; i < shape->n; i++)
        n += !cvyi_size_constant(&size, shape->sizes[i]);
    return n;
}

/* One unknown size is -1. Of more, those that the input has are asked of it,
 * and one may be left. */
static void put_sizes(sizes *out, const cvyi_saying *what)
{
    const cvyi_attr_value *const shape = cvyi_attr_at(what->attrs, "shape");

    *out = (sizes){ .unknown = count_unknown(shape) };
    for (int i = 0; i < shape->n; i++) {
        int64_t size;
        int axis = 0;

        cvyi_text_put(&out->text, i > 0 ? ", " : "");
        if (cvyi_size_constant(&size, shape->sizes[i])) {
            cvyi_text_printf(&out->text, "%lld", (long long)size);
            continue;
        }
        if (out->unknown > 1)
            axis = axis_of(what, shape->sizes[i]);
        if (axis > 0) {
            cvyi_text_printf(&out->text, "{0}.shape[%d]", axis);
            out->asks = true;
            continue;
        }
        cvyi_text_put(&out->text, "-1");
        out->too_many = out->left;
        out->left = true;
    }
}

static bool is_partial(const cvyi_saying *what)
{
    return cvyi_attr_bool(what->attrs, "partial");
}

/* All elements of a sample in a row, whatever their number. */
static bool is_flatten(const cvyi_saying *what)
{
    return cvyi_attr_at(what->attrs, "shape")->n == 1 && !is_partial(what);
}

/* Read back as a flatten, and as this reshape behind it if it `follows`. */
static void means_flatten(cvyi_said *out, const cvyi_saying *what,
                          bool follows)
{
    cvyi_said_means(out, "flatten", what->attrs->n_spatial);
    if (follows)
        *cvyi_said_means(out, "reshape", what->attrs->n_spatial) =
            *what->attrs;
}

/* The code is written, unless the sizes cannot be. */
static cvy_status end(cvyi_said *out, sizes *to, bool cannot,
                      const cvyi_saying *what, cvy_error *err)
{
    const cvy_status status = cvyi_text_status(&to->text, err);

    cvyi_text_close(&to->text);
    CVYI_TRY(status);
    if (cannot)
        return cvyi_refuse(&out->refusal, what->arena, err, CVYI_NOT_SUPPORTED,
                           "target_shape", "give the input known sizes",
                           "more than one of the new sizes is unknown");
    return cvyi_text_status(&out->code, err);
}

/* ---- some axes become one, or one becomes several ---- */

/* The first axis where the two differ, if all behind `a` axes of one from
 * there on and `b` of the other are equal again; 0. */
static int differing_axis(const cvyi_saying *what, int *a, int *b)
{
    const cvyi_type *const in = &what->in[0];
    const cvyi_attr_value *const shape = cvyi_attr_at(what->attrs, "shape");
    const int rank = shape->n + 1;
    int first = 1, end = 0;

    if (in->rank < 3 || rank < 3 || is_partial(what))
        return 0;
    while (first < in->rank && first < rank &&
           in->dims[first] == size_at(what, shape, first))
        first++;
    while (end < in->rank - first && end < rank - first &&
           in->dims[in->rank - 1 - end] ==
               size_at(what, shape, rank - 1 - end))
        end++;
    *a = in->rank - end - first;
    *b = rank - end - first;
    return first;
}

/* {0}.flatten(2), {0}.flatten(1, 2), {0}.unflatten(2, (4, 8)); false: it is
 * neither, or sizes are not known. */
static bool put_part(cvyi_said *out, const cvyi_saying *what)
{
    const cvyi_attr_value *const shape = cvyi_attr_at(what->attrs, "shape");
    int a = 0, b = 0;
    const int first = differing_axis(what, &a, &b);
    int64_t parts[CVYI_MAX_DIMS];

    if (first == 0 || (a == 1) == (b == 1) || a < 1 || b < 1 ||
        (a > 1 && b > 1))
        return false;
    if (a > 1) {
        cvyi_code_begin(out, "{0}.flatten");
        cvyi_code_int(out, NULL, first);
        if (first + a < what->in[0].rank)
            cvyi_code_int(out, NULL, first + a - 1);
        cvyi_code_end(out);
        return true;
    }
    for (int i = 0; i < b; i++)
        if (!cvyi_size_constant(&parts[i], shape->sizes[first - 1 + i]))
            return false;
    cvyi_code_begin(out, "{0}.unflatten");
    cvyi_code_int(out, NULL, first);
    cvyi_code_tuple(out, NULL, parts, b);
    cvyi_code_end(out);
    return true;
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    const int rank = what->in[0].rank;
    const int n = cvyi_attr_at(what->attrs, "shape")->n;
    const bool flatten = is_flatten(what);
    sizes to;

    put_sizes(&to, what);

    const char *const text = cvyi_text_c(&to.text);
    const char *const comma = n == 1 ? "," : "";

    if (rank == 1)
        cvyi_text_printf(&out->code, "nn.Unflatten(0, (-1, %s))", text);
    else if (flatten)
        cvyi_text_put(&out->code, "nn.Flatten()");
    else if (rank == 2)
        cvyi_text_printf(&out->code, "nn.Unflatten(1, (%s%s))", text, comma);
    else
        cvyi_text_printf(&out->code,
                         "nn.Sequential(nn.Flatten(), nn.Unflatten(1, "
                         "(%s%s)))",
                         text, comma);
    if (rank > 1 && (flatten || rank > 2))
        means_flatten(out, what, !flatten);
    out->binding = CVYI_BIND_ATOM;
    return end(out, &to, to.unknown > 1 && !flatten, what, err);
}

/* Without -1 for the batch: where the sizes do not fit an input, elements
 * must not go from one sample to another. */
static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    const int rank = what->in[0].rank;
    const int n = cvyi_attr_at(what->attrs, "shape")->n;
    const bool flatten = is_flatten(what);
    sizes to;

    put_sizes(&to, what);

    const char *const text = cvyi_text_c(&to.text);
    const char *const comma = n == 1 ? "," : "";

    if (flatten && rank > 1) {
        cvyi_text_put(&out->code, "{0}.flatten(1)");
        means_flatten(out, what, false);
    } else if (put_part(out, what)) {
        out->operands = CVYI_BIND_ATOM;
        return end(out, &to, false, what, err);
    } else if (to.asks) {
        cvyi_text_printf(&out->code, "{0}.reshape(%s, %s)",
                         to.left || is_partial(what) ? "{0}.shape[0]" : "-1",
                         text);
    } else if (rank == 2) {
        cvyi_text_printf(&out->code, "{0}.unflatten(1, (%s%s))", text, comma);
    } else if (to.unknown == 0 && !is_partial(what)) {
        cvyi_text_printf(&out->code, "{0}.reshape(-1, %s)", text);
    } else {
        cvyi_text_printf(&out->code, "{0}.flatten(1).unflatten(1, (%s%s))",
                         text, comma);
        means_flatten(out, what, true);
    }
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    return end(out, &to, to.too_many, what, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "shape",            "shape", "the batch included" },
    { "dim",              "axis",  NULL },
    { "unflattened_size", "shape", "of that axis only" },
    { "sizes",            "shape", "of that axis only" },
    { 0 }
};

#define READ(text, given, from)                                             \
    { .dialect = "torch", .name = text, .signature = given,                 \
      .from_call = from, .form = CVYI_FORM_FUNCTION,                        \
      .arguments = arguments }

const cvyi_spelling cvyi_reshape_torch[] = {
    { .dialect = "torch", .name = "torch.nn.Unflatten",
      .signature = "dim, unflattened_size",
      .from_call = cvyi_reshape_from_module,
      .form = CVYI_FORM_MODULE, .to_call = to_module,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.Tensor.reshape",
      .signature = "x, *shape",
      .from_call = cvyi_reshape_from_shape,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function,
      .arguments = arguments },
    READ("torch.reshape",          "x, shape",      cvyi_reshape_from_shape),
    READ("torch.Tensor.view",      "x, *shape",     cvyi_reshape_from_shape),
    READ("torch.unflatten",        "x, dim, sizes", cvyi_reshape_from_sizes),
    READ("torch.Tensor.unflatten", "x, dim, sizes", cvyi_reshape_from_sizes),
    READ("torch.squeeze",          "x, dim=None",   cvyi_reshape_from_squeeze),
    READ("torch.Tensor.squeeze",   "x, dim=None",   cvyi_reshape_from_squeeze),
    { 0 }
};
/* clang-format on */
