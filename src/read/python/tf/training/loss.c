/*
 * read/python/tf/training/loss.c - what a script computes on the way to a loss.
 *
 * A mean over everything is a loss, a measure, or a number to look at. What
 * leads to it from where the network meets its labels is no end of the
 * network: sum((y - labels)^2) for each sample. Labels are placeholders that
 * no layer ever sees; an autoencoder's are its own input. What is added to a
 * loss of TensorFlow's is a term of it.
 */
#include "read/python/tf/training/training.h"

#include <string.h>

/* Of each result of the trace. */
typedef struct past {
    bool layers;     /* some call before it has weights */
    uint64_t inputs; /* that it depends on */
} past;

typedef struct search {
    const cvyi_graph *trace;
    past *pasts;
    uint64_t seen; /* inputs that layers see */
    bool *found;
    int left; /* steps, which joins may multiply */
} search;

static cvy_status note(cvyi_tf_results *list, cvyi_tf_host *host,
                       const cvyi_py_value *value, cvy_error *err)
{
    const int result = cvyi_tf_result(value);
    int *const all = cvyi_arena_grow(host->arena, list->items, list->n,
                                     &list->capacity, sizeof *all);

    if (all == NULL)
        return cvyi_no_memory(err);
    list->items = all;
    if (result >= 0)
        all[list->n++] = result;
    return CVY_OK;
}

cvy_status cvyi_tf_whole(cvyi_tf_host *host, const cvyi_py_value *value,
                         cvy_error *err)
{
    return note(&host->wholes, host, value, err);
}

cvy_status cvyi_tf_loss_term(cvyi_tf_host *host, const cvyi_py_value *value,
                             cvy_error *err)
{
    return note(&host->terms, host, value, err);
}

/* Constants are no weights. */
static bool has_weights(const cvyi_tf_host *host, const cvyi_call *call)
{
    return call->params[0] >= 0 && !host->params[call->params[0]]->constant;
}

static void look_back(search *s, const cvyi_tf_host *host)
{
    const cvyi_graph *const trace = s->trace;

    for (int i = 0; i < trace->n_inputs && i < 64; i++)
        s->pasts[trace->inputs[i]].inputs = (uint64_t)1 << i;
    for (int i = 0; i < trace->n_calls; i++) {
        const cvyi_call *const call = &trace->calls[i];
        past p = { .layers = has_weights(host, call) };

        for (int k = 0; k < call->n_in; k++) {
            p.layers = p.layers || s->pasts[call->in[k]].layers;
            p.inputs |= s->pasts[call->in[k]].inputs;
        }
        if (p.layers && has_weights(host, call))
            s->seen |= p.inputs;
        for (int k = 0; k < call->n_out; k++)
            s->pasts[call->out[k]] = p;
    }
}

/* Does it make a distance of a difference? */
static bool is_distance(const cvyi_attrs *attrs)
{
    static const char *const functions[] = { "square", "absolute", "log",
                                             "power", "sqrt" };
    const bool pointwise = strcmp(attrs->op->name, "pointwise") == 0;

    for (size_t i = 0; pointwise && i < sizeof functions / sizeof *functions;
         i++)
        if (cvyi_attr_is(attrs, "function", functions[i]))
            return true;
    return strcmp(attrs->op->name, "reduce") == 0;
}

/* Is an operand given and not computed: labels, or where the join is behind a
 * distance the input itself? */
static bool meets_labels(const search *s, const cvyi_call *call, bool distance)
{
    for (int k = 0; k < call->n_in; k++) {
        const past *const p = &s->pasts[call->in[k]];

        if (!p->layers && p->inputs != 0 &&
            (distance || (p->inputs & s->seen) == 0))
            return true;
    }
    return false;
}

/* Marks the results from `result` back to where labels are met; false: they
 * are not. */
static bool trace_back(search *s, int result, bool distance)
{
    const int at = s->trace->results[result].call;
    const cvyi_call *const call = at >= 0 ? &s->trace->calls[at] : NULL;
    bool hit = false;

    if (call == NULL || call->params[0] >= 0 || s->left-- <= 0)
        return false;
    distance = distance || is_distance(&call->attrs);
    if (call->n_in > 1 && meets_labels(s, call, distance)) {
        hit = true;
        distance = false;
    }
    for (int k = 0; k < call->n_in; k++)
        hit = trace_back(s, call->in[k], distance) || hit;
    s->found[result] = s->found[result] || hit;
    return hit;
}

cvy_status cvyi_tf_find_losses(bool **out, cvyi_tf_host *host, cvy_error *err)
{
    const size_t n = (size_t)host->trace->n_results + 1;
    search s = { .trace = host->trace, .left = 1 << 16 };

    s.pasts = cvyi_arena_alloc(host->arena, n, sizeof *s.pasts);
    s.found = cvyi_arena_alloc(host->arena, n, sizeof *s.found);
    if (s.pasts == NULL || s.found == NULL)
        return cvyi_no_memory(err);
    look_back(&s, host);
    for (int i = 0; i < host->wholes.n; i++)
        (void)trace_back(&s, host->wholes.items[i], false);
    for (int i = 0; i < host->terms.n; i++)
        s.found[host->terms.items[i]] = true;
    *out = s.found;
    return CVY_OK;
}
