/*
 * base/output.c - a folder of files that appears whole.
 *
 * A folder that does not exist yet is made beside its place and renamed. In
 * one that exists the files wait in a hidden folder inside it, so that they
 * are on the same disk, until they change places with the old ones
 * (base/change.h).
 */
#define _GNU_SOURCE
#include "base/change.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/temp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 64 * 1024 };

static bool is_plain(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

static bool is_listed(const char *const *names, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* Clears *empty if there is anything in the folder, sets *indexed if there is
 * an index. What another process is about to write does not count. */
static cvy_status look_into(const char *dir, bool *empty, bool *indexed,
                            cvy_error *err)
{
    DIR *const folder = opendir(dir);

    if (folder == NULL)
        return cvyi_fail_disk(err, "read the folder", dir);
    for (const struct dirent *e; (e = readdir(folder)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
            cvyi_temp_is(e->d_name))
            continue;
        *empty = false;
        if (strcmp(e->d_name, CVYI_OUTPUT_INDEX) == 0)
            *indexed = true;
    }
    closedir(folder);
    return CVY_OK;
}

static cvy_status check_place(cvyi_output *out, cvy_error *err)
{
    bool empty = true, indexed = false;
    struct stat info;

    if (stat(out->dir, &info) != 0)
        return errno == ENOENT
                   ? CVY_OK
                   : cvyi_fail_disk(err, "use the folder", out->dir);
    if (!S_ISDIR(info.st_mode))
        return cvyi_fail(err, CVY_ARGUMENT, "%s is a file, not a folder",
                         cvyi_shown(out->dir));
    out->exists = true;
    cvyi_temp_sweep(out->dir);
    CVYI_TRY(look_into(out->dir, &empty, &indexed, err));
    if (!empty && !indexed && !out->force)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "the folder %s holds other files; --force writes "
                         "there all the same",
                         cvyi_shown(out->dir));
    return CVY_OK;
}

/* Waits while another process changes the same folder; released with the
 * descriptor. A disk without locks has none to wait for. */
static int open_alone(const char *path)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0)
        while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
            continue;
    return fd;
}

static cvy_status make_temp(cvyi_output *out, cvy_error *err)
{
    const char *const folder =
        out->exists ? out->dir : cvyi_parent(&out->arena, out->dir);
    cvy_status status;

    if (folder == NULL)
        return cvyi_no_memory(err);
    if (!out->exists)
        cvyi_temp_sweep(folder);
    status = cvyi_temp_folder(&out->temp, &out->hold, &out->arena, folder);
    if (status == CVY_MEMORY)
        return cvyi_no_memory(err);
    if (status == CVY_OK)
        return CVY_OK;
    if (errno == ENOENT && !out->exists && access(folder, F_OK) != 0)
        return cvyi_fail(err, CVY_IO, "the parent folder %s does not exist",
                         cvyi_shown(folder));
    return cvyi_fail_disk(err, out->exists ? "write into" : "make the folder",
                          out->dir);
}

cvy_status cvyi_output_open(cvyi_output *out, const char *dir, bool force,
                            cvy_error *err)
{
    cvyi_output made = { .force = force, .fd = -1, .hold = -1 };
    size_t n = strlen(dir);
    cvy_status status = CVY_MEMORY;

    if (n == 0)
        return cvyi_fail(err, CVY_ARGUMENT, "the output folder has no name");
    while (n > 1 && dir[n - 1] == '/')
        n--;
    made.dir = cvyi_arena_text(&made.arena, dir, n);
    made.buffer = cvyi_arena_alloc(&made.arena, BUFFER_BYTES, 1);
    if (made.dir == NULL || made.buffer == NULL) {
        cvyi_no_memory(err);
        goto failed;
    }
    CVYI_TRY_OR(status, check_place(&made, err), failed);
    CVYI_TRY_OR(status, make_temp(&made, err), failed);
    *out = made;
    return CVY_OK;

failed:
    cvyi_arena_close(&made.arena);
    return status;
}

/* A copy of the name at the end of a list. */
static cvy_status append(cvyi_output *out, const char ***names, int *n,
                         int *room, const char *name, cvy_error *err)
{
    const char *const copy = cvyi_arena_text(&out->arena, name, strlen(name));
    const char **const moved =
        cvyi_arena_grow(&out->arena, *names, *n, room, sizeof *moved);

    if (copy == NULL || moved == NULL)
        return cvyi_no_memory(err);
    *names = moved;
    moved[(*n)++] = copy;
    return CVY_OK;
}

cvy_status cvyi_output_replaces(cvyi_output *out, const char *name,
                                cvy_error *err)
{
    if (!is_plain(name))
        return CVY_OK;
    return append(out, &out->replaced, &out->n_replaced, &out->replaced_room,
                  name, err);
}

const char *cvyi_output_path(cvyi_output *out, const char *name)
{
    return cvyi_arena_printf(&out->arena, "%s/%s", out->temp, name);
}

/* Where the file will be: what messages speak of. */
static cvy_status fail_file(cvyi_output *out, cvy_error *err)
{
    const int code = errno;
    const char *const path =
        cvyi_arena_printf(&out->arena, "%s/%s", out->dir, out->name);

    errno = code;
    return cvyi_fail_disk(err, "write", path != NULL ? path : out->name);
}

cvy_status cvyi_output_begin(cvyi_output *out, const char *name,
                             cvy_error *err)
{
    const char *path;

    if (!is_plain(name) || out->name != NULL ||
        is_listed(out->files, out->n_files, name))
        return cvyi_fail(err, CVY_ARGUMENT,
                         "\"%s\" cannot be the next file of a folder", name);
    path = cvyi_output_path(out, name);
    name = cvyi_arena_text(&out->arena, name, strlen(name));
    if (path == NULL || name == NULL)
        return cvyi_no_memory(err);

    out->name = name;
    out->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (out->fd < 0) {
        const cvy_status status = fail_file(out, err);

        out->name = NULL;
        return status;
    }
    out->n_buffered = 0;
    return CVY_OK;
}

static cvy_status flush(cvyi_output *out, cvy_error *err)
{
    const size_t n = out->n_buffered;

    out->n_buffered = 0;
    return cvyi_write_all(out->fd, out->buffer, n) ? CVY_OK
                                                   : fail_file(out, err);
}

cvy_status cvyi_output_write(void *output, const void *bytes, size_t n,
                             cvy_error *err)
{
    cvyi_output *const out = output;

    if (n > BUFFER_BYTES - out->n_buffered)
        CVYI_TRY(flush(out, err));
    if (n >= BUFFER_BYTES)
        return cvyi_write_all(out->fd, bytes, n) ? CVY_OK
                                                 : fail_file(out, err);
    if (n > 0)
        memcpy(out->buffer + out->n_buffered, bytes, n);
    out->n_buffered += n;
    return CVY_OK;
}

cvy_status cvyi_output_end(cvyi_output *out, cvy_error *err)
{
    int fd;

    CVYI_TRY(flush(out, err));
    if (!cvyi_sync(out->fd))
        return fail_file(out, err);
    fd = out->fd;
    out->fd = -1;
    if (close(fd) != 0)
        return fail_file(out, err);
    CVYI_TRY(append(out, &out->files, &out->n_files, &out->file_room,
                    out->name, err));
    out->name = NULL;
    return CVY_OK;
}

/* May the old file give way? One that is not there may. */
static cvy_status check_old(const cvyi_output *out, int dir, const char *name,
                            cvy_error *err)
{
    const bool listed = strcmp(name, CVYI_OUTPUT_INDEX) == 0 ||
                        is_listed(out->replaced, out->n_replaced, name);
    struct stat info;

    if (fstatat(dir, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return CVY_OK;
    if (S_ISDIR(info.st_mode))
        return cvyi_fail(err, CVY_ARGUMENT, "%s/%s is a folder",
                         cvyi_shown(out->dir), name);
    if (!listed && !out->force)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "%s/%s was not written by convey; --force replaces "
                         "it",
                         cvyi_shown(out->dir), name);
    return CVY_OK;
}

/* By links if the disk has them, else file by file. */
static cvyi_changed change_files(cvyi_output *out, const cvyi_change *change)
{
    const size_t most = 1 + (size_t)out->n_replaced + 2 * (size_t)out->n_files;
    cvyi_move *const undo = cvyi_arena_alloc(&out->arena, most, sizeof *undo);
    cvyi_changed changed;

    errno = ENOMEM;
    if (undo == NULL)
        return CVYI_NOT_CHANGED;
    changed = cvyi_change_swap(change);
    return changed == CVYI_NO_LINKS ? cvyi_change_move(change, undo) : changed;
}

static cvy_status commit_files(cvyi_output *out, int dir, cvy_error *err)
{
    const cvyi_change change = { .dir = dir,
                                 .temp = out->hold,
                                 .temp_name = strrchr(out->temp, '/') + 1,
                                 .files = out->files,
                                 .replaced = out->replaced,
                                 .n_files = out->n_files,
                                 .n_replaced = out->n_replaced };
    cvy_status status = CVY_OK;

    for (int i = 0; i < out->n_files; i++)
        CVYI_TRY(check_old(out, dir, out->files[i], err));
    if (change_files(out, &change) != CVYI_CHANGED)
        status = cvyi_fail_disk(err, "write into", out->dir);
    /* What the folder still needs stays; the next run ends it. */
    if (!cvyi_change_end(dir, out->hold, change.temp_name))
        out->temp = NULL;
    return status;
}

static cvy_status commit_into(cvyi_output *out, cvy_error *err)
{
    const int dir = open_alone(out->dir);
    cvy_status status;

    if (dir < 0)
        return cvyi_fail_disk(err, "write into", out->dir);
    status = commit_files(out, dir, err);
    close(dir);
    return status;
}

static cvy_status commit_whole(cvyi_output *out, cvy_error *err)
{
    const char *const parent = cvyi_parent(&out->arena, out->dir);

    if (parent == NULL)
        return cvyi_no_memory(err);
    if (!cvyi_sync_folder(out->temp) || rename(out->temp, out->dir) != 0)
        return cvyi_fail_disk(err, "make the folder", out->dir);
    if (!cvyi_sync_folder(parent)) {
        const cvy_status status =
            cvyi_fail_disk(err, "make the folder", out->dir);

        (void)rename(out->dir, out->temp);
        return status;
    }
    out->temp = NULL;
    return CVY_OK;
}

cvy_status cvyi_output_commit(cvyi_output *out, cvy_error *err)
{
    const cvy_status status =
        out->exists ? commit_into(out, err) : commit_whole(out, err);

    cvyi_output_abandon(out);
    return status;
}

void cvyi_output_abandon(cvyi_output *out)
{
    if (out->name != NULL && out->fd >= 0)
        close(out->fd);
    if (out->temp != NULL)
        cvyi_remove_tree(AT_FDCWD, out->temp);
    if (out->dir != NULL)
        close(out->hold);
    cvyi_arena_close(&out->arena);
    *out = (cvyi_output){ 0 };
}
