/*
 * codec/hdf5_type.c - HDF5 datatypes and dataspaces.
 *
 *   datatype       0  class (low 4 bits), version 1 to 3 (high 4 bits)
 *                  1  three bytes of flags, then bytes an element (4)
 *                  8  what the class adds
 *   0 integer         flags: bit 0 big-endian, bit 3 signed; adds offset and
 *                     precision in bits (2 each)
 *   1 float           flags: bit 0 big-endian, second byte the sign's bit;
 *                     adds offset, precision (2 each), exponent's place and
 *                     bits, mantissa's place and bits (1 each), bias (4)
 *   3 text            flags: low 4 bits padding
 *   5 opaque          two bytes: bfloat16
 *   8 enumeration     of one-byte integers with two members: bool
 *   9 variable        flags: low 4 bits 1 for text
 *
 *   dataspace      0  version 1, rank, flags (bit 0: limits follow), - (5)
 *                  8  lengths (8 each), limits (8 each)
 *   (version 2)    0  version 2, rank, flags, kind 0 or 1
 *                  4  lengths, limits
 */
#include "codec/hdf5_parts.h"

#include "tensor/tensor.h"

#include <string.h>

enum {
    TYPE_BYTES = 8,
    BIG_ENDIAN_FLAG = 1,
    SIGNED_FLAG = 8,
    PADDING_MOST = 2,
    VERSION_MOST = 3,
    SPACE_BYTES = 8,
    SPACE_2_BYTES = 4,
    SPACE_SIMPLE = 1, /* or 0, a single element; 2 has none */
};

static const struct {
    size_t size;
    uint8_t sign, exponent_at, exponent_bits, mantissa_bits;
    uint32_t bias;
    cvy_dtype dtype;
} floats[] = {
    { 2, 15, 10, 5, 10, 15, CVY_F16 },
    { 2, 15, 7, 8, 7, 127, CVY_BF16 },
    { 4, 31, 23, 8, 23, 127, CVY_F32 },
    { 8, 63, 52, 11, 52, 1023, CVY_F64 },
};

static const struct {
    size_t size;
    bool is_signed;
    cvy_dtype dtype;
} integers[] = {
    { 8, true, CVY_I64 }, { 4, true, CVY_I32 }, { 2, true, CVY_I16 },
    { 1, true, CVY_I8 },  { 1, false, CVY_U8 },
};

static const char *const class_names[] = {
    "integer",     "float",
    "time",        "text",
    "bit field",   "opaque",
    "compound",    "reference",
    "enumeration", "variable-length sequence",
    "array",
};

/* A datatype message, taken apart as far as all classes agree. */
typedef struct raw_type {
    int64_t at;
    const uint8_t *p;    /* the message */
    const uint8_t *more; /* what the class adds: n_more bytes */
    size_t n_more, size;
    int class;
} raw_type;

static void set_other(cvyi_h5_type *out, const char *what)
{
    out->class = CVYI_H5_OTHER;
    out->what = what;
}

static cvy_status refuse_big_endian(const raw_type *r, cvy_error *err)
{
    return cvyi_fail_at(err, CVY_UNSUPPORTED, r->at + 1,
                        "big-endian numbers in HDF5" CVYI_H5_RESAVE);
}

static cvy_status read_integer(cvyi_h5_type *out, const raw_type *r,
                               cvy_error *err)
{
    if (r->n_more < 4 || cvyi_le16(r->more) != 0 ||
        cvyi_le16(r->more + 2) != 8 * r->size)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, r->at,
                            "HDF5 integers with unused bits");
    if (r->size > 1 && (r->p[1] & BIG_ENDIAN_FLAG))
        return refuse_big_endian(r, err);
    set_other(out, "unsigned or wide integers");
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)
        if (integers[i].size == r->size &&
            integers[i].is_signed == ((r->p[1] & SIGNED_FLAG) != 0)) {
            out->class = CVYI_H5_NUMBER;
            out->dtype = integers[i].dtype;
        }
    return CVY_OK;
}

static cvy_status read_float(cvyi_h5_type *out, const raw_type *r,
                             cvy_error *err)
{
    if (r->n_more < 12)
        return cvyi_fail_at(err, CVY_FORMAT, r->at,
                            "an HDF5 float type is cut short");
    if (r->p[1] & (BIG_ENDIAN_FLAG | 0x40))
        return refuse_big_endian(r, err);
    set_other(out, "floats of an unusual form");
    if (cvyi_le16(r->more) != 0 || cvyi_le16(r->more + 2) != 8 * r->size)
        return CVY_OK;
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        if (floats[i].size == r->size && floats[i].sign == r->p[2] &&
            floats[i].exponent_at == r->more[4] &&
            floats[i].exponent_bits == r->more[5] && r->more[6] == 0 &&
            floats[i].mantissa_bits == r->more[7] &&
            floats[i].bias == cvyi_le32(r->more + 8)) {
            out->class = CVYI_H5_NUMBER;
            out->dtype = floats[i].dtype;
        }
    return CVY_OK;
}

/* h5py's bool: FALSE = 0 and TRUE = 1 over one-byte integers. The names are
 * padded to 8 bytes up to version 2, and the two values follow. */
static cvy_status read_enumeration(cvyi_h5_type *out, const raw_type *r,
                                   cvy_error *err)
{
    static const char padded[] = "FALSE\0\0\0TRUE\0\0\0\0\0\1",
                      packed[] = "FALSE\0TRUE\0\0\1";
    const bool is_packed = r->p[0] >> 4 == 3;
    const char *const members = is_packed ? packed : padded;
    const size_t base = TYPE_BYTES + 4,
                 n = (is_packed ? sizeof packed : sizeof padded) - 1;

    if (r->n_more < base)
        return cvyi_fail_at(err, CVY_FORMAT, r->at,
                            "an HDF5 enumeration is cut short");
    set_other(out, "an enumeration");
    if (r->size == 1 && cvyi_le16(r->p + 1) == 2 && (r->more[0] & 0xf) == 0 &&
        cvyi_le32(r->more + 4) == 1 && r->n_more >= base + n &&
        memcmp(r->more + base, members, n) == 0) {
        out->class = CVYI_H5_NUMBER;
        out->dtype = CVY_BOOL;
    }
    return CVY_OK;
}

static cvy_status read_variable(cvyi_h5_type *out, const raw_type *r,
                                cvy_error *err)
{
    if ((r->p[1] & 0xf) != 1) {
        set_other(out, class_names[9]);
        return CVY_OK;
    }
    if (r->size != 16)
        return cvyi_fail_at(err, CVY_FORMAT, r->at + 4,
                            "an HDF5 variable-length type of %zu bytes",
                            r->size);
    out->class = CVYI_H5_VAR_TEXT;
    return CVY_OK;
}

static cvy_status read_class(cvyi_h5_type *out, const raw_type *r,
                             cvy_error *err)
{
    switch (r->class) {
    case 0:
        return read_integer(out, r, err);
    case 1:
        return read_float(out, r, err);
    case 3:
        if ((r->p[1] & 0xf) > PADDING_MOST)
            return cvyi_fail_at(err, CVY_FORMAT, r->at + 1,
                                "HDF5 text with an unknown padding");
        out->class = CVYI_H5_FIXED_TEXT;
        out->padding = r->p[1] & 0xf;
        return CVY_OK;
    case 5:
        set_other(out, "opaque elements");
        if (r->size == 2) {
            out->class = CVYI_H5_NUMBER;
            out->dtype = CVY_BF16;
        }
        return CVY_OK;
    case 8:
        return read_enumeration(out, r, err);
    case 9:
        return read_variable(out, r, err);
    default:
        set_other(out, class_names[r->class]);
        return CVY_OK;
    }
}

cvy_status cvyi_h5_read_type(cvyi_h5_type *out, const cvyi_h5 *h5,
                             const uint8_t *data, size_t size, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, data);
    const size_t n_classes = sizeof class_names / sizeof *class_names;

    if (size < TYPE_BYTES)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 datatype is cut short");

    const raw_type r = { at,
                         data,
                         data + TYPE_BYTES,
                         size - TYPE_BYTES,
                         cvyi_le32(data + 4),
                         data[0] & 0xf };
    cvyi_h5_type type = { .size = r.size };

    if ((size_t)r.class >= n_classes)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 datatype of unknown class %d", r.class);
    if (data[0] >> 4 < 1 || data[0] >> 4 > VERSION_MOST)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5 datatype version %d (%s)", data[0] >> 4,
                            class_names[r.class]);
    if (r.size == 0)
        return cvyi_fail_at(err, CVY_FORMAT, at + 4,
                            "an HDF5 datatype of no bytes");
    CVYI_TRY(read_class(&type, &r, err));
    *out = type;
    return CVY_OK;
}

cvy_status cvyi_h5_read_space(cvyi_h5_space *out, const cvyi_h5 *h5,
                              const uint8_t *data, size_t size, cvy_error *err)
{
    const int64_t at = cvyi_h5_offset(h5, data);
    const size_t head = size > 0 && data[0] == 2 ? SPACE_2_BYTES : SPACE_BYTES;
    cvyi_h5_space space = { 0 };

    if (size < head)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 dataspace is cut short");
    if (data[0] != 1 && data[0] != 2)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                            "HDF5 dataspace version %d" CVYI_H5_REPACK,
                            data[0]);
    if (data[0] == 2 && data[3] > SPACE_SIMPLE)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 3,
                            "a null HDF5 dataspace: there are no elements");
    if (data[1] > CVYI_H5_RANK_MOST)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 1,
                            "an HDF5 dataset of %d axes (at most %d are read)",
                            data[1], (int)CVYI_H5_RANK_MOST);
    if (data[2] > 1)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 2,
                            "an HDF5 dataspace with permuted axes");
    space.rank = data[1];
    if (size < head + 8 * (size_t)space.rank * (data[2] & 1 ? 2 : 1))
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "an HDF5 dataspace is cut short");
    for (int i = 0; i < space.rank; i++) {
        const uint8_t *const p = data + head + 8 * (size_t)i;

        if (cvyi_le64(p) > INT64_MAX)
            return cvyi_fail_at(err, CVY_FORMAT, cvyi_h5_offset(h5, p),
                                "an HDF5 axis beyond 63 bits");
        space.dims[i] = (int64_t)cvyi_le64(p);
    }
    *out = space;
    return CVY_OK;
}

cvy_status cvyi_h5_bytes(size_t *out, const cvyi_h5_type *type,
                         const cvyi_h5_space *space, cvy_error *err)
{
    size_t n, bytes;

    if (!cvyi_packed_size(&n, CVY_U8, space->rank, space->dims) ||
        !cvyi_mul(&bytes, n, type->size) || bytes > INT64_MAX)
        return cvyi_fail(err, CVY_FORMAT,
                         "an HDF5 dataset beyond 63 bits of bytes");
    *out = bytes;
    return CVY_OK;
}
