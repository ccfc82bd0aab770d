/* base/disk.c - writing to the end, syncing, and saying what went wrong. */
#define _GNU_SOURCE
#include "base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { SHOWN = 140 };

const char *cvyi_shown(const char *path)
{
    const size_t n = strlen(path);

    return n > SHOWN ? path + n - SHOWN : path;
}

cvy_status cvyi_fail_disk(cvy_error *err, const char *what, const char *path)
{
    const int code = errno;
    const char *const shown = cvyi_shown(path);

    return cvyi_fail(err, code == ENOMEM ? CVY_MEMORY : CVY_IO,
                     "cannot %s %s%s: %s", what, shown != path ? "..." : "",
                     shown, strerror(code));
}

char *cvyi_parent(cvyi_arena *arena, const char *path)
{
    const char *const slash = strrchr(path, '/');

    if (slash == NULL)
        return cvyi_arena_text(arena, ".", 1);
    return cvyi_arena_text(arena, path,
                           slash == path ? 1 : (size_t)(slash - path));
}

bool cvyi_write_all(int fd, const void *bytes, size_t n)
{
    const char *at = bytes;

    while (n > 0) {
        const ssize_t done = write(fd, at, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        at += done;
        n -= (size_t)done;
    }
    return true;
}

bool cvyi_sync(int fd)
{
    return fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP;
}

bool cvyi_sync_folder(const char *path)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return errno == EACCES; /* write-only for us: nothing can be done */

    const bool done = cvyi_sync(fd);
    const int code = errno;

    close(fd);
    errno = code;
    return done;
}
