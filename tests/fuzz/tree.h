/*
 * tests/fuzz/tree.h - trees of Python, mutated as such.
 *
 * Up to a vertical tab stands a source, then the tree of it as the parser's
 * child answers. A name or a number of the tree becomes another that stands
 * there already, or a word that the target knows.
 */
#ifndef CVYT_FUZZ_TREE_H
#define CVYT_FUZZ_TREE_H

#include "graph/graph.h"
#include "read/read.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Of libFuzzer; a replay never mutates. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
#pragma weak LLVMFuzzerMutate

/* ---- what a reader may give ---- */

static void insist(bool truth)
{
    if (!truth)
        abort();
}

static void tree_check(const cvyi_source *source, cvy_status status,
                       const cvy_error *err)
{
    insist(status == CVY_OK || status == CVY_UNSUPPORTED ||
           status == CVY_SHAPE || status == CVY_MEMORY ||
           status == CVY_FORMAT || status == CVY_ARGUMENT);
    if (status != CVY_OK) {
        insist(err->status == status && err->text[0] != '\0');
        return;
    }
    insist(cvyi_graph_check(source->graph, NULL) == CVY_OK);
}

/* ---- mutation ---- */

typedef struct span {
    size_t at, n;
} span;

enum { MOST_SPANS = 4096 };

/* Texts (with their quotes) or whole numbers behind the vertical tab. */
static int find_spans(span *out, const uint8_t *data, size_t size, bool texts)
{
    int n = 0;

    for (size_t i = 0; i < size && n < MOST_SPANS; i++) {
        const size_t begin = i;

        if (data[i] == '"') {
            for (i++; i < size && data[i] != '"'; i++)
                i += data[i] == '\\';
            if (texts && i < size)
                out[n++] = (span){ begin, i + 1 - begin };
        } else if (data[i] >= '0' && data[i] <= '9') {
            while (i + 1 < size && data[i + 1] >= '0' && data[i + 1] <= '9')
                i++;
            if (!texts)
                out[n++] = (span){ begin, i + 1 - begin };
        }
    }
    return n;
}

/* `to` in the place of a span; 0 if there is no room. */
static size_t put(uint8_t *data, size_t size, size_t max_size, span place,
                  const uint8_t *to, size_t n)
{
    const size_t rest = place.at + place.n;

    if (size - place.n + n > max_size)
        return 0;
    memmove(data + place.at + n, data + rest, size - rest);
    memcpy(data + place.at, to, n);
    return size - place.n + n;
}

/* `words` are names with their quotes. 0: nothing fits. */
static size_t tree_mutate(uint8_t *data, size_t size, size_t max_size,
                          unsigned seed, const char *const *words,
                          size_t n_words)
{
    static span spans[MOST_SPANS];
    const uint8_t *const tab = memchr(data, '\v', size);
    const size_t skip = tab != NULL ? (size_t)(tab - data) : 0;
    const bool texts = seed % 2 == 0;
    const int n = find_spans(spans, data + skip, size - skip, texts);
    const unsigned pick = seed / 2;
    uint8_t copy[256];
    span from;

    if (n < 2)
        return 0;
    for (int i = 0; i < n; i++)
        spans[i].at += skip;
    if (texts && pick % 3 == 0) {
        const char *const word = words[pick / 3 % n_words];

        return put(data, size, max_size, spans[pick / 61 % (unsigned)n],
                   (const uint8_t *)word, strlen(word));
    }
    from = spans[pick / 3 % (unsigned)n];
    if (from.n > sizeof copy)
        return 0;
    memcpy(copy, data + from.at, from.n);
    return put(data, size, max_size, spans[pick / 4099 % (unsigned)n], copy,
               from.n);
}

/* One time in eight, and where nothing fits, as libFuzzer does. */
static size_t tree_mutation(uint8_t *data, size_t size, size_t max_size,
                            unsigned seed, const char *const *words,
                            size_t n_words)
{
    const size_t made = seed % 8 == 0 ? 0
                                      : tree_mutate(data, size, max_size,
                                                    seed / 8, words, n_words);

    return made > 0 || LLVMFuzzerMutate == NULL
               ? made
               : LLVMFuzzerMutate(data, size, max_size);
}

#endif
