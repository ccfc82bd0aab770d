/* read/steps.c - the calls of a phrase. */
#include "read/steps.h"

#include "graph/words.h"

#include <string.h>

bool cvyi_steps_weight(const cvyi_phrase *phrase, int number)
{
    for (int i = 0; i < phrase->n; i++)
        for (int k = 0; k < phrase->steps[i].n_slots; k++)
            if (number > 0 && phrase->steps[i].slots[k].operand == number)
                return true;
    return false;
}

static cvy_status add_params(int *params, const cvyi_steps *s,
                             const cvyi_step *step, int *in, int n_in,
                             cvy_error *err)
{
    const cvyi_op *const op = step->attrs.op;
    cvyi_call probe = { .attrs = step->attrs,
                        .n_in = n_in,
                        .in = in,
                        .axes = step->axes,
                        .module = s->module };
    cvyi_inferred inferred;

    for (int i = 0; i < CVYI_MAX_SLOTS; i++)
        params[i] = -1;
    if (step->n_slots == 0)
        return CVY_OK;
    CVYI_TRY(cvyi_graph_infer_call(&inferred, s->graph, &probe, err));
    for (int i = 0; i < step->n_slots; i++) {
        int at = 0;

        while (strcmp(op->slots[at].name, step->slots[i].slot) != 0)
            at++;
        CVYI_TRY(s->param(&params[at], s->self, step, &step->slots[i],
                          &inferred.slots[at], in[0], err));
    }
    return CVY_OK;
}

static cvy_status add_call(int *result, const cvyi_steps *s,
                           const cvyi_step *step, int *in, int n_in,
                           cvy_error *err)
{
    const cvyi_op *const op = step->attrs.op;
    int params[CVYI_MAX_SLOTS], index;
    cvyi_call *call;

    if (n_in < op->least_in || (op->most_in >= 0 && n_in > op->most_in))
        return cvyi_fail(err, CVY_SHAPE, "called on %d tensors", n_in);
    CVYI_TRY(add_params(params, s, step, in, n_in, err));
    CVYI_TRY(cvyi_graph_add_call(&index, s->graph, &step->attrs, step->axes,
                                 in, n_in, params, s->module, err));
    call = &s->graph->calls[index];
    call->visit = s->visit;
    call->argument = step->argument;
    if (step->label != NULL) {
        call->label = cvyi_arena_text(&s->graph->arena, step->label,
                                      strlen(step->label));
        if (call->label == NULL)
            return cvyi_no_memory(err);
    }
    *result = call->out[0];
    return CVY_OK;
}

static cvy_status add_step(int *result, const cvyi_steps *s,
                           const cvyi_step *step, const int *own, int n_own,
                           cvy_error *err)
{
    const bool first = *result < 0;
    const int least = step->attrs.op->least_in;
    const int n_in = first || least > n_own ? n_own : least;
    int *const in = cvyi_arena_alloc(s->arena, (size_t)n_own + 1, sizeof *in);

    if (in == NULL)
        return cvyi_no_memory(err);
    memcpy(in, own, (size_t)n_own * sizeof *in);
    if (!first)
        in[0] = *result;
    return add_call(result, s, step, in, n_in, err);
}

/* A step on some of the call's own tensors, each by itself. */
static cvy_status add_operands(cvyi_steps *s, const cvyi_step *step,
                               cvy_error *err)
{
    for (int k = 0; k < s->n_tensors; k++) {
        cvyi_step one = *step;

        if (!step->operands[k] || s->in[k] < 0)
            continue;
        one.attrs.n_spatial = cvyi_call_spatial(s->graph, &s->in[k], 1);
        CVYI_TRY(add_call(&s->in[k], s, &one, &s->in[k], 1, err));
    }
    return CVY_OK;
}

cvy_status cvyi_steps_add(int *result, cvyi_steps *s, cvy_error *err)
{
    int *const own =
        cvyi_arena_alloc(s->arena, (size_t)s->n_tensors + 1, sizeof *own);
    int made = -1;

    if (own == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < s->phrase->n; i++) {
        const cvyi_step *const step = &s->phrase->steps[i];
        int n_own = 0;

        if (step->operands != NULL) {
            CVYI_TRY(add_operands(s, step, err));
            continue;
        }
        for (int k = 0; k < s->n_tensors; k++)
            if (s->in[k] >= 0)
                own[n_own++] = s->in[k];
        CVYI_TRY(add_step(&made, s, step, own, n_own, err));
    }
    *result = made;
    return CVY_OK;
}
