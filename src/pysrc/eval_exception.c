/* pysrc/eval_exception.c - the classes of Python's exceptions. */
#include "pysrc/eval_parts.h"

static const struct {
    const char *name, *base;
} classes[] = {
    { "BaseException", NULL },
    { "Exception", "BaseException" },
    { "KeyboardInterrupt", "BaseException" },
    { "SystemExit", "BaseException" },
    { "ArithmeticError", "Exception" },
    { "OverflowError", "ArithmeticError" },
    { "ZeroDivisionError", "ArithmeticError" },
    { "AssertionError", "Exception" },
    { "AttributeError", "Exception" },
    { "ImportError", "Exception" },
    { "ModuleNotFoundError", "ImportError" },
    { "LookupError", "Exception" },
    { "IndexError", "LookupError" },
    { "KeyError", "LookupError" },
    { "MemoryError", "Exception" },
    { "NameError", "Exception" },
    { "UnboundLocalError", "NameError" },
    { "OSError", "Exception" },
    { "FileNotFoundError", "OSError" },
    { "RuntimeError", "Exception" },
    { "NotImplementedError", "RuntimeError" },
    { "RecursionError", "RuntimeError" },
    { "StopIteration", "Exception" },
    { "SyntaxError", "Exception" },
    { "TypeError", "Exception" },
    { "ValueError", "Exception" },
    { "UnicodeError", "ValueError" },
    { "Warning", "Exception" },
    { "DeprecationWarning", "Warning" },
    { "FutureWarning", "Warning" },
    { "RuntimeWarning", "Warning" },
    { "UserWarning", "Warning" },
};

static cvy_status init(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value args;

    CVYI_TRY(cvyi_py_make_seq(&args, eval, CVYI_PY_V_TUPLE, given->rest,
                              given->n_rest, err));
    *out = cvyi_py_none();
    return cvyi_py_names_set(eval, &given->self->instance->names, "args",
                             &args, err);
}

/* One argument: its text; else the tuple's. What the evaluator itself threw
 * has no arguments: Python's words are not known. */
static cvy_status str(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_instance *const instance = given->self->instance;
    const cvyi_py_value *const args =
        cvyi_py_names_get(&instance->names, "args");
    cvyi_text text = { 0 };
    cvy_status status = CVY_OK;

    if (args == NULL || args->type != CVYI_PY_V_TUPLE)
        return cvyi_py_refuse(eval, err, "the text of Python's own %s",
                              instance->class_->name);
    if (strcmp(instance->class_->name, "KeyError") == 0 && args->seq->n == 1)
        status = cvyi_py_put_repr(&text, eval, &args->seq->items[0], err);
    else if (args->seq->n == 1)
        status = cvyi_py_put_str(&text, eval, &args->seq->items[0], err);
    else if (args->seq->n > 1)
        status = cvyi_py_put_repr(&text, eval, args, err);
    if (status != CVY_OK) {
        cvyi_text_close(&text);
        return status;
    }
    return cvyi_py_make_gathered(out, eval, &text, err);
}

static const cvyi_py_builtin methods[] = {
    { .name = "__init__",
      .signature = "*",
      .run = init,
      .is_method = true,
      .type = CVYI_PY_V_INSTANCE },
    { .name = "__str__",
      .signature = "",
      .run = str,
      .is_method = true,
      .type = CVYI_PY_V_INSTANCE },
};

static cvy_status add_methods(cvyi_py_eval *eval, cvyi_py_class *class_,
                              cvy_error *err)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        const cvyi_py_value value = cvyi_py_builtin_value(&methods[i]);

        CVYI_TRY(cvyi_py_names_set(eval, &class_->names, methods[i].name,
                                   &value, err));
    }
    return CVY_OK;
}

static cvy_status add_class(cvyi_py_eval *eval, const char *name,
                            const char *base, cvy_error *err)
{
    cvyi_py_class *class_;
    cvyi_py_value *bases, value;

    CVYI_PY_NEW(class_, eval, 1, err);
    CVYI_PY_NEW(bases, eval, 1, err);
    class_->name = name;
    class_->bases = bases;
    if (base != NULL) {
        bases[0] = *cvyi_py_names_get(&eval->builtins, base);
        class_->n_bases = 1;
    } else {
        CVYI_TRY(add_methods(eval, class_, err));
    }
    CVYI_TRY(cvyi_py_class_order(eval, class_, err));
    value = cvyi_py_class_value(class_);
    return cvyi_py_names_set(eval, &eval->builtins, name, &value, err);
}

/* Those that no network raises, but that scripts name. */
static const struct {
    const char *name, *base;
} more_classes[] = {
    { "GeneratorExit", "BaseException" },
    { "BufferError", "Exception" },
    { "EOFError", "Exception" },
    { "FloatingPointError", "ArithmeticError" },
    { "ReferenceError", "Exception" },
    { "StandardError", "Exception" },
    { "StopAsyncIteration", "Exception" },
    { "SystemError", "Exception" },
    { "IOError", "OSError" },
    { "EnvironmentError", "OSError" },
    { "BlockingIOError", "OSError" },
    { "ConnectionError", "OSError" },
    { "FileExistsError", "OSError" },
    { "InterruptedError", "OSError" },
    { "IsADirectoryError", "OSError" },
    { "NotADirectoryError", "OSError" },
    { "PermissionError", "OSError" },
    { "ProcessLookupError", "OSError" },
    { "TimeoutError", "OSError" },
    { "IndentationError", "SyntaxError" },
    { "UnicodeDecodeError", "UnicodeError" },
    { "UnicodeEncodeError", "UnicodeError" },
    { "BytesWarning", "Warning" },
    { "ImportWarning", "Warning" },
    { "PendingDeprecationWarning", "Warning" },
    { "ResourceWarning", "Warning" },
    { "SyntaxWarning", "Warning" },
    { "UnicodeWarning", "Warning" },
};

cvy_status cvyi_py_open_exceptions(cvyi_py_eval *eval, cvy_error *err)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        CVYI_TRY(add_class(eval, classes[i].name, classes[i].base, err));
    if (!cvyi_py_is_lenient(eval))
        return CVY_OK;
    for (size_t i = 0; i < sizeof more_classes / sizeof *more_classes; i++)
        CVYI_TRY(
            add_class(eval, more_classes[i].name, more_classes[i].base, err));
    return CVY_OK;
}
