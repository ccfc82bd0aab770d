/*
 * tests/fuzz/fuzz_ported.c - a folder that claims to be a port.
 *
 * The input is report.json, net.py, what the parser's child answers for it,
 * and net.safetensors, with vertical tabs between them. A folder that is read
 * gives a lawful graph; any other a reason.
 */
#define _XOPEN_SOURCE 700
#include "child.h"
#include "base/file.h"
#include "read/ported.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64];

static void insist(bool truth)
{
    if (!truth)
        abort();
}

static const char *path_of(const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void remove_folder(void)
{
    (void)unlink(path_of("report.json"));
    (void)unlink(path_of("net.py"));
    (void)unlink(path_of("net.safetensors"));
    (void)rmdir(folder);
}

static void make_folder(void)
{
    if (folder[0] != '\0')
        return;
    snprintf(folder, sizeof folder, "/tmp/convey-fuzz-XXXXXX");
    insist(mkdtemp(folder) != NULL);
    insist(atexit(remove_folder) == 0);
}

static void put(const char *name, const uint8_t *bytes, size_t n)
{
    FILE *const file = fopen(path_of(name), "wb");

    insist(file != NULL && fwrite(bytes, 1, n, file) == n);
    insist(fclose(file) == 0);
}

static void open_folder(void)
{
    cvyi_source source = { 0 };
    cvy_error err = { 0 };
    const cvy_status status = cvyi_ported_open(&source, folder, &err);

    if (status == CVY_OK)
        insist(cvyi_graph_check(source.graph, NULL) == CVY_OK);
    else
        insist(err.status == status && err.text[0] != '\0' &&
               status != CVY_ARGUMENT);
    cvyi_source_close(&source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t none;
    const uint8_t *report, *code;
    size_t n_report, n_code;

    if (size == 0)
        data = &none;
    n_report = child_part(&report, &data, &size);
    n_code = child_part(&code, &data, &size);
    make_folder();
    put("report.json", report, n_report);
    put("net.py", code, n_code);
    child_size = child_part(&child_answer, &data, &size);
    put("net.safetensors", data, size);
    open_folder();
    return 0;
}
