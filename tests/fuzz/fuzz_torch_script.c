/*
 * tests/fuzz/fuzz_torch_script.c - any tree as a script of PyTorch, under small
 * limits: it gives a graph that holds together, or a refusal that says why.
 *
 * What an input is, and how it is mutated: tree.h.
 */
#include "pysrc/parse.h"
#include "read/python/torch/torch.h"
#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                               unsigned seed);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *const end = size > 0 ? memchr(data, '\v', size) : NULL;
    const size_t n = end != NULL ? (size_t)(end - data) : 0;
    const size_t skip = end != NULL ? n + 1 : 0;
    const cvyi_py_limits limits = {
        .steps = 20000, .depth = 60, .memory = 4 << 20, .seconds = 5
    };
    const cvyi_call_input input = { NULL, 4, { 1, 3, 16, 16 } };
    const cvyi_source_request request = { .n_inputs = 1,
                                          .inputs = &input,
                                          .no_values = true };
    cvyi_source source = { .path = "x.py", .request = &request };
    cvyi_findings findings = { 0 };
    cvyi_py_tree tree = { 0 };
    cvyi_arena arena = { 0 };
    cvy_error err = { 0 };

    if (size > 0 &&
        cvyi_py_tree_read(&tree, &arena, "x.py", (const char *)data, n,
                          (const char *)data + skip, size - skip,
                          NULL) == CVY_OK)
        tree_check(&source,
                   cvyi_torch_read_script(&source, &findings, &tree, &limits,
                                          &err),
                   &err);
    cvyi_graph_close(source.graph);
    cvyi_arena_close(&source.arena);
    cvyi_findings_close(&findings);
    cvyi_arena_close(&arena);
    return 0;
}

/* ---- mutation ---- */

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                               unsigned seed)
{
    static const char *const words[] = {
        "\"Conv2d\"",  "\"Linear\"",  "\"Sequential\"", "\"ModuleList\"",
        "\"Module\"",  "\"forward\"", "\"__init__\"",   "\"nn\"",
        "\"view\"",    "\"reshape\"", "\"shape\"",      "\"cat\"",
        "\"self\"",    "\"x\"",       "\"append\"",     "\"Parameter\"",
        "\"modules\"", "\"relu_\"",   "\"permute\"",    "\"chunk\"",
    };
    return tree_mutation(data, size, max_size, seed, words,
                         sizeof words / sizeof *words);
}
