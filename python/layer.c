/*
 * python/layer.c - one layer, computed on arrays that speak DLPack.
 *
 * A layer is a capsule; its weights and what it gives out are handed over as
 * DLPack capsules over memory that stays alive as long as they do. Arrays that
 * come in are looked at and not copied.
 */
#include "convey/layer.h"
#include "convey/dlpack.h"
#include "python/module.h"

#include <stdlib.h>
#include <string.h>

#define LAYER "convey.layer"
#define ARRAY "convey.array"
#define TENSOR "dltensor"
#define VERSIONED "dltensor_versioned"

static const option options[] = {
    { "code", OPTION_TEXT, offsetof(cvy_layer_options, code), 0 },
    { "from_", OPTION_TEXT, offsetof(cvy_layer_options, from), 0 },
    { "inputs", OPTION_TEXTS, offsetof(cvy_layer_options, inputs),
      offsetof(cvy_layer_options, n_inputs) },
    { 0 }
};

static void close_layer(PyObject *capsule)
{
    cvy_layer_close(PyCapsule_GetPointer(capsule, LAYER));
}

PyObject *module_layer(PyObject *module, PyObject *args, PyObject *words)
{
    cvy_layer_options request = { 0 };
    PyObject *keep, *result;
    PyThreadState *saved;
    cvy_layer *layer = NULL;
    cvy_error err;
    cvy_status status;

    if (!PyArg_ParseTuple(args, "") ||
        !options_read(&request, &keep, options, words))
        return NULL;
    saved = PyEval_SaveThread();
    status = cvy_layer_open(&layer, &request, &err);
    PyEval_RestoreThread(saved);
    result = status == CVY_OK ? PyCapsule_New(layer, LAYER, close_layer)
                              : errors_raise(module, &err, NULL, NULL, NULL);
    if (result == NULL)
        cvy_layer_close(layer);
    Py_DECREF(keep);
    return result;
}

/* ---- giving ---- */

/* A taker may be done in any thread. */
static void forget(void *object)
{
    const PyGILState_STATE held = PyGILState_Ensure();

    Py_DECREF((PyObject *)object);
    PyGILState_Release(held);
}

/* A capsule that nobody took. */
static void drop(PyObject *capsule)
{
    if (PyCapsule_IsValid(capsule, TENSOR))
        cvy_dlpack_release(PyCapsule_GetPointer(capsule, TENSOR),
                           CVY_DLPACK_PLAIN);
    if (PyCapsule_IsValid(capsule, VERSIONED))
        cvy_dlpack_release(PyCapsule_GetPointer(capsule, VERSIONED),
                           CVY_DLPACK_VERSIONED);
}

static PyObject *capsule_of(PyObject *module, int versioned,
                            const cvy_view *view,
                            void (*release)(void *context), void *context)
{
    const cvy_dlpack_form form =
        versioned ? CVY_DLPACK_VERSIONED : CVY_DLPACK_PLAIN;
    void *managed;
    PyObject *capsule;
    cvy_error err;

    if (cvy_view_to_dlpack(&managed, form, view, release, context, &err) !=
        CVY_OK) {
        release(context);
        return errors_raise(module, &err, NULL, NULL, NULL);
    }
    capsule = PyCapsule_New(managed, versioned ? VERSIONED : TENSOR, drop);
    if (capsule == NULL)
        cvy_dlpack_release(managed, form);
    return capsule;
}

PyObject *module_layer_names(PyObject *module, PyObject *args)
{
    const cvy_layer *layer;
    PyObject *capsule, *names;

    (void)module;
    if (!PyArg_ParseTuple(args, "O", &capsule))
        return NULL;
    layer = PyCapsule_GetPointer(capsule, LAYER);
    names = layer != NULL ? PyList_New(0) : NULL;
    for (int32_t i = 0; names != NULL && i < cvy_layer_weights(layer); i++) {
        PyObject *const name = text_of(cvy_layer_weight_at(layer, i).name);

        if (name == NULL || PyList_Append(names, name) != 0)
            Py_CLEAR(names);
        Py_XDECREF(name);
    }
    return names;
}

/* Weight `index` as DLPack: the layer's own memory. */
PyObject *module_layer_weight(PyObject *module, PyObject *args)
{
    const cvy_layer *layer;
    PyObject *capsule;
    cvy_layer_weight weight;
    int index, versioned;

    if (!PyArg_ParseTuple(args, "Oip", &capsule, &index, &versioned))
        return NULL;
    layer = PyCapsule_GetPointer(capsule, LAYER);
    if (layer == NULL)
        return NULL;
    weight = cvy_layer_weight_at(layer, index);
    Py_INCREF(capsule);
    return capsule_of(module, versioned, &weight.view, forget, capsule);
}

/* ---- taking ---- */

/* The capsule stays its producer's: it is looked at and never taken. */
static bool look(cvy_view *out, PyObject *module, PyObject *capsule)
{
    const bool versioned = PyCapsule_IsValid(capsule, VERSIONED);
    const char *const name = versioned ? VERSIONED : TENSOR;
    const void *const managed = PyCapsule_GetPointer(capsule, name);
    cvy_error err;

    if (managed == NULL)
        return false;
    if (cvy_view_from_dlpack(
            out, managed, versioned ? CVY_DLPACK_VERSIONED : CVY_DLPACK_PLAIN,
            &err) == CVY_OK)
        return true;
    (void)errors_raise(module, &err, NULL, NULL, NULL);
    return false;
}

static bool look_at_all(cvy_view *views, PyObject *module, PyObject *list,
                        int32_t n)
{
    if (PyList_Size(list) != n) {
        (void)PyErr_Format(PyExc_TypeError, "the layer takes %d arrays",
                           (int)n);
        return false;
    }
    for (int32_t i = 0; i < n; i++)
        if (!look(&views[i], module, PyList_GetItem(list, i)))
            return false;
    return true;
}

/* What a layer gave: its memory follows the view. */
static void close_array(PyObject *capsule)
{
    free(PyCapsule_GetPointer(capsule, ARRAY));
}

static PyObject *compute(PyObject *module, const cvy_layer *layer,
                         const cvy_view *in)
{
    const cvy_view shape = cvy_layer_output(layer);
    const size_t bytes = (size_t)cvy_view_count(&shape) * sizeof(float);
    cvy_view *const out = malloc(sizeof *out + bytes);
    PyThreadState *saved;
    PyObject *capsule;
    cvy_error err;
    cvy_status status;

    if (out == NULL)
        return PyErr_NoMemory();
    *out = shape;
    out->data = out + 1;
    saved = PyEval_SaveThread();
    status = cvy_layer_run(layer, in, out, NULL, &err);
    PyEval_RestoreThread(saved);
    capsule = status == CVY_OK ? PyCapsule_New(out, ARRAY, close_array)
                               : errors_raise(module, &err, NULL, NULL, NULL);
    if (capsule == NULL)
        free(out);
    return capsule;
}

/* array_export(array, versioned): it as DLPack, as often as wanted. */
PyObject *module_array_export(PyObject *module, PyObject *args)
{
    const cvy_view *view;
    PyObject *capsule;
    int versioned;

    if (!PyArg_ParseTuple(args, "Op", &capsule, &versioned))
        return NULL;
    view = PyCapsule_GetPointer(capsule, ARRAY);
    if (view == NULL)
        return NULL;
    Py_INCREF(capsule);
    return capsule_of(module, versioned, view, forget, capsule);
}

/* layer_run(layer, [capsules]): the output, to be exported. */
PyObject *module_layer_run(PyObject *module, PyObject *args)
{
    PyObject *capsule, *list, *result = NULL;
    const cvy_layer *layer;
    cvy_view *in;
    int32_t n;

    if (!PyArg_ParseTuple(args, "OO", &capsule, &list))
        return NULL;
    layer = PyCapsule_GetPointer(capsule, LAYER);
    if (layer == NULL)
        return NULL;
    n = cvy_layer_inputs(layer);
    in = calloc((size_t)n + 1, sizeof *in);
    if (in == NULL)
        return PyErr_NoMemory();
    if (look_at_all(in, module, list, n))
        result = compute(module, layer, in);
    free(in);
    return result;
}
