/*
 * pysrc/tree.h - the syntax tree of a Python file, as Python's own `ast` makes
 * it, in C.
 *
 * Names of kinds and members are those of the module `ast`, so that its
 * documentation is this header's. A tree never changes; all memory is of the
 * arena it was made in. Lists may be empty; a pointer is NULL where `ast` has
 * None.
 */
#ifndef CVYI_PYSRC_TREE_H
#define CVYI_PYSRC_TREE_H

#include "base/value.h"

typedef enum cvyi_py_kind {
    /* statements */
    CVYI_PY_FUNCTION_DEF, /* .def */
    CVYI_PY_CLASS_DEF,    /* .def; .def.args unused */
    CVYI_PY_RETURN,       /* .value or NULL */
    CVYI_PY_DELETE,       /* .list */
    CVYI_PY_ASSIGN,       /* .assign: targets, value */
    CVYI_PY_AUG_ASSIGN,   /* .assign: targets.items[0], op, value */
    CVYI_PY_ANN_ASSIGN,   /* .assign: targets.items[0], annotation, value */
    CVYI_PY_FOR,          /* .loop */
    CVYI_PY_WHILE,        /* .loop: test, body, orelse */
    CVYI_PY_IF,           /* .loop: test, body, orelse */
    CVYI_PY_WITH,         /* .with */
    CVYI_PY_RAISE,        /* .value or NULL */
    CVYI_PY_TRY,          /* .attempt */
    CVYI_PY_ASSERT,       /* .assertion */
    CVYI_PY_IMPORT,       /* .import */
    CVYI_PY_IMPORT_FROM,  /* .import */
    CVYI_PY_GLOBAL,       /* .names */
    CVYI_PY_NONLOCAL,     /* .names */
    CVYI_PY_EXPR,         /* .value */
    CVYI_PY_PASS,
    CVYI_PY_BREAK,
    CVYI_PY_CONTINUE,
    /* expressions */
    CVYI_PY_BOOL_OP,       /* .operation: op And, Or; operands */
    CVYI_PY_BIN_OP,        /* .operation: op Add …; two operands */
    CVYI_PY_UNARY_OP,      /* .operation: op USub …; one operand */
    CVYI_PY_COMPARE,       /* .compare */
    CVYI_PY_NAMED_EXPR,    /* .named */
    CVYI_PY_LAMBDA,        /* .def: args; body has the one expression */
    CVYI_PY_IF_EXP,        /* .choice */
    CVYI_PY_DICT,          /* .dict; a NULL key is ** */
    CVYI_PY_SET,           /* .list */
    CVYI_PY_LIST,          /* .list */
    CVYI_PY_TUPLE,         /* .list */
    CVYI_PY_LIST_COMP,     /* .comprehension: element */
    CVYI_PY_SET_COMP,      /* .comprehension: element */
    CVYI_PY_GENERATOR_EXP, /* .comprehension: element */
    CVYI_PY_DICT_COMP,     /* .comprehension: key, element */
    CVYI_PY_CALL,          /* .call */
    CVYI_PY_CONSTANT,      /* .constant */
    CVYI_PY_JOINED_STR,    /* .list: constants and formatted values */
    CVYI_PY_FORMATTED,     /* .formatted */
    CVYI_PY_ATTRIBUTE,     /* .attribute */
    CVYI_PY_SUBSCRIPT,     /* .subscript */
    CVYI_PY_STARRED,       /* .value */
    CVYI_PY_NAME,          /* .name */
    CVYI_PY_SLICE,         /* .slice, each may be NULL */
    /* Whatever else the language has: evaluating it is refused. `.name` is
     * its class in `ast`: "Await", "Match". */
    CVYI_PY_OTHER,
} cvyi_py_kind;

/* Constants beyond what cvyi_value holds. */
typedef enum cvyi_py_constant {
    CVYI_PY_PLAIN,   /* .value: None, bool, int of 64 bits, float, str */
    CVYI_PY_BIG_INT, /* .value: its decimal digits as text */
    /* .value: its literal as text; refused when evaluated. Also a str with a
     * NUL or half a surrogate pair, which no cvyi_value holds. */
    CVYI_PY_BYTES,
    CVYI_PY_COMPLEX,  /* refused when evaluated */
    CVYI_PY_ELLIPSIS, /* ... */
} cvyi_py_constant;

typedef struct cvyi_py_node cvyi_py_node;

typedef struct cvyi_py_list {
    int n;
    const cvyi_py_node *const
        *items; /* an item may be NULL in a dict's keys */
} cvyi_py_list;

/* def f(a, b=1, *rest, c, d=2, **more). `positional` holds those that may be
 * named too and, before them, n_positional_only that may not. */
typedef struct cvyi_py_arg {
    const char *name;
    const cvyi_py_node *annotation; /* or NULL */
    const cvyi_py_node *fallback;   /* or NULL: required */
} cvyi_py_arg;

typedef struct cvyi_py_args {
    int n_positional, n_positional_only, n_keyword_only;
    const cvyi_py_arg *positional, *keyword_only;
    const char *rest, *more; /* *rest, **more; or NULL */
} cvyi_py_args;

typedef struct cvyi_py_keyword {
    const char *name; /* NULL: ** */
    const cvyi_py_node *value;
} cvyi_py_keyword;

typedef struct cvyi_py_alias {
    const char *name;   /* "torch.nn" */
    const char *asname; /* or NULL */
} cvyi_py_alias;

typedef struct cvyi_py_for { /* of a comprehension */
    const cvyi_py_node *target, *iter;
    cvyi_py_list ifs;
} cvyi_py_for;

typedef struct cvyi_py_handler {
    const cvyi_py_node *type; /* or NULL */
    const char *name;         /* or NULL */
    cvyi_py_list body;
} cvyi_py_handler;

struct cvyi_py_node {
    cvyi_py_kind kind;
    /* Lines from 1, columns in UTF-8 bytes from 0, ends exclusive, never
     * beyond the line's end. A byte order mark does not count. Inside an
     * f-string they are those of the whole string. */
    int line, column, end_line, end_column;
    union {
        struct {
            const char *name; /* NULL: a lambda */
            cvyi_py_args args;
            cvyi_py_list bases; /* of a class */
            int n_keywords;     /* of a class: metaclass=… */
            const cvyi_py_keyword *keywords;
            cvyi_py_list body, decorators;
            const cvyi_py_node *returns; /* annotation */
            bool is_async;
        } def;
        struct {
            cvyi_py_list targets;
            const char *op; /* "Add" of AUG_ASSIGN */
            const cvyi_py_node *annotation, *value;
        } assign;
        struct {
            const cvyi_py_node *target, *iter, *test;
            cvyi_py_list body, orelse;
        } loop;
        struct {
            int n;
            const struct cvyi_py_with_item {
                const cvyi_py_node *context, *target; /* target or NULL */
            } * items;
            cvyi_py_list body;
        } with;
        struct {
            cvyi_py_list body, orelse, finalbody;
            int n_handlers;
            const cvyi_py_handler *handlers;
        } attempt;
        struct {
            const cvyi_py_node *test, *message;
        } assertion;
        struct {
            const char *module; /* of IMPORT_FROM, or NULL */
            int level;          /* leading dots */
            int n;
            const cvyi_py_alias *aliases; /* "*" is a name */
        } import;
        struct {
            int n;
            const char *const *items;
        } names;
        struct {
            const char *op;
            cvyi_py_list operands;
        } operation;
        struct {
            const cvyi_py_node *left;
            cvyi_py_list comparators;
            const char *const *ops; /* "Eq", "NotIn" … as comparators */
        } compare;
        struct {
            const cvyi_py_node *target, *value;
        } named;
        struct {
            const cvyi_py_node *test, *body, *orelse;
        } choice;
        struct {
            cvyi_py_list keys, values;
        } dict;
        struct {
            const cvyi_py_node *key, *element;
            int n;
            const cvyi_py_for *fors;
        } comprehension;
        struct {
            const cvyi_py_node *func;
            cvyi_py_list args; /* STARRED among them */
            int n_keywords;
            const cvyi_py_keyword *keywords;
        } call;
        struct {
            cvyi_py_constant kind;
            cvyi_value value;
        } constant;
        struct {
            const cvyi_py_node *value, *format; /* format or NULL */
            int conversion;                     /* -1, 's', 'r', 'a' */
        } formatted;
        struct {
            const cvyi_py_node *value;
            const char *attr;
        } attribute;
        struct {
            const cvyi_py_node *value, *index;
        } subscript;
        struct {
            const cvyi_py_node *lower, *upper, *step;
        } slice;
        cvyi_py_list list;
        const cvyi_py_node *value;
        const char *name;
    };
};

typedef struct cvyi_py_comment {
    int line, column;
    const char *text; /* without "#" and the blank after it */
    bool alone;       /* nothing else stands on its line */
} cvyi_py_comment;

/* A parsed file. */
typedef struct cvyi_py_tree {
    const char *name; /* of the file, for messages */
    const char *text; /* the source as it was given; borrowed */
    size_t size;
    cvyi_py_list body;
    int n_nodes;
    const cvyi_py_node *const *nodes; /* all there are, children first */
    int n_comments;
    const cvyi_py_comment *comments; /* in order */
    /* Python 2 forms were rewritten before it parsed: lines and comments are
     * those of the text, columns of nodes those of what it became. */
    bool rewritten;
} cvyi_py_tree;

#endif
