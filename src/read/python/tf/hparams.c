/*
 * read/python/tf/hparams.c - tf.contrib.training.HParams: a class whose
 * attributes are what it is made with.
 */
#include "read/python/tf/host.h"

#include "pysrc/eval_parts.h"

static cvy_status set_all(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_call_args *const args = given->args;

    for (int i = 0; i < args->n_keywords; i++)
        CVYI_TRY(cvyi_py_set_attr(eval, given->self, args->keywords[i],
                                  &args->keyword_values[i], err));
    *out = cvyi_py_none();
    return CVY_OK;
}

static cvy_status values(cvyi_py_value *out, cvyi_py_eval *eval,
                         const cvyi_py_given *given, cvy_error *err)
{
    cvyi_py_value dict;
    const cvyi_py_value *key, *value;

    CVYI_TRY(cvyi_py_eval_get(&dict, eval, given->self, "__dict__", err));
    CVYI_TRY(cvyi_py_make_dict(out, eval, err));
    for (int i = 0; dict.type == CVYI_PY_V_DICT && i < dict.map->n; i++) {
        key = &dict.map->keys[i];
        value = &dict.map->values[i];
        CVYI_TRY(cvyi_py_dict_set(eval, out, key, value, err));
    }
    if (dict.type != CVYI_PY_V_DICT)
        *out = dict;
    return CVY_OK;
}

static cvy_status set_one(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    const char *name;

    CVYI_TRY(cvyi_py_need_text(&name, eval, given->at[0], "a name", err));
    *out = cvyi_py_none();
    return cvyi_py_set_attr(eval, given->self, name, given->at[1], err);
}

static cvy_status get_one(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_py_given *given, cvy_error *err)
{
    const char *name;
    bool found;

    CVYI_TRY(cvyi_py_need_text(&name, eval, given->at[0], "a name", err));
    CVYI_TRY(cvyi_py_try_get(out, &found, eval, given->self, name, err));
    if (!found)
        *out = given->at[1] != NULL ? *given->at[1] : cvyi_py_none();
    return CVY_OK;
}

static cvy_status contains(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_given *given, cvy_error *err)
{
    const char *name;

    CVYI_TRY(cvyi_py_need_text(&name, eval, given->at[0], "a name", err));
    if (given->self->instance->doubt != NULL)
        return cvyi_py_refuse_cause(eval, given->self->instance->doubt, err);
    *out = cvyi_py_bool(cvyi_py_instance_has(given->self->instance, name));
    return CVY_OK;
}

static cvy_status from_dict(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_given *given, cvy_error *err)
{
    const cvyi_py_value *const dict = given->at[0];
    const char *name;

    *out = *given->self;
    for (int i = 0; dict->type == CVYI_PY_V_DICT && i < dict->map->n; i++) {
        CVYI_TRY(cvyi_py_need_text(&name, eval, &dict->map->keys[i], "a name",
                                   err));
        CVYI_TRY(cvyi_py_set_attr(eval, given->self, name,
                                  &dict->map->values[i], err));
    }
    return dict->type == CVYI_PY_V_DICT
               ? CVY_OK
               : cvyi_py_refuse(eval, err, "hyperparameters from %s",
                                cvyi_py_describe(eval, dict));
}

/* ---- 'depth=3,name=deep' ---- */

/* A text as the type that the parameter has. */
static cvy_status typed(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_value *now, const char *text,
                        cvy_error *err)
{
    const char *const type = now->type == CVYI_PY_V_INT     ? "int"
                             : now->type == CVYI_PY_V_FLOAT ? "float"
                             : now->type == CVYI_PY_V_TEXT  ? "str"
                                                            : NULL;
    const cvyi_py_value value = cvyi_py_text_value(text);
    const bool yes = strcmp(text, "true") == 0 || strcmp(text, "True") == 0 ||
                     strcmp(text, "1") == 0;

    if (now->type == CVYI_PY_V_BOOL) {
        *out = cvyi_py_bool(yes);
        return CVY_OK;
    }
    if (type == NULL || strpbrk(text, "[](){}'\"") != NULL)
        return cvyi_py_refuse(eval, err,
                              "the hyperparameter %.60s is not read", text);
    return cvyi_py_call_plain(out, eval, cvyi_py_eval_builtin(eval, type),
                              &value, NULL, err);
}

static cvy_status parse_pair(cvyi_py_eval *eval, const cvyi_py_value *self,
                             const char *pair, size_t size, cvy_error *err)
{
    cvyi_arena *const arena = cvyi_py_arena(eval);
    const size_t n = strcspn(pair, "=");
    const size_t blanks = strspn(pair, " ");
    const char *const name =
        n < size && n > blanks
            ? cvyi_arena_text(arena, pair + blanks, n - blanks)
            : NULL;
    const char *const text =
        name != NULL ? cvyi_arena_text(arena, pair + n + 1, size - n - 1)
                     : NULL;
    cvyi_py_value now, made;

    if (text == NULL)
        return cvyi_py_refuse(eval, err, "hyperparameters %.60s", pair);
    CVYI_TRY(cvyi_py_eval_get(&now, eval, self, name, err));
    CVYI_TRY(typed(&made, eval, &now, text, err));
    return cvyi_py_set_attr(eval, self, name, &made, err);
}

static cvy_status parse_all(cvyi_py_eval *eval, const cvyi_py_given *given,
                            cvy_error *err)
{
    const char *text;

    if (given->at[0]->type == CVYI_PY_V_NONE)
        return CVY_OK;
    CVYI_TRY(cvyi_py_need_text(&text, eval, given->at[0], "a text", err));
    while (*text != '\0') {
        const size_t n = strcspn(text, ",");

        if (n > strspn(text, " "))
            CVYI_TRY(parse_pair(eval, given->self, text, n, err));
        text += n + (text[n] == ',');
    }
    return CVY_OK;
}

/* What it would have set is not known after it failed. */
static cvy_status parse(cvyi_py_value *out, cvyi_py_eval *eval,
                        const cvyi_py_given *given, cvy_error *err)
{
    const cvy_status status = parse_all(eval, given, err);
    cvy_error ignored = { 0 };
    const cvyi_py_cause *cause;
    cvyi_py_value dict;

    *out = *given->self;
    if (status != CVY_UNSUPPORTED)
        return status;
    if (cvyi_py_eval_get(&dict, eval, given->self, "__dict__", &ignored) ==
            CVY_OK &&
        dict.type == CVYI_PY_V_DICT) {
        CVYI_TRY(cvyi_py_make_cause(&cause, eval, err,
                                    "hyperparameters that are not read"));
        cvyi_py_mark(&dict, cause);
        return cvyi_py_refuse_cause(eval, cause, err);
    }
    return status;
}

/* ---- the class ---- */

#define METHOD(called, text, function)                                     \
    {                                                                      \
        .name = called, .signature = text, .run = function, .keeps = true, \
        .is_method = true, .type = CVYI_PY_V_INSTANCE                      \
    }

cvy_status cvyi_tf_hparams(cvyi_py_value *out, cvyi_py_eval *eval,
                           cvy_error *err)
{
    static const cvyi_py_builtin methods[] = {
        METHOD("__init__", "**", set_all),
        METHOD("values", "", values),
        METHOD("set_hparam", "name value", set_one),
        METHOD("add_hparam", "name value", set_one),
        METHOD("get", "key default?", get_one),
        METHOD("__contains__", "key", contains),
        METHOD("override_from_dict", "values_dict", from_dict),
        METHOD("parse", "values", parse),
    };
    cvyi_tf_host *const host = cvyi_tf_of(eval);
    cvyi_py_class *class_;

    if (host->hparams.type != CVYI_PY_V_NONE) {
        *out = host->hparams;
        return CVY_OK;
    }
    CVYI_PY_NEW(class_, eval, 1, err);
    class_->name = "HParams";
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        const cvyi_py_value method = cvyi_py_builtin_value(&methods[i]);

        CVYI_TRY(cvyi_py_names_set(eval, &class_->names, methods[i].name,
                                   &method, err));
    }
    CVYI_TRY(cvyi_py_class_order(eval, class_, err));
    host->hparams = cvyi_py_class_value(class_);
    *out = host->hparams;
    return CVY_OK;
}
