/*
 * read/python/torch/host.h - the values of the torch host.
 *
 *   a name       torch.nn.Conv2d, not yet called (name.c)
 *   a module     nn.Conv2d(3, 16, 3), its arguments kept (module.c)
 *   a container  nn.Sequential, nn.ModuleList, nn.ModuleDict
 *   an instance  of a class of the source derived from nn.Module: its `host`
 *                is a node
 *   a tensor     a result of the graph (tensor.c)
 *   a size       of a tensor, where it is not known yet
 *   weights      what load_file or torch.load gave (state.c)
 *
 * A node is what becomes a module of the outline, whichever kind it is.
 */
#ifndef CVYI_READ_PYTHON_TORCH_HOST_H
#define CVYI_READ_PYTHON_TORCH_HOST_H

#include "codec/safetensors.h"
#include "pysrc/eval.h"
#include "read/python/std/import.h"
#include "read/python/torch/torch.h"

typedef enum cvyi_torch_kind {
    CVYI_TORCH_LEAF,       /* a module of torch, or a class we know */
    CVYI_TORCH_SEQUENTIAL, /* nn.Sequential, or a class derived from it */
    CVYI_TORCH_LIST,       /* nn.ModuleList */
    CVYI_TORCH_DICT,       /* nn.ModuleDict */
    CVYI_TORCH_CLASS,      /* a class of the source with a forward */
} cvyi_torch_kind;

typedef struct cvyi_torch_node {
    cvyi_torch_kind kind;
    const char *class_name;
    int line;         /* where it was made */
    int module;       /* of the outline; -1 until it has a place */
    bool frozen;      /* requires_grad_(False) */
    cvy_dtype stored; /* what self.to made of its weights; float32 */
    /* LEAF */
    const cvyi_spelling *spelling;
    int n_spatial;
    int n_positional;
    const cvyi_value *const *positional;
    const cvyi_value *keywords; /* a dict */
    /* containers: members with names, "0", "1" … in a list; of a script the
     * modules that a class has, in the order of their names, too */
    cvyi_py_names members;
    /* Of a script alone: */
    const char *dotted;  /* "torch.nn.Conv2d" of a leaf */
    const char *unknown; /* why it is not known what it is; NULL: it is */
    int unknown_line;
    int made;                           /* place in the order of all modules */
    int walk;                           /* that met it last */
    cvyi_py_value self;                 /* the module as a value */
    struct cvyi_torch_holding *holding; /* its parameters (script.h) */
} cvyi_torch_node;

typedef struct cvyi_torch_param {
    const char *key; /* of the state dict */
    int param;       /* of the graph */
} cvyi_torch_param;

typedef struct cvyi_torch_host {
    cvyi_graph *graph;
    cvyi_arena *arena;
    const cvyi_back_files *files;
    cvyi_safetensors weights;
    bool loaded;    /* load_state_dict was called on the model */
    bool inference; /* .eval() was */
    bool tracing;
    cvy_dtype autocast; /* that calls are under now; float32: none */
    int visit;          /* that calls belong to now */
    int n_params, params_capacity;
    cvyi_torch_param *params;         /* taken so far */
    const char **module_paths;        /* of the outline */
    struct cvyi_torch_script *script; /* NULL: a file that convey wrote */
} cvyi_torch_host;

cvyi_torch_host *cvyi_torch_of(const cvyi_py_eval *eval);

/* ---- name.c ---- */

extern const cvyi_py_host_type cvyi_torch_name_type; /* data: dotted text */
cvy_status cvyi_torch_import(cvyi_py_value *out, cvyi_py_eval *eval,
                             const char *dotted, cvy_error *err);
/* Classes that a written file brings along, word for word. */
cvy_status cvyi_torch_define(cvyi_py_value *out, bool *done,
                             cvyi_py_eval *eval, const cvyi_py_tree *tree,
                             const cvyi_py_node *node, cvy_error *err);

/* ---- precision.c ---- */

/* module.to(torch.float16); to a device is no change. */
cvy_status cvyi_torch_to(cvyi_py_eval *eval, const cvyi_py_value *module,
                         const cvyi_py_call_args *args, cvy_error *err);
/* torch.autocast(device, dtype=...), for a `with`. */
cvy_status cvyi_torch_autocast(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err);
/* What a call is called on must be of one type, and of its weights'. */
cvy_status cvyi_torch_check_types(const cvyi_torch_host *host,
                                  const cvyi_op *op, const int *in, int n_in,
                                  const int *params, cvy_error *err);

/* ---- module.c ---- */

extern const cvyi_py_host_type cvyi_torch_node_type; /* data: a node */
/* A module of torch as it is made: spelling(args). */
cvy_status cvyi_torch_leaf(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_spelling *spelling, int n_spatial,
                           const char *class_name,
                           const cvyi_py_call_args *args, cvy_error *err);
cvy_status cvyi_torch_container(cvyi_py_value *out, cvyi_py_eval *eval,
                                cvyi_torch_kind kind,
                                const cvyi_py_call_args *args, cvy_error *err);
/* Fills a node's members from arguments of nn.Sequential and the like. */
cvy_status cvyi_torch_fill(cvyi_torch_node *node, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err);
/* The node of a module value or an instance; NULL if the value is none. */
cvyi_torch_node *cvyi_torch_node_of(const cvyi_py_value *value);
/* module.requires_grad_(False): the only argument that is followed. */
cvy_status cvyi_torch_freeze(cvyi_torch_node *node, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err);
cvy_status cvyi_torch_call_node(cvyi_py_value *out, cvyi_py_eval *eval,
                                cvyi_torch_node *node,
                                const cvyi_py_value *instance,
                                const cvyi_py_call_args *args, cvy_error *err);

/* ---- class.c: nn.Module and nn.Sequential as bases ---- */

cvy_status cvyi_torch_base_get(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *base,
                               const cvyi_py_value *instance, const char *name,
                               cvy_error *err);
cvy_status cvyi_torch_base_call(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *base,
                                const cvyi_py_value *instance,
                                const cvyi_py_call_args *args, cvy_error *err);
/* Of scripts: what is set, and items of a class derived from a container. */
cvy_status cvyi_torch_base_set(cvyi_py_eval *eval, const cvyi_py_value *base,
                               const cvyi_py_value *instance, const char *name,
                               const cvyi_py_value *value, cvy_error *err);
cvy_status cvyi_torch_base_item(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *base,
                                const cvyi_py_value *instance,
                                const cvyi_py_value *index, cvy_error *err);
cvy_status cvyi_torch_base_iterate(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const cvyi_py_value *base,
                                   const cvyi_py_value *instance,
                                   cvy_error *err);
/* Gives every module that can be reached from the model its place in the
 * outline. */
cvy_status cvyi_torch_outline(cvyi_py_eval *eval, const cvyi_py_value *model,
                              cvy_error *err);

/* ---- tensor.c ---- */

extern const cvyi_py_host_type cvyi_torch_tensor_type; /* data: int index */
extern const cvyi_py_host_type cvyi_torch_size_type;   /* data: cvyi_size */
cvy_status cvyi_torch_tensor(cvyi_py_value *out, cvyi_py_eval *eval,
                             int result, cvy_error *err);
/* The result of a tensor value, or -1. */
int cvyi_torch_result(const cvyi_py_value *value);
/* A size as an int, or as a value of the host. */
cvyi_py_value cvyi_torch_size(cvyi_size size);

/* ---- call.c: a call of torch becomes calls of the graph ---- */

/* Plain values, tensors (collected in `in`) and sizes as a tree that words
 * read. */
typedef struct cvyi_torch_operands {
    int n, capacity;
    int *in;
    /* Parameters of a script; numbered from -1 downwards at first. */
    int n_weights;
    struct cvyi_torch_weight *weights[CVYI_MAX_SLOTS];
} cvyi_torch_operands;
cvy_status cvyi_torch_plain(cvyi_value *out, cvyi_torch_operands *operands,
                            cvyi_py_eval *eval, const cvyi_py_value *value,
                            cvy_error *err);
/* A function or method by its qualified name. */
cvy_status cvyi_torch_function(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *name, const cvyi_py_call_args *args,
                               cvy_error *err);
/* A leaf called on tensors. */
cvy_status cvyi_torch_call_leaf(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_torch_node *node,
                                const cvyi_py_call_args *args, cvy_error *err);
/* The visit of the composed module that holds `module`, entered if need be
 * (*entered). */
cvy_status cvyi_torch_enter(int *visit, cvyi_torch_host *host, int module,
                            cvy_error *err);

/* ---- state.c: weights ---- */

extern const cvyi_py_host_type cvyi_torch_state_type;
/* load_file(path) of safetensors. */
cvy_status cvyi_torch_load(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err);
/* torch.load(path, weights_only=True) of a state dict. */
cvy_status cvyi_torch_load_pth(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_call_args *args, cvy_error *err);
/* The parameter of that key and type, made when it is first asked for.
 * `rule` goes from torch's order to the slot's, whose shape is `want`. */
cvy_status cvyi_torch_take(int *out, cvyi_torch_host *host, const char *key,
                           cvy_dtype dtype, const cvyi_step_slot *slot,
                           int n_spatial, const cvyi_shape *want,
                           cvy_error *err);
/* What strict loading would refuse: keys that no module took. */
cvy_status cvyi_torch_all_taken(const cvyi_torch_host *host, cvy_error *err);

#endif
