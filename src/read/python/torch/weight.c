/*
 * read/python/torch/weight.c - parameters and buffers of modules, and tensors
 * of numbers that may become some.
 */
#include "read/python/torch/script.h"

#include <string.h>

cvyi_torch_weight *cvyi_torch_weight_of(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_HOST &&
                   value->host.type == &cvyi_torch_weight_type
               ? value->host.data
               : NULL;
}

cvy_status cvyi_torch_weight_new(cvyi_torch_weight **out, cvyi_py_eval *eval,
                                 const cvyi_shape *shape, cvyi_fresh fresh,
                                 cvy_error *err)
{
    enum { MOST = 1 << 30 };
    cvyi_torch_weight *const weight =
        cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *weight);
    int64_t all = 1;

    for (int i = 0; i < shape->rank; i++)
        if (!cvyi_mul64(&all, all, shape->dims[i]) || all > MOST)
            return cvyi_py_refuse(eval, err, "a tensor of so many elements");
    if (weight == NULL)
        return cvyi_no_memory(err);
    *weight = (cvyi_torch_weight){ .shape = *shape,
                                   .fresh = fresh,
                                   .line = cvyi_py_line_now(eval),
                                   .param = -1 };
    *out = weight;
    return CVY_OK;
}

/* ---- what a module holds ---- */

const cvyi_torch_held *cvyi_torch_held_of(const cvyi_torch_node *node,
                                          const char *name)
{
    for (int i = 0; node->holding != NULL && i < node->holding->n; i++)
        if (strcmp(node->holding->items[i].name, name) == 0)
            return &node->holding->items[i];
    return NULL;
}

cvy_status cvyi_torch_hold(cvyi_py_eval *eval, cvyi_torch_node *node,
                           const char *name, cvyi_torch_weight *weight,
                           cvy_error *err)
{
    cvyi_torch_holding *const h = node->holding;
    cvyi_torch_held *items;

    for (int i = 0; i < h->n; i++)
        if (strcmp(h->items[i].name, name) == 0) {
            h->items[i].weight = weight;
            return CVY_OK;
        }
    items = cvyi_arena_grow(cvyi_py_arena(eval), h->items, h->n, &h->capacity,
                            sizeof *items);
    if (items == NULL)
        return cvyi_no_memory(err);
    h->items = items;
    items[h->n].name =
        cvyi_arena_text(cvyi_py_arena(eval), name, strlen(name));
    items[h->n].weight = weight;
    return items[h->n++].name != NULL ? CVY_OK : cvyi_no_memory(err);
}

cvyi_py_value cvyi_torch_held_value(const cvyi_torch_held *held)
{
    return held->weight != NULL
               ? cvyi_py_host_value(&cvyi_torch_weight_type, held->weight)
               : cvyi_py_none();
}

/* ---- as a value ---- */

typedef struct method {
    const char *name;
    cvyi_torch_weight *self;
} method;

static cvy_status shape_of(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_torch_weight *weight, cvy_error *err)
{
    cvyi_py_value sizes[CVYI_MAX_DIMS];

    for (int i = 0; i < weight->shape.rank; i++)
        sizes[i] = cvyi_py_int(weight->shape.dims[i]);
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, sizes,
                            weight->shape.rank, err);
}

static int64_t count(const cvyi_torch_weight *weight)
{
    int64_t n = 1;

    for (int i = 0; i < weight->shape.rank; i++)
        n *= weight->shape.dims[i];
    return n;
}

static cvy_status size_of(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_torch_weight *weight,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    int64_t axis;

    if (args->n == 0)
        return shape_of(out, eval, weight, err);
    axis = args->values[0].type == CVYI_PY_V_INT ? args->values[0].integer
                                                 : CVYI_MAX_DIMS;
    axis = axis < 0 ? axis + weight->shape.rank : axis;
    if (axis < 0 || axis >= weight->shape.rank)
        return cvyi_py_refuse(eval, err, "a tensor has no such axis");
    *out = cvyi_py_int(weight->shape.dims[axis]);
    return CVY_OK;
}

static bool keeps(const char *name)
{
    static const char *const names[] = {
        "to",    "cuda",   "cpu",  "float",   "contiguous",
        "clone", "detach", "data", "detach_", "requires_grad_",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* The same numbers in another shape; -1 is worked out. */
static cvy_status reshaped(cvyi_py_value *out, cvyi_py_eval *eval,
                           cvyi_torch_weight *weight,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *values = args->values;
    cvyi_torch_weight *made;
    int64_t known = 1;
    int n = args->n, open = -1;
    cvyi_shape shape;

    if (n == 1 && (values[0].type == CVYI_PY_V_LIST ||
                   values[0].type == CVYI_PY_V_TUPLE)) {
        n = values[0].seq->n;
        values = values[0].seq->items;
    }
    if (n > CVYI_MAX_DIMS)
        return cvyi_py_refuse(eval, err, "a tensor of %d axes", n);
    shape.rank = n;
    for (int i = 0; i < n; i++) {
        if (values[i].type != CVYI_PY_V_INT)
            return cvyi_py_refuse(eval, err, "a shape that is not known");
        shape.dims[i] = values[i].integer;
        if (shape.dims[i] == -1 && open < 0)
            open = i;
        else if (shape.dims[i] < 1 ||
                 !cvyi_mul64(&known, known, shape.dims[i]))
            return cvyi_py_refuse(eval, err, "a shape that does not fit");
    }
    if (open >= 0)
        shape.dims[open] = count(weight) / known;
    if (count(weight) != known * (open >= 0 ? shape.dims[open] : 1))
        return cvyi_py_refuse(eval, err, "a shape that does not fit");
    if (weight->role != CVYI_TORCH_NUMBERS)
        return cvyi_torch_weight_view(out, eval, weight, &shape, err);
    CVYI_TRY(cvyi_torch_weight_new(&made, eval, &shape, weight->fresh, err));
    made->numbers = weight->numbers;
    made->doubt = weight->doubt;
    *out = cvyi_py_host_value(&cvyi_torch_weight_type, made);
    return CVY_OK;
}

/* w.unsqueeze(0) */
static cvy_status unsqueezed(cvyi_py_value *out, cvyi_py_eval *eval,
                             cvyi_torch_weight *weight,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const dim = cvyi_torch_arg(args, 0, "dim");
    const int rank = weight->shape.rank;
    int64_t at = dim != NULL && dim->type == CVYI_PY_V_INT ? dim->integer : 99;
    cvyi_shape shape = { .rank = rank + 1 };

    at = at < 0 ? at + rank + 1 : at;
    if (at < 0 || at > rank || rank == CVYI_MAX_DIMS)
        return cvyi_py_refuse(eval, err, "a parameter has no such axis");
    for (int i = 0; i <= rank; i++)
        shape.dims[i] = i < at    ? weight->shape.dims[i]
                        : i == at ? 1
                                  : weight->shape.dims[i - 1];
    return cvyi_torch_weight_view(out, eval, weight, &shape, err);
}

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    bool known;

    *out = cvyi_py_host_value(&cvyi_torch_weight_type, m->self);
    if (strcmp(m->name, "size") == 0)
        return size_of(out, eval, m->self, args, err);
    if (strcmp(m->name, "dim") == 0 || strcmp(m->name, "ndimension") == 0) {
        *out = cvyi_py_int(m->self->shape.rank);
        return CVY_OK;
    }
    if (strcmp(m->name, "numel") == 0 || strcmp(m->name, "nelement") == 0) {
        *out = cvyi_py_int(count(m->self));
        return CVY_OK;
    }
    if (strcmp(m->name, "requires_grad_") == 0)
        m->self->frozen = args->n == 1 &&
                          args->values[0].type == CVYI_PY_V_BOOL &&
                          !args->values[0].truth;
    if (keeps(m->name))
        return CVY_OK;
    if (strcmp(m->name, "view") == 0 || strcmp(m->name, "reshape") == 0)

        return reshaped(out, eval, m->self, args, err);
    if (strcmp(m->name, "unsqueeze") == 0 &&
        m->self->role != CVYI_TORCH_NUMBERS)
        return unsqueezed(out, eval, m->self, args, err);
    if (m->self->of != NULL)
        return cvyi_py_refuse(eval, err, "%s of a parameter's view", m->name);
    CVYI_TRY(cvyi_torch_init(&known, eval, m->name, m->self, args, err));
    return known
               ? CVY_OK
               : cvyi_py_refuse(eval, err, "%s of a parameter is not followed",
                                m->name);
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a parameter",
    .call = call_method,
};

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    cvyi_torch_weight *const weight = self->host.data;
    method *m;

    if (strcmp(name, "shape") == 0)
        return shape_of(out, eval, weight, err);
    if (strcmp(name, "data") == 0) {
        *out = *self;
        return CVY_OK;
    }
    if (strcmp(name, "ndim") == 0) {
        *out = cvyi_py_int(weight->shape.rank);
        return CVY_OK;
    }
    if (strcmp(name, "requires_grad") == 0) {
        *out = cvyi_py_bool(weight->role == CVYI_TORCH_PARAMETER &&
                            !weight->frozen);
        return CVY_OK;
    }
    if (strcmp(name, "grad") == 0 || strcmp(name, "device") == 0 ||
        strcmp(name, "dtype") == 0 || strcmp(name, "is_cuda") == 0 ||
        strcmp(name, "T") == 0)
        return cvyi_py_refuse(eval, err, "%s of a parameter is not followed",
                              name);
    m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);
    if (m == NULL)
        return cvyi_no_memory(err);
    *m = (method){ name, weight };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}

static cvy_status set(cvyi_py_eval *eval, const cvyi_py_value *self,
                      const char *name, const cvyi_py_value *value,
                      cvy_error *err)
{
    cvyi_torch_weight *const weight = self->host.data;
    const cvyi_torch_weight *const other = cvyi_torch_weight_of(value);

    (void)err;
    if (strcmp(name, "requires_grad") == 0) {
        weight->frozen = value->type == CVYI_PY_V_BOOL && !value->truth;
        return CVY_OK;
    }
    if (strcmp(name, "data") != 0)
        return CVY_OK; /* whatever a script keeps there */
    if (other == NULL) {
        weight->doubt = "its numbers are set to what is not known";
        return CVY_OK;
    }
    weight->shape = other->shape;
    weight->fresh = other->fresh;
    weight->numbers = other->numbers;
    weight->doubt = other->doubt;
    return eval != NULL ? CVY_OK : CVY_ARGUMENT;
}

/* weight.data[3] = …: some of its numbers are others now. */
static cvy_status set_item(cvyi_py_eval *eval, const cvyi_py_value *self,
                           const cvyi_py_value *index,
                           const cvyi_py_value *value, cvy_error *err)
{
    cvyi_torch_weight *const weight = self->host.data;

    (void)eval;
    (void)index;
    (void)value;
    (void)err;
    weight->doubt = "some of its numbers are set one by one";
    return CVY_OK;
}

static bool is_whole(const cvyi_py_value *index)
{
    return index->type == CVYI_PY_V_SLICE &&
           index->bounds.start->type == CVYI_PY_V_NONE &&
           index->bounds.stop->type == CVYI_PY_V_NONE &&
           index->bounds.step->type == CVYI_PY_V_NONE;
}

/* self.weight[:, None, None] */
static cvy_status item(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self, const cvyi_py_value *index,
                       cvy_error *err)
{
    cvyi_torch_weight *const weight = self->host.data;
    const bool many = index->type == CVYI_PY_V_TUPLE;
    const int n = many ? index->seq->n : 1;
    cvyi_shape shape = { 0 };
    int at = 0;

    for (int i = 0; i < n; i++) {
        const cvyi_py_value *const each = many ? &index->seq->items[i] : index;
        const bool more = each->type == CVYI_PY_V_NONE;

        if (shape.rank == CVYI_MAX_DIMS ||
            (!more && (!is_whole(each) || at == weight->shape.rank)))
            return cvyi_py_refuse(eval, err,
                                  "a part of a parameter is not followed");
        shape.dims[shape.rank++] = more ? 1 : weight->shape.dims[at++];
    }
    for (; at < weight->shape.rank; at++) {
        if (shape.rank == CVYI_MAX_DIMS)
            return cvyi_py_refuse(eval, err, "a parameter of so many axes");
        shape.dims[shape.rank++] = weight->shape.dims[at];
    }
    if (weight->role == CVYI_TORCH_NUMBERS)
        return cvyi_py_refuse(eval, err, "items of numbers");
    return cvyi_torch_weight_view(out, eval, weight, &shape, err);
}

/* 0.1 * torch.randn(3), torch.ones(3) + 1 */
static cvy_status scaled(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_torch_weight *weight,
                         double by, cvy_error *err)
{
    const bool times = strcmp(op, "Mult") == 0 || strcmp(op, "Div") == 0;
    const double factor = strcmp(op, "Mult") == 0  ? by
                          : strcmp(op, "Div") == 0 ? 1 / by
                                                   : 1;
    const double more = strcmp(op, "Add") == 0   ? by
                        : strcmp(op, "Sub") == 0 ? -by
                                                 : 0;
    cvyi_fresh fresh = weight->fresh;
    cvyi_torch_weight *made;
    double *numbers = NULL;

    if (!times && more == 0 && by != 0)
        return cvyi_py_refuse(eval, err, "%s of numbers is not followed", op);
    if (weight->numbers != NULL) {
        numbers = cvyi_arena_alloc(cvyi_py_arena(eval), (size_t)count(weight),
                                   sizeof *numbers);
        if (numbers == NULL)
            return cvyi_no_memory(err);
        for (int64_t i = 0; i < count(weight); i++)
            numbers[i] = (double)(float)(weight->numbers[i] * factor + more);
    }
    fresh.a = fresh.a * factor + more;
    fresh.b *= factor;
    if (fresh.kind == CVYI_FRESH_UNIFORM && !times)
        fresh.b += more;
    CVYI_TRY(cvyi_torch_weight_new(&made, eval, &weight->shape, fresh, err));
    made->numbers = numbers;
    made->doubt = weight->doubt;
    *out = cvyi_py_host_value(&cvyi_torch_weight_type, made);
    return CVY_OK;
}

static cvy_status binary(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_py_value *left,
                         const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_torch_weight *const a = cvyi_torch_weight_of(left);
    const cvyi_torch_weight *const b = cvyi_torch_weight_of(right);
    const cvyi_py_value operands[2] = { *left, *right };
    const cvyi_py_call_args args = { .n = 2, .values = operands };
    double by;

    if (cvyi_torch_result(left) >= 0 || cvyi_torch_result(right) >= 0)
        return cvyi_torch_tensor_binary(out, eval, op, &args, err);
    if (a != NULL && a->role == CVYI_TORCH_NUMBERS &&
        cvyi_torch_is_number(&by, right))
        return scaled(out, eval, op, a, by, err);
    if (b != NULL && b->role == CVYI_TORCH_NUMBERS &&
        cvyi_torch_is_number(&by, left) &&
        (strcmp(op, "Mult") == 0 || strcmp(op, "Add") == 0))
        return scaled(out, eval, op, b, by, err);
    return cvyi_py_refuse(eval, err,
                          "arithmetic with parameters alone is not followed");
}

static cvy_status length(int64_t *out, cvyi_py_eval *eval,
                         const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_torch_weight *const weight = self->host.data;

    if (weight->shape.rank == 0)
        return cvyi_py_refuse(eval, err, "a single number has no length");
    *out = weight->shape.dims[0];
    return CVY_OK;
}

const cvyi_py_host_type cvyi_torch_weight_type = {
    .name = "a parameter",
    .get = get,
    .set = set,
    .binary = binary,
    .item = item,
    .set_item = set_item,
    .length = length,
};
