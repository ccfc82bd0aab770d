/* python/error.c - statuses become exceptions. */
#include "python/module.h"

#include <stdio.h>

static const struct {
    int code;
    const char *name, *about;
} classes[] = {
    { 1, "convey._convey.ProofFailed",
      "A layer of the port computes something else; the files are kept." },
    { 2, "convey._convey.Usage", "The request itself is wrong." },
    { 3, "convey._convey.Refused",
      "Well-formed, but it cannot be carried over exactly." },
    { 4, "convey._convey.Damaged", "The file is damaged, or is no model." },
    { 5, "convey._convey.System",
      "The system refused something: a file, memory, the disk." },
};

static PyObject *make(const char *name, const char *about, PyObject *base,
                      int code)
{
    PyObject *const dict =
        Py_BuildValue("{s:i,s:O,s:O,s:O,s:()}", "code", code, "report",
                      Py_None, "folder", Py_None, "where", Py_None,
                      "refusals");
    PyObject *made = NULL;

    if (dict != NULL)
        made = PyErr_NewExceptionWithDoc(name, about, base, dict);
    Py_XDECREF(dict);
    return made;
}

bool errors_add(PyObject *module)
{
    state *const s = PyModule_GetState(module);

    s->error = make("convey._convey.Error",
                    "What went wrong; `code` is the command's exit code.",
                    PyExc_Exception, 5);
    if (s->error == NULL || PyModule_AddObjectRef(module, "Error", s->error))
        return false;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        const int code = classes[i].code;
        const char *const name = classes[i].name + sizeof "convey._convey";

        s->of_code[code] =
            make(classes[i].name, classes[i].about, s->error, code);
        if (s->of_code[code] == NULL ||
            PyModule_AddObjectRef(module, name, s->of_code[code]))
            return false;
    }
    return true;
}

static bool set(PyObject *raised, const char *name, PyObject *value)
{
    return value == NULL || PyObject_SetAttrString(raised, name, value) == 0;
}

PyObject *errors_raise(PyObject *module, const cvy_error *error,
                       PyObject *refusals, PyObject *report, PyObject *folder)
{
    const state *const s = PyModule_GetState(module);
    const int code = cvy_status_exit(error->status);
    PyObject *const class = code > 0 && code < MOST_CODES && s->of_code[code]
                                ? s->of_code[code]
                                : s->error;
    PyObject *const text = text_of(error->text);
    PyObject *const where = text_of(error->where);
    PyObject *const raised =
        text ? PyObject_CallFunctionObjArgs(class, text, NULL) : NULL;

    if (code == cvy_status_exit(CVY_INTERRUPTED))
        PyErr_SetNone(PyExc_KeyboardInterrupt);
    else if (raised != NULL && set(raised, "where", where) &&
             set(raised, "refusals", refusals) &&
             set(raised, "report", report) && set(raised, "folder", folder))
        PyErr_SetObject(class, raised);
    Py_XDECREF(text);
    Py_XDECREF(where);
    Py_XDECREF(raised);
    Py_XDECREF(refusals);
    Py_XDECREF(report);
    Py_XDECREF(folder);
    return NULL;
}

static PyObject *record(const cvy_finding *f)
{
    const char *const fields[][2] = {
        { "layer", f->layer },         { "kind", f->kind },
        { "attribute", f->attribute }, { "reason", f->text },
        { "advice", f->advice },       { "where", f->where },
    };
    PyObject *const made = PyDict_New();

    for (size_t i = 0; made != NULL && i < sizeof fields / sizeof *fields;
         i++) {
        PyObject *const text = text_of(fields[i][1]);

        if (text != NULL)
            (void)PyDict_SetItemString(made, fields[i][0], text);
        Py_XDECREF(text);
    }
    return made;
}

PyObject *errors_refusals(cvy_finding (*get)(const void *from, int32_t index),
                          const void *from, int32_t n)
{
    PyObject *const list = PyList_New(0);

    for (int32_t i = 0; list != NULL && i < n; i++) {
        const cvy_finding f = get(from, i);
        PyObject *const made = f.refusal ? record(&f) : NULL;

        if (made != NULL)
            (void)PyList_Append(list, made);
        Py_XDECREF(made);
    }
    return list;
}
