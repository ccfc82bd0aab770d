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
#include "codec/tensor_out.h"
#include "tensor/tensor.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

/* The one name that the header has for itself. */
static cvy_status check_names(const item *list, int n, cvy_error *err)
{
    for (int i = 0; i < n; i++)
        if (strcmp(list[i]->name, "__metadata__") == 0)
            return cvyi_fail_in(err, CVY_ARGUMENT, list[i]->name,
                                "no tensor may have this name");
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

static cvy_status send_all(item *list, int n, cvyi_sink *sink, void *context,
                           cvy_error *err)
{
    cvy_status status = CVY_OK;

    CVYI_TRY(check_names(list, n, err));
    qsort(list, (size_t)n, sizeof *list, in_file_order);

    void *const piece = cvyi_alloc(CVYI_PIECE_BYTES, 1);

    if (piece == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY_OR(status, send_header(list, n, sink, context, err), done);
    for (int i = 0; i < n && status == CVY_OK; i++)
        status = cvyi_located(
            err, cvyi_elements_send(&list[i]->view, piece, sink, context, err),
            list[i]->name);
done:
    cvyi_free(piece);
    return status;
}

cvy_status cvyi_safetensors_write(const cvyi_safetensor_out *tensors, int n,
                                  cvyi_sink *sink, void *context,
                                  cvy_error *err)
{
    CVYI_TRY(cvyi_tensors_check(tensors, n, err));

    item *const list = cvyi_alloc((size_t)n, sizeof *list);

    if (list == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        list[i] = &tensors[i];

    const cvy_status status = send_all(list, n, sink, context, err);

    cvyi_free(list);
    return status;
}
