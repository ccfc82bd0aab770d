/* pysrc/eval_builtin_object.c - builtins over objects and classes. */
#include "pysrc/eval_builtins.h"

cvy_status cvyi_py_b_print(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    (void)eval;
    (void)given;
    (void)err;
    *out = cvyi_py_none();
    return CVY_OK;
}

cvy_status cvyi_py_b_exit(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    (void)out;
    (void)given;
    return cvyi_py_throw(eval, err, "SystemExit", "the source ends here");
}

cvy_status cvyi_py_b_vars(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    if (given->at[0] == NULL || given->at[0]->type != CVYI_PY_V_INSTANCE)
        return cvyi_py_refuse(eval, err, "vars() is not evaluated");
    return cvyi_py_eval_get(out, eval, given->at[0], "__dict__", err);
}

/* ---- attributes ---- */

cvy_status cvyi_py_b_getattr(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    const char *name;
    bool found;

    CVYI_TRY(cvyi_py_need_text(&name, eval, given->at[1], "a name", err));
    if (given->at[2] == NULL)
        return cvyi_py_eval_get(out, eval, given->at[0], name, err);
    CVYI_TRY(cvyi_py_try_get(out, &found, eval, given->at[0], name, err));
    if (!found)
        *out = *given->at[2];
    return CVY_OK;
}

cvy_status cvyi_py_b_hasattr(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value ignored;
    const char *name;
    bool found;

    CVYI_TRY(cvyi_py_need_text(&name, eval, given->at[1], "a name", err));
    CVYI_TRY(cvyi_py_try_get(&ignored, &found, eval, given->at[0], name, err));
    *out = found && ignored.type == CVYI_PY_V_OPAQUE ? ignored
                                                     : cvyi_py_bool(found);
    return CVY_OK;
}

cvy_status cvyi_py_b_setattr(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_given *given, cvy_error *err)
{
    const char *name;

    CVYI_TRY(cvyi_py_need_text(&name, eval, given->at[1], "a name", err));
    CVYI_TRY(cvyi_py_set_attr(eval, given->at[0], name, given->at[2], err));
    *out = cvyi_py_none();
    return CVY_OK;
}

cvy_status cvyi_py_b_callable(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const x = given->at[0];

    switch (x->type) {
    case CVYI_PY_V_FUNCTION:
    case CVYI_PY_V_BUILTIN:
    case CVYI_PY_V_CLASS:
        *out = cvyi_py_bool(true);
        return CVY_OK;
    case CVYI_PY_V_METHOD:
        *out = cvyi_py_bool(x->method->kind == CVYI_PY_M_BOUND ||
                            x->method->kind == CVYI_PY_M_STATIC);
        return CVY_OK;
    case CVYI_PY_V_HOST:
        *out = cvyi_py_bool(x->host.type->call != NULL);
        return CVY_OK;
    case CVYI_PY_V_INSTANCE:
        if (cvyi_py_class_find(x->instance->class_, -1, "__call__") == NULL &&
            cvyi_py_host_base(x->instance->class_) != NULL)
            return cvyi_py_refuse(eval, err, "callable() of %s",
                                  cvyi_py_describe(eval, x));
        *out = cvyi_py_bool(
            cvyi_py_class_find(x->instance->class_, -1, "__call__") != NULL);
        return CVY_OK;
    default:
        *out = cvyi_py_bool(false);
        return CVY_OK;
    }
}

/* ---- types ---- */

cvy_status cvyi_py_b_type(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_builtin *const type = cvyi_py_type_of(given->at[0]);

    if (type != NULL) {
        *out = cvyi_py_builtin_value(type);
        return CVY_OK;
    }
    if (given->at[0]->type == CVYI_PY_V_INSTANCE ||
        given->at[0]->type == CVYI_PY_V_HOST)
        return cvyi_py_eval_get(out, eval, given->at[0], "__class__", err);
    return cvyi_py_refuse(eval, err, "type() of %s",
                          cvyi_py_describe(eval, given->at[0]));
}

/* A value of the host that passes for a number says so by __class__. */
static cvy_status own_type(const cvyi_py_builtin **out, cvyi_py_eval *eval,
                           const cvyi_py_value *value, cvy_error *err)
{
    cvyi_py_value type;
    bool found;

    *out = cvyi_py_type_of(value);
    if (value->type != CVYI_PY_V_HOST)
        return CVY_OK;
    CVYI_TRY(cvyi_py_try_get(&type, &found, eval, value, "__class__", err));
    if (found && type.type == CVYI_PY_V_BUILTIN)
        *out = type.builtin;
    return CVY_OK;
}

static cvy_status is_builtin(bool *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value,
                             const cvyi_py_builtin *type, cvy_error *err)
{
    const cvyi_py_builtin *own;

    if (strcmp(type->name, "object") == 0) {
        *out = true;
        return CVY_OK;
    }
    if (type->type == CVYI_PY_V_METHOD)
        return cvyi_py_refuse(eval, err, "isinstance() of %s", type->name);
    CVYI_TRY(own_type(&own, eval, value, err));
    *out = own == type || (own != NULL && own->type == CVYI_PY_V_BOOL &&
                           type->type == CVYI_PY_V_INT);
    return CVY_OK;
}

static cvy_status is_of_host(bool *out, cvyi_py_eval *eval,
                             const cvyi_py_value *value,
                             const cvyi_py_value *type, cvy_error *err)
{
    bool is;

    if (value->type == CVYI_PY_V_INSTANCE &&
        cvyi_py_derived(value->instance->class_, type)) {
        *out = true;
        return CVY_OK;
    }
    if (type->host.type->instance_of == NULL)
        return cvyi_py_refuse(eval, err, "isinstance() of %s",
                              type->host.type->name);
    CVYI_TRY(cvyi_py_placed(
        eval, type->host.type->instance_of(&is, eval, type, value, err), err));
    *out = is;
    return CVY_OK;
}

static cvy_status isinstance_of(bool *out, cvyi_py_eval *eval,
                                const cvyi_py_value *value,
                                const cvyi_py_value *type, cvy_error *err)
{
    bool is = false;

    if (value->type == CVYI_PY_V_OPAQUE || type->type == CVYI_PY_V_OPAQUE)
        return cvyi_py_refuse_opaque(
            eval, value->type == CVYI_PY_V_OPAQUE ? value : type, err);
    if (type->type == CVYI_PY_V_TUPLE) {
        for (int i = 0; !is && i < type->seq->n; i++)
            CVYI_TRY(cvyi_py_isinstance(&is, eval, value, &type->seq->items[i],
                                        err));
        *out = is;
        return CVY_OK;
    }
    if (type->type == CVYI_PY_V_CLASS) {
        *out = value->type == CVYI_PY_V_INSTANCE &&
               cvyi_py_derived(value->instance->class_, type);
        return CVY_OK;
    }
    if (type->type == CVYI_PY_V_BUILTIN && type->builtin->is_type)
        return is_builtin(out, eval, value, type->builtin, err);
    if (type->type == CVYI_PY_V_HOST)
        return is_of_host(out, eval, value, type, err);
    return cvyi_py_throw(eval, err, "TypeError", "isinstance() of %s",
                         cvyi_py_describe(eval, type));
}

cvy_status cvyi_py_isinstance(bool *out, cvyi_py_eval *eval,
                              const cvyi_py_value *value,
                              const cvyi_py_value *type, cvy_error *err)
{
    cvy_status status;

    CVYI_TRY(cvyi_py_enter(eval, err));
    status = cvyi_py_tick(eval, 1, err);
    if (status == CVY_OK)
        status = isinstance_of(out, eval, value, type, err);
    eval->nesting--;
    return status;
}

cvy_status cvyi_py_b_isinstance(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    bool is;

    CVYI_TRY(cvyi_py_isinstance(&is, eval, given->at[0], given->at[1], err));
    *out = cvyi_py_bool(is);
    return CVY_OK;
}

cvy_status cvyi_py_b_issubclass(cvyi_py_value *out, cvyi_py_eval *eval,
                                const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const class_ = given->at[0], *type = given->at[1];

    if (class_->type != CVYI_PY_V_CLASS ||
        (type->type != CVYI_PY_V_CLASS && type->type != CVYI_PY_V_HOST))
        return cvyi_py_refuse(eval, err, "issubclass() of %s and %s",
                              cvyi_py_describe(eval, class_),
                              cvyi_py_describe(eval, type));
    if (type->type == CVYI_PY_V_HOST &&
        !cvyi_py_derived(class_->class_, type) &&
        cvyi_py_host_base(class_->class_) != NULL)
        return cvyi_py_refuse(eval, err, "issubclass() of %s",
                              type->host.type->name);
    *out = cvyi_py_bool(cvyi_py_derived(class_->class_, type));
    return CVY_OK;
}

/* ---- what decorates methods ---- */

static cvy_status wrap(cvyi_py_value *out, cvyi_py_eval *eval,
                       cvyi_py_method_kind kind, const cvyi_py_value *function,
                       const cvyi_py_value *self, cvy_error *err)
{
    const cvyi_py_method method = {
        .kind = kind,
        .function = *function,
        .self = self != NULL ? *self : cvyi_py_none(),
    };

    return cvyi_py_make_method(out, eval, method, err);
}

cvy_status cvyi_py_b_staticmethod(cvyi_py_value *out, cvyi_py_eval *eval,
                                  const cvyi_py_given *given, cvy_error *err)
{
    return wrap(out, eval, CVYI_PY_M_STATIC, given->at[0], NULL, err);
}

cvy_status cvyi_py_b_classmethod(cvyi_py_value *out, cvyi_py_eval *eval,
                                 const cvyi_py_given *given, cvy_error *err)
{
    return wrap(out, eval, CVYI_PY_M_CLASS, given->at[0], NULL, err);
}

cvy_status cvyi_py_b_property(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_given *given, cvy_error *err)
{
    return wrap(out, eval, CVYI_PY_M_PROPERTY, given->at[0], given->at[1],
                err);
}

/* ---- super ---- */

/* The class that the running method stands in, and its first argument. */
static cvy_status surroundings(cvyi_py_value *class_, cvyi_py_value *self,
                               cvyi_py_eval *eval, cvy_error *err)
{
    const cvyi_py_frame *const frame = eval->frame;
    const cvyi_py_value *first = NULL;
    const cvyi_py_scope *scope = frame != NULL ? frame->scope : NULL;

    while (scope != NULL && scope->kind == CVYI_PY_SCOPE_COMPREHENSION)
        scope = scope->outer;
    if (scope != NULL && frame->function != NULL && frame->cell != NULL &&
        frame->function->node->def.args.n_positional > 0)
        first = cvyi_py_names_get(
            scope->names, frame->function->node->def.args.positional[0].name);
    if (first == NULL || frame->cell->class_ == NULL)
        return cvyi_py_throw(eval, err, "RuntimeError",
                             "super() outside of a method");
    *class_ = cvyi_py_class_value(frame->cell->class_);
    *self = *first;
    return CVY_OK;
}

cvy_status cvyi_py_b_super(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value class_, self;

    if (given->at[0] == NULL) {
        CVYI_TRY(surroundings(&class_, &self, eval, err));
    } else if (given->at[1] == NULL) {
        return cvyi_py_refuse(eval, err, "super() of a class alone");
    } else {
        class_ = cvyi_py_unnamed(*given->at[0]);
        self = *given->at[1];
    }
    if (class_.type != CVYI_PY_V_CLASS && class_.type != CVYI_PY_V_HOST)
        return cvyi_py_throw(eval, err, "TypeError", "super() of %s",
                             cvyi_py_describe(eval, &class_));

    const cvyi_py_class *const of =
        self.type == CVYI_PY_V_INSTANCE ? self.instance->class_
        : self.type == CVYI_PY_V_CLASS  ? self.class_
                                        : NULL;

    if (of == NULL || !cvyi_py_derived(of, &class_))
        return cvyi_py_throw(eval, err, "TypeError",
                             "super() of something of another class");
    return wrap(out, eval, CVYI_PY_M_SUPER, &class_, &self, err);
}
