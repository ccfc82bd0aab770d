/* python/show.c - what is in a model file. */
#include "convey/show.h"
#include "python/module.h"

static const option options[] = {
    { "source", OPTION_PATH, offsetof(cvy_show_options, source), 0 },
    { "to", OPTION_TEXT, offsetof(cvy_show_options, target), 0 },
    { "after", OPTION_TEXT, offsetof(cvy_show_options, after), 0 },
    { "inputs", OPTION_TEXTS, offsetof(cvy_show_options, inputs),
      offsetof(cvy_show_options, n_inputs) },
    { "from_", OPTION_TEXT, offsetof(cvy_show_options, from), 0 },
    { "entry", OPTION_TEXT, offsetof(cvy_show_options, entry), 0 },
    { "root", OPTION_PATH, offsetof(cvy_show_options, root), 0 },
    { "sets", OPTION_TEXTS, offsetof(cvy_show_options, sets),
      offsetof(cvy_show_options, n_sets) },
    { "weights", OPTION_PATH, offsetof(cvy_show_options, weights), 0 },
    { 0 }
};

static cvy_finding finding(const void *show, int32_t index)
{
    return cvy_show_finding(show, index);
}

static PyObject *result_of(PyObject *module, cvy_show *show)
{
    const cvy_error *const error = cvy_show_error(show);
    const char *json = NULL, *text = NULL;
    PyObject *report, *table;
    cvy_error err;

    if (cvy_show_json(&json, show, &err) != CVY_OK)
        return errors_raise(module, &err, NULL, NULL, NULL);
    report = text_of(json);
    if (error != NULL)
        return errors_raise(module, error,
                            errors_refusals(finding, show,
                                            cvy_show_findings(show)),
                            report, NULL);
    if (cvy_show_table(&text, show, (cvy_look){ 0 }, &err) != CVY_OK)
        return errors_raise(module, &err, NULL, report, NULL);
    table = text_of(text);
    if (cvy_show_graph(&text, show, &err) != CVY_OK) {
        Py_XDECREF(table);
        return errors_raise(module, &err, NULL, report, NULL);
    }
    return Py_BuildValue("NNN", report, table, text_of(text));
}

PyObject *module_show(PyObject *module, PyObject *args, PyObject *words)
{
    cvy_show_options request = { 0 };
    PyObject *keep, *result;
    PyThreadState *saved;
    cvy_show *show = NULL;
    cvy_error err;
    cvy_status status;

    if (!PyArg_ParseTuple(args, "") ||
        !options_read(&request, &keep, options, words))
        return NULL;
    saved = PyEval_SaveThread();
    status = cvy_show_open(&show, &request, &err);
    PyEval_RestoreThread(saved);
    result = status == CVY_OK ? result_of(module, show)
                              : errors_raise(module, &err, NULL, NULL, NULL);
    cvy_show_close(show);
    Py_DECREF(keep);
    return result;
}
