/*
 * convey/dlpack.h - views over tensors of other libraries, without a copy.
 *
 * NumPy, PyTorch, TensorFlow, JAX and others hand out arrays as DLPack
 * tensors (https://dmlc.github.io/dlpack). A view over one is made from its
 * shape, strides and type alone; its memory stays the other library's.
 */
#ifndef CONVEY_DLPACK_H
#define CONVEY_DLPACK_H

#include "convey/tensor.h"

CVY_BEGIN

/** The two forms in which a tensor is handed over; Python's capsules of them
 * are called "dltensor" and "dltensor_versioned". */
typedef enum cvy_dlpack_form {
    CVY_DLPACK_PLAIN,     /**< DLManagedTensor, before DLPack 1.0 */
    CVY_DLPACK_VERSIONED, /**< DLManagedTensorVersioned, DLPack 1.x */
} cvy_dlpack_form;

/**
 * A view over a DLPack tensor in the memory of the CPU.
 *
 * @param out     receives the view; untouched on failure. It is good until the
 *                tensor's owner calls its deleter, which this function never
 *                does
 * @param managed a DLManagedTensor, or a DLManagedTensorVersioned
 * @param form    which of the two it is
 * @param err     filled only on failure
 * @return CVY_OK; CVY_UNSUPPORTED for another device, a type that convey does
 *         not have, more than CVY_MAX_RANK axes, or a DLPack of another major
 *         version; CVY_ARGUMENT for NULL or a broken tensor
 */
CVY_CALL cvy_view_from_dlpack(cvy_view *out, const void *managed,
                              cvy_dlpack_form form, cvy_error *err);

/** Calls the deleter of such a tensor, if it has one. */
CVY_EXPORT void cvy_dlpack_release(void *managed, cvy_dlpack_form form);

/**
 * Hands a view over as a DLPack tensor that the taker may write to.
 *
 * @param out     receives the tensor; its deleter, which the taker calls once,
 *                frees it and then calls `release(context)`
 * @param form    takers take a plain one as read-only, or not at all, where
 *                they know the other
 * @param view    borrowed for the call; its memory must stay until `release`
 * @param release called when the taker is done; may be NULL
 * @return CVY_OK or CVY_MEMORY
 */
CVY_CALL cvy_view_to_dlpack(void **out, cvy_dlpack_form form,
                            const cvy_view *view,
                            void (*release)(void *context), void *context,
                            cvy_error *err);

CVY_END

#endif
