/*
 * codec/pth_zip.c - the archive that torch.save writes since 1.6.
 *
 *   NAME/data.pkl     the pickle
 *   NAME/byteorder    "little" or "big"; missing in old files: little
 *   NAME/data/KEY     the elements of a storage, as they lie in memory
 *   NAME/version      "3\n", a number from 1 to 10; may be NAME/.data/version
 *   NAME/...          whatever else, not read
 *
 * NAME is the first member's folder, and every member is below it. Members
 * may be stored or deflated; torch can leave their CRCs out.
 */
#include "codec/pth_parts.h"

#include <string.h>

/* The member NAME/`name`, or NULL. */
static cvy_status find(const cvyi_zip_entry **out, const cvyi_pth_file *file,
                       const char *name, cvy_error *err)
{
    const char *const path =
        cvyi_arena_printf(file->arena, "%s/%s", file->folder, name);

    if (path == NULL)
        return cvyi_no_memory(err);
    *out = cvyi_zip_find(&file->zip, path);
    return CVY_OK;
}

static cvy_status find_folder(cvyi_pth_file *file, cvy_error *err)
{
    const char *const first = file->zip.n > 0 ? file->zip.entries[0].name : "";
    const char *const slash = strchr(first, '/');

    if (slash == NULL)
        return cvyi_fail(err, CVY_FORMAT,
                         "not a PyTorch archive: no folder in it");

    const size_t n = (size_t)(slash - first);

    for (int i = 0; i < file->zip.n; i++)
        if (strncmp(file->zip.entries[i].name, first, n + 1) != 0)
            return cvyi_fail_in(err, CVY_FORMAT, file->zip.entries[i].name,
                                "not a PyTorch archive: several folders");
    file->folder = cvyi_arena_text(file->arena, first, n);
    return file->folder != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status check_kind(const cvyi_pth_file *file, cvy_error *err)
{
    const cvyi_zip_entry *script, *program;

    CVYI_TRY(find(&script, file, "constants.pkl", err));
    CVYI_TRY(find(&program, file, "archive_format", err));
    if (script != NULL)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "a TorchScript archive; save the state_dict() of the "
                         "model instead");
    if (program != NULL)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "a PyTorch program (.pt2); save the state_dict() of "
                         "the model instead");
    return CVY_OK;
}

static cvy_status check_byteorder(const cvyi_pth_file *file, cvy_error *err)
{
    const cvyi_zip_entry *entry;
    const void *text;
    size_t n;

    CVYI_TRY(find(&entry, file, "byteorder", err));
    if (entry == NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_zip_bytes(&text, &n, &file->zip, entry, file->arena, err));
    if (n == 3 && memcmp(text, "big", 3) == 0)
        return cvyi_fail(err, CVY_UNSUPPORTED,
                         "written on a big-endian machine");
    return n == 6 && memcmp(text, "little", 6) == 0
               ? CVY_OK
               : cvyi_fail_in(err, CVY_FORMAT, entry->name,
                              "neither \"little\" nor \"big\"");
}

static cvy_status check_version(const cvyi_pth_file *file, cvy_error *err)
{
    const cvyi_zip_entry *entry;
    const void *bytes;
    const char *text;
    size_t n;

    CVYI_TRY(find(&entry, file, "version", err));
    if (entry == NULL)
        CVYI_TRY(find(&entry, file, ".data/version", err));
    if (entry == NULL)
        return cvyi_fail(err, CVY_FORMAT,
                         "not a PyTorch archive: it has no version");
    CVYI_TRY(cvyi_zip_bytes(&bytes, &n, &file->zip, entry, file->arena, err));
    text = bytes;
    if (n > 0 && text[n - 1] == '\n')
        n--;
    if ((n == 1 && text[0] >= '1' && text[0] <= '9') ||
        (n == 2 && memcmp(text, "10", 2) == 0))
        return CVY_OK;
    return cvyi_fail_in(err, CVY_UNSUPPORTED, entry->name,
                        "a version of the archive that is not known");
}

/* Offsets count from the start of the pickle; a stored one has a place in
 * the file. */
static cvy_status moved(cvy_error *err, cvy_status status,
                        const cvyi_zip_entry *entry)
{
    if (status != CVY_OK && err != NULL && err->offset >= 0)
        err->offset =
            entry->deflated ? -1 : err->offset + (int64_t)entry->data;
    return cvyi_located(err, status, entry->name);
}

cvy_status cvyi_pth_open_zip(cvyi_pth_file *file, const void *bytes,
                             size_t size, cvy_error *err)
{
    const cvyi_zip_entry *entry;
    cvyi_pickle pickle = { 0 };
    const void *data;
    size_t n;

    CVYI_TRY(cvyi_zip_open(&file->zip, file->arena, bytes, size, err));
    file->zip.crc_optional = true;
    CVYI_TRY(find_folder(file, err));
    CVYI_TRY(check_kind(file, err));
    CVYI_TRY(check_version(file, err));
    CVYI_TRY(check_byteorder(file, err));
    CVYI_TRY(find(&entry, file, "data.pkl", err));
    if (entry == NULL)
        return cvyi_fail(err, CVY_FORMAT,
                         "not a PyTorch archive: it has no data.pkl");
    CVYI_TRY(cvyi_zip_bytes(&data, &n, &file->zip, entry, file->arena, err));
    CVYI_TRY(moved(err,
                   cvyi_pickle_read(&pickle, file->arena, data, n,
                                    &cvyi_pth_names, err),
                   entry));
    if (pickle.size != n)
        return moved(err,
                     cvyi_fail_at(err, CVY_FORMAT, (int64_t)pickle.size,
                                  "bytes after the pickle"),
                     entry);
    file->root = pickle.root;
    return cvyi_pth_collect(file, &pickle, err);
}

cvy_status cvyi_pth_load_zip(cvyi_pth_storage *s, const cvyi_pth_file *file,
                             cvy_error *err)
{
    const cvyi_zip_entry *entry;
    const void *bytes;
    size_t n, need;

    const char *const name =
        cvyi_arena_printf(file->arena, "data/%.*s", s->key->n, s->key->text);

    if (name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(find(&entry, file, name, err));
    if (entry == NULL)
        return cvyi_fail(err, CVY_FORMAT, "its storage is not in the file");
    if (!cvyi_mul(&need, (size_t)s->n, cvyi_pth_element(s->type)) ||
        need != entry->size)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)entry->data,
                            "its storage has %zu bytes, and is said to have "
                            "%lld elements",
                            entry->size, (long long)s->n);
    CVYI_TRY(cvyi_zip_bytes(&bytes, &n, &file->zip, entry, file->arena, err));
    s->bytes = bytes;
    s->size = n;
    return CVY_OK;
}
