/* layer/repeat/torch.c - torch's words for elements that come several times. */
#include "layer/marks.h"
#include "layer/repeat/words.h"
#include "layer/torch.h"

/* ---- reading ---- */

/* x.repeat(1, 2) and x.repeat((1, 2)) */
static const cvyi_value *listed(const cvyi_bound *call, const char *name)
{
    const cvyi_value *const list = cvyi_arg(call, name);

    return list->kind == CVYI_LIST && list->n == 1 &&
                   list->items[0].kind == CVYI_LIST
               ? &list->items[0]
               : list;
}

static cvy_status from_list(cvyi_phrase *out, const cvyi_bound *call,
                            const char *name, const cvyi_value *list,
                            int least, cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (list->kind != CVYI_LIST || list->n < least)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "give a number for each axis",
                           "%s must be a tuple of at least %d integers", name,
                           least);
    return cvyi_repeat_whole(out, call, name, list, err);
}

static cvy_status from_repeat(cvyi_phrase *out, const cvyi_bound *call,
                              cvy_error *err)
{
    return from_list(out, call, "repeats", listed(call, "repeats"),
                     call->n_in > 0 ? call->in[0].rank : 0, err);
}

static cvy_status from_tile_method(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err)
{
    return from_list(out, call, "dims", listed(call, "dims"), 0, err);
}

static cvy_status from_tile(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    return from_list(out, call, "dims", cvyi_arg(call, "dims"), 0, err);
}

/* `output_size` only saves torch from counting. */
static cvy_status from_each(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_torch_must_be_off(out, call, "output_size",
                                    "leave this argument out", err));
    return cvyi_repeat_each(out, call, "dim", err);
}

/* ---- writing ---- */

static cvy_status to_repeat(cvyi_said *out, const cvyi_saying *what,
                            cvy_error *err)
{
    int64_t times[CVYI_MAX_DIMS];
    const int n = cvyi_repeat_times(times, what);

    if (cvyi_attr_bool(what->attrs, "each") || n == 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "each element comes again");
    cvyi_code_begin(out, "{0}.repeat");
    for (int i = 0; i < what->in[0].rank; i++)
        cvyi_code_int(out, NULL, times[i]);
    cvyi_code_end(out);
    out->operands = CVYI_BIND_ATOM;
    return CVY_OK;
}

/* Axis by axis. */
static cvy_status to_each(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    const int rank = what->in[0].rank;
    int64_t times[CVYI_MAX_DIMS];
    const int n = cvyi_repeat_times(times, what);

    if (!cvyi_attr_bool(what->attrs, "each") || n == 0)
        return cvyi_fail(err, CVY_UNSUPPORTED, "the whole comes again");
    cvyi_text_put(&out->code, "{0}");
    for (int i = 0; i < rank; i++) {
        int64_t one[CVYI_MAX_DIMS] = { 0 };
        cvyi_attrs *read;

        if (times[i] == 1)
            continue;
        cvyi_text_printf(&out->code, ".repeat_interleave(%lld, dim=%d)",
                         (long long)times[i], i);
        if (n == 1)
            continue;
        read = cvyi_said_means(out, "repeat", 0);
        if (read == NULL)
            return cvyi_fail(err, CVY_UNSUPPORTED, "too many axes");
        one[i] = times[i];
        cvyi_set_ints(read, "times", one, rank);
        cvyi_set_int(read, "each", 1);
    }
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    return CVY_OK;
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "repeats", "times", NULL },
    { "dims",    "times", NULL },
    { 0 }
};
static const cvyi_argument each_arguments[] = {
    { "repeats", "times",         NULL },
    { "dim",     "repeated axis", NULL },
    { 0 }
};

#define EACH "x, repeats, dim=None, *, output_size=None"
#define ROW(word, text, from, to, rows)                             \
    { .dialect = "torch", .name = word, .signature = text,          \
      .from_call = from, .form = CVYI_FORM_FUNCTION, .to_call = to, \
      .arguments = rows }

const cvyi_spelling cvyi_repeat_torch[] = {
    ROW("torch.Tensor.repeat", "x, *repeats", from_repeat, to_repeat,
        arguments),
    ROW("torch.Tensor.repeat_interleave", EACH, from_each, to_each,
        each_arguments),
    ROW("torch.repeat_interleave", EACH, from_each, NULL, each_arguments),
    ROW("torch.Tensor.tile", "x, *dims", from_tile_method, NULL, arguments),
    ROW("torch.tile", "x, dims", from_tile, NULL, arguments),
    { 0 }
};
/* clang-format on */
