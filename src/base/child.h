/*
 * base/child.h - another program, run to its end.
 *
 * It is fed bytes, its output is collected, and it is bounded in time, memory
 * and output. It runs in a process group of its own, which is gone when the
 * call returns, whatever happened. Nothing of it outlives the call: no
 * process, no descriptor, no signal.
 */
#ifndef CVYI_BASE_CHILD_H
#define CVYI_BASE_CHILD_H

#include "base/text.h"

typedef enum cvyi_child_end {
    CVYI_CHILD_DONE,     /* it exited with 0 */
    CVYI_CHILD_MISSING,  /* there is no such program */
    CVYI_CHILD_EXITED,   /* with another code */
    CVYI_CHILD_DIED,     /* of a signal that was not ours */
    CVYI_CHILD_LATE,     /* it was still running */
    CVYI_CHILD_TOO_MUCH, /* it wrote more than it might */
    CVYI_CHILD_SYSTEM,   /* the system refused a call */
} cvyi_child_end;

/* 0: no limit. */
typedef struct cvyi_child_limits {
    double seconds;
    size_t output; /* bytes of standard output */
    size_t memory; /* bytes of its address space */
} cvyi_child_limits;

/*
 * Runs argv[0], which is looked up in the absolute folders of PATH if it has
 * no slash; argv ends with NULL. *out is replaced by what it wrote to its
 * standard output, if it exited with 0. Anything else is CVY_IO with its
 * cause in one line, the last line of its standard error included; `end`
 * (which may be NULL) tells the causes apart and is set in any case.
 */
cvy_status cvyi_child_run(cvyi_text *out, cvyi_child_end *end,
                          const char *const *argv, const void *input, size_t n,
                          const cvyi_child_limits *limits, cvy_error *err);

#endif
