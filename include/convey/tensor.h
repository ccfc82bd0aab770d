/*
 * convey/tensor.h - a view of numbers in memory.
 *
 * A view describes memory; it never owns any. Strides count ELEMENTS, not
 * bytes, so a transposed or broadcast view is only other strides (0 repeats
 * an element). A view says nothing about what its axes mean.
 */
#ifndef CONVEY_TENSOR_H
#define CONVEY_TENSOR_H

#include "convey/base.h"

CVY_BEGIN

/** Most axes of a view. A shape in a file may not have more than eight. */
#define CVY_MAX_RANK 12

/* DTYPE(name, bytes an element, Python's name, safetensors' name) */
/* clang-format off */
#define CVY_DTYPE_LIST(X)              \
    X(F32,  4, "float32",  "F32")      \
    X(F64,  8, "float64",  "F64")      \
    X(F16,  2, "float16",  "F16")      \
    X(BF16, 2, "bfloat16", "BF16")     \
    X(I64,  8, "int64",    "I64")      \
    X(I32,  4, "int32",    "I32")      \
    X(I16,  2, "int16",    "I16")      \
    X(I8,   1, "int8",     "I8")       \
    X(U8,   1, "uint8",    "U8")       \
    X(BOOL, 1, "bool",     "BOOL")
/* clang-format on */

typedef enum cvy_dtype {
#define X(name, bytes, python, safetensors) CVY_##name,
    CVY_DTYPE_LIST(X)
#undef X
} cvy_dtype;

typedef struct cvy_view {
    void *data; /**< first element; borrowed */
    cvy_dtype dtype;
    int32_t rank;                  /**< axes, 0 for a single number */
    int64_t dims[CVY_MAX_RANK];    /**< elements on each axis, >= 0 */
    int64_t strides[CVY_MAX_RANK]; /**< elements from one to the next */
} cvy_view;

/** Bytes an element takes: 4 for CVY_F32. */
CVY_EXPORT size_t cvy_dtype_size(cvy_dtype dtype);

/** Python's name of the type: "float32". Never NULL, never freed. */
CVY_EXPORT const char *cvy_dtype_name(cvy_dtype dtype);

/** Elements of a view: the product of its dims, 1 at rank 0. The dims of a
 * view that a convey function returned never overflow here. */
CVY_EXPORT int64_t cvy_view_count(const cvy_view *view);

/** A view of float32 numbers that lie row by row without gaps. `rank` is at
 * most CVY_MAX_RANK; `data` may be NULL where only a shape is to be said. */
CVY_EXPORT cvy_view cvy_view_packed(float *data, int32_t rank,
                                    const int64_t *dims);

CVY_END

#endif
