/*
 * pysrc/eval_instance.c - attributes of an instance, and its __dict__.
 *
 * The dict is made when it is asked for. From then on both hold the same:
 * what changes one changes the other.
 */
#include "pysrc/eval_parts.h"

/* What a host makes of an attribute that is set is not asked here. */
static bool is_plain(const cvyi_py_instance *instance)
{
    return cvyi_py_host_base(instance->class_) == NULL;
}

static cvy_status unknown_dict(cvyi_py_eval *eval, cvyi_py_instance *instance,
                               const char *reason, cvy_error *err)
{
    const cvyi_py_cause *cause;

    if (!cvyi_py_is_lenient(eval))
        return cvyi_py_refuse(eval, err, "%s", reason);
    CVYI_TRY(cvyi_py_make_cause(&cause, eval, err, "%s", reason));
    instance->doubt = cause;
    return cvyi_py_refuse_cause(eval, cause, err);
}

cvy_status cvyi_py_instance_dict(cvyi_py_value *out, cvyi_py_eval *eval,
                                 cvyi_py_instance *instance, cvy_error *err)
{
    const cvyi_py_names *const names = &instance->names;
    cvyi_py_value made = { .type = CVYI_PY_V_DICT };

    if (!is_plain(instance) || !cvyi_py_is_lenient(eval))
        return unknown_dict(eval, instance, "__dict__ of an instance is used",
                            err);
    if (instance->doubt != NULL)
        return cvyi_py_refuse_cause(eval, instance->doubt, err);
    if (instance->dict == NULL) {
        CVYI_TRY(cvyi_py_make_dict(&made, eval, err));
        for (int i = 0; i < names->n; i++) {
            const cvyi_py_value key = cvyi_py_text_value(names->names[i]);

            CVYI_TRY(
                cvyi_py_dict_set(eval, &made, &key, &names->values[i], err));
        }
        made.map->of = instance;
        instance->dict = made.map;
    }
    made.map = instance->dict;
    *out = made;
    return CVY_OK;
}

cvy_status cvyi_py_instance_put(cvyi_py_eval *eval, cvyi_py_instance *instance,
                                const char *name, const cvyi_py_value *value,
                                cvy_error *err)
{
    const cvyi_py_value key = cvyi_py_text_value(name);
    cvyi_py_value dict = { .type = CVYI_PY_V_DICT };

    dict.map = instance->dict;
    return dict.map != NULL
               ? cvyi_py_dict_set(eval, &dict, &key, value, err)
               : cvyi_py_names_set(eval, &instance->names, name, value, err);
}

cvy_status cvyi_py_instance_drop(cvyi_py_eval *eval,
                                 cvyi_py_instance *instance, const char *name,
                                 cvy_error *err)
{
    const cvyi_py_value key = cvyi_py_text_value(name);
    int at = -1;

    if (instance->dict != NULL)
        CVYI_TRY(cvyi_py_find(&at, eval, instance->dict->keys,
                              instance->dict->n, &key, err));
    if (at >= 0)
        cvyi_py_map_drop(instance->dict, at);
    cvyi_py_names_drop(&instance->names, name);
    return CVY_OK;
}

/* self.__dict__ = d: one dict for one instance. */
cvy_status cvyi_py_instance_adopt(cvyi_py_eval *eval,
                                  cvyi_py_instance *instance,
                                  const cvyi_py_value *value, cvy_error *err)
{
    bool good = value->type == CVYI_PY_V_DICT && value->map->doubt == NULL &&
                value->map->of == NULL && is_plain(instance) &&
                instance->doubt == NULL && cvyi_py_is_lenient(eval);

    for (int i = 0; good && i < value->map->n; i++)
        good = value->map->keys[i].type == CVYI_PY_V_TEXT;
    if (!good) {
        const cvy_status status = unknown_dict(
            eval, instance, "__dict__ of an instance is set", err);

        if (instance->doubt != NULL) /* whoever has the dict has it, too */
            cvyi_py_mark(value, instance->doubt);
        return status;
    }
    if (instance->dict != NULL)
        instance->dict->of = NULL;
    instance->names = (cvyi_py_names){ 0 };
    instance->dict = value->map;
    value->map->of = instance;
    for (int i = 0; i < value->map->n; i++)
        CVYI_TRY(cvyi_py_names_set(eval, &instance->names,
                                   value->map->keys[i].text,
                                   &value->map->values[i], err));
    return CVY_OK;
}
