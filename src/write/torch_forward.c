/*
 * write/torch_forward.c - the method forward of a class.
 *
 * One statement a layer: what belongs to one layer (its pad, its activation)
 * is one expression. A value that only the next statement reads is `x`; one
 * that is read later bears its layer's name.
 */
#include "write/torch_forward.h"

#include "pysrc/line.h"

#include <string.h>

/* ---- which values are expressions ---- */

/* Is the item's only result read by one item, once, and by nothing else? Then
 * that item; else -1. */
static int only_reader(const cvyi_forward *f, int at)
{
    const cvyi_torch_item *const item = &f->visit->items[at];
    const int r = item->out[0];

    return item->n_out == 1 && f->n_readers[r] == 1 && !f->is_output[r]
               ? f->reader[r]
               : -1;
}

/* The same, if only parts of the item's layer stand between. */
static int user_of(const cvyi_forward *f, int at)
{
    const cvyi_torch_item *const items = f->visit->items;
    const cvyi_graph *const graph = f->w->graph;
    const int user = only_reader(f, at);

    for (int k = at + 1; k < user; k++)
        if (items[k].call < 0 || items[at].call < 0 ||
            graph->calls[items[k].call].module !=
                graph->calls[items[at].call].module)
            return -1;
    return user;
}

static int uses(const cvyi_torch_item *item, int result)
{
    int n = 0;

    for (int k = 0; k < item->n_in; k++)
        n += item->in[k] == result;
    return n;
}

/* Does the item's code name its first input more than once? */
static bool repeats(const cvyi_forward *f, const cvyi_torch_item *item)
{
    const char *first;

    if (item->member >= 0)
        return false;
    first = strstr(cvyi_text_c(&f->w->spoken[item->call].said.code), "{0}");
    return first != NULL && strstr(first + 1, "{0}") != NULL;
}

/* Models that a function joins, each on values that have a name already. */
static bool joins_models(const cvyi_forward *f, int at, int user)
{
    const cvyi_torch_item *const items = f->visit->items;
    const int first = user - items[user].n_in;

    if (items[user].member >= 0 || first < 0 || at < first)
        return false;
    for (int k = first; k < user; k++) {
        if (items[k].call >= 0 || only_reader(f, k) != user ||
            items[user].in[k - first] != items[k].out[0])
            return false;
        for (int i = 0; i < items[k].n_in; i++)
            if (k > first &&
                strcmp(f->terms[items[k].in[i]].code, f->passing) == 0)
                return false;
    }
    return true;
}

/* Is its code a value that has a name already? Such a line would say y = y. */
static bool says_nothing(const cvyi_forward *f, const cvyi_torch_item *item,
                         const char *code)
{
    const cvyi_term *const term = &f->terms[item->in[0]];

    return item->n_in == 1 && term->binding == CVYI_BIND_ATOM &&
           strcmp(code, term->code) == 0;
}

/* Is the item part of its user's expression? Parts of one layer are, and a
 * join that the next layer takes as its only input. */
static bool inlined(const cvyi_forward *f, int at, const char *code)
{
    enum { LONGEST = 60 };
    const cvyi_torch_item *const items = f->visit->items;
    const cvyi_torch_item *const item = &items[at];
    const int user = user_of(f, at);
    const int joined = only_reader(f, at);

    if (strlen(code) > LONGEST)
        return false;
    if (item->call < 0)
        return joined >= 0 && items[joined].n_in > 1 &&
               joins_models(f, at, joined);
    if (user < 0 || uses(&items[user], item->out[0]) != 1 ||
        repeats(f, &items[at + 1]) ||
        cvyi_torch_is_autocast(f->w, item) !=
            cvyi_torch_is_autocast(f->w, &items[user]))
        return false;
    if (says_nothing(f, item, code))
        return true;
    if (items[user].call >= 0 && f->w->graph->calls[items[user].call].module ==
                                     f->w->graph->calls[item->call].module)
        return true;
    return item->n_in > 1 && items[user].n_in == 1 &&
           cvyi_torch_comment_at(f->w, f->class_, at) == NULL;
}

/* Several parts may wait for each other: the last reader counts. */
static void hold(cvyi_forward *f, int reader)
{
    if (reader > f->held)
        f->held = reader;
}

/* ---- statements ---- */

static int indent(const cvyi_forward *f)
{
    return f->autocast ? 12 : 8;
}

static cvy_status statement(cvyi_forward *f, const char *before,
                            const char *code, const char *why)
{
    const char *const line =
        cvyi_arena_printf(&f->w->arena, "%s%s", before, code);

    if (line == NULL)
        return cvyi_no_memory(f->w->err);
    cvyi_py_line(&f->w->body, indent(f), line, "", why);
    return CVY_OK;
}

/* Begins or ends what stands under torch.autocast, before the next item. A
 * unit inside is called under it, and says nothing. */
static void turn_autocast(cvyi_forward *f, int at)
{
    const bool wanted = f->class_->units[0] == 0 &&
                        cvyi_torch_is_autocast(f->w, &f->visit->items[at]);

    if (wanted && !f->autocast)
        cvyi_text_printf(&f->w->body,
                         "        with torch.autocast(%s.device.type, "
                         "dtype=torch.%s):\n",
                         f->terms[f->visit->in[0]].code,
                         cvy_dtype_name(f->w->autocast));
    f->autocast = wanted;
}

/* Comments of functions stand here; those of modules in __init__. What was
 * said of a part that was inlined comes before a mere shape. */
static const char *comment(cvyi_forward *f, int at)
{
    const cvyi_torch_item *const item = &f->visit->items[at];
    const char *const pending = f->pending;

    f->pending = NULL;
    if (pending != NULL &&
        (item->call < 0 || f->w->graph->calls[item->call].comment == NULL))
        return pending;
    return item->member < 0 ? cvyi_torch_comment_at(f->w, f->class_, at)
                            : NULL;
}

/* The last item gives all that the visit gives, in its order. */
static bool returns(const cvyi_forward *f, int at)
{
    const cvyi_torch_item *const item = &f->visit->items[at];
    const int r = item->out[0];

    if (at != f->visit->n_items - 1 || item->n_out != 1 ||
        f->visit->n_out != 1 || f->n_readers[r] > 0)
        return false;
    return f->visit->out[0] == r &&
           (f->class_->units[0] > 0 ||
            f->w->graph->output_tree.kind == CVYI_TREE_SINGLE);
}

/* Does anything read what the item gives? The source may call a model and
 * take nothing of what was computed. */
static bool is_read(const cvyi_forward *f, const cvyi_torch_item *item)
{
    for (int i = 0; i < item->n_out; i++)
        if (f->n_readers[item->out[i]] > 0 || f->is_output[item->out[i]])
            return true;
    return false;
}

static cvy_status assign(cvyi_forward *f, int at, const char *code)
{
    const cvyi_torch_item *const item = &f->visit->items[at];
    cvyi_text names = { 0 };
    const char *before;

    if (!is_read(f, item))
        return statement(f, "", code, comment(f, at));
    for (int i = 0; i < item->n_out; i++) {
        const char *const name = cvyi_forward_variable(f, at, i);

        if (name == NULL) {
            cvyi_text_close(&names);
            return cvyi_no_memory(f->w->err);
        }
        f->terms[item->out[i]] = (cvyi_term){ name, CVYI_BIND_ATOM };
        cvyi_text_printf(&names, "%s%s", i > 0 ? ", " : "", name);
    }
    cvyi_text_put(&names, " = ");
    before = cvyi_forward_keep(f, &names);
    return before != NULL ? statement(f, before, code, comment(f, at))
                          : cvyi_no_memory(f->w->err);
}

static cvy_status item_line(cvyi_forward *f, int at)
{
    cvyi_torch_writer *const w = f->w;
    const cvyi_torch_item *const item = &f->visit->items[at];
    const char *const code = cvyi_forward_expression(f, at);

    if (code == NULL)
        return cvyi_no_memory(w->err);
    if (returns(f, at))
        return statement(f, "return ", code, comment(f, at));
    if (inlined(f, at, code)) {
        if (item->member < 0 && f->pending == NULL)
            f->pending = w->graph->calls[item->call].comment;
        hold(f, only_reader(f, at));
        f->terms[item->out[0]] =
            (cvyi_term){ code, item->member >= 0
                                   ? CVYI_BIND_ATOM
                                   : w->spoken[item->call].said.binding };
        return CVY_OK;
    }
    return assign(f, at, code);
}

/* ---- lists that are walked over ---- */

/* How many items from `at` on are the elements of one whole list, each on what
 * the one before gave; 0 if they are not. */
static int list_run(const cvyi_forward *f, int at)
{
    const cvyi_unit *const unit = &f->w->units[f->class_->units[0]];
    const cvyi_torch_item *const items = f->visit->items;
    const int list =
        items[at].member >= 0 ? unit->members[items[at].member].list : -1;
    int n = 0, size = 0;

    if (list < 0 || f->held >= 0)
        return 0;
    for (int m = 0; m < unit->n_members; m++)
        size += unit->members[m].list == list;
    for (; n < size && at + n < f->visit->n_items; n++) {
        const cvyi_torch_item *const item = &items[at + n];
        const cvyi_torch_member *const member =
            item->member >= 0 ? &unit->members[item->member] : NULL;

        if (member == NULL || member->list != list || member->index != n ||
            member->n_calls != 1 || item->n_in != 1 || item->n_out != 1 ||
            (n > 0 && (item->in[0] != items[at + n - 1].out[0] ||
                       only_reader(f, at + n - 1) != at + n)))
            return 0;
    }
    return n == size && n > 1 ? n : 0;
}

static cvy_status list_lines(cvyi_forward *f, int at, int n)
{
    const cvyi_unit *const unit = &f->w->units[f->class_->units[0]];
    const cvyi_torch_item *const items = f->visit->items;
    const int list = unit->members[items[at].member].list;
    const char *const from = f->terms[items[at].in[0]].code;
    const char *const to = cvyi_forward_variable(f, at + n - 1, 0);
    cvyi_text name = { 0 };
    const char *each, *kept;

    cvyi_torch_put_member(&name, unit, list);
    kept = cvyi_forward_keep(f, &name);
    each = kept != NULL ? cvyi_forward_element(f, kept) : NULL;
    if (each == NULL || to == NULL)
        return cvyi_no_memory(f->w->err);
    if (strcmp(from, to) != 0)
        cvyi_text_printf(&f->w->body, "%*s%s = %s\n", indent(f), "", to, from);
    cvyi_text_printf(&f->w->body, "%*sfor %s in self.%s:\n%*s%s = %s(%s)\n",
                     indent(f), "", each, kept, indent(f) + 4, "", to, each,
                     to);
    f->terms[items[at + n - 1].out[0]] = (cvyi_term){ to, CVYI_BIND_ATOM };
    return CVY_OK;
}

/* ---- the whole ---- */

static cvy_status tail(cvyi_forward *f)
{
    const char *code;

    if (f->visit->n_items > 0 && f->returned)
        return CVY_OK;
    code = cvyi_forward_result(f);
    f->autocast = false;
    return code != NULL ? statement(f, "return ", code, NULL)
                        : cvyi_no_memory(f->w->err);
}

static cvy_status write_all(cvyi_forward *f)
{
    CVYI_TRY(cvyi_forward_head(f));
    for (int at = 0; at < f->visit->n_items; at++) {
        const int n = list_run(f, at);

        turn_autocast(f, at);
        if (n > 0) {
            CVYI_TRY(list_lines(f, at, n));
            at += n - 1;
            continue;
        }
        CVYI_TRY(item_line(f, at));
        f->returned = returns(f, at);
        if (f->held == at)
            f->held = -1;
    }
    return tail(f);
}

cvy_status cvyi_torch_forward(cvyi_torch_writer *w,
                              const cvyi_torch_class *class_)
{
    cvyi_forward f = { .w = w, .class_ = class_, .held = -1 };

    f.visit = &w->visits[w->units[class_->units[0]].visit];
    CVYI_TRY(cvyi_forward_open(&f));
    return write_all(&f);
}
