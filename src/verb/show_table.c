/*
 * verb/show_table.c - a listing as a table.
 *
 * Columns are as wide as what stands in them. On a narrow terminal the class
 * goes first, then shapes and names are cut; numbers never are.
 */
#include "verb/show.h"

enum { NAME, CLASS, SHAPE, PARAMETERS, ADDS, N_COLUMNS };

enum {
    INDENT = 2,
    GAP = 2,
    NARROW_NAME = 14,
    NARROW_SHAPE = 16,
    NARROWEST = 6
};

static const char *const titles[N_COLUMNS] = { "Layer", "Class",
                                               "Output shape", "Parameters",
                                               "Multiply-adds" };

typedef struct page {
    const cvy_show *show;
    cvyi_text *out;
    cvy_look look;
    int width[N_COLUMNS];
} page;

static void put_dim(cvyi_text *out, const cvy_show *show,
                    const cvyi_type *type, int axis)
{
    const cvyi_show_number n = cvyi_show_size(show, type->dims[axis]);

    if (n.known && (axis > 0 || show->batch_given))
        cvyi_text_printf(out, "%lld", (long long)n.n);
    else
        cvyi_size_print(out, type->dims[axis]);
}

static void put_number(cvyi_text *out, cvyi_show_number n, bool dash)
{
    if (!n.known)
        cvyi_text_put(out, "?");
    else if (n.n == 0 && dash)
        cvyi_text_put(out, "-");
    else
        cvyi_text_count(out, n.n);
}

/* The outline's class, and how often it is called if that is not once. */
static void put_class(cvyi_text *out, const cvyi_show_row *row)
{
    if (row->class_name != NULL)
        cvyi_text_put(out, row->class_name);
    if (row->calls > 1)
        cvyi_text_printf(out, "%s(%d calls)",
                         row->class_name != NULL ? " " : "", row->calls);
}

static void put_shape(cvyi_text *out, const cvy_show *show,
                      const cvyi_show_row *row)
{
    const cvyi_type *const type =
        row->result < 0 ? NULL : &show->graph->results[row->result].type;

    cvyi_text_put(out, type != NULL ? "(" : "-");
    for (int i = 0; type != NULL && i < type->rank; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        put_dim(out, show, type, i);
    }
    cvyi_text_put(out, type != NULL ? ")" : "");
}

static void put_cell(cvyi_text *out, const cvy_show *show,
                     const cvyi_show_row *row, int column)
{
    if (column == NAME)
        cvyi_text_printf(out, "%*s%s", INDENT * row->depth, "", row->name);
    if (column == CLASS)
        put_class(out, row);
    if (column == SHAPE)
        put_shape(out, show, row);
    if (column == PARAMETERS && row->parameters == 0 && row->shared)
        cvyi_text_put(out, "(shared)");
    else if (column == PARAMETERS)
        put_number(out, (cvyi_show_number){ true, row->parameters }, true);
    if (column == ADDS)
        put_number(out, row->adds, true);
}

static void put_line(const page *p, const cvyi_show_row *row)
{
    for (int c = 0; c < N_COLUMNS; c++) {
        cvyi_text cell = { 0 };

        if (p->width[c] == 0)
            continue;
        if (row != NULL)
            put_cell(&cell, p->show, row, c);
        cvyi_text_fit(p->out, row != NULL ? cvyi_text_c(&cell) : titles[c],
                      p->width[c], c >= PARAMETERS);
        if (c < N_COLUMNS - 1)
            cvyi_text_printf(p->out, "%*s", GAP, "");
        p->out->bad |= cell.bad;
        cvyi_text_close(&cell);
    }
    cvyi_text_put(p->out, "\n");
}

static int total_width(const page *p)
{
    int width = 0, n = 0;

    for (int c = 0; c < N_COLUMNS; c++) {
        width += p->width[c];
        n += p->width[c] > 0;
    }
    return width + GAP * (n - 1);
}

static void shrink(page *p, int column, int least)
{
    const int over = total_width(p) - p->look.columns;

    if (over <= 0 || p->width[column] <= least)
        return;
    p->width[column] -= over;
    if (p->width[column] < least)
        p->width[column] = least;
}

static void measure(page *p)
{
    for (int c = 0; c < N_COLUMNS; c++) {
        p->width[c] = cvyi_columns(titles[c]);
        for (int i = 0; i < p->show->n_rows; i++) {
            cvyi_text cell = { 0 };
            int columns;

            put_cell(&cell, p->show, &p->show->rows[i], c);
            columns = cvyi_columns(cvyi_text_c(&cell));
            if (columns > p->width[c])
                p->width[c] = columns;
            p->out->bad |= cell.bad;
            cvyi_text_close(&cell);
        }
    }
    if (p->look.columns <= 0)
        return;
    if (total_width(p) > p->look.columns)
        p->width[CLASS] = 0;
    shrink(p, SHAPE, NARROW_SHAPE);
    shrink(p, NAME, NARROW_NAME);
    shrink(p, SHAPE, NARROWEST);
    shrink(p, NAME, NARROWEST);
}

static void rule(const page *p)
{
    cvyi_ink_use(p->out, p->look, CVYI_INK_FAINT);
    for (int i = total_width(p); i > 0; i--)
        cvyi_text_put(p->out, "-");
    cvyi_ink_use(p->out, p->look, CVYI_INK_PLAIN);
    cvyi_text_put(p->out, "\n");
}

static void put_head(const page *p)
{
    cvyi_ink_put(p->out, p->look, CVYI_INK_BOLD, p->show->graph->name);
    cvyi_text_put(p->out, " (");
    cvyi_report_origin(p->out, p->show->graph);
    cvyi_text_put(p->out, ")");
    if (p->show->after != NULL)
        cvyi_text_printf(p->out, ", for %s, after the pass `%s`",
                         p->show->target->name, p->show->after);
    cvyi_text_put(p->out, "\n\n");
}

static void total_line(const page *p, const char *what, int64_t n)
{
    cvyi_text number = { 0 };

    cvyi_text_count(&number, n);
    cvyi_text_fit(p->out, what, 20, false);
    cvyi_text_fit(p->out, cvyi_text_c(&number), 16, true);
    cvyi_text_put(p->out, "\n");
    p->out->bad |= number.bad;
    cvyi_text_close(&number);
}

static void put_totals(const page *p)
{
    const cvy_show *const show = p->show;
    const cvyi_graph *const graph = show->graph;
    cvyi_text number = { 0 };
    int64_t fixed;
    const bool sample =
        !show->batch_given && graph->n_inputs > 0 &&
        !cvyi_size_constant(&fixed,
                            graph->results[graph->inputs[0]].type.dims[0]);

    total_line(p, "Parameters", show->parameters);
    total_line(p, "  trainable", show->trainable);
    total_line(p, "  not trainable", show->parameters - show->trainable);
    put_number(&number, show->adds, false);
    cvyi_text_fit(p->out, "Multiply-adds", 20, false);
    cvyi_text_fit(p->out, cvyi_text_c(&number), 16, true);
    cvyi_text_put(p->out, !show->adds.known ? "  (--input)"
                          : sample          ? "  (one sample)"
                                            : "");
    cvyi_text_put(p->out, "\n");
    cvyi_text_fit(p->out, "Size of parameters", 20, false);
    cvyi_text_close(&number);
    number = (cvyi_text){ 0 };
    cvyi_text_bytes(&number, show->parameter_bytes);
    cvyi_text_fit(p->out, cvyi_text_c(&number), 16, true);
    cvyi_text_put(p->out, "\n");
    cvyi_text_close(&number);
}

/* Of a script: what was taken for the network, and what was left out. */
static void put_remarks(const page *p)
{
    const cvyi_source_kind *const kind = p->show->source.kind;
    const cvyi_findings *const list = &p->show->findings;

    for (int i = 0; kind != NULL && kind->script && i < list->n; i++)
        if (!list->items[i].refusal)
            cvyi_text_printf(p->out, "remark: %s%s%s\n", list->items[i].layer,
                             *list->items[i].layer != '\0' ? ": " : "",
                             list->items[i].text);
}

static void put_table(cvyi_text *out, const cvy_show *show, cvy_look look)
{
    page p = { .show = show, .out = out, .look = look };

    measure(&p);
    put_head(&p);
    cvyi_ink_use(out, look, CVYI_INK_BOLD);
    put_line(&p, NULL);
    cvyi_ink_use(out, look, CVYI_INK_PLAIN);
    rule(&p);
    for (int i = 0; i < show->n_rows; i++)
        put_line(&p, &show->rows[i]);
    rule(&p);
    put_totals(&p);
    put_remarks(&p);
}

cvy_status cvy_show_table(const char **out, cvy_show *show, cvy_look look,
                          cvy_error *err)
{
    cvyi_text text = { 0 };

    if (show->status == CVY_OK)
        put_table(&text, show, look);
    if (text.bad) {
        cvyi_text_close(&text);
        return cvyi_no_memory(err);
    }
    cvyi_text_close(&show->table);
    show->table = text;
    *out = cvyi_text_c(&show->table);
    return CVY_OK;
}
