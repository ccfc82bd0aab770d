/* verb/port_folder.c - the output folder, and what may go from it. */
#include "codec/json.h"
#include "verb/port.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Is this a report of ours? Then *files are those it lists. */
static bool is_report(const cvyi_value *report, const cvyi_value **files)
{
    const cvyi_value *const listed =
        cvyi_get(cvyi_get(report, "target"), "files");

    if (cvyi_as_text(cvyi_get(report, "convey")) == NULL || listed == NULL ||
        listed->kind != CVYI_LIST)
        return false;
    for (int i = 0; i < listed->n; i++)
        if (cvyi_as_text(&listed->items[i]) == NULL)
            return false;
    *files = listed;
    return true;
}

static cvy_status replace(cvy_port *port, const cvyi_value *files,
                          cvy_error *err)
{
    for (int i = 0; i < files->n; i++)
        CVYI_TRY(cvyi_output_replaces(&port->output,
                                      cvyi_as_text(&files->items[i]), err));
    return cvyi_output_replaces(&port->output, "__pycache__", err);
}

static cvy_status read_index(cvy_port *port, const char *path, cvy_error *err)
{
    cvyi_arena arena = { 0 };
    cvyi_mapping file = { 0 };
    const cvyi_value *report = NULL, *files = NULL;
    cvy_error ignored;
    cvy_status status = cvyi_file_map(&file, path, err);

    if (status != CVY_OK)
        return status;
    status = cvyi_json_read(&report, &arena, (const char *)file.bytes,
                            file.size, &ignored);
    if (status == CVY_OK && is_report(report, &files))
        status = replace(port, files, err);
    else if (status == CVY_MEMORY)
        status = cvyi_no_memory(err);
    else if (port->options->force)
        status = CVY_OK;
    else
        status = cvyi_fail(err, CVY_ARGUMENT,
                           "%s was not written by convey; --force replaces it",
                           path);
    cvyi_file_unmap(&file);
    cvyi_arena_close(&arena);
    return status;
}

cvy_status cvyi_port_folder(cvy_port *port, cvy_error *err)
{
    const char *const index =
        cvyi_arena_printf(&port->arena, "%s/" CVYI_OUTPUT_INDEX, port->folder);

    if (index == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_output_open(&port->output, port->folder,
                              port->options->force, err));
    if (access(index, F_OK) != 0 && errno == ENOENT)
        return CVY_OK;
    return read_index(port, index, err);
}
