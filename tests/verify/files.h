/*
 * A port in memory: the graph that was meant and its two files, which tests
 * read back as they are, or changed on purpose.
 */
#ifndef CVYT_VERIFY_FILES_H
#define CVYT_VERIFY_FILES_H

#include "net.h"
#include "pass/pass.h"
#include "read/back.h"
#include "verify/align.h"

typedef struct files {
    net net;
    cvyi_graph *graph;
    cvyi_written written;
    cvyi_findings findings;
    cvyi_text weights;
} files;

static inline cvy_status into_text(void *context, const void *bytes, size_t n,
                                   cvy_error *err)
{
    cvyi_text_add(context, bytes, n);
    return cvyi_text_status(context, err);
}

static inline void open_files_of(files *f, void (*make)(net *n))
{
    const cvyi_write_options options = { .file_name = "small",
                                         .source_file = "small.keras" };
    const cvyi_target_kind *target;
    cvy_error err = { 0 };

    memset(f, 0, sizeof *f);
    make(&f->net);
    CHECK_OK(cvyi_graph_copy(&f->graph, f->net.graph, &err));
    CHECK_OK(cvyi_pass_run(f->graph, &net_torch, NULL, &f->findings, &err));
    CHECK_OK(cvyi_target_find(&target, "torch", &err));
    CHECK_OK(target->write(&f->written, f->graph, f->net.graph, &options,
                           &f->findings, &err));
    CHECK_OK(target->weights->write(&f->written, f->graph, into_text,
                                    &f->weights, &err));
}

static inline void close_files(files *f)
{
    cvyi_text_close(&f->weights);
    cvyi_written_close(&f->written);
    cvyi_findings_close(&f->findings);
    cvyi_graph_close(f->graph);
    net_close(&f->net);
}

/* The code with `from` replaced by `to` where it stands first. */
static inline cvyi_text changed(const files *f, const char *from,
                                const char *to)
{
    const char *const code = cvyi_text_c(&f->written.code);
    const char *const at = strstr(code, from);
    cvyi_text out = { 0 };

    if (at == NULL)
        CHECK_FAIL("the code has no %s:\n%s", from, code);
    cvyi_text_add(&out, code, (size_t)(at - code));
    cvyi_text_put(&out, to);
    cvyi_text_put(&out, at + strlen(from));
    return out;
}

static inline cvy_status read_code(cvyi_graph **out, cvyi_arena *arena,
                                   const files *f, const cvyi_text *code,
                                   cvy_error *err)
{
    const cvyi_back_files back = { .code_name = "small.py",
                                   .code = cvyi_text_c(code),
                                   .code_size = code->size,
                                   .weights_name = "small.safetensors",
                                   .weights = f->weights.bytes,
                                   .weights_size = f->weights.size };
    const cvyi_type *const type = &f->graph->results[f->graph->inputs[0]].type;

    return cvyi_read_back(out, arena, "torch", &back, type, NULL, 1, err);
}

static inline cvyi_file_proof compare(const files *f, const cvyi_text *code)
{
    cvyi_arena arena = { 0 };
    cvyi_graph *graph = NULL;
    cvyi_file_proof proof = { 0 };
    cvy_error err = { 0 };

    if (read_code(&graph, &arena, f, code, &err) == CVY_OK)
        CHECK_OK(cvyi_verify_file(&proof, f->graph, &f->written, graph, &err));
    else
        CHECK_OK(cvyi_file_unreadable(&proof, &err, "small.py", code, f->graph,
                                      &f->written, &err));
    cvyi_graph_close(graph);
    cvyi_arena_close(&arena);
    return proof;
}

#endif
