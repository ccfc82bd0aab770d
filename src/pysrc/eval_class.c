/* pysrc/eval_class.c - classes and their instances. */
#include "pysrc/eval_parts.h"

/* ---- the order in which classes are asked (C3) ---- */

static bool same_base(const cvyi_py_value *a, const cvyi_py_value *b)
{
    return cvyi_py_identical(a, b);
}

typedef struct chain {
    const cvyi_py_value *items;
    int n;
} chain;

static bool in_a_tail(const chain *chains, int n, const cvyi_py_value *head)
{
    for (int i = 0; i < n; i++)
        for (int j = 1; j < chains[i].n; j++)
            if (same_base(&chains[i].items[j], head))
                return true;
    return false;
}

/* The first head that no other chain has further back, or NULL. */
static const cvyi_py_value *next_head(const chain *chains, int n)
{
    for (int i = 0; i < n; i++)
        if (chains[i].n > 0 && !in_a_tail(chains, n, chains[i].items))
            return chains[i].items;
    return NULL;
}

static cvy_status merge(cvyi_py_seq *out, cvyi_py_eval *eval, chain *chains,
                        int n, cvy_error *err)
{
    for (;;) {
        const cvyi_py_value *head = next_head(chains, n);
        bool left = false;

        for (int i = 0; i < n; i++)
            left = left || chains[i].n > 0;
        if (!left)
            return CVY_OK;
        CVYI_TRY(cvyi_py_tick(eval, n, err));
        if (head == NULL)
            return cvyi_py_throw(
                eval, err, "TypeError",
                "the bases of a class cannot be put in order");
        CVYI_TRY(cvyi_py_seq_add(eval, out, head, err));
        for (int i = 0; i < n; i++)
            if (chains[i].n > 0 &&
                same_base(chains[i].items, &out->items[out->n - 1])) {
                chains[i].items++;
                chains[i].n--;
            }
    }
}

cvy_status cvyi_py_class_order(cvyi_py_eval *eval, cvyi_py_class *class_,
                               cvy_error *err)
{
    const cvyi_py_value self = cvyi_py_class_value(class_);
    const int n = class_->n_bases;
    cvyi_py_seq order = { 0 };
    chain *chains;

    CVYI_PY_NEW(chains, eval, n + 1, err);
    for (int i = 0; i < n; i++) {
        const cvyi_py_value *const base = &class_->bases[i];
        const bool ours = base->type == CVYI_PY_V_CLASS;

        chains[i].items = ours ? base->class_->order : base;
        chains[i].n = ours ? base->class_->n_order : 1;
    }
    chains[n].items = class_->bases;
    chains[n].n = n;
    CVYI_TRY(cvyi_py_seq_add(eval, &order, &self, err));
    CVYI_TRY(merge(&order, eval, chains, n + 1, err));
    class_->order = order.items;
    class_->n_order = order.n;
    return CVY_OK;
}

const cvyi_py_value *cvyi_py_class_find(const cvyi_py_class *class_, int after,
                                        const char *name)
{
    for (int i = after + 1; i < class_->n_order; i++) {
        const cvyi_py_value *const base = &class_->order[i];
        const cvyi_py_value *const value =
            base->type == CVYI_PY_V_CLASS
                ? cvyi_py_names_get(&base->class_->names, name)
                : NULL;

        if (value != NULL)
            return value;
    }
    return NULL;
}

bool cvyi_py_derived(const cvyi_py_class *class_, const cvyi_py_value *base)
{
    for (int i = 0; i < class_->n_order; i++)
        if (same_base(&class_->order[i], base))
            return true;
    return false;
}

const cvyi_py_value *cvyi_py_host_base(const cvyi_py_class *class_)
{
    for (int i = 0; i < class_->n_order; i++)
        if (class_->order[i].type == CVYI_PY_V_HOST)
            return &class_->order[i];
    return NULL;
}

/* ---- class statements ---- */

static cvy_status set_bases(cvyi_py_class *class_, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_seq bases;
    int kept = 0;

    CVYI_TRY(cvyi_py_exprs(&bases, eval, &node->def.bases, err));
    for (int i = 0; i < bases.n; i++) {
        const cvyi_py_value *const base = &bases.items[i];

        if (base->type == CVYI_PY_V_BUILTIN &&
            strcmp(base->builtin->name, "object") == 0)
            continue;
        if (base->type == CVYI_PY_V_OPAQUE)
            return cvyi_py_refuse_opaque(eval, base, err);
        if (base->type != CVYI_PY_V_CLASS && base->type != CVYI_PY_V_HOST)
            return cvyi_py_refuse(eval, err, "a class derived from %s",
                                  cvyi_py_describe(eval, base));
        bases.items[kept++] = cvyi_py_unnamed(*base);
    }
    class_->bases = bases.items;
    class_->n_bases = kept;
    return CVY_OK;
}

static cvy_status run_class(cvyi_py_class *class_, cvyi_py_eval *eval,
                            const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_frame *const frame = eval->frame;
    cvyi_py_scope *const outer = frame->scope;
    cvyi_py_cell *const outer_cell = frame->cell;
    const cvyi_py_bound *bound;
    cvyi_py_scope *scope;
    cvyi_py_cell *cell;
    cvyi_py_flow flow;
    cvy_status status;

    CVYI_TRY(cvyi_py_bound_of(&bound, eval, node, err));
    CVYI_TRY(
        cvyi_py_scope_open(&scope, eval, CVYI_PY_SCOPE_CLASS, bound, err));
    CVYI_PY_NEW(cell, eval, 1, err);
    scope->outer = outer;
    frame->scope = scope;
    frame->cell = cell;
    status = cvyi_py_body(&flow, eval, &node->def.body, err);
    frame->scope = outer;
    frame->cell = outer_cell;
    if (status != CVY_OK)
        return status;
    class_->names = *scope->names;
    cell->class_ = class_;
    return CVY_OK;
}

static const char *const refused_names[] = {
    "__new__",           "__setattr__",       "__getattribute__",
    "__init_subclass__", "__class_getitem__", "__delattr__",
    "__slots__",         "__metaclass__",     "__set_name__",
};

/* metaclass=ABCMeta: nothing that an evaluation meets, in a lenient host. */
static bool only_abstract(const cvyi_py_eval *eval, const cvyi_py_node *node)
{
    bool only = cvyi_py_is_lenient(eval);

    for (int i = 0; only && i < node->def.n_keywords; i++) {
        const cvyi_py_keyword *const keyword = &node->def.keywords[i];
        const char *const name = keyword->value->kind == CVYI_PY_NAME
                                     ? keyword->value->name
                                 : keyword->value->kind == CVYI_PY_ATTRIBUTE
                                     ? keyword->value->attribute.attr
                                     : "";

        only = keyword->name != NULL &&
               strcmp(keyword->name, "metaclass") == 0 &&
               strcmp(name, "ABCMeta") == 0;
    }
    return only;
}

static bool passes(const cvyi_py_eval *eval, const char *name)
{
    return cvyi_py_is_lenient(eval) && (strcmp(name, "__slots__") == 0 ||
                                        strcmp(name, "__metaclass__") == 0);
}

cvy_status cvyi_py_make_class(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_node *node, cvy_error *err)
{
    cvyi_py_class *class_;
    cvyi_py_value made;
    bool done = false;

    if (eval->host->define != NULL) {
        CVYI_TRY(cvyi_py_placed(eval,
                                eval->host->define(&made, &done, eval,
                                                   eval->frame->file->tree,
                                                   node, err),
                                err));
        if (done) {
            *out = made;
            return CVY_OK;
        }
    }
    if (node->def.n_keywords > 0 && !only_abstract(eval, node))
        return cvyi_py_refuse(eval, err,
                              "a class with a metaclass or other "
                              "keywords");
    CVYI_PY_NEW(class_, eval, 1, err);
    class_->name = node->def.name;
    class_->node = node;
    class_->file = eval->frame->file->tree->name;
    CVYI_TRY(set_bases(class_, eval, node, err));
    CVYI_TRY(cvyi_py_class_order(eval, class_, err));
    CVYI_TRY(run_class(class_, eval, node, err));
    eval->frame->line = node->line;
    for (size_t i = 0; i < sizeof refused_names / sizeof *refused_names; i++)
        if (cvyi_py_names_get(&class_->names, refused_names[i]) != NULL &&
            !passes(eval, refused_names[i]))
            return cvyi_py_refuse(eval, err, "the class %.60s has its own %s",
                                  class_->name, refused_names[i]);
    *out = cvyi_py_class_value(class_);
    return CVY_OK;
}

/* ---- instances ---- */

bool cvyi_py_instance_has(const cvyi_py_instance *instance, const char *name)
{
    return cvyi_py_names_get(&instance->names, name) != NULL;
}

/* __init__ of the class or the host that comes first. */
static cvy_status initialise(cvyi_py_eval *eval, const cvyi_py_value *self,
                             const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_class *const class_ = self->instance->class_;
    cvyi_py_value init, ignored;

    for (int i = 0; i < class_->n_order; i++) {
        const cvyi_py_value *const base = &class_->order[i];
        const cvyi_py_value *found;

        if (base->type == CVYI_PY_V_CLASS) {
            found = cvyi_py_names_get(&base->class_->names, "__init__");
            if (found != NULL)
                return cvyi_py_call_with(&ignored, eval, found, self, args,
                                         err);
        } else if (base->host.type->base_get != NULL) {
            CVYI_TRY(cvyi_py_placed(eval,
                                    base->host.type->base_get(&init, eval,
                                                              base, self,
                                                              "__init__", err),
                                    err));
            return cvyi_py_eval_call(&ignored, eval, &init, args, err);
        }
    }
    if (args->n + args->n_keywords > 0)
        return cvyi_py_throw(eval, err, "TypeError",
                             "%.60s() takes no arguments", class_->name);
    return CVY_OK;
}

cvy_status cvyi_py_instantiate(cvyi_py_value *out, cvyi_py_eval *eval,
                               cvyi_py_class *class_,
                               const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_py_value made = { .type = CVYI_PY_V_INSTANCE };

    CVYI_PY_NEW(made.instance, eval, 1, err);
    made.instance->class_ = class_;
    made.instance->line = cvyi_py_line_now(eval);
    CVYI_TRY(initialise(eval, &made, args, err));
    *out = made;
    return CVY_OK;
}

cvy_status cvyi_py_call_instance(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_value *self,
                                 const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_py_class *const class_ = self->instance->class_;
    cvyi_py_value made;

    for (int i = 0; i < class_->n_order; i++) {
        const cvyi_py_value *const base = &class_->order[i];
        const cvyi_py_value *found;

        if (base->type == CVYI_PY_V_CLASS) {
            found = cvyi_py_names_get(&base->class_->names, "__call__");
            if (found != NULL)
                return cvyi_py_call_with(out, eval, found, self, args, err);
        } else if (base->host.type->base_call != NULL) {
            CVYI_TRY(cvyi_py_placed(
                eval,
                base->host.type->base_call(&made, eval, base, self, args, err),
                err));
            *out = made;
            return CVY_OK;
        }
    }
    return cvyi_py_throw(eval, err, "TypeError", "%s cannot be called",
                         cvyi_py_describe(eval, self));
}

cvy_status cvyi_py_special(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                           const cvyi_py_value *self, const char *name,
                           const cvyi_py_value *b, cvy_error *err)
{
    const cvyi_py_value *method = NULL;
    cvyi_py_call_args args = { .n = b != NULL, .values = b };

    if (self->type == CVYI_PY_V_INSTANCE)
        method = cvyi_py_class_find(self->instance->class_, -1, name);
    *found = method != NULL;
    if (method == NULL)
        return CVY_OK;
    if (method->type != CVYI_PY_V_FUNCTION &&
        method->type != CVYI_PY_V_BUILTIN)
        return cvyi_py_refuse(eval, err, "%s of %s is %s", name,
                              cvyi_py_describe(eval, self),
                              cvyi_py_describe(eval, method));
    return cvyi_py_call_with(out, eval, method, self, &args, err);
}
