/* pass/pass.c - the list of passes, and running them. */
#include "pass/pass.h"

#include <string.h>

const cvyi_pass cvyi_passes[] = {
#define PASS(id, text) { #id, text, cvyi_pass_##id },
#include "pass/passes.def"
#undef PASS
};
const size_t cvyi_n_passes = sizeof cvyi_passes / sizeof *cvyi_passes;

static bool exists(const char *name)
{
    for (size_t i = 0; i < cvyi_n_passes; i++)
        if (strcmp(cvyi_passes[i].name, name) == 0)
            return true;
    return false;
}

cvy_status cvyi_pass_run(cvyi_graph *graph, const cvyi_target *target,
                         const char *last, cvyi_findings *findings,
                         cvy_error *err)
{
    if (last != NULL && !exists(last))
        return cvyi_fail(err, CVY_ARGUMENT, "there is no pass \"%s\"", last);

    for (size_t i = 0; i < cvyi_n_passes; i++) {
        CVYI_TRY(cvyi_passes[i].run(graph, target, findings, err));
        CVYI_TRY(cvyi_graph_check(graph, err));
        if (last != NULL && strcmp(cvyi_passes[i].name, last) == 0)
            break;
    }
    return cvyi_findings_verdict(findings, err);
}

int cvyi_leftover_transposes(const cvyi_graph *graph)
{
    const cvyi_op *const permute = cvyi_op_find("permute");
    int n = 0;

    for (int i = 0; i < graph->n_calls; i++)
        n += graph->calls[i].attrs.op == permute && graph->calls[i].origin < 0;
    return n;
}
