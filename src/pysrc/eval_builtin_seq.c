/* pysrc/eval_builtin_seq.c - builtins over sequences. */
#include "pysrc/eval_builtins.h"

#include <math.h>

static cvy_status new_list(cvyi_py_value *out, cvyi_py_eval *eval,
                           cvy_error *err)
{
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, NULL, 0, err);
}

cvy_status cvyi_py_b_len(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    int64_t n;

    CVYI_TRY(cvyi_py_length(&n, eval, given->at[0], err));
    *out = cvyi_py_int(n);
    return CVY_OK;
}

static cvy_status any_or_all(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, bool any,
                             cvy_error *err)
{
    cvyi_py_walk walk;
    cvyi_py_value item;
    bool more, truth;

    CVYI_TRY(cvyi_py_walk_open(&walk, eval, given->at[0], false, err));
    for (;;) {
        CVYI_TRY(cvyi_py_walk_next(&item, &more, &walk, eval, err));
        if (!more)
            break;
        CVYI_TRY(cvyi_py_eval_truth(&truth, eval, &item, err));
        if (truth == any) {
            *out = cvyi_py_bool(any);
            return CVY_OK;
        }
    }
    *out = cvyi_py_bool(!any);
    return CVY_OK;
}

cvy_status cvyi_py_b_any(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    return any_or_all(out, eval, given, true, err);
}

cvy_status cvyi_py_b_all(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    return any_or_all(out, eval, given, false, err);
}

cvy_status cvyi_py_b_reduce(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const start = given->at[2];
    const cvyi_py_seq *items;
    cvyi_py_value made;
    int at = 0;

    CVYI_TRY(cvyi_py_elements(&items, eval, given->at[1], true, err));
    if (start == NULL && items->n == 0)
        return cvyi_py_throw(eval, err, "TypeError",
                             "reduce() of nothing and without a start");
    made = start != NULL ? *start : items->items[at++];
    for (; at < items->n; at++)
        CVYI_TRY(cvyi_py_call_plain(&made, eval, given->at[0], &made,
                                    &items->items[at], err));
    *out = made;
    return CVY_OK;
}

cvy_status cvyi_py_b_enumerate(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value zero = cvyi_py_int(0), one = cvyi_py_int(1);
    cvyi_py_value pair[2], list, tuple;
    cvyi_py_walk walk;
    bool more;

    CVYI_TRY(new_list(&list, eval, err));
    CVYI_TRY(cvyi_py_walk_open(&walk, eval, given->at[0], true, err));
    pair[0] = given->at[1] != NULL ? cvyi_py_unnamed(*given->at[1]) : zero;
    for (;;) {
        CVYI_TRY(cvyi_py_walk_next(&pair[1], &more, &walk, eval, err));
        if (!more)
            return cvyi_py_make_iterator(out, eval, &list, err);
        CVYI_TRY(
            cvyi_py_make_seq(&tuple, eval, CVYI_PY_V_TUPLE, pair, 2, err));
        CVYI_TRY(cvyi_py_seq_add(eval, list.seq, &tuple, err));
        CVYI_TRY(cvyi_py_binary(&pair[0], eval, "Add", &pair[0], &one, err));
    }
}

/* What is an iterator in Python 3 and was a list before. */
static cvy_status lazily(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_value *list, cvy_error *err)
{
    if (!cvyi_py_is_python2(eval))
        return cvyi_py_make_iterator(out, eval, list, err);
    *out = *list;
    return CVY_OK;
}

/* Rows of several walks side by side; `strict`: they end together. */
static cvy_status rows(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *columns, int n, bool strict,
                       cvy_error *err)
{
    cvyi_py_walk *walks;
    cvyi_py_value list, row;

    CVYI_PY_NEW(walks, eval, n, err);
    CVYI_TRY(new_list(&list, eval, err));
    for (int i = 0; i < n; i++)
        CVYI_TRY(cvyi_py_walk_open(&walks[i], eval, &columns[i], true, err));
    for (bool more = n > 0; more;) {
        int ended = 0;

        CVYI_TRY(cvyi_py_make_seq(&row, eval, CVYI_PY_V_TUPLE, NULL, 0, err));
        for (int i = 0; i < n && (ended == 0 || strict); i++) {
            cvyi_py_value item;

            CVYI_TRY(cvyi_py_walk_next(&item, &more, &walks[i], eval, err));
            ended += !more;
            if (more)
                CVYI_TRY(cvyi_py_seq_add(eval, row.seq, &item, err));
        }
        if (ended > 0 && strict && ended < n)
            return cvyi_py_throw(eval, err, "ValueError",
                                 "zip() arguments differ in length");
        more = ended == 0;
        if (more)
            CVYI_TRY(cvyi_py_seq_add(eval, list.seq, &row, err));
    }
    *out = list;
    return CVY_OK;
}

cvy_status cvyi_py_b_zip(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value list;
    bool strict = false;

    if (given->at[0] != NULL)
        CVYI_TRY(cvyi_py_eval_truth(&strict, eval, given->at[0], err));
    CVYI_TRY(rows(&list, eval, given->rest, given->n_rest, strict, err));
    return lazily(out, eval, &list, err);
}

cvy_status cvyi_py_b_map(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value list, made;

    /* the columns stand behind the function */
    CVYI_TRY(rows(&list, eval, given->args->values + 1, given->args->n - 1,
                  false, err));
    for (int i = 0; i < list.seq->n; i++) {
        const cvyi_py_seq *const row = list.seq->items[i].seq;
        const cvyi_py_call_args args = { .n = row->n, .values = row->items };

        CVYI_TRY(cvyi_py_eval_call(&made, eval, given->at[0], &args, err));
        list.seq->items[i] = made;
    }
    return lazily(out, eval, &list, err);
}

cvy_status cvyi_py_b_filter(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value list, item, answer;
    cvyi_py_walk walk;
    bool more, truth;

    CVYI_TRY(new_list(&list, eval, err));
    CVYI_TRY(cvyi_py_walk_open(&walk, eval, given->at[1], true, err));
    for (;;) {
        CVYI_TRY(cvyi_py_walk_next(&item, &more, &walk, eval, err));
        if (!more)
            return lazily(out, eval, &list, err);
        answer = item;
        if (given->at[0]->type != CVYI_PY_V_NONE)
            CVYI_TRY(cvyi_py_call_plain(&answer, eval, given->at[0], &item,
                                        NULL, err));
        CVYI_TRY(cvyi_py_eval_truth(&truth, eval, &answer, err));
        if (truth)
            CVYI_TRY(cvyi_py_seq_add(eval, list.seq, &item, err));
    }
}

cvy_status cvyi_py_b_iter(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value list;

    if (cvyi_py_is_method(given->at[0], CVYI_PY_M_ITERATOR)) {
        *out = *given->at[0];
        return CVY_OK;
    }
    CVYI_TRY(cvyi_py_eval_list(&list, eval, given->at[0], err));
    return cvyi_py_make_iterator(out, eval, &list, err);
}

cvy_status cvyi_py_b_next(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_walk walk;
    bool more;

    if (!cvyi_py_is_method(given->at[0], CVYI_PY_M_ITERATOR))
        return cvyi_py_refuse(eval, err, "next() of %s",
                              cvyi_py_describe(eval, given->at[0]));
    CVYI_TRY(cvyi_py_walk_open(&walk, eval, given->at[0], true, err));
    CVYI_TRY(cvyi_py_walk_next(out, &more, &walk, eval, err));
    if (more)
        return CVY_OK;
    if (given->at[1] == NULL)
        return cvyi_py_throw(eval, err, "StopIteration", "nothing is left");
    *out = *given->at[1];
    return CVY_OK;
}

cvy_status cvyi_py_b_reversed(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const of = given->at[0];
    cvyi_py_value list;

    if (of->type == CVYI_PY_V_SET || cvyi_py_is_method(of, CVYI_PY_M_ITERATOR))
        return cvyi_py_throw(eval, err, "TypeError", "%s cannot be reversed",
                             cvyi_py_describe(eval, of));
    CVYI_TRY(cvyi_py_eval_list(&list, eval, of, err));
    for (int i = 0, j = list.seq->n - 1; i < j; i++, j--) {
        const cvyi_py_value swap = list.seq->items[i];

        list.seq->items[i] = list.seq->items[j];
        list.seq->items[j] = swap;
    }
    return cvyi_py_make_iterator(out, eval, &list, err);
}

/*
 * From Python 3.12 on a sum of floats carries what rounding loses, before it
 * does not. Both are worked out; where they differ the sum is refused.
 */
static double lost(double sum, double item)
{
    const double next = sum + item;

    return fabs(sum) >= fabs(item) ? (sum - next) + item : (item - next) + sum;
}

cvy_status cvyi_py_b_sum(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value total = cvyi_py_int(0), item;
    double carried = 0, real;
    cvyi_py_walk walk;
    bool more;

    if (given->at[1] != NULL)
        total = cvyi_py_unnamed(*given->at[1]);
    if (total.type == CVYI_PY_V_TEXT)
        return cvyi_py_throw(eval, err, "TypeError", "sum() of texts");
    CVYI_TRY(cvyi_py_walk_open(&walk, eval, given->at[0], false, err));
    for (;;) {
        CVYI_TRY(cvyi_py_walk_next(&item, &more, &walk, eval, err));
        if (!more)
            break;
        if (total.type == CVYI_PY_V_FLOAT && cvyi_py_as_double(&real, &item))
            carried += lost(total.real, real);
        CVYI_TRY(cvyi_py_binary(&total, eval, "Add", &total, &item, err));
    }
    if (total.type == CVYI_PY_V_FLOAT && isfinite(carried) &&
        total.real + carried != total.real)
        return cvyi_py_refuse(eval, err,
                              "a sum of floats that depends on "
                              "the version of Python");
    *out = total;
    return CVY_OK;
}

/* ---- max and min ---- */

/* Does `item` take the place of `best`? A host may answer with a third. */
static cvy_status extreme(cvyi_py_value *best, cvyi_py_value *best_key,
                          cvyi_py_eval *eval, bool max,
                          const cvyi_py_value *item, const cvyi_py_value *key,
                          cvy_error *err)
{
    const cvyi_py_value *const host = best_key->type == CVYI_PY_V_HOST
                                          ? best_key
                                      : key->type == CVYI_PY_V_HOST ? key
                                                                    : NULL;
    cvyi_py_value made;
    bool better;

    if (host != NULL && item == key && host->host.type->extreme != NULL) {
        CVYI_TRY(cvyi_py_placed(eval,
                                host->host.type->extreme(&made, eval,
                                                         max ? "max" : "min",
                                                         best, item, err),
                                err));
        *best = *best_key = made;
        return CVY_OK;
    }
    if (host != NULL && item == key)
        return cvyi_py_refuse(eval, err, "%s() of %s", max ? "max" : "min",
                              host->host.type->name);
    CVYI_TRY(
        cvyi_py_compare(&made, eval, max ? "Gt" : "Lt", key, best_key, err));
    CVYI_TRY(cvyi_py_eval_truth(&better, eval, &made, err));
    if (better) {
        *best = *item;
        *best_key = *key;
    }
    return CVY_OK;
}

static cvy_status max_or_min(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, bool max,
                             cvy_error *err)
{
    const cvyi_py_value *const f = given->at[1];
    const bool keyed = f != NULL && f->type != CVYI_PY_V_NONE;
    const bool several = given->n_rest > 0;
    cvyi_py_value list, item, key, best = { 0 }, best_key = { 0 };
    cvyi_py_walk walk;
    bool more = true;

    if (several)
        CVYI_TRY(cvyi_py_make_seq(&list, eval, CVYI_PY_V_LIST,
                                  given->args->values, given->args->n, err));
    CVYI_TRY(cvyi_py_walk_open(&walk, eval, several ? &list : given->at[0],
                               false, err));
    for (int64_t n = 0;; n++) {
        CVYI_TRY(cvyi_py_walk_next(&item, &more, &walk, eval, err));
        if (!more && n > 0)
            break;
        if (!more && given->at[2] == NULL)
            return cvyi_py_throw(eval, err, "ValueError",
                                 "max() or min() of nothing");
        if (!more) {
            best = *given->at[2];
            break;
        }
        key = item;
        if (keyed)
            CVYI_TRY(cvyi_py_call_plain(&key, eval, f, &item, NULL, err));
        if (n == 0) {
            best = item;
            best_key = key;
            continue;
        }
        CVYI_TRY(extreme(&best, &best_key, eval, max, &item,
                         keyed ? &key : &item, err));
    }
    *out = cvyi_py_unnamed(best);
    return CVY_OK;
}

cvy_status cvyi_py_b_max(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    return max_or_min(out, eval, given, true, err);
}

cvy_status cvyi_py_b_min(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    return max_or_min(out, eval, given, false, err);
}
