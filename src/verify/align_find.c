/* verify/align_find.c - which calls read back stand for a written one. */
#include "verify/align_parts.h"

#include <string.h>

int cvyi_align_steps(const cvyi_align *a, int i)
{
    return a->written->calls[i].n_means + a->written->calls[i].repeated;
}

const cvyi_attrs *cvyi_align_step(const cvyi_align *a, int i, int step)
{
    const cvyi_written_call *const written = &a->written->calls[i];

    return &written
                ->means[step < written->n_means ? step : written->n_means - 1];
}

/* ---- equal values ---- */

/* The same function of the same values; modules are told apart by name. */
static bool same_function(const cvyi_align *a, const cvyi_call *x,
                          const cvyi_call *y)
{
    const cvyi_module *const modules = a->read->modules;

    if (x->attrs.op != y->attrs.op || x->n_in != y->n_in ||
        modules[x->module].kind == CVYI_MODULE_LAYER ||
        modules[y->module].kind == CVYI_MODULE_LAYER ||
        memcmp(x->params, y->params, sizeof x->params) != 0)
        return false;
    for (int k = 0; k < x->n_in; k++)
        if (a->value[x->in[k]] != a->value[y->in[k]])
            return false;
    return x->axes == y->axes && cvyi_attrs_equal(&x->attrs, &y->attrs, NULL);
}

void cvyi_align_values(cvyi_align *a)
{
    const cvyi_call *const calls = a->read->calls;

    for (int r = 0; r < a->read->n_results; r++)
        a->value[r] = r;
    for (int c = 0; c < a->read->n_calls; c++)
        for (int earlier = 0; earlier < c; earlier++) {
            if (!same_function(a, &calls[earlier], &calls[c]))
                continue;
            for (int k = 0; k < calls[c].n_out; k++)
                a->value[calls[c].out[k]] = a->value[calls[earlier].out[k]];
            break;
        }
}

/* ---- what a call reads ---- */

/* Is this the value that an operand of a written call should be? */
static bool is_wanted(const cvyi_align *a, int i, int k, int result)
{
    const int wanted = a->found[a->meant->calls[i].in[k]];

    return wanted >= 0 && a->value[wanted] == a->value[result];
}

/* Does a step read `before`, what the step before it made (-1: it is the
 * first), and then the next operands of the written call? x + y + z is two
 * steps. *next is the first operand that no step has read yet. */
static bool reads_on(int *next, const cvyi_align *a, int i, int before,
                     const cvyi_call *step)
{
    const cvyi_call *const meant = &a->meant->calls[i];
    int k = 0;

    if (before >= 0 && (step->n_in == 0 || step->in[k++] != before))
        return false;
    for (; k < step->n_in; k++) {
        if (*next == meant->n_in || !is_wanted(a, i, *next, step->in[k]))
            return false;
        ++*next;
    }
    return true;
}

/* A call of the module, or of a part of it: nn.Sequential(pool, flatten) may
 * stand for one layer. */
static bool same_path(const cvyi_align *a, int i, const cvyi_call *call)
{
    const char *const wanted = a->written->calls[i].path;
    const char *const path = a->paths[call->module];
    const size_t n = strlen(wanted);

    if (!a->written->calls[i].module)
        return strcmp(path, wanted) == 0;
    return strncmp(path, wanted, n) == 0 &&
           (path[n] == '\0' || path[n] == '.');
}

/* How well a call of `read` fits as the first step: 0 not at all. Equal
 * functions on equal values are as good as each other; of several the one
 * with equal attributes comes first. */
static int fit(const cvyi_align *a, int i, int at)
{
    const cvyi_written_call *const written = &a->written->calls[i];
    const cvyi_call *const call = &a->read->calls[at];
    const cvyi_attrs *const means = &written->means[0];
    int score = 1;

    if (written->module && !same_path(a, i, call))
        return 0;
    if (!written->module && call->attrs.op != means->op)
        return 0;
    score += same_path(a, i, call);
    score += 2 * (call->attrs.op == means->op);
    return score + 4 * cvyi_attrs_equal(&call->attrs, means, NULL);
}

/* The unused call that goes on from `before`; -1. */
static int next_step(int *next, const cvyi_align *a, int i, int before,
                     const cvyi_op *op)
{
    for (int c = 0; c < a->read->n_calls; c++) {
        const cvyi_call *const call = &a->read->calls[c];
        int read = *next;

        if (a->used[c] || call->attrs.op != op ||
            !reads_on(&read, a, i, before, call))
            continue;
        *next = read;
        return c;
    }
    return -1;
}

/* All steps from the first on. `strict`: each operand is the one that was
 * meant. */
static bool follow(int *calls, const cvyi_align *a, int i, int first,
                   bool strict)
{
    int next = 0;

    calls[0] = first;
    if (!reads_on(&next, a, i, -1, &a->read->calls[first]) && strict)
        return false;
    for (int k = 1; k < cvyi_align_steps(a, i); k++) {
        const int from = a->read->calls[calls[k - 1]].out[0];

        calls[k] = next_step(&next, a, i, from, cvyi_align_step(a, i, k)->op);
        if (calls[k] < 0)
            return false;
    }
    return !strict ||
           next == a->meant->calls[i].n_in - a->written->calls[i].lent;
}

/* The module itself, wherever it is called. */
static int by_path(const cvyi_align *a, int i)
{
    for (int c = 0; c < a->read->n_calls; c++)
        if (!a->used[c] && same_path(a, i, &a->read->calls[c]) &&
            a->read->calls[c].attrs.op == a->written->calls[i].means[0].op)
            return c;
    return -1;
}

/* An unused call that reads what the written one should read first. */
static int in_its_place(const cvyi_align *a, int i)
{
    for (int c = 0; c < a->read->n_calls; c++) {
        const cvyi_call *const call = &a->read->calls[c];

        for (int k = 0; k < call->n_in && !a->used[c]; k++)
            if (is_wanted(a, i, 0, call->in[k]))
                return c;
    }
    return -1;
}

enum cvyi_match cvyi_align_find(int *instead, cvyi_align *a, int i)
{
    const size_t n = (size_t)cvyi_align_steps(a, i);
    int best = 0;

    *instead = -1;
    for (int c = 0; c < a->read->n_calls; c++) {
        const int score = a->used[c] ? 0 : fit(a, i, c);

        if (score <= best || !follow(a->chain, a, i, c, true))
            continue;
        best = score;
        memcpy(a->calls, a->chain, n * sizeof *a->calls);
    }
    if (best > 0)
        return CVYI_MATCH_WHOLE;
    if (a->written->calls[i].module) {
        const int c = by_path(a, i);

        if (c >= 0 && follow(a->calls, a, i, c, false))
            return CVYI_MATCH_ELSEWHERE;
    }
    *instead = in_its_place(a, i);
    return CVYI_MATCH_NONE;
}
