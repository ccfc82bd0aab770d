/*
 * read/root.h - the folder whose files a script may import.
 *
 * Nothing outside of it is opened: a module's name is a list of plain names,
 * each is looked up in the folder that the one before has opened, and no
 * symbolic link is followed on the way. Files are read once, and their number
 * and size are bounded.
 */
#ifndef CVYI_READ_ROOT_H
#define CVYI_READ_ROOT_H

#include "base/memory.h"
#include "pysrc/tree.h"

typedef struct cvyi_root_file {
    const char *dotted;
    bool package;
    const cvyi_py_tree *tree; /* NULL: there is none, or for `why` */
    const char *why;
} cvyi_root_file;

/* { 0 } is none. */
typedef struct cvyi_root {
    cvyi_arena *arena; /* of all that is read */
    int hold;          /* the folder, plus 1; 0: there is none */
    /* The script's own folder as a package, "models"; "" if it is the root,
     * NULL if it is outside. */
    const char *inside;
    int n, capacity, n_read;
    size_t bytes;
    cvyi_root_file *files; /* what was asked for */
} cvyi_root;

/* CVY_IO if `dir` cannot be opened, CVY_ARGUMENT if it is no folder. `script`
 * is a path, or NULL. */
cvy_status cvyi_root_open(cvyi_root *out, cvyi_arena *arena, const char *dir,
                          const char *script, cvy_error *err);
/* The file of "a.b": beside the script, or below the root. *tree NULL: there is
 * none. A folder is a package, with or without an __init__.py. CVY_UNSUPPORTED
 * with the reason for a file that is not read. */
cvy_status cvyi_root_find(const cvyi_py_tree **tree, bool *package,
                          cvyi_root *root, const char *dotted, cvy_error *err);
void cvyi_root_close(cvyi_root *root); /* safe for { 0 }, and twice */

#endif
