/* engine/tiles.h - declarations of the tile kernels, from their list. */
#ifndef CVYI_ENGINE_TILES_H
#define CVYI_ENGINE_TILES_H

#include "base/cpu.h"
#include "engine/tile.h"

#define TILE(sym, pos, chan, cpu_bits, speed) cvyi_tile_fn sym;
#include "engine/tiles.def"
#undef TILE

#endif
