/* engine/depth.c - the list of depthwise kernels, and choosing from it. */
#include "engine/depths.h"

const cvyi_depth cvyi_depths[] = {
#define DEPTH(sym, pos, chan, cpu_bits) { #sym, cpu_bits, pos, chan, sym },
#include "engine/depths.def"
#undef DEPTH
};
const size_t cvyi_n_depths = sizeof cvyi_depths / sizeof *cvyi_depths;

const cvyi_depth *cvyi_depth_pick(unsigned cpu)
{
    const cvyi_depth *d = cvyi_depths;

    while ((d->needs & cpu) != d->needs)
        d++;
    return d;
}
