/* base/file.c - reading a file at once, and writing one whole. */
#define _GNU_SOURCE
#include "base/file.h"

#include "base/disk.h"
#include "base/temp.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const unsigned char nothing[1];

static cvy_status not_regular(const char *path, mode_t mode, cvy_error *err)
{
    return cvyi_fail(err, CVY_ARGUMENT, "%s is a %s, not a file",
                     cvyi_shown(path),
                     S_ISDIR(mode)    ? "folder"
                     : S_ISFIFO(mode) ? "pipe"
                     : S_ISSOCK(mode) ? "socket"
                                      : "device");
}

static cvy_status map(cvyi_mapping *out, int fd, const char *path,
                      cvy_error *err)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return cvyi_fail_disk(err, "read", path);
    if (!S_ISREG(info.st_mode))
        return not_regular(path, info.st_mode, err);
    if (info.st_size == 0) {
        *out = (cvyi_mapping){ .bytes = nothing };
        return CVY_OK;
    }

    const size_t size = (size_t)info.st_size;
    void *const bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

    if (bytes == MAP_FAILED)
        return cvyi_fail_disk(err, "read", path);
    *out = (cvyi_mapping){ .bytes = bytes, .size = size };
    return CVY_OK;
}

cvy_status cvyi_file_map(cvyi_mapping *out, const char *path, cvy_error *err)
{
    /* Without O_NONBLOCK a pipe would wait here for its other end. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return cvyi_fail_disk(err, "open", path);

    const cvy_status status = map(out, fd, path, err);

    close(fd);
    return status;
}

void cvyi_file_unmap(cvyi_mapping *mapping)
{
    if (mapping->size > 0)
        munmap((void *)(uintptr_t)mapping->bytes, mapping->size);
    *mapping = (cvyi_mapping){ 0 };
}

/* `place` is the path with its links followed. The temporary file is closed
 * last: that ends its lock. What a late close could say, the sync has said. */
static cvy_status write_beside(cvyi_arena *arena, const char *place,
                               const void *bytes, size_t n, cvy_error *err)
{
    const char *const folder = cvyi_parent(arena, place);
    cvy_status status;
    char *temp;
    int fd;

    if (folder == NULL)
        return cvyi_no_memory(err);
    cvyi_temp_sweep(folder);
    status = cvyi_temp_file(&temp, &fd, arena, folder);
    if (status != CVY_OK)
        return status == CVY_MEMORY ? cvyi_no_memory(err)
                                    : cvyi_fail_disk(err, "write", place);
    if (!cvyi_write_all(fd, bytes, n) || !cvyi_sync(fd) ||
        rename(temp, place) != 0) {
        status = cvyi_fail_disk(err, "write", place);
        unlink(temp);
    } else if (!cvyi_sync_folder(folder)) {
        status = cvyi_fail_disk(err, "write", place);
    }
    close(fd);
    return status;
}

cvy_status cvyi_file_write(const char *path, const void *bytes, size_t n,
                           cvy_error *err)
{
    cvyi_arena arena = { 0 };
    struct stat info;
    char *place = NULL;

    if (stat(path, &info) == 0) {
        if (!S_ISREG(info.st_mode))
            return not_regular(path, info.st_mode, err);
        place = realpath(path, NULL);
        if (place == NULL)
            return cvyi_fail_disk(err, "write", path);
    }

    const cvy_status status =
        write_beside(&arena, place != NULL ? place : path, bytes, n, err);

    free(place);
    cvyi_arena_close(&arena);
    return status;
}
