/*
 * Models made of models, as they are written: classes of classes, one module
 * for what is shared, one class for what repeats.
 *
 * tests/write/golden/NAME.py as in test_torch.c.
 */
#include "write/write.h"

#include "nested_net.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- comparing ---- */

typedef struct subject {
    net n, source;
    cvyi_graph *port;
    cvyi_findings findings;
    cvyi_write_options options;
} subject;

static void open_subject(subject *s, size_t i)
{
    *s = (subject){ .options = { .file_name = files[i].name,
                                 .source_file = "net.keras",
                                 .flat = files[i].flat,
                                 .exact_training = files[i].exact } };
    files[i].build(&s->n);
    (files[i].source != NULL ? files[i].source : files[i].build)(&s->source);
    s->n.graph->version = "3.15.1";
    s->port = net_port(&s->n, &s->findings);
}

static void close_subject(subject *s)
{
    cvyi_findings_close(&s->findings);
    cvyi_graph_close(s->port);
    net_close(&s->n);
    net_close(&s->source);
}

static cvy_status write_subject(cvyi_written *out, subject *s,
                                cvyi_findings *findings, cvy_error *err)
{
    return cvyi_write_torch(out, s->port, s->source.graph, &s->options,
                            findings, err);
}

static void compare(const char *name, const cvyi_text *code)
{
    char path[512];
    cvyi_mapping golden;
    cvy_error err = { 0 };

    snprintf(path, sizeof path, "%s/write/golden/%s.py", CVYT_DATA, name);
    if (getenv("CONVEY_UPDATE") != NULL)
        CHECK_OK(cvyi_file_write(path, code->bytes, code->size, &err));
    CHECK_OK(cvyi_file_map(&golden, path, &err));
    if (golden.size != code->size ||
        memcmp(golden.bytes, code->bytes, code->size) != 0)
        CHECK_FAIL("%s.py is written otherwise:\n%s", name, code->bytes);
    cvyi_file_unmap(&golden);
}

static int index_of(const cvyi_written *written, const char *weight)
{
    for (int i = 0; i < written->n_weights; i++)
        if (strcmp(written->weights[i].name, weight) == 0)
            return i;
    return -1;
}

/* Every call has its place, every parameter is written once. */
static void check_written(const cvyi_written *written, const cvyi_graph *port)
{
    for (int i = 0; i < written->n_weights; i++)
        CHECK_EQ(index_of(written, written->weights[i].name), i);
    for (int p = 0; p < port->n_params; p++) {
        int used = 0, n = 0;

        for (int i = 0; i < port->n_calls; i++)
            for (int s = 0; s < CVYI_MAX_SLOTS; s++)
                used |= port->calls[i].params[s] == p;
        for (int i = 0; i < written->n_weights; i++)
            n += written->weights[i].param == p;
        CHECK_EQ(n, used);
    }
    for (int i = 0; i < port->n_calls; i++)
        CHECK(written->calls[i].target != NULL &&
              written->calls[i].path != NULL);
}

static void every_file_is_the_golden_one(void)
{
    for (size_t i = 0; i < N_FILES; i++) {
        cvyi_findings findings = { 0 };
        cvyi_written written;
        cvy_error err = { 0 };
        subject s;

        open_subject(&s, i);
        if (write_subject(&written, &s, &findings, &err) != CVY_OK)
            CHECK_FAIL("%s: %s", files[i].name, err.text);
        compare(files[i].name, &written.code);
        check_written(&written, s.port);
        cvyi_written_close(&written);
        cvyi_findings_close(&findings);
        close_subject(&s);
    }
}

/* ---- names ---- */

static const struct {
    const char *file, *source, *target;
} names[] = {
    /* clang-format off */
    { "siamese",     "encoder/conv_a",      "encoder.conv_a"        },
    { "nested",      "body/stem/norm",      "body.stem.norm"        },
    { "nested",      "head/logits",         "head.logits"           },
    { "resnet",      "stage2_block1_conv1", "stage2.0.conv1"        },
    { "resnet",      "stage3_block4_bn2",   "stage3.3.bn2"          },
    { "resnet_flat", "stage2_block1_conv1", "stage2_block1_conv1"   },
    { "squeeze",     "blockc_project",      "blocks.2.project"      },
    { "lists",       "towers/1",            "towers.1"              },
    { "two_meanings", "attend/dropout",     "attend_dropout"        },
    /* clang-format on */
};

static void check_name(const cvyi_written *written, const char *source,
                       const char *target)
{
    for (int i = 0; i < written->n_names; i++)
        if (strcmp(written->source_names[i], source) == 0) {
            CHECK_STR(written->target_names[i], target);
            return;
        }
    CHECK_FAIL("%s has no name", source);
}

static void names_are_whole_paths(void)
{
    for (size_t i = 0; i < N_FILES; i++) {
        cvyi_findings findings = { 0 };
        cvyi_written written;
        cvy_error err = { 0 };
        subject s;

        open_subject(&s, i);
        CHECK_OK(write_subject(&written, &s, &findings, &err));
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (strcmp(names[k].file, files[i].name) == 0)
                check_name(&written, names[k].source, names[k].target);
        cvyi_written_close(&written);
        cvyi_findings_close(&findings);
        close_subject(&s);
    }
}

/* Both visits have the same path; the function's is that of its model. */
static void calls_are_found_in_their_module(void)
{
    cvyi_findings findings = { 0 };
    cvyi_written written;
    cvy_error err = { 0 };
    subject s;

    open_subject(&s, 0);
    CHECK_OK(write_subject(&written, &s, &findings, &err));
    for (int i = 0; i < s.port->n_calls; i++) {
        const cvyi_call *const call = &s.port->calls[i];
        const cvyi_written_call *const w = &written.calls[i];

        if (strcmp(cvyi_call_layer(s.port, call), "conv_a") == 0)
            CHECK_STR(w->path, w->module ? "encoder.conv_a" : "encoder");
        if (strcmp(cvyi_call_layer(s.port, call), "mean") == 0)
            CHECK_STR(w->path, "encoder");
        if (strcmp(cvyi_call_layer(s.port, call), "sum") == 0)
            CHECK_STR(w->path, "");
    }
    CHECK(index_of(&written, "encoder.conv_b.weight") >= 0);
    cvyi_written_close(&written);
    cvyi_findings_close(&findings);
    close_subject(&s);
}

/* ---- refusals, memory ---- */

/* BatchNorm1d and BatchNorm2d cannot be one module. */
static void a_shared_layer_of_two_words_is_refused(void)
{
    static const int64_t image[] = { 0, 6, 6, 4 }, row[] = { 0, 4 };
    subject s = { .options = { .file_name = "net",
                               .source_file = "net.keras" } };
    cvyi_findings findings = { 0 };
    cvyi_written written = { 0 };
    cvy_error err = { 0 };
    int outputs[2], first;

    outputs[0] = net_batch_norm(&s.n, "norm", net_open(&s.n, false, 4, image));
    first = s.n.graph->n_calls - 1;
    outputs[1] = net_batch_norm(&s.n, "other", net_input(&s.n, "row", 2, row));
    s.n.graph->calls[first + 1].module = s.n.graph->calls[first].module;
    memcpy(s.n.graph->calls[first + 1].params, s.n.graph->calls[first].params,
           sizeof s.n.graph->calls[first].params);
    net_outputs(&s.n, 2, outputs, NULL);
    s.port = net_port(&s.n, &s.findings);
    CHECK_EQ(cvyi_write_torch(&written, s.port, s.n.graph, &s.options,
                              &findings, &err),
             CVY_UNSUPPORTED);
    CHECK_EQ(findings.n_refusals, 1);
    for (int i = 0; i < findings.n; i++)
        if (findings.items[i].refusal) {
            CHECK_STR(findings.items[i].layer, "norm");
            CHECK(strstr(findings.items[i].advice, "a layer of its own") !=
                  NULL);
        }
    cvyi_findings_close(&findings);
    cvyi_findings_close(&s.findings);
    cvyi_graph_close(s.port);
    net_close(&s.n);
}

static void no_refused_allocation_breaks_the_writer(void)
{
    for (size_t i = 0; i < N_FILES; i++) {
        subject s;

        if (files[i].source != NULL && files[i].flat)
            continue;
        open_subject(&s, i);
        for (size_t k = 1;; k += i < 3 ? 1 : 7) {
            cvyi_findings findings = { 0 };
            cvyi_written written = { 0 };
            cvy_error err = { 0 };
            cvy_status status;

            cvyi_alloc_refuse(k);
            status = write_subject(&written, &s, &findings, &err);
            cvyi_alloc_refuse(0);
            cvyi_findings_close(&findings);
            if (status == CVY_OK) {
                cvyi_written_close(&written);
                break;
            }
            if (status != CVY_MEMORY)
                CHECK_FAIL("%s: allocation %zu: %s", files[i].name, k,
                           err.text);
            CHECK_EQ(written.code.size, 0);
        }
        close_subject(&s);
    }
}

static const check_case cases[] = {
    { "every_file_is_the_golden_one", every_file_is_the_golden_one },
    { "names_are_whole_paths", names_are_whole_paths },
    { "calls_are_found_in_their_module", calls_are_found_in_their_module },
    { "a_shared_layer_of_two_words_is_refused",
      a_shared_layer_of_two_words_is_refused },
    { "no_refused_allocation_breaks_the_writer",
      no_refused_allocation_breaks_the_writer },
};
CHECK_MAIN(cases)
