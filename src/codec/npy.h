/*
 * codec/npy.h - NumPy arrays: one in a .npy file, named ones in a .npz.
 *
 * Reading gives views of the caller's bytes, with the strides of either
 * order of axes; an element may begin at any address. Only arrays of the
 * other byte order and deflated members are copied, into the arena.
 */
#ifndef CVYI_CODEC_NPY_H
#define CVYI_CODEC_NPY_H

#include "codec/safetensors.h"

cvy_status cvyi_npy_open(cvy_view *out, cvyi_arena *arena, const void *bytes,
                         size_t size, cvy_error *err);

/* Row-major, little-endian, as numpy.save writes it. bfloat16 has no name
 * there and is CVY_UNSUPPORTED. */
cvy_status cvyi_npy_write(const cvy_view *view, cvyi_sink *sink, void *context,
                          cvy_error *err);

typedef struct cvyi_npz {
    int n;
    const cvyi_safetensor *tensors; /* in the archive's order */
} cvyi_npz;

cvy_status cvyi_npz_open(cvyi_npz *out, cvyi_arena *arena, const void *bytes,
                         size_t size, cvy_error *err);

/* The array of that name, or NULL. */
const cvyi_safetensor *cvyi_npz_find(const cvyi_npz *file, const char *name);

#endif
