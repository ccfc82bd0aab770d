/*
 * read/python/tf/training/positions.c - tf.reshape(x, [-1, C]) of a
 * tensor with C channels: its positions, one behind the other.
 *
 * Elements of several samples stand in one axis then, which no network that is
 * written can have. But losses are asked of single positions so, and a loss of
 * positions is one of the tensor. To everything else they are not known.
 */
#include "read/python/tf/training/training.h"

#include <string.h>

typedef struct positions {
    cvyi_py_value of;     /* the tensor */
    cvyi_py_value hidden; /* an opaque value */
} positions;

static const cvyi_py_host_type positions_type;

static const positions *positions_of(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_HOST && value->host.type == &positions_type
               ? value->host.data
               : NULL;
}

const cvyi_py_value *cvyi_tf_positions(const cvyi_py_value *value)
{
    const positions *const p = positions_of(value);

    return p != NULL ? &p->of : NULL;
}

const cvyi_py_value *cvyi_tf_positions_hidden(const cvyi_py_value *value)
{
    const positions *const p = positions_of(value);

    return p != NULL ? &p->hidden : NULL;
}

/* What is made of them is lost, as what is made of a tensor. */
static cvy_status lose(cvyi_py_value *out, cvyi_py_eval *eval,
                       const char *what, const cvyi_py_value *operands, int n,
                       cvy_error *err)
{
    const cvyi_py_call_args args = { .n = n, .values = operands };

    for (int i = n - 1; i >= 0; i--)
        if (positions_of(&operands[i]) != NULL)
            *out = positions_of(&operands[i])->hidden;
    return cvyi_tf_lose(eval, what, &args, out, err);
}

static cvy_status binary(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_py_value *left,
                         const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_py_value operands[2] = { *left, *right };

    return lose(out, eval, op, operands, 2, err);
}

static cvy_status unary(cvyi_py_value *out, cvyi_py_eval *eval, const char *op,
                        const cvyi_py_value *self, cvy_error *err)
{
    return lose(out, eval, op, self, 1, err);
}

static cvy_status item(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self, const cvyi_py_value *index,
                       cvy_error *err)
{
    (void)index;
    return lose(out, eval, "operator.getitem", self, 1, err);
}

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    (void)eval;
    (void)name;
    (void)err;
    *out = positions_of(self)->hidden;
    return CVY_OK;
}

static const cvyi_py_host_type positions_type = {
    .name = "positions of a tensor",
    .get = get,
    .binary = binary,
    .compare = binary,
    .unary = unary,
    .item = item,
};

/* Is there one position in a sample, so that this is a plain reshape? */
static bool is_single(const cvyi_type *type)
{
    int64_t n;

    for (int i = 1; i + 1 < type->rank; i++)
        if (!cvyi_size_constant(&n, type->dims[i]) || n != 1)
            return false;
    return true;
}

cvy_status cvyi_tf_make_positions(cvyi_py_value *out, bool *known,
                                  cvyi_py_eval *eval, int result, int rank,
                                  const cvyi_size *dims, cvy_error *err)
{
    const cvyi_type *const type = cvyi_tf_type(eval, result);
    positions *made;

    *known = rank == 2 && type->rank > 2 && dims[0] == NULL &&
             dims[1] == type->dims[type->rank - 1] && !is_single(type);
    if (!*known)
        return CVY_OK;
    made = cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *made);
    if (made == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_tf_make_tensor(&made->of, eval, result, err));
    CVYI_TRY(cvyi_py_make_opaque(&made->hidden, eval, err,
                                 "tf.reshape: elements would go from one "
                                 "sample to another"));
    *out = cvyi_py_host_value(&positions_type, made);
    return CVY_OK;
}
