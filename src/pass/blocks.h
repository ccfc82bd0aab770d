/*
 * pass/blocks.h - the parts of the pass that finds repeated structure.
 *
 * The members of a model are units: layers, and the blocks already made of
 * layers. A repeat is one structure that occurs several times; each
 * occurrence, a repetition, takes the place of its members as a unit of its
 * own, so that what is found next may hold it. It has one result out, and one
 * in; a cell has several.
 */
#ifndef CVYI_PASS_BLOCKS_H
#define CVYI_PASS_BLOCKS_H

#include "pass/pass.h"

/* Results that a repetition reads, in the order in which it takes them. */
enum { CVYI_MOST_INPUTS = 3 };

typedef struct cvyi_inputs {
    int n, at[CVYI_MOST_INPUTS];
} cvyi_inputs;

/* A layer of the model, a repetition, or a visit of a model inside it. */
typedef struct cvyi_unit {
    int module;     /* the layer; -1: none */
    int repetition; /* or -1 */
    int shape;      /* equal where structure is; -1: stays where it is */
    int n_in, *in; /* results of others, in the order in which it takes them */
    int out;       /* the only result that others read, or -1 */
    int owner;     /* repetition it is a member of, or -1 */
    bool heavy;    /* has a weight of several axes */
    int objects;   /* lines in __init__ */
    int calls;     /* lines in forward */
    int steps;     /* lines in a sequential */
    size_t width;  /* of the code that makes an object */
    int n_arguments;  /* that stand in it */
    const char *code; /* what the target would say; "" of a repetition */
    const char *name; /* the layer's, or what a repetition's names share */
    const char *kind; /* what one would call it: "conv" */
} cvyi_unit;

typedef struct cvyi_repetition {
    int repeat, unit; /* what it is one of; the unit that stands for it */
    int *members;     /* units, each behind what feeds it */
    cvyi_inputs in;
    int out;            /* result */
    const char *prefix; /* the names of its layers share it; or NULL */
    const char *name, *comment;
    int list; /* the run it stands in, or -1 */
} cvyi_repetition;

/* Repetitions one after another: each reads only the one before. */
typedef struct cvyi_run {
    const char *name;
    cvyi_inputs in;
    int out; /* result */
} cvyi_run;

typedef struct cvyi_repeat {
    int n_members;
    int n_arguments; /* of the class */
    int first, n;    /* repetitions */
    bool named;      /* each has a prefix of its own */
    const char *class_name;
    const char **roles; /* of the members */
} cvyi_repeat;

/* A number for each text. */
typedef struct cvyi_ids {
    cvyi_arena *arena;
    struct cvyi_id *entries;
    int n, capacity;
    int *slots;
    size_t n_slots;
} cvyi_ids;

cvy_status cvyi_ids_take(int *out, cvyi_ids *ids, const void *bytes, size_t n,
                         cvy_error *err);

/* One model and what was found in it. Memory of `arena`. */
typedef struct cvyi_outline {
    cvyi_graph *graph;
    const char *dialect; /* of the target's words */
    cvyi_arena arena;
    cvyi_ids ids;
    int home, visit;
    cvyi_unit *units;
    int n_units, units_capacity;
    int *order; /* units of no repetition, each behind what feeds it */
    int n_order;
    int *maker; /* of each result: a unit, or -1 for one from outside */
    int *reads; /* of each result: outside of the model */
    cvyi_repeat *repeats;
    int n_repeats, repeats_capacity;
    cvyi_repetition *repetitions;
    int n_repetitions, repetitions_capacity;
    cvyi_run *runs;
    int n_runs, runs_capacity;
} cvyi_outline;

/* Units between some results and one. */
enum { CVYI_MOST_MEMBERS = 256, CVYI_LEAST_MEMBERS = 3 };

typedef struct cvyi_region {
    cvyi_inputs in;
    int out; /* result */
    int n;
    int units[CVYI_MOST_MEMBERS]; /* each behind what feeds it */
    int shape;                    /* equal for regions of equal structure */
} cvyi_region;

/* What is to become one repeat. */
typedef struct cvyi_choice {
    int n, n_members;
    int *members;    /* n times n_members units */
    cvyi_inputs *in; /* of each */
    int n_arguments; /* of the class */
} cvyi_choice;

/* blocks_units.c: the units of a visit. */
cvy_status cvyi_outline_units(cvyi_outline *outline, cvy_error *err);
/* blocks_words.c: how the target would say a call, but for its numbers: what
 * repetitions must have in common. `code` gets a line with the numbers, or
 * none; *object: it needs one in __init__. */
cvy_status cvyi_outline_words(cvyi_text *out, cvyi_text *code, bool *object,
                              cvyi_outline *outline, int call, cvy_error *err);

/* A number, or a tuple of numbers, that is an argument of its own. */
typedef struct cvyi_number {
    int place; /* among those without a key; -1 with one */
    const char *key, *value;
    size_t n_key, n_value;
} cvyi_number;

/* The numbers of a code, up to `capacity`; returns how many. */
int cvyi_outline_numbers(cvyi_number *out, int capacity, const char *code);
/* blocks_cost.c: does a class for these repetitions save enough lines? Fills
 * choice->n_arguments. */
cvy_status cvyi_choice_pays(bool *out, cvyi_outline *outline,
                            cvyi_choice *choice, cvy_error *err);
/* Of the code that makes a repetition, roughly. */
size_t cvyi_repeat_width(int n_arguments);
/* blocks_names.c: what the names of a repetition's members share, of all that
 * have one. */
cvy_status cvyi_outline_prefix(const char **out, cvyi_outline *outline,
                               const int *members, int n, cvy_error *err);
/* Classes, roles, comments of all repeats. */
cvy_status cvyi_outline_name(cvyi_outline *outline, cvy_error *err);
/* blocks_shared.c: has the unit no name that somebody chose? Frameworks make
 * names of a class and a number: conv2d_7. */
bool cvyi_is_nameless(const cvyi_outline *outline, int unit);
/* What the names of corresponding members begin with, all but
 * numbers; 0: they differ, or nobody chose them. */
size_t cvyi_outline_shared(const char **out, const cvyi_outline *outline,
                           const cvyi_repeat *repeat, int member);
/* Of "normal_concat_0", without the kind "concat" and what follows it,
 * "normal". */
size_t cvyi_without_kind(const char *name, size_t n, const char *kind);
/* blocks_runs.c: runs, and names that no sibling has. */
cvy_status cvyi_outline_run(cvyi_outline *outline, cvy_error *err);
/* Length of the longest prefix that ends before one of _ . / - , and is
 * shorter than `n`; 0: there is none. */
size_t cvyi_shorter_prefix(const char *name, size_t n);
/* blocks_apply.c: the graph gets the modules and visits. */
cvy_status cvyi_outline_apply(cvyi_outline *outline, cvy_error *err);

#endif
