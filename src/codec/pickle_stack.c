/* codec/pickle_stack.c - the stack of the pickle machine, and what it makes. */
#include "codec/pickle_parts.h"

#include <string.h>

enum { STACK_MOST = 1 << 20 };

cvy_status cvyi_pickler_broken(const cvyi_pickler *m, const char *why)
{
    return cvyi_fail_at(m->err, CVY_FORMAT, (int64_t)m->at, "in a pickle: %s",
                        why);
}

cvy_status cvyi_pickler_put(cvyi_pickler *m, cvyi_pickled *value)
{
    if (m->n_stack == STACK_MOST)
        return cvyi_pickler_broken(m, "a stack that grows without end");

    if (m->n_stack == m->stack_room) {
        const int room = m->stack_room == 0 ? 64 : 2 * m->stack_room;
        cvyi_pickled **const moved =
            cvyi_realloc(m->stack, (size_t)room, sizeof(cvyi_pickled *));

        if (moved == NULL)
            return cvyi_no_memory(m->err);
        m->stack = moved;
        m->stack_room = room;
    }
    m->stack[m->n_stack++] = value;
    return CVY_OK;
}

cvy_status cvyi_pickler_push(cvyi_pickled **out, cvyi_pickler *m,
                             cvyi_pickle_kind kind)
{
    cvyi_pickled *const v = cvyi_arena_alloc(m->arena, 1, sizeof *v);

    if (v == NULL)
        return cvyi_no_memory(m->err);
    CVYI_TRY(cvyi_pickler_put(m, v));
    v->kind = kind;
    *out = v;
    return CVY_OK;
}

cvyi_pickled *cvyi_pickler_top(const cvyi_pickler *m)
{
    return m->n_stack > 0 ? m->stack[m->n_stack - 1] : NULL;
}

cvyi_pickled *cvyi_pickler_pop(cvyi_pickler *m)
{
    cvyi_pickled *const v = cvyi_pickler_top(m);

    if (v != NULL)
        m->n_stack--;
    return v;
}

cvy_status cvyi_pickler_marked(cvyi_pickled ***out, int *n, cvyi_pickler *m)
{
    int at = m->n_stack;

    while (at > 0 && m->stack[at - 1] != NULL)
        at--;
    if (at == 0)
        return cvyi_pickler_broken(m, "no mark on the stack");
    *out = m->stack + at;
    *n = m->n_stack - at;
    m->n_stack = at - 1;
    return CVY_OK;
}

cvy_status cvyi_pickler_add(cvyi_pickler *m, cvyi_pickled *to,
                            cvyi_pickled *const *items, int n)
{
    /* Each item has bytes of its own in the file; only a list that is used
     * again and again has not. */
    if ((size_t)n > 4 * m->c.at + 64 - m->n_items)
        return cvyi_pickler_broken(m, "lists that grow without end");
    m->n_items += (size_t)n;
    for (int i = 0; i < n; i++) {
        const cvyi_pickled **const grown = cvyi_arena_grow(
            m->arena, to->items, to->n, &to->room, sizeof *grown);

        if (grown == NULL)
            return cvyi_no_memory(m->err);
        to->items = grown;
        to->items[to->n++] = items[i];
    }
    return CVY_OK;
}

/* ---- looking into the result ---- */

bool cvyi_pickled_is(const cvyi_pickled *value, const char *text)
{
    return value != NULL && value->kind == CVYI_PICKLED_TEXT &&
           strlen(text) == (size_t)value->n &&
           memcmp(value->text, text, (size_t)value->n) == 0;
}

const cvyi_pickled *cvyi_pickled_get(const cvyi_pickled *dict, const char *key)
{
    if (dict == NULL || dict->kind != CVYI_PICKLED_DICT)
        return NULL;
    for (int i = 0; i + 1 < dict->n; i += 2)
        if (cvyi_pickled_is(dict->items[i], key))
            return dict->items[i + 1];
    return NULL;
}
