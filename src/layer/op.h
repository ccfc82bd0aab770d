/*
 * layer/op.h - what an operator is.
 *
 * An operator is a value: one folder under layer/ and one line of ops.def.
 * Its meaning is neutral: no operator says "Keras" or "Torch" and none names
 * another. Operators of CVYI_ORDER_CHANNEL always see their values as
 * N C S..., whatever the memory looks like: the caller permutes types and
 * strides (graph/, run/) and no operator asks about the order of axes.
 *
 * Axis letters of a slot: O outputs, I inputs (of one group), S every spatial
 * axis in order, C channels, M multiplier; separated by blanks.
 */
#ifndef CVYI_LAYER_OP_H
#define CVYI_LAYER_OP_H

#include "base/text.h"
#include "convey/tensor.h"
#include "padding/size.h"

enum {
    CVYI_MAX_DIMS = 8,    /* axes of a value */
    CVYI_MAX_SPATIAL = 3, /* axes a window slides over */
    CVYI_MAX_ATTRS = 10,
    CVYI_MAX_SLOTS = 5,
    CVYI_MAX_OUTPUTS = 4,
};

/* How an operator cares about the order of axes. */
typedef enum cvyi_order {
    CVYI_ORDER_ANY,     /* no channel axis, or an attribute of kind AXIS that
                           names the axis it works on: takes any order */
    CVYI_ORDER_CHANNEL, /* has a channel axis and follows it */
    CVYI_ORDER_SUMS,    /* sums over axis `axis` of input 0 and axis `other` of
                           input 1; behind the `shared` first axes of both
                           stand those that stay of input 0, then those of
                           input 1: takes any order that keeps theirs */
    CVYI_ORDER_FIXED,   /* flattens or indexes axes: order changes meaning */
} cvyi_order;

/* What an operator does with the features of its last axis when they come in
 * another order than the source's (a flattened value whose axes were moved). */
typedef enum cvyi_features {
    CVYI_FEATURES_FIXED,    /* needs the source's order */
    CVYI_FEATURES_KEEP,     /* treats each alike, and the C axis of its slots
                               with them: any order goes in and comes out */
    CVYI_FEATURES_JOIN,     /* concatenates them */
    CVYI_FEATURES_CONTRACT, /* sums over them with axis I of slot 0: their
                               order can be put into that parameter */
    CVYI_FEATURES_COLLAPSE, /* makes them of all axes behind the batch */
    CVYI_FEATURES_RESHAPE,  /* the same elements, row-major, in axes given by
                               the attribute `shape` (SIZES, without batch) */
} cvyi_features;

typedef enum cvyi_attr_kind {
    CVYI_ATTR_INT,    /* .ints[0] */
    CVYI_ATTR_BOOL,   /* .ints[0], 0 or 1 */
    CVYI_ATTR_AXIS,   /* .ints[0], 0 .. rank-1 of input 0, never negative */
    CVYI_ATTR_PLACE,  /* .ints[0], 1 .. rank of input 0: new axes stand before
                         that axis (the rank: behind the last) */
    CVYI_ATTR_MARKS,  /* .ints[0 .. n-1], a mark for each axis of input 0 in
                         the memory's order, 0: none; n 0: all are 0. Where
                         fewer axes come out, those with a mark go */
    CVYI_ATTR_INTS,   /* .ints[0 .. n-1]; per spatial axis unless said */
    CVYI_ATTR_FLOAT,  /* .real */
    CVYI_ATTR_FLOATS, /* .reals[0 .. n-1], memory of the graph's arena */
    CVYI_ATTR_WORD,   /* .word, one of the attribute's words */
    CVYI_ATTR_SIZES,  /* .sizes[0 .. n-1] */
    CVYI_ATTR_BORDER, /* .border */
} cvyi_attr_kind;

typedef enum cvyi_border_rule {
    CVYI_BORDER_GIVEN,  /* before[] and after[] hold the amounts */
    CVYI_BORDER_SAME,   /* what TensorFlow calls SAME: depends on the length */
    CVYI_BORDER_CAUSAL, /* dilation * (taps - 1) before, none after */
} cvyi_border_rule;

typedef struct cvyi_border {
    cvyi_border_rule rule;
    int64_t before[CVYI_MAX_SPATIAL]; /* elements; 0 unless GIVEN */
    int64_t after[CVYI_MAX_SPATIAL];
} cvyi_border;

/* One row of an operator's table of attributes. The table ends with a NULL
 * name. `fallback` is the value as the text form prints it ("1", "[1 1]",
 * "valid"); NULL: required. A per-axis fallback of one number is repeated. */
typedef struct cvyi_attr {
    const char *name;
    cvyi_attr_kind kind;
    const char *fallback;
    const char *words; /* WORD: the legal ones, separated by blanks */
} cvyi_attr;

typedef struct cvyi_attr_value {
    int n; /* ints, reals or sizes held, axes of a border; 0 = not set yet */
    union {
        int64_t ints[CVYI_MAX_DIMS];
        double real;
        const double *reals;
        const char *word; /* static or arena text */
        cvyi_size sizes[CVYI_MAX_DIMS];
        cvyi_border border;
    };
    const char *constant; /* name it was spelled with, or NULL; borrowed */
} cvyi_attr_value;

typedef struct cvyi_op cvyi_op;

/* An operator with its attributes: a plain value, copied by assignment. */
typedef struct cvyi_attrs {
    const cvyi_op *op;
    int n_spatial;                      /* as they were opened for */
    cvyi_attr_value at[CVYI_MAX_ATTRS]; /* as op->attrs */
} cvyi_attrs;

typedef struct cvyi_type {
    cvy_dtype dtype;
    int rank;
    cvyi_size dims[CVYI_MAX_DIMS]; /* elements; axis 0 is the batch */
} cvyi_type;

/* A parameter the operator takes: its table ends with a NULL name. */
typedef struct cvyi_slot {
    const char *name;    /* "weight" */
    const char *letters; /* neutral order of its axes: "O I S" */
    bool optional;
    bool statistic; /* updated by training, not by gradients */
} cvyi_slot;

typedef struct cvyi_shape {
    int rank;
    int64_t dims[CVYI_MAX_DIMS];
} cvyi_shape;

/* What follows from attributes and input types. */
typedef struct cvyi_inferred {
    int n_out;
    cvyi_type out[CVYI_MAX_OUTPUTS];
    cvyi_shape slots[CVYI_MAX_SLOTS]; /* neutral shape of each slot */
    cvyi_size multiply_adds;          /* whole batch; NULL: none */
} cvyi_inferred;

/* One evaluation. All views are F32 and may have any strides. */
typedef struct cvyi_job {
    const cvyi_attrs *attrs;
    const cvy_view *in;
    int n_in;
    const cvy_view *slots; /* as op->slots; data NULL: absent */
    const cvy_view *out; /* n_out views of the inferred shapes, filled here */
    int n_out;
} cvyi_job;

struct cvyi_op {
    const char *name;  /* "conv": as the folder */
    const char *title; /* for `convey ops`: small first letter, no period */
    cvyi_order order;
    cvyi_features features;
    int least_in, most_in; /* inputs; most_in < 0: any number */
    bool typed; /* infer tells the type of what comes out: not input 0's */
    bool conditional; /* input 0 is a truth value, the others are not */
    bool trains;      /* does something else while training */
    /* Computes each sample of the batch (axis 0) by itself, in whatever time
     * that takes without threads of its own: several threads may take a
     * sample each. */
    bool by_sample;
    const cvyi_attr *attrs;
    const cvyi_slot *slots;

    /* Inputs are whole numbers from 0 to below this: rows of a table. NULL:
     * any numbers. */
    int64_t (*rows)(const cvyi_attrs *attrs);

    /* May the border of these attributes be split off into a `pad` call, and
     * filled with which number? false: it belongs to the call (a mean that
     * counts real elements only). NULL: the operator has no border. */
    bool (*border_fill)(double *out, const cvyi_attrs *attrs);

    /* The border, of given amounts, that is cut off the finished value: a
     * `crop` call behind it cuts off the same. NULL: there is none. */
    const char *cut;

    cvy_status (*infer)(cvyi_inferred *out, const cvyi_attrs *attrs,
                        const cvyi_type *in, int n_in, cvyi_sizes *sizes,
                        cvy_error *err);
    cvy_status (*eval)(const cvyi_job *job, cvy_error *err);
    /* job->out receives, element by element, the largest error that ONE
     * float32 evaluation may make against exact arithmetic on the same
     * inputs. NULL: the operator only moves or compares numbers; exact. */
    cvy_status (*bound)(const cvyi_job *job, cvy_error *err);
};

/* All operators, in the order of ops.def. */
extern const cvyi_op *const cvyi_ops[];
extern const size_t cvyi_n_ops;
/* By name; NULL if there is none. */
const cvyi_op *cvyi_op_find(const char *name);

/* ---- attributes by name; an unknown name is a fault of the caller ---- */

/* All fallbacks set; `rank` spatial axes for per-axis lists. */
void cvyi_attrs_open(cvyi_attrs *out, const cvyi_op *op, int n_spatial);
const cvyi_attr_value *cvyi_attr_at(const cvyi_attrs *attrs, const char *name);
cvyi_attr_value *cvyi_attr_set(cvyi_attrs *attrs, const char *name);
/* -1 if the operator has no such attribute. */
int cvyi_attr_index(const cvyi_op *op, const char *name);

int64_t cvyi_attr_int(const cvyi_attrs *attrs, const char *name);
bool cvyi_attr_bool(const cvyi_attrs *attrs, const char *name);
double cvyi_attr_real(const cvyi_attrs *attrs, const char *name);
const char *cvyi_attr_word(const cvyi_attrs *attrs, const char *name);
bool cvyi_attr_is(const cvyi_attrs *attrs, const char *name, const char *word);
/* Borrowed from `attrs`; *n may be NULL. */
const int64_t *cvyi_attr_ints(const cvyi_attrs *attrs, const char *name,
                              int *n);
const cvyi_border *cvyi_attr_border(const cvyi_attrs *attrs, const char *name);

void cvyi_set_int(cvyi_attrs *attrs, const char *name, int64_t value);
void cvyi_set_real(cvyi_attrs *attrs, const char *name, double value);
void cvyi_set_word(cvyi_attrs *attrs, const char *name, const char *word);
void cvyi_set_ints(cvyi_attrs *attrs, const char *name, const int64_t *values,
                   int n);
void cvyi_set_border(cvyi_attrs *attrs, const char *name, cvyi_border border);

/* "name=value" for every attribute that is not its fallback, blank between:
 * stride=[2 2] border=same. Lists in brackets, words bare, true and false,
 * sizes printed by size.h in brackets with commas, a given border as
 * [before:after ...]. */
void cvyi_attrs_print(cvyi_text *out, const cvyi_attrs *attrs, int n_spatial);
/* One value in that form, and back. `arena` takes lists of reals; words are
 * copied into it, or borrowed from `text` if it is NULL. */
void cvyi_attr_print(cvyi_text *out, const cvyi_attr *attr,
                     const cvyi_attr_value *value);
cvy_status cvyi_attr_parse(cvyi_attr_value *out, const cvyi_attr *attr,
                           const char *text, cvyi_arena *arena,
                           cvyi_sizes *sizes, cvy_error *err);
/* Same operator and every attribute equal. If not and `which` is not NULL:
 * the name of the first that differs. */
bool cvyi_attrs_equal(const cvyi_attrs *a, const cvyi_attrs *b,
                      const char **which);

#endif
