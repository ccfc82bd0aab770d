/*
 * read/python/torch/part.c - modules of a script: what they hold, and what
 * every module can be asked.
 */
#include "read/python/torch/script.h"

#include <stdio.h>
#include <string.h>

enum { MOST_MODULES = 1 << 16 }; /* that a script makes */

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
    return node->made <= MOST_MODULES
               ? CVY_OK
               : cvyi_py_refuse(eval, err, "so many modules");
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

static bool has_member(const cvyi_torch_node *node, const char *name)
{
    for (int i = 0; i < node->members.n; i++)
        if (strcmp(node->members.names[i], name) == 0)
            return cvyi_torch_is_member(node, i);
    return false;
}

static cvy_status walk(cvyi_torch_walk *w, cvyi_py_eval *eval,
                       cvyi_torch_node *node, const char *path, int depth,
                       cvy_error *err)
{
    enum { DEEPEST = 64, MOST = 1 << 16 };
    struct cvyi_torch_walked *items;

    const bool again = node->walk == w->number;

    if (again && !w->again)
        return CVY_OK;
    node->walk = w->number;
    if (depth > DEEPEST || w->n >= MOST)
        return cvyi_py_refuse(eval, err, "modules are nested too deep");
    items = cvyi_arena_grow(&w->arena, w->items, w->n, &w->capacity,
                            sizeof *items);
    if (items == NULL)
        return cvyi_no_memory(err);
    w->items = items;
    items[w->n++] = (struct cvyi_torch_walked){ path, node, again };
    for (int i = 0; i < node->members.n; i++) {
        const char *inner;

        if (!cvyi_torch_is_member(node, i))
            continue;
        inner = cvyi_arena_printf(&w->arena, "%s%s%s", path,
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
    w->number = ++cvyi_torch_script_of(eval)->walks;
    return walk(w, eval, node, "", 0, err);
}

void cvyi_torch_walk_close(cvyi_torch_walk *w)
{
    cvyi_arena_close(&w->arena);
    *w = (cvyi_torch_walk){ 0 };
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

/* What is collected in the walk's own memory becomes a list. */
typedef struct listing {
    cvyi_py_eval *eval;
    cvyi_torch_walk walk;
    bool named;
    int n, capacity;
    cvyi_py_value *items;
    cvy_error *err;
} listing;

static cvy_status put(listing *l, const char *name, const cvyi_py_value *value)
{
    cvyi_py_value *const items = cvyi_arena_grow(
        &l->walk.arena, l->items, l->n, &l->capacity, sizeof *items);

    if (items == NULL)
        return cvyi_no_memory(l->err);
    l->items = items;
    items[l->n] = *value;
    if (l->named)
        CVYI_TRY(pair(&items[l->n], l->eval, name, value, l->err));
    l->n++;
    return CVY_OK;
}

static cvy_status put_modules(listing *l, cvyi_torch_node *node)
{
    CVYI_TRY(cvyi_torch_walk_over(&l->walk, l->eval, node, l->err));
    for (int i = 0; i < l->walk.n; i++)
        CVYI_TRY(put(l, l->walk.items[i].path, &l->walk.items[i].node->self));
    return CVY_OK;
}

static cvy_status put_children(listing *l, cvyi_torch_node *node)
{
    const cvyi_py_names *const members = &node->members;
    const int number = ++cvyi_torch_script_of(l->eval)->walks;

    for (int i = 0; i < members->n; i++) {
        cvyi_torch_node *const inner = cvyi_torch_node_of(&members->values[i]);

        if (!cvyi_torch_is_member(node, i) || inner->walk == number)
            continue;
        inner->walk = number;
        CVYI_TRY(put(l, members->names[i], &members->values[i]));
    }
    return CVY_OK;
}

static cvy_status put_weights(listing *l, cvyi_torch_node *node,
                              cvyi_torch_role role)
{
    CVYI_TRY(cvyi_torch_walk_over(&l->walk, l->eval, node, l->err));
    for (int i = 0; i < l->walk.n; i++) {
        const cvyi_torch_holding *const h = l->walk.items[i].node->holding;
        const char *const path = l->walk.items[i].path;

        for (int k = 0; k < h->n; k++) {
            const cvyi_py_value item = cvyi_torch_held_value(&h->items[k]);
            const char *name;

            if (h->items[k].weight == NULL || h->items[k].weight->role != role)
                continue;
            name =
                cvyi_arena_printf(&l->walk.arena, "%s%s%s", path,
                                  *path != '\0' ? "." : "", h->items[k].name);
            if (name == NULL)
                return cvyi_no_memory(l->err);
            CVYI_TRY(put(l, name, &item));
        }
    }
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
    const cvy_status status = cvyi_torch_walk_over(&w, eval, node, err);

    for (int i = 0; status == CVY_OK && i < w.n; i++)
        for (int k = 0; k < w.items[i].node->holding->n; k++)
            if (w.items[i].node->holding->items[k].weight != NULL)
                w.items[i].node->holding->items[k].weight->frozen = frozen;
    cvyi_torch_walk_close(&w);
    return status;
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

static cvy_status put_named(listing *l, bool *known, cvyi_torch_node *node,
                            const char *name)
{
    *known = true;
    if (strcmp(name, "modules") == 0)
        return put_modules(l, node);
    if (strcmp(name, "children") == 0)
        return put_children(l, node);
    if (strcmp(name, "parameters") == 0)
        return put_weights(l, node, CVYI_TORCH_PARAMETER);
    if (strcmp(name, "buffers") == 0)
        return put_weights(l, node, CVYI_TORCH_BUFFER);
    *known = false;
    return CVY_OK;
}

/* modules(), named_modules() … as lists. */
static cvy_status list(cvyi_py_value *out, bool *known, cvyi_py_eval *eval,
                       cvyi_torch_node *node, const char *name, cvy_error *err)
{
    const bool named = strncmp(name, "named_", 6) == 0;
    listing l = { .eval = eval, .named = named, .err = err };
    cvy_status status = put_named(&l, known, node, named ? name + 6 : name);

    if (status == CVY_OK && *known)
        status =
            cvyi_py_make_seq(out, eval, CVYI_PY_V_LIST, l.items, l.n, err);
    cvyi_torch_walk_close(&l.walk);
    return status;
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
    if (member != NULL && has_member(node, name)) {
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
