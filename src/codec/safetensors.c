/*
 * codec/safetensors.c - reading a safetensors file in place.
 *
 *   0    8     N, bytes of the header: at most 100 000 000
 *   8    N     JSON: name -> dtype, shape, data_offsets [begin, end) counted
 *              from the first byte after the header; optionally
 *              __metadata__, a dict of texts
 *   8+N  rest  the elements, packed, row-major, little-endian
 *
 * Accepted: tensors that cover the rest of the file without gap or overlap,
 * each exactly as large as its shape. Names only once; the header begins
 * with '{'. Refused by name: element types that convey has none for.
 */
#include "codec/safetensors.h"

#include "codec/cursor.h"
#include "codec/json.h"
#include "codec/name.h"
#include "tensor/tensor.h"

#include <stdlib.h>
#include <string.h>

enum { RANK_MOST = 8 };

static const uint64_t HEADER_MOST = 100 * 1000 * 1000;

static const struct {
    const char *name;
    cvy_dtype dtype;
} dtypes[] = {
#define X(name, bytes, python, safetensors) { safetensors, CVY_##name },
    CVY_DTYPE_LIST(X)
#undef X
};

/* A tensor as the header describes it. */
typedef struct claim {
    cvyi_safetensor tensor; /* without data yet */
    int64_t begin, end;
} claim;

static cvy_status read_dtype(cvy_dtype *out, const cvyi_value *value,
                             cvy_error *err)
{
    if (cvyi_as_text(value) == NULL)
        return cvyi_fail(err, CVY_FORMAT, "the tensor has no dtype");
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++)
        if (cvyi_is_text(value, dtypes[i].name)) {
            *out = dtypes[i].dtype;
            return CVY_OK;
        }
    return cvyi_fail(err, CVY_UNSUPPORTED,
                     "an element type that convey does not handle");
}

static bool read_count(int64_t *out, const cvyi_value *value)
{
    if (value->kind != CVYI_INT || value->integer < 0)
        return false;
    *out = value->integer;
    return true;
}

static cvy_status read_shape(cvy_view *out, const cvyi_value *shape,
                             cvy_error *err)
{
    if (shape == NULL || shape->kind != CVYI_LIST)
        return cvyi_fail(err, CVY_FORMAT, "the tensor has no shape");
    if (shape->n > RANK_MOST)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "a tensor of %d axes (at most %d are read)", shape->n,
                         (int)RANK_MOST);
    out->rank = shape->n;
    for (int i = 0; i < shape->n; i++)
        if (!read_count(&out->dims[i], &shape->items[i]))
            return cvyi_fail(err, CVY_FORMAT,
                             "the shape holds something else than a size");
    return CVY_OK;
}

static cvy_status read_claim(claim *out, const char *name,
                             const cvyi_value *value, cvy_error *err)
{
    const cvyi_value *const offsets = cvyi_get(value, "data_offsets");
    claim c = { .tensor.name = name };
    cvy_view *const view = &c.tensor.view;
    size_t bytes;

    CVYI_TRY(read_dtype(&view->dtype, cvyi_get(value, "dtype"), err));
    CVYI_TRY(read_shape(view, cvyi_get(value, "shape"), err));
    if (offsets == NULL || offsets->kind != CVYI_LIST || offsets->n != 2 ||
        !read_count(&c.begin, &offsets->items[0]) ||
        !read_count(&c.end, &offsets->items[1]) || c.begin > c.end)
        return cvyi_fail(err, CVY_FORMAT, "the tensor has no valid offsets");
    if (value->n != 3)
        return cvyi_fail(err, CVY_FORMAT,
                         "the tensor is described by unknown keys");
    if (!cvyi_packed_size(&bytes, view->dtype, view->rank, view->dims) ||
        bytes != (uint64_t)(c.end - c.begin))
        return cvyi_fail(err, CVY_FORMAT,
                         "the shape disagrees with the %lld bytes present",
                         (long long)(c.end - c.begin));
    *out = c;
    return CVY_OK;
}

static cvy_status check_metadata(const cvyi_value *metadata, cvy_error *err)
{
    bool texts = metadata->kind == CVYI_DICT;

    for (int i = 0; texts && i < metadata->n; i++)
        texts = cvyi_as_text(&metadata->items[i]) != NULL;
    return texts ? CVY_OK
                 : cvyi_fail_in(err, CVY_FORMAT, "__metadata__",
                                "the metadata is not a dict of texts");
}

static cvy_status read_claims(claim *claims, int *n,
                              const cvyi_value **metadata,
                              const cvyi_value *header, cvy_error *err)
{
    *n = 0;
    for (int i = 0; i < header->n; i++) {
        const char *const name = header->keys[i];

        if (strcmp(name, "__metadata__") == 0) {
            *metadata = &header->items[i];
            CVYI_TRY(check_metadata(*metadata, err));
            continue;
        }

        const char *const fault = cvyi_name_fault(name, strlen(name));

        if (fault != NULL)
            return cvyi_fail(err, CVY_UNSUPPORTED, "a tensor's name %s",
                             fault);
        CVYI_TRY(cvyi_located(
            err, read_claim(&claims[*n], name, &header->items[i], err), name));
        ++*n;
    }
    return CVY_OK;
}

/* Empty tensors share their begin with the next one. */
static int by_place(const void *a, const void *b)
{
    const claim *const x = a, *const y = b;

    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

/* Side by side from the first byte to the last, then cut into views. */
static cvy_status place(cvyi_safetensor *out, claim *claims, int n,
                        const uint8_t *data, size_t size, int64_t base,
                        cvy_error *err)
{
    int64_t at = 0;

    qsort(claims, (size_t)n, sizeof *claims, by_place);
    for (int i = 0; i < n; i++) {
        const claim *const c = &claims[i];
        const cvy_view *const v = &c->tensor.view;

        if (c->begin != at)
            return cvyi_located(
                err,
                cvyi_fail_at(err, CVY_FORMAT, base + at,
                             c->begin > at ? "a gap before this tensor"
                                           : "this tensor overlaps another"),
                c->tensor.name);
        if ((uint64_t)c->end > size)
            return cvyi_located(
                err,
                cvyi_fail_at(err, CVY_FORMAT, base + at,
                             "the tensor runs past the end of the file"),
                c->tensor.name);
        out[i].name = c->tensor.name;
        out[i].view = cvyi_packed((void *)(uintptr_t)(data + c->begin),
                                  v->dtype, v->rank, v->dims);
        at = c->end;
    }
    if ((uint64_t)at != size)
        return cvyi_fail_at(err, CVY_FORMAT, base + at,
                            "bytes after the last tensor");
    return CVY_OK;
}

static cvy_status read_header(const cvyi_value **out, cvyi_cursor *c,
                              cvyi_arena *arena, cvy_error *err)
{
    const uint8_t *const length = cvyi_take(c, 8);
    const uint64_t n = length != NULL ? cvyi_le64(length) : 0;

    if (length == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, 0,
                            "not a safetensors file: too short");
    if (n > HEADER_MOST)
        return cvyi_fail_at(err, CVY_FORMAT, 0,
                            "a safetensors header beyond 100 000 000 bytes");

    const char *const text = (const char *)cvyi_take(c, n);

    if (text == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, 0,
                            "a header of %llu bytes in a file of %zu",
                            (unsigned long long)n, c->size);
    if (n == 0 || text[0] != '{')
        return cvyi_fail_at(err, CVY_FORMAT, 8,
                            "a safetensors header begins with '{'");

    const cvy_status status = cvyi_json_read(out, arena, text, (size_t)n, err);

    if (status != CVY_OK && err != NULL && err->offset >= 0)
        err->offset += 8;
    return status;
}

cvy_status cvyi_safetensors_open(cvyi_safetensors *out, cvyi_arena *arena,
                                 const void *bytes, size_t size,
                                 cvy_error *err)
{
    cvyi_cursor c = { bytes, size, 0 };
    cvyi_safetensors file = { 0 };
    const cvyi_value *header = NULL;

    CVYI_TRY(read_header(&header, &c, arena, err));

    const size_t most = (size_t)header->n;
    claim *const claims = cvyi_arena_alloc(arena, most, sizeof *claims);
    cvyi_safetensor *const tensors =
        cvyi_arena_alloc(arena, most, sizeof *tensors);

    if (claims == NULL || tensors == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(read_claims(claims, &file.n, &file.metadata, header, err));
    CVYI_TRY(place(tensors, claims, file.n, c.base + c.at, c.size - c.at,
                   (int64_t)c.at, err));
    file.tensors = tensors;
    *out = file;
    return CVY_OK;
}

const cvyi_safetensor *cvyi_safetensors_find(const cvyi_safetensors *file,
                                             const char *name)
{
    for (int i = 0; i < file->n; i++)
        if (strcmp(file->tensors[i].name, name) == 0)
            return &file->tensors[i];
    return NULL;
}
