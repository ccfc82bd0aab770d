/* engine/depths.h - declarations of the depthwise kernels, from their list. */
#ifndef CVYI_ENGINE_DEPTHS_H
#define CVYI_ENGINE_DEPTHS_H

#include "base/cpu.h"
#include "engine/depth.h"

#define DEPTH(sym, pos, chan, cpu_bits) cvyi_depth_fn sym;
#include "engine/depths.def"
#undef DEPTH

#endif
