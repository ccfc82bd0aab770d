/*
 * tests/verb/test_failed_proof.c - a port whose proof fails is kept and says
 * so everywhere.
 *
 * A correct program makes no wrong port, so the proof is replaced here: this
 * one finds the first dense layer wrong, whatever it computes.
 */
#define _GNU_SOURCE
#include "convey/port.h"

#include "check.h"
#include "verify/verify.h"

#include <limits.h>
#include <math.h>
#include <unistd.h>

static bool measurable = true;

cvy_status cvyi_verify(cvyi_proof *out, const cvyi_graph *source,
                       const cvyi_graph *port, uint64_t seed,
                       cvyi_progress_fn *progress, void *context,
                       cvy_error *err)
{
    cvyi_proof proof = { .engine = CVYI_FAILED, .first_failure = -1 };

    (void)progress;
    (void)context;
    proof.seed = seed;
    proof.n_layers = source->n_calls;
    proof.layers = cvyi_arena_alloc(&proof.arena, (size_t)source->n_calls,
                                    sizeof *proof.layers);
    if (proof.layers == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < source->n_calls; i++) {
        cvyi_layer_proof *const row = &proof.layers[i];

        *row = (cvyi_layer_proof){ .source_call = i,
                                   .target_call = -1,
                                   .verdict = CVYI_PROVEN,
                                   .bound = 1e-6,
                                   .where = "",
                                   .cause = "" };
        for (int k = 0; k < port->n_calls; k++)
            if (port->calls[k].origin == i)
                row->target_call = k;
        if (proof.first_failure >= 0 ||
            strcmp(source->calls[i].attrs.op->name, "dense") != 0)
            continue;
        proof.first_failure = i;
        row->verdict = CVYI_FAILED;
        row->error = measurable ? 0.5 : (double)NAN;
        row->share = proof.worst_share = measurable ? 5e5 : (double)INFINITY;
        row->where = "output [0, 1] on the ramp";
        row->cause = "the order of the flattened features";
    }
    *out = proof;
    return CVY_OK;
}

void cvyi_proof_close(cvyi_proof *proof)
{
    cvyi_arena_close(&proof->arena);
    *proof = (cvyi_proof){ 0 };
}

static char top[] = "/tmp/convey-failed-XXXXXX";
static char place[PATH_MAX];

static void first_line(char *out, int size, const char *name)
{
    char path[PATH_MAX + 32];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", place, name);
    file = fopen(path, "r");
    CHECK(file != NULL && fgets(out, size, file) != NULL);
    fclose(file);
}

static void remove_place(void)
{
    static const char *const names[] = { "first.py", "first.safetensors",
                                         "report.json" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH_MAX + 32];

        snprintf(path, sizeof path, "%s/%s", place, names[i]);
        CHECK_EQ(unlink(path), 0);
    }
    CHECK_EQ(rmdir(place), 0);
}

static cvy_port *failed_port(void)
{
    const cvy_port_options options = { .source =
                                           CVYT_DATA "/read/data/first.keras",
                                       .out_dir = place };
    cvy_port *port = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvy_port_open(&port, &options, &err));
    CHECK_EQ(cvy_port_status(port), CVY_PROOF);
    CHECK_EQ(cvy_status_exit(cvy_port_status(port)), 1);
    return port;
}

static void the_files_are_kept_and_marked(void)
{
    cvy_port *const port = failed_port();
    char line[512];

    CHECK_STR(cvy_port_folder(port), place);
    first_line(line, sizeof line, "first.py");
    CHECK(strstr(line, "UNPROVEN") != NULL);
    CHECK(strstr(line, "`dense`") != NULL);
    cvy_port_close(port);
    remove_place();
}

static void the_error_names_layer_and_cause(void)
{
    cvy_port *const port = failed_port();
    const cvy_error *const error = cvy_port_error(port);

    CHECK_EQ(error->status, CVY_PROOF);
    CHECK_STR(error->where, "dense");
    CHECK(strstr(error->text, "flattened features") != NULL);
    cvy_port_close(port);
    remove_place();
}

static void the_report_says_failed(void)
{
    cvy_port *const port = failed_port();
    const char *const json = cvy_port_json(port);

    CHECK(strstr(json, "\"proof\": {\"engine\": \"failed\"") != NULL);
    CHECK(strstr(json, "\"verdict\": \"failed\", \"error\": 0.5, "
                       "\"bound\": 1e-06") != NULL);
    CHECK(strstr(json, "\"worst_error_share_of_bound\": 500000.0") != NULL);
    CHECK(strstr(json, "\"files\": [\"first.py\"") != NULL);
    cvy_port_close(port);
    remove_place();
}

static void people_are_told_first_layer_size_and_cause(void)
{
    cvy_port *const port = failed_port();
    const char *text = NULL;
    cvy_error err = { 0 };

    CHECK_OK(cvy_port_text(&text, port, (cvy_look){ .verbose = true }, &err));
    CHECK(strstr(text, "FAILED (engine): 1 of 7 calls, the first in dense") !=
          NULL);
    CHECK(strstr(text, "error 0.5, bound 1e-06, output [0, 1] on the ramp") !=
          NULL);
    CHECK(strstr(text, "likely cause: the order of the flattened") != NULL);
    CHECK(strstr(text, "engine only") == NULL);
    cvy_port_close(port);
    remove_place();
}

/* A NaN is no number in JSON. */
static void errors_beyond_measure_are_null(void)
{
    cvy_port *port;

    measurable = false;
    port = failed_port();
    measurable = true;
    CHECK(strstr(cvy_port_json(port), "\"verdict\": \"failed\", \"error\": "
                                      "null") != NULL);
    CHECK(strstr(cvy_port_json(port),
                 "\"worst_error_share_of_bound\": null") != NULL);
    cvy_port_close(port);
    remove_place();
}

static const check_case cases[] = {
    { "the_files_are_kept_and_marked", the_files_are_kept_and_marked },
    { "the_error_names_layer_and_cause", the_error_names_layer_and_cause },
    { "the_report_says_failed", the_report_says_failed },
    { "people_are_told_first_layer_size_and_cause",
      people_are_told_first_layer_size_and_cause },
    { "errors_beyond_measure_are_null", errors_beyond_measure_are_null },
};

int main(void)
{
    int failed;

    if (mkdtemp(top) == NULL)
        return 1;
    snprintf(place, sizeof place, "%s/out", top);
    failed = check_all(cases, sizeof cases / sizeof *cases);
    rmdir(top);
    return failed;
}
