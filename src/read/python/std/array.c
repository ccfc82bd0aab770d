/*
 * read/python/std/array.c - arrays of NumPy: making them, their parts.
 */
#include "read/python/std/array.h"
#include "read/python/std/std.h"

#include <math.h>

static const int64_t MOST = (int64_t)16 << 20;

/* ---- types of elements ---- */

static const cvyi_python_dtype dtypes[] = {
    { "float64", CVYI_PYTHON_FLOAT, 64 }, { "float32", CVYI_PYTHON_FLOAT, 32 },
    { "float16", CVYI_PYTHON_FLOAT, 16 }, { "int64", CVYI_PYTHON_INT, 64 },
    { "int32", CVYI_PYTHON_INT, 32 },     { "int16", CVYI_PYTHON_INT, 16 },
    { "int8", CVYI_PYTHON_INT, 8 },       { "uint8", CVYI_PYTHON_INT, 8 },
    { "uint16", CVYI_PYTHON_INT, 16 },    { "uint32", CVYI_PYTHON_INT, 32 },
    { "bool", CVYI_PYTHON_BOOL, 8 },
};

const cvyi_python_dtype *cvyi_python_dtype_named(const char *name)
{
    static const char *const others[][2] = {
        { "float", "float64" },  { "double", "float64" },
        { "float_", "float64" }, { "single", "float32" },
        { "half", "float16" },   { "int", "int64" },
        { "int_", "int64" },     { "long", "int64" },
        { "bool_", "bool" },     { "f", "float32" },
        { "f4", "float32" },     { "f8", "float64" },
        { "i4", "int32" },       { "i8", "int64" },
        { "intc", "int32" },     { "intp", "int64" },
    };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i][0], name) == 0)
            name = others[i][1];
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++)
        if (strcmp(dtypes[i].name, name) == 0)
            return &dtypes[i];
    return NULL;
}

const cvyi_python_dtype *cvyi_python_dtype_of(const cvyi_py_value *value)
{
    if (value->type == CVYI_PY_V_HOST &&
        value->host.type == &cvyi_python_dtype_type)
        return value->host.data;
    if (value->type == CVYI_PY_V_TEXT)
        return cvyi_python_dtype_named(value->text);
    if (value->type == CVYI_PY_V_BUILTIN && value->builtin->is_type)
        return cvyi_python_dtype_named(value->builtin->name);
    return NULL;
}

double cvyi_python_kept(const cvyi_python_dtype *dtype, double x)
{
    if (dtype->kind == CVYI_PYTHON_BOOL)
        return x != 0;
    if (dtype->kind == CVYI_PYTHON_INT)
        return trunc(x);
    return dtype->bits == 32 ? (double)(float)x : x;
}

cvyi_py_value cvyi_python_scalar(const cvyi_python_dtype *dtype, double x)
{
    if (dtype->kind == CVYI_PYTHON_BOOL)
        return cvyi_py_bool(x != 0);
    if (dtype->kind == CVYI_PYTHON_INT && fabs(x) < 0x1p62)
        return cvyi_py_int((int64_t)x);
    return cvyi_py_float(x);
}

/* np.float32(x): a number, or an array of that type. */
static cvy_status call_dtype(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *self,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_python_dtype *const dtype = self->host.data;
    const cvyi_python_array *array;

    if (args->n != 1 || args->n_keywords != 0)
        return cvyi_py_refuse(eval, err, "%s() takes one value", dtype->name);
    CVYI_TRY(
        cvyi_python_array_from(&array, eval, &args->values[0], dtype, err));
    *out = array->rank == 0 ? cvyi_python_scalar(dtype, array->items[0])
                            : cvyi_python_array_value(array);
    return CVY_OK;
}

static cvy_status get_dtype(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self, const char *name,
                            cvy_error *err)
{
    const cvyi_python_dtype *const dtype = self->host.data;

    if (strcmp(name, "name") == 0 || strcmp(name, "__name__") == 0)
        *out = cvyi_py_text_value(dtype->name);
    else if (strcmp(name, "itemsize") == 0)
        *out = cvyi_py_int(dtype->bits / 8);
    else
        return cvyi_py_refuse(eval, err, "%.60s of a dtype", name);
    return CVY_OK;
}

static cvy_status compare_dtype(cvyi_py_value *out, cvyi_py_eval *eval,
                                const char *op, const cvyi_py_value *a,
                                const cvyi_py_value *b, cvy_error *err)
{
    const cvyi_python_dtype *const x = cvyi_python_dtype_of(a);
    const cvyi_python_dtype *const y = cvyi_python_dtype_of(b);

    if (strcmp(op, "Eq") != 0 && strcmp(op, "NotEq") != 0)
        return cvyi_py_refuse(eval, err, "dtypes are put in order");
    *out = cvyi_py_bool((x == y) == (op[0] == 'E'));
    return CVY_OK;
}

const cvyi_py_host_type cvyi_python_dtype_type = {
    .name = "a dtype",
    .is_data = true,
    .get = get_dtype,
    .call = call_dtype,
    .compare = compare_dtype,
};

/* ---- making arrays ---- */

cvy_status cvyi_python_array_make(cvyi_python_array **out, cvyi_py_eval *eval,
                                  const cvyi_python_dtype *dtype, int rank,
                                  const int64_t *dims, cvy_error *err)
{
    cvyi_python_array *array;
    int64_t n = 1;

    if (rank > CVYI_PYTHON_RANK)
        return cvyi_py_refuse(eval, err, "an array of %d axes", rank);
    for (int i = 0; i < rank; i++) {
        if (dims[i] < 0)
            return cvyi_py_throw(eval, err, "ValueError",
                                 "negative dimensions are not allowed");
        if (!cvyi_mul64(&n, n, dims[i]) || n > MOST)
            return cvyi_py_refuse(eval, err,
                                  "an array of more than %lld elements",
                                  (long long)MOST);
    }
    CVYI_TRY(cvyi_py_room(eval, (size_t)n, sizeof *array->items, err));
    CVYI_TRY(cvyi_py_tick(eval, n / 16, err));
    CVYI_PY_NEW(array, eval, 1, err);
    CVYI_PY_NEW(array->items, eval, n, err);
    array->dtype = dtype;
    array->rank = rank;
    for (int i = 0; i < rank; i++)
        array->dims[i] = dims[i];
    array->n = n;
    *out = array;
    return CVY_OK;
}

cvyi_py_value cvyi_python_array_value(const cvyi_python_array *array)
{
    return cvyi_py_host_value(&cvyi_python_array_type,
                              (void *)(uintptr_t)array);
}

const cvyi_python_array *cvyi_python_array_of(const cvyi_py_value *value)
{
    const cvyi_python_array *const array =
        value->type == CVYI_PY_V_HOST &&
                value->host.type == &cvyi_python_array_type
            ? value->host.data
            : NULL;

    return array != NULL && !array->spoiled ? array : NULL;
}

void cvyi_python_array_share(cvyi_python_array *array,
                             const cvyi_python_array *of)
{
    array->of = (cvyi_python_array *)(uintptr_t)of;
}

/* ---- from nested lists ---- */

typedef struct reading {
    cvyi_py_eval *eval;
    int rank;
    int64_t dims[CVYI_PYTHON_RANK];
    cvyi_python_kind kind;
    cvyi_python_array *into; /* NULL: looking at the shape */
    int64_t at;
    cvy_error *err;
} reading;

static cvy_status read_items(reading *r, const cvyi_py_value *value,
                             int depth);

static cvy_status ragged(const reading *r)
{
    return cvyi_py_refuse(r->eval, r->err,
                          "an array of lists of different lengths");
}

static cvy_status read_list(reading *r, const cvyi_py_value *value, int depth)
{
    const cvyi_py_seq *items;

    CVYI_TRY(cvyi_py_elements(&items, r->eval, value, true, r->err));
    if (depth == CVYI_PYTHON_RANK)
        return cvyi_py_refuse(r->eval, r->err, "an array of %d axes and more",
                              depth);
    if (r->into == NULL && depth >= r->rank) {
        if (r->at > 0) /* an element was seen at less depth */
            return ragged(r);
        r->dims[depth] = items->n;
        r->rank = depth + 1;
    } else if (r->dims[depth] != items->n) {
        return ragged(r);
    }
    for (int i = 0; i < items->n; i++)
        CVYI_TRY(read_items(r, &items->items[i], depth + 1));
    return CVY_OK;
}

static cvy_status read_number(reading *r, const cvyi_py_value *value,
                              int depth)
{
    double x;

    if (!cvyi_py_as_double(&x, value))
        return cvyi_py_opaque(value) != NULL
                   ? cvyi_py_refuse_opaque(r->eval, value, r->err)
                   : cvyi_py_refuse(r->eval, r->err, "an array of %s",
                                    cvyi_py_describe(r->eval, value));
    if (depth != r->rank)
        return ragged(r);
    if (r->into != NULL) {
        r->into->items[r->at] = cvyi_python_kept(r->into->dtype, x);
    } else {
        const cvyi_python_kind kind =
            value->type == CVYI_PY_V_BOOL  ? CVYI_PYTHON_BOOL
            : value->type == CVYI_PY_V_INT ? CVYI_PYTHON_INT
                                           : CVYI_PYTHON_FLOAT;

        if (kind == CVYI_PYTHON_INT && fabs(x) > 0x1p53)
            return cvyi_py_refuse(r->eval, r->err, "an int beyond 53 bits");
        r->kind = kind > r->kind ? kind : r->kind;
    }
    r->at++;
    return CVY_OK;
}

/* An array inside of lists: its elements. */
static cvy_status read_array(reading *r, const cvyi_python_array *array,
                             int depth)
{
    if (depth + array->rank > CVYI_PYTHON_RANK)
        return cvyi_py_refuse(r->eval, r->err, "an array of too many axes");
    for (int i = 0; i < array->rank; i++) {
        if (r->into == NULL && depth + i >= r->rank && r->at == 0) {
            r->dims[depth + i] = array->dims[i];
            r->rank = depth + i + 1;
        } else if (depth + i >= r->rank ||
                   r->dims[depth + i] != array->dims[i]) {
            return ragged(r);
        }
    }
    if (depth + array->rank != r->rank)
        return ragged(r);
    CVYI_TRY(cvyi_py_tick(r->eval, array->n / 16, r->err));
    for (int64_t i = 0; r->into != NULL && i < array->n; i++)
        r->into->items[r->at + i] =
            cvyi_python_kept(r->into->dtype, array->items[i]);
    if (array->dtype->kind > r->kind)
        r->kind = array->dtype->kind;
    r->at += array->n;
    return CVY_OK;
}

static cvy_status read_items(reading *r, const cvyi_py_value *value, int depth)
{
    const cvyi_python_array *const array = cvyi_python_array_of(value);
    cvy_status status;

    CVYI_TRY(cvyi_py_tick(r->eval, 1, r->err));
    if (array != NULL)
        return read_array(r, array, depth);
    if (cvyi_py_is_number(value) || value->type == CVYI_PY_V_OPAQUE ||
        value->type == CVYI_PY_V_TEXT || value->type == CVYI_PY_V_NONE)
        return read_number(r, value, depth);
    CVYI_TRY(cvyi_py_enter(r->eval, r->err));
    status = read_list(r, value, depth);
    r->eval->nesting--;
    return status;
}

/* A cast of an array. */
static cvy_status cast(const cvyi_python_array **out, cvyi_py_eval *eval,
                       const cvyi_python_array *array,
                       const cvyi_python_dtype *dtype, cvy_error *err)
{
    cvyi_python_array *made;

    CVYI_TRY(cvyi_python_array_make(&made, eval, dtype, array->rank,
                                    array->dims, err));
    for (int64_t i = 0; i < array->n; i++)
        made->items[i] = cvyi_python_kept(dtype, array->items[i]);
    *out = made;
    return CVY_OK;
}

cvy_status cvyi_python_array_from(const cvyi_python_array **out,
                                  cvyi_py_eval *eval,
                                  const cvyi_py_value *value,
                                  const cvyi_python_dtype *dtype,
                                  cvy_error *err)
{
    static const char *const natural[] = { "bool", "int64", "float64" };
    const cvyi_python_array *const array = cvyi_python_array_of(value);
    reading r = { .eval = eval, .err = err };

    if (array != NULL) {
        *out = array;
        return dtype == NULL || dtype == array->dtype
                   ? CVY_OK
                   : cast(out, eval, array, dtype, err);
    }
    CVYI_TRY(read_items(&r, value, 0));
    if (dtype == NULL && r.at == 0)
        r.kind = CVYI_PYTHON_FLOAT;
    if (dtype == NULL)
        dtype = cvyi_python_dtype_named(natural[r.kind]);
    CVYI_TRY(
        cvyi_python_array_make(&r.into, eval, dtype, r.rank, r.dims, err));
    r.at = 0;
    CVYI_TRY(read_items(&r, value, 0));
    *out = r.into;
    return CVY_OK;
}

cvy_status cvyi_python_sizes(int *rank, int64_t dims[CVYI_PYTHON_RANK],
                             cvyi_py_eval *eval, const cvyi_py_value *value,
                             cvy_error *err)
{
    cvyi_py_value list;

    if (cvyi_py_as_int(&dims[0], value)) {
        *rank = 1;
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_eval_list(&list, eval, value, err));
    if (list.seq->n > CVYI_PYTHON_RANK)
        return cvyi_py_refuse(eval, err, "an array of %d axes", list.seq->n);
    for (int i = 0; i < list.seq->n; i++)
        CVYI_TRY(cvyi_py_need_int(&dims[i], eval, &list.seq->items[i],
                                  "a size", err));
    *rank = list.seq->n;
    return CVY_OK;
}

/* ---- what an array answers ---- */

static cvy_status shape_of(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_python_array *array, cvy_error *err)
{
    cvyi_py_value dims[CVYI_PYTHON_RANK];

    for (int i = 0; i < array->rank; i++)
        dims[i] = cvyi_py_int(array->dims[i]);
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, dims, array->rank,
                            err);
}

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    const cvyi_python_array *const array = self->host.data;
    bool found = true;

    if (strcmp(name, "shape") == 0)
        return shape_of(out, eval, array, err);
    if (strcmp(name, "size") == 0)
        *out = cvyi_py_int(array->n);
    else if (strcmp(name, "ndim") == 0)
        *out = cvyi_py_int(array->rank);
    else if (strcmp(name, "dtype") == 0)
        *out = cvyi_py_host_value(&cvyi_python_dtype_type,
                                  (void *)(uintptr_t)array->dtype);
    else
        CVYI_TRY(cvyi_python_array_method(out, &found, eval, self, name, err));
    return found ? CVY_OK
                 : cvyi_py_refuse(eval, err, "%.60s of an array", name);
}

static cvy_status iterate(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_python_array *const array = self->host.data;

    if (array->spoiled)
        return cvyi_py_refuse(eval, err,
                              "an array that was changed by way of a part");
    if (array->rank == 0)
        return cvyi_py_throw(eval, err, "TypeError",
                             "iteration over an array of no axes");
    CVYI_TRY(cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, NULL, 0, err));
    for (int64_t i = 0; i < array->dims[0]; i++) {
        const cvyi_py_value index = cvyi_py_int(i);
        cvyi_py_value item;

        CVYI_TRY(cvyi_py_tick(eval, 1, err));
        CVYI_TRY(cvyi_python_array_item(&item, eval, self, &index, err));
        CVYI_TRY(cvyi_py_seq_add(eval, out->seq, &item, err));
    }
    return CVY_OK;
}

static cvy_status length(int64_t *out, cvyi_py_eval *eval,
                         const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_python_array *const array = self->host.data;

    if (array->rank == 0)
        return cvyi_py_throw(eval, err, "TypeError",
                             "len() of an array of no axes");
    *out = array->dims[0];
    return CVY_OK;
}

static cvy_status truth(bool *out, cvyi_py_eval *eval,
                        const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_python_array *const array = self->host.data;

    if (array->n != 1)
        return cvyi_py_throw(eval, err, "ValueError",
                             "the truth of an array of %lld elements",
                             (long long)array->n);
    *out = array->items[0] != 0;
    return CVY_OK;
}

const cvyi_py_host_type cvyi_python_array_type = {
    .name = "an array",
    .is_data = true,
    .get = get,
    .binary = cvyi_python_array_binary,
    .compare = cvyi_python_array_binary,
    .unary = cvyi_python_array_unary,
    .item = cvyi_python_array_item,
    .set_item = cvyi_python_array_set_item,
    .iterate = iterate,
    .length = length,
    .truth = truth,
};
