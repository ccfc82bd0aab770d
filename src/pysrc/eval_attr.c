/* pysrc/eval_attr.c - attributes: value.name. */
#include "pysrc/eval_module.h"

/* `absent` of the functions below: the value is known not to have the name,
 * for hasattr and getattr with a default. */

static cvy_status no_attribute(bool *absent, cvyi_py_eval *eval,
                               const cvyi_py_value *value, const char *name,
                               cvy_error *err)
{
    *absent = true;
    return cvyi_py_throw(eval, err, "AttributeError",
                         "%s has no attribute '%.60s'",
                         cvyi_py_describe(eval, value), name);
}

/* ---- what a class holds, seen through an instance ---- */

static cvy_status bind(cvyi_py_value *out, cvyi_py_eval *eval,
                       const cvyi_py_value *value, const cvyi_py_value *self,
                       cvyi_py_class *class_, cvy_error *err)
{
    cvyi_py_method bound = { .kind = CVYI_PY_M_BOUND, .function = *value };

    if (value->type == CVYI_PY_V_METHOD) {
        switch (value->method->kind) {
        case CVYI_PY_M_STATIC:
            *out = value->method->function;
            return CVY_OK;
        case CVYI_PY_M_CLASS:
            bound.function = value->method->function;
            bound.self = cvyi_py_class_value(class_);
            return cvyi_py_make_method(out, eval, bound, err);
        case CVYI_PY_M_PROPERTY:
            if (self == NULL)
                break;
            return cvyi_py_call_plain(out, eval, &value->method->function,
                                      self, NULL, err);
        default:
            break;
        }
    }
    if (self == NULL ||
        (value->type != CVYI_PY_V_FUNCTION &&
         !(value->type == CVYI_PY_V_BUILTIN && value->builtin->is_method))) {
        *out = *value;
        return CVY_OK;
    }
    bound.self = *self;
    return cvyi_py_make_method(out, eval, bound, err);
}

static cvyi_py_class *class_of(const cvyi_py_value *self)
{
    return self->type == CVYI_PY_V_CLASS
               ? self->class_
               : (cvyi_py_class *)(uintptr_t)self->instance->class_;
}

/* The first of the classes and bases of the host that has the name, after
 * place `after`. What the host refuses is asked of the next one; its words
 * are kept for the end. */
static cvy_status along(cvyi_py_value *out, bool *absent, cvyi_py_eval *eval,
                        const cvyi_py_value *self, int after, const char *name,
                        cvy_error *err)
{
    cvyi_py_class *const class_ = class_of(self);
    const bool instance = self->type == CVYI_PY_V_INSTANCE;
    cvy_status refused = CVY_OK;
    cvyi_py_value made;

    for (int i = after + 1; i < class_->n_order; i++) {
        const cvyi_py_value *const base = &class_->order[i];

        if (base->type == CVYI_PY_V_CLASS) {
            const cvyi_py_value *const found =
                cvyi_py_names_get(&base->class_->names, name);

            if (found != NULL)
                return bind(out, eval, found, instance ? self : NULL, class_,
                            err);
            continue;
        }

        const cvyi_py_host_type *const type = base->host.type;

        if (instance ? type->base_get == NULL : type->get == NULL)
            continue;

        const cvy_status status =
            instance ? type->base_get(&made, eval, base, self, name, err)
                     : type->get(&made, eval, base, name, err);

        if (status == CVY_OK) {
            *out = made;
            return CVY_OK;
        }
        refused = cvyi_py_placed(eval, status, err);
        if (refused != CVY_UNSUPPORTED)
            return refused;
    }
    *absent = true;
    return refused;
}

/* ---- each type ---- */

static cvy_status of_instance(cvyi_py_value *out, bool *absent,
                              cvyi_py_eval *eval, const cvyi_py_value *value,
                              const char *name, cvy_error *err)
{
    cvyi_py_class *const class_ = class_of(value);
    const cvyi_py_value *const in_class = cvyi_py_class_find(class_, -1, name);
    const cvyi_py_value *const own =
        cvyi_py_names_get(&value->instance->names, name);
    const cvyi_py_value text = cvyi_py_text_value(name);
    cvy_status status;
    bool found;

    if (strcmp(name, "__dict__") == 0)
        return cvyi_py_instance_dict(out, eval, value->instance, err);
    if (value->instance->dict != NULL &&
        value->instance->dict->doubt != NULL) {
        *out = cvyi_py_opaque_value(value->instance->dict->doubt);
        return CVY_OK;
    }
    if (own != NULL && (in_class == NULL ||
                        !cvyi_py_is_method(in_class, CVYI_PY_M_PROPERTY))) {
        *out = *own;
        return CVY_OK;
    }
    if (strcmp(name, "__class__") == 0) {
        *out = cvyi_py_class_value(class_);
        return CVY_OK;
    }
    status = along(out, absent, eval, value, -1, name, err);
    if (!*absent)
        return status;
    if (cvyi_py_class_find(class_, -1, "__getattr__") != NULL) {
        *absent = false;
        return cvyi_py_special(out, &found, eval, value, "__getattr__", &text,
                               err);
    }
    if (status != CVY_OK)
        return status;
    if (value->instance->doubt != NULL) {
        *absent = false;
        *out = cvyi_py_opaque_value(value->instance->doubt);
        return CVY_OK;
    }
    return no_attribute(absent, eval, value, name, err);
}

static cvy_status of_class(cvyi_py_value *out, bool *absent,
                           cvyi_py_eval *eval, const cvyi_py_value *value,
                           const char *name, cvy_error *err)
{
    cvy_status status;

    if (strcmp(name, "__name__") == 0) {
        *out = cvyi_py_text_value(value->class_->name);
        return CVY_OK;
    }
    status = along(out, absent, eval, value, -1, name, err);
    if (!*absent || status != CVY_OK)
        return status;
    if (strcmp(name, "__init__") == 0) {
        *absent = false;
        *out = cvyi_py_builtin_value(&cvyi_py_object_init);
        return CVY_OK;
    }
    if (strncmp(name, "__", 2) == 0)
        return cvyi_py_refuse(eval, err, "%.60s of a class", name);
    return no_attribute(absent, eval, value, name, err);
}

/* super().name: the classes after the one that the method stands in. */
static cvy_status of_super(cvyi_py_value *out, bool *absent,
                           cvyi_py_eval *eval, const cvyi_py_value *value,
                           const char *name, cvy_error *err)
{
    const cvyi_py_value *const self = &value->method->self;
    const cvyi_py_class *const class_ = class_of(self);
    int at = 0;
    cvy_status status;

    while (at < class_->n_order &&
           !cvyi_py_identical(&class_->order[at], &value->method->function))
        at++;
    status = along(out, absent, eval, self, at, name, err);
    if (!*absent || status != CVY_OK)
        return status;
    if (strcmp(name, "__init__") == 0) {
        const cvyi_py_method bound = {
            .kind = CVYI_PY_M_BOUND,
            .self = *self,
            .function = cvyi_py_builtin_value(&cvyi_py_object_init),
        };

        *absent = false;
        return cvyi_py_make_method(out, eval, bound, err);
    }
    return no_attribute(absent, eval, value, name, err);
}

static cvy_status of_method(cvyi_py_value *out, bool *absent,
                            cvyi_py_eval *eval, const cvyi_py_value *value,
                            const char *name, cvy_error *err)
{
    const cvyi_py_method *const method = value->method;
    const cvyi_py_method setter = { .kind = CVYI_PY_M_SETTER, .self = *value };

    if (method->kind == CVYI_PY_M_SUPER)
        return of_super(out, absent, eval, value, name, err);
    if (method->kind == CVYI_PY_M_PROPERTY && strcmp(name, "setter") == 0)
        return cvyi_py_make_method(out, eval, setter, err);
    if (method->kind == CVYI_PY_M_BOUND && strcmp(name, "__self__") == 0) {
        *out = method->self;
        return CVY_OK;
    }
    if (method->kind == CVYI_PY_M_BOUND && strcmp(name, "__name__") == 0)
        return cvyi_py_eval_get(out, eval, &method->function, name, err);
    return cvyi_py_refuse(eval, err, "%.60s of %s", name,
                          cvyi_py_describe(eval, value));
}

static cvy_status of_module(cvyi_py_value *out, bool *absent,
                            cvyi_py_eval *eval, const cvyi_py_value *value,
                            const char *name, cvy_error *err)
{
    bool found;

    CVYI_TRY(cvyi_py_module_name(out, &found, eval, value, name, err));
    return found ? CVY_OK : no_attribute(absent, eval, value, name, err);
}

static cvy_status of_host(cvyi_py_value *out, bool *absent, cvyi_py_eval *eval,
                          const cvyi_py_value *value, const char *name,
                          cvy_error *err)
{
    cvyi_py_value made;
    cvy_status status;

    if (value->host.type->get == NULL) {
        *absent = true;
        return cvyi_py_refuse(eval, err, "%s has no attribute '%.60s'",
                              value->host.type->name, name);
    }
    status = value->host.type->get(&made, eval, value, name, err);
    if (status == CVY_OK)
        *out = made;
    *absent = status == CVY_UNSUPPORTED;
    return cvyi_py_placed(eval, status, err);
}

/* Methods of plain values, and of their types. */
static cvy_status of_plain(cvyi_py_value *out, bool *absent,
                           cvyi_py_eval *eval, const cvyi_py_value *value,
                           const char *name, cvy_error *err)
{
    const bool type =
        value->type == CVYI_PY_V_BUILTIN && value->builtin->is_type;
    const cvyi_py_builtin *found =
        cvyi_py_method_of(type ? value->builtin->type : value->type, name);
    cvyi_py_method bound = { .kind = CVYI_PY_M_BOUND, .self = *value };

    if (found != NULL && found->lenient && !cvyi_py_is_lenient(eval))
        found = NULL;
    if (strcmp(name, "__class__") == 0 && cvyi_py_type_of(value) != NULL) {
        *out = cvyi_py_builtin_value(cvyi_py_type_of(value));
        return CVY_OK;
    }
    if (value->type == CVYI_PY_V_BUILTIN && strcmp(name, "__name__") == 0) {
        *out = cvyi_py_text_value(value->builtin->name);
        return CVY_OK;
    }
    if (type && strcmp(name, "__init__") == 0 &&
        strcmp(value->builtin->name, "object") == 0) {
        *out = cvyi_py_builtin_value(&cvyi_py_object_init);
        return CVY_OK;
    }
    if (found == NULL && strncmp(name, "__", 2) == 0)
        return cvyi_py_refuse(eval, err, "%.60s of %s", name,
                              cvyi_py_describe(eval, value));
    if (found == NULL)
        return no_attribute(absent, eval, value, name, err);
    bound.function = cvyi_py_builtin_value(found);
    if (type) {
        *out = bound.function;
        return CVY_OK;
    }
    return cvyi_py_make_method(out, eval, bound, err);
}

static cvy_status get(cvyi_py_value *out, bool *absent, cvyi_py_eval *eval,
                      const cvyi_py_value *value, const char *name,
                      cvy_error *err)
{
    *absent = false;
    switch (value->type) {
    case CVYI_PY_V_INSTANCE:
        return of_instance(out, absent, eval, value, name, err);
    case CVYI_PY_V_CLASS:
        return of_class(out, absent, eval, value, name, err);
    case CVYI_PY_V_METHOD:
        return of_method(out, absent, eval, value, name, err);
    case CVYI_PY_V_MODULE:
        return of_module(out, absent, eval, value, name, err);
    case CVYI_PY_V_HOST:
        return of_host(out, absent, eval, value, name, err);
    case CVYI_PY_V_FUNCTION:
        if (strcmp(name, "__name__") != 0)
            return cvyi_py_refuse(eval, err, "%.60s of %s", name,
                                  cvyi_py_describe(eval, value));
        *out = cvyi_py_text_value(value->function->name);
        return CVY_OK;
    default:
        return of_plain(out, absent, eval, value, name, err);
    }
}

/* ---- for all ---- */

cvy_status cvyi_py_eval_get(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *value, const char *name,
                            cvy_error *err)
{
    const cvyi_py_value of = *value; /* may stand where out points */
    bool absent;

    if (of.type == CVYI_PY_V_OPAQUE) {
        *out = of;
        return CVY_OK;
    }
    return get(out, &absent, eval, &of, name, err);
}

cvy_status cvyi_py_try_get(cvyi_py_value *out, bool *found, cvyi_py_eval *eval,
                           const cvyi_py_value *value, const char *name,
                           cvy_error *err)
{
    cvy_error failed = { 0 };
    bool absent = false;
    const cvyi_py_value of = *value;
    cvy_status status = CVY_OK;

    if (of.type == CVYI_PY_V_OPAQUE)
        *out = of;
    else
        status = get(out, &absent, eval, &of, name, &failed);
    *found = status == CVY_OK;
    if (cvyi_py_threw(eval, status, "AttributeError") ||
        (status == CVY_UNSUPPORTED && absent && eval->raised == NULL)) {
        eval->raised = NULL;
        return CVY_OK;
    }
    if (status != CVY_OK && err != NULL)
        *err = failed;
    return status;
}

static cvy_status set_instance(cvyi_py_eval *eval, const cvyi_py_value *target,
                               const char *name, const cvyi_py_value *value,
                               cvy_error *err)
{
    const cvyi_py_class *const class_ = target->instance->class_;
    const cvyi_py_value *const found = cvyi_py_class_find(class_, -1, name);
    cvyi_py_value ignored;

    if (found != NULL && cvyi_py_is_method(found, CVYI_PY_M_PROPERTY)) {
        if (found->method->self.type == CVYI_PY_V_NONE)
            return cvyi_py_throw(eval, err, "AttributeError",
                                 "property '%.60s' has no setter", name);
        return cvyi_py_call_plain(&ignored, eval, &found->method->self, target,
                                  value, err);
    }
    if (strcmp(name, "__dict__") == 0)
        return cvyi_py_instance_adopt(eval, target->instance, value, err);
    CVYI_TRY(cvyi_py_instance_put(eval, target->instance, name, value, err));
    for (int i = 0; i < class_->n_order; i++) {
        const cvyi_py_value *const base = &class_->order[i];

        if (base->type == CVYI_PY_V_HOST && base->host.type->base_set != NULL)
            CVYI_TRY(cvyi_py_placed(eval,
                                    base->host.type->base_set(
                                        eval, base, target, name, value, err),
                                    err));
    }
    return CVY_OK;
}

cvy_status cvyi_py_set_attr(cvyi_py_eval *eval, const cvyi_py_value *target,
                            const char *name, const cvyi_py_value *value,
                            cvy_error *err)
{
    cvyi_py_count(eval, value);
    switch (target->type) {
    case CVYI_PY_V_OPAQUE:
        return CVY_OK;
    case CVYI_PY_V_INSTANCE:
        return set_instance(eval, target, name, value, err);
    case CVYI_PY_V_CLASS:
        return cvyi_py_names_set(eval, &target->class_->names, name, value,
                                 err);
    case CVYI_PY_V_MODULE:
        return cvyi_py_names_set(eval, &target->module->names, name, value,
                                 err);
    case CVYI_PY_V_HOST:
        if (target->host.type->set != NULL)
            return cvyi_py_placed(
                eval, target->host.type->set(eval, target, name, value, err),
                err);
        break;
    default:
        break;
    }
    return cvyi_py_refuse(eval, err, "the attribute '%.60s' of %s is set",
                          name, cvyi_py_describe(eval, target));
}

static bool deletes(const cvyi_py_eval *eval, const cvyi_py_class *class_)
{
    const cvyi_py_value *const base = cvyi_py_host_base(class_);

    return base == NULL ||
           (base->host.type->base_deletes && cvyi_py_is_lenient(eval));
}

cvy_status cvyi_py_del_attr(cvyi_py_eval *eval, const cvyi_py_value *target,
                            const char *name, cvy_error *err)
{
    if (target->type == CVYI_PY_V_OPAQUE)
        return CVY_OK;
    if (target->type != CVYI_PY_V_INSTANCE ||
        !deletes(eval, target->instance->class_))
        return cvyi_py_refuse(eval, err,
                              "the attribute '%.60s' of %s is "
                              "deleted",
                              name, cvyi_py_describe(eval, target));
    if (!cvyi_py_instance_has(target->instance, name))
        return cvyi_py_throw(eval, err, "AttributeError",
                             "%s has no attribute '%.60s'",
                             cvyi_py_describe(eval, target), name);
    return cvyi_py_instance_drop(eval, target->instance, name, err);
}
