/*
 * write/torch.h - the parts of the PyTorch writer.
 *
 * cvyi_write_torch walks them in this order: speak (which words every call
 * gets), scope (which modules of the outline are modules of the file, what
 * happens in each of their visits, in which order a person reads it), member
 * (what their instances hold), class (modules of one structure are one class),
 * name (attributes, classes, paths), model and forward (the text of the
 * classes), file (what stands around them), weights.
 */
#ifndef CVYI_WRITE_TORCH_H
#define CVYI_WRITE_TORCH_H

#include "train/train.h"
#include "write/names.h"
#include "write/write.h"

/* A call in torch's words. */
typedef struct cvyi_spoken {
    cvyi_said said;
    const char *path; /* of its module: "encoder.conv1"; NULL: a function */
    const char *home; /* of the module whose forward holds it; "": the model */
    bool first;       /* of its module's calls: weights are written for it */
    bool as_module;   /* has to be a module: a member of a chain or a list */
    bool ok;          /* torch can say it */
} cvyi_spoken;

/* A value in the text of a class: an argument of a constructor, or a number
 * in a function form. */
typedef struct cvyi_torch_argument {
    const char *name;  /* torch's; NULL in a function form */
    const char *value; /* the first module's; NULL: not said */
    int param;         /* of the class; -1: the same in all its modules */
    const char *tail; /* the parameter begins a tuple: what follows; or NULL */
    bool positional;
} cvyi_torch_argument;

/* What a module holds under a name. */
typedef struct cvyi_torch_member {
    int module;  /* of the outline: a layer, a composed module, a list */
    int call;    /* of a layer: its first call; -1 */
    int first;   /* the first call of anything in it */
    int unit;    /* of a composed module; -1 */
    int list;    /* the member, a list, in which it stands; -1 */
    int index;   /* its place there; of an inline chain, in the chain */
    int n_calls; /* in one visit */
    const char *attribute; /* NULL for what stands in a list or inline */
    int n_arguments;       /* of the constructor; 0: its words as they are */
    cvyi_torch_argument *arguments;
} cvyi_torch_member;

/* A call, or a visit of a module inside; both once, in one visit. */
typedef struct cvyi_torch_item {
    int call;   /* of the graph; -1: a visit */
    int visit;  /* of the graph; -1: a call */
    int member; /* of its unit; -1: a function */
    int n_in, n_out;
    const int *in, *out; /* results */
    int n_arguments;     /* of a function form */
    cvyi_torch_argument *arguments;
} cvyi_torch_item;

/* As the visit of the graph with that index. Inputs and outputs are those of
 * the unit's first visit, in its order. */
typedef struct cvyi_torch_visit {
    int unit;   /* -1: it is written as part of the visit around it */
    int around; /* the visit of a unit around it; -1 for visit 0 */
    int n_items, items_capacity;
    cvyi_torch_item *items; /* in reading order */
    int n_in, n_out, in_capacity, out_capacity;
    int *in, *out; /* results */
} cvyi_torch_visit;

typedef enum cvyi_unit_form {
    CVYI_UNIT_CLASS,  /* a class with a forward */
    CVYI_UNIT_CHAIN,  /* a class derived from nn.Sequential */
    CVYI_UNIT_INLINE, /* nn.Sequential(...), members counted */
} cvyi_unit_form;

/* A composed module of the outline that is a module of the file. */
typedef struct cvyi_unit {
    int module;
    cvyi_unit_form form;
    int visit;          /* the one its text is made from */
    int parent, member; /* where it stands; -1 for the model */
    int height;         /* 0: no unit inside */
    int n_members, members_capacity;
    cvyi_torch_member *members;
    int of, at;       /* its class, its place among that class's units */
    const char *path; /* "encoder"; "" for the model */
} cvyi_unit;

typedef struct cvyi_class_param {
    const char *name;    /* NULL until named */
    const char *wanted;  /* torch's name of what it is first used for */
    const char *last;    /* and of what it is used for last */
    const char *owner;   /* the attribute it is first used for */
    const char **values; /* Python, one for each unit */
    bool stored;         /* forward reads it: self.NAME */
} cvyi_class_param;

typedef struct cvyi_torch_class {
    const char *name;
    const char *skeleton; /* its text without the values that may differ */
    int n_units, units_capacity;
    int *units; /* the first gives its names and its text */
    int n_params, params_capacity;
    cvyi_class_param *params;
} cvyi_torch_class;

enum { CVYI_MAX_HELPERS = 24 };

typedef struct cvyi_torch_writer {
    cvyi_graph *graph;
    const cvyi_graph *source;
    const cvyi_write_options *options;
    cvyi_findings *findings;
    cvyi_written *out;
    cvy_error *err;
    cvyi_arena arena;    /* for what does not outlive the writer */
    cvyi_spoken *spoken; /* one a call */
    bool *dissolved;     /* one a module: it cannot be one of the file */
    /* What weights are stored in and, if that is wider, what the layers
     * compute in under torch.autocast; float32: nothing is said. */
    cvy_dtype stored, autocast;
    int *maker, *other;       /* one a result: scratch */
    cvyi_torch_visit *visits; /* one a visit */
    int n_units;
    cvyi_unit *units; /* in the outline's order; 0 is the model */
    int *unit_of;     /* one a module; -1 */
    int n_classes;
    cvyi_torch_class *classes; /* those inside before those around */
    int n_helpers;
    const cvyi_helper *helpers[CVYI_MAX_HELPERS];
    cvyi_text body; /* text of the classes before the file's head is known */
    cvyi_text training; /* make_loss and make_optimizer, or empty */
} cvyi_torch_writer;

/* ---- torch_speak.c: words, forms, refusals, helpers ---- */

cvy_status cvyi_torch_speak(cvyi_torch_writer *w);
/* Chooses the form of a call anew. */
cvy_status cvyi_torch_respeak(cvyi_torch_writer *w, int call, bool as_module);
/* Remarks of the words, and the classes they need. */
cvy_status cvyi_torch_spoken(cvyi_torch_writer *w);

/* ---- reading_order.c ---- */

typedef struct cvyi_reading {
    int n;
    const cvyi_torch_item *items;
    const int *groups; /* items of one group are parts of one layer */
    const int *maker;  /* of a result: an item, or -1 */
    int n_roots;
    const int *roots; /* results that are wanted, in order */
} cvyi_reading;

/* Every item once, each behind what feeds it, a branch in one piece. */
cvy_status cvyi_reading_order(int *order, const cvyi_reading *reading,
                              cvy_error *err);

/* ---- torch_scope.c, torch_visit.c, torch_same.c: units and visits ---- */

cvy_status cvyi_torch_scope(cvyi_torch_writer *w);
/* The visit of a unit in which a call is written. */
int cvyi_torch_scope_of(const cvyi_torch_writer *w, const cvyi_call *call);
/* Items, inputs and outputs of a visit. *again: a module was dissolved. */
cvy_status cvyi_torch_fill_visit(bool *again, cvyi_torch_writer *w, int visit);
/* w->maker: the items of a visit that make results. */
void cvyi_torch_makers(int *maker, const cvyi_torch_writer *w,
                       const cvyi_torch_visit *visit);
/* Do all visits of a unit say the same? Their inputs and outputs are put in
 * the order of its first one. */
cvy_status cvyi_torch_align_visits(bool *same, cvyi_torch_writer *w, int unit);
void cvyi_torch_sort(const cvyi_torch_writer *w, int *results, int n,
                     const int *declared, int n_declared);

/* ---- torch_member.c ---- */

cvy_status cvyi_torch_members(cvyi_torch_writer *w);
/* A list that is written as one. */
bool cvyi_torch_is_list(const cvyi_torch_writer *w, int module);

/* ---- torch_arg.c: the arguments in torch's words ---- */

typedef struct cvyi_code_arg {
    const char *name;     /* of the parameter */
    const char *value;    /* Python; NULL: not given */
    const char *fallback; /* Python; NULL: there is none */
    bool positional;
} cvyi_code_arg;

typedef struct cvyi_code_parts {
    const char *callee; /* "nn.Conv2d" */
    bool known;         /* bound to a signature: a row for each parameter */
    int n, capacity;
    cvyi_code_arg *args;
} cvyi_code_parts;

cvy_status cvyi_code_split(cvyi_code_parts *out, cvyi_torch_writer *w,
                           const cvyi_said *said);
/* The next literal argument of a call inside an expression, from `at`; NULL
 * if there is none. */
const char *cvyi_code_literal(const char *code, const char *at, size_t *size);

/* ---- torch_decay.c ---- */

/* Weights whose squares are added to the loss; a remark tells what else is
 * added for a weight. */
cvy_status cvyi_torch_find_decays(cvyi_train_decays *out,
                                  cvyi_torch_writer *w);

/* ---- torch_frozen.c ---- */

/* Has the unit nothing that is trained, though it has weights? */
bool cvyi_torch_all_frozen(const cvyi_torch_writer *w, int unit);
bool cvyi_torch_member_frozen(const cvyi_torch_writer *w,
                              const cvyi_unit *unit, int member);
/* Is it inside of a unit that is frozen as a whole, or such a one itself? */
bool cvyi_torch_is_quiet(const cvyi_torch_writer *w, int unit);
/* self.conv1.requires_grad_(False), as statements of __init__. */
cvy_status cvyi_torch_put_frozen(cvyi_torch_writer *w, const cvyi_unit *unit,
                                 const char *prefix);

/* ---- torch_precision.c ---- */

/* Fills w->stored and w->autocast. */
void cvyi_torch_precision(cvyi_torch_writer *w);
/* Refuses units that compute partly under torch.autocast. */
cvy_status cvyi_torch_check_precision(cvyi_torch_writer *w);
/* self.to(torch.float16), as a statement of the model's __init__. */
void cvyi_torch_put_precision(cvyi_torch_writer *w, const cvyi_unit *unit);
/* Does the item stand under torch.autocast? */
bool cvyi_torch_is_autocast(const cvyi_torch_writer *w,
                            const cvyi_torch_item *item);

/* ---- torch_class.c, torch_param.c, torch_name.c ---- */

cvy_status cvyi_torch_classes(cvyi_torch_writer *w);
/* What differs between the units of a class becomes parameters. */
cvy_status cvyi_torch_params(cvyi_torch_writer *w, cvyi_torch_class *class_);
/* Attributes of a unit. */
cvy_status cvyi_torch_name_members(cvyi_torch_writer *w,
                                   const cvyi_unit *unit);
cvy_status cvyi_torch_name_params(cvyi_torch_writer *w,
                                  cvyi_torch_class *class_);
cvy_status cvyi_torch_names(cvyi_torch_writer *w);
/* "conv1", "blocks[0]". */
void cvyi_torch_put_member(cvyi_text *out, const cvyi_unit *unit, int member);
/* What a module is called inside of a unit: its role in a block, its name. */
const char *cvyi_torch_short_name(const cvyi_torch_writer *w, int unit,
                                  int module);
/* The source's name of a layer, without the models around it. */
const char *cvyi_torch_source_name(const cvyi_torch_writer *w, int module);

/* ---- torch_expr.c, torch_model.c, torch_forward.c, torch_term.c ---- */

/* What makes a member: nn.Conv2d(3, 16, 3). */
void cvyi_torch_put_maker(cvyi_text *out, const cvyi_torch_writer *w,
                          const cvyi_torch_class *class_,
                          const cvyi_unit *unit, int member);
cvy_status cvyi_torch_model(cvyi_torch_writer *w);
cvy_status cvyi_torch_forward(cvyi_torch_writer *w,
                              const cvyi_torch_class *class_);
/* "torch.relu(x)", for the report; arena text, NULL without memory. */
const char *cvyi_torch_function_text(cvyi_torch_writer *w, int call);

enum { CVYI_NO_HOLE = -2, CVYI_ALL_INPUTS = -1 };
/* The input that "{3}" at *p stands for, CVYI_ALL_INPUTS for "{*}"; *p is
 * moved to its last character. CVYI_NO_HOLE where none begins. */
int cvyi_torch_hole(const char **p);

/* ---- torch_file.c: docstring, imports, helpers, class, load_model ---- */

cvy_status cvyi_torch_file(cvyi_torch_writer *w);

/* ---- torch_weights.c: names and layouts of all weights ---- */

cvy_status cvyi_torch_name_weights(cvyi_torch_writer *w);

/* ---- torch_comment.c ---- */

/* Why an item is as it is, or its output's shape where that changes; NULL
 * for nothing to say. Arena text. */
const char *cvyi_torch_item_comment(cvyi_torch_writer *w,
                                    const cvyi_torch_item *item);
/* The same of item `at` in all visits of a class's units, if they agree. */
const char *cvyi_torch_comment_at(cvyi_torch_writer *w,
                                  const cvyi_torch_class *class_, int at);
/* Of a member of a class. */
const char *cvyi_torch_member_comment(cvyi_torch_writer *w,
                                      const cvyi_torch_class *class_,
                                      int member);

#endif
