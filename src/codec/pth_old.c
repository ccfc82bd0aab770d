/*
 * codec/pth_old.c - the file that torch.save wrote before 1.6.
 *
 *   pickle   the number 0x1950a86a20f9469cfc6c
 *   pickle   1001, the version
 *   pickle   a dict: protocol_version, little_endian, type_sizes
 *   pickle   the object
 *   pickle   a list of storage keys
 *   8 n*w    for each key: how many elements, then the elements
 */
#include "codec/pth_parts.h"

#include "codec/cursor.h"

#include <string.h>

enum { VERSION = 1001 };

static const uint8_t magic[] = "\200\2\212\nl\374\234F\371 j\250P\031.";
enum { MAGIC_BYTES = sizeof magic - 1 };

bool cvyi_pth_is_old(const void *bytes, size_t size)
{
    return size >= MAGIC_BYTES && memcmp(bytes, magic, MAGIC_BYTES) == 0;
}

/* The next pickle of the file. */
static cvy_status take_pickle(cvyi_pickle *out, cvyi_cursor *c,
                              cvyi_arena *arena, cvy_error *err)
{
    const cvy_status status = cvyi_pickle_read(
        out, arena, c->base + c->at, c->size - c->at, &cvyi_pth_names, err);

    if (status != CVY_OK) {
        if (err != NULL && err->offset >= 0)
            err->offset += (int64_t)c->at;
        return status;
    }
    c->at += out->size;
    return CVY_OK;
}

static cvy_status read_head(cvyi_cursor *c, cvyi_arena *arena, cvy_error *err)
{
    const cvyi_pickled *little;
    cvyi_pickle version = { 0 }, system = { 0 };

    c->at = MAGIC_BYTES;
    CVYI_TRY(take_pickle(&version, c, arena, err));
    if (version.root->kind != CVYI_PICKLED_INT ||
        version.root->integer != VERSION)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, MAGIC_BYTES,
                            "a version of the file that is not known");

    const int64_t at = (int64_t)c->at;

    CVYI_TRY(take_pickle(&system, c, arena, err));
    little = cvyi_pickled_get(system.root, "little_endian");
    if (little == NULL || little->kind != CVYI_PICKLED_BOOL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "the file does not say its order of bytes");
    return little->truth ? CVY_OK
                         : cvyi_fail_at(err, CVY_UNSUPPORTED, at,
                                        "written on a big-endian machine");
}

static cvy_status take_storage(cvyi_pth_storage *s, cvyi_cursor *c,
                               cvy_error *err)
{
    const int64_t at = (int64_t)c->at;
    const uint8_t *const count = cvyi_take(c, 8);
    size_t need;

    if (count == NULL || cvyi_le64(count) != (uint64_t)s->n)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "a storage of another size than the pickle says");
    if (s->bytes != NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at, "one storage twice");
    if (!cvyi_mul(&need, (size_t)s->n, cvyi_pth_element(s->type)))
        need = SIZE_MAX;
    s->size = need;
    s->bytes = cvyi_take(c, need);
    return s->bytes != NULL
               ? CVY_OK
               : cvyi_fail_at(err, CVY_FORMAT, at,
                              "a storage is cut short by the file's end");
}

static cvy_status take_storages(cvyi_pth_file *file, const cvyi_pickled *keys,
                                cvyi_cursor *c, cvy_error *err)
{
    if (keys->kind != CVYI_PICKLED_LIST || keys->n != file->n_storages)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)c->at,
                            "no list of the storages in use");
    for (int i = 0; i < keys->n; i++) {
        cvyi_pth_storage *const s =
            keys->items[i]->kind == CVYI_PICKLED_TEXT
                ? cvyi_pth_storage_of(file, keys->items[i])
                : NULL;

        if (s == NULL)
            return cvyi_fail_at(err, CVY_FORMAT, (int64_t)c->at,
                                "a storage that nothing refers to");
        if (s->type->tag == CVYI_PTH_FOREIGN)
            return cvyi_fail_at(err, CVY_UNSUPPORTED, (int64_t)c->at,
                                "an element type that convey does not "
                                "handle: %s",
                                s->type->name);
        CVYI_TRY(take_storage(s, c, err));
    }
    return c->at == c->size ? CVY_OK
                            : cvyi_fail_at(err, CVY_FORMAT, (int64_t)c->at,
                                           "bytes after the last storage");
}

cvy_status cvyi_pth_open_old(cvyi_pth_file *file, const void *bytes,
                             size_t size, cvy_error *err)
{
    cvyi_cursor c = { bytes, size, 0 };
    cvyi_pickle object = { 0 }, keys = { 0 };

    CVYI_TRY(read_head(&c, file->arena, err));
    CVYI_TRY(take_pickle(&object, &c, file->arena, err));
    CVYI_TRY(take_pickle(&keys, &c, file->arena, err));
    CVYI_TRY(cvyi_pth_collect(file, &object, err));
    file->root = object.root;
    return take_storages(file, keys.root, &c, err);
}
