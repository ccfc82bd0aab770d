/*
 * tensor/tensor.h - owned tensors, and walking over strided views.
 *
 * A tensor is packed and row-major, owns its memory, and is used through its
 * view. Element types convert exactly where they can and round to nearest
 * where they cannot.
 */
#ifndef CVYI_TENSOR_TENSOR_H
#define CVYI_TENSOR_TENSOR_H

#include "base/memory.h"
#include "convey/tensor.h"

/* Bytes of a packed tensor; false if they do not fit in size_t or the
 * elements not in int64_t. *out is untouched then. */
bool cvyi_packed_size(size_t *out, cvy_dtype dtype, int rank,
                      const int64_t *dims);

/* A packed view of memory that somebody else owns. */
cvy_view cvyi_packed(void *data, cvy_dtype dtype, int rank,
                     const int64_t *dims);

/* The type of that name ("float16"); false if there is none. */
bool cvyi_dtype_of(cvy_dtype *out, const char *name);
bool cvyi_dtype_is_float(cvy_dtype dtype);
bool cvyi_dtype_is_half(cvy_dtype dtype); /* float16, bfloat16 */

/* true if elements lie row-major without gaps (axes of one element aside). */
bool cvyi_is_packed(const cvy_view *view);

/* A zeroed tensor; its memory is freed by cvyi_tensor_close. */
cvy_status cvyi_tensor_open(cvy_view *out, cvy_dtype dtype, int rank,
                            const int64_t *dims, cvy_error *err);
void cvyi_tensor_close(cvy_view *tensor);

/* Axis i of the result is axis axes[i] of the view; same memory. */
cvy_view cvyi_permuted(const cvy_view *view, const int *axes);

/* Copies element by element, converting the type. CVY_SHAPE unless the dims
 * are equal. The two must not overlap. Quick where both are packed. */
cvy_status cvyi_copy(const cvy_view *to, const cvy_view *from, cvy_error *err);

/* Elements [first, first + n) of `from` in row-major order of ITS axes, into
 * packed memory of the same type: how a large tensor is written piecewise. */
void cvyi_copy_range(void *to, const cvy_view *from, int64_t first, int64_t n);

/* One element as a double, by its indices. */
double cvyi_at(const cvy_view *view, const int64_t *indices);

/* The order in which a loop over all axes reads `view` best: the widest strides
 * first, `inner` last whatever its stride (-1: none). */
void cvyi_walk_order(int *perm, const cvy_view *view, int inner);
/* Walking in row-major order of dims: indices start at 0; returns false
 * after the last. */
bool cvyi_next(int rank, const int64_t *dims, int64_t *indices);

/* Offset in elements of an index. */
int64_t cvyi_offset(const cvy_view *view, const int64_t *indices);

float cvyi_half_to_float(uint16_t half);
uint16_t cvyi_float_to_half(float value);

#endif
