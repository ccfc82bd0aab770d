/* python/port.c - a port, without Python's lock while it is made. */
#include "convey/port.h"
#include "python/module.h"

/* While Python's lock is free its thread state stands here. */
typedef struct call {
    PyThreadState *saved;
    PyObject *progress; /* borrowed; NULL or a callable */
} call;

static const option options[] = {
    { "source", OPTION_PATH, offsetof(cvy_port_options, source), 0 },
    { "to", OPTION_TEXT, offsetof(cvy_port_options, target), 0 },
    { "from_", OPTION_TEXT, offsetof(cvy_port_options, from), 0 },
    { "out", OPTION_PATH, offsetof(cvy_port_options, out_dir), 0 },
    { "name", OPTION_TEXT, offsetof(cvy_port_options, name), 0 },
    { "weights_format", OPTION_TEXT,
      offsetof(cvy_port_options, weights_format), 0 },
    { "force", OPTION_FLAG, offsetof(cvy_port_options, force), 0 },
    { "no_proof", OPTION_FLAG, offsetof(cvy_port_options, no_proof), 0 },
    { "seed", OPTION_NUMBER, offsetof(cvy_port_options, seed), 0 },
    { "entry", OPTION_TEXT, offsetof(cvy_port_options, entry), 0 },
    { "root", OPTION_PATH, offsetof(cvy_port_options, root), 0 },
    { "sets", OPTION_TEXTS, offsetof(cvy_port_options, sets),
      offsetof(cvy_port_options, n_sets) },
    { "inputs", OPTION_TEXTS, offsetof(cvy_port_options, inputs),
      offsetof(cvy_port_options, n_inputs) },
    { "weights", OPTION_PATH, offsetof(cvy_port_options, weights), 0 },
    { 0 }
};

/* A cvy_port_progress. What is raised here, by the callable or by a signal,
 * ends the port and is raised again when it has ended. */
static bool step(void *context, const char *phase, int64_t done, int64_t total)
{
    call *const c = context;
    PyObject *said = NULL;
    bool go_on;

    PyEval_RestoreThread(c->saved);
    go_on = PyErr_Occurred() == NULL && PyErr_CheckSignals() == 0;
    if (go_on && c->progress != NULL) {
        said = PyObject_CallFunction(c->progress, "sLL", phase,
                                     (long long)done, (long long)total);
        go_on = said != NULL;
        Py_XDECREF(said);
    }
    c->saved = PyEval_SaveThread();
    return go_on;
}

static cvy_finding finding(const void *port, int32_t index)
{
    return cvy_port_finding(port, index);
}

/* Python's name for it; NULL without an exception if there is none. */
static PyObject *folder_of(const cvy_port *port)
{
    const char *const folder = cvy_port_folder(port);

    return folder != NULL ? PyUnicode_DecodeFSDefault(folder) : NULL;
}

static PyObject *result_of(PyObject *module, cvy_port *port)
{
    const cvy_error *const error = cvy_port_error(port);
    const char *text = "";
    PyObject *json, *told;
    cvy_error err;

    if (error != NULL)
        return errors_raise(module, error,
                            errors_refusals(finding, port,
                                            cvy_port_findings(port)),
                            text_of(cvy_port_json(port)), folder_of(port));
    if (cvy_port_text(&text, port, (cvy_look){ 0 }, &err) != CVY_OK)
        return errors_raise(module, &err, NULL, NULL, NULL);
    json = text_of(cvy_port_json(port));
    told = text_of(text);
    return Py_BuildValue("NNN", folder_of(port), json, told);
}

static PyObject *make(PyObject *module, cvy_port_options *request,
                      PyObject *progress)
{
    call c = { .progress = progress != Py_None ? progress : NULL };
    PyObject *result = NULL;
    cvy_port *port = NULL;
    cvy_error err;
    cvy_status status;

    request->progress = step;
    request->context = &c;
    c.saved = PyEval_SaveThread();
    status = cvy_port_open(&port, request, &err);
    PyEval_RestoreThread(c.saved);
    if (PyErr_Occurred() == NULL)
        result = status == CVY_OK
                     ? result_of(module, port)
                     : errors_raise(module, &err, NULL, NULL, NULL);
    cvy_port_close(port);
    return result;
}

PyObject *module_port(PyObject *module, PyObject *args, PyObject *words)
{
    cvy_port_options request = { 0 };
    PyObject *progress = Py_None, *keep, *result;

    if (!PyArg_ParseTuple(args, "O", &progress) ||
        !options_read(&request, &keep, options, words))
        return NULL;
    result = make(module, &request, progress);
    Py_DECREF(keep);
    return result;
}
