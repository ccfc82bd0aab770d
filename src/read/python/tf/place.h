/*
 * read/python/tf/place.h - where something stands: in the script, in a cell of
 * a notebook, in a file that it imports. `file` is a tree's name.
 */
#ifndef CVYI_READ_PYTHON_TF_PLACE_H
#define CVYI_READ_PYTHON_TF_PLACE_H

#include "pysrc/eval.h"

struct cvyi_tf_host;

/* "net.py:14", "net.ipynb: cell 3, line 5"; NULL without memory. `file` is a
 * tree's name. */
const char *cvyi_tf_place(const struct cvyi_tf_host *host, const char *file,
                          int line);
/* In a sentence: "line 5", "nets/loss.py:5", "cell 3, line 5"; NULL without
 * memory. */
const char *cvyi_tf_spot(const struct cvyi_tf_host *host, const char *file,
                         int line);
/* The name of the tree that is evaluated. */
const char *cvyi_tf_file_now(const cvyi_py_eval *eval);

#endif
