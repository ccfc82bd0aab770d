/*
 * verify/lockstep.h - two graphs in lockstep.
 *
 * The source runs call by call. As soon as the values that a call of the port
 * reads are known, that call runs too: on the source's own values, put into
 * the port's order, or on what the port itself made in between (a pad). Every
 * result of the port that equals a result of the source is compared. Values
 * are freed after their last reader, so memory stays that of one pass.
 */
#ifndef CVYI_VERIFY_LOCKSTEP_H
#define CVYI_VERIFY_LOCKSTEP_H

#include "verify/parts.h"

typedef struct cvyi_lockstep {
    cvyi_proof *proof;
    const cvyi_graph *source, *port;
    cvyi_symbols symbols;
    cvyi_probe_sizes sizes;
    uint64_t seed;
    cvy_view *values, *bounds; /* of the source's results */
    cvy_view *made;            /* of the port's results without origin */
    int *readers;              /* of a source result, still to come */
    int *made_readers;         /* of a port's result without origin */
    bool *checked;             /* source results that the port has made */
    bool *ran;                 /* calls of the port */
    int next;                  /* the first of those that has not run */
    cvy_error *err;
} cvyi_lockstep;

/* ---- lockstep.c: the values ---- */

/* A tensor for a result under this round's sizes. */
cvy_status cvyi_lockstep_open(cvy_view *out, cvyi_lockstep *l,
                              const cvyi_type *type);
/* One reader less; the last one frees it. Of the source's results, and of
 * those that only the port has. */
void cvyi_lockstep_release(cvyi_lockstep *l, int result);
void cvyi_lockstep_release_made(cvyi_lockstep *l, int result);
void cvyi_lockstep_count(cvyi_lockstep *l);

/* ---- lockstep_port.c: every call of the port that can run now ---- */

cvy_status cvyi_lockstep_port(cvyi_lockstep *l);
/* Has the port compared all that it makes of this result of the source? */
bool cvyi_lockstep_compared(const cvyi_lockstep *l, int result);

/* ---- lockstep_round.c: both graphs once, on one set of probes ---- */

cvy_status cvyi_lockstep_round(cvyi_lockstep *l, int round, int rounds,
                               cvyi_progress_fn *progress, void *context);

#endif
