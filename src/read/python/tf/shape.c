/*
 * read/python/tf/shape.c - shapes, their elements, and sizes that are not
 * known.
 *
 * x.get_shape() is what TensorFlow knows without running: an unknown size is
 * None there. tf.shape(x) is what a run would see: an unknown size is a
 * symbol, which shapes of the graph go on with.
 */
#include "read/python/tf/host.h"

#include <string.h>

typedef struct shape {
    int rank;
    cvyi_size dims[CVYI_MAX_DIMS];
} shape;

/* ---- sizes ---- */

static const cvyi_py_host_type size_type;

cvyi_py_value cvyi_tf_size(cvyi_size size)
{
    int64_t value;

    if (cvyi_size_constant(&value, size))
        return cvyi_py_int(value);
    return cvyi_py_host_value(&size_type, (void *)size);
}

static bool is_host(const cvyi_py_value *value, const cvyi_py_host_type *type)
{
    return value->type == CVYI_PY_V_HOST && value->host.type == type;
}

cvyi_size cvyi_tf_as_size(cvyi_py_eval *eval, const cvyi_py_value *value)
{
    cvyi_sizes *const pool = &cvyi_tf_of(eval)->trace->sizes;

    if (value->type == CVYI_PY_V_INT)
        return cvyi_size_of(pool, value->integer);
    if (value->type == CVYI_PY_V_FLOAT &&
        value->real == (double)(int64_t)value->real)
        return cvyi_size_of(pool, (int64_t)value->real);
    if (is_host(value, &size_type) || is_host(value, &cvyi_tf_dimension_type))
        return value->host.data;
    return NULL;
}

static cvyi_size compute(cvyi_sizes *pool, const char *op, cvyi_size a,
                         cvyi_size b)
{
    if (strcmp(op, "Add") == 0)
        return cvyi_size_add(pool, a, b);
    if (strcmp(op, "Sub") == 0)
        return cvyi_size_sub(pool, a, b);
    if (strcmp(op, "Mult") == 0)
        return cvyi_size_mul(pool, a, b);
    if (strcmp(op, "FloorDiv") == 0 || strcmp(op, "Div") == 0)
        return cvyi_size_floor(pool, a, b);
    return NULL;
}

static cvy_status size_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *op, const cvyi_py_value *left,
                              const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_size a = cvyi_tf_as_size(eval, left);
    const cvyi_size b = cvyi_tf_as_size(eval, right);
    const cvyi_size made =
        a != NULL && b != NULL
            ? compute(&cvyi_tf_of(eval)->trace->sizes, op, a, b)
            : NULL;

    if (made == NULL)
        return cvyi_py_refuse(eval, err,
                              "%s of a size that is not known is not "
                              "followed",
                              op);
    *out = cvyi_tf_size(made);
    return CVY_OK;
}

static cvy_status size_compare(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *op, const cvyi_py_value *left,
                               const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_size a = cvyi_tf_as_size(eval, left);
    const bool eq = strcmp(op, "Eq") == 0;

    if (a != NULL && a == cvyi_tf_as_size(eval, right) &&
        (eq || strcmp(op, "NotEq") == 0)) {
        *out = cvyi_py_bool(eq);
        return CVY_OK;
    }
    return cvyi_py_make_opaque(out, eval, err,
                               "what it does depends on a size that is not "
                               "known");
}

static const cvyi_py_host_type size_type = {
    .name = "a size that is not known",
    .binary = size_binary,
    .compare = size_compare,
};

/* ---- elements of a shape ---- */

static bool known(int64_t *out, const cvyi_py_value *self)
{
    return cvyi_size_constant(out, self->host.data);
}

/* An unknown dimension is None as a value. */
static cvyi_py_value plain(const cvyi_py_value *self)
{
    int64_t value;

    return known(&value, self) ? cvyi_py_int(value) : cvyi_py_none();
}

static cvy_status dimension_get(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *self, const char *name,
                                cvy_error *err)
{
    if (strcmp(name, "value") != 0)
        return cvyi_py_refuse(eval, err, "%s of a dimension", name);
    *out = plain(self);
    return CVY_OK;
}

/* With numbers it is one, whatever the operator. */
static cvy_status dimension_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const char *op, const cvyi_py_value *left,
                                   const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_size a = cvyi_tf_as_size(eval, left);
    const cvyi_size b = cvyi_tf_as_size(eval, right);
    cvyi_size made;

    if (a == NULL || b == NULL)
        return cvyi_py_refuse(eval, err, "%s of a dimension and %s", op,
                              cvyi_py_describe(eval, right));
    made = compute(&cvyi_tf_of(eval)->trace->sizes, op, a, b);
    if (made == NULL)
        return cvyi_py_refuse(eval, err, "%s of a dimension", op);
    *out = cvyi_py_host_value(&cvyi_tf_dimension_type, (void *)made);
    return CVY_OK;
}

static cvy_status dimension_compare(cvyi_py_value *out, cvyi_py_eval *eval,
                                    const char *op, const cvyi_py_value *left,
                                    const cvyi_py_value *right, cvy_error *err)
{
    const bool mine = is_host(left, &cvyi_tf_dimension_type);
    const cvyi_py_value *const other = mine ? right : left;
    const cvyi_size a = cvyi_tf_as_size(eval, left);
    const cvyi_size b = cvyi_tf_as_size(eval, right);
    int64_t x, y;

    /* `dim is None`, `dim == None` ask whether it is known. */
    if (other->type == CVYI_PY_V_NONE) {
        const bool none = !known(&x, mine ? left : right);

        *out = cvyi_py_bool(none ==
                            (strcmp(op, "Eq") == 0 || strcmp(op, "Is") == 0));
        return CVY_OK;
    }
    if (a == NULL || b == NULL || !cvyi_size_constant(&x, a) ||
        !cvyi_size_constant(&y, b))
        return cvyi_py_make_opaque(out, eval, err,
                                   "what it does depends on a size that is "
                                   "not known");
    *out = cvyi_py_bool(strcmp(op, "Eq") == 0      ? x == y
                        : strcmp(op, "NotEq") == 0 ? x != y
                        : strcmp(op, "Lt") == 0    ? x < y
                        : strcmp(op, "LtE") == 0   ? x <= y
                        : strcmp(op, "Gt") == 0    ? x > y
                                                   : x >= y);
    return CVY_OK;
}

static cvy_status dimension_unary(cvyi_py_value *out, cvyi_py_eval *eval,
                                  const char *op, const cvyi_py_value *self,
                                  cvy_error *err)
{
    int64_t value;

    if (!known(&value, self))
        return cvyi_py_refuse(eval, err, "%s of a size that is not known", op);
    if (strcmp(op, "int") == 0)
        *out = cvyi_py_int(value);
    else if (strcmp(op, "float") == 0)
        *out = cvyi_py_float((double)value);
    else
        return cvyi_py_refuse(eval, err, "%s of a dimension", op);
    return CVY_OK;
}

static cvy_status dimension_truth(bool *out, cvyi_py_eval *eval,
                                  const cvyi_py_value *self, cvy_error *err)
{
    int64_t value;

    (void)eval;
    (void)err;
    *out = known(&value, self) && value != 0;
    return CVY_OK;
}

const cvyi_py_host_type cvyi_tf_dimension_type = {
    .name = "a dimension",
    .get = dimension_get,
    .binary = dimension_binary,
    .compare = dimension_compare,
    .unary = dimension_unary,
    .truth = dimension_truth,
};

/* ---- whole shapes ---- */

static cvyi_py_value element(const shape *s, int i)
{
    return cvyi_py_host_value(&cvyi_tf_dimension_type, (void *)s->dims[i]);
}

/* [None, 28, 28, 1] */
static cvy_status as_list(cvyi_py_value *out, cvyi_py_eval *eval,
                          const shape *s, cvyi_py_type type, bool plainly,
                          cvy_error *err)
{
    cvyi_py_value items[CVYI_MAX_DIMS];

    for (int i = 0; i < s->rank; i++) {
        const cvyi_py_value one = element(s, i);

        items[i] = plainly ? plain(&one) : one;
    }
    return cvyi_py_make_seq(out, eval, type, items, s->rank, err);
}

typedef struct method {
    const char *name;
    const shape *self;
} method;

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    int64_t elements = 1, value;

    (void)args;
    if (strcmp(m->name, "as_list") == 0)
        return as_list(out, eval, m->self, CVYI_PY_V_LIST, true, err);
    if (strcmp(m->name, "num_elements") == 0) {
        for (int i = 0; i < m->self->rank; i++) {
            if (!cvyi_size_constant(&value, m->self->dims[i])) {
                *out = cvyi_py_none();
                return CVY_OK;
            }
            if (!cvyi_mul64(&elements, elements, value))
                return cvyi_py_refuse(eval, err, "the shape is too large");
        }
        *out = cvyi_py_int(elements);
        return CVY_OK;
    }
    if (strcmp(m->name, "assert_has_rank") == 0 ||
        strcmp(m->name, "assert_is_compatible_with") == 0 ||
        strcmp(m->name, "assert_is_fully_defined") == 0) {
        *out = cvyi_py_none();
        return CVY_OK;
    }
    return cvyi_py_refuse(eval, err, "%s of a shape", m->name);
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a shape",
    .call = call_method,
};

static cvy_status shape_get(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self, const char *name,
                            cvy_error *err)
{
    const shape *const s = self->host.data;
    method *m;

    if (strcmp(name, "ndims") == 0 || strcmp(name, "rank") == 0) {
        *out = cvyi_py_int(s->rank);
        return CVY_OK;
    }
    if (strcmp(name, "dims") == 0)
        return as_list(out, eval, s, CVYI_PY_V_LIST, false, err);
    m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);
    if (m == NULL)
        return cvyi_no_memory(err);
    *m = (method){ name, s };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}

/* Slices of a shape are shapes. */
static cvy_status shape_item(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self,
                             const cvyi_py_value *index, cvy_error *err)
{
    const shape *const s = self->host.data;
    int64_t at, bounds[2] = { 0, s->rank };
    const cvyi_py_value *const ends[] = { index->bounds.start,
                                          index->bounds.stop };

    if (index->type == CVYI_PY_V_INT) {
        at = index->integer < 0 ? index->integer + s->rank : index->integer;
        if (at < 0 || at >= s->rank)
            return cvyi_py_refuse(eval, err,
                                  "a shape of %d axes has no element %lld",
                                  s->rank, (long long)index->integer);
        *out = element(s, (int)at);
        return CVY_OK;
    }
    if (index->type != CVYI_PY_V_SLICE ||
        index->bounds.step->type != CVYI_PY_V_NONE)
        return cvyi_py_refuse(eval, err, "this index of a shape");
    for (int i = 0; i < 2; i++) {
        if (ends[i]->type == CVYI_PY_V_NONE)
            continue;
        if (ends[i]->type != CVYI_PY_V_INT)
            return cvyi_py_refuse(eval, err, "this index of a shape");
        at = ends[i]->integer < 0 ? ends[i]->integer + s->rank
                                  : ends[i]->integer;
        bounds[i] = at < 0 ? 0 : at > s->rank ? s->rank : at;
    }
    if (bounds[1] < bounds[0])
        bounds[1] = bounds[0];
    return cvyi_tf_make_shape(out, eval, (int)(bounds[1] - bounds[0]),
                              s->dims + bounds[0], err);
}

static cvy_status shape_iterate(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *self, cvy_error *err)
{
    return as_list(out, eval, self->host.data, CVYI_PY_V_LIST, false, err);
}

static cvy_status shape_length(int64_t *out, cvyi_py_eval *eval,
                               const cvyi_py_value *self, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = ((const shape *)self->host.data)->rank;
    return CVY_OK;
}

/* shape + [3]: a longer shape. */
static cvy_status shape_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *op, const cvyi_py_value *left,
                               const cvyi_py_value *right, cvy_error *err)
{
    shape a, b;

    if (strcmp(op, "Add") != 0)
        return cvyi_py_refuse(eval, err, "%s of a shape", op);
    CVYI_TRY(cvyi_tf_read_shape(&a.rank, a.dims, eval, left, err));
    CVYI_TRY(cvyi_tf_read_shape(&b.rank, b.dims, eval, right, err));
    if (a.rank < 0 || b.rank < 0 || a.rank + b.rank > CVYI_MAX_DIMS)
        return cvyi_py_refuse(eval, err, "a shape of too many axes");
    memcpy(a.dims + a.rank, b.dims, (size_t)b.rank * sizeof *b.dims);
    return cvyi_tf_make_shape(out, eval, a.rank + b.rank, a.dims, err);
}

const cvyi_py_host_type cvyi_tf_shape_type = {
    .name = "a shape",
    .get = shape_get,
    .item = shape_item,
    .iterate = shape_iterate,
    .length = shape_length,
    .binary = shape_binary,
};

cvy_status cvyi_tf_make_shape(cvyi_py_value *out, cvyi_py_eval *eval, int rank,
                              const cvyi_size *dims, cvy_error *err)
{
    shape *const made = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *made);

    if (made == NULL)
        return cvyi_no_memory(err);
    made->rank = rank;
    if (rank > 0)
        memcpy(made->dims, dims, (size_t)rank * sizeof *dims);
    *out = cvyi_py_host_value(&cvyi_tf_shape_type, made);
    return CVY_OK;
}

cvy_status cvyi_tf_shape_list(cvyi_py_value *out, cvyi_py_eval *eval,
                              int result, cvy_error *err)
{
    const cvyi_type *const type = cvyi_tf_type(eval, result);
    cvyi_py_value items[CVYI_MAX_DIMS];

    for (int i = 0; i < type->rank; i++)
        items[i] = cvyi_tf_size(type->dims[i]);
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, items, type->rank, err);
}

/* ---- shapes as arguments ---- */

static cvy_status read_element(cvyi_size *out, cvyi_py_eval *eval,
                               const cvyi_py_value *value, cvy_error *err)
{
    static const int64_t LARGEST = (int64_t)1 << 31;

    *out = NULL;
    if (value->type == CVYI_PY_V_NONE ||
        (value->type == CVYI_PY_V_INT && value->integer == -1))
        return CVY_OK;
    if (value->type == CVYI_PY_V_INT &&
        (value->integer < 0 || value->integer > LARGEST))
        return cvyi_py_refuse(eval, err, "a size of %lld",
                              (long long)value->integer);
    *out = cvyi_tf_as_size(eval, value);
    return *out != NULL ? CVY_OK
                        : cvyi_py_refuse(eval, err, "%s is no size",
                                         cvyi_py_describe(eval, value));
}

cvy_status cvyi_tf_read_shape(int *rank, cvyi_size *dims, cvyi_py_eval *eval,
                              const cvyi_py_value *value, cvy_error *err)
{
    cvyi_py_value list;

    if (value == NULL || value->type == CVYI_PY_V_NONE) {
        *rank = -1;
        return CVY_OK;
    }
    if (is_host(value, &cvyi_tf_shape_type)) {
        const shape *const s = value->host.data;

        *rank = s->rank;
        memcpy(dims, s->dims, sizeof s->dims);
        return CVY_OK;
    }
    if (cvyi_tf_as_size(eval, value) != NULL) {
        *rank = 1;
        return read_element(&dims[0], eval, value, err);
    }
    CVYI_TRY(cvyi_py_eval_list(&list, eval, value, err));
    if (list.seq->n > CVYI_MAX_DIMS)
        return cvyi_py_refuse(eval, err, "a shape of %d axes", list.seq->n);
    for (int i = 0; i < list.seq->n; i++)
        CVYI_TRY(read_element(&dims[i], eval, &list.seq->items[i], err));
    *rank = list.seq->n;
    return CVY_OK;
}

cvy_status cvyi_tf_ask_shape(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *x, cvy_error *err)
{
    if (x == NULL || cvyi_tf_result(x) < 0)
        return cvyi_py_refuse(eval, err, "the shape of what is no tensor");
    return cvyi_tf_shape_list(out, eval, cvyi_tf_result(x), err);
}

cvy_status cvyi_tf_ask_rank(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *x, cvy_error *err)
{
    if (x == NULL || cvyi_tf_result(x) < 0)
        return cvyi_py_refuse(eval, err, "the rank of what is no tensor");
    *out = cvyi_py_int(cvyi_tf_type(eval, cvyi_tf_result(x))->rank);
    return CVY_OK;
}
