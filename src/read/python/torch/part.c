/*
 * read/python/torch/part.c - modules of a script: what they hold, and what
 * every module can be asked.
 */
#include "read/python/torch/script.h"

#include <stdio.h>
#include <string.h>

cvy_status cvyi_torch_begin(cvyi_py_eval *eval, cvyi_torch_node *node,
                            const cvyi_py_value *self, cvy_error *err)
{
    node->holding =
        cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *node->holding);
    if (node->holding == NULL)
        return cvyi_no_memory(err);
    *node->holding = (cvyi_torch_holding){ 0 };
    node->self = *self;
    node->made = ++cvyi_torch_script_of(eval)->made;
    return CVY_OK;
}

/* ---- members ---- */

/* One that was set as an attribute has gone where the attribute has. */
bool cvyi_torch_is_member(const cvyi_torch_node *node, int member)
{
    const char *const name = node->members.names[member];
    cvyi_torch_node *const inner =
        cvyi_torch_node_of(&node->members.values[member]);
    const cvyi_py_value *now;

    if (inner == NULL)
        return false;
    if (node->self.type != CVYI_PY_V_INSTANCE)
        return true;
    now = cvyi_py_names_get(&node->self.instance->names, name);
    if (now == NULL)
        return cvyi_py_names_get(&node->holding->changed, name) == NULL;
    return cvyi_torch_node_of(now) == inner;
}

static cvy_status walk(cvyi_torch_walk *w, cvyi_py_eval *eval,
                       cvyi_torch_node *node, const char *path, int depth,
                       cvy_error *err)
{
    enum { DEEPEST = 64, MOST = 1 << 16 };
    struct cvyi_torch_walked *items;

    for (int i = 0; i < w->n && !w->again; i++)
        if (w->items[i].node == node)
            return CVY_OK;
    if (depth > DEEPEST || w->n >= MOST)
        return cvyi_py_refuse(eval, err, "modules are nested too deep");
    items = cvyi_arena_grow(cvyi_py_arena(eval), w->items, w->n, &w->capacity,
                            sizeof *items);
    if (items == NULL)
        return cvyi_no_memory(err);
    w->items = items;
    items[w->n].path = path;
    items[w->n++].node = node;
    for (int i = 0; i < node->members.n; i++) {
        const char *inner;

        if (!cvyi_torch_is_member(node, i))
            continue;
        inner = cvyi_arena_printf(cvyi_py_arena(eval), "%s%s%s", path,
                                  *path != '\0' ? "." : "",
                                  node->members.names[i]);
        if (inner == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(walk(w, eval, cvyi_torch_node_of(&node->members.values[i]),
                      inner, depth + 1, err));
    }
    return CVY_OK;
}

cvy_status cvyi_torch_walk_over(cvyi_torch_walk *w, cvyi_py_eval *eval,
                                cvyi_torch_node *node, cvy_error *err)
{
    return walk(w, eval, node, "", 0, err);
}

/* ---- lists of modules and of parameters ---- */

static cvy_status pair(cvyi_py_value *out, cvyi_py_eval *eval,
                       const char *name, const cvyi_py_value *value,
                       cvy_error *err)
{
    cvyi_py_value items[2] = { cvyi_py_none(), *value };

    CVYI_TRY(cvyi_py_make_text(&items[0], eval, name, strlen(name), err));
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, items, 2, err);
}

static cvy_status list_modules(cvyi_py_value *out, cvyi_py_eval *eval,
                               cvyi_torch_node *node, bool named,
                               cvy_error *err)
{
    cvyi_torch_walk w = { 0 };
    cvyi_py_value *items;

    CVYI_TRY(cvyi_torch_walk_over(&w, eval, node, err));
    items =
        cvyi_arena_alloc(cvyi_py_arena(eval), (size_t)w.n + 1, sizeof *items);
    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < w.n; i++) {
        items[i] = w.items[i].node->self;
        if (named)
            CVYI_TRY(pair(&items[i], eval, w.items[i].path,
                          &w.items[i].node->self, err));
    }
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, items, w.n, err);
}

static cvy_status list_children(cvyi_py_value *out, cvyi_py_eval *eval,
                                cvyi_torch_node *node, bool named,
                                cvy_error *err)
{
    const cvyi_py_names *const members = &node->members;
    cvyi_py_value *const items = cvyi_arena_alloc(
        cvyi_py_arena(eval), (size_t)members->n + 1, sizeof *items);
    int n = 0;

    if (items == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < members->n; i++) {
        bool before = false;

        for (int k = 0; k < i; k++)
            before = before || (cvyi_torch_is_member(node, k) &&
                                cvyi_torch_node_of(&members->values[k]) ==
                                    cvyi_torch_node_of(&members->values[i]));
        if (before || !cvyi_torch_is_member(node, i))
            continue;
        items[n] = members->values[i];
        if (named)
            CVYI_TRY(pair(&items[n], eval, members->names[i],
                          &members->values[i], err));
        n++;
    }
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, items, n, err);
}

static cvy_status list_weights(cvyi_py_value *out, cvyi_py_eval *eval,
                               cvyi_torch_node *node, cvyi_torch_role role,
                               bool named, cvy_error *err)
{
    cvyi_torch_walk w = { 0 };
    cvyi_py_value all;

    CVYI_TRY(cvyi_torch_walk_over(&w, eval, node, err));
    CVYI_TRY(cvyi_py_make_seq(&all, eval, CVYI_PY_V_LIST, NULL, 0, err));
    for (int i = 0; i < w.n; i++) {
        const cvyi_torch_holding *const h = w.items[i].node->holding;

        for (int k = 0; k < h->n; k++) {
            const char *const path = w.items[i].path;
            cvyi_py_value item = cvyi_torch_held_value(&h->items[k]);
            const char *name;

            if (h->items[k].weight == NULL || h->items[k].weight->role != role)
                continue;
            name =
                cvyi_arena_printf(cvyi_py_arena(eval), "%s%s%s", path,
                                  *path != '\0' ? "." : "", h->items[k].name);
            if (name == NULL)
                return cvyi_no_memory(err);
            if (named)
                CVYI_TRY(pair(&item, eval, name, &item, err));
            cvyi_py_value *const grown =
                cvyi_arena_grow(cvyi_py_arena(eval), all.seq->items,
                                all.seq->n, &all.seq->capacity, sizeof *grown);

            if (grown == NULL)
                return cvyi_no_memory(err);
            all.seq->items = grown;
            grown[all.seq->n++] = item;
        }
    }
    *out = all;
    return CVY_OK;
}

/* Inner modules first. */
static cvy_status apply(cvyi_py_eval *eval, cvyi_torch_node *node,
                        const cvyi_py_value *function, int depth,
                        cvy_error *err)
{
    const cvyi_py_call_args args = { .n = 1, .values = &node->self };
    cvyi_py_value ignored;

    if (depth > 64)
        return cvyi_py_refuse(eval, err, "modules are nested too deep");
    for (int i = 0; i < node->members.n; i++)
        if (cvyi_torch_is_member(node, i))
            CVYI_TRY(apply(eval, cvyi_torch_node_of(&node->members.values[i]),
                           function, depth + 1, err));
    return cvyi_py_eval_call(&ignored, eval, function, &args, err);
}

/* ---- setting ---- */

static cvy_status lose(cvyi_py_eval *eval, cvyi_torch_node *node,
                       const char *why, const char *name, cvy_error *err)
{
    if (node->unknown != NULL)
        return CVY_OK;
    node->unknown = cvyi_arena_printf(cvyi_py_arena(eval), "%s %s", name, why);
    node->unknown_line = cvyi_py_line_now(eval);
    return node->unknown != NULL ? CVY_OK : cvyi_no_memory(err);
}

/* What a call of the leaf looks at. */
static bool is_argument(const char *name)
{
    static const char *const names[] = {
        "eps",         "momentum",    "inplace",
        "stride",      "padding",     "p",
        "dilation",    "ceil_mode",   "negative_slope",
        "kernel_size", "output_size",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static cvy_status set_leaf(cvyi_py_eval *eval, cvyi_torch_node *node,
                           const char *name, const cvyi_py_value *value,
                           cvy_error *err)
{
    cvyi_bound bound = { 0 };

    if (strcmp(name, "training") == 0 || node->spelling == NULL ||
        node->unknown != NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_torch_bind_leaf(&bound, eval, node, err));
    if (cvyi_arg_find(&bound, name) == NULL)
        return CVY_OK; /* a note of the script's own */
    if (!is_argument(name) || cvyi_py_opaque(value) != NULL)
        return lose(eval, node, "of it is set after it was made", name, err);
    return cvyi_py_names_set(eval, &node->holding->changed, name, value, err);
}

cvy_status cvyi_torch_part_set(cvyi_py_eval *eval, cvyi_torch_node *node,
                               const char *name, const cvyi_py_value *value,
                               cvy_error *err)
{
    const cvyi_torch_held *const held = cvyi_torch_held_of(node, name);
    cvyi_torch_weight *const weight = cvyi_torch_weight_of(value);
    const cvyi_py_value yes = cvyi_py_bool(true);

    if (weight != NULL &&
        (weight->role == CVYI_TORCH_PARAMETER || held != NULL)) {
        if (weight->role == CVYI_TORCH_NUMBERS)
            weight->role = CVYI_TORCH_BUFFER;
        return cvyi_torch_hold(eval, node, name, weight, err);
    }
    if (held != NULL && value->type == CVYI_PY_V_NONE)
        return cvyi_torch_hold(eval, node, name, NULL, err);
    if (held != NULL)
        return lose(eval, node, "of it is set to what is not known", name,
                    err);
    if (cvyi_torch_node_of(value) != NULL) {
        if (node->self.type == CVYI_PY_V_INSTANCE)
            CVYI_TRY(cvyi_py_names_set(eval, &node->holding->changed, name,
                                       &yes, err));
        return cvyi_py_names_set(eval, &node->members, name, value, err);
    }
    if (cvyi_py_names_get(&node->members, name) != NULL)
        return cvyi_py_names_set(eval, &node->members, name, value, err);
    return node->kind == CVYI_TORCH_LEAF
               ? set_leaf(eval, node, name, value, err)
               : CVY_OK;
}

/* ---- methods of every module ---- */

typedef struct method {
    const char *name;
    cvyi_torch_node *node;
} method;

/* self.register_buffer("mean", torch.zeros(3)) */
static cvy_status enrol(cvyi_py_eval *eval, cvyi_torch_node *node,
                        const char *method_name, const cvyi_py_call_args *args,
                        cvy_error *err)
{
    const cvyi_py_value *const name = cvyi_torch_arg(args, 0, "name");
    const cvyi_py_value *value = cvyi_torch_arg(args, 1, "module");
    const bool buffer = strcmp(method_name, "register_buffer") == 0;
    cvyi_torch_weight *weight;

    if (value == NULL)
        value = cvyi_torch_arg(args, 1, buffer ? "tensor" : "param");
    if (name == NULL || name->type != CVYI_PY_V_TEXT || value == NULL)
        return lose(eval, node, "is called with a name that is not known",
                    method_name, err);
    weight = cvyi_torch_weight_of(value);
    if (strstr(method_name, "module") != NULL) {
        if (cvyi_torch_node_of(value) == NULL && value->type != CVYI_PY_V_NONE)
            return lose(eval, node, "of it is a module that is not known",
                        name->text, err);
        return cvyi_py_names_set(eval, &node->members, name->text, value, err);
    }
    if (weight == NULL && value->type != CVYI_PY_V_NONE)
        return buffer
                   ? lose(eval, node, "of it is a buffer that is not known",
                          name->text, err)
                   : lose(eval, node, "of it is a parameter that is not known",
                          name->text, err);
    if (weight != NULL && buffer) {
        const cvyi_py_value *const kept =
            cvyi_torch_arg(args, 2, "persistent");

        weight->role = CVYI_TORCH_BUFFER;
        weight->transient =
            kept != NULL && kept->type == CVYI_PY_V_BOOL && !kept->truth;
    }
    CVYI_TRY(cvyi_torch_hold(eval, node, name->text, weight, err));
    return node->self.type == CVYI_PY_V_INSTANCE
               ? cvyi_py_names_set(eval, &node->self.instance->names,
                                   name->text, value, err)
               : CVY_OK;
}

static cvy_status freeze(cvyi_py_eval *eval, cvyi_torch_node *node,
                         const cvyi_py_call_args *args, cvy_error *err)
{
    const bool frozen = args->n == 1 &&
                        args->values[0].type == CVYI_PY_V_BOOL &&
                        !args->values[0].truth;
    cvyi_torch_walk w = { 0 };

    CVYI_TRY(cvyi_torch_walk_over(&w, eval, node, err));
    for (int i = 0; i < w.n; i++)
        for (int k = 0; k < w.items[i].node->holding->n; k++)
            if (w.items[i].node->holding->items[k].weight != NULL)
                w.items[i].node->holding->items[k].weight->frozen = frozen;
    return CVY_OK;
}

/* To a device is no change; a type is. */
static cvy_status move(cvyi_py_eval *eval, cvyi_torch_node *node,
                       const char *name, const cvyi_py_call_args *args,
                       cvy_error *err)
{
    static const char *const types[] = { "float16", "bfloat16", "float64",
                                         "half", "double" };
    const cvyi_py_value *const to = cvyi_torch_arg(args, 0, "dtype");
    const char *const text = to != NULL && to->type == CVYI_PY_V_HOST &&
                                     to->host.type == &cvyi_torch_name_type
                                 ? to->host.data
                                 : "";
    const char *const type =
        strrchr(text, '.') != NULL ? strrchr(text, '.') + 1 : name;

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i], type) == 0)
            return lose(eval, node, "is what it computes in", type, err);
    return CVY_OK;
}

static cvy_status list(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                       cvyi_torch_node *node, const char *name, cvy_error *err)
{
    *known = true;
    if (strcmp(name, "modules") == 0 || strcmp(name, "named_modules") == 0)
        return list_modules(out, eval, node, *name == 'n', err);
    if (strcmp(name, "children") == 0 || strcmp(name, "named_children") == 0)
        return list_children(out, eval, node, *name == 'n', err);
    if (strcmp(name, "parameters") == 0 ||
        strcmp(name, "named_parameters") == 0)
        return list_weights(out, eval, node, CVYI_TORCH_PARAMETER,
                            *name == 'n', err);
    if (strcmp(name, "buffers") == 0 || strcmp(name, "named_buffers") == 0)
        return list_weights(out, eval, node, CVYI_TORCH_BUFFER, *name == 'n',
                            err);
    *known = false;
    return CVY_OK;
}

static cvy_status call_method(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    const method *const m = self->host.data;
    bool known;

    CVYI_TRY(list(out, &known, eval, m->node, m->name, err));
    if (!known)
        CVYI_TRY(cvyi_torch_box_call(out, &known, eval, m->node, m->name, args,
                                     err));
    if (known)
        return CVY_OK;
    *out = m->node->self;
    if (strcmp(m->name, "apply") == 0 && args->n == 1)
        return apply(eval, m->node, &args->values[0], 0, err);
    if (strcmp(m->name, "requires_grad_") == 0)
        return freeze(eval, m->node, args, err);
    if (strcmp(m->name, "to") == 0 || strcmp(m->name, "half") == 0 ||
        strcmp(m->name, "double") == 0)
        return move(eval, m->node, m->name, args, err);
    if (strcmp(m->name, "forward") == 0)
        return cvyi_torch_base_forward(out, eval, m->node, args, err);
    if (strcmp(m->name, "load_state_dict") == 0 ||
        strcmp(m->name, "state_dict") == 0) {
        if (*m->name == 'l')
            CVYI_TRY(cvyi_torch_leave(eval, "load_state_dict", err));
        return cvyi_py_make_opaque(out, eval, err, "%s is left out", m->name);
    }
    if (strstr(m->name, "hook") != NULL) {
        *out = cvyi_py_none();
        return lose(eval, m->node, "changes what it does", m->name, err);
    }
    if (strcmp(m->name, "add_module") == 0 ||
        strncmp(m->name, "register_", 9) == 0) {
        *out = cvyi_py_none();
        return enrol(eval, m->node, m->name, args, err);
    }
    return CVY_OK; /* eval, train, cuda, zero_grad … */
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a module",
    .call = call_method,
};

static bool is_method(const char *name)
{
    static const char *const names[] = {
        "modules",
        "named_modules",
        "children",
        "named_children",
        "parameters",
        "named_parameters",
        "buffers",
        "named_buffers",
        "apply",
        "requires_grad_",
        "to",
        "half",
        "double",
        "load_state_dict",
        "state_dict",
        "add_module",
        "register_module",
        "register_buffer",
        "register_parameter",
        "register_forward_hook",
        "register_forward_pre_hook",
        "register_backward_hook",
        "eval",
        "train",
        "cuda",
        "cpu",
        "float",
        "zero_grad",
        "share_memory",
        "forward",
        "__call__",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* An argument that the module was made of: conv.in_channels. What torch keeps
 * for each axis is a tuple. */
static cvy_status argument(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                           const cvyi_torch_node *node, const char *name,
                           cvy_error *err)
{
    const bool conv = strncmp(node->class_name, "Conv", 4) == 0;
    const bool each =
        conv &&
        (strcmp(name, "kernel_size") == 0 || strcmp(name, "stride") == 0 ||
         strcmp(name, "padding") == 0 || strcmp(name, "dilation") == 0);
    const cvyi_value *value;
    cvyi_bound bound = { 0 };
    cvyi_py_value items[CVYI_MAX_DIMS];
    int64_t n;
    double real;

    *known = false;
    if (node->kind != CVYI_TORCH_LEAF || node->spelling == NULL ||
        node->unknown != NULL)
        return CVY_OK;
    CVYI_TRY(cvyi_torch_bind_leaf(&bound, eval, node, err));
    value = cvyi_arg_find(&bound, name);
    *known = true;
    if (value != NULL && value->kind == CVYI_BOOL)
        *out = cvyi_py_bool(cvyi_truth(value));
    else if (value != NULL && cvyi_as_int(&n, value) && !each)
        *out = cvyi_py_int(n);
    else if (value != NULL && cvyi_as_double(&real, value) && !each)
        *out = cvyi_py_float(real);
    else if (value != NULL && each &&
             (cvyi_as_int(&n, value) ||
              (value->kind == CVYI_LIST && value->n <= CVYI_MAX_DIMS))) {
        const int all = value->kind == CVYI_LIST ? value->n : bound.n_spatial;

        for (int i = 0; i < all; i++) {
            if (value->kind == CVYI_LIST && !cvyi_as_int(&n, &value->items[i]))
                return cvyi_py_refuse(eval, err, "%s is not known", name);
            items[i] = cvyi_py_int(n);
        }
        return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, items, all, err);
    } else
        *known = false;
    return CVY_OK;
}

static cvy_status dict_of(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_torch_node *node, cvy_error *err)
{
    CVYI_TRY(cvyi_py_make_dict(out, eval, err));
    for (int i = 0; i < node->members.n; i++) {
        const char *const name = node->members.names[i];
        cvyi_py_value key;

        if (!cvyi_torch_is_member(node, i))
            continue;
        CVYI_TRY(cvyi_py_make_text(&key, eval, name, strlen(name), err));
        CVYI_TRY(
            cvyi_py_dict_set(eval, out, &key, &node->members.values[i], err));
    }
    return CVY_OK;
}

cvy_status cvyi_torch_part_get(cvyi_py_value *out, bool *known,
                               cvyi_py_eval *eval, cvyi_torch_node *node,
                               const char *name, cvy_error *err)
{
    const cvyi_torch_held *const held = cvyi_torch_held_of(node, name);
    const cvyi_py_value *const member =
        cvyi_py_names_get(&node->members, name);
    method *m;

    *known = true;
    if (held != NULL) {
        *out = cvyi_torch_held_value(held);
        return CVY_OK;
    }
    if (member != NULL) {
        *out = *member;
        return CVY_OK;
    }
    if (strcmp(name, "training") == 0) {
        *out = cvyi_py_bool(false);
        return CVY_OK;
    }
    if (strcmp(name, "_modules") == 0)
        return dict_of(out, eval, node, err);
    if (strcmp(name, "__class__") == 0 && node->dotted != NULL) {
        *out = cvyi_py_host_value(&cvyi_torch_name_type,
                                  (void *)(uintptr_t)node->dotted);
        return CVY_OK;
    }
    CVYI_TRY(argument(out, known, eval, node, name, err));
    if (*known)
        return CVY_OK;
    *known = is_method(name) ||
             (node->kind != CVYI_TORCH_LEAF &&
              node->kind != CVYI_TORCH_CLASS && cvyi_torch_box_has(name));
    if (!*known)
        return CVY_OK;
    m = cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *m);
    if (m == NULL)
        return cvyi_no_memory(err);
    m->name = cvyi_arena_text(cvyi_py_arena(eval), name, strlen(name));
    m->node = node;
    *out = cvyi_py_host_value(&method_type, m);
    return m->name != NULL ? CVY_OK : cvyi_no_memory(err);
}
