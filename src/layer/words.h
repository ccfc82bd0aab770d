/*
 * layer/words.h - how a framework spells an operator.
 *
 * layer/x/keras.c (dialects keras3 and keras2), torch.c (torch) and tf.c (tf2
 * and tf1) each hold a list of spellings. Reading walks
 * them from a call to a phrase (operators with attributes and slots), writing
 * from an operator to the simplest exact call. Names of frameworks live here
 * and nowhere else below read/ and write/.
 */
#ifndef CVYI_LAYER_WORDS_H
#define CVYI_LAYER_WORDS_H

#include "base/value.h"
#include "layer/op.h"

/* Where the channel axis of an operator's values stands. */
typedef enum cvyi_axes {
    CVYI_AXES_LAST,  /* N S... C: channels_last */
    CVYI_AXES_FIRST, /* N C S...: channels_first */
} cvyi_axes;

typedef enum cvyi_refusal_kind {
    CVYI_ILLEGAL_IN_SOURCE,
    CVYI_NO_COUNTERPART,
    CVYI_UNKNOWN_CALL,
    CVYI_NOT_SUPPORTED, /* "unsupported" */
} cvyi_refusal_kind;

/* As reports have it: "illegal_in_source". Never NULL. */
const char *cvyi_refusal_kind_name(cvyi_refusal_kind kind);

/* Why something cannot be carried over: texts are static or arena memory. */
typedef struct cvyi_refusal {
    cvyi_refusal_kind kind;
    const char *attribute; /* the framework's argument, or "" */
    const char *reason;    /* one clause, no period */
    const char *advice;    /* what the user can do */
} cvyi_refusal;

/* ---- reading: a call becomes a phrase ---- */

typedef struct cvyi_spelling cvyi_spelling;

/* A call whose arguments were bound to the spelling's signature. */
typedef struct cvyi_bound {
    const cvyi_spelling *spelling;
    int n_spatial; /* what stood for %d in the name; 0 without one */
    int n;
    const char *const *names;
    const cvyi_value *const *values; /* given or default; never NULL */
    const bool *given;
    cvyi_arena *arena; /* for texts and lists that a phrase needs */
    cvyi_sizes *sizes;
    const cvyi_type *in; /* types of the tensors, in the memory's order */
    int n_in;
    /* Which of the tensors are weights, where the source tells without the
     * call; NULL: it does not. */
    const bool *weights;
} cvyi_bound;

/* The argument; never NULL for a name of the signature. */
const cvyi_value *cvyi_arg(const cvyi_bound *call, const char *name);

/* The distribution of a fresh parameter's elements. */
typedef enum cvyi_draw {
    CVYI_DRAW_UNSAID,   /* an argument says it, or nothing is known */
    CVYI_DRAW_CONSTANT, /* a */
    CVYI_DRAW_UNIFORM,  /* from a up to b */
    CVYI_DRAW_NORMAL,   /* mean a, standard deviation b */
} cvyi_draw;

typedef struct cvyi_start {
    cvyi_draw draw;
    double a, b;
} cvyi_start;

/* A parameter of one step, in the order in which the source framework creates
 * (and stores) them. `layout` goes from the source's order to the slot's
 * letters, as layout.h reads it: "S I O -> O I S", or "C" if unchanged. */
typedef struct cvyi_step_slot {
    const char *slot;   /* the operator's: "weight" */
    const char *source; /* the framework's: "kernel" */
    const char *layout;
    bool frozen; /* never trained (statistics) */
    const cvyi_value *initialiser, *regulariser, *constraint; /* or NULL */
    cvyi_start start; /* where the framework draws it without being told */
    /* The call's tensor that it is, in a function that takes its weights as
     * arguments: F.conv2d(x, w). 0: none, since tensor 0 is the input. */
    int operand;
} cvyi_step_slot;

/* One call of one operator. Its input is the step before it; that of the
 * first step, and every further input, are the call's own tensors. A step
 * with `operands` is one call for each tensor marked there, which for the
 * steps behind it stands in that tensor's place. */
typedef struct cvyi_step {
    cvyi_attrs attrs;
    cvyi_axes axes;
    const char *label; /* NULL for the layer itself; "activation", "pad" … */
    bool argument;     /* it was an argument: activation="relu" */
    const bool *operands; /* one for each tensor of the call; or NULL */
    int n_slots;
    cvyi_step_slot slots[CVYI_MAX_SLOTS];
} cvyi_step;

enum { CVYI_MAX_STEPS = 6, CVYI_MAX_REMARKS = 4 };

typedef struct cvyi_phrase {
    int n;
    cvyi_step steps[CVYI_MAX_STEPS];
    int n_remarks;
    const char *remarks[CVYI_MAX_REMARKS]; /* static or arena text */
    cvyi_refusal refusal; /* filled when from_call returns UNSUPPORTED */
} cvyi_phrase;

/* A new last step with the operator's fallbacks, or NULL if the phrase is
 * full. Spatial axes: call->n_spatial, else as the highest rank of the
 * inputs has. */
cvyi_step *cvyi_phrase_add(cvyi_phrase *phrase, const cvyi_bound *call,
                           const char *op);
cvyi_step_slot *cvyi_step_slot_add(cvyi_step *step, const char *slot,
                                   const char *source, const char *layout);
void cvyi_phrase_remark(cvyi_phrase *phrase, const char *text);
/* Does it compute something else while training? */
bool cvyi_phrase_trains(const cvyi_phrase *phrase);
/* Appends the steps of an activation: None, a name ("relu"), a function or
 * a layer object as Keras writes them in a config. Marks them `argument` and
 * labels them "activation". */
cvy_status cvyi_phrase_activation(cvyi_phrase *phrase, const cvyi_bound *call,
                                  const cvyi_value *activation,
                                  cvy_error *err);

/* Fills the refusal and the error record, returns CVY_UNSUPPORTED. `reason`
 * is printf-like and goes into the arena. */
cvy_status cvyi_refuse(cvyi_refusal *out, cvyi_arena *arena, cvy_error *err,
                       cvyi_refusal_kind kind, const char *attribute,
                       const char *advice, const char *reason, ...)
    CVY_PRINTF(7, 8);

/* ---- typed access to arguments: refusals name the argument ---- */

cvy_status cvyi_arg_int(int64_t *out, cvyi_phrase *phrase,
                        const cvyi_bound *call, const char *name,
                        int64_t least, cvy_error *err);
cvy_status cvyi_arg_bool(bool *out, cvyi_phrase *phrase,
                         const cvyi_bound *call, const char *name,
                         cvy_error *err);
cvy_status cvyi_arg_double(double *out, cvyi_phrase *phrase,
                           const cvyi_bound *call, const char *name,
                           cvy_error *err);
/* A number repeated for every spatial axis, or a list of exactly n_spatial. */
cvy_status cvyi_arg_per_axis(int64_t *out, cvyi_phrase *phrase,
                             const cvyi_bound *call, const char *name,
                             int64_t least, cvy_error *err);
/* data_format: channels_last, channels_first or None (= last). */
cvy_status cvyi_arg_data_format(cvyi_axes *out, cvyi_phrase *phrase,
                                const cvyi_bound *call, cvy_error *err);
/* An axis, negative counted from the end, within the rank of input 0. */
cvy_status cvyi_arg_axis(int *out, cvyi_phrase *phrase, const cvyi_bound *call,
                         const char *name, cvy_error *err);

/* ---- writing: an operator becomes code ---- */

/* What a writer's spelling may look at. Types are in the MEMORY's order of
 * the graph that is written, as the target sees them. */
typedef struct cvyi_saying {
    const cvyi_attrs *attrs;
    const cvyi_type *in;
    int n_in;
    const cvyi_type *out;
    const cvyi_shape *slots; /* neutral shapes, as op->slots */
    unsigned present;        /* bit i: slot i is there */
    cvyi_axes axes;
    cvyi_arena *arena;
    cvyi_sizes *sizes;
    bool exact_training; /* training is to keep what the source keeps */
    bool frozen;         /* the layer is never trained */
} cvyi_saying;

typedef enum cvyi_form {
    CVYI_FORM_MODULE,   /* an object with state: nn.Conv2d(3, 16, 3) */
    CVYI_FORM_FUNCTION, /* an expression over inputs: torch.relu({0}) */
} cvyi_form;

/* How tightly a function form binds: what must be put in parentheses. */
typedef enum cvyi_binding {
    CVYI_BIND_SUM,     /* a + b */
    CVYI_BIND_PRODUCT, /* a * b */
    CVYI_BIND_ATOM,    /* calls, names, subscripts */
} cvyi_binding;

/* Text that is written once into the file: a class such as SamePad. */
typedef struct cvyi_helper {
    const char *name;  /* "SamePad" */
    const char *needs; /* what it uses, blanks between: "torch nn F Tensor" */
    const char *code;  /* whole, formatted, ends with a newline */
} cvyi_helper;

typedef struct cvyi_said_slot {
    const char *slot, *name; /* "mean" -> "running_mean" */
    const char *layout;      /* from the slot's letters: "O I -> O I 1" */
    double fill; /* every element, where the graph has no such parameter */
} cvyi_said_slot;

typedef struct cvyi_said {
    const cvyi_spelling *spelling; /* whose to_call is asked; by cvyi_say */
    /* One Python expression on one line; {0} {1} stand for the inputs (in a
     * function form; an input is put in parentheses if it binds less tightly
     * than `operands`); {*} for all of them with commas between. */
    cvyi_text code;
    cvyi_form form;
    cvyi_binding binding;  /* of the whole */
    cvyi_binding operands; /* what inputs must at least bind like */
    int n_slots;
    cvyi_said_slot slots[CVYI_MAX_SLOTS];
    const cvyi_helper *helper; /* or NULL */
    const char *comment;       /* why it is so; one short clause, or NULL */
    int n_remarks;
    const char *remarks[CVYI_MAX_REMARKS];
    cvyi_refusal refusal; /* filled when to_call returns UNSUPPORTED */
    int n_args;           /* of the call being built */
    /* What the code is when it is read back, one step after another, where
     * that is not one call with the same attributes: (x + 1) / 2 is two
     * rescales. `differs` with n_means 0: no call at all. */
    bool differs;
    int n_means;
    cvyi_attrs means[CVYI_MAX_STEPS];
    int repeated; /* the last of them comes so many times more: x + y + z */
    /* So many inputs at the end lend their sizes only: read back, the call is
     * not called on them. */
    int lent;
} cvyi_said;

void cvyi_said_close(cvyi_said *said);

/* Building "nn.Conv2d(3, 16, 3, stride=2)" argument by argument: `key` NULL
 * for a positional one. */
void cvyi_code_begin(cvyi_said *said, const char *format, ...)
    CVY_PRINTF(2, 3);
void cvyi_code_int(cvyi_said *said, const char *key, int64_t value);
void cvyi_code_bool(cvyi_said *said, const char *key, bool value);
void cvyi_code_double(cvyi_said *said, const char *key, double value);
void cvyi_code_word(cvyi_said *said, const char *key, const char *text);
void cvyi_code_raw(cvyi_said *said, const char *key, const char *code);
/* One number if all are equal, else a tuple. */
void cvyi_code_ints(cvyi_said *said, const char *key, const int64_t *values,
                    int n);
/* A tuple, whatever is in it. */
void cvyi_code_tuple(cvyi_said *said, const char *key, const int64_t *values,
                     int n);
void cvyi_code_end(cvyi_said *said);
/* A bare number as a person writes it: 0.25 and 1e-3, not 0.001 and 1e-05. */
void cvyi_code_number(cvyi_said *said, double value);
void cvyi_said_slot_add(cvyi_said *said, const char *slot, const char *name,
                        const char *layout);
/* A parameter that the target insists on and the graph lacks. */
void cvyi_said_slot_fill(cvyi_said *said, const char *slot, const char *name,
                         const char *layout, double fill);
void cvyi_said_remark(cvyi_said *said, const char *text);
/* The next step that the code means when it is read back, with the operator's
 * fallbacks; sets `differs`. NULL if there are too many. */
cvyi_attrs *cvyi_said_means(cvyi_said *said, const char *op, int n_spatial);

/* ---- the table ---- */

/* What an argument of a signature is about. Arguments of two frameworks with
 * one meaning are each other's counterpart. */
typedef struct cvyi_argument {
    const char *name; /* as the signature has it */
    /* An attribute or a slot of the operator ("stride", "bias"), or a word
     * that dialects share: "inputs", "axes", "activation",
     * "weight initialiser". */
    const char *meaning;
    /* What is peculiar about it in this framework, one clause: "the share of
     * the old value"; or NULL. */
    const char *note;
} cvyi_argument;

struct cvyi_spelling {
    const char *dialect; /* "keras3", "torch" … */
    /* Qualified: "keras.layers.Conv%dD", "torch.nn.Conv%dd"; %d is one of
     * the characters of `ranks`. */
    const char *name;
    const char *ranks;         /* "123", or NULL without %d */
    const char *since, *until; /* versions, or NULL */
    /* The framework's own text, in order, with defaults; "*" and "**name"
     * included where it has them. Without self. A function's tensor comes
     * first and is called x. NULL for a row that is only written. */
    const char *signature;
    cvy_status (*from_call)(cvyi_phrase *out, const cvyi_bound *call,
                            cvy_error *err); /* NULL: not read */
    cvyi_form form;
    cvy_status (*to_call)(cvyi_said *out, const cvyi_saying *what,
                          cvy_error *err); /* NULL: not written */
    const char *cannot_say; /* instead of all the above: the reason */
    /* Rows ended by one without name; arguments that say nothing about
     * numbers (name, device) have none. NULL: nothing is known. */
    const cvyi_argument *arguments;
    /* The name is a class of the file's own and means this only where the
     * file has the class word for word. NULL: a name of the framework. */
    const cvyi_helper *helper;
};

/* An operator's words: lists ended by a row without dialect. */
typedef struct cvyi_words {
    const cvyi_op *op;
    const cvyi_spelling *keras, *torch, *tf;
} cvyi_words;
extern const cvyi_words cvyi_all_words[]; /* as cvyi_ops */

/* Whose words they are, for people: "Keras" of keras3, "TensorFlow 1". */
const char *cvyi_dialect_world(const char *dialect);

/* The spelling of a qualified name ("keras.layers.Conv2D") that can be read;
 * NULL if unknown. *n_spatial: what stood for %d. */
const cvyi_spelling *cvyi_spelling_find(const char *dialect, const char *name,
                                        int *n_spatial);

/* The operator in whose words the spelling stands. */
const cvyi_op *cvyi_spelling_op(const cvyi_spelling *spelling);

/* The spelling of a class that a file may bring along, by its name and text
 * (`size` bytes, from "class" to the end of its last line); NULL if it is none
 * of ours or says something else. */
const cvyi_spelling *cvyi_spelling_find_helper(const char *dialect,
                                               const char *name,
                                               const char *text, size_t size);

/* Binds arguments to the signature. `keywords` is a dict. Unknown names, too
 * many positional ones and missing ones are refused (err->where = the name).
 * out->in, n_in, sizes are the caller's to fill. Memory from `arena`. */
cvy_status cvyi_bind(cvyi_bound *out, cvyi_arena *arena,
                     const cvyi_spelling *spelling, int n_spatial,
                     const cvyi_value *const *positional, int n_positional,
                     const cvyi_value *keywords, cvy_error *err);

/* The first spelling of the operator in that dialect and form whose to_call
 * accepts. CVY_UNSUPPORTED with out->refusal filled if none does. `out` is
 * closed by the caller in every case. */
cvy_status cvyi_say(cvyi_said *out, const char *dialect, cvyi_form form,
                    const cvyi_saying *what, cvy_error *err);
/* Can the dialect say it in that form? Asks cvyi_say and forgets the rest. */
bool cvyi_can_say(const char *dialect, cvyi_form form,
                  const cvyi_saying *what);

#endif
