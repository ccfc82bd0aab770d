/* layer/expand/torch.c - torch's words for new axes. */
#include "layer/slice.h"
#include "layer/expand/words.h"
#include "layer/torch.h"

/* ---- reading ---- */

static cvy_status refuse(cvyi_phrase *out, const cvyi_bound *call,
                         const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, "take the tensor as a whole", "%s", reason);
}

/* `n` new axes before `axis` of a value with `rank` axes. */
static cvy_status add(cvyi_phrase *out, const cvyi_bound *call, int rank,
                      int axis, int n, const char *name, cvy_error *err)
{
    cvyi_step *step;

    if (axis < 1)
        return refuse(out, call, name, "a new axis before the batch", err);
    step = cvyi_phrase_add(out, call, "expand");
    if (step == NULL)
        return refuse(out, call, name, "too many new axes", err);
    cvyi_set_int(&step->attrs, "rank", rank + n);
    cvyi_set_int(&step->attrs, "axis", axis);
    return CVY_OK;
}

cvy_status cvyi_expand_from_axis(cvyi_phrase *out, const cvyi_bound *call,
                                 const char *name, cvy_error *err)
{
    const int rank = call->in[0].rank;
    int64_t axis;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_arg_int(&axis, out, call, name, INT64_MIN, err));
    if (axis < -rank - 1 || axis > rank)
        return cvyi_refuse(&out->refusal, call->arena, err,
                           CVYI_ILLEGAL_IN_SOURCE, name,
                           "name a place among the input's axes",
                           "place %lld is outside an input of %d axes",
                           (long long)axis, rank);
    return add(out, call, rank, (int)(axis < 0 ? axis + rank + 1 : axis), 1,
               name, err);
}

static cvy_status from_unsqueeze(cvyi_phrase *out, const cvyi_bound *call,
                                 cvy_error *err)
{
    return cvyi_expand_from_axis(out, call, "dim", err);
}

/* A subscript: a slice is a dict of start, stop and step, an ellipsis the
 * text "...". Whole slices keep an axis, None makes one. */
static bool is_whole(const cvyi_value *index)
{
    int64_t number;

    return index->kind == CVYI_DICT &&
           (cvyi_is_none(cvyi_get(index, "start")) ||
            (cvyi_as_int(&number, cvyi_get(index, "start")) && number == 0)) &&
           cvyi_is_none(cvyi_get(index, "stop")) &&
           (cvyi_is_none(cvyi_get(index, "step")) ||
            (cvyi_as_int(&number, cvyi_get(index, "step")) && number == 1));
}

/* Axes that the subscript names: all but None and the ellipsis. */
static int count_named(const cvyi_value *index)
{
    int n = 0;

    for (int i = 0; i < index->n; i++)
        n += !cvyi_is_none(&index->items[i]) &&
             !cvyi_is_text(&index->items[i], "...");
    return n;
}

static cvy_status from_item(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err)
{
    const cvyi_value *const given = cvyi_arg(call, "index");
    const cvyi_value one = { .kind = CVYI_LIST, .n = 1, .items = given };
    const cvyi_value *const index = given->kind == CVYI_LIST ? given : &one;
    int rank = call->in[0].rank, axis = 0;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (cvyi_slice_cuts(index))
        return cvyi_slice_crop(out, call, index, err);
    for (int i = 0; i < index->n; i++) {
        const cvyi_value *const at = &index->items[i];
        int n = 0;

        if (cvyi_is_text(at, "...")) {
            axis += call->in[0].rank - count_named(index);
        } else if (is_whole(at)) {
            axis++;
        } else if (cvyi_is_none(at)) {
            while (i + n < index->n && cvyi_is_none(&index->items[i + n]))
                n++;
            CVYI_TRY(add(out, call, rank, axis, n, "index", err));
            rank += n;
            axis += n;
            i += n - 1;
        } else {
            return refuse(out, call, "index",
                          "a part of a tensor is not carried over", err);
        }
        if (axis > rank || axis < 0)
            return refuse(out, call, "index", "too many subscripts", err);
    }
    if (out->n == 0 && cvyi_phrase_add(out, call, "identity") == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return CVY_OK;
}

/* ---- writing ---- */

/* x.unsqueeze(2) for one axis, x[:, :, None, None] for more. */
static cvy_status to_call(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err)
{
    const int64_t axis = cvyi_attr_int(what->attrs, "axis");
    const int64_t n = cvyi_attr_int(what->attrs, "rank") - what->in[0].rank;

    if (n == 1) {
        cvyi_text_printf(&out->code, "{0}.unsqueeze(%lld)", (long long)axis);
    } else {
        cvyi_text_put(&out->code, "{0}[:");
        for (int64_t i = 1; i < axis + n; i++)
            cvyi_text_put(&out->code, i < axis ? ", :" : ", None");
        cvyi_text_put(&out->code, "]");
    }
    out->binding = CVYI_BIND_ATOM;
    out->operands = CVYI_BIND_ATOM;
    return cvyi_text_status(&out->code, err);
}

/* clang-format off */
static const cvyi_argument arguments[] = {
    { "dim", "axis", NULL },
    { 0 }
};

const cvyi_spelling cvyi_expand_torch[] = {
    { .dialect = "torch", .name = "torch.Tensor.unsqueeze",
      .signature = "x, dim",
      .from_call = from_unsqueeze,
      .form = CVYI_FORM_FUNCTION, .to_call = to_call,
      .arguments = arguments },
    { .dialect = "torch", .name = "torch.unsqueeze",
      .signature = "x, dim",
      .from_call = from_unsqueeze,
      .form = CVYI_FORM_FUNCTION, .arguments = arguments },
    { .dialect = "torch", .name = "operator.getitem",
      .signature = "x, index",
      .from_call = from_item,
      .form = CVYI_FORM_FUNCTION },
    { 0 }
};
/* clang-format on */
