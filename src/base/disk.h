/*
 * base/disk.h - what the files of this room that touch the disk share.
 */
#ifndef CVYI_BASE_DISK_H
#define CVYI_BASE_DISK_H

#include "base/memory.h"

/* CVY_IO (CVY_MEMORY for ENOMEM) with errno's text: "cannot open x.h5: ..." */
cvy_status cvyi_fail_disk(cvy_error *err, const char *what, const char *path);

/* The end of a path that is too long for a message. */
const char *cvyi_shown(const char *path);

/* The folder that holds `path`, which has no slash at its end. */
char *cvyi_parent(cvyi_arena *arena, const char *path);

/* All bytes, whatever interrupts; errno tells why not. */
bool cvyi_write_all(int fd, const void *bytes, size_t n);

/* To the disk. A system that cannot sync this kind of thing is no failure. */
bool cvyi_sync(int fd);
bool cvyi_sync_folder(const char *path);

#endif
