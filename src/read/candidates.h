/*
 * read/candidates.h - what --entry may name in a script.
 *
 * Filled instead of a graph where a request asks for it. All texts are in the
 * source's arena.
 */
#ifndef CVYI_READ_CANDIDATES_H
#define CVYI_READ_CANDIDATES_H

#include "layer/op.h"

typedef struct cvyi_candidate {
    const char *name;  /* as --entry takes it: "model.logits" */
    const char *kind;  /* "tensor", "model", "function", "class" */
    const char *where; /* "net.py:14", "net.ipynb: cell 3, line 5"; or "" */
    int line;          /* 0: not known */
    bool shaped;       /* rank and dims say what it gives */
    int rank;
    int64_t dims[CVYI_MAX_DIMS]; /* -1: not known */
    const char *printed;         /* "(N, 128, 9)"; or "" */
    /* Of a function or class: the parameters that need a value. */
    int n_needs;
    const char *const *needs;
    bool taken;
} cvyi_candidate;

typedef struct cvyi_candidates {
    int n, capacity;
    cvyi_candidate *items; /* in the order of their lines */
    const char *dialect;   /* "tf1", "keras3" … */
    const char *version;   /* or NULL */
    /* What is taken without --entry, or with the one that was given, and why;
     * NULL: nothing is, and `why` says why not. */
    const char *taken, *why;
} cvyi_candidates;

#endif
