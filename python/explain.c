/* python/explain.c - one call in the words of the other framework. */
#include "convey/explain.h"
#include "python/module.h"

static const option options[] = {
    { "code", OPTION_TEXT, offsetof(cvy_explain_options, code), 0 },
    { "from_", OPTION_TEXT, offsetof(cvy_explain_options, from), 0 },
    { "to", OPTION_TEXT, offsetof(cvy_explain_options, target), 0 },
    { "inputs", OPTION_TEXTS, offsetof(cvy_explain_options, inputs),
      offsetof(cvy_explain_options, n_inputs) },
    { "seed", OPTION_NUMBER, offsetof(cvy_explain_options, seed), 0 },
    { 0 }
};

static cvy_finding finding(const void *explain, int32_t index)
{
    (void)index;
    return cvy_explain_refusal(explain, 0);
}

static PyObject *result_of(PyObject *module, cvy_explain *explain)
{
    const cvy_error *const error = cvy_explain_error(explain, 0);
    const char *text = NULL;
    PyObject *report;
    cvy_error err;

    if (cvy_explain_count(explain) != 1) {
        err = (cvy_error){ .status = CVY_ARGUMENT,
                           .text = "explain one call at a time" };
        return errors_raise(module, &err, NULL, NULL, NULL);
    }
    if (cvy_explain_json(&text, explain, 0, &err) != CVY_OK)
        return errors_raise(module, &err, NULL, NULL, NULL);
    report = text_of(text);
    if (error != NULL)
        return errors_raise(
            module, error,
            errors_refusals(finding, explain,
                            cvy_explain_refusal(explain, 0).refusal),
            report, NULL);
    if (cvy_explain_text(&text, explain, 0, (cvy_look){ 0 }, &err) != CVY_OK)
        return errors_raise(module, &err, NULL, report, NULL);
    return Py_BuildValue("NN", report, text_of(text));
}

PyObject *module_explain(PyObject *module, PyObject *args, PyObject *words)
{
    cvy_explain_options request = { 0 };
    PyObject *keep, *result;
    PyThreadState *saved;
    cvy_explain *explain = NULL;
    cvy_error err;
    cvy_status status;

    if (!PyArg_ParseTuple(args, "") ||
        !options_read(&request, &keep, options, words))
        return NULL;
    saved = PyEval_SaveThread();
    status = cvy_explain_open(&explain, &request, &err);
    PyEval_RestoreThread(saved);
    result = status == CVY_OK ? result_of(module, explain)
                              : errors_raise(module, &err, NULL, NULL, NULL);
    cvy_explain_close(explain);
    Py_DECREF(keep);
    return result;
}
