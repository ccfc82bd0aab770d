/* pysrc/eval.c - the evaluator's life, its limits and its errors. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include "pysrc/eval_module.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

enum {
    DEFAULT_STEPS = 20 * 1000 * 1000,
    DEFAULT_DEPTH = 150,
    DEFAULT_MIB = 256,
    DEFAULT_SECONDS = 30,
    STEPS_BETWEEN_LOOKS = 2048,
};

static double now(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static cvyi_py_limits with_defaults(const cvyi_py_limits *given)
{
    cvyi_py_limits limits = { 0 };

    if (given != NULL)
        limits = *given;
    if (limits.steps == 0)
        limits.steps = DEFAULT_STEPS;
    if (limits.depth == 0)
        limits.depth = DEFAULT_DEPTH;
    if (limits.memory == 0)
        limits.memory = (size_t)DEFAULT_MIB << 20;
    if (limits.seconds == 0)
        limits.seconds = DEFAULT_SECONDS;
    return limits;
}

cvy_status cvyi_py_eval_open(cvyi_py_eval **out, const cvyi_py_host *host,
                             const cvyi_py_limits *limits, cvy_error *err)
{
    cvyi_py_eval *const eval = cvyi_alloc(1, sizeof *eval);
    cvy_status status;

    if (eval == NULL)
        return cvyi_no_memory(err);
    eval->host = host;
    eval->limits = with_defaults(limits);
    eval->began = now();
    CVYI_TRY_OR(status, cvyi_py_open_builtins(eval, err), failed);
    CVYI_TRY_OR(status, cvyi_py_open_exceptions(eval, err), failed);
    *out = eval;
    return CVY_OK;

failed:
    cvyi_py_eval_close(eval);
    return status;
}

void cvyi_py_eval_close(cvyi_py_eval *eval)
{
    if (eval == NULL)
        return;
    cvyi_arena_close(&eval->arena);
    cvyi_free(eval);
}

/* The text that a file begins with, or None. */
static cvyi_py_value docstring(const cvyi_py_tree *tree)
{
    const cvyi_py_node *const first =
        tree->body.n > 0 ? tree->body.items[0] : NULL;
    const cvyi_py_node *const value =
        first != NULL && first->kind == CVYI_PY_EXPR ? first->value : NULL;
    const char *const text = value != NULL &&
                                     value->kind == CVYI_PY_CONSTANT &&
                                     value->constant.kind == CVYI_PY_PLAIN
                                 ? cvyi_as_text(&value->constant.value)
                                 : NULL;

    return text != NULL ? cvyi_py_text_value(text) : cvyi_py_none();
}

cvy_status cvyi_py_make_file(cvyi_py_file **out, cvyi_py_eval *eval,
                             const cvyi_py_tree *tree, const char *name,
                             cvy_error *err)
{
    cvyi_py_file *file;
    cvyi_py_value value;

    CVYI_PY_NEW(file, eval, 1, err);
    CVYI_PY_NEW(file->module, eval, 1, err);
    file->tree = tree;
    file->python2 = tree->rewritten;
    CVYI_TRY(cvyi_py_make_text(&value, eval, name, strlen(name), err));
    file->module->name = value.text;
    file->scope.names = &file->module->names;
    CVYI_TRY(cvyi_py_bound_of_file(&file->scope.bound, eval, tree, err));
    CVYI_TRY(
        cvyi_py_names_set(eval, file->scope.names, "__name__", &value, err));
    CVYI_TRY(
        cvyi_py_make_text(&value, eval, tree->name, strlen(tree->name), err));
    CVYI_TRY(
        cvyi_py_names_set(eval, file->scope.names, "__file__", &value, err));
    value = docstring(tree);
    CVYI_TRY(
        cvyi_py_names_set(eval, file->scope.names, "__doc__", &value, err));
    file->package = eval->host->package;
    *out = file;
    return CVY_OK;
}

cvy_status cvyi_py_eval_run(cvyi_py_module **out, cvyi_py_eval *eval,
                            const cvyi_py_tree *tree, const char *name,
                            cvy_error *err)
{
    cvyi_py_file *file;

    if (eval->frame == NULL)
        eval->over = false;
    CVYI_TRY(cvyi_py_make_file(&file, eval, tree, name, err));
    return cvyi_py_run_file(out, eval, file, err);
}

cvy_status cvyi_py_run_file(cvyi_py_module **out, cvyi_py_eval *eval,
                            cvyi_py_file *file, cvy_error *err)
{
    cvyi_py_frame frame = { .back = eval->frame, .file = file };
    cvy_error ours = { 0 };
    cvyi_py_flow flow;
    cvy_status status;

    if (err == NULL)
        err = &ours;
    if (eval->depth >= eval->limits.depth)
        return cvyi_py_end(eval, err, "files load each other too deeply");
    frame.scope = &frame.file->scope;
    eval->frame = &frame;
    eval->depth++;
    status = cvyi_py_body(&flow, eval, &file->tree->body, err);
    if (status == CVY_OK && flow != CVYI_PY_GO_ON)
        status =
            cvyi_py_refuse(eval, err, "%s outside of a %s",
                           flow == CVYI_PY_DO_RETURN ? "return" : "break",
                           flow == CVYI_PY_DO_RETURN ? "function" : "loop");
    eval->depth--;
    eval->frame = frame.back;
    if (cvyi_py_is_lenient(eval) && frame.back == NULL &&
        cvyi_py_threw(eval, status, "SystemExit")) {
        eval->raised = NULL;
        status = CVY_OK;
    }
    if (status == CVY_OK)
        *out = frame.file->module;
    return status;
}

/* ---- limits ---- */

cvy_status cvyi_py_room(cvyi_py_eval *eval, size_t n, size_t size,
                        cvy_error *err)
{
    size_t bytes;

    if (!cvyi_mul(&bytes, n, size) || !cvyi_add(&bytes, bytes, eval->memory) ||
        bytes > eval->limits.memory)
        return cvyi_py_end(eval, err,
                           "the source needs more than %zu MiB of values",
                           eval->limits.memory >> 20);
    return CVY_OK;
}

void *cvyi_py_alloc(cvyi_py_eval *eval, size_t n, size_t size, cvy_error *err)
{
    void *p;

    eval->fault = cvyi_py_room(eval, n, size, err);
    if (eval->fault != CVY_OK)
        return NULL;
    p = cvyi_arena_alloc(&eval->arena, n > 0 ? n : 1, size);
    if (p == NULL) {
        eval->raised = NULL;
        eval->fault = cvyi_no_memory(err);
        return NULL;
    }
    eval->memory += n * size;
    return p;
}

cvy_status cvyi_py_tick(cvyi_py_eval *eval, int64_t n, cvy_error *err)
{
    if (n > eval->limits.steps - eval->steps)
        return cvyi_py_end(eval, err, "the source takes more than %lld steps",
                           (long long)eval->limits.steps);
    eval->steps += n;
    if (eval->steps < eval->next_look)
        return CVY_OK;
    eval->next_look = eval->steps + STEPS_BETWEEN_LOOKS;
    if (now() - eval->began > eval->limits.seconds)
        return cvyi_py_end(eval, err, "the source takes more than %g seconds",
                           eval->limits.seconds);
    return CVY_OK;
}

cvy_status cvyi_py_enter(cvyi_py_eval *eval, cvy_error *err)
{
    if (eval->nesting >= CVYI_PY_NESTING)
        return cvyi_py_end(eval, err,
                           "calls and values are nested too deeply");
    eval->nesting++;
    return CVY_OK;
}

/* ---- errors ---- */

cvy_status cvyi_py_placed(cvyi_py_eval *eval, cvy_status status,
                          cvy_error *err)
{
    if (err == NULL || err->line != 0 || eval->frame == NULL ||
        status != CVY_UNSUPPORTED)
        return status;
    err->line = eval->frame->line;
    return cvyi_located(err, status, eval->frame->file->tree->name);
}

cvy_status cvyi_py_refuse(cvyi_py_eval *eval, cvy_error *err,
                          const char *format, ...)
{
    char text[sizeof err->text];
    va_list args;

    eval->raised = NULL;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return cvyi_py_placed(eval, cvyi_fail(err, CVY_UNSUPPORTED, "%s", text),
                          err);
}

cvy_status cvyi_py_end(cvyi_py_eval *eval, cvy_error *err, const char *format,
                       ...)
{
    char text[sizeof err->text];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    eval->over = true;
    return cvyi_py_refuse(eval, err, "%s", text);
}

/* The instance has no `args`: its text is ours and not Python's. */
cvy_status cvyi_py_throw(cvyi_py_eval *eval, cvy_error *err, const char *name,
                         const char *format, ...)
{
    const cvyi_py_value *const class_ =
        cvyi_py_names_get(&eval->builtins, name);
    char text[sizeof err->text];
    cvyi_py_value *raised;
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    CVYI_PY_NEW(raised, eval, 1, err);
    raised->type = CVYI_PY_V_INSTANCE;
    CVYI_PY_NEW(raised->instance, eval, 1, err);
    raised->instance->class_ = class_->class_;
    raised->instance->line = cvyi_py_line_now(eval);
    (void)cvyi_py_refuse(eval, err, "%s: %s", name, text);
    eval->raised = raised;
    return CVY_UNSUPPORTED;
}

bool cvyi_py_is_python2(const cvyi_py_eval *eval)
{
    return eval->frame != NULL && eval->frame->file->python2;
}

bool cvyi_py_threw(const cvyi_py_eval *eval, cvy_status status,
                   const char *name)
{
    return status == CVY_UNSUPPORTED && eval->raised != NULL &&
           cvyi_py_derived(eval->raised->instance->class_,
                           cvyi_py_names_get(&eval->builtins, name));
}

/* ---- for the host ---- */

void *cvyi_py_context(const cvyi_py_eval *eval)
{
    return eval->host->context;
}

cvyi_arena *cvyi_py_arena(cvyi_py_eval *eval)
{
    return &eval->arena;
}

const cvyi_py_value *cvyi_py_eval_builtin(const cvyi_py_eval *eval,
                                          const char *name)
{
    return cvyi_py_names_get(&eval->builtins, name);
}

int cvyi_py_line_now(const cvyi_py_eval *eval)
{
    return eval->frame != NULL ? eval->frame->line : 0;
}

const cvyi_py_tree *cvyi_py_tree_now(const cvyi_py_eval *eval)
{
    return eval->frame != NULL ? eval->frame->file->tree : NULL;
}

const cvyi_py_node *cvyi_py_node_now(const cvyi_py_eval *eval)
{
    return eval->frame != NULL ? eval->frame->node : NULL;
}
