/*
 * verify/parts.h - the parts of the proof.
 */
#ifndef CVYI_VERIFY_PARTS_H
#define CVYI_VERIFY_PARTS_H

#include "run/run.h"
#include "tensor/tensor.h"
#include "verify/verify.h"

enum { CVYI_PROBES = 3, CVYI_MAX_SYMBOLS = 16 };

/* Values for the size symbols of one round of probes. */
typedef struct cvyi_probe_sizes {
    int n;
    const char *names[CVYI_MAX_SYMBOLS];
    int64_t values[CVYI_MAX_SYMBOLS];
} cvyi_probe_sizes;

/* ---- probe.c ---- */

/* How many rounds: one if every size but the batch is fixed, else one for odd
 * and one for even sizes, because SAME borders depend on them. */
int cvyi_probe_rounds(const cvyi_graph *graph);
/* Sizes for a round, large enough for every layer; the batch symbol gets one
 * sample for each kind of probe. */
cvy_status cvyi_probe_sizes_for(cvyi_probe_sizes *out, const cvyi_graph *graph,
                                int round, cvy_error *err);
/* Fills a packed tensor: sample 0 impulses, 1 a ramp, 2 and later random. */
void cvyi_probe_fill(const cvy_view *tensor, uint64_t *seed);
/* Random numbers of a normal kind, everywhere. */
void cvyi_probe_random(const cvy_view *tensor, uint64_t *seed);
/* Turns the values of a result into whole numbers where a call reads them as
 * rows of a table. */
void cvyi_probe_rows(const cvy_view *tensor, const cvyi_graph *graph,
                     int result);
/* Such values could not show a fault: all equal, or not finite. */
bool cvyi_probe_is_dead(const cvy_view *tensor);
const char *cvyi_probe_name(int64_t sample);

/* ---- compare.c ---- */

typedef struct cvyi_difference {
    /* At the element with the largest share; where nothing differs, the
     * largest bound. */
    double error, bound;
    double share;              /* error / bound; infinity if bound is 0 */
    double largest;            /* of all bounds */
    int64_t at[CVYI_MAX_DIMS]; /* its indices in the source's order */
} cvyi_difference;

/* The source's values in the order that a result of the port has. `owned` is
 * set when memory was opened for it (close with cvyi_tensor_close). */
cvy_status cvyi_arranged(cvy_view *out, bool *owned, const cvy_view *source,
                         const cvyi_arrangement *arrangement, cvy_error *err);
/* Every element; `bound` is one side's. */
cvy_status cvyi_compare(cvyi_difference *out, const cvy_view *source,
                        const cvy_view *bound, const cvy_view *port,
                        const cvyi_arrangement *arrangement, cvy_error *err);

/* ---- cause.c ---- */

/* Why a call of the port may differ from the source call it carries over: one
 * clause in `arena`, never NULL unless memory is refused. */
const char *cvyi_likely_cause(cvyi_arena *arena, const cvyi_graph *source,
                              int source_call, const cvyi_graph *port,
                              int port_call);

#endif
