/*
 * codec/pickle.h - Python pickles as inert trees: nothing in one is ever run.
 *
 * A pickle is a program for a small stack machine. The opcodes that make
 * plain data are followed; those that look something up or call it are kept
 * as records of what the file says, and only for names on the caller's list.
 * Every other name is refused, by that name.
 *
 * A list or dict may hold itself, and one value may be held many times:
 * whoever walks a whole tree does so with a bound.
 */
#ifndef CVYI_CODEC_PICKLE_H
#define CVYI_CODEC_PICKLE_H

#include "base/memory.h"

typedef enum cvyi_pickle_use {
    CVYI_PICKLE_NAME, /* stands for itself and is never called */
    CVYI_PICKLE_CALL, /* a call of it is kept as a record */
    CVYI_PICKLE_MAP,  /* a call of it without pairs makes an empty dict */
} cvyi_pickle_use;

/* A name that a pickle may say. `tag` and `value` are the caller's. */
typedef struct cvyi_pickle_name {
    const char *module, *name;
    cvyi_pickle_use use;
    int tag, value;
} cvyi_pickle_name;

typedef struct cvyi_pickle_names {
    const cvyi_pickle_name *list;
    size_t n;
    const char *advice; /* ends the message about any other name */
} cvyi_pickle_names;

typedef enum cvyi_pickle_kind {
    CVYI_PICKLED_NONE,
    CVYI_PICKLED_BOOL,
    CVYI_PICKLED_INT,
    CVYI_PICKLED_FLOAT,
    CVYI_PICKLED_LONG,  /* an integer beyond 64 bits; its value is not kept */
    CVYI_PICKLED_TEXT,  /* n bytes, borrowed, of any content */
    CVYI_PICKLED_BYTES, /* the same */
    CVYI_PICKLED_TUPLE, /* n items */
    CVYI_PICKLED_LIST,
    CVYI_PICKLED_SET,
    CVYI_PICKLED_DICT, /* n items: key, value, key, value ... */
    CVYI_PICKLED_NAME,
    CVYI_PICKLED_CALL, /* of `name`, with n arguments */
    CVYI_PICKLED_REF,  /* a persistent id: n items, or one that is no tuple */
} cvyi_pickle_kind;

typedef struct cvyi_pickled cvyi_pickled;
struct cvyi_pickled {
    cvyi_pickle_kind kind;
    bool plain; /* of a dict: made by an opcode, not by a call */
    int n, room;
    union {
        bool truth;
        int64_t integer;
        double real;
        const char *text; /* not terminated */
        const cvyi_pickle_name *name;
    };
    const cvyi_pickled **items;
};

typedef struct cvyi_pickle {
    const cvyi_pickled *root;
    size_t size; /* bytes up to and with the opcode STOP */
    int n_refs;
    const cvyi_pickled *const *refs; /* every persistent id, in file order */
} cvyi_pickle;

/* Reads the pickle at the start of the bytes, which must outlive the tree.
 * Offsets in errors count from there. */
cvy_status cvyi_pickle_read(cvyi_pickle *out, cvyi_arena *arena,
                            const void *bytes, size_t size,
                            const cvyi_pickle_names *names, cvy_error *err);

/* The value is the text `text`; false for NULL. */
bool cvyi_pickled_is(const cvyi_pickled *value, const char *text);

/* Value of a text key, the first if there are several; NULL if there is
 * none, and if `dict` is NULL or no dict. */
const cvyi_pickled *cvyi_pickled_get(const cvyi_pickled *dict,
                                     const char *key);

#endif
