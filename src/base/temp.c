/* base/temp.c - temporary files and folders, and what is left of them. */
#define _GNU_SOURCE
#include "base/temp.h"

#include "base/change.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX ".convey-"

static const char *skip_digits(const char *text)
{
    const size_t n = strspn(text, "0123456789");

    return n > 0 ? text + n : NULL;
}

bool cvyi_temp_is(const char *name)
{
    const char *end;

    if (strncmp(name, PREFIX, strlen(PREFIX)) != 0)
        return false;
    end = skip_digits(name + strlen(PREFIX));
    if (end == NULL || *end != '-')
        return false;
    end = skip_digits(end + 1);
    return end != NULL && *end == '\0';
}

/* A name that no other call and no other process makes. */
static char *new_name(cvyi_arena *arena, const char *folder)
{
    static atomic_uint count;

    return cvyi_arena_printf(arena, "%s/" PREFIX "%ld-%u", folder,
                             (long)getpid(), atomic_fetch_add(&count, 1));
}

/* EEXIST asks for another name. A folder that is gone before it is open was
 * swept away in between: see hold. */
static int make(const char *path, bool file)
{
    int fd;

    if (file)
        return open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (mkdir(path, 0777) != 0)
        return -1;
    fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        errno = EEXIST;
    return fd;
}

/* False if somebody took the new thing for one that was left behind. */
static bool hold(int fd, const char *path)
{
    struct stat held, there;

    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return false;
    return fstat(fd, &held) == 0 && lstat(path, &there) == 0 &&
           held.st_ino == there.st_ino && held.st_dev == there.st_dev;
}

static cvy_status make_held(char **path, int *fd, cvyi_arena *arena,
                            const char *folder, bool file)
{
    for (;;) {
        char *const name = new_name(arena, folder);
        int made;

        if (name == NULL)
            return CVY_MEMORY;
        made = make(name, file);
        if (made < 0 && errno == EEXIST)
            continue;
        if (made < 0)
            return CVY_IO;
        if (hold(made, name)) {
            *path = name;
            *fd = made;
            return CVY_OK;
        }
        close(made);
    }
}

cvy_status cvyi_temp_folder(char **path, int *fd, cvyi_arena *arena,
                            const char *folder)
{
    return make_held(path, fd, arena, folder, false);
}

cvy_status cvyi_temp_file(char **path, int *fd, cvyi_arena *arena,
                          const char *folder)
{
    return make_held(path, fd, arena, folder, true);
}

/* One thing: ended and removed if it is ours and nobody holds it. */
static void sweep(int at, const char *name)
{
    const int fd =
        openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat info;

    if (fd < 0)
        return;
    if (fstat(fd, &info) == 0 && info.st_uid == geteuid() &&
        (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)) &&
        flock(fd, LOCK_EX | LOCK_NB) == 0 &&
        (S_ISREG(info.st_mode) || cvyi_change_end(at, fd, name)))
        cvyi_remove_tree(at, name);
    close(fd);
}

void cvyi_temp_sweep(const char *folder)
{
    DIR *const list = opendir(folder);

    if (list == NULL)
        return;
    /* Not while another process changes the folder: base/output.c. */
    if (flock(dirfd(list), LOCK_EX | LOCK_NB) == 0)
        for (const struct dirent *e; (e = readdir(list)) != NULL;)
            if (cvyi_temp_is(e->d_name))
                sweep(dirfd(list), e->d_name);
    closedir(list);
}

void cvyi_remove_tree(int at, const char *name)
{
    if (unlinkat(at, name, 0) == 0 || (errno != EISDIR && errno != EPERM))
        return;

    const int fd =
        openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *const folder = fd >= 0 ? fdopendir(fd) : NULL;

    if (folder == NULL && fd >= 0)
        close(fd);
    for (const struct dirent *e; folder != NULL && (e = readdir(folder));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            cvyi_remove_tree(fd, e->d_name);
    if (folder != NULL)
        closedir(folder);
    unlinkat(at, name, AT_REMOVEDIR);
}
