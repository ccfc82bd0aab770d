/* pysrc/run_eval.h - Python source, parsed and evaluated, for tests. */
#ifndef CVYT_PYSRC_RUN_EVAL_H
#define CVYT_PYSRC_RUN_EVAL_H

#include "base/memory.h"
#include "check.h"
#include "pysrc/eval_parts.h"
#include "pysrc/parse.h"

static cvy_status know_nothing(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *dotted, cvy_error *err)
{
    (void)out;
    return cvyi_py_refuse(eval, err, "there is no module %s", dotted);
}

static const cvyi_py_host empty_host = { .import = know_nothing };

/* One source that was parsed, and an evaluator over it. */
typedef struct run {
    cvyi_arena arena;
    cvyi_text source;
    cvyi_py_tree tree;
    cvyi_py_eval *eval;
    cvyi_py_module *module;
    cvy_error err;
} run;

static void run_parse(run *r)
{
    cvy_error err = { 0 };

    if (cvyi_py_parse(&r->tree, &r->arena, "net.py", cvyi_text_c(&r->source),
                      r->source.size, &err) != CVY_OK)
        CHECK_FAIL("line %d: %s", (int)err.line, err.text);
}

static cvy_status run_eval(run *r, const cvyi_py_host *host,
                           const cvyi_py_limits *limits)
{
    r->err = (cvy_error){ 0 };
    if (cvyi_py_eval_open(&r->eval, host, limits, &r->err) != CVY_OK)
        return r->err.status;
    return cvyi_py_eval_run(&r->module, r->eval, &r->tree, "net", &r->err);
}

static void run_close(run *r)
{
    cvyi_py_eval_close(r->eval);
    cvyi_text_close(&r->source);
    cvyi_arena_close(&r->arena);
}

/* A row as the body of the function row<i>. */
static void run_add_row(run *r, size_t i, const char *body)
{
    cvyi_text_printf(&r->source, "def row%zu():\n    ", i);
    for (const char *p = body; *p != '\0'; p++) {
        cvyi_text_add(&r->source, p, 1);
        if (*p == '\n')
            cvyi_text_put(&r->source, "    ");
    }
    cvyi_text_put(&r->source, "\n");
}

/* Calls row<i>; its result's repr() goes to `out`. */
static cvy_status run_row(cvyi_text *out, run *r, size_t i)
{
    const cvyi_py_call_args none = { 0 };
    const cvyi_py_value *function;
    cvyi_py_value value;
    char name[32];

    snprintf(name, sizeof name, "row%zu", i);
    function = cvyi_py_names_get(&r->module->names, name);
    r->err = (cvy_error){ 0 };
    CVYI_TRY(cvyi_py_eval_call(&value, r->eval, function, &none, &r->err));
    return cvyi_py_put_repr(out, r->eval, &value, &r->err);
}

typedef struct row {
    const char *body, *want;
} row;

/* Every row returns a value with this repr(). */
static inline void check_rows(const row *rows, size_t n)
{
    run r = { 0 };

    for (size_t i = 0; i < n; i++)
        run_add_row(&r, i, rows[i].body);
    run_parse(&r);
    if (run_eval(&r, &empty_host, NULL) != CVY_OK)
        CHECK_FAIL("line %d: %s", (int)r.err.line, r.err.text);
    for (size_t i = 0; i < n; i++) {
        cvyi_text text = { 0 };

        if (run_row(&text, &r, i) != CVY_OK)
            CHECK_FAIL("%s: %s", rows[i].body, r.err.text);
        if (strcmp(cvyi_text_c(&text), rows[i].want) != 0)
            CHECK_FAIL("%s: %s instead of %s", rows[i].body,
                       cvyi_text_c(&text), rows[i].want);
        cvyi_text_close(&text);
    }
    run_close(&r);
}

/* Every row is refused in these words (or words around them). */
static inline void check_refusals(const row *rows, size_t n)
{
    run r = { 0 };

    for (size_t i = 0; i < n; i++)
        run_add_row(&r, i, rows[i].body);
    run_parse(&r);
    if (run_eval(&r, &empty_host, NULL) != CVY_OK)
        CHECK_FAIL("line %d: %s", (int)r.err.line, r.err.text);
    for (size_t i = 0; i < n; i++) {
        cvyi_text text = { 0 };

        if (run_row(&text, &r, i) != CVY_UNSUPPORTED)
            CHECK_FAIL("%s: gives %s", rows[i].body, cvyi_text_c(&text));
        CHECK_EQ(r.err.status, CVY_UNSUPPORTED);
        if (strstr(r.err.text, rows[i].want) == NULL)
            CHECK_FAIL("%s: \"%s\" instead of \"%s\"", rows[i].body,
                       r.err.text, rows[i].want);
        CHECK(r.err.line > 0);
        CHECK_STR(r.err.where, "net.py");
        cvyi_text_close(&text);
    }
    run_close(&r);
}

#define N_ROWS(rows) (sizeof(rows) / sizeof *(rows))

#endif
