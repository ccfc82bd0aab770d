/* layer/cast/torch.c - torch's words for another type. */
#include "layer/cast/words.h"

#include <string.h>

/* torch.float16, and its short name torch.half. */
static const struct {
    const char *torch, *word;
} types[] = {
    { "torch.float32", "float32" },   { "torch.float", "float32" },
    { "torch.float16", "float16" },   { "torch.half", "float16" },
    { "torch.bfloat16", "bfloat16" }, { "torch.float64", "float64" },
    { "torch.int64", "int64" },       { "torch.long", "int64" },
    { "torch.double", "float64" },
};

static cvy_status from_to(cvyi_phrase *out, const cvyi_bound *call,
                          cvy_error *err)
{
    const char *const text = cvyi_as_text(cvyi_arg(call, "dtype"));

    for (size_t i = 0; text != NULL && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].torch, text) == 0)
            return cvyi_cast_step(out, call, "dtype", types[i].word, err);
    return cvyi_cast_step(out, call, "dtype", text, err);
}

static cvy_status from_float(cvyi_phrase *out, const cvyi_bound *call,
                             cvy_error *err)
{
    return cvyi_cast_step(out, call, "", "float32", err);
}

static cvy_status from_half(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_cast_step(out, call, "", "float16", err);
}

static cvy_status from_bfloat16(cvyi_phrase *out, const cvyi_bound *call,
                                cvy_error *err)
{
    return cvyi_cast_step(out, call, "", "bfloat16", err);
}

static cvy_status from_double(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    return cvyi_cast_step(out, call, "", "float64", err);
}

static cvy_status from_long(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return cvyi_cast_step(out, call, "", CVYI_CAST_ROWS, err);
}

static cvy_status to_to(cvyi_said *out, const cvyi_saying *what,
                        cvy_error *err)
{
    const char *const word = cvyi_attr_word(what->attrs, "dtype");
    const char *const type = cvyi_arena_printf(what->arena, "torch.%s", word);

    if (type == NULL)
        return cvyi_no_memory(err);
    cvyi_code_begin(out, "{0}.to");
    cvyi_code_raw(out, NULL, type);
    cvyi_code_end(out);
    out->operands = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

static const cvyi_argument arguments[] = { { "dtype", "dtype", NULL }, { 0 } };

#define SHORT(name_, from)                                       \
    {                                                            \
        .dialect = "torch", .name = "torch.Tensor." name_,       \
        .signature = "x, memory_format=None", .from_call = from, \
        .form = CVYI_FORM_FUNCTION                               \
    }

const cvyi_spelling cvyi_cast_torch[] = {
    { .dialect = "torch",
      .name = "torch.Tensor.to",
      .signature = "x, dtype, non_blocking=False, copy=False",
      .from_call = from_to,
      .form = CVYI_FORM_FUNCTION,
      .to_call = to_to,
      .arguments = arguments },
    SHORT("float", from_float),
    SHORT("half", from_half),
    SHORT("bfloat16", from_bfloat16),
    SHORT("double", from_double),
    SHORT("long", from_long),
    { 0 },
};
