/*
 * python/module.h - the parts of the Python module.
 *
 * It turns Python's types into those of the public headers and back, and a
 * status into an exception; it knows nothing else. Only the stable interface
 * of Python is used, so that one build serves every later version.
 */
#ifndef CONVEY_PYTHON_MODULE_H
#define CONVEY_PYTHON_MODULE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "convey/finding.h"

/* ---- options (options.c) ---- */

typedef enum option_kind {
    OPTION_PATH,   /* const char *, from str or os.PathLike */
    OPTION_TEXT,   /* const char *, from str or None */
    OPTION_FLAG,   /* bool */
    OPTION_NUMBER, /* uint64_t */
    OPTION_TEXTS,  /* const char *const *, with its count at `count` */
} option_kind;

/* One keyword; a table ends with a row without a name. */
typedef struct option {
    const char *name;
    option_kind kind;
    size_t offset, count; /* of fields of the request */
} option;

/* Fills the request from a dict of keywords. The texts are borrowed from what
 * `keep` receives, a new list. False with an exception set. */
bool options_read(void *request, PyObject **keep, const option *table,
                  PyObject *words);

/* ---- exceptions (error.c) ---- */

enum { MOST_CODES = 8 };

/* One class for each exit code of the command. */
typedef struct state {
    PyObject *error, *of_code[MOST_CODES];
} state;

bool errors_add(PyObject *module);
/* Raises what `error` says, with what else is known: new references that are
 * taken over, or NULL. Always returns NULL. */
PyObject *errors_raise(PyObject *module, const cvy_error *error,
                       PyObject *refusals, PyObject *report, PyObject *folder);
/* A list of dicts; NULL with an exception set. */
PyObject *errors_refusals(cvy_finding (*get)(const void *from, int32_t index),
                          const void *from, int32_t n);

/* ---- functions ---- */

PyObject *module_port(PyObject *module, PyObject *args, PyObject *words);
PyObject *module_show(PyObject *module, PyObject *args, PyObject *words);
PyObject *module_explain(PyObject *module, PyObject *args, PyObject *words);
PyObject *module_layer(PyObject *module, PyObject *args, PyObject *words);
PyObject *module_layer_names(PyObject *module, PyObject *args);
PyObject *module_layer_weight(PyObject *module, PyObject *args);
PyObject *module_layer_run(PyObject *module, PyObject *args);
PyObject *module_array_export(PyObject *module, PyObject *args);

/* The text of a library as str, decoded from UTF-8. */
PyObject *text_of(const char *text);

#endif
