/*
 * verb/port.c - from a model file to a folder in the target's own words.
 *
 * One straight list of steps. The folder is begun before the proof, so that
 * minutes of work do not end at a forbidden path; it appears at the end, or
 * not at all.
 */
#include "verb/port.h"

#include "codec/name.h"
#include "read/ported.h"
#include "verb/shape.h"
#include "verb/usage.h"
#include "write/names.h"

#include <ctype.h>
#include <string.h>

bool cvyi_port_go_on(cvy_port *port, const char *phase, int64_t done,
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
    return cvyi_port_go_on(port, phase, done, total)
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
    CVYI_TRY(cvyi_weights_find(&port->weights, port->target, o->weights_format,
                               err));
    if (o->name != NULL && !is_identifier(o->name))
        return cvyi_fail(err, CVY_ARGUMENT,
                         "\"%.64s\" cannot be the name of a Python module",
                         o->name);
    return CVY_OK;
}

/* A folder of ours is what a port would make of it. */
static cvy_status refuse_ported(cvy_port *port, cvy_error *err)
{
    static const char text[] = "the folder is a port to PyTorch already";
    static const char advice[] = "porting PyTorch comes with a later version";
    bool ported;

    CVYI_TRY(cvyi_ported_find(&ported, port->options->source, err));
    if (!ported)
        return CVY_OK;
    CVYI_TRY(cvyi_findings_add(&port->findings,
                               (cvyi_finding){ .refusal = true,
                                               .kind = "unsupported",
                                               .text = text,
                                               .advice = advice },
                               err));
    return cvyi_fail(err, CVY_UNSUPPORTED, "%s; %s", text, advice);
}

/* "NAME=1x2x3" */
static cvy_status read_input(cvyi_call_input *out, cvy_port *port,
                             const char *text, cvy_error *err)
{
    const char *const equals = strrchr(text, '=');

    if (equals == NULL || equals == text)
        return cvyi_fail(err, CVY_ARGUMENT,
                         "\"%.64s\" does not say which input: NAME=SHAPE",
                         text);
    out->name = cvyi_arena_text(&port->arena, text, (size_t)(equals - text));
    if (out->name == NULL)
        return cvyi_no_memory(err);
    return cvyi_shape_read(out->dims, &out->rank, equals + 1, err);
}

static cvy_status ask_source(cvy_port *port, cvy_error *err)
{
    const cvy_port_options *const o = port->options;
    cvyi_call_input *const inputs = cvyi_arena_alloc(
        &port->arena, (size_t)o->n_inputs + 1, sizeof *inputs);
    const cvyi_source_request request = { .name = o->name,
                                          .part = true,
                                          .from = o->from,
                                          .list = o->list ? &port->candidates
                                                          : NULL,
                                          .port = true,
                                          .entry = o->entry,
                                          .root = o->root,
                                          .n_sets = o->n_sets,
                                          .sets = o->sets,
                                          .n_inputs = o->n_inputs,
                                          .inputs = inputs,
                                          .weights = o->weights };

    if (inputs == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < o->n_inputs; i++)
        CVYI_TRY(read_input(&inputs[i], port, o->inputs[i], err));
    for (int i = 0; i < o->n_sets; i++)
        if (strchr(o->sets[i], '=') == NULL || *o->sets[i] == '=')
            return cvyi_fail(err, CVY_ARGUMENT,
                             "\"%.64s\" sets nothing: NAME=VALUE", o->sets[i]);
    return cvyi_source_ask(&port->source, o->source, &request, &port->findings,
                           err);
}

/* A file says itself what it is: --from may only say the same. */
static cvy_status check_from(const cvy_port *port, cvy_error *err)
{
    const cvyi_graph *const graph = port->source.graph;
    const char *const from = port->options->from;
    const size_t n = from != NULL ? strcspn(from, "-") : 0;
    const char *const is = graph->dialect != NULL ? graph->dialect : "";

    if (from == NULL || port->source.kind->script)
        return CVY_OK;
    if (strlen(is) == n && strncmp(from, is, n) == 0 &&
        (from[n] == '\0' || graph->version == NULL ||
         strncmp(from + n + 1, graph->version, strlen(from + n + 1)) == 0))
        return CVY_OK;
    return cvyi_fail(err, CVY_ARGUMENT,
                     "--from says %.40s, and the file itself says %s%s%s",
                     from, is, graph->version != NULL ? "-" : "",
                     graph->version != NULL ? graph->version : "");
}

/* What is said of Python source is said of nothing else. */
static cvy_status check_script(const cvy_port *port, cvy_error *err)
{
    const cvy_port_options *const o = port->options;
    const char *const said = o->entry != NULL     ? "--entry"
                             : o->n_sets > 0      ? "--set"
                             : o->n_inputs > 0    ? "--input"
                             : o->weights != NULL ? "--weights"
                             : o->list            ? "--list"
                             : o->root != NULL    ? "--root"
                                                  : NULL;

    if (said == NULL || port->source.kind->script)
        return CVY_OK;
    return cvyi_fail(err, CVY_ARGUMENT,
                     "%s is for Python source, and this is "
                     "a model file",
                     said);
}

static cvy_status read_source(cvy_port *port, cvy_error *err)
{
    const double start = cvyi_now();
    cvy_status status;

    CVYI_TRY(refuse_ported(port, err));
    status = ask_source(port, err);

    port->report.read = cvyi_now() - start;
    if (status != CVY_OK || (port->source.part && !port->options->list))
        return status;
    CVYI_TRY(check_script(port, err));
    if (port->source.graph == NULL)
        return CVY_OK;
    CVYI_TRY(check_from(port, err));
    port->report.format = port->source.kind->name;
    port->report.source = port->source.graph;
    return CVY_OK;
}

static cvy_status rewrite(cvy_port *port, cvy_error *err)
{
    const double start = cvyi_now();

    CVYI_TRY(cvyi_port_rewrite(port, err));
    port->report.pass = cvyi_now() - start;
    port->report.port = port->source.part ? NULL : port->graph;
    return CVY_OK;
}

static cvy_status prove(cvy_port *port, cvy_error *err)
{
    const double start = cvyi_now();

    if (port->options->no_proof)
        return CVY_OK;
    CVYI_TRY(cvyi_port_prove(port, err));
    port->report.prove = cvyi_now() - start;
    return poll(port, "proof", 1, 1, err);
}

/* The source text, in memory. */
static cvy_status write_code(cvy_port *port, cvy_error *err)
{
    const double start = cvyi_now();
    cvyi_write_options options = { .file_name = port->file_name,
                                   .source_file = source_file(port),
                                   .weights = port->weights,
                                   .flat = port->options->flat,
                                   .exact_training =
                                       port->options->exact_training };

    if (options.source_file == NULL)
        return cvyi_no_memory(err);
    CVYI_TRY(port->target->write(&port->written, port->graph,
                                 port->source.graph, &options, &port->findings,
                                 err));
    port->report.write = cvyi_now() - start;
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

/* Names of the files of a report: the code, then the weights. */
static cvy_status name_files(cvy_port *port, cvy_error *err)
{
    const char *const suffixes[] = { port->target->source_suffix,
                                     port->weights->suffix };

    for (int i = 0; i < 2; i++) {
        port->report.files[i] = cvyi_arena_printf(
            &port->arena, "%s%s", port->file_name, suffixes[i]);
        if (port->report.files[i] == NULL)
            return cvyi_no_memory(err);
    }
    return CVY_OK;
}

static cvy_status write_weights(cvy_port *port, cvy_error *err)
{
    const double start = cvyi_now();

    CVYI_TRY(name_files(port, err));
    port->to_write = weight_bytes(&port->written);
    CVYI_TRY(cvyi_output_begin(&port->output, port->report.files[1], err));
    CVYI_TRY(port->weights->write(&port->written, port->graph, weights_sink,
                                  port, err));
    CVYI_TRY(cvyi_output_end(&port->output, err));
    CVYI_TRY(poll(port, "write", port->to_write, port->to_write, err));
    port->report.file_bytes[1] = port->n_written;
    port->report.write += cvyi_now() - start;
    return CVY_OK;
}

static cvy_status write_text(cvy_port *port, const char *name,
                             const cvyi_text *text, cvy_error *err)
{
    CVYI_TRY(cvyi_text_status(text, err));
    CVYI_TRY(cvyi_output_begin(&port->output, name, err));
    CVYI_TRY(cvyi_output_write(&port->output, text->bytes, text->size, err));
    return cvyi_output_end(&port->output, err);
}

/* The code, which says so if it is not proven, and the report. */
static cvy_status finish(cvy_port *port, cvy_error *err)
{
    cvyi_text *const code = &port->written.code;
    const char *why;

    CVYI_TRY(cvyi_port_doubt(&why, port, err));
    if (why != NULL)
        CVYI_TRY(port->target->mark(code, why, err));
    CVYI_TRY(write_text(port, port->report.files[0], code, err));
    port->report.file_bytes[0] = (int64_t)code->size;
    port->report.n_files = 2;
    port->report.peak_bytes = cvyi_peak_bytes();
    cvyi_report_json(&port->json, &port->report);
    CVYI_TRY(write_text(port, CVYI_OUTPUT_INDEX, &port->json, err));
    return cvyi_output_commit(&port->output, err);
}

/* ---- the whole ---- */

static cvy_status run(cvy_port *port, cvy_error *err)
{
    CVYI_TRY(check_request(port, err));
    CVYI_TRY(read_source(port, err));
    if (port->options->list)
        return cvyi_port_list(port, err);
    CVYI_TRY(rewrite(port, err));
    CVYI_TRY(cvyi_port_refusals(port, err));
    CVYI_TRY(choose_names(port, err));
    CVYI_TRY(cvyi_port_folder(port, err));
    CVYI_TRY(write_code(port, err));
    CVYI_TRY(write_weights(port, err));
    CVYI_TRY(prove(port, err));
    CVYI_TRY(finish(port, err));
    return cvyi_port_verdict(port, err);
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
    port->report.peak_bytes = cvyi_peak_bytes();
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
