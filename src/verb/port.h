/*
 * verb/port.h - the parts of the verb `port`.
 *
 * port.c is the straight way from a file to a folder; port_refusals.c gathers
 * what is refused; port_proof.c reads back what was written; port_folder.c
 * knows whose files may be replaced; port_result.c answers what came of it.
 */
#ifndef CVYI_VERB_PORT_H
#define CVYI_VERB_PORT_H

#include "convey/port.h"
#include "read/read.h"
#include "verify/align.h"
#include "verify/report.h"

struct cvy_port {
    const cvy_port_options *options; /* borrowed while the port is made */
    cvy_status status;
    cvy_error error;
    cvyi_arena arena;
    const char *file_name; /* NAME */
    const char *folder;
    const cvyi_target_kind *target;
    const cvyi_weights_format *weights;
    cvyi_findings findings;
    cvyi_source source;
    cvyi_graph *graph;    /* the port */
    cvyi_proof proof;     /* level 1 */
    cvyi_file_proof file; /* level 2 */
    cvyi_written written;
    cvyi_output output;
    int64_t to_write, n_written; /* bytes of weights */
    bool stopped;                /* the caller asked for it */
    cvyi_report report;
    cvyi_candidates candidates; /* of a list */
    cvyi_text json, text;
};

/* port_list.c: what --entry may name. */
cvy_status cvyi_port_list(cvy_port *port, cvy_error *err);
void cvyi_port_list_text(cvyi_text *out, const cvy_port *port, cvy_look look);
/* The port's graph; NULL if only a part of the model was read and nothing can
 * be said about that. */
cvy_status cvyi_port_rewrite(cvy_port *port, cvy_error *err);
/* Fails with all refusals there are: of reading, of the passes, and of the
 * target's words. */
cvy_status cvyi_port_refusals(cvy_port *port, cvy_error *err);
/* Levels 1 and 2, over the code in memory and the finished file of weights. */
cvy_status cvyi_port_prove(cvy_port *port, cvy_error *err);
/* What the first line of a port says whose proof failed; NULL if it did
 * not. */
cvy_status cvyi_port_doubt(const char **out, cvy_port *port, cvy_error *err);
/* CVY_PROOF with layer, line and cause if a level failed. */
cvy_status cvyi_port_verdict(const cvy_port *port, cvy_error *err);
/* false: the caller of the port wants it stopped. */
bool cvyi_port_go_on(cvy_port *port, const char *phase, int64_t done,
                     int64_t total);
/* Begins the output folder. What is there already may be replaced if it is
 * ours: files that an old report.json lists, and Python's cache. */
cvy_status cvyi_port_folder(cvy_port *port, cvy_error *err);

#endif
