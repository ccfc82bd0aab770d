/* engine/pieces.h - threads, where there is enough to do for them. */
#ifndef CVYI_ENGINE_PIECES_H
#define CVYI_ENGINE_PIECES_H

#include "base/thread.h"

/* Work (multiply-adds or elements moved) that is done sooner than threads
 * start. */
enum { CVYI_WORK_ALONE = 1 << 19 };

/* cvyi_parallel, or a plain loop if `work` is small. */
void cvyi_pieces(size_t n, double work, cvyi_piece_fn *run, void *context);

#endif
