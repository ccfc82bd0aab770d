/*
 * verb/port.c - from a model file to a folder in the target's own words.
 *
 * One straight list of steps. The folder is begun before the proof, so that
 * minutes of work do not end at a forbidden path; it appears at the end, or
 * not at all.
 */
#define _POSIX_C_SOURCE 200809L
#include "verb/port.h"

#include "codec/name.h"
#include "pass/pass.h"
#include "write/names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Of this program alone; ru_maxrss begins with that of the program that
 * started it. 0 where the system does not say. */
static int64_t own_peak_bytes(void)
{
    FILE *const file = fopen("/proc/self/status", "r");
    long long kilobytes = 0;
    char line[128];

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "VmHWM: %lld", &kilobytes) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return kilobytes * 1024;
}

static int64_t peak_bytes(void)
{
    const int64_t own = own_peak_bytes();
    struct rusage usage;

    if (own > 0)
        return own;
    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return 0;
#ifdef __APPLE__
    return usage.ru_maxrss;
#else
    return (int64_t)usage.ru_maxrss * 1024;
#endif
}

static bool go_on(cvy_port *port, const char *phase, int64_t done,
                  int64_t total)
{
    const cvy_port_options *const o = port->options;

    if (o->progress != NULL && !o->progress(o->context, phase, done, total))
        port->stopped = true;
    return !port->stopped;
}

static cvy_status poll(cvy_port *port, const char *phase, int64_t done,
                       int64_t total, cvy_error *err)
{
    return go_on(port, phase, done, total)
               ? CVY_OK
               : cvyi_fail(err, CVY_INTERRUPTED, "interrupted");
}

/* ---- names ---- */

static bool is_identifier(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return false;
    for (; *name != '\0'; name++)
        if (!isalnum((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

static cvy_status choose_names(cvy_port *port, cvy_error *err)
{
    const char *const asked = port->options->name;
    const char *const dir = port->options->out_dir;
    cvyi_scope scope = { .arena = &port->arena,
                         .reserved = port->target->imports };

    port->file_name = cvyi_scope_take(
        &scope, asked != NULL ? asked : port->source.graph->name);
    if (port->file_name == NULL)
        return cvyi_no_memory(err);
    if (asked != NULL && strcmp(asked, port->file_name) != 0)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "\"%.64s\" cannot be the name of a Python module; "
                         "\"%.64s\" can",
                         asked, port->file_name);
    port->folder =
        dir != NULL ? cvyi_arena_text(&port->arena, dir, strlen(dir))
                    : cvyi_arena_printf(&port->arena, "%s_%s", port->file_name,
                                        port->target->name);
    return port->folder != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* Base name of the source as the written file may hold it: one line of
 * UTF-8. */
static const char *source_file(cvy_port *port)
{
    const char *const slash = strrchr(port->options->source, '/');
    const char *const base = slash != NULL ? slash + 1 : port->options->source;
    char *const name = cvyi_arena_text(&port->arena, base, strlen(base));
    const bool utf8 = cvyi_is_utf8(base, strlen(base));

    for (char *p = name; p != NULL && *p != '\0'; p++)
        if (iscntrl((unsigned char)*p) || (!utf8 && (*p & 0x80) != 0))
            *p = '_';
    return name;
}

/* ---- steps ---- */

static cvy_status check_request(cvy_port *port, cvy_error *err)
{
    const cvy_port_options *const o = port->options;

    CVYI_TRY(cvyi_target_find(&port->target, o->target, err));
    port->report.target = port->target;
    if (o->name != NULL && !is_identifier(o->name))
        return cvyi_fail(err, CVY_ARGUMENT,
                         "\"%.64s\" cannot be the name of a Python module",
                         o->name);
    return CVY_OK;
}

static cvy_status read_source(cvy_port *port, cvy_error *err)
{
    const double start = now();
    const cvy_status status =
        cvyi_source_open(&port->source, port->options->source,
                         port->options->name, &port->findings, err);

    port->report.read = now() - start;
    if (status != CVY_OK)
        return status;
    port->report.format = port->source.kind->name;
    port->report.source = port->source.graph;
    return CVY_OK;
}

static cvy_status rewrite(cvy_port *port, cvy_error *err)
{
    const cvyi_target target = { port->target->name, port->target->axes };
    const double start = now();

    CVYI_TRY(cvyi_graph_copy(&port->graph, port->source.graph, err));
    CVYI_TRY(cvyi_pass_run(port->graph, &target, NULL, &port->findings, err));
    port->report.pass = now() - start;
    port->report.port = port->graph;
    return CVY_OK;
}

static bool proof_progress(void *context, int done, int total)
{
    return go_on(context, "proof", done, total);
}

static cvy_status prove(cvy_port *port, cvy_error *err)
{
    const double start = now();

    CVYI_TRY(cvyi_verify(&port->proof, port->source.graph, port->graph,
                         port->options->seed, proof_progress, port, err));
    port->report.prove = now() - start;
    port->report.proof = &port->proof;
    return poll(port, "proof", 1, 1, err);
}

/* What the first lines of a port say whose proof failed; NULL if it did
 * not. */
static cvy_status doubt(const char **out, cvy_port *port, cvy_error *err)
{
    const int row = port->proof.first_failure;
    const cvyi_graph *const graph = port->source.graph;

    *out = NULL;
    if (port->report.proof == NULL || port->proof.engine != CVYI_FAILED)
        return CVY_OK;
    *out = "it computes something else";
    if (row >= 0) {
        const int call = port->proof.layers[row].source_call;

        *out = cvyi_arena_printf(&port->arena, "`%s` computes something else",
                                 cvyi_call_layer(graph, &graph->calls[call]));
    }
    return *out != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* The source text, in memory: a refusal of the writer costs no disk. */
static cvy_status write_code(cvy_port *port, cvy_error *err)
{
    const double start = now();
    cvyi_write_options options = { .file_name = port->file_name,
                                   .source_file = source_file(port) };

    if (options.source_file == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(doubt(&options.doubt, port, err));
    CVYI_TRY(port->target->write(&port->written, port->graph,
                                 port->source.graph, &options, &port->findings,
                                 err));
    port->report.write = now() - start;
    port->report.written = &port->written;
    return CVY_OK;
}

/* ---- files ---- */

static cvy_status weights_sink(void *context, const void *bytes, size_t n,
                               cvy_error *err)
{
    cvy_port *const port = context;
    /* The file's head comes on top of the weights. */
    const int64_t done =
        port->n_written < port->to_write ? port->n_written : port->to_write;

    CVYI_TRY(poll(port, "write", done, port->to_write, err));
    CVYI_TRY(cvyi_output_write(&port->output, bytes, n, err));
    port->n_written += (int64_t)n;
    return CVY_OK;
}

static int64_t weight_bytes(const cvyi_written *written)
{
    int64_t total = 0;

    for (int i = 0; i < written->n_weights; i++) {
        const cvyi_written_weight *const w = &written->weights[i];
        int64_t dims[CVY_MAX_RANK];
        int64_t n = (int64_t)cvy_dtype_size(w->dtype);
        const int rank = cvyi_layout_target(&w->layout, dims);

        for (int k = 0; k < rank; k++)
            n *= dims[k];
        total += n;
    }
    return total;
}

/* NAME with this suffix becomes the next file of the report. */
static cvy_status begin_file(cvy_port *port, const char *suffix,
                             cvy_error *err)
{
    const char *const name =
        cvyi_arena_printf(&port->arena, "%s%s", port->file_name, suffix);

    if (name == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(cvyi_output_begin(&port->output, name, err));
    port->report.files[port->report.n_files++] = name;
    return CVY_OK;
}

static cvy_status end_file(cvy_port *port, int64_t bytes, cvy_error *err)
{
    port->report.file_bytes[port->report.n_files - 1] = bytes;
    return cvyi_output_end(&port->output, err);
}

static cvy_status write_index(cvy_port *port, cvy_error *err)
{
    port->report.peak_bytes = peak_bytes();
    cvyi_report_json(&port->json, &port->report);
    CVYI_TRY(cvyi_text_status(&port->json, err));
    CVYI_TRY(cvyi_output_begin(&port->output, CVYI_OUTPUT_INDEX, err));
    CVYI_TRY(cvyi_output_write(&port->output, port->json.bytes,
                               port->json.size, err));
    return cvyi_output_end(&port->output, err);
}

static cvy_status write_files(cvy_port *port, cvy_error *err)
{
    const double start = now();

    CVYI_TRY(begin_file(port, port->target->source_suffix, err));
    CVYI_TRY(cvyi_output_write(&port->output, port->written.code.bytes,
                               port->written.code.size, err));
    CVYI_TRY(end_file(port, (int64_t)port->written.code.size, err));

    port->to_write = weight_bytes(&port->written);
    CVYI_TRY(begin_file(port, port->target->weights_suffix, err));
    CVYI_TRY(port->target->write_weights(&port->written, port->graph,
                                         weights_sink, port, err));
    CVYI_TRY(end_file(port, port->n_written, err));
    CVYI_TRY(poll(port, "write", port->to_write, port->to_write, err));

    port->report.write += now() - start;
    CVYI_TRY(write_index(port, err));
    return cvyi_output_commit(&port->output, err);
}

/* ---- the whole ---- */

static cvy_status verdict(const cvy_port *port, cvy_error *err)
{
    const int row = port->proof.first_failure;
    const cvyi_graph *const graph = port->source.graph;
    const char *where = "";
    const char *cause = "";

    if (port->report.proof == NULL || port->proof.engine != CVYI_FAILED)
        return CVY_OK;
    if (row >= 0) {
        const cvyi_layer_proof *const layer = &port->proof.layers[row];

        where = cvyi_call_layer(graph, &graph->calls[layer->source_call]);
        cause = layer->cause != NULL ? layer->cause : "";
    }
    return cvyi_fail_in(err, CVY_PROOF, where,
                        "computes something else than in the source%s%s",
                        *cause != '\0' ? "; likely cause: " : "", cause);
}

static cvy_status run(cvy_port *port, cvy_error *err)
{
    CVYI_TRY(check_request(port, err));
    CVYI_TRY(read_source(port, err));
    CVYI_TRY(choose_names(port, err));
    CVYI_TRY(rewrite(port, err));
    CVYI_TRY(cvyi_port_folder(port, err));
    if (!port->options->no_proof)
        CVYI_TRY(prove(port, err));
    CVYI_TRY(write_code(port, err));
    CVYI_TRY(write_files(port, err));
    return verdict(port, err);
}

/* A refusal that no list of findings holds yet. */
static cvy_status note_refusal(cvy_port *port, cvy_error *err)
{
    if ((port->status != CVY_UNSUPPORTED && port->status != CVY_SHAPE) ||
        port->findings.n_refusals > 0)
        return CVY_OK;
    return cvyi_findings_add(&port->findings,
                             (cvyi_finding){ .refusal = true,
                                             .kind = "unsupported",
                                             .layer = port->error.where,
                                             .text = port->error.text },
                             err);
}

/* Nothing was written: the report says why, and names no files. */
static cvy_status report_failure(cvy_port *port, cvy_error *err)
{
    cvyi_output_abandon(&port->output);
    CVYI_TRY(note_refusal(port, err));
    port->report.n_files = 0;
    port->report.written = NULL;
    port->report.error = &port->error;
    port->report.peak_bytes = peak_bytes();
    cvyi_text_close(&port->json);
    port->json = (cvyi_text){ 0 };
    cvyi_report_json(&port->json, &port->report);
    return cvyi_text_status(&port->json, err);
}

cvy_status cvy_port_open(cvy_port **out, const cvy_port_options *options,
                         cvy_error *err)
{
    cvy_port *port;
    cvy_status status = CVY_OK;

    if (options == NULL || options->source == NULL)
        return cvyi_fail(err, CVY_ARGUMENT, "a port needs a source");
    port = cvyi_alloc(1, sizeof *port);
    if (port == NULL)
        return cvyi_no_memory(err);
    port->options = options;
    port->report.findings = &port->findings;
    port->report.path = cvyi_arena_text(&port->arena, options->source,
                                        strlen(options->source));
    port->status = port->report.path != NULL ? run(port, &port->error)
                                             : cvyi_no_memory(&port->error);
    port->report.folder = port->folder;
    if (port->status != CVY_OK && port->status != CVY_PROOF)
        status = report_failure(port, err);
    port->options = NULL;
    if (status != CVY_OK) {
        cvy_port_close(port);
        return status;
    }
    *out = port;
    return CVY_OK;
}
