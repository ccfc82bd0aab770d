/* codec/tensor_out.c - checks before tensors are written, and their bytes. */
#include "codec/tensor_out.h"

#include "codec/name.h"
#include "tensor/tensor.h"

#include <stdlib.h>
#include <string.h>

static cvy_status check_shape(const cvyi_safetensor_out *t, cvy_error *err)
{
    size_t view_bytes, bytes;

    if (t->rank < 0 || t->rank > CVY_MAX_RANK)
        return cvyi_fail_in(err, CVY_ARGUMENT, t->name, "a rank of %d",
                            t->rank);
    if (!cvyi_packed_size(&bytes, t->view.dtype, t->rank, t->dims) ||
        !cvyi_packed_size(&view_bytes, t->view.dtype, t->view.rank,
                          t->view.dims) ||
        bytes != view_bytes)
        return cvyi_fail_in(err, CVY_SHAPE, t->name,
                            "the shape to write and the tensor disagree");
    return CVY_OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static cvy_status check_names(const char **names, int n, cvy_error *err)
{
    for (int i = 0; i < n; i++) {
        const char *const fault = cvyi_name_fault(names[i], strlen(names[i]));

        if (fault != NULL)
            return cvyi_fail(err, CVY_ARGUMENT, "a tensor's name %s", fault);
    }
    qsort(names, (size_t)n, sizeof *names, by_text);
    for (int i = 1; i < n; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            return cvyi_fail_in(err, CVY_ARGUMENT, names[i],
                                "two tensors of this name");
    return CVY_OK;
}

cvy_status cvyi_tensors_check(const cvyi_safetensor_out *tensors, int n,
                              cvy_error *err)
{
    for (int i = 0; i < n; i++)
        CVYI_TRY(check_shape(&tensors[i], err));

    const char **const names = cvyi_alloc((size_t)n, sizeof *names);

    if (names == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        names[i] = tensors[i].name;

    const cvy_status status = check_names(names, n, err);

    cvyi_free(names);
    return status;
}

cvy_status cvyi_elements_send(const cvy_view *view, void *piece,
                              cvyi_sink *sink, void *context, cvy_error *err)
{
    const size_t size = cvy_dtype_size(view->dtype);
    const int64_t count = cvy_view_count(view);
    const int64_t most = (int64_t)(CVYI_PIECE_BYTES / size);

    for (int64_t at = 0; at < count; at += most) {
        const int64_t n = count - at < most ? count - at : most;

        cvyi_copy_range(piece, view, at, n);
        CVYI_TRY(sink(context, piece, (size_t)n * size, err));
    }
    return CVY_OK;
}
