/* verify/lockstep.c - the values of two graphs in lockstep. */
#include "verify/lockstep.h"

static const int64_t ELEMENTS_MOST = (int64_t)1 << 30; /* 4 GiB */

/* A file may say sizes that no memory holds. */
static cvy_status check_elements(const int64_t *dims, int rank, cvy_error *err)
{
    int64_t elements = 1;

    for (int i = 0; i < rank; i++)
        if (!cvyi_mul64(&elements, elements, dims[i]) ||
            elements > ELEMENTS_MOST)
            return cvyi_fail(err, CVY_UNSUPPORTED,
                             "a value of more than 2**30 elements is not "
                             "proven; leave the proof out with --no-proof");
    return CVY_OK;
}

cvy_status cvyi_lockstep_open(cvy_view *out, cvyi_lockstep *l,
                              const cvyi_type *type)
{
    int64_t dims[CVYI_MAX_DIMS];

    CVYI_TRY(cvyi_run_dims(dims, type, &l->symbols, l->err));
    CVYI_TRY(check_elements(dims, type->rank, l->err));
    return cvyi_tensor_open(out, CVY_F32, type->rank, dims, l->err);
}

void cvyi_lockstep_release(cvyi_lockstep *l, int result)
{
    if (--l->readers[result] > 0)
        return;
    cvyi_tensor_close(&l->values[result]);
    cvyi_tensor_close(&l->bounds[result]);
}

void cvyi_lockstep_release_made(cvyi_lockstep *l, int result)
{
    if (--l->made_readers[result] == 0)
        cvyi_tensor_close(&l->made[result]);
}

void cvyi_lockstep_count(cvyi_lockstep *l)
{
    for (int r = 0; r < l->source->n_results; r++)
        l->readers[r] = 1; /* the source's own call, until it is compared */
    for (int i = 0; i < l->source->n_calls; i++)
        for (int k = 0; k < l->source->calls[i].n_in; k++)
            l->readers[l->source->calls[i].in[k]]++;
    for (int i = 0; i < l->port->n_calls; i++) {
        const cvyi_call *const call = &l->port->calls[i];

        for (int k = 0; k < call->n_in; k++) {
            const int origin = l->port->results[call->in[k]].origin;

            ++*(origin >= 0 ? &l->readers[origin]
                            : &l->made_readers[call->in[k]]);
        }
        for (int k = 0; k < call->n_out; k++)
            if (l->port->results[call->out[k]].origin >= 0)
                l->readers[l->port->results[call->out[k]].origin]++;
    }
}
