/*
 * codec/npy_write.c - writing one NumPy array, version 1.0.
 *
 * The header is padded so that the elements begin at a multiple of 64, and
 * is the one that numpy.save writes.
 */
#include "codec/npy.h"

#include "base/text.h"
#include "codec/tensor_out.h"
#include "tensor/tensor.h"

#include <inttypes.h>

enum { HEAD_BYTES = 10, ALIGNMENT = 64 };

static const char *const descrs[] = {
    [CVY_F32] = "<f4", [CVY_F64] = "<f8", [CVY_F16] = "<f2",
    [CVY_I64] = "<i8", [CVY_I32] = "<i4", [CVY_I16] = "<i2",
    [CVY_I8] = "|i1",  [CVY_U8] = "|u1",  [CVY_BOOL] = "|b1",
};

static void put_dict(cvyi_text *text, const cvy_view *v)
{
    cvyi_text_printf(text,
                     "{'descr': '%s', 'fortran_order': False, 'shape': (",
                     descrs[v->dtype]);
    for (int i = 0; i < v->rank; i++)
        cvyi_text_printf(text, "%s%" PRId64, i > 0 ? ", " : "", v->dims[i]);
    cvyi_text_put(text, v->rank == 1 ? ",), }" : "), }");
    while (!text->bad && (HEAD_BYTES + text->size + 1) % ALIGNMENT != 0)
        cvyi_text_put(text, " ");
    cvyi_text_put(text, "\n");
}

static cvy_status send_header(const cvy_view *view, cvyi_sink *sink,
                              void *context, cvy_error *err)
{
    uint8_t head[HEAD_BYTES] = { 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0 };
    cvyi_text text = { 0 };
    cvy_status status;

    put_dict(&text, view);
    CVYI_TRY_OR(status, cvyi_text_status(&text, err), done);
    head[8] = (uint8_t)text.size;
    head[9] = (uint8_t)(text.size >> 8);
    CVYI_TRY_OR(status, sink(context, head, sizeof head, err), done);
    status = sink(context, text.bytes, text.size, err);
done:
    cvyi_text_close(&text);
    return status;
}

cvy_status cvyi_npy_write(const cvy_view *view, cvyi_sink *sink, void *context,
                          cvy_error *err)
{
    size_t bytes;

    if (view->dtype == CVY_BF16)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "NumPy has no bfloat16; convert to float32");
    if (!cvyi_packed_size(&bytes, view->dtype, view->rank, view->dims))
        return cvyi_fail(err, CVY_SHAPE, "a tensor beyond 63 bits of bytes");

    void *const piece = cvyi_alloc(CVYI_PIECE_BYTES, 1);

    if (piece == NULL)
        return cvyi_no_memory(err);

    cvy_status status = send_header(view, sink, context, err);

    if (status == CVY_OK)
        status = cvyi_elements_send(view, piece, sink, context, err);
    cvyi_free(piece);
    return status;
}
