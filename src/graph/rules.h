/*
 * graph/rules.h - laws of single parts, which building, reading back and
 * checking a whole graph share.
 */
#ifndef CVYI_GRAPH_RULES_H
#define CVYI_GRAPH_RULES_H

#include "graph/graph.h"

/* Does the call see its values turned to N C S...? */
bool cvyi_call_turned(const cvyi_call *call);

/* The operator takes so many inputs, they and the parameters exist, and the
 * inputs come from calls before call `index`. */
cvy_status cvyi_call_wired(const cvyi_graph *graph, const cvyi_call *call,
                           int index, cvy_error *err);
/* The parameters have the shapes of their slots; with `all` every slot that
 * is not optional has one. */
cvy_status cvyi_call_slots(const cvyi_graph *graph, const cvyi_call *call,
                           const cvyi_inferred *inferred, bool all,
                           cvy_error *err);
/* Everything about call `index` and its results. */
cvy_status cvyi_call_check(const cvyi_graph *graph, int index, cvy_error *err);
/* Parents, kinds, names of one node of the outline. */
cvy_status cvyi_module_check(const cvyi_graph *graph, int index,
                             cvy_error *err);
/* Module and parent of visit `index`, without its inputs and outputs. */
cvy_status cvyi_visit_check(const cvyi_graph *graph, const cvyi_visit *visit,
                            int index, cvy_error *err);
/* Layout, blocks and names of a parameter by itself. */
cvy_status cvyi_param_check(const cvyi_param *param, cvy_error *err);
/* A type of 1 to 8 axes whose sizes are of this graph. */
cvy_status cvyi_type_check(const cvyi_graph *graph, const cvyi_type *type,
                           cvy_error *err);
/* Blocks that are permutations, and their features counted. */
cvy_status cvyi_blocks_check(int64_t *features,
                             const cvyi_feature_block *blocks, int n,
                             cvy_error *err);
/* Appends room for a result and fills in the two. */
cvy_status cvyi_graph_add_result(int *out, cvyi_graph *graph, int call,
                                 int index, const cvyi_type *type,
                                 cvy_error *err);
/* Makes a result the last input. */
cvy_status cvyi_graph_append_input(cvyi_graph *graph, int result,
                                   cvy_error *err);
/* The outputs of a call, as results; on failure none was added. */
cvy_status cvyi_graph_add_results(cvyi_call *call, cvyi_graph *graph,
                                  int index, const cvyi_inferred *inferred,
                                  cvy_error *err);

#endif
