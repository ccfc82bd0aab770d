/*
 * codec/tensor_out.h - what writers of tensors share.
 */
#ifndef CVYI_CODEC_TENSOR_OUT_H
#define CVYI_CODEC_TENSOR_OUT_H

#include "codec/safetensors.h"

enum { CVYI_PIECE_BYTES = 1 << 20 };

/* Names that can be names, each once, and shapes that fit their views. */
cvy_status cvyi_tensors_check(const cvyi_safetensor_out *tensors, int n,
                              cvy_error *err);

/* The elements of a view in row-major order, through `piece`, which has room
 * for CVYI_PIECE_BYTES. */
cvy_status cvyi_elements_send(const cvy_view *view, void *piece,
                              cvyi_sink *sink, void *context, cvy_error *err);

#endif
