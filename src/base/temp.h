/*
 * base/temp.h - things that stand beside others until they are whole.
 *
 * Their names begin with a dot and are like no other's. Whoever makes one
 * holds a lock on it until the end; a lock ends with its process, however that
 * dies. So what is not locked was left behind, and the next one who writes
 * into the same folder removes it. On a disk that has no locks nothing is ever
 * taken for left behind.
 */
#ifndef CVYI_BASE_TEMP_H
#define CVYI_BASE_TEMP_H

#include "base/memory.h"

/* Is this the name of a temporary thing? */
bool cvyi_temp_is(const char *name);

/* Makes a folder, or an empty file, in `folder`; *fd is open on it and holds
 * its lock until it is closed. CVY_MEMORY or CVY_IO, where errno says why;
 * *path and *fd are untouched then. */
cvy_status cvyi_temp_folder(char **path, int *fd, cvyi_arena *arena,
                            const char *folder);
cvy_status cvyi_temp_file(char **path, int *fd, cvyi_arena *arena,
                          const char *folder);

/* Removes from `folder` what killed processes have left, and ends what they
 * had begun (base/change.h). What cannot be removed stays. */
void cvyi_temp_sweep(const char *folder);

/* Removes what `name` is in the folder `at`, with all that it holds. */
void cvyi_remove_tree(int at, const char *name);

#endif
