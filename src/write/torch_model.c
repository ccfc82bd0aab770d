/* write/torch_model.c - the text of the classes, up to their forward. */
#include "pysrc/line.h"
#include "write/torch.h"

#include <ctype.h>
#include <string.h>

/* ---- types of parameters ---- */

enum { INT = 1, FLOAT = 2, BOOL = 4, STR = 8, TUPLE = 16, NONE = 32 };

static unsigned type_of(const char *value)
{
    if (strcmp(value, "True") == 0 || strcmp(value, "False") == 0)
        return BOOL;
    if (strcmp(value, "None") == 0)
        return NONE;
    if (*value == '"' || *value == '\'')
        return STR;
    if (*value == '(')
        return TUPLE;
    return strpbrk(value, ".e") != NULL ? FLOAT : INT;
}

static void put_type(cvyi_text *out, const cvyi_class_param *param, int n)
{
    static const char *const names[] = { "int", "float",           "bool",
                                         "str", "tuple[int, ...]", "None" };
    unsigned types = 0;
    bool any = false;

    for (int i = 0; i < n; i++)
        types |= type_of(param->values[i]);
    if ((types & FLOAT) != 0)
        types &= ~(unsigned)INT;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if ((types >> i & 1) != 0) {
            cvyi_text_printf(out, "%s%s", any ? " | " : "", names[i]);
            any = true;
        }
}

/* ---- what stands for which layers ---- */

/* Of all layers of a unit what their names begin with; numbers are stars. */
static void put_pattern(cvyi_text *out, const cvyi_torch_writer *w, int unit)
{
    const int outer = w->units[unit].module;
    const char *first = NULL;
    size_t n = 0;

    for (int m = outer + 1; m < w->graph->n_modules; m++) {
        const char *name;
        size_t same = 0;
        int p = m;

        while (p > outer)
            p = w->graph->modules[p].parent;
        if (p != outer || w->graph->modules[m].kind != CVYI_MODULE_LAYER)
            continue;
        name = cvyi_torch_source_name(w, m);
        if (first == NULL) {
            first = name;
            n = strlen(first);
        }
        while (same < n && name[same] == first[same])
            same++;
        n = same;
    }
    /* Up to where a word ends. */
    while (n > 0 && first[n] != '\0' && isalnum((unsigned char)first[n - 1]))
        n--;
    while (n > 0 && first[n] != '\0' && !isalnum((unsigned char)first[n - 1]))
        n--;
    for (size_t i = 0; i < n; i++) {
        const bool digit = isdigit((unsigned char)first[i]) != 0;

        if (digit && i > 0 && isdigit((unsigned char)first[i - 1]))
            continue;
        cvyi_text_add(out, digit ? "*" : first + i, 1);
    }
}

/* What two patterns have in common. */
static void join_patterns(cvyi_text *a, const cvyi_text *b)
{
    const char *const x = cvyi_text_c(a), *const y = cvyi_text_c(b);
    cvyi_text joined = { 0 };
    size_t head = 0, tail = 0;

    if (strcmp(x, y) == 0)
        return;
    while (head < a->size && head < b->size && x[head] == y[head])
        head++;
    while (tail < a->size - head && tail < b->size - head &&
           x[a->size - 1 - tail] == y[b->size - 1 - tail])
        tail++;
    cvyi_text_add(&joined, x, head);
    if ((head == 0 || x[head - 1] != '*') &&
        (tail == 0 || x[a->size - tail] != '*'))
        cvyi_text_put(&joined, "*");
    cvyi_text_put(&joined, x + a->size - tail);
    joined.bad = joined.bad || a->bad || b->bad;
    cvyi_text_close(a);
    *a = joined;
}

static bool is_block(const cvyi_torch_writer *w,
                     const cvyi_torch_class *class_)
{
    return w->graph->modules[w->units[class_->units[0]].module].kind ==
           CVYI_MODULE_BLOCK;
}

static void put_docstring(cvyi_torch_writer *w, const cvyi_torch_class *class_)
{
    cvyi_text pattern = { 0 };
    enum { LONGEST = 40 };

    if (!is_block(w, class_))
        return;
    put_pattern(&pattern, w, class_->units[0]);
    for (int k = 1; k < class_->n_units; k++) {
        cvyi_text next = { 0 };

        put_pattern(&next, w, class_->units[k]);
        join_patterns(&pattern, &next);
        w->body.bad = w->body.bad || next.bad;
        cvyi_text_close(&next);
    }
    w->body.bad = w->body.bad || pattern.bad;
    cvyi_text_put(&w->body, "    \"\"\"");
    if (pattern.size > 1 && pattern.size < LONGEST) {
        cvyi_py_prose(&w->body, cvyi_text_c(&pattern));
        cvyi_text_put(&w->body, ": a");
    } else {
        cvyi_text_put(&w->body, "A");
    }
    if (class_->n_units == 2)
        cvyi_text_put(&w->body, " unit that the source has twice.");
    else if (class_->n_units > 2)
        cvyi_text_printf(&w->body, " unit that the source repeats %d times.",
                         class_->n_units);
    else
        cvyi_text_put(&w->body, " unit of the source.");
    cvyi_text_put(&w->body, "\"\"\"\n\n");
    cvyi_text_close(&pattern);
}

/* ---- __init__ ---- */

static void put_init(cvyi_torch_writer *w, const cvyi_torch_class *class_)
{
    cvyi_text line = { 0 };

    cvyi_text_put(&line, "def __init__(self");
    for (int p = 0; p < class_->n_params; p++) {
        cvyi_text_printf(&line, ", %s: ", class_->params[p].name);
        put_type(&line, &class_->params[p], class_->n_units);
    }
    cvyi_text_put(&line, ") -> None:");
    cvyi_py_line(&w->body, 4, cvyi_text_c(&line), "", NULL);
    w->body.bad = w->body.bad || line.bad;
    cvyi_text_close(&line);
}

static void put_member(cvyi_torch_writer *w, const cvyi_torch_class *class_,
                       int m, bool item)
{
    const cvyi_unit *const unit = &w->units[class_->units[0]];
    cvyi_text line = { 0 };

    cvyi_text_printf(&line,
                     item ? "%s=" : "self.%s = ", unit->members[m].attribute);
    cvyi_torch_put_maker(&line, w, class_, unit, m);
    cvyi_py_line(&w->body, item ? 16 : 8, cvyi_text_c(&line), item ? "," : "",
                 cvyi_torch_member_comment(w, class_, m));
    w->body.bad = w->body.bad || line.bad;
    cvyi_text_close(&line);
}

static cvy_status chain_class(cvyi_torch_writer *w,
                              const cvyi_torch_class *class_)
{
    const cvyi_unit *const unit = &w->units[class_->units[0]];

    put_init(w, class_);
    cvyi_text_put(&w->body, "        super().__init__(\n"
                            "            OrderedDict(\n");
    for (int m = 0; m < unit->n_members; m++)
        put_member(w, class_, m, true);
    cvyi_text_put(&w->body, "            )\n        )\n");
    cvyi_torch_put_precision(w, unit);
    return cvyi_torch_put_frozen(w, unit, "");
}

/* Lists stand where their first element is called. */
static cvy_status forward_class(cvyi_torch_writer *w,
                                const cvyi_torch_class *class_)
{
    const cvyi_unit *const unit = &w->units[class_->units[0]];

    put_init(w, class_);
    cvyi_text_put(&w->body, "        super().__init__()\n");
    for (int p = 0; p < class_->n_params; p++)
        if (class_->params[p].stored)
            cvyi_text_printf(&w->body, "        self.%s = %s\n",
                             class_->params[p].name, class_->params[p].name);
    for (int m = 0; m < unit->n_members; m++)
        if (unit->members[m].list < 0)
            put_member(w, class_, m, false);
    cvyi_torch_put_precision(w, unit);
    CVYI_TRY(cvyi_torch_put_frozen(w, unit, ""));
    cvyi_text_put(&w->body, "\n");
    return cvyi_torch_forward(w, class_);
}

cvy_status cvyi_torch_model(cvyi_torch_writer *w)
{
    for (int c = 0; c < w->n_classes; c++) {
        const cvyi_torch_class *const class_ = &w->classes[c];
        const bool chain = w->units[class_->units[0]].form == CVYI_UNIT_CHAIN;

        cvyi_text_printf(&w->body, "%sclass %s(nn.%s):\n", c > 0 ? "\n\n" : "",
                         class_->name, chain ? "Sequential" : "Module");
        put_docstring(w, class_);
        CVYI_TRY(chain ? chain_class(w, class_) : forward_class(w, class_));
    }
    return cvyi_text_status(&w->body, w->err);
}
