/*
 * pysrc/reader.h - inside the reading of an answer: a node's members.
 */
#ifndef CVYI_PYSRC_READER_H
#define CVYI_PYSRC_READER_H

#include "pysrc/tree.h"

/* The members of a kind, after its class and its place. */
typedef enum cvyi_py_shape {
    CVYI_PY_END,
    CVYI_PY_EXPRESSION,
    CVYI_PY_MAYBE,       /* an expression or None */
    CVYI_PY_ONE,         /* an expression as a list of one */
    CVYI_PY_PAIR,        /* two expressions as a list of two */
    CVYI_PY_EXPRESSIONS, /* any number */
    CVYI_PY_SOME,        /* at least one */
    CVYI_PY_KEYS,        /* any number, None among them */
    CVYI_PY_PIECES,      /* of an f-string */
    CVYI_PY_BODY,        /* statements, at least one */
    CVYI_PY_BRANCH,      /* statements, any number */
    CVYI_PY_TEXT,
    CVYI_PY_MAYBE_TEXT,
    CVYI_PY_TEXTS,
    CVYI_PY_NUMBER,
    CVYI_PY_BOOLEAN_OP,
    CVYI_PY_BINARY_OP,
    CVYI_PY_UNARY_OPERATOR,
    CVYI_PY_COMPARE_OPS,
    CVYI_PY_ARGS,
    CVYI_PY_VALUE, /* of a constant: two items */
    CVYI_PY_FORS,
    CVYI_PY_HANDLERS,
    CVYI_PY_ALIASES,
    CVYI_PY_KEYWORDS,
    CVYI_PY_ITEMS,
} cvyi_py_shape;

enum { CVYI_PY_MOST_MEMBERS = 6 };

typedef struct cvyi_py_form {
    const char *name;
    cvyi_py_kind kind;
    struct cvyi_py_member {
        cvyi_py_shape shape;
        size_t at; /* in cvyi_py_node */
    } members[CVYI_PY_MOST_MEMBERS];
} cvyi_py_form;

/* NULL: there is no such class. */
const cvyi_py_form *cvyi_py_form_of(const char *name);

typedef struct cvyi_py_reader {
    cvyi_arena *arena;         /* of the tree */
    cvyi_arena work;           /* of the answer */
    const cvyi_value *entries; /* of "nodes" */
    int n;
    cvyi_py_node **nodes;
    int now;           /* the node being read; those before it are there */
    short *depths;     /* 0: it is inside another */
    short deepest;     /* of what the node now read holds */
    const int *widths; /* of each line, in bytes */
    int n_lines;
    cvy_error *err;
} cvyi_py_reader;

typedef cvy_status cvyi_py_item_fn(cvyi_py_reader *r, void *out,
                                   const cvyi_value *parts);

/* CVY_FORMAT, with the node that is being read. */
cvy_status cvyi_py_nonsense(const cvyi_py_reader *r, const char *format, ...)
    CVY_PRINTF(2, 3);
bool cvyi_py_is_list(const cvyi_value *value);
/* An integer from `least` up that fits. */
bool cvyi_py_number(int *out, const cvyi_value *value, int64_t least);
cvy_status cvyi_py_read_text(cvyi_py_reader *r, const char **out,
                             const cvyi_value *value, bool may_be_none);
/* Nodes. */
cvy_status cvyi_py_read_list(cvyi_py_reader *r, cvyi_py_list *out,
                             const cvyi_value *value, cvyi_py_shape shape);
/* What is no node: *n structs of `size` bytes, *out (a pointer) to them; each
 * of them is a list of `parts` items. */
cvy_status cvyi_py_read_items(cvyi_py_reader *r, int *n, void *out,
                              size_t size, const cvyi_value *value, int parts,
                              cvyi_py_item_fn *read);
/* A member, from the items of its node that begin at `value`. */
cvy_status cvyi_py_read_member(cvyi_py_reader *r, cvyi_py_node *node,
                               const struct cvyi_py_member *m,
                               const cvyi_value *value);
/* How many items that are. */
int cvyi_py_width(cvyi_py_shape shape);

#endif
