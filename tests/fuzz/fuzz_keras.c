/*
 * fuzz/fuzz_keras.c - any bytes through the whole reader.
 *
 * An archive's CRCs stop nearly every change to its insides. So input that
 * begins with '{' is taken for a config, a NUL and a weights file, and an
 * archive is made of the two. Anything else goes in as it is.
 *
 * What is read must obey every law of a graph, and each of its parameters is
 * read to the last element. What is not read must say why.
 */
#include "read/read.h"

#include "archive.h"
#include "tensor/tensor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool truth, const char *what)
{
    if (truth)
        return;
    fprintf(stderr, "fuzz_keras: %s\n", what);
    abort();
}

static void touch(const cvyi_graph *graph)
{
    cvyi_text text = { 0 };
    double sum = 0;

    insist(cvyi_graph_check(graph, NULL) == CVY_OK, "a graph breaks a law");
    cvyi_graph_print(&text, graph);
    insist(text.size > 0, "a graph prints as nothing");
    cvyi_text_close(&text);
    for (int i = 0; i < graph->n_params; i++) {
        const cvy_view *const view = &graph->params[i].stored;
        int64_t at[CVY_MAX_RANK] = { 0 };

        if (cvy_view_count(view) == 0)
            continue;
        do
            sum += cvyi_at(view, at);
        while (cvyi_next(view->rank, view->dims, at));
    }
    (void)sum;
}

/* ---- the target ---- */

static void read_bytes(const void *bytes, size_t size)
{
    cvyi_source source = { 0 };
    cvyi_findings findings = { 0 };
    cvy_error err = { 0 };
    const cvy_status status =
        cvyi_source_read(&source, bytes, size, "fuzz", &findings, &err);

    if (status == CVY_OK) {
        insist(findings.n_refusals == 0, "read, and refused");
        touch(source.graph);
    } else {
        insist(err.status == status && err.text[0] != '\0',
               "refused without a reason");
        insist(status != CVY_UNSUPPORTED || findings.n_refusals > 0,
               "a refusal that no finding tells");
        insist(status != CVY_ARGUMENT, "a law of the graph was broken");
    }
    cvyi_source_close(&source);
    cvyi_findings_close(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t none;
    const uint8_t *const nul =
        size > 0 && data[0] == '{' ? memchr(data, 0, size) : NULL;

    if (nul == NULL) {
        read_bytes(size > 0 ? data : &none, size);
        return 0;
    }

    const uint8_t *const parts[2] = { data, nul + 1 };
    const size_t sizes[2] = { (size_t)(nul - data),
                              size - (size_t)(nul - data) - 1 };
    cvyi_text archive = { 0 };

    archive_put(&archive, parts, sizes);
    if (!archive.bad)
        read_bytes(archive.bytes, archive.size);
    cvyi_text_close(&archive);
    return 0;
}
