/*
 * pysrc/answer.h - what the child that parses answers (see parse.py), as C.
 */
#ifndef CVYI_PYSRC_ANSWER_H
#define CVYI_PYSRC_ANSWER_H

#include "pysrc/tree.h"

/* Why there is no tree. */
typedef struct cvyi_py_refusal {
    const char *cause; /* in the answer's arena; NULL: there is a tree */
    int line;          /* 0: not known */
    bool is_limit;     /* Python, but beyond a limit */
} cvyi_py_refusal;

/* false if the answer is no refusal. */
bool cvyi_py_refusal_read(cvyi_py_refusal *out, const cvyi_value *answer);

/* The tree of an answer; `file` has name, text and size. CVY_FORMAT. */
cvy_status cvyi_py_answer_tree(cvyi_py_tree *out, cvyi_arena *arena,
                               const cvyi_py_tree *file,
                               const cvyi_value *answer, cvy_error *err);

#endif
