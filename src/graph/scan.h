/*
 * graph/scan.h - reading one line of a graph's text, piece by piece.
 *
 * Blanks before a piece are skipped. Functions that answer true or false
 * consume the piece only if it is there; the others refuse with CVY_FORMAT,
 * and whoever reads the lines adds the line's number.
 */
#ifndef CVYI_GRAPH_SCAN_H
#define CVYI_GRAPH_SCAN_H

#include "graph/graph.h"

typedef struct cvyi_scan {
    const char *at;    /* terminated at the end of the line */
    cvyi_graph *graph; /* takes texts, values and sizes */
    cvy_error *err;
} cvyi_scan;

/* What comes next, for a message: "expected a name at 'xyz'". */
cvy_status cvyi_scan_expected(const cvyi_scan *scan, const char *what);
bool cvyi_scan_done(cvyi_scan *scan);
/* One character. */
bool cvyi_scan_mark(cvyi_scan *scan, char mark);
cvy_status cvyi_scan_need(cvyi_scan *scan, char mark);
/* This word, and no letter after it. */
bool cvyi_scan_word(cvyi_scan *scan, const char *word);
/* Letters, digits and _; a copy. */
cvy_status cvyi_scan_name(const char **out, cvyi_scan *scan);
cvy_status cvyi_scan_int64(int64_t *out, cvyi_scan *scan);
/* least .. most */
cvy_status cvyi_scan_int(int *out, cvyi_scan *scan, int least, int most);
/* [1 2 3] with at most `room` numbers. */
cvy_status cvyi_scan_ints(int64_t *out, int *n, int room, cvyi_scan *scan);
/* A JSON string. */
cvy_status cvyi_scan_text(const char **out, cvyi_scan *scan);
/* `word` and a JSON string, or neither. */
cvy_status cvyi_scan_option(const char **out, cvyi_scan *scan,
                            const char *word);
/* JSON that fills the rest of the line. */
cvy_status cvyi_scan_value(const cvyi_value **out, cvyi_scan *scan);
/* float32 [N, 32, 32, 3] */
cvy_status cvyi_scan_dtype(cvy_dtype *out, cvyi_scan *scan);
cvy_status cvyi_scan_type(cvyi_type *out, cvyi_scan *scan);
/* [7 7 64]@[2 0 1] ... */
cvy_status cvyi_scan_blocks(const cvyi_feature_block **out, int *n,
                            cvyi_scan *scan);
/* {a b (c=2 d=3) -> c a b d} for an array of these dims, behind the {. */
cvy_status cvyi_scan_layout(cvyi_layout *out, const cvy_view *stored,
                            cvyi_scan *scan);
cvy_status cvyi_scan_tree(cvyi_tree *out, cvyi_scan *scan);

#endif
