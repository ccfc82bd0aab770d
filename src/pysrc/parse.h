/*
 * pysrc/parse.h - from Python source to a tree, by Python's own parser.
 *
 * A child `python3 -I` parses; nothing of the source is ever run. The child
 * gets the source on its standard input and sends tree and comments back as
 * JSON, which is believed no more than any other input.
 */
#ifndef CVYI_PYSRC_PARSE_H
#define CVYI_PYSRC_PARSE_H

#include "convey/base.h"
#include "pysrc/tree.h"

/* Is there a python3 that can parse? Asked once. */
bool cvyi_py_available(void);

/* Parses `text` (borrowed by the tree, not NUL-terminated). CVY_FORMAT with
 * name, line and cause for what is not Python, after one retry in which forms
 * of Python 2 (print statements, exec, backquotes, <>, octal 0777, except E,
 * e:) are rewritten token by token. CVY_UNSUPPORTED, with the line too, for
 * Python beyond a limit (200 levels, a million nodes, integers of 14000 bits).
 * CVY_IO if there is no python3 or the child dies, hangs or answers nonsense;
 * CVY_MEMORY. Bounded: source 4 MiB, answer 100 MB (what codec/json.h takes),
 * 60 s. */
cvy_status cvyi_py_parse(cvyi_py_tree *out, cvyi_arena *arena,
                         const char *name, const char *text, size_t size,
                         cvy_error *err);

/* The tree of the child's JSON answer; CVY_FORMAT if it is not what the child
 * promises: unknown members, wrong kinds, lines outside the text, nesting
 * deeper than 200. */
cvy_status cvyi_py_tree_read(cvyi_py_tree *out, cvyi_arena *arena,
                             const char *name, const char *text, size_t size,
                             const char *json, size_t json_size,
                             cvy_error *err);

#endif
