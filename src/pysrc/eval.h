/*
 * pysrc/eval.h - a bounded evaluator of Python over values that its host
 * defines.
 *
 * It runs what builds a network: classes, functions, loops and comprehensions
 * over constants, calls. It reaches nothing outside of itself: no file, no
 * clock, no import but what the host answers. Whatever it does not know is
 * refused with the line; it never guesses.
 *
 * A host may be lenient: then what is refused becomes a value that is not
 * known, and evaluation goes on. It is harmless until something depends on
 * it.
 *
 * Values that mean something in a framework (a tensor, a module, a size that
 * is not known yet) are the host's: pairs of a type (functions) and data. A
 * class of the source may be derived from one of the host's, as in
 * `class Net(nn.Module)`.
 */
#ifndef CVYI_PYSRC_EVAL_H
#define CVYI_PYSRC_EVAL_H

#include "pysrc/tree.h"

typedef struct cvyi_py_eval cvyi_py_eval;
typedef struct cvyi_py_value cvyi_py_value;
typedef struct cvyi_py_host_type cvyi_py_host_type;

typedef enum cvyi_py_type {
    CVYI_PY_V_NONE,
    CVYI_PY_V_BOOL,
    CVYI_PY_V_INT, /* 64 bits; an overflow is refused */
    CVYI_PY_V_FLOAT,
    CVYI_PY_V_TEXT,
    CVYI_PY_V_ELLIPSIS,
    CVYI_PY_V_TUPLE,
    CVYI_PY_V_LIST, /* shared and changed in place, as in Python */
    CVYI_PY_V_DICT,
    CVYI_PY_V_SET,
    CVYI_PY_V_RANGE,
    CVYI_PY_V_SLICE,
    CVYI_PY_V_FUNCTION, /* def or lambda, with its closure */
    CVYI_PY_V_METHOD,   /* a function bound to an instance */
    CVYI_PY_V_CLASS,
    CVYI_PY_V_INSTANCE,
    CVYI_PY_V_MODULE, /* names of another file or of the host */
    CVYI_PY_V_BUILTIN,
    CVYI_PY_V_HOST,
    CVYI_PY_V_OPAQUE, /* what it is is not known; only of lenient hosts */
} cvyi_py_type;

/* Why something is not known, and where that began. */
typedef struct cvyi_py_cause {
    const char *reason;
    const char *file;
    int line;
    /* A condition that was not known: why it was not; else NULL. */
    const struct cvyi_py_cause *because;
    /* The value was given a name at the top level of the file, the last of
     * several; the same value without one, or NULL. */
    const char *name;
    const struct cvyi_py_cause *origin;
} cvyi_py_cause;

/* `doubt`: what may or may not have run would have changed it; reading it
 * gives what is not known. NULL in a host that is not lenient. */
typedef struct cvyi_py_seq { /* tuple, list, set */
    int n, capacity;
    cvyi_py_value *items;
    const cvyi_py_cause *doubt;
} cvyi_py_seq;

typedef struct cvyi_py_map { /* dict, in order of insertion */
    int n, capacity;
    cvyi_py_value *keys, *values;
    const cvyi_py_cause *doubt;
    struct cvyi_py_instance *of; /* whose __dict__ it is; or NULL */
} cvyi_py_map;

typedef struct cvyi_py_names { /* name -> value, in order of insertion */
    int n, capacity;
    const char **names;
    cvyi_py_value *values;
} cvyi_py_names;

typedef struct cvyi_py_function cvyi_py_function; /* private */
typedef struct cvyi_py_method cvyi_py_method;
typedef struct cvyi_py_builtin cvyi_py_builtin;

struct cvyi_py_value {
    cvyi_py_type type;
    /* The name of the module's constant that it was spelled with, or NULL:
     * WIDTH in Conv2d(3, WIDTH, 3). */
    const char *constant;
    union {
        bool truth;
        int64_t integer;
        double real;
        const char *text;
        cvyi_py_seq *seq;
        cvyi_py_map *map;
        struct cvyi_py_bounds { /* range: all three; slice: may be None */
            cvyi_py_value *start, *stop, *step;
        } bounds;
        const cvyi_py_function *function;
        const cvyi_py_method *method;
        struct cvyi_py_class *class_;
        struct cvyi_py_instance *instance;
        struct cvyi_py_module *module;
        const cvyi_py_builtin *builtin;
        struct {
            const cvyi_py_host_type *type;
            void *data; /* the host's */
        } host;
        const cvyi_py_cause *cause; /* of OPAQUE */
    };
};

typedef struct cvyi_py_class {
    const char *name;
    const cvyi_py_node *node; /* where it stands */
    const char *file;         /* the name of its tree; NULL: Python's own */
    int n_bases;
    const cvyi_py_value *bases; /* CLASS or HOST; `object` is left out */
    cvyi_py_names names;
    int n_order;
    const cvyi_py_value *order; /* itself and all bases, as Python asks them */
} cvyi_py_class;

typedef struct cvyi_py_instance {
    const cvyi_py_class *class_;
    cvyi_py_names names; /* attributes, in the order they were set */
    int line;            /* where it was made */
    void *host;          /* for the host's use; NULL at first */
    /* NULL, or why attributes that it has not may be there after all. */
    const cvyi_py_cause *doubt;
    cvyi_py_map *dict; /* its __dict__, once that was asked for; or NULL */
} cvyi_py_instance;

typedef struct cvyi_py_module {
    const char *name;
    cvyi_py_names names;
} cvyi_py_module;

/* Arguments of a call, stars already spread out. */
typedef struct cvyi_py_call_args {
    int n;
    const cvyi_py_value *values;
    int n_keywords;
    const char *const *keywords;
    const cvyi_py_value *keyword_values;
} cvyi_py_call_args;

/* What a value of the host can do. A member that is NULL is refused by the
 * evaluator ("a tensor cannot be called"), with the line. `self` is always a
 * HOST value of this type unless said. Operators are named as in `ast`. In a
 * lenient host the evaluator itself answers what an opaque value is asked,
 * and operators, comparisons and items with one among the operands; arguments
 * of a call, values that are set and what a list or dict holds may be opaque
 * and are the host's to look at. What a member refuses is opaque then. */
struct cvyi_py_host_type {
    const char *name; /* for messages, with article: "a tensor" */
    bool is_data;     /* plain data, such as an array: no part of a network */
    /* `call` is asked with **x, too, where x is not known: the keyword "**"
     * has it. Else such a call is not known. */
    bool takes_unknown;
    /* self.name. CVY_UNSUPPORTED with a reason if there is none: hasattr is
     * false then. "__class__" is what type(self) gives, and a builtin type
     * (cvyi_py_eval_builtin) for what passes for a number or a list. */
    cvy_status (*get)(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err);
    cvy_status (*set)(cvyi_py_eval *eval, const cvyi_py_value *self,
                      const char *name, const cvyi_py_value *value,
                      cvy_error *err);
    cvy_status (*call)(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self,
                       const cvyi_py_call_args *args, cvy_error *err);
    /* One of the operands is of this type; the left one is asked first. */
    cvy_status (*binary)(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_py_value *left,
                         const cvyi_py_value *right, cvy_error *err);
    /* left op= right, which may change left in place; NULL: as binary. */
    cvy_status (*augment)(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *left,
                          const cvyi_py_value *right, cvy_error *err);
    cvy_status (*compare)(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *left,
                          const cvyi_py_value *right, cvy_error *err);
    /* Besides the operators of `ast`: "abs", "int", "float" and "round" are
     * the builtin functions of one argument. */
    cvy_status (*unary)(cvyi_py_value *out, cvyi_py_eval *eval, const char *op,
                        const cvyi_py_value *self, cvy_error *err);
    cvy_status (*item)(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self, const cvyi_py_value *index,
                       cvy_error *err);
    cvy_status (*set_item)(cvyi_py_eval *eval, const cvyi_py_value *self,
                           const cvyi_py_value *index,
                           const cvyi_py_value *value, cvy_error *err);
    /* for … in self, list(self), *self: a LIST value. */
    cvy_status (*iterate)(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *self, cvy_error *err);
    cvy_status (*length)(int64_t *out, cvyi_py_eval *eval,
                         const cvyi_py_value *self, cvy_error *err);
    /* NULL: true, as for any object. */
    cvy_status (*truth)(bool *out, cvyi_py_eval *eval,
                        const cvyi_py_value *self, cvy_error *err);
    /* max(a, b), min(a, b) where one is of this type: op "max" or "min". */
    cvy_status (*extreme)(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *left,
                          const cvyi_py_value *right, cvy_error *err);

    /* A method that changes its value by its name (add, pop …) may have run or
     * not, for this cause. */
    void (*doubt)(const cvyi_py_value *self, const cvyi_py_cause *cause);

    /* isinstance(value, self): self is a class of the host, `value` anything.
     * Of an instance whose class is derived from self it is not asked. */
    cvy_status (*instance_of)(bool *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_value *value, cvy_error *err);

    /* ---- as a base of a class of the source; `base` is the host's value
     * and `instance` an INSTANCE of a class derived from it ---- */

    /* Anything that neither the instance nor its classes have, "__init__"
     * included: what super().__init__(…) and self.register_buffer find. */
    cvy_status (*base_get)(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *base,
                           const cvyi_py_value *instance, const char *name,
                           cvy_error *err);
    /* After an attribute was set: the host may look, or refuse. May be
     * NULL. */
    cvy_status (*base_set)(cvyi_py_eval *eval, const cvyi_py_value *base,
                           const cvyi_py_value *instance, const char *name,
                           const cvyi_py_value *value, cvy_error *err);
    /* instance(...) where the classes have no __call__. */
    cvy_status (*base_call)(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *base,
                            const cvyi_py_value *instance,
                            const cvyi_py_call_args *args, cvy_error *err);
    /* In a lenient host attributes of such an instance may be deleted: the
     * host looks at those that are there. */
    bool base_deletes;
    /* Same as base_get for items, iteration and length of an instance:
     * self.layers[0] of a class derived from nn.ModuleList. May be NULL. */
    cvy_status (*base_item)(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *base,
                            const cvyi_py_value *instance,
                            const cvyi_py_value *index, cvy_error *err);
    cvy_status (*base_iterate)(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *base,
                               const cvyi_py_value *instance, cvy_error *err);
};

typedef struct cvyi_py_host {
    void *context;
    /* The value of a dotted name that is imported ("torch.nn"). Of
     * `from a.b import c` it is asked for "a.b.c". CVY_UNSUPPORTED if the
     * host does not know it. */
    cvy_status (*import)(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *dotted, cvy_error *err);
    /* The file of a module of the source's own, "a.b": *tree NULL if there is
     * none; *package: it is that of a folder. CVY_UNSUPPORTED with the reason
     * if there is one that is not read. Asked of absolute names that `import`
     * does not know. Of lenient hosts; may be NULL. */
    cvy_status (*find)(const cvyi_py_tree **tree, bool *package,
                       cvyi_py_eval *eval, const char *dotted, cvy_error *err);
    /* The package of the first file, "" if it is in none; NULL: not known. */
    const char *package;
    /* What may be done about a module that is not there; or NULL. */
    const char *advice;
    /* A class statement is about to be evaluated: the host may put another
     * value in its place (*done). May be NULL. */
    cvy_status (*define)(cvyi_py_value *out, bool *done, cvyi_py_eval *eval,
                         const cvyi_py_tree *tree, const cvyi_py_node *node,
                         cvy_error *err);
    /*
     * What is not known makes opaque values instead of ending the evaluation:
     * an expression that is refused (but for limits, and for exceptions of
     * Python, which mean what they mean), an import that the host refuses, a
     * call of a generator. Whatever is made of an opaque value is opaque with
     * the same cause. Where a condition is not known, no branch runs, and
     * what a branch would have bound, set or changed is opaque, or is a
     * container in doubt. A loop whose body does nothing but opaque things is
     * not gone through to its end.
     *
     * A call of an opaque value may change what it is given: a list or dict
     * is in doubt after it, unless the name of what is called speaks against
     * it (print, log, save …). That it might change a tensor, another value
     * of the host or an instance is left out of account.
     *
     * Names of Python 2 (xrange, unicode, dict.iteritems …) are known.
     */
    bool lenient;
    /* `name = …` of one name at the top level of a file is about to be
     * evaluated: *found, and the value that it gets instead. May be NULL. */
    cvy_status (*preset)(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                         const char *name, cvy_error *err);
    /* A value of the host was given a name of its own: by an assignment to a
     * name, an attribute, or a text in brackets. May be NULL. */
    cvy_status (*named)(cvyi_py_eval *eval, const char *name,
                        const cvyi_py_value *value, cvy_error *err);
    /* A value that is not known is about to be assigned to this name, or to an
     * attribute that is called so: another may stand in for it. May be NULL.
     */
    cvy_status (*stand_in)(cvyi_py_value *value, cvyi_py_eval *eval,
                           const char *name, cvy_error *err);
    /* A function that the file's top level called has come to its end: what
     * its names are. May be NULL. */
    cvy_status (*finished)(cvyi_py_eval *eval, const char *function,
                           const cvyi_py_names *names, cvy_error *err);
    /* An `if` whose condition is known goes by `body`, which has statements.
     * May be NULL. */
    cvy_status (*passed)(cvyi_py_eval *eval, const cvyi_py_node *node,
                         const cvyi_py_list *body, cvy_error *err);
    /* `with x:` begins, where x is not known for this cause, or ends (NULL).
     * May be NULL. */
    cvy_status (*within)(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                         cvy_error *err);
    /* A value of the host was an operand or an argument beside an opaque one,
     * or is named in a branch of which it is not known whether it runs: what
     * came of it is opaque with this cause. `through` is the cause of what is
     * called there with the value, NULL: nothing. May be NULL. */
    cvy_status (*met)(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                      const cvyi_py_cause *through, const cvyi_py_value *value,
                      cvy_error *err);
} cvyi_py_host;

/* 0 stands for the default. */
typedef struct cvyi_py_limits {
    int64_t steps;  /* nodes evaluated: 20 million */
    int depth;      /* calls inside calls: 150 */
    size_t memory;  /* bytes of values: 256 MiB */
    double seconds; /* 30 */
} cvyi_py_limits;

/* ---- life ---- */

/* The tree and host are borrowed and outlive it. NULL limits: defaults. */
cvy_status cvyi_py_eval_open(cvyi_py_eval **out, const cvyi_py_host *host,
                             const cvyi_py_limits *limits, cvy_error *err);
void cvyi_py_eval_close(cvyi_py_eval *eval); /* NULL is accepted */
/* Runs the top level of a file; *out holds its names, `__file__` and
 * `__name__` (= `name`) among them. */
cvy_status cvyi_py_eval_run(cvyi_py_module **out, cvyi_py_eval *eval,
                            const cvyi_py_tree *tree, const char *name,
                            cvy_error *err);

/* ---- for the host ---- */

void *cvyi_py_context(const cvyi_py_eval *eval);
cvyi_arena *cvyi_py_arena(cvyi_py_eval *eval);
/* Line of the statement or call that is being evaluated, innermost. */
int cvyi_py_line_now(const cvyi_py_eval *eval);
/* The tree and node of the call being evaluated: for its own text. */
const cvyi_py_tree *cvyi_py_tree_now(const cvyi_py_eval *eval);
const cvyi_py_node *cvyi_py_node_now(const cvyi_py_eval *eval);

/* Calls anything callable. */
cvy_status cvyi_py_eval_call(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *callee,
                             const cvyi_py_call_args *args, cvy_error *err);
/* Where a function, method or class of the source stands: its file, and the
 * line; NULL: it is none. */
const char *cvyi_py_defined(int *line, const cvyi_py_value *value);
/* The parameters of a function or of a class's __init__, from place *skip on:
 * self is left out. NULL: it is neither. */
const cvyi_py_args *cvyi_py_parameters(int *skip, const cvyi_py_value *callee);
/* value.name, and whether it has it: false is no error. */
cvy_status cvyi_py_eval_get(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, const char *name,
                            cvy_error *err);
bool cvyi_py_instance_has(const cvyi_py_instance *instance, const char *name);
/* A name of an instance, class or module; NULL if it has none. */
const cvyi_py_value *cvyi_py_names_get(const cvyi_py_names *names,
                                       const char *name);
cvy_status cvyi_py_names_set(cvyi_py_eval *eval, cvyi_py_names *names,
                             const char *name, const cvyi_py_value *value,
                             cvy_error *err);
/* The first base of the host, along the order of the bases; NULL: none. */
const cvyi_py_value *cvyi_py_host_base(const cvyi_py_class *class_);
/* Anything that can be iterated over, as a LIST. */
cvy_status cvyi_py_eval_list(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, cvy_error *err);
cvy_status cvyi_py_eval_truth(bool *out, cvyi_py_eval *eval,
                              const cvyi_py_value *value, cvy_error *err);
/* Makes values; memory is the evaluator's and counts against its limit. */
cvy_status cvyi_py_make_seq(cvyi_py_value *out, cvyi_py_eval *eval,
                            cvyi_py_type type, const cvyi_py_value *items,
                            int n, cvy_error *err);
cvy_status cvyi_py_make_dict(cvyi_py_value *out, cvyi_py_eval *eval,
                             cvy_error *err);
cvy_status cvyi_py_dict_set(cvyi_py_eval *eval, cvyi_py_value *dict,
                            const cvyi_py_value *key,
                            const cvyi_py_value *value, cvy_error *err);
cvy_status cvyi_py_make_text(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *text, size_t n, cvy_error *err);
cvyi_py_value cvyi_py_int(int64_t value);
cvyi_py_value cvyi_py_float(double value);
cvyi_py_value cvyi_py_bool(bool value);
cvyi_py_value cvyi_py_none(void);
cvyi_py_value cvyi_py_host_value(const cvyi_py_host_type *type, void *data);
/* Python's own "int", "list", "ValueError" …; NULL if there is none. */
const cvyi_py_value *cvyi_py_eval_builtin(const cvyi_py_eval *eval,
                                          const char *name);
/* CVY_UNSUPPORTED with the current line. */
cvy_status cvyi_py_refuse(cvyi_py_eval *eval, cvy_error *err,
                          const char *format, ...) CVY_PRINTF(3, 4);
bool cvyi_py_is_lenient(const cvyi_py_eval *eval);
/* A value that is not known, with the current line. */
cvy_status cvyi_py_make_opaque(cvyi_py_value *out, cvyi_py_eval *eval,
                               cvy_error *err, const char *format, ...)
    CVY_PRINTF(4, 5);
/* Why it is not known, or NULL. Of an opaque value, and of a list, set or
 * dict in doubt; one that only holds an opaque value is known itself. */
const cvyi_py_cause *cvyi_py_opaque(const cvyi_py_value *value);
/* The same for all names of a value. */
const cvyi_py_cause *cvyi_py_origin(const cvyi_py_cause *cause);
/* What a call was refused with, as the value that it becomes in a lenient
 * host: opaque. Another status, an exception and a limit are passed on. */
cvy_status cvyi_py_forgive_value(cvyi_py_value *out, cvyi_py_eval *eval,
                                 cvy_status status, cvy_error *err);
/* CVY_UNSUPPORTED with file, line and reason of its cause. */
cvy_status cvyi_py_refuse_opaque(cvyi_py_eval *eval,
                                 const cvyi_py_value *value, cvy_error *err);
/* What the host presets for a name, as for an assignment. */
cvy_status cvyi_py_preset(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                          const char *name, cvy_error *err);
/* "a list", "an instance of Net" … for messages; in the eval's arena. */
const char *cvyi_py_describe(cvyi_py_eval *eval, const cvyi_py_value *value);
/* Plain values as a tree of base/value.h (tuples become lists); false if
 * there is a value in it that is not plain. */
bool cvyi_py_plain(cvyi_value *out, cvyi_py_eval *eval,
                   const cvyi_py_value *value);

#endif
