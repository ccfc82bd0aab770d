/*
 * codec/zip.c - zip archives: the directory and its checks.
 *
 *   local header   "PK\3\4" ... name, extra field, then the data
 *   ...            one for each member, anywhere before the directory
 *   directory      "PK\1\2" ... name, extra, comment; one for each member
 *   [zip64 end]    "PK\6\6", 64-bit counts and offsets
 *   [locator]      "PK\6\7", where the zip64 end record is
 *   end record     "PK\5\6", 22 bytes and a comment up to the end of file
 *
 * Accepted: one disk, members stored or deflated, ZIP64, data descriptors
 * (their sizes are ignored: the directory's hold). Refused: encryption, other
 * methods, names that could leave a folder, a name twice, members that
 * overlap, anything where directory and local header disagree.
 */
#include "codec/zip.h"

#include "codec/cursor.h"
#include "codec/name.h"

#include <stdlib.h>
#include <string.h>

enum {
    LOCAL_BYTES = 30,
    ENTRY_BYTES = 46,
    END_BYTES = 22,
    LOCATOR_BYTES = 20,
    END64_BYTES = 56,
    COMMENT_MOST = 65535,
    ENTRIES_MOST = 1 << 18,
    FLAG_DESCRIPTOR = 1 << 3,
    /* encrypted, patched, strongly encrypted, masked headers */
    FLAGS_REFUSED = 1 << 0 | 1 << 5 | 1 << 6 | 1 << 13,
};

static const uint32_t MOST32 = 0xffffffff;

/* Where the directory lies and what must follow it. */
typedef struct directory {
    uint64_t n, size, offset;
    size_t end; /* first byte of the record that closes the directory */
} directory;

static bool is_end(const uint8_t *bytes, size_t size, size_t at)
{
    const uint8_t *const p = bytes + at;

    return memcmp(p, "PK\5\6", 4) == 0 &&
           cvyi_le16(p + 20) == size - at - END_BYTES;
}

/* The end record is the one whose comment ends with the file. A second such
 * record would let two readers see two archives. */
static cvy_status find_end(size_t *out, const uint8_t *bytes, size_t size,
                           cvy_error *err)
{
    size_t found = SIZE_MAX;

    for (size_t back = END_BYTES;
         back <= size && back <= END_BYTES + COMMENT_MOST; back++) {
        if (!is_end(bytes, size, size - back))
            continue;
        if (found != SIZE_MAX)
            return cvyi_fail_at(err, CVY_FORMAT, (int64_t)(size - back),
                                "two end records in one zip archive");
        found = size - back;
    }
    if (found == SIZE_MAX)
        return cvyi_fail(err, CVY_FORMAT,
                         "not a zip archive, or cut short: no end record");
    *out = found;
    return CVY_OK;
}

/* A field of the old record must repeat the 64-bit one or be at its most. */
static bool agrees(uint64_t field, uint64_t most, uint64_t wide)
{
    return field == wide || field == most;
}

static cvy_status read_end64(directory *dir, const uint8_t *bytes,
                             size_t locator, cvy_error *err)
{
    const uint64_t at = cvyi_le64(bytes + locator + 8);

    if (at > locator || locator - at < END64_BYTES)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)locator + 8,
                            "the zip64 end record is not before its locator");

    const uint8_t *const p = bytes + at;

    if (memcmp(p, "PK\6\6", 4) != 0 || cvyi_le64(p + 4) != locator - at - 12)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)at,
                            "no zip64 end record where the locator says");
    if (cvyi_le32(bytes + locator + 4) != 0 || cvyi_le32(p + 16) != 0 ||
        cvyi_le32(p + 20) != 0 || cvyi_le64(p + 24) != cvyi_le64(p + 32))
        return cvyi_fail_at(err, CVY_UNSUPPORTED, (int64_t)at,
                            "a zip archive over several disks");
    if (!agrees(dir->n, 0xffff, cvyi_le64(p + 32)) ||
        !agrees(dir->size, MOST32, cvyi_le64(p + 40)) ||
        !agrees(dir->offset, MOST32, cvyi_le64(p + 48)))
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)at,
                            "the two end records disagree");
    dir->n = cvyi_le64(p + 32);
    dir->size = cvyi_le64(p + 40);
    dir->offset = cvyi_le64(p + 48);
    dir->end = (size_t)at;
    return CVY_OK;
}

static cvy_status read_end(directory *out, const uint8_t *bytes, size_t size,
                           cvy_error *err)
{
    size_t at = 0;

    CVYI_TRY(find_end(&at, bytes, size, err));

    const uint8_t *const p = bytes + at;
    directory dir = { cvyi_le16(p + 10), cvyi_le32(p + 12), cvyi_le32(p + 16),
                      at };

    if (at >= LOCATOR_BYTES && memcmp(p - LOCATOR_BYTES, "PK\6\7", 4) == 0)
        CVYI_TRY(read_end64(&dir, bytes, at - LOCATOR_BYTES, err));
    if (!agrees(cvyi_le16(p + 4), 0xffff, 0) ||
        !agrees(cvyi_le16(p + 6), 0xffff, 0) ||
        !agrees(cvyi_le16(p + 8), 0xffff, dir.n))
        return cvyi_fail_at(err, CVY_UNSUPPORTED, (int64_t)at + 4,
                            "a zip archive over several disks");
    if (dir.offset > dir.end || dir.size != dir.end - dir.offset)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)at + 12,
                            "the directory does not end at the end record");
    if (dir.n > ENTRIES_MOST)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, (int64_t)at + 10,
                            "more than %d members", (int)ENTRIES_MOST);
    if (dir.n > dir.size / ENTRY_BYTES)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)at + 10,
                            "more members than the directory has room for");
    *out = dir;
    return CVY_OK;
}

/* A path that stays inside the folder it is joined to. Nothing here joins
 * it; this keeps the next one from having to remember. */
static const char *path_fault(const char *name, size_t size)
{
    const char *const fault = cvyi_name_fault(name, size);

    if (fault != NULL)
        return fault;
    if (name[0] == '/')
        return "is an absolute path";
    if (memchr(name, '\\', size) != NULL)
        return "holds a backslash";
    for (size_t i = 0; i + 1 < size; i++)
        if (name[i] == '.' && name[i + 1] == '.' &&
            (i == 0 || name[i - 1] == '/') &&
            (i + 2 == size || name[i + 2] == '/'))
            return "holds \"..\"";
    return NULL;
}

/* The ZIP64 extra field holds, in this order, those numbers that did not fit
 * their fields. */
static cvy_status read_extra(uint64_t *size, uint64_t *packed,
                             uint64_t *offset, cvyi_cursor extra, size_t base,
                             cvy_error *err)
{
    uint64_t *const numbers[] = { size, packed, offset };
    bool seen = false;

    while (extra.at < extra.size) {
        const int64_t at = (int64_t)(base + extra.at);
        const uint8_t *const head = cvyi_take(&extra, 4);
        const uint8_t *const body =
            head != NULL ? cvyi_take(&extra, cvyi_le16(head + 2)) : NULL;

        if (body == NULL)
            return cvyi_fail_at(err, CVY_FORMAT, at,
                                "an extra field is cut short");
        if (cvyi_le16(head) != 1)
            continue;
        if (seen)
            return cvyi_fail_at(err, CVY_FORMAT, at,
                                "two ZIP64 fields for one member");
        seen = true;

        cvyi_cursor c = { body, cvyi_le16(head + 2), 0 };

        for (int i = 0; i < 3; i++) {
            if (*numbers[i] != MOST32)
                continue;

            const uint8_t *const p = cvyi_take(&c, 8);

            if (p == NULL)
                return cvyi_fail_at(err, CVY_FORMAT, at,
                                    "a ZIP64 field is cut short");
            *numbers[i] = cvyi_le64(p);
        }
    }
    return CVY_OK;
}

static cvy_status check_kind(const uint8_t *entry, int64_t at, cvy_error *err)
{
    const uint16_t method = cvyi_le16(entry + 10);

    if (cvyi_le16(entry + 8) & FLAGS_REFUSED)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 8,
                            "an encrypted or patched member");
    if (method != 0 && method != 8)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 10,
                            "compression method %d (only deflate is read)",
                            method);
    if (cvyi_le16(entry + 34) != 0)
        return cvyi_fail_at(err, CVY_UNSUPPORTED, at + 34,
                            "a zip archive over several disks");
    return CVY_OK;
}

/* The entry with begin and packed as the directory claims them; place() below
 * compares them with the file. */
static cvy_status read_entry(cvyi_zip_entry *out, uint16_t *flags,
                             cvyi_cursor *c, cvyi_arena *arena, cvy_error *err)
{
    const int64_t at = (int64_t)c->at;
    const uint8_t *const p = cvyi_take(c, ENTRY_BYTES);

    if (p == NULL || memcmp(p, "PK\1\2", 4) != 0)
        return cvyi_fail_at(err, CVY_FORMAT, at, "expected a directory entry");

    const size_t n_name = cvyi_le16(p + 28), n_extra = cvyi_le16(p + 30);
    const uint8_t *const name = cvyi_take(c, n_name);
    const size_t extra_at = c->at;
    const uint8_t *const extra = cvyi_take(c, n_extra);
    uint64_t packed = cvyi_le32(p + 20), size = cvyi_le32(p + 24);
    uint64_t begin = cvyi_le32(p + 42);

    if (name == NULL || extra == NULL ||
        cvyi_take(c, cvyi_le16(p + 32)) == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "a directory entry is cut short");

    const char *const fault = path_fault((const char *)name, n_name);

    if (fault != NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at + ENTRY_BYTES,
                            "a member's name %s", fault);
    CVYI_TRY(check_kind(p, at, err));
    CVYI_TRY(read_extra(&size, &packed, &begin,
                        (cvyi_cursor){ extra, n_extra, 0 }, extra_at, err));
    if (cvyi_le16(p + 10) == 0 && packed != size)
        return cvyi_fail_at(err, CVY_FORMAT, at + 20,
                            "a stored member with two sizes");

    char *const copy = cvyi_arena_text(arena, (const char *)name, n_name);

    if (copy == NULL)
        return cvyi_no_memory(err);
    *out = (cvyi_zip_entry){ .name = copy,
                             .begin = begin,
                             .packed = packed,
                             .size = size,
                             .crc = cvyi_le32(p + 16),
                             .deflated = cvyi_le16(p + 10) == 8 };
    *flags = cvyi_le16(p + 8);
    return CVY_OK;
}

/* A local header's number: equal, or held elsewhere (ZIP64, descriptor). */
static bool local_agrees(const uint8_t *field, uint64_t number, bool later)
{
    const uint32_t local = cvyi_le32(field);

    return local == number || local == MOST32 || (later && local == 0);
}

/* Find the data behind the local header, which must tell the same story. */
static cvy_status place(cvyi_zip_entry *e, uint16_t flags,
                        const uint8_t *bytes, size_t limit, cvy_error *err)
{
    const int64_t at = (int64_t)e->begin;
    cvyi_cursor c = { bytes, limit, 0 };

    if (cvyi_take(&c, e->begin) == NULL)
        return cvyi_fail(err, CVY_FORMAT,
                         "the local header is outside the archive");

    const uint8_t *const p = cvyi_take(&c, LOCAL_BYTES);

    if (p == NULL || memcmp(p, "PK\3\4", 4) != 0)
        return cvyi_fail_at(err, CVY_FORMAT, at, "no local header");

    const size_t n_name = cvyi_le16(p + 26);
    const uint8_t *const name = cvyi_take(&c, n_name);
    const bool later = (flags & FLAG_DESCRIPTOR) != 0;

    if (name == NULL || cvyi_take(&c, cvyi_le16(p + 28)) == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "the local header is cut short");
    if (n_name != strlen(e->name) || memcmp(name, e->name, n_name) != 0)
        return cvyi_fail_at(err, CVY_FORMAT, at + LOCAL_BYTES,
                            "the local header has another name");
    if (cvyi_le16(p + 8) != (e->deflated ? 8 : 0) ||
        ((cvyi_le16(p + 6) ^ flags) & (FLAGS_REFUSED | FLAG_DESCRIPTOR)) !=
            0 ||
        !local_agrees(p + 14, e->crc, later) ||
        !local_agrees(p + 18, e->packed, later) ||
        !local_agrees(p + 22, e->size, later))
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "the local header disagrees with the directory");
    e->data = c.at;
    if (cvyi_take(&c, e->packed) == NULL)
        return cvyi_fail_at(err, CVY_FORMAT, at,
                            "the data runs into the directory");
    e->end = c.at;
    return CVY_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const cvyi_zip_entry *const *)a)->name,
                  (*(const cvyi_zip_entry *const *)b)->name);
}

static int by_begin(const void *a, const void *b)
{
    const size_t x = (*(const cvyi_zip_entry *const *)a)->begin;
    const size_t y = (*(const cvyi_zip_entry *const *)b)->begin;

    return (x > y) - (x < y);
}

/* Sorts twice: no two members share bytes, no two share a name. Leaves the
 * list in the order of names. */
static cvy_status check_pairs(const cvyi_zip_entry **list, int n,
                              cvy_error *err)
{
    qsort(list, (size_t)n, sizeof *list, by_begin);
    for (int i = 1; i < n; i++)
        if (list[i]->begin < list[i - 1]->end)
            return cvyi_located(err,
                                cvyi_fail_at(err, CVY_FORMAT,
                                             (int64_t)list[i]->begin,
                                             "two members overlap"),
                                list[i]->name);
    qsort(list, (size_t)n, sizeof *list, by_name);
    for (int i = 1; i < n; i++)
        if (strcmp(list[i]->name, list[i - 1]->name) == 0)
            return cvyi_fail_in(err, CVY_FORMAT, list[i]->name,
                                "two members of this name");
    return CVY_OK;
}

cvy_status cvyi_zip_open(cvyi_zip *out, cvyi_arena *arena, const void *bytes,
                         size_t size, cvy_error *err)
{
    directory dir = { 0 };

    CVYI_TRY(read_end(&dir, bytes, size, err));

    const size_t n = (size_t)dir.n;
    cvyi_zip_entry *const entries =
        cvyi_arena_alloc(arena, n, sizeof *entries);
    const cvyi_zip_entry **const list =
        cvyi_arena_alloc(arena, n, sizeof *list);
    cvyi_cursor c = { bytes, dir.end, (size_t)dir.offset };

    if (entries == NULL || list == NULL)
        return cvyi_no_memory(err);
    for (size_t i = 0; i < n; i++) {
        cvyi_zip_entry *const e = &entries[i];
        uint16_t flags = 0;

        CVYI_TRY(read_entry(e, &flags, &c, arena, err));

        const cvy_status status =
            place(e, flags, bytes, (size_t)dir.offset, err);

        if (status != CVY_OK)
            return cvyi_located(err, status, e->name);
        list[i] = e;
    }
    if (c.at != dir.end)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)c.at,
                            "the directory holds more than its members");
    CVYI_TRY(check_pairs(list, (int)n, err));
    *out = (cvyi_zip){ .bytes = bytes,
                       .size = size,
                       .n = (int)n,
                       .entries = entries,
                       .by_name = list };
    return CVY_OK;
}

const cvyi_zip_entry *cvyi_zip_find(const cvyi_zip *zip, const char *name)
{
    int low = 0, high = zip->n;

    while (low < high) {
        const int middle = low + (high - low) / 2;
        const int order = strcmp(name, zip->by_name[middle]->name);

        if (order == 0)
            return zip->by_name[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
