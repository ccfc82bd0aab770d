/* layer/permute/torch.c - torch's words for another order of axes. */
#include "layer/permute/words.h"
#include "layer/torch.h"

/* clang-format off */
static const cvyi_helper permute = {
    .name = "Permute",
    .needs = "nn Tensor",
    .code =
"class Permute(nn.Module):\n"
"    \"\"\"x.permute(axes) as a module.\"\"\"\n"
"\n"
"    def __init__(self, *axes: int) -> None:\n"
"        super().__init__()\n"
"        self.axes = axes\n"
"\n"
"    def forward(self, x: Tensor) -> Tensor:\n"
"        return x.permute(self.axes)\n",
};
/* clang-format on */

/* ---- reading ---- */

static cvy_status add(cvyi_phrase *out, const cvyi_bound *call,
                      const int64_t *axes, cvy_error *err)
{
    cvyi_step *const step = cvyi_phrase_add(out, call, "permute");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    cvyi_set_ints(&step->attrs, "axes", axes, call->in[0].rank);
    return CVY_OK;
}

/* Axes of the input, each at most once; negative ones from the end. */
static bool read_axes(int64_t *out, const cvyi_value *list, int rank)
{
    unsigned seen = 0;

    for (int i = 0; i < list->n; i++) {
        if (!cvyi_as_int(&out[i], &list->items[i]) || out[i] < -rank ||
            out[i] >= rank)
            return false;
        out[i] += out[i] < 0 ? rank : 0;
        if ((seen & 1u << out[i]) != 0)
            return false;
        seen |= 1u << out[i];
    }
    return true;
}

/* permute(0, 2, 1) and permute((0, 2, 1)) */
cvy_status cvyi_permute_from_axes(cvyi_phrase *out, const cvyi_bound *call,
                                  const char *name, cvy_error *err)
{
    const cvyi_value *dims = cvyi_arg(call, name);
    int64_t axes[CVYI_MAX_DIMS];

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (dims->kind == CVYI_LIST && dims->n == 1 &&
        dims->items[0].kind == CVYI_LIST)
        dims = &dims->items[0];
    if (dims->kind != CVYI_LIST || dims->n != call->in[0].rank ||
        !read_axes(axes, dims, call->in[0].rank))
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "list every axis of the input once",
                           "%s must have each of %d axes once", name,
                           call->in[0].rank);
    return add(out, call, axes, err);
}

cvy_status cvyi_permute_from_transpose(cvyi_phrase *out,
                                       const cvyi_bound *call,
                                       const char *name, cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS];

    if (!cvyi_is_none(cvyi_arg(call, name)))
        return cvyi_permute_from_axes(out, call, name, err);
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    for (int i = 0; i < call->in[0].rank; i++)
        axes[i] = call->in[0].rank - 1 - i;
    return add(out, call, axes, err);
}

static cvy_status from_dims(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_permute_from_axes(out, call, "dims", err);
}

static cvy_status from_class(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return cvyi_permute_from_axes(out, call, "axes", err);
}

cvy_status cvyi_permute_from_swap(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    int64_t axes[CVYI_MAX_DIMS];
    int a, b;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_arg_axis(&a, out, call, call->names[1], err));
    CVYI_TRY(cvyi_arg_axis(&b, out, call, call->names[2], err));
    for (int i = 0; i < call->in[0].rank; i++)
        axes[i] = i == a ? b : i == b ? a : i;
    return add(out, call, axes, err);
}

/* An axis, or a list of them. */
static bool read_moved(int64_t *out, int *n, const cvyi_bound *call,
                       const char *name)
{
    const cvyi_value *const value = cvyi_arg(call, name);
    const cvyi_value one = { .kind = CVYI_LIST, .n = 1, .items = value };
    const cvyi_value *const list = value->kind == CVYI_LIST ? value : &one;

    *n = list->n;
    return list->n <= call->in[0].rank &&
           read_axes(out, list, call->in[0].rank);
}

cvy_status cvyi_permute_from_move(cvyi_phrase *out, const cvyi_bound *call,
                                  cvy_error *err)
{
    int64_t from[CVYI_MAX_DIMS], to[CVYI_MAX_DIMS], axes[CVYI_MAX_DIMS];
    bool placed[CVYI_MAX_DIMS] = { false }, moved[CVYI_MAX_DIMS] = { false };
    int n_from, n_to;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (!read_moved(from, &n_from, call, "source") ||
        !read_moved(to, &n_to, call, "destination") || n_from != n_to)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, "source",
                           "name axes of the input, each once",
                           "source and destination must be as many axes of "
                           "the input, each once");
    for (int i = 0; i < n_from; i++) {
        axes[to[i]] = from[i];
        placed[to[i]] = moved[from[i]] = true;
    }
    for (int i = 0, next = 0; i < call->in[0].rank; i++) {
        if (placed[i])
            continue;
        while (moved[next])
            next++;
        axes[i] = next++;
    }
    return add(out, call, axes, err);
}

/* ---- writing ---- */

static void put_axes(cvyi_said *out, const cvyi_saying *what)
{
    int n;
    const int64_t *const axes = cvyi_attr_ints(what->attrs, "axes", &n);

    for (int i = 0; i < n; i++)
        cvyi_code_int(out, NULL, axes[i]);
    cvyi_code_end(out);
}

static cvy_status to_function(cvyi_said *out, const cvyi_saying *what,
                              cvy_error *err)
{
    (void)err;
    cvyi_code_begin(out, "{0}.permute");
    put_axes(out, what);
    out->operands = CVYI_BIND_ATOM;
    return CVY_OK;
}

static cvy_status to_module(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    (void)err;
    cvyi_code_begin(out, "Permute");
    put_axes(out, what);
    out->helper = &permute;
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "dims", "axes of the input", NULL },
    { "axes", "axes of the input", NULL },
    { 0 }
};

#define SWAP cvyi_permute_from_swap
#define MOVE cvyi_permute_from_move
#define READ(text, given, from)                                             \
    { .dialect = "torch", .name = text, .signature = given,                 \
      .from_call = from, .form = CVYI_FORM_FUNCTION,                        \
      .arguments = arguments }

const cvyi_spelling cvyi_permute_torch[] = {
    { .dialect = "torch", .name = "torch.Tensor.permute",
      .signature = "x, *dims",
      .from_call = from_dims,
      .form = CVYI_FORM_FUNCTION, .to_call = to_function,
      .arguments = arguments },
    { .dialect = "torch", .name = "Permute", .helper = &permute,
      .signature = "*axes",
      .from_call = from_class,
      .form = CVYI_FORM_MODULE, .to_call = to_module,
      .arguments = arguments },
    READ("torch.permute",          "x, dims",                from_dims),
    READ("torch.transpose",        "x, dim0, dim1",          SWAP),
    READ("torch.swapdims",         "x, dim0, dim1",          SWAP),
    READ("torch.swapaxes",         "x, axis0, axis1",        SWAP),
    READ("torch.movedim",          "x, source, destination", MOVE),
    READ("torch.moveaxis",         "x, source, destination", MOVE),
    READ("torch.Tensor.transpose", "x, dim0, dim1",          SWAP),
    READ("torch.Tensor.swapdims",  "x, dim0, dim1",          SWAP),
    READ("torch.Tensor.swapaxes",  "x, axis0, axis1",        SWAP),
    READ("torch.Tensor.movedim",   "x, source, destination", MOVE),
    READ("torch.Tensor.moveaxis",  "x, source, destination", MOVE),
    { 0 }
};
/* clang-format on */
