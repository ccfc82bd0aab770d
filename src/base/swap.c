/* base/swap.c - all files of a change at once, by links to one place. */
#define _GNU_SOURCE
#include "base/change.h"
#include "base/disk.h"
#include "base/temp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW ".now"
#define OLD ".old"
#define NEW "."
#define LINK ".link" /* what is on its way to its place */

bool cvyi_each_name(int at, const char *name,
                    bool (*each)(void *context, const char *name),
                    void *context)
{
    const int fd =
        openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *const list = fd >= 0 ? fdopendir(fd) : NULL;
    bool done = true;

    if (list == NULL) {
        if (fd >= 0)
            close(fd);
        return fd < 0 && errno == ENOENT;
    }
    for (const struct dirent *e; done && (e = readdir(list)) != NULL;)
        done = e->d_name[0] == '.' || each(context, e->d_name);
    closedir(list);
    return done;
}

/* ---- 1: before anybody can see it ---- */

/* A second name for an old file; true if there is none. */
static bool keep_old(const cvyi_change *c, int old, const char *name)
{
    struct stat info;

    if (fstatat(c->dir, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT;
    if (S_ISDIR(info.st_mode))
        return true;
    if (!S_ISREG(info.st_mode)) {
        errno = ENOTSUP;
        return false;
    }
    return linkat(c->dir, name, old, name, 0) == 0 || errno == EEXIST;
}

static bool keep_all_old(const cvyi_change *c, int old)
{
    bool done = keep_old(c, old, CVYI_OUTPUT_INDEX);

    for (int i = 0; done && i < c->n_replaced; i++)
        done = keep_old(c, old, c->replaced[i]);
    for (int i = 0; done && i < c->n_files; i++)
        done = keep_old(c, old, c->files[i]);
    return done;
}

static bool set_now(int temp, const char *to)
{
    return symlinkat(to, temp, LINK) == 0 &&
           renameat(temp, LINK, temp, NOW) == 0;
}

static bool prepare(const cvyi_change *c)
{
    bool done = mkdirat(c->temp, OLD, 0777) == 0;
    const int old =
        done ? openat(c->temp, OLD, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    done = old >= 0 && keep_all_old(c, old) && cvyi_sync(old) &&
           set_now(c->temp, OLD) && cvyi_sync(c->temp);
    if (old >= 0)
        close(old);
    return done;
}

/* ---- 2: names become links ---- */

static bool place_of(char place[PATH_MAX], const char *temp, const char *name)
{
    const int n = snprintf(place, PATH_MAX, "%s/" NOW "/%s", temp, name);

    if (n > 0 && n < PATH_MAX)
        return true;
    errno = ENAMETOOLONG;
    return false;
}

static bool point(void *context, const char *name)
{
    const cvyi_change *const c = context;
    char place[PATH_MAX];

    return place_of(place, c->temp_name, name) &&
           symlinkat(place, c->temp, LINK) == 0 &&
           renameat(c->temp, LINK, c->dir, name) == 0;
}

/* A cache of the old files must not serve the new ones. */
static bool move_cache(const cvyi_change *c)
{
    for (int i = 0; i < c->n_replaced; i++)
        if (strcmp(c->replaced[i], CVYI_CACHE_FOLDER) == 0)
            return renameat(c->dir, CVYI_CACHE_FOLDER, c->temp,
                            OLD "/" CVYI_CACHE_FOLDER) == 0 ||
                   errno == ENOENT;
    return true;
}

static bool are_there(const cvyi_change *c)
{
    bool done = true;

    for (int i = 0; done && i < c->n_files; i++)
        done = faccessat(c->temp, c->files[i], F_OK, 0) == 0;
    return done;
}

static bool point_all(const cvyi_change *c)
{
    bool done = are_there(c) && cvyi_each_name(c->temp, OLD, point, (void *)c);

    for (int i = 0; done && i < c->n_files; i++)
        done = point((void *)c, c->files[i]);
    return done && move_cache(c) && cvyi_sync(c->dir);
}

/* ---- 4: links become files ---- */

typedef struct ending {
    int dir, side; /* where files go, and where they are */
    const char *temp;
} ending;

static bool settle(void *context, const char *name)
{
    const ending *const e = context;
    char place[PATH_MAX], found[PATH_MAX];
    ssize_t n;

    if (!place_of(place, e->temp, name))
        return false;
    n = readlinkat(e->dir, name, found, sizeof found);
    if (n < 0 || (size_t)n != strlen(place) ||
        memcmp(found, place, (size_t)n) != 0)
        return true; /* not ours, or done already */
    if (renameat(e->side, name, e->dir, name) == 0)
        return true;
    return errno == ENOENT && unlinkat(e->dir, name, 0) == 0;
}

/* Is the change at ".old" still? Then the cache comes back too. */
static bool end_swap(int dir, int temp, const char *temp_name, bool old)
{
    ending e = { .dir = dir, .temp = temp_name };
    bool done;

    e.side = openat(temp, old ? OLD : NEW, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (e.side < 0)
        return false;
    done = cvyi_each_name(temp, NEW, settle, &e) &&
           cvyi_each_name(temp, OLD, settle, &e);
    if (done && old)
        (void)renameat(e.side, CVYI_CACHE_FOLDER, dir, CVYI_CACHE_FOLDER);
    close(e.side);
    /* Without .now the rest of `temp` is nothing but rubbish. */
    return cvyi_sync(dir) && done && unlinkat(temp, NOW, 0) == 0;
}

bool cvyi_change_end(int dir, int temp, const char *temp_name)
{
    char to[8];
    const ssize_t n = readlinkat(temp, NOW, to, sizeof to);

    if (n < 0)
        return errno == ENOENT && cvyi_moves_end(dir, temp);
    return end_swap(dir, temp, temp_name,
                    (size_t)n == strlen(OLD) &&
                        memcmp(to, OLD, (size_t)n) == 0);
}

/* ---- all of it ---- */

cvyi_changed cvyi_change_swap(const cvyi_change *c)
{
    int code;

    if (!prepare(c)) {
        code = errno;
        cvyi_remove_tree(c->temp, OLD);
        (void)unlinkat(c->temp, NOW, 0);
        errno = code;
        return CVYI_NO_LINKS;
    }
    if (point_all(c) && set_now(c->temp, NEW) && cvyi_sync(c->temp))
        return CVYI_CHANGED;
    code = errno;
    (void)unlinkat(c->temp, LINK, 0);
    (void)set_now(c->temp, OLD);
    errno = code;
    return CVYI_NOT_CHANGED;
}
