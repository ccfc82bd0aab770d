/*
 * read/python/tf/keras/stored_match.c - which layer of a file is which of a
 * script.
 *
 * Keras goes by the order alone. Names are a second witness: the numbers that
 * Keras puts behind them depend on what was made before, but their order does
 * not. Where the two disagree and both fit, nobody knows.
 */
#include "read/python/tf/keras/stored.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* "conv2d_3" is number 3 of "conv2d". */
typedef struct numbered {
    const char *name;
    size_t n_base;
    long number; /* -1: none */
    int at;
} numbered;

static numbered number_of(const char *name, int at)
{
    const size_t n = strlen(name);
    size_t digits = 0;

    while (digits < n && digits < 9 &&
           isdigit((unsigned char)name[n - digits - 1]))
        digits++;
    if (digits == 0 || digits + 1 >= n || name[n - digits - 1] != '_')
        return (numbered){ name, n, -1, at };
    return (numbered){ name, n - digits - 1,
                       strtol(name + n - digits, NULL, 10), at };
}

static int by_base(const numbered *a, const numbered *b)
{
    const size_t n = a->n_base < b->n_base ? a->n_base : b->n_base;
    const int order = strncmp(a->name, b->name, n);

    return order != 0               ? order
           : a->n_base != b->n_base ? (a->n_base > b->n_base ? 1 : -1)
                                    : 0;
}

static int by_number(const void *a, const void *b)
{
    const numbered *const x = a, *const y = b;
    const int order = by_base(x, y);

    return order != 0               ? order
           : x->number != y->number ? (x->number > y->number ? 1 : -1)
                                    : x->at - y->at;
}

static bool same(const numbered *a, const numbered *b)
{
    return by_base(a, b) == 0 && a->number == b->number;
}

static numbered *sorted(cvyi_tf_storing *s, int n, const char *const *names)
{
    numbered *const all =
        cvyi_arena_alloc(s->arena, (size_t)n + 1, sizeof *all);

    if (all == NULL)
        return NULL;
    for (int i = 0; i < n; i++)
        all[i] = number_of(names[i], i);
    qsort(all, (size_t)n, sizeof *all, by_number);
    return all;
}

/* *found: each base has as many names on both sides. */
static cvy_status by_names(int *out, bool *found, cvyi_tf_storing *s,
                           const cvyi_tf_matching *m, cvy_error *err)
{
    const numbered *ours, *theirs;

    *found = true;
    for (int i = 0; i < m->n; i++)
        *found = *found && m->theirs[i] != NULL;
    if (!*found)
        return CVY_OK;
    ours = sorted(s, m->n, m->ours);
    theirs = sorted(s, m->n, m->theirs);
    if (ours == NULL || theirs == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < m->n; i++) {
        *found = *found && by_base(&ours[i], &theirs[i]) == 0 &&
                 !(i > 0 && same(&ours[i - 1], &ours[i])) &&
                 !(i > 0 && same(&theirs[i - 1], &theirs[i]));
        out[ours[i].at] = theirs[i].at;
    }
    return CVY_OK;
}

static cvy_status all_fit(cvyi_tf_misfit *why, const cvyi_tf_matching *m,
                          const int *order, cvy_error *err)
{
    *why = NULL;
    for (int i = 0; *why == NULL && i < m->n; i++)
        CVYI_TRY(m->fits(why, m->self, i, order[i], err));
    return CVY_OK;
}

/* A name that the script says and the file has elsewhere; NULL: none. */
static const char *contradicts(const cvyi_tf_matching *m)
{
    for (int i = 0; i < m->n; i++)
        for (int k = 0; m->said[i] && k < m->n; k++)
            if (i != k && m->theirs[k] != NULL &&
                strcmp(m->ours[i], m->theirs[k]) == 0)
                return m->ours[i];
    return NULL;
}

/* Both orders fit, or none of two. */
static cvy_status decide(int *out, cvyi_tf_misfit *why, cvyi_tf_storing *s,
                         const cvyi_tf_matching *m, const int *names,
                         cvy_error *err)
{
    cvyi_tf_misfit order_why, names_why;

    CVYI_TRY(all_fit(&order_why, m, out, err));
    CVYI_TRY(all_fit(&names_why, m, names, err));
    if (names_why == NULL && (m->moved || !m->certain || order_why != NULL)) {
        memcpy(out, names, (size_t)m->n * sizeof *out);
        return CVY_OK;
    }
    *why = order_why;
    if (order_why != NULL || names_why != NULL)
        return CVY_OK;
    for (int i = 0; i < m->n; i++)
        if (out[i] != names[i]) {
            *why = cvyi_arena_printf(
                s->arena,
                "by their order %s is %s in the file, by their names it is "
                "%s: which of the two is not known",
                m->ours[i], m->theirs[out[i]], m->theirs[names[i]]);
            return *why != NULL ? CVY_OK : cvyi_no_memory(err);
        }
    return CVY_OK;
}

cvy_status cvyi_tf_stored_match(int *out, cvyi_tf_misfit *why,
                                cvyi_tf_storing *s, const cvyi_tf_matching *m,
                                cvy_error *err)
{
    int *const names =
        cvyi_arena_alloc(s->arena, (size_t)m->n + 1, sizeof *names);
    bool named;

    *why = NULL;
    if (names == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < m->n; i++)
        out[i] = i;
    CVYI_TRY(by_names(names, &named, s, m, err));
    if (named)
        return decide(out, why, s, m, names, err);
    CVYI_TRY(all_fit(why, m, out, err));
    if (*why != NULL || m->n < 2)
        return CVY_OK;
    if (!m->certain || m->moved)
        *why = "the order of the layers is not known, and their names are "
               "others in the file";
    else if (contradicts(m) != NULL) {
        *why = cvyi_arena_printf(s->arena,
                                 "the layer %s is another one in the file, by "
                                 "the order of the layers",
                                 contradicts(m));
        return *why != NULL ? CVY_OK : cvyi_no_memory(err);
    }
    return CVY_OK;
}
