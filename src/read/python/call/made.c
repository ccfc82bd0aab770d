/* read/python/call/made.c - calls as they are made, and what they are on. */
#include "read/python/call/host.h"

#include <ctype.h>
#include <string.h>

static const char ONE_BY_ONE[] = "explain each call by itself";

/* ---- arguments ---- */

static cvy_status keep_args(cvyi_call_made *made, cvyi_py_eval *eval,
                            const cvyi_py_value *self,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_arena *const arena = cvyi_call_host_of(eval)->arena;
    const int n = args->n + (self != NULL);
    const size_t all = (size_t)n + (size_t)args->n_keywords + 1;
    cvyi_value *const values = cvyi_arena_alloc(arena, all, sizeof *values);
    const cvyi_value **const positional =
        cvyi_arena_alloc(arena, all, sizeof *positional);
    const char **const keys = cvyi_arena_alloc(arena, all, sizeof *keys);

    if (values == NULL || positional == NULL || keys == NULL)
        return cvyi_no_memory(err);
    for (int i = 0; i < n; i++) {
        const cvyi_py_value *const value =
            self == NULL ? &args->values[i]
                         : (i == 0 ? self : &args->values[i - 1]);

        CVYI_TRY(cvyi_call_value(&values[i], eval, "", value, err));
        positional[i] = &values[i];
    }
    for (int i = 0; i < args->n_keywords; i++) {
        keys[i] = cvyi_arena_text(arena, args->keywords[i],
                                  strlen(args->keywords[i]));
        if (keys[i] == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(cvyi_call_value(&values[n + i], eval, keys[i],
                                 &args->keyword_values[i], err));
    }
    values[all - 1] = (cvyi_value){ .kind = CVYI_DICT,
                                    .n = args->n_keywords,
                                    .items = values + n,
                                    .keys = keys };
    made->n_positional = n;
    made->positional = positional;
    made->keywords = &values[all - 1];
    return CVY_OK;
}

/* ---- objects of Keras ---- */

static cvy_status make_object(cvyi_py_value *out, bool *known,
                              cvyi_py_eval *eval, const cvyi_call_made *made,
                              cvy_error *err)
{
    const cvyi_call_host *const host = cvyi_call_host_of(eval);
    cvyi_value *const value = cvyi_arena_alloc(host->arena, 1, sizeof *value);
    cvy_error local = { 0 };
    cvy_status status;

    if (value == NULL)
        return cvyi_no_memory(err);
    status = cvyi_call_object(value, known, host->arena, &made->name,
                              host->old ? "tf1" : host->from, made->positional,
                              made->n_positional, made->keywords, &local);
    if (status == CVY_UNSUPPORTED)
        return cvyi_call_stop(eval, err, CVYI_ILLEGAL_IN_SOURCE, local.where,
                              "correct this argument in the source", "%s: %s",
                              made->name.dotted, local.text);
    if (status != CVY_OK)
        return cvyi_no_memory(err);
    *out = cvyi_py_host_value(&cvyi_call_object_type, value);
    return CVY_OK;
}

const cvyi_py_host_type cvyi_call_object_type = {
    .name = "an object of Keras",
};

cvy_status cvyi_call_make(cvyi_py_value *out, cvyi_py_eval *eval,
                          const cvyi_call_name *name, bool bare,
                          const cvyi_py_value *self,
                          const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_call_made *const made =
        cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *made);
    bool known = false;

    if (made == NULL)
        return cvyi_no_memory(err);
    *made = (cvyi_call_made){ .name = *name, .bare = bare };
    made->is_class =
        isupper((unsigned char)*cvyi_call_last(name->dotted)) != 0;
    CVYI_TRY(keep_args(made, eval, self, args, err));
    if (!bare)
        CVYI_TRY(make_object(out, &known, eval, made, err));
    if (!known)
        *out = cvyi_py_host_value(&cvyi_call_made_type, made);
    return CVY_OK;
}

/* ---- a layer on tensors ---- */

static bool is_tensors(const cvyi_value *value)
{
    if (value->kind != CVYI_LIST)
        return value->kind == CVYI_TENSOR;
    for (int i = 0; i < value->n; i++)
        if (value->items[i].kind != CVYI_TENSOR)
            return false;
    return value->n > 0;
}

/* What does not change what a layer computes here. */
static bool is_mode(const char *keyword, const cvyi_py_value *value)
{
    return (strcmp(keyword, "training") == 0 &&
            (value->type == CVYI_PY_V_BOOL ||
             value->type == CVYI_PY_V_NONE)) ||
           (strcmp(keyword, "mask") == 0 && value->type == CVYI_PY_V_NONE);
}

static cvy_status apply_one(int *n, cvyi_py_eval *eval, const char *dotted,
                            const cvyi_py_value *value, cvy_error *err)
{
    cvyi_value operand;

    CVYI_TRY(cvyi_call_value(&operand, eval, "", value, err));
    if (!is_tensors(&operand))
        return cvyi_call_stop(eval, err, CVYI_NOT_SUPPORTED, "",
                              "name the tensor: x", "%s is called on %s",
                              dotted, cvyi_py_describe(eval, value));
    ++*n;
    return CVY_OK;
}

/* A layer on the value of another call: that one is to be given by itself. */
static cvy_status refuse_nested(cvyi_py_eval *eval,
                                const cvyi_py_call_args *args, cvy_error *err)
{
    cvyi_value operand;

    for (int i = 0; i < args->n; i++)
        if (args->values[i].type == CVYI_PY_V_HOST &&
            args->values[i].host.type == &cvyi_call_made_type)
            CVYI_TRY(
                cvyi_call_value(&operand, eval, "", &args->values[i], err));
    return CVY_OK;
}

static cvy_status made_call(cvyi_py_value *out, cvyi_py_eval *eval,
                            const cvyi_py_value *self,
                            const cvyi_py_call_args *args, cvy_error *err)
{
    const cvyi_call_made *const made = self->host.data;
    const char *const dotted = made->name.dotted;
    cvyi_call_made *const applied =
        cvyi_arena_alloc(cvyi_py_arena(eval), 1, sizeof *applied);
    int n = 0;

    if (applied == NULL)
        return cvyi_no_memory(err);
    if (!made->is_class || made->applied)
        return cvyi_call_stop(eval, err, CVYI_NOT_SUPPORTED, "", ONE_BY_ONE,
                              "what %s gives is called", dotted);
    CVYI_TRY(refuse_nested(eval, args, err));
    if (cvyi_call_host_of(eval)->n_tensors > 0)
        return cvyi_call_stop(eval, err, CVYI_NOT_SUPPORTED, "",
                              "write its value in its place",
                              "%s is made of a name whose value is not known",
                              dotted);
    for (int i = 0; i < args->n; i++)
        CVYI_TRY(apply_one(&n, eval, dotted, &args->values[i], err));
    for (int i = 0; i < args->n_keywords; i++) {
        const char *const keyword = args->keywords[i];

        if (is_mode(keyword, &args->keyword_values[i]))
            continue;
        if (strcmp(keyword, "input") != 0 && strcmp(keyword, "inputs") != 0)
            return cvyi_call_stop(eval, err, CVYI_NOT_SUPPORTED, "",
                                  "leave it out", "%s is called with %s",
                                  dotted, keyword);
        CVYI_TRY(apply_one(&n, eval, dotted, &args->keyword_values[i], err));
    }
    if (n == 0)
        return cvyi_call_stop(eval, err, CVYI_ILLEGAL_IN_SOURCE, "",
                              "name the tensor: x", "%s is called on nothing",
                              dotted);
    *applied = *made;
    applied->applied = true;
    *out = cvyi_py_host_value(&cvyi_call_made_type, applied);
    return CVY_OK;
}

/* ---- methods that give the layer back ---- */

static cvy_status method_call(cvyi_py_value *out, cvyi_py_eval *eval,
                              const cvyi_py_value *self,
                              const cvyi_py_call_args *args, cvy_error *err)
{
    (void)eval;
    (void)args;
    (void)err;
    *out = cvyi_py_host_value(&cvyi_call_made_type, self->host.data);
    return CVY_OK;
}

static const cvyi_py_host_type method_type = {
    .name = "a method of a layer",
    .call = method_call,
};

static cvy_status made_get(cvyi_py_value *out, cvyi_py_eval *eval,
                           const cvyi_py_value *self, const char *name,
                           cvy_error *err)
{
    static const char *const same[] = { "eval", "train", "cuda", "cpu" };
    const cvyi_call_made *const made = self->host.data;

    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (strcmp(same[i], name) == 0 && made->is_class && !made->applied) {
            *out = cvyi_py_host_value(&method_type, self->host.data);
            return CVY_OK;
        }
    return cvyi_call_stop(eval, err, CVYI_NOT_SUPPORTED, "", ONE_BY_ONE,
                          "%s of what %s gives is not followed", name,
                          made->name.dotted);
}

const cvyi_py_host_type cvyi_call_made_type = {
    .name = "the value of a call",
    .get = made_get,
    .call = made_call,
};
