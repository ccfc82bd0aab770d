/*
 * verb/port_refusals.c - all refusals of a model in one run.
 *
 * A refusal of the reader does not end the port: what could be read goes
 * through the passes and is asked for the target's words, so that what these
 * refuse is told in the same run.
 */
#include "verb/port.h"

#include "pass/pass.h"

/* Of a part of a model the refusals alone hold: remarks would speak of a port
 * that never comes. */
static cvy_status take(cvy_port *port, const cvyi_findings *found,
                       cvy_error *err)
{
    for (int i = 0; i < found->n; i++)
        if (found->items[i].refusal || !port->source.part)
            CVYI_TRY(cvyi_findings_add(&port->findings, found->items[i], err));
    return CVY_OK;
}

/* false: the passes could not end, and what they left says nothing. */
static bool is_rewritten(const cvy_port *port, cvy_status status,
                         const cvyi_findings *found)
{
    return status == CVY_OK ||
           (status == CVY_UNSUPPORTED && found->n_refusals > 0) ||
           (port->source.part && status != CVY_MEMORY);
}

cvy_status cvyi_port_rewrite(cvy_port *port, cvy_error *err)
{
    const cvyi_target target = { .dialect = port->target->name,
                                 .axes = port->target->axes,
                                 .flat = port->options->flat };
    cvyi_findings found = { 0 };
    cvy_status status, taken;

    CVYI_TRY(cvyi_graph_copy(&port->graph, port->source.graph, err));
    status = cvyi_pass_run(port->graph, &target, NULL, &found, err);
    taken = take(port, &found, err);
    if (port->source.part && status != CVY_OK && found.n_refusals == 0) {
        cvyi_graph_close(port->graph);
        port->graph = NULL;
    }
    if (is_rewritten(port, status, &found))
        status = taken;
    cvyi_findings_close(&found);
    return status;
}

cvy_status cvyi_port_refusals(cvy_port *port, cvy_error *err)
{
    if (port->graph != NULL)
        CVYI_TRY(port->target->ask(port->graph, port->source.part,
                                   &port->findings, err));
    return cvyi_findings_verdict(&port->findings, err);
}
