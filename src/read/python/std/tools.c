/* read/python/std/tools.c - itertools, functools and copy. */
#include "read/python/std/std.h"

enum { MOST_COUNTED = 4096 };

static cvy_status add_tuple(cvyi_py_eval *eval, cvyi_py_seq *into,
                            const cvyi_py_value *items, int n, cvy_error *err)
{
    cvyi_py_value tuple;

    CVYI_TRY(cvyi_py_tick(eval, n, err));
    CVYI_TRY(cvyi_py_make_seq(&tuple, eval, CVYI_PY_V_TUPLE, items, n, err));
    return cvyi_py_seq_add(eval, into, &tuple, err);
}

static cvy_status open_list(cvyi_py_value *out, cvyi_py_eval *eval,
                            cvy_error *err)
{
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, NULL, 0, err);
}

/* ---- itertools ---- */

static cvy_status extend(cvyi_py_eval *eval, cvyi_py_seq *into,
                         const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_seq *items;

    CVYI_TRY(cvyi_py_elements(&items, eval, value, true, err));
    CVYI_TRY(cvyi_py_tick(eval, items->n / 16, err));
    for (int i = 0; i < items->n; i++)
        CVYI_TRY(cvyi_py_seq_add(eval, into, &items->items[i], err));
    return CVY_OK;
}

static cvy_status i_chain(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value list;

    CVYI_TRY(open_list(&list, eval, err));
    for (int i = 0; i < given->n_rest; i++)
        CVYI_TRY(extend(eval, list.seq, &given->rest[i], err));
    return cvyi_py_make_iterator(out, eval, &list, err);
}

static cvy_status i_from_iterable(cvyi_py_value *out, cvyi_py_eval *eval,
                                  const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_seq *all;
    cvyi_py_value list;

    CVYI_TRY(cvyi_py_elements(&all, eval, given->at[0], true, err));
    CVYI_TRY(open_list(&list, eval, err));
    for (int i = 0; i < all->n; i++)
        CVYI_TRY(extend(eval, list.seq, &all->items[i], err));
    return cvyi_py_make_iterator(out, eval, &list, err);
}

/* All rows of one item from each of n pools. */
static cvy_status product_of(cvyi_py_seq *into, cvyi_py_eval *eval,
                             const cvyi_py_seq *const *pools, int n,
                             cvyi_py_value *row, int at, cvy_error *err)
{
    if (at == n)
        return add_tuple(eval, into, row, n, err);
    CVYI_TRY(cvyi_py_tick(eval, 1, err));
    for (int i = 0; i < pools[at]->n; i++) {
        cvy_status status;

        row[at] = pools[at]->items[i];
        CVYI_TRY(cvyi_py_enter(eval, err));
        status = product_of(into, eval, pools, n, row, at + 1, err);
        eval->nesting--;
        CVYI_TRY(status);
    }
    return CVY_OK;
}

static cvy_status i_product(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_seq **pools;
    cvyi_py_value list, *row;
    int64_t times = 1;
    int n;

    if (given->at[0] != NULL)
        CVYI_TRY(cvyi_py_need_int(&times, eval, given->at[0], "repeat", err));
    if (times < 0 || times > 1000)
        return cvyi_py_refuse(eval, err, "a product repeated %lld times",
                              (long long)times);
    n = given->n_rest * (int)times;
    CVYI_PY_NEW(pools, eval, n, err);
    CVYI_PY_NEW(row, eval, n, err);
    for (int i = 0; i < n; i++)
        CVYI_TRY(cvyi_py_elements(&pools[i], eval,
                                  &given->rest[i % given->n_rest], true, err));
    CVYI_TRY(open_list(&list, eval, err));
    CVYI_TRY(product_of(list.seq, eval, pools, n, row, 0, err));
    return cvyi_py_make_iterator(out, eval, &list, err);
}

typedef struct choice {
    cvyi_py_eval *eval;
    const cvyi_py_seq *items;
    cvyi_py_seq *into;
    cvyi_py_value *row;
    bool *taken;
    int n;
    bool ordered; /* permutations */
} choice;

static cvy_status choose(choice *c, int at, int from, cvy_error *err)
{
    if (at == c->n)
        return add_tuple(c->eval, c->into, c->row, c->n, err);
    for (int i = c->ordered ? 0 : from; i < c->items->n; i++) {
        cvy_status status;

        CVYI_TRY(cvyi_py_tick(c->eval, 1, err));
        if (c->taken[i])
            continue;
        c->row[at] = c->items->items[i];
        c->taken[i] = true;
        status = cvyi_py_enter(c->eval, err);
        if (status == CVY_OK) {
            status = choose(c, at + 1, i + 1, err);
            c->eval->nesting--;
        }
        c->taken[i] = false;
        CVYI_TRY(status);
    }
    return CVY_OK;
}

static cvy_status choices(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, bool ordered,
                          cvy_error *err)
{
    choice c = { .eval = eval, .ordered = ordered };
    cvyi_py_value list;
    int64_t n;

    CVYI_TRY(cvyi_py_elements(&c.items, eval, given->at[0], true, err));
    n = c.items->n;
    if (given->at[1] != NULL && given->at[1]->type != CVYI_PY_V_NONE)
        CVYI_TRY(cvyi_py_need_int(&n, eval, given->at[1], "r", err));
    else if (!ordered)
        return cvyi_py_throw(eval, err, "TypeError",
                             "combinations() misses the argument 'r'");
    if (n < 0)
        return cvyi_py_throw(eval, err, "ValueError", "r is negative");
    CVYI_TRY(open_list(&list, eval, err));
    if (n <= c.items->n) {
        c.n = (int)n;
        c.into = list.seq;
        CVYI_PY_NEW(c.row, eval, n, err);
        CVYI_PY_NEW(c.taken, eval, c.items->n, err);
        CVYI_TRY(choose(&c, 0, 0, err));
    }
    return cvyi_py_make_iterator(out, eval, &list, err);
}

static cvy_status i_combinations(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_given *given, cvy_error *err)
{
    return choices(out, eval, given, false, err);
}

static cvy_status i_permutations(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_given *given, cvy_error *err)
{
    return choices(out, eval, given, true, err);
}

/* What goes on without an end in Python is known as far as a network could
 * need; whoever goes further meets something that is not known. */
static cvy_status end_endless(cvyi_py_eval *eval, const cvyi_py_value *list,
                              const char *name, cvy_error *err)
{
    cvyi_py_value beyond;

    CVYI_TRY(cvyi_py_make_opaque(&beyond, eval, err,
                                 "%s is followed to %d elements", name,
                                 MOST_COUNTED));
    return cvyi_py_seq_add(eval, list->seq, &beyond, err);
}

static cvy_status i_count(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value at = given->at[0] != NULL ? *given->at[0] : cvyi_py_int(0);
    const cvyi_py_value one = cvyi_py_int(1);
    const cvyi_py_value *const step =
        given->at[1] != NULL ? given->at[1] : &one;
    cvyi_py_value list;

    CVYI_TRY(open_list(&list, eval, err));
    CVYI_TRY(cvyi_py_tick(eval, MOST_COUNTED / 16, err));
    for (int i = 0; i < MOST_COUNTED; i++) {
        CVYI_TRY(cvyi_py_seq_add(eval, list.seq, &at, err));
        CVYI_TRY(cvyi_py_binary(&at, eval, "Add", &at, step, err));
    }
    CVYI_TRY(end_endless(eval, &list, "itertools.count", err));
    return cvyi_py_make_iterator(out, eval, &list, err);
}

static cvy_status i_repeat(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    int64_t n = MOST_COUNTED;
    cvyi_py_value list;

    if (given->at[1] != NULL)
        CVYI_TRY(cvyi_py_need_int(&n, eval, given->at[1], "times", err));
    CVYI_TRY(open_list(&list, eval, err));
    for (int64_t i = 0; i < n; i++) {
        CVYI_TRY(cvyi_py_tick(eval, 1, err));
        CVYI_TRY(cvyi_py_seq_add(eval, list.seq, given->at[0], err));
    }
    if (given->at[1] == NULL)
        CVYI_TRY(end_endless(eval, &list, "itertools.repeat", err));
    return cvyi_py_make_iterator(out, eval, &list, err);
}

static cvy_status i_islice(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    const bool one = given->at[2] == NULL;
    cvyi_py_value list, cut,
        parts[3] = { cvyi_py_none(), cvyi_py_none(), cvyi_py_none() };

    CVYI_TRY(cvyi_py_eval_list(&list, eval, given->at[0], err));
    parts[one ? 1 : 0] = *given->at[1];
    if (!one)
        parts[1] = *given->at[2];
    if (given->at[3] != NULL)
        parts[2] = *given->at[3];
    CVYI_TRY(cvyi_py_make_range(&cut, eval, CVYI_PY_V_SLICE, parts, err));
    CVYI_TRY(cvyi_py_get_item(&list, eval, &list, &cut, err));
    return cvyi_py_make_iterator(out, eval, &list, err);
}

static cvy_status i_zip_longest(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value none = cvyi_py_none();
    const cvyi_py_value *const fill =
        given->at[0] != NULL ? given->at[0] : &none;
    const cvyi_py_seq **pools;
    cvyi_py_value list, *row;
    int longest = 0;

    CVYI_PY_NEW(pools, eval, given->n_rest, err);
    CVYI_PY_NEW(row, eval, given->n_rest, err);
    CVYI_TRY(open_list(&list, eval, err));
    for (int i = 0; i < given->n_rest; i++) {
        CVYI_TRY(
            cvyi_py_elements(&pools[i], eval, &given->rest[i], true, err));
        longest = pools[i]->n > longest ? pools[i]->n : longest;
    }
    for (int i = 0; i < longest; i++) {
        for (int j = 0; j < given->n_rest; j++)
            row[j] = i < pools[j]->n ? pools[j]->items[i] : *fill;
        CVYI_TRY(add_tuple(eval, list.seq, row, given->n_rest, err));
    }
    return cvyi_py_make_iterator(out, eval, &list, err);
}

static cvy_status i_accumulate(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_seq *items;
    cvyi_py_value list, made = cvyi_py_none();

    CVYI_TRY(cvyi_py_elements(&items, eval, given->at[0], true, err));
    CVYI_TRY(open_list(&list, eval, err));
    for (int i = 0; i < items->n; i++) {
        if (i == 0)
            made = items->items[0];
        else if (given->at[1] != NULL)
            CVYI_TRY(cvyi_py_call_plain(&made, eval, given->at[1], &made,
                                        &items->items[i], err));
        else
            CVYI_TRY(cvyi_py_binary(&made, eval, "Add", &made,
                                    &items->items[i], err));
        CVYI_TRY(cvyi_py_seq_add(eval, list.seq, &made, err));
    }
    return cvyi_py_make_iterator(out, eval, &list, err);
}

static const cvyi_py_builtin itertools_functions[] = {
    { .name = "accumulate",
      .signature = "iterable func?",
      .run = i_accumulate },
    { .name = "chain", .keeps = true, .signature = "*", .run = i_chain },
    { .name = "combinations",
      .signature = "iterable r",
      .run = i_combinations },
    { .name = "count", .signature = "start? step?", .run = i_count },
    { .name = "islice", .signature = "-x -a -b? -c?", .run = i_islice },
    { .name = "permutations",
      .signature = "iterable r?",
      .run = i_permutations },
    { .name = "product",
      .keeps = true,
      .signature = "* repeat?",
      .run = i_product },
    { .name = "repeat", .signature = "object times?", .run = i_repeat },
    { .name = "zip_longest",
      .signature = "* fillvalue?",
      .run = i_zip_longest },
};

static const cvyi_py_builtin chain_functions[] = {
    { .name = "from_iterable", .signature = "-x", .run = i_from_iterable },
};

/* What Python 2 had besides: lists at once. */
static cvy_status itertools_value(cvyi_py_value *out, bool *known,
                                  cvyi_py_eval *eval, const char *name,
                                  cvy_error *err)
{
    (void)err;
    *known = true;
    if (strcmp(name, "izip") == 0)
        *out = *cvyi_py_eval_builtin(eval, "zip");
    else if (strcmp(name, "imap") == 0)
        *out = *cvyi_py_eval_builtin(eval, "map");
    else
        *known = false;
    return CVY_OK;
}

const cvyi_std_module cvyi_std_itertools = {
    .name = "itertools",
    CVYI_STD_FUNCTIONS(itertools_functions),
    .value = itertools_value,
};

const cvyi_std_module cvyi_std_chain = {
    .name = "itertools.chain",
    CVYI_STD_FUNCTIONS(chain_functions),
};

/* ---- functools ---- */

cvy_status cvyi_std_same(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    (void)eval;
    (void)err;
    *out = *given->at[0];
    return CVY_OK;
}

static const cvyi_py_builtin same = { .name = "wrapper",
                                      .signature = "-f",
                                      .run = cvyi_std_same };

/* partial(f, 1, a=2) */
typedef struct partial {
    cvyi_py_value function;
    cvyi_py_call_args args;
} partial;

static cvy_status join_args(cvyi_py_call_args *out, cvyi_py_eval *eval,
                            const cvyi_py_call_args *a,
                            const cvyi_py_call_args *b, cvy_error *err)
{
    cvyi_py_value *values, *named;
    const char **keywords;
    int n = 0;

    CVYI_PY_NEW(values, eval, a->n + b->n, err);
    CVYI_PY_NEW(named, eval, a->n_keywords + b->n_keywords, err);
    CVYI_PY_NEW(keywords, eval, a->n_keywords + b->n_keywords, err);
    for (int i = 0; i < a->n; i++)
        values[i] = a->values[i];
    for (int i = 0; i < b->n; i++)
        values[a->n + i] = b->values[i];
    for (int i = 0; i < a->n_keywords; i++) {
        bool again = false;

        for (int j = 0; j < b->n_keywords; j++)
            again = again || strcmp(a->keywords[i], b->keywords[j]) == 0;
        if (again)
            continue;
        keywords[n] = a->keywords[i];
        named[n++] = a->keyword_values[i];
    }
    for (int i = 0; i < b->n_keywords; i++) {
        keywords[n] = b->keywords[i];
        named[n++] = b->keyword_values[i];
    }
    *out = (cvyi_py_call_args){ a->n + b->n, values, n, keywords, named };
    return CVY_OK;
}

static cvy_status call_partial(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *self,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    const partial *const p = self->host.data;
    cvyi_py_call_args all;

    CVYI_TRY(join_args(&all, eval, &p->args, args, err));
    return cvyi_py_eval_call(out, eval, &p->function, &all, err);
}

static const cvyi_py_host_type partial_type = { .name = "a partial function",
                                                .is_data = true,
                                                .call = call_partial };

static cvy_status f_partial(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_call_args none = { 0 };
    cvyi_py_call_args rest = *given->args;
    partial *p;

    CVYI_PY_NEW(p, eval, 1, err);
    p->function = *given->at[0];
    rest.n--;
    rest.values++;
    CVYI_TRY(join_args(&p->args, eval, &none, &rest, err));
    *out = cvyi_py_host_value(&partial_type, p);
    return CVY_OK;
}

/* wraps(f), lru_cache(…): a decorator that changes nothing. */
static cvy_status f_wraps(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    (void)given;
    return cvyi_std_function(out, eval, "functools", &same, err);
}

/* With and without brackets. */
static cvy_status f_lru_cache(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    if (given->at[0] != NULL && given->at[0]->type == CVYI_PY_V_FUNCTION)
        return cvyi_std_same(out, eval, given, err);
    return f_wraps(out, eval, given, err);
}

static cvy_status functools_value(cvyi_py_value *out, bool *known,
                                  cvyi_py_eval *eval, const char *name,
                                  cvy_error *err)
{
    (void)err;
    *known = strcmp(name, "reduce") == 0;
    if (*known)
        *out = *cvyi_py_eval_builtin(eval, name);
    return CVY_OK;
}

static const cvyi_py_builtin functools_functions[] = {
    { .name = "cache", .signature = "-f", .run = cvyi_std_same },
    { .name = "lru_cache",
      .keeps = true,
      .signature = "maxsize? typed?",
      .run = f_lru_cache },
    { .name = "partial",
      .keeps = true,
      .signature = "-f * **",
      .run = f_partial },
    { .name = "total_ordering", .signature = "-c", .run = cvyi_std_same },
    { .name = "wraps", .keeps = true, .signature = "-f **", .run = f_wraps },
};

const cvyi_std_module cvyi_std_functools = {
    .name = "functools",
    CVYI_STD_FUNCTIONS(functools_functions),
    .value = functools_value,
};

/* ---- copy ---- */

static cvy_status copy_of(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, bool deep,
                          cvy_error *err);

static cvy_status copy_item(cvyi_py_value *item, cvyi_py_eval *eval, bool deep,
                            cvy_error *err)
{
    cvy_status status;

    if (!deep)
        return CVY_OK;
    CVYI_TRY(cvyi_py_enter(eval, err));
    status = copy_of(item, eval, item, true, err);
    eval->nesting--;
    return status;
}

static cvy_status copy_instance(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *value, bool deep,
                                cvy_error *err)
{
    cvyi_py_value made = *value;

    if (cvyi_py_host_base(value->instance->class_) != NULL)
        return cvyi_py_refuse(eval, err, "a copy of %s",
                              cvyi_py_describe(eval, value));
    if (value->instance->dict != NULL && value->instance->dict->doubt != NULL)
        return cvyi_py_refuse_cause(eval, value->instance->dict->doubt, err);
    CVYI_PY_NEW(made.instance, eval, 1, err);
    *made.instance = *value->instance;
    made.instance->dict = NULL;
    made.instance->names = (cvyi_py_names){ 0 };
    for (int i = 0; i < value->instance->names.n; i++) {
        cvyi_py_value item = value->instance->names.values[i];

        CVYI_TRY(copy_item(&item, eval, deep, err));
        CVYI_TRY(cvyi_py_names_set(eval, &made.instance->names,
                                   value->instance->names.names[i], &item,
                                   err));
    }
    *out = made;
    return CVY_OK;
}

static cvy_status copy_of(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, bool deep,
                          cvy_error *err)
{
    const cvyi_py_value from = *value;
    cvyi_py_value made;

    CVYI_TRY(cvyi_py_tick(eval, 1, err));
    switch (from.type) {
    case CVYI_PY_V_LIST:
    case CVYI_PY_V_TUPLE:
    case CVYI_PY_V_SET:
        CVYI_TRY(cvyi_py_make_seq(&made, eval, from.type, from.seq->items,
                                  from.seq->n, err));
        for (int i = 0; i < made.seq->n; i++)
            CVYI_TRY(copy_item(&made.seq->items[i], eval, deep, err));
        made.seq->doubt = from.seq->doubt;
        break;
    case CVYI_PY_V_DICT:
        CVYI_TRY(cvyi_py_make_dict(&made, eval, err));
        for (int i = 0; i < from.map->n; i++) {
            cvyi_py_value item = from.map->values[i];

            CVYI_TRY(copy_item(&item, eval, deep, err));
            CVYI_TRY(
                cvyi_py_dict_set(eval, &made, &from.map->keys[i], &item, err));
        }
        made.map->doubt = from.map->doubt;
        break;
    case CVYI_PY_V_INSTANCE:
        return copy_instance(out, eval, &from, deep, err);
    case CVYI_PY_V_HOST:
        if (from.host.type->is_data && from.host.type->set_item != NULL)
            return cvyi_py_refuse(eval, err, "a copy of %s",
                                  from.host.type->name);
        made = from;
        break;
    default:
        made = from;
    }
    *out = made;
    return CVY_OK;
}

static cvy_status c_copy(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    return copy_of(out, eval, given->at[0], false, err);
}

static cvy_status c_deepcopy(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    return copy_of(out, eval, given->at[0], true, err);
}

static const cvyi_py_builtin copy_functions[] = {
    { .name = "copy", .signature = "-x", .run = c_copy },
    { .name = "deepcopy", .signature = "-x -memo?", .run = c_deepcopy },
};

const cvyi_std_module cvyi_std_copy = {
    .name = "copy",
    CVYI_STD_FUNCTIONS(copy_functions),
};
