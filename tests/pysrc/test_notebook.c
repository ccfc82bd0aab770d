/* tests/pysrc/test_notebook.c - a notebook is a script. */
#include "check.h"
#include "pysrc/notebook.h"

#include <string.h>

typedef struct reading {
    cvyi_arena arena;
    cvyi_findings findings;
    cvyi_py_notebook notebook;
    cvy_error err;
    cvy_status status;
} reading;

static reading read_notebook(const char *json)
{
    reading r = { 0 };

    r.status = cvyi_py_notebook_read(&r.notebook, &r.arena, "a.ipynb", json,
                                     strlen(json), &r.findings, &r.err);
    return r;
}

static void close_reading(reading *r)
{
    cvyi_findings_close(&r->findings);
    cvyi_arena_close(&r->arena);
}

static void check_script(const char *json, const char *want, int n_remarks)
{
    reading r = read_notebook(json);

    if (r.status != CVY_OK)
        CHECK_FAIL("%s: %s", json, r.err.text);
    if (r.notebook.tree.size != strlen(want) ||
        memcmp(r.notebook.tree.text, want, strlen(want)) != 0)
        CHECK_FAIL("%s gives\n%.*s", json, (int)r.notebook.tree.size,
                   r.notebook.tree.text);
    CHECK_EQ(r.findings.n, n_remarks);
    close_reading(&r);
}

#define CODE(source) "{\"cell_type\": \"code\", \"source\": " source "}"
#define BOOK(cells) "{\"nbformat\": 4, \"cells\": [" cells "]}"

static void code_cells_are_joined(void)
{
    check_script(BOOK(""), "", 0);
    check_script(BOOK(CODE("\"a = 1\"")), "a = 1\n", 0);
    check_script(BOOK(CODE("[\"a = 1\\n\", \"b = 2\"]") ", " CODE("\"c\\n\"")),
                 "a = 1\nb = 2\nc\n", 0);
    check_script(
        BOOK("{\"cell_type\": \"markdown\", \"source\": \"# x\"}, " CODE(
            "\"a\"")),
        "a\n", 0);
    check_script("{\"worksheets\": [{\"cells\": [{\"cell_type\": \"code\", "
                 "\"input\": [\"a = 1\"]}]}]}",
                 "a = 1\n", 0);
}

static void lines_for_the_notebook_are_blank(void)
{
    check_script(BOOK(CODE("\"%matplotlib inline\\na\"")), "\na\n", 0);
    check_script(BOOK(CODE("\"!pip install x\\na\"")), "\na\n", 0);
    check_script(BOOK(CODE("\"?a\\na?\\na.b??\\na\"")), "\n\n\na\n", 0);
    check_script(BOOK(CODE("\"if a:\\n  %time b\\nc\"")), "if a:\n  pass\nc\n",
                 0);
    check_script(BOOK(CODE("\"%%time\\na = 1\"")), "\na = 1\n", 0);
    check_script(BOOK(CODE("\"%%bash\\nls\\necho\"") ", " CODE("\"a\"")),
                 "\n\n\na\n", 0);
    check_script(BOOK(CODE("\"a = (b\\n  % c\\n  != d)\"")),
                 "a = (b\n  % c\n  != d)\n", 0);
}

static void a_cell_that_is_not_python_is_left_out(void)
{
    reading r = read_notebook(BOOK(
        CODE("\"a = 1\"") ", {\"cell_type\": \"markdown\", \"source\": "
                          "\"\"}, " CODE("\"b = 1\\n  c = = 2\"") ", " CODE(
                              "\"d = 1\"")));

    CHECK_EQ(r.status, CVY_OK);
    CHECK_EQ(r.notebook.tree.body.n, 2);
    CHECK_EQ(r.findings.n, 1);
    CHECK(!r.findings.items[0].refusal);
    CHECK(strstr(r.findings.items[0].text, "cell 3 is left out") != NULL);
    CHECK(strstr(r.findings.items[0].text, "line 2: ") != NULL);
    close_reading(&r);
}

/* The error shows in the next cell, or behind the last one. */
static void a_cell_that_is_left_open_is_the_one_left_out(void)
{
    static const char *const open[] = { "\"a = (1,\"", "\"def f():\"",
                                        "\"a = '''x\"" };

    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        for (int last = 0; last < 2; last++) {
            char json[400];
            reading r;

            snprintf(json, sizeof json,
                     "{\"cells\": [" CODE("\"x = 1\"") ", " CODE("%s") "%s]}",
                     open[i], last ? "" : ", " CODE("\"y = 1\""));
            r = read_notebook(json);
            CHECK_EQ(r.status, CVY_OK);
            CHECK_EQ(r.notebook.tree.body.n, last ? 1 : 2);
            CHECK(strstr(r.findings.items[0].text, "cell 2") != NULL);
            close_reading(&r);
        }
}

static void lines_are_told_by_their_cells(void)
{
    reading r =
        read_notebook(BOOK("{\"cell_type\": \"raw\", \"source\": \"\"}, " CODE(
            "\"a\\nb\"") ", " CODE("\"\"") ", " CODE("\"c\\nd\"")));
    static const char *const places[] = { "line 0",         "cell 2, line 1",
                                          "cell 2, line 2", "cell 4, line 1",
                                          "cell 4, line 2", "line 5" };

    CHECK_EQ(r.status, CVY_OK);
    for (int line = 0; line < 6; line++)
        CHECK_STR(cvyi_py_notebook_place(&r.arena, &r.notebook, line),
                  places[line]);
    close_reading(&r);
}

static void what_is_no_notebook_is_refused(void)
{
    static const struct {
        const char *json, *words;
        cvy_status status;
    } rows[] = {
        { "", "", CVY_FORMAT },
        { "[1", "", CVY_FORMAT },
        { "{}", "list of cells", CVY_FORMAT },
        { "[]", "list of cells", CVY_FORMAT },
        { "{\"cells\": 3}", "list of cells", CVY_FORMAT },
        { "{\"worksheets\": []}", "list of cells", CVY_FORMAT },
        { BOOK(CODE("3")), "no text", CVY_FORMAT },
        { BOOK(CODE("[\"a\", 3]")), "no text", CVY_FORMAT },
        { BOOK("{\"cell_type\": \"code\"}"), "no text", CVY_FORMAT },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        reading r = read_notebook(rows[i].json);

        CHECK_EQ(r.status, rows[i].status);
        CHECK_EQ(r.err.status, rows[i].status);
        if (strstr(r.err.text, rows[i].words) == NULL)
            CHECK_FAIL("%s: %s", rows[i].json, r.err.text);
        CHECK_STR(r.err.where, "a.ipynb");
        close_reading(&r);
    }
}

static void refused_allocations_end_in_memory_errors(void)
{
    for (size_t n = 1; n < 100000; n *= 4) {
        reading r;

        cvyi_alloc_refuse(n);
        r = read_notebook(BOOK(CODE("\"a = 1\"")));
        cvyi_alloc_refuse(0);
        close_reading(&r);
        if (r.status == CVY_OK)
            return;
        if (r.status != CVY_MEMORY)
            CHECK_FAIL("allocation %zu: %s", n, r.err.text);
    }
    CHECK_FAIL("%s", "it never ends well");
}

static const check_case cases[] = {
    { "code_cells_are_joined", code_cells_are_joined },
    { "lines_for_the_notebook_are_blank", lines_for_the_notebook_are_blank },
    { "a_cell_that_is_not_python_is_left_out",
      a_cell_that_is_not_python_is_left_out },
    { "a_cell_that_is_left_open_is_the_one_left_out",
      a_cell_that_is_left_open_is_the_one_left_out },
    { "lines_are_told_by_their_cells", lines_are_told_by_their_cells },
    { "what_is_no_notebook_is_refused", what_is_no_notebook_is_refused },
    { "refused_allocations_end_in_memory_errors",
      refused_allocations_end_in_memory_errors },
};
CHECK_MAIN(cases)
