/*
 * codec/npy_archive.c - a .npz file: a zip archive of NAME.npy members.
 *
 * Names may hold slashes and colons, as TensorFlow's variables do. Members
 * that are no arrays are refused: numpy would give them out as bytes.
 */
#include "codec/npy.h"

#include "codec/zip.h"

#include <string.h>

static cvy_status read_member(cvyi_safetensor *out, const cvyi_zip *zip,
                              const cvyi_zip_entry *entry, cvyi_arena *arena,
                              cvy_error *err)
{
    static const char ending[] = ".npy";
    const size_t n = strlen(entry->name), m = sizeof ending - 1;
    const void *bytes;
    size_t size;

    if (n <= m || strcmp(entry->name + n - m, ending) != 0)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, entry->name,
                            "a member that is no array");
    out->name = cvyi_arena_text(arena, entry->name, n - m);
    if (out->name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_zip_bytes(&bytes, &size, zip, entry, arena, err));

    const cvy_status status =
        cvyi_npy_open(&out->view, arena, bytes, size, err);

    if (status != CVY_OK && err != NULL && err->offset >= 0)
        err->offset =
            entry->deflated ? -1 : err->offset + (int64_t)entry->data;
    return cvyi_located(err, status, entry->name);
}

cvy_status cvyi_npz_open(cvyi_npz *out, cvyi_arena *arena, const void *bytes,
                         size_t size, cvy_error *err)
{
    cvyi_zip zip = { 0 };

    CVYI_TRY(cvyi_zip_open(&zip, arena, bytes, size, err));

    cvyi_safetensor *const tensors =
        cvyi_arena_alloc(arena, (size_t)zip.n, sizeof *tensors);

    if (tensors == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < zip.n; i++)
        CVYI_TRY(read_member(&tensors[i], &zip, &zip.entries[i], arena, err));
    *out = (cvyi_npz){ zip.n, tensors };
    return CVY_OK;
}

const cvyi_safetensor *cvyi_npz_find(const cvyi_npz *file, const char *name)
{
    for (int i = 0; i < file->n; i++)
        if (strcmp(file->tensors[i].name, name) == 0)
            return &file->tensors[i];
    return NULL;
}
