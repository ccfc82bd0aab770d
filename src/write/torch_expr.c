/* write/torch_expr.c - what makes a member: nn.Conv2d(3, 16, 3). */
#include "write/torch.h"

#include <string.h>

/* Arguments in order; behind one by name all have their names. */
static void put_arguments(cvyi_text *out, const cvyi_torch_class *class_,
                          const cvyi_torch_member *member)
{
    bool positional = true;
    int n = 0;

    for (int i = 0; i < member->n_arguments; i++) {
        const cvyi_torch_argument *const a = &member->arguments[i];
        const char *const value =
            a->param >= 0 ? class_->params[a->param].name : a->value;

        if (value == NULL) {
            positional = false;
            continue;
        }
        positional = positional && a->positional;
        cvyi_text_put(out, n++ > 0 ? ", " : "");
        if (!positional)
            cvyi_text_printf(out, "%s=", a->name);
        if (a->tail != NULL)
            cvyi_text_printf(out, "(%s%s", value, a->tail);
        else
            cvyi_text_put(out, value);
    }
}

static void put_leaf(cvyi_text *out, const cvyi_torch_writer *w,
                     const cvyi_torch_class *class_,
                     const cvyi_torch_member *member)
{
    const char *const code = cvyi_text_c(&w->spoken[member->call].said.code);

    if (member->n_arguments == 0) {
        cvyi_text_put(out, code);
        return;
    }
    cvyi_text_add(out, code, strcspn(code, "("));
    cvyi_text_put(out, "(");
    put_arguments(out, class_, member);
    cvyi_text_put(out, ")");
}

/* The member of a list or a chain at a place; -1 behind the last. */
static int element(const cvyi_unit *unit, int list, int index)
{
    for (int m = 0; m < unit->n_members; m++)
        if (unit->members[m].list == list && unit->members[m].index == index)
            return m;
    return -1;
}

static bool is_text(const cvyi_text *a, const cvyi_text *b)
{
    return strcmp(cvyi_text_c(a), cvyi_text_c(b)) == 0;
}

/* How many elements from `index` on are made alike; `code` gets how. */
static int count_run(cvyi_text *code, const cvyi_torch_writer *w,
                     const cvyi_torch_class *class_, const cvyi_unit *unit,
                     int list, int index)
{
    int n = 1;

    cvyi_torch_put_maker(code, w, class_, unit, element(unit, list, index));
    for (int m; (m = element(unit, list, index + n)) >= 0; n++) {
        cvyi_text next = { 0 };
        bool same;

        cvyi_torch_put_maker(&next, w, class_, unit, m);
        code->bad = code->bad || next.bad;
        same = is_text(code, &next);
        cvyi_text_close(&next);
        if (!same)
            break;
    }
    return n;
}

/* Elements with commas between; three and more that are made alike are a
 * comprehension. `whole`: inside of a list's own brackets. */
static void put_elements(cvyi_text *out, const cvyi_torch_writer *w,
                         const cvyi_torch_class *class_, const cvyi_unit *unit,
                         int list, bool brackets)
{
    enum { LEAST = 3, LONGEST = 40 };

    for (int index = 0, n; element(unit, list, index) >= 0; index += n) {
        cvyi_text code = { 0 };

        n = count_run(&code, w, class_, unit, list, index);
        if (n < LEAST || code.size > LONGEST)
            n = 1;

        const bool all = index == 0 && element(unit, list, n) < 0;

        cvyi_text_put(out, index > 0 ? ", " : "");
        if (n > 1)
            cvyi_text_printf(out,
                             brackets && all ? "%s for _ in range(%d)"
                                             : "*[%s for _ in range(%d)]",
                             cvyi_text_c(&code), n);
        else
            cvyi_text_put(out, cvyi_text_c(&code));
        out->bad = out->bad || code.bad;
        cvyi_text_close(&code);
    }
}

void cvyi_torch_put_maker(cvyi_text *out, const cvyi_torch_writer *w,
                          const cvyi_torch_class *class_,
                          const cvyi_unit *unit, int m)
{
    const cvyi_torch_member *const member = &unit->members[m];

    if (member->call >= 0) {
        put_leaf(out, w, class_, member);
    } else if (member->unit < 0) {
        cvyi_text_put(out, "nn.ModuleList([");
        put_elements(out, w, class_, unit, m, true);
        cvyi_text_put(out, "])");
    } else if (w->units[member->unit].form == CVYI_UNIT_INLINE) {
        cvyi_text_put(out, "nn.Sequential(");
        put_elements(out, w, class_, &w->units[member->unit], -1, false);
        cvyi_text_put(out, ")");
    } else {
        cvyi_text_printf(out, "%s(",
                         w->classes[w->units[member->unit].of].name);
        put_arguments(out, class_, member);
        cvyi_text_put(out, ")");
    }
}
