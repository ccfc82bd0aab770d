/* read/python/torch/module.c - modules of torch and containers, as made. */
#include "read/python/torch/script.h"

#include <string.h>

cvyi_torch_node *cvyi_torch_node_of(const cvyi_py_value *value)
{
    if (value->type == CVYI_PY_V_HOST &&
        value->host.type == &cvyi_torch_node_type)
        return value->host.data;
    if (value->type == CVYI_PY_V_INSTANCE)
        return value->instance->host;
    return NULL;
}

static cvyi_torch_node *open_node(cvyi_py_eval *eval, cvyi_torch_kind kind,
                                  const char *class_name)
{
    cvyi_torch_node *const node =
        cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *node);

    if (node == NULL)
        return NULL;
    *node = (cvyi_torch_node){ .kind = kind,
                               .class_name = class_name,
                               .line = cvyi_py_line_now(eval),
                               .module = -1 };
    return node;
}

/* ---- leaves ---- */

/* Arguments are kept until the module is called: what they mean may depend on
 * the values it is called on. */
static cvy_status keep_args(cvyi_torch_node *node, cvyi_py_eval *eval,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_arena *const arena = cvyi_py_arena(eval);
    cvyi_value *const values = cvyi_arena_alloc(
        arena, (size_t)(args->n + args->n_keywords + 1), sizeof *values);
    const cvyi_value **const positional =
        cvyi_arena_alloc(arena, (size_t)args->n + 1, sizeof *positional);
    cvyi_torch_operands none = { 0 };

    if (values == NULL || positional == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < args->n; i++) {
        CVYI_TRY(
            cvyi_torch_plain(&values[i], &none, eval, &args->values[i], err));
        positional[i] = &values[i];
    }
    for (int i = 0; i < args->n_keywords; i++)
        CVYI_TRY(cvyi_torch_plain(&values[args->n + i], &none, eval,
                                  &args->keyword_values[i], err));
    if (none.n > 0)
        return cvyi_py_refuse(eval, err, "%s is made of a tensor",
                              node->class_name);
    node->positional = positional;
    node->n_positional = args->n;
    values[args->n + args->n_keywords] =
        (cvyi_value){ .kind = CVYI_DICT,
                      .n = args->n_keywords,
                      .items = values + args->n,
                      .keys = args->keywords };
    node->keywords = &values[args->n + args->n_keywords];
    return CVY_OK;
}

cvy_status cvyi_torch_leaf(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_spelling *spelling, int n_spatial,
                           const char *class_name,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_torch_node *const node = open_node(eval, CVYI_TORCH_LEAF, class_name);

    if (node == NULL)
        return cvyi_no_memory(err);
    node->spelling = spelling;
    node->n_spatial = n_spatial;
    *out = cvyi_py_host_value(&cvyi_torch_node_type, node);
    return cvyi_torch_script_of(eval) != NULL
               ? cvyi_torch_script_leaf(eval, node, out, NULL, args, err)
               : keep_args(node, eval, args, err);
}

/* Arguments that are not known make a module that is not known. */
static cvy_status keep_known(cvyi_torch_node *node, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    cvy_error why = { 0 };
    const cvy_status status = keep_args(node, eval, args, &why);

    if (status == CVY_OK)
        return CVY_OK;
    if (status != CVY_UNSUPPORTED)
        return cvyi_no_memory(err);
    node->unknown = cvyi_arena_printf(cvyi_py_arena(eval), "%s: %s",
                                      node->class_name, why.text);
    node->unknown_line = node->line;
    return node->unknown != NULL ? CVY_OK : cvyi_no_memory(err);
}

cvy_status cvyi_torch_script_leaf(cvyi_py_eval *eval, cvyi_torch_node *node,
                                  const cvyi_py_value *self,
                                  const char *dotted,
                                  const cvyi_py_call_args *args,
                                  cvy_error *err)
{
    if (dotted == NULL)
        dotted = cvyi_arena_printf(cvyi_py_arena(eval), "torch.nn.%s",
                                   node->class_name);
    if (dotted == NULL)
        return cvyi_no_memory(err);
    node->dotted = dotted;
    CVYI_TRY(cvyi_torch_begin(eval, node, self, err));
    CVYI_TRY(keep_known(node, eval, args, err));
    return cvyi_torch_own(eval, node, err);
}

/* ---- containers ---- */

static cvy_status add_member(cvyi_torch_node *node, cvyi_py_eval *eval,
                             const char *name, const cvyi_py_value *value,
                             cvy_error *err)
{
    if (cvyi_torch_node_of(value) == NULL && cvyi_py_opaque(value) != NULL) {
        /* Nobody knows what such a container is. */
        node->unknown = cvyi_py_opaque(value)->reason;
        node->unknown_line = cvyi_py_opaque(value)->line;
        return CVY_OK;
    }
    if (cvyi_torch_node_of(value) == NULL)
        return cvyi_py_refuse(eval, err, "%s holds %s, which is no module",
                              node->class_name, cvyi_py_describe(eval, value));
    return cvyi_py_names_set(eval, &node->members, name, value, err);
}

static cvy_status add_numbered(cvyi_torch_node *node, cvyi_py_eval *eval,
                               const cvyi_py_value *value, cvy_error *err)
{
    const char *const name =
        cvyi_arena_printf(cvyi_py_arena(eval), "%d", node->members.n);

    return name != NULL ? add_member(node, eval, name, value, err)
                        : cvyi_no_memory(err);
}

static cvy_status add_all(cvyi_torch_node *node, cvyi_py_eval *eval,
                          const cvyi_py_value *values, cvy_error *err)
{
    cvyi_py_value list;

    CVYI_TRY(cvyi_py_eval_list(&list, eval, values, err));
    for (int i = 0; i < list.seq->n; i++)
        CVYI_TRY(add_numbered(node, eval, &list.seq->items[i], err));
    return CVY_OK;
}

static cvy_status add_named(cvyi_torch_node *node, cvyi_py_eval *eval,
                            const cvyi_py_map *map, cvy_error *err)
{
    for (int i = 0; i < map->n; i++) {
        if (map->keys[i].type != CVYI_PY_V_TEXT)
            return cvyi_py_refuse(eval, err, "a module's name is no text");
        CVYI_TRY(
            add_member(node, eval, map->keys[i].text, &map->values[i], err));
    }
    return CVY_OK;
}

cvy_status cvyi_torch_fill(cvyi_torch_node *node, cvyi_py_eval *eval,
                           const cvyi_py_call_args *args, cvy_error *err)
{
    const bool one = args->n == 1;

    if (args->n_keywords > 0)
        return cvyi_py_refuse(eval, err, "%s takes no argument %s",
                              node->class_name, args->keywords[0]);
    if (node->kind == CVYI_TORCH_SEQUENTIAL) {
        if (one && args->values[0].type == CVYI_PY_V_DICT)
            return add_named(node, eval, args->values[0].map, err);
        for (int i = 0; i < args->n; i++)
            CVYI_TRY(add_numbered(node, eval, &args->values[i], err));
        return CVY_OK;
    }
    if (args->n > 1)
        return cvyi_py_refuse(eval, err, "%s takes one argument",
                              node->class_name);
    if (one && node->kind == CVYI_TORCH_LIST)
        return add_all(node, eval, &args->values[0], err);
    if (one && args->values[0].type != CVYI_PY_V_DICT)
        return cvyi_py_refuse(eval, err, "%s takes a dict", node->class_name);
    return one ? add_named(node, eval, args->values[0].map, err) : CVY_OK;
}

cvy_status cvyi_torch_container(cvyi_py_value *out, cvyi_py_eval *eval,
                                cvyi_torch_kind kind,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    static const char *const names[] = {
        [CVYI_TORCH_SEQUENTIAL] = "Sequential",
        [CVYI_TORCH_LIST] = "ModuleList",
        [CVYI_TORCH_DICT] = "ModuleDict",
    };
    cvyi_torch_node *const node = open_node(eval, kind, names[kind]);

    cvyi_py_value made;

    if (node == NULL)
        return cvyi_no_memory(err);
    made = cvyi_py_host_value(&cvyi_torch_node_type, node);
    if (cvyi_torch_script_of(eval) != NULL)
        CVYI_TRY(cvyi_torch_begin(eval, node, &made, err));
    CVYI_TRY(cvyi_torch_fill(node, eval, args, err));
    *out = made;
    return CVY_OK;
}

/* ---- calls ---- */

/* Each member on what the one before it gave. */
static cvy_status run_chain(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_torch_node *node,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_value value;

    if (args->n != 1 || args->n_keywords != 0)
        return cvyi_py_refuse(eval, err, "%s takes one tensor",
                              node->class_name);
    value = args->values[0];
    if (node->unknown != NULL)
        return cvyi_torch_refuse_unknown(eval, node, err);
    for (int i = 0; i < node->members.n; i++) {
        const cvyi_py_value input = value;
        const cvyi_py_call_args one = { .n = 1, .values = &input };

        CVYI_TRY(cvyi_py_eval_call(&value, eval, &node->members.values[i],
                                   &one, err));
    }
    *out = value;
    return CVY_OK;
}

/* Inside of a visit of the node's module. */
static cvy_status run_inside(cvyi_py_value *out, cvyi_py_eval *eval,
                             cvyi_torch_node *node,
                             const cvyi_py_value *instance,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_torch_host *const host = cvyi_torch_of(eval);
    const int before = host->visit;
    cvyi_py_value forward;
    cvy_status status;

    if (node->module > 0 &&
        host->graph->modules[node->module].kind != CVYI_MODULE_LAYER) {
        int around;

        CVYI_TRY(cvyi_torch_enter(
            &around, host,
            cvyi_module_home(host->graph,
                             host->graph->modules[node->module].parent),
            err));
        CVYI_TRY(cvyi_graph_add_visit(&host->visit, host->graph, node->module,
                                      around, err));
    }
    if (node->kind == CVYI_TORCH_SEQUENTIAL &&
        !cvyi_torch_has_forward(instance))
        status = run_chain(out, eval, node, args, err);
    else {
        status = cvyi_py_eval_get(&forward, eval, instance, "forward", err);
        if (status == CVY_OK)
            status = cvyi_py_eval_call(out, eval, &forward, args, err);
    }
    host->visit = before;
    return status;
}

/* Does a class of a script say its own? */
bool cvyi_torch_has_forward(const cvyi_py_value *instance)
{
    const cvyi_torch_node *const node =
        instance != NULL ? cvyi_torch_node_of(instance) : NULL;
    const cvyi_py_class *class_;

    if (node == NULL || node->holding == NULL ||
        instance->type != CVYI_PY_V_INSTANCE)
        return false;
    class_ = instance->instance->class_;
    for (int i = 0; i < class_->n_order; i++)
        if (class_->order[i].type == CVYI_PY_V_CLASS &&
            cvyi_py_names_get(&class_->order[i].class_->names, "forward") !=
                NULL)
            return true;
    return false;
}

cvy_status cvyi_torch_refuse_unknown(cvyi_py_eval *eval,
                                     const cvyi_torch_node *node,
                                     cvy_error *err)
{
    const cvy_status status = cvyi_py_refuse(eval, err, "%s", node->unknown);

    if (err != NULL)
        err->line = node->unknown_line;
    return status;
}

/* A module that stands nowhere in the network is as good as a function, as
 * long as nothing of it is trained. */
static cvy_status check_free(cvyi_py_eval *eval, cvyi_torch_node *node,
                             cvy_error *err)
{
    cvyi_torch_walk w = { 0 };
    cvy_status status = cvyi_torch_walk_over(&w, eval, node, err);

    for (int i = 0; status == CVY_OK && i < w.n; i++)
        if (w.items[i].node->holding->n > 0)
            status =
                cvyi_py_refuse(eval, err,
                               "the network calls a %s that is no part of "
                               "it: torch knows no parameters of modules in "
                               "plain lists, or made in forward",
                               node->class_name);
    cvyi_torch_walk_close(&w);
    return status;
}

static cvy_status call_script(cvyi_py_value *out, cvyi_py_eval *eval,
                              cvyi_torch_node *node,
                              const cvyi_py_value *instance,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    if (!cvyi_torch_of(eval)->tracing)
        return cvyi_torch_called(out, eval, node, args, err);
    if (node->unknown != NULL)
        return cvyi_torch_refuse_unknown(eval, node, err);
    if (node->module < 0)
        CVYI_TRY(check_free(eval, node, err));
    if (node->kind == CVYI_TORCH_LEAF && !cvyi_torch_has_forward(instance))
        return cvyi_torch_call_leaf(out, eval, node, args, err);
    if (node->kind == CVYI_TORCH_LIST || node->kind == CVYI_TORCH_DICT) {
        if (!cvyi_torch_has_forward(instance))
            return cvyi_py_refuse(eval, err, "a %s cannot be called",
                                  node->class_name);
    }
    return run_inside(out, eval, node, instance, args, err);
}

cvy_status cvyi_torch_base_forward(cvyi_py_value *out, cvyi_py_eval *eval,
                                   cvyi_torch_node *node,
                                   const cvyi_py_call_args *args,
                                   cvy_error *err)
{
    if (!cvyi_torch_of(eval)->tracing)
        return cvyi_torch_called(out, eval, node, args, err);
    if (node->unknown != NULL)
        return cvyi_torch_refuse_unknown(eval, node, err);
    if (node->kind == CVYI_TORCH_SEQUENTIAL)
        return run_chain(out, eval, node, args, err);
    return node->kind == CVYI_TORCH_LEAF
               ? cvyi_torch_call_leaf(out, eval, node, args, err)
               : cvyi_py_refuse(eval, err, "%s has no forward",
                                node->class_name);
}

cvy_status cvyi_torch_call_node(cvyi_py_value *out, cvyi_py_eval *eval,
                                cvyi_torch_node *node,
                                const cvyi_py_value *instance,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    if (cvyi_torch_script_of(eval) != NULL)
        return call_script(out, eval, node, instance, args, err);
    if (!cvyi_torch_of(eval)->tracing)
        return cvyi_py_refuse(eval, err,
                              "%s is called before the model is loaded",
                              node->class_name);
    if (node->module < 0)
        return cvyi_py_refuse(eval, err,
                              "the model calls a %s that is no part of it",
                              node->class_name);
    switch (node->kind) {
    case CVYI_TORCH_LEAF:
        return cvyi_torch_call_leaf(out, eval, node, args, err);
    case CVYI_TORCH_SEQUENTIAL:
    case CVYI_TORCH_CLASS:
        return run_inside(out, eval, node, instance, args, err);
    default:
        return cvyi_py_refuse(eval, err, "a %s cannot be called",
                              node->class_name);
    }
}

static cvy_status call(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self,
                       const cvyi_py_call_args *args, cvy_error *err)
{
    return cvyi_torch_call_node(out, eval, self->host.data, self, args, err);
}

/* ---- what else modules and containers can do ---- */

cvy_status cvyi_torch_freeze(cvyi_torch_node *node, cvyi_py_eval *eval,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    if (args->n != 1 || args->n_keywords != 0 ||
        args->values[0].type != CVYI_PY_V_BOOL || args->values[0].truth)
        return cvyi_py_refuse(eval, err,
                              "only requires_grad_(False) is followed");
    node->frozen = true;
    return CVY_OK;
}

typedef struct list_method {
    const char *name;
    cvyi_torch_node *node;
} list_method;

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const list_method *const m = self->host.data;

    *out = cvyi_py_host_value(&cvyi_torch_node_type, m->node);
    if (strcmp(m->name, "requires_grad_") == 0)
        return cvyi_torch_freeze(m->node, eval, args, err);
    if (strcmp(m->name, "to") == 0)
        return cvyi_torch_to(eval, out, args, err);
    if (args->n != 1 || args->n_keywords != 0)
        return cvyi_py_refuse(eval, err, "%s takes one argument", m->name);
    CVYI_TRY(strcmp(m->name, "append") == 0
                 ? add_numbered(m->node, eval, &args->values[0], err)
                 : add_all(m->node, eval, &args->values[0], err));
    return CVY_OK;
}

static const cvyi_py_host_type list_method_type = {
    .name = "a method of a container",
    .call = call_method,
};

static cvy_status get(cvyi_py_value *out, cvyi_py_eval *eval,
                      const cvyi_py_value *self, const char *name,
                      cvy_error *err)
{
    cvyi_torch_node *const node = self->host.data;
    const cvyi_py_value *const member =
        cvyi_py_names_get(&node->members, name);
    list_method *m;

    if (cvyi_torch_script_of(eval) != NULL) {
        bool known;

        CVYI_TRY(cvyi_torch_part_get(out, &known, eval, node, name, err));
        return known ? CVY_OK
                     : cvyi_py_refuse(eval, err, "%s.%s is not followed",
                                      node->class_name, name);
    }
    if (member != NULL) {
        *out = *member;
        return CVY_OK;
    }
    if (strcmp(name, "requires_grad_") != 0 && strcmp(name, "to") != 0 &&
        (node->kind == CVYI_TORCH_LEAF ||
         (strcmp(name, "append") != 0 && strcmp(name, "extend") != 0)))
        return cvyi_py_refuse(eval, err, "%s.%s is not followed",
                              node->class_name, name);
    m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);
    if (m == NULL)
        return cvyi_no_memory(err);
    *m = (list_method){ name, node };
    *out = cvyi_py_host_value(&list_method_type, m);
    return CVY_OK;
}

static cvy_status item(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *self, const cvyi_py_value *index,
                       cvy_error *err)
{
    const cvyi_torch_node *const node = self->host.data;
    const cvyi_py_value *member = NULL;
    int64_t at = index->type == CVYI_PY_V_INT ? index->integer : 0;

    if (index->type == CVYI_PY_V_SLICE && cvyi_torch_script_of(eval) != NULL)
        return cvyi_torch_box_slice(out, eval, node, index, err);
    if (index->type == CVYI_PY_V_TEXT)
        member = cvyi_py_names_get(&node->members, index->text);
    else if (index->type == CVYI_PY_V_INT) {
        at = at < 0 ? at + node->members.n : at;
        if (at >= 0 && at < node->members.n)
            member = &node->members.values[at];
    }
    if (member == NULL)
        return cvyi_py_refuse(eval, err, "the %s has no such member",
                              node->class_name);
    *out = *member;
    return CVY_OK;
}

static cvy_status iterate(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_torch_node *const node = self->host.data;

    if (node->unknown != NULL)
        return cvyi_torch_refuse_unknown(eval, node, err);
    if (node->kind == CVYI_TORCH_DICT && cvyi_torch_script_of(eval) != NULL)
        return cvyi_torch_box_keys(out, eval, node, err);
    if (node->kind != CVYI_TORCH_SEQUENTIAL && node->kind != CVYI_TORCH_LIST)
        return cvyi_py_refuse(eval, err, "a %s cannot be walked over",
                              node->class_name);
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, node->members.values,
                            node->members.n, err);
}

static cvy_status length(int64_t *out, cvyi_py_eval *eval,
                         const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_torch_node *const node = self->host.data;

    if (node->kind == CVYI_TORCH_LEAF)
        return cvyi_py_refuse(eval, err, "a %s has no length",
                              node->class_name);
    *out = node->members.n;
    return CVY_OK;
}

static cvy_status set(cvyi_py_eval *eval, const cvyi_py_value *self,
                      const char *name, const cvyi_py_value *value,
                      cvy_error *err)
{
    cvyi_torch_node *const node = self->host.data;

    return cvyi_torch_script_of(eval) != NULL
               ? cvyi_torch_part_set(eval, node, name, value, err)
               : cvyi_py_refuse(eval, err, "%s.%s is set", node->class_name,
                                name);
}

/* seq[1] = nn.ReLU() */
static cvy_status set_item(cvyi_py_eval *eval, const cvyi_py_value *self,
                           const cvyi_py_value *index,
                           const cvyi_py_value *value, cvy_error *err)
{
    cvyi_torch_node *const node = self->host.data;
    const int n = node->members.n;
    int64_t at;

    if (cvyi_torch_script_of(eval) == NULL || node->kind == CVYI_TORCH_LEAF)
        return cvyi_py_refuse(eval, err, "items of a %s are set",
                              node->class_name);
    if (index->type == CVYI_PY_V_TEXT)
        return add_member(node, eval, index->text, value, err);
    at = index->type == CVYI_PY_V_INT ? index->integer : n;
    at = at < 0 ? at + n : at;
    if (at < 0 || at >= n)
        return cvyi_py_refuse(eval, err, "the %s has no such member",
                              node->class_name);
    return add_member(node, eval, node->members.names[at], value, err);
}

/* layers += [nn.ReLU()] */
static cvy_status binary(cvyi_py_value *out, cvyi_py_eval *eval,
                         const char *op, const cvyi_py_value *left,
                         const cvyi_py_value *right, cvy_error *err)
{
    const cvyi_py_call_args one = { .n = 1, .values = right };
    cvyi_torch_node *const node =
        left->type == CVYI_PY_V_HOST &&
                left->host.type == &cvyi_torch_node_type
            ? left->host.data
            : NULL;
    bool known = false;

    if (cvyi_torch_script_of(eval) != NULL && node != NULL &&
        node->kind == CVYI_TORCH_LIST && strcmp(op, "Add") == 0)
        CVYI_TRY(
            cvyi_torch_box_call(out, &known, eval, node, "extend", &one, err));
    return known ? CVY_OK
                 : cvyi_py_refuse(eval, err, "arithmetic with modules");
}

const cvyi_py_host_type cvyi_torch_node_type = {
    .name = "a module",
    .get = get,
    .set = set,
    .set_item = set_item,
    .binary = binary,
    .call = call,
    .item = item,
    .iterate = iterate,
    .length = length,
};
