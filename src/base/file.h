/*
 * base/file.h - files that are read at once, and output that appears whole.
 *
 * What is written stands beside its place until everything is on the disk,
 * and then moves there; whatever fails before leaves the place as it was.
 * Messages name the path and carry the system's words. A full disk, a
 * missing file, a forbidden one are CVY_IO; a path that may not be used so
 * is CVY_ARGUMENT.
 */
#ifndef CVYI_BASE_FILE_H
#define CVYI_BASE_FILE_H

#include "base/memory.h"

/* Where bytes go: what writers of formats are given. */
typedef cvy_status cvyi_sink_fn(void *context, const void *bytes, size_t n,
                                cvy_error *err);

typedef struct cvyi_mapping {
    const unsigned char *bytes; /* never NULL while mapped */
    size_t size;
} cvyi_mapping;

/* A regular file's bytes, read-only. Anything else is refused by name. The
 * file must not shrink while it is mapped. */
cvy_status cvyi_file_map(cvyi_mapping *out, const char *path, cvy_error *err);
/* Safe for { 0 }, and twice. */
void cvyi_file_unmap(cvyi_mapping *mapping);

/* Writes a file, or leaves what was there. */
cvy_status cvyi_file_write(const char *path, const void *bytes, size_t n,
                           cvy_error *err);

/* The file that lists the others of an output folder; it is moved last. */
#define CVYI_OUTPUT_INDEX "report.json"

/* A folder of files that appears whole. Fields are private. */
typedef struct cvyi_output {
    cvyi_arena arena;
    char *dir;  /* where the files go */
    char *temp; /* where they are until then */
    bool exists, force;
    int hold;         /* open on `temp`, and its lock, while that is there */
    int fd;           /* of the file being written */
    const char *name; /* its name, or NULL when none is */
    unsigned char *buffer;
    size_t n_buffered;
    const char **files;    /* finished */
    const char **replaced; /* old files that may go */
    int n_files, file_room, n_replaced, replaced_room;
} cvyi_output;

/*
 * Begins a folder. `dir` may be missing (its parent must not be), be empty,
 * or hold CVYI_OUTPUT_INDEX: the caller has made sure that it is ours. Any
 * other folder is CVY_ARGUMENT, naming --force, unless `force`.
 *
 * On CVY_OK either cvyi_output_commit or cvyi_output_abandon ends it; after a
 * failure of another call abandon it.
 */
cvy_status cvyi_output_open(cvyi_output *out, const char *dir, bool force,
                            cvy_error *err);

/* Old file `name` of the folder may be removed. It must be a plain name: one
 * with a slash or a leading dot is ignored. A folder stays in any case, unless
 * its name is __pycache__. The index may be replaced without this. */
cvy_status cvyi_output_replaces(cvyi_output *out, const char *name,
                                cvy_error *err);

/* One file: begin, write as often as needed, end. `name` is a plain name. */
cvy_status cvyi_output_begin(cvyi_output *out, const char *name,
                             cvy_error *err);
/* A cvyi_sink_fn; `output` is the cvyi_output. */
cvy_status cvyi_output_write(void *output, const void *bytes, size_t n,
                             cvy_error *err);
cvy_status cvyi_output_end(cvyi_output *out, cvy_error *err);

/* Path of a finished file while it is not yet in its place (to be read
 * back); NULL when memory is refused. Borrowed until the end. */
const char *cvyi_output_path(cvyi_output *out, const char *name);

/*
 * Puts everything into its place, at once where the disk can: a process that
 * is killed leaves all old files or all new ones, and something hidden that
 * the next one removes (base/change.h). A new file that would take the place
 * of an old one that is not listed by cvyi_output_replaces is CVY_ARGUMENT
 * unless `force`. Listed old files that have no successor are removed; all
 * others stay. On failure the folder is as it was and the output is abandoned.
 */
cvy_status cvyi_output_commit(cvyi_output *out, cvy_error *err);

/* Removes everything temporary. Safe for { 0 }, and after commit. */
void cvyi_output_abandon(cvyi_output *out);

#endif
