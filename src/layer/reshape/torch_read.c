/*
 * layer/reshape/torch_read.c - torch's words for other axes, read.
 *
 * The batch must stay the first axis, and no element may go from one sample
 * to another.
 */
#include "layer/reshape/torch.h"
#include "layer/squeeze.h"
#include "layer/walk.h"

#include <string.h>

/* Sizes as they are given: one may be -1, the hole, and is NULL here. */
typedef struct wanted {
    cvyi_attr_value shape;
    int hole; /* or -1 */
} wanted;

static cvy_status refuse(cvyi_phrase *out, const cvyi_bound *call,
                         const char *name, const char *reason, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, "keep the batch as the first axis", "%s", reason);
}

static cvy_status illegal(cvyi_phrase *out, const cvyi_bound *call,
                          const char *name, cvy_error *err)
{
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_ILLEGAL_IN_SOURCE,
                       name, "correct this argument in the source",
                       "%s does not fit the input's elements", name);
}

static cvy_status read_sizes(wanted *out, const cvyi_value *list,
                             cvyi_phrase *phrase, const cvyi_bound *call,
                             const char *name, cvy_error *err)
{
    *out = (wanted){ .hole = -1 };
    if (list->kind != CVYI_LIST || list->n < 1 || list->n > CVYI_MAX_DIMS)
        return illegal(phrase, call, name, err);
    for (int i = 0; i < list->n; i++) {
        const cvyi_value *const item = &list->items[i];
        int64_t size = 0;

        if (item->kind == CVYI_SIZE) {
            out->shape.sizes[i] = cvyi_size_import(call->sizes, item->size);
        } else if (cvyi_as_int(&size, item) && size == -1 && out->hole < 0) {
            out->hole = i;
            continue;
        } else if (size < 1) {
            return illegal(phrase, call, name, err);
        } else {
            out->shape.sizes[i] = cvyi_size_of(call->sizes, size);
        }
        if (out->shape.sizes[i] == NULL)
            return cvyi_no_memory(err);
    }
    out->shape.n = list->n;
    return CVY_OK;
}

/* All but the hole, from `first` on. */
static cvyi_size product(const wanted *w, int first, cvyi_sizes *pool)
{
    cvyi_size all = cvyi_size_of(pool, 1);

    for (int i = first; i < w->shape.n; i++)
        if (i != w->hole)
            all = cvyi_size_mul(pool, all, w->shape.sizes[i]);
    return all;
}

/* The hole is what the others leave of `all`. *partial: they leave no whole
 * number, or are another number, for some inputs, which then fail. */
static cvy_status fill_hole(wanted *w, bool *partial, int first, cvyi_size all,
                            cvyi_phrase *phrase, const cvyi_bound *call,
                            const char *name, cvy_error *err)
{
    cvyi_sizes *const pool = call->sizes;
    cvyi_size again = product(w, first, pool);
    int64_t known, found;

    if (w->hole >= 0) {
        w->shape.sizes[w->hole] = cvyi_size_floor(pool, all, again);
        again = cvyi_size_mul(pool, again, w->shape.sizes[w->hole]);
    }
    if (again == NULL)
        return cvyi_no_memory(err);
    *partial = again != all;
    if (*partial && cvyi_size_constant(&known, all) &&
        cvyi_size_constant(&found, again))
        return illegal(phrase, call, name, err);
    return CVY_OK;
}

/* All axes behind the batch in one are a flatten. */
static cvy_status add(cvyi_phrase *out, const cvyi_bound *call,
                      const cvyi_attr_value *shape, bool partial,
                      const char *name, cvy_error *err)
{
    const bool flat = shape->n == 1 && !partial && call->in[0].rank > 1;
    cvyi_inferred inferred;
    cvyi_step *step;

    if (shape->n == 0 && call->in[0].rank > 1)
        return cvyi_squeeze_add(out, call, call->in[0].rank, err);
    step = cvyi_phrase_add(out, call, flat ? "flatten" : "reshape");

    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    if (flat)
        return CVY_OK;
    if (shape->n == 0 || shape->n >= CVYI_MAX_DIMS)
        return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                           name, "keep at least one axis behind the batch",
                           "the result would have %d axes", shape->n + 1);
    *cvyi_attr_set(&step->attrs, "shape") = *shape;
    cvyi_set_int(&step->attrs, "partial", partial);
    if (step->attrs.op->infer(&inferred, &step->attrs, call->in, 1,
                              call->sizes, NULL) != CVY_OK)
        return refuse(out, call, name,
                      "what the sizes hold cannot be told for every input",
                      err);
    return CVY_OK;
}

/* The sizes behind the hole say how much a sample holds, and the input does
 * not. An example of one that fits goes with the advice. */
static cvy_status refuse_unknown(cvyi_phrase *out, const cvyi_bound *call,
                                 const wanted *w, int64_t elements,
                                 const char *name, cvy_error *err)
{
    const bool first = strcmp(call->spelling->dialect, "torch") == 0;
    const int64_t side = elements % 16 == 0 ? 4 : 1;
    const long long c = (long long)(elements / (side * side));
    const long long s = (long long)side;
    const char *const advice = cvyi_arena_printf(
        call->arena,
        "give the input known sizes, in explain with --input 1x%lldx%lldx%lld;"
        " if a sample has %lld elements it is a %s",
        first ? c : s, s, first ? s : c, (long long)elements,
        w->shape.n == 2 ? "Flatten" : "Reshape");

    if (advice == NULL)
        return cvyi_no_memory(err);
    return cvyi_refuse(&out->refusal, call->arena, err, CVYI_NOT_SUPPORTED,
                       name, advice,
                       "whether a sample of the input has %lld elements is "
                       "not known",
                       (long long)elements);
}

/* The rest of the sizes must be what a sample holds. */
static cvy_status check_sample(cvyi_phrase *out, const cvyi_bound *call,
                               const wanted *w, cvyi_size all,
                               const char *name, cvy_error *err)
{
    const cvyi_size rest = product(w, 1, call->sizes);
    int64_t held, elements;

    if (rest == all)
        return CVY_OK;
    if (w->shape.n > 1 && rest != NULL && all != NULL &&
        cvyi_size_constant(&elements, rest) && !cvyi_size_constant(&held, all))
        return refuse_unknown(out, call, w, elements, name, err);
    return refuse(out, call, name,
                  "elements would go from one sample to another", err);
}

static cvy_status reshape(cvyi_phrase *out, const cvyi_bound *call, wanted *w,
                          const char *name, cvy_error *err)
{
    const cvyi_size all = cvyi_type_elements(call->sizes, call->in, 1);
    cvyi_attr_value rest = { .n = w->shape.n - 1 };
    bool partial = false;

    if (w->hole != 0 && w->shape.sizes[0] != call->in[0].dims[0])
        return refuse(out, call, name,
                      "the first size is not known to be that of the batch",
                      err);
    if (w->hole != 0)
        CVYI_TRY(fill_hole(w, &partial, 1, all, out, call, name, err));
    else
        CVYI_TRY(check_sample(out, call, w, all, name, err));
    for (int i = 0; i < rest.n; i++)
        rest.sizes[i] = w->shape.sizes[i + 1];
    return add(out, call, &rest, partial, name, err);
}

/* reshape(-1, 3, 4) and reshape((-1, 3, 4)), and so view */
cvy_status cvyi_reshape_from_whole(cvyi_phrase *out, const cvyi_bound *call,
                                   const char *name, cvy_error *err)
{
    const cvyi_value *list = cvyi_arg(call, name);
    wanted w;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (list->kind == CVYI_LIST && list->n == 1 &&
        list->items[0].kind == CVYI_LIST)
        list = &list->items[0];
    CVYI_TRY(read_sizes(&w, list, out, call, name, err));
    return reshape(out, call, &w, name, err);
}

cvy_status cvyi_reshape_from_shape(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err)
{
    return cvyi_reshape_from_whole(out, call, "shape", err);
}

/* ---- one axis becomes several ---- */

static bool is_one(cvyi_size size)
{
    int64_t value;

    return size != NULL && cvyi_size_constant(&value, size) && value == 1;
}

/* The batch and another axis, whose size must be known to be a part of it. */
static cvy_status split_batch(cvyi_phrase *out, const cvyi_bound *call,
                              wanted *w, const char *name, cvy_error *err)
{
    const cvyi_size all = call->in[0].dims[0];
    cvyi_step *step;
    bool partial;

    CVYI_TRY(fill_hole(w, &partial, 0, all, out, call, name, err));
    if (partial)
        return refuse(out, call, name,
                      "the batch is not known to be a multiple of it", err);
    step = cvyi_phrase_add(out, call, "split_batch");
    if (step == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    *cvyi_attr_set(&step->attrs, "steps") =
        (cvyi_attr_value){ .n = 1, .sizes = { w->shape.sizes[1] } };
    return CVY_OK;
}

/* The sizes, which all but the hole are those of the batch, before all. */
static cvy_status unflatten_batch(cvyi_phrase *out, const cvyi_bound *call,
                                  const wanted *w, const char *name,
                                  cvy_error *err)
{
    const cvyi_type *const in = &call->in[0];
    cvyi_attr_value shape = { .n = w->shape.n - 1 + in->rank - 1 };
    int64_t others;

    if (w->hole != 0 ||
        !cvyi_size_constant(&others, product(w, 1, call->sizes)) ||
        others != 1)
        return refuse(out, call, name, "the batch is taken apart", err);
    if (shape.n > CVYI_MAX_DIMS)
        return illegal(out, call, name, err);
    for (int i = 0; i < shape.n; i++)
        shape.sizes[i] = i < w->shape.n - 1 ? w->shape.sizes[i + 1]
                                            : in->dims[i - w->shape.n + 2];
    return add(out, call, &shape, false, name, err);
}

static cvy_status unflatten(cvyi_phrase *out, const cvyi_bound *call,
                            const char *name, cvy_error *err)
{
    const cvyi_type *const in = &call->in[0];
    cvyi_attr_value shape = { 0 };
    bool partial;
    wanted w;
    int dim;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    CVYI_TRY(cvyi_arg_axis(&dim, out, call, "dim", err));
    CVYI_TRY(read_sizes(&w, cvyi_arg(call, name), out, call, name, err));
    if (dim == 0)
        return w.shape.n == 2 && !is_one(w.shape.sizes[1])
                   ? split_batch(out, call, &w, name, err)
                   : unflatten_batch(out, call, &w, name, err);
    CVYI_TRY(fill_hole(&w, &partial, 0, in->dims[dim], out, call, name, err));
    if (in->rank - 2 + w.shape.n > CVYI_MAX_DIMS)
        return illegal(out, call, name, err);
    for (int i = 1; i < in->rank; i++)
        for (int k = 0; k < (i == dim ? w.shape.n : 1); k++)
            shape.sizes[shape.n++] = i == dim ? w.shape.sizes[k] : in->dims[i];
    return add(out, call, &shape, partial, name, err);
}

cvy_status cvyi_reshape_from_sizes(cvyi_phrase *out, const cvyi_bound *call,
                                   cvy_error *err)
{
    return unflatten(out, call, "sizes", err);
}

cvy_status cvyi_reshape_from_module(cvyi_phrase *out, const cvyi_bound *call,
                                    cvy_error *err)
{
    return unflatten(out, call, "unflattened_size", err);
}

/* ---- axes of one element go ---- */

/* Which axes squeeze is asked for; false if they are none of the input's, or
 * if it `insists` on one element and there are more. One that does not insist
 * takes no axis twice. */
static bool asked_axes(bool *asked, const cvyi_bound *call,
                       const cvyi_value *dim, bool insists)
{
    const cvyi_value one = { .kind = CVYI_LIST, .n = 1, .items = dim };
    const cvyi_value *const list = dim->kind == CVYI_LIST ? dim : &one;
    const int rank = call->in[0].rank;

    for (int i = 0; i < rank; i++)
        asked[i] = cvyi_is_none(dim);
    for (int i = 0; i < list->n && !cvyi_is_none(dim); i++) {
        int64_t axis;

        if (!cvyi_as_int(&axis, &list->items[i]) || axis < -rank ||
            axis >= rank)
            return false;
        axis += axis < 0 ? rank : 0;
        if (insists ? cvyi_size_at_least(call->in[0].dims[axis], 2)
                    : asked[axis])
            return false;
        asked[axis] = true;
    }
    return true;
}

cvy_status cvyi_reshape_from_ones(cvyi_phrase *out, const cvyi_bound *call,
                                  const char *name, bool insists,
                                  cvy_error *err)
{
    const cvyi_type *const in = &call->in[0];
    bool asked[CVYI_MAX_DIMS], goes = false;

    CVYI_TRY(cvyi_torch_input(out, call, 0, err));
    if (!asked_axes(asked, call, cvyi_arg(call, name), insists))
        return illegal(out, call, name, err);
    for (int i = 0; i < in->rank; i++) {
        int64_t size;

        if (asked[i] && !cvyi_size_at_least(in->dims[i], 2) &&
            (i == 0 || !cvyi_size_constant(&size, in->dims[i])))
            return refuse(out, call, name,
                          i == 0 ? "the axis of the batch may go"
                                 : "an axis of unknown size may go",
                          err);
        asked[i] = asked[i] && !cvyi_size_at_least(in->dims[i], 2);
        goes = goes || asked[i];
    }
    if (!goes)
        return cvyi_phrase_add(out, call, "identity") != NULL
                   ? CVY_OK
                   : cvyi_fail(err, CVY_ARGUMENT, "the phrase is full");
    return cvyi_squeeze_axes(out, call, in->rank, asked, NULL, err);
}

cvy_status cvyi_reshape_from_squeeze(cvyi_phrase *out, const cvyi_bound *call,
                                     cvy_error *err)
{
    return cvyi_reshape_from_ones(out, call, "dim", false, err);
}
