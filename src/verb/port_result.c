/* verb/port_result.c - what came of a port. */
#include "verb/port.h"

cvy_status cvy_port_status(const cvy_port *port)
{
    return port->status;
}

const cvy_error *cvy_port_error(const cvy_port *port)
{
    return port->status != CVY_OK ? &port->error : NULL;
}

const char *cvy_port_folder(const cvy_port *port)
{
    return port->report.n_files > 0 ? port->folder : NULL;
}

int32_t cvy_port_findings(const cvy_port *port)
{
    return port->findings.n;
}

cvy_finding cvy_port_finding(const cvy_port *port, int32_t index)
{
    return cvyi_public_finding(&port->findings, index);
}

const char *cvy_port_json(const cvy_port *port)
{
    return cvyi_text_c(&port->json);
}

cvy_status cvy_port_text(const char **out, cvy_port *port, cvy_look look,
                         cvy_error *err)
{
    cvyi_text text = { 0 };

    if (port->candidates.dialect != NULL)
        cvyi_port_list_text(&text, port, look);
    else
        cvyi_report_text(&text, &port->report, look);
    if (text.bad) {
        cvyi_text_close(&text);
        return cvyi_no_memory(err);
    }
    cvyi_text_close(&port->text);
    port->text = text;
    *out = cvyi_text_c(&port->text);
    return CVY_OK;
}

void cvy_port_close(cvy_port *port)
{
    if (port == NULL)
        return;
    cvyi_output_abandon(&port->output);
    cvyi_written_close(&port->written);
    cvyi_proof_close(&port->proof);
    cvyi_file_proof_close(&port->file);
    cvyi_graph_close(port->graph);
    cvyi_source_close(&port->source);
    cvyi_findings_close(&port->findings);
    cvyi_text_close(&port->json);
    cvyi_text_close(&port->text);
    cvyi_arena_close(&port->arena);
    cvyi_free(port);
}
