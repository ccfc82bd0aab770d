/*
 * read/python/torch/method.c - functions and methods of tensors that are said
 * by others: x.chunk(2) is two slices, torch.stack a cat of new axes.
 */
#include "read/python/torch/script.h"

#include <string.h>

static const cvyi_type *type_of(const cvyi_py_eval *eval,
                                const cvyi_py_value *value)
{
    return &cvyi_torch_of(eval)->graph->results[cvyi_torch_result(value)].type;
}

/* An axis of x; false: it is none. */
static bool axis_of(int *out, const cvyi_type *type,
                    const cvyi_py_value *value, int fallback)
{
    int64_t axis = fallback;

    if (value != NULL && value->type != CVYI_PY_V_INT)
        return false;
    if (value != NULL)
        axis = value->integer;
    axis = axis < 0 ? axis + type->rank : axis;
    *out = (int)axis;
    return axis >= 0 && axis < type->rank;
}

static const cvyi_py_value *dim_of(const cvyi_py_call_args *args, int at)
{
    const cvyi_py_value *const dim = cvyi_torch_arg(args, at, "dim");

    return dim != NULL ? dim : cvyi_torch_arg(args, -1, "axis");
}

static cvy_status say(cvyi_py_value *out, cvyi_py_eval *eval, const char *name,
                      const cvyi_py_value *values, int n, cvy_error *err)
{
    const cvyi_py_call_args args = { .n = n, .values = values };

    return cvyi_torch_function(out, eval, name, &args, err);
}

/* ---- parts along an axis ---- */

/* x[:, from:to] along `axis`; to < 0: the element alone. */
static cvy_status part(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *x, int axis, int64_t from,
                       int64_t to, cvy_error *err)
{
    const cvyi_py_value none = cvyi_py_none();
    cvyi_py_value *const bounds =
        cvyi_arena_alloc(cvyi_py_arena(eval), 3, sizeof *bounds);
    cvyi_py_value *const all =
        cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *all);
    cvyi_py_value items[CVYI_MAX_DIMS], both[2] = { *x };

    if (bounds == NULL || all == NULL)
        return cvyi_no_memory(err);
    bounds[0] = cvyi_py_int(from);
    bounds[1] = cvyi_py_int(to);
    bounds[2] = *all = none;
    for (int i = 0; i <= axis; i++) {
        items[i].type = CVYI_PY_V_SLICE;
        items[i].constant = NULL;
        items[i].bounds.start = i == axis ? &bounds[0] : all;
        items[i].bounds.stop = i == axis ? &bounds[1] : all;
        items[i].bounds.step = all;
    }
    if (to < 0)
        items[axis] = cvyi_py_int(from);
    CVYI_TRY(cvyi_py_make_seq(&both[1], eval, CVYI_PY_V_TUPLE, items, axis + 1,
                              err));
    return say(out, eval, "operator.getitem", both, 2, err);
}

enum { MOST_PARTS = 4096 };

/* Sizes of parts of an axis: "chunk" into so many, "split" into parts of so
 * many or of those sizes, "unbind" into elements. */
static cvy_status cut(cvyi_py_value *out, cvyi_py_eval *eval, const char *how,
                      const cvyi_py_call_args *args, cvy_error *err)
{
    const bool unbind = strcmp(how, "unbind") == 0;
    const cvyi_py_value *const by =
        unbind ? NULL
               : cvyi_torch_arg(args, 1,
                                strcmp(how, "chunk") == 0
                                    ? "chunks"
                                    : "split_size_or_sections");
    const cvyi_type *const type = type_of(eval, &args->values[0]);
    cvyi_py_value made, list;
    int64_t length, each = 1, at = 0;
    int axis;

    if (!axis_of(&axis, type, dim_of(args, unbind ? 1 : 2), 0) ||
        !cvyi_size_constant(&length, type->dims[axis]))
        return cvyi_py_refuse(eval, err, "%s along an axis that is not known",
                              how);
    if (by != NULL && by->type == CVYI_PY_V_INT && by->integer > 0)
        each = strcmp(how, "chunk") == 0
                   ? (length + by->integer - 1) / by->integer
                   : by->integer;
    else if (!unbind && (by == NULL || (by->type != CVYI_PY_V_LIST &&
                                        by->type != CVYI_PY_V_TUPLE)))
        return cvyi_py_refuse(eval, err, "%s into parts that are not known",
                              how);
    if (length / each > MOST_PARTS)
        return cvyi_py_refuse(eval, err, "%s into so many parts", how);
    CVYI_TRY(cvyi_py_make_seq(&list, eval, CVYI_PY_V_LIST, NULL, 0, err));
    for (int i = 0; at < length; i++) {
        const bool sized = by != NULL && by->type != CVYI_PY_V_INT;
        int64_t size = each < length - at ? each : length - at;
        cvyi_py_value *items;

        if (sized &&
            (i >= by->seq->n || by->seq->items[i].type != CVYI_PY_V_INT ||
             by->seq->items[i].integer < 1 ||
             by->seq->items[i].integer > length - at))
            return cvyi_py_refuse(eval, err, "the parts do not fit the axis");
        if (sized)
            size = by->seq->items[i].integer;
        CVYI_TRY(part(&made, eval, &args->values[0], axis, at,
                      unbind ? -1 : at + size, err));
        items =
            cvyi_arena_grow(cvyi_py_arena(eval), list.seq->items, list.seq->n,
                            &list.seq->capacity, sizeof *items);
        if (items == NULL)
            return cvyi_no_memory(err);
        list.seq->items = items;
        items[list.seq->n++] = made;
        at += size;
    }
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, list.seq->items,
                            list.seq->n, err);
}

static cvy_status narrow(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *name, const cvyi_py_call_args *args,
                         cvy_error *err)
{
    const bool one = strcmp(name, "select") == 0;
    const cvyi_py_value *const dim = cvyi_torch_arg(args, 1, "dim");
    const cvyi_py_value *const from =
        cvyi_torch_arg(args, 2, one ? "index" : "start");
    const cvyi_py_value *const n = cvyi_torch_arg(args, 3, "length");
    int axis;

    if (dim == NULL || from == NULL || from->type != CVYI_PY_V_INT ||
        from->integer < 0 ||
        !axis_of(&axis, type_of(eval, &args->values[0]), dim, 0) ||
        (!one && (n == NULL || n->type != CVYI_PY_V_INT || n->integer < 1)))
        return cvyi_py_refuse(eval, err, "this %s is not followed", name);
    return part(out, eval, &args->values[0], axis, from->integer,
                one ? -1 : from->integer + n->integer, err);
}

/* ---- together ---- */

static cvy_status stack(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const dim = dim_of(args, 1);
    const cvyi_py_value zero = cvyi_py_int(0);
    cvyi_py_value list, both[2];

    CVYI_TRY(cvyi_py_eval_list(&list, eval, &args->values[0], err));
    CVYI_TRY(cvyi_py_make_seq(&both[0], eval, CVYI_PY_V_LIST, list.seq->items,
                              list.seq->n, err));
    both[1] = dim != NULL ? *dim : zero;
    for (int i = 0; i < both[0].seq->n; i++) {
        const cvyi_py_value one[2] = { both[0].seq->items[i], both[1] };

        CVYI_TRY(
            say(&both[0].seq->items[i], eval, "torch.unsqueeze", one, 2, err));
    }
    return say(out, eval, "torch.cat", both, 2, err);
}

/* The product of two tensors of as many axes, the first ones alike. */
static cvy_status matmul(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    static const char *const rules[] = { "ij,jk->ik", "aij,ajk->aik",
                                         "abij,abjk->abik" };
    cvyi_py_value values[3];
    int rank;

    if (args->n != 2 || cvyi_torch_result(&args->values[0]) < 0 ||
        cvyi_torch_result(&args->values[1]) < 0)
        return cvyi_py_refuse(eval, err, "this product is not followed");
    rank = type_of(eval, &args->values[0])->rank;
    if (rank != type_of(eval, &args->values[1])->rank || rank < 2 || rank > 4)
        return cvyi_py_refuse(eval, err,
                              "a product of tensors of different rank");
    CVYI_TRY(cvyi_py_make_text(&values[0], eval, rules[rank - 2],
                               strlen(rules[rank - 2]), err));
    values[1] = args->values[0];
    values[2] = args->values[1];
    return say(out, eval, "torch.einsum", values, 3, err);
}

/* ---- shapes ---- */

/* The sizes that are asked for; an error if they are not known. */
static cvy_status sizes_of(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, bool like,
                           cvy_error *err)
{
    cvyi_py_value items[CVYI_MAX_DIMS];
    const cvyi_type *type;

    if (!like && args->n == 2 &&
        (args->values[1].type == CVYI_PY_V_LIST ||
         args->values[1].type == CVYI_PY_V_TUPLE)) {
        *out = args->values[1];
        return CVY_OK;
    }
    if (!like)
        return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, args->values + 1,
                                args->n - 1, err);
    if (args->n != 2 || cvyi_torch_result(&args->values[1]) < 0)
        return cvyi_py_refuse(eval, err, "whose shape is meant is not known");
    type = type_of(eval, &args->values[1]);
    for (int i = 0; i < type->rank; i++)
        items[i] = cvyi_torch_size(type->dims[i]);
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, items, type->rank,
                            err);
}

static cvy_status view_as(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_value both[2] = { args->values[0] };

    CVYI_TRY(sizes_of(&both[1], eval, args, true, err));
    return say(out, eval, "torch.reshape", both, 2, err);
}

static bool same_size(cvyi_size size, const cvyi_py_value *value)
{
    const cvyi_py_value mine = cvyi_torch_size(size);

    if (value->type == CVYI_PY_V_INT)
        return value->integer == -1 ||
               (mine.type == CVYI_PY_V_INT && mine.integer == value->integer);
    return value->type == CVYI_PY_V_HOST && mine.type == CVYI_PY_V_HOST &&
           mine.host.data == value->host.data;
}

/* x.expand(-1, 16, -1): axes of one element are repeated. */
static cvy_status expand(cvyi_py_value *out, cvyi_py_eval *eval, bool like,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_type *const type = type_of(eval, &args->values[0]);
    cvyi_py_value wanted, values[1 + CVYI_MAX_DIMS] = { args->values[0] };
    bool more = false;
    int64_t one;

    CVYI_TRY(sizes_of(&wanted, eval, args, like, err));
    if (wanted.seq->n != type->rank)
        return cvyi_py_refuse(eval, err, "expand to more axes");
    for (int i = 0; i < type->rank; i++) {
        const cvyi_py_value *const to = &wanted.seq->items[i];

        values[1 + i] = cvyi_py_int(1);
        if (same_size(type->dims[i], to))
            continue;
        if (!cvyi_size_constant(&one, type->dims[i]) || one != 1 ||
            to->type != CVYI_PY_V_INT)
            return cvyi_py_refuse(eval, err, "this expand is not followed");
        values[1 + i] = *to;
        more = true;
    }
    *out = args->values[0];
    return more ? say(out, eval, "torch.Tensor.repeat", values, 1 + type->rank,
                      err)
                : CVY_OK;
}

/* torch.max(x, 1) is a pair, torch.max(x, y) a tensor. */
static cvy_status extreme(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                          const char *name, const cvyi_py_call_args *args,
                          cvy_error *err)
{
    const bool most = strcmp(name, "max") == 0;
    const cvyi_py_value *const keep = cvyi_torch_arg(args, 2, "keepdim");
    const cvyi_py_value *const dim = dim_of(args, 1);
    const cvyi_py_value no = cvyi_py_bool(false);
    cvyi_py_value values[3] = { args->values[0] }, both[2];

    if (args->n == 2 && cvyi_torch_result(&args->values[1]) >= 0)
        return say(out, eval, most ? "torch.maximum" : "torch.minimum",
                   args->values, 2, err);
    *known = dim != NULL;
    if (dim == NULL)
        return CVY_OK;
    values[1] = *dim;
    values[2] = keep != NULL ? *keep : no;
    CVYI_TRY(say(&both[0], eval, most ? "torch.amax" : "torch.amin", values, 3,
                 err));
    CVYI_TRY(cvyi_py_make_opaque(&both[1], eval, err,
                                 "places of the largest elements"));
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, both, 2, err);
}

/* ---- the table ---- */

/* The same numbers, as far as a network is concerned. */
static bool is_same(const char *name)
{
    static const char *const names[] = { "contiguous",     "detach",
                                         "cuda",           "cpu",
                                         "requires_grad_", "type_as",
                                         "is_contiguous",  "retain_grad",
                                         "channels_last" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static cvy_status count(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_value *x, cvy_error *err)
{
    const cvyi_type *const type = type_of(eval, x);
    int64_t all = 1, n;

    for (int i = 0; i < type->rank; i++)
        if (!cvyi_size_constant(&n, type->dims[i]) ||
            !cvyi_mul64(&all, all, n))
            return cvyi_py_refuse(eval, err, "how many elements is not known");
    *out = cvyi_py_int(all);
    return CVY_OK;
}

/* To a device: anything but a type. */
static bool is_device(const cvyi_py_call_args *args)
{
    const char *const text =
        args->n > 1 && args->values[1].type == CVYI_PY_V_HOST &&
                args->values[1].host.type == &cvyi_torch_name_type
            ? args->values[1].host.data
            : "torch.device";

    return cvyi_torch_arg(args, -1, "dtype") == NULL &&
           strcmp(text, "torch.device") == 0;
}

cvy_status cvyi_torch_method(cvyi_py_value *out, bool *known,
                             cvyi_py_eval *eval, const char *name,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const bool tensor = args->n > 0 && cvyi_torch_result(args->values) >= 0;
    cvyi_py_value axes[3];

    *known = true;
    if (strcmp(name, "stack") == 0 && args->n > 0)
        return stack(out, eval, args, err);
    if (strcmp(name, "matmul") == 0 || strcmp(name, "bmm") == 0 ||
        strcmp(name, "mm") == 0)
        return matmul(out, eval, args, err);
    *known = tensor;
    if (!tensor)
        return CVY_OK;
    CVYI_TRY(cvyi_torch_current(eval, cvyi_torch_result(args->values), err));
    if (is_same(name) || (strcmp(name, "to") == 0 && is_device(args))) {
        *out = args->values[0];
        return CVY_OK;
    }
    if (strcmp(name, "clone") == 0)
        return cvyi_torch_tensor(out, eval, cvyi_torch_result(args->values),
                                 err);
    if (strcmp(name, "chunk") == 0 || strcmp(name, "split") == 0 ||
        strcmp(name, "unbind") == 0)
        return cut(out, eval, name, args, err);
    if (strcmp(name, "narrow") == 0 || strcmp(name, "select") == 0)
        return narrow(out, eval, name, args, err);
    if (strcmp(name, "view_as") == 0 || strcmp(name, "reshape_as") == 0)
        return view_as(out, eval, args, err);
    if (strcmp(name, "expand") == 0 || strcmp(name, "expand_as") == 0)
        return expand(out, eval, name[6] == '_', args, err);
    if (strcmp(name, "numel") == 0 || strcmp(name, "nelement") == 0)
        return count(out, eval, args->values, err);
    if (strcmp(name, "max") == 0 || strcmp(name, "min") == 0)
        return extreme(out, known, eval, name, args, err);
    if (strcmp(name, "ndimension") == 0) {
        *out = cvyi_py_int(type_of(eval, args->values)->rank);
        return CVY_OK;
    }
    if (strcmp(name, "t") == 0) {
        axes[0] = args->values[0];
        axes[1] = cvyi_py_int(0);
        axes[2] = cvyi_py_int(1);
        return say(out, eval, "torch.transpose", axes, 3, err);
    }
    *known = false;
    return CVY_OK;
}

cvy_status cvyi_torch_tensor_get(cvyi_py_value *out, bool *known,
                                 cvyi_py_eval *eval, const cvyi_py_value *self,
                                 const char *name, cvy_error *err)
{
    const cvyi_py_value axes[3] = { *self, cvyi_py_int(0), cvyi_py_int(1) };

    *known = true;
    if (strcmp(name, "data") == 0) {
        *out = *self;
        return CVY_OK;
    }
    if (strcmp(name, "is_cuda") == 0 || strcmp(name, "requires_grad") == 0) {
        *out = cvyi_py_bool(false);
        return CVY_OK;
    }
    if (strcmp(name, "T") == 0 && type_of(eval, self)->rank == 2)
        return say(out, eval, "torch.transpose", axes, 3, err);
    if (strcmp(name, "dtype") == 0) {
        *out = cvyi_py_host_value(&cvyi_torch_name_type, "torch.float32");
        return type_of(eval, self)->dtype == CVY_F32
                   ? CVY_OK
                   : cvyi_py_refuse(eval, err, "the type of a tensor");
    }
    *known = false;
    return CVY_OK;
}
