/*
 * pysrc/eval_opaque.c - values that are not known, and containers in doubt.
 *
 * A refusal in a lenient evaluation is forgiven where the innermost
 * expression ends: that expression is opaque, and what stands around it goes
 * on with it.
 */
#include "pysrc/eval_parts.h"

#include <stdarg.h>
#include <stdio.h>

bool cvyi_py_is_lenient(const cvyi_py_eval *eval)
{
    return eval->host->lenient;
}

/* ---- causes ---- */

static cvy_status keep_cause(const cvyi_py_cause **out, cvyi_py_eval *eval,
                             const char *reason, const char *file, int line,
                             cvy_error *err)
{
    cvyi_py_cause *cause;
    cvyi_py_value text;

    CVYI_PY_NEW(cause, eval, 1, err);
    CVYI_TRY(cvyi_py_make_text(&text, eval, reason, strlen(reason), err));
    cause->reason = text.text;
    CVYI_TRY(cvyi_py_make_text(&text, eval, file, strlen(file), err));
    cause->file = text.text;
    cause->line = line;
    *out = cause;
    return CVY_OK;
}

static const char *file_now(const cvyi_py_eval *eval)
{
    return eval->frame != NULL ? eval->frame->file->tree->name : "";
}

cvy_status cvyi_py_make_cause(const cvyi_py_cause **out, cvyi_py_eval *eval,
                              cvy_error *err, const char *format, ...)
{
    char text[sizeof err->text];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return keep_cause(out, eval, text, file_now(eval), cvyi_py_line_now(eval),
                      err);
}

cvyi_py_value cvyi_py_opaque_value(const cvyi_py_cause *cause)
{
    return (cvyi_py_value){ .type = CVYI_PY_V_OPAQUE, .cause = cause };
}

cvy_status cvyi_py_make_opaque(cvyi_py_value *out, cvyi_py_eval *eval,
                               cvy_error *err, const char *format, ...)
{
    const cvyi_py_cause *cause;
    char text[sizeof err->text];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    CVYI_TRY(cvyi_py_make_cause(&cause, eval, err, "%s", text));
    *out = cvyi_py_opaque_value(cause);
    return CVY_OK;
}

const cvyi_py_cause *cvyi_py_origin(const cvyi_py_cause *cause)
{
    return cause != NULL && cause->origin != NULL ? cause->origin : cause;
}

cvy_status cvyi_py_name_opaque(cvyi_py_value *value, cvyi_py_eval *eval,
                               const char *name, cvy_error *err)
{
    cvyi_py_cause *named;

    if (value->type != CVYI_PY_V_OPAQUE)
        return CVY_OK;
    CVYI_PY_NEW(named, eval, 1, err);
    *named = *value->cause;
    named->name = name;
    named->origin = cvyi_py_origin(value->cause);
    *value = cvyi_py_opaque_value(named);
    return CVY_OK;
}

const cvyi_py_cause *cvyi_py_opaque(const cvyi_py_value *value)
{
    switch (value->type) {
    case CVYI_PY_V_OPAQUE:
        return value->cause;
    case CVYI_PY_V_LIST:
    case CVYI_PY_V_TUPLE:
    case CVYI_PY_V_SET:
        return value->seq->doubt;
    case CVYI_PY_V_DICT:
        return value->map->doubt;
    default:
        return NULL;
    }
}

const cvyi_py_cause *cvyi_py_unknown(const cvyi_py_value *value)
{
    if (cvyi_py_is_method(value, CVYI_PY_M_ITERATOR) ||
        cvyi_py_is_method(value, CVYI_PY_M_VIEW))
        value = &value->method->self;
    return cvyi_py_opaque(value);
}

static const cvyi_py_cause *opaque_item(const cvyi_py_seq *tuple)
{
    const cvyi_py_cause *cause = NULL;

    for (int i = 0; cause == NULL && i < tuple->n && i < 64; i++)
        if (tuple->items[i].type != CVYI_PY_V_TUPLE)
            cause = cvyi_py_opaque_within(&tuple->items[i]);
    return cause;
}

const cvyi_py_cause *cvyi_py_opaque_within(const cvyi_py_value *value)
{
    const cvyi_py_cause *cause = cvyi_py_unknown(value);

    if (cause != NULL)
        return cause;
    if (value->type == CVYI_PY_V_TUPLE)
        return opaque_item(value->seq);
    if (value->type == CVYI_PY_V_SLICE) {
        const cvyi_py_value *const parts[] = { value->bounds.start,
                                               value->bounds.stop,
                                               value->bounds.step };

        for (int i = 0; cause == NULL && i < 3; i++)
            cause = cvyi_py_opaque(parts[i]);
    }
    return cause;
}

cvy_status cvyi_py_refuse_cause(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                                cvy_error *err)
{
    eval->raised = NULL;
    eval->refused = cause;
    cvyi_fail_in(err, CVY_UNSUPPORTED, cause->file, "%s", cause->reason);
    if (err != NULL)
        err->line = cause->line;
    return CVY_UNSUPPORTED;
}

cvy_status cvyi_py_refuse_opaque(cvyi_py_eval *eval,
                                 const cvyi_py_value *value, cvy_error *err)
{
    const cvyi_py_cause *const cause = cvyi_py_opaque_within(value);

    if (cause == NULL)
        return cvyi_py_refuse(eval, err, "%s is not known",
                              cvyi_py_describe(eval, value));
    return cvyi_py_refuse_cause(eval, cause, err);
}

/* ---- forgiving ---- */

/* The cause that was refused with, or a new one in the refusal's words. */
static cvy_status cause_of(const cvyi_py_cause **out, cvyi_py_eval *eval,
                           cvy_error *err)
{
    const cvyi_py_cause *const last = eval->refused;
    cvy_error failed = { 0 };

    if (err == NULL)
        return cvyi_py_make_cause(out, eval, err, "this is not evaluated");
    if (last != NULL && err->line == last->line &&
        strncmp(err->text, last->reason, sizeof err->text - 1) == 0) {
        *out = last;
        return CVY_OK;
    }
    failed = *err;
    return keep_cause(out, eval, failed.text,
                      failed.line != 0 && failed.where[0] != '\0'
                          ? failed.where
                          : file_now(eval),
                      failed.line != 0 ? failed.line : cvyi_py_line_now(eval),
                      err);
}

cvy_status cvyi_py_forgive(const cvyi_py_cause **out, cvyi_py_eval *eval,
                           cvy_status status, cvy_error *err)
{
    *out = NULL;
    if (!cvyi_py_is_lenient(eval) || status != CVY_UNSUPPORTED ||
        eval->raised != NULL || eval->over || eval->frame == NULL)
        return status;
    CVYI_TRY(cause_of(out, eval, err));
    eval->forgiven = *out;
    if (err != NULL)
        *err = (cvy_error){ 0 };
    return CVY_OK;
}

cvy_status cvyi_py_forgive_value(cvyi_py_value *out, cvyi_py_eval *eval,
                                 cvy_status status, cvy_error *err)
{
    const cvyi_py_cause *cause;

    if (status == CVY_OK)
        return status;
    CVYI_TRY(cvyi_py_forgive(&cause, eval, status, err));
    *out = cvyi_py_opaque_value(cause);
    return CVY_OK;
}

void cvyi_py_count(cvyi_py_eval *eval, const cvyi_py_value *value)
{
    if (value->type == CVYI_PY_V_OPAQUE)
        return;
    eval->effects++;
    eval->parts += value->type == CVYI_PY_V_HOST && !value->host.type->is_data;
}

cvy_status cvyi_py_meet(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                        const cvyi_py_cause *through,
                        const cvyi_py_value *value, cvy_error *err)
{
    const bool list =
        value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;

    if (eval->host->met == NULL)
        return CVY_OK;
    for (int i = 0; list && i < value->seq->n; i++)
        if (value->seq->items[i].type == CVYI_PY_V_HOST)
            CVYI_TRY(cvyi_py_meet(eval, cause, through, &value->seq->items[i],
                                  err));
    return value->type == CVYI_PY_V_HOST && !value->host.type->is_data
               ? eval->host->met(eval, cause, through, value, err)
               : CVY_OK;
}

/* ---- containers in doubt ---- */

void cvyi_py_mark(const cvyi_py_value *value, const cvyi_py_cause *cause)
{
    if (cvyi_py_is_method(value, CVYI_PY_M_ITERATOR) ||
        cvyi_py_is_method(value, CVYI_PY_M_VIEW))
        value = &value->method->self;
    if (cvyi_py_opaque(value) != NULL)
        return;
    if (value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_SET)
        value->seq->doubt = cause;
    else if (value->type == CVYI_PY_V_DICT)
        value->map->doubt = cause;
}

static bool among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

#define AMONG(name, names) among(name, names, sizeof(names) / sizeof *(names))

/* Of those, what gives nothing but None. */
static const char *const changers[] = {
    "add",    "append", "clear",   "discard", "extend",
    "insert", "remove", "reverse", "sort",    "update",
};

bool cvyi_py_is_mutator(const char *method)
{
    return AMONG(method, changers) || strcmp(method, "pop") == 0 ||
           strcmp(method, "popitem") == 0 || strcmp(method, "setdefault") == 0;
}

/* ---- builtins ---- */

/* What only keeps or ignores its arguments. */
static bool keeps(const cvyi_py_builtin *builtin)
{
    static const char *const functions[] = {
        "classmethod", "dict",     "getattr", "hasattr",      "isinstance",
        "print",       "property", "setattr", "staticmethod",
    };
    static const char *const methods[] = {
        "append", "get", "insert", "pop", "setdefault", "update", "__init__",
    };

    return builtin->is_method ? AMONG(builtin->name, methods)
                              : AMONG(builtin->name, functions);
}

static const cvyi_py_cause *opaque_argument(const cvyi_py_call_args *args)
{
    const cvyi_py_cause *cause = NULL;

    for (int i = 0; cause == NULL && i < args->n; i++)
        cause = cvyi_py_unknown(&args->values[i]);
    for (int i = 0; cause == NULL && i < args->n_keywords; i++)
        cause = cvyi_py_unknown(&args->keyword_values[i]);
    return cause;
}

void cvyi_py_builtin_opaque(cvyi_py_value *out, bool *done,
                            const cvyi_py_builtin *builtin,
                            const cvyi_py_value *self,
                            const cvyi_py_call_args *args)
{
    const cvyi_py_cause *cause = self != NULL ? cvyi_py_unknown(self) : NULL;

    *done = cause != NULL;
    if (cause != NULL && AMONG(builtin->name, changers))
        *out = cvyi_py_none();
    else if (cause != NULL)
        *out = cvyi_py_opaque_value(cause);
    if (cause != NULL || builtin->keeps || keeps(builtin))
        return;
    cause = opaque_argument(args);
    *done = cause != NULL;
    if (cause == NULL)
        return;
    cvyi_py_builtin_failed(builtin, self, args, cause);
    *out = cvyi_py_opaque_value(cause);
}

void cvyi_py_builtin_failed(const cvyi_py_builtin *builtin,
                            const cvyi_py_value *self,
                            const cvyi_py_call_args *args,
                            const cvyi_py_cause *cause)
{
    if (self != NULL && builtin->is_method &&
        cvyi_py_is_mutator(builtin->name))
        cvyi_py_mark(self, cause);
    if (!builtin->is_method && strcmp(builtin->name, "setattr") == 0 &&
        args->n > 0 && args->values[0].type == CVYI_PY_V_INSTANCE)
        args->values[0].instance->doubt = cause;
}

/* ---- calls of what is not known ---- */

static const char *called_name(const cvyi_py_node *call)
{
    const cvyi_py_node *const func =
        call != NULL && call->kind == CVYI_PY_CALL ? call->call.func : NULL;

    if (func == NULL)
        return "";
    return func->kind == CVYI_PY_ATTRIBUTE ? func->attribute.attr
           : func->kind == CVYI_PY_NAME    ? func->name
                                           : "";
}

/* Calls that look at what they are given and leave it as it is. */
static bool only_looks(const char *name)
{
    static const char *const names[] = {
        "apply_gradients",
        "array",
        "asarray",
        "compile",
        "concatenate",
        "critical",
        "debug",
        "deepcopy",
        "dump",
        "dumps",
        "error",
        "eval",
        "evaluate",
        "exception",
        "fit",
        "format",
        "global_norm",
        "gradients",
        "hstack",
        "imsave",
        "info",
        "join",
        "log",
        "mean",
        "merge",
        "minimize",
        "plot",
        "pformat",
        "pprint",
        "predict",
        "print",
        "run",
        "save",
        "savetxt",
        "savez",
        "scatter",
        "stack",
        "std",
        "sum",
        "vstack",
        "warn",
        "warning",
        "write",
        "writelines",
        "writerow",
        "Saver",
        "Print",
        "Namespace",
    };

    return AMONG(name, names);
}

void cvyi_py_mark_arguments(cvyi_py_eval *eval, const cvyi_py_call_args *args,
                            const cvyi_py_cause *cause)
{
    if (only_looks(called_name(cvyi_py_node_now(eval))))
        return;
    for (int i = 0; i < args->n; i++)
        cvyi_py_mark(&args->values[i], cause);
    for (int i = 0; i < args->n_keywords; i++)
        cvyi_py_mark(&args->keyword_values[i], cause);
}

/* ---- presets ---- */

cvy_status cvyi_py_preset(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                          const char *name, cvy_error *err)
{
    cvyi_py_value made;
    bool has = false;

    if (eval->host->preset != NULL)
        CVYI_TRY(cvyi_py_placed(
            eval, eval->host->preset(&made, &has, eval, name, err), err));
    if (has)
        *out = made;
    *found = has;
    return CVY_OK;
}
