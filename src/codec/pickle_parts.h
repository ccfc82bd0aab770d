/*
 * codec/pickle_parts.h - the stack machine: private to pickle*.c.
 */
#ifndef CVYI_CODEC_PICKLE_PARTS_H
#define CVYI_CODEC_PICKLE_PARTS_H

#include "codec/cursor.h"
#include "codec/pickle.h"

typedef struct cvyi_pickler {
    cvyi_cursor c;
    size_t at; /* of the opcode being followed */
    cvyi_arena *arena;
    const cvyi_pickle_names *names;
    cvyi_pickled **stack; /* NULL: a mark */
    int n_stack, stack_room;
    cvyi_pickled **memo; /* NULL: nothing was put there */
    size_t n_memo, memo_room;
    const cvyi_pickled **refs;
    int n_refs, refs_room;
    size_t n_items; /* of all lists, sets and dicts */
    cvy_error *err;
} cvyi_pickler;

/* CVY_FORMAT at the opcode. */
cvy_status cvyi_pickler_broken(const cvyi_pickler *m, const char *why);

/* A new value on the stack. */
cvy_status cvyi_pickler_push(cvyi_pickled **out, cvyi_pickler *m,
                             cvyi_pickle_kind kind);
cvy_status cvyi_pickler_put(cvyi_pickler *m, cvyi_pickled *value);

/* The value on top, taken or left there; NULL if there is none above the
 * last mark. */
cvyi_pickled *cvyi_pickler_pop(cvyi_pickler *m);
cvyi_pickled *cvyi_pickler_top(const cvyi_pickler *m);

/* Values above the last mark, taken together with the mark. They stay
 * readable until the next push. */
cvy_status cvyi_pickler_marked(cvyi_pickled ***out, int *n, cvyi_pickler *m);

/* n more items for a list, set or dict. */
cvy_status cvyi_pickler_add(cvyi_pickler *m, cvyi_pickled *to,
                            cvyi_pickled *const *items, int n);

/* Opcodes that name things; `arg` is the table's. */
cvy_status cvyi_pickler_global(cvyi_pickler *m, int arg);
cvy_status cvyi_pickler_stack_global(cvyi_pickler *m, int arg);
cvy_status cvyi_pickler_instance(cvyi_pickler *m, int arg);
cvy_status cvyi_pickler_reduce(cvyi_pickler *m, int arg);
cvy_status cvyi_pickler_build(cvyi_pickler *m, int arg);
cvy_status cvyi_pickler_ref(cvyi_pickler *m, int arg);

/* The text up to the next newline, which is taken too; NULL if none comes. */
const char *cvyi_pickler_line(size_t *n, cvyi_pickler *m);

#endif
