/*
 * base/change.h - files of a folder that are replaced all at once.
 *
 * A system renames one file at a time, and a process may be killed between
 * two. So the names are first made links to one place, and then the place
 * changes, in one rename:
 *
 *   1. TEMP, a hidden folder in the folder, holds the new files. TEMP/.old
 *      gets a second name for each old file; TEMP/.now is a link to ".old".
 *   2. Each name in the folder, one by one, becomes a link to TEMP/.now/NAME.
 *      Whoever opens it still gets the old file, or, where there is no old
 *      one, none.
 *   3. TEMP/.now becomes a link to ".", where the new files are. This is the
 *      moment: all old before, all new after.
 *   4. Each link, one by one, gives way to the file it leads to, or goes if
 *      there is none. TEMP is removed.
 *
 * Whoever finds a TEMP that nobody holds (base/temp.h) does step 4: back to
 * the old files if .now was not changed yet, else on to the new ones. Nothing
 * else in the folder is touched, and the folder itself stays what it is.
 *
 * Where the disk has no links, or where an old file is none (but a link of
 * somebody's own), there is no such moment. Then the old files move to
 * TEMP/.moved and the new ones in, the index away first and in last: a folder
 * with an index is whole. After a kill in between the index is missing until
 * the next run ends the change; an old name without successor may then stay.
 */
#ifndef CVYI_BASE_CHANGE_H
#define CVYI_BASE_CHANGE_H

#include "base/file.h"

typedef struct cvyi_change {
    int dir, temp;         /* folders, open */
    const char *temp_name; /* of `temp` in `dir` */
    const char *const *files, *const *replaced;
    int n_files, n_replaced;
} cvyi_change;

/* What stays in place when the files around it do not. */
#define CVYI_CACHE_FOLDER "__pycache__"

typedef enum cvyi_changed {
    CVYI_CHANGED,
    CVYI_NOT_CHANGED, /* the folder is as it was; errno says why */
    CVYI_NO_LINKS,    /* so is it, because the disk has no links */
} cvyi_changed;

/* Both leave TEMP to be removed, if cvyi_change_end agrees. */
cvyi_changed cvyi_change_swap(const cvyi_change *change);
/* `undo` has room for one name an old file and two a new one. */
typedef struct cvyi_move {
    int from, to;
    const char *name;
} cvyi_move;
cvyi_changed cvyi_change_move(const cvyi_change *change, cvyi_move *undo);

/* Ends a change that was begun, whoever began it. False if the folder still
 * needs `temp`, which must stay then. */
bool cvyi_change_end(int dir, int temp, const char *temp_name);
/* The part of it for a change that was made by moves; true if there is none. */
bool cvyi_moves_end(int dir, int temp);

/* Calls `each` for the entries of the folder `name` in `at` whose names do not
 * begin with a dot, until one is refused. A missing folder has no entries. */
bool cvyi_each_name(int at, const char *name,
                    bool (*each)(void *context, const char *name),
                    void *context);

#endif
