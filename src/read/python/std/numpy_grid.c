/* read/python/std/numpy_grid.c - NumPy: places on a grid. */
#include "read/python/std/numpy.h"

#include <math.h>

/* ---- one axis ---- */

typedef struct ticks {
    double start, step;
    int64_t n;
    bool whole; /* all of them are whole numbers */
} ticks;

/* start:stop:step. With an imaginary step NumPy counts, which is refused. */
static cvy_status read_slice(ticks *out, cvyi_py_eval *eval,
                             const cvyi_py_value *slice, cvy_error *err)
{
    const cvyi_py_value *const ends[] = { slice->bounds.start,
                                          slice->bounds.stop,
                                          slice->bounds.step };
    double x[3] = { 0, 0, 1 }, n;

    out->whole = true;
    for (int i = 0; i < 3; i++) {
        if (ends[i]->type == CVYI_PY_V_NONE && i != 1)
            continue;
        CVYI_TRY(cvyi_numpy_number(&x[i], eval, ends[i], err));
        out->whole = out->whole && ends[i]->type != CVYI_PY_V_FLOAT;
    }
    n = x[2] != 0 ? ceil((x[1] - x[0]) / x[2]) : NAN;
    if (!(n < 1e8))
        return cvyi_py_refuse(eval, err, "a grid of that many places");
    out->start = x[0];
    out->step = x[2];
    out->n = n > 0 ? (int64_t)n : 0;
    return CVY_OK;
}

/* ---- np.ogrid, np.mgrid ---- */

typedef struct grid {
    int n;
    ticks axes[CVYI_PYTHON_RANK];
    const cvyi_python_dtype *dtype;
} grid;

static cvy_status read_grid(grid *out, cvyi_py_eval *eval,
                            const cvyi_py_value *index, cvy_error *err)
{
    const bool several = index->type == CVYI_PY_V_TUPLE;
    bool whole = true;

    out->n = several ? index->seq->n : 1;
    if (out->n < 1 || out->n >= CVYI_PYTHON_RANK)
        return cvyi_py_refuse(eval, err, "a grid of %d axes", out->n);
    for (int i = 0; i < out->n; i++) {
        const cvyi_py_value *const one =
            several ? &index->seq->items[i] : index;

        if (one->type != CVYI_PY_V_SLICE)
            return cvyi_py_refuse(eval, err, "a grid over %s",
                                  cvyi_py_describe(eval, one));
        CVYI_TRY(read_slice(&out->axes[i], eval, one, err));
        whole = whole && out->axes[i].whole;
    }
    out->dtype = cvyi_python_dtype_named(whole ? "int64" : "float64");
    return CVY_OK;
}

/* Along one axis; all others have one element. */
static cvy_status open_axis(cvyi_py_value *out, cvyi_py_eval *eval,
                            const grid *g, int axis, cvy_error *err)
{
    int64_t dims[CVYI_PYTHON_RANK];
    cvyi_python_array *made;

    for (int i = 0; i < g->n; i++)
        dims[i] = i == axis ? g->axes[i].n : 1;
    CVYI_TRY(cvyi_python_array_make(&made, eval, g->dtype, g->n, dims, err));
    for (int64_t i = 0; i < made->n; i++)
        made->items[i] = g->axes[axis].start + (double)i * g->axes[axis].step;
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

static cvy_status open_grid(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self,
                            const cvyi_py_value *index, cvy_error *err)
{
    cvyi_py_value axes[CVYI_PYTHON_RANK];
    grid g;

    (void)self;
    CVYI_TRY(read_grid(&g, eval, index, err));
    for (int i = 0; i < g.n; i++)
        CVYI_TRY(open_axis(&axes[i], eval, &g, i, err));
    if (index->type != CVYI_PY_V_TUPLE) {
        *out = axes[0];
        return CVY_OK;
    }
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, axes, g.n, err);
}

/* One array, whose first axis says of which axis the places are. */
static cvy_status full_grid(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self,
                            const cvyi_py_value *index, cvy_error *err)
{
    const bool several = index->type == CVYI_PY_V_TUPLE;
    int64_t dims[CVYI_PYTHON_RANK], each = 1;
    cvyi_python_array *made;
    grid g;

    (void)self;
    CVYI_TRY(read_grid(&g, eval, index, err));
    dims[0] = g.n;
    for (int i = 0; i < g.n; i++)
        dims[several + i] = g.axes[i].n;
    CVYI_TRY(cvyi_python_array_make(&made, eval, g.dtype, several + g.n, dims,
                                    err));
    each = made->n / g.n;
    for (int64_t i = 0; i < made->n; i++) {
        const int axis = (int)(i / each);
        int64_t inner = 1;

        for (int k = axis + 1; k < g.n; k++)
            inner *= g.axes[k].n;
        made->items[i] =
            g.axes[axis].start +
            (double)(i % each / inner % g.axes[axis].n) * g.axes[axis].step;
    }
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

const cvyi_py_host_type cvyi_numpy_ogrid = { .name = "np.ogrid",
                                             .is_data = true,
                                             .item = open_grid };
const cvyi_py_host_type cvyi_numpy_mgrid = { .name = "np.mgrid",
                                             .is_data = true,
                                             .item = full_grid };

/* ---- functions ---- */

/* Array number `at` of the arguments, over all axes of the result. */
static cvy_status spread(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_python_array *from, const int64_t *dims,
                         int rank, int axis, cvy_error *err)
{
    cvyi_python_array *made;
    int64_t inner = 1;

    for (int i = axis + 1; i < rank; i++)
        inner *= dims[i];
    CVYI_TRY(
        cvyi_python_array_make(&made, eval, from->dtype, rank, dims, err));
    for (int64_t i = 0; i < made->n; i++)
        made->items[i] = from->items[i / inner % dims[axis]];
    *out = cvyi_python_array_value(made);
    return CVY_OK;
}

/* The first two axes change places unless indexing is 'ij'. */
cvy_status cvyi_numpy_meshgrid(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_given *given, cvy_error *err)
{
    const bool swap =
        given->n_rest > 1 &&
        !(given->at[0] != NULL && given->at[0]->type == CVYI_PY_V_TEXT &&
          strcmp(given->at[0]->text, "ij") == 0);
    const cvyi_python_array *from[CVYI_PYTHON_RANK];
    cvyi_py_value made[CVYI_PYTHON_RANK];
    int64_t dims[CVYI_PYTHON_RANK];

    if (given->n_rest < 1 || given->n_rest > CVYI_PYTHON_RANK)
        return cvyi_py_refuse(eval, err, "meshgrid() of %d axes",
                              given->n_rest);
    for (int i = 0; i < given->n_rest; i++) {
        const int axis = swap && i < 2 ? 1 - i : i;

        CVYI_TRY(cvyi_python_array_from(&from[i], eval, &given->rest[i], NULL,
                                        err));
        dims[axis] = from[i]->n;
    }
    for (int i = 0; i < given->n_rest; i++)
        CVYI_TRY(spread(&made[i], eval, from[i], dims, given->n_rest,
                        swap && i < 2 ? 1 - i : i, err));
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, made, given->n_rest,
                            err);
}

/* Every element of one times every element of the other. */
cvy_status cvyi_numpy_outer(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_python_array *from[2];
    cvyi_py_value sides[2];
    int64_t dims[2];

    for (int i = 0; i < 2; i++) {
        CVYI_TRY(
            cvyi_python_array_from(&from[i], eval, given->at[i], NULL, err));
        dims[i] = from[i]->n;
    }
    for (int i = 0; i < 2; i++)
        CVYI_TRY(spread(&sides[i], eval, from[i], dims, 2, i, err));
    return cvyi_python_array_binary(out, eval, "Mult", &sides[0], &sides[1],
                                    err);
}

/* What a file holds is not known here. */
cvy_status cvyi_numpy_load(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    (void)out;
    (void)given;
    return cvyi_py_refuse(eval, err,
                          "numpy.load() reads a file, which a port does not: "
                          "make the weights variables of their shapes, "
                          "tf.get_variable(name, shape), and give their "
                          "values with --weights FILE");
}
