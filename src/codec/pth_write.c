/*
 * codec/pth_write.c - writing a state dict for torch.load.
 *
 *   archive/data.pkl            the pickle, protocol 2, without a memo
 *   archive/.format_version     "1"
 *   archive/.storage_alignment  "64"
 *   archive/byteorder           "little"
 *   archive/data/0, 1, ...      the elements of tensor 0, 1, ...
 *   archive/version             "3\n"
 *   the directory of the archive
 *
 * All members are stored; each begins at a multiple of 64, by way of an extra
 * field that holds nothing. As in torch's own files the CRCs stand behind the
 * members and in the directory, so everything is written in one go. Nothing
 * in the file depends on the time or the machine.
 */
#include "codec/pth.h"

#include "base/text.h"
#include "codec/tensor_out.h"
#include "tensor/tensor.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum {
    ALIGNMENT = 64,
    LOCAL_BYTES = 30,
    OVERHEAD = 512, /* more than headers, padding and pickle of a tensor */
    TENSORS_MOST = 65000,
    DAY_ONE = 33, /* 1980-01-01 */
    VERSION = 20,
    FLAGS = 1 << 3 | 1 << 11, /* sizes behind the data, UTF-8 */
};

static const uint64_t BYTES_MOST = 0xffffffff;

static const char *const storages[] = {
    [CVY_F32] = "FloatStorage", [CVY_F64] = "DoubleStorage",
    [CVY_F16] = "HalfStorage",  [CVY_BF16] = "BFloat16Storage",
    [CVY_I64] = "LongStorage",  [CVY_I32] = "IntStorage",
    [CVY_I16] = "ShortStorage", [CVY_I8] = "CharStorage",
    [CVY_U8] = "ByteStorage",   [CVY_BOOL] = "BoolStorage",
};

/* ---- the archive ---- */

typedef struct archive {
    cvyi_sink *sink;
    void *context;
    uint32_t at; /* bytes sent so far */
    cvyi_text directory;
    int n;
    uint32_t crc, size; /* of the member being sent */
} archive;

static void put_le(cvyi_text *text, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        const char byte = (char)(value >> 8 * i & 0xff);

        cvyi_text_add(text, &byte, 1);
    }
}

static cvy_status send(archive *a, const void *bytes, size_t n, cvy_error *err)
{
    CVYI_TRY(a->sink(a->context, bytes, n, err));
    a->at += (uint32_t)n; /* check_size keeps the sum below 2^32 */
    return CVY_OK;
}

static cvy_status send_text(archive *a, cvyi_text *text, cvy_error *err)
{
    cvy_status status = cvyi_text_status(text, err);

    if (status == CVY_OK)
        status = send(a, text->bytes, text->size, err);
    cvyi_text_close(text);
    return status;
}

/* Fields that local header and directory share. */
static void put_common(cvyi_text *text, uint32_t crc, uint32_t size,
                       size_t n_name)
{
    put_le(text, VERSION, 2);
    put_le(text, FLAGS, 2);
    put_le(text, 0, 2); /* stored */
    put_le(text, 0, 2);
    put_le(text, DAY_ONE, 2);
    put_le(text, crc, 4);
    put_le(text, size, 4);
    put_le(text, size, 4);
    put_le(text, (uint32_t)n_name, 2);
}

static cvy_status send_local(archive *a, const char *name, cvy_error *err)
{
    const size_t n = strlen(name);
    const size_t head = a->at + LOCAL_BYTES + n + 4;
    const size_t padding = (ALIGNMENT - head % ALIGNMENT) % ALIGNMENT;
    cvyi_text text = { 0 };

    cvyi_text_put(&text, "PK\3\4");
    put_common(&text, 0, 0, n);
    put_le(&text, (uint32_t)(padding + 4), 2);
    cvyi_text_put(&text, name);
    cvyi_text_put(&text, "FB");
    put_le(&text, (uint32_t)padding, 2);
    for (size_t i = 0; i < padding; i++)
        cvyi_text_put(&text, "Z");
    return send_text(a, &text, err);
}

static cvy_status end_member(archive *a, const char *name, uint32_t begin,
                             cvy_error *err)
{
    cvyi_text *const dir = &a->directory;
    cvyi_text text = { 0 };

    cvyi_text_put(dir, "PK\1\2");
    put_le(dir, VERSION, 2);
    put_common(dir, a->crc, a->size, strlen(name));
    put_le(dir, 0, 4); /* no extra field, no comment */
    put_le(dir, 0, 4); /* the first disk, no attributes */
    put_le(dir, 0, 4);
    put_le(dir, begin, 4);
    cvyi_text_put(dir, name);
    a->n++;

    cvyi_text_put(&text, "PK\7\10");
    put_le(&text, a->crc, 4);
    put_le(&text, a->size, 4);
    put_le(&text, a->size, 4);
    return send_text(a, &text, err);
}

/* A cvyi_sink: the data of the member. */
static cvy_status send_data(void *context, const void *bytes, size_t n,
                            cvy_error *err)
{
    archive *const a = context;

    a->crc = (uint32_t)crc32(a->crc, bytes, (unsigned)n);
    a->size += (uint32_t)n;
    return send(a, bytes, n, err);
}

static cvy_status begin_member(archive *a, const char *name, cvy_error *err)
{
    a->crc = a->size = 0;
    return send_local(a, name, err);
}

static cvy_status send_member(archive *a, const char *name, const void *bytes,
                              size_t n, cvy_error *err)
{
    const uint32_t begin = a->at;

    CVYI_TRY(begin_member(a, name, err));
    CVYI_TRY(send_data(a, bytes, n, err));
    return end_member(a, name, begin, err);
}

static cvy_status send_directory(archive *a, cvy_error *err)
{
    const uint32_t begin = a->at;
    const uint32_t size = (uint32_t)a->directory.size;
    cvyi_text end = { 0 };

    CVYI_TRY(send_text(a, &a->directory, err));
    cvyi_text_put(&end, "PK\5\6");
    put_le(&end, 0, 4);
    put_le(&end, (uint32_t)a->n, 2);
    put_le(&end, (uint32_t)a->n, 2);
    put_le(&end, size, 4);
    put_le(&end, begin, 4);
    put_le(&end, 0, 2);
    return send_text(a, &end, err);
}

/* ---- the pickle ---- */

static void put_text(cvyi_text *out, const char *text)
{
    const size_t n = strlen(text);

    cvyi_text_put(out, "X");
    put_le(out, (uint32_t)n, 4);
    cvyi_text_add(out, text, n);
}

/* BININT1, BININT, or LONG1 where 31 bits do not do. */
static void put_int(cvyi_text *out, int64_t value)
{
    if (value < 256) {
        cvyi_text_put(out, "K");
        put_le(out, (uint32_t)value, 1);
    } else if (value <= INT32_MAX) {
        cvyi_text_put(out, "J");
        put_le(out, (uint32_t)value, 4);
    } else {
        cvyi_text_put(out, "\x8a\x08");
        put_le(out, (uint32_t)value, 4);
        put_le(out, (uint32_t)(value >> 32), 4);
    }
}

static void put_ints(cvyi_text *out, const int64_t *values, int n)
{
    cvyi_text_put(out, "(");
    for (int i = 0; i < n; i++)
        put_int(out, values[i]);
    cvyi_text_put(out, "t");
}

#define EMPTY_ORDERED_DICT "ccollections\nOrderedDict\n)R"

/* The name, and the call that makes the tensor. */
static void put_tensor(cvyi_text *out, const cvyi_safetensor_out *t, int i)
{
    const cvy_view packed = cvyi_packed(NULL, t->view.dtype, t->rank, t->dims);
    char key[16];

    snprintf(key, sizeof key, "%d", i);
    put_text(out, t->name);
    cvyi_text_put(out, "ctorch._utils\n_rebuild_tensor_v2\n((");
    put_text(out, "storage");
    cvyi_text_printf(out, "ctorch\n%s\n", storages[t->view.dtype]);
    put_text(out, key);
    put_text(out, "cpu");
    put_int(out, cvy_view_count(&packed));
    cvyi_text_put(out, "tQ");
    put_int(out, 0);
    put_ints(out, packed.dims, packed.rank);
    put_ints(out, packed.strides, packed.rank);
    cvyi_text_put(out, "\x89" EMPTY_ORDERED_DICT "tR");
}

static cvy_status send_pickle(archive *a, const cvyi_safetensor_out *tensors,
                              int n, cvy_error *err)
{
    cvyi_text text = { 0 };

    cvyi_text_put(&text, "\x80\x02" EMPTY_ORDERED_DICT);
    if (n > 0)
        cvyi_text_put(&text, "(");
    for (int i = 0; i < n; i++)
        put_tensor(&text, &tensors[i], i);
    cvyi_text_put(&text, n > 0 ? "u." : ".");

    cvy_status status = cvyi_text_status(&text, err);

    if (status == CVY_OK)
        status =
            send_member(a, "archive/data.pkl", text.bytes, text.size, err);
    cvyi_text_close(&text);
    return status;
}

/* ---- the whole ---- */

static cvy_status check_size(const cvyi_safetensor_out *tensors, int n,
                             cvy_error *err)
{
    size_t total = OVERHEAD * 8, bytes;

    if (n > TENSORS_MOST)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "%d tensors in one .pth file; write safetensors", n);
    for (int i = 0; i < n; i++) {
        const cvyi_safetensor_out *const t = &tensors[i];

        if (!cvyi_packed_size(&bytes, t->view.dtype, t->rank, t->dims) ||
            !cvyi_add(&total, total, bytes) ||
            !cvyi_add(&total, total, OVERHEAD + strlen(t->name)) ||
            total > BYTES_MOST)
            return cvyi_fail(err, CVY_UNSUPPORTED,
                             "more than 4 GiB in one .pth file; write "
                             "safetensors");
    }
    return CVY_OK;
}

static cvy_status send_tensor(archive *a, const cvyi_safetensor_out *t, int i,
                              void *piece, cvy_error *err)
{
    const uint32_t begin = a->at;
    char name[40];

    snprintf(name, sizeof name, "archive/data/%d", i);
    CVYI_TRY(begin_member(a, name, err));
    CVYI_TRY(cvyi_elements_send(&t->view, piece, send_data, a, err));
    return end_member(a, name, begin, err);
}

static cvy_status send_all(archive *a, const cvyi_safetensor_out *tensors,
                           int n, void *piece, cvy_error *err)
{
    CVYI_TRY(send_pickle(a, tensors, n, err));
    CVYI_TRY(send_member(a, "archive/.format_version", "1", 1, err));
    CVYI_TRY(send_member(a, "archive/.storage_alignment", "64", 2, err));
    CVYI_TRY(send_member(a, "archive/byteorder", "little", 6, err));
    for (int i = 0; i < n; i++)
        CVYI_TRY(cvyi_located(err, send_tensor(a, &tensors[i], i, piece, err),
                              tensors[i].name));
    CVYI_TRY(send_member(a, "archive/version", "3\n", 2, err));
    return send_directory(a, err);
}

cvy_status cvyi_pth_write(const cvyi_safetensor_out *tensors, int n,
                          cvyi_sink *sink, void *context, cvy_error *err)
{
    archive a = { .sink = sink, .context = context };

    CVYI_TRY(cvyi_tensors_check(tensors, n, err));
    CVYI_TRY(check_size(tensors, n, err));

    void *const piece = cvyi_alloc(CVYI_PIECE_BYTES, 1);

    if (piece == NULL)
        return cvyi_no_memory(err);

    const cvy_status status = send_all(&a, tensors, n, piece, err);

    cvyi_text_close(&a.directory);
    cvyi_free(piece);
    return status;
}
