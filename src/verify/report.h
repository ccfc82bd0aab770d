/*
 * verify/report.h - what came of a port, for programs and for people.
 *
 * A report gathers what the steps of a port left behind; a step that was not
 * reached has left NULL. All of it is borrowed.
 */
#ifndef CVYI_VERIFY_REPORT_H
#define CVYI_VERIFY_REPORT_H

#include "base/ink.h"
#include "codec/json_write.h"
#include "convey/finding.h"
#include "verify/align.h"
#include "verify/verify.h"
#include "write/write.h"

typedef struct cvyi_report {
    const char *path, *format;      /* of the source; format NULL: not known */
    const cvyi_target_kind *target; /* NULL: not known */
    const char *folder;
    int n_files; /* that were written, beside the report itself */
    const char *files[2];
    int64_t file_bytes[2];
    const cvyi_graph *source, *port;
    const cvyi_written *written;
    const cvyi_proof *proof;     /* level 1; NULL: not checked */
    const cvyi_file_proof *file; /* level 2; NULL: not checked */
    const cvyi_findings *findings;
    const cvy_error *error;          /* NULL: none, or a failed proof */
    double read, pass, write, prove; /* seconds */
    int64_t peak_bytes;
} cvyi_report;

/* report.json, docs/contract.md 3. With an error that is no refusal there is
 * one more member, "error". */
void cvyi_report_json(cvyi_text *out, const cvyi_report *report);
/* For people. Empty unless something was written. */
void cvyi_report_text(cvyi_text *out, const cvyi_report *report,
                      cvy_look look);

/* ---- parts that other reports use ---- */

/* "remarks", with one more about the whole model unless it is NULL, and
 * "refusals". */
void cvyi_report_findings(cvyi_json *j, const cvyi_findings *findings,
                          const char *remark);
/* {"status", "exit", "text", "where", "line", "offset"} or null. */
void cvyi_report_error(cvyi_json *j, const cvy_error *error);
/* Finding `index` as strangers see it. */
cvy_finding cvyi_public_finding(const cvyi_findings *findings, int index);
/* Sizes as numbers, unknown ones as null. */
void cvyi_report_dims(cvyi_json *j, const char *key, const cvyi_type *type);
/* What a person would call a leaf of the outputs: its key, the tensor's name,
 * or the layer that made it. */
const char *cvyi_output_name(const cvyi_graph *graph, const cvyi_tree *leaf,
                             const char *key);
/* "Keras 3.15.1", "Keras 3": who wrote the source. */
void cvyi_report_origin(cvyi_text *out, const cvyi_graph *graph);

/* ---- weights (report_weights.c) ---- */

/* A row for every weight of the source, in the order of creation. */
cvy_status cvyi_report_weights(cvyi_json *j, const cvyi_graph *port,
                               const cvyi_written *written);

#endif
