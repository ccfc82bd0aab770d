/*
 * tests/codec/laws.h - what holds for every reader of untrusted bytes.
 *
 * Bytes are handed over in a block of exactly their size, so that the address
 * sanitizer sees the first one read too far.
 */
#ifndef CVYT_CODEC_LAWS_H
#define CVYT_CODEC_LAWS_H

#include "check.h"
#include "codec/walk.h"

#include <dirent.h>

static inline uint8_t *laws_read(const char *path, size_t *n)
{
    FILE *const f = fopen(path, "rb");

    if (f == NULL)
        fail_msg("cannot open %s", path);
    fseek(f, 0, SEEK_END);
    *n = (size_t)ftell(f);
    rewind(f);

    uint8_t *const bytes = malloc(*n ? *n : 1);

    if (bytes == NULL || fread(bytes, 1, *n, f) != *n)
        fail_msg("cannot read %s", path);
    fclose(f);
    return bytes;
}

#define LAWS_DATA(name) (CVYT_DATA "/codec/data/" name)

/* The reader either succeeds or says why not. */
static inline cvy_status laws_call(walk_fn *read, const void *bytes,
                                   size_t size)
{
    cvy_error err = { 0 };
    const cvy_status status = read(bytes, size, &err);

    CHECK(status == CVY_OK || err.text[0] != '\0');
    CHECK(status == CVY_OK || status == err.status);
    CHECK(status == CVY_OK || status == CVY_FORMAT ||
          status == CVY_UNSUPPORTED || status == CVY_MEMORY);
    return status;
}

static inline void laws_good(walk_fn *read, const char *path)
{
    size_t n;
    uint8_t *const bytes = laws_read(path, &n);
    cvy_error err = { 0 };

    if (read(bytes, n, &err) != CVY_OK)
        fail_msg("%s: %s: %s", path, err.where, err.text);
    free(bytes);
}

static inline void laws_prefixes(walk_fn *read, const char *path, size_t step)
{
    size_t n;
    uint8_t *const bytes = laws_read(path, &n);

    for (size_t size = 0; size < n; size += step) {
        uint8_t *const part = malloc(size ? size : 1);

        memcpy(part, bytes, size);
        if (laws_call(read, part, size) == CVY_OK)
            fail_msg("%s: %zu of its %zu bytes are enough", path, size, n);
        free(part);
    }
    free(bytes);
}

/* Every byte set to every value: nothing may crash. With few, each byte
 * takes four values that matter. */
static inline void laws_damage(walk_fn *read, const char *path, bool few)
{
    size_t n, survived = 0;
    uint8_t *const bytes = laws_read(path, &n);

    for (size_t i = 0; i < n; i++) {
        const uint8_t was = bytes[i];
        const uint8_t values[] = { 0, 0xff, was ^ 1, was ^ 0x80 };

        for (int v = 0; v < (few ? 4 : 256); v++) {
            bytes[i] = few ? values[v] : (uint8_t)v;
            survived += laws_call(read, bytes, n) == CVY_OK;
        }
        bytes[i] = was;
    }
    CHECK(survived > 0);
    CHECK(survived < n * (few ? 4 : 256));
    free(bytes);
}

/* The n-th allocation is refused, for every n. */
static inline void laws_memory(walk_fn *read, const char *path)
{
    size_t n, at = 0;
    uint8_t *const bytes = laws_read(path, &n);
    cvy_status status = CVY_MEMORY;

    while (status == CVY_MEMORY) {
        cvyi_alloc_refuse(++at);
        status = laws_call(read, bytes, n);
        cvyi_alloc_refuse(0);
    }
    CHECK_EQ(status, CVY_OK);
    free(bytes);
}

/* Every file of a folder is refused. */
static inline void laws_rejects(walk_fn *read, const char *folder,
                                int at_least)
{
    DIR *const dir = opendir(folder);
    int n_files = 0;

    if (dir == NULL)
        fail_msg("cannot open %s", folder);
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        char path[1024];
        size_t n;

        if (e->d_name[0] == '.' || strcmp(e->d_name, "make.py") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);

        uint8_t *const bytes = laws_read(path, &n);
        const cvy_status status = laws_call(read, bytes, n);

        if (status != CVY_FORMAT && status != CVY_UNSUPPORTED)
            fail_msg("%s was read: status %d", path, (int)status);
        free(bytes);
        n_files++;
    }
    closedir(dir);
    CHECK(n_files >= at_least);
}

#endif
