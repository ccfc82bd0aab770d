/*
 * base/output.c - a folder of files that appears whole.
 *
 * A folder that does not exist yet is made beside its place and renamed. In
 * one that exists the files wait in a hidden folder inside it, so that they
 * are on the same disk; commit moves the old files out of the way and the new
 * ones in, and moves all of them back if one move fails.
 */
#define _GNU_SOURCE
#include "base/disk.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 64 * 1024 };

#define OLD_FOLDER ".old"
#define TEMP_PREFIX ".convey-"
#define CACHE_FOLDER "__pycache__"

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

/* Removes what `name` is in the folder `at`, with all that it holds. */
static void remove_tree(int at, const char *name)
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
            remove_tree(fd, e->d_name);
    if (folder != NULL)
        closedir(folder);
    unlinkat(at, name, AT_REMOVEDIR);
}

/* Clears *empty if there is anything in the folder, sets *indexed if there is
 * an index. What a killed run left behind does not count. */
static cvy_status look_into(const char *dir, bool *empty, bool *indexed,
                            cvy_error *err)
{
    DIR *const folder = opendir(dir);

    if (folder == NULL)
        return cvyi_fail_disk(err, "read the folder", dir);
    for (const struct dirent *e; (e = readdir(folder)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
            strncmp(e->d_name, TEMP_PREFIX, strlen(TEMP_PREFIX)) == 0)
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
    CVYI_TRY(look_into(out->dir, &empty, &indexed, err));
    if (!empty && !indexed && !out->force)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "the folder %s holds other files; --force writes "
                         "there all the same",
                         cvyi_shown(out->dir));
    return CVY_OK;
}

static cvy_status make_temp(cvyi_output *out, cvy_error *err)
{
    const char *const folder =
        out->exists ? out->dir : cvyi_parent(&out->arena, out->dir);
    char *temp;
    int failed;

    do {
        temp = folder ? cvyi_beside(&out->arena, folder) : NULL;
        if (temp == NULL)
            return cvyi_no_memory(err);
        failed = mkdir(temp, 0777);
    } while (failed && errno == EEXIST);

    if (failed && errno == ENOENT && !out->exists && access(folder, F_OK) != 0)
        return cvyi_fail(err, CVY_IO, "the parent folder %s does not exist",
                         cvyi_shown(folder));
    if (failed)
        return cvyi_fail_disk(
            err, out->exists ? "write into" : "make the folder", out->dir);
    out->temp = temp;
    return CVY_OK;
}

cvy_status cvyi_output_open(cvyi_output *out, const char *dir, bool force,
                            cvy_error *err)
{
    cvyi_output made = { .force = force, .fd = -1 };
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

/* The moves of a commit, in order, so that they can be undone. */
typedef struct moves {
    int dir, temp, old; /* folders */
    struct move {
        int from, to;
        const char *name;
    } * done;
    int n;
} moves;

static bool move(moves *m, int from, int to, const char *name)
{
    if (renameat(from, name, to, name) != 0)
        return false;
    m->done[m->n++] = (struct move){ from, to, name };
    return true;
}

static void undo(moves *m)
{
    while (m->n > 0) {
        const struct move *const last = &m->done[--m->n];

        /* Where going back fails, too, nothing better can be done. */
        (void)renameat(last->to, last->name, last->from, last->name);
    }
}

/* Old files that have to go: out of the folder, if they are there. */
static bool move_old(moves *m, const char *name)
{
    struct stat info;

    if (fstatat(m->dir, name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
        (S_ISDIR(info.st_mode) && strcmp(name, CACHE_FOLDER) != 0))
        return true;
    return move(m, m->dir, m->old, name);
}

static bool move_all(const cvyi_output *out, moves *m)
{
    bool index = false;

    if (!move_old(m, CVYI_OUTPUT_INDEX))
        return false;
    for (int i = 0; i < out->n_replaced; i++)
        if (!move_old(m, out->replaced[i]))
            return false;
    for (int i = 0; i < out->n_files; i++) {
        if (!move_old(m, out->files[i]))
            return false;
        if (strcmp(out->files[i], CVYI_OUTPUT_INDEX) == 0)
            index = true;
        else if (!move(m, m->temp, m->dir, out->files[i]))
            return false;
    }
    return !index || move(m, m->temp, m->dir, CVYI_OUTPUT_INDEX);
}

static int open_folder(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static cvy_status move_files(cvyi_output *out, moves *m, cvy_error *err)
{
    for (int i = 0; i < out->n_files; i++)
        CVYI_TRY(check_old(out, m->dir, out->files[i], err));
    if (!move_all(out, m) || !cvyi_sync(m->dir)) {
        const cvy_status status = cvyi_fail_disk(err, "write into", out->dir);

        undo(m);
        return status;
    }
    return CVY_OK;
}

static cvy_status commit_into(cvyi_output *out, cvy_error *err)
{
    const size_t most = 1 + (size_t)out->n_replaced + 2 * (size_t)out->n_files;
    const char *const old = cvyi_output_path(out, OLD_FOLDER);
    moves m = { .dir = -1, .temp = -1, .old = -1 };
    cvy_status status;

    m.done = cvyi_arena_alloc(&out->arena, most, sizeof *m.done);
    if (old == NULL || m.done == NULL)
        return cvyi_no_memory(err);
    if (mkdir(old, 0777) != 0 || (m.dir = open_folder(out->dir)) < 0 ||
        (m.temp = open_folder(out->temp)) < 0 ||
        (m.old = open_folder(old)) < 0)
        status = cvyi_fail_disk(err, "write into", out->dir);
    else
        status = move_files(out, &m, err);
    if (m.dir >= 0)
        close(m.dir);
    if (m.temp >= 0)
        close(m.temp);
    if (m.old >= 0)
        close(m.old);
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
        remove_tree(AT_FDCWD, out->temp);
    cvyi_arena_close(&out->arena);
    *out = (cvyi_output){ 0 };
}
