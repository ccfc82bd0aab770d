/* pass/cut.h - what is cut off a value leaves the call that makes it. */
#ifndef CVYI_PASS_CUT_H
#define CVYI_PASS_CUT_H

#include "pass/pass.h"

/* A `crop` call behind every call that the target can say without what is cut
 * off (cvyi_op.cut), but not with it. */
cvy_status cvyi_cut_behind(cvyi_graph *graph, const cvyi_target *target,
                           cvy_error *err);

#endif
