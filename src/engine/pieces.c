/* engine/pieces.c - threads, where there is enough to do for them. */
#include "engine/pieces.h"

void cvyi_pieces(size_t n, double work, cvyi_piece_fn *run, void *context)
{
    if (work >= CVYI_WORK_ALONE) {
        cvyi_parallel(n, run, context);
        return;
    }
    for (size_t i = 0; i < n; i++)
        run(context, i);
}
