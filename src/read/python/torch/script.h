/*
 * read/python/torch/script.h - scripts of people.
 *
 * The same host, in the evaluator's lenient mode: what is not known becomes
 * opaque, and is refused where the network needs it. Beside the values of
 * host.h there are
 *
 *   weights   of a module, by name: parameters, buffers; torch.zeros(3), too
 *   memory    what tensors share, so that a change in place is seen by all
 *
 * The script is evaluated whole; then its network is called on tensors.
 */
#ifndef CVYI_READ_PYTHON_TORCH_SCRIPT_H
#define CVYI_READ_PYTHON_TORCH_SCRIPT_H

#include "init/fresh.h"
#include "read/arrays.h"
#include "layer/number.h"
#include "read/python/torch/host.h"
#include "read/read.h"

enum { CVYI_TORCH_SEED = 1 }; /* of weights that are drawn */

typedef enum cvyi_torch_role {
    CVYI_TORCH_NUMBERS, /* torch.zeros(3), of no module */
    CVYI_TORCH_PARAMETER,
    CVYI_TORCH_BUFFER,
} cvyi_torch_role;

typedef struct cvyi_torch_weight {
    cvyi_torch_role role;
    cvyi_shape shape;
    cvyi_fresh fresh;      /* what it is drawn from */
    const double *numbers; /* or what it holds; or NULL */
    const char *doubt;     /* why what it holds is not known; or NULL */
    bool transient;        /* a buffer that no state dict has */
    bool frozen;           /* requires_grad = False */
    int line;
    int param; /* of the graph; -1 */
    bool used; /* by a call of the graph */
    /* The parameter that it is, under other axes of one element; or NULL. */
    struct cvyi_torch_weight *of;
    const char *key; /* of the state dict, the first one */
} cvyi_torch_weight;

/* What a module holds itself; a weight that is NULL was said to be None. */
typedef struct cvyi_torch_held {
    const char *name;
    cvyi_torch_weight *weight;
} cvyi_torch_held;

typedef struct cvyi_torch_holding {
    int n, capacity;
    cvyi_torch_held *items;
    bool counts; /* num_batches_tracked */
    /* What the script makes of a leaf's arguments afterwards: m.eps = 1e-3. */
    cvyi_py_names changed;
    /* Sizes of what the script called the module on; rank 0: nothing. */
    cvyi_shape called;
} cvyi_torch_holding;

/* Tensors that are one in the machine's memory. */
typedef struct cvyi_torch_memory {
    int version;
    const char *changed; /* why those of before cannot be followed */
} cvyi_torch_memory;

typedef struct cvyi_torch_place { /* of a result */
    cvyi_torch_memory *memory;
    int version;
} cvyi_torch_place;

typedef struct cvyi_torch_script {
    cvyi_source *source;
    cvyi_findings *findings;
    const char *file; /* its name without folders */
    const cvyi_arrays *arrays;
    struct cvyi_root *root;
    int made;            /* modules so far */
    int walks;           /* over modules */
    cvyi_py_names inner; /* names of the script's main() */
    int n_left, left_capacity;
    const char **left; /* what is left out */
    int n_places, places_capacity;
    cvyi_torch_place *places; /* of results */
    const cvyi_py_module *top;
} cvyi_torch_script;

/* Of scripts alone. */
static inline cvyi_torch_script *cvyi_torch_script_of(const cvyi_py_eval *eval)
{
    return cvyi_torch_of(eval)->script;
}

/* ---- script.c ---- */

/* A remark with the line that is evaluated. */
cvy_status cvyi_torch_remark(cvyi_py_eval *eval, cvy_error *err,
                             const char *format, ...) CVY_PRINTF(3, 4);
/* A remark names it in the end. */
cvy_status cvyi_torch_leave(cvyi_py_eval *eval, const char *dotted,
                            cvy_error *err);
/* An argument by its place (-1: none) or its name; NULL: not given. */
const cvyi_py_value *cvyi_torch_arg(const cvyi_py_call_args *args, int at,
                                    const char *name);

/* ---- entry.c ---- */

/* The module that is the network. */
cvy_status cvyi_torch_entry(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_module *file, cvy_error *err);

/* ---- trace.c ---- */

/* Calls the network on tensors: the graph's calls and outputs. */
cvy_status cvyi_torch_trace(cvyi_py_eval *eval, const cvyi_py_value *model,
                            cvy_error *err);
/* The script itself called a module: what it gives is not known, and shapes
 * of numbers that it was given are kept. */
cvy_status cvyi_torch_called(cvyi_py_value *out, cvyi_py_eval *eval,
                             cvyi_torch_node *node,
                             const cvyi_py_call_args *args, cvy_error *err);
/* What a network returns, as leaves; of torch's own results. */
cvy_status cvyi_torch_plant(cvyi_tree *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, cvy_error *err);

/* ---- outside.c: names ---- */

/* Called for each name of torch: *known false: words are to be asked. */
cvy_status cvyi_torch_made(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const char *dotted, const cvyi_py_call_args *args,
                           cvy_error *err);
/* torch.nn.modules.conv.Conv2d is torch.nn.Conv2d. */
const char *cvyi_torch_canonical(cvyi_arena *arena, const char *dotted);
cvy_status cvyi_torch_name_get(cvyi_py_value *out, bool *known,
                               cvyi_py_eval *eval, const char *dotted,
                               const char *name, cvy_error *err);
cvy_status cvyi_torch_name_call(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *self,
                                const cvyi_py_call_args *args, cvy_error *err);
cvy_status cvyi_torch_instance_of(bool *out, cvyi_py_eval *eval,
                                  const cvyi_py_value *self,
                                  const cvyi_py_value *value, cvy_error *err);
cvy_status cvyi_torch_script_import(cvyi_py_value *out, cvyi_py_eval *eval,
                                    const char *dotted, cvy_error *err);

/* ---- weight.c ---- */

extern const cvyi_py_host_type cvyi_torch_weight_type;
cvyi_torch_weight *cvyi_torch_weight_of(const cvyi_py_value *value);
cvy_status cvyi_torch_weight_new(cvyi_torch_weight **out, cvyi_py_eval *eval,
                                 const cvyi_shape *shape, cvyi_fresh fresh,
                                 cvy_error *err);
/* Puts a weight under a name of a module, in the place of what was there. */
cvy_status cvyi_torch_hold(cvyi_py_eval *eval, cvyi_torch_node *node,
                           const char *name, cvyi_torch_weight *weight,
                           cvy_error *err);
/* NULL: there is none of that name. */
const cvyi_torch_held *cvyi_torch_held_of(const cvyi_torch_node *node,
                                          const char *name);
/* A weight, or None, as a value. */
cvyi_py_value cvyi_torch_held_value(const cvyi_torch_held *held);
/* ---- numbers.c ---- */

bool cvyi_torch_is_number(double *out, const cvyi_py_value *value);
/* A shape of numbers from (2, 3) or [2, 3]. */
cvy_status cvyi_torch_read_shape(cvyi_shape *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *values, int n,
                                 cvy_error *err);
/* torch.zeros(…), torch.tensor(…) …; *known false: it is none of them. */
cvy_status cvyi_torch_numbers(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval, const char *dotted,
                              const cvyi_py_call_args *args, cvy_error *err);

/* ---- init.c: what weights begin with ---- */

/* nn.init.kaiming_normal_(w, …), or w.normal_(…) with the weight as first
 * argument; *known false: no such name. */
cvy_status cvyi_torch_init(bool *known, cvyi_py_eval *eval, const char *name,
                           cvyi_torch_weight *weight,
                           const cvyi_py_call_args *args, cvy_error *err);

/* ---- own.c: the weights that torch gives a module ---- */

/* Fills node->holding; says node->unknown where nobody knows them. */
cvy_status cvyi_torch_own(cvyi_py_eval *eval, cvyi_torch_node *node,
                          cvy_error *err);
/* The arguments of a leaf as they are now. */
cvy_status cvyi_torch_bind_leaf(cvyi_bound *out, cvyi_py_eval *eval,
                                const cvyi_torch_node *node, cvy_error *err);

/* ---- part.c: modules of a script ---- */

/* A module just made; the caller has filled kind and names. */
cvy_status cvyi_torch_begin(cvyi_py_eval *eval, cvyi_torch_node *node,
                            const cvyi_py_value *self, cvy_error *err);
/* module.name for what all modules have; *known false: nothing. */
cvy_status cvyi_torch_part_get(cvyi_py_value *out, bool *known,
                               cvyi_py_eval *eval, cvyi_torch_node *node,
                               const char *name, cvy_error *err);
/* module.name = value */
cvy_status cvyi_torch_part_set(cvyi_py_eval *eval, cvyi_torch_node *node,
                               const char *name, const cvyi_py_value *value,
                               cvy_error *err);
/* Is the member still there under that name? */
bool cvyi_torch_is_member(const cvyi_torch_node *node, int member);
/* A module and all below it, each once, with its path. */
typedef struct cvyi_torch_walk {
    bool again; /* a module under each of its names, as state dicts have it */
    cvyi_arena arena; /* of the walk */
    int number;
    int n, capacity;
    struct cvyi_torch_walked {
        const char *path;
        cvyi_torch_node *node;
        bool again; /* it stands under an earlier path, too */
    } * items;
} cvyi_torch_walk;
cvy_status cvyi_torch_walk_over(cvyi_torch_walk *walk, cvyi_py_eval *eval,
                                cvyi_torch_node *node, cvy_error *err);
void cvyi_torch_walk_close(cvyi_torch_walk *walk); /* in every case */

/* ---- module.c ---- */

/* What torch's own forward does of a class derived from it. */
cvy_status cvyi_torch_base_forward(cvyi_py_value *out, cvyi_py_eval *eval,
                                   cvyi_torch_node *node,
                                   const cvyi_py_call_args *args,
                                   cvy_error *err);

/* A leaf just opened; `dotted` NULL: torch.nn. and its class. */
cvy_status cvyi_torch_script_leaf(cvyi_py_eval *eval, cvyi_torch_node *node,
                                  const cvyi_py_value *self,
                                  const char *dotted,
                                  const cvyi_py_call_args *args,
                                  cvy_error *err);
/* Does a class of a script say its own? */
bool cvyi_torch_has_forward(const cvyi_py_value *instance);
/* A module that is not known is the network's, or called by it. */
cvy_status cvyi_torch_refuse_unknown(cvyi_py_eval *eval,
                                     const cvyi_torch_node *node,
                                     cvy_error *err);

/* ---- tensor.c ---- */

/* left op right of two operands, `op` as `ast` has it. */
cvy_status cvyi_torch_tensor_binary(cvyi_py_value *out, cvyi_py_eval *eval,
                                    const char *op,
                                    const cvyi_py_call_args *args,
                                    cvy_error *err);

/* ---- box.c: what containers can do ---- */

/* *known false: the container has no such method. */
cvy_status cvyi_torch_box_call(cvyi_py_value *out, bool *known,
                               cvyi_py_eval *eval, cvyi_torch_node *node,
                               const char *name, const cvyi_py_call_args *args,
                               cvy_error *err);
cvy_status cvyi_torch_box_keys(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_torch_node *node, cvy_error *err);
cvy_status cvyi_torch_box_slice(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_torch_node *node,
                                const cvyi_py_value *slice, cvy_error *err);
bool cvyi_torch_box_has(const char *name);

/* ---- memory.c: changes in place ---- */

/* A call made `result` of `from` (-1: of none alone). */
cvy_status cvyi_torch_remember(cvyi_torch_host *host, int result, int from,
                               cvy_error *err);
/* Refuses a tensor that was changed through another name. */
cvy_status cvyi_torch_current(cvyi_py_eval *eval, int result, cvy_error *err);
/* The tensor is `result` from now on, in place. */
cvy_status cvyi_torch_change(cvyi_py_eval *eval, const cvyi_py_value *tensor,
                             int result, cvy_error *err);
/* Something that is not followed may have changed it. */
cvy_status cvyi_torch_spoil(cvyi_py_eval *eval, const cvyi_py_value *tensor,
                            const char *why, cvy_error *err);
/* May what the operator gives be a view of what it is given? */
bool cvyi_torch_is_view(const cvyi_op *op);
/* The evaluator's host. */
cvy_status cvyi_torch_met(cvyi_py_eval *eval, const cvyi_py_cause *cause,
                          const cvyi_py_cause *through,
                          const cvyi_py_value *value, cvy_error *err);

/* ---- method.c: functions and methods that become other ones ---- */

/* torch.chunk(x, 2) …: `name` without torch.Tensor. or torch. in front; *known
 * false: words are to be asked. */
cvy_status cvyi_torch_method(cvyi_py_value *out, bool *known,
                             cvyi_py_eval *eval, const char *name,
                             const cvyi_py_call_args *args, cvy_error *err);

/* x.name for what a script asks; *known false: a method. */
cvy_status cvyi_torch_tensor_get(cvyi_py_value *out, bool *known,
                                 cvyi_py_eval *eval, const cvyi_py_value *self,
                                 const char *name, cvy_error *err);

/* ---- fill.c: weights ---- */

/* Parameters of the graph for all weights of the model, in torch's order. */
cvy_status cvyi_torch_fill_all(cvyi_py_eval *eval, const cvyi_py_value *model,
                               cvy_error *err);
/* A parameter under other axes of one element: g.view(1, -1, 1, 1). */
cvy_status cvyi_torch_weight_view(cvyi_py_value *out, cvyi_py_eval *eval,
                                  cvyi_torch_weight *weight,
                                  const cvyi_shape *shape, cvy_error *err);
/* The parameter that a call of the module has in a slot. */
cvy_status cvyi_torch_slot(int *out, cvyi_torch_host *host,
                           cvyi_torch_weight *weight,
                           const cvyi_step_slot *slot, int n_spatial,
                           const cvyi_shape *want, cvy_error *err);

#endif
