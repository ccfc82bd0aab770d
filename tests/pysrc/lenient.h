/*
 * pysrc/lenient.h - a lenient host for tests, and rows of whole files.
 *
 * `import kit` is known: kit.part makes a part of a network, kit.data plain
 * data. All other modules are not read.
 */
#ifndef CVYT_PYSRC_LENIENT_H
#define CVYT_PYSRC_LENIENT_H

#include "pysrc/run_eval.h"

static const cvyi_py_host_type part_type, data_type, maker_type, kit_type;
static int n_made;

static cvy_status make(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_host_type *const type = self->host.data;

    if (args->n > 0 && args->values[0].type == CVYI_PY_V_TEXT)
        return cvyi_py_refuse(eval, err, "no part is called %s",
                              args->values[0].text);
    n_made++;
    *out = cvyi_py_host_value(type, NULL);
    return CVY_OK;
}

static cvy_status unsure(bool *out, cvyi_py_eval *eval,
                         const cvyi_py_value *self, cvy_error *err)
{
    (void)out;
    (void)self;
    return cvyi_py_refuse(eval, err, "a part is neither true nor false");
}

static const cvyi_py_host_type part_type = { .name = "a part",
                                             .truth = unsure };
static const cvyi_py_host_type data_type = { .name = "data", .is_data = true };
static const cvyi_py_host_type maker_type = { .name = "a maker",
                                              .call = make };

static cvy_status import_kit(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *dotted, cvy_error *err)
{
    if (strcmp(dotted, "kit") == 0)
        *out = cvyi_py_host_value(&kit_type, NULL);
    else if (strcmp(dotted, "kit.part") == 0)
        *out = cvyi_py_host_value(&maker_type, (void *)&part_type);
    else if (strcmp(dotted, "kit.data") == 0)
        *out = cvyi_py_host_value(&maker_type, (void *)&data_type);
    else
        return cvyi_py_refuse(eval, err, "there is no module %s", dotted);
    return CVY_OK;
}

static cvy_status kit_get(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *self, const char *name,
                          cvy_error *err)
{
    char dotted[80];

    (void)self;
    snprintf(dotted, sizeof dotted, "kit.%s", name);
    return import_kit(out, eval, dotted, err);
}

static const cvyi_py_host_type kit_type = { .name = "kit", .get = kit_get };

static cvy_status preset(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                         const char *name, cvy_error *err)
{
    (void)eval;
    (void)err;
    *found = strcmp(name, "PRESET") == 0;
    if (*found)
        *out = cvyi_py_int(7);
    return CVY_OK;
}

static const cvyi_py_host lenient = { .import = import_kit,
                                      .lenient = true,
                                      .preset = preset };

/* ---- rows: a file, and what `r` is at its end ---- */

/* "?reason" stands for an opaque value whose reason has these words. */
static bool agrees(run *r, const char *want)
{
    const cvyi_py_value *const value =
        cvyi_py_names_get(&r->module->names, "r");
    const cvyi_py_cause *cause;
    cvyi_text text = { 0 };
    bool same;

    if (value == NULL)
        return strcmp(want, "-") == 0;
    cause = cvyi_py_opaque(value);
    if (cause != NULL)
        return want[0] == '?' && strstr(cause->reason, want + 1) != NULL &&
               cause->line > 0 && strcmp(cause->file, "net.py") == 0;
    if (cvyi_py_put_repr(&text, r->eval, value, &r->err) != CVY_OK) {
        cvyi_text_close(&text);
        return want[0] == '!' && strstr(r->err.text, want + 1) != NULL;
    }
    same = strcmp(cvyi_text_c(&text), want) == 0;
    cvyi_text_close(&text);
    return same;
}

static const char *shown(run *r)
{
    static char line[300];
    const cvyi_py_value *const value =
        r->module != NULL ? cvyi_py_names_get(&r->module->names, "r") : NULL;
    const cvyi_py_cause *const cause =
        value != NULL ? cvyi_py_opaque(value) : NULL;
    cvyi_text text = { 0 };

    if (cause != NULL)
        snprintf(line, sizeof line, "?%s", cause->reason);
    else if (value != NULL &&
             cvyi_py_put_repr(&text, r->eval, value, &r->err) == CVY_OK)
        snprintf(line, sizeof line, "%s", cvyi_text_c(&text));
    else
        snprintf(line, sizeof line, "line %d: %s", (int)r->err.line,
                 r->err.text);
    cvyi_text_close(&text);
    return line;
}

/* The statements of row i, of all that were parsed at once. */
static inline cvyi_py_tree part_of(const cvyi_py_tree *all, int first,
                                   int last)
{
    cvyi_py_tree part = *all;
    int from = 0, to;

    while (from < all->body.n && all->body.items[from]->line < first)
        from++;
    for (to = from; to < all->body.n && all->body.items[to]->line <= last;)
        to++;
    part.body = (cvyi_py_list){ to - from, all->body.items + from };
    return part;
}

static inline int lines_of(const char *text)
{
    int n = 0;

    for (; *text != '\0'; text++)
        n += *text == '\n';
    return n;
}

static inline bool check_file(run *r, const row *one, const cvyi_py_host *host)
{
    static const cvyi_py_limits limits = { .steps = 2 * 1000 * 1000 };
    const cvy_status status = run_eval(r, host, &limits);
    const bool good = status == CVY_OK
                          ? agrees(r, one->want)
                          : one->want[0] == '!' &&
                                strstr(r->err.text, one->want + 1) != NULL;

    if (!good)
        print_error("%s\n  gives %s instead of %s\n", one->body, shown(r),
                    one->want);
    cvyi_py_eval_close(r->eval);
    r->eval = NULL;
    r->module = NULL;
    return good;
}

/* Each row is a file of its own, behind the imports. */
static inline void check_files_of(const row *rows, size_t n,
                                  const cvyi_py_host *host,
                                  const char *imports)
{
    cvyi_py_tree all;
    run r = { 0 };
    bool good = true;
    int line = 1;

    for (size_t i = 0; i < n; i++)
        cvyi_text_printf(&r.source, "%s%s\n", imports, rows[i].body);
    run_parse(&r);
    all = r.tree;
    for (size_t i = 0; i < n; i++) {
        const int last = line + lines_of(imports) + lines_of(rows[i].body);

        r.tree = part_of(&all, line, last);
        good = check_file(&r, &rows[i], host) && good;
        line = last + 1;
    }
    run_close(&r);
    CHECK(good);
}

static inline void check_files(const row *rows, size_t n)
{
    check_files_of(rows, n, &lenient, "import what, kit\n");
}

#endif
