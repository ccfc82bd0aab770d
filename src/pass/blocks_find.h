/*
 * pass/blocks_find.h - looking for repeats in the units of a model.
 *
 * Places are positions in the order of the units. A step leads from a place
 * to the first that everything after it flows through, if everything there
 * comes from the first; what lies between, the second included, is an
 * element. Elements make chains, and chains may lie inside elements.
 */
#ifndef CVYI_PASS_BLOCKS_FIND_H
#define CVYI_PASS_BLOCKS_FIND_H

#include "pass/blocks.h"

typedef struct cvyi_element {
    int place, in;      /* of its last unit; the result it begins with */
    int shape, n_units; /* shape -1: in no repeat */
    bool composed;      /* has branches, or is a repetition */
    bool heavy;         /* a weight stands in it */
    int chain;
} cvyi_element;

/* Layers whose names begin alike. */
typedef struct cvyi_named {
    cvyi_region region;
    size_t length; /* of what they share */
} cvyi_named;

typedef struct cvyi_finder {
    cvyi_outline *outline;
    cvy_error *err;
    cvyi_arena arena;
    int n; /* places */
    const cvyi_unit **at;
    int *place; /* of each unit */
    int *reads; /* of each result, by units and outside */
    /* The nearest place through which all that comes here has flowed (-1:
     * none), and through which all that goes from here will flow (n: none). */
    int *before, *after;
    /* Marks of the walk under way. */
    int *seen, *ordinal, *inner;
    int walk;
    const int *group;  /* of each place; NULL: any unit is let in */
    const bool *stops; /* of each place; NULL: none */
    int most_inputs;
    cvyi_region region;
    int reached;
    int *element_of; /* of each place: the element that ends there, or -1 */
    cvyi_element *elements; /* chain by chain */
    int n_elements;
    cvyi_named **named;
    int n_named, named_capacity;
} cvyi_finder;

cvy_status cvyi_finder_open(cvyi_finder *finder, cvyi_outline *outline,
                            cvy_error *err);
void cvyi_finder_close(cvyi_finder *finder);
/* The region that ends with the unit at `place` and begins with result `in`;
 * with `group` set and in -1: all units of that place's group that lead to
 * it. Its shape is found too. *found false: there is none that has one result
 * in and one out. */
cvy_status cvyi_finder_region(bool *found, cvyi_finder *finder, int place,
                              int in);
/* The region that ends with the unit at `place` and goes back to units that
 * stop it; it may begin with several results. */
cvy_status cvyi_finder_cell(bool *found, cvyi_finder *finder, int place,
                            const bool *stops);
/* Composed elements in the region, one after another. */
int cvyi_finder_composed(const cvyi_finder *finder, const cvyi_region *region);

/* The best of the repeats that names tell, and of those that structure tells
 * and no names contradict; `score` is 0 if there is none. The first must come
 * first: it finds what names tell. */
cvy_status cvyi_finder_named(cvyi_choice *out, int64_t *score,
                             cvyi_finder *finder);
cvy_status cvyi_finder_repeated(cvyi_choice *out, int64_t *score,
                                cvyi_finder *finder);
/* The best repeat of cells, each between a join and those before it. */
cvy_status cvyi_finder_cells(cvyi_choice *out, cvyi_finder *finder);
/* Does the region found last cut through layers that names hold together? */
bool cvyi_finder_cuts(const cvyi_finder *finder);
/* Lines that a class saves for so many repetitions of so many members. */
int64_t cvyi_saved_lines(int n, int n_members);
/* A block with branches is one more surely than some layers in a row are, and
 * one that names confirm is still more so. */
int64_t cvyi_score(int64_t saved, bool branches, bool named);
/* Adds a repetition to a choice that has room for it. */
void cvyi_choice_add(cvyi_choice *choice, const cvyi_region *region);
/* Room for so many repetitions, in the memory of the outline. */
cvy_status cvyi_choice_open(cvyi_choice *choice, cvyi_outline *outline, int n,
                            int n_members, cvy_error *err);

#endif
