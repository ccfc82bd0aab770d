/*
 * codec/safetensors_write.c - writing a safetensors file piece by piece.
 *
 *   0    8     N, bytes of the header
 *   8    N     {"__metadata__":{"format":"pt"},"name":{"dtype":"F32",
 *              "shape":[2,3],"data_offsets":[0,24]},...} and spaces up to
 *              a multiple of 8
 *   8+N  rest  the elements, tensor after tensor, without gaps
 *
 * Tensors stand by falling alignment of their type, then by name, as the
 * reference library sorts them: so every tensor begins aligned.
 */
#include "codec/safetensors.h"

#include "base/text.h"
#include "codec/name.h"
#include "tensor/tensor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_BYTES = 1 << 20 };

/* `order`: the reference library's order of types, last first. */
static const struct {
    const char *name;
    int order;
} dtypes[] = {
    [CVY_I64] = { "I64", 0 },   [CVY_F64] = { "F64", 1 },
    [CVY_F32] = { "F32", 2 },   [CVY_I32] = { "I32", 3 },
    [CVY_BF16] = { "BF16", 4 }, [CVY_F16] = { "F16", 5 },
    [CVY_I16] = { "I16", 6 },   [CVY_I8] = { "I8", 7 },
    [CVY_U8] = { "U8", 8 },     [CVY_BOOL] = { "BOOL", 9 },
};

typedef const cvyi_safetensor_out *item;

static int in_file_order(const void *a, const void *b)
{
    const item x = *(const item *)a, y = *(const item *)b;
    const int by_type =
        dtypes[x->view.dtype].order - dtypes[y->view.dtype].order;

    return by_type != 0 ? by_type : strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const item *)a)->name, (*(const item *)b)->name);
}

static cvy_status check_shape(item t, cvy_error *err)
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

static cvy_status check_names(item *list, int n, cvy_error *err)
{
    for (int i = 0; i < n; i++) {
        const char *const fault =
            cvyi_name_fault(list[i]->name, strlen(list[i]->name));

        if (fault != NULL)
            return cvyi_fail(err, CVY_ARGUMENT, "a tensor's name %s", fault);
        if (strcmp(list[i]->name, "__metadata__") == 0)
            return cvyi_fail_in(err, CVY_ARGUMENT, list[i]->name,
                                "no tensor may have this name");
        CVYI_TRY(check_shape(list[i], err));
    }
    qsort(list, (size_t)n, sizeof *list, by_name);
    for (int i = 1; i < n; i++)
        if (strcmp(list[i - 1]->name, list[i]->name) == 0)
            return cvyi_fail_in(err, CVY_ARGUMENT, list[i]->name,
                                "two tensors of this name");
    return CVY_OK;
}

static cvy_status put_header(cvyi_text *text, const item *list, int n,
                             cvy_error *err)
{
    size_t begin = 0;

    cvyi_text_put(text, "{\"__metadata__\":{\"format\":\"pt\"}");
    for (int i = 0; i < n; i++) {
        const item t = list[i];
        size_t end = 0;

        if (!cvyi_packed_size(&end, t->view.dtype, t->rank, t->dims) ||
            !cvyi_add(&end, begin, end) || end > INT64_MAX)
            return cvyi_fail(err, CVY_SHAPE,
                             "tensors beyond 63 bits of bytes");
        cvyi_text_put(text, ",");
        cvyi_text_json(text, t->name);
        cvyi_text_printf(text, ":{\"dtype\":\"%s\",\"shape\":[",
                         dtypes[t->view.dtype].name);
        for (int axis = 0; axis < t->rank; axis++)
            cvyi_text_printf(text, "%s%" PRId64, axis ? "," : "",
                             t->dims[axis]);
        cvyi_text_printf(text, "],\"data_offsets\":[%zu,%zu]}", begin, end);
        begin = end;
    }
    cvyi_text_put(text, "}");
    while (!text->bad && text->size % 8 != 0)
        cvyi_text_put(text, " ");
    return cvyi_text_status(text, err);
}

static cvy_status send_header(const item *list, int n, cvyi_sink *sink,
                              void *context, cvy_error *err)
{
    cvyi_text text = { 0 };
    uint8_t length[8];
    cvy_status status;

    CVYI_TRY_OR(status, put_header(&text, list, n, err), done);
    for (int i = 0; i < 8; i++)
        length[i] = (uint8_t)(text.size >> 8 * i);
    CVYI_TRY_OR(status, sink(context, length, sizeof length, err), done);
    status = sink(context, text.bytes, text.size, err);
done:
    cvyi_text_close(&text);
    return status;
}

static cvy_status send_elements(item t, void *piece, cvyi_sink *sink,
                                void *context, cvy_error *err)
{
    const size_t size = cvy_dtype_size(t->view.dtype);
    const int64_t count = cvy_view_count(&t->view);
    const int64_t most = (int64_t)(PIECE_BYTES / size);

    for (int64_t at = 0; at < count; at += most) {
        const int64_t n = count - at < most ? count - at : most;

        cvyi_copy_range(piece, &t->view, at, n);
        CVYI_TRY(sink(context, piece, (size_t)n * size, err));
    }
    return CVY_OK;
}

static cvy_status send_all(item *list, int n, cvyi_sink *sink, void *context,
                           cvy_error *err)
{
    cvy_status status = CVY_OK;

    CVYI_TRY(check_names(list, n, err));
    qsort(list, (size_t)n, sizeof *list, in_file_order);

    void *const piece = cvyi_alloc(PIECE_BYTES, 1);

    if (piece == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY_OR(status, send_header(list, n, sink, context, err), done);
    for (int i = 0; i < n && status == CVY_OK; i++)
        status =
            cvyi_located(err,
                         send_elements(list[i], piece, sink, context, err),
                         list[i]->name);
done:
    cvyi_free(piece);
    return status;
}

cvy_status cvyi_safetensors_write(const cvyi_safetensor_out *tensors, int n,
                                  cvyi_sink *sink, void *context,
                                  cvy_error *err)
{
    item *const list = cvyi_alloc((size_t)n, sizeof *list);

    if (list == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        list[i] = &tensors[i];

    const cvy_status status = send_all(list, n, sink, context, err);

    cvyi_free(list);
    return status;
}
