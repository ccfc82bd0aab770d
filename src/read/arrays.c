/* read/arrays.c - weights from a file of their own. */
#include "read/arrays.h"

#include "codec/format.h"
#include "codec/npy.h"
#include "codec/pth.h"
#include "codec/zip.h"

#include <string.h>

static cvy_status read_npz(cvyi_arrays *a, cvy_error *err)
{
    cvyi_npz file;

    CVYI_TRY(
        cvyi_npz_open(&file, &a->arena, a->file.bytes, a->file.size, err));
    a->n = file.n;
    a->items = file.tensors;
    return CVY_OK;
}

static cvy_status read_safetensors(cvyi_arrays *a, cvy_error *err)
{
    cvyi_safetensors file;

    CVYI_TRY(cvyi_safetensors_open(&file, &a->arena, a->file.bytes,
                                   a->file.size, err));
    a->n = file.n;
    a->items = file.tensors;
    return CVY_OK;
}

static cvy_status read_pth(cvyi_arrays *a, cvy_error *err)
{
    cvyi_pth file;

    CVYI_TRY(
        cvyi_pth_open(&file, &a->arena, a->file.bytes, a->file.size, err));
    a->n = file.n;
    a->items = file.tensors;
    return CVY_OK;
}

static cvy_status open_store(cvyi_arrays *a, const void *bytes, size_t size,
                             cvy_error *err)
{
    static const char theano[] = "theano";
    const char *backend = NULL;

    CVYI_TRY(cvyi_keras_store_open(&a->store, bytes, size, err));
    if (a->store.layout == &cvyi_keras_named)
        CVYI_TRY(cvyi_h5_text_attribute(&backend, &a->arena, &a->store.h5,
                                        &a->store.groups, "backend", err));
    if (backend != NULL && strcmp(backend, theano) == 0)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "the weights were written with the backend of "
                         "Theano, whose kernels are turned around");
    a->of_layers = true;
    return CVY_OK;
}

static cvy_status read_hdf5(cvyi_arrays *a, cvy_error *err)
{
    return open_store(a, a->file.bytes, a->file.size, err);
}

/* Of a whole model its weights alone. */
static cvy_status read_keras(cvyi_arrays *a, cvy_error *err)
{
    static const char name[] = "model.weights.h5";
    const cvyi_zip_entry *entry;
    const void *bytes;
    cvyi_zip zip;
    size_t n;

    CVYI_TRY(cvyi_zip_open(&zip, &a->arena, a->file.bytes, a->file.size, err));
    entry = cvyi_zip_find(&zip, name);
    if (entry == NULL)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, name,
                            "the archive has no such member");
    CVYI_TRY(cvyi_zip_bytes(&bytes, &n, &zip, entry, &a->arena, err));
    return open_store(a, bytes, n, err);
}

static const struct {
    const char *format; /* a row of codec/formats.def */
    cvy_status (*read)(cvyi_arrays *a, cvy_error *err);
} readers[] = {
    { "npz", read_npz },   { "safetensors", read_safetensors },
    { "pth", read_pth },   { "oldpth", read_pth },
    { "hdf5", read_hdf5 }, { "keras", read_keras },
};

static cvy_status read(cvyi_arrays *a, const char *path, cvy_error *err)
{
    const cvyi_format *format;

    CVYI_TRY(cvyi_format_find(&format, a->file.bytes, a->file.size, err));
    for (size_t i = 0; format != NULL && i < sizeof readers / sizeof *readers;
         i++)
        if (strcmp(format->name, readers[i].format) == 0)
            return cvyi_located(err, readers[i].read(a, err), path);
    return cvyi_fail_in(
        err, CVY_UNSUPPORTED, path,
        "this is %s, and weights are read from .npz, .safetensors, .pth, .h5 "
        "and .keras",
        format != NULL ? format->what : "no file of a kind that is known");
}

cvy_status cvyi_arrays_open(cvyi_arrays *out, const char *path, cvy_error *err)
{
    cvyi_arrays a = { 0 };
    cvy_status status;

    CVYI_TRY(cvyi_file_map(&a.file, path, err));
    status = read(&a, path, err);
    if (status == CVY_OK)
        *out = a;
    else
        cvyi_arrays_close(&a);
    return status;
}

const cvyi_safetensor *cvyi_arrays_find(const cvyi_arrays *arrays,
                                        const char *name)
{
    const size_t n = strlen(name);

    for (int i = 0; i < arrays->n; i++) {
        const char *const other = arrays->items[i].name;

        if (strncmp(other, name, n) == 0 &&
            (other[n] == '\0' || strcmp(other + n, ":0") == 0))
            return &arrays->items[i];
    }
    return NULL;
}

cvy_status cvyi_arrays_take(cvyi_arrays *out, const char *path,
                            const char *advice, cvyi_findings *findings,
                            cvy_error *err)
{
    cvy_error why = { 0 };
    const cvy_status status = cvyi_arrays_open(out, path, &why);

    if (status == CVY_UNSUPPORTED)
        CVYI_TRY(cvyi_findings_add(findings,
                                   (cvyi_finding){ .refusal = true,
                                                   .kind = "unsupported",
                                                   .attribute = "weights",
                                                   .text = why.text,
                                                   .advice = advice,
                                                   .where = path },
                                   err));
    if (err != NULL && status != CVY_OK)
        *err = why;
    return status;
}

void cvyi_arrays_close(cvyi_arrays *arrays)
{
    cvyi_arena_close(&arrays->arena);
    cvyi_file_unmap(&arrays->file);
    *arrays = (cvyi_arrays){ 0 };
}
