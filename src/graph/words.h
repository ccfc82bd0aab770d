/*
 * graph/words.h - words of the text form that printing and reading share.
 */
#ifndef CVYI_GRAPH_TEXT_WORDS_H
#define CVYI_GRAPH_TEXT_WORDS_H

#include "graph/graph.h"

/* First line of every text. */
#define CVYI_GRAPH_TITLE "convey graph 1"

/* As cvyi_module_kind. */
extern const char *const cvyi_module_words[];
enum { CVYI_N_MODULE_KINDS = CVYI_MODULE_LAYER + 1 };

/* Spatial axes that the attributes of a call have if nothing is said. */
int cvyi_call_spatial(const cvyi_graph *graph, const int *in, int n_in);

#endif
