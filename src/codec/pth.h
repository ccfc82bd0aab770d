/*
 * codec/pth.h - state dicts as torch.save writes them (.pt, .pth).
 *
 * The same face as codec/safetensors.h: reading gives views of the caller's
 * bytes, writing goes through a sink. A file is data here: whatever it would
 * run when torch loads it is refused by name.
 */
#ifndef CVYI_CODEC_PTH_H
#define CVYI_CODEC_PTH_H

#include "codec/safetensors.h"

typedef struct cvyi_pth {
    int n;
    const cvyi_safetensor *tensors; /* in the dict's order; any strides */
    const char *key; /* of a checkpoint: where its state dict was; or "" */
} cvyi_pth;

/*
 * Files of torch since 1.6 (a zip archive) and those of before. The object is
 * a dict of tensors, or a checkpoint that holds one under "state_dict",
 * "model_state_dict", "model", "net" or else "ema"; two of the first four are
 * refused. Names stay as they are, prefixes ("module.") too. Tensors may
 * share memory, repeat elements and begin at any address.
 */
cvy_status cvyi_pth_open(cvyi_pth *out, cvyi_arena *arena, const void *bytes,
                         size_t size, cvy_error *err);

/* The tensor of that name, or NULL. */
const cvyi_safetensor *cvyi_pth_find(const cvyi_pth *file, const char *name);

/* A dict in the order given, for torch.load(weights_only=True). The same
 * tensors give the same bytes. More than 4 GiB or 65 000 tensors are
 * CVY_UNSUPPORTED. */
cvy_status cvyi_pth_write(const cvyi_safetensor_out *tensors, int n,
                          cvyi_sink *sink, void *context, cvy_error *err);

#endif
