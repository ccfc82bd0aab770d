/*
 * read/python/tf/training/penalty.c - losses, the squares of weights that are
 * added to them, and the collections that scripts gather both in.
 *
 * A sum of one loss and of squares is a loss with terms. Whatever else is made
 * of a loss is opaque, and no part of a network.
 */
#include "read/python/tf/training/training.h"

#include <string.h>

static const cvyi_py_host_type loss_type;

const cvyi_tf_loss *cvyi_tf_loss_of(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_HOST && value->host.type == &loss_type
               ? value->host.data
               : NULL;
}

const cvyi_py_value *cvyi_tf_hidden(const cvyi_py_value *value)
{
    const cvyi_tf_loss *const made = cvyi_tf_loss_of(value);

    return made != NULL ? &made->hidden : cvyi_tf_positions_hidden(value);
}

cvy_status cvyi_tf_make_loss(cvyi_py_value *out, cvyi_py_eval *eval,
                             cvyi_tf_loss made, cvy_error *err)
{
    cvyi_tf_loss *const kept =
        cvyi_arena_alloc(cvyi_tf_of(eval)->arena, 1, sizeof *kept);

    if (kept == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_py_make_opaque(
        &made.hidden, eval, err, "%s is a loss, which belongs to training",
        made.name != NULL ? made.name : "a sum of squares"));
    CVYI_TRY(cvyi_tf_beside(eval, &made.hidden, err));
    *kept = made;
    *out = cvyi_py_host_value(&loss_type, kept);
    return CVY_OK;
}

/* ---- sums and multiples ---- */

static cvy_status scaled(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_tf_loss *loss, double by, cvy_error *err)
{
    cvyi_tf_loss made = *loss;
    cvyi_tf_term *const terms = cvyi_arena_alloc(
        cvyi_tf_of(eval)->arena, (size_t)loss->n_terms + 1, sizeof *terms);

    if (terms == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < loss->n_terms; i++)
        terms[i] =
            (cvyi_tf_term){ loss->terms[i].of, loss->terms[i].factor * by };
    made.terms = terms;
    return cvyi_tf_make_loss(out, eval, made, err);
}

/* *known false: two losses of what the network gives. */
static cvy_status sum(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                      const cvyi_tf_loss *a, const cvyi_tf_loss *b,
                      cvy_error *err)
{
    enum { MOST = 1 << 16 };
    cvyi_tf_loss made = a->name != NULL ? *a : *b;
    const int n = a->n_terms + b->n_terms;
    cvyi_tf_term *terms;

    *known = (a->name == NULL || b->name == NULL) && n < MOST;
    if (!*known)
        return CVY_OK;
    terms = cvyi_arena_alloc(cvyi_tf_of(eval)->arena, (size_t)n + 1,
                             sizeof *terms);
    if (terms == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++)
        terms[i] = i < a->n_terms ? a->terms[i] : b->terms[i - a->n_terms];
    made.n_terms = n;
    made.terms = terms;
    return cvyi_tf_make_loss(out, eval, made, err);
}

static bool is_number(const cvyi_py_value *value)
{
    return value->type == CVYI_PY_V_INT || value->type == CVYI_PY_V_FLOAT;
}

/* *known false: what comes of it is no loss that is understood. */
static cvy_status combine(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *left,
                          const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_tf_loss *const a = cvyi_tf_loss_of(left);
    const cvyi_tf_loss *const b = cvyi_tf_loss_of(right);
    const cvyi_tf_loss *const one = a != NULL ? a : b;
    const cvyi_py_value *const other = a != NULL ? right : left;
    const double by = is_number(other) ? cvyi_tf_number(other, 0) : 0;

    *known = false;
    if (strcmp(op, "Add") == 0 && a != NULL && b != NULL)
        return sum(out, known, eval, a, b, err);
    *known = one != NULL && is_number(other) &&
             ((strcmp(op, "Add") == 0 && by == 0) || by == 1 ||
              one->name == NULL) &&
             (strcmp(op, "Add") == 0 || strcmp(op, "Mult") == 0 ||
              (strcmp(op, "Div") == 0 && a != NULL && by != 0));
    if (!*known)
        return CVY_OK;
    if (strcmp(op, "Add") == 0) { /* a number more has no gradient */
        *known = by == 0 || one->name == NULL;
        return *known ? cvyi_tf_make_loss(out, eval, *one, err) : CVY_OK;
    }
    return scaled(out, eval, one, strcmp(op, "Div") == 0 ? 1 / by : by, err);
}

cvy_status cvyi_tf_loss_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *op, const cvyi_py_value *left,
                               const cvyi_py_value *right, cvy_error *err)
{
    const bool first = cvyi_tf_loss_of(left) != NULL;
    bool known;

    CVYI_TRY(combine(out, &known, eval, op, left, right, err));
    if (known)
        return CVY_OK;
    *out = cvyi_tf_loss_of(first ? left : right)->hidden;
    return cvyi_tf_met(eval, out->cause, NULL, first ? right : left, err);
}

static cvy_status loss_get(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self, const char *name,
                           cvy_error *err)
{
    (void)eval;
    (void)name;
    (void)err;
    *out = cvyi_tf_loss_of(self)->hidden;
    return CVY_OK;
}

static cvy_status loss_unary(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *op, const cvyi_py_value *self,
                             cvy_error *err)
{
    return loss_get(out, eval, self, op, err);
}

static cvy_status loss_item(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self,
                            const cvyi_py_value *index, cvy_error *err)
{
    (void)index;
    return loss_get(out, eval, self, "", err);
}

static const cvyi_py_host_type loss_type = {
    .name = "a loss",
    .get = loss_get,
    .binary = cvyi_tf_loss_binary,
    .compare = cvyi_tf_loss_binary,
    .unary = loss_unary,
    .item = loss_item,
};

/* ---- squares ---- */

static cvyi_tf_variable *variable_of(const cvyi_py_value *value)
{
    return value != NULL && value->type == CVYI_PY_V_HOST &&
                   value->host.type == &cvyi_tf_variable_type
               ? value->host.data
               : NULL;
}

static cvy_status squares(cvyi_py_value *out, cvyi_py_eval *eval,
                          cvyi_tf_variable *of, double factor, cvy_error *err)
{
    const cvyi_tf_term term = { of->of != NULL ? NULL : of, factor };
    const cvyi_tf_loss one = {
        .mean = true, .plain = true, .n_terms = 1, .terms = &term
    };

    return term.of != NULL
               ? scaled(out, eval, &one, 1, err)
               : cvyi_py_make_opaque(out, eval, err, "squares of a view of %s",
                                     of->name);
}

/* The factor of L2; false: it is another regulariser. */
static bool is_l2(double *factor, const cvyi_value *regulariser)
{
    const cvyi_value *const config = cvyi_get(regulariser, "config");

    return cvyi_is_text(cvyi_get(regulariser, "class_name"), "L2") &&
           cvyi_as_double(factor, cvyi_get(config, "l2"));
}

cvy_status cvyi_tf_penalty_of(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval,
                              const cvyi_value *regulariser,
                              const cvyi_py_value *value, cvy_error *err)
{
    double factor;

    *known = variable_of(value) != NULL && is_l2(&factor, regulariser);
    return *known ? squares(out, eval, variable_of(value), factor, err)
                  : CVY_OK;
}

/* ---- collections ---- */

typedef struct cvyi_tf_sum {
    const char *name;
    cvyi_py_value value;
} cvyi_tf_sum;

static const char losses_key[] = "losses";
static const char regularization_key[] = "regularization_losses";
static const char trained_key[] = "trainable_variables";

/* A text, or tf.GraphKeys.LOSSES; NULL: it is not known. */
static const char *key_of(const cvyi_py_value *value)
{
    static const char *const keys[][2] = {
        { "tf.GraphKeys.LOSSES", losses_key },
        { "tf.GraphKeys.REGULARIZATION_LOSSES", regularization_key },
        { "tf.GraphKeys.TRAINABLE_VARIABLES", trained_key },
    };
    const cvyi_call_name *const name =
        value != NULL && value->type == CVYI_PY_V_HOST &&
                value->host.type == &cvyi_tf_name_type
            ? value->host.data
            : NULL;

    if (name == NULL)
        return cvyi_tf_text(value);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i][0], name->dotted) == 0)
            return keys[i][1];
    return NULL;
}

static cvy_status keep(cvyi_py_eval *eval, const char *name,
                       const cvyi_py_value *value, cvy_error *err)
{
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_tf_training *const t = &host->training;
    cvyi_tf_sum *const all = cvyi_arena_grow(host->arena, t->sums, t->n_sums,
                                             &t->sums_capacity, sizeof *all);

    if (all == NULL)
        return cvyi_no_memory(err);
    t->sums = all;
    all[t->n_sums++] = (cvyi_tf_sum){ name, *value };
    return CVY_OK;
}

cvy_status cvyi_tf_note_loss(cvyi_py_eval *eval, const cvyi_py_value *loss,
                             cvy_error *err)
{
    return keep(eval, losses_key, loss, err);
}

static cvy_status unknown(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *what, cvy_error *err)
{
    CVYI_TRY(cvyi_py_make_opaque(out, eval, err, "%s is no part of a network",
                                 what));
    return cvyi_tf_beside(eval, out, err);
}

/* What regularisers add, in the order of the variables. */
static cvy_status regularized(cvyi_py_value *list, cvyi_py_eval *eval,
                              cvy_error *err)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_py_value *const items = cvyi_arena_alloc(
        host->arena, (size_t)host->n_variables + 1, sizeof *items);
    int n = 0;

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < host->n_variables; i++) {
        cvyi_tf_variable *const v = host->variables[i];
        const cvyi_py_value value =
            cvyi_py_host_value(&cvyi_tf_variable_type, v);
        bool known;

        if (v->regulariser == NULL)
            continue;
        CVYI_TRY(cvyi_tf_penalty_of(&items[n], &known, eval, v->regulariser,
                                    &value, err));
        if (!known)
            CVYI_TRY(unknown(&items[n], eval, "a regularizer", err));
        n++;
    }
    return cvyi_py_make_seq(list, eval, CVYI_PY_V_LIST, items, n, err);
}

/* What the script has put there; *known false: it holds something that is no
 * loss, or nothing. */
static cvy_status collected(cvyi_py_value *list, bool *known,
                            cvyi_py_eval *eval, const char *name,
                            cvy_error *err)
{
    const cvyi_tf_training *const t = &cvyi_tf_of(eval)->training;
    cvyi_py_value *const items = cvyi_arena_alloc(
        cvyi_tf_of(eval)->arena, (size_t)t->n_sums + 1, sizeof *items);
    int n = 0;

    if (items == NULL)
        return cvyi_no_memory(err);
    *known = true;
    for (int i = 0; i < t->n_sums; i++) {
        if (strcmp(t->sums[i].name, name) != 0)
            continue;
        items[n++] = t->sums[i].value;
        *known = *known && (cvyi_tf_loss_of(&t->sums[i].value) != NULL ||
                            cvyi_py_opaque(&t->sums[i].value) != NULL);
    }
    *known = *known && n > 0;
    return cvyi_py_make_seq(list, eval, CVYI_PY_V_LIST, items, n, err);
}

/* Variables by the beginning of their names. */
static cvy_status trained(cvyi_py_value *list, cvyi_py_eval *eval,
                          const char *scope, cvy_error *err)
{
    const cvyi_tf_host *const host = cvyi_tf_of(eval);
    const size_t n_scope = scope != NULL ? strlen(scope) : 0;
    cvyi_py_value *const items = cvyi_arena_alloc(
        host->arena, (size_t)host->n_variables + 1, sizeof *items);
    int n = 0;

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < host->n_variables; i++) {
        cvyi_tf_variable *const v = host->variables[i];

        if (v->trainable && !v->constant && v->of == NULL &&
            (scope == NULL || strncmp(v->name, scope, n_scope) == 0))
            items[n++] = cvyi_py_host_value(&cvyi_tf_variable_type, v);
    }
    return cvyi_py_make_seq(list, eval, CVYI_PY_V_LIST, items, n, err);
}

/* A beginning of names that is no pattern; *known false: it is one, or is not
 * known. */
static const char *scope_of(bool *known, const cvyi_py_value *value)
{
    const char *const text = cvyi_tf_text(value);

    *known = value == NULL || value->type == CVYI_PY_V_NONE ||
             (text != NULL && strpbrk(text, "*+?[](){}|^$\\.") == NULL);
    return *known ? text : NULL;
}

static cvy_status get_collection(cvyi_py_value *out, bool *known,
                                 cvyi_py_eval *eval,
                                 const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const key = key_of(cvyi_tf_arg(args, 0, "key"));
    const cvyi_py_value *const given = cvyi_tf_arg(args, 1, "scope");
    const char *const scope = scope_of(known, given);

    *known = *known && key != NULL;
    if (!*known)
        return CVY_OK;
    if (strcmp(key, trained_key) == 0)
        return trained(out, eval, scope, err);
    *known = scope == NULL;
    if (!*known)
        return CVY_OK;
    return strcmp(key, regularization_key) == 0
               ? regularized(out, eval, err)
               : collected(out, known, eval, key, err);
}

/* A loss of all of a list; *known false: the list has something else. */
static cvy_status add_all(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                          const cvyi_py_value *list, cvy_error *err)
{
    const bool is_list = list != NULL && (list->type == CVYI_PY_V_LIST ||
                                          list->type == CVYI_PY_V_TUPLE);
    cvyi_py_value total;

    *known = is_list && list->seq->n > 0 &&
             cvyi_tf_loss_of(&list->seq->items[0]) != NULL;
    if (!*known)
        return CVY_OK;
    total = list->seq->items[0];
    for (int i = 1; i < list->seq->n; i++) {
        const cvyi_tf_loss *const a = cvyi_tf_loss_of(&total);
        const cvyi_tf_loss *const b = cvyi_tf_loss_of(&list->seq->items[i]);
        bool fits = a != NULL && b != NULL;

        if (fits)
            CVYI_TRY(sum(&total, &fits, eval, a, b, err));
        if (!fits)
            return unknown(out, eval, "a sum of losses", err);
    }
    *out = total;
    return CVY_OK;
}

/* All losses of the collection, and what regularisers add. */
static cvy_status total_loss(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const with =
        cvyi_tf_arg(args, 0, "add_regularization_losses");
    cvyi_py_value parts[2], sums[2];
    bool known, found[2];

    CVYI_TRY(collected(&parts[0], &known, eval, losses_key, err));
    CVYI_TRY(regularized(&parts[1], eval, err));
    if (!known || (with != NULL && with->type != CVYI_PY_V_BOOL) ||
        args->n + args->n_keywords > (with != NULL))
        return unknown(out, eval, "the total loss", err);
    for (int i = 0; i < 2; i++)
        CVYI_TRY(add_all(&sums[i], &found[i], eval, &parts[i], err));
    if (parts[1].seq->n == 0 || (with != NULL && !with->truth)) {
        *out = sums[0];
        return found[0] ? CVY_OK : unknown(out, eval, "the total loss", err);
    }
    CVYI_TRY(cvyi_py_make_seq(&parts[0], eval, CVYI_PY_V_LIST, sums, 2, err));
    CVYI_TRY(add_all(out, &known, eval, &parts[0], err));
    return known && found[0] && found[1]
               ? CVY_OK
               : unknown(out, eval, "the total loss", err);
}

/* ---- calls ---- */

/* Sums and means of one loss are that loss. */
static cvy_status reduced(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                          bool mean, const cvyi_py_call_args *args,
                          cvy_error *err)
{
    const bool named =
        args->n_keywords == 1 && strcmp(args->keywords[0], "name") == 0;
    const bool plain = args->n == 1 && (args->n_keywords == 0 || named);
    const cvyi_tf_loss *const each =
        plain ? cvyi_tf_loss_of(&args->values[0]) : NULL;
    cvyi_tf_loss made;

    *known = false;
    if (each == NULL)
        return mean || !plain
                   ? CVY_OK
                   : add_all(out, known, eval, &args->values[0], err);
    *known = mean || each->name == NULL;
    if (!*known)
        return CVY_OK;
    made = *each;
    made.mean = true;
    return cvyi_tf_make_loss(out, eval, made, err);
}

static void note_clips(cvyi_py_eval *eval, const char *dotted,
                       const cvyi_py_call_args *args)
{
    static const char *const names[] = { "tf.clip_by_global_norm",
                                         "tf.clip_by_norm",
                                         "tf.clip_by_average_norm",
                                         "tf.clip_by_value" };
    cvyi_tf_training *const t = &cvyi_tf_of(eval)->training;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], dotted) == 0 && args->n > 0 &&
            cvyi_tf_first_opaque(args) != NULL &&
            (i == 0 || t->optimizer != NULL))
            t->clips = names[i];
}

static const char *operator_of(const char *dotted)
{
    return strcmp(dotted, "tf.add") == 0          ? "Add"
           : strcmp(dotted, "tf.multiply") == 0   ? "Mult"
           : strcmp(dotted, "tf.scalar_mul") == 0 ? "Mult"
           : strcmp(dotted, "tf.divide") == 0     ? "Div"
                                                  : NULL;
}

static cvy_status add_to_collection(cvyi_py_value *out, cvyi_py_eval *eval,
                                    const cvyi_py_call_args *args,
                                    cvy_error *err)
{
    const char *const key = key_of(cvyi_tf_arg(args, 0, "name"));
    const cvyi_py_value *const value = cvyi_tf_arg(args, 1, "value");

    *out = cvyi_py_none();
    return key != NULL && value != NULL ? keep(eval, key, value, err) : CVY_OK;
}

cvy_status cvyi_tf_penalty_call(cvyi_py_value *out, bool *known,
                                cvyi_py_eval *eval, const char *dotted,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    const char *const op = operator_of(dotted);
    const cvyi_py_value *const first = cvyi_tf_arg(args, 0, "t");
    const char *scope;

    *known = true;
    note_clips(eval, dotted, args);
    if (strcmp(dotted, "tf.nn.l2_loss") == 0 && variable_of(first) != NULL)
        return squares(out, eval, variable_of(first), 0.5, err);
    if (strcmp(dotted, "tf.reduce_mean") == 0 ||
        strcmp(dotted, "tf.reduce_sum") == 0)
        return reduced(out, known, eval, dotted[10] == 'm', args, err);
    if (strcmp(dotted, "tf.add_n") == 0)
        return add_all(out, known, eval, cvyi_tf_arg(args, 0, "inputs"), err);
    if (strcmp(dotted, "tf.add_to_collection") == 0)
        return add_to_collection(out, eval, args, err);
    if (strcmp(dotted, "tf.get_collection") == 0)
        return get_collection(out, known, eval, args, err);
    if (strcmp(dotted, "tf.trainable_variables") == 0) {
        scope = scope_of(known, cvyi_tf_arg(args, 0, "scope"));
        return *known ? trained(out, eval, scope, err) : CVY_OK;
    }
    if (strcmp(dotted, "tf.losses.add_loss") == 0 && args->n > 0) {
        *out = cvyi_py_none();
        return keep(eval, losses_key, &args->values[0], err);
    }
    if (strcmp(dotted, "tf.losses.get_total_loss") == 0)
        return total_loss(out, eval, args, err);
    if (strcmp(dotted, "tf.losses.get_regularization_losses") == 0)
        return regularized(out, eval, err);
    if (cvyi_call_is_below(dotted, "tf.losses") &&
        strncmp(cvyi_call_last(dotted), "get_", 4) != 0) {
        CVYI_TRY(unknown(out, eval, dotted, err));
        return keep(eval, losses_key, out, err);
    }
    *known = op != NULL && args->n >= 2 &&
             (cvyi_tf_loss_of(&args->values[0]) != NULL ||
              cvyi_tf_loss_of(&args->values[1]) != NULL);
    return *known ? cvyi_tf_loss_binary(out, eval, op, &args->values[0],
                                        &args->values[1], err)
                  : CVY_OK;
}
