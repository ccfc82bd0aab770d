/*
 * graph/keep.h - making what a graph is given its own.
 *
 * Each function replaces pointers inside `*x` by copies in the arena; NULL
 * stays NULL. false: memory was refused (or a size would not go into the
 * pool), and *x is then of no use.
 */
#ifndef CVYI_GRAPH_KEEP_H
#define CVYI_GRAPH_KEEP_H

#include "graph/graph.h"

bool cvyi_keep_text(const char **x, cvyi_arena *arena);
bool cvyi_keep_value(const cvyi_value **x, cvyi_arena *arena);
bool cvyi_keep_blocks(const cvyi_feature_block **x, int n, cvyi_arena *arena);
/* `in` is copied; `count` entries of `size` bytes. */
bool cvyi_keep_array(void *out, const void *in, int count, size_t size,
                     cvyi_arena *arena);
bool cvyi_keep_type(cvyi_type *x, cvyi_sizes *sizes);
bool cvyi_keep_attrs(cvyi_attrs *x, cvyi_arena *arena, cvyi_sizes *sizes);
bool cvyi_keep_param(cvyi_param *x, cvyi_arena *arena);
bool cvyi_keep_module(cvyi_module *x, cvyi_arena *arena);
bool cvyi_keep_tree(cvyi_tree *x, cvyi_arena *arena);

#endif
