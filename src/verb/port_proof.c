/*
 * verb/port_proof.c - is what was written what the source computes?
 *
 * The code, as it will stand in its file, and the file of the weights are
 * read back by the reader of the target's own source. Level 2 compares that
 * with what was meant, level 1 with the source itself. Without python3 only
 * the graph can be compared, and the report says so.
 */
#include "codec/json_write.h"
#include "read/back.h"
#include "verb/port.h"

#include <string.h>

typedef struct back {
    cvyi_arena arena;
    cvyi_mapping weights;
    cvyi_graph *graph;
} back;

static void close_back(back *b)
{
    cvyi_graph_close(b->graph);
    cvyi_arena_close(&b->arena);
    cvyi_file_unmap(&b->weights);
}

static bool proof_progress(void *context, int done, int total)
{
    return cvyi_port_go_on(context, "proof", done, total);
}

static cvy_status compare(cvy_port *port, const cvyi_graph *graph,
                          cvy_error *err)
{
    CVYI_TRY(cvyi_verify(&port->proof, port->source.graph, graph,
                         port->options->seed, proof_progress, port, err));
    port->report.proof = &port->proof;
    return CVY_OK;
}

/* ---- reading back ---- */

static cvy_status read_files(back *b, cvy_port *port, cvy_error *err)
{
    const cvyi_graph *const graph = port->graph;
    const char *const weights = port->report.files[1];
    const char *const path = cvyi_output_path(&port->output, weights);
    cvyi_type *const types =
        cvyi_arena_alloc(&b->arena, (size_t)graph->n_inputs, sizeof *types);
    const char **const names =
        cvyi_arena_alloc(&b->arena, (size_t)graph->n_inputs, sizeof *names);

    if (path == NULL || types == NULL || names == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < graph->n_inputs; i++) {
        types[i] = graph->results[graph->inputs[i]].type;
        names[i] = graph->results[graph->inputs[i]].name;
    }
    CVYI_TRY(cvyi_file_map(&b->weights, path, err));

    const cvyi_back_files files = { .code_name = port->report.files[0],
                                    .code = cvyi_text_c(&port->written.code),
                                    .code_size = port->written.code.size,
                                    .weights_name = weights,
                                    .weights = b->weights.bytes,
                                    .weights_size = b->weights.size };

    return cvyi_read_back(&b->graph, &b->arena, port->target->name, &files,
                          types, names, graph->n_inputs, err);
}

static bool is_system(cvy_status status)
{
    return status == CVY_MEMORY || status == CVY_IO ||
           status == CVY_INTERRUPTED;
}

/* Every fault is a remark too, with its line. */
static cvy_status remark_faults(cvy_port *port, cvy_error *err)
{
    const cvyi_file_proof *const file = &port->file;

    for (int i = 0; i < file->n_faults; i++)
        CVYI_TRY(
            cvyi_findings_add(&port->findings,
                              (cvyi_finding){ .layer = file->faults[i].layer,
                                              .text = file->faults[i].text,
                                              .where = file->faults[i].where },
                              err));
    return CVY_OK;
}

/* Rows of the proof name calls of what was read back: the port's own calls
 * are what the report knows. */
static void name_targets(cvy_port *port)
{
    for (int i = 0; i < port->proof.n_layers; i++)
        for (int c = 0; c < port->graph->n_calls; c++)
            if (port->graph->calls[c].origin ==
                port->proof.layers[i].source_call)
                port->proof.layers[i].target_call = c;
}

static cvy_status prove_files(cvy_port *port, back *b, cvy_error *err)
{
    cvy_error why = { 0 };
    const cvy_status status = read_files(b, port, &why);

    port->report.file = &port->file;
    if (is_system(status)) {
        *err = why;
        return status;
    }
    if (status != CVY_OK) {
        CVYI_TRY(cvyi_file_unreadable(&port->file, &why, port->report.files[0],
                                      &port->written.code, port->graph,
                                      &port->written, err));
        return remark_faults(port, err);
    }
    CVYI_TRY(cvyi_verify_file(&port->file, port->graph, &port->written,
                              b->graph, err));
    CVYI_TRY(remark_faults(port, err));
    CVYI_TRY(compare(port, b->graph, err));
    name_targets(port);
    return CVY_OK;
}

cvy_status cvyi_port_prove(cvy_port *port, cvy_error *err)
{
    back b = { 0 };
    cvy_status status;

    if (!cvyi_back_available(port->target->name)) {
        CVYI_TRY(cvyi_remark(&port->findings, "",
                             "there is no python3: the text of the written "
                             "file is not checked",
                             err));
        return compare(port, port->graph, err);
    }
    status = prove_files(port, &b, err);
    close_back(&b);
    return status;
}

/* ---- what came of it ---- */

static bool engine_failed(const cvy_port *port)
{
    return port->report.proof != NULL && port->proof.engine == CVYI_FAILED;
}

static bool file_failed(const cvy_port *port)
{
    return port->report.file != NULL && port->file.verdict == CVYI_FAILED;
}

/* The layer whose values differ first; "" if it is the whole. */
static const char *wrong_layer(const cvy_port *port)
{
    const int row = port->proof.first_failure;
    const cvyi_graph *const graph = port->source.graph;

    return row < 0 ? ""
                   : cvyi_call_layer(
                         graph,
                         &graph->calls[port->proof.layers[row].source_call]);
}

/* A fault of the text names a line: it comes before what follows from it. */
cvy_status cvyi_port_doubt(const char **out, cvy_port *port, cvy_error *err)
{
    const char *layer = "";

    *out = NULL;
    if (!engine_failed(port) && !file_failed(port))
        return CVY_OK;
    if (file_failed(port))
        layer = port->file.faults[0].layer;
    if (*layer == '\0' && engine_failed(port))
        layer = wrong_layer(port);
    *out = *layer != '\0'
               ? cvyi_arena_printf(&port->arena,
                                   "`%s` computes something else", layer)
               : "it computes something else";
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

cvy_status cvyi_port_verdict(const cvy_port *port, cvy_error *err)
{
    const char *cause = "";

    if (file_failed(port)) {
        const cvyi_fault *const fault = &port->file.faults[0];

        return cvyi_fail_in(err, CVY_PROOF, fault->layer, "%s%s%s",
                            fault->where, *fault->where != '\0' ? ": " : "",
                            fault->text);
    }
    if (!engine_failed(port))
        return CVY_OK;
    if (port->proof.first_failure >= 0)
        cause = port->proof.layers[port->proof.first_failure].cause;
    return cvyi_fail_in(err, CVY_PROOF, wrong_layer(port),
                        "computes something else than in the source%s%s",
                        *cause != '\0' ? "; likely cause: " : "", cause);
}
