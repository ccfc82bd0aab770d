/*
 * tensor/dlpack.c - views over tensors of other libraries.
 *
 * The structures are those of the DLPack specification ("C API"), whose
 * layout is fixed for a major version; strides count elements there as here.
 */
#include "convey/dlpack.h"

#include "tensor/tensor.h"

#include <string.h>

enum { CPU = 1, PINNED = 3 };
enum { INT = 0, UINT = 1, FLOAT = 2, BFLOAT = 4, BOOLEAN = 6 };
enum { MAJOR = 1 };

typedef struct dl_tensor {
    void *data;
    struct {
        int32_t type, id;
    } device;
    int32_t ndim;
    struct {
        uint8_t code, bits;
        uint16_t lanes;
    } dtype;
    int64_t *shape;
    int64_t *strides; /* NULL: packed */
    uint64_t byte_offset;
} dl_tensor;

typedef struct dl_managed {
    dl_tensor tensor;
    void *context;
    void (*deleter)(struct dl_managed *self);
} dl_managed;

typedef struct dl_versioned {
    struct {
        uint32_t major, minor;
    } version;
    void *context;
    void (*deleter)(struct dl_versioned *self);
    uint64_t flags;
    dl_tensor tensor;
} dl_versioned;

static const struct {
    cvy_dtype dtype;
    uint8_t code, bits;
} types[] = {
    { CVY_F32, FLOAT, 32 },   { CVY_F64, FLOAT, 64 }, { CVY_F16, FLOAT, 16 },
    { CVY_BF16, BFLOAT, 16 }, { CVY_I64, INT, 64 },   { CVY_I32, INT, 32 },
    { CVY_I16, INT, 16 },     { CVY_I8, INT, 8 },     { CVY_U8, UINT, 8 },
    { CVY_BOOL, BOOLEAN, 8 },
};

static bool type_of(cvy_dtype *out, const dl_tensor *t)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].code == t->dtype.code && types[i].bits == t->dtype.bits &&
            t->dtype.lanes == 1) {
            *out = types[i].dtype;
            return true;
        }
    return false;
}

/* ---- taking ---- */

static cvy_status check(cvy_dtype *dtype, const dl_tensor *t, cvy_error *err)
{
    if (t->device.type != CPU && t->device.type != PINNED)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "the tensor is not in the memory of the CPU");
    if (!type_of(dtype, t))
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "a DLPack type of code %d and %d bits in %d lanes",
                         t->dtype.code, t->dtype.bits, t->dtype.lanes);
    if (t->ndim < 0 || t->ndim > CVY_MAX_RANK)
        return cvyi_fail(err, CVY_UNSUPPORTED, "a tensor of %d axes",
                         (int)t->ndim);
    if (t->ndim > 0 && t->shape == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "a tensor without a shape");
    for (int i = 0; i < t->ndim; i++)
        if (t->shape[i] < 0)
            return cvyi_fail(err, CVY_ARGUMENT, "axis %d has %lld elements", i,
                             (long long)t->shape[i]);
    return CVY_OK;
}

static cvy_status view_of(cvy_view *out, const dl_tensor *t, cvy_error *err)
{
    cvy_dtype dtype;
    cvy_view view;
    size_t bytes;

    CVYI_TRY(check(&dtype, t, err));
    if (!cvyi_packed_size(&bytes, dtype, t->ndim, t->shape))
        return cvyi_fail(err, CVY_ARGUMENT, "more elements than memory has");
    view = cvyi_packed(NULL, dtype, t->ndim, t->shape);
    for (int i = 0; t->strides != NULL && i < t->ndim; i++)
        view.strides[i] = t->strides[i];
    if (t->data != NULL)
        view.data = (char *)t->data + t->byte_offset;
    if (view.data == NULL && bytes > 0)
        return cvyi_fail(err, CVY_ARGUMENT, "a tensor without memory");
    *out = view;
    return CVY_OK;
}

cvy_status cvy_view_from_dlpack(cvy_view *out, const void *managed,
                                cvy_dlpack_form form, cvy_error *err)
{
    const dl_versioned *const versioned = managed;
    const dl_managed *const plain = managed;

    if (managed == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "there is no tensor");
    if (form == CVY_DLPACK_PLAIN)
        return view_of(out, &plain->tensor, err);
    if (versioned->version.major != MAJOR)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "DLPack of version %u.%u; this is 1.x",
                         versioned->version.major, versioned->version.minor);
    return view_of(out, &versioned->tensor, err);
}

void cvy_dlpack_release(void *managed, cvy_dlpack_form form)
{
    dl_versioned *const versioned = managed;
    dl_managed *const plain = managed;

    if (managed == NULL)
        return;
    if (form == CVY_DLPACK_PLAIN && plain->deleter != NULL)
        plain->deleter(plain);
    if (form == CVY_DLPACK_VERSIONED && versioned->deleter != NULL)
        versioned->deleter(versioned);
}

/* ---- giving ---- */

/* The tensor, its shape and strides in one piece. */
typedef struct given {
    union {
        dl_managed plain;
        dl_versioned versioned;
    };
    int64_t shape[CVY_MAX_RANK], strides[CVY_MAX_RANK];
    void (*release)(void *context);
    void *context;
} given;

static void delete_given(given *g)
{
    if (g->release != NULL)
        g->release(g->context);
    cvyi_free(g);
}

static void delete_plain(dl_managed *self)
{
    delete_given(self->context);
}

static void delete_versioned(dl_versioned *self)
{
    delete_given(self->context);
}

static dl_tensor tensor_of(given *g, const cvy_view *view)
{
    dl_tensor tensor = { .data = view->data,
                         .device = { .type = CPU },
                         .ndim = view->rank,
                         .shape = g->shape,
                         .strides = g->strides };

    tensor.dtype.lanes = 1;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].dtype == view->dtype) {
            tensor.dtype.code = types[i].code;
            tensor.dtype.bits = types[i].bits;
        }
    return tensor;
}

cvy_status cvy_view_to_dlpack(void **out, cvy_dlpack_form form,
                              const cvy_view *view,
                              void (*release)(void *context), void *context,
                              cvy_error *err)
{
    given *const g = cvyi_alloc(1, sizeof *g);

    if (g == NULL)
        return cvyi_no_memory(err);
    memcpy(g->shape, view->dims, sizeof g->shape);
    memcpy(g->strides, view->strides, sizeof g->strides);
    g->release = release;
    g->context = context;
    if (form == CVY_DLPACK_PLAIN)
        g->plain = (dl_managed){ .tensor = tensor_of(g, view),
                                 .context = g,
                                 .deleter = delete_plain };
    else
        g->versioned = (dl_versioned){ .version = { .major = MAJOR },
                                       .tensor = tensor_of(g, view),
                                       .context = g,
                                       .deleter = delete_versioned };
    *out = g;
    return CVY_OK;
}
