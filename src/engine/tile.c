/* engine/tile.c - the list of tile kernels, and choosing from it. */
#include "engine/tiles.h"

const cvyi_tile cvyi_tiles[] = {
#define TILE(sym, pos, chan, cpu_bits, speed) \
    { #sym, cpu_bits, pos, chan, speed, sym },
#include "engine/tiles.def"
#undef TILE
};
const size_t cvyi_n_tiles = sizeof cvyi_tiles / sizeof *cvyi_tiles;

/* Cycles, if every tile is a whole one. */
static double cost(const cvyi_tile *t, int64_t positions, int64_t channels)
{
    const int64_t rows =
        positions / t->positions + (positions % t->positions != 0);
    const int64_t blocks =
        channels / t->channels + (channels % t->channels != 0);

    return (double)rows * t->positions * ((double)blocks * t->channels) /
           t->speed;
}

const cvyi_tile *cvyi_tile_pick(unsigned cpu, int64_t positions,
                                int64_t channels)
{
    const cvyi_tile *best = &cvyi_tiles[cvyi_n_tiles - 1];

    for (size_t i = cvyi_n_tiles; i-- > 0;) {
        const cvyi_tile *const t = &cvyi_tiles[i];

        if ((t->needs & cpu) == t->needs &&
            cost(t, positions, channels) <= cost(best, positions, channels))
            best = t;
    }
    return best;
}
