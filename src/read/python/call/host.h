/*
 * read/python/call/host.h - the values of the host that reads single calls.
 *
 *   a name    torch.nn.Conv2d, not yet called (name.c)
 *   a made    nn.Conv2d(3, 16, 3), its arguments kept (made.c)
 *   an object keras.initializers.HeNormal(), as Keras' configs write it
 *   free      a name that nothing defines: a tensor where it is an argument
 *
 * One line is evaluated at a time, each by an evaluator of its own.
 */
#ifndef CVYI_READ_PYTHON_CALL_HOST_H
#define CVYI_READ_PYTHON_CALL_HOST_H

#include "pysrc/eval.h"
#include "read/call.h"

/* What was seen on the way to a name. */
enum {
    CVYI_MARK_TF1 = 1,    /* tf.compat.v1, tf.layers, tf.contrib */
    CVYI_MARK_KERAS2 = 2, /* tf_keras */
    CVYI_MARK_OLD = 4,    /* tf itself is TensorFlow 1 */
    CVYI_MARK_LAYERS = 8, /* a class of tf.layers, which are Keras' too */
};

typedef struct cvyi_call_name {
    const char *dotted; /* canonical: "keras.layers.Dense" */
    unsigned marks;
} cvyi_call_name;

/* What import lines have said: a name in the text and what it stands for. */
typedef struct cvyi_call_aliases {
    int n, capacity;
    struct cvyi_call_alias {
        const char *name;
        cvyi_call_name means;
    } * items;
} cvyi_call_aliases;

/* A call as it was made. */
typedef struct cvyi_call_made {
    cvyi_call_name name;
    bool bare;     /* nothing stood before the name: Conv2d(3, 16, 3) */
    bool is_class; /* its name begins with a capital letter */
    int n_positional;
    const cvyi_value *const *positional;
    const cvyi_value *keywords; /* a dict */
    bool applied;               /* a class: its value was called on tensors */
} cvyi_call_made;

typedef struct cvyi_call_host {
    cvyi_arena *arena; /* of the list of calls */
    const char *from;  /* dialect, or NULL */
    bool old;          /* the line has names that TensorFlow 1 alone has */
    const cvyi_call_aliases *aliases;
    /* Names of tensors as they came, one for each use; TENSOR values count
     * them. */
    int n_tensors, capacity;
    const char **tensors;
    int n_values; /* made for this line so far */
    bool refused;
    cvyi_refusal refusal;
} cvyi_call_host;

cvyi_call_host *cvyi_call_host_of(const cvyi_py_eval *eval);
/* Refuses the line: the evaluator stops, the host keeps the refusal. */
cvy_status cvyi_call_stop(cvyi_py_eval *eval, cvy_error *err,
                          cvyi_refusal_kind kind, const char *attribute,
                          const char *advice, const char *reason, ...)
    CVY_PRINTF(6, 7);

/* ---- name.c ---- */

extern const cvyi_py_host_type cvyi_call_name_type; /* a cvyi_call_name */
extern const cvyi_py_host_type cvyi_call_free_type; /* data: dotted text */
/* Canonical name of a dotted one; NULL when memory is refused. */
const char *cvyi_call_canonical(unsigned *marks, cvyi_arena *arena,
                                const char *dotted);
/* What a dotted name stands for where nothing was imported: "nn.Conv2d". */
cvy_status cvyi_call_means(cvyi_call_name *out, cvyi_arena *arena,
                           const char *dotted, cvy_error *err);
/* What an import line says. */
cvy_status cvyi_call_import(cvyi_call_aliases *aliases, cvyi_arena *arena,
                            const cvyi_py_node *node, cvy_error *err);
/* The evaluator's host: a name of the line. */
cvy_status cvyi_call_lookup(cvyi_py_value *out, cvyi_py_eval *eval,
                            const char *name, cvy_error *err);
bool cvyi_call_is_below(const char *dotted, const char *package);
const char *cvyi_call_last(const char *dotted); /* behind the last point */

/* ---- made.c ---- */

extern const cvyi_py_host_type cvyi_call_made_type;   /* a cvyi_call_made */
extern const cvyi_py_host_type cvyi_call_object_type; /* a cvyi_value */
cvy_status cvyi_call_make(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_call_name *name, bool bare,
                          const cvyi_py_value *self,
                          const cvyi_py_call_args *args, cvy_error *err);

/* ---- value.c ---- */

/* As words read it, in the host's arena. `attribute` is the argument. */
cvy_status cvyi_call_value(cvyi_value *out, cvyi_py_eval *eval,
                           const char *attribute, const cvyi_py_value *value,
                           cvy_error *err);

/* What a framework's function or type is called in an argument: "relu",
 * "float32"; NULL: it is neither. */
const char *cvyi_call_word(const char *dotted);

/* ---- object.c ---- */

/* The config of an initialiser, a regulariser or a constraint; *known false
 * if the name is none. CVY_UNSUPPORTED with the argument in err->where. */
cvy_status cvyi_call_object(cvyi_value *out, bool *known, cvyi_arena *arena,
                            const cvyi_call_name *name, const char *from,
                            const cvyi_value *const *positional, int n,
                            const cvyi_value *keywords, cvy_error *err);
/* A dict as Keras writes an object into a config. */
cvy_status cvyi_call_config(cvyi_value *out, cvyi_arena *arena,
                            const char *module, const char *class_name,
                            const cvyi_bound *bound, bool given_only,
                            cvy_error *err);

/* ---- dialect.c ---- */

enum { CVYI_CALL_DIALECTS = 2 };

typedef struct cvyi_call_choice {
    int n; /* 0: the dialect that was asked for cannot have the name */
    const char *dialects[CVYI_CALL_DIALECTS]; /* the likeliest first */
    const char *why[CVYI_CALL_DIALECTS];
} cvyi_call_choice;

/* "keras2" of "keras2-2.15", NULL of NULL; CVY_ARGUMENT for what is no
 * dialect. */
cvy_status cvyi_call_dialect(const char **out, const char *from,
                             cvy_error *err);
void cvyi_call_choose(cvyi_call_choice *out, const char *from,
                      const cvyi_call_name *name);

/* ---- bind.c ---- */

/* Finds the words of the call and binds its arguments; a call that words do
 * not have is an item with a status. Fails for want of memory alone. */
cvy_status cvyi_call_bind(cvyi_call_text *item, cvyi_call_host *host,
                          const cvyi_call_made *made, cvy_error *err);
/* Fills status, refusal and err; returns CVY_OK unless memory is refused. */
cvy_status cvyi_call_refuse(cvyi_call_text *item, cvyi_arena *arena,
                            cvy_error *err, cvyi_refusal_kind kind,
                            const char *attribute, const char *advice,
                            const char *reason, ...) CVY_PRINTF(7, 8);

/* Has the signature (of a spelling) an argument of that name? */
bool cvyi_call_has_parameter(const char *signature, const char *name);

/* ---- near.c ---- */

/* The readable name nearest to one that is not known, and its dialect; NULL:
 * none is near, or memory is refused. */
const char *cvyi_call_nearest(const char **dialect, cvyi_arena *arena,
                              const char *dotted);

/* ---- line.c ---- */

typedef struct cvyi_call_line {
    const char *code; /* without blanks and comment around it, terminated */
    size_t size;
    int number; /* in the text, counted from 1 */
    /* Why it is no line of Python; CVY_OK: it is one. */
    cvy_status status;
    const char *fault;
    const cvyi_py_node *node; /* its statement; NULL: none */
    bool crowded;             /* it has several */
} cvyi_call_line;

/* Lines that are not blank and no comment, each parsed. */
cvy_status cvyi_call_lines(cvyi_call_line **out, int *n, cvyi_arena *arena,
                           const char *text, size_t size, cvy_error *err);

#endif
