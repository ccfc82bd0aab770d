/* verify/align.c - level 2: what was read back is what was meant. */
#include "verify/align_parts.h"

#include <string.h>

/* ---- one call ---- */

/* The results of `read` that stand for results of `meant` are known from here
 * on: they carry the same origin. */
static void bind_result(cvyi_align *a, int meant, int read)
{
    a->found[meant] = read;
    a->read->results[read].origin = a->meant->results[meant].origin;
    a->read->results[read].arrangement = a->meant->results[meant].arrangement;
}

/* Every step reads the very results that stand for its operands, where it
 * read their equals: the engine replaces dead values one by one. */
static void read_own(cvyi_align *a, int i, const int *calls, int n)
{
    const cvyi_call *const meant = &a->meant->calls[i];
    int next = 0;

    for (int s = 0; s < n; s++) {
        cvyi_call *const step = &a->read->calls[calls[s]];

        for (int k = s == 0 ? 0 : 1; k < step->n_in && next < meant->n_in;
             k++, next++) {
            const int wanted = a->found[meant->in[next]];

            if (wanted >= 0 && a->value[wanted] == a->value[step->in[k]])
                step->in[k] = wanted;
        }
    }
}

static void bind_call(cvyi_align *a, int i, const int *calls, int n)
{
    const cvyi_call *const meant = &a->meant->calls[i];
    cvyi_call *const last = &a->read->calls[calls[n - 1]];

    read_own(a, i, calls, n);
    for (int k = 0; k < n; k++)
        a->used[calls[k]] = true;
    last->origin = meant->origin;
    for (int k = 0; k < meant->n_out && k < last->n_out; k++)
        bind_result(a, meant->out[k], last->out[k]);
}

static bool same_type(const cvyi_type *a, const cvyi_type *b)
{
    if (a->rank != b->rank)
        return false;
    for (int i = 0; i < a->rank; i++) {
        int64_t x, y;

        if (cvyi_size_constant(&x, a->dims[i]) &&
            cvyi_size_constant(&y, b->dims[i]) && x != y)
            return false;
    }
    return true;
}

/* Nothing stands for it. Where its result would have its input's type, what
 * follows is compared as if it were left out. */
static cvy_status lost(cvyi_align *a, int i, int instead)
{
    const cvyi_call *const meant = &a->meant->calls[i];
    const char *const target = a->written->calls[i].target;
    const int in = a->found[meant->in[0]];

    if (in >= 0 && same_type(&a->read->results[in].type,
                             &a->meant->results[meant->out[0]].type))
        a->found[meant->out[0]] = in;
    if (instead < 0)
        return cvyi_align_fault(a, i, -1, "%.120s is missing", target);
    if (a->read->calls[instead].attrs.op == a->written->calls[i].means[0].op)
        return cvyi_align_fault(a, i, instead,
                                "%.80s is missing; something else reads what "
                                "it should read",
                                target);
    return cvyi_align_fault(a, i, instead,
                            "%.80s is missing; %s stands where it should be",
                            target, a->read->calls[instead].attrs.op->name);
}

/* It is written as nothing: its value has the name of the one before. The
 * engine finds it in a call of its own, behind everything else. */
static cvy_status stand_in(cvyi_align *a, int i)
{
    const cvyi_call *const meant = &a->meant->calls[i];
    int in = a->found[meant->in[0]], call;

    if (in < 0)
        return CVY_OK;
    CVYI_TRY(cvyi_graph_add_call(&call, a->read, &meant->attrs, meant->axes,
                                 &in, 1, NULL, 0, a->err));
    a->value[a->read->calls[call].out[0]] = a->read->calls[call].out[0];
    bind_call(a, i, &call, 1);
    a->found[meant->out[0]] = in;
    a->stand_in[meant->out[0]] = a->read->calls[call].out[0];
    return CVY_OK;
}

static cvy_status align_call(cvyi_align *a, int i)
{
    const cvyi_written_call *const written = &a->written->calls[i];
    int instead;

    if (written->n_means == 0)
        return stand_in(a, i);

    const enum cvyi_match match = cvyi_align_find(&instead, a, i);

    if (match == CVYI_MATCH_NONE)
        return lost(a, i, instead);
    if (match == CVYI_MATCH_ELSEWHERE)
        CVYI_TRY(cvyi_align_fault(a, i, a->calls[0],
                                  "it reads another value than was meant"));
    for (int k = 0; k < cvyi_align_steps(a, i); k++)
        CVYI_TRY(cvyi_align_attrs(a, i, k, a->calls[k]));
    CVYI_TRY(cvyi_align_params(a, i, a->calls[0]));
    bind_call(a, i, a->calls, cvyi_align_steps(a, i));
    return CVY_OK;
}

/* ---- the whole ---- */

static bool same_tree(const cvyi_align *a, const cvyi_tree *meant,
                      const cvyi_tree *read)
{
    if (meant->kind != read->kind)
        return false;
    if (meant->kind == CVYI_TREE_SINGLE)
        return a->found[meant->result] >= 0 &&
               a->value[a->found[meant->result]] == a->value[read->result];
    if (meant->n != read->n)
        return false;
    for (int i = 0; i < meant->n; i++)
        if ((meant->kind == CVYI_TREE_DICT &&
             strcmp(meant->keys[i], read->keys[i]) != 0) ||
            !same_tree(a, &meant->items[i], &read->items[i]))
            return false;
    return true;
}

/* Outputs are the very results that stand for them, and what stands in for
 * those written as nothing. Trees are memory of their graph. */
static void put_outputs(const cvyi_align *a, const cvyi_tree *meant,
                        cvyi_tree *read)
{
    if (meant->kind == CVYI_TREE_SINGLE)
        read->result = a->stand_in[meant->result] >= 0
                           ? a->stand_in[meant->result]
                           : a->found[meant->result];
    for (int i = 0; meant->kind != CVYI_TREE_SINGLE && i < meant->n; i++)
        put_outputs(a, &meant->items[i], (cvyi_tree *)&read->items[i]);
}

static cvy_status align_all(cvyi_align *a)
{
    if (a->meant->n_inputs != a->read->n_inputs)
        return cvyi_align_fault(a, -1, -1, "it takes %d inputs, %d were meant",
                                a->read->n_inputs, a->meant->n_inputs);
    for (int i = 0; i < a->meant->n_inputs; i++)
        bind_result(a, a->meant->inputs[i], a->read->inputs[i]);
    for (int i = 0; i < a->meant->n_calls; i++)
        CVYI_TRY(align_call(a, i));
    for (int c = 0; c < a->read->n_calls; c++)
        if (!a->used[c])
            CVYI_TRY(cvyi_align_fault(a, -1, c,
                                      "%s is there and was not meant",
                                      a->read->calls[c].attrs.op->name));
    if (!same_tree(a, &a->meant->output_tree, &a->read->output_tree))
        return cvyi_align_fault(a, -1, -1,
                                "it returns something else than was meant");
    put_outputs(a, &a->meant->output_tree, &a->read->output_tree);
    return CVY_OK;
}

static cvy_status name_paths(cvyi_align *a)
{
    cvyi_arena *const arena = &a->proof->arena;

    for (int m = 0; m < a->read->n_modules; m++) {
        cvyi_text text = { 0 };

        cvyi_module_path(&text, a->read, m);
        a->paths[m] =
            text.bad ? NULL
                     : cvyi_arena_text(arena, cvyi_text_c(&text), text.size);
        cvyi_text_close(&text);
        if (a->paths[m] == NULL)
            return cvyi_no_memory(a->err);
    }
    return CVY_OK;
}

static size_t most_steps(const cvyi_graph *meant, const cvyi_written *written)
{
    int most = 1;

    for (int i = 0; i < meant->n_calls; i++) {
        const int n = written->calls[i].n_means + written->calls[i].repeated;

        most = n > most ? n : most;
    }
    return (size_t)most;
}

cvy_status cvyi_verify_file(cvyi_file_proof *out, const cvyi_graph *meant,
                            const cvyi_written *written, cvyi_graph *read,
                            cvy_error *err)
{
    cvyi_file_proof proof = { .verdict = CVYI_PROVEN };
    cvyi_align a = { &proof, meant, written, read, .err = err };
    cvy_status status;

    a.found = cvyi_arena_alloc(&proof.arena, 2 * (size_t)meant->n_results,
                               sizeof *a.found);
    a.stand_in = a.found + meant->n_results;
    a.used = cvyi_arena_alloc(&proof.arena,
                              (size_t)(read->n_calls + meant->n_calls),
                              sizeof *a.used);
    /* Stand-ins make results of their own. */
    a.value = cvyi_arena_alloc(&proof.arena,
                               (size_t)(read->n_results + meant->n_calls),
                               sizeof *a.value);
    a.calls = cvyi_arena_alloc(&proof.arena, 2 * most_steps(meant, written),
                               sizeof *a.calls);
    a.chain = a.calls + most_steps(meant, written);
    a.paths = cvyi_arena_alloc(&proof.arena, (size_t)read->n_modules,
                               sizeof *a.paths);
    status = a.found != NULL && a.used != NULL && a.paths != NULL &&
                     a.calls != NULL && a.value != NULL
                 ? name_paths(&a)
                 : cvyi_no_memory(err);
    for (int r = 0; status == CVY_OK && r < meant->n_results; r++)
        a.found[r] = a.stand_in[r] = -1;
    for (int r = 0; r < read->n_results; r++)
        read->results[r].origin = -1;
    if (status == CVY_OK)
        cvyi_align_values(&a);
    if (status == CVY_OK)
        status = align_all(&a);
    if (status == CVY_OK)
        *out = proof;
    else
        cvyi_file_proof_close(&proof);
    return status;
}

void cvyi_file_proof_close(cvyi_file_proof *proof)
{
    cvyi_arena_close(&proof->arena);
    *proof = (cvyi_file_proof){ 0 };
}
