/* pysrc/notebook.c - the code cells of a notebook, joined and parsed. */
#include "pysrc/notebook.h"

#include "codec/json.h"
#include "pysrc/parse.h"

#include <ctype.h>
#include <string.h>

enum { MOST_CELLS = 10000, MOST_BAD_CELLS = 100 };

static const size_t MOST_BYTES = (size_t)64 << 20; /* outputs among them */

typedef struct joined {
    cvyi_arena *arena;
    const char *name;
    cvyi_findings *findings;
    cvyi_text text;
    int n, lines;
    cvyi_py_code_cell *cells;
} joined;

/* ---- lines that are for the notebook ---- */

static bool starts(const char *line, size_t n, const char *word)
{
    const size_t m = strlen(word);

    return n >= m && memcmp(line, word, m) == 0;
}

/* %%bash and the like: the whole cell is another language. */
static bool is_foreign(const char *cell)
{
    static const char *const magics[] = {
        "%%HTML",   "%%bash",  "%%cmd",  "%%html",     "%%javascript",
        "%%js",     "%%latex", "%%perl", "%%markdown", "%%ruby",
        "%%script", "%%sh",    "%%svg",  "%%system",   "%%writefile",
    };

    cell += strspn(cell, " \t\n");
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (starts(cell, strlen(cell), magics[i]))
            return true;
    return false;
}

/* A line of n bytes, without its end. `% b` goes on with an expression. */
static bool is_magic(const char *line, size_t n)
{
    size_t at = 0;

    while (at < n && (line[at] == ' ' || line[at] == '\t'))
        at++;
    if (at + 1 >= n)
        return at < n && line[at] == '?';
    if (line[at] == '?')
        return true;
    if (line[at] == '!')
        return line[at + 1] != '=';
    if (line[at] == '%')
        return line[at + 1] == '%' || isalpha((unsigned char)line[at + 1]);
    /* name? */
    while (n > at && line[n - 1] == '?')
        if (--n == at)
            return true;
    for (size_t i = at; i < n; i++)
        if (!isalnum((unsigned char)line[i]) && strchr("_.", line[i]) == NULL)
            return false;
    return line[n] == '?';
}

/* ---- joining ---- */

static void put_line(joined *j, const char *line, size_t n, bool blank)
{
    size_t indent = 0;

    while (indent < n && (line[indent] == ' ' || line[indent] == '\t'))
        indent++;
    if (!blank && !is_magic(line, n)) {
        cvyi_text_add(&j->text, line, n);
    } else if (!blank && indent > 0) { /* it may be all of a block */
        cvyi_text_add(&j->text, line, indent);
        cvyi_text_put(&j->text, "pass");
    }
    cvyi_text_put(&j->text, "\n");
    j->lines++;
}

static void put_cell(joined *j, int number, const char *source)
{
    cvyi_py_code_cell *const cell = &j->cells[j->n++];
    const bool foreign = is_foreign(source);

    *cell = (cvyi_py_code_cell){ .number = number, .first = j->lines + 1 };
    while (*source != '\0') {
        const size_t n = strcspn(source, "\n");

        put_line(j, source, n, foreign);
        source += n;
        source += *source == '\n';
    }
    cell->n = j->lines + 1 - cell->first;
}

/* "source" is a text, or a list of lines that keep their ends. */
static cvy_status source_of(cvyi_text *out, const cvyi_value *value,
                            const char *name, cvy_error *err)
{
    const bool list = value != NULL && value->kind == CVYI_LIST;
    const int n = list ? value->n : 1;

    for (int i = 0; i < n; i++) {
        const char *const text = cvyi_as_text(list ? &value->items[i] : value);

        if (text == NULL)
            return cvyi_fail_in(err, CVY_FORMAT, name,
                                "a cell of the notebook has no text");
        cvyi_text_put(out, text);
    }
    return cvyi_text_status(out, err);
}

static cvy_status join_cell(joined *j, int number, const cvyi_value *cell,
                            cvy_error *err)
{
    const cvyi_value *const source = cvyi_get(cell, "source") != NULL
                                         ? cvyi_get(cell, "source")
                                         : cvyi_get(cell, "input");
    cvyi_text text = { 0 };
    cvy_status status;

    if (!cvyi_is_text(cvyi_get(cell, "cell_type"), "code"))
        return CVY_OK;
    status = source_of(&text, source, j->name, err);
    if (status == CVY_OK)
        put_cell(j, number, cvyi_text_c(&text));
    cvyi_text_close(&text);
    return status == CVY_OK ? cvyi_text_status(&j->text, err) : status;
}

/* nbformat 4 has its cells at the top, 3 in a worksheet. */
static const cvyi_value *cells_of(const cvyi_value *notebook)
{
    const cvyi_value *const sheets = cvyi_get(notebook, "worksheets");
    const cvyi_value *cells = cvyi_get(notebook, "cells");

    if (cells == NULL && sheets != NULL && sheets->kind == CVYI_LIST &&
        sheets->n > 0)
        cells = cvyi_get(&sheets->items[0], "cells");
    return cells != NULL && cells->kind == CVYI_LIST ? cells : NULL;
}

static cvy_status join(joined *j, const cvyi_value *notebook, cvy_error *err)
{
    const cvyi_value *const cells = cells_of(notebook);

    if (cells == NULL)
        return cvyi_fail_in(err, CVY_FORMAT, j->name,
                            "a notebook has a list of cells, and this has "
                            "none");
    if (cells->n > MOST_CELLS)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, j->name,
                            "a notebook of %d cells; %d are the most",
                            cells->n, MOST_CELLS);
    j->cells =
        cvyi_arena_alloc(j->arena, (size_t)cells->n + 1, sizeof *j->cells);
    if (j->cells == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < cells->n; i++)
        CVYI_TRY(join_cell(j, i + 1, &cells->items[i], err));
    return CVY_OK;
}

/* ---- parsing, and cells that are not Python ---- */

static cvyi_py_code_cell *cell_at(const joined *j, int line)
{
    for (int i = 0; i < j->n; i++)
        if (line >= j->cells[i].first &&
            line < j->cells[i].first + j->cells[i].n)
            return &j->cells[i];
    return NULL;
}

static char *line_at(const joined *j, int line)
{
    char *at = j->text.bytes;

    for (int i = 1; i < line && at != NULL; i++)
        at = strchr(at, '\n') + 1;
    return at;
}

/* Is the cell Python by itself? CVY_FORMAT if not. */
static cvy_status parse_cell(const joined *j, const cvyi_py_code_cell *cell,
                             cvy_error *err)
{
    const char *const from = line_at(j, cell->first);
    const char *const to = line_at(j, cell->first + cell->n);
    cvyi_arena arena = { 0 };
    cvyi_py_tree tree;
    cvy_status status;

    status =
        cvyi_py_parse(&tree, &arena, j->name, from, (size_t)(to - from), err);
    cvyi_arena_close(&arena);
    return status;
}

/* The cell that is to blame, and why: the one of the error's line, or one
 * before it that was left open. NULL: none is. */
static cvy_status to_blame(cvyi_py_code_cell **out, cvy_error *why,
                           const joined *j, int line, cvy_error *err)
{
    cvyi_py_code_cell *cell = cell_at(j, line);

    *out = NULL;
    if (cell == NULL && j->n > 0 && line > j->lines)
        cell = &j->cells[j->n - 1];
    for (; cell != NULL; cell = cell > j->cells ? cell - 1 : NULL) {
        cvy_status status;

        *why = (cvy_error){ 0 };
        status = parse_cell(j, cell, why);
        if (status == CVY_OK)
            continue;
        *out = cell;
        if (status != CVY_FORMAT && err != NULL)
            *err = *why;
        return status == CVY_FORMAT ? CVY_OK : status;
    }
    return CVY_OK;
}

static cvy_status leave_out(joined *j, const cvyi_py_code_cell *cell,
                            const cvy_error *why, cvy_error *err)
{
    char *const from = line_at(j, cell->first);
    char *const to = line_at(j, cell->first + cell->n);
    const char *const cause =
        strncmp(why->text, "line ", 5) == 0 && strchr(why->text, ':') != NULL
            ? strchr(why->text, ':') + 2
            : why->text;
    const char *const text =
        cvyi_arena_printf(j->arena,
                          "cell %d is left out, it is not Python: line %d: %s",
                          cell->number, (int)why->line, cause);

    if (text == NULL)
        return cvyi_no_memory(err);
    for (char *p = from; p < to; p++)
        if (*p != '\n')
            *p = ' ';
    return cvyi_remark(j->findings, "", text, err);
}

static cvy_status parse(cvyi_py_notebook *out, joined *j, cvy_error *err)
{
    cvy_error failed, why;

    for (int bad = 0;; bad++) {
        char *const text =
            cvyi_arena_text(j->arena, cvyi_text_c(&j->text), j->text.size);
        cvyi_py_code_cell *cell = NULL;
        cvy_status status;

        if (text == NULL)
            return cvyi_no_memory(err);
        failed = (cvy_error){ 0 };
        status = cvyi_py_parse(&out->tree, j->arena, j->name, text,
                               j->text.size, &failed);
        if (status == CVY_FORMAT && failed.line > 0 && bad < MOST_BAD_CELLS)
            CVYI_TRY(to_blame(&cell, &why, j, failed.line, err));
        if (status != CVY_OK && cell == NULL && err != NULL)
            *err = failed;
        if (status == CVY_OK || cell == NULL)
            return status;
        CVYI_TRY(leave_out(j, cell, &why, err));
    }
}

/* ---- for all ---- */

cvy_status cvyi_py_notebook_read(cvyi_py_notebook *out, cvyi_arena *arena,
                                 const char *name, const char *text,
                                 size_t size, cvyi_findings *findings,
                                 cvy_error *err)
{
    joined j = { .arena = arena, .name = name, .findings = findings };
    cvyi_py_notebook made = { 0 };
    cvyi_arena work = { 0 };
    const cvyi_value *value = NULL;
    cvy_status status;

    if (size > MOST_BYTES)
        return cvyi_fail_in(err, CVY_UNSUPPORTED, name,
                            "a notebook of %zu bytes; %zu are the most", size,
                            MOST_BYTES);
    status = cvyi_json_read(&value, &work, text, size, err);
    if (status == CVY_OK)
        status = join(&j, value, err);
    cvyi_arena_close(&work);
    if (status == CVY_OK)
        status = parse(&made, &j, err);
    cvyi_text_close(&j.text);
    if (status != CVY_OK)
        return cvyi_located(err, status, name);
    made.n = j.n;
    made.cells = j.cells;
    *out = made;
    return CVY_OK;
}

const cvyi_py_code_cell *cvyi_py_notebook_cell(
    int *line_in_cell, const cvyi_py_notebook *notebook, int line)
{
    for (int i = 0; i < notebook->n; i++) {
        const cvyi_py_code_cell *const cell = &notebook->cells[i];

        if (line < cell->first || line >= cell->first + cell->n)
            continue;
        *line_in_cell = line - cell->first + 1;
        return cell;
    }
    return NULL;
}

const char *cvyi_py_notebook_place(cvyi_arena *arena,
                                   const cvyi_py_notebook *notebook, int line)
{
    int inside;
    const cvyi_py_code_cell *const cell =
        cvyi_py_notebook_cell(&inside, notebook, line);

    return cell != NULL ? cvyi_arena_printf(arena, "cell %d, line %d",
                                            cell->number, inside)
                        : cvyi_arena_printf(arena, "line %d", line);
}
