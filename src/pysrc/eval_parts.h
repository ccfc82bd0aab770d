/*
 * pysrc/eval_parts.h - what the files of the evaluator share.
 *
 * A function that evaluates gets its result first and the error last, and
 * leaves the result untouched when it fails. Two kinds of failure are told
 * apart: what Python itself would raise (cvyi_py_throw), which `except` of
 * the source can catch, and what this evaluator does not do
 * (cvyi_py_refuse), which nothing catches.
 */
#ifndef CVYI_PYSRC_EVAL_PARTS_H
#define CVYI_PYSRC_EVAL_PARTS_H

#include "base/text.h"
#include "pysrc/eval.h"

#include <string.h>

/* Evaluations inside each other, in C: what keeps the C stack bounded. */
enum { CVYI_PY_NESTING = 2000 };

/* ---- names and scopes ---- */

typedef enum cvyi_py_how {
    CVYI_PY_FREE, /* not bound by this body */
    CVYI_PY_LOCAL,
    CVYI_PY_GLOBAL_NAME,
    CVYI_PY_NONLOCAL_NAME,
} cvyi_py_how;

/* The names that a body binds, found before it runs. */
typedef struct cvyi_py_bound {
    const cvyi_py_node *node;
    int n, capacity;
    struct cvyi_py_binding {
        const char *name;
        cvyi_py_how how;
        int times;
    } * items;
    bool generates; /* it has a `yield` */
} cvyi_py_bound;

/* What `__class__` means inside of a class statement. */
typedef struct cvyi_py_cell {
    cvyi_py_class *class_; /* NULL until the statement is over */
} cvyi_py_cell;

typedef enum cvyi_py_scope_kind {
    CVYI_PY_SCOPE_MODULE,
    CVYI_PY_SCOPE_FUNCTION,
    CVYI_PY_SCOPE_CLASS,
    CVYI_PY_SCOPE_COMPREHENSION,
} cvyi_py_scope_kind;

typedef struct cvyi_py_scope {
    cvyi_py_scope_kind kind;
    cvyi_py_names *names;
    struct cvyi_py_scope *outer;
    const cvyi_py_bound *bound;
} cvyi_py_scope;

typedef struct cvyi_py_file {
    cvyi_py_module *module;
    const cvyi_py_tree *tree;
    cvyi_py_scope scope;
    bool python2;  /* the file has forms of Python 2 */
    bool division; /* `from __future__ import division` */
    /* Lenient hosts: what `from … import *` named, and why names that are not
     * found may be there after all. */
    cvyi_py_seq stars;
    const cvyi_py_cause *doubt;
    const char *package; /* what `from . import` means; NULL: not known */
} cvyi_py_file;

typedef enum cvyi_py_flow {
    CVYI_PY_GO_ON,
    CVYI_PY_DO_BREAK,
    CVYI_PY_DO_CONTINUE,
    CVYI_PY_DO_RETURN,
} cvyi_py_flow;

/* One body that runs: a file's top level, a call of a function. */
typedef struct cvyi_py_frame {
    struct cvyi_py_frame *back;
    cvyi_py_file *file;
    cvyi_py_scope *scope;
    const cvyi_py_function *function; /* NULL at the top level */
    cvyi_py_cell *cell;
    const cvyi_py_node *node; /* the call being evaluated */
    int line;
    cvyi_py_value result;                /* of RETURN */
    const struct cvyi_py_value *handled; /* by the `except` that runs */
    /* Set while a body is left that may have been left or not. */
    const cvyi_py_cause *leaves;
} cvyi_py_frame;

/* ---- the evaluator ---- */

struct cvyi_py_eval {
    cvyi_arena arena;
    const cvyi_py_host *host;
    cvyi_py_limits limits;
    int64_t steps, next_look; /* at the clock */
    size_t memory;
    int depth, nesting;
    double began;
    cvy_status fault; /* of the last failed cvyi_py_alloc */
    cvyi_py_frame *frame;
    const cvyi_py_value *raised; /* what a throw threw */
    bool over;                   /* a limit was hit: nothing goes on */
    /* Lenient hosts: the cause of the last refusal that had one, the last one
     * that was forgiven, and how much was done that is known; of that, what
     * may be part of a network. */
    const cvyi_py_cause *refused, *forgiven;
    int64_t effects, parts, opaques; /* opaques: statements that made one */
    cvyi_py_names builtins;
    int n_files, room_files; /* modules of the source's own */
    cvyi_py_file **files;
    int n_bounds, room_bounds; /* a hash table over nodes */
    cvyi_py_bound **bounds;
};

struct cvyi_py_function {
    const char *name;
    const cvyi_py_node *node;
    cvyi_py_file *file;
    cvyi_py_scope *outer;
    cvyi_py_cell *cell;
    const cvyi_py_bound *bound;
    /* By place among the parameters; only those with a fallback count. */
    cvyi_py_value *positional, *keyword_only;
};

typedef enum cvyi_py_method_kind {
    CVYI_PY_M_BOUND,    /* function called with self first */
    CVYI_PY_M_STATIC,   /* staticmethod(function) */
    CVYI_PY_M_CLASS,    /* classmethod(function) */
    CVYI_PY_M_PROPERTY, /* property(function, self) */
    CVYI_PY_M_SETTER,   /* property.setter, of self */
    CVYI_PY_M_SUPER,    /* super(function, self) */
    CVYI_PY_M_ITERATOR, /* over the list self, from *at on */
    CVYI_PY_M_VIEW,     /* of the dict self */
} cvyi_py_method_kind;

typedef enum cvyi_py_view {
    CVYI_PY_VIEW_KEYS,
    CVYI_PY_VIEW_VALUES,
    CVYI_PY_VIEW_ITEMS,
} cvyi_py_view;

struct cvyi_py_method {
    cvyi_py_method_kind kind;
    cvyi_py_value self, function;
    cvyi_py_view view;
    int *at;
};

/* Arguments of a builtin, sorted by its signature: `at` holds one pointer a
 * parameter, NULL where it was left out. */
enum { CVYI_PY_PARAMS = 6 };
typedef struct cvyi_py_given {
    const cvyi_py_value *self; /* of a method */
    const cvyi_py_value *at[CVYI_PY_PARAMS];
    int n_rest; /* "*" */
    const cvyi_py_value *rest;
    const cvyi_py_call_args *args; /* all of them: for "**" */
    int n_more;                    /* keywords that no parameter took */
} cvyi_py_given;

typedef cvy_status cvyi_py_builtin_fn(cvyi_py_value *out, cvyi_py_eval *eval,
                                      const cvyi_py_given *given,
                                      cvy_error *err);

/*
 * Signatures: words in order. "-x" by place only, "x" by place or name, "?"
 * at its end: may be left out. What follows "|" is by name only, and so is
 * what follows "*", which takes the other places; "**" takes other names.
 */
struct cvyi_py_builtin {
    const char *name;
    const char *signature;
    cvyi_py_builtin_fn *run; /* NULL: known and refused */
    bool is_type;
    bool is_method;
    bool lenient;      /* of Python 2: for lenient hosts alone */
    bool keeps;        /* may be given what is not known */
    cvyi_py_type type; /* of a type, or the owner of a method */
};

/* ---- eval.c: limits and errors ---- */

/* Zeroed and counted; NULL with eval->fault as the status. */
void *cvyi_py_alloc(cvyi_py_eval *eval, size_t n, size_t size, cvy_error *err);
#define CVYI_PY_NEW(p, eval, n, err)                                  \
    do {                                                              \
        (p) = cvyi_py_alloc((eval), (size_t)(n), sizeof *(p), (err)); \
        if ((p) == NULL)                                              \
            return (eval)->fault;                                     \
    } while (0)
/* Would `bytes` more fit into the limit? */
cvy_status cvyi_py_room(cvyi_py_eval *eval, size_t n, size_t size,
                        cvy_error *err);
/* n more steps. */
cvy_status cvyi_py_tick(cvyi_py_eval *eval, int64_t n, cvy_error *err);
/* cvyi_py_refuse of a limit: it ends a lenient evaluation, too. */
cvy_status cvyi_py_end(cvyi_py_eval *eval, cvy_error *err, const char *format,
                       ...) CVY_PRINTF(3, 4);
/* One level deeper in C; paired with eval->nesting-- if it is CVY_OK. */
cvy_status cvyi_py_enter(cvyi_py_eval *eval, cvy_error *err);
/* CVY_UNSUPPORTED as Python's exception `name`. */
cvy_status cvyi_py_throw(cvyi_py_eval *eval, cvy_error *err, const char *name,
                         const char *format, ...) CVY_PRINTF(4, 5);
/* Gives the line to a refusal that has none. */
cvy_status cvyi_py_placed(cvyi_py_eval *eval, cvy_status status,
                          cvy_error *err);
/* Is it a file with forms of Python 2 that runs? */
bool cvyi_py_is_python2(const cvyi_py_eval *eval);
/* Did `status` come from a throw of exception class `name`? */
bool cvyi_py_threw(const cvyi_py_eval *eval, cvy_status status,
                   const char *name);

/* ---- eval_opaque.c: what is not known ---- */

/* Tells the host that a value of its own, or one in a list, met an opaque
 * one. */
cvy_status cvyi_py_meet(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                        const cvyi_py_cause *through,
                        const cvyi_py_value *value, cvy_error *err);
cvyi_py_value cvyi_py_opaque_value(const cvyi_py_cause *cause);
/* The cause of an opaque value knows what the file calls it. */
cvy_status cvyi_py_name_opaque(cvyi_py_value *value, cvyi_py_eval *eval,
                               const char *name, cvy_error *err);
cvy_status cvyi_py_make_cause(const cvyi_py_cause **out, cvyi_py_eval *eval,
                              cvy_error *err, const char *format, ...)
    CVY_PRINTF(4, 5);
/* Also of an iterator or view over a container in doubt: what reading it
 * meets. */
const cvyi_py_cause *cvyi_py_unknown(const cvyi_py_value *value);
/* Also of a slice or tuple that holds something opaque. */
const cvyi_py_cause *cvyi_py_opaque_within(const cvyi_py_value *value);
cvy_status cvyi_py_refuse_cause(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                                cvy_error *err);
/* Is it a refusal that a lenient evaluation goes on after? Then it is taken
 * back, and *out is its cause; else *out is NULL and it stays. */
cvy_status cvyi_py_forgive(const cvyi_py_cause **out, cvyi_py_eval *eval,
                           cvy_status status, cvy_error *err);
/* Something known was done with `value`: a loop has an effect. */
void cvyi_py_count(cvyi_py_eval *eval, const cvyi_py_value *value);
/* A list, set or dict is in doubt from now on; others are left alone. */
void cvyi_py_mark(const cvyi_py_value *value, const cvyi_py_cause *cause);
bool cvyi_py_is_mutator(const char *method);
/* A builtin that is called with something opaque: *done says whether that
 * answers the call. */
void cvyi_py_builtin_opaque(cvyi_py_value *out, bool *done,
                            const cvyi_py_builtin *builtin,
                            const cvyi_py_value *self,
                            const cvyi_py_call_args *args);
/* After a builtin was refused: what it may have changed is in doubt. */
void cvyi_py_builtin_failed(const cvyi_py_builtin *builtin,
                            const cvyi_py_value *self,
                            const cvyi_py_call_args *args,
                            const cvyi_py_cause *cause);
/* An opaque value is called: lists and dicts among its arguments. */
void cvyi_py_mark_arguments(cvyi_py_eval *eval, const cvyi_py_call_args *args,
                            const cvyi_py_cause *cause);

/* ---- eval_skip.c: what may have run or not ---- */

/* What these statements would bind, set or change is not known from now on.
 * *flow is how they may leave the body that they stand in. */
cvy_status cvyi_py_skip(cvyi_py_flow *flow, cvyi_py_eval *eval,
                        const cvyi_py_list *body, const cvyi_py_cause *cause,
                        cvy_error *err);
cvy_status cvyi_py_skip_one(cvyi_py_flow *flow, cvyi_py_eval *eval,
                            const cvyi_py_node *node,
                            const cvyi_py_cause *cause, cvy_error *err);
/* `target = …` with a value that is not known. */
cvy_status cvyi_py_skip_target(cvyi_py_eval *eval, const cvyi_py_node *target,
                               const cvyi_py_cause *cause, cvy_error *err);
/* *flow goes out of the running body, which may not be so. */
void cvyi_py_leave(cvyi_py_flow *flow, cvyi_py_eval *eval, cvyi_py_flow how,
                   const cvyi_py_cause *cause);

/* ---- eval_loop.c ---- */

cvy_status cvyi_py_if(cvyi_py_flow *flow, cvyi_py_eval *eval,
                      const cvyi_py_node *node, cvy_error *err);
cvy_status cvyi_py_while(cvyi_py_flow *flow, cvyi_py_eval *eval,
                         const cvyi_py_node *node, cvy_error *err);
cvy_status cvyi_py_for_loop(cvyi_py_flow *flow, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_error *err);

/* ---- eval_value.c, eval_plain.c ---- */

cvyi_py_value cvyi_py_text_value(const char *text); /* borrowed */
cvyi_py_value cvyi_py_ellipsis(void);
cvyi_py_value cvyi_py_builtin_value(const cvyi_py_builtin *builtin);
cvyi_py_value cvyi_py_class_value(cvyi_py_class *class_);
/* Without the name of a constant. */
cvyi_py_value cvyi_py_unnamed(cvyi_py_value value);
cvy_status cvyi_py_seq_add(cvyi_py_eval *eval, cvyi_py_seq *seq,
                           const cvyi_py_value *value, cvy_error *err);
cvy_status cvyi_py_make_range(cvyi_py_value *out, cvyi_py_eval *eval,
                              cvyi_py_type type, const cvyi_py_value parts[3],
                              cvy_error *err);
cvy_status cvyi_py_make_method(cvyi_py_value *out, cvyi_py_eval *eval,
                               cvyi_py_method method, cvy_error *err);
cvy_status cvyi_py_make_iterator(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *list, cvy_error *err);
/* A text of what was gathered, which is closed in any case. */
cvy_status cvyi_py_make_gathered(cvyi_py_value *out, cvyi_py_eval *eval,
                                 cvyi_text *text, cvy_error *err);
bool cvyi_py_is_method(const cvyi_py_value *value, cvyi_py_method_kind kind);
/* A bool or an int, as an int. */
bool cvyi_py_as_int(int64_t *out, const cvyi_py_value *value);
bool cvyi_py_as_double(double *out, const cvyi_py_value *value);
/* The same, or a TypeError that says `what` it is. */
cvy_status cvyi_py_need_int(int64_t *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, const char *what,
                            cvy_error *err);
cvy_status cvyi_py_need_text(const char **out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, const char *what,
                             cvy_error *err);
void cvyi_py_names_drop(cvyi_py_names *names, const char *name);
/* Python's name of the type: "int", "Net". */
const char *cvyi_py_type_name(const cvyi_py_value *value);

/* ---- eval_map.c: dicts and sets ---- */

cvy_status cvyi_py_hashable(cvyi_py_eval *eval, const cvyi_py_value *key,
                            cvy_error *err);
/* The place of a key, or -1. */
cvy_status cvyi_py_find(int *at, cvyi_py_eval *eval,
                        const cvyi_py_value *items, int n,
                        const cvyi_py_value *key, cvy_error *err);
cvy_status cvyi_py_set_add(cvyi_py_eval *eval, cvyi_py_seq *set,
                           const cvyi_py_value *value, cvy_error *err);
void cvyi_py_map_drop(cvyi_py_map *map, int at);

/* ---- eval_instance.c: attributes, and the dict that holds the same ---- */

cvy_status cvyi_py_instance_dict(cvyi_py_value *out, cvyi_py_eval *eval,
                                 cvyi_py_instance *instance, cvy_error *err);
cvy_status cvyi_py_instance_put(cvyi_py_eval *eval, cvyi_py_instance *instance,
                                const char *name, const cvyi_py_value *value,
                                cvy_error *err);
cvy_status cvyi_py_instance_drop(cvyi_py_eval *eval,
                                 cvyi_py_instance *instance, const char *name,
                                 cvy_error *err);
cvy_status cvyi_py_instance_adopt(cvyi_py_eval *eval,
                                  cvyi_py_instance *instance,
                                  const cvyi_py_value *value, cvy_error *err);
void cvyi_py_seq_drop(cvyi_py_seq *seq, int at);

/* ---- eval_same.c, eval_truth.c ---- */

cvy_status cvyi_py_same(bool *out, cvyi_py_eval *eval, const cvyi_py_value *a,
                        const cvyi_py_value *b, cvy_error *err);
/* As containers compare: identical is equal. */
cvy_status cvyi_py_alike(bool *out, cvyi_py_eval *eval, const cvyi_py_value *a,
                         const cvyi_py_value *b, cvy_error *err);
/* `is`: refused where Python does not say. */
cvy_status cvyi_py_is(bool *out, cvyi_py_eval *eval, const cvyi_py_value *a,
                      const cvyi_py_value *b, cvy_error *err);
/* The same thing in memory, for values that are shared. */
bool cvyi_py_identical(const cvyi_py_value *a, const cvyi_py_value *b);
/* Any operator of Compare. */
cvy_status cvyi_py_compare(cvyi_py_value *out, cvyi_py_eval *eval,
                           const char *op, const cvyi_py_value *a,
                           const cvyi_py_value *b, cvy_error *err);
cvy_status cvyi_py_less(bool *out, cvyi_py_eval *eval, const cvyi_py_value *a,
                        const cvyi_py_value *b, cvy_error *err);
cvy_status cvyi_py_contains(bool *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value,
                            const cvyi_py_value *container, cvy_error *err);
/* -1, 0, 1; 2 if one of them is nan. */
int cvyi_py_order_numbers(const cvyi_py_value *a, const cvyi_py_value *b);

/* ---- eval_repr.c ---- */

cvy_status cvyi_py_put_repr(cvyi_text *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, cvy_error *err);
cvy_status cvyi_py_put_str(cvyi_text *out, cvyi_py_eval *eval,
                           const cvyi_py_value *value, cvy_error *err);

/* ---- eval_number.c, eval_op.c ---- */

bool cvyi_py_is_number(const cvyi_py_value *value);
cvy_status cvyi_py_arithmetic(cvyi_py_value *out, cvyi_py_eval *eval,
                              const char *op, const cvyi_py_value *a,
                              const cvyi_py_value *b, cvy_error *err);
cvy_status cvyi_py_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                          const char *op, const cvyi_py_value *a,
                          const cvyi_py_value *b, cvy_error *err);
/* a op= b: may change `a` in place. */
cvy_status cvyi_py_augmented(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *op, const cvyi_py_value *a,
                             const cvyi_py_value *b, cvy_error *err);
cvy_status cvyi_py_unary(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_py_value *value,
                         cvy_error *err);
cvy_status cvyi_py_float_to_int(cvyi_py_value *out, cvyi_py_eval *eval,
                                double value, cvy_error *err);

/* ---- eval_format.c, eval_percent.c ---- */

cvy_status cvyi_py_put_format(cvyi_text *out, cvyi_py_eval *eval,
                              const cvyi_py_value *value, const char *spec,
                              cvy_error *err);
cvy_status cvyi_py_percent(cvyi_py_value *out, cvyi_py_eval *eval,
                           const char *format, const cvyi_py_value *values,
                           cvy_error *err);
cvyi_py_builtin_fn cvyi_py_str_format;

/* ---- eval_utf8.c: texts by characters ---- */

int64_t cvyi_py_text_length(const char *text);
/* Where character `at` begins; at its end for at = length. */
const char *cvyi_py_text_at(const char *text, int64_t at);
bool cvyi_py_is_ascii(const char *text);

/* ---- eval_item.c ---- */

cvy_status cvyi_py_get_item(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value,
                            const cvyi_py_value *index, cvy_error *err);
cvy_status cvyi_py_set_item(cvyi_py_eval *eval, const cvyi_py_value *target,
                            const cvyi_py_value *index,
                            const cvyi_py_value *value, cvy_error *err);
cvy_status cvyi_py_del_item(cvyi_py_eval *eval, const cvyi_py_value *target,
                            const cvyi_py_value *index, cvy_error *err);
/* Elements of a range. */
cvy_status cvyi_py_range_length(int64_t *out, cvyi_py_eval *eval,
                                const cvyi_py_value *range, cvy_error *err);
/* What Python 2 would have made a list of, in a lenient host: an iterator
 * over a list, a view of a dict, a range. */
bool cvyi_py_is_list_2(const cvyi_py_eval *eval, const cvyi_py_value *value);
cvy_status cvyi_py_length(int64_t *out, cvyi_py_eval *eval,
                          const cvyi_py_value *value, cvy_error *err);

/* ---- eval_iter.c ---- */

/* The elements; `ordered`: the order of a set matters and is refused. What
 * comes back may be the value's own list: not to be changed or kept. */
cvy_status cvyi_py_elements(const cvyi_py_seq **out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, bool ordered,
                            cvy_error *err);

/* One element after another, as `for` sees them: a list that changes
 * meanwhile is followed, a dict that changes is an error. */
typedef struct cvyi_py_walk {
    cvyi_py_value value;
    const cvyi_py_seq *items;
    int64_t at, n;
} cvyi_py_walk;
cvy_status cvyi_py_walk_open(cvyi_py_walk *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value, bool ordered,
                             cvy_error *err);
/* *more is false behind the last one; *out is untouched then. */
cvy_status cvyi_py_walk_next(cvyi_py_value *out, bool *more,
                             cvyi_py_walk *walk, cvyi_py_eval *eval,
                             cvy_error *err);

/* ---- eval_scope.c, eval_bound.c ---- */

cvy_status cvyi_py_bound_of(const cvyi_py_bound **out, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_error *err);
cvy_status cvyi_py_bound_of_file(const cvyi_py_bound **out, cvyi_py_eval *eval,
                                 const cvyi_py_tree *tree, cvy_error *err);
/* Bound once in its file, and never by a function. */
bool cvyi_py_bound_once(const cvyi_py_bound *bound, const char *name);
cvy_status cvyi_py_load(cvyi_py_value *out, cvyi_py_eval *eval,
                        const char *name, cvy_error *err);
cvy_status cvyi_py_store(cvyi_py_eval *eval, const char *name,
                         const cvyi_py_value *value, cvy_error *err);
cvy_status cvyi_py_store_walrus(cvyi_py_eval *eval, const char *name,
                                const cvyi_py_value *value, cvy_error *err);
cvy_status cvyi_py_unbind(cvyi_py_eval *eval, const char *name,
                          cvy_error *err);
cvy_status cvyi_py_scope_open(cvyi_py_scope **out, cvyi_py_eval *eval,
                              cvyi_py_scope_kind kind,
                              const cvyi_py_bound *bound, cvy_error *err);

/* ---- eval_expr.c, eval_comp.c ---- */

cvy_status cvyi_py_expr(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_node *node, cvy_error *err);
/* Items of a display or a call, stars spread out. */
cvy_status cvyi_py_exprs(cvyi_py_seq *out, cvyi_py_eval *eval,
                         const cvyi_py_list *list, cvy_error *err);
cvy_status cvyi_py_comprehension(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_node *node, cvy_error *err);
cvy_status cvyi_py_call_expr(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_node *node, cvy_error *err);

/* ---- eval_assign.c, eval_stmt.c, eval_try.c, eval_import.c ---- */

cvy_status cvyi_py_assign(cvyi_py_eval *eval, const cvyi_py_node *target,
                          const cvyi_py_value *value, cvy_error *err);
cvy_status cvyi_py_aug_assign(cvyi_py_eval *eval, const cvyi_py_node *node,
                              cvy_error *err);
cvy_status cvyi_py_delete(cvyi_py_eval *eval, const cvyi_py_node *target,
                          cvy_error *err);
cvy_status cvyi_py_body(cvyi_py_flow *flow, cvyi_py_eval *eval,
                        const cvyi_py_list *body, cvy_error *err);
cvy_status cvyi_py_try(cvyi_py_flow *flow, cvyi_py_eval *eval,
                       const cvyi_py_node *node, cvy_error *err);
cvy_status cvyi_py_with(cvyi_py_flow *flow, cvyi_py_eval *eval,
                        const cvyi_py_node *node, cvy_error *err);
cvy_status cvyi_py_raise(cvyi_py_eval *eval, const cvyi_py_node *node,
                         cvy_error *err);
cvy_status cvyi_py_assert(cvyi_py_eval *eval, const cvyi_py_node *node,
                          cvy_error *err);
cvy_status cvyi_py_import(cvyi_py_eval *eval, const cvyi_py_node *node,
                          cvy_error *err);
cvy_status cvyi_py_import_from(cvyi_py_eval *eval, const cvyi_py_node *node,
                               cvy_error *err);

/* ---- eval_call.c, eval_bind.c ---- */

cvy_status cvyi_py_make_function(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_node *node, cvy_error *err);
/* The call with `self` before its arguments. */
cvy_status cvyi_py_call_with(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *callee,
                             const cvyi_py_value *self,
                             const cvyi_py_call_args *args, cvy_error *err);
/* A call with up to two plain arguments (NULL: not there). */
cvy_status cvyi_py_call_plain(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *callee,
                              const cvyi_py_value *a, const cvyi_py_value *b,
                              cvy_error *err);
cvy_status cvyi_py_bind_arguments(cvyi_py_eval *eval, cvyi_py_names *names,
                                  const cvyi_py_function *function,
                                  const cvyi_py_call_args *args,
                                  cvy_error *err);
cvy_status cvyi_py_run_builtin(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_builtin *builtin,
                               const cvyi_py_value *self,
                               const cvyi_py_call_args *args, cvy_error *err);

/* ---- eval_class.c, eval_attr.c ---- */

cvy_status cvyi_py_make_class(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_node *node, cvy_error *err);
/* order of a class whose name and bases are set */
cvy_status cvyi_py_class_order(cvyi_py_eval *eval, cvyi_py_class *class_,
                               cvy_error *err);
/* A name of the classes themselves, after place `after` of the order (-1:
 * all); NULL if they have none. Bases of the host are not asked. */
const cvyi_py_value *cvyi_py_class_find(const cvyi_py_class *class_, int after,
                                        const char *name);
bool cvyi_py_derived(const cvyi_py_class *class_, const cvyi_py_value *base);
cvy_status cvyi_py_instantiate(cvyi_py_value *out, cvyi_py_eval *eval,
                               cvyi_py_class *class_,
                               const cvyi_py_call_args *args, cvy_error *err);
cvy_status cvyi_py_call_instance(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *self,
                                 const cvyi_py_call_args *args,
                                 cvy_error *err);
/* A special method of an instance's classes, called; *found says whether
 * there is one. `b` may be NULL. */
cvy_status cvyi_py_special(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                           const cvyi_py_value *self, const char *name,
                           const cvyi_py_value *b, cvy_error *err);
cvy_status cvyi_py_set_attr(cvyi_py_eval *eval, const cvyi_py_value *target,
                            const char *name, const cvyi_py_value *value,
                            cvy_error *err);
cvy_status cvyi_py_del_attr(cvyi_py_eval *eval, const cvyi_py_value *target,
                            const char *name, cvy_error *err);
/* hasattr: as get, with *found. */
cvy_status cvyi_py_try_get(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                           const cvyi_py_value *value, const char *name,
                           cvy_error *err);
/* object.__init__: for super().__init__() with nothing above. */
extern const cvyi_py_builtin cvyi_py_object_init;

/* ---- eval_builtin.c, eval_method.c, eval_exception.c ---- */

cvy_status cvyi_py_open_builtins(cvyi_py_eval *eval, cvy_error *err);
cvy_status cvyi_py_open_exceptions(cvyi_py_eval *eval, cvy_error *err);
/* The type object of a plain value, or NULL. */
const cvyi_py_builtin *cvyi_py_type_of(const cvyi_py_value *value);
/* NULL if the type has no such method. */
const cvyi_py_builtin *cvyi_py_method_of(cvyi_py_type type, const char *name);
cvy_status cvyi_py_isinstance(bool *out, cvyi_py_eval *eval,
                              const cvyi_py_value *value,
                              const cvyi_py_value *type, cvy_error *err);
/* list.sort and sorted. */
cvy_status cvyi_py_sort(cvyi_py_eval *eval, cvyi_py_seq *seq,
                        const cvyi_py_value *key, const cvyi_py_value *reverse,
                        cvy_error *err);

#endif
