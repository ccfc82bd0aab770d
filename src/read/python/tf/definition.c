/*
 * read/python/tf/definition.c - functions, methods and classes as the network:
 * what --entry names is called with what --input and --set say.
 */
#include "read/python/tf/entry.h"

#include <string.h>

/* ---- functions and classes ---- */

enum { MOST_PARAMETERS = 64 };

/* { "images": … } of --input features.images=?x784; *given false: no input is
 * called so. */
static cvy_status dict_argument(cvyi_py_value *out, bool *given,
                                cvyi_py_eval *eval, const char *name,
                                cvy_error *err)
{
    const cvyi_source_request *const r = cvyi_tf_of(eval)->source->request;
    const size_t n = strlen(name);

    *given = false;
    for (int i = 0; i < r->n_inputs; i++) {
        const char *const input = r->inputs[i].name;
        cvyi_py_value key, value;

        if (strncmp(input, name, n) != 0 || input[n] != '.')
            continue;
        if (!*given)
            CVYI_TRY(cvyi_py_make_dict(out, eval, err));
        *given = true;
        CVYI_TRY(cvyi_py_make_text(&key, eval, input + n + 1,
                                   strlen(input + n + 1), err));
        CVYI_TRY(cvyi_tf_fresh_input(&value, eval, input, err));
        CVYI_TRY(cvyi_py_dict_set(eval, out, &key, &value, err));
    }
    return CVY_OK;
}

/* *given false: the parameter's own default holds, or it has none. */
static cvy_status argument(cvyi_py_value *out, bool *given, cvyi_py_eval *eval,
                           const cvyi_py_arg *parameter, cvy_error *err)
{
    const char *const name = parameter->name;

    *given = true;
    if (cvyi_tf_asked(cvyi_tf_of(eval), name) != NULL)
        return cvyi_tf_fresh_input(out, eval, name, err);
    CVYI_TRY(dict_argument(out, given, eval, name, err));
    return *given ? CVY_OK : cvyi_py_preset(out, given, eval, name, err);
}

static const cvyi_py_arg *parameter_at(const cvyi_py_args *all, int i)
{
    return i < all->n_positional ? &all->positional[i]
                                 : &all->keyword_only[i - all->n_positional];
}

/* Everything that is missing, in one line. */
static cvy_status need(cvyi_py_eval *eval, const char *entry,
                       const char *missing, cvy_error *err)
{
    return cvyi_py_refuse(eval, err,
                          "%s needs %s: say a tensor's shape with --input "
                          "NAME=?x32x32x3, anything else with --set "
                          "NAME=VALUE",
                          entry, missing);
}

static bool is_parameter(const cvyi_py_args *all, const char *name, size_t n)
{
    for (int i = 0; i < all->n_positional + all->n_keyword_only; i++)
        if (strncmp(parameter_at(all, i)->name, name, n) == 0 &&
            parameter_at(all, i)->name[n] == '\0')
            return true;
    return false;
}

/* def net(**options) takes every --set that no parameter takes. */
static cvy_status add_more(const char **keys, cvyi_py_value *values, int *n,
                           cvyi_py_eval *eval, const cvyi_py_args *all,
                           cvy_error *err)
{
    const cvyi_source_request *const r = cvyi_tf_of(eval)->source->request;
    bool found;

    for (int i = 0; r != NULL && i < r->n_sets && *n < MOST_PARAMETERS; i++) {
        const size_t size = strcspn(r->sets[i], "=");

        if (is_parameter(all, r->sets[i], size))
            continue;
        keys[*n] = cvyi_arena_text(cvyi_py_arena(eval), r->sets[i], size);
        if (keys[*n] == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(cvyi_py_preset(&values[*n], &found, eval, keys[*n], err));
        ++*n;
    }
    return CVY_OK;
}

/* A decorator's def inner(*args, **kwargs) takes the tensors by their places:
 * those of --input that no parameter is called after, in order. */
static cvy_status add_rest(cvyi_py_value *values, int *n, cvyi_py_eval *eval,
                           const cvyi_py_args *all, cvy_error *err)
{
    const cvyi_source_request *const r = cvyi_tf_of(eval)->source->request;

    for (int i = 0; r != NULL && i < r->n_inputs && *n < MOST_PARAMETERS;
         i++) {
        const char *const name = r->inputs[i].name;

        if (!is_parameter(all, name, strlen(name)))
            CVYI_TRY(cvyi_tf_fresh_input(&values[(*n)++], eval, name, err));
    }
    return CVY_OK;
}

/* What a function gives for inputs that are named with --input. */
static cvy_status call_entry(cvyi_py_value *value, cvyi_py_eval *eval,
                             const char *entry, cvy_error *err)
{
    const char *keys[MOST_PARAMETERS];
    const char *missing = "";
    cvyi_py_value values[MOST_PARAMETERS], places[MOST_PARAMETERS];
    int skip, n = 0, n_places = 0;
    const cvyi_py_args *const all = cvyi_py_parameters(&skip, value);

    if (all == NULL)
        return CVY_OK;
    if (all->n_positional_only > skip ||
        all->n_positional + all->n_keyword_only > MOST_PARAMETERS)
        return cvyi_py_refuse(eval, err, "%s cannot be called by names",
                              entry);
    for (int i = skip; i < all->n_positional + all->n_keyword_only; i++) {
        const cvyi_py_arg *const parameter = parameter_at(all, i);
        bool given;

        CVYI_TRY(argument(&values[n], &given, eval, parameter, err));
        keys[n] = parameter->name;
        n += given;
        if (!given && parameter->fallback == NULL)
            missing = cvyi_arena_printf(cvyi_py_arena(eval), "%s%s%s", missing,
                                        *missing != '\0' ? ", " : "",
                                        parameter->name);
        if (missing == NULL)
            return cvyi_no_memory(err);
    }
    if (*missing != '\0')
        return need(eval, entry, missing, err);
    if (all->more != NULL)
        CVYI_TRY(add_more(keys, values, &n, eval, all, err));
    if (all->rest != NULL)
        CVYI_TRY(add_rest(places, &n_places, eval, all, err));

    const cvyi_py_call_args args = { .n = n_places,
                                     .values = places,
                                     .n_keywords = n,
                                     .keywords = keys,
                                     .keyword_values = values };

    return cvyi_py_eval_call(value, eval, value, &args, err);
}

/* ---- what is asked for ---- */

static cvy_status not_there(cvyi_py_eval *eval, const char *entry,
                            cvy_error *err)
{
    return cvyi_py_refuse(eval, err,
                          "the script has nothing that is called %.80s "
                          "(--entry)",
                          entry);
}

static bool takes_self(const cvyi_py_value *function)
{
    int skip;
    const cvyi_py_args *const all = cvyi_py_parameters(&skip, function);

    return all != NULL && skip == 0 && all->n_positional > 0 &&
           strcmp(all->positional[0].name, "self") == 0;
}

/* A method is asked for of a class: of an instance that is made for it. */
static cvy_status get_part(cvyi_py_value *value, cvyi_py_eval *eval,
                           const char *name, cvy_error *err)
{
    const cvyi_py_value owner = *value;

    CVYI_TRY(cvyi_py_eval_get(value, eval, &owner, name, err));
    if (owner.type != CVYI_PY_V_CLASS || value->type != CVYI_PY_V_FUNCTION ||
        !takes_self(value))
        return CVY_OK;
    *value = owner;
    CVYI_TRY(call_entry(value, eval, owner.class_->name, err));
    return cvyi_py_eval_get(value, eval, value, name, err);
}

/* "model.logits": a name of the file, then attributes. */
static cvy_status find_named(cvyi_py_value *out, cvyi_py_eval *eval,
                             const cvyi_py_module *file, const char *entry,
                             cvy_error *err)
{
    cvyi_arena *const arena = cvyi_py_arena(eval);
    const size_t n = strcspn(entry, ".");
    const char *at = entry + n;
    const char *const first = cvyi_arena_text(arena, entry, n);
    const cvyi_py_value *found =
        first != NULL ? cvyi_py_names_get(&file->names, first) : NULL;
    cvyi_py_value value;

    if (first == NULL)
        return cvyi_no_memory(err);
    if (found == NULL) /* a name of main() */
        found = cvyi_py_names_get(&cvyi_tf_of(eval)->inner, first);
    if (found == NULL)
        return not_there(eval, entry, err);
    for (value = *found; *at == '.';) {
        const size_t m = strcspn(at + 1, ".");
        const char *const name = cvyi_arena_text(arena, at + 1, m);

        if (name == NULL)
            return cvyi_no_memory(err);
        CVYI_TRY(get_part(&value, eval, name, err));
        at += m + 1;
    }
    *out = value;
    return CVY_OK;
}

/* A tensor, or one inside; what is lost might be one. */
static bool is_output(const cvyi_tf_host *host, const cvyi_py_value *value,
                      int depth)
{
    const bool list =
        value->type == CVYI_PY_V_LIST || value->type == CVYI_PY_V_TUPLE;

    if (cvyi_tf_result(value) >= 0 || cvyi_tf_keras_of(value) != NULL ||
        cvyi_tf_lost_at(host, value) >= 0)
        return true;
    for (int i = 0; list && depth < 4 && i < value->seq->n; i++)
        if (is_output(host, &value->seq->items[i], depth + 1))
            return true;
    for (int i = 0;
         value->type == CVYI_PY_V_DICT && depth < 4 && i < value->map->n; i++)
        if (is_output(host, &value->map->values[i], depth + 1))
            return true;
    return false;
}

/* return net, variables, None: what is no tensor is left out. */
static cvy_status keep_tensors(cvyi_py_value *out, cvyi_py_eval *eval,
                               const char *entry, cvy_error *err)
{
    const cvyi_py_seq *const all =
        out->type == CVYI_PY_V_TUPLE ? out->seq : NULL;
    cvyi_py_value kept[MOST_PARAMETERS];
    bool told = true;
    int n = 0;

    if (all == NULL || all->n > MOST_PARAMETERS)
        return CVY_OK;
    for (int i = 0; i < all->n; i++) {
        if (is_output(cvyi_tf_of(eval), &all->items[i], 0))
            kept[n++] = all->items[i];
        else
            told = told && all->items[i].type == CVYI_PY_V_NONE;
    }
    if (n == all->n || n == 0)
        return CVY_OK;
    if (!told)
        CVYI_TRY(cvyi_tf_remark(eval, err,
                                "of what %s returns, %d of %d are no tensors "
                                "of the network, and left out",
                                entry, all->n - n, all->n));
    if (n == 1) {
        *out = kept[0];
        return CVY_OK;
    }
    return cvyi_py_make_seq(out, eval, CVYI_PY_V_TUPLE, kept, n, err);
}

cvy_status cvyi_tf_asked_entry(cvyi_py_value *out, cvyi_py_eval *eval,
                               const cvyi_py_module *file, const char *entry,
                               cvy_error *err)
{
    CVYI_TRY(find_named(out, eval, file, entry, err));
    CVYI_TRY(call_entry(out, eval, entry, err));
    return keep_tensors(out, eval, entry, err);
}

/* ---- files of definitions ---- */

bool cvyi_tf_is_own(const cvyi_tf_host *host, const cvyi_py_value *value)
{
    const bool definition =
        value->type == CVYI_PY_V_FUNCTION || value->type == CVYI_PY_V_CLASS;
    int line;

    return definition &&
           strcmp(cvyi_py_defined(&line, value), host->file) == 0;
}

static bool is_said(const cvyi_source_request *r, const char *name)
{
    const size_t n = strlen(name);

    for (int i = 0; i < r->n_sets; i++)
        if (strncmp(r->sets[i], name, n) == 0 && r->sets[i][n] == '=')
            return true;
    return false;
}

/* Does the command line say all that it needs, a tensor among it? */
static bool can_be_called(const cvyi_tf_host *host, const cvyi_py_value *value)
{
    const cvyi_source_request *const r = host->source->request;
    int skip, tensors = 0;
    const cvyi_py_args *const all = cvyi_py_parameters(&skip, value);

    if (all == NULL || r == NULL || all->n_positional_only > skip)
        return false;
    for (int i = skip; i < all->n_positional + all->n_keyword_only; i++) {
        const cvyi_py_arg *const parameter = parameter_at(all, i);
        const bool tensor = cvyi_tf_asked(host, parameter->name) != NULL;

        if (!tensor && parameter->fallback == NULL &&
            !is_said(r, parameter->name))
            return false;
        tensors += tensor;
    }
    return tensors > 0;
}

const char *cvyi_tf_implied(const cvyi_tf_host *host,
                            const cvyi_py_module *file)
{
    for (int i = file->names.n - 1; i >= 0; i--)
        if (cvyi_tf_is_own(host, &file->names.values[i]) &&
            can_be_called(host, &file->names.values[i]))
            return file->names.names[i];
    return NULL;
}

/* Classes, or functions, in the order of the file: the last few. */
static void list_definitions(cvyi_text *out, const cvyi_tf_host *host,
                             const cvyi_py_module *file, cvyi_py_type type)
{
    enum { MOST = 6 };
    int first = file->names.n;

    for (int i = first - 1, n = 0; i >= 0 && n < MOST; i--)
        if (file->names.values[i].type == type &&
            cvyi_tf_is_own(host, &file->names.values[i])) {
            first = i;
            n++;
        }
    for (int i = first; i < file->names.n; i++)
        if (file->names.values[i].type == type &&
            cvyi_tf_is_own(host, &file->names.values[i]))
            cvyi_text_printf(out, "%s%s", out->size > 0 ? ", " : "",
                             file->names.names[i]);
}

/* A file that makes nothing by itself. *any false: it defines nothing. */
cvy_status cvyi_tf_offer(cvyi_py_eval *eval, const cvyi_py_module *file,
                         bool *any, cvy_error *err)
{
    cvyi_text text = { 0 };
    cvy_status status;

    list_definitions(&text, cvyi_tf_of(eval), file, CVYI_PY_V_CLASS);
    if (text.size == 0)
        list_definitions(&text, cvyi_tf_of(eval), file, CVYI_PY_V_FUNCTION);
    *any = text.size > 0;
    status = cvyi_text_status(&text, err);
    if (status == CVY_OK && *any)
        status = cvyi_py_refuse(
            eval, err,
            "the file makes no network of its own, it defines %s: name one, or "
            "a method, with --entry, its tensors' shapes with --input "
            "NAME=?x32x32x3 and other values with --set NAME=VALUE",
            cvyi_text_c(&text));
    cvyi_text_close(&text);
    return status;
}
