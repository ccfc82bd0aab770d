/*
 * codec/hdf5_data.c - datasets, viewed in place.
 *
 *   layout         0  version 3 or 4, class
 *   0 compact      2  size (2), the elements themselves
 *   1 contiguous   2  address (8), size (8)
 *
 * The size must be that of the declared shape, to the byte, and all of it
 * must lie in the file: a shape is never believed on its own.
 */
#include "codec/hdf5_parts.h"

#include "tensor/tensor.h"

enum { COMPACT = 0, CONTIGUOUS = 1, CHUNKED = 2, VIRTUAL = 3 };

/* The messages of a dataset that matter; data is NULL for those not seen. */
typedef struct parts {
    cvyi_h5_message space, type, layout;
} parts;

static cvy_status keep(cvyi_h5_message *slot, const cvyi_h5_message *m,
                       const cvyi_h5 *h5, cvy_error *err)
{
    if (slot->data != NULL)
        return cvyi_fail_at(err, CVY_FORMAT, cvyi_h5_offset(h5, m->data),
                            "an HDF5 dataset describes itself twice");
    *slot = *m;
    return CVY_OK;
}

static cvy_status sort_message(parts *p, const cvyi_h5_message *m,
                               const cvyi_h5 *h5, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, m->data);

    switch (m->type) {
    case CVYI_H5_SPACE:
        return keep(&p->space, m, h5, err);
    case CVYI_H5_TYPE:
        return keep(&p->type, m, h5, err);
    case CVYI_H5_LAYOUT:
        return keep(&p->layout, m, h5, err);
    case CVYI_H5_FILTERS:
        return cvyi_fail_at(
            err, CVY_UNSUPPORTED, at,
            "HDF5 data behind a filter (compressed)" CVYI_H5_REPACK);
    case CVYI_H5_EXTERNAL:
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5 data in an external file" CVYI_H5_REPACK);
    default:
        return CVY_OK;
    }
}

static cvy_status collect(parts *out, const cvyi_h5 *h5,
                          const cvyi_h5_node *dataset, cvy_error *err)
{
    cvyi_h5_messages walk;
    cvyi_h5_message m;

    CVYI_TRY(cvyi_h5_messages_open(&walk, h5, dataset->header, err));
    for (;;) {
        CVYI_TRY(cvyi_h5_message_next(&m, &walk, err));
        if (m.type == CVYI_H5_END)
            break;
        CVYI_TRY(sort_message(out, &m, h5, err));
    }
    if (out->space.data == NULL || out->type.data == NULL ||
        out->layout.data == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)dataset->header,
                            "an HDF5 dataset without shape, type or layout");
    return CVY_OK;
}

static cvy_status contiguous(const uint8_t **out, size_t *n, const cvyi_h5 *h5,
                             cvyi_cursor *c, int64_t at, cvy_error *err)
{
    const uint8_t *const p = cvyi_take(c, 16);

    if (p == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 layout is cut short");

    const uint64_t address = cvyi_le64(p), size = cvyi_le64(p + 8);

    /* An empty dataset has no place. */
    *out = size == 0 ? h5->bytes : cvyi_h5_at(h5, address, size);
    if (address == CVYI_H5_NOWHERE && size != 0)
        return cvyi_fail_at(err, CVY_FORMAT, at + 2,
                            "an HDF5 dataset that declares a shape and "
                            "stores nothing");
    if (*out == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at + 2,
                            "HDF5 data outside the file");
    *n = (size_t)size;
    return CVY_OK;
}

static cvy_status find_data(const uint8_t **out, size_t *n, const cvyi_h5 *h5,
                            const cvyi_h5_message *layout, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, layout->data);
    cvyi_cursor c = { layout->data, layout->size, 0 };
    const uint8_t *const p = cvyi_take(&c, 2);

    if (p == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 layout is cut short");
    if (p[0] != 3 && p[0] != 4)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5 layout version %d" CVYI_H5_REPACK, p[0]);
    if (p[1] == CONTIGUOUS)
        return contiguous(out, n, h5, &c, at, err);
    if (p[1] == CHUNKED)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 1,
                            "chunked HDF5 data" CVYI_H5_REPACK);
    if (p[1] == VIRTUAL)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 1,
                            "a virtual HDF5 dataset, whose data are in other "
                            "files" CVYI_H5_REPACK);
    if (p[1] != COMPACT)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 1,
                            "HDF5 layout class %d" CVYI_H5_REPACK, p[1]);

    const uint8_t *const size = cvyi_take(&c, 2);

    *n = size != NULL ? cvyi_le16(size) : 0;
    *out = size != NULL ? cvyi_take(&c, *n) : NULL;
    if (*out == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "compact HDF5 data is cut short");
    return CVY_OK;
}

cvy_status cvyi_h5_dataset(cvy_view *out, const cvyi_h5 *h5,
                           const cvyi_h5_node *dataset, cvy_error *err)
{
    const uint8_t *data = NULL;
    size_t need = 0, have = 0;
    parts p = { 0 };
    cvyi_h5_space space = { 0 };
    cvyi_h5_type type = { 0 };

    if (dataset->kind != CVYI_H5_DATASET)
        return cvyi_fail(err, CVY_FORMAT, "an HDF5 dataset was expected here");
    CVYI_TRY(collect(&p, h5, dataset, err));
    CVYI_TRY(cvyi_h5_read_space(&space, h5, p.space.data, p.space.size, err));
    CVYI_TRY(cvyi_h5_read_type(&type, h5, p.type.data, p.type.size, err));
    if (type.class != CVYI_H5_NUMBER)
        return cvyi_fail_at(err, CVY_UNSUPPORTED,
                            cvyi_h5_offset(h5, p.type.data),
                            "an HDF5 dataset of %s",
                            type.class == CVYI_H5_OTHER ? type.what : "texts");
    CVYI_TRY(find_data(&data, &have, h5, &p.layout, err));
    CVYI_TRY(cvyi_h5_bytes(&need, &type, &space, err));
    if (need != have)
        return cvyi_fail_at(err, CVY_FORMAT, cvyi_h5_offset(h5, p.layout.data),
                            "the HDF5 shape needs %zu bytes and %zu are "
                            "stored",
                            need, have);
    *out = cvyi_packed((void *)(uintptr_t)data, type.dtype, space.rank,
                       space.dims);
    return CVY_OK;
}
