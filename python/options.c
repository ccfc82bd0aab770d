/* python/options.c - keywords become the fields of a request. */
#include "python/module.h"

#include <string.h>

/* UTF-8 of a str; the bytes live in `keep`. */
static const char *text_in(PyObject *keep, PyObject *bytes)
{
    char *text = NULL;
    Py_ssize_t n;

    if (bytes == NULL)
        return NULL;
    if (PyList_Append(keep, bytes) == 0 &&
        PyBytes_AsStringAndSize(bytes, &text, &n) == 0 &&
        strlen(text) != (size_t)n) {
        PyErr_SetString(PyExc_ValueError, "embedded null character");
        text = NULL;
    }
    Py_DECREF(bytes);
    return text;
}

static bool read_path(const char **field, PyObject *keep, PyObject *value)
{
    PyObject *bytes = NULL;

    if (!PyUnicode_FSConverter(value, &bytes))
        return false;
    *field = text_in(keep, bytes);
    return *field != NULL;
}

static bool read_text(const char **field, PyObject *keep, PyObject *value)
{
    if (!PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "expected str, not %R", value);
        return false;
    }
    *field = text_in(keep, PyUnicode_AsUTF8String(value));
    return *field != NULL;
}

/* The array of pointers lives in a bytes object of its own. */
static bool read_texts(const char *const **field, int32_t *count,
                       PyObject *keep, PyObject *value)
{
    const Py_ssize_t n = PyUnicode_Check(value) ? -1 : PySequence_Size(value);
    const char **items;
    PyObject *room;

    if (n < 0 || n > 1000) {
        PyErr_SetString(PyExc_TypeError, "expected a list of str");
        return false;
    }
    room =
        PyBytes_FromStringAndSize(NULL, (n + 1) * (Py_ssize_t)sizeof *items);
    if (room == NULL || PyList_Append(keep, room) != 0) {
        Py_XDECREF(room);
        return false;
    }
    items = (const char **)(void *)PyBytes_AsString(room);
    Py_DECREF(room);
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *const item = PySequence_GetItem(value, i);
        const bool done = item != NULL && read_text(&items[i], keep, item);

        Py_XDECREF(item);
        if (!done)
            return false;
    }
    *field = items;
    *count = (int32_t)n;
    return true;
}

static bool read_one(char *request, PyObject *keep, const option *row,
                     PyObject *value)
{
    void *const field = request + row->offset;
    int truth;

    if (value == Py_None)
        return true;
    switch (row->kind) {
    case OPTION_PATH:
        return read_path(field, keep, value);
    case OPTION_TEXT:
        return read_text(field, keep, value);
    case OPTION_FLAG:
        truth = PyObject_IsTrue(value);
        *(bool *)field = truth == 1;
        return truth >= 0;
    case OPTION_NUMBER:
        *(uint64_t *)field = PyLong_AsUnsignedLongLong(value);
        return PyErr_Occurred() == NULL;
    case OPTION_TEXTS:
        break;
    }
    return read_texts(field, (int32_t *)(void *)(request + row->count), keep,
                      value);
}

static const option *find(const option *table, PyObject *word)
{
    for (; table->name != NULL; table++)
        if (PyUnicode_CompareWithASCIIString(word, table->name) == 0)
            return table;
    PyErr_Format(PyExc_TypeError, "there is no option %R", word);
    return NULL;
}

bool options_read(void *request, PyObject **keep, const option *table,
                  PyObject *words)
{
    PyObject *const kept = PyList_New(0);
    PyObject *word, *value;
    Py_ssize_t at = 0;
    bool done = kept != NULL;

    while (done && words != NULL && PyDict_Next(words, &at, &word, &value)) {
        const option *const row = find(table, word);

        done = row != NULL && read_one(request, kept, row, value);
    }
    if (done)
        *keep = kept;
    else
        Py_XDECREF(kept);
    return done;
}
