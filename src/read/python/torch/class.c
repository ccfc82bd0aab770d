/*
 * read/python/torch/class.c - classes of the source derived from nn.Module or
 * nn.Sequential, and the outline that their instances make.
 */
#include "read/python/torch/script.h"

#include <string.h>

static bool is_sequential(const cvyi_py_value *base)
{
    return strcmp(base->host.data, "torch.nn.Sequential") == 0;
}

/* ---- methods that every module has ---- */

typedef struct method {
    const char *name;
    cvyi_py_value self; /* an instance */
} method;

static cvyi_torch_kind kind_by(const char *dotted)
{
    return strcmp(dotted, "torch.nn.Module") == 0       ? CVYI_TORCH_CLASS
           : strcmp(dotted, "torch.nn.Sequential") == 0 ? CVYI_TORCH_SEQUENTIAL
           : strcmp(dotted, "torch.nn.ModuleList") == 0 ? CVYI_TORCH_LIST
           : strcmp(dotted, "torch.nn.ModuleDict") == 0 ? CVYI_TORCH_DICT
                                                        : CVYI_TORCH_LEAF;
}

/* Of a script: a class may be derived from any module of torch. */
static cvy_status init_script(cvyi_py_eval *eval, const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const base =
        cvyi_py_host_base(self->instance->class_);
    cvyi_torch_node *node = self->instance->host;

    if (node != NULL || base == NULL ||
        base->host.type != &cvyi_torch_name_type)
        return CVY_OK;
    node = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *node);
    if (node == NULL)
        return cvyi_no_memory(err);
    *node = (cvyi_torch_node){ .kind = kind_by(base->host.data),
                               .class_name = self->instance->class_->name,
                               .line = self->instance->line,
                               .module = -1 };
    self->instance->host = node;
    if (node->kind == CVYI_TORCH_LEAF) {
        node->spelling =
            cvyi_spelling_find("torch", base->host.data, &node->n_spatial);
        return cvyi_torch_script_leaf(eval, node, self, base->host.data, args,
                                      err);
    }
    CVYI_TRY(cvyi_torch_begin(eval, node, self, err));
    return node->kind == CVYI_TORCH_CLASS
               ? CVY_OK
               : cvyi_torch_fill(node, eval, args, err);
}

static cvy_status init(cvyi_py_eval *eval, const cvyi_py_value *self,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_value *const base =
        cvyi_py_host_base(self->instance->class_);
    cvyi_torch_node *const node =
        cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *node);

    if (node == NULL)
        return cvyi_no_memory(err);
    *node = (cvyi_torch_node){
        .kind = base != NULL && is_sequential(base) ? CVYI_TORCH_SEQUENTIAL
                                                    : CVYI_TORCH_CLASS,
        .class_name = self->instance->class_->name,
        .line = self->instance->line,
        .module = -1,
    };
    self->instance->host = node;
    if (node->kind == CVYI_TORCH_SEQUENTIAL)
        return cvyi_torch_fill(node, eval, args, err);
    return args->n + args->n_keywords == 0
               ? CVY_OK
               : cvyi_py_refuse(eval, err, "nn.Module takes no arguments");
}

static cvy_status load_state(cvyi_py_eval *eval, const cvyi_py_call_args *args,
                             cvy_error *err)
{
    if (args->n < 1 || args->values[0].type != CVYI_PY_V_HOST ||
        args->values[0].host.type != &cvyi_torch_state_type)
        return cvyi_py_refuse(eval, err,
                              "load_state_dict takes what load_file gave");
    for (int i = 0; i < args->n_keywords; i++)
        if (strcmp(args->keywords[i], "strict") != 0 ||
            args->keyword_values[i].type != CVYI_PY_V_BOOL ||
            !args->keyword_values[i].truth)
            return cvyi_py_refuse(eval, err,
                                  "weights are loaded strictly, and whole");
    cvyi_torch_of(eval)->loaded = true;
    return CVY_OK;
}

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;

    *out = cvyi_py_none();
    if (cvyi_torch_script_of(eval) != NULL)
        return init_script(eval, &m->self, args, err);
    if (strcmp(m->name, "__init__") == 0)
        return init(eval, &m->self, args, err);
    if (strcmp(m->name, "load_state_dict") == 0)
        return load_state(eval, args, err);
    if (strcmp(m->name, "requires_grad_") == 0 &&
        cvyi_torch_node_of(&m->self) != NULL)
        CVYI_TRY(
            cvyi_torch_freeze(cvyi_torch_node_of(&m->self), eval, args, err));
    if (strcmp(m->name, "to") == 0)
        CVYI_TRY(cvyi_torch_to(eval, &m->self, args, err));
    if (strcmp(m->name, "eval") == 0)
        cvyi_torch_of(eval)->inference = true;
    *out = m->self;
    return CVY_OK;
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a module",
    .call = call_method,
};

/* A module that the constructor of nn.Sequential was given. */
static cvy_status get_member(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_value *instance, const char *name,
                             cvy_error *err)
{
    const cvyi_torch_node *const node = instance->instance->host;
    const cvyi_py_value *const member =
        node != NULL ? cvyi_py_names_get(&node->members, name) : NULL;

    if (member == NULL)
        return cvyi_py_refuse(eval, err, "%s has no %s that is followed",
                              instance->instance->class_->name, name);
    *out = *member;
    return CVY_OK;
}

cvy_status cvyi_torch_base_get(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *base,
                               const cvyi_py_value *instance, const char *name,
                               cvy_error *err)
{
    static const char *const methods[] = { "__init__", "load_state_dict",
                                           "eval", "to", "requires_grad_" };

    (void)base;
    if (cvyi_torch_script_of(eval) != NULL && strcmp(name, "__init__") != 0) {
        cvyi_torch_node *const node = instance->instance->host;
        bool known = false;

        if (node != NULL)
            CVYI_TRY(cvyi_torch_part_get(out, &known, eval, node, name, err));
        return known ? CVY_OK
                     : cvyi_py_refuse(eval, err, "%s has no %s",
                                      instance->instance->class_->name, name);
    }
    if (strcmp(name, "training") == 0) {
        *out = cvyi_py_bool(false);
        return CVY_OK;
    }
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        method *m;

        if (strcmp(name, methods[i]) != 0)
            continue;
        m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);
        if (m == NULL)
            return cvyi_no_memory(err);
        *m = (method){ methods[i], *instance };
        *out = cvyi_py_host_value(&method_type, m);
        return CVY_OK;
    }
    return get_member(out, eval, instance, name, err);
}

cvy_status cvyi_torch_base_call(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *base,
                                const cvyi_py_value *instance,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_torch_node *const node = cvyi_torch_node_of(instance);

    (void)base;
    if (node == NULL)
        return cvyi_py_refuse(eval, err,
                              "%s.__init__ does not call super().__init__()",
                              instance->instance->class_->name);
    return cvyi_torch_call_node(out, eval, node, instance, args, err);
}

cvy_status cvyi_torch_base_set(cvyi_py_eval *eval, const cvyi_py_value *base,
                               const cvyi_py_value *instance, const char *name,
                               const cvyi_py_value *value, cvy_error *err)
{
    cvyi_torch_node *const node = instance->instance->host;

    (void)base;
    if (cvyi_torch_script_of(eval) == NULL)
        return CVY_OK;
    if (node != NULL)
        return cvyi_torch_part_set(eval, node, name, value, err);
    return cvyi_torch_node_of(value) == NULL
               ? CVY_OK
               : cvyi_py_refuse(eval, err,
                                "%s.__init__ does not call "
                                "super().__init__() before it sets %s",
                                instance->instance->class_->name, name);
}

/* Items of a class derived from a container are those of one. */
static cvy_status as_container(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_value *instance, cvy_error *err)
{
    cvyi_torch_node *const node = instance->instance->host;

    if (cvyi_torch_script_of(eval) == NULL || node == NULL ||
        node->kind == CVYI_TORCH_CLASS || node->kind == CVYI_TORCH_LEAF)
        return cvyi_py_refuse(eval, err, "%s has no items",
                              instance->instance->class_->name);
    *out = cvyi_py_host_value(&cvyi_torch_node_type, node);
    return CVY_OK;
}

cvy_status cvyi_torch_base_item(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_value *base,
                                const cvyi_py_value *instance,
                                const cvyi_py_value *index, cvy_error *err)
{
    cvyi_py_value plain;

    (void)base;
    CVYI_TRY(as_container(&plain, eval, instance, err));
    return cvyi_torch_node_type.item(out, eval, &plain, index, err);
}

cvy_status cvyi_torch_base_iterate(cvyi_py_value *out, cvyi_py_eval *eval,
                                   const cvyi_py_value *base,
                                   const cvyi_py_value *instance,
                                   cvy_error *err)
{
    cvyi_py_value plain;

    (void)base;
    CVYI_TRY(as_container(&plain, eval, instance, err));
    return cvyi_torch_node_type.iterate(out, eval, &plain, err);
}

/* ---- the outline ---- */

static cvyi_module_kind kind_of(const cvyi_torch_node *node)
{
    if (node->holding != NULL && cvyi_torch_has_forward(&node->self))
        return CVYI_MODULE_MODEL;
    switch (node->kind) {
    case CVYI_TORCH_LEAF:
        return CVYI_MODULE_LAYER;
    case CVYI_TORCH_SEQUENTIAL:
        return CVYI_MODULE_SEQUENTIAL;
    case CVYI_TORCH_CLASS:
        return CVYI_MODULE_MODEL;
    default:
        return CVYI_MODULE_LIST;
    }
}

static cvy_status place(cvyi_torch_host *host, cvyi_torch_node *node,
                        int parent, const char *name, cvy_error *err)
{
    cvyi_module *module;

    CVYI_TRY(cvyi_graph_add_module(&node->module, host->graph, parent,
                                   kind_of(node), name, node->class_name,
                                   err));
    module = &host->graph->modules[node->module];
    module->frozen = node->frozen;
    module->where = cvyi_arena_printf(&host->graph->arena, "%s:%d",
                                      host->files->code_name, node->line);
    return module->where != NULL ? CVY_OK : cvyi_no_memory(err);
}

static cvy_status walk(cvyi_py_eval *eval, const cvyi_py_value *value,
                       int parent, const char *name, int depth,
                       cvy_error *err);

static cvy_status walk_names(cvyi_py_eval *eval, const cvyi_py_names *names,
                             int parent, int depth, cvy_error *err)
{
    for (int i = 0; i < names->n; i++)
        CVYI_TRY(walk(eval, &names->values[i], parent, names->names[i],
                      depth + 1, err));
    return CVY_OK;
}

/* A module under two names has its place where it is met first, which is the
 * name that its weights have in the file. */
static cvy_status walk(cvyi_py_eval *eval, const cvyi_py_value *value,
                       int parent, const char *name, int depth, cvy_error *err)
{
    enum { DEEPEST = 64 };
    cvyi_torch_node *const node = cvyi_torch_node_of(value);

    if (node == NULL || node->module >= 0)
        return CVY_OK;
    if (depth > DEEPEST)
        return cvyi_py_refuse(eval, err, "modules are nested too deep");
    CVYI_TRY(place(cvyi_torch_of(eval), node, parent, name, err));

    const int module = node->module;

    if (node->holding != NULL) {
        for (int i = 0; i < node->members.n; i++)
            if (cvyi_torch_is_member(node, i))
                CVYI_TRY(walk(eval, &node->members.values[i], module,
                              node->members.names[i], depth + 1, err));
        return CVY_OK;
    }
    CVYI_TRY(walk_names(eval, &node->members, module, depth, err));
    if (value->type == CVYI_PY_V_INSTANCE)
        return walk_names(eval, &value->instance->names, module, depth, err);
    return CVY_OK;
}

cvy_status cvyi_torch_outline(cvyi_py_eval *eval, const cvyi_py_value *model,
                              cvy_error *err)
{
    return walk(eval, model, -1, cvyi_torch_node_of(model)->class_name, 0,
                err);
}
