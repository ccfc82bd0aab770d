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

/* A layer's call, or an input. */
typedef struct place {
    int call;   /* of Keras; 0: an input */
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
} listing;

static int place_of(listing *l, int result)
{
    const int call = l->trace->results[result].call;
    const int keras = call >= 0 ? l->host->calls[call].keras : 0;

    if (call >= 0 && keras == 0) {
        l->strange = true;
        return -1;
    }
    if (keras > 0 && l->of_call[keras] >= 0)
        return l->of_call[keras];
    for (int i = 0; keras == 0 && i < l->n; i++)
        if (l->all[i].call == 0 && l->all[i].result == result)
            return i;
    if (l->n == MOST) {
        l->strange = true;
        return -1;
    }
    l->all[l->n] = (place){ .call = keras, .result = result, .met = -1 };
    if (keras > 0)
        l->of_call[keras] = l->n;
    return l->n++;
}

/* ---- distances ---- */

/* What a call inside a layer's call reads from outside of it. */
static bool is_outside(const listing *l, int keras, int result)
{
    const int from = l->trace->results[result].call;

    return from < 0 || l->host->calls[from].keras != keras;
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
        l->strange = true;
}

/* Each call stands behind those that feed it. */
static void measure(listing *l)
{
    for (int i = l->trace->n_calls - 1; i >= 0 && !l->strange; i--) {
        const cvyi_call *const call = &l->trace->calls[i];
        const int keras = l->host->calls[i].keras;
        const int at = keras > 0 ? l->of_call[keras] : -1;

        for (int k = 0; at >= 0 && k < call->n_in; k++) {
            int from;

            if (!is_outside(l, keras, call->in[k]))
                continue;
            from = place_of(l, call->in[k]);
            if (from >= 0 && l->all[from].depth <= l->all[at].depth)
                l->all[from].depth = l->all[at].depth + 1;
        }
    }
}

/* ---- the walk from the outputs ---- */

static void walk(listing *l, int at, int nesting)
{
    const cvyi_tf_keras_called *called;

    if (at < 0 || nesting > MOST || l->all[at].met >= 0)
        return;
    l->all[at].met = l->n_met++;
    if (l->all[at].call == 0)
        return;
    called = &l->host->keras_calls[l->all[at].call - 1];
    for (int i = called->first; i < called->last; i++)
        for (int k = 0; k < l->trace->calls[i].n_in; k++)
            if (is_outside(l, l->all[at].call, l->trace->calls[i].in[k]))
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
        if (is_there(l, i))
            continue;
        if (l->all[i].call == 0)
            CVYI_TRY(input_layer(&items[n++], l, l->all[i].result, err));
        else
            items[n++] = l->host->keras_calls[l->all[i].call - 1].self;
    }
    return cvyi_py_make_seq(out, l->eval, CVYI_PY_V_LIST, items, n, err);
}

static cvy_status of_functional(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_tf_keras *node, cvy_error *err)
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
    end(&l, &node->out, 0);
    n_ends = l.n;
    measure(&l);
    for (int i = 0; i < n_ends && !l.strange; i++)
        walk(&l, i, 0);
    if (l.strange)
        return cvyi_py_make_opaque(out, eval, err,
                                   "the order of the layers of %s, between "
                                   "which other calls stand, is not known",
                                   node->name);
    return collect(out, &l, err);
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
        CVYI_TRY(of_functional(&node->layers, eval, node, err));
    if (node->layers.type == CVYI_PY_V_LIST)
        node->n_layers = node->layers.seq->n;
    *out = node->layers;
    return CVY_OK;
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
