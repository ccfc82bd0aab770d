/*
 * graph/parse.h - reading a graph's text back, line by line.
 */
#ifndef CVYI_GRAPH_PARSE_H
#define CVYI_GRAPH_PARSE_H

#include "graph/scan.h"

typedef enum cvyi_part {
    CVYI_PART_NONE,
    CVYI_PART_MODULE,
    CVYI_PART_PARAM,
    CVYI_PART_CALL,
} cvyi_part;

typedef struct cvyi_parser {
    cvyi_scan scan;   /* over the current line */
    int most_results; /* as many % as there are in the text */
    cvyi_part last;   /* what a comment belongs to */
    int comment_room; /* of the last module */
    bool has_inputs, has_outputs;
} cvyi_parser;

/* A result that was named, but not yet made, has this call. */
enum { CVYI_NO_CALL = -2 };

/* %3 "name" float32 [N, 10] ..., made by call `call` as output `index`. */
cvy_status cvyi_parse_result(int *out, cvyi_parser *parser, int call,
                             int index);
/* A whole line that begins with %. */
cvy_status cvyi_parse_call(cvyi_parser *parser);

#endif
