/* run/slots.c - parameters of a call as its operator expects them. */
#include "run/slots.h"

#include "graph/param.h"

#include <stdalign.h>

static bool is_ready(const cvy_view *view)
{
    return view->dtype == CVY_F32 &&
           (uintptr_t)view->data % alignof(float) == 0;
}

static cvy_status fill(cvy_view *out, const cvyi_param *param,
                       cvyi_arena *scratch, cvy_error *err)
{
    cvy_view view;
    cvyi_shape shape;

    CVYI_TRY(cvyi_param_view(&view, &shape, param, scratch, err));
    if (is_ready(&view) && cvyi_view_joined(out, &view, &shape))
        return CVY_OK;
    return cvyi_view_packed(out, &view, &shape, CVY_F32, scratch, err);
}

cvy_status cvyi_run_slots(cvy_view *out, const cvyi_graph *graph,
                          const cvyi_call *call, cvyi_arena *scratch,
                          cvy_error *err)
{
    for (int i = 0; i < CVYI_MAX_SLOTS; i++) {
        const int param = call->params[i];

        out[i] = (cvy_view){ 0 };
        if (param >= 0)
            CVYI_TRY(fill(&out[i], &graph->params[param], scratch, err));
    }
    return CVY_OK;
}
