/*
 * verb/port.h - the parts of the verb `port`.
 *
 * port.c is the straight way from a file to a folder; port_folder.c knows
 * whose files may be replaced; port_result.c answers what came of it.
 */
#ifndef CVYI_VERB_PORT_H
#define CVYI_VERB_PORT_H

#include "convey/port.h"
#include "read/read.h"
#include "verify/report.h"

struct cvy_port {
    const cvy_port_options *options; /* borrowed while the port is made */
    cvy_status status;
    cvy_error error;
    cvyi_arena arena;
    const char *file_name; /* NAME */
    const char *folder;
    const cvyi_target_kind *target;
    cvyi_findings findings;
    cvyi_source source;
    cvyi_graph *graph; /* the port */
    cvyi_proof proof;
    cvyi_written written;
    cvyi_output output;
    int64_t to_write, n_written; /* bytes of weights */
    bool stopped;                /* the caller asked for it */
    cvyi_report report;
    cvyi_text json, text;
};

/* Begins the output folder. What is there already may be replaced if it is
 * ours: files that an old report.json lists, and Python's cache. */
cvy_status cvyi_port_folder(cvy_port *port, cvy_error *err);

#endif
