/*
 * read/python/tf/keras/list.c - model.layers, in Keras' own order.
 *
 * Of a Functional: by their distance to the outputs, the farthest first; of
 * the same distance as a walk from the outputs meets them. And which modules
 * the calls of layers are.
 */
#include "read/python/tf/host.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 4096 };

/* A layer's call, an input, or calls of the script that no layer makes. */
typedef struct place {
    int call;   /* of Keras; 0: another */
    int group;  /* calls of the trace that no layer makes; 0: an input */
    int result; /* of an input */
    int depth, met;
} place;

typedef struct listing {
    cvyi_py_eval *eval;
    const cvyi_tf_host *host;
    const cvyi_graph *trace;
    int n, n_met;
    place *all;
    int *of_call; /* place of each call of Keras, or -1 */
    bool strange; /* a call that no layer makes */
    bool lenient; /* which is a place like others then */
    bool broken;  /* nothing can be said */
} listing;

/* Of a call that no layer makes the group; 0: a layer's, or none. */
static int group_of(const listing *l, int call)
{
    return call >= 0 && l->host->calls[call].keras == 0
               ? l->host->calls[call].group
               : 0;
}

static int place_of(listing *l, int result)
{
    const int call = l->trace->results[result].call;
    const int keras = call >= 0 ? l->host->calls[call].keras : 0;

    const int group = group_of(l, call);

    l->strange = l->strange || group > 0;
    l->broken = l->broken || (group > 0 && !l->lenient);
    if (l->broken)
        return -1;
    if (keras > 0 && l->of_call[keras] >= 0)
        return l->of_call[keras];
    for (int i = 0; keras == 0 && i < l->n; i++)
        if (l->all[i].call == 0 && l->all[i].group == group &&
            (group > 0 || l->all[i].result == result))
            return i;
    if (l->n == MOST) {
        l->broken = l->strange = true;
        return -1;
    }
    l->all[l->n] =
        (place){ .call = keras, .group = group, .result = result, .met = -1 };
    if (keras > 0)
        l->of_call[keras] = l->n;
    return l->n++;
}

/* ---- distances ---- */

/* What a call inside of what makes a place reads from outside of it. */
static bool is_outside(const listing *l, const place *at, int result)
{
    const int from = l->trace->results[result].call;

    return from < 0 || l->host->calls[from].keras != at->call ||
           (at->call == 0 && l->host->calls[from].group != at->group);
}

/* The place that a call belongs to; -1. */
static int place_at(const listing *l, int call)
{
    const int keras = l->host->calls[call].keras;
    const int group = group_of(l, call);

    for (int i = 0; group > 0 && i < l->n; i++)
        if (l->all[i].group == group)
            return i;
    return keras > 0 ? l->of_call[keras] : -1;
}

static void end(listing *l, const cvyi_py_value *value, int nesting)
{
    const int result = cvyi_tf_result(value);

    if (result >= 0)
        (void)place_of(l, result);
    else if (nesting < 8 &&
             (value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE))
        for (int i = 0; i < value->seq->n; i++)
            end(l, &value->seq->items[i], nesting + 1);
    else
        l->broken = l->strange = true;
}

/* Each call stands behind those that feed it. */
static void measure(listing *l)
{
    for (int i = l->trace->n_calls - 1; i >= 0 && !l->broken; i--) {
        const cvyi_call *const call = &l->trace->calls[i];
        const int at = place_at(l, i);

        for (int k = 0; at >= 0 && k < call->n_in; k++) {
            int from;

            if (!is_outside(l, &l->all[at], call->in[k]))
                continue;
            from = place_of(l, call->in[k]);
            if (from >= 0 && l->all[from].depth <= l->all[at].depth)
                l->all[from].depth = l->all[at].depth + 1;
        }
    }
}

/* ---- the walk from the outputs ---- */

/* Calls of the trace from `first` up to but not including `last`. */
static void bounds(int *first, int *last, const listing *l, const place *at)
{
    const cvyi_tf_keras_called *const called =
        at->call > 0 ? &l->host->keras_calls[at->call - 1] : NULL;

    *first = called != NULL ? called->first : 0;
    *last = called != NULL ? called->last : 0;
    if (called != NULL || at->group == 0)
        return;
    while (*first < l->trace->n_calls &&
           l->host->calls[*first].group != at->group)
        ++*first;
    for (*last = *first; *last < l->trace->n_calls &&
                         l->host->calls[*last].group == at->group;)
        ++*last;
}

static void walk(listing *l, int at, int nesting)
{
    int first, last;

    if (at < 0 || nesting > MOST || l->all[at].met >= 0)
        return;
    l->all[at].met = l->n_met++;
    bounds(&first, &last, l, &l->all[at]);
    for (int i = first; i < last; i++)
        for (int k = 0; k < l->trace->calls[i].n_in; k++)
            if (is_outside(l, &l->all[at], l->trace->calls[i].in[k]))
                walk(l, place_of(l, l->trace->calls[i].in[k]), nesting + 1);
}

static int farthest(const void *a, const void *b)
{
    const place *const x = a, *const y = b;

    return x->depth != y->depth ? y->depth - x->depth : x->met - y->met;
}

/* ---- the list ---- */

static cvy_status input_layer(cvyi_py_value *out, const listing *l, int result,
                              cvy_error *err)
{
    static const cvyi_py_call_args none = { 0 };
    const char *const name = l->trace->results[result].name;
    cvyi_tf_keras *const node = cvyi_tf_keras_new(
        l->eval, CVYI_TF_INPUT, "keras.layers.InputLayer", &none);

    if (node == NULL)
        return cvyi_no_memory(err);
    node->name = name != NULL ? name : node->name;
    CVYI_TRY(cvyi_tf_make_tensor(&node->in, l->eval, result, err));
    node->out = node->in;
    *out = cvyi_py_host_value(&cvyi_tf_keras_type, node);
    return CVY_OK;
}

/* A layer that is called twice stands where it is farther. */
static bool is_there(const listing *l, int i)
{
    const int call = l->all[i].call;

    for (int k = 0; call > 0 && k < i; k++)
        if (l->all[k].call > 0 &&
            l->host->keras_calls[l->all[k].call - 1].node ==
                l->host->keras_calls[call - 1].node)
            return true;
    return false;
}

static cvy_status collect(cvyi_py_value *out, listing *l, cvy_error *err)
{
    cvyi_py_value *const items =
        cvyi_arena_alloc(l->host->arena, (size_t)l->n + 1, sizeof *items);
    int n = 0;

    if (items == NULL)
        return cvyi_no_memory(err);
    qsort(l->all, (size_t)l->n, sizeof *l->all, farthest);
    for (int i = 0; i < l->n; i++) {
        if (is_there(l, i) || l->all[i].group > 0)
            continue;
        if (l->all[i].call == 0)
            CVYI_TRY(input_layer(&items[n++], l, l->all[i].result, err));
        else
            items[n++] = l->host->keras_calls[l->all[i].call - 1].self;
    }
    return cvyi_py_make_seq(out, l->eval, CVYI_PY_V_LIST, items, n, err);
}

/* ---- an order that nothing can change ---- */

static bool has_weights(const cvyi_py_value *layer)
{
    const cvyi_tf_keras *const node = cvyi_tf_keras_of(layer);

    return node->n_weights > 0 || node->is_model ||
           node->kind == CVYI_TF_CLASS || node->kind == CVYI_TF_TIME;
}

static bool is_call_of(const listing *l, int call, const cvyi_py_value *layer)
{
    const int keras = l->host->calls[call].keras;

    return keras > 0 &&
           l->host->keras_calls[keras - 1].node == cvyi_tf_keras_of(layer);
}

/* Does what the one gives reach the other? `reached`: results. */
static bool feeds(const listing *l, bool *reached, const cvyi_py_value *one,
                  const cvyi_py_value *other)
{
    const cvyi_graph *const trace = l->trace;

    memset(reached, 0, (size_t)trace->n_results * sizeof *reached);
    for (int i = 0; i < trace->n_calls; i++) {
        const cvyi_call *const call = &trace->calls[i];
        bool here = is_call_of(l, i, one);

        for (int k = 0; !here && k < call->n_in; k++)
            here = reached[call->in[k]];
        if (here && is_call_of(l, i, other))
            return true;
        for (int k = 0; here && k < call->n_out; k++)
            reached[call->out[k]] = true;
    }
    return false;
}

/* Layers with weights stand in one order alone if each feeds the next. */
static cvy_status is_row(bool *out, const listing *l,
                         const cvyi_py_value *layers, cvy_error *err)
{
    enum { MOST_STEPS = 1 << 24 };
    bool *const reached = cvyi_arena_alloc(
        l->host->arena, (size_t)l->trace->n_results + 1, sizeof *reached);
    const cvyi_py_value *before = NULL;
    int64_t steps = 0;

    if (reached == NULL)
        return cvyi_no_memory(err);
    *out = true;
    for (int i = 0; *out && i < layers->seq->n; i++) {
        const cvyi_py_value *const layer = &layers->seq->items[i];

        if (!has_weights(layer))
            continue;
        steps += l->trace->n_calls;
        *out = steps < MOST_STEPS &&
               (before == NULL || feeds(l, reached, before, layer));
        before = layer;
    }
    return CVY_OK;
}

/* `certain` NULL: other calls may not stand between the layers. */
static cvy_status of_functional(cvyi_py_value *out, bool *certain,
                                cvyi_py_eval *eval, const cvyi_tf_keras *node,
                                cvy_error *err)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    const size_t calls = (size_t)host->n_keras_calls + 1;
    listing l = { .eval = eval, .host = host, .trace = host->trace };
    int n_ends;

    l.all = cvyi_arena_alloc(host->arena, MOST, sizeof *l.all);
    l.of_call = cvyi_arena_alloc(host->arena, calls, sizeof *l.of_call);
    if (l.all == NULL || l.of_call == NULL)
        return cvyi_no_memory(err);
    for (size_t i = 0; i < calls; i++)
        l.of_call[i] = -1;
    l.strange = host->keras_silent;
    l.lenient = certain != NULL;
    l.broken = l.strange && !l.lenient;
    end(&l, &node->out, 0);
    n_ends = l.n;
    measure(&l);
    for (int i = 0; i < n_ends && !l.broken; i++)
        walk(&l, i, 0);
    if (l.broken)
        return cvyi_py_make_opaque(out, eval, err,
                                   "the order of the layers of %s, between "
                                   "which other calls stand, is not known",
                                   node->name);
    CVYI_TRY(collect(out, &l, err));
    if (certain == NULL)
        return CVY_OK;
    *certain = !l.strange;
    return l.strange ? is_row(certain, &l, out, err) : CVY_OK;
}

/* In older versions the list is the model's own: what a script takes out of
 * it is no layer any more, in later ones it is. */
cvy_status cvyi_tf_keras_watch(cvyi_py_eval *eval, cvyi_tf_keras *node,
                               cvy_error *err)
{
    if (node->layers.type != CVYI_PY_V_LIST ||
        (node->layers.seq->n == node->n_layers &&
         node->layers.seq->doubt == NULL))
        return CVY_OK;
    return cvyi_tf_keras_doubt(eval, node, err,
                               "the list of the layers of %s is changed",
                               node->name);
}

cvy_status cvyi_tf_keras_layers(cvyi_py_value *out, cvyi_py_eval *eval,
                                cvyi_tf_keras *node, cvy_error *err)
{
    const bool chain = node->kind == CVYI_TF_SEQUENTIAL;

    CVYI_TRY(cvyi_tf_keras_watch(eval, node, err));
    if (node->doubt != NULL) {
        *out = cvyi_tf_keras_doubted(node);
        return CVY_OK;
    }
    if (!chain && node->kind != CVYI_TF_FUNCTIONAL)
        return cvyi_py_refuse(eval, err, "layers of %s", node->dotted);
    if (chain && (node->layers.type == CVYI_PY_V_NONE ||
                  node->n_layers != node->n_members))
        CVYI_TRY(cvyi_py_make_seq(&node->layers, eval, CVYI_PY_V_LIST,
                                  node->members, node->n_members, err));
    if (!chain && node->layers.type == CVYI_PY_V_NONE)
        CVYI_TRY(of_functional(&node->layers, NULL, eval, node, err));
    if (node->layers.type == CVYI_PY_V_LIST)
        node->n_layers = node->layers.seq->n;
    *out = node->layers;
    return CVY_OK;
}

cvy_status cvyi_tf_keras_members(cvyi_py_value *out, bool *certain,
                                 cvyi_py_eval *eval, const cvyi_tf_keras *node,
                                 cvy_error *err)
{
    *certain = true;
    if (node->kind == CVYI_TF_SEQUENTIAL)
        return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, node->members,
                                node->n_members, err);
    if (node->kind == CVYI_TF_FUNCTIONAL)
        return of_functional(out, certain, eval, node, err);
    if (node->kind == CVYI_TF_TIME)
        return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, &node->inside, 1,
                                err);
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, NULL, 0, err);
}

/* ---- modules ---- */

size_t cvyi_tf_keras_skip(const cvyi_tf_host *host, const bool *needed)
{
    const char *first = NULL;
    size_t n = 0;

    for (int i = 0; i < host->trace->n_calls; i++) {
        const char *const path = host->calls[i].path;
        const char *const slash = path != NULL ? strchr(path, '/') : NULL;

        if (!needed[i] || path == NULL)
            continue;
        if (first == NULL && slash != NULL) {
            first = path;
            n = (size_t)(slash - path) + 1;
        }
        if (slash == NULL || strncmp(first, path, n) != 0)
            return 0;
    }
    return n;
}

/* Does the call make weights? */
static bool has_params(const cvyi_call *call)
{
    for (int s = 0; s < CVYI_MAX_SLOTS; s++)
        if (call->params[s] >= 0)
            return true;
    return false;
}

int cvyi_tf_keras_before(const cvyi_tf_host *host, const int *modules, int i)
{
    const cvyi_call *const calls = host->trace->calls;
    const char *const path = host->calls[i].path;

    for (int k = 0; path != NULL && k < i; k++)
        if (modules[k] >= 0 && host->calls[k].path != NULL &&
            strcmp(host->calls[k].path, path) == 0 && !has_params(&calls[k]) &&
            cvyi_attrs_equal(&calls[k].attrs, &calls[i].attrs, NULL))
            return k;
    return -1;
}
