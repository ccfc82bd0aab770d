/*
 * verb/run_input.c - arrays from files for the model's inputs.
 *
 * Float32 is used where it stands, in either order of axes. Other types
 * become float32; where that rounds, a remark says so.
 */
#include "codec/npy.h"
#include "tensor/tensor.h"
#include "verb/run.h"

#include <math.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

/* ---- names ---- */

bool cvyi_run_is_named(const char **file, const char *text, const char *name)
{
    const size_t n = strlen(name);

    if (strncmp(text, name, n) != 0 || text[n] != '=')
        return false;
    *file = text + n + 1;
    return true;
}

bool cvyi_run_has_name(const char *text)
{
    const size_t n = strcspn(text, "=/");

    return text[n] == '=';
}

/* "(N, 8, 8, 3)" */
static void put_type(cvyi_text *out, const cvyi_type *type)
{
    cvyi_text_put(out, "(");
    for (int i = 0; i < type->rank; i++) {
        cvyi_text_put(out, i > 0 ? ", " : "");
        cvyi_size_print(out, type->dims[i]);
    }
    cvyi_text_put(out, type->rank == 1 ? ",)" : ")");
}

static void put_dims(cvyi_text *out, const cvy_view *view)
{
    cvyi_text_put(out, "(");
    for (int i = 0; i < view->rank; i++)
        cvyi_text_printf(out, "%s%lld", i > 0 ? ", " : "",
                         (long long)view->dims[i]);
    cvyi_text_put(out, view->rank == 1 ? ",)" : ")");
}

static const cvyi_type *type_of(const cvy_run *run, int input)
{
    const cvyi_graph *const graph = run->source.graph;

    return &graph->results[graph->inputs[input]].type;
}

static cvy_status unknown_name(const cvy_run *run, const char *text,
                               cvy_error *err)
{
    cvyi_text names = { 0 };

    for (int i = 0; i < run->n_inputs; i++)
        cvyi_text_printf(&names, "%s%s", i > 0 ? ", " : "",
                         run->inputs[i].name);
    cvyi_fail(err, CVY_ARGUMENT, "the model has no input \"%.*s\"; it has %s",
              (int)strcspn(text, "="), text, cvyi_text_c(&names));
    cvyi_text_close(&names);
    return CVY_ARGUMENT;
}

static cvy_status give(cvy_run *run, int input, const char *file,
                       cvy_error *err)
{
    cvyi_run_input *const it = &run->inputs[input];

    if (it->file != NULL)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "the input \"%.64s\" is given twice", it->name);
    it->file = cvyi_arena_text(&run->arena, file, strlen(file));
    return it->file != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status give_text(cvy_run *run, const char *text, cvy_error *err)
{
    const char *file;

    for (int i = 0; i < run->n_inputs; i++)
        if (cvyi_run_is_named(&file, text, run->inputs[i].name))
            return give(run, i, file, err);
    if (cvyi_run_has_name(text))
        return unknown_name(run, text, err);
    if (run->n_inputs == 0)
        return cvyi_fail(err, CVY_ARGUMENT, "the model takes no inputs");
    return give(run, 0, text, err);
}

static cvy_status missing(const cvy_run *run, int input, cvy_error *err)
{
    const char *const name = run->inputs[input].name;
    cvyi_text shape = { 0 };

    put_type(&shape, type_of(run, input));
    cvyi_fail(err, CVY_ARGUMENT,
              "the input \"%.64s\" of shape %s is missing: --input "
              "%.64s=FILE.npy",
              name, cvyi_text_c(&shape), name);
    cvyi_text_close(&shape);
    return CVY_ARGUMENT;
}

cvy_status cvyi_run_name_inputs(cvy_run *run, cvy_error *err)
{
    const cvyi_graph *const graph = run->source.graph;
    const cvy_run_options *const o = run->options;

    run->inputs = cvyi_arena_alloc(&run->arena, (size_t)graph->n_inputs,
                                   sizeof *run->inputs);
    if (run->inputs == NULL)
        return cvyi_no_memory(err);
    run->n_inputs = graph->n_inputs;
    for (int i = 0; i < run->n_inputs; i++) {
        const char *const name = graph->results[graph->inputs[i]].name;

        run->inputs[i].name = name != NULL ? name : "input";
    }
    for (int i = 0; i < o->n_inputs; i++)
        CVYI_TRY(give_text(run, o->inputs[i], err));
    for (int i = 0; i < run->n_inputs; i++)
        if (run->inputs[i].file == NULL)
            return missing(run, i, err);
    return CVY_OK;
}

/* ---- types ---- */

static bool may_round(cvy_dtype dtype)
{
    return dtype == CVY_F64 || dtype == CVY_I64 || dtype == CVY_I32;
}

/* Does float32 hold the number? A double does not hold every int64. */
static bool is_kept(const cvy_view *from, const cvy_view *to,
                    const int64_t *at)
{
    const double wide = cvyi_at(from, at), narrow = cvyi_at(to, at);
    int64_t whole;

    if (from->dtype != CVY_I64 || fabs(wide) < 9007199254740992.0)
        return wide == narrow || isnan(wide);
    memcpy(&whole, (const char *)from->data + cvyi_offset(from, at) * 8,
           sizeof whole);
    return narrow < 9223372036854775808.0 && (int64_t)narrow == whole;
}

static cvy_status remark_rounding(cvy_run *run, const cvyi_run_input *input,
                                  const cvy_view *from, cvy_error *err)
{
    int64_t at[CVY_MAX_RANK] = { 0 }, n = 0;
    char text[160];

    do {
        n += !is_kept(from, &input->owned, at);
    } while (cvyi_next(from->rank, from->dims, at));
    if (n == 0)
        return CVY_OK;
    snprintf(text, sizeof text,
             "%lld of %lld numbers of type %s are rounded to float32",
             (long long)n, (long long)cvy_view_count(from),
             cvy_dtype_name(from->dtype));
    return cvyi_remark(&run->findings, input->name, text, err);
}

static cvy_status make_float(cvy_run *run, cvyi_run_input *input,
                             cvy_error *err)
{
    const cvy_view from = input->view;

    if (from.dtype == CVY_F32 && (uintptr_t)from.data % alignof(float) == 0)
        return CVY_OK;
    CVYI_TRY(
        cvyi_tensor_open(&input->owned, CVY_F32, from.rank, from.dims, err));
    CVYI_TRY(cvyi_copy(&input->owned, &from, err));
    input->view = input->owned;
    return may_round(from.dtype) ? remark_rounding(run, input, &from, err)
                                 : CVY_OK;
}

/* ---- shapes ---- */

static cvy_status misfit(const cvy_run *run, int input, const char *why,
                         cvy_error *err)
{
    cvyi_text has = { 0 }, want = { 0 };

    put_dims(&has, &run->inputs[input].view);
    put_type(&want, type_of(run, input));
    cvyi_fail_in(err, CVY_SHAPE, run->inputs[input].name,
                 "the array of shape %.60s does not fit the input's %.80s%s",
                 cvyi_text_c(&has), cvyi_text_c(&want), why);
    cvyi_text_close(&has);
    cvyi_text_close(&want);
    return CVY_SHAPE;
}

/* A symbol has one value, whichever input says it. */
static cvy_status solve(cvy_run *run, int input, const char *symbol, int64_t n,
                        cvy_error *err)
{
    char why[160];

    for (int i = 0; i < run->n_symbols; i++) {
        if (strcmp(run->symbols[i], symbol) != 0)
            continue;
        if (run->sizes[i] == n)
            return CVY_OK;
        snprintf(why, sizeof why, ": %s is %lld in \"%.40s\"", symbol,
                 (long long)run->sizes[i],
                 run->inputs[run->symbol_input[i]].name);
        return misfit(run, input, why, err);
    }
    if (run->n_symbols == CVYI_RUN_SYMBOLS)
        return cvyi_fail(err, CVY_UNSUPPORTED, "more than %d unknown sizes",
                         CVYI_RUN_SYMBOLS);
    run->symbols[run->n_symbols] = symbol;
    run->symbol_input[run->n_symbols] = input;
    run->sizes[run->n_symbols++] = n;
    return CVY_OK;
}

static cvy_status fit(cvy_run *run, int input, cvy_error *err)
{
    const cvyi_type *const type = type_of(run, input);
    const cvy_view *const view = &run->inputs[input].view;

    if (view->rank != type->rank)
        return misfit(run, input, "", err);
    for (int i = 0; i < type->rank; i++) {
        const char *const symbol = cvyi_size_symbol_name(type->dims[i]);
        int64_t fixed;

        if (view->dims[i] < 1)
            return misfit(run, input, ": it is empty", err);
        if (symbol != NULL)
            CVYI_TRY(solve(run, input, symbol, view->dims[i], err));
        else if (cvyi_size_constant(&fixed, type->dims[i]) &&
                 fixed != view->dims[i])
            return misfit(run, input, "", err);
    }
    return CVY_OK;
}

/* Sizes that follow from others: "2 * H". */
static cvy_status fit_rest(cvy_run *run, int input, cvy_error *err)
{
    const cvyi_type *const type = type_of(run, input);

    for (int i = 0; i < type->rank; i++) {
        int64_t n;

        if (!cvyi_size_eval(&n, type->dims[i], run->symbols, run->sizes,
                            run->n_symbols) ||
            n != run->inputs[input].view.dims[i])
            return misfit(run, input, "", err);
    }
    return CVY_OK;
}

/* ---- files ---- */

static cvy_status open_array(cvy_run *run, cvyi_run_input *input,
                             cvy_error *err)
{
    CVYI_TRY(cvyi_file_map(&input->bytes, input->file, err));
    return cvyi_located(err,
                        cvyi_npy_open(&input->view, &run->arena,
                                      input->bytes.bytes, input->bytes.size,
                                      err),
                        input->file);
}

/* Shapes first: what does not fit is not converted. */
cvy_status cvyi_run_read_inputs(cvy_run *run, cvy_error *err)
{
    for (int i = 0; i < run->n_inputs; i++) {
        CVYI_TRY(open_array(run, &run->inputs[i], err));
        CVYI_TRY(fit(run, i, err));
    }
    for (int i = 0; i < run->n_inputs; i++) {
        CVYI_TRY(fit_rest(run, i, err));
        CVYI_TRY(make_float(run, &run->inputs[i], err));
    }
    return CVY_OK;
}
