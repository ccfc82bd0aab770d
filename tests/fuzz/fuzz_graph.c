/*
 * fuzz/fuzz_graph.c - any bytes as the text of a graph.
 *
 * What is read is lawful, and printing it settles: what is printed reads back
 * and prints the same.
 */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static cvyi_graph *again(cvyi_text *text, const cvyi_graph *graph)
{
    cvyi_graph *back = NULL;

    cvyi_graph_print(text, graph);
    if (text->bad ||
        cvyi_graph_parse(&back, text->bytes, text->size, NULL) != CVY_OK)
        abort();
    return back;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cvyi_text first = { 0 }, second = { 0 };
    cvyi_graph *graph, *back, *third;

    if (cvyi_graph_parse(&graph, (const char *)data, size, NULL) != CVY_OK)
        return 0;
    if (cvyi_graph_check(graph, NULL) != CVY_OK)
        abort();
    back = again(&first, graph);
    third = again(&second, back);
    if (first.size != second.size ||
        memcmp(first.bytes, second.bytes, first.size) != 0)
        abort();
    cvyi_text_close(&first);
    cvyi_text_close(&second);
    cvyi_graph_close(graph);
    cvyi_graph_close(back);
    cvyi_graph_close(third);
    return 0;
}
