/*
 * codec/zip_bytes.c - the contents of one member, unpacked and verified.
 *
 * DEFLATE cannot make more than 1032 bytes of one, so a larger claim is a
 * lie. Beyond a floor we also refuse what no honest model needs: a member
 * that grows more than a hundredfold, or past 4 GiB. All this is decided
 * before memory is asked for.
 */
#include "codec/zip.h"

#include <zlib.h>

enum { RATIO_POSSIBLE = 1032, RATIO_MOST = 100 };

static const size_t UNPACKED_FLOOR = (size_t)16 << 20;
static const size_t UNPACKED_MOST = (size_t)4 << 30;
/* zlib counts in unsigned int. */
static const size_t STEP = (size_t)1 << 30;

static void *zlib_alloc(void *context, unsigned n, unsigned size)
{
    (void)context;
    return cvyi_alloc(n, size);
}

static void zlib_free(void *context, void *p)
{
    (void)context;
    cvyi_free(p);
}

static unsigned step(size_t left)
{
    return (unsigned)(left < STEP ? left : STEP);
}

static cvy_status check_claim(const cvyi_zip_entry *e, cvy_error *err)
{
    size_t possible;

    if (!cvyi_mul(&possible, e->packed, RATIO_POSSIBLE) || e->size > possible)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)e->data,
                            "%zu bytes cannot unpack to %zu", e->packed,
                            e->size);
    if (e->size > UNPACKED_MOST ||
        (e->size > UNPACKED_FLOOR && e->size / RATIO_MOST > e->packed))
        return cvyi_fail_at(err, CVY_UNSUPPORTED, (int64_t)e->data,
                            "%zu bytes would unpack to %zu: refused as a "
                            "zip bomb",
                            e->packed, e->size);
    return CVY_OK;
}

/* `to` has room for one byte more than the member may have, so that a stream
 * that is too long shows itself. */
static cvy_status run(z_stream *z, uint8_t *to, const uint8_t *from,
                      const cvyi_zip_entry *e, cvy_error *err)
{
    size_t read = 0, made = 0;
    int code = Z_OK;

    while (code == Z_OK && made <= e->size) {
        const unsigned in = step(e->packed - read);
        const unsigned room = step(e->size + 1 - made);

        z->next_in = (z_const Bytef *)(uintptr_t)(from + read);
        z->avail_in = in;
        z->next_out = to + made;
        z->avail_out = room;
        code = inflate(z, Z_NO_FLUSH);
        read += in - z->avail_in;
        made += room - z->avail_out;
    }
    if (code == Z_MEM_ERROR)
        return cvyi_no_memory(err);
    if (code != Z_STREAM_END || made != e->size || read != e->packed)
        return cvyi_fail_at(err, CVY_FORMAT, (int64_t)(e->data + read),
                            "the deflated data is damaged");
    return CVY_OK;
}

static cvy_status unpack(const uint8_t **out, const cvyi_zip *zip,
                         const cvyi_zip_entry *e, cvyi_arena *arena,
                         cvy_error *err)
{
    z_stream z = { .zalloc = zlib_alloc, .zfree = zlib_free };

    CVYI_TRY(check_claim(e, err));

    uint8_t *const to = cvyi_arena_alloc(arena, e->size + 1, 1);

    if (to == NULL || inflateInit2(&z, -MAX_WBITS) != Z_OK)
        return cvyi_no_memory(err);

    const cvy_status status = run(&z, to, zip->bytes + e->data, e, err);

    inflateEnd(&z);
    if (status == CVY_OK)
        *out = to;
    return status;
}

static uint32_t crc_of(const uint8_t *p, size_t n)
{
    uLong crc = crc32(0, NULL, 0);

    for (size_t at = 0; at < n; at += STEP)
        crc = crc32(crc, p + at, step(n - at));
    return (uint32_t)crc;
}

cvy_status cvyi_zip_bytes(const void **out, size_t *n, const cvyi_zip *zip,
                          const cvyi_zip_entry *entry, cvyi_arena *arena,
                          cvy_error *err)
{
    const uint8_t *p = zip->bytes + entry->data;

    if (entry->deflated) {
        const cvy_status status = unpack(&p, zip, entry, arena, err);

        if (status != CVY_OK)
            return cvyi_located(err, status, entry->name);
    }
    if (!(zip->crc_optional && entry->crc == 0) &&
        crc_of(p, entry->size) != entry->crc)
        return cvyi_located(err,
                            cvyi_fail_at(err, CVY_FORMAT, (int64_t)entry->data,
                                         "the contents do not match their "
                                         "CRC: the file is damaged"),
                            entry->name);
    *out = p;
    *n = entry->size;
    return CVY_OK;
}
