/*
 * tests/fuzz/fuzz_pytree.c - any bytes as the answer of the parser's child.
 *
 * Up to a vertical tab stands the source that it is about, then the answer.
 */
#include "pysrc/dump.h"
#include "pysrc/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *const end = size > 0 ? memchr(data, '\v', size) : NULL;
    const size_t n = end != NULL ? (size_t)(end - data) : 0;
    const size_t skip = end != NULL ? n + 1 : 0;
    cvyi_py_tree tree = { 0 };
    cvyi_arena arena = { 0 };
    cvyi_text text = { 0 };
    cvy_error err = { 0 };

    if (size == 0)
        return 0;

    const cvy_status status =
        cvyi_py_tree_read(&tree, &arena, "x.py", (const char *)data, n,
                          (const char *)data + skip, size - skip, &err);

    if (status == CVY_OK)
        dump_tree(&text, &tree);
    else if (err.text[0] == '\0' || err.status != status || tree.body.n != 0 ||
             (status != CVY_FORMAT && status != CVY_MEMORY))
        abort();
    cvyi_text_close(&text);
    cvyi_arena_close(&arena);
    return 0;
}
