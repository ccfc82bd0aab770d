/* read/python/std/numpy.c - NumPy: its names, and making arrays. */
#include "read/python/std/numpy.h"

#include <math.h>

/* ---- making arrays ---- */

cvy_status cvyi_numpy_dtype(const cvyi_python_dtype **out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, const char *fallback,
                            cvy_error *err)
{
    *out = fallback != NULL ? cvyi_python_dtype_named(fallback) : NULL;
    if (value == NULL || value->type == CVYI_PY_V_NONE)
        return CVY_OK;
    if (value->type == CVYI_PY_V_OPAQUE)
        return cvyi_py_refuse_opaque(eval, value, err);
    *out = cvyi_python_dtype_of(value);
    if (*out == NULL)
        return cvyi_py_refuse(eval, err, "a dtype that is %s",
                              cvyi_py_describe(eval, value));
    return CVY_OK;
}

/* np.array copies; np.asarray does not. */
static cvy_status array_of(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, bool copy,
                           cvy_error *err)
{
    const cvyi_python_array *array;
    const cvyi_python_dtype *dtype;
    cvyi_python_array *made;

    CVYI_TRY(cvyi_numpy_dtype(&dtype, eval, given->at[1], NULL, err));
    CVYI_TRY(cvyi_python_array_from(&array, eval, given->at[0], dtype, err));
    if (copy) {
        CVYI_TRY(cvyi_python_array_make(&made, eval, array->dtype, array->rank,
                                        array->dims, err));
        memcpy(made->items, array->items,
               (size_t)array->n * sizeof *made->items);
        array = made;
    }
    *out = cvyi_python_array_value(array);
    return CVY_OK;
}

static cvy_status n_array(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    return array_of(out, eval, given, true, err);
}

static cvy_status n_asarray(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    return array_of(out, eval, given, false, err);
}

static cvy_status filled(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_value *shape,
                         const cvyi_python_dtype *dtype, double x,
                         cvy_error *err)
{
    int64_t dims[CVYI_PYTHON_RANK];
    cvyi_python_array *made;
    int rank;

    CVYI_TRY(cvyi_python_sizes(&rank, dims, eval, shape, err));
    CVYI_TRY(cvyi_python_array_make(&made, eval, dtype, rank, dims, err));
    for (int64_t i = 0; i < made->n; i++)
        made->items[i] = cvyi_python_kept(dtype, x);
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

static cvy_status n_zeros(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_dtype *dtype;

    CVYI_TRY(cvyi_numpy_dtype(&dtype, eval, given->at[1], "float64", err));
    return filled(out, eval, given->at[0], dtype, 0, err);
}

static cvy_status n_ones(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_dtype *dtype;

    CVYI_TRY(cvyi_numpy_dtype(&dtype, eval, given->at[1], "float64", err));
    return filled(out, eval, given->at[0], dtype, 1, err);
}

static cvy_status n_full(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_array *value;
    const cvyi_python_dtype *dtype;

    CVYI_TRY(cvyi_python_array_from(&value, eval, given->at[1], NULL, err));
    CVYI_TRY(
        cvyi_numpy_dtype(&dtype, eval, given->at[2], value->dtype->name, err));
    if (value->n != 1)
        return cvyi_py_refuse(eval, err, "full() of an array");
    return filled(out, eval, given->at[0], dtype, value->items[0], err);
}

static cvy_status like(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_given *given, double x, cvy_error *err)
{
    const cvyi_python_dtype *dtype;
    const cvyi_python_array *of;
    cvyi_python_array *made;

    CVYI_TRY(cvyi_python_array_from(&of, eval, given->at[0], NULL, err));
    CVYI_TRY(
        cvyi_numpy_dtype(&dtype, eval, given->at[1], of->dtype->name, err));
    CVYI_TRY(
        cvyi_python_array_make(&made, eval, dtype, of->rank, of->dims, err));
    for (int64_t i = 0; i < made->n; i++)
        made->items[i] = x;
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

static cvy_status n_zeros_like(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_given *given, cvy_error *err)
{
    return like(out, eval, given, 0, err);
}

static cvy_status n_ones_like(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    return like(out, eval, given, 1, err);
}

static cvy_status n_eye(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_dtype *dtype;
    cvyi_python_array *made;
    int64_t dims[2];

    CVYI_TRY(cvyi_py_need_int(&dims[0], eval, given->at[0], "eye()", err));
    dims[1] = dims[0];
    if (given->at[1] != NULL && given->at[1]->type != CVYI_PY_V_NONE)
        CVYI_TRY(cvyi_py_need_int(&dims[1], eval, given->at[1], "eye()", err));
    CVYI_TRY(cvyi_numpy_dtype(&dtype, eval, given->at[2], "float64", err));
    CVYI_TRY(cvyi_python_array_make(&made, eval, dtype, 2, dims, err));
    for (int64_t i = 0; i < dims[0] && i < dims[1]; i++)
        made->items[i * dims[1] + i] = 1;
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

/* start, stop, step as in range(), of ints or floats. */
static cvy_status n_arange(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    const bool one = given->at[1] == NULL;
    const cvyi_py_value *const parts[] = { one ? NULL : given->at[0],
                                           one ? given->at[0] : given->at[1],
                                           given->at[2] };
    double x[3] = { 0, 0, 1 };
    const cvyi_python_dtype *dtype;
    cvyi_python_array *made;
    bool whole = true;
    int64_t n;

    for (int i = 0; i < 3; i++) {
        if (parts[i] == NULL)
            continue;
        CVYI_TRY(cvyi_numpy_number(&x[i], eval, parts[i], err));
        whole = whole && parts[i]->type != CVYI_PY_V_FLOAT;
    }
    CVYI_TRY(cvyi_numpy_dtype(&dtype, eval, given->at[3],
                              whole ? "int64" : "float64", err));
    if (x[2] == 0 || !(fabs((x[1] - x[0]) / x[2]) < 1e8))
        return cvyi_py_refuse(eval, err, "arange() of that many elements");
    n = (int64_t)ceil((x[1] - x[0]) / x[2]);
    n = n > 0 ? n : 0;
    CVYI_TRY(cvyi_python_array_make(&made, eval, dtype, 1, &n, err));
    for (int64_t i = 0; i < n; i++)
        made->items[i] = cvyi_python_kept(dtype, x[0] + (double)i * x[2]);
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

static cvy_status n_linspace(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_dtype *dtype;
    cvyi_python_array *made;
    double from, to;
    bool last = true;
    int64_t n = 50;

    CVYI_TRY(cvyi_numpy_number(&from, eval, given->at[0], err));
    CVYI_TRY(cvyi_numpy_number(&to, eval, given->at[1], err));
    if (given->at[2] != NULL)
        CVYI_TRY(cvyi_py_need_int(&n, eval, given->at[2], "linspace()", err));
    if (given->at[3] != NULL)
        CVYI_TRY(cvyi_py_eval_truth(&last, eval, given->at[3], err));
    CVYI_TRY(cvyi_numpy_dtype(&dtype, eval, given->at[4], "float64", err));
    CVYI_TRY(cvyi_python_array_make(&made, eval, dtype, 1, &n, err));
    for (int64_t i = 0; i < n; i++) {
        const int64_t steps = last ? n - 1 : n;
        const double x = steps > 0
                             ? from + (double)i * ((to - from) / (double)steps)
                             : from;

        made->items[i] =
            cvyi_python_kept(dtype, last && i > 0 && i == n - 1 ? to : x);
    }
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

static const cvyi_py_builtin functions[] = {
    { .name = "arange",
      .signature = "start stop? step? dtype?",
      .run = n_arange },
    { .name = "array", .signature = "object dtype? **", .run = n_array },
    { .name = "asarray", .signature = "a dtype? **", .run = n_asarray },
    { .name = "eye", .signature = "N M? dtype?", .run = n_eye },
    { .name = "full", .signature = "shape fill_value dtype?", .run = n_full },
    { .name = "identity", .signature = "N | M? dtype?", .run = n_eye },
    { .name = "linspace",
      .signature = "start stop num? endpoint? | dtype?",
      .run = n_linspace },
    { .name = "load",
      .signature = "* **",
      .keeps = true, /* whatever the path is, a file is read */
      .run = cvyi_numpy_load },
    { .name = "meshgrid",
      .signature = "* indexing? **",
      .run = cvyi_numpy_meshgrid },
    { .name = "ones", .signature = "shape dtype?", .run = n_ones },
    { .name = "ones_like", .signature = "a dtype?", .run = n_ones_like },
    { .name = "outer", .signature = "a b", .run = cvyi_numpy_outer },
    { .name = "zeros", .signature = "shape dtype?", .run = n_zeros },
    { .name = "zeros_like", .signature = "a dtype?", .run = n_zeros_like },
};

/* ---- np.ndarray ---- */

static cvy_status is_array(bool *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self,
                           const cvyi_py_value *value, cvy_error *err)
{
    (void)eval;
    (void)self;
    (void)err;
    *out = value->type == CVYI_PY_V_HOST &&
           value->host.type == &cvyi_python_array_type;
    return CVY_OK;
}

static const cvyi_py_host_type ndarray_type = { .name = "np.ndarray",
                                                .is_data = true,
                                                .instance_of = is_array };

/* ---- names ---- */

static cvy_status function_named(cvyi_py_value *out, bool *known,
                                 cvyi_py_eval *eval, const char *name,
                                 cvy_error *err)
{
    *known = true;
    for (int i = 0; i < cvyi_numpy_n_more; i++)
        if (strcmp(cvyi_numpy_more[i].name, name) == 0)
            return cvyi_std_function(out, eval, "numpy", &cvyi_numpy_more[i],
                                     err);
    for (int i = 0; i < cvyi_numpy_n_maths; i++)
        if (strcmp(cvyi_numpy_maths[i].name, name) == 0)
            return cvyi_std_function(out, eval, "numpy", &cvyi_numpy_maths[i],
                                     err);
    *known = false;
    return CVY_OK;
}

static cvy_status value_named(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval, const char *name,
                              cvy_error *err)
{
    const cvyi_python_dtype *const dtype = cvyi_python_dtype_named(name);
    static const struct {
        const char *name;
        double value;
    } numbers[] = {
        { "pi", 3.14159265358979323846 },
        { "e", 2.71828182845904523536 },
        { "inf", HUGE_VAL },
        { "Inf", HUGE_VAL },
        { "Infinity", HUGE_VAL },
        { "nan", NAN },
        { "NaN", NAN },
    };

    *known = true;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(numbers[i].name, name) == 0) {
            *out = cvyi_py_float(numbers[i].value);
            return CVY_OK;
        }
    if (strcmp(name, "newaxis") == 0)
        *out = cvyi_py_none();
    else if (strcmp(name, "ogrid") == 0)
        *out = cvyi_py_host_value(&cvyi_numpy_ogrid, NULL);
    else if (strcmp(name, "mgrid") == 0)
        *out = cvyi_py_host_value(&cvyi_numpy_mgrid, NULL);
    else if (strcmp(name, "ndarray") == 0)
        *out = cvyi_py_host_value(&ndarray_type, NULL);
    else if (dtype != NULL && strlen(name) > 2)
        *out = cvyi_py_host_value(&cvyi_python_dtype_type,
                                  (void *)(uintptr_t)dtype);
    else
        return function_named(out, known, eval, name, err);
    return CVY_OK;
}

const cvyi_std_module cvyi_std_numpy = {
    .name = "numpy",
    CVYI_STD_FUNCTIONS(functions),
    .value = value_named,
};

/* ---- methods: functions with the array first ---- */

typedef struct method {
    const cvyi_py_builtin *function;
    cvyi_py_value self;
} method;

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    cvyi_py_call_args all = *args;
    cvyi_py_value *values, list;

    CVYI_PY_NEW(values, eval, args->n + 1, err);
    values[0] = m->self;
    for (int i = 0; i < args->n; i++)
        values[i + 1] = args->values[i];
    all.n++;
    all.values = values;
    /* reshape(2, 3), transpose(1, 0) */
    if (args->n > 1 && (strcmp(m->function->name, "reshape") == 0 ||
                        strcmp(m->function->name, "transpose") == 0)) {
        CVYI_TRY(cvyi_py_make_seq(&list, eval, CVYI_PY_V_LIST, values + 1,
                                  args->n, err));
        values[1] = list;
        all.n = 2;
    }
    return cvyi_py_run_builtin(out, eval, m->function, NULL, &all, err);
}

static const cvyi_py_host_type method_type = { .name = "a method of an array",
                                               .is_data = true,
                                               .call = call_method };

cvy_status cvyi_python_array_method(cvyi_py_value *out, bool *found,
                                    cvyi_py_eval *eval,
                                    const cvyi_py_value *self,
                                    const char *name, cvy_error *err)
{
    const cvyi_py_call_args only = { .n = 1, .values = self };
    const cvyi_py_builtin *function = NULL;
    method *m;

    for (int i = 0; i < cvyi_numpy_n_more; i++)
        if (strcmp(cvyi_numpy_more[i].name,
                   strcmp(name, "T") == 0 ? "transpose" : name) == 0)
            function = &cvyi_numpy_more[i];
    *found = function != NULL && strcmp(name, "concatenate") != 0 &&
             strcmp(name, "stack") != 0;
    if (!*found)
        return CVY_OK;
    if (strcmp(name, "T") == 0)
        return cvyi_py_run_builtin(out, eval, function, NULL, &only, err);
    CVYI_PY_NEW(m, eval, 1, err);
    *m = (method){ function, *self };
    *out = cvyi_py_host_value(&method_type, m);
    return CVY_OK;
}
