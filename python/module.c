/* python/module.c - the module convey._convey and its functions. */
#include "python/module.h"

#include <string.h>

PyObject *text_of(const char *text)
{
    return PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
}

static int fill(PyObject *module)
{
    if (!errors_add(module))
        return -1;
    return PyModule_AddStringConstant(module, "__version__", cvy_version());
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    state *const s = PyModule_GetState(module);

    Py_VISIT(s->error);
    for (int i = 0; i < MOST_CODES; i++)
        Py_VISIT(s->of_code[i]);
    return 0;
}

static int clear(PyObject *module)
{
    state *const s = PyModule_GetState(module);

    Py_CLEAR(s->error);
    for (int i = 0; i < MOST_CODES; i++)
        Py_CLEAR(s->of_code[i]);
    return 0;
}

static void release(void *module)
{
    (void)clear(module);
}

/* The detour silences a warning about a cast that Python asks for. */
#define WITH_WORDS(f) (PyCFunction)(void (*)(void))(f)

static PyMethodDef functions[] = {
    { "port", WITH_WORDS(module_port), METH_VARARGS | METH_KEYWORDS,
      "port(**options): (folder, report as JSON, text)" },
    { "show", WITH_WORDS(module_show), METH_VARARGS | METH_KEYWORDS,
      "show(**options): (report as JSON, table, graph)" },
    { "explain", WITH_WORDS(module_explain), METH_VARARGS | METH_KEYWORDS,
      "explain(**options): (report as JSON, text)" },
    { "layer", WITH_WORDS(module_layer), METH_VARARGS | METH_KEYWORDS,
      "layer(**options): a layer" },
    { "layer_names", module_layer_names, METH_VARARGS,
      "layer_names(layer): names of its weights" },
    { "layer_weight", module_layer_weight, METH_VARARGS,
      "layer_weight(layer, index, versioned): its memory as DLPack" },
    { "layer_run", module_layer_run, METH_VARARGS,
      "layer_run(layer, arrays): the output" },
    { "array_export", module_array_export, METH_VARARGS,
      "array_export(output, versioned): it as DLPack" },
    { 0 }
};

static PyModuleDef_Slot slots[] = {
    { Py_mod_exec, (void *)fill },
    { 0, NULL },
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_convey",
    .m_doc = "The library's functions; use the package convey.",
    .m_size = sizeof(state),
    .m_methods = functions,
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
    .m_free = release,
};

PyMODINIT_FUNC PyInit__convey(void);

PyMODINIT_FUNC PyInit__convey(void)
{
    return PyModuleDef_Init(&definition);
}
