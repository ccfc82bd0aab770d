/*
 * tests/fuzz/fuzz_call.c - lines of calls, and any tree that is said to be
 * theirs.
 *
 * Up to a vertical tab stand the lines, then what the parser's child answers.
 * Each call that words have becomes a graph, which obeys every law.
 */
#include "child.h"
#include "read/call.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool truth)
{
    if (!truth)
        abort();
}

static void use(const cvyi_call_text *text)
{
    cvyi_arena arena = { 0 };
    cvyi_call_graph made = { 0 };
    cvy_error err = { 0 };
    const cvy_status status =
        cvyi_call_graph_open(&made, &arena, text, NULL, 0, &err);

    insist(status == CVY_OK || status == CVY_UNSUPPORTED ||
           status == CVY_MEMORY);
    if (status == CVY_OK)
        insist(made.graph != NULL &&
               cvyi_graph_check(made.graph, NULL) == CVY_OK);
    else if (status == CVY_UNSUPPORTED)
        insist(made.phrase.refusal.reason != NULL);
    cvyi_call_graph_close(&made);
    cvyi_arena_close(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cvyi_call_texts texts = { 0 };
    cvy_error err = { 0 };
    const uint8_t *lines;
    const size_t n = child_part(&lines, &data, &size);
    cvy_status status;

    child_answer = data;
    child_size = size;
    status = cvyi_call_texts_read(&texts, (const char *)lines, n, NULL, &err);
    insist(status == CVY_OK || (err.status == status && err.text[0] != '\0'));
    for (int i = 0; status == CVY_OK && i < texts.n; i++) {
        const cvyi_call_text *const text = &texts.items[i];

        insist(text->code != NULL);
        insist(text->status == CVY_OK || text->err.text[0] != '\0');
        if (text->status == CVY_OK)
            use(text);
    }
    cvyi_call_texts_close(&texts);
    return 0;
}
