/*
 * codec/safetensors.h - safetensors files: a JSON header, then the elements.
 *
 * Reading gives views of the caller's bytes. Writing goes through a sink, in
 * pieces, so that memory stays small however large the tensors are.
 */
#ifndef CVYI_CODEC_SAFETENSORS_H
#define CVYI_CODEC_SAFETENSORS_H

#include "base/value.h"
#include "convey/tensor.h"

/* Takes the next n bytes of a file. */
typedef cvy_status cvyi_sink(void *context, const void *bytes, size_t n,
                             cvy_error *err);

/* A tensor to write: the elements of `view` in row-major order of its axes,
 * under the shape `dims`. The view's axes may be finer than the shape's
 * (a dense kernel that is read as height, width, channels, units); only the
 * counts must agree. */
typedef struct cvyi_safetensor_out {
    const char *name;
    cvy_view view;
    int rank;
    int64_t dims[CVY_MAX_RANK];
} cvyi_safetensor_out;

/* Bytes are the same as the reference library's for the same tensors and
 * the metadata {"format":"pt"}, whatever order they are given in. */
cvy_status cvyi_safetensors_write(const cvyi_safetensor_out *tensors, int n,
                                  cvyi_sink *sink, void *context,
                                  cvy_error *err);

typedef struct cvyi_safetensor {
    const char *name;
    cvy_view view; /* packed; may be unaligned, see codec/hdf5.h */
} cvyi_safetensor;

typedef struct cvyi_safetensors {
    int n;
    const cvyi_safetensor *tensors; /* in the order of their bytes */
    const cvyi_value *metadata;     /* a dict of texts, or NULL */
} cvyi_safetensors;

/* Every check of the reference reader, and names only once. */
cvy_status cvyi_safetensors_open(cvyi_safetensors *out, cvyi_arena *arena,
                                 const void *bytes, size_t size,
                                 cvy_error *err);

/* The tensor of that name, or NULL. */
const cvyi_safetensor *cvyi_safetensors_find(const cvyi_safetensors *file,
                                             const char *name);

#endif
