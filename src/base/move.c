/* base/move.c - a change file by file, where a disk has no links. */
#define _GNU_SOURCE
#include "base/change.h"
#include "base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOVED ".moved"

/* The moves that were made, in order, so that they can be undone. */
typedef struct moves {
    const cvyi_change *change;
    int moved; /* the folder of old files */
    cvyi_move *done;
    int n;
} moves;

static bool move(moves *m, int from, int to, const char *name)
{
    if (renameat(from, name, to, name) != 0)
        return false;
    m->done[m->n++] = (cvyi_move){ from, to, name };
    return true;
}

static void undo(moves *m)
{
    while (m->n > 0) {
        const cvyi_move *const last = &m->done[--m->n];

        /* Where going back fails, too, nothing better can be done. */
        (void)renameat(last->to, last->name, last->from, last->name);
    }
}

/* Old files that have to go: out of the folder, if they are there. */
static bool move_old(moves *m, const char *name)
{
    const int dir = m->change->dir;
    struct stat info;

    if (fstatat(dir, name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
        (S_ISDIR(info.st_mode) && strcmp(name, CVYI_CACHE_FOLDER) != 0))
        return true;
    return move(m, dir, m->moved, name);
}

static bool move_all(moves *m)
{
    const cvyi_change *const c = m->change;
    bool index = false;

    if (!move_old(m, CVYI_OUTPUT_INDEX))
        return false;
    for (int i = 0; i < c->n_replaced; i++)
        if (!move_old(m, c->replaced[i]))
            return false;
    for (int i = 0; i < c->n_files; i++)
        if (!move_old(m, c->files[i]))
            return false;
    for (int i = 0; i < c->n_files; i++)
        if (strcmp(c->files[i], CVYI_OUTPUT_INDEX) == 0)
            index = true;
        else if (!move(m, c->temp, c->dir, c->files[i]))
            return false;
    return !index || move(m, c->temp, c->dir, CVYI_OUTPUT_INDEX);
}

cvyi_changed cvyi_change_move(const cvyi_change *c, cvyi_move *room)
{
    moves m = { .change = c, .moved = -1, .done = room };
    bool done = mkdirat(c->temp, MOVED, 0777) == 0;
    int code;

    if (done)
        m.moved = openat(c->temp, MOVED, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    done = m.moved >= 0 && move_all(&m) && cvyi_sync(c->dir);
    code = errno;
    if (!done) {
        undo(&m);
        /* Not to be taken for a change that was cut short. */
        (void)unlinkat(c->temp, MOVED, AT_REMOVEDIR);
    }
    if (m.moved >= 0)
        close(m.moved);
    errno = code;
    return done ? CVYI_CHANGED : CVYI_NOT_CHANGED;
}

typedef struct ending {
    int dir, temp;
} ending;

static bool move_in(void *context, const char *name)
{
    const ending *const e = context;

    return strcmp(name, CVYI_OUTPUT_INDEX) == 0 ||
           renameat(e->temp, name, e->dir, name) == 0;
}

/* The new files were whole before the first move: on to them. */
bool cvyi_moves_end(int dir, int temp)
{
    ending e = { .dir = dir, .temp = temp };

    if (faccessat(temp, MOVED, F_OK, 0) != 0)
        return errno == ENOENT;
    /* The new index came last: without it here all the others are there. */
    if (faccessat(temp, CVYI_OUTPUT_INDEX, F_OK, 0) != 0)
        return errno == ENOENT && cvyi_each_name(temp, ".", move_in, &e);
    (void)unlinkat(dir, CVYI_OUTPUT_INDEX, 0);
    return cvyi_each_name(temp, ".", move_in, &e) &&
           renameat(temp, CVYI_OUTPUT_INDEX, dir, CVYI_OUTPUT_INDEX) == 0;
}
