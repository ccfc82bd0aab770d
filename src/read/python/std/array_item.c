/*
 * read/python/std/array_item.c - items of arrays: ints, slices, None and
 * `...`. What is taken is a copy, and not a view as in NumPy: writing into it
 * is refused, and neither is known afterwards.
 */
#include "read/python/std/array.h"
#include "read/python/std/std.h"

/* One axis of what is taken. */
typedef struct axis {
    int64_t start, step, n; /* over the array's axis `of` */
    int of;                 /* -1: a new axis of one */
    bool drop;              /* an int: no axis of the result */
} axis;

typedef struct cut {
    int n;
    axis axes[2 * CVYI_PYTHON_RANK];
} cut;

static cvy_status cut_int(axis *out, cvyi_py_eval *eval, int64_t at, int64_t n,
                          cvy_error *err)
{
    if (at < 0 && at >= -n)
        at += n;
    if (at < 0 || at >= n)
        return cvyi_py_throw(eval, err, "IndexError",
                             "an index of an array is out of range");
    *out = (axis){ .start = at, .step = 1, .n = 1, .drop = true };
    return CVY_OK;
}

/* The slice of a range has the same bounds. */
static cvy_status cut_slice(axis *out, cvyi_py_eval *eval,
                            const cvyi_py_value *slice, int64_t n,
                            cvy_error *err)
{
    const cvyi_py_value whole[] = { cvyi_py_int(0), cvyi_py_int(n),
                                    cvyi_py_int(1) };
    cvyi_py_value range, part;

    CVYI_TRY(cvyi_py_make_range(&range, eval, CVYI_PY_V_RANGE, whole, err));
    CVYI_TRY(cvyi_py_get_item(&part, eval, &range, slice, err));
    *out = (axis){ .start = part.bounds.start->integer,
                   .step = part.bounds.step->integer };
    return cvyi_py_range_length(&out->n, eval, &part, err);
}

/* Indices, `...` spread out, and what is left of the axes. */
static cvy_status cut_of(cut *out, cvyi_py_eval *eval,
                         const cvyi_python_array *array,
                         const cvyi_py_value *index, cvy_error *err)
{
    const cvyi_py_seq one = { .n = 1,
                              .items = (cvyi_py_value *)(uintptr_t)index };
    const cvyi_py_seq *const all =
        index->type == CVYI_PY_V_TUPLE ? index->seq : &one;
    int used = 0, at = 0;

    for (int i = 0; i < all->n; i++)
        used += all->items[i].type != CVYI_PY_V_NONE &&
                all->items[i].type != CVYI_PY_V_ELLIPSIS;
    if (used > array->rank || all->n > CVYI_PYTHON_RANK)
        return cvyi_py_throw(eval, err, "IndexError",
                             "too many indices of an array");
    out->n = 0;
    for (int i = 0; i <= all->n; i++) {
        const cvyi_py_value *const item = i < all->n ? &all->items[i] : NULL;
        axis made = { .of = -1, .n = 1 };
        int64_t integer;

        if (item == NULL || item->type == CVYI_PY_V_ELLIPSIS) {
            const int rest =
                item == NULL ? array->rank - at : array->rank - used;

            for (int j = 0; j < rest; j++, at++)
                out->axes[out->n++] =
                    (axis){ .step = 1, .n = array->dims[at], .of = at };
            used += item != NULL ? rest : 0;
            continue;
        }
        if (item->type == CVYI_PY_V_SLICE) {
            CVYI_TRY(cut_slice(&made, eval, item, array->dims[at], err));
            made.of = at++;
        } else if (item->type != CVYI_PY_V_BOOL &&
                   cvyi_py_as_int(&integer, item)) {
            CVYI_TRY(cut_int(&made, eval, integer, array->dims[at], err));
            made.of = at++;
        } else if (item->type != CVYI_PY_V_NONE) {
            return cvyi_py_refuse(eval, err, "an index that is %s",
                                  cvyi_py_describe(eval, item));
        }
        out->axes[out->n++] = made;
    }
    return CVY_OK;
}

/* Where element `at` of the cut stands in the array. */
static int64_t place(const cut *c, const cvyi_python_array *array, int64_t at)
{
    int64_t from = 0;

    for (int i = c->n - 1; i >= 0; i--) {
        const axis *const a = &c->axes[i];
        const int64_t index = a->drop ? 0 : at % a->n;
        int64_t step = 1;

        if (!a->drop)
            at /= a->n;
        if (a->of < 0)
            continue;
        for (int j = a->of + 1; j < array->rank; j++)
            step *= array->dims[j];
        from += (a->start + index * a->step) * step;
    }
    return from;
}

static cvy_status open_cut(cvyi_python_array **out, cut *c, cvyi_py_eval *eval,
                           const cvyi_python_array *array,
                           const cvyi_py_value *index, cvy_error *err)
{
    int64_t dims[2 * CVYI_PYTHON_RANK];
    int rank = 0;

    CVYI_TRY(cut_of(c, eval, array, index, err));
    for (int i = 0; i < c->n; i++)
        if (!c->axes[i].drop)
            dims[rank++] = c->axes[i].n;
    return cvyi_python_array_make(out, eval, array->dtype, rank, dims, err);
}

cvy_status cvyi_python_array_item(cvyi_py_value *out, cvyi_py_eval *eval,
                                  const cvyi_py_value *self,
                                  const cvyi_py_value *index, cvy_error *err)
{
    const cvyi_python_array *const array = self->host.data;
    cvyi_python_array *made;
    cut c;

    if (array->spoiled)
        return cvyi_py_refuse(eval, err,
                              "an array that was changed by way of a part");
    CVYI_TRY(open_cut(&made, &c, eval, array, index, err));
    cvyi_python_array_share(made, array);
    for (int64_t i = 0; i < made->n; i++)
        made->items[i] = array->items[place(&c, array, i)];
    *out = made->rank == 0 ? cvyi_python_scalar(made->dtype, made->items[0])
                           : cvyi_python_array_value(made);
    return CVY_OK;
}

cvy_status cvyi_python_array_set_item(cvyi_py_eval *eval,
                                      const cvyi_py_value *self,
                                      const cvyi_py_value *index,
                                      const cvyi_py_value *value,
                                      cvy_error *err)
{
    const cvyi_python_array *const array = self->host.data;
    const cvyi_python_array *from;
    cvyi_python_array *part;
    cvyi_py_value zeros, spread;
    cut c;

    for (cvyi_python_array *of = array->of; of != NULL; of = of->of)
        of->spoiled = true;
    if (array->of != NULL)
        return cvyi_py_refuse(eval, err, "a part of an array is changed");
    CVYI_TRY(open_cut(&part, &c, eval, array, index, err));
    zeros = cvyi_python_array_value(part);
    CVYI_TRY(
        cvyi_python_array_binary(&spread, eval, "Add", &zeros, value, err));
    CVYI_TRY(cvyi_python_array_from(&from, eval, &spread, NULL, err));
    if (from->n != part->n || from->rank != part->rank)
        return cvyi_py_throw(eval, err, "ValueError",
                             "what is set does not fit into the array");
    for (int64_t i = 0; i < part->n; i++)
        array->items[place(&c, array, i)] =
            cvyi_python_kept(array->dtype, from->items[i]);
    return CVY_OK;
}
