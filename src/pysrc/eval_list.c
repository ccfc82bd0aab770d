/* pysrc/eval_list.c - methods of lists, tuples and sets; sorting. */
#include "pysrc/eval_builtins.h"

/* ---- lists ---- */

cvy_status cvyi_py_l_append(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    *out = cvyi_py_none();
    return cvyi_py_seq_add(eval, given->self->seq, given->at[0], err);
}

cvy_status cvyi_py_l_extend(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_seq *items;

    CVYI_TRY(cvyi_py_elements(&items, eval, given->at[0], true, err));
    CVYI_TRY(cvyi_py_tick(eval, items->n / 16, err));
    for (int i = 0, n = items->n; i < n; i++)
        CVYI_TRY(
            cvyi_py_seq_add(eval, given->self->seq, &items->items[i], err));
    *out = cvyi_py_none();
    return CVY_OK;
}

cvy_status cvyi_py_l_clear(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    (void)eval;
    (void)err;
    given->self->seq->n = 0;
    *out = cvyi_py_none();
    return CVY_OK;
}

cvy_status cvyi_py_l_copy(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    return cvyi_py_eval_list(out, eval, given->self, err);
}

cvy_status cvyi_py_l_reverse(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_seq *const seq = given->self->seq;

    CVYI_TRY(cvyi_py_tick(eval, seq->n / 16, err));
    for (int i = 0, j = seq->n - 1; i < j; i++, j--) {
        const cvyi_py_value swap = seq->items[i];

        seq->items[i] = seq->items[j];
        seq->items[j] = swap;
    }
    *out = cvyi_py_none();
    return CVY_OK;
}

cvy_status cvyi_py_l_insert(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_seq *const seq = given->self->seq;
    const cvyi_py_value none = cvyi_py_none();
    int64_t at;

    CVYI_TRY(cvyi_py_need_int(&at, eval, given->at[0], "an index", err));
    if (at < 0)
        at = at < -seq->n ? 0 : at + seq->n;
    if (at > seq->n)
        at = seq->n;
    CVYI_TRY(cvyi_py_tick(eval, seq->n / 16, err));
    CVYI_TRY(cvyi_py_seq_add(eval, seq, &none, err));
    memmove(seq->items + at + 1, seq->items + at,
            (size_t)(seq->n - 1 - at) * sizeof *seq->items);
    seq->items[at] = *given->at[1];
    *out = none;
    return CVY_OK;
}

cvy_status cvyi_py_l_pop(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value last = cvyi_py_int(-1);
    const cvyi_py_value *const index =
        given->at[0] != NULL ? given->at[0] : &last;

    if (index->type == CVYI_PY_V_SLICE)
        return cvyi_py_throw(eval, err, "TypeError", "pop() of a slice");
    CVYI_TRY(cvyi_py_get_item(out, eval, given->self, index, err));
    return cvyi_py_del_item(eval, given->self, index, err);
}

static cvy_status place(int *out, cvyi_py_eval *eval, const cvyi_py_seq *seq,
                        const cvyi_py_value *value, cvy_error *err)
{
    for (int i = 0; i < seq->n; i++) {
        bool same;

        CVYI_TRY(cvyi_py_alike(&same, eval, &seq->items[i], value, err));
        if (same) {
            *out = i;
            return CVY_OK;
        }
    }
    return cvyi_py_throw(eval, err, "ValueError", "the value is not in it");
}

cvy_status cvyi_py_l_index(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    int at;

    CVYI_TRY(place(&at, eval, given->self->seq, given->at[0], err));
    *out = cvyi_py_int(at);
    return CVY_OK;
}

cvy_status cvyi_py_l_remove(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    int at;

    CVYI_TRY(place(&at, eval, given->self->seq, given->at[0], err));
    if (at < given->self->seq->n)
        cvyi_py_seq_drop(given->self->seq, at);
    *out = cvyi_py_none();
    return CVY_OK;
}

cvy_status cvyi_py_l_count(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_seq *const seq = given->self->seq;
    int64_t n = 0;

    for (int i = 0; i < seq->n; i++) {
        bool same;

        CVYI_TRY(
            cvyi_py_alike(&same, eval, &seq->items[i], given->at[0], err));
        n += same;
    }
    *out = cvyi_py_int(n);
    return CVY_OK;
}

/* ---- sorting ---- */

typedef struct row {
    cvyi_py_value key, value;
} row;

/* Merges two sorted halves; equal ones keep their order, also in reverse. */
static cvy_status merge(row *rows, row *spare, int half, int n, bool reverse,
                        cvyi_py_eval *eval, cvy_error *err)
{
    int a = 0, b = half;

    for (int i = 0; i < n; i++) {
        bool second = a == half;

        if (a < half && b < n)
            CVYI_TRY(reverse ? cvyi_py_less(&second, eval, &rows[a].key,
                                            &rows[b].key, err)
                             : cvyi_py_less(&second, eval, &rows[b].key,
                                            &rows[a].key, err));
        spare[i] = rows[second ? b++ : a++];
    }
    memcpy(rows, spare, (size_t)n * sizeof *rows);
    return CVY_OK;
}

static cvy_status sort_rows(row *rows, row *spare, int n, bool reverse,
                            cvyi_py_eval *eval, cvy_error *err)
{
    const int half = n / 2;

    if (n < 2)
        return CVY_OK;
    CVYI_TRY(sort_rows(rows, spare, half, reverse, eval, err));
    CVYI_TRY(sort_rows(rows + half, spare, n - half, reverse, eval, err));
    return merge(rows, spare, half, n, reverse, eval, err);
}

cvy_status cvyi_py_sort(cvyi_py_eval *eval, cvyi_py_seq *seq,
                        const cvyi_py_value *key, const cvyi_py_value *reverse,
                        cvy_error *err)
{
    const int n = seq->n;
    bool backwards = false;
    row *rows, *spare;

    if (reverse != NULL)
        CVYI_TRY(cvyi_py_eval_truth(&backwards, eval, reverse, err));
    CVYI_PY_NEW(rows, eval, n, err);
    CVYI_PY_NEW(spare, eval, n, err);
    for (int i = 0; i < n; i++)
        rows[i].key = rows[i].value = seq->items[i];
    for (int i = 0; i < n && key != NULL && key->type != CVYI_PY_V_NONE; i++)
        CVYI_TRY(cvyi_py_call_plain(&rows[i].key, eval, key, &rows[i].value,
                                    NULL, err));
    CVYI_TRY(sort_rows(rows, spare, n, backwards, eval, err));
    if (seq->n != n)
        return cvyi_py_throw(eval, err, "ValueError",
                             "list modified during sort");
    for (int i = 0; i < n; i++)
        seq->items[i] = rows[i].value;
    return CVY_OK;
}

cvy_status cvyi_py_l_sort(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    CVYI_TRY(
        cvyi_py_sort(eval, given->self->seq, given->at[0], given->at[1], err));
    *out = cvyi_py_none();
    return CVY_OK;
}

cvy_status cvyi_py_b_sorted(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const bool keyed =
        given->at[1] != NULL && given->at[1]->type != CVYI_PY_V_NONE;
    const cvyi_py_seq *items;
    cvyi_py_value list;

    /* A key may be the same for two elements of a set: then order shows. */
    CVYI_TRY(cvyi_py_elements(&items, eval, given->at[0], keyed, err));
    CVYI_TRY(cvyi_py_make_seq(&list, eval, CVYI_PY_V_LIST, items->items,
                              items->n, err));
    CVYI_TRY(cvyi_py_sort(eval, list.seq, given->at[1], given->at[2], err));
    *out = list;
    return CVY_OK;
}

/* ---- sets ---- */

cvy_status cvyi_py_t_add(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    *out = cvyi_py_none();
    return cvyi_py_set_add(eval, given->self->seq, given->at[0], err);
}

cvy_status cvyi_py_t_copy(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_SET, given->self->seq->items,
                            given->self->seq->n, err);
}

static cvy_status drop(bool *dropped, cvyi_py_eval *eval,
                       const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_seq *const set = given->self->seq;
    int at;

    CVYI_TRY(cvyi_py_find(&at, eval, set->items, set->n, given->at[0], err));
    if (at >= 0)
        cvyi_py_seq_drop(set, at);
    *dropped = at >= 0;
    return CVY_OK;
}

cvy_status cvyi_py_t_discard(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    bool dropped;

    *out = cvyi_py_none();
    return drop(&dropped, eval, given, err);
}

cvy_status cvyi_py_t_remove(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    bool dropped;

    CVYI_TRY(drop(&dropped, eval, given, err));
    *out = cvyi_py_none();
    return dropped ? CVY_OK
                   : cvyi_py_throw(eval, err, "KeyError",
                                   "the set has no such value");
}

static cvy_status with_set(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, const char *op,
                           cvy_error *err)
{
    const cvyi_py_seq *items;
    cvyi_py_value other;

    CVYI_TRY(cvyi_py_elements(&items, eval, given->at[0], false, err));
    CVYI_TRY(cvyi_py_make_seq(&other, eval, CVYI_PY_V_SET, items->items,
                              items->n, err));
    if (strcmp(op, "LtE") == 0 || strcmp(op, "GtE") == 0)
        return cvyi_py_compare(out, eval, op, given->self, &other, err);
    return cvyi_py_binary(out, eval, op, given->self, &other, err);
}

cvy_status cvyi_py_t_union(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    return with_set(out, eval, given, "BitOr", err);
}

cvy_status cvyi_py_t_intersection(cvyi_py_value *out, cvyi_py_eval *eval,
                                  const cvyi_py_given *given, cvy_error *err)
{
    return with_set(out, eval, given, "BitAnd", err);
}

cvy_status cvyi_py_t_difference(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    return with_set(out, eval, given, "Sub", err);
}

cvy_status cvyi_py_t_issubset(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    return with_set(out, eval, given, "LtE", err);
}

cvy_status cvyi_py_t_issuperset(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    return with_set(out, eval, given, "GtE", err);
}

cvy_status cvyi_py_t_update(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value all;

    CVYI_TRY(with_set(&all, eval, given, "BitOr", err));
    *given->self->seq = *all.seq;
    *out = cvyi_py_none();
    return CVY_OK;
}
