/*
 * write/reading_order.c - the order in which a person reads a network.
 *
 * Depth first from the outputs: what feeds a join is read branch by branch,
 * not interleaved by depth as files store it. Parts of a layer are read with
 * it, when all that feeds them has been read.
 */
#include "write/torch.h"

typedef struct walk {
    const cvyi_reading *reading;
    int *order, n;
    /* Items under way, and which input is next: once for what feeds their
     * parts, then once more for the parts. */
    int *stack, *next_input;
    bool *seen; /* under way, or in order */
    bool *fed;  /* a part: what feeds it is under way, or in order */
} walk;

static bool are_parts(const walk *w, int a, int b)
{
    return w->reading->groups[a] == w->reading->groups[b];
}

/* The item that is to be read before `at` goes on with its k-th input. */
static int next_item(const walk *w, int at, int k)
{
    const cvyi_torch_item *const item = &w->reading->items[at];
    const int maker = w->reading->maker[item->in[k % item->n_in]];

    if (maker < 0 || w->seen[maker])
        return -1;
    if (k < item->n_in && are_parts(w, maker, at) && w->fed[maker])
        return -1;
    return maker;
}

static void visit(walk *w, int first)
{
    int depth = 0;

    if (first < 0 || w->seen[first])
        return;
    w->seen[first] = true;
    w->stack[depth] = first;
    w->next_input[depth++] = 0;
    while (depth > 0) {
        const int at = w->stack[depth - 1];
        const int n_in = w->reading->items[at].n_in;
        const int k = w->next_input[depth - 1]++;

        /* A part that was only to be fed ends after the first round. */
        if (k == n_in && !w->seen[at]) {
            depth--;
            continue;
        }
        if (k == 2 * n_in) {
            w->order[w->n++] = at;
            depth--;
            continue;
        }

        const int maker = next_item(w, at, k);

        if (maker < 0)
            continue;
        if (k < n_in && are_parts(w, maker, at))
            w->fed[maker] = true;
        else
            w->seen[maker] = true;
        w->stack[depth] = maker;
        w->next_input[depth++] = 0;
    }
}

cvy_status cvyi_reading_order(int *order, const cvyi_reading *reading,
                              cvy_error *err)
{
    const size_t n = (size_t)reading->n;
    int *const stacks = cvyi_alloc(4 * n, sizeof *stacks);
    bool *const seen = cvyi_alloc(2 * n, sizeof *seen);
    walk w = { reading, order, 0, stacks, stacks + 2 * n, seen, seen + n };

    if (stacks != NULL && seen != NULL) {
        for (int i = 0; i < reading->n_roots; i++)
            visit(&w, reading->maker[reading->roots[i]]);
        /* What no output needs stays where it was. */
        for (int i = 0; i < reading->n; i++)
            visit(&w, i);
    }
    cvyi_free(stacks);
    cvyi_free(seen);
    return stacks != NULL && seen != NULL ? CVY_OK : cvyi_no_memory(err);
}
