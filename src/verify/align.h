/*
 * verify/align.h - what was read back, beside what was meant.
 *
 * The graph read back from written files knows nothing of the source. Its
 * calls are found again, one by one, in the graph that was written: by the
 * values they read, by their module, by their operator. What fits gets the
 * origins and arrangements of the graph that was written, so that the engine
 * can compare it with the source; what does not fit is a fault with a layer
 * and a line.
 */
#ifndef CVYI_VERIFY_ALIGN_H
#define CVYI_VERIFY_ALIGN_H

#include "verify/verify.h"
#include "write/write.h"

/* Where the written files say something else than was meant. */
typedef struct cvyi_fault {
    const char *layer; /* the source's name, or "" */
    const char *where; /* "net.py:41", or "" */
    const char *text;  /* "stride is [1 1], [2 2] was meant" */
} cvyi_fault;

typedef struct cvyi_file_proof {
    cvyi_arena arena;
    cvyi_verdict verdict;
    int n_faults, capacity;
    cvyi_fault *faults; /* in order of the calls */
} cvyi_file_proof;

/* Level 2: every call of `meant` (as it was written: `written`) is in `read`
 * with every attribute equal and every element of every weight the same bits,
 * and `read` has nothing else. `read` gets origins and arrangements. CVY_OK
 * also when there are faults. */
cvy_status cvyi_verify_file(cvyi_file_proof *out, const cvyi_graph *meant,
                            const cvyi_written *written, cvyi_graph *read,
                            cvy_error *err);
/* A fault that kept `code`, in a file of that name, from being read back at
 * all. Its layer is told by the module that `why` names, else by the function
 * that stands on its line. */
cvy_status cvyi_file_unreadable(cvyi_file_proof *out, const cvy_error *why,
                                const char *file, const cvyi_text *code,
                                const cvyi_graph *meant,
                                const cvyi_written *written, cvy_error *err);
void cvyi_file_proof_close(cvyi_file_proof *proof);

#endif
