/*
 * read/python/tf/keras/replay.c - a Functional that is called again: the calls
 * between its inputs and its outputs, on other tensors, with the same weights.
 *
 * Sizes that the model has as numbers must be the same in what it is called
 * on. Where a size that the model leaves open is another one there, no call
 * may speak of sizes.
 */
#include "read/python/tf/host.h"

#include <string.h>

typedef struct replaying {
    cvyi_py_eval *eval;
    cvyi_tf_host *host;
    cvyi_graph *trace;
    int n_results, n_calls; /* of the trace, as it began */
    int *now;               /* for each result what stands in its place; -1 */
    bool *wanted;           /* results */
    bool *needed;           /* calls */
    bool other;             /* open sizes are others */
    int group;              /* of the call that was copied last */
} replaying;

/* ---- what it is called on ---- */

static cvy_status differs(replaying *r, cvy_error *err)
{
    return cvyi_py_refuse(r->eval, err,
                          "the model is called on tensors that are not like "
                          "its inputs");
}

static cvy_status give(replaying *r, int input, int result, cvy_error *err)
{
    const cvyi_type *const a = cvyi_tf_type(r->eval, input);
    const cvyi_type *const b = cvyi_tf_type(r->eval, result);
    int64_t known;

    if (a->rank != b->rank)
        return differs(r, err);
    for (int i = 0; i < a->rank; i++) {
        if (a->dims[i] == b->dims[i])
            continue;
        if (cvyi_size_constant(&known, a->dims[i]))
            return differs(r, err);
        r->other = true;
    }
    r->now[input] = result;
    return CVY_OK;
}

static bool is_list(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;
}

/* A list of one is that one. */
static const cvyi_py_value *single(const cvyi_py_value *value)
{
    return is_list(value) && value->seq->n == 1 ? &value->seq->items[0]
                                                : value;
}

static cvy_status give_all(replaying *r, const cvyi_py_value *inputs,
                           const cvyi_py_value *given, int depth,
                           cvy_error *err)
{
    const int input = cvyi_tf_result(single(inputs));
    const int result = cvyi_tf_result(single(given));

    if (input >= 0 && result >= 0)
        return give(r, input, result, err);
    if (depth > 4 || !is_list(inputs) || !is_list(given) ||
        inputs->seq->n != given->seq->n)
        return differs(r, err);
    for (int i = 0; i < inputs->seq->n; i++)
        CVYI_TRY(give_all(r, &inputs->seq->items[i], &given->seq->items[i],
                          depth + 1, err));
    return CVY_OK;
}

/* ---- what is made again ---- */

static void mark_outputs(replaying *r, const cvyi_py_value *value, int depth)
{
    const int result = cvyi_tf_result(value);

    if (result >= 0)
        r->wanted[result] = true;
    for (int i = 0; depth < 8 && is_list(value) && i < value->seq->n; i++)
        mark_outputs(r, &value->seq->items[i], depth + 1);
    for (int i = 0;
         depth < 8 && value->type == CVYI_PY_V_DICT && i < value->map->n; i++)
        mark_outputs(r, &value->map->values[i], depth + 1);
}

/* Calls that the outputs need, back to what is given. */
static void mark_calls(replaying *r)
{
    for (int i = r->n_calls - 1; i >= 0; i--) {
        const cvyi_call *const call = &r->trace->calls[i];
        bool reads = false;

        for (int k = 0; k < call->n_out; k++)
            reads =
                reads || (r->wanted[call->out[k]] && r->now[call->out[k]] < 0);
        r->needed[i] = reads;
        for (int k = 0; reads && k < call->n_in; k++)
            r->wanted[call->in[k]] = true;
    }
}

/* Does a call speak of sizes, which may be those of its own input? */
static bool has_sizes(const cvyi_call *call)
{
    const cvyi_op *const op = call->attrs.op;
    int64_t known;

    for (int i = 0; op->attrs[i].name != NULL; i++)
        for (int k = 0;
             op->attrs[i].kind == CVYI_ATTR_SIZES && k < call->attrs.at[i].n;
             k++)
            if (!cvyi_size_constant(&known, call->attrs.at[i].sizes[k]))
                return true;
    return false;
}

static cvy_status note_call(replaying *r, int i, cvy_error *err)
{
    cvyi_tf_host *const host = r->host;
    cvyi_tf_call *const all =
        cvyi_arena_grow(host->arena, host->calls, host->n_calls,
                        &host->calls_capacity, sizeof *all);
    cvyi_tf_call made;

    if (all == NULL)
        return cvyi_no_memory(err);
    host->calls = all;
    made = all[i];
    if (made.group != r->group)
        host->groups++;
    r->group = made.group;
    made.group = host->groups;
    made.keras = host->keras_call;
    if (made.path != NULL && host->keras_path != NULL)
        made.path = cvyi_arena_printf(host->arena, "%s/%s", host->keras_path,
                                      made.path);
    all[host->n_calls++] = made;
    return made.path != NULL || all[i].path == NULL ? CVY_OK
                                                    : cvyi_no_memory(err);
}

static cvy_status copy_call(replaying *r, int i, cvy_error *err)
{
    const cvyi_call call = r->trace->calls[i];
    int *const in =
        cvyi_arena_alloc(r->host->arena, (size_t)call.n_in + 1, sizeof *in);
    cvyi_call *made;
    int index;

    if (in == NULL)
        return cvyi_no_memory(err);
    if (r->other && has_sizes(&call))
        return cvyi_py_refuse(r->eval, err,
                              "the model is called on another shape than its "
                              "own, and a call in line %d speaks of sizes",
                              r->host->calls[i].line);
    for (int k = 0; k < call.n_in; k++)
        in[k] = r->now[call.in[k]] >= 0 ? r->now[call.in[k]] : call.in[k];
    CVYI_TRY(cvyi_graph_add_call(&index, r->trace, &call.attrs, call.axes, in,
                                 call.n_in, call.params, call.module, err));
    made = &r->trace->calls[index];
    made->label = call.label;
    made->argument = call.argument;
    for (int k = 0; k < call.n_out; k++)
        r->now[call.out[k]] = made->out[k];
    return note_call(r, i, err);
}

/* ---- what it gives ---- */

static cvy_status gather(cvyi_py_value *out, replaying *r,
                         const cvyi_py_value *value, int depth, cvy_error *err)
{
    const int result = cvyi_tf_result(value);
    cvyi_py_value one;

    *out = *value;
    if (result >= 0)
        return r->now[result] >= 0
                   ? cvyi_tf_make_tensor(out, r->eval, r->now[result], err)
                   : CVY_OK;
    if (depth > 8 || (!is_list(value) && value->type != CVYI_PY_V_DICT))
        return CVY_OK;
    if (value->type == CVYI_PY_V_DICT) {
        CVYI_TRY(cvyi_py_make_dict(out, r->eval, err));
        for (int i = 0; i < value->map->n; i++) {
            CVYI_TRY(gather(&one, r, &value->map->values[i], depth + 1, err));
            CVYI_TRY(cvyi_py_dict_set(r->eval, out, &value->map->keys[i], &one,
                                      err));
        }
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_make_seq(out, r->eval, value->type, value->seq->items,
                              value->seq->n, err));
    for (int i = 0; i < out->seq->n; i++) {
        CVYI_TRY(gather(&one, r, &value->seq->items[i], depth + 1, err));
        out->seq->items[i] = one;
    }
    return CVY_OK;
}

/* A script may call a model very often: this is given back. */
static cvy_status open(replaying *r, cvy_error *err)
{
    const size_t n = (size_t)r->n_results + 1;

    r->now = cvyi_alloc(n, sizeof *r->now);
    r->wanted = cvyi_alloc(n, sizeof *r->wanted);
    r->needed = cvyi_alloc((size_t)r->n_calls + 1, sizeof *r->needed);
    if (r->now == NULL || r->wanted == NULL || r->needed == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < r->n_results; i++)
        r->now[i] = -1;
    return CVY_OK;
}

static cvy_status replay(cvyi_py_value *out, replaying *r,
                         const cvyi_tf_keras *node, const cvyi_py_value *given,
                         cvy_error *err)
{
    enum { MOST_CALLS = 20000 };

    CVYI_TRY(give_all(r, &node->in, given, 0, err));
    mark_outputs(r, &node->out, 0);
    mark_calls(r);
    for (int i = 0; i < r->n_calls; i++) {
        if (!r->needed[i])
            continue;
        if (r->trace->n_calls >= MOST_CALLS)
            return cvyi_py_refuse(r->eval, err,
                                  "the script makes more than %d calls",
                                  MOST_CALLS);
        CVYI_TRY(copy_call(r, i, err));
    }
    return gather(out, r, &node->out, 0, err);
}

cvy_status cvyi_tf_keras_replay(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_tf_keras *node,
                                const cvyi_py_value *given, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    replaying r = { .eval = eval,
                    .host = host,
                    .trace = host->trace,
                    .n_results = host->trace->n_results,
                    .n_calls = host->trace->n_calls };
    cvy_status status;

    status = open(&r, err);
    if (status == CVY_OK)
        status = replay(out, &r, node, given, err);
    cvyi_free(r.now);
    cvyi_free(r.wanted);
    cvyi_free(r.needed);
    return status;
}
