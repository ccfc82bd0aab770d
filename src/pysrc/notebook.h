/*
 * pysrc/notebook.h - a Jupyter notebook as one script.
 *
 * Code cells stand one after another in the script; a line for the notebook
 * itself (%matplotlib, !pip, name?) is blank there, and so is a cell that is
 * not Python. Cells count from 1, all kinds of them, as one sees them.
 */
#ifndef CVYI_PYSRC_NOTEBOOK_H
#define CVYI_PYSRC_NOTEBOOK_H

#include "base/findings.h"
#include "pysrc/tree.h"

typedef struct cvyi_py_code_cell {
    int number;   /* in the notebook */
    int first, n; /* its lines in the script */
} cvyi_py_code_cell;

typedef struct cvyi_py_notebook {
    cvyi_py_tree tree; /* of the whole script, tree.text */
    int n;
    const cvyi_py_code_cell *cells;
} cvyi_py_notebook;

/* `text` is the notebook's JSON; everything is of the arena. A cell that
 * Python cannot parse becomes a remark. CVY_FORMAT for what is no notebook;
 * else as cvyi_py_parse. */
cvy_status cvyi_py_notebook_read(cvyi_py_notebook *out, cvyi_arena *arena,
                                 const char *name, const char *text,
                                 size_t size, cvyi_findings *findings,
                                 cvy_error *err);
/* The cell of a line of the script, and the line within it; NULL: none. */
const cvyi_py_code_cell *cvyi_py_notebook_cell(
    int *line_in_cell, const cvyi_py_notebook *notebook, int line);
/* "cell 3, line 5", or "line 5" if it is in no cell; in the arena. */
const char *cvyi_py_notebook_place(cvyi_arena *arena,
                                   const cvyi_py_notebook *notebook, int line);

#endif
