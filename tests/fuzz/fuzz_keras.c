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

#include "base/text.h"
#include "tensor/tensor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

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

/* ---- an archive of two stored members ---- */

static void put(cvyi_text *out, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        const char byte = (char)(value >> 8 * i & 0xff);

        cvyi_text_add(out, &byte, 1);
    }
}

/* The fields that a local header and the directory have in common. */
static void put_member(cvyi_text *out, const char *name, const uint8_t *bytes,
                       size_t size)
{
    put(out, 20, 2); /* version, flags, method, time, date */
    put(out, 0, 4);
    put(out, 0, 2);
    put(out, 33, 2);
    put(out, (uint32_t)crc32(0, bytes, (uInt)size), 4);
    put(out, (uint32_t)size, 4);
    put(out, (uint32_t)size, 4);
    put(out, (uint32_t)strlen(name), 2);
    put(out, 0, 2);
}

static void put_archive(cvyi_text *out, const uint8_t *const bytes[2],
                        const size_t sizes[2])
{
    static const char *const names[] = { "config.json", "model.weights.h5" };
    size_t at[3];

    for (int i = 0; i < 2; i++) {
        at[i] = out->size;
        put(out, 0x04034b50, 4);
        put_member(out, names[i], bytes[i], sizes[i]);
        cvyi_text_put(out, names[i]);
        cvyi_text_add(out, (const char *)bytes[i], sizes[i]);
    }
    at[2] = out->size;
    for (int i = 0; i < 2; i++) {
        put(out, 0x02014b50, 4);
        put(out, 20, 2);
        put_member(out, names[i], bytes[i], sizes[i]);
        put(out, 0, 4); /* comment, disk, attributes */
        put(out, 0, 2);
        put(out, 0, 4);
        put(out, (uint32_t)at[i], 4);
        cvyi_text_put(out, names[i]);
    }
    put(out, 0x06054b50, 4);
    put(out, 0, 4);
    put(out, 2, 2);
    put(out, 2, 2);
    put(out, (uint32_t)(out->size - at[2]) - 12, 4);
    put(out, (uint32_t)at[2], 4);
    put(out, 0, 2);
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

    put_archive(&archive, parts, sizes);
    if (!archive.bad)
        read_bytes(archive.bytes, archive.size);
    cvyi_text_close(&archive);
    return 0;
}
